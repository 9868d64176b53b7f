"""From drawn choices to the total of every unit in every draw; with nothing uncertain exactly the nominal total."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.aggregation import TOLERANCE
from werkbank.scoring.means import BoolArray
from werkbank.scoring.robustness.choices import Drawn, Nominal
from werkbank.scoring.robustness.observed import FIRST_STEP, CodeArray, Kind, Observed
from werkbank.scoring.robustness.worth import completed, rule_matrix
from werkbank.scoring.tables import FloatArray

__all__ = ["Plan", "plan_of", "totals"]

_Reading = Literal["point", "low", "high"]
_Matrices = tuple[FloatArray, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """What stays the same over the draws: where each group's cells are, what counts, what each code is worth."""

    observed: Observed
    nominal: Nominal
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
    matrices: Mapping[_Reading, _Matrices]
    """Per reading and kind: rule × step × code."""


def plan_of(observed: Observed, nominal: Nominal, minimum_coverage: float) -> Plan:
    """The plan of one set of units; coverage is that of the chosen weights, for what is known is no choice."""
    drawn = nominal.missing
    columns = tuple(map(_as_slice, (observed.columns_of(group) for group in observed.groups)))
    applies = np.stack([observed.applicable[:, places].any(axis=1) for places in columns], axis=1)
    scored, whole = _coverage(observed, nominal, columns, minimum_coverage)
    scored = applies & (scored | drawn)
    return Plan(
        observed=observed,
        nominal=nominal,
        columns=columns,
        counts=observed.applicable if drawn else observed.applicable & observed.known,
        scored=scored,
        stands_in=applies & ~scored,
        enough=(whole | drawn) & scored[:, nominal.required],
        matrices=_matrices(observed, nominal),
    )


def totals(plan: Plan, drawn: Drawn) -> FloatArray:
    """Draw × unit: the totals; NaN where a unit has none."""
    codes = _codes(plan.observed, drawn)
    scores = np.where(plan.scored, _group_scores(plan, drawn, codes, "point"), np.nan)
    total = _weighted(scores, drawn.group_weights)
    if (plan.stands_in & plan.enough[:, None]).any():
        low, high = (_group_scores(plan, drawn, codes, end) for end in ("low", "high"))
        stand_in = np.clip(total[:, :, None], low, high)
        total = _weighted(np.where(plan.stands_in, stand_in, scores), drawn.group_weights)
    total[:, ~plan.enough] = np.nan
    return total


def _as_slice(places: NDArray[np.intp]) -> slice | NDArray[np.intp]:
    """A stretch of columns as such: it can be looked at without copying."""
    sorted_places = np.sort(places)
    stretch = np.array_equal(sorted_places, np.arange(sorted_places[0], sorted_places[-1] + 1))
    return slice(int(sorted_places[0]), int(sorted_places[-1]) + 1) if stretch else sorted_places


def _coverage(
    observed: Observed, nominal: Nominal, columns: tuple[slice | NDArray[np.intp], ...], minimum: float
) -> tuple[BoolArray, BoolArray]:
    """Unit × group and unit: whether enough weight is known, as in the nominal score."""
    weights, share = observed.weights(), nominal.group_weights / nominal.group_weights.sum()
    within = [observed.applicable[:, places] * weights[places] / weights[places].sum() for places in columns]
    present = np.stack([part.sum(axis=1) for part in within], axis=1)
    found = [(part * observed.known[:, places]).sum(axis=1) for part, places in zip(within, columns, strict=True)]
    known = np.stack(found, axis=1)
    with np.errstate(invalid="ignore"):
        by_group = known / present >= minimum - TOLERANCE
        whole = (known @ share) / (present @ share) >= minimum - TOLERANCE
    return by_group & (known > 0), whole


def _matrices(observed: Observed, nominal: Nominal) -> dict[_Reading, _Matrices]:
    def stacked(matrix: Callable[[Kind, str], FloatArray]) -> _Matrices:
        return tuple(np.stack([matrix(kind, rule) for rule in nominal.rules]) for kind in observed.kinds)

    return {
        "point": stacked(lambda kind, rule: rule_matrix(observed, kind, rule)),
        "low": stacked(lambda kind, rule: completed(observed, kind, rule, "low")),
        "high": stacked(lambda kind, rule: completed(observed, kind, rule, "high")),
    }


def _codes(observed: Observed, drawn: Drawn) -> CodeArray:
    """Draw × unit × indicator: the codes with the errors added and the unknown cells filled in."""
    units, indicators = observed.codes.shape
    codes = np.empty((len(drawn), units * indicators), dtype=np.int16)
    if drawn.changes is None:
        codes[:] = observed.codes.ravel()
    else:
        np.add(drawn.changes, observed.codes.ravel(), out=codes)
    if drawn.missing is not None:
        rows, columns = observed.unknown
        # One voice says it: the first party's digit, the others silent.
        codes[:, rows * indicators + columns] = drawn.missing.astype(np.int16) + FIRST_STEP
    return codes.reshape(len(drawn), units, indicators)


def _group_scores(plan: Plan, drawn: Drawn, codes: CodeArray, reading: _Reading) -> FloatArray:
    """Draw × unit × group: the weighted power means; NaN where nothing counts."""
    counts = plan.counts if reading == "point" else plan.observed.applicable
    weights = plan.observed.weights() * drawn.factors
    groups = []
    for group, places in enumerate(plan.columns):
        values = _values(plan, drawn, codes, reading, group)
        if reading != "point":
            # Filling in what is missing must not fill in a cell that does not apply.
            values *= counts[:, places]
        groups.append(_group_score(values, weights[:, places], counts[:, places], drawn.powers[:, group]))
    return np.stack(groups, axis=2)


def _values(plan: Plan, drawn: Drawn, codes: CodeArray, reading: _Reading, group: int) -> FloatArray:
    """Draw × unit × indicator of the group: each cell's points, to the power of its draw where that is finite."""
    places, draws = plan.columns[group], np.arange(len(drawn))
    kind_of = plan.observed.kind_of[places]
    kinds = np.unique(kind_of)
    worth = np.empty((len(drawn), len(kinds), plan.observed.base ** len(plan.observed.parties)))
    for place, kind in enumerate(kinds):
        by_rule = drawn.points[kind] @ plan.matrices[reading][kind]
        worth[:, place] = by_rule[drawn.combination[:, group], draws]
    _raise(worth, drawn.powers[:, group])
    start = draws * worth[0].size
    at = start[:, None] + np.searchsorted(kinds, kind_of) * worth.shape[2]
    return np.asarray(worth.ravel().take(codes[:, :, places] + at[:, None, :]), dtype=np.float64)


def _raise(worth: FloatArray, powers: FloatArray) -> None:
    for power in np.unique(powers[np.isfinite(powers) & (powers != 1)]):
        rows = powers == power
        worth[rows] **= power


def _group_score(values: FloatArray, weights: FloatArray, counts: BoolArray, powers: FloatArray) -> FloatArray:
    """Draw × unit: the power mean of one group; `counts` says per unit which cells are in it."""
    room = weights @ counts.T.astype(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.matmul(values, weights[:, :, None])[:, :, 0] / room
    for power in np.unique(powers[np.isfinite(powers) & (powers != 1)]):
        rows = powers == power
        score[rows] **= 1 / power
    highest = np.isinf(powers)
    if highest.any():
        # A cell that does not count is worth 0 and so is never above one that does.
        found = np.where(weights[highest][:, None, :] > 0, values[highest], 0.0).max(axis=2)
        score[highest] = np.where(room[highest] > 0, found, np.nan)
    return np.asarray(score, dtype=np.float64)


def _weighted(scores: FloatArray, weights: FloatArray) -> FloatArray:
    """Draw × unit: the mean of the groups that have a score."""
    present = ~np.isnan(scores)
    with np.errstate(invalid="ignore"):
        found = np.where(present, scores, 0.0) @ weights[:, :, None]
        return np.asarray((found / (present @ weights[:, :, None]))[:, :, 0])
