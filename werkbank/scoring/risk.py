"""The risk score of a park: group scores, a total that keeps within its bounds, and what is known.

The tree has two levels, indicators in groups in the root. A group of which too little is known has no score
of its own. Leaving it out of the total alone could put the total outside what is still possible, so the group
*stands in* at the weighted mean of the groups that have a score, kept within its own bounds. Where those
bounds do not bite this is exactly the total over the remaining groups.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.aggregation import (
    TOLERANCE,
    Evaluation,
    MeanByGroup,
    coverages,
    evaluate,
    exponents,
    frame,
)
from werkbank.scoring.combination import Combined
from werkbank.scoring.decomposition import check_divisible, spread
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.look import table_html
from werkbank.scoring.means import mean_of_columns
from werkbank.scoring.structure import Tree, read_structure
from werkbank.scoring.tables import FloatArray, check_share, table_of

__all__ = ["RiskScores", "score_risk"]


@dataclass(frozen=True, eq=False)
class RiskScores:
    """Scores 0-100 with their bounds, and what they rest on; tables are handed out as copies.

    Tables of groups are unit × every group and the root, whose column is the total.

    >>> police = pd.DataFrame({"V01": [100.0, None]}, index=["noord", "zuid"])
    >>> both = wb.scoring.combine({"police": police}, rules={"V01": "mean"}, best_judge={})
    >>> weights = {"code": ["total", "threat", "V01"], "parent": ["", "total", "threat"], "weight": [1, 1, 1]}
    >>> wb.scoring.score_risk(both, pd.DataFrame(weights))
    <RiskScores 2 units, 1 with a total>
    """

    root: Hashable
    _groups: pd.DataFrame
    _groups_low: pd.DataFrame
    _groups_high: pd.DataFrame
    _coverage: pd.DataFrame
    _two_sided: pd.DataFrame
    _contributions: pd.DataFrame

    @property
    def total(self) -> pd.Series[float]:
        """The total; NaN where too little is known or the required group has no score."""
        return self._groups[self.root].copy(deep=False)

    @property
    def low(self) -> pd.Series[float]:
        """The lowest total any completion of the missing judgements gives."""
        return self._groups_low[self.root].copy(deep=False)

    @property
    def high(self) -> pd.Series[float]:
        """The highest total any completion of the missing judgements gives."""
        return self._groups_high[self.root].copy(deep=False)

    @property
    def groups(self) -> pd.DataFrame:
        """The score per group; NaN where too little of it is known."""
        return self._groups.copy(deep=False)

    @property
    def groups_low(self) -> pd.DataFrame:
        """The lower bound per group; NaN where nothing applies."""
        return self._groups_low.copy(deep=False)

    @property
    def groups_high(self) -> pd.DataFrame:
        """The upper bound per group; NaN where nothing applies."""
        return self._groups_high.copy(deep=False)

    @property
    def coverage(self) -> pd.DataFrame:
        """The part, by weight, of the applicable cells that at least one party knows."""
        return self._coverage.copy(deep=False)

    @property
    def two_sided(self) -> pd.DataFrame:
        """The part, by weight, of the applicable cells that every party knows."""
        return self._two_sided.copy(deep=False)

    @property
    def contributions(self) -> pd.DataFrame:
        """Unit × (indicators and groups): what adds up to the total; a group's part is what it stands in for.

        NaN: an unknown or inapplicable cell, or a unit without a total. 0: a known cell in a group that has
        no score of its own, and a group that has one.
        """
        return self._contributions.copy(deep=False)

    def __eq__(self, other: object) -> bool:
        """Equal when the tables are."""
        if not isinstance(other, RiskScores):
            return NotImplemented
        tables = [field.name for field in fields(self) if field.name != "root"]
        return self.root == other.root and all(getattr(self, name).equals(getattr(other, name)) for name in tables)

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """How many units, of which with a total."""
        return f"<RiskScores {len(self._groups)} units, {int(self.total.notna().sum())} with a total>"

    def _repr_html_(self) -> str:
        """The first units with their total, its bounds, and how much of it is known."""
        own = {"total": self.total, "low": self.low, "high": self.high, "coverage": self._coverage[self.root]}
        return table_html(self, pd.DataFrame(own))


def score_risk(
    combined: Combined,
    structure: pd.DataFrame,
    *,
    mean: MeanByGroup = "arithmetic",
    minimum_coverage: float = 0.0,
    required: str = "threat",
) -> RiskScores:
    """The scores, bounds and contributions of every unit.

    `structure`: root, groups, indicators. `mean` is that within the groups, one for all or by group code; the
    total is the arithmetic weighted mean of the groups. A group below `minimum_coverage` has bounds only; the
    total needs that coverage as a whole and a score of the `required` group. The bounds are those of the
    combined cells, so low ≤ total ≤ high, and raising one judgement never lowers the total.

    >>> police = pd.DataFrame({"V01": [100.0, None], "G01": [50.0, 0.0]}, index=["noord", "zuid"])
    >>> both = wb.scoring.combine({"police": police}, rules={"V01": "mean", "G01": "mean"}, best_judge={})
    >>> rows = [("total", "", 1), ("threat", "total", 3), ("opportunity", "total", 1), ("V01", "threat", 1)]
    >>> weights = pd.DataFrame([*rows, ("G01", "opportunity", 1)], columns=["code", "parent", "weight"])
    >>> risk = wb.scoring.score_risk(both, weights)
    >>> risk.total.to_dict(), risk.low.to_dict(), risk.high.to_dict()
    ({'noord': 87.5, 'zuid': nan}, {'noord': 87.5, 'zuid': 0.0}, {'noord': 87.5, 'zuid': 75.0})
    """
    tree = read_structure(structure)
    refuse("Deze structuur past niet bij een risicoscore.", _structure_faults(tree, required, mean))
    exponent = exponents(mean, tree) | {tree.root: 1.0}
    check_divisible(exponent)
    share = check_share(minimum_coverage, "minimum_coverage")

    point_table = table_of(combined.values, tree, combined.applicable)
    low, high = (
        evaluate(table_of(bound, tree, combined.applicable), exponent, 0.0) for bound in (combined.low, combined.high)
    )
    point = evaluate(point_table, exponent, share)
    totals = _Totals.of(tree, point, (low, high), share, required)
    parts = _parts(tree, point, exponent, totals)
    both = dict(zip(combined.known_by_all, combined.known_by_all.to_numpy(dtype=np.bool_).T, strict=True))

    def table(columns: Mapping[Hashable, FloatArray], *codes: Hashable) -> pd.DataFrame:
        return frame(columns, codes or tree.groups, point_table.units)

    return RiskScores(
        root=tree.root,
        _groups=table({**point.scores, tree.root: totals.total}),
        _groups_low=table(low.scores),
        _groups_high=table(high.scores),
        _coverage=table(point.coverage),
        _two_sided=table(coverages(tree, both, point_table.applicable)),
        _contributions=table(parts, *tree.leaves, *(code for code in tree.groups if code != tree.root)),
    )


@dataclass(frozen=True, slots=True)
class _Totals:
    """The total, and per group the part of it that its score or its stand-in counts for."""

    total: FloatArray
    counted: Mapping[Hashable, FloatArray]
    share: Mapping[Hashable, FloatArray]

    @classmethod
    def of(
        cls,
        tree: Tree,
        point: Evaluation,
        bounds: tuple[Evaluation, Evaluation],
        minimum_coverage: float,
        required: Hashable,
    ) -> _Totals:
        """The arithmetic weighted mean of the groups in which something applies, stand-ins included."""
        groups, weights, root = tree.children[tree.root], tree.weights[tree.root], tree.root
        low, high = (bound.scores for bound in bounds)
        scored = mean_of_columns([point.scores[group] for group in groups], weights, 1.0)
        counted = {
            group: np.where(
                np.isnan(point.scores[group]),
                np.clip(scored, low[group], high[group]),
                point.scores[group],
            )
            for group in groups
        }
        total = mean_of_columns([counted[group] for group in groups], weights, 1.0)
        enough = (point.coverage[root] >= minimum_coverage - TOLERANCE) & ~np.isnan(point.scores[required])
        # The bounds hold by construction; the clip takes out the last bit of rounding.
        total = np.where(enough, np.clip(total, low[root], high[root]), np.nan)
        present = [np.where(np.isnan(counted[group]), 0.0, w) for group, w in zip(groups, weights, strict=True)]
        whole = np.where(np.isnan(total), np.nan, sum(present))
        return cls(total, counted, {group: w / whole for group, w in zip(groups, present, strict=True)})


def _parts(
    tree: Tree, point: Evaluation, exponent: Mapping[Hashable, float], totals: _Totals
) -> dict[Hashable, FloatArray]:
    """What each cell of a scored group, and each group that stands in, adds to the total."""
    scored = {group: ~np.isnan(point.scores[group]) for group in totals.share}
    factors = {group: np.where(scored[group], part, part * 0.0) for group, part in totals.share.items()}
    cells = spread(tree, point.scores, exponent, factors)
    return cells | {
        group: np.where(scored[group] | (part == 0), part * 0.0, part * totals.counted[group])
        for group, part in totals.share.items()
    }


def _structure_faults(tree: Tree, required: Hashable, mean: MeanByGroup) -> list[Finding]:
    groups = tree.children[tree.root]
    deep = [code for code in tree.groups if code != tree.root and code not in groups]
    flat = [code for code in groups if code not in tree.children]
    faults = [
        fault(
            "not-two-levels",
            found,
            "een top, groepen en indicatoren",
            "hang de indicatoren in groepen onder de top",
            indicator=code,
        )
        for codes, text in (
            (deep, "“{}” is een groep in een groep"),
            (flat, "“{}” hangt zonder groep onder de top"),
        )
        for code in codes
        for found in (text.format(code),)
    ]
    if required not in groups:
        remedy = meant(required, groups, "kies een van deze")
        faults.append(fault("unknown-group", f"vereiste groep “{required}”", names(groups), remedy))
    if isinstance(mean, Mapping) and mean.get(tree.root, "arithmetic") not in ("arithmetic", 1):
        found = f"het gemiddelde van “{tree.root}” is {mean[tree.root]}"
        faults.append(fault("total-not-arithmetic", found, "arithmetic", "laat de top weg uit mean"))
    return faults
