"""What stands around the findings: why this analysis was made, which parks there are, and what the words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pandas as pd

from werkbank.assessment.flow import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed
from werkbank.register.notes import Note
from werkbank.report.blocks import Chapter, Column, Group, List, Row, Table, Text, sentences, strong
from werkbank.report.view import Park, view_of
from werkbank.wording import MISSING, capital, count, date, listing, number

__all__ = ["area", "glossary", "judged", "notes", "occasion"]

SHOWN = 4
"""Context figures in the table of all parks; each park's own page has the others."""


def occasion(assessment: Assessment) -> Chapter:
    """Why the analysis was made, which question it answers, who filled in, and what it cannot say.

    >>> assessment = wb.assess("urk")
    >>> wb.report.occasion(assessment).title
    'Waarom deze analyse'
    """
    view = view_of(assessment)
    size = count(len(view.parks), "bedrijventerrein", "bedrijventerreinen")
    families = listing(family.name.lower() for family in view.catalogue.families)
    given = [party for party in view.asked if party not in view.missing]
    who = listing(f"de {view.party_name(party)}" for party in given)
    purpose = "" if assessment.legal_basis is None else _within(assessment.legal_basis.purpose)
    dates = judged(assessment)
    return Chapter(
        "Waarom deze analyse",
        f"{size}, ronde {assessment.parameters.round}",
        (
            Text(
                "Criminelen kunnen een bedrijventerrein gebruiken om hun werk te verbergen. Niemand ziet daarvan het "
                "hele beeld: iedere partij weet een deel. Daarom vult elke partij per terrein dezelfde risicomatrix in."
                f" Deze analyse legt die oordelen naast elkaar voor de {size} in {assessment.municipality_name}."
            ),
            Text(
                (
                    strong("De vraag:"),
                    " welk terrein vraagt het eerst aandacht, waarom, en hoe zeker is dat?",
                    *((strong(" Het doel"), f" volgens de grondslag: {purpose}.") if purpose else ()),
                )
            ),
            Text(
                (
                    strong("De gegevens:"),
                    (
                        f" {number(len(view.catalogue.indicators))} indicatoren ({families}), in ronde "
                        f"{assessment.parameters.round} ingevuld door {who}."
                    ),
                    f" De oordelen hier zijn van {dates}." if dates else "",
                )
            ),
            Text(
                (
                    strong("Wat de analyse niet zegt:"),
                    (
                        " of er iets strafbaars gebeurt, en door wie. Het gaat om vermoedens over een terrein als "
                        "geheel, niet over een bedrijf of persoon. Mensen beslissen wat er met het advies gebeurt."
                    ),
                )
            ),
        ),
        name="occasion",
    )


def _within(sentence: str) -> str:
    """A sentence as part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def judged(assessment: Assessment) -> str:
    """The first and last day that the judgements shown refer to; empty when none has a date."""
    days = sorted(day for day in assessment.judgements["date"].dropna().astype(str) if day)
    if not days:
        return ""
    first, last = (date(dt.date.fromisoformat(day)) for day in (days[0], days[-1]))
    return f"op {first}" if first == last else f"tussen {first} en {last}"


def area(assessment: Assessment) -> Chapter:
    """The parks of the municipality with their size and, where there are any, the first context figures.

    >>> assessment = wb.assess("urk")
    >>> wb.report.area(assessment).title
    'De terreinen in de gemeente'
    """
    view = view_of(assessment)
    context = assessment.context.set_index("park_id")
    figures = [one for one in FIGURES if _is_known(one, context)][:SHOWN] if view.shows("context") else []
    parks = sorted(view.parks, key=lambda park: (park.name.casefold(), park.park_id))
    known = [park.net_ha for park in parks if park.net_ha is not None]
    caption = "De terreinen op naam"
    caption += f"; samen {number(sum(known), 0)} hectare netto" if known else ""
    caption += ". De cijfers tellen niet mee in de score" if figures else ""
    columns = (Column("Terrein", width=2), Column("Code", "line"), Column("Hectare netto", "number"))
    rows = tuple(
        Row((park.name, park.park_id, number(park.net_ha, 1), *_figures(park, figures, context)), park.park_id)
        for park in parks
    )
    table = Table(caption, (*columns, *(Column(capital(one.name), "number") for one in figures)), rows)
    return Chapter("De terreinen in de gemeente", count(len(parks), "terrein", "terreinen"), (table,), name="area")


def _is_known(one: Figure, context: pd.DataFrame) -> bool:
    shown = one.id in context.columns and one.id != REFERENCE_DATE
    return shown and bool(context[one.id].replace("", pd.NA).notna().any())


def _figures(park: Park, figures: list[Figure], context: pd.DataFrame) -> Iterator[str]:
    for one in figures:
        value = context[one.id].get(park.park_id) if park.park_id in context.index else None
        yield MISSING if value is None or value == "" or pd.isna(value) else printed(one, value)


def glossary(assessment: Assessment) -> Chapter:
    """The words of the analysis, each in a sentence that needs no knowledge of the method.

    >>> assessment = wb.assess("urk")
    >>> wb.report.glossary(assessment).title
    'Begrippen'
    """
    view = view_of(assessment)
    words = {**_TERMS, **{family.name: capital(family.question) for family in view.catalogue.families}}
    items = tuple((strong(f"{word}. "), words[word]) for word in sorted(words, key=str.casefold))
    return Chapter("Begrippen", count(len(words), "begrip", "begrippen"), (List(items, look="words"),), name="glossary")


_TERMS = {
    "Aanwijzing": "Wat de oordelen bij elkaar over een fenomeen zeggen. Het is een vermoeden en geen vaststelling.",
    "Blinde vlek": "Een terrein waarover te weinig bekend is en dat hoog kan uitkomen. Het is dus niet veilig.",
    "Doorrekening": "De scores opnieuw berekend met andere keuzes die ook te verdedigen zijn. “In 93 van de 100 "
    "doorrekeningen” zegt hoe vaak het advies overeind blijft. Het is geen kans dat er iets aan de hand is.",
    "Fenomeen": "Een soort ondermijnende criminaliteit, zoals witwassen of drugsafval.",
    "Grenzen": "De laagste en de hoogste score die nog mogelijk zijn als alles wat onbekend is, bekend wordt.",
    "Indicator": "Eén regel van de matrix, met een code zoals V08.",
    "Klasse": "Laag, matig, hoog of zeer hoog, volgens vaste grenzen die voor elk terrein gelijk zijn.",
    "Niveau": "De mate waarin iets naar vermoeden voorkomt of aanwezig is, van 0 tot 3.",
    "Onbekend": "Een partij kan het niet beoordelen. Onbekend telt nooit als nul.",
    "Oordeel": "Wat één partij over één indicator op één terrein invulde.",
    "Tekort aan weerbaarheid": "Wat er aan weerbaarheid ontbreekt. Hoe hoger, hoe slechter.",
}


def notes(assessment: Assessment) -> Chapter:
    """The notes with their authors' roles, under a heading of their own; nothing at all when there are none.

    A note is not computed and changes no score. Who wrote it was looking at the cells, the method and the catalogue of
    that moment; when those differ by now, it says so.

    >>> assessment = wb.assess("urk")
    >>> wb.report.notes(assessment).title
    'Aantekeningen van de analist'
    """
    found = assessment.notes
    # First what is about the whole, then park by park as they are ranked.
    order = {park: place for place, park in enumerate(assessment.parks.sort_values("rank")["park_id"])}
    ranked = sorted(found, key=lambda one: (order.get(one.park_id or "", -1), one.number))
    return Chapter(
        "Aantekeningen van de analist",
        capital(f"{count(len(found), 'aantekening', 'aantekeningen')}.") if found else "Hier staat er geen.",
        (Text(_OWN_WORDS), *(_note(assessment, note) for note in ranked)) if found else (),
        name="notes",
        titled=True,
    )


_OWN_WORDS = (
    "Wat bij het verkennen opviel, in eigen woorden. Een aantekening is niet berekend, verandert geen score en is geen "
    "vaststelling."
)


def _note(assessment: Assessment, note: Note) -> Group:
    about = (strong(_about(assessment, note)), f" · {note.author} · aantekening {note.number}")
    changed = assessment.changed_since(note)
    since = f"Anders dan toen dit werd opgeschreven: {listing(changed)}." if changed else ""
    said = (line for line in note.text.splitlines() if line.strip())
    return Group((Text(about), *sentences(said, "words"), *sentences(filter(None, [since]), "quiet")), "said")


def _about(assessment: Assessment, note: Note) -> str:
    if note.park_id is None:
        return assessment.municipality_name
    names = dict(zip(assessment.parks["park_id"], assessment.parks["name"], strict=True))
    return f"{names[note.park_id]} ({note.park_id})" if note.park_id in names else note.park_id
