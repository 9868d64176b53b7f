"""The fewest steps of known levels by which a park comes above others: an exact search, for parks do not share cells.

A park's total depends on its own cells only. So the rival's highest total with a steps and another park's lowest with
b steps are found apart, and within a park the groups apart: within a group the steps add up (or, where only the
highest cell counts, the highest decides), and a table over its cells finds the best use of any number of steps.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from werkbank.scoring.means import FloatArray

__all__ = [
    "MOST_STEPS",
    "Cell",
    "GroupCells",
    "ParkCells",
    "Reach",
    "Step",
    "fewest_steps",
    "scores_with",
    "least_shift",
    "Change",
    "Flip",
    "flips",
]

MOST_STEPS = 4
CLEARLY = 1e-9
"""To come above another is to have more by more than rounding."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A known cell: its combined level, its weight in the group, and the points per level in risk direction."""

    indicator: str
    level: float
    weight: float
    points: tuple[float, ...]

    def moved(self, steps: int, up: bool) -> float:
        """The level after some steps towards more (`up`) or less risk, within the scale."""
        rising = self.points[-1] >= self.points[0]
        return min(max(self.level + (steps if up == rising else -steps), 0.0), float(len(self.points) - 1))

    def worth(self, level: float) -> float:
        """The points at a level, between two levels in proportion."""
        low = min(math.floor(level), len(self.points) - 2)
        return self.points[low] + (level - low) * (self.points[low + 1] - self.points[low])


@dataclass(frozen=True, slots=True)
class GroupCells:
    """A group's weight in the total, its exponent, its score (as it counts in the total) and its known cells."""

    code: str
    weight: float
    power: float
    score: float
    cells: tuple[Cell, ...]
    """Empty for a group that has no score of its own: then its cells do not count."""


@dataclass(frozen=True, slots=True)
class ParkCells:
    """A park with its groups, all in the same order for every park; `exact` when each has a score of its own."""

    park_id: str
    groups: tuple[GroupCells, ...]
    exact: bool


@dataclass(frozen=True, slots=True)
class Step:
    """One cell with the level it has and the level it would have."""

    park_id: str
    indicator: str
    before: float
    after: float


_Used = tuple[tuple[int, int], ...]
"""Place of the cell and number of steps, for every cell that moves."""


def fewest_steps(up: Reach, down: Sequence[Reach], *, every: bool) -> tuple[Step, ...] | None:
    """The fewest steps that put the park of `up` above every park of `down`, or above one; None when out of reach.

    One step moves one combined known level by one. A fixed number of steps is always used as well as it can be.
    """
    most = up.most
    best: tuple[int, tuple[Step, ...]] | None = None
    for own in range(most + 1):
        height, raised = up.extreme(own)
        needed = [reach.to_below(height, most - own) for reach in down]
        reached = [found for found in needed if found is not None]
        if not reached or (every and len(reached) < len(needed)):
            continue
        used = reached if every else [min(reached, key=_first)]
        total = own + sum(map(_first, used))
        if total <= most and (best is None or total < best[0]):
            best = total, (*raised, *(step for found in used for step in found[1]))
    return None if best is None else best[1]


def _first(found: tuple[int, tuple[Step, ...]]) -> int:
    return found[0]


class Reach:
    """How far one park's total can go, one way, with any number of steps up to the most."""

    def __init__(self, park: ParkCells, *, up: bool, most: int = MOST_STEPS) -> None:
        self.most, self._park, self._up = most, park, up
        self._tables = [_by_steps(group, most, up) for group in park.groups]
        self._weight = math.fsum(group.weight for group in park.groups)
        self._extremes = [self._extreme(steps) for steps in range(most + 1)]

    def to_below(self, height: float, most: int) -> tuple[int, tuple[Step, ...]] | None:
        """The fewest steps by which the park comes below a height."""
        for steps in range(most + 1):
            total, lowered = self.extreme(steps)
            if total < height - CLEARLY:
                return steps, lowered
        return None

    def extreme(self, steps: int) -> tuple[float, tuple[Step, ...]]:
        """The furthest total with so many steps, and the steps; no more of them than it takes."""
        return self._extremes[steps]

    def _extreme(self, steps: int) -> tuple[float, tuple[Step, ...]]:
        splits = [split for split in product(range(steps + 1), repeat=len(self._tables)) if sum(split) <= steps]
        sign = 1 if self._up else -1
        split = max(splits, key=lambda split: (sign * self._total(split), -sum(split)))
        used = zip(self._park.groups, self._tables, split, strict=True)
        moves = [self._step(group, place, n) for group, table, part in used for place, n in table[part][1]]
        return self._total(split), tuple(moves)

    def _total(self, split: Sequence[int]) -> float:
        scores = [table[part][0] for table, part in zip(self._tables, split, strict=True)]
        counted = zip(self._park.groups, scores, strict=True)
        return math.fsum(group.weight * score for group, score in counted) / self._weight

    def _step(self, group: GroupCells, place: int, steps: int) -> Step:
        cell = group.cells[place]
        return Step(self._park.park_id, cell.indicator, cell.level, cell.moved(steps, self._up))


def _by_steps(group: GroupCells, most: int, up: bool) -> list[tuple[float, _Used]]:
    """Per number of steps the group's best score and how it is reached; unused steps cost nothing."""
    if not group.cells:
        return [(group.score, ())] * (most + 1)
    highest_counts = math.isinf(group.power)
    join: Callable[[float, float], float] = max if highest_counts else float.__add__
    choose = max if up else min
    best: dict[int, tuple[float, _Used]] = {0: (0.0, ())}
    for place, cell in enumerate(group.cells):
        worths = [_part(cell, steps, up, group.power) for steps in range(most + 1)]
        best = {
            total: choose(_options(best, worths, place, total, join), key=_worth)
            for total in range(min(most, (place + 1) * most) + 1)
        }
    weight = math.fsum(cell.weight for cell in group.cells)
    scored = [best[steps] for steps in range(most + 1)]
    return [(_score(value, weight, group.power), used) for value, used in scored]


def scores_with(group: GroupCells, place: int, levels: Iterable[float]) -> list[float]:
    """The group's power mean with one cell at each of these levels in turn, the others as they are."""
    cell, parts = group.cells[place], [_part(cell, 0, True, group.power) for cell in group.cells]
    weight = math.fsum(cell.weight for cell in group.cells)

    def score(level: float) -> float:
        own = _part(replace(cell, level=level), 0, True, group.power)
        every = [*parts[:place], own, *parts[place + 1 :]]
        return _score(max(every) if math.isinf(group.power) else math.fsum(every), weight, group.power)

    return [score(level) for level in levels]


def _options(
    best: Mapping[int, tuple[float, _Used]],
    worths: Sequence[float],
    place: int,
    total: int,
    join: Callable[[float, float], float],
) -> Iterator[tuple[float, _Used]]:
    for steps in range(total + 1):
        if total - steps in best:
            value, used = best[total - steps]
            yield join(value, worths[steps]), (*used, (place, steps)) if steps else used


def _worth(option: tuple[float, _Used]) -> float:
    return option[0]


def _part(cell: Cell, steps: int, up: bool, power: float) -> float:
    points = cell.worth(cell.moved(steps, up))
    if math.isinf(power):
        return points if cell.weight > 0 else 0.0
    return float(cell.weight * points**power)


def _score(value: float, weight: float, power: float) -> float:
    return value if math.isinf(power) else float((value / weight) ** (1 / power))


CLOSE = 1e-9


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


def _nearest(before: FloatArray, behind: FloatArray) -> FloatArray | None:
    """The weights nearest to `before` at which nobody is ahead; the first of equally near ones."""
    points = np.vstack([before, _points(before, behind)])
    allowed = (points >= -CLOSE).all(axis=1) & (points @ behind.T <= CLOSE * 100).all(axis=1)
    if not allowed.any():
        return None
    points = np.clip(points[allowed], 0.0, 1.0)
    apart = np.round(np.abs(points - before).sum(axis=1), 12)
    return np.asarray(points[int(np.argmin(apart))])


def _points(before: FloatArray, behind: FloatArray) -> FloatArray:
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


MOST_RIVALS = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that would have to be different: a group's weight 0-1, or a park's level on an indicator."""

    park_id: str | None
    code: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class Flip:
    """The least by which `rival` would stand above an advised park; `changes` is empty when nothing within reach does.

    `kind` is weights (least total variation of the group weights) or cells (fewest steps of combined known levels).
    `exact` is False when a park involved has a group without a score of its own.
    """

    kind: str
    rival: str
    changes: tuple[Change, ...]
    exact: bool


def flips(parks: Sequence[ParkCells], advised: Sequence[str], rivals: Sequence[str]) -> tuple[Flip, ...]:
    """For each of the first rivals the least change of weights and of cells that puts it among the advised.

    With one park to advise the rival must come above every other; with more, above one of the advised. At most four
    steps of cells are tried.
    """
    by_id = {park.park_id: park for park in parks}
    down = {park.park_id: Reach(park, up=False) for park in parks}
    found = []
    for rival in list(rivals)[:MOST_RIVALS]:
        one = len(advised) == 1
        to_pass = [park for park in parks if park.park_id != rival and (one or park.park_id in advised)]
        found += [_weights(by_id[rival], to_pass, every=one), _cells(by_id[rival], to_pass, down, every=one)]
    return tuple(found)


def _weights(rival: ParkCells, others: Sequence[ParkCells], *, every: bool) -> Flip:
    shifts = [least_shift(rival, others)] if every else [least_shift(rival, [other]) for other in others]
    reachable = [shift for shift in shifts if shift is not None]
    exact = rival.exact and all(other.exact for other in others)
    if not reachable:
        return Flip("weights", rival.park_id, (), exact)
    best = min(reachable, key=lambda shift: sum(abs(after - before) for before, after in shift.values()))
    changes = tuple(Change(None, code, before, after) for code, (before, after) in best.items())
    return Flip("weights", rival.park_id, changes, exact)


def _cells(rival: ParkCells, others: Sequence[ParkCells], down: Mapping[str, Reach], *, every: bool) -> Flip:
    steps = fewest_steps(Reach(rival, up=True), [down[other.park_id] for other in others], every=every)
    changes = tuple(Change(step.park_id, step.indicator, step.before, step.after) for step in steps or ())
    return Flip("cells", rival.park_id, changes, rival.exact and all(other.exact for other in others))
