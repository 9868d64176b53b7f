"""From values to scores: a weighted power mean per group, from the indicators up to the root.

An unknown value is left out, never counted as 0 (OECD/JRC Handbook 2008: shadow imputation), and below a threshold of
coverage a group has no score rather than a false one (COINr, Aggregate with dat_thresh).

The power mean with exponent p of values u with weights w is (Σ w u^p / Σ w)^(1/p): p = 1 arithmetic,
0 geometric (the limit), -1 harmonic, inf the maximum, -inf the minimum (Hardy, Littlewood & Pólya 1934).
It is taken in steps, `powered` and `mean_of_powers`, so that in between the power of a cell that nobody knows may be
something else than the power of a value. Every table has the cells of a group on its last axis.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from numbers import Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from werkbank.errors import Finding, ScoringError, fault
from werkbank.scoring.ranking import rank
from werkbank.scoring.structure import Table, Tree, read_table
from werkbank.scoring.tables import (
    BoolArray,
    Copied,
    FloatArray,
    check_share,
    code_faults,
    meant,
    names,
    refuse,
    table_html,
)

TOLERANCE = 1e-9
"""What a share may fall short of a threshold by rounding alone."""
EXPONENTS = {"arithmetic": 1.0, "geometric": 0.0, "harmonic": -1.0, "maximum": math.inf}
NEAR_GEOMETRIC = 0.05
"""Below this |p| the plain formula loses digits: u^p is then 1 plus something small."""
GEOMETRIC = 1e-12
MeanByGroup = str | float | Mapping[Any, str | float]
"""A mean for every group, or one per group code; a group that is not named has the arithmetic one."""


@dataclass(frozen=True, eq=False)
class Scores:
    """The score and the coverage of every unit in every group; tables are handed out as copies.

    A score is NaN where nothing is known or too little; coverage is 0-1, NaN where nothing applies.

    >>> values = pd.DataFrame({"a": [100.0, 0.0], "b": [50.0, None]}, index=["noord", "zuid"])
    >>> structure = wb.scoring.equal_weights(values.columns)
    >>> wb.scoring.aggregate(values, structure)
    <Scores 2 units, 2 scored, root total>
    """

    root: Hashable
    _groups: pd.DataFrame
    _coverage: pd.DataFrame

    @property
    def total(self) -> pd.Series[float]:
        """The root's score per unit."""
        return self._groups[self.root].copy(deep=False)

    groups = Copied("_groups", "The scores: unit × every code that is not a leaf, the root included.")
    coverage = Copied(
        "_coverage", "The known part of what applies, by effective weight: unit × every code that is not a leaf."
    )

    def __eq__(self, other: object) -> bool:
        """Equal when the tables are, NaN beside NaN included."""
        if not isinstance(other, Scores):
            return NotImplemented
        return self._groups.equals(other._groups) and self._coverage.equals(other._coverage)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """How many units, of which with a score."""
        return f"<Scores {len(self._groups)} units, {self.total.notna().sum()} scored, root {self.root}>"

    def _repr_html_(self) -> str:
        """The first units with their scores and the coverage of the whole."""
        return table_html(self, self._groups.assign(coverage=self._coverage[self.root]))


def aggregate(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    mean: MeanByGroup = "arithmetic",
    minimum_coverage: float = 0.0,
    applicable: pd.DataFrame | None = None,
) -> Scores:
    """The scores of any table of numbers in any hierarchy; the values are never rescaled.

    `values`: unit × indicator, NaN = unknown. `structure`: code, parent, weight, the root's parent empty.
    `mean`: arithmetic | geometric | harmonic | maximum | an exponent | {group: any of these}.
    A group with less than `minimum_coverage` (0-1) has no score; its parent is made of the others, if its
    own coverage, by effective weight of the leaves, is enough. Cells that are not `applicable` leave the
    score and the coverage. No order of rows or columns changes a bit of the outcome. ScoringError with all
    faults for a table that does not fit its structure or holds values that have no such mean.

    >>> values = pd.DataFrame({"a": [100.0, 0.0], "b": [50.0, None]}, index=["noord", "zuid"])
    >>> structure = wb.scoring.equal_weights(values.columns)
    >>> wb.scoring.aggregate(values, structure).total.to_dict()
    {'noord': 75.0, 'zuid': 0.0}
    >>> wb.scoring.aggregate(values, structure, minimum_coverage=0.6).total.to_dict()
    {'noord': 75.0, 'zuid': nan}
    """
    table = read_table(values, structure, applicable)
    coverage = table.tree.coverage(~np.isnan(table.cells), table.applicable)
    found = _scores(table, exponents(mean, table.tree), coverage, check_share(minimum_coverage, "minimum_coverage"))
    return Scores(
        root=table.tree.root,
        _groups=frame(found, table.tree.groups, table.units),
        _coverage=frame(coverage, table.tree.groups, table.units),
    )


def leave_one_out(
    values: pd.DataFrame, structure: pd.DataFrame, *, mean: MeanByGroup = "arithmetic"
) -> pd.Series[float]:
    """Per group directly above the indicators: the mean number of places that the units move without it.

    `values` and `structure` as `aggregate` takes them. The other groups keep their weights. Units count that
    have a score with the group and without it; NaN when there is none. In the order of the structure; empty
    when all indicators hang directly below the root. Source: remove_elements of COINr (MeanAbsDiff).

    >>> values = pd.DataFrame({"a": [9.0, 1.0], "b": [1.0, 2.0]}, index=["noord", "zuid"])
    >>> codes = {"code": ["total", "one", "two", "a", "b"], "parent": ["", "total", "total", "one", "two"], "weight": 1}
    >>> wb.scoring.leave_one_out(values, pd.DataFrame(codes)).to_dict()
    {'one': 1.0, 'two': 0.0}
    """
    table = read_table(values, structure)
    tree, exponent = table.tree, exponents(mean, table.tree)
    everything = tree.coverage(np.ones_like(table.applicable), table.applicable)

    def places(without: set[Hashable]) -> pd.Series[float]:
        kept = np.where([leaf in without for leaf in tree.leaves], np.nan, table.cells)
        total = _scores(Table(table.units, tree, kept, table.applicable), exponent, everything, 0.0)[tree.root]
        return rank(total).astype("Float64").astype("float64")

    nominal = places(set())
    groups = [
        group for group in tree.groups if group != tree.root and not tree.children.keys() >= set(tree.children[group])
    ]
    moved = [(places(_leaves(tree, group)) - nominal).abs().mean() for group in groups]
    index = pd.Index(groups, name="code", tupleize_cols=False)
    return pd.Series(moved, index=index, dtype="float64", name="mean_rank_change")


def _scores(
    table: Table, exponent: Mapping[Hashable, float], coverage: Mapping[Hashable, FloatArray], minimum: float
) -> dict[Hashable, FloatArray]:
    """The score of every code, group by group from below."""
    tree, faults = table.tree, list[Finding]()
    scores = {leaf: table.cells[:, place] for place, leaf in enumerate(tree.leaves)}
    for group in tree.bottom_up:
        columns, weights = np.column_stack([scores[code] for code in tree.children[group]]), tree.weights[group]
        faults += _domain_faults(table, group, columns, exponent[group])
        mean = weighted_mean(columns, weights, exponent[group])
        scores[group] = np.where(coverage[group] >= minimum - TOLERANCE, mean, np.nan)
    refuse("Niet elke groep heeft zo'n gemiddelde.", faults)
    return scores


def exponents(mean: MeanByGroup, tree: Tree) -> dict[Hashable, float]:
    """The exponent of every group; ScoringError for a group or a mean that does not exist."""
    if not isinstance(mean, Mapping):
        return dict.fromkeys(tree.groups, parse_mean(mean))
    strange = [code for code in mean if code not in tree.children]
    faults = code_faults(
        "unknown-group", strange, "groep “{}”", names(tree.groups), lambda one: meant(one, tree.groups)
    )
    refuse("Er is een gemiddelde opgegeven voor een groep die er niet is.", faults)
    return {group: parse_mean(mean.get(group, "arithmetic")) for group in tree.groups}


def _domain_faults(table: Table, group: Hashable, columns: FloatArray, exponent: float) -> list[Finding]:
    """The faults of values that have no mean with this exponent, because the outcome would be no number.

    Exponents of 0 and below take positive values only. An even or broken exponent loses the sign of a
    negative value, so it takes none; 1, 3, 5 … and the infinite ones take all.
    """
    if math.isinf(exponent) or (exponent % 2 == 1 and exponent > 0):
        return []
    least, low = (
        ("boven 0", "0 of een negatieve waarde") if exponent <= 0 else ("van 0 of hoger", "een negatieve waarde")
    )
    outside = (columns <= 0 if exponent <= 0 else columns < 0) & (np.array(table.tree.weights[group]) > 0)
    remedy = "kies een ander gemiddelde, bijvoorbeeld arithmetic, of een andere schaal"
    return [
        fault(
            "mean-undefined",
            f"{low} in “{code}” (groep “{group}”) bij {names(table.units[wrong])}, bij een exponent {exponent:g}",
            f"waarden {least}",
            remedy,
            indicator=code,
        )
        for code, wrong in zip(table.tree.children[group], outside.T, strict=True)
        if wrong.any()
    ]


def _leaves(tree: Tree, code: Hashable) -> set[Hashable]:
    """All indicators below a code, at any depth."""
    if code not in tree.children:
        return {code}
    return set().union(*(_leaves(tree, below) for below in tree.children[code]))


def frame(columns: Mapping[Hashable, FloatArray], codes: tuple[Hashable, ...], units: pd.Index) -> pd.DataFrame:
    """The columns of these codes as a table."""
    table = pd.DataFrame(dict(enumerate(columns[code] for code in codes)), index=units)
    return table.set_axis(pd.Index(codes, tupleize_cols=False), axis="columns")


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
    remedy = meant(str(mean), EXPONENTS)
    raise ScoringError("Dit gemiddelde bestaat niet.", (fault("unknown-mean", f"“{mean}”", allowed, remedy),))


def weighted_mean(values: ArrayLike, weights: ArrayLike | None = None, mean: str | float = "arithmetic") -> FloatArray:
    """The weighted power mean along the last axis of what is known and weighs something, NaN where nothing is.

    `values`: (…, cells), NaN = unknown; `weights`: (cells), absent all the same; `mean`: see `parse_mean`. It lies
    between the values it is made of.

    >>> wb.scoring.weighted_mean([[0.0, 100.0], [None, 50.0]], [1, 3]).tolist()
    [75.0, 50.0]
    """
    table, exponent = np.asarray(values, dtype=np.float64), parse_mean(mean)
    weighing = np.ones(table.shape[-1]) if weights is None else np.asarray(weights, dtype=np.float64)
    counts = ~np.isnan(table) & (weighing > 0)
    with np.errstate(all="ignore"):
        lowest = np.where(counts, table, np.inf).min(axis=-1, initial=np.inf)
        highest = np.where(counts, table, -np.inf).max(axis=-1, initial=-np.inf)
        # Relative to the largest value (the lowest under p < 0), so that no power is too large for a float.
        size = np.maximum(np.abs(lowest), np.abs(highest)) if exponent > -NEAR_GEOMETRIC else lowest
        scale = np.where(np.isfinite(size) & (size != 0), size, 1.0)
        # A power of two near it loses no digit.
        scale = np.ldexp(1.0, np.frexp(scale)[1]) if exponent in (1, 2) else scale
        relative = np.where(counts, table / scale[..., None], 1.0)
        found = mean_of_powers(powered(relative, exponent), weighing, counts, exponent) * scale
    # Rounding may not take a mean out of its values, so that a constant stays what it is.
    kept = np.where(counts.any(axis=-1), np.clip(found, lowest, highest), np.nan)
    return np.asarray(kept.reshape(table.shape[:-1])[()])


def powered(values: FloatArray, exponent: float) -> FloatArray:
    """What is averaged of each value: its power, with its sign; near an exponent of 0 its logarithm, grown or not."""
    if exponent == 1 or math.isinf(exponent):
        return values
    if abs(exponent) < GEOMETRIC:
        return np.asarray(np.log(values))
    if abs(exponent) < NEAR_GEOMETRIC:
        return np.asarray(np.expm1(exponent * np.log(values)))
    return np.asarray(np.copysign(np.abs(values) ** exponent, values))


def mean_of_powers(powers: FloatArray, weights: FloatArray, counts: BoolArray, exponent: float) -> FloatArray:
    """The power mean of values of which the powers are given, along the last axis; NaN where nothing counts.

    `powers`: (…, units, cells); `weights`: (…, cells), the same for every unit; `counts`: (…, units, cells).
    """
    if math.isinf(exponent):
        worst = -exponent
        taken = np.where(counts & (weights > 0)[..., None, :], powers, worst)
        best = taken.max(axis=-1, initial=worst) if exponent > 0 else taken.min(axis=-1, initial=worst)
        return np.where(np.isinf(best), np.nan, best)
    # Summed row by row in one order: a product of matrices rounds otherwise from row to row, and equal rows must tie.
    there = counts.astype(np.float64)
    total = np.einsum("...k,...k->...", np.where(counts, powers, 0.0), weights[..., None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        return _unpowered(total / np.einsum("...k,...k->...", there, weights[..., None, :]), exponent)


def _unpowered(mean: FloatArray, exponent: float) -> FloatArray:
    if exponent == 1:
        return mean
    if abs(exponent) < GEOMETRIC:
        return np.asarray(np.exp(mean))
    if abs(exponent) < NEAR_GEOMETRIC:
        return np.asarray(np.exp(np.log1p(mean) / exponent))
    return np.asarray(np.copysign(np.abs(mean) ** (1 / exponent), mean))


def power_shares(powers: FloatArray, weights: FloatArray, counts: BoolArray, exponent: float) -> FloatArray:
    """The part of each cell in its group's mean: w u^p / Σ w u^p, and 0 where that sum is 0 or the cell counts not.

    Of a maximum: equal parts for the cells that reach it.
    """
    amounts = np.where(counts, powers, 0.0) * (weights > 0 if math.isinf(exponent) else weights)
    if math.isinf(exponent):
        highest = amounts.max(axis=-1, keepdims=True)
        amounts = np.where(counts & (amounts == highest) & (highest > 0), 1.0, 0.0)
    total = amounts.sum(axis=-1, keepdims=True)
    return np.asarray(np.divide(amounts, total, out=np.zeros_like(amounts), where=total != 0))
