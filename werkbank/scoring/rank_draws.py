"""The ranks of all units over many draws, and between which places each of them moves."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pandas as pd

from werkbank.scoring.arrays import read_numbers
from werkbank.scoring.draw_order import Indices, block_ranks, rank_type
from werkbank.scoring.tables import FloatArray

__all__ = ["Scorer", "blocks", "draw_ranks", "intervals", "rank_intervals", "side_by_side"]

BLOCK = 65_536
"""Scores ranked at a time. Half a megabyte stays in a processor's cache and is not given back to the system."""
QUANTILES = {"median": 0.5, "q05": 0.05, "q95": 0.95}


class Scorer(Protocol):
    """What gives the scores of some draws, and settles which of two nearly equal ones is higher."""

    @property
    def shape(self) -> tuple[int, int]:
        """How many draws, of how many units."""

    def scores(self, draws: slice) -> FloatArray:
        """The scores of these draws, draw × unit, NaN where a unit has none."""

    def doubt(self, draws: slice) -> FloatArray | None:
        """Per draw the difference up to which rounding may have decided; None when the scores are exact."""

    def exact(self, draws: Indices, units: Indices) -> FloatArray:
        """The scores of these pairs of draw and unit, to the last bit."""


@dataclass(frozen=True, slots=True)
class _Given:
    """Scores as they were handed over, unit × draw."""

    table: FloatArray

    @property
    def shape(self) -> tuple[int, int]:
        return self.table.shape[1], self.table.shape[0]

    def scores(self, draws: slice) -> FloatArray:
        return np.ascontiguousarray(self.table[:, draws].T)

    def doubt(self, draws: slice) -> None:  # noqa: ARG002 - the same for every draw
        return None

    def exact(self, draws: Indices, units: Indices) -> FloatArray:
        return np.asarray(self.table[units, draws])


def rank_intervals(draws: Any) -> pd.DataFrame:
    """Between which places each unit moves: mean, median, q05 and q95 of its competition rank over the draws.

    `draws`: unit × draw, as an array, a list of rows or a DataFrame; the highest score has rank 1. NaN: no
    score in that draw, and no rank. A unit without any score has NaN. Quantiles are linear between the two
    nearest ranks (type 7), as in COINr's sensitivity analysis. ScoringError for anything but finite numbers.

    >>> wb.scoring.rank_intervals([[9.0, 8.0, 1.0], [5.0, 5.5, 7.0]])
           mean  median  q05  q95
    0  1.333333     1.0  1.0  1.9
    1  1.666667     2.0  1.1  2.0
    """
    scores = read_numbers(draws, "de trekkingen", 2)
    units = draws.index if isinstance(draws, pd.DataFrame) else pd.RangeIndex(len(scores))
    return intervals(draw_ranks(_Given(scores)), units)


def draw_ranks(scorer: Scorer) -> Indices:
    """The competition rank of every unit in every draw, unit × draw: 1 = highest, 0 = no score.

    Ranks are exact: equal scores share the best place, and scores that differ do not. The outcome is the same
    on any number of processors.
    """
    draws, units = scorer.shape
    ranks = np.zeros((units, draws), dtype=rank_type(units))

    def work(block: slice) -> None:
        def exact(draw: Indices, unit: Indices) -> FloatArray:
            return scorer.exact(draw + block.start, unit)

        ranks[:, block] = block_ranks(scorer.scores(block), scorer.doubt(block), exact).T

    side_by_side(work, blocks(draws, units) if units else [])
    return ranks


def blocks(draws: int, units: int) -> list[slice]:
    """The draws in blocks of a size that is quick to rank."""
    size = max(1, BLOCK // max(1, units))
    return [slice(first, min(first + size, draws)) for first in range(0, draws, size)]


def side_by_side(work: Callable[[slice], None], jobs: Iterable[slice]) -> None:
    """Does the jobs on every processor there is; numpy lets go of the interpreter while it sorts."""
    waiting = list(jobs)
    if len(waiting) < 2:
        for job in waiting:
            work(job)
        return
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for done in [workers.submit(work, job) for job in waiting]:
            done.result()


def intervals(ranks: Indices, units: pd.Index) -> pd.DataFrame:
    """The mean, median, q05 and q95 of the ranks, unit × draw, of every unit; 0 is no rank."""
    columns = {name: np.full(len(units), np.nan) for name in ("mean", *QUANTILES)}

    def work(block: slice) -> None:
        ascending = np.sort(ranks[block].astype(np.uint32), axis=1)
        ranked = np.count_nonzero(ascending, axis=1)
        with np.errstate(invalid="ignore"):
            columns["mean"][block] = ascending.sum(axis=1) / ranked
        for name, share in QUANTILES.items():
            columns[name][block] = _quantile(ascending, ranked, share)

    if ranks.shape[1]:
        side_by_side(work, blocks(*ranks.shape))
    return pd.DataFrame(columns, index=units)


def _quantile(ascending: Indices, ranked: Indices, share: float) -> FloatArray:
    """The quantile of the last `ranked` values of each row, linear between the two nearest."""
    last = ascending.shape[1] - 1
    place = np.maximum(ranked - 1, 0) * share
    below = np.floor(place)
    start = np.minimum(last + 1 - ranked + below.astype(np.intp), last)
    row = np.arange(len(ascending))
    low = ascending[row, start].astype(np.float64)
    high = ascending[row, np.minimum(start + 1, last)].astype(np.float64)
    return np.where(ranked > 0, low + (place - below) * (high - low), np.nan)
