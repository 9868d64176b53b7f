"""Weighted power means in which an unknown value is left out, never counted as 0.

The power mean with exponent p of values u with weights w is (Σ w u^p / Σ w)^(1/p): p = 1 arithmetic,
0 geometric (the limit), -1 harmonic, inf the maximum, -inf the minimum (Hardy, Littlewood & Pólya 1934).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from functools import reduce
from numbers import Real

import numpy as np
from numpy.typing import ArrayLike, NDArray

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, meant, names, refuse

__all__ = [
    "BoolArray",
    "FloatArray",
    "exact_sum",
    "mean_of_columns",
    "outside_domain",
    "parse_mean",
    "signed_power",
    "weighted_mean",
]

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]

EXPONENTS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "maximum": math.inf}
NEAR_GEOMETRIC = 0.05
"""Below this |p| the plain formula loses digits: u^p is then 1 plus something small."""
GEOMETRIC = 1e-12


def parse_mean(mean: str | float) -> float:
    """The exponent of the power mean that a name or a number stands for.

    Names: arithmetic, geometric, harmonic, maximum. A number is the exponent itself, infinite included.
    ScoringError for anything else.

    >>> wb.scoring.parse_mean("maximum"), wb.scoring.parse_mean("geometric"), wb.scoring.parse_mean(2)
    (inf, 0.0, 2.0)
    """
    if isinstance(mean, Real) and not isinstance(mean, bool) and not math.isnan(mean):
        return float(mean)
    if isinstance(mean, str) and mean in EXPONENTS:
        return EXPONENTS[mean]
    allowed = f"{names(EXPONENTS)} of een getal (de exponent)"
    remedy = meant(str(mean), EXPONENTS, "kies een van deze")
    refuse("Dit gemiddelde bestaat niet.", [fault("unknown-mean", f"“{mean}”", allowed, remedy)])
    raise AssertionError  # refuse has raised


def weighted_mean(values: ArrayLike, weights: ArrayLike | None = None, mean: str | float = "arithmetic") -> FloatArray:
    """The weighted mean along the last axis of what is known and weighs something, NaN where nothing is.

    `weights` broadcasts against `values`; absent, all weigh the same. NaN is unknown; a value with weight 0
    is left out, also of a maximum. The result never lies outside the values it is made of. ScoringError
    for infinite values, impossible weights, and values that have no such mean (0 under a geometric one).

    >>> wb.scoring.weighted_mean([[0.0, 100.0], [None, 50.0]], [1, 3]).tolist()
    [75.0, 50.0]
    """
    table = np.asarray(values, dtype=np.float64)
    weighing = np.ones(table.shape[-1]) if weights is None else np.asarray(weights, dtype=np.float64)
    exponent = parse_mean(mean)
    refuse("Dit gemiddelde is niet te berekenen.", _array_faults(table, weighing, exponent))
    positions = range(table.shape[-1])
    columns = [np.asarray(table[..., j]) for j in positions]
    found = mean_of_columns(columns, [np.asarray(weighing[..., j]) for j in positions], exponent)
    shape = np.broadcast_shapes(table.shape, weighing.shape)[:-1]
    return np.broadcast_to(found, shape).copy()[()]


def mean_of_columns(
    columns: Sequence[FloatArray], weights: Sequence[FloatArray | float], exponent: float
) -> FloatArray:
    """The weighted power mean of equally shaped columns; the caller has checked the values.

    Weights are numbers or arrays that broadcast against the columns. The order of the columns does not
    matter: rounding errors are carried along, so equal sets of values give equal means, and ties stay ties.
    """
    counted = [np.where(np.greater(w, 0), u, np.nan) for u, w in zip(columns, weights, strict=True)]
    if not counted:
        return np.asarray(np.nan)
    lowest, highest = reduce(np.fmin, counted), reduce(np.fmax, counted)
    if math.isinf(exponent):
        return highest if exponent > 0 else lowest
    with np.errstate(all="ignore"):
        mean = _power_mean(counted, weights, exponent, lowest, highest)
    # A mean lies between its values; rounding may not take it out, so that a constant stays what it is.
    return np.clip(mean, lowest, highest)


def outside_domain(values: FloatArray, exponent: float) -> BoolArray:
    """True where a value has no power mean of this exponent, because the outcome would be no number.

    Exponents of 0 and below take positive values only. An even or broken exponent loses the sign of a
    negative value, so it takes none; 1, 3, 5 … and the infinite ones take all.
    """
    if math.isinf(exponent) or (exponent % 2 == 1 and exponent > 0):
        return np.zeros(np.shape(values), dtype=np.bool_)
    return np.less_equal(values, 0) if exponent <= 0 else np.less(values, 0)


def _power_mean(
    columns: Sequence[FloatArray],
    weights: Sequence[FloatArray | float],
    exponent: float,
    lowest: FloatArray,
    highest: FloatArray,
) -> FloatArray:
    if abs(exponent) < GEOMETRIC:
        geometric: FloatArray = np.exp(_average([np.log(u) for u in columns], weights))
        return geometric
    if exponent in (1, 2):
        return _plain(columns, weights, exponent, np.maximum(np.abs(lowest), np.abs(highest)))
    top = np.maximum(np.abs(lowest), np.abs(highest)) if exponent > 0 else lowest
    top = np.asarray(np.where(top == 0, 1.0, top), dtype=np.float64)
    if abs(exponent) < NEAR_GEOMETRIC:
        grown = _average([np.expm1(exponent * np.log(u / top)) for u in columns], weights)
        relative: FloatArray = np.exp(np.log1p(grown) / exponent)
    else:
        inner = _average([signed_power(u / top, exponent) for u in columns], weights)
        relative = signed_power(inner, 1 / exponent)
    return top * relative


def _plain(
    columns: Sequence[FloatArray], weights: Sequence[FloatArray | float], exponent: float, top: FloatArray
) -> FloatArray:
    """Exponents 1 and 2 without a rounding of their own: the scale is a power of two, the root exact."""
    scale: FloatArray = np.ldexp(1.0, np.frexp(np.nan_to_num(top))[1] - 1)
    if exponent == 1:
        return _average([u / scale for u in columns], weights) * scale
    root: FloatArray = np.sqrt(_average([np.square(u / scale) for u in columns], weights))
    return root * scale


def signed_power(values: FloatArray, exponent: float) -> FloatArray:
    """The power of the size, with the sign of the value."""
    power: FloatArray = np.sign(values) * np.abs(values) ** exponent
    return power


def _average(columns: Sequence[FloatArray], weights: Sequence[FloatArray | float]) -> FloatArray:
    known = [~np.isnan(u) for u in columns]
    weighed = exact_sum(np.where(k, w * u, 0.0) for k, u, w in zip(known, columns, weights, strict=True))
    return weighed / exact_sum(np.where(k, w, 0.0) for k, w in zip(known, weights, strict=True))


def exact_sum(terms: Iterable[FloatArray]) -> FloatArray:
    """The sum with its rounding errors added back (Knuth's two-sum), whatever the order of the terms."""
    total = lost = np.asarray(0.0)
    for term in terms:
        grown = total + term
        added = grown - total
        lost = lost + ((total - (grown - added)) + (term - added))
        total = grown
    return np.asarray(total + lost, dtype=np.float64)


def _array_faults(table: FloatArray, weights: FloatArray, exponent: float) -> list[Finding]:
    faults = []
    if np.isinf(table).any():
        faults.append(fault("infinite-value", "oneindige waarden", "getallen of leeg", "verbeter de waarden"))
    if not (np.isfinite(weights) & (weights >= 0)).all():
        found = "een negatief, leeg of oneindig gewicht"
        faults.append(fault("bad-weight", found, "0 of hoger", "verbeter de gewichten"))
    outside = outside_domain(table, exponent) & (weights > 0)
    if outside.any():
        columns: list[Hashable] = [j + 1 for j in range(table.shape[-1]) if outside[..., j].any()]
        faults.append(domain_fault(f"kolom {names(columns)}", exponent))
    return faults


def domain_fault(where: str, exponent: float, *, indicator: Hashable = None) -> Finding:
    """The fault of values that have no mean with this exponent."""
    low = "0 of een negatieve waarde" if exponent <= 0 else "een negatieve waarde"
    allowed = "waarden boven 0" if exponent <= 0 else "waarden van 0 of hoger"
    found = f"{low} in {where} bij een gemiddelde met exponent {exponent:g}"
    remedy = "kies een ander gemiddelde, bijvoorbeeld arithmetic, of een andere schaal"
    return fault("mean-undefined", found, allowed, remedy, indicator=indicator)
