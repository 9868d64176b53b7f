"""Notes: what somebody found while exploring, in their own words, and whether it was taken back since.

No database library is needed to know what a note is; how one gets into the register is in `note_recording`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from werkbank.register.events import StoredEvent
from werkbank.wording import Shown, date, safe_html

__all__ = ["NOTE", "NOTE_WITHDRAWAL", "KeptNote", "Note", "Seen", "TakenBack", "holding", "kept_notes"]

NOTE = "note"
NOTE_WITHDRAWAL = "note_withdrawal"


@dataclass(frozen=True, slots=True)
class Seen:
    """What the author of a note was looking at, as hashes: of the method, the catalogue and the workbooks."""

    method: str
    catalogue: str
    workbooks: str


@dataclass(frozen=True, slots=True)
class Note(Shown):
    """A finding as its author wrote it, with a role and a moment; never a person's name.

    `number` is its place in the register, `at` a moment in UTC. `park_id` is None for a note on the whole
    municipality. The repr leaves out the text.
    """

    number: int
    at: str
    by: str
    text: str = field(repr=False)
    park_id: str | None
    seen: Seen = field(repr=False)

    @property
    def day(self) -> dt.date:
        """The day on which it was recorded, where the reader is."""
        return dt.datetime.fromisoformat(self.at).astimezone().date()

    @property
    def author(self) -> str:
        """Who wrote it and when: "analist van het RIEC, 3 maart 2026"."""
        return f"{self.by}, {date(self.day)}"

    def __str__(self) -> str:
        """The number, who wrote it and when, and the words."""
        about = f", over {self.park_id}" if self.park_id else ""
        return f"Aantekening {self.number} ({self.author}{about}): {self.text}"

    def _repr_html_(self) -> str:
        about = f", over {self.park_id}" if self.park_id else ""
        head = safe_html("<p><strong>Aantekening {}</strong> ({}{})</p>", self.number, self.author, about)
        return str(head + safe_html('<blockquote style="white-space:pre-line">{}</blockquote>', self.text))


@dataclass(frozen=True, slots=True)
class TakenBack:
    """That a note was taken back: by which role, when and why."""

    by: str
    at: str
    reason: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note as the register holds it, with its municipality and round; `taken_back` is None while it holds."""

    municipality: str
    round: str
    note: Note
    taken_back: TakenBack | None = None


def kept_notes(events: Iterable[StoredEvent]) -> tuple[KeptNote, ...]:
    """The notes among the events, those that were taken back included, in the order in which they were recorded.

    One whose contents have been destroyed after their term is no longer there.
    """
    found: dict[int, KeptNote] = {}
    for event in events:
        data = event.data if event.kind in {NOTE, NOTE_WITHDRAWAL} else None
        if data is None:
            continue
        if event.kind == NOTE:
            found[event.id] = KeptNote(event.municipality, event.round, _note(event, data))
        elif data["note"] in found:
            why = TakenBack(event.actor_role, event.at, data["reason"])
            found[data["note"]] = replace(found[data["note"]], taken_back=why)
    return tuple(found.values())


def holding(events: Iterable[StoredEvent]) -> tuple[Note, ...]:
    """The notes among the events that were not taken back."""
    return tuple(kept.note for kept in kept_notes(events) if kept.taken_back is None)


def _note(event: StoredEvent, data: Mapping[str, str]) -> Note:
    seen = Seen(data["method"], data["catalogue"], data["workbooks"])
    return Note(event.id, event.at, event.actor_role, data["text"], event.park_id or None, seen)
