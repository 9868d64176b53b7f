"""Approvals: which body or role adopted a project plan, of which state, and what changed since.

A state is what was adopted: what people chose and wrote, and the high indicators it answers. How far the work is, is
no part of it. Who proposes a plan does not approve it.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from werkbank.errors import Finding
from werkbank.plan import words
from werkbank.plan.fields import AT_THE_END, field_name
from werkbank.plan.kept import PROSE, STATES, KeptPlan, Who
from werkbank.plan.plan import CHANGES
from werkbank.register.decision import Deciding, Recorded
from werkbank.register.events import StoredEvent, canonical
from werkbank.register.selections import not_selected, paired
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count, date, listing

if TYPE_CHECKING:
    from werkbank.register.store import Register

_PROGRESS = {"state", *AT_THE_END}
_FILLERS = {"de", "het", "een", "van", "bij", "in", "namens"}
_LONGEST = 60
"""Letters of a value in a line about what changed."""


@dataclass(frozen=True, slots=True)
class Approval(Recorded):
    """That a plan was adopted: by which role, when, and of which state; `state` and `plan` are None once destroyed."""

    state: str | None
    plan: Mapping[str, Any] | None = field(repr=False)
    reason: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Who and when: "driehoek op 3 maart 2026"."""
        return f"{self.by} op {date(self.day)}"


def state_of(kept: KeptPlan, high: Mapping[str, float]) -> dict[str, Any]:
    """What an approval is of, as plain values; `high` are the high indicators of now with their levels."""
    plan = kept.model_dump(mode="json", exclude_defaults=True, exclude={"states", "high", "interventions", "notes"})
    chosen = {
        one.id: one.model_dump(mode="json", exclude_defaults=True, exclude={"id", *_PROGRESS}) for one in kept.planned
    }
    return {**plan, "interventions": chosen, "high": dict(high)}


def approvals(events: Iterable[StoredEvent]) -> tuple[Approval, ...]:
    """The approvals among the events, in order; with the choice that is withdrawn, those of its plan go too."""
    found: list[Approval] = []
    for event in events:
        place = (event.municipality, event.round, event.park_id)
        if event.kind == "withdrawal":
            found = [one for one in found if (one.municipality, one.round, one.park_id) != place]
        elif event.kind == "approval":
            data = event.data or {}
            found.append(Approval(*Recorded.of(event), *(data.get(name) for name in ("state", "plan", "reason"))))
    return tuple(found)


def record_approval(
    register: Register, deciding: Deciding, kept: KeptPlan, high: Mapping[str, float], reason: str
) -> Approval:
    """The recorded approval of a plan as it is now.

    Raises RegisterError with every objection at once: nobody who approves or a person's name, who leads the plan
    itself or nobody who does, no choice of this park that holds, or this state approved before by the same role.
    """
    state = state_of(kept, high)
    mark = sha256(canonical(state).encode()).hexdigest()
    stored = deciding.record(
        register,
        "approval",
        {"state": mark, "plan": state, "reason": reason.strip() or None},
        "Dit projectplan kan niet worden vastgesteld:",
        (
            *(deciding.reason_faults("approval-reason", "de reden", reason) if reason.strip() else ()),
            *_proposer(deciding.by, kept.lead),
        ),
        lambda earlier: (
            *not_selected(deciding, paired(earlier)),
            *_before(deciding.by, mark, (one for one in approvals(earlier) if one.park_id == kept.park_id)),
        ),
    )
    return approvals((stored,))[0]


def _proposer(by: str, lead: Who | None) -> Iterator[Finding]:
    """Proposing and approving are different roles."""
    if lead is None:
        yield PROSE.finding("approval-no-lead")
        return
    own, role, organisation = map(_words, (by, lead.role, lead.organisation))
    if own == organisation if not role else role <= own <= role | organisation:
        yield PROSE.finding("approval-own", lead=lead)


def _words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold())) - _FILLERS


def _before(by: str, mark: str, earlier: Iterable[Approval]) -> Iterator[Finding]:
    for one in earlier:
        if one.state == mark and _words(one.by) == _words(by):
            yield PROSE.finding("approved-before", who=one, number=one.event_id)


def approval_told(own: Sequence[Approval], kept: KeptPlan, high: Mapping[str, float], catalogue: Catalogue) -> str:
    """In one sentence who adopted the plan as it is now, or what changed since; empty when nobody has to have."""
    said, state = words()["approval"], state_of(kept, high)
    mark = sha256(canonical(state).encode()).hexdigest()
    if holding := [str(one) for one in own if one.state == mark]:
        return str(said["holds"].format(listing(holding)))
    if own:
        lines = list(_changes(own[-1].plan, state, catalogue)) if own[-1].plan else [said["destroyed"]]
        more = (
            [said["more"].format(count(len(lines) - CHANGES, "wijziging", "wijzigingen"))]
            if len(lines) > CHANGES
            else []
        )
        return str(said["lapsed"].format(who=own[-1], changes="; ".join((*lines[:CHANGES], *more))))
    stands = words()["kept"]["states"][kept.state]
    return str(said["without"].format(stands)) if kept.state in STATES[1:] else ""


def _changes(then: Mapping[str, Any], now: Mapping[str, Any], catalogue: Catalogue) -> Iterator[str]:
    """What is otherwise, a line for each thing, under the name by which people know it."""
    said, both = words()["approval"], then["interventions"].keys() & now["interventions"].keys()
    before, after = (dict(_told(state, both, catalogue)) for state in (then, now))
    for what in dict.fromkeys((*before, *after)):
        if before.get(what) != after.get(what):
            how = "gone" if what not in after else "changed" if what in before else "new"
            values = {name: _short(own.get(what, "")) for name, own in (("then", before), ("now", after))}
            yield str(said[how].format(what=what, **values))


def _told(state: Mapping[str, Any], both: Collection[str], catalogue: Catalogue) -> Iterator[tuple[str, str]]:
    """Everything in a state by its name; of an intervention that is not in both states only that it is there."""
    said = words()["approval"]
    named = {one.id: one.name for one in catalogue.interventions} | {one.id: one.name for one in catalogue.indicators}
    for code, own in state["interventions"].items():
        yield f"{code} {named.get(code, '')}", said["chosen"]
        if code in both:
            yield from ((field_name(f"interventions/{code}/{key}"), _text(value)) for key, value in own.items())
    yield from ((f"{code} {named.get(code, '')}", said["high"].format(level)) for code, level in state["high"].items())
    for one in state.get("fields", ()):
        yield field_name(f"fields/{one['chapter']}/{one['name']}"), one.get("value", "")
    yield from ((field_name(f"texts/{code}"), text) for code, text in state.get("texts", {}).items())
    yield from ((field_name(key), _text(state[key])) for key in ("lead", "members", "agreements") if key in state)


def _text(value: Any) -> str:
    if isinstance(value, Mapping) and "organisation" in value:
        return str(Who(**value))
    if isinstance(value, Mapping):
        return ", ".join(map(_text, value.values()))
    if isinstance(value, list):
        return "; ".join(map(_text, value))
    return date(dt.date.fromisoformat(value)) if re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)) else str(value)


def _short(text: str) -> str:
    one = " ".join(text.split()).rstrip(".") or "leeg"
    return one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…"
