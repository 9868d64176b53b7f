"""What would turn the advice around: the least change by which another park would have come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from werkbank.advice.flip_cells import ParkCells, Reach, fewest_steps
from werkbank.advice.flip_weights import least_shift

__all__ = ["Change", "Flip", "flips"]

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
