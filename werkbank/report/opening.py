"""What stands around the findings: why this analysis was made, which parks there are, and what the words mean."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from werkbank.assessment.assessment import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed
from werkbank.report.blocks import Chapter, make
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, date, listing, number

__all__ = ["area", "glossary", "judged", "occasion"]

SHOWN = 4
"""Context figures in the table of all parks; each park's own page has the others."""


@dataclass(frozen=True, slots=True)
class _Row:
    park: Park
    hectares: str
    figures: tuple[str, ...]


def occasion(assessment: Assessment) -> Chapter:
    """Why the analysis was made, which question it answers, who filled in, and what it cannot say.

    >>> assessment = wb.assess("urk")
    >>> wb.report.occasion(assessment).title
    'Waarom deze analyse'
    """
    view = view_of(assessment)
    size = count(len(view.parks), "bedrijventerrein", "bedrijventerreinen")
    return make(
        "occasion",
        "Waarom deze analyse",
        f"{size}, ronde {assessment.parameters.round}",
        name=assessment.municipality_name,
        size=size,
        indicators=number(len(view.catalogue.indicators)),
        families=[family.name.lower() for family in view.catalogue.families],
        round=assessment.parameters.round,
        who=_who(view),
        purpose="" if assessment.legal_basis is None else _within(assessment.legal_basis.purpose),
        dates=judged(assessment),
    )


def _within(sentence: str) -> str:
    """A sentence as part of another one."""
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _who(view: View) -> str:
    """Which parties filled in, also those whose judgements this reader does not get."""
    given = [party for party in view.asked if party not in view.missing]
    return listing(f"de {view.party_name(party)}" for party in given)


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
    return make(
        "area",
        "De terreinen in de gemeente",
        count(len(parks), "terrein", "terreinen"),
        rows=[_Row(park, number(park.net_ha, 1), tuple(_figures(park, figures, context))) for park in parks],
        names=[capital(one.name) for one in figures],
        total=number(sum(known), 0),
        measured=len(known),
    )


def _is_known(one: Figure, context: pd.DataFrame) -> bool:
    shown = one.id in context.columns and one.id != REFERENCE_DATE
    return shown and bool(context[one.id].replace("", pd.NA).notna().any())


def _figures(park: Park, figures: list[Figure], context: pd.DataFrame) -> Iterator[str]:
    for one in figures:
        value = context[one.id].get(park.park_id) if park.park_id in context.index else None
        yield "–" if value is None or value == "" or pd.isna(value) else printed(one, value)


def glossary(assessment: Assessment) -> Chapter:
    """The words of the analysis, each in a sentence that needs no knowledge of the method.

    >>> assessment = wb.assess("urk")
    >>> wb.report.glossary(assessment).title
    'Begrippen'
    """
    view = view_of(assessment)
    rows = [*_TERMS, *((family.name, capital(family.question)) for family in view.catalogue.families)]
    return make("glossary", "Begrippen", count(len(rows), "begrip", "begrippen"), rows=sorted(rows, key=_alphabet))


def _alphabet(row: tuple[str, str]) -> str:
    return row[0].casefold()


_TERMS = (
    ("Aanwijzing", "Wat de oordelen bij elkaar over een fenomeen zeggen. Het is een vermoeden en geen vaststelling."),
    ("Blinde vlek", "Een terrein waarover te weinig bekend is en dat hoog kan uitkomen. Het is dus niet veilig."),
    (
        "Doorrekening",
        (
            "De scores opnieuw berekend met andere keuzes die ook te verdedigen zijn. “In 93 van de 100 "
            "doorrekeningen” zegt hoe vaak het advies overeind blijft. Het is geen kans dat er iets aan de hand is."
        ),
    ),
    ("Fenomeen", "Een soort ondermijnende criminaliteit, zoals witwassen of drugsafval."),
    ("Grenzen", "De laagste en de hoogste score die nog mogelijk zijn als alles wat onbekend is, bekend wordt."),
    ("Indicator", "Eén regel van de matrix, met een code zoals V08."),
    (
        "Klasse",
        "Laag, matig, hoog of zeer hoog, volgens vaste grenzen die voor elk terrein gelijk zijn.",
    ),
    ("Niveau", "De mate waarin iets naar vermoeden voorkomt of aanwezig is, van 0 tot 3."),
    ("Onbekend", "Een partij kan het niet beoordelen. Onbekend telt nooit als nul."),
    ("Oordeel", "Wat één partij over één indicator op één terrein invulde."),
    ("Tekort aan weerbaarheid", "Wat er aan weerbaarheid ontbreekt. Hoe hoger, hoe slechter."),
)
