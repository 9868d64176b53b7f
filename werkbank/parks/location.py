"""Whether a park lies where the register says: by the map, by place names, by its phases, by its neighbours.

Each of these only makes a doubt: a warning that names the other municipality and why. What the map confirms is not
doubted any further.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from werkbank.errors import Finding
from werkbank.parks.assigning import sample
from werkbank.parks.geometry import Floats, metres_per_degree
from werkbank.parks.municipalities import UNKNOWN, Municipalities, named_rows
from werkbank.parks.names import GENERIC, base_name, phases
from werkbank.parks.records import Record, Where
from werkbank.parks.values import words
from werkbank.wording import count, did_you_mean, listing, number

__all__ = ["Places", "location_findings", "nearby_places"]

PLACE_FILES = ("places.geojson", "places.csv")
Places = Mapping[tuple[str, ...], frozenset[str]]
"""The words of a place name → the municipalities that have a place of that name."""

BORDER_METRES = 500.0
"""Public borders are simplified: this close to its own municipality a park is not called outside it."""
_LONE_METRES = 10_000.0
_LONE_TIMES = 3.0
_SHORTEST_PLACE = 4


@dataclass(frozen=True, slots=True)
class _Doubt:
    """The municipality a park may belong to, and why."""

    municipality: str
    why: str


def nearby_places(register: Path, municipalities: Municipalities, findings: list[Finding]) -> Places:
    """Place names with the municipality they lie in, from `places.geojson` or `places.csv` beside the register.

    Any list with a name and a municipality code will do, such as the neighbourhoods of the CBS.
    """
    path = next((path for name in PLACE_FILES if (path := register.parent / name).is_file()), None)
    found: dict[tuple[str, ...], set[str]] = {}
    for code, name, _, _ in named_rows(path, findings) if path else ():
        own = municipalities.by_code.get(code)
        key = tuple(word for word in words(base_name(name)) if word not in GENERIC)
        if sum(map(len, key)) >= _SHORTEST_PLACE:
            found.setdefault(key, set()).add(own.slug if own else code.lower())
    return {key: frozenset(slugs) for key, slugs in found.items()}


def location_findings(
    records: Sequence[Record], municipalities: Municipalities, places: Places | None = None
) -> Iterator[Finding]:
    """A warning for every park that may belong to another municipality, and for municipalities nobody knows."""
    yield from _not_ours(records, municipalities)
    lone = _lone(records)
    siblings = _siblings(records)
    towns = _town_names(records, municipalities)
    for record in records:
        if record.municipality == UNKNOWN:
            continue
        confirmed, doubt = _by_map(record, municipalities)
        if confirmed:
            continue
        doubts = (
            doubt,
            _by_words(record, places or {}, "daar is een plek “{}”"),
            _by_words(record, towns, "de naam noemt “{}”"),
            _by_phases(record, siblings),
            lone.get(record.park_id),
        )
        if first := next((one for one in doubts if one), None):
            there, here = municipalities.name(first.municipality), municipalities.name(record.municipality)
            found = f"staat bij {here}, maar hoort mogelijk bij {there}: {first.why}"
            remedy = "zoek het terrein op de kaart en verbeter de gemeente"
            yield record.finding("other-municipality", found, "de gemeente waarin het terrein ligt", remedy)


def _not_ours(records: Sequence[Record], municipalities: Municipalities) -> Iterator[Finding]:
    """Municipalities without a parameters file: no analysis can be made of them."""
    slugs = sorted(municipalities.ours)
    parks = Counter(record.municipality for record in records if record.municipality != UNKNOWN) if slugs else {}
    for name in sorted(set(parks) - municipalities.ours):
        found = f"van “{name}” is geen parametersbestand; daar liggen {count(parks[name], 'terrein', 'terreinen')}"
        remedy = did_you_mean(name, slugs) or "voeg parameters toe, of laat de terreinen weg"
        where = Where(records[0].where.file)
        yield where.finding("municipality-without-parameters", found, listing(slugs), remedy)


def _by_map(record: Record, municipalities: Municipalities) -> tuple[bool, _Doubt | None]:
    """Whether the map confirms the municipality, and else which it points to."""
    points, own = sample(record), municipalities.by_slug.get(record.municipality)
    if points is None or own is None or own.shape is None:
        return False, None
    around = municipalities.around(points)
    if around.get(own.slug, 0) >= 0.5 or own.shape.distance(points) <= BORDER_METRES:
        return True, None
    far = f"op de kaart ligt het er {number(own.shape.distance(points) / 1000, 1)} km buiten"
    other = next((slug for slug in around if slug != own.slug), None)
    return False, _Doubt(other, far) if other else None


def _by_words(record: Record, places: Places, why: str) -> _Doubt | None:
    """The one municipality whose places the name mentions; none when its own has such a place too."""
    spoken = words(record.name)
    stretches = (spoken[i:j] for i in range(len(spoken)) for j in range(i + 1, len(spoken) + 1))
    found = {stretch: places[stretch] for stretch in stretches if stretch in places}
    slugs = frozenset[str]().union(*found.values())
    if record.municipality in slugs or len(slugs) != 1:
        return None
    return _Doubt(next(iter(slugs)), why.format(max(map(" ".join, found), key=len)))


def _town_names(records: Iterable[Record], municipalities: Municipalities) -> Places:
    """The names of the municipalities of the register and of the district, as words."""
    slugs = {record.municipality for record in records} | municipalities.ours
    return {words(municipalities.name(slug)): frozenset({slug}) for slug in sorted(slugs)}


def _siblings(records: Iterable[Record]) -> Mapping[str, list[Record]]:
    """The parks that have a name in common but for the phase."""
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(base_name(record.name), []).append(record)
    return found


def _by_phases(record: Record, siblings: Mapping[str, list[Record]]) -> _Doubt | None:
    """The one other municipality that has every earlier phase of the park: III follows on I and II."""
    own = phases(record.name)
    others = [one for one in siblings[base_name(record.name)] if one.park_id != record.park_id]
    slugs = {one.municipality for one in others}
    earlier = {phase for one in others for phase in phases(one.name)}
    if not own or len(slugs) != 1 or record.municipality in slugs:
        return None
    follows = min(own) > 1 and set(range(1, min(own))) <= earlier
    return _Doubt(slugs.pop(), f"de eerdere fasen van “{record.name}” staan daar") if follows else None


def _lone(records: Sequence[Record]) -> dict[str, _Doubt]:
    """Parks far from every other of their municipality and close to one of another, in a plane around them all."""
    placed = [(record, spot) for record in records if (spot := record.spot) is not None]
    if len(placed) < 3:
        return {}
    points = np.array([spot for _, spot in placed])
    points = points * metres_per_degree(float(points[:, 1].mean()))
    slugs = np.array([record.municipality for record, _ in placed])
    found = {record.park_id: _stray(index, points, slugs) for index, (record, _) in enumerate(placed)}
    return {park_id: doubt for park_id, doubt in found.items() if doubt}


def _stray(index: int, points: Floats, slugs: np.ndarray[tuple[int], np.dtype[np.str_]]) -> _Doubt | None:
    distance = np.sqrt(((points - points[index]) ** 2).sum(axis=1))
    distance[index] = np.inf
    same = slugs == slugs[index]
    # One park elsewhere in the municipality says little; with two it has a middle of its own.
    if same.sum() < 3 or same.all():
        return None
    own, other = distance[same].min(), distance[~same].min()
    if own < _LONE_METRES or other * _LONE_TIMES > own:
        return None
    nearest = str(slugs[~same][int(np.argmin(distance[~same]))])
    return _Doubt(nearest, f"het ligt {number(own / 1000)} km van de andere terreinen van zijn gemeente")
