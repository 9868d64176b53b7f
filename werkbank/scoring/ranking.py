"""From scores to an order and a class; always before any rounding, never by quantiles.

Scores that are handed over are compared as they are. Scores that are made here tie where they differ by no more than
the order of a sum can make of them.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import comb
from typing import Any

import numpy as np
import pandas as pd

from werkbank.scoring.tables import (
    BoolArray,
    FloatArray,
    IntArray,
    as_numbers,
    meant,
    names,
    read_array,
    read_numbers,
    refuse_one,
)

LEVEL = 1e-9
"""Scores on a scale of 0-100 that are this near are level, and a score this near a border lies on it."""
TIES = ("min", "max")
MESSAGE = "Dit zijn geen scores."
BLOCK = 65_536
"""Scores ranked at a time. Half a megabyte stays in a processor's cache and is not given back to the system."""
QUANTILES = {"median": 0.5, "q05": 0.05, "q95": 0.95}


def rank(scores: Any, ties: str = "min", *, tolerance: float = 0.0) -> pd.Series[int]:
    """The place of each unit, 1 = highest; equal scores share a place and no score has none (<NA>).

    `scores`: a Series, whose units are kept, or a list or array, whose units are numbered from 0; None, NaN and
    pandas' NA are no score. `ties`: "min", competition ranking 1 2 2 4, or "max", 1 3 3 4. Nothing is rounded before
    the ranking: scores that differ in their last bit differ, unless a `tolerance` is given up to which they are level.
    ScoringError for anything but numbers.

    >>> wb.scoring.rank(pd.Series({"noord": 60.0, "zuid": None, "oost": 60.0, "west": 10.0})).to_dict()
    {'noord': 1, 'zuid': None, 'oost': 1, 'west': 3}
    """
    if ties not in TIES:
        refuse_one("Deze rangschikking bestaat niet.", "unknown-ties", f"“{ties}”", names(TIES), meant(ties, TIES))
    numbers = _numbers(scores, "de scores")
    found = places(numbers[np.newaxis], tolerance)
    place = found.above[0] + (1 if ties == "min" else found.level[0])
    units = scores.index if isinstance(scores, pd.Series) else pd.RangeIndex(len(numbers))
    return _whole_numbers(place, ~np.isnan(numbers), units, "rank")


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where every unit stands in every draw, draw × unit; who has no score stands below all, and level with nobody."""

    above: IntArray
    """How many units stand above it."""
    level: IntArray
    """How many stand level with it, itself included."""

    def among(self, k: int) -> FloatArray:
        """Draw × unit: 1 when it is among the first `k`; a tie over the border is split."""
        return np.asarray(np.clip((k - self.above) / self.level, 0.0, 1.0))

    def exactly(self, chosen: BoolArray) -> FloatArray:
        """Per draw 1 when the first places are those of `chosen` and no other; a tie over the border is split."""
        k = int(chosen.sum())
        sure, possible = self.above + self.level <= k, self.above < k
        fits = (possible | ~chosen).all(axis=1) & (chosen | ~sure).all(axis=1)
        tied, seats = possible.sum(axis=1) - sure.sum(axis=1), k - sure.sum(axis=1)
        each = zip(np.asarray(fits), tied.tolist(), seats.tolist(), strict=True)
        return np.array([1 / comb(of, n) if fit else 0.0 for fit, of, n in each])


def places(scores: FloatArray, tolerance: FloatArray | float = 0.0) -> Places:
    """The competition ranking of each row, with its ties; `scores` and `tolerance` as `_ordered` takes them."""
    order, begins = _ordered(scores, tolerance)
    ends = np.append(begins[:, 1:], np.ones((len(scores), 1), dtype=np.bool_), axis=1)
    number = np.arange(1, scores.shape[1] + 1)
    last = np.minimum.accumulate(np.where(ends, number, number.size)[:, ::-1], axis=1)[:, ::-1]
    level, higher = np.empty_like(order), _above(scores, order, begins)
    np.put_along_axis(level, order, last, axis=1)
    return Places(higher, np.where(higher < number.size, level - higher, 1))


def _ordered(scores: FloatArray, tolerance: FloatArray | float) -> tuple[IntArray, BoolArray]:
    """Per row the units from high to low, NaN last, and which of them are not level with the one before.

    This is where it is decided who is above whom: a score is level with the next higher one when it is at most
    `tolerance` (one, or per row) below it.
    """
    order = np.argsort(-scores, axis=1)
    falling = np.take_along_axis(scores, order, axis=1)
    begins = np.ones(scores.shape, dtype=np.bool_)
    # Infinite scores, and those further apart than a number can say, are not level.
    with np.errstate(invalid="ignore", over="ignore"):
        near = falling[:, :-1] - falling[:, 1:] <= np.reshape(tolerance, (-1, 1))
    np.logical_not(near | (falling[:, :-1] == falling[:, 1:]), out=begins[:, 1:])  # infinite ones may be level too
    return order, begins


def _above(scores: FloatArray, order: IntArray, begins: BoolArray) -> IntArray:
    """How many units stand above each in its row; all of them where there is no score."""
    number = np.broadcast_to(np.arange(scores.shape[1], dtype=np.int32), scores.shape)
    first = number if begins.all() else np.maximum.accumulate(np.where(begins, number, 0), axis=1)
    found = np.empty(scores.shape, dtype=np.int32)
    np.put_along_axis(found, order, first, axis=1)
    missing = np.isnan(scores)
    return np.where(missing, scores.shape[1], found) if missing.any() else found


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
    ranks = ranks_of(lambda block: (scores[:, block].T, 0.0), scores.shape[1], scores.shape[0])
    return intervals(ranks, units)


def ranks_of(scores: Callable[[slice], tuple[FloatArray, FloatArray | float]], draws: int, units: int) -> IntArray:
    """Unit × draw: the rank, 1 = highest, 0 = no score, of scores (and their tolerance) that are made block by block.

    The outcome is the same on any number of processors.
    """
    ranks = np.zeros((units, draws), dtype=np.int16 if units < np.iinfo(np.int16).max else np.int32)

    def work(block: slice) -> None:
        made, tolerance = scores(block)
        found = _above(made, *_ordered(made, tolerance)).T
        ranks[:, block] = np.where(found < units, found + 1, 0)

    in_blocks(work, draws if units else 0, units)
    return ranks


def in_blocks(work: Callable[[slice], None], rows: int, width: int) -> None:
    """Does the work on every processor there is; numpy lets go of the interpreter while it sorts and compares."""
    size = max(1, BLOCK // max(1, width))
    blocks = [slice(first, min(first + size, rows)) for first in range(0, rows, size)]
    if len(blocks) < 2:
        for block in blocks:
            work(block)
        return
    with ThreadPoolExecutor(os.cpu_count()) as workers:
        for done in [workers.submit(work, block) for block in blocks]:
            done.result()


def intervals(ranks: IntArray, units: pd.Index) -> pd.DataFrame:
    """The mean, median, q05 and q95 of the ranks, unit × draw, of every unit; 0 is no rank."""
    ascending = np.sort(ranks, axis=1) if ranks.shape[1] else np.zeros((len(units), 1), dtype=np.int32)
    ranked = np.count_nonzero(ascending, axis=1)
    with np.errstate(invalid="ignore"):
        mean = ascending.sum(axis=1, dtype=np.int64) / ranked
    quantiles = {name: _quantile(ascending, ranked, share) for name, share in QUANTILES.items()}
    return pd.DataFrame({"mean": mean, **quantiles}, index=units)


def rank_shares(ranks: IntArray) -> FloatArray:
    """Unit × rank 1 … n: the share of the draws; `ranks` is unit × draw, 0 = no rank."""
    units, draws = ranks.shape
    counts = [np.bincount(own, minlength=units + 1)[1:] for own in ranks]
    return np.asarray(np.array(counts).reshape(units, units) / draws, dtype=np.float64)


def pairwise_shares(ranks: IntArray) -> FloatArray:
    """Unit × unit: in which share of the draws that rank both the row comes before the column, a tie for ½.

    `ranks` is unit × draw, 0 = no rank; NaN where no draw ranks both.
    """
    units = len(ranks)
    ranked = (ranks > 0).astype(np.float32)  # counts exactly below 2^24 draws
    # Without a rank a unit is behind nobody, and nobody is behind it.
    ahead = np.where(ranks == 0, np.iinfo(ranks.dtype).max, ranks)
    wins = np.zeros((units, units))

    def work(rows: slice) -> None:
        for unit in range(rows.start, rows.stop):
            wins[unit] = np.count_nonzero(ahead[unit] < ranks, axis=1)

    in_blocks(work, units, ranks.size)
    both = (ranked @ ranked.T).astype(np.float64)
    with np.errstate(invalid="ignore"):
        return np.asarray((wins - wins.T + both) / (2 * both), dtype=np.float64)


def _quantile(ascending: IntArray, ranked: IntArray, share: float) -> FloatArray:
    """The quantile of the last `ranked` values of each row, linear between the two nearest."""
    last = ascending.shape[1] - 1
    place = np.maximum(ranked - 1, 0) * share
    below = np.floor(place)
    start = np.minimum(last + 1 - ranked + below.astype(np.intp), last)
    row = np.arange(len(ascending))
    low = ascending[row, start].astype(np.float64)
    high = ascending[row, np.minimum(start + 1, last)].astype(np.float64)
    return np.where(ranked > 0, low + (place - below) * (high - low), np.nan)


def classify(total: pd.Series, borders: Sequence[float]) -> pd.Series[int]:
    """The class of each unit, 1 for the lowest to n + 1, by fixed borders; no score, no class (<NA>).

    A score on a border belongs to the higher class, also when rounding left it 1e-9 short.

    >>> wb.scoring.classify(pd.Series([12.0, 40.0, None]), [20, 40, 60]).tolist()
    [1, 3, <NA>]
    """
    numbers, limits = _of_units(total, "de scores"), _borders(borders)
    known = ~np.isnan(numbers)
    classes = np.searchsorted(limits, numbers + LEVEL, side="right") + 1
    return _whole_numbers(classes, known, total.index, "class")


def distance_to_border(total: pd.Series, borders: Sequence[float]) -> pd.Series[float]:
    """How far each score is from the nearest border, in points and never negative; NaN without a score.

    >>> wb.scoring.distance_to_border(pd.Series([12.0, 40.0]), [20, 40, 60]).tolist()
    [8.0, 0.0]
    """
    numbers, limits = _of_units(total, "de scores"), _borders(borders)
    distance = np.abs(numbers[:, np.newaxis] - limits).min(axis=1)
    return pd.Series(distance, index=total.index, name="distance_to_border")


def _numbers(scores: Any, what: str) -> FloatArray:
    array = read_array(scores, what, 1)
    numbers = as_numbers(array) if array.size else np.empty(0)
    if numbers is None:
        refuse_one(MESSAGE, "not-numeric", what, "een reeks getallen of leeg", "geef een reeks met getallen")
    return numbers


def _of_units(scores: Any, what: str) -> FloatArray:
    """The scores of units that have names, as those of different series must be matched."""
    if not isinstance(scores, pd.Series):
        found = f"{what}: een {type(scores).__name__}"
        refuse_one(MESSAGE, "no-series", found, "een reeks met namen", "geef een Series")
    return _numbers(scores, what)


def _borders(borders: Sequence[float]) -> FloatArray:
    limits: FloatArray = np.asarray(borders, dtype=np.float64)
    if limits.ndim != 1 or not limits.size or not (np.diff(limits) > 0).all() or not np.isfinite(limits).all():
        found, allowed = f"grenzen {list(borders)}", "een of meer getallen, van laag naar hoog"
        remedy = "zet ze op volgorde, elke grens eenmaal"
        refuse_one("Deze klassegrenzen kunnen niet.", "bad-borders", found, allowed, remedy)
    return limits


def _whole_numbers(found: IntArray, known: BoolArray, index: pd.Index, name: str) -> pd.Series[int]:
    numbers = np.where(known, found, 1).astype(np.int64)
    return pd.Series(pd.arrays.IntegerArray(numbers, ~known), index=index, name=name)
