"""The competition ranks of one block of draws, exact in float64 and quick.

Sorting costs most, so each score is first packed with its unit into one whole number of 32 bits: a bin of
the draw's range in front, the unit behind. Those sort several times faster than floats with their places.
Whatever shares a bin with its neighbour, or lies one bin off, is then put in order by the scores themselves:
a bin only decides what it can decide. Where bins would be too coarse the scores are sorted directly.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.means import BoolArray
from werkbank.scoring.tables import FloatArray

__all__ = ["Exact", "Indices", "block_ranks", "rank_type"]

Indices = NDArray[np.integer[Any]]
Exact = Callable[[Indices, Indices], FloatArray]
"""The scores of these (draw, unit) pairs, to the last bit."""

BITS = 32
PACKED = 4096
"""The most units whose number leaves 20 bits for the bin."""
CROWDED = 0.125
"""Above this part of scores that share a bin, sorting the scores themselves is quicker."""


@dataclass(frozen=True, slots=True)
class _Order:
    """Per draw the units from high to low, except within runs of linked ones, whose order is still open."""

    units: Indices
    linked: BoolArray
    """Whether each position is linked to the one before it; the first never is."""
    gaps: bool
    """Whether a score may be missing."""


def rank_type(units: int) -> type[np.signedinteger[Any]]:
    """The smallest whole number that holds every rank of so many units."""
    return np.int16 if units < np.iinfo(np.int16).max else np.int32


def block_ranks(scores: FloatArray, doubt: FloatArray | None = None, exact: Exact | None = None) -> Indices:
    """The rank of every score in its row, 1 = highest, ties the best place, 0 for NaN.

    `scores`: draw × unit. Scores that differ by no more than their draw's `doubt` are compared by what
    `exact` says of them; without it every bit counts.
    """
    draws, units = scores.shape
    margin = np.zeros(draws) if doubt is None else doubt
    order = _by_bins(scores, margin) or _by_scores(scores, margin)
    places = np.tile(np.arange(1, units + 1, dtype=rank_type(units)), (draws, 1))
    if order.linked.any():
        positions, tied = _settled(order, scores, margin, exact)
        # A run starts with a position of its own, so the last one seen is always of the same draw.
        own = np.maximum.accumulate(np.where(tied, 0, positions))
        places.reshape(-1)[positions] = own % units + 1
    ranks = np.empty(scores.shape, dtype=places.dtype)
    cells = order.units + np.arange(draws, dtype=np.intp)[:, np.newaxis] * units
    ranks.reshape(-1)[cells.reshape(-1)] = places.reshape(-1)
    if order.gaps:
        ranks[np.isnan(scores)] = 0
    return ranks


def _by_bins(scores: FloatArray, margin: FloatArray) -> _Order | None:
    """The order by packed bins; None where bins cannot tell enough apart."""
    units = scores.shape[1]
    shift = max(units - 1, 1).bit_length()
    high = scores.max(axis=1, keepdims=True)
    with np.errstate(all="ignore"):
        scale = (2 ** (BITS - shift) - 1) / (high - scores.min(axis=1, keepdims=True))
        # Scores in doubt must lie at most one bin apart. NaN, and a range without end or without extent, fail too.
        fine = bool(((scale > 0) & np.isfinite(scale) & (margin[:, np.newaxis] * scale < 0.5)).all())
    if units > PACKED or not fine:
        return None
    below = high - scores
    below *= scale
    keys = below.astype(np.uint32)
    keys <<= shift
    keys |= np.arange(units, dtype=np.uint32)
    keys.sort(axis=1)
    linked = np.zeros(scores.shape, dtype=np.bool_)
    bins = keys >> shift
    np.less_equal(bins[:, 1:] - bins[:, :-1], 1, out=linked[:, 1:])
    if np.count_nonzero(linked) > CROWDED * linked.size:
        return None
    keys &= (1 << shift) - 1
    return _Order(keys, linked, gaps=False)


def _by_scores(scores: FloatArray, margin: FloatArray) -> _Order:
    """The order by the scores, highest first, NaN last; nearly equal ones are linked."""
    units = np.argsort(-scores, axis=1)
    ordered = np.take_along_axis(scores, units, axis=1)
    linked = np.zeros(scores.shape, dtype=np.bool_)
    np.less_equal(ordered[:, :-1] - ordered[:, 1:], margin[:, np.newaxis], out=linked[:, 1:])
    return _Order(units, linked, gaps=True)


def _settled(order: _Order, scores: FloatArray, margin: FloatArray, exact: Exact | None) -> tuple[Indices, BoolArray]:
    """Puts every run in order, in place; gives the positions in runs, and which tie with the one before it."""
    positions = _members(order.linked.reshape(-1))
    run: Indices = np.cumsum(~order.linked.reshape(-1)[positions], dtype=np.intp)
    draw = positions // scores.shape[1]
    unit: Indices = order.units.reshape(-1)[positions].astype(np.intp)
    score = scores[draw, unit]
    unit, score = _sorted_in_runs(run, unit, score)
    tied = np.zeros(len(run), dtype=np.bool_)
    tied[1:] = (run[1:] == run[:-1]) & (score[:-1] - score[1:] <= margin[draw[1:]])
    if exact is not None and margin.any() and tied.any():
        near = _members(tied)
        run = np.cumsum(~tied[near], dtype=np.intp)
        unit[near], score = _sorted_in_runs(run, unit[near], exact(draw[near], unit[near]))
        tied[near[1:]] = (run[1:] == run[:-1]) & (score[1:] == score[:-1])
    order.units.reshape(-1)[positions] = unit
    return positions, tied


def _members(linked: BoolArray) -> Indices:
    """Where something is linked to the position before it or to the one after it."""
    follows = np.append(linked[1:], False)
    return np.flatnonzero(linked | follows)


def _sorted_in_runs(run: Indices, unit: Indices, score: FloatArray) -> tuple[Indices, FloatArray]:
    by = np.lexsort((-score, run))
    return unit[by], score[by]
