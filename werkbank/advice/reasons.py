"""Reasons: the cells that contribute most to a park's score, with the party and the level behind them."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.settings.catalogue import Catalogue

__all__ = ["Reason", "reasons", "STRENGTHS", "STRENGTH_DUTCH", "Indication", "indications"]


@dataclass(frozen=True, slots=True)
class Reason:
    """One party's judgement that carries a park's score, and its part of that score in points 0-100."""

    park_id: str
    indicator: str
    party: str
    level: int
    contribution: float


def reasons(
    contributions: pd.DataFrame,
    points: Mapping[str, pd.DataFrame],
    levels: Mapping[str, pd.DataFrame],
    rules: Mapping[str, str],
    *,
    cells: int = 5,
) -> tuple[Reason, ...]:
    """Per park the judgements behind the `cells` cells that contribute most, largest first.

    `contributions` is park × indicator in points of the total; `points` and `levels` are park × indicator by party;
    `rules` says per indicator how the parties were combined. A cell's contribution is divided over the parties that
    carry it, so a park's reasons never add up to more than its score.
    """
    return tuple(
        reason
        for park in contributions.index
        for indicator, contribution in _largest(contributions.loc[park], cells)
        for reason in _of_cell(str(park), indicator, contribution, points, levels, rules[indicator])
    )


def _largest(contributions: pd.Series, cells: int) -> list[tuple[str, float]]:
    # Equal contributions stand in the order of their codes, so that the same matrix gives the same list.
    positive = [(str(code), float(value)) for code, value in contributions.items() if value > 0]
    return sorted(positive, key=lambda pair: (-pair[1], pair[0]))[:cells]


def _of_cell(
    park: str,
    indicator: str,
    contribution: float,
    points: Mapping[str, pd.DataFrame],
    levels: Mapping[str, pd.DataFrame],
    rule: str,
) -> Iterator[Reason]:
    found = {party: _value(table, park, indicator) for party, table in points.items()}
    known = {party: value for party, value in found.items() if value > 0}
    if rule == "maximum":
        highest = max(known.values(), default=0.0)
        known = {party: value for party, value in known.items() if value == highest}
    total = sum(known.values())
    for party, value in known.items():
        level = int(_value(levels[party], park, indicator))
        yield Reason(park, indicator, party, level, contribution * value / total)


def _value(table: pd.DataFrame, park: str, indicator: str) -> float:
    """One value of the table; NaN, which is not above 0 either, where it is missing."""
    return float(table[indicator].array[table.index.get_loc(park)])


STRENGTHS = ("none", "weak", "clear", "strong")
STRENGTH_DUTCH = {
    "none": "geen aanwijzing",
    "weak": "zwakke aanwijzing",
    "clear": "duidelijke aanwijzing",
    "strong": "sterke aanwijzing",
    "unknown": "niet bekend",
}
Cell = tuple[str, str]
"""Park and indicator."""
Support = tuple[str, str]
"""A party that suspects something, and on what source."""


@dataclass(frozen=True, slots=True)
class Indication:
    """What the matrix says of one phenomenon on one park; an indication, never a fact.

    `strength` is none, weak, clear or strong, or `unknown` when no party could judge any of its indicators;
    `indicators` and `parties` are those that support it, `source_strength` the best of theirs.
    """

    park_id: str
    phenomenon: str
    strength: str
    indicators: tuple[str, ...]
    parties: tuple[str, ...]
    source_strength: str


def indications(judgements: pd.DataFrame, levels: pd.DataFrame, catalogue: Catalogue) -> tuple[Indication, ...]:
    """The indication of every phenomenon on every park, in the catalogue's order.

    `levels` is the combined level per park × indicator; `judgements` says which party supports it.
    """
    supporting = judgements[(judgements["state"] == "level") & (judgements["level"] >= 1)]
    support: dict[Cell, list[Support]] = defaultdict(list)
    for park, indicator, party, source in zip(
        *(supporting[name] for name in ("park_id", "indicator", "party", "source_strength")), strict=True
    ):
        support[park, indicator].append((party, source))
    threats = catalogue.by_family("threat")
    asked = {one.id: [threat.id for threat in threats if one.id in threat.phenomena] for one in catalogue.phenomena}
    return tuple(
        _indication(str(park), phenomenon, {code: own[code] for code in codes}, support, catalogue)
        for park, own in levels.to_dict("index").items()
        for phenomenon, codes in asked.items()
    )


def _indication(
    park: str,
    phenomenon: str,
    levels: Mapping[str, float],
    support: Mapping[Cell, Sequence[Support]],
    catalogue: Catalogue,
) -> Indication:
    known = {code: float(level) for code, level in levels.items() if not math.isnan(level)}
    suspected = tuple(code for code, level in known.items() if level > 0)
    behind = [one for code in suspected for one in support.get((park, code), ())]
    strength = (
        _strength(max(known.values()), max(catalogue.scale_of(code).highest for code in levels)) if known else "unknown"
    )
    named = {party for party, _ in behind}
    parties = tuple(party.id for party in catalogue.parties if party.id in named)
    best = min((source for _, source in behind if source), default="")
    return Indication(park, phenomenon, strength, suspected, parties, best)


def _strength(level: float, highest: int) -> str:
    """The strongest level in words; on a longer scale in proportion, and any suspicion is at least weak."""
    if level <= 0:
        return "none"
    return STRENGTHS[max(1, min(3, int(3 * level / highest)))]
