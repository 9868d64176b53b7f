"""What would turn the advice around: the least change of weights or of cells by which another park comes out.

Only candidates are rivals. For the weights there are few groups, and the least shift lies where enough borders meet.
For the cells a park's total depends on its own cells only: so the rival's highest total with some steps and another
park's lowest with some steps are found apart, and within a park the groups apart. Within a group the steps add up (or,
where only the highest cell counts, the highest decides), and a table over its cells finds the best use of any number of
them. What nobody knows is kept at what is expected of it now; it would move the same way as what is known beside it, so
that what is found holds, but fewer steps may do: then `exact` is False. Nothing is printed that, made and scored again,
does not put the rival in.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np
import pandas as pd

from werkbank.advice.questions import first_places
from werkbank.advice.scorecard import ROOT, Scorecard, points_per_level, structure
from werkbank.scoring import weighted_mean

MOST_RIVALS = 3
MOST_STEPS = 4
CLOSE = 1e-9
"""To come above another is to have more by more than rounding."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to be different: a group's weight 0-1, or a park's level on an indicator."""

    park_id: str | None
    code: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Flip:
    """The least by which `rival` would be among the advised; `changes` is empty when nothing within reach does that.

    `kind` is weights (least total variation of the group weights) or cells (fewest steps of combined known levels).
    `exact` is False when less might do: of weights where a park involved lacks a group, of cells where something of a
    park involved is unknown.
    """

    kind: str
    rival: str
    changes: tuple[Change, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """A known cell: its combined level, its weight in the group, and the points per level in risk direction."""

    indicator: str
    level: float
    weight: float
    points: tuple[float, ...]

    def moved(self, steps: int, *, up: bool) -> Cell:
        """The cell some steps towards more (`up`) or less risk, within its scale."""
        rising = self.points[-1] >= self.points[0]
        level = self.level + (steps if up == rising else -steps)
        return replace(self, level=min(max(level, 0.0), float(len(self.points) - 1)))

    @property
    def worth(self) -> float:
        """The points at its level, between two levels in proportion."""
        low = min(math.floor(self.level), len(self.points) - 2)
        return self.points[low] + (self.level - low) * (self.points[low + 1] - self.points[low])


@dataclass(frozen=True, slots=True)
class GroupCells:
    """A group's weight in the total, its exponent, its score, its known cells and what the others count at."""

    code: str
    weight: float
    power: float
    score: float
    cells: tuple[Cell, ...]
    expected: tuple[tuple[float, float], ...]
    """Per cell that nobody knows its weight, and at how many points it counts."""

    def scores_of(self, rows: Sequence[Sequence[Cell]]) -> list[float]:
        """Its power mean with each of these rows of cells in place of its own."""
        rest = [worth for _, worth in self.expected]
        worth = [[cell.worth for cell in cells] + rest for cells in rows]
        weights = [*(cell.weight for cell in self.cells), *(weight for weight, _ in self.expected)]
        return list(map(float, weighted_mean(worth, weights, self.power)))


@dataclass(frozen=True, slots=True)
class ParkCells:
    """A park with its groups, all in the same order for every park; `whole` when something applies in each."""

    park_id: str
    groups: tuple[GroupCells, ...]
    whole: bool

    @property
    def known(self) -> bool:
        """Nothing of it is unknown."""
        return not any(group.expected for group in self.groups)

    def total(self, weights: Mapping[str, float], moved: Mapping[str, float]) -> float:
        """Its total with these group weights, and these levels of its own cells by indicator."""
        scores = [
            group.scores_of([[replace(cell, level=moved.get(cell.indicator, cell.level)) for cell in group.cells]])[0]
            if {cell.indicator for cell in group.cells} & set(moved)
            else group.score
            for group in self.groups
        ]
        return float(weighted_mean(scores, [weights[group.code] for group in self.groups]))


def park_cells(scorecard: Scorecard) -> tuple[ParkCells, ...]:
    """Every candidate: its groups, the known cells behind them, and what is expected of the others."""
    method, risk = scorecard.method, scorecard.risk
    tree = structure(scorecard.catalogue, method)
    weight: dict[str, float] = dict(zip(tree["code"], tree["weight"], strict=True))
    members = {str(group): rows["code"].tolist() for group, rows in tree.groupby("parent", sort=False)}
    groups, power = members.pop(ROOT), method.power.model_dump()
    scores, totals = risk.groups.to_dict("index"), risk.total
    levels, counted = scorecard.levels.to_dict("index"), risk.counted.to_dict("index")
    worth = points_per_level(scorecard.catalogue)

    def group_of(park: str, group: str) -> GroupCells:
        own, rest = levels[park], counted[park]
        known = [code for code in members[group] if not math.isnan(own[code])]
        others = [code for code in members[group] if math.isnan(own[code]) and not math.isnan(rest[code])]
        score = scores[park][group]
        return GroupCells(
            code=group,
            weight=weight[group],
            power=power[group],
            # Where nothing of a group applies, the others alone make the total.
            score=float(totals[park]) if math.isnan(score) else score,
            cells=tuple(Cell(code, float(own[code]), weight[code], worth[code]) for code in known),
            expected=tuple((weight[code], rest[code]) for code in others),
        )

    return tuple(
        ParkCells(
            park,
            tuple(group_of(park, group) for group in groups),
            whole=not any(math.isnan(scores[park][group]) for group in groups),
        )
        for park in scorecard.candidates
    )


def flips(parks: Sequence[ParkCells], advised: Sequence[str], rivals: Sequence[str]) -> tuple[Flip, ...]:
    """For each of the first rivals the least change of weights and of cells that puts it among the advised.

    With one park to advise the rival must come above every other; with more, above one of the advised. At most four
    steps of cells are tried.
    """
    by_id = {park.park_id: park for park in parks}
    totals = {park.park_id: math.fsum(group.weight * group.score for group in park.groups) for park in parks}
    lowest = min((totals[rival] for rival in list(rivals)[:MOST_RIVALS]), default=0.0)
    # Who stands below every rival needs no step to be passed.
    down = {park.park_id: extremes(park, up=False) for park in parks if totals[park.park_id] >= lowest - CLOSE}
    found = []
    for rival in list(rivals)[:MOST_RIVALS]:
        one = len(advised) == 1
        to_pass = [park for park in parks if park.park_id != rival and (one or park.park_id in advised)]
        involved = (by_id[rival], *to_pass)
        weights = tuple(_of_weights(by_id[rival], to_pass, every=one))
        steps = (
            fewest_steps(
                extremes(by_id[rival], up=True),
                [down[park.park_id] for park in to_pass if park.park_id in down],
                every=one,
            )
            or ()
        )
        for kind, changes, exact in (
            ("weights", weights, all(park.whole for park in involved)),
            ("cells", steps, all(park.known for park in involved)),
        ):
            holds = bool(changes) and rival in _advised_after(parks, changes, len(advised))
            # What would not put it in after all says nothing, and neither that nothing does; one group has no weighing.
            if holds or (not changes and (kind == "cells" or len(by_id[rival].groups) > 1)):
                found.append(Flip(kind, rival, changes, exact))
    return tuple(found)


def _advised_after(parks: Sequence[ParkCells], changes: Sequence[Change], k: int) -> tuple[str, ...]:
    """The advised set after these changes."""
    weights = {group.code: group.weight for group in parks[0].groups}
    weights |= {change.code: change.after for change in changes if change.park_id is None}
    moved: dict[str, dict[str, float]] = {park.park_id: {} for park in parks}
    for change in changes:
        if change.park_id is not None:
            moved[change.park_id][change.code] = change.after
    totals = {park.park_id: park.total(weights, moved[park.park_id]) for park in parks}
    return first_places(pd.Series(totals), k)


def _of_weights(rival: ParkCells, others: Sequence[ParkCells], *, every: bool) -> Iterator[Change]:
    shifts = [least_shift(rival, others)] if every else [least_shift(rival, [other]) for other in others]
    reachable = [shift for shift in shifts if shift is not None]
    if reachable:
        best = min(reachable, key=lambda shift: sum(abs(after - before) for before, after in shift.values()))
        yield from (Change(None, code, before, after) for code, (before, after) in best.items())


def least_shift(rival: ParkCells, others: Sequence[ParkCells]) -> dict[str, tuple[float, float]] | None:
    """Per group the weight before and after, least total variation, so that `rival` is at or above all `others`.

    Exact given the group scores. None when no weighting does it: then the order does not hang on the weights.

    The least total variation within a polytope lies at a point where as many of these hold as there are weights: they
    add up to 1, a weight is 0, a weight is as it was, the rival is level with another. All such points are tried.
    Loading a solver for linear programmes takes longer than every analysis does of them.
    """
    groups = [group.code for group in rival.groups]
    before = np.array([group.weight for group in rival.groups])
    before = before / before.sum()
    own = np.array([group.score for group in rival.groups])
    behind = np.array([[group.score for group in other.groups] for other in others]).reshape(-1, len(groups)) - own
    found = _nearest(before, behind)
    if found is None:
        return None
    after = np.where(np.abs(found - before) < CLOSE, before, found)
    return {code: (float(old), float(new)) for code, old, new in zip(groups, before, after, strict=True)}


def _nearest(before: np.ndarray, behind: np.ndarray) -> np.ndarray | None:
    """The weights nearest to `before` at which nobody is ahead; the first of equally near ones."""
    tried = np.vstack([before, _meeting_points(before, behind)])
    allowed = (tried >= -CLOSE).all(axis=1) & (tried @ behind.T <= CLOSE * 100).all(axis=1)
    if not allowed.any():
        return None
    tried = np.clip(tried[allowed], 0.0, 1.0)
    apart = np.round(np.abs(tried - before).sum(axis=1), 12)
    return np.asarray(tried[int(np.argmin(apart))])


def _meeting_points(before: np.ndarray, behind: np.ndarray) -> np.ndarray:
    """Every point where enough of the borders meet."""
    n = len(before)
    if n == 1:
        return np.empty((0, 1))
    borders = np.vstack([np.eye(n), np.eye(n), behind])
    sides = np.concatenate([np.zeros(n), before, np.zeros(len(behind))])
    chosen = np.array(list(combinations(range(len(borders)), n - 1)), dtype=np.intp).reshape(-1, n - 1)
    left = np.concatenate([np.ones((len(chosen), 1, n)), borders[chosen]], axis=1)
    right = np.concatenate([np.ones((len(chosen), 1)), sides[chosen]], axis=1)
    meet = np.abs(np.linalg.det(left)) > CLOSE
    return np.asarray(np.linalg.solve(left[meet], right[meet][:, :, None])[:, :, 0])


Extremes = Sequence[tuple[float, tuple[Change, ...]]]
"""Per number of steps, from none: a park's furthest total with at most so many, and the changes that make it."""


def fewest_steps(up: Extremes, down: Sequence[Extremes], *, every: bool) -> tuple[Change, ...] | None:
    """The fewest steps that put the park of `up` above every park of `down`, or above one; None when out of reach.

    One step moves one combined known level by one. A fixed number of steps is always used as well as it can be.
    """
    most = len(up) - 1
    best: tuple[int, tuple[Change, ...]] | None = None
    for own, (height, raised) in enumerate(up):
        needed = [_to_below(other, height, most - own) for other in down]
        reached = [found for found in needed if found is not None]
        if not reached or (every and len(reached) < len(needed)):
            continue
        used = reached if every else [min(reached, key=lambda found: found[0])]
        total = own + sum(steps for steps, _ in used)
        if total <= most and (best is None or total < best[0]):
            best = total, (*raised, *(change for _, lowered in used for change in lowered))
    return None if best is None else best[1]


def _to_below(down: Extremes, height: float, most: int) -> tuple[int, tuple[Change, ...]] | None:
    """The fewest steps, and which, by which a park comes below a height."""
    found = enumerate(down[: most + 1])
    return next(((steps, lowered) for steps, (total, lowered) in found if total < height - CLOSE), None)


def extremes(park: ParkCells, *, up: bool, most: int = MOST_STEPS) -> Extremes:
    """How far one park's total can go, one way, with any number of steps up to the most."""
    tables = [_by_steps(group, most, up=up) for group in park.groups]
    weights = [group.weight for group in park.groups]
    found = []
    for steps in range(most + 1):
        splits = [split for split in product(range(steps + 1), repeat=len(tables)) if sum(split) <= steps]
        totals = {
            split: math.fsum(
                weight * table[part][0] for weight, table, part in zip(weights, tables, split, strict=True)
            )
            for split in splits
        }
        # No more steps than it takes.
        split = max(splits, key=lambda split: ((totals[split] if up else -totals[split]), -sum(split)))
        moved = [
            (group.cells[place], n)
            for group, table, part in zip(park.groups, tables, split, strict=True)
            for place, n in table[part][1]
        ]
        changes = tuple(
            Change(park.park_id, cell.indicator, cell.level, cell.moved(n, up=up).level) for cell, n in moved
        )
        found.append((totals[split] / math.fsum(weights), changes))
    return found


_Used = tuple[tuple[int, int], ...]
"""Place of the cell and number of steps, for every cell that moves."""


def _by_steps(group: GroupCells, most: int, *, up: bool) -> list[tuple[float, _Used]]:
    """Per number of steps the group's best score with at most so many, and how it is reached."""
    if not group.cells:
        return [(group.score, ())] * (most + 1)
    join: Callable[[float, float], float] = max if math.isinf(group.power) else float.__add__
    choose = max if up else min
    best: list[tuple[float, _Used]] = [(0.0, ())] * (most + 1)
    for place, cell in enumerate(group.cells):
        parts = [_part(cell.moved(steps, up=up), group.power) for steps in range(most + 1)]
        moves: list[_Used] = [(), *(((place, steps),) for steps in range(1, most + 1))]
        best = [
            choose(
                ((join(best[total - n][0], parts[n]), best[total - n][1] + moves[n]) for n in range(total + 1)),
                key=lambda option: option[0],
            )
            for total in range(most + 1)
        ]
    moved = [dict(used) for _, used in best]
    rows = [[cell.moved(own.get(n, 0), up=up) for n, cell in enumerate(group.cells)] for own in moved]
    return list(zip(group.scores_of(rows), (used for _, used in best), strict=True))


def _part(cell: Cell, power: float) -> float:
    """What a cell adds to the sum within its group's power mean; where only the highest counts, what it puts up."""
    if math.isinf(power):
        return cell.worth if cell.weight > 0 else 0.0
    return float(cell.weight * cell.worth**power)
