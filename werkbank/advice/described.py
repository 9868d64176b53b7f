"""Described parks: in which order a catalogue puts them, and at which class borders they keep their class.

The score of one structural suspicion falls with the length of the catalogue, so class borders belong to a catalogue.
The packaged one puts the described parks in the order and the classes that an analyst gives them (method.md 12).
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.advice.scorecard import combined_by, district_figures, means, structure
from werkbank.files.yaml import packaged
from werkbank.scoring import score_risk
from werkbank.scoring.ranking import LEVEL
from werkbank.scoring.tables import FloatArray
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Indicator
from werkbank.settings.method import BY_FAMILY, Method
from werkbank.wording import listing, points

_DESCRIBED = packaged(__file__, "described.yaml")
PARKS: dict[str, dict[str, Any]] = _DESCRIBED["parks"]
SITES: dict[str, dict[str, Any]] = _DESCRIBED["sites"]


def method_of(catalogue: Catalogue) -> Method:
    """The method as it is where parameters say nothing: what the families of a catalogue propose."""
    families = [family.model_dump() for family in catalogue.families]
    own = {choice: {each[code]: each[value] for each in families} for choice, (code, value) in BY_FAMILY.items()}
    return Method.model_validate({**Method().model_dump(), **own})


def described(catalogue: Catalogue, method: Method) -> dict[str, float]:
    """The score of every described park at every site; all its cells are known, so nothing of a district counts."""
    worst_first = sorted(catalogue.by_family(catalogue.required.id), key=lambda each: -(each.severity or 0))
    rows = {
        f"{park} {site}": (suspected, place["place"])
        for park, suspected in PARKS.items()
        for site, place in SITES.items()
    }
    parties = [party.id for party in catalogue.parties[:2]]
    said = {
        party: pd.DataFrame(
            {
                each.id: [_level(each, worst_first, *row, catalogue, upper=bool(number)) for row in rows.values()]
                for each in catalogue.indicators
            },
            index=list(rows),
            dtype=float,
        )
        for number, party in enumerate(parties)
    }
    everyone = [one.model_copy(update={"asked_of": ()}) for one in catalogue.indicators]
    combined = combined_by(said, catalogue.model_copy(update={"indicators": tuple(everyone)}), method)
    figures = district_figures(combined, catalogue, method)
    scores = score_risk(combined, structure(catalogue, method), mean=means(method), district=figures).total
    return {str(name): float(score) for name, score in scores.items()}


def _level(
    indicator: Indicator,
    threats: Sequence[Indicator],
    suspected: dict[str, Any],
    place: float,
    catalogue: Catalogue,
    *,
    upper: bool,
) -> int:
    """The level of one cell; where a site lies between two, one party says the upper and one the lower."""
    highest = catalogue.scale_of(indicator.id).highest
    if indicator in threats:
        level = 1 if suspected["level"] == "lowest" else catalogue.level(indicator.id, suspected["level"])
        return level if indicator in threats[: suspected["threats"]] else 0
    step = int(np.ceil(place * highest) if upper else np.floor(place * highest))
    return highest - step if catalogue.family_of(indicator.id).protective else step


def turned(scores: dict[str, float]) -> list[list[str]]:
    """The described pairs that come out the wrong way round."""
    return [pair for pair in _DESCRIBED["order"] if scores[pair[0]] <= scores[pair[1]] + LEVEL]


def told(catalogue: Catalogue, method: Method) -> list[str]:
    """What a catalogue does to the described parks: which pairs turn round, and which class borders suit it."""
    scores = described(catalogue, method)
    wrong, borders, pairs = turned(scores), proposed_borders(scores), len(_DESCRIBED["order"])
    lines = [f"Van de {pairs} beschreven paren staan er {pairs - len(wrong)} in de volgorde die een analist ze geeft."]
    lines += [f"  {_words(first, scores)} komt niet boven {_words(second, scores)}" for first, second in wrong]
    weights = {family.score: family.weight for family in catalogue.families}
    if weights != method.group_weights.model_dump():
        own = ", ".join(f"{group}: {weight:g}" for group, weight in weights.items())
        lines.append("De groepen wegen in de parameters anders dan in deze catalogus; haar eigen gewichten:")
        lines.append(f"  group_weights: {{{own}}}   (onder method in parameters/district.yaml)")
    if borders == method.class_borders:
        return [*lines, f"De klassengrenzen passen bij deze catalogus: {border_words(borders)}."]
    moved = [
        _words(name, scores)
        for name, class_ in _classes(_counted(scores), borders).items()
        if class_ != _packaged()[0][name]
    ]
    lines.append(f"Klassengrenzen die bij deze catalogus passen, in plaats van {border_words(method.class_borders)}:")
    lines.append(f"  class_borders: [{border_words(borders)}]   (onder method in parameters/district.yaml)")
    return [*lines, *([f"  Ook dan in een andere klasse: {listing(moved)}."] if moved else [])]


def _counted(scores: dict[str, float]) -> dict[str, float]:
    return {name: score for name, score in scores.items() if PARKS[name.rpartition(" ")[0]]["threats"] is not None}


def border_words(borders: tuple[float, ...]) -> str:
    """Borders as a parameters file has them."""
    return ", ".join(f"{border:g}" for border in borders)


def _words(name: str, scores: dict[str, float]) -> str:
    park, _, site = name.rpartition(" ")
    return f"“{park}” {SITES[site]['said']} ({points(scores[name])})"


def _classes(scores: dict[str, float], borders: tuple[float, ...]) -> dict[str, int]:
    found = np.digitize(np.array(list(scores.values())) + LEVEL, borders)
    return dict(zip(scores, map(int, found), strict=True))


def proposed_borders(scores: dict[str, float]) -> tuple[float, ...]:
    """The class borders at which the described parks are in the class that they have under the packaged catalogue.

    A packaged border that does so stays; else it is the simplest number in the widest gap. Where no border can, it is
    the one with the fewest parks on the wrong side, first of those whose class is a promise. What all threats together
    come to depends on how many there are: those parks are left out.
    """
    classes, borders = _packaged()
    counted = _counted(scores)
    values, own = np.array([*counted.values()]), np.array([classes[name] for name in counted])
    firm = np.array([PARKS[name.rpartition(" ")[0]].get("firm", False) for name in counted])
    found: list[float] = []
    for number, border in enumerate(borders, start=1):
        low, high = _gap(values, own >= number, firm, border)
        found.append(max(_simplest(low, high), found[-1] + 1 if found else 0.0))
    return tuple(found)


def _gap(values: FloatArray, above: NDArray[np.bool_], firm: NDArray[np.bool_], border: float) -> tuple[float, float]:
    """Between which values the border lies best; the border itself where nothing is better."""

    def worth(gap: tuple[float, float]) -> tuple[int, int, bool, float]:
        wrong = (values >= gap[1] - LEVEL) != above
        return int(wrong[firm].sum()), int(wrong.sum()), gap != (border, border), gap[0] - gap[1]

    return min([(border, border), *pairwise(np.unique(values.round(9)).tolist())], key=worth)


def _simplest(low: float, high: float) -> float:
    """The roundest number above one and up to the other, near their middle."""
    for digits in (0, 1, 2):
        middle = round((low + high) / 2, digits)
        if low < middle <= high:
            return middle
    return high


@functools.cache
def _packaged() -> tuple[dict[str, int], tuple[float, ...]]:
    catalogue, method = load_catalogue(), Method()
    return _classes(described(catalogue, method), method.class_borders), method.class_borders
