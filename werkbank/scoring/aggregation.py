"""From values to scores: a weighted power mean per group, from the indicators up to the root.

An unknown value is left out, never counted as 0 (OECD/JRC Handbook 2008: shadow imputation), and below a
threshold of coverage a group has no score rather than a false one (COINr, Aggregate with dat_thresh).
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.look import table_html
from werkbank.scoring.means import BoolArray, domain_fault, exact_sum, mean_of_columns, outside_domain, parse_mean
from werkbank.scoring.structure import Tree
from werkbank.scoring.tables import FloatArray, Table, check_share, read_table

__all__ = [
    "TOLERANCE",
    "Evaluation",
    "MeanByGroup",
    "Scores",
    "aggregate",
    "coverages",
    "evaluate",
    "exponents",
]

TOLERANCE = 1e-9
"""What a share may fall short of a threshold by rounding alone."""

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

    @property
    def groups(self) -> pd.DataFrame:
        """The scores: unit × every code that is not a leaf, the root included."""
        return self._groups.copy(deep=False)

    @property
    def coverage(self) -> pd.DataFrame:
        """The known part of what applies, by effective weight: unit × every code that is not a leaf."""
        return self._coverage.copy(deep=False)

    def __eq__(self, other: object) -> bool:
        """Equal when the tables are, NaN beside NaN included."""
        if not isinstance(other, Scores):
            return NotImplemented
        return self._groups.equals(other._groups) and self._coverage.equals(other._coverage)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """How many units, of which with a score."""
        scored = int(self._groups[self.root].notna().sum())
        return f"<Scores {len(self._groups)} units, {scored} scored, root {self.root}>"

    def _repr_html_(self) -> str:
        """The first units with their scores and the coverage of the whole, every name escaped."""
        return table_html(self, self._groups.assign(coverage=self._coverage[self.root]))


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The score of every code, leaves included, and the coverage of every group, as columns."""

    scores: Mapping[Hashable, FloatArray]
    coverage: Mapping[Hashable, FloatArray]


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
    found = evaluate(table, exponents(mean, table.tree), check_share(minimum_coverage, "minimum_coverage"))
    return Scores(
        root=table.tree.root,
        _groups=frame(found.scores, table.tree.groups, table.units),
        _coverage=frame(found.coverage, table.tree.groups, table.units),
    )


def exponents(mean: MeanByGroup, tree: Tree) -> dict[Hashable, float]:
    """The exponent of every group; ScoringError for a group or a mean that does not exist."""
    if not isinstance(mean, Mapping):
        return dict.fromkeys(tree.groups, parse_mean(mean))
    refuse(
        "Er is een gemiddelde opgegeven voor een groep die er niet is.",
        [
            fault(
                "unknown-group",
                f"groep “{code}”",
                names(tree.groups),
                meant(code, tree.groups, "kies een van deze"),
            )
            for code in mean
            if code not in tree.children
        ],
    )
    return {group: parse_mean(mean.get(group, "arithmetic")) for group in tree.groups}


def evaluate(table: Table, exponent: Mapping[Hashable, float], minimum_coverage: float) -> Evaluation:
    """The scores of a checked table, group by group from below."""
    tree, scores, faults = table.tree, dict(table.cells), list[Finding]()
    coverage = coverages(tree, table.known, table.applicable)
    for group in tree.bottom_up:
        columns = [scores[code] for code in tree.children[group]]
        faults += _domain_faults(table, group, columns, exponent[group])
        mean = mean_of_columns(columns, tree.weights[group], exponent[group])
        scores[group] = np.where(coverage[group] >= minimum_coverage - TOLERANCE, mean, np.nan)
    refuse("Niet elke groep heeft zo'n gemiddelde.", faults)
    return Evaluation(scores=scores, coverage=coverage)


def coverages(
    tree: Tree, known: Mapping[Hashable, BoolArray], applicable: Mapping[Hashable, BoolArray] | None
) -> dict[Hashable, FloatArray]:
    """Per group the weight of the known leaves over that of the applicable ones, NaN where none applies."""
    whole = applicable or dict.fromkeys(tree.leaves, np.ones((), dtype=np.bool_))
    present, possible = _leaf_weight(tree, known), _leaf_weight(tree, whole)
    with np.errstate(invalid="ignore"):
        return {group: present[group] / possible[group] for group in tree.groups}


def frame(columns: Mapping[Hashable, FloatArray], codes: tuple[Hashable, ...], units: pd.Index) -> pd.DataFrame:
    """The columns of these codes as a table."""
    table = pd.DataFrame(dict(enumerate(columns[code] for code in codes)), index=units)
    return table.set_axis(pd.Index(codes, tupleize_cols=False), axis="columns")


def _leaf_weight(tree: Tree, marked: Mapping[Hashable, BoolArray]) -> dict[Hashable, FloatArray]:
    """Per group the part of its leaves, by weight, that is marked."""
    part: dict[Hashable, FloatArray] = {leaf: marked[leaf].astype(np.float64) for leaf in tree.leaves}
    for group in tree.bottom_up:
        weights = tree.weights[group]
        weighed = exact_sum(part[code] * weight for code, weight in zip(tree.children[group], weights, strict=True))
        part[group] = weighed / math.fsum(weights)
    return part


def _domain_faults(table: Table, group: Hashable, columns: list[FloatArray], exponent: float) -> list[Finding]:
    below = zip(table.tree.children[group], columns, table.tree.weights[group], strict=True)
    outside = {code: outside_domain(column, exponent) for code, column, weight in below if weight > 0}
    return [
        domain_fault(f"“{code}” (groep “{group}”) bij {names(table.units[cells])}", exponent, indicator=code)
        for code, cells in outside.items()
        if cells.any()
    ]
