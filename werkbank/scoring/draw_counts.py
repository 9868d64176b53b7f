"""What is counted over draws: who comes first, who reaches which place, who comes before whom."""

from __future__ import annotations

import numpy as np

from werkbank.scoring.draw_order import Indices, rank_type
from werkbank.scoring.means import BoolArray
from werkbank.scoring.ranking import BLOCK, Scorer, blocks, side_by_side
from werkbank.scoring.tables import FloatArray

__all__ = ["first_places", "multiplied", "pairwise_shares", "rank_shares"]

FULL = 255
"""What a byte can count to."""


def first_places(scorer: Scorer) -> tuple[Indices, Indices]:
    """The draws and their first units, as pairs in the order of the draws; those that tie are all first."""
    found: dict[int, tuple[Indices, Indices]] = {}

    def work(block: slice) -> None:
        scores, doubt = scorer.scores(block), scorer.doubt(block)
        best = np.fmax.reduce(scores, axis=1)
        draw, unit = np.nonzero(scores >= (best if doubt is None else best - doubt)[:, np.newaxis])
        if doubt is not None and len(draw) > np.unique(draw).size:
            score = scorer.exact(draw + block.start, unit)
            highest = np.full(len(scores), -np.inf)
            np.maximum.at(highest, draw, score)
            first = score == highest[draw]
            draw, unit = draw[first], unit[first]
        found[block.start] = draw + block.start, unit

    side_by_side(work, blocks(*scorer.shape))
    parts = [found[start] for start in sorted(found)]
    draws, units = (np.concatenate(part) for part in zip(*parts, strict=True))
    return draws, units


def multiplied(ranks: Indices, copies: Indices) -> Indices:
    """The ranks, unit × draw, as they are when each unit stands for so many that tie with it."""
    units, draws = ranks.shape
    if units == copies.sum():
        return ranks
    found = np.zeros(ranks.shape, dtype=rank_type(int(copies.sum())))

    def work(block: slice) -> None:
        rank = ranks[:, block]
        column = np.arange(rank.shape[1]) * (units + 1)
        at_rank = np.bincount((rank + column).ravel(), np.repeat(copies, rank.shape[1]), rank.shape[1] * (units + 1))
        before = np.cumsum(at_rank.reshape(-1, units + 1)[:, 1:], axis=1)
        before = np.concatenate([np.zeros((len(before), 2)), before[:, :-1]], axis=1)
        found[:, block] = np.where(rank > 0, before.ravel()[rank + column] + 1, 0)

    side_by_side(work, blocks(draws, units))
    return found


def rank_shares(ranks: Indices) -> FloatArray:
    """Unit × rank 1 … n: the share of the draws; `ranks` is unit × draw, 0 = no rank."""
    units, draws = ranks.shape
    shares = np.empty((units, units))

    def work(some: slice) -> None:
        for unit in range(some.start, some.stop):
            shares[unit] = np.bincount(ranks[unit], minlength=units + 1)[1:]
        shares[some] /= draws

    side_by_side(work, blocks(units, draws))
    return shares


def pairwise_shares(ranks: Indices) -> FloatArray:
    """Unit × unit: in which share of the draws that rank both the row comes before the column, a tie for ½."""
    units, draws = ranks.shape
    # Without a rank a unit is behind nobody, and nobody is behind it.
    behind = np.ascontiguousarray(ranks.T)
    complete = bool(behind.all())
    ahead = behind if complete else np.where(behind == 0, np.iinfo(behind.dtype).max, behind)
    # Where every draw ranks all units without a tie, one half of the table says the other.
    strict = bool((behind.sum(axis=1, dtype=np.int64) == units * (units + 1) // 2).all())
    wins = np.zeros((units, units), dtype=np.int32)

    def work(rows: slice) -> None:
        columns = slice(rows.start if strict else 0, units)
        _count_wins(ahead[:, rows], behind[:, columns], wins[rows, columns])

    # Bytes and small whole numbers: four times as many fit in the cache as scores do.
    side_by_side(work, blocks(units, units // 4))
    if strict:
        for unit in range(units):
            wins[unit + 1 :, unit] = draws - wins[unit, unit + 1 :]
    both = draws if complete else _together(behind > 0)
    shares = (wins - wins.T).astype(np.float64)
    shares += both
    with np.errstate(invalid="ignore"):
        shares /= 2.0 * both
    return shares


def _count_wins(ahead: Indices, behind: Indices, wins: Indices) -> None:
    """Adds to `wins`, row × column, in how many draws the rank `ahead` is less than the rank `behind`."""
    together = max(1, BLOCK // wins.size)
    before = np.empty((together, *wins.shape), dtype=np.bool_)
    for start in range(0, len(ahead), FULL):
        counted = np.zeros(wins.shape, dtype=np.uint8)
        stop = min(start + FULL, len(ahead))
        for first in range(start, stop, together):
            some = slice(first, min(first + together, stop))
            seen = before[: some.stop - some.start]
            np.less(ahead[some, :, np.newaxis], behind[some, np.newaxis], out=seen)
            for each in seen.view(np.uint8):
                counted += each
        wins += counted


def _together(ranked: BoolArray) -> FloatArray:
    """In how many draws each pair of units both have a rank."""
    number = ranked.astype(np.float32)  # exact below 2^24 draws
    return np.asarray(number.T @ number, dtype=np.float64)
