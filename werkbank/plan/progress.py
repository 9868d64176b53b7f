"""The actions of all plans together: who does what and when, and what is too late, which is computed and never a state.

Buckets as in the best action plans: overdue, within 30 days, within 90, later, without a date. An action is an
intervention that people chose and did not drop.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from werkbank.plan.kept import FOLDER, KeptPlan, read_plan
from werkbank.settings.catalogue import Catalogue

SOON, LATER = 30, 90
"""Days within which an action is due soon, and within which it is due later on."""
BUCKETS = ("overdue", "soon", "later_on", "later", "undated", "finished")


@dataclass(frozen=True, slots=True)
class PlannedAction:
    """One action: an intervention of one plan, with its owner, its term, its state and what came of it."""

    park_id: str
    intervention: str
    name: str
    organisation: str
    role: str
    start: dt.date | None
    end: dt.date | None
    state: str
    bucket: str
    done: dt.date | None
    result: str | None
    evidence: str


def kept_plans(data: Path, catalogue: Catalogue) -> tuple[KeptPlan, ...]:
    """Every plan that people keep, in the order of their parks. Raises OutputError with the faults of one."""
    return tuple(read_plan(path, catalogue) for path in sorted((data / FOLDER).glob("*.yaml")))


def actions_of(plan: KeptPlan, catalogue: Catalogue, today: dt.date) -> Iterator[PlannedAction]:
    """The actions of one plan, those that are due first first."""
    actions = (
        PlannedAction(
            park_id=plan.park_id,
            intervention=one.id,
            name=catalogue.intervention(one.id).name,
            organisation=one.owner.organisation if one.owner else "",
            role=one.owner.role if one.owner else "",
            start=one.start,
            end=one.end,
            state=one.state,
            bucket=_bucket(one.state, one.end, today),
            done=one.done,
            result=one.result,
            evidence=one.evidence,
        )
        for one in plan.planned
    )
    yield from sorted(actions, key=in_order)


def in_order(one: PlannedAction) -> tuple[int, dt.date, str, str]:
    """What is due first stands first."""
    return BUCKETS.index(one.bucket), one.end or dt.date.max, one.park_id, one.intervention


def _bucket(state: str, end: dt.date | None, today: dt.date) -> str:
    if state == "done":
        return "finished"
    if end is None:
        return "undated"
    days = (end - today).days
    return "overdue" if days < 0 else "soon" if days <= SOON else "later_on" if days <= LATER else "later"
