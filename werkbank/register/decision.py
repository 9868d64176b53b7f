"""A decision: who takes it, about what and when, with which reason, and whether it was taken back since.

Every kind of decision is recorded in one way, by `Deciding`, and stands in the register as a `Recorded`; the intake,
what a municipality answers before a round begins, has no more than that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from werkbank.errors import Finding
from werkbank.files.yaml import packaged
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
        against: Against = lambda _: (),
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

    def own_reason(
        self, rule: str, what: str, text: str | None, asked: Iterable[Finding], *, needed: bool, needless: str
    ) -> Iterator[Finding]:
        """What is allowed with a reason of its own: `asked` where that lacks, and never such a reason without need."""
        if not text:
            yield from asked if needed else ()
        elif needed:
            yield from self.reason_faults(rule, what, text)
        else:
            yield PROSE.finding(needless)

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


# What a municipality answers before a round begins; a later answer takes the place of the earlier one.

_ANSWER = re.compile(r"(ja|nee)\b[\s,.:;–-]*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """Yes or no to one question, and why in a sentence."""

    yes: bool
    why: str = field(repr=False)

    @property
    def word(self) -> str:
        """Yes or no in Dutch."""
        return "ja" if self.yes else "nee"


@dataclass(frozen=True, slots=True)
class Intake(Recorded):
    """What was answered at one moment: question → answer; it is about no park."""

    answers: Mapping[str, Answer]


@cache
def intake_questions() -> dict[str, dict[str, str]]:
    """Code → name and question, in the order in which they are asked."""
    return packaged(__file__, "intake.yaml")


def intakes(events: Iterable[StoredEvent]) -> tuple[Intake, ...]:
    """What was answered, in the order in which it was recorded; not what has been destroyed after its term."""
    return tuple(
        Intake(*Recorded.of(event), {code: Answer(**answer) for code, answer in event.data["answers"].items()})
        for event in events
        if event.kind == "intake" and event.data
    )


def last_answers(found: Iterable[Intake]) -> dict[str, Answer]:
    """Question → the last answer, of one municipality and round."""
    return {code: answer for intake in found for code, answer in intake.answers.items()}


def intake_summary(answers: Mapping[str, Answer]) -> str:
    """The answers in a few words: "informatiebehoefte ja, capaciteit nee"."""
    given = {code: told["name"] for code, told in intake_questions().items() if code in answers}
    return ", ".join(f"{name} {answers[code].word}" for code, name in given.items())


def record_intake(register: Register, deciding: Deciding, texts: Mapping[str, str]) -> StoredEvent:
    """The recorded answers: question → "ja" or "nee" and a sentence.

    Raises RegisterError with every objection at once: neither yes nor no, no sentence, or something that may lead to a
    person.
    """
    read = {code: _ANSWER.match(text.strip()) for code, text in texts.items()}
    answers = {code: {"yes": it[1].lower() == "ja", "why": it[2].strip()} for code, it in read.items() if it}
    refusal = "Deze antwoorden kunnen niet worden vastgelegd:"
    return deciding.record(register, "intake", {"answers": answers}, refusal, _faults(read, deciding))


def _faults(read: Mapping[str, re.Match[str] | None], deciding: Deciding) -> Iterator[Finding]:
    for code, found in read.items():
        if found is None:
            yield PROSE.finding("intake-answer", code=code)
        else:
            what = f"de zin bij {intake_questions()[code]['name']}"
            yield from deciding.reason_faults("intake-reason", what, found[2])
