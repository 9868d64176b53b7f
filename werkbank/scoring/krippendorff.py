"""Krippendorff's alpha: agreement of any number of raters, on any level of measurement, with gaps.

alpha = 1 - observed / expected disagreement, over the pairs of ratings of the same unit and over all pairs.
Krippendorff, Computing Krippendorff's Alpha-Reliability (2011). His ordinal difference of two categories is
the square of the distance between their mid-ranks, so that nominal, ordinal and interval disagreement follow
from sums per unit: no table of categories × categories, and no loop over units.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from werkbank.scoring.arrays import check_choice
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.paired import Paired, read_paired
from werkbank.scoring.ratings import MESSAGE
from werkbank.scoring.tables import FloatArray

__all__ = ["LEVELS", "krippendorff_alpha", "pooled_alpha"]

LEVELS = ("nominal", "ordinal", "interval", "ratio")

Disagreement = tuple[FloatArray, FloatArray]
"""Observed and expected, per table, each summed over the ratings that have another beside them."""


def krippendorff_alpha(ratings: Any, level: str = "ordinal") -> float:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance gives, below 0 worse than chance.

    `ratings`: raters × units (raters and units changed about cannot be noticed); None and NaN are missing.
    `level`: nominal (also words), ordinal, interval or ratio (0 or higher). NaN when it cannot be determined:
    when fewer than two units have two ratings, or all those ratings are equal. ScoringError for another
    level. Ratio takes time with the square of the number of different values. Source: Krippendorff (2011).

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
    given = list(tables.values()) if isinstance(tables, Mapping) else tables
    paired = read_paired(given, ordered=level != "nominal")
    observed, expected = _disagreement(paired, level)
    return float(1 - observed.sum() / expected.sum()) if expected.any() else float("nan")


def _disagreement(paired: Paired, level: str) -> Disagreement:
    if level == "nominal":
        return _nominal(paired)
    if level == "interval":
        return _squares(paired, paired.value)
    if level == "ratio":
        return _ratio(paired)
    # Twice the mid-ranks are whole numbers, so that what is equal stays equal. Divided by the number of
    # ratings they are comparable between tables.
    number = paired.of_category
    before = np.cumsum(number) - number
    start = np.append(0, np.cumsum(paired.of_table))[paired.table_of_category]
    ranks = (2 * (before - start) + number)[paired.code]
    observed, expected = _squares(paired, ranks.astype(np.float64))
    scale = np.maximum(2.0 * paired.of_table, 1) ** 2
    return observed / scale, expected / scale


def _nominal(paired: Paired) -> Disagreement:
    key = paired.unit * len(paired.of_category) + paired.code
    found, same = np.unique(key, return_counts=True)
    unit = found // len(paired.of_category)
    alike = np.bincount(unit, same.astype(np.float64) ** 2, minlength=len(paired.of_unit))
    same_category = np.square(paired.of_category, dtype=np.float64)
    expected = np.square(paired.of_table, dtype=np.float64) - paired.per_table(paired.table_of_category, same_category)
    observed = _shared(np.square(paired.of_unit, dtype=np.float64) - alike, paired.of_unit)
    return paired.per_table(paired.table_of_unit, observed), _shared(expected, paired.of_table)


def _squares(paired: Paired, value: FloatArray) -> Disagreement:
    """For a difference that is the square of a distance: all pairs at once, from sums per unit and table."""
    # From the first rating of the unit, so that equal ratings differ by exactly nothing.
    first = np.zeros(len(paired.of_unit))
    first[paired.unit[::-1]] = value[::-1]
    observed = _spread(value - first[paired.unit], paired.unit, paired.of_unit)
    middle = paired.per_table(paired.table, value) / np.maximum(paired.of_table, 1)
    if (value == np.rint(value)).all():
        middle = np.rint(middle)  # sums of whole numbers are exact
    expected = _spread(value - middle[paired.table], paired.table, paired.of_table)
    return paired.per_table(paired.table_of_unit, observed), expected


def _spread(value: FloatArray, group: Indices, number: Indices) -> FloatArray:
    """The squared differences of all ordered pairs in each group, over its number less one."""
    sums, squares = (np.bincount(group, amount, minlength=len(number)) for amount in (value, value**2))
    return _shared(2.0 * (number * squares - sums**2), number)


def _shared(total: Any, number: Indices) -> FloatArray:
    return np.asarray(total / np.maximum(number - 1, 1), dtype=np.float64)


def _ratio(paired: Paired) -> Disagreement:
    """For ((a - b) / (a + b))², which has no such sums: every pair of ratings, and of categories, compared."""
    if (paired.value < 0).any():
        remedy = "kies level interval, of een schaal vanaf 0"
        refuse(MESSAGE, [fault("negative-ratio", "een oordeel onder 0 bij ratio", "0 of hoger", remedy)])
    by = np.argsort(paired.unit, kind="stable")
    unit, value = paired.unit[by], paired.value[by]
    observed = np.zeros(len(paired.of_unit))
    for apart in range(1, int(paired.of_unit.max(initial=0))):
        both = np.flatnonzero(unit[apart:] == unit[:-apart])
        differences = 2 * _relative(value[both + apart], value[both])
        observed += np.bincount(unit[both], differences, minlength=len(observed))
    expected = [
        _crossed(paired.scale[here], paired.of_category[here].astype(np.float64))
        for table in range(len(paired.of_table))
        for here in (paired.table_of_category == table,)
    ]
    per_table = paired.per_table(paired.table_of_unit, _shared(observed, paired.of_unit))
    return per_table, _shared(np.array(expected, dtype=np.float64), paired.of_table)


def _crossed(scale: FloatArray, number: FloatArray) -> float:
    """The differences of all ordered pairs of categories, each as often as it occurs."""
    scale, number = scale[number > 0], number[number > 0]
    rows = range(1, scale.size)
    return 2 * sum(float(number[row] * (number[:row] * _relative(scale[:row], scale[row])).sum()) for row in rows)


def _relative(one: FloatArray, other: FloatArray | np.float64) -> FloatArray:
    """((a - b) / (a + b))², 0 between two noughts."""
    total = one + other
    apart: FloatArray = ((one - other) / np.where(total == 0, 1.0, total)) ** 2
    return apart
