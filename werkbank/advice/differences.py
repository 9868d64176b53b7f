"""Where the parties differ: the agenda for their next meeting, sorted by what it would do to the advice."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.advice.flip_cells import ParkCells, scores_with

__all__ = ["Difference", "Voice", "differences"]


@dataclass(frozen=True, slots=True)
class Voice:
    """What one party says of the cell."""

    party: str
    level: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the parties differ, and what agreeing on one side or the other would do.

    `low` and `high` are the park's totals when all settle on the judgement with the least or the most risk; `turns`
    says that one of these changes which parks come out highest.
    """

    park_id: str
    indicator: str
    voices: tuple[Voice, ...]
    low: float
    high: float
    turns: bool

    @property
    def effect(self) -> float:
        """How far apart the park's totals are, in points."""
        return self.high - self.low


def differences(
    levels: Mapping[str, pd.DataFrame], parks: Sequence[ParkCells], totals: pd.Series, advised: Sequence[str]
) -> tuple[Difference, ...]:
    """The cells on which parties give different levels: first those that turn the advice, then by effect.

    `levels`: party → park × indicator; `totals` of every park. Cells that count in no score have no effect and come
    last, in the order of their codes.
    """
    by_id = {park.park_id: park for park in parks}
    lowest_in = min((total for park, total in totals.items() if park in advised), default=math.nan)
    highest_out = max((total for park, total in totals.items() if park not in advised and total == total), default=0.0)  # noqa: PLR0124
    found = []
    for park, indicator, given in _apart(levels):
        ends = _totals(by_id[park], indicator, given.values()) if park in by_id else None
        low, high = ends or (totals.get(park, math.nan),) * 2
        turns = ends is not None and (low < highest_out if park in advised else high > lowest_in)
        voices = tuple(Voice(party, level) for party, level in given.items())
        found.append(Difference(park, indicator, voices, float(low), float(high), bool(turns)))
    return tuple(sorted(found, key=_order))


def _order(one: Difference) -> tuple[bool, float, str, str]:
    return (not one.turns, -one.effect if one.effect == one.effect else 0.0, one.park_id, one.indicator)


def _apart(levels: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, dict[str, int]]]:
    """Park, indicator and the levels by party, wherever two parties say something else."""
    tables = {party: table.to_dict("index") for party, table in levels.items()}
    first = next(iter(levels.values()), pd.DataFrame())
    found = []
    for park in first.index:
        for code in first.columns:
            given = {party: table[park][code] for party, table in tables.items()}
            known = {party: int(level) for party, level in given.items() if level == level}  # noqa: PLR0124 - not NaN
            if len(set(known.values())) > 1:
                found.append((str(park), str(code), known))
    return found


def _totals(park: ParkCells, indicator: str, levels: Collection[int]) -> tuple[float, float] | None:
    """The park's total with the cell at the least and at the most risky of the levels; None where it does not count."""
    for place, group in enumerate(park.groups):
        for number, cell in enumerate(group.cells):
            if cell.indicator == indicator:
                scores = scores_with(group, number, map(float, levels))
                found = [_total(park, place, score) for score in scores]
                return min(found), max(found)
    return None


def _total(park: ParkCells, place: int, score: float) -> float:
    """The park's total with another score for one of its groups."""
    scores = [score if place == n else one.score for n, one in enumerate(park.groups)]
    weights = [one.weight for one in park.groups]
    return sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
