"""From draws × units to who comes where: places with their ties, exact, before any rounding that could make a tie.

Totals are compared after nine decimals: the last bits differ with the order of a sum, and equal cells must tie.
"""

from __future__ import annotations

from math import comb

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.tables import FloatArray

__all__ = ["Order", "order_of"]

DECIMALS = 9


class Order:
    """The place of every unit in every draw: how many stand above it, and how many stand beside it, itself included."""

    __slots__ = ("above", "beside", "totals")

    def __init__(self, totals: FloatArray, above: NDArray[np.intp], beside: NDArray[np.intp]) -> None:
        self.totals, self.above, self.beside = totals, above, beside

    def chance_among(self, k: int) -> FloatArray:
        """Per unit the share of draws in which it is among the first `k`; a tie over the border is split."""
        seats = np.clip((k - self.above) / self.beside, 0.0, 1.0)
        return np.asarray(np.where(np.isnan(self.totals), 0.0, seats).mean(axis=0))

    def exactly(self, chosen: NDArray[np.bool_]) -> FloatArray:
        """Per draw 1 when the first places are those of `chosen` and no other; a tie over the border is split."""
        k = int(chosen.sum())
        filled = np.where(np.isnan(self.totals), -np.inf, self.totals)
        lowest = filled[:, chosen].min(axis=1)
        rest = filled[:, ~chosen]
        highest = rest.max(axis=1) if rest.shape[1] else np.full(len(filled), -np.inf)
        outcome = np.where(lowest > highest, 1.0, 0.0)
        for draw in np.flatnonzero((lowest == highest) & np.isfinite(lowest)):
            tied = int((filled[draw] == lowest[draw]).sum())
            seats = k - int((filled[draw] > lowest[draw]).sum())
            outcome[draw] = 1.0 / comb(tied, seats) if seats > 0 else 0.0
        return outcome


def order_of(totals: FloatArray) -> Order:
    """The order of draws × units; a unit without a total stands below all that have one."""
    rounded = np.round(totals, DECIMALS)
    sunk = np.where(np.isnan(rounded), np.inf, -rounded)
    order = np.argsort(sunk, axis=1)
    ascending = np.take_along_axis(sunk, order, axis=1)
    place = np.arange(totals.shape[1])
    # A place begins a tie unless its total equals the one before it; every place of a tie counts from there.
    begins = np.ones(totals.shape, dtype=np.bool_)
    begins[:, 1:] = ascending[:, 1:] != ascending[:, :-1]
    first = np.maximum.accumulate(np.where(begins, place, 0), axis=1)
    ends = np.ones(totals.shape, dtype=np.bool_)
    ends[:, :-1] = begins[:, 1:]
    last = np.minimum.accumulate(np.where(ends, place, totals.shape[1])[:, ::-1], axis=1)[:, ::-1]
    above, beside = np.empty_like(order), np.empty_like(order)
    np.put_along_axis(above, order, first, axis=1)
    np.put_along_axis(beside, order, last - first + 1, axis=1)
    return Order(rounded, above, beside)
