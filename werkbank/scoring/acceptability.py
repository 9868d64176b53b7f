"""Rank acceptability: how often each unit reaches each place when the weights, or the values, are uncertain.

Lahdelma & Salminen, SMAA-2 (2001); Tervonen & Figueira (2008). The shares are of recalculations; they are no
chance of anything in the world.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import numpy as np
import pandas as pd

from werkbank.scoring.draw_counts import first_places, multiplied, pairwise_shares, rank_shares
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.look import table_html
from werkbank.scoring.means import BoolArray
from werkbank.scoring.ranking import draw_ranks, intervals
from werkbank.scoring.smaa import WeightedDraws, read_draws
from werkbank.scoring.tables import FloatArray

__all__ = ["MOST_UNITS", "RankAcceptability", "check_square", "rank_acceptability"]

MOST_UNITS = 5_000
"""Above this a table of units × units is no longer something to hold in memory and look at."""

Frame = TypeVar("Frame", bound="pd.Series[float] | pd.DataFrame")


class _Table(Generic[Frame]):
    """A table that is made when it is first asked for, and handed out as a copy every time."""

    def __init__(self, make: Callable[[RankAcceptability], Frame]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __get__(self, owner: RankAcceptability | None, _: type | None = None) -> Frame:
        if owner is None:
            return self  # type: ignore[return-value]
        kept = owner.__dict__
        name = f"_{self._make.__name__}"
        if name not in kept:
            kept[name] = self._make(owner)
        table: Frame = kept[name].copy(deep=False)
        return table


@dataclass(frozen=True, eq=False, repr=False)
class RankAcceptability:
    """How often each unit comes at each place, first, and before each other one, as shares of the draws.

    A unit that has no score in any draw has NaN everywhere: nothing is known about it, which is not the same
    as never being first.

    >>> found = wb.scoring.rank_acceptability([[3.0, 1.0], [2.0, 2.0]], [[0.9, 0.1], [0.2, 0.8]])
    >>> found
    <RankAcceptability 2 units over 2 draws>
    """

    _draws: WeightedDraws
    _units: pd.Index
    _criteria: pd.Index

    @_Table
    def acceptability(self) -> pd.DataFrame:
        """Unit × rank 1 … n: in which share of the draws it has that rank; ties all have the best place.

        ScoringError above 5,000 units.
        """
        check_square(len(self._units), "acceptability")
        ranks = pd.RangeIndex(1, len(self._units) + 1, name="rank")
        shares = rank_shares(self._ranks)
        shares[~self._scored] = np.nan
        return pd.DataFrame(shares, index=self._units, columns=ranks, copy=False)

    @_Table
    def pairwise(self) -> pd.DataFrame:
        """Unit × unit: in which share of the draws the row comes before the column; a tie counts one half.

        Of the draws in which both have a score; NaN when there is none. ScoringError above 5,000 units.
        """
        check_square(len(self._units), "pairwise")
        shares = pairwise_shares(self._ranks)
        return pd.DataFrame(shares, index=self._units, columns=self._units, copy=False)

    @_Table
    def p_first(self) -> pd.Series[float]:
        """The share of the draws in which the unit is first; m units that tie for it count 1/m each."""
        draw, unit = self._first
        tying = np.bincount(draw, self._copies[unit])
        share = np.bincount(unit, 1 / tying[draw], minlength=len(self._copies)) / self._draws.shape[0]
        return pd.Series(np.where(self._scored, share[self._draws.kind], np.nan), index=self._units, name="p_first")

    @_Table
    def central_weights(self) -> pd.DataFrame:
        """Unit × criterion: the mean of the weights by which the unit is first, NaN if it never is."""
        return pd.DataFrame(self._central[self._draws.kind], index=self._units, columns=self._criteria)

    @_Table
    def confidence(self) -> pd.Series[float]:
        """The share of the draws in which the unit is first when its own central weights hold; else NaN."""
        found = np.full(len(self._copies), np.nan)
        for unit in np.unique(self._first[1]):
            draws = self._draws.weighing(self._central[unit])
            found[unit] = np.count_nonzero(first_places(draws)[1] == unit) / draws.shape[0]
        return pd.Series(found[self._draws.kind], index=self._units, name="confidence")

    @property
    def intervals(self) -> pd.DataFrame:
        """Unit × mean, median, q05 and q95 of its rank."""
        return intervals(self._ranks, self._units)

    def __repr__(self) -> str:
        """How many units over how many draws."""
        return f"<RankAcceptability {len(self._units)} units over {self._draws.shape[0]} draws>"

    def _repr_html_(self) -> str:
        """The first units with how often each is first, and the rank it has in nine of ten draws."""
        return table_html(self, self.intervals[["median", "q05", "q95"]].assign(p_first=self.p_first))

    @cached_property
    def _ranks(self) -> Indices:
        return multiplied(draw_ranks(self._draws), self._copies)[self._draws.kind]

    @cached_property
    def _copies(self) -> Indices:
        """How many units each of the different ones stands for."""
        return np.bincount(self._draws.kind)

    @cached_property
    def _first(self) -> tuple[Indices, Indices]:
        return first_places(self._draws)

    @cached_property
    def _scored(self) -> BoolArray:
        return self._draws.ever_scored()[self._draws.kind]

    @cached_property
    def _central(self) -> FloatArray:
        draw, unit = self._first
        units = len(self._copies)
        sums = [np.bincount(unit, column[draw], minlength=units) for column in self._draws.weights.T]
        with np.errstate(invalid="ignore"):
            return np.column_stack(sums) / np.bincount(unit, minlength=units)[:, np.newaxis]


def rank_acceptability(values: Any, weights: Any) -> RankAcceptability:
    """How the ranking of the units by their weighted sum depends on the weights, and on what the values are.

    `values`: (units, criteria), or (draws, units, criteria) when they are uncertain too; higher ranks first.
    `weights`: (draws, criteria), or one row of criteria that holds in every draw; 0 or higher, and they need
    not sum to 1. A missing value is left out: the unit then has the weighted mean of what is known, and no
    rank in a draw where nothing known weighs anything. Arrays, lists or DataFrames; labels are kept, and two
    DataFrames are matched by the names of their criteria. Equal sums tie, however they are rounded.
    ScoringError with all faults. Source: Lahdelma & Salminen (2001).

    >>> found = wb.scoring.rank_acceptability([[3.0, 1.0], [2.0, 2.0]], [[0.9, 0.1], [0.2, 0.8]])
    >>> found.p_first.tolist()
    [0.5, 0.5]
    """
    return RankAcceptability(*read_draws(values, weights))


def check_square(units: int, what: str) -> None:
    """ScoringError when a table of units × units would be too large."""
    if units > MOST_UNITS:
        allowed, remedy = f"hoogstens {MOST_UNITS} eenheden", "vraag het van een deel van de eenheden"
        refuse("Deze tabel wordt te groot.", [fault("too-many-units", f"{what}: {units} eenheden", allowed, remedy)])
