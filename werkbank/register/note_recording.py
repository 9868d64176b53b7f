"""Recording a note, and taking it back; whole or not at all, every objection at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import asdict

from werkbank.errors import Finding, RegisterError
from werkbank.matrix.personal_data import LOOKS_LIKE, Places, personal_data
from werkbank.register import selections
from werkbank.register.events import Event, StoredEvent, canonical, utc
from werkbank.register.notes import NOTE, NOTE_WITHDRAWAL, Note, Seen, holding
from werkbank.register.store import Register
from werkbank.wording import count

__all__ = ["LONGEST", "record_note", "record_note_withdrawal"]

SHORTEST = selections.SHORTEST_REASON
LONGEST = 2_000
"""Characters of a note: some paragraphs. A report that is longer is a document of its own."""
_ALLOWED_ROLE = "een rol, zoals “analist van het RIEC”"


def record_note(  # noqa: PLR0913 - all of it belongs to one note
    register: Register,
    *,
    municipality: str,
    round: str,
    park_id: str | None,
    text: str,
    by: str,
    seen: Seen,
    now: dt.datetime,
    places: Places,
) -> Note:
    """The note as it stands in the register; the same words once more, as when a cell is run again, are the same note.

    Raises RegisterError with every objection at once: too short or too long, a role that is missing or looks like a
    person's name, or words that may lead to a person or a company.
    """
    text, by = text.strip(), by.strip()
    _refuse("Deze aantekening kan niet worden vastgelegd:", (*_objections(text, places), *_role(by, places)))
    earlier = holding(register.events(None, municipality, round))
    same = [one for one in earlier if (one.text, one.by, one.park_id) == (text, by, park_id)]
    if same:
        return same[-1]
    payload = canonical({"text": text, **asdict(seen)})
    event = Event(
        kind=NOTE,
        municipality=municipality,
        round=round,
        park_id=park_id,
        actor_role=by,
        at=utc(now),
        payload=payload,
    )
    (note,) = holding((register.append(event),))
    return note


def record_note_withdrawal(  # noqa: PLR0913 - all of it belongs to one note
    register: Register,
    *,
    municipality: str,
    round: str,
    number: int,
    reason: str,
    by: str,
    now: dt.datetime,
    places: Places,
) -> None:
    """Record that a note was taken back; the note itself stays in the register, and in no report any more.

    Raises RegisterError with every objection at once: no reason, no role or a person's name, or no such note.
    """
    reason, by = reason.strip(), by.strip()
    findings = (*selections.reason("note-withdrawal-reason", "de reden", reason, places), *_role(by, places))

    def guard(earlier: tuple[StoredEvent, ...]) -> None:
        own = [one for one in holding(earlier) if one.number == number]
        absent = () if own else (_no_such_note(number, holding(earlier)),)
        _refuse("Deze aantekening kan niet worden ingetrokken:", (*findings, *absent))

    if findings:
        guard(register.events(None, municipality, round))
    event = Event(
        kind=NOTE_WITHDRAWAL,
        municipality=municipality,
        round=round,
        actor_role=by,
        at=utc(now),
        payload=canonical({"note": number, "reason": reason}),
    )
    register.append(event, guard=guard)


def _objections(text: str, places: Places) -> Iterator[Finding]:
    if not SHORTEST <= len(text) <= LONGEST:
        yield _finding(
            "note-length",
            f"de tekst telt {count(len(text), 'teken', 'tekens')}",
            f"{SHORTEST} tot {LONGEST} tekens",
            "schrijf in een paar zinnen wat u opviel",
        )
    if any(not letter.isprintable() and letter != "\n" for letter in text):
        yield _finding("note-letters", "de tekst bevat onzichtbare tekens", "gewone tekst", "typ de tekst opnieuw")
    for kind in personal_data(text[:LONGEST], places):
        yield _finding(
            "note-personal",
            f"de tekst bevat iets dat lijkt op {LOOKS_LIKE[kind]}",
            "een tekst zonder gegevens die naar een persoon of bedrijf leiden",
            "omschrijf het algemeen; de aantekening komt in het rapport",
        )


def _role(by: str, places: Places) -> Iterator[Finding]:
    if not by:
        yield _finding("note-by", "er staat niet bij wie dit schrijft", _ALLOWED_ROLE, "noem de rol: by=…")
    # Behind a word, so that a name is not taken for the word that begins a sentence.
    for kind in personal_data(f"door {by}", places):
        found = f"wie dit schrijft lijkt op {LOOKS_LIKE[kind]}"
        yield _finding("note-by-personal", found, _ALLOWED_ROLE, "noem de rol, zonder naam")


def _no_such_note(number: int, notes: tuple[Note, ...]) -> Finding:
    known = ", ".join(str(note.number) for note in notes) or "geen"
    found = f"er is hier geen aantekening {number} die geldt"
    return _finding("no-such-note", found, f"een aantekening die geldt: {known}", "kijk met: werkbank register")


def _refuse(message: str, findings: tuple[Finding, ...]) -> None:
    if findings:
        raise RegisterError(message, findings)


def _finding(rule: str, found: str, allowed: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy)
