"""How far a figure of agreement would have moved with other parks: the bootstrap over units."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from werkbank.scoring.arrays import as_numbers, check_whole, read_array
from werkbank.scoring.tables import check_share

__all__ = ["FEWEST_UNITS", "Interval", "bootstrap"]

FEWEST_UNITS = 10
"""Of fewer parks the resamples say more about themselves than about the figure."""


@dataclass(frozen=True, slots=True)
class Interval:
    """The percentile interval of a figure, and in how many resamples it could be determined; else NaN."""

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
    """
    check_whole(resamples, 1, "resamples")
    array = read_array(ratings, "de oordelen", 2, 3)
    numbers = as_numbers(array)
    given = array if numbers is None else numbers
    rated = given[..., ~np.asarray(pd.isna(given)).reshape(-1, given.shape[-1]).all(axis=0)]
    units = rated.shape[-1]
    generator = np.random.default_rng(check_whole(seed, 0, "seed"))
    tail = (1 - check_share(share, "share")) / 2
    if units < minimum or np.isnan(statistic(rated)):
        return Interval(np.nan, np.nan, 0)
    found = np.array([statistic(rated[..., generator.integers(units, size=units)]) for _ in range(resamples)])
    found = found[~np.isnan(found)]
    if 2 * found.size <= resamples:
        return Interval(np.nan, np.nan, found.size)
    low, high = np.quantile(found, [tail, 1 - tail])
    return Interval(float(low), float(high), found.size)
