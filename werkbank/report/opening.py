"""What stands around the findings: why an analysis was made, which parks there are, notes, and what words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from werkbank.assessment.flow import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed
from werkbank.register.notes import Note
from werkbank.report import blocks as b
from werkbank.report.texts import lines, say, spec, table, words
from werkbank.report.view import Park, view_of
from werkbank.wording import MISSING, capital, count, date, listing, number

__all__ = ["area", "glossary", "judged", "notes", "occasion"]

SHOWN = 4
"""Context figures in the table of all parks; each park's own page has the others."""


def occasion(assessment: Assessment) -> b.Chapter:
    """Why the analysis was made, which question it answers, who filled in, and what it cannot say.

    >>> wb.report.occasion(wb.assess("urk")).title
    'Waarom deze analyse'
    """
    view, dates = view_of(assessment), judged(assessment)
    size = count(len(view.parks), "bedrijventerrein", "bedrijventerreinen")
    begin, question, data, limits = lines(
        "occasion.text",
        size=size,
        municipality=assessment.municipality_name,
        indicators=number(len(view.catalogue.indicators)),
        families=listing(family.name.lower() for family in view.catalogue.families),
        round=assessment.parameters.round,
        who=listing(f"de {view.party_name(party)}" for party in view.asked if party not in view.missing),
        dates=f" De oordelen hier zijn van {dates}." if dates else "",
    )
    if assessment.legal_basis is not None:
        purpose = assessment.legal_basis.purpose
        question = (*question, *say("occasion.purpose", purpose=purpose[:1].lower() + purpose[1:].rstrip(".")))
    blocks = b.sentences((begin, question, data, limits))
    return b.Chapter("Waarom deze analyse", f"{size}, ronde {assessment.parameters.round}", blocks, "occasion")


def judged(assessment: Assessment) -> str:
    """The first and last day that the judgements shown refer to; empty when none has a date."""
    days = sorted(day for day in assessment.judgements["date"].dropna().astype(str) if day)
    if not days:
        return ""
    first, last = (date(dt.date.fromisoformat(day)) for day in (days[0], days[-1]))
    return f"op {first}" if first == last else f"tussen {first} en {last}"


def area(assessment: Assessment) -> b.Chapter:
    """The parks of the municipality with their size and, where there are any, the first context figures.

    >>> wb.report.area(wb.assess("urk")).title
    'De terreinen in de gemeente'
    """
    view = view_of(assessment)
    context = assessment.context.set_index("park_id")
    figures = [one for one in FIGURES if _is_known(one, context)][:SHOWN] if view.shows("context") else []
    parks = sorted(view.parks, key=lambda park: (park.name.casefold(), park.park_id))
    known = [park.net_ha for park in parks if park.net_ha is not None]
    made = table(
        "area",
        (
            b.Row((park.name, park.park_id, number(park.net_ha, 1), *_figures(park, figures, context)), park.park_id)
            for park in parks
        ),
        figures=[capital(one.name) for one in figures],
        hectares=f"; samen {number(sum(known), 0)} hectare netto" if known else "",
        context=". De cijfers tellen niet mee in de score" if figures else "",
    )
    return b.Chapter("De terreinen in de gemeente", count(len(parks), "terrein", "terreinen"), (made,), "area")


def _is_known(one: Figure, context: pd.DataFrame) -> bool:
    shown = one.id in context.columns and one.id != REFERENCE_DATE
    return shown and bool(context[one.id].replace("", pd.NA).notna().any())


def _figures(park: Park, figures: list[Figure], context: pd.DataFrame) -> Iterator[str]:
    for one in figures:
        value = context[one.id].get(park.park_id) if park.park_id in context.index else None
        yield MISSING if value is None or value == "" or pd.isna(value) else printed(one, value)


def notes(assessment: Assessment) -> b.Chapter:
    """The notes with their authors' roles, under a heading of their own; nothing at all when there are none.

    A note is not computed and changes no score. Who wrote it was looking at the cells, the method and the catalogue of
    that moment; when those differ by now, it says so.

    >>> wb.report.notes(wb.assess("urk")).title
    'Aantekeningen van de analist'
    """
    found = assessment.notes
    # First what is about the whole, then park by park as they are ranked.
    order = {park: place for place, park in enumerate(assessment.parks.sort_values("rank")["park_id"])}
    ranked = sorted(found, key=lambda one: (order.get(one.park_id or "", -1), one.number))
    short = capital(f"{count(len(found), 'aantekening', 'aantekeningen')}.") if found else "Hier staat er geen."
    blocks = (b.Text(words("notes")), *(_note(assessment, note) for note in ranked)) if found else ()
    return b.Chapter("Aantekeningen van de analist", short, blocks, "notes", titled=True)


def _note(assessment: Assessment, note: Note) -> b.Group:
    names = dict(zip(assessment.parks["park_id"], assessment.parks["name"], strict=True))
    about = f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id
    head = (b.strong(about or assessment.municipality_name), f" · {note.author} · aantekening {note.number}")
    changed = listing(assessment.changed_since(note))
    since = [f"Anders dan toen dit werd opgeschreven: {changed}."] if changed else []
    said = b.sentences((line for line in note.text.splitlines() if line.strip()), "words")
    return b.Group((b.Text(head), *said, *b.sentences(since, "quiet")), "said")


def glossary(assessment: Assessment) -> b.Chapter:
    """The words of the analysis, each in a sentence that needs no knowledge of the method.

    >>> wb.report.glossary(wb.assess("urk")).title
    'Begrippen'
    """
    view = view_of(assessment)
    found = {**spec("glossary"), **{family.name: capital(family.question) for family in view.catalogue.families}}
    items = tuple((b.strong(f"{word}. "), found[word]) for word in sorted(found, key=str.casefold))
    size = count(len(found), "begrip", "begrippen")
    return b.Chapter("Begrippen", size, (b.List(items, look="words"),), "glossary")
