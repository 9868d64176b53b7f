"""Unit against unit, criterion by criterion: who is ahead on how much of the weight, and who on everything."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from werkbank.scoring.acceptability import check_square
from werkbank.scoring.arrays import read_numbers
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.ranking import blocks, side_by_side
from werkbank.scoring.tables import FloatArray

__all__ = ["dominance_pairs", "outranking"]


def outranking(values: Any, weights: Any = None) -> pd.DataFrame:
    """Unit × unit: the share of the weight of the criteria on which the row is higher; a tie counts one half.

    `values`: unit × criterion, higher is more; `weights`: one per criterion, else all weigh the same. Only
    criteria known of both count; NaN where there is none. The diagonal is 0, and two opposite cells add up
    to 1. ScoringError above 5,000 units. Source: Munda (2008); outrankMatrix of COINr.

    >>> wb.scoring.outranking([[3, 1], [2, 2]]).to_numpy().tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    table = read_numbers(values, "de waarden", 2)
    check_square(len(table), "outranking")
    weighing = _weights(weights, values, table.shape[1])
    ahead, shared = _compared(table, weighing)
    with np.errstate(invalid="ignore"):
        share = ahead / shared
    np.fill_diagonal(share, 0.0)
    units = values.index if isinstance(values, pd.DataFrame) else pd.RangeIndex(len(table))
    return pd.DataFrame(share, index=units, columns=units, copy=False)


def dominance_pairs(values: Any) -> int:
    """In how many pairs one unit is higher on every criterion, so that no weighting can turn them round.

    `values`: unit × criterion. A tie or a missing value on any criterion proves nothing, so the pair does not
    count. Source: nDominant of COINr's outrankMatrix.

    >>> wb.scoring.dominance_pairs([[3, 3], [2, 2], [1, 4]])
    1
    """
    table = read_numbers(values, "de waarden", 2)
    units, criteria = table.shape
    found: list[int] = []

    def work(rows: slice) -> None:
        above = np.ones((rows.stop - rows.start, units), dtype=np.bool_)
        for criterion in table.T:
            above &= criterion[rows, np.newaxis] > criterion
        found.append(int(np.count_nonzero(above)))

    side_by_side(work, blocks(units, units) if criteria else [])
    return sum(found)


def _compared(table: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Per pair the weight on which the row is ahead, ties for half, and the weight that is known of both."""
    units = len(table)
    ahead, shared = np.zeros((units, units)), np.zeros((units, units))
    known = ~np.isnan(table)

    def work(rows: slice) -> None:
        for criterion, present, weight in zip(table.T, known.T, weights, strict=True):
            one = criterion[rows, np.newaxis]
            lead = (one > criterion).view(np.int8) - (one < criterion).view(np.int8)
            ahead[rows] += (weight / 2) * lead
            shared[rows] += weight if present.all() else weight * (present[rows, np.newaxis] & present)
        ahead[rows] += shared[rows] / 2

    side_by_side(work, blocks(units, units))
    return ahead, shared


def _weights(weights: Any, values: Any, criteria: int) -> FloatArray:
    if weights is None:
        return np.ones(criteria)
    if isinstance(weights, pd.Series) and isinstance(values, pd.DataFrame) and set(weights.index) == set(values):
        weights = weights[values.columns]
    found = read_numbers(weights, "de gewichten", 1)
    if len(found) != criteria or not (found >= 0).all() or not found.any():
        allowed = f"{criteria} gewichten van 0 of hoger, minstens een erboven"
        remedy = "geef een gewicht per criterium"
        refuse("Deze gewichten kunnen niet.", [fault("bad-weight", f"gewichten {found.tolist()}", allowed, remedy)])
    return found
