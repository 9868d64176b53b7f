"""The risk score of a park: group scores, a total, how much of it is estimated, and what is possible.

The tree has two levels, indicators in groups in the root. A cell that nobody knows counts at its expected value
(method.md 3): leaving it out would take it for the park's average, and nought for the least there is. Within a group it
is the power that is expected, E[u^p], so that the score is what the recalculations are about. A group in which nothing
applies is left out.

It is computed in one place, `evaluate`, for any number of draws of what could have been chosen otherwise;
the score itself is the one draw in which everything is as it was chosen.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding, fault
from werkbank.scoring.aggregation import MeanByGroup, exponents, frame, mean_of_powers, power_shares, powered
from werkbank.scoring.combine import DRAWN_RULES, Cells, CodeArray, Combined, Reading, code_worth
from werkbank.scoring.structure import Tree, read_structure
from werkbank.scoring.tables import Copied, FloatArray, code_faults, refuse, table_html
from werkbank.scoring.unknown_cells import District, describe_district, expected_steps

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
    changes: CodeArray | None = None
    """draw × unit × indicator: what is added to each cell's code, by what is drawn of it."""

    def __len__(self) -> int:
        """The number of draws."""
        return len(self.group_weights)


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What stays the same over the draws: where each group's cells are, what each code is worth, what is expected."""

    cells: Cells
    tree: Tree
    powers: FloatArray
    """Per group the exponent as it was chosen."""
    weights: FloatArray
    """Per indicator its chosen weight within its group."""
    columns: tuple[slice | NDArray[np.intp], ...]
    """Per group the places of its indicators."""
    expected: FloatArray | None
    """Unknown cell × step: the chance of each, given what is known of its unit; None where unknown cells are drawn."""
    worth: Mapping[Reading, tuple[FloatArray, ...]]
    """Per reading and kind: rule × step × code."""

    @property
    def groups(self) -> tuple[Hashable, ...]:
        """The groups, in the order of the arrays."""
        return self.tree.children[self.tree.root]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What comes out of a number of draws; NaN where nothing applies."""

    total: FloatArray
    """draw × unit."""
    groups: FloatArray
    """draw × unit × group."""


def plan_of(
    combined: Combined,
    structure: pd.DataFrame,
    *,
    mean: MeanByGroup,
    district: District | None = None,
    missing_drawn: bool = False,
) -> Plan:
    """The plan of one set of units; without a `district` they are the district themselves."""
    tree = read_structure(structure)
    refuse("Deze structuur past niet bij een risicoscore.", _structure_faults(tree, combined.cells.indicators, mean))
    exponent = exponents(mean, tree)
    refuse("Van dit gemiddelde zijn geen bijdragen te bepalen.", _power_faults(exponent, tree))
    cells, groups = combined.cells.of(tree.leaves), tree.children[tree.root]
    place = {code: number for number, code in enumerate(tree.leaves)}
    columns = [np.array([place[code] for code in tree.children[group]]) for group in groups]
    weights = np.empty(len(place))
    for group, places in zip(groups, columns, strict=True):
        weights[places] = tree.weights[group]
    return Plan(
        cells=cells,
        tree=tree,
        powers=np.array([exponent[group] for group in groups]),
        weights=weights,
        columns=tuple(map(_as_slice, columns)),
        expected=None if missing_drawn else expected_steps(cells, district or describe_district(combined)),
        worth={
            # Its own rule, then those that can be drawn.
            reading: tuple(
                np.stack([code_worth(cells, kind, rule, reading) for rule in (kind.rule, *DRAWN_RULES)])
                for kind in cells.kinds
            )
            for reading in get_args(Reading)
        },
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


def evaluate(plan: Plan, choices: Choices, reading: Reading = "point") -> Outcome:
    """The score of every unit in every draw, or its lowest or highest over all completions of what is missing."""
    groups = _group_scores(plan, choices, _codes(plan.cells, choices), reading)
    return Outcome(_mean_of_groups(groups, choices.group_weights), groups)


def weigh_groups(groups: pd.DataFrame, weights: Mapping[str, float]) -> pd.Series[float]:
    """The total of every unit under these weights of the groups.

    `groups`: unit × group, as `RiskScores` has them; only the groups in `weights` count. One in which nothing applies
    is left out.

    >>> wb.scoring.weigh_groups(pd.DataFrame({"a": [20.0], "b": [40.0]}), {"a": 3, "b": 1}).tolist()
    [25.0]
    """
    own = groups[list(weights)].to_numpy(dtype=np.float64)
    return pd.Series(_mean_of_groups(own, np.array(list(map(float, weights.values())))), index=groups.index)


def _mean_of_groups(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """The arithmetic weighted mean of the groups in which something applies."""
    return mean_of_powers(scores, weights, ~np.isnan(scores), 1.0)


def _group_scores(plan: Plan, choices: Choices, codes: CodeArray, reading: Reading) -> FloatArray:
    """Draw × unit × group: the weighted power means; NaN where nothing counts."""
    weights, counts = plan.weights * choices.factors, plan.cells.applicable
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
    powers = powered(worth, power).ravel().take(codes[rows][:, :, places] + start[:, None, :])
    if reading == "point" and plan.expected is not None:
        units, indicators = plan.cells.unknown
        # The indicators of a group stand in one order, whatever that of the rows.
        at = np.full(len(plan.weights), -1)
        at[places] = np.arange(len(kind_of))
        for kind in kinds:
            own = (at[indicators] >= 0) & (plan.cells.kind_of[indicators] == kind)
            points = powered(choices.points[kind][rows], power)
            # The mean of the powers is what counts; where only the highest counts, the mean itself.
            expected = points @ plan.expected[own, : points.shape[1]].T
            powers[:, units[own], at[indicators[own]]] = expected
    return np.asarray(powers)


def spread(plan: Plan, choices: Choices, group: int) -> tuple[FloatArray, FloatArray]:
    """What a group's scores are the power means of, whatever the exponent: the weight and the value of its cells.

    Both draw × unit × cell, the weights of one unit for all where they are the same. A value is NaN where the cell does
    not count. One that nobody knows is a cell for every step, weighing by its chance, unless it is drawn.
    """
    places, alike = plan.columns[group], replace(choices, powers=np.ones_like(choices.powers))
    values = _cell_powers(plan, alike, _codes(plan.cells, choices), "point", group, np.arange(len(choices)))
    values = np.where(plan.cells.applicable[:, places], values, np.nan)
    weights = (plan.weights * choices.factors)[:, None, places]
    if plan.expected is None:
        return weights, values
    chances = np.zeros((*plan.cells.codes.shape, plan.expected.shape[1]))
    chances[plan.cells.unknown] = plan.expected
    by_step = weights[..., None] * chances[:, places]
    points = np.zeros((len(choices), 1, *by_step.shape[2:]))
    for place, kind in enumerate(plan.cells.kind_of[places]):
        points[:, 0, place, : choices.points[kind].shape[1]] = choices.points[kind]
    known = np.where(chances[:, places].any(axis=2), 0.0, weights)
    flat = (*by_step.shape[:2], -1)
    return (
        np.concatenate([known, by_step.reshape(flat)], axis=2),
        np.concatenate([values, np.broadcast_to(points, by_step.shape).reshape(flat)], axis=2),
    )


def _codes(cells: Cells, choices: Choices) -> CodeArray:
    """Draw × unit × indicator: the codes, with what is drawn of each cell added."""
    if choices.changes is None:
        return np.broadcast_to(cells.codes, (len(choices), *cells.codes.shape))
    return np.asarray(choices.changes + cells.codes)


def _as_slice(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """A stretch of columns as such: it can be looked at without copying."""
    first, last = int(places[0]), int(places[-1])
    return slice(first, last + 1) if np.array_equal(places, np.arange(first, last + 1)) else places


@dataclass(frozen=True, eq=False)
class RiskScores:
    """Scores 0-100 with their bounds, and what they rest on; tables are handed out as copies.

    Tables of groups are unit × every group and the root, whose column is the total. A score is NaN only where nothing
    applies.

    >>> police = pd.DataFrame({"V01": [3, None]}, index=["noord", "zuid"])
    >>> points = {"V01": (0, 33, 67, 100)}
    >>> both = wb.scoring.combine({"police": police}, points=points, rules={"V01": "mean"}, best_judge={})
    >>> weights = {"code": ["total", "threat", "V01"], "parent": ["", "total", "threat"], "weight": [1, 1, 1]}
    >>> wb.scoring.score_risk(both, pd.DataFrame(weights))
    <RiskScores 2 units, 1 with something estimated>
    """

    root: Hashable
    _groups: pd.DataFrame
    _groups_low: pd.DataFrame
    _groups_high: pd.DataFrame
    _coverage: pd.DataFrame
    _two_sided: pd.DataFrame
    _contributions: pd.DataFrame
    _counted: pd.DataFrame
    _unknown: pd.DataFrame

    @property
    def total(self) -> pd.Series[float]:
        """The total, unknown cells at their expected value."""
        return self._groups[self.root].copy(deep=False)

    @property
    def estimated(self) -> pd.Series[float]:
        """How many points of the total rest on cells that nobody knows."""
        part = self._contributions.where(self._unknown).sum(axis=1)
        return part.where(self.total.notna()).round(DECIMALS)

    @property
    def low(self) -> pd.Series[float]:
        """The lowest total any completion of the missing judgements gives, if what is filled in is right."""
        return self._groups_low[self.root].copy(deep=False)

    @property
    def high(self) -> pd.Series[float]:
        """The highest total any completion of the missing judgements gives, if what is filled in is right."""
        return self._groups_high[self.root].copy(deep=False)

    groups = Copied("_groups", "The score per group.")
    groups_low = Copied("_groups_low", "The lower bound per group.")
    groups_high = Copied("_groups_high", "The upper bound per group.")
    coverage = Copied("_coverage", "The part, by weight, of the applicable cells that at least one party knows.")
    two_sided = Copied(
        "_two_sided", "The same, of those that more than one party is asked about, that all of these know."
    )
    contributions = Copied(
        "_contributions", "Unit × indicator: what adds up to the total; NaN where it does not apply."
    )

    counted = Copied(
        "_counted",
        "Unit × indicator: at how many points the cell counts in its group's mean; NaN where it does not apply. Of a "
        "cell that nobody knows that is E[u^p]^(1/p), and E[u] where only the highest counts.",
    )

    def __repr__(self) -> str:
        """How many units, of which with something estimated."""
        return f"<RiskScores {len(self._groups)} units, {self._unknown.any(axis=1).sum()} with something estimated>"

    def _repr_html_(self) -> str:
        """The first units with their total, how much of it is estimated, its bounds, and how much is known."""
        own = {"total": self.total, "estimated": self.estimated, "low": self.low, "high": self.high}
        return table_html(self, pd.DataFrame(own | {"coverage": self._coverage[self.root]}))


def score_risk(
    combined: Combined, structure: pd.DataFrame, *, mean: MeanByGroup = "arithmetic", district: District | None = None
) -> RiskScores:
    """The scores, bounds and contributions of every unit: the one draw in which nothing is uncertain.

    `structure`: root, groups, indicators. `mean` is that within the groups, one for all or by group code; the total is
    the arithmetic weighted mean of the groups in which something applies. What nobody knows counts at its expected
    value by the figures of the `district`; without one the units are the district themselves. So low ≤ total ≤ high,
    and raising one known judgement, the district's figures held, never lowers the total. ScoringError with every fault.

    >>> police = pd.DataFrame({"V01": [2, 0, None], "G01": [1, 0, 0]}, index=["noord", "oost", "zuid"])
    >>> choices = {"points": dict.fromkeys(police, (0, 50, 100)), "rules": dict.fromkeys(police, "mean")}
    >>> both = wb.scoring.combine({"police": police}, best_judge={}, **choices)
    >>> rows = [("total", "", 1), ("threat", "total", 3), ("opportunity", "total", 1), ("V01", "threat", 1)]
    >>> weights = pd.DataFrame([*rows, ("G01", "opportunity", 1)], columns=["code", "parent", "weight"])
    >>> risk = wb.scoring.score_risk(both, weights)
    >>> risk.total.round(1).to_dict(), risk.estimated.round(1).to_dict()
    ({'noord': 87.5, 'oost': 0.0, 'zuid': 6.8}, {'noord': 0.0, 'oost': 0.0, 'zuid': 6.8})
    """
    plan = plan_of(combined, structure, mean=mean, district=district)
    choices, (tree, cells, units) = as_chosen(plan), (plan.tree, plan.cells, plan.cells.units)
    found, low, high = (evaluate(plan, choices, reading) for reading in ("point", "low", "high"))

    def table(columns: Mapping[Hashable, FloatArray], codes: tuple[Hashable, ...] = tree.groups) -> pd.DataFrame:
        return frame({code: np.round(columns[code], DECIMALS) for code in codes}, codes, units)

    def by_group(total: FloatArray, groups: FloatArray) -> pd.DataFrame:
        return table({tree.root: total[0], **dict(zip(plan.groups, groups[0].T, strict=True))})

    unknown = cells.applicable & ~cells.known
    contributions, counted = _per_cell(plan, choices, found)
    return RiskScores(
        root=tree.root,
        # The bounds hold by construction; the clip takes out the last bit of rounding.
        _groups=by_group(np.clip(found.total, low.total, high.total), np.clip(found.groups, low.groups, high.groups)),
        _groups_low=by_group(low.total, low.groups),
        _groups_high=by_group(high.total, high.groups),
        _coverage=table(tree.coverage(cells.known, cells.applicable)),
        _two_sided=table(tree.coverage(cells.known_by_all, cells.asked_of_more)),
        _contributions=table(contributions, tree.leaves),
        _counted=table(counted, tree.leaves),
        _unknown=frame(dict(zip(tree.leaves, unknown.T, strict=True)), tree.leaves, units),
    )


def _per_cell(
    plan: Plan, choices: Choices, found: Outcome
) -> tuple[dict[Hashable, FloatArray], dict[Hashable, FloatArray]]:
    """Per indicator what its cells add to the total of the first draw, and at how many points they count in it."""
    groups, row = found.groups[0], np.zeros(1, dtype=np.intp)
    present = np.where(np.isnan(groups), 0.0, choices.group_weights[0])
    with np.errstate(invalid="ignore"):
        parts = np.nan_to_num(groups) * present / present.sum(axis=1, keepdims=True)
    codes = _codes(plan.cells, choices)
    contributions: dict[Hashable, FloatArray] = {}
    counted: dict[Hashable, FloatArray] = {}
    for number, (group, places) in enumerate(zip(plan.groups, plan.columns, strict=True)):
        counts, power = plan.cells.applicable[:, places], float(plan.powers[number])
        powers = _cell_powers(plan, choices, codes, "point", number, row)[0]
        shares = power_shares(powers, plan.weights[places], counts, power) * parts[:, [number]]
        points = powers if math.isinf(power) else np.maximum(powers, 0.0) ** (1 / power)
        members = plan.tree.children[group]
        contributions |= dict(zip(members, np.where(counts, shares, np.nan).T, strict=True))
        counted |= dict(zip(members, np.where(counts, points, np.nan).T, strict=True))
    return contributions, counted


def _structure_faults(tree: Tree, indicators: tuple[Hashable, ...], mean: MeanByGroup) -> list[Finding]:
    groups = tree.children[tree.root]
    deep = [code for code in tree.groups if code not in (tree.root, *groups)]
    flat = [code for code in groups if code not in tree.children]
    allowed, remedy = "een top, groepen en indicatoren", "hang de indicatoren in groepen onder de top"
    faults = code_faults("not-two-levels", deep, "“{}” is een groep in een groep", allowed, remedy)
    faults += code_faults("not-two-levels", flat, "“{}” hangt zonder groep onder de top", allowed, remedy)
    if isinstance(mean, Mapping) and mean.get(tree.root, "arithmetic") not in ("arithmetic", 1):
        found = f"het gemiddelde van “{tree.root}” is {mean[tree.root]}"
        faults.append(fault("total-not-arithmetic", found, "arithmetic", "laat de top weg uit mean"))
    strange = sorted(set(indicators).symmetric_difference(tree.leaves), key=str)
    found, remedy = "“{}” staat niet in beide", "maak oordelen en structuur gelijk"
    return faults + code_faults("other-labels", strange, found, "een indicator van oordelen en structuur", remedy)


def _power_faults(exponent: Mapping[Hashable, float], tree: Tree) -> list[Finding]:
    """Only means in which one high value is not drowned (method.md 3); contributions need an exponent above 0."""
    wrong = [group for group in tree.children[tree.root] if exponent.get(group, 1.0) < 1]
    allowed, remedy = "een exponent van 1 of hoger", "kies arithmetic, maximum of een exponent van 1 of hoger"
    return code_faults("no-contributions", wrong, "groep “{}” heeft zo'n gemiddelde niet", allowed, remedy)
