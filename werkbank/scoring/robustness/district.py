"""What the whole district says about one cell nobody knows: how often each level occurs, and how parks hang together.

The frequencies are shares of what was filled in, smoothed so that no level is impossible; they are no chance of a
crime. What is not known is often not known for a reason, which no frequency can tell (method.md, assumptions).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd

from werkbank.scoring.tables import FloatArray

__all__ = ["District", "describe_district"]

PSEUDO_COUNT = 0.5
"""Added to every level's count (Jeffreys)."""
HERMITE_TERMS = 3
_HERMITE: tuple[Callable[[float], float], ...] = (lambda _z: 1.0, lambda z: z, lambda z: z * z - 1)
_NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class District:
    """The figures that the draws take from the whole district; plain values, so that they can be kept and compared."""

    frequencies: Mapping[Hashable, tuple[float, ...]]
    """Indicator → the smoothed share of each level, from level 0."""
    correlation: float
    """Of the latent values of two indicators of one park, in risk direction."""
    error: float
    """How often parties err: one step up in a quarter of it, one step down in as much, if the scale goes that far."""

    def thresholds(self, indicator: Hashable, *, falling: bool) -> tuple[float, ...]:
        """The latent values between the steps of an indicator, from least to most risk."""
        shares = self.frequencies[indicator][:: -1 if falling else 1]
        return tuple(_NORMAL.inv_cdf(min(share, 1 - 1e-12)) for share in np.cumsum(shares)[:-1].tolist())


def describe_district(
    combined: pd.DataFrame,
    levels: Mapping[str, pd.DataFrame],
    points: Mapping[Hashable, Sequence[float]],
    *,
    correlation: float | None = None,
    at_least: float = 0.0,
) -> District:
    """The figures of a district from its combined levels (unit × indicator) and those of each party.

    A combined level between two levels counts for both in proportion. `points` (indicator → points per level in risk
    direction) says how many levels there are and which way risk goes. The correlation is estimated unless given, and
    never taken below `at_least`.
    """
    frequencies: dict[Hashable, tuple[float, ...]] = {
        code: _frequencies(combined[code], len(points[code])) for code in combined.columns
    }
    falling: dict[Hashable, bool] = {code: points[code][0] > points[code][-1] for code in combined.columns}
    found = _correlation(combined, frequencies, falling) if correlation is None else correlation
    return District(frequencies, min(max(found, at_least), 0.95), _error(levels, points))


def _frequencies(levels: pd.Series, n: int) -> tuple[float, ...]:
    known = levels.to_numpy("f8")
    known = known[~np.isnan(known)]
    low = np.clip(np.floor(known), 0, n - 1).astype(np.intp)
    high, part = np.minimum(low + 1, n - 1), known - low
    counts = np.bincount(low, 1 - part, n) + np.bincount(high, part, n) + PSEUDO_COUNT
    return tuple((counts / counts.sum()).tolist())


def _correlation(
    combined: pd.DataFrame, frequencies: Mapping[Hashable, tuple[float, ...]], falling: Mapping[Hashable, bool]
) -> float:
    """The latent correlation by the first three Hermite terms of the scores; 0 where no park has two known cells.

    A level's score is the mean of a standard normal within its stretch. For two indicators with latent correlation r
    the expected product of the scores is Σ r^n c_n d_n, with c_n and d_n the Hermite coefficients of their scores.
    """
    columns = [_scores(combined[code], frequencies[code], falling[code]) for code in combined.columns]
    scores = np.column_stack([score for score, _ in columns])
    known = ~np.isnan(scores)
    observed = _over_pairs(np.where(known, scores, 0.0))
    terms = [_over_pairs(known * np.array([terms[n] for _, terms in columns])) for n in range(HERMITE_TERMS)]
    if terms[0] <= 0:
        return 0.0
    grid = np.linspace(0.0, 1.0, 1_001)
    expected = sum(term * grid ** (n + 1) for n, term in enumerate(terms))
    return float(np.interp(observed, np.maximum.accumulate(expected), grid))


def _over_pairs(cells: FloatArray) -> float:
    """The sum of products over all pairs of different columns: the square of the sum less the sum of squares."""
    return float((cells.sum(axis=1) ** 2 - (cells**2).sum(axis=1)).sum())


def _scores(levels: pd.Series, shares: Sequence[float], falling: bool) -> tuple[FloatArray, list[float]]:
    """The normal score of every unit in risk direction, and the Hermite coefficients of the scores."""
    borders = [_NORMAL.inv_cdf(min(share, 1 - 1e-12)) for share in np.cumsum(shares)[:-1].tolist()]
    # The integral of the n-th Hermite polynomial over a stretch is the difference of the one before at its ends.
    at = [[0.0, *(polynomial(z) * _NORMAL.pdf(z) for z in borders), 0.0] for polynomial in _HERMITE]
    by_level = [(low - high) / share for (low, high), share in zip(pairwise(at[0]), shares, strict=True)]
    terms = [
        math.fsum(score * (low - high) for score, (low, high) in zip(by_level, pairwise(ends), strict=True))
        / math.sqrt(math.factorial(n))
        for n, ends in enumerate(at, 1)
    ]
    found = np.interp(levels.to_numpy("f8"), np.arange(len(shares)), by_level)
    # Turned round, the odd coefficients keep their sign twice over; the even ones change it.
    return (-found, [-term if n == 1 else term for n, term in enumerate(terms)]) if falling else (found, terms)


def _error(levels: Mapping[str, pd.DataFrame], points: Mapping[Hashable, Sequence[float]]) -> float:
    """How often parties must err to differ by exactly one step as often as they do; 0 where there is no pair.

    At the ends of a scale a step outward stays put and is never seen as a difference. Most judgements are at an end, so
    the share of differences as such is too small a measure: with 5 % up and 5 % down it would say 13 % instead of 20 %.
    With q of the judgements one step up and q down, two parties differ by one step in 4q(1 - 2q) of the cells between
    the ends and in 2q(1 - q) of those at an end; that is solved for q.
    """
    apart, between = (np.concatenate(parts) for parts in zip(*_pairs(levels, points), strict=True))
    if not apart.size:
        return 0.0
    share, inside = float((apart == 1).mean()), float(between.mean())
    linear, square = 2 + 2 * inside, 2 + 6 * inside
    # More differences than any error of one step could make are as many as it can.
    root = math.sqrt(max(linear**2 - 4 * square * share, 0.0))
    return 4 * (linear - root) / (2 * square)


def _pairs(
    levels: Mapping[str, pd.DataFrame], points: Mapping[Hashable, Sequence[float]]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Per two parties, of the cells both know: how far they are apart, and which part of their levels is at no end."""
    yield np.empty(0), np.empty(0)  # one party makes no pair
    for first, second in combinations(sorted(levels), 2):
        one = levels[first]
        other = levels[second].reindex(index=one.index, columns=one.columns).to_numpy("f8")
        given = one.to_numpy("f8")
        highest = np.array([len(points[code]) - 1 for code in one.columns])
        inside = np.mean([(table > 0) & (table < highest) for table in (given, other)], axis=0)
        both = ~np.isnan(given - other)
        yield np.abs(given - other)[both], inside[both]
