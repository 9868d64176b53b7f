"""Decisions in plain Dutch, for the terminal: what was recorded just now, and what the register holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from werkbank.register.notes import KeptNote
from werkbank.register.selections import Selection, Withdrawal
from werkbank.wording import capital, count, date, listing

__all__ = ["as_values", "closing", "closing_notes", "described", "noted", "recorded", "withdrawn"]

Names = Mapping[str, str]
"""Park or municipality → its name as it is now; a record of this version keeps the park's name itself."""


def recorded(selection: Selection, holding: Sequence[Selection], capacity: int, names: Names) -> Iterator[str]:
    """What was recorded, whether it follows the advice, and what to look at; `holding` are all that hold in the round.

    `capacity` is how many parks the municipality can take on.
    """
    yield (
        f"Vastgelegd als besluit {selection.event_id}: {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round}, gekozen door {selection.by}."
    )
    yield capital(f"dit {_beside_advice(selection, names)}.")
    if selection.gaps:
        yield f"Let op: gekozen op onvolledige invoer ({'; '.join(selection.gaps)}). Dat staat ook in het projectplan."
    if selection.analysis == "none":
        yield "Let op: er is nog geen analyse om te lezen. Het advies is nu berekend en bij de keuze bewaard."
    if len(holding) > capacity:
        chosen = listing(_label(one.park_id, one, names) for one in holding)
        yield (
            f"Let op: in {_municipality(selection, names)} zijn in deze ronde nu {len(holding)} terreinen gekozen "
            f"({chosen}), en er is ruimte voor {capacity} (capacity in de parameters)."
        )


def withdrawn(selection: Selection, names: Names) -> str:
    """What was taken back just now."""
    number = selection.withdrawal.event_id if selection.withdrawal else 0
    return (
        f"Vastgelegd als besluit {number}: de keuze van {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round} (besluit {selection.event_id}), is ingetrokken. "
        "Beide besluiten blijven in het register."
    )


def described(selection: Selection, names: Names) -> Iterator[str]:
    """A decision as the register holds it: a line with what, and below it who, why, and on which advice."""
    yield (
        f"Besluit {selection.event_id}, {_day(selection.at)}: {_label(selection.park_id, selection, names)} in "
        f"{_municipality(selection, names)}, ronde {selection.round}"
    )
    yield f"  Gekozen door {selection.by}. {capital(f'dit {_beside_advice(selection, names)}.')}"
    told = (
        ("Reden", selection.reason),
        ("Reden om van het advies af te wijken", selection.against_reason),
        ("Onvolledige invoer", "; ".join(selection.gaps or ())),
        ("Reden om daar niet op te wachten", selection.incomplete_reason),
        ("Advies op dat moment", selection.sentence),
    )
    yield from (f"  {what}: {_one_line(text)}" for what, text in told if text)
    if selection.withdrawal:
        yield f"  {_taken_back(selection.withdrawal)}"


def closing(selections: Sequence[Selection]) -> str:
    """How many decisions there are, and how many of them were taken back."""
    back = sum(not one.holds for one in selections)
    return f"{capital(count(len(selections), 'keuze', 'keuzes'))}{f', waarvan {back} ingetrokken' if back else ''}."


def noted(kept: KeptNote, names: Names) -> Iterator[str]:
    """A note as the register holds it: a line with what it is about, and below it the words and who wrote them."""
    note, municipality = kept.note, names.get(kept.municipality, kept.municipality)
    park = note.park_id and (f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id)
    about = f"{park} in {municipality}" if park else municipality
    yield f"Aantekening {note.number}, {date(note.day)}: over {about}, ronde {kept.round}"
    yield f"  Van {note.by}: {_one_line(note.text)}"
    if back := kept.taken_back:
        day = _day(dt.datetime.fromisoformat(back.at))
        yield f"  Ingetrokken op {day} door {back.by}. Reden: {_one_line(back.reason)}"


def closing_notes(kept: Sequence[KeptNote]) -> str:
    """How many notes there are, and how many of them were taken back."""
    back = sum(one.taken_back is not None for one in kept)
    return (
        f"{capital(count(len(kept), 'aantekening', 'aantekeningen'))}{f', waarvan {back} ingetrokken' if back else ''}."
    )


def as_values(selection: Selection, names: Names) -> dict[str, Any]:
    """A decision as plain values for another program; None where nothing was kept."""
    kept = (
        "municipality", "round", "park_id", "by", "reason", "against_reason", "incomplete_reason", "gaps", "advised",
        "sentence", "grade", "share", "draws", "analysis", "fingerprint",
    )  # fmt: skip
    back = selection.withdrawal
    return {
        "number": selection.event_id,
        "at": selection.at.isoformat(),
        "park": _name(selection.park_id, selection, names),
        "follows_advice": None if not selection.advised else not selection.against_advice,
        **{name: getattr(selection, name) for name in kept},
        "withdrawal": back
        and {"number": back.event_id, "at": back.at.isoformat(), "by": back.by, "reason": back.reason},
    }


def _beside_advice(selection: Selection, names: Names) -> str:
    if selection.advised is None:
        return "besluit is vernietigd wat de inhoud betreft; alleen wie, wat en wanneer zijn er nog"
    if not selection.advised:
        return "volgt geen advies: er was geen terrein om te adviseren"
    if not selection.against_advice:
        return "volgt het advies"
    return f"wijkt af van het advies ({listing(_label(park, selection, names) for park in selection.advised)})"


def _taken_back(back: Withdrawal) -> str:
    reason = f" Reden: {_one_line(back.reason)}" if back.reason else ""
    return f"Ingetrokken op {_day(back.at)} door {back.by} (besluit {back.event_id}).{reason}"


def _municipality(selection: Selection, names: Names) -> str:
    return names.get(selection.municipality, selection.municipality)


def _name(park_id: str, selection: Selection, names: Names) -> str:
    own = selection.standing
    kept = own.name if own is not None and own.park_id == park_id else ""
    return kept or names.get(park_id, "")


def _label(park_id: str, selection: Selection, names: Names) -> str:
    name = _name(park_id, selection, names)
    return f"{name} ({park_id})" if name else park_id


def _day(moment: dt.datetime) -> str:
    return date(moment.astimezone().date())


def _one_line(text: str) -> str:
    """The text without line ends and without commands to the terminal."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())
