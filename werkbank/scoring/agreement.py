"""How far raters agree: Krippendorff's alpha, Gwet's AC, Cohen's kappa, the share that is the same, and who is higher.

None of these is ever a number where there is none to give: too few ratings, or nought by nought, is NaN.
Krippendorff, Computing Krippendorff's Alpha-Reliability (2011); Gwet, Handbook of Inter-Rater Reliability (2014);
Cohen (1960, 1968). Ratings are raters × units; raters and units changed about cannot be noticed.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from pandas.api import types

from werkbank.errors import Finding, fault
from werkbank.scoring.tables import (
    FloatArray,
    IntArray,
    as_numbers,
    check_choice,
    check_share,
    check_whole,
    meant,
    names,
    read_array,
    read_numbers,
    refuse,
    refuse_one,
)

MESSAGE = "Van deze oordelen is geen overeenstemming te bepalen."
LEVELS = ("nominal", "ordinal", "interval", "ratio")
WEIGHTS = ("identity", "linear", "quadratic", "ordinal")
MOST_CATEGORIES = 1_000
"""What has more is no scale but a measurement; for those there is Krippendorff's alpha."""
FEWEST_UNITS = 10
"""Of fewer parks the resamples say more about themselves than about the figure."""
ROUNDING = 1e-9
"""What a difference may exceed the allowed one by."""


def krippendorff_alpha(ratings: Any, level: str = "ordinal") -> float:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance gives, below 0 worse than chance.

    `ratings`: raters × units; None and NaN are missing. `level`: nominal (also words), ordinal, interval or ratio (0
    or higher). NaN when it cannot be determined: when fewer than two units have two ratings, or all those ratings are
    equal. ScoringError for another level. Ratio takes time with the square of the number of different values.

    >>> round(wb.scoring.krippendorff_alpha([[0, 1, 2, 3], [0, 1, 2, 2]]), 3)
    0.91
    >>> wb.scoring.krippendorff_alpha([[1, 1], [1, 1]])
    nan
    """
    return pooled_alpha([ratings], level)


def pooled_alpha(tables: Sequence[Any] | Mapping[Any, Any] | np.ndarray, level: str = "ordinal") -> float:
    """Alpha within tables: their observed and their expected disagreement are summed, then compared.

    `tables`: one per indicator, ratings raters × units; or an array (indicators, raters, units). As one table
    the differences between indicators would pass for agreement. Each indicator counts by its ratings that
    have another beside them, and ordinal distances are those within the indicator, as a part of its ratings.
    An indicator in which all are equal adds nothing; NaN when there is no other.

    >>> round(wb.scoring.pooled_alpha([[[0, 1, 2], [0, 1, 2]], [[3, 2, 1], [3, 2, 2]]]), 3)
    0.892
    """
    check_choice(level, LEVELS, "niveau", "unknown-level")
    given = tables.values() if isinstance(tables, Mapping) else tables
    parts = [_disagreement(_read(table, ordered=level != "nominal"), level) for table in given]
    observed, expected = (float(sum(part)) for part in zip(*parts, strict=True)) if parts else (0.0, 0.0)
    return 1 - observed / expected if expected else float("nan")


@dataclass(frozen=True, slots=True)
class Interval:
    """The percentile interval of a figure, and in how many resamples it could be determined; else NaN.

    >>> wb.scoring.Interval(low=0.2, high=0.4, resamples=1_000)
    Interval(low=0.2, high=0.4, resamples=1000)
    """

    low: float
    high: float
    resamples: int


def alpha_interval(
    ratings: Any, *, seed: int, resamples: int = 1_000, share: float = 0.95, minimum: int = FEWEST_UNITS
) -> Interval:
    """The interval in which the pooled ordinal alpha lies in `share` of the resamples, when units are drawn anew.

    `ratings`: (indicators, raters, units), numbers, NaN = missing; units, here parks, keep all their ratings together.
    The generator is made here, from the seed. The interval is NaN with fewer than `minimum` units that have a rating,
    and where alpha itself, or that of half of the resamples, cannot be determined. Alpha needs of every unit only how
    often each category was chosen, so a resample is a row of how often each unit is in it, and all are done at once.
    Percentile method (Efron & Tibshirani 1993, chapter 13).

    >>> ratings = [[[0, 1, 2, 3, 0, 1, 2, 3, 0, 1], [0, 1, 2, 3, 0, 1, 2, 3, 1, 1]]]
    >>> interval = wb.scoring.alpha_interval(ratings, seed=2018)
    >>> interval.low < wb.scoring.pooled_alpha(ratings) <= interval.high
    True
    """
    table = read_numbers(ratings, "de oordelen", 3)
    rated = table[..., ~np.isnan(table).all(axis=(0, 1))]
    units, times = rated.shape[-1], check_whole(resamples, 1, "resamples")
    generator, tail = np.random.default_rng(check_whole(seed, 0, "seed")), (1 - check_share(share, "share")) / 2
    if units < minimum or np.isnan(_alphas(rated, np.ones((1, units)))[0]):
        return Interval(np.nan, np.nan, 0)
    places = np.arange(times)[:, None] * units + generator.integers(units, size=(times, units))
    drawn = np.bincount(places.ravel(), minlength=places.size).reshape(places.shape).astype(np.float64)
    found = _alphas(rated, drawn)
    determined = found[~np.isnan(found)]
    if 2 * determined.size <= found.size:
        return Interval(np.nan, np.nan, determined.size)
    low, high = np.quantile(determined, [tail, 1 - tail])
    return Interval(float(low), float(high), determined.size)


def gwet_ac(ratings: Any, weights: str = "ordinal", categories: Sequence[Hashable] | None = None) -> float:
    """Gwet's AC1 (identity) or AC2 (linear, quadratic, ordinal): agreement that a rare category does not upset.

    `ratings`: raters × units, any number of raters; missing ones are left out (units with two ratings count
    for the agreement, units with one for the chance of it). `categories`: the whole scale, also what nobody
    chose; else those observed. Words need `categories` in their order, unless the weights are identity. NaN
    when fewer than two units have two ratings, or when there is only one category. Source: Gwet (2014),
    chapters 2 and 4; gwet.ac1.raw of irrCAC.

    >>> round(wb.scoring.gwet_ac([[0, 1, 2, 3], [0, 1, 2, 2]], categories=[0, 1, 2, 3]), 3)
    0.878
    """
    check_choice(weights, WEIGHTS, "gewichten", "unknown-weights")
    read = _read(ratings, ordered=weights != "identity", categories=categories)
    number = len(read.scale)
    if number > MOST_CATEGORIES:
        allowed, remedy = f"hoogstens {MOST_CATEGORIES}", "neem klassen, of krippendorff_alpha"
        refuse_one(MESSAGE, "too-many-categories", f"{number} categorieën", allowed, remedy)
    counts = read.counts()
    given = counts.sum(axis=1)
    pairs = given >= 2
    if number < 2 or np.count_nonzero(pairs) < 2:
        return float("nan")
    table = agreement_weights(weights, read.scale)
    alike = (counts * (counts @ table - 1)).sum(axis=1)
    observed = (alike[pairs] / (given * (given - 1))[pairs]).mean()
    share = (counts[given > 0] / given[given > 0, np.newaxis]).mean(axis=0)
    expected = table.sum() * (share * (1 - share)).sum() / (number * (number - 1))
    return _beyond_chance(observed, expected)


def cohen_kappa(table: Any, weights: str = "identity") -> float:
    """Cohen's kappa of two raters, from the square table of how often they chose each pair of categories.

    `table`: category of the first rater × category of the second, in the order of the scale; numbers or
    shares. A DataFrame's rows and columns are matched by name; what only one of them has, the other rater never
    chose. weights: identity (Cohen 1960), linear, quadratic or ordinal, over the places
    in the table (Cohen 1968). NaN for an empty table and when both raters have one category only.

    >>> round(wb.scoring.cohen_kappa([[20, 5], [10, 15]]), 3)
    0.4
    """
    check_choice(weights, WEIGHTS, "gewichten", "unknown-weights")
    counts = read_numbers(_squared(table, weights), "de tabel", 2)
    refuse(MESSAGE, _table_faults(counts))
    if np.count_nonzero(counts) < 2:
        return float("nan")
    agreed = agreement_weights(weights, np.arange(len(counts)))
    share = counts / counts.sum()
    expected = (agreed * np.outer(share.sum(axis=1), share.sum(axis=0))).sum()
    return _beyond_chance((agreed * share).sum(), expected)


def percent_agreement(ratings: Any, within: float = 0) -> float:
    """The share (0-1) of pairs of raters that say the same, or differ by at most `within`; the mean over units.

    `ratings`: raters × units; a unit counts once, however many raters it has (Gwet 2014: the average share of
    agreeing pairs per unit, among units with two ratings or more). NaN without such a unit.

    >>> wb.scoring.percent_agreement([[0, 1, 2, 3], [0, 1, 2, 2]])
    0.75
    >>> wb.scoring.percent_agreement([[0, 1, 2, 3], [0, 1, 2, 2]], within=1)
    1.0
    """
    if not isinstance(within, Real) or isinstance(within, bool) or not within >= 0:
        refuse_one(MESSAGE, "bad-step", f"within: {within}", "0 of hoger", "geef het aantal stappen")
    table = _read(ratings, ordered=bool(within)).table()
    same, pairs = np.zeros(table.shape[1]), np.zeros(table.shape[1])
    for one, other in combinations(range(len(table)), 2):
        apart = np.abs(table[one] - table[other])
        same += apart <= within + (ROUNDING if within else 0)
        pairs += ~np.isnan(apart)
    rated = pairs > 0
    return float((same[rated] / pairs[rated]).mean()) if rated.any() else float("nan")


def bias(ratings: Any) -> float:
    """How much higher the first rater judges than the second: the mean of first − second, in the scale's units.

    `ratings`: two raters × units, numbers; units that both rated. NaN without one.

    >>> wb.scoring.bias([[0, 1, 2, 3], [0, 1, 2, 2]])
    0.25
    """
    table = read_numbers(ratings, "de oordelen", 2)
    if len(table) != 2:
        found, remedy = f"{len(table)} beoordelaars", "geef een rij per beoordelaar"
        refuse_one(MESSAGE, "not-two-raters", found, "precies twee", remedy)
    differences = table[0] - table[1]
    known = ~np.isnan(differences)
    return float(differences[known].mean()) if known.any() else float("nan")


def agreement_weights(weights: str, scale: ArrayLike | Sequence[float]) -> FloatArray:
    """Category × category: how much two ratings agree, 1 for the same one (Gwet 2014, chapter 3).

    `scale`: the categories as numbers, low to high. identity: 1 or 0. linear and quadratic: 1 less the
    distance on the scale, or its square, over the largest. ordinal: by the number of categories from one to
    the other, whatever their numbers are. ScoringError for another name.

    >>> wb.scoring.agreement_weights("linear", [0, 1, 2]).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    check_choice(weights, WEIGHTS, "gewichten", "unknown-weights")
    numbers = np.asarray(scale, dtype=np.float64)
    if weights == "identity":
        return np.eye(numbers.size)
    positions = np.arange(numbers.size) if weights == "ordinal" else numbers
    apart = np.abs(np.subtract.outer(positions, positions))
    distance = {"linear": apart, "quadratic": apart**2, "ordinal": apart * (apart + 1) / 2}[weights]
    largest = distance.max(initial=0)
    return np.asarray(1 - distance / largest if largest else np.ones(distance.shape), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class _Ratings:
    """Every rating that was given: by which rater, of which unit, and which category."""

    shape: tuple[int, ...]
    """How many raters, of how many units."""
    rater: IntArray
    unit: IntArray
    code: IntArray
    """The place of the rating among the categories."""
    scale: FloatArray
    """The categories as numbers from low to high; of words their places."""

    def counts(self) -> FloatArray:
        """Unit × category: how many raters chose it."""
        units, categories = self.shape[1], len(self.scale)
        cells = np.bincount(self.unit * categories + self.code, minlength=units * categories)
        return cells.reshape(units, categories).astype(np.float64)

    def table(self) -> FloatArray:
        """Rater × unit: the category as a number; NaN where there is none."""
        cells = np.full(self.shape, np.nan)
        cells[self.rater, self.unit] = self.scale[self.code]
        return cells


def _read(ratings: Any, *, ordered: bool, categories: Sequence[Hashable] | None = None) -> _Ratings:
    """The ratings, raters × units, as codes; ScoringError for what is no rating.

    None, NaN and pandas' NA are missing. Words are allowed when their order does not matter, or when
    `categories` gives it; of numbers the order is known.
    """
    array = read_array(ratings, "de oordelen", 2)
    numbers = as_numbers(array)
    if numbers is None and ordered and categories is None:
        allowed, remedy = "getallen, of woorden met een volgorde", "geef de categorieën van laag naar hoog"
        refuse_one(MESSAGE, "no-order", "oordelen in woorden", allowed, remedy)
    if numbers is not None and np.isinf(numbers).any():
        refuse_one(MESSAGE, "infinite-value", "een oneindig oordeel", "getallen of leeg", "verbeter het")
    cells = array if numbers is None else numbers
    rater, unit = np.nonzero(~np.asarray(pd.isna(cells)))
    found = cells[rater, unit].tolist()
    scale = sorted(set(found), key=None if numbers is not None else str)
    if categories is not None:
        refuse(MESSAGE, _category_faults(scale, list(categories)))
        whole = as_numbers(np.asarray(list(categories), dtype=object))
        scale = list(categories) if whole is None else np.sort(whole).tolist()
    if numbers is not None and all(isinstance(each, Real) for each in scale):
        steps = np.array(scale, dtype=np.float64)
        return _Ratings(array.shape, rater, unit, np.searchsorted(steps, found), steps)
    place = {category: number for number, category in enumerate(scale)}
    code = np.array([place[rating] for rating in found], dtype=np.intp)
    return _Ratings(array.shape, rater, unit, code, np.arange(len(scale), dtype=np.float64))


def _category_faults(found: Sequence[Hashable], options: list[Hashable]) -> list[Finding]:
    twice = [category for number, category in enumerate(options) if category in options[:number]]
    faults = [
        fault("unknown-category", f"oordeel “{one}”", names(options), meant(one, options, "verbeter het oordeel"))
        for one in map(_shown, found)
        if one not in options
    ]
    double = fault("duplicate-category", f"dubbel: {names(twice)}", "elke categorie eenmaal", "laat er een staan")
    return [*faults, double] if twice else faults


def _shown(value: Hashable) -> Hashable:
    """A number as it is written: 3 and not 3.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _disagreement(read: _Ratings, level: str) -> tuple[float, float]:
    """Observed and expected, each summed over the ratings that have another beside them; noughts without two units.

    Observed are the differences of all ordered pairs of ratings of a unit, over its number of ratings less one, and
    expected those of all ratings together. Krippendorff's ordinal difference of two categories is the square of the
    distance between their mid-ranks; as a part of the number of ratings it is comparable between tables.
    """
    paired = np.flatnonzero(np.bincount(read.unit, minlength=read.shape[1])[read.unit] >= 2)
    paired = paired[np.argsort(read.unit[paired], kind="stable")]
    _, unit = np.unique(read.unit[paired], return_inverse=True)
    scale, code, times = np.unique(read.code[paired], return_inverse=True, return_counts=True)
    if len(times) < 2 or unit.max() < 1:
        return 0.0, 0.0
    values = {
        "nominal": np.arange(len(times), dtype=np.float64),
        # Twice the mid-ranks are whole numbers, so that what is equal stays equal.
        "ordinal": 2.0 * np.cumsum(times) - times,
        "interval": read.scale[scale],
        "ratio": read.scale[scale],
    }[level].astype(np.float64)
    if level == "ratio" and (values < 0).any():
        remedy = "kies level interval, of een schaal vanaf 0"
        refuse_one(MESSAGE, "negative-ratio", "een oordeel onder 0 bij ratio", "0 of hoger", remedy)
    number, value, observed = np.bincount(unit), values[code], 0.0
    for apart in range(1, int(number.max())):
        both = np.flatnonzero(unit[apart:] == unit[:-apart])
        observed += float((2 * _difference(value[both + apart], value[both], level) / (number[unit[both]] - 1)).sum())
    size = (2.0 * len(unit)) ** 2 if level == "ordinal" else 1.0
    return observed / size, _expected(values, times, level) / (len(unit) - 1) / size


def _expected(values: FloatArray, times: IntArray, level: str) -> float:
    """The differences of all ordered pairs of ratings, from how often there is each value."""
    n = int(times.sum())
    if level == "nominal":
        return float(n**2 - (times**2).sum())
    if level != "ratio":
        centred = values - np.rint(values @ times / n)  # sums of whole numbers are exact
        return float(2 * (n * (centred**2 @ times) - (centred @ times) ** 2))
    rows = range(1, len(values))
    return 2 * sum(float(times[i] * (times[:i] @ _difference(values[:i], values[i], level))) for i in rows)


def _difference(one: FloatArray, other: Any, level: str) -> FloatArray:
    """Of the values that the level gives to ratings; of ratio ((a - b) / (a + b))², 0 between two noughts."""
    if level == "nominal":
        return np.asarray(one != other, dtype=np.float64)
    total = np.where(one + other == 0, 1.0, one + other) if level == "ratio" else 1.0
    return np.asarray(((one - other) / total) ** 2, dtype=np.float64)


def _alphas(rated: FloatArray, drawn: FloatArray) -> FloatArray:
    """The pooled ordinal alpha per resample; `drawn` is resample × unit, how often each is in it."""
    scale = np.unique(rated[~np.isnan(rated)])
    observed, expected = np.zeros(len(drawn)), np.zeros(len(drawn))
    for table in rated:
        chosen = (table[:, :, np.newaxis] == scale).sum(axis=0).astype(np.float64)
        paired = chosen.sum(axis=1) >= 2
        seen, chance = _resampled(chosen[paired], drawn[:, paired])
        # One unit by itself determines nothing; drawn twice it counts as two.
        several = drawn[:, paired].sum(axis=1) >= 2
        observed += np.where(several, seen, 0.0)
        expected += np.where(several, chance, 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - observed / expected, np.nan)


def _resampled(chosen: FloatArray, drawn: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Observed and expected per resample, of one table: `chosen` is unit × category, each unit with two or more."""
    units, categories = chosen.shape
    together = np.einsum("uk,ul->ukl", chosen, chosen / (chosen.sum(axis=1) - 1)[:, np.newaxis])
    pairs = (drawn @ together.reshape(units, categories**2)).reshape(len(drawn), categories, categories)
    number = drawn @ chosen
    ratings = number.sum(axis=1)
    ranks = np.cumsum(number, axis=1) - number / 2
    apart = (ranks[:, :, np.newaxis] - ranks[:, np.newaxis]) ** 2
    chance = number[:, :, np.newaxis] * number[:, np.newaxis]
    size = np.maximum(ratings, 1) ** 2
    observed = (pairs * apart).sum(axis=(1, 2)) / size
    return observed, (chance * apart).sum(axis=(1, 2)) / np.maximum(ratings - 1, 1) / size


def _beyond_chance(observed: float, expected: float) -> float:
    """How much of the agreement that chance leaves open was reached; NaN when it leaves nothing open."""
    return float((observed - expected) / (1 - expected)) if expected < 1 else float("nan")


def _squared(table: Any, weights: str) -> Any:
    """A DataFrame with the same categories in its rows and columns, as far as their order can be known."""
    if not isinstance(table, pd.DataFrame) or not (table.index.is_unique and table.columns.is_unique):
        return table
    rows, columns = table.index, table.columns
    if set(rows) == set(columns):
        return table[rows]
    ordered = weights == "identity" or (types.is_numeric_dtype(rows) and types.is_numeric_dtype(columns))
    if not ordered or rows.intersection(columns).empty:
        return table
    both = rows.union(columns)
    return table.reindex(index=both, columns=both).fillna(0)


def _table_faults(counts: FloatArray) -> list[Finding]:
    faults = []
    if counts.shape[0] != counts.shape[1]:
        found, allowed = f"{counts.shape[0]} × {counts.shape[1]}", "evenveel rijen als kolommen"
        faults.append(fault("not-square", found, allowed, "geef elke categorie een rij en een kolom"))
    if not (counts >= 0).all():
        faults.append(fault("bad-count", "een negatief of leeg aantal", "0 of hoger", "verbeter de tabel"))
    return faults
