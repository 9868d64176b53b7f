"""How far a figure of agreement would have moved with other parks: the bootstrap over units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from werkbank.scoring.arrays import as_numbers, check_whole, read_array
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.tables import FloatArray, check_share

__all__ = ["FEWEST_UNITS", "Interval", "bootstrap", "interval_of", "rated_units", "times_drawn"]

FEWEST_UNITS = 10
"""Of fewer parks the resamples say more about themselves than about the figure."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The percentile interval of a figure, and in how many resamples it could be determined; else NaN.

    >>> wb.scoring.Interval(low=0.2, high=0.4, resamples=1_000)
    Interval(low=0.2, high=0.4, resamples=1000)
    """

    low: float
    high: float
    resamples: int


def bootstrap(
    statistic: Callable[[Any], float],
    ratings: Any,
    *,
    seed: int,
    resamples: int = 1_000,
    share: float = 0.95,
    minimum: int = FEWEST_UNITS,
) -> Interval:
    """The interval in which the statistic lies in `share` of the resamples, when units are drawn anew.

    `ratings`: (raters, units), or (indicators, raters, units): units, here parks, are on the last axis and
    keep all their ratings together. `statistic` takes such an array, for example `pooled_alpha`. The
    generator is made here, from the seed. A resample in which the statistic is NaN is left out. The interval
    is NaN when the statistic itself is, when that is so in half of the resamples, or with fewer than
    `minimum` units that have a rating. Percentile method (Efron & Tibshirani 1993, chapter 13).

    >>> ratings = [[0, 1, 2, 3, 0, 1, 2, 3, 0, 1], [0, 1, 2, 3, 0, 1, 2, 3, 1, 1]]
    >>> wb.scoring.bootstrap(wb.scoring.percent_agreement, ratings, seed=2018, resamples=200)
    Interval(low=0.7, high=1.0, resamples=200)
    """
    rated = rated_units(ratings, 2, 3)
    units = rated.shape[-1]
    drawn = _drawn(units, resamples, seed)
    check_share(share, "share")
    if units < minimum or np.isnan(statistic(rated)):
        return Interval(np.nan, np.nan, 0)
    return interval_of(np.array([statistic(rated[..., one]) for one in drawn]), share)


def rated_units(ratings: Any, *dimensions: int) -> Any:
    """The ratings of the units, on the last axis, that have any; as numbers where they are numbers."""
    array = read_array(ratings, "de oordelen", *dimensions)
    numbers = as_numbers(array)
    given = array if numbers is None else numbers
    return given[..., ~np.asarray(pd.isna(given)).reshape(-1, given.shape[-1]).all(axis=0)]


def times_drawn(units: int, resamples: int, seed: int) -> FloatArray:
    """Resample × unit: how often each unit is in it, in the resamples that `bootstrap` draws from this seed."""
    drawn = _drawn(units, resamples, seed)
    own = np.arange(len(drawn))[:, np.newaxis] * units + drawn
    return np.bincount(own.ravel(), minlength=drawn.size).astype(np.float64).reshape(drawn.shape)


def interval_of(found: FloatArray, share: float) -> Interval:
    """The middle `share` of the figures, NaN when fewer than half could be determined."""
    tail = (1 - check_share(share, "share")) / 2
    determined = found[~np.isnan(found)]
    if 2 * determined.size <= found.size:
        return Interval(np.nan, np.nan, determined.size)
    low, high = np.quantile(determined, [tail, 1 - tail])
    return Interval(float(low), float(high), determined.size)


def _drawn(units: int, resamples: int, seed: int) -> Indices:
    """Resample × place: the unit drawn for it; the generator is made here."""
    generator = np.random.default_rng(check_whole(seed, 0, "seed"))
    shape = check_whole(resamples, 1, "resamples"), units
    return generator.integers(units, size=shape) if units else np.empty((0, 0), dtype=np.intp)
