"""How far raters agree: Gwet's AC, Cohen's kappa, the share that is the same, and who judges higher.

None of these is ever a number where there is none to give: too few ratings, or nought by nought, is NaN.
Gwet, Handbook of Inter-Rater Reliability (2014); Cohen (1960, 1968).
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from pandas.api import types

from werkbank.errors import Finding
from werkbank.scoring.arrays import check_choice, read_numbers
from werkbank.scoring.category_weights import WEIGHTS, agreement_weights
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.ratings import MESSAGE, read_ratings
from werkbank.scoring.tables import FloatArray

__all__ = ["bias", "cohen_kappa", "gwet_ac", "percent_agreement"]

MOST_CATEGORIES = 1_000
"""What has more is no scale but a measurement; for those there is Krippendorff's alpha."""
ROUNDING = 1e-9
"""What a difference may exceed the allowed one by."""


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
    read = read_ratings(ratings, ordered=weights != "identity", categories=categories)
    number = len(read.categories)
    if number > MOST_CATEGORIES:
        allowed, remedy = f"hoogstens {MOST_CATEGORIES}", "neem klassen, of krippendorff_alpha"
        refuse(MESSAGE, [fault("too-many-categories", f"{number} categorieën", allowed, remedy)])
    counts = read.counts()
    given = counts.sum(axis=1)
    pairs = given >= 2
    if number < 2 or np.count_nonzero(pairs) < 2:
        return float("nan")
    table = agreement_weights(weights, np.arange(number) if read.scale is None else read.scale)
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
        remedy = "geef het aantal stappen"
        refuse(MESSAGE, [fault("bad-step", f"within: {within}", "0 of hoger", remedy)])
    table = read_ratings(ratings, ordered=bool(within)).table()
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
        refuse(MESSAGE, [fault("not-two-raters", found, "precies twee", remedy)])
    differences = table[0] - table[1]
    known = ~np.isnan(differences)
    return float(differences[known].mean()) if known.any() else float("nan")


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
        remedy = "verbeter de tabel"
        faults.append(fault("bad-count", "een negatief of leeg aantal", "0 of hoger", remedy))
    return faults
