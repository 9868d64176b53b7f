"""Notes in the report: what analysts kept in their own words, apart from what was computed, with role and day."""

from __future__ import annotations

from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.register.notes import Note
from werkbank.report.blocks import Chapter, make
from werkbank.wording import capital, count, listing

__all__ = ["notes"]


@dataclass(frozen=True, slots=True)
class _Told:
    note: Note
    about: str
    since: str


def notes(assessment: Assessment) -> Chapter:
    """The notes with their authors' roles, under a heading of their own; nothing at all when there are none.

    A note is not computed and changes no score. Who wrote it was looking at the cells, the method and the catalogue of
    that moment; when those differ by now, it says so.

    >>> assessment = wb.assess("urk")
    >>> wb.report.notes(assessment).title
    'Aantekeningen van de analist'
    """
    names = dict(zip(assessment.parks["park_id"], assessment.parks["name"], strict=True))
    told = tuple(_Told(note, _about(note, assessment, names), _since(assessment, note)) for note in assessment.notes)
    # First what is about the whole, then park by park as they are ranked.
    order = {park: place for place, park in enumerate(assessment.parks.sort_values("rank")["park_id"])}
    ranked = sorted(told, key=lambda one: (order.get(one.note.park_id or "", -1), one.note.number))
    words = capital(f"{count(len(ranked), 'aantekening', 'aantekeningen')}.") if ranked else "Hier staat er geen."
    return make("notes", "Aantekeningen van de analist", words, told=ranked)


def _about(note: Note, assessment: Assessment, names: dict[str, str]) -> str:
    if note.park_id is None:
        return assessment.municipality_name
    return f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id


def _since(assessment: Assessment, note: Note) -> str:
    changed = assessment.changed_since(note)
    return f"Anders dan toen dit werd opgeschreven: {listing(changed)}." if changed else ""
