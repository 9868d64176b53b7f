"""The intake: what a municipality answers before a round begins; a later answer takes the place of the earlier one."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from werkbank.errors import Finding
from werkbank.files.yaml import packaged
from werkbank.register.decision import Deciding
from werkbank.register.events import PROSE, StoredEvent

if TYPE_CHECKING:
    from werkbank.register.store import Register

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
class Intake:
    """What was answered at one moment: question → answer; `by` is a body or role, `at` a moment in UTC."""

    event_id: int
    municipality: str
    round: str
    by: str
    at: dt.datetime
    answers: Mapping[str, Answer]


@cache
def questions() -> dict[str, dict[str, str]]:
    """Code → name and question, in the order in which they are asked."""
    return packaged(__file__, "intake.yaml")


def intakes(events: Iterable[StoredEvent]) -> tuple[Intake, ...]:
    """What was answered, in the order in which it was recorded; not what has been destroyed after its term."""
    return tuple(
        Intake(
            event_id=event.id,
            municipality=event.municipality,
            round=event.round,
            by=event.actor_role,
            at=event.moment,
            answers={code: Answer(**answer) for code, answer in event.data["answers"].items()},
        )
        for event in events
        if event.kind == "intake" and event.data
    )


def standing(found: Iterable[Intake]) -> dict[str, Answer]:
    """Question → the last answer, of one municipality and round."""
    return {code: answer for intake in found for code, answer in intake.answers.items()}


def summary(answers: Mapping[str, Answer]) -> str:
    """The answers in a few words: "informatiebehoefte ja, capaciteit nee"."""
    return ", ".join(f"{told['name']} {answers[code].word}" for code, told in questions().items() if code in answers)


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
            what = f"de zin bij {questions()[code]['name']}"
            yield from deciding.reason_faults("intake-reason", what, found[2])
