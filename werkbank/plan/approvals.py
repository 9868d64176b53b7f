"""Approvals: which body or role adopted a project plan, of which state, and what changed since.

A state is what was adopted: what people chose and wrote, and the high indicators it answers. How far the work is, is
no part of it. Who proposes a plan does not approve it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING

from werkbank.errors import Finding
from werkbank.plan import words
from werkbank.plan.fields import AT_THE_END, field_name, plan_fields
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
    """That a plan was adopted: by which role, when, and of which state; that is None once destroyed.

    `state` is its sha256, `plan` what it said, in words.
    """

    state: str | None
    plan: Mapping[str, str] | None = field(repr=False)
    reason: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        """Who and when: "driehoek op 3 maart 2026"."""
        return f"{self.by} op {date(self.day)}"


_BESIDE = {"states", "high", "interventions", "notes", "sharing"}
"""What of a plan may change without another approval, or is in it otherwise."""


def mark_of(kept: KeptPlan, high: Mapping[str, float]) -> str:
    """The sha256 by which a state is known again; `high` are the high indicators of now with their levels."""
    plan = kept.model_dump(mode="json", exclude_defaults=True, exclude=_BESIDE)
    chosen = {
        one.id: one.model_dump(mode="json", exclude_defaults=True, exclude={"id", *_PROGRESS}) for one in kept.planned
    }
    return sha256(canonical({**plan, "interventions": chosen, "high": dict(high)}).encode()).hexdigest()


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
    mark = mark_of(kept, high)
    stored = deciding.record(
        register,
        "approval",
        {"state": mark, "plan": _texts(kept, high), "reason": reason.strip() or None},
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
    said, mark = words()["approval"], mark_of(kept, high)
    if holding := [str(one) for one in own if one.state == mark]:
        return str(said["holds"].format(listing(holding)))
    if own:
        then = own[-1].plan
        lines = [said["destroyed"]] if then is None else list(_changes(then, _texts(kept, high), catalogue))
        more = (
            [said["more"].format(count(len(lines) - CHANGES, "wijziging", "wijzigingen"))]
            if len(lines) > CHANGES
            else []
        )
        return str(said["lapsed"].format(who=own[-1], changes="; ".join((*lines[:CHANGES], *more))))
    stands = words()["kept"]["states"][kept.state]
    return str(said["without"].format(stands)) if kept.state in STATES[1:] else ""


def _changes(then: Mapping[str, str], now: Mapping[str, str], catalogue: Catalogue) -> Iterator[str]:
    """What is otherwise, a line for each thing; of an intervention that came or went only that it did."""
    said, names = words()["approval"], {one.id: one.name for one in catalogue.interventions}
    names |= {one.id: one.name for one in catalogue.indicators}
    for key in dict.fromkeys((*then, *now)):
        group, _, code = key.partition("/")
        chosen = f"chosen/{code.partition('/')[0]}"
        if then.get(key) != now.get(key) and (group != "interventions" or (chosen in then and chosen in now)):
            how = "gone" if key not in now else "changed" if key in then else "new"
            what = f"{code} {names.get(code, '')}" if group in ("chosen", "high") else field_name(key)
            yield str(said[how].format(what=what, then=_short(then.get(key, "")), now=_short(now.get(key, ""))))


def _texts(kept: KeptPlan, high: Mapping[str, float]) -> dict[str, str]:
    """A state in words, by the keys of its fields, its interventions and the high indicators."""
    said = words()["approval"]
    fields = (one for one in plan_fields(kept).values() if one.text and one.path[-1] not in _PROGRESS)
    return {
        **{f"chosen/{one.id}": said["chosen"] for one in kept.planned},
        **{f"high/{code}": said["high"].format(level) for code, level in high.items()},
        **{one.key: one.text for one in fields},
    }


def _short(text: str) -> str:
    one = " ".join(text.split()).rstrip(".") or "leeg"
    return one if len(one) <= _LONGEST else f"{one[: _LONGEST - 1]}…"
