"""Reasons: the cells that contribute most to a park's score, with the party and the level behind them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

__all__ = ["Reason", "reasons"]


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
