"""Notes: what somebody found while exploring, in their own words, and whether it was taken back since.

The database library is loaded only by who writes a note or may see one: an analysis needs none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from werkbank.errors import Finding, OutputError
from werkbank.matrix.checks import places_of
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data
from werkbank.parks.register import load_parks
from werkbank.register.decision import SHORTEST_REASON, Deciding, Withdrawal
from werkbank.register.events import PROSE, StoredEvent
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters
from werkbank.wording import Shown, count, date, safe_html

if TYPE_CHECKING:
    from werkbank.register.store import Register

FIELD = "notes"
"""The part of the outcome, in the catalogue's audiences, that notes are."""
_ROLE = "note-by"
DISCUSSED = "discussed"
"""The key in a note's contents of the indicator on which the difference was discussed."""
LONGEST = 2_000
"""Characters of a note: some paragraphs. A report that is longer is a document of its own."""


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
class KeptNote:
    """A note as the register holds it, with its municipality and round; `withdrawal` is None while it holds."""

    municipality: str
    round: str
    note: Note
    withdrawal: Withdrawal | None = None


def kept_notes(events: Iterable[StoredEvent]) -> tuple[KeptNote, ...]:
    """The notes among the events, those that were taken back included, in the order in which they were recorded.

    One whose contents have been destroyed after their term is no longer there.
    """
    found: dict[int, KeptNote] = {}
    for event in events:
        data = event.data if event.kind in {"note", "note_withdrawal"} else None
        if data is None:
            continue
        if event.kind == "note":
            found[event.id] = KeptNote(event.municipality, event.round, _note(event, data))
        elif data["note"] in found:
            found[data["note"]] = replace(found[data["note"]], withdrawal=Withdrawal.of(event))
    return tuple(found.values())


def discussed(events: Iterable[StoredEvent]) -> Iterator[tuple[KeptNote, str]]:
    """The notes that hold by which a difference was marked as discussed, each with the indicator of its cell."""
    events = tuple(events)
    cells = {one.id: one.data.get(DISCUSSED) for one in events if one.kind == "note" and one.data}
    return ((one, cell) for one in kept_notes(events) if one.withdrawal is None and (cell := cells[one.note.number]))


def holding(events: Iterable[StoredEvent]) -> tuple[Note, ...]:
    """The notes among the events that were not taken back."""
    return tuple(kept.note for kept in kept_notes(events) if kept.withdrawal is None)


def _note(event: StoredEvent, data: Mapping[str, str]) -> Note:
    seen = Seen(data["method"], data["catalogue"], data["workbooks"])
    return Note(event.id, event.at, event.actor_role, data["text"], event.park_id or None, seen)


def may_see_notes(audience: str, catalogue: Catalogue) -> bool:
    """Whether notes are for this audience at all: they are free text, and may rest on any party's cells."""
    return any(one.id == audience and FIELD in one.fields for one in catalogue.audiences)


def recorded_notes(parameters: Parameters, catalogue: Catalogue) -> tuple[Note, ...]:
    """The notes that hold; nothing is even read for an audience that may not see them, or when there is no register.

    Raises RegisterError when the register cannot be read.
    """
    if not may_see_notes(parameters.audience, catalogue):
        return ()
    from werkbank.register.store import recorded_events  # noqa: PLC0415  the database library

    return holding(recorded_events(parameters.data, parameters.municipality, parameters.round))


def keep_note(
    parameters: Parameters,
    text: str,
    *,
    by: str,
    park_id: str | None,
    seen: Seen,
    indicator: str = "",
    now: dt.datetime | None = None,
) -> Note:
    """The note as it stands in the register; without a park it is about the whole municipality.

    With an `indicator` it tells that the difference on that cell was discussed, with or without words about it.

    The same words once more, as when a cell is run again, are the same note; a difference that is discussed again on
    another day is a new one. Raises OutputError for an audience that gets no notes, RegisterError with every objection
    at once: too short or too long, a role that is missing or looks like a person's name, or words that may lead to a
    person or a company.
    """
    text, by = (f"{indicator} besproken. {text}" if indicator else text).strip(), by.strip()
    with _writing(parameters, by, now, park_id) as (register, writing):
        events = register.events(parameters.municipality, parameters.round)
        told = (one.note for one, _ in discussed(events) if one.note.day == writing.now.astimezone().date())
        earlier = told if indicator else holding(events)
        same = [one for one in earlier if (one.text, one.by, one.park_id) == (text, by, park_id)]
        if same:
            return same[-1]
        findings, refusal = _objections(text, writing.places), "Deze aantekening kan niet worden vastgelegd:"
        contents = {"text": text, **asdict(seen), **({DISCUSSED: indicator} if indicator else {})}
        (note,) = holding((writing.record(register, "note", contents, refusal, findings, role=_ROLE),))
        return note


def take_back_note(
    parameters: Parameters, number: int, *, reason: str, by: str, now: dt.datetime | None = None
) -> None:
    """Record that a note was taken back; the note itself stays in the register, and in no report any more.

    Raises OutputError for an audience that gets no notes, RegisterError with every objection at once: no reason, no
    role or a person's name, or no such note.
    """
    with _writing(parameters, by, now) as (register, writing):
        writing.record(
            register,
            "note_withdrawal",
            {"note": number, "reason": reason.strip()},
            "Deze aantekening kan niet worden ingetrokken:",
            writing.reason_faults("note-withdrawal-reason", "de reden", reason),
            lambda earlier: _absent(number, holding(earlier)),
            role=_ROLE,
        )


@contextmanager
def _writing(
    parameters: Parameters, by: str, now: dt.datetime | None, park_id: str | None = None
) -> Iterator[tuple[Register, Deciding]]:
    """The register, opened for who may see its notes, and who writes in it. Raises OutputError for anybody else."""
    from werkbank.register.store import open_register, register_address  # noqa: PLC0415  the database library

    catalogue = load_catalogue(parameters.catalogue_path)
    if not may_see_notes(parameters.audience, catalogue):
        raise OutputError(
            f"Voor de doelgroep “{parameters.audience}” zijn er geen aantekeningen: een vrije tekst kan laten zien wat "
            f"een andere partij invulde. Leg haar vast in de analyse voor het {catalogue.owner.name}."
        )
    with open_register(register_address(parameters.data)) as register:
        places, moment = places_of(load_parks(parameters.data / "parks.csv")), now or dt.datetime.now(dt.UTC)
        yield register, Deciding(parameters.municipality, parameters.round, by, moment, park_id, places)


def _objections(text: str, places: Places) -> Iterator[Finding]:
    if not SHORTEST_REASON <= len(text) <= LONGEST:
        length = count(len(text), "teken", "tekens")
        yield PROSE.finding("note-length", length=length, least=SHORTEST_REASON, most=LONGEST)
    if any(not letter.isprintable() and letter != "\n" for letter in text):
        yield PROSE.finding("note-letters")
    for kind in personal_data(text[:LONGEST], places):
        yield PROSE.finding("note-personal", kind=LOOKS_LIKE[kind])


def _absent(number: int, notes: tuple[Note, ...]) -> Iterator[Finding]:
    """Only a note that holds can be taken back."""
    if number not in [note.number for note in notes]:
        known = ", ".join(str(note.number) for note in notes) or "geen"
        yield PROSE.finding("no-such-note", number=number, known=known)
