"""Weighted sums over many draws of the weights, in which what is equal stays equal.

A product of matrices is quick, but rounds differently from one column to the next, so that two identical
units can differ in the last bit. Where two scores lie within what rounding can do, they are computed again
as if with twice the digits (Ogita, Rump & Oishi 2005, Dot2), and only those decide the rank.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.arrays import read_numbers
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.faults import fault, names, refuse
from werkbank.scoring.means import BoolArray, exact_sum
from werkbank.scoring.tables import FloatArray

__all__ = ["WeightedDraws", "read_draws"]

EPSILON = float(np.finfo(np.float64).eps)
TINY = float(np.finfo(np.float64).tiny)
ONE_THREAD = 250_000
"""Multiplications up to which OpenBLAS keeps to one thread, instead of fighting the other blocks for two."""


@dataclass(frozen=True, eq=False)
class WeightedDraws:
    """The weighted sum of every unit in every draw; with missing values the weighted mean of the known ones.

    `values`: (units, criteria), the same in every draw, or (draws, units, criteria), without NaN.
    `known`: True where there is a value, None when all are; `weights`: (draws, criteria), 0 or higher;
    `largest`: the largest size of a value; `kind`: per unit as it was handed over which of these units it is,
    since identical ones are ranked once.
    """

    values: FloatArray
    known: BoolArray | None
    weights: FloatArray
    largest: float
    kind: Indices

    @property
    def shape(self) -> tuple[int, int]:
        """How many draws, of how many units."""
        return len(self.weights), self.values.shape[-2]

    def weighing(self, weights: FloatArray) -> WeightedDraws:
        """The same values under one row of weights: once, or in every draw of the values."""
        draws = len(self.values) if self.values.ndim == 3 else 1
        return replace(self, weights=np.tile(weights, (draws, 1)))

    def ever_scored(self) -> BoolArray:
        """Per unit: whether it has a score in any draw."""
        if self.known is None:
            return np.ones(self.shape[1], dtype=np.bool_)
        weighs = self.weights > 0
        if self.known.ndim == 2:
            return np.asarray(self.known[:, weighs.any(axis=0)].any(axis=1))
        return np.asarray((self.known & weighs[:, np.newaxis]).any(axis=(0, 2)))

    def scores(self, draws: slice) -> FloatArray:
        """The scores of these draws, draw × unit; NaN where nothing is known that weighs."""
        weights = self.weights[draws]
        total = _weighed(self.values if self.values.ndim == 2 else self.values[draws], weights)
        if self.known is None:
            return total
        part = _weighed((self.known if self.known.ndim == 2 else self.known[draws]).astype(np.float64), weights)
        with np.errstate(invalid="ignore"):
            return np.where(part > 0, total / part, np.nan)

    def doubt(self, draws: slice) -> FloatArray:
        """Per draw at least twice the bound on the rounding error of a score (Higham 2002, section 3.1)."""
        weights, criteria = self.weights[draws], self.weights.shape[1]
        total = weights.sum(axis=1) if self.known is None else np.ones(len(weights))
        return np.asarray((2 * criteria + 8) * EPSILON * self.largest * total + TINY)

    def exact(self, draws: Indices, units: Indices) -> FloatArray:
        """The scores of these pairs of draw and unit, as if computed with twice the digits."""
        pair = (units,) if self.values.ndim == 2 else (draws, units)
        weights = self.weights[draws]
        terms = _terms(self.values[pair], weights)
        total = exact_sum(terms)
        if self.known is None:
            return total
        shares = _terms(self.known[pair].astype(np.float64), weights)
        part = exact_sum(shares)
        mean = total / part
        product, lost = _product(mean, part)
        rest = exact_sum([*terms, -total]) - mean * exact_sum([*shares, -part])
        return mean + ((total - product) - lost + rest) / part


def _weighed(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Draw × unit, by pieces that are each too small for OpenBLAS to start threads of its own."""
    if values.ndim == 3:
        return np.asarray(np.einsum("dnk,dk->dn", values, weights))
    found = np.empty((len(weights), len(values)))
    step = max(64, ONE_THREAD // max(1, weights.size))
    for first in range(0, len(values), step):
        np.matmul(weights, values[first : first + step].T, out=found[:, first : first + step])
    return found


def _terms(left: FloatArray, right: FloatArray) -> list[FloatArray]:
    """What adds up to the sums of products along the rows: the products, and what their rounding loses."""
    pairs = [_product(left[:, k], right[:, k]) for k in range(left.shape[1])]
    return [*(product for product, _ in pairs), *(lost for _, lost in pairs)]


def _product(left: FloatArray, right: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A product and its rounding error (Dekker 1971)."""
    product = left * right
    (a, b), (c, d) = _halves(left), _halves(right)
    return product, ((a * c - product) + a * d + b * c) + b * d


def _halves(number: FloatArray) -> tuple[FloatArray, FloatArray]:
    """A number as the sum of two with half the digits each (Veltkamp 1968)."""
    large = number * (2.0**27 + 1)
    high = large - (large - number)
    return high, number - high


def read_draws(values: Any, weights: Any) -> tuple[WeightedDraws, pd.Index, pd.Index]:
    """The checked draws, and the labels of the units and of the criteria; ScoringError with all faults."""
    table = read_numbers(values, "de waarden", 2, 3)
    units, criteria = _labels(values, table, weights)
    if isinstance(values, pd.DataFrame) and isinstance(weights, pd.DataFrame):
        refuse("Deze trekkingen kunnen niet.", _label_faults(criteria, weights.columns))
        weights = weights[criteria]
    weighing = read_numbers(weights, "de gewichten", 1, 2)
    if weighing.ndim == 1:
        weighing = np.tile(weighing, (len(table) if table.ndim == 3 else 1, 1))
    refuse("Deze trekkingen kunnen niet.", [*_shape_faults(table, weighing), *_weight_faults(weighing)])
    table, kind = _kinds(table)
    known = ~np.isnan(table)
    np.nan_to_num(table, copy=False)
    largest = float(max(table.max(), -table.min()))
    return WeightedDraws(table, None if known.all() else known, weighing, largest, kind), units, criteria


def _kinds(table: FloatArray) -> tuple[FloatArray, Indices]:
    """The different units of one table, and which of them each unit is; drawn units all differ."""
    if table.ndim == 3:
        return table, np.arange(table.shape[1])
    # Sorted as bytes; adding 0 takes away the sign of a nought.
    rows = np.ascontiguousarray(table + 0.0).view(np.dtype((np.void, table.itemsize * table.shape[1])))[:, 0]
    _, first, kind = np.unique(rows, return_index=True, return_inverse=True)
    return table[first], kind


def _labels(values: Any, table: FloatArray, weights: Any) -> tuple[pd.Index, pd.Index]:
    if isinstance(values, pd.DataFrame):
        return values.index, values.columns
    units, criteria = table.shape[-2:]
    named = isinstance(weights, pd.DataFrame) and weights.shape[1] == criteria
    return pd.RangeIndex(units), weights.columns if named else pd.RangeIndex(criteria)


def _label_faults(criteria: pd.Index, found: pd.Index) -> list[Finding]:
    allowed = f"een kolom voor elk criterium: {names(criteria)}"
    remedy = "maak de kolommen van waarden en gewichten gelijk"
    same = criteria.is_unique and len(criteria) == len(found) and criteria.isin(found).all()
    return [] if same else [fault("other-labels", f"gewichten voor {names(found)}", allowed, remedy)]


def _shape_faults(table: FloatArray, weights: FloatArray) -> list[Finding]:
    faults = []
    if 0 in table.shape or 0 in weights.shape:
        found = f"{table.shape[-2]} eenheden, {table.shape[-1]} criteria, {len(weights)} trekkingen"
        faults.append(fault("nothing-to-rank", found, "van elk minstens een", "geef waarden en gewichten"))
    if table.shape[-1] != weights.shape[-1]:
        found = f"{table.shape[-1]} criteria, en gewichten voor {weights.shape[-1]}"
        faults.append(fault("bad-shape", found, "een gewicht per criterium", "maak ze gelijk"))
    if table.ndim == 3 and len(table) != len(weights):
        found = f"{len(table)} trekkingen van waarden, {len(weights)} van gewichten"
        faults.append(fault("bad-shape", found, "van beide evenveel", "maak ze gelijk"))
    return faults


def _weight_faults(weights: FloatArray) -> list[Finding]:
    faults = []
    if not (weights >= 0).all():
        found = "een negatief of leeg gewicht"
        faults.append(fault("bad-weight", found, "0 of hoger", "verbeter de gewichten"))
    if weights.size and (weights == 0).all(axis=1).any():
        found = f"{int((weights == 0).all(axis=1).sum())} trekkingen waarin alle gewichten 0 zijn"
        faults.append(fault("no-weight", found, "minstens een gewicht boven 0", "verbeter de gewichten"))
    return faults
