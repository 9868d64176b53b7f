"""Which business parks there are, and to which municipality each belongs: the district's own list, strictly read.

Judgements are collected under a park's code, so whatever makes a code uncertain is an error, with which the list is not
used; what touches a figure, a name or a place is a warning. An export of IBIS is read by `werkbank.parks.ibis`.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from werkbank.errors import Finding, RegisterError
from werkbank.matrix.cells import normalise
from werkbank.parks.geometry import Feature, Floats, NotGeoJsonError, Shape, features_of, united
from werkbank.parks.municipalities import SLUG, UNKNOWN, Municipalities, nearby_municipalities
from werkbank.parks.source import Table, Where, read_table, read_text
from werkbank.settings.workspace import EXAMPLE
from werkbank.wording import count, did_you_mean, listing, number

CODE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*(\.[A-Za-z0-9_-]+)*")
"""A park's code; it becomes the name of folders and files."""
COLUMNS: Final = ("park_id", "name", "municipality", "net_ha")
LARGEST_HA = 5_000.0
"""No Dutch business park is larger; the largest port areas stay below it."""
BORDER_METRES = 500.0
"""Public borders are simplified: this close to its own municipality a park is not called outside it."""
_TOO_DIFFERENT = 2.0
_BOUNDS = {"net_ha": (0.0, math.inf), "longitude": (-180.0, 180.0), "latitude": (-90.0, 90.0)}
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,15})?")
_SHOWN = 6


@dataclass(frozen=True, slots=True, eq=False)
class ParkRegister:
    """The parks of a list with their outlines, and every finding about it; immutable.

    `form` says in which shape it came (`own`, `map`, `ibis_service`, `ibis_table`, `ibis_shapes`); `shapes` holds an
    outline in degrees for as many parks as have one. With errors among the findings the parks are the rows without one.
    """

    file: str
    form: str
    findings: tuple[Finding, ...]
    shapes: Mapping[str, Shape] = field(repr=False)
    _parks: pd.DataFrame = field(repr=False)

    @property
    def parks(self) -> pd.DataFrame:
        """One row per park: park_id, name, municipality, net_ha, and what else the list tells; a copy."""
        return self._parks.copy()

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings with which the list may not be used."""
        return tuple(finding for finding in self.findings if finding.severity == "error")


def load_parks(path: Path | str) -> pd.DataFrame:
    """The parks as a frame with `park_id, name, municipality, net_ha` and what else the file holds.

    One row per park, in the file's order; `net_ha` in hectares, NaN where not given; codes stay text. The file may be
    in any format that `read_parks` knows. Raises RegisterError with every finding when there is an error among them.

    >>> parks = wb.load_parks("data/parks.csv")
    >>> parks.loc[parks["municipality"] == "urk", "name"].tolist()
    ['Zanglijster', 'Dodaars', 'Kuifeend', 'Duizendblad']
    """
    register = read_parks(path, checks=False)
    if register.errors:
        raise RegisterError(f"Het terreinenregister {register.file} klopt niet:", register.findings)
    return register.parks


def read_parks(path: Path | str, *, merge: bool = True, checks: bool = True) -> ParkRegister:
    """The parks with every finding about them; it raises RegisterError only for what cannot be read at all.

    Known are the own `parks.csv`, GeoJSON with `park_id, name, municipality, net_ha`, and IBIS (werkbank.parks.ibis).
    Where `parks.csv` is not there but `parks.geojson` is, that is the list. Beside it are looked for
    `municipalities.geojson` or `.csv`, `parks.geojson`, and for IBIS `park_mapping.csv` (unless `merge` is false).
    Without `checks` what takes time and can only give a warning is left out.

    >>> register = wb.read_parks("data/parks.csv")
    >>> len(register.parks), register.findings
    (77, ())
    """
    path = _present(Path(path))
    text = read_text(path)
    features: tuple[Feature, ...] = ()
    if path.suffix.lower() in {".geojson", ".json"} or text.content.lstrip().startswith("{"):
        try:
            features = features_of(text.content)
        except NotGeoJsonError as reason:
            broken = Where(path.name).finding("broken-geojson", found=reason)
            return ParkRegister(path.name, "map", (*text.findings, broken), MappingProxyType({}), _empty())
        # The properties of a map as a table; the line of a row is the number of its object.
        header = tuple(dict.fromkeys(name for one in features for name in one.properties))
        cells = ((one.number, tuple(one.properties.get(name, "") for name in header)) for one in features)
        table = Table(header, tuple(cells))
    else:
        table = read_table(text)
    from werkbank.parks import ibis  # noqa: PLC0415  only an export needs it, and it builds on what is here

    if (form := ibis.recognise(table.header)) is not None:
        return ibis.read(path, form, table, features, merge=merge)
    return _own(path, table, features, checks=checks)


def _present(path: Path) -> Path:
    """The file itself, or the map that lies there in its place."""
    if path.exists():
        return path
    if path.with_suffix(".geojson").is_file():
        return path.with_suffix(".geojson")
    raise RegisterError(
        f"Er is nog geen terreinenregister: {path.name} staat niet in de gegevensmap. "
        "Maak een voorbeeld met “werkbank demo”, of zet uw eigen bestand daar neer."
    )


def _empty() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="str") for column in COLUMNS})


def _own(path: Path, table: Table, features: Sequence[Feature], *, checks: bool) -> ParkRegister:
    form = "map" if features else "own"
    header, findings = list(table.header), list(table.findings)
    if not any(one.rule == "broken-csv" for one in findings):
        findings += header_findings(path.name, header)
    if any(one.severity == "error" for one in findings):
        return ParkRegister(path.name, form, tuple(findings), MappingProxyType({}), _empty())
    faults = [] if table.rows else [Where(path.name, 1).finding("empty-register")]
    kept: list[tuple[Where, Mapping[str, str]]] = []
    seen: dict[str, Where] = {}
    for line, cells in table.rows:
        where = Where(path.name, number=line) if features else Where(path.name, line)
        row = dict(zip(header, (*cells, *[""] * len(header)), strict=False))
        own = list(_row_faults(where, row, (len(cells), len(header)), seen))
        faults += own
        if not any(one.severity == "error" for one in own):
            kept.append((where, row))
    frame = pd.DataFrame([row for _, row in kept], columns=header, dtype="str")
    for column in _BOUNDS:
        if column in frame:
            frame[column] = pd.Series([_number(text) for text in frame[column]], dtype="float64")
    shapes = {one.properties["park_id"]: one.shape for one in features if one.shape and one.properties.get("park_id")}
    if checks and len(frame):
        shapes, told = (shapes, _outline_findings(path.name, features)) if features else outlines_beside(path)
        faults += [*told, *_unmatched(shapes, frame["park_id"])]
        municipalities = nearby_municipalities(path)
        faults += [*municipalities.findings, *_checks(kept, shapes, municipalities)]
    return ParkRegister(path.name, form, (*findings, *faults), MappingProxyType(shapes), frame)


def header_findings(file: str, header: Sequence[str], columns: Sequence[str] = COLUMNS) -> Iterator[Finding]:
    """The columns that are not in the head of a list, or more than once."""
    where = Where(file, 1)
    for column in columns:
        if column not in header:
            near = did_you_mean(column, header)
            yield where.finding("missing-column", near, column=column, columns=listing(columns))
    for column, times in Counter(header).items():
        if times > 1:
            yield where.finding("doubled-column", column=column)


def _row_faults(
    where: Where, row: Mapping[str, str], fields: tuple[int, int], seen: dict[str, Where]
) -> Iterator[Finding]:
    """The faults of one row, of which `fields` are the number it has and the number it should have."""
    if fields[0] != fields[1]:
        yield where.finding("extra-field", fields=fields[0], expected=fields[1])
        return
    yield from _text_faults(where, row)
    yield from _number_faults(where, row)
    # As the matrix reader compares codes: ALM-01 and alm-01 are one park there.
    first = seen.setdefault(normalise(row["park_id"]), where)
    if row["park_id"] and first is not where:
        before = f"op regel {first.line}" if first.line else f"bij object {first.number}"
        yield where.finding("doubled-park", park=row["park_id"], before=before)


def _text_faults(where: Where, row: Mapping[str, str]) -> Iterator[Finding]:
    for column in ("park_id", "name", "municipality"):
        if not row[column]:
            yield where.finding("empty-field", column=column)
    if normalise(row["park_id"]) == EXAMPLE:
        yield where.finding("example-park")
    elif row["park_id"] and not CODE.fullmatch(row["park_id"]):
        yield where.finding("wrong-code")
    if row["municipality"] and not SLUG.fullmatch(row["municipality"]):
        yield where.finding("wrong-municipality")


def _number_faults(where: Where, row: Mapping[str, str]) -> Iterator[Finding]:
    for column, (lowest, highest) in _BOUNDS.items():
        text = row.get(column, "")
        value = _number(text)
        if text and value is None:
            yield where.finding("not-a-number", column=column)
        elif value is not None and not lowest <= value <= highest:
            allowed = "0 of meer hectare" if column == "net_ha" else f"graden, van {lowest:g} tot {highest:g}"
            yield where.finding("number-outside", column=column, allowed=allowed)
        elif column == "net_ha" and value is not None and value > LARGEST_HA:
            yield where.finding("absurd-area", value=number(value), largest=number(LARGEST_HA))


def _number(text: str) -> float | None:
    """A number with decimal point or comma; None when it is none, or empty."""
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def outlines_beside(path: Path) -> tuple[dict[str, Shape], list[Finding]]:
    """The outlines in `parks.geojson` beside a list, by the code of the park, and what is wrong with them."""
    beside = path.with_name("parks.geojson")
    if not beside.is_file():
        return {}, []
    try:
        features = features_of(read_text(beside).content)
    except (NotGeoJsonError, RegisterError) as reason:
        return {}, [Where(beside.name).finding("broken-geojson/beside", found=reason)]
    parts: dict[str, list[Shape | None]] = {}
    for one in features:
        parts.setdefault(one.properties.get("park_id", ""), []).append(one.shape)
    shapes = {code: shape for code, own in parts.items() if code and (shape := united(own))}
    return shapes, [*_outline_findings(beside.name, features)]


def _outline_findings(file: str, features: Sequence[Feature]) -> list[Finding]:
    """What is wrong with outlines."""
    return [
        Where(file, number=one.number).finding(
            "invalid-outline", name=one.properties.get("name") or "zonder naam", fault=fault
        )
        for one in features
        for fault in one.faults
    ]


def _unmatched(shapes: Mapping[str, Shape], codes: Iterable[str]) -> Iterator[Finding]:
    """Outlines of parks that are not in the list, and how many parks have no outline."""
    known, where = set(codes), Where("parks.geojson")
    if strange := sorted(set(shapes) - known):
        yield where.finding("outline-of-unknown-park", codes=listing(strange[:_SHOWN]))
    if shapes and (without := sorted(known - set(shapes))):
        parks = count(len(without), "terrein", "terreinen")
        yield where.finding("no-outline", parks=parks, codes=listing(without[:_SHOWN]))


def _checks(
    kept: Sequence[tuple[Where, Mapping[str, str]]], shapes: Mapping[str, Shape], municipalities: Municipalities
) -> Iterator[Finding]:
    """What the list, its map and the parameters say of one another."""
    rows = [(Where(where.file, where.line, where.number, row["park_id"]), row) for where, row in kept]
    yield from _doubled_names(rows)
    yield from _not_ours(rows, municipalities)
    for where, row in rows:
        shape = shapes.get(row["park_id"])
        who = f"{row['name']} ({row['park_id']})"
        spot = _number(row.get("longitude", "")), _number(row.get("latitude", ""))
        points = shape.sample if shape is not None else np.array([spot], dtype="float64")
        if not np.isnan(points).any() and (doubt := _elsewhere(row["municipality"], points, municipalities)):
            yield where.finding("other-municipality", who=who, doubt=doubt)
        net = _number(row["net_ha"])
        if shape is not None and net and shape.hectares > 0:
            times = net / shape.hectares
            if not 1 / _TOO_DIFFERENT <= times <= _TOO_DIFFERENT:
                areas = {"net": number(net, 1), "drawn": number(shape.hectares, 1)}
                yield where.finding("area-differs-from-map", who=who, **areas)


def _doubled_names(rows: Sequence[tuple[Where, Mapping[str, str]]]) -> Iterator[Finding]:
    def named(one: tuple[Where, Mapping[str, str]]) -> tuple[str, str]:
        return one[1]["municipality"], normalise(one[1]["name"])

    for _, group in groupby(sorted(rows, key=named), key=named):
        (_, first), *more = group
        for where, row in more:
            yield where.finding("doubled-name", who=f"{row['name']} ({row['park_id']})", first=first["park_id"])


def _not_ours(rows: Sequence[tuple[Where, Mapping[str, str]]], municipalities: Municipalities) -> Iterator[Finding]:
    """Municipalities without a parameters file: no analysis can be made of them."""
    slugs = sorted(municipalities.ours)
    parks = Counter(row["municipality"] for _, row in rows if row["municipality"] != UNKNOWN) if slugs else Counter()
    for name in sorted(set(parks) - municipalities.ours):
        facts = {"name": name, "parks": count(parks[name], "terrein", "terreinen"), "known": listing(slugs)}
        yield Where(rows[0][0].file).finding("municipality-without-parameters", did_you_mean(name, slugs), **facts)


def _elsewhere(slug: str, points: Floats, municipalities: Municipalities) -> str:
    """In which other municipality a park lies by the map, in words; empty when the map does not say so."""
    own = municipalities.by_slug.get(slug)
    if own is None or own.shape is None:
        return ""
    around = municipalities.around(points)
    other = next((name for name in around if name != slug), None)
    if other is None or around.get(slug, 0) >= 0.5 or (metres := own.shape.distance(points)) <= BORDER_METRES:
        return ""
    return (
        f"staat bij {own.name}, maar hoort mogelijk bij {municipalities.name(other)}: "
        f"op de kaart ligt het er {number(metres / 1000, 1)} km buiten"
    )
