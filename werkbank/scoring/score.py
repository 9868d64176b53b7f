"""The risk score of a park: group scores, a total that keeps within its bounds, and what is known.

The tree has two levels, indicators in groups in the root. A group of which too little is known has no score of its
own. Leaving it out of the total alone could put the total outside what is still possible, so the group *stands in* at
the weighted mean of the groups that have a score, kept within its own bounds. Where those bounds do not bite this is
exactly the total over the remaining groups.

It is computed in one place, `evaluate`, for any number of draws of what could have been chosen otherwise;
the score itself is the one draw in which everything is as it was chosen.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding
from werkbank.scoring.aggregation import TOLERANCE, MeanByGroup, exponents, frame, mean_of_powers, power_shares, powered
from werkbank.scoring.combine import DRAWN_RULES, FIRST_STEP, Cells, CodeArray, Combined, Reading, code_worth
from werkbank.scoring.structure import Tree, read_structure
from werkbank.scoring.tables import (
    BoolArray,
    FloatArray,
    check_share,
    code_faults,
    fault,
    meant,
    names,
    refuse,
    table_html,
)

__all__ = ["Choices", "Outcome", "Plan", "RiskScores", "as_chosen", "evaluate", "plan_of", "score_risk", "weigh_groups"]


DECIMALS = 12
"""Of a score that is handed out; what lies beyond is not the score but the order of a sum."""


@dataclass(frozen=True, slots=True, eq=False)
class Choices:
    """All that a score is made with and could have been chosen otherwise; the first axis of each array is the draw."""

    group_weights: FloatArray
    """draw × group, each row sums to 1."""
    factors: FloatArray
    """draw × indicator: what the chosen weight is multiplied by."""
    rules: NDArray[np.intp]
    """draw × group: 0 for each indicator's own rule, else the group's, 1 + its place in DRAWN_RULES."""
    powers: FloatArray
    """draw × group: the exponent within the group."""
    points: tuple[FloatArray, ...]
    """Per kind draw × step."""
    missing: NDArray[np.int8] | None = None
    """draw × unknown cell: the step it gets; None where unknown cells are left out."""
    changes: CodeArray | None = None
    """draw × (unit × indicator): what errors of the parties add to each cell's code."""

    def __len__(self) -> int:
        """The number of draws."""
        return len(self.group_weights)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What stays the same over the draws: where each group's cells are, what counts, what each code is worth."""

    cells: Cells
    tree: Tree
    powers: FloatArray
    """Per group the exponent as it was chosen."""
    required: int
    """The group without which there is no total."""
    weights: FloatArray
    """Per indicator its chosen weight within its group."""
    columns: tuple[slice | NDArray[np.intp], ...]
    """Per group the places of its indicators."""
    counts: BoolArray
    """unit × indicator: the cell counts in the point score."""
    scored: BoolArray
    """unit × group: the group has a score of its own: enough of it is known, or what is missing is drawn."""
    stands_in: BoolArray
    """unit × group: it has none, and stands in at the mean of the others within its own bounds."""
    enough: BoolArray
    """Per unit: it has a total."""
    worth: Mapping[Reading, tuple[FloatArray, ...]]
    """Per reading and kind: rule × step × code."""

    @property
    def groups(self) -> tuple[Hashable, ...]:
        """The groups, in the order of the arrays."""
        return self.tree.children[self.tree.root]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What comes out of a number of draws."""

    total: FloatArray
    """draw × unit; NaN where a unit has none."""
    groups: FloatArray
    """draw × unit × group: its own score, else NaN."""
    counted: FloatArray
    """draw × unit × group: its own score, or what it stands in with; NaN where nothing applies."""
    low: FloatArray
    """draw × unit × group: with every missing judgement at the least risk; NaN where nothing applies, or not asked."""
    high: FloatArray


def plan_of(
    combined: Combined,
    structure: pd.DataFrame,
    *,
    mean: MeanByGroup,
    minimum_coverage: float,
    required: Hashable,
    missing_drawn: bool = False,
) -> Plan:
    """The plan of one set of units; coverage is that of the chosen weights, for what is known is no choice."""
    tree = read_structure(structure)
    faults = _structure_faults(tree, combined.cells.indicators, required, mean)
    refuse("Deze structuur past niet bij een risicoscore.", faults)
    exponent = exponents(mean, tree)
    refuse("Van dit gemiddelde zijn geen bijdragen te bepalen.", _power_faults(exponent, tree))
    cells, groups = combined.cells.of(tree.leaves), tree.children[tree.root]
    place = {code: number for number, code in enumerate(tree.leaves)}
    columns = [np.array([place[code] for code in tree.children[group]]) for group in groups]
    weights = np.empty(len(place))
    for group, places in zip(groups, columns, strict=True):
        weights[places] = tree.weights[group]
    coverage = tree.coverage(cells.known, cells.applicable)
    share = check_share(minimum_coverage, "minimum_coverage") - TOLERANCE
    known = np.column_stack([(coverage[group] >= share) & (coverage[group] > 0) for group in groups])
    applies = np.column_stack([cells.applicable[:, places].any(axis=1) for places in columns])
    scored = applies & (known | missing_drawn)
    return Plan(
        cells=cells,
        tree=tree,
        powers=np.array([exponent[group] for group in groups]),
        required=groups.index(required),
        weights=weights,
        columns=tuple(map(_as_slice, columns)),
        counts=cells.applicable if missing_drawn else cells.applicable & cells.known,
        scored=scored,
        stands_in=applies & ~scored,
        enough=((coverage[tree.root] >= share) | missing_drawn) & scored[:, groups.index(required)],
        worth={reading: _worth(cells, reading) for reading in ("point", "low", "high")},
    )


def as_chosen(plan: Plan, draws: int = 1) -> Choices:
    """So many draws in which nothing is uncertain: everything is as it was chosen."""
    weights = np.array(plan.tree.weights[plan.tree.root])
    return Choices(
        group_weights=np.tile(weights / weights.sum(), (draws, 1)),
        factors=np.ones((draws, len(plan.cells.indicators))),
        rules=np.zeros((draws, len(plan.groups)), dtype=np.intp),
        powers=np.tile(plan.powers, (draws, 1)),
        points=tuple(np.tile(kind.points, (draws, 1)) for kind in plan.cells.kinds),
    )


def evaluate(plan: Plan, choices: Choices, *, bounds: bool = False) -> Outcome:
    """The score of every unit in every draw; its bounds where they are asked or needed for a group that stands in."""
    codes = _codes(plan.cells, choices)
    groups = np.where(plan.scored, _group_scores(plan, choices, codes, "point"), np.nan)
    if not bounds and not (plan.stands_in & plan.enough[:, None]).any():
        total = np.where(plan.enough, _mean_of_groups(groups, choices.group_weights), np.nan)
        return Outcome(total, groups, groups, groups, groups)
    low, high = (_group_scores(plan, choices, codes, end) for end in ("low", "high"))
    total, counted = _weigh(groups, low, high, choices.group_weights)
    return Outcome(np.where(plan.enough, total, np.nan), groups, counted, low, high)


def weigh_groups(
    groups: pd.DataFrame, low: pd.DataFrame, high: pd.DataFrame, weights: Mapping[str, float]
) -> tuple[pd.Series[float], pd.DataFrame]:
    """The total of every unit under these weights of the groups, and per group the score that counts in it.

    `groups`, `low`, `high`: unit × group, as `RiskScores` has them; only the groups in `weights` count. A group without
    a score stands in at the mean of the others, within its own bounds. No threshold is applied.

    >>> tables = [pd.DataFrame({"a": [20.0], "b": [each]}) for each in (None, 40.0, 60.0)]
    >>> total, counted = wb.scoring.weigh_groups(*tables, {"a": 3, "b": 1})
    >>> total.tolist(), counted["b"].tolist()
    ([25.0], [40.0])
    """
    codes = list(weights)
    own, least, most = (table[codes].to_numpy(dtype=np.float64) for table in (groups, low, high))
    total, counted = _weigh(own, least, most, np.array([float(weights[code]) for code in codes]))
    return pd.Series(total, index=groups.index), pd.DataFrame(counted, index=groups.index, columns=codes)


def _weigh(groups: FloatArray, low: FloatArray, high: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The total, and the score that counts of every group; the stand-in rule is here and nowhere else."""
    mean = _mean_of_groups(groups, weights)
    counted = np.where(np.isnan(groups), np.clip(mean[..., None], low, high), groups)
    # The bounds hold by construction; the clip takes out the last bit of rounding.
    least, most = _mean_of_groups(low, weights), _mean_of_groups(high, weights)
    return np.clip(_mean_of_groups(counted, weights), least, most), counted


def _mean_of_groups(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """The arithmetic weighted mean of the groups that have a score."""
    return mean_of_powers(scores, weights, ~np.isnan(scores), 1.0)


def _group_scores(plan: Plan, choices: Choices, codes: CodeArray, reading: Reading) -> FloatArray:
    """Draw × unit × group: the weighted power means; NaN where nothing counts."""
    counts = plan.counts if reading == "point" else plan.cells.applicable
    weights = plan.weights * choices.factors
    found = np.empty((*codes.shape[:2], len(plan.groups)))
    for group, places in enumerate(plan.columns):
        for power in np.unique(choices.powers[:, group]):
            rows = np.flatnonzero(choices.powers[:, group] == power)
            powers = _cell_powers(plan, choices, codes, reading, group, rows)
            found[rows, :, group] = mean_of_powers(powers, weights[rows][:, places], counts[:, places], float(power))
    return found


def _cell_powers(
    plan: Plan, choices: Choices, codes: CodeArray, reading: Reading, group: int, rows: NDArray[np.intp]
) -> FloatArray:
    """Draw × unit × indicator of the group: the power of each cell, in draws that have the group's exponent in common.

    It is looked up by code, so that it is taken once for every code and not for every cell.
    """
    places, power = plan.columns[group], float(choices.powers[rows[0], group])
    kinds, kind_of = np.unique(plan.cells.kind_of[places], return_inverse=True)
    worth = np.empty((len(rows), len(kinds), plan.worth[reading][0].shape[2]))
    for place, kind in enumerate(kinds):
        by_rule = choices.points[kind][rows] @ plan.worth[reading][kind]
        worth[:, place] = by_rule[choices.rules[rows, group], np.arange(len(rows))]
    start = np.arange(len(rows))[:, None] * worth[0].size + kind_of * worth.shape[2]
    return np.asarray(powered(worth, power).ravel().take(codes[rows][:, :, places] + start[:, None, :]))


def _codes(cells: Cells, choices: Choices) -> CodeArray:
    """Draw × unit × indicator: the codes with the errors added and the unknown cells filled in."""
    units, indicators = cells.codes.shape
    codes = np.empty((len(choices), units * indicators), dtype=np.int16)
    if choices.changes is None:
        codes[:] = cells.codes.ravel()
    else:
        np.add(choices.changes, cells.codes.ravel(), out=codes)
    if choices.missing is not None:
        rows, columns = cells.unknown
        # One voice says it: the first party's digit, the others silent.
        codes[:, rows * indicators + columns] = choices.missing.astype(np.int16) + FIRST_STEP
    return codes.reshape(len(choices), units, indicators)


def _worth(cells: Cells, reading: Reading) -> tuple[FloatArray, ...]:
    """Per kind rule × step × code: its own rule, then those that can be drawn."""
    return tuple(
        np.stack([code_worth(cells, kind, rule, reading) for rule in (kind.rule, *DRAWN_RULES)]) for kind in cells.kinds
    )


def _as_slice(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """A stretch of columns as such: it can be looked at without copying."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if np.array_equal(places, np.arange(first, last + 1)) else places


@dataclass(frozen=True, eq=False)
class RiskScores:
    """Scores 0-100 with their bounds, and what they rest on; tables are handed out as copies.

    Tables of groups are unit × every group and the root, whose column is the total.

    >>> police = pd.DataFrame({"V01": [3, None]}, index=["noord", "zuid"])
    >>> points = {"V01": (0, 33, 67, 100)}
    >>> both = wb.scoring.combine({"police": police}, points=points, rules={"V01": "mean"}, best_judge={})
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

    def __repr__(self) -> str:
        """How many units, of which with a total."""
        return f"<RiskScores {len(self._groups)} units, {self.total.notna().sum()} with a total>"

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
    required: Hashable = "threat",
) -> RiskScores:
    """The scores, bounds and contributions of every unit: the one draw in which nothing is uncertain.

    `structure`: root, groups, indicators. `mean` is that within the groups, one for all or by group code; the
    total is the arithmetic weighted mean of the groups. A group below `minimum_coverage` has bounds only; the
    total needs that coverage as a whole and a score of the `required` group. The bounds are those of the
    combined cells, so low ≤ total ≤ high, and raising one judgement never lowers the total.

    >>> police = pd.DataFrame({"V01": [2, None], "G01": [1, 0]}, index=["noord", "zuid"])
    >>> choices = {"points": dict.fromkeys(police, (0, 50, 100)), "rules": dict.fromkeys(police, "mean")}
    >>> both = wb.scoring.combine({"police": police}, best_judge={}, **choices)
    >>> rows = [("total", "", 1), ("threat", "total", 3), ("opportunity", "total", 1), ("V01", "threat", 1)]
    >>> weights = pd.DataFrame([*rows, ("G01", "opportunity", 1)], columns=["code", "parent", "weight"])
    >>> risk = wb.scoring.score_risk(both, weights)
    >>> risk.total.to_dict(), risk.low.to_dict(), risk.high.to_dict()
    ({'noord': 87.5, 'zuid': nan}, {'noord': 87.5, 'zuid': 0.0}, {'noord': 87.5, 'zuid': 75.0})
    """
    plan = plan_of(combined, structure, mean=mean, minimum_coverage=minimum_coverage, required=required)
    choices, (tree, cells, units) = as_chosen(plan), (plan.tree, plan.cells, plan.cells.units)
    found = evaluate(plan, choices, bounds=True)

    def table(columns: Mapping[Hashable, FloatArray], codes: tuple[Hashable, ...] = tree.groups) -> pd.DataFrame:
        return frame({code: np.round(columns[code], DECIMALS) for code in codes}, codes, units)

    def by_group(total: FloatArray, groups: FloatArray) -> pd.DataFrame:
        return table({tree.root: total, **dict(zip(plan.groups, groups.T, strict=True))})

    bounds = [(_mean_of_groups(each, choices.group_weights)[0], each[0]) for each in (found.low, found.high)]
    return RiskScores(
        root=tree.root,
        _groups=by_group(found.total[0], found.groups[0]),
        _groups_low=by_group(*bounds[0]),
        _groups_high=by_group(*bounds[1]),
        _coverage=table(tree.coverage(cells.known, cells.applicable)),
        _two_sided=table(tree.coverage(cells.known_by_all, cells.applicable)),
        _contributions=table(_contributions(plan, choices, found), (*tree.leaves, *plan.groups)),
    )


def _contributions(plan: Plan, choices: Choices, found: Outcome) -> dict[Hashable, FloatArray]:
    """What each cell of a scored group, and each group that stands in, adds to the total of the first draw."""
    counted, total, row = found.counted[0], found.total[0], np.zeros(1, dtype=np.intp)
    present = np.where(np.isnan(counted), 0.0, choices.group_weights[0])
    with np.errstate(invalid="ignore"):
        parts = np.where(present > 0, counted, 0.0) * present / present.sum(axis=1, keepdims=True)
    columns: dict[Hashable, FloatArray] = {}
    codes = _codes(plan.cells, choices)
    for number, (group, places) in enumerate(zip(plan.groups, plan.columns, strict=True)):
        counts = plan.counts[:, places] & plan.scored[:, [number]]
        powers = _cell_powers(plan, choices, codes, "point", number, row)[0]
        shares = power_shares(powers, plan.weights[places], counts, float(plan.powers[number]))
        own = np.where(plan.counts[:, places], shares * parts[:, [number]], np.nan)
        columns |= dict(zip(plan.tree.children[group], own.T, strict=True))
        columns[group] = np.where(plan.stands_in[:, number], parts[:, number], 0.0)
    no_total = np.where(np.isnan(total), np.nan, 0.0)
    return {code: column + no_total for code, column in columns.items()}


def _structure_faults(
    tree: Tree, indicators: tuple[Hashable, ...], required: Hashable, mean: MeanByGroup
) -> list[Finding]:
    groups = tree.children[tree.root]
    deep = [code for code in tree.groups if code not in (tree.root, *groups)]
    flat = [code for code in groups if code not in tree.children]
    allowed, remedy = "een top, groepen en indicatoren", "hang de indicatoren in groepen onder de top"
    faults = code_faults("not-two-levels", deep, "“{}” is een groep in een groep", allowed, remedy)
    faults += code_faults("not-two-levels", flat, "“{}” hangt zonder groep onder de top", allowed, remedy)
    if required not in groups:
        found = f"vereiste groep “{required}”"
        faults.append(fault("unknown-group", found, names(groups), meant(required, groups)))
    if isinstance(mean, Mapping) and mean.get(tree.root, "arithmetic") not in ("arithmetic", 1):
        found = f"het gemiddelde van “{tree.root}” is {mean[tree.root]}"
        faults.append(fault("total-not-arithmetic", found, "arithmetic", "laat de top weg uit mean"))
    strange = sorted(set(indicators).symmetric_difference(tree.leaves), key=str)
    found, remedy = "“{}” staat niet in beide", "maak oordelen en structuur gelijk"
    return faults + code_faults("other-labels", strange, found, "een indicator van oordelen en structuur", remedy)


def _power_faults(exponent: Mapping[Hashable, float], tree: Tree) -> list[Finding]:
    """Only means in which a higher value counts more; the others have no place for a nought, and no contributions."""
    wrong = [group for group in tree.children[tree.root] if exponent.get(group, 1.0) <= 0]
    allowed, remedy = "een exponent boven 0", "kies arithmetic, maximum of een exponent boven 0"
    return code_faults("no-contributions", wrong, "groep “{}” heeft zo'n gemiddelde niet", allowed, remedy)
