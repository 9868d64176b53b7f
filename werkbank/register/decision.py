"""A decision: who takes it, about what and when, with which reason, and whether it was taken back since.

Every kind of decision is recorded in one way, by `Deciding`, and stands in the register as a `Recorded`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from werkbank.errors import Finding
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data, with_capitals
from werkbank.register.events import PROSE, Event, Kind, StoredEvent
from werkbank.wording import count, date

if TYPE_CHECKING:
    from werkbank.register.store import Register

SHORTEST_REASON = 10
LONGEST_REASON = 5_000
NOWHERE = Places(())

Against = Callable[[tuple[StoredEvent, ...]], Iterable[Finding]]
"""What the earlier events of the municipality and round have against a decision."""


def _nothing(_: tuple[StoredEvent, ...]) -> tuple[Finding, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Deciding:
    """Who decides about which municipality, round and park, and when.

    `by` is a body or role; `places` are names of parks and municipalities, which may look like those of people.
    """

    municipality: str
    round: str
    by: str
    now: dt.datetime
    park_id: str | None = None
    places: Places = NOWHERE

    def record(
        self,
        register: Register,
        kind: Kind,
        contents: Mapping[str, Any],
        refusal: str,
        findings: Iterable[Finding],
        against: Against = _nothing,
        *,
        role: str = "decision-by",
    ) -> StoredEvent:
        """The decision as it stands in the register.

        Raises RegisterError with every objection at once: the findings, nobody who decides or a person's name (by the
        rule `role`), and what is against it by earlier events.
        """
        own = (*findings, *self._role_faults(role))
        event = Event.of(
            kind, self.municipality, self.round, by=self.by, now=self.now, contents=contents, park_id=self.park_id
        )
        return register.append(event, refusal, lambda earlier: (*own, *against(earlier)))

    def reason_faults(self, rule: str, what: str, text: str) -> Iterator[Finding]:
        """A reason is neither missing nor endless, and leads to nobody: it is kept, and it is printed in the plan."""
        length = len(text.strip())
        if not SHORTEST_REASON <= length <= LONGEST_REASON:
            facts = {"length": count(length, "teken", "tekens"), "least": SHORTEST_REASON, "most": LONGEST_REASON}
            yield replace(PROSE.finding("reason", what=what, **facts), rule=rule)
        for kind in personal_data(text[:LONGEST_REASON], self.places):
            yield replace(PROSE.finding("reason-personal", what=what, kind=LOOKS_LIKE[kind]), rule=f"{rule}-personal")

    def _role_faults(self, rule: str) -> Iterator[Finding]:
        """Who decided or wrote is a body or a role; a person's name would stay in the register for good."""
        if not self.by.strip():
            yield PROSE.finding(rule)
        # Behind a word, so that a name is not taken for the word that begins a sentence.
        for kind in personal_data(f"door {with_capitals(self.by)}", self.places):
            yield PROSE.finding(f"{rule}-personal", kind=LOOKS_LIKE[kind])


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That people took a decision back: who, when and why; `reason` is None once its contents were destroyed."""

    event_id: int
    by: str
    at: dt.datetime
    reason: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, event: StoredEvent) -> Withdrawal:
        """As the register holds it."""
        return cls(event.id, event.actor_role, event.moment, (event.data or {}).get("reason"))

    @property
    def day(self) -> dt.date:
        """The day on which it was recorded, where the reader is."""
        return self.at.astimezone().date()


@dataclass(frozen=True, slots=True)
class Recorded:
    """A decision as it stands in the register: `by` is a body or role, `at` a moment in UTC."""

    event_id: int
    municipality: str
    round: str
    park_id: str
    by: str
    at: dt.datetime

    @staticmethod
    def of(event: StoredEvent) -> tuple[int, str, str, str, str, dt.datetime]:
        """What every decision has, from its event."""
        return event.id, event.municipality, event.round, event.park_id or "", event.actor_role, event.moment

    @property
    def day(self) -> dt.date:
        """The day on which it was recorded, where the reader is."""
        return self.at.astimezone().date()

    @property
    def told(self) -> str:
        """By whom and when: "driehoek, 3 maart 2026"."""
        return f"{self.by}, {date(self.day)}"
