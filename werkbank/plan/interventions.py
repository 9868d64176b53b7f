"""Which interventions the catalogue's triggers put forward for one park, light before heavy (method.md 8).

A trigger is a rule that anyone can read back: which cell or sum, which threshold, what was found. What is unknown
never fires a comparison. What the interventions that fired answer, and what they leave unanswered, follows from the
catalogue too; proposed is the lightest set that answers what is high, exactly, by HiGHS. Nothing is decided by it:
beside the set stands everything else that fired, and a person adds and takes away.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from werkbank.advice.reasons import CellReading, ParkReading, level_text
from werkbank.errors import OutputError
from werkbank.plan import words
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Intervention, Trigger
from werkbank.wording import listing

HEAVY = 4
"""From this weight on an intervention needs a confirmed source behind its trigger."""
CONFIRMED = "A"
_TOLERANCE = 1e-9
"""Combined levels are read back from points; this undoes the binary noise of that."""
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda found, value: found >= value - _TOLERANCE,
    "<=": lambda found, value: found <= value + _TOLERANCE,
    "==": lambda found, value: abs(found - value) <= _TOLERANCE,
    "<": lambda found, value: found < value - _TOLERANCE,
    ">": lambda found, value: found > value + _TOLERANCE,
}


@dataclass(frozen=True, slots=True)
class Fired:
    """One trigger that holds: `found` is the level or percentage that was compared, None when it is unknown.

    `source` is an indicator, or a figure of the park; of a word `operator` and `value` are what it comes down to on the
    scale of the indicator. `cells` are the indicators behind it; `at_least` says that some of them are unknown, so that
    `found` is a minimum. `confirmed`: a judgement on a source of strength A meets the threshold all by itself.
    """

    source: str
    operator: str
    value: int | str
    found: float | None
    at_least: bool
    cells: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """An intervention that is put forward: why, and which high indicators it answers directly or only supports.

    With `needs_confirmation` it is heavy and rests on no confirmed source: it is named, but not planned. A heavy one
    that is confirmed answers only the indicators that are confirmed themselves.
    """

    intervention: str
    weight: int
    fired: tuple[Fired, ...]
    direct: tuple[str, ...]
    supporting: tuple[str, ...]
    needs_confirmation: bool


def propose(reading: ParkReading, catalogue: Catalogue) -> tuple[Proposal, ...]:
    """Every intervention with a trigger that holds on this park, from light to heavy, then in the catalogue's order."""
    high = high_indicators(reading, catalogue)
    found = (_proposal(one, reading, catalogue, high) for one in catalogue.interventions)
    return tuple(sorted((one for one in found if one.fired), key=lambda one: one.weight))


def chosen_by_people(codes: Sequence[str], reading: ParkReading, catalogue: Catalogue) -> tuple[Proposal, ...]:
    """The interventions that people chose, fired or not, in the order of `propose`; a person may plan a heavy one."""
    high = high_indicators(reading, catalogue)
    found = (_proposal(one, reading, catalogue, high) for one in catalogue.interventions if one.id in codes)
    return tuple(sorted((replace(one, needs_confirmation=False) for one in found), key=lambda one: one.weight))


def high_indicators(reading: ParkReading, catalogue: Catalogue) -> tuple[str, ...]:
    """The indicators that ask for an answer, high in the direction of risk; what is unknown is never high."""
    levels = {code: reading.cell(code).level for code in catalogue.indicator_ids}
    return tuple(code for code, level in levels.items() if level is not None and catalogue.is_high(code, level))


def _proposal(one: Intervention, reading: ParkReading, catalogue: Catalogue, high: tuple[str, ...]) -> Proposal:
    fired = tuple(hit for trigger in one.triggers for hit in _fire(trigger, reading, catalogue))
    heavy, confirmed = one.weight >= HEAVY, any(hit.confirmed for hit in fired)
    # A heavy measure that rests on one confirmed cell is no answer to another that is only suspected.
    able = [code for code in high if _confirmed(reading.cell(code), catalogue)] if heavy and confirmed else high
    return Proposal(
        intervention=one.id,
        weight=one.weight,
        fired=fired,
        direct=tuple(code for code in able if code in one.direct),
        supporting=tuple(code for code in able if code in one.supporting),
        needs_confirmation=heavy and not confirmed,
    )


def _confirmed(cell: CellReading, catalogue: Catalogue) -> bool:
    """Whether a source of strength A says by itself that it is high."""
    return any(one.source_strength == CONFIRMED and catalogue.is_high(cell.indicator, one.level) for one in cell.judged)


def _fire(trigger: Trigger, reading: ParkReading, catalogue: Catalogue) -> Iterator[Fired]:
    if trigger.source in ("coverage", "two_sided"):
        yield from _figure(trigger, getattr(reading, trigger.source))
    elif trigger.source == "threat_share":
        found, behind, complete = _share(reading, catalogue)
        yield from _figure(trigger, found, behind, complete=complete)
    else:
        # What is asked of the severest is asked of each of them.
        codes = catalogue.severest if trigger.source == "severe_threat" else (trigger.source,)
        yield from (hit for code in codes for hit in _of_cell(trigger, reading.cell(code), catalogue))


def _of_cell(trigger: Trigger, cell: CellReading, catalogue: Catalogue) -> Iterator[Fired]:
    """The trigger, if it holds in this cell; a source of strength A confirms it that meets the threshold by itself."""
    code = cell.indicator
    if trigger.value == "unknown":
        if cell.applicable and cell.level is None:
            yield Fired(code, "is", "unknown", None, at_least=False, cells=(code,), confirmed=False)
    elif cell.level is not None:
        operator, value = threshold(trigger, code, catalogue)
        holds = _COMPARE[operator]
        if holds(cell.level, value):
            confirmed = any(one.source_strength == CONFIRMED and holds(one.level, value) for one in cell.judged)
            yield Fired(code, operator, value, cell.level, at_least=False, cells=(code,), confirmed=confirmed)


def threshold(trigger: Trigger, code: str, catalogue: Catalogue) -> tuple[str, int]:
    """What a word asks of a level on the indicator's own scale: high is "2 of hoger", of what protects "1 of lager"."""
    value = catalogue.level(code, str(trigger.value))
    if trigger.value == "high":
        operators = ("<=", ">") if catalogue.family_of(code).protective else (">=", "<")
    else:
        operators = ("==", "<" if value else ">")
    return operators[trigger.operator == "is not"], value


def _share(reading: ParkReading, catalogue: Catalogue) -> tuple[float | None, tuple[str, ...], bool]:
    """The threats together in percent of the most they could be, which add to it, and whether all are known."""
    asked = [cell for one in catalogue.threats if (cell := reading.cell(one.id)).applicable]
    worth = {cell.indicator: _points(cell.indicator, cell.level, catalogue) for cell in asked if cell.level is not None}
    behind = tuple(code for code, points in worth.items() if points > 0)
    return sum(worth.values()) / len(asked) if worth else None, behind, len(worth) == len(asked)


def _points(code: str, level: float, catalogue: Catalogue) -> float:
    """What a level is worth, also one between two."""
    scale, low = catalogue.scale_of(code), math.floor(level)
    return scale.points_of(low) + (level - low) * (scale.points_of(math.ceil(level)) - scale.points_of(low))


def _figure(
    trigger: Trigger, found: float | None, behind: Sequence[str] = (), *, complete: bool = True
) -> Iterator[Fired]:
    """The trigger, if it holds for a percentage of the park, which no single source confirms.

    One of which a part is unknown is a minimum: it can reach a threshold, never prove to stay below one.
    """
    if found is None or not isinstance(trigger.value, int) or not (complete or trigger.operator == ">="):
        return
    if _COMPARE[trigger.operator](found, trigger.value):
        how = (trigger.source, trigger.operator, trigger.value)
        yield Fired(*how, found, at_least=not complete, cells=tuple(behind), confirmed=False)


ENFORCEMENT = "enforcement"
"""The kind that a threat needs among its direct answers."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One high indicator in words, and the codes of the planned interventions that answer it directly or only help."""

    indicator: str
    name: str
    level: str
    direct: tuple[str, ...]
    supporting: tuple[str, ...]
    hole: bool


@dataclass(frozen=True, slots=True)
class Hole:
    """A high indicator without the direct answer it needs, and in words what it lacks and what could be done.

    A threat needs a direct answer that enforces.
    """

    indicator: str
    name: str
    lacks: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Answers:
    """High indicators × planned interventions, the holes in it, and of every required kind what is planned."""

    interventions: tuple[str, ...]
    rows: tuple[AnswerRow, ...]
    holes: tuple[Hole, ...]
    kinds: Mapping[str, tuple[str, ...]]

    def between(self, indicator: str, intervention: str) -> str:
        """How the intervention answers the indicator: `direct`, `supporting` or `none`."""
        row = next(row for row in self.rows if row.indicator == indicator)
        if intervention in row.direct:
            return "direct"
        return "supporting" if intervention in row.supporting else "none"


def answers(reading: ParkReading, proposals: Sequence[Proposal], catalogue: Catalogue) -> Answers:
    """What the proposals answer; one that still needs confirmation answers nothing yet."""
    planned = [one for one in proposals if not one.needs_confirmation]
    waiting = [one.intervention for one in proposals if one.needs_confirmation]
    high = high_indicators(reading, catalogue)
    direct = {code: tuple(one.intervention for one in planned if code in one.direct) for code in high}
    holes = tuple(hole for code in high for hole in _hole(code, direct[code], waiting, catalogue))
    open_ones = {hole.indicator for hole in holes}
    rows = (
        AnswerRow(
            indicator=code,
            name=catalogue.indicator(code).name,
            level=f"{level_text(reading.cell(code).level or 0)} van {catalogue.scale_of(code).highest}",
            direct=direct[code],
            supporting=tuple(one.intervention for one in planned if code in one.supporting),
            hole=code in open_ones,
        )
        for code in high
    )
    codes = tuple(one.intervention for one in planned)
    kinds = {
        kind.name: tuple(code for code in codes if catalogue.intervention(code).kind == kind.id)
        for kind in catalogue.kinds
    }
    return Answers(codes, tuple(rows), holes, kinds)


def suffices(one: Proposal, code: str, catalogue: Catalogue) -> bool:
    """Whether it is the answer that this high indicator needs: a direct one, and of a threat one that enforces."""
    return code in one.direct and _fits(catalogue.intervention(one.intervention), code, catalogue)


def _fits(one: Intervention, code: str, catalogue: Catalogue) -> bool:
    return code in one.direct and (one.kind == ENFORCEMENT or catalogue.indicator(code) not in catalogue.threats)


def _hole(code: str, direct: Sequence[str], waiting: Sequence[str], catalogue: Catalogue) -> Iterator[Hole]:
    fitting = [one.id for one in catalogue.interventions if _fits(one, code, catalogue)]
    if set(direct) & set(fitting):
        return
    said, after = words()["holes"], [one for one in fitting if one in waiting]
    # What waits may be planned once a source is confirmed; of the others no threshold was reached.
    elsewhere = [one for one in fitting if one not in waiting]
    remedies = [
        said[key].format(listing([f"{one} {catalogue.intervention(one).name}" for one in found], "of"))
        for key, found in (("after_confirmation", after), ("elsewhere", elsewhere))
        if found
    ]
    yield Hole(
        indicator=code,
        name=catalogue.indicator(code).name,
        lacks=said["enforcement" if direct else "direct"],
        remedy="; ".join(remedies) or said["nothing"],
    )


def choose(proposals: Sequence[Proposal], high: Sequence[str], catalogue: Catalogue) -> tuple[Proposal, ...]:
    """Of what fired the set of least weight, in the order of `proposals`.

    It answers every `high` threat directly by enforcement and every other high indicator directly, and has one of each
    kind; what none of them can give is asked of nobody and stays a hole. Of equal weight the fewest, and of these those
    that stand first in the catalogue, so that there is one outcome. What needs confirmation is never chosen.
    """
    places = {one.id: place for place, one in enumerate(catalogue.interventions)}
    able = sorted((one for one in proposals if not one.needs_confirmation), key=lambda one: places[one.intervention])
    # Per thing that is needed which of the interventions give it.
    direct = [[suffices(one, code, catalogue) for one in able] for code in high]
    kinds = [catalogue.intervention(one.intervention).kind for one in able]
    needs = [row for row in (*direct, *([one == kind.id for one in kinds] for kind in catalogue.kinds)) if any(row)]
    if not needs:
        return ()
    # A set has at most as many members as there are, so that a point of weight counts for more than all of them.
    costs = np.array([one.weight * (len(able) + 1) + 1 for one in able])
    taken, least = _cheapest(costs, np.array(needs), np.zeros(len(able)), np.ones(len(able)))
    low, high_ones = np.zeros(len(able)), np.ones(len(able))
    for place in range(len(able)):
        if not taken[place]:
            low[place] = 1
            other, cost = _cheapest(costs, np.array(needs), low, high_ones)
            taken = other if cost == least else taken
        low[place] = high_ones[place] = taken[place]
    chosen = {one.intervention for one, own in zip(able, taken, strict=True) if own}
    return tuple(one for one in proposals if one.intervention in chosen)


def _cheapest(costs: np.ndarray, needs: np.ndarray, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, int]:
    """The cheapest set with one of each need and between these bounds: who is in it, and what it costs."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415  takes longer to load than to solve

    found = milp(costs, constraints=LinearConstraint(needs, lb=1), integrality=1, bounds=Bounds(low, high))
    if found.x is None:
        raise OutputError(f"Het voorstel van interventies kon niet worden bepaald ({found.status}).")
    taken = found.x.round().astype(int)
    return taken, int(costs @ taken)
