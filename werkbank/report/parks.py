"""One page per park: the group scores before the total, what carries it, who sees what, what is unknown."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from werkbank.assessment.flow import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed
from werkbank.report.blocks import (
    Block,
    Cell,
    Chapter,
    Column,
    Group,
    Heading,
    Row,
    Table,
    Text,
    bulleted,
    code,
    rows,
    strong,
)  # fmt: skip
from werkbank.report.evidence import careful_words, key_figures, signs
from werkbank.report.terms import (
    NOT_APPLICABLE,
    QUADRANT,
    SOURCES,
    UNKNOWN,
    difference,
    level_text,
    quadrant_meaning,
)  # fmt: skip
from werkbank.report.view import Judgement, Park, View, view_of
from werkbank.settings.entries import Indicator
from werkbank.wording import capital, count, listing, number, percent

__all__ = ["LARGEST", "Part", "park_pages", "parts_of", "score_lines", "stand_in"]

LARGEST = 8
"""How many contributions a page names before it adds up the rest."""
FEWEST_FOR_A_MIDDLE = 3
"""Parks with a context figure before its middle value is told; with two it would be the other park's."""
_STATE = {"unknown": UNKNOWN, "open": UNKNOWN, "not_applicable": NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a park's score: the cell, its level in words, and its part in points."""

    code: str
    name: str
    level: str
    points: float


def park_pages(assessment: Assessment) -> Chapter:
    """One page for every park, in the order of the ranking.

    >>> assessment = wb.assess("urk")
    >>> wb.report.park_pages(assessment).title
    'De terreinen één voor één'
    """
    view = view_of(assessment)
    pages = (
        Group(tuple(_page(view, park)), "park", anchor=f"terrein-{place}", page=True)
        for place, park in enumerate(view.parks, start=1)
    )
    return Chapter(
        "De terreinen één voor één",
        count(len(view.parks), "terrein", "terreinen"),
        tuple(pages),
        name="parks",
        lead="Van elk terrein hoe het scoort, waar de oordelen op wijzen en wat nog onbekend is. Het terrein met de "
        "hoogste score staat vooraan.",
        page=True,
    )


def _page(view: View, park: Park) -> Iterator[Block]:
    found = tuple(one for one in signs(view) if one.park_id == park.park_id)
    yield Heading(park.name)
    yield Text(" · ".join(_where(view, park)), "quiet")
    yield key_figures(view, park)
    yield Text((strong(capital(QUADRANT[park.quadrant])), f": {_position(view, park)}"))
    if words := careful_words(found, grouped=not view.shows("phenomena")):
        yield Text(" ".join(words))
    built = (*_score_table(view, park), *(_context(view.assessment, park.park_id) if view.shows("context") else ()))
    pairs = _pairs(view, park) if view.shows("differences") and len(view.parties) > 1 else ()
    if built or pairs:
        yield Group(tuple(Group(half) for half in (built, pairs) if half), "halves tables")
    if unknown := tuple(_unknown(view, park)):
        yield Heading("Wat de eigen partij niet weet" if view.assessment.coarse else "Wat niemand weet", 4)
        yield from bulleted(unknown)


def _where(view: View, park: Park) -> Iterator[str]:
    yield park.park_id
    if park.net_ha is not None:
        yield f"{number(park.net_ha, 1)} hectare netto"
    if park.rank is None:
        yield "geen score, dus geen plaats in de rangorde"
        return
    size = sum(1 for one in view.parks if one.rank is not None)
    district = f", {park.district_rank} van {view.assessment.district_size} in het district"
    yield f"plaats {park.rank} van {size} met een score in de gemeente{district if park.district_rank else ''}"


def _position(view: View, park: Park) -> str:
    known = (
        f"{quadrant_meaning(park.quadrant, len(view.asked), marked=park.marked)}. Bekend bij minstens één partij: "
        f"{percent(park.coverage)}; bij alle partijen: {percent(park.two_sided)}."
    )
    if park.highest is None:
        return known
    return (
        f"{known} Hoogste vermoeden: {number(park.highest)}; {percent(park.share_high)} van de bekende "
        "verschijningsvormen staat op 2 of hoger."
    )


def _score_table(view: View, park: Park) -> tuple[Table, ...]:
    lines = score_lines(view, park)
    if not lines:
        return ()
    parts = tuple(Row(((code(one.code), f" {one.name}") if one.code else one.name, one.level, number(one.points, 1)))
                  for one in lines)  # fmt: skip
    total = Row(("Totaal", "", view.points(park.score)), look="total")
    columns = (Column("Indicator", width=2.2), Column("Niveau", "line", 1.3), Column("Punten", "number", 0.7))
    return (Table("Waaruit de score is opgebouwd", columns, (*parts, total)),)


def score_lines(view: View, park: Park) -> tuple[Part, ...]:
    """The largest parts of a score, what the others make together, and what stands in; they add up to the score."""
    parts = parts_of(view, park)
    rest = parts[LARGEST:]
    name = count(len(rest), "andere indicator", "andere indicatoren")
    others = (Part("", name, "", sum(part.points for part in rest)),) if rest else ()
    return (*parts[:LARGEST], *others, *stand_in(park, parts)) if parts else ()


def parts_of(view: View, park: Park) -> tuple[Part, ...]:
    """The cells that carry the score, largest first; none without a score."""
    if park.score is None:
        return ()
    carrying = [cell for cell in view.cells_of(park.park_id) if cell.contribution and cell.contribution > 0]
    carrying.sort(key=lambda cell: (-(cell.contribution or 0), cell.indicator))
    return tuple(
        Part(
            cell.indicator,
            view.catalogue.indicator(cell.indicator).name,
            UNKNOWN if cell.level is None else level_text(view.catalogue.scale_of(cell.indicator), cell.level),
            cell.contribution or 0,
        )
        for cell in carrying
    )


def stand_in(park: Park, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What the groups without a score of their own count for, so that the table adds up to the total."""
    without = [group.name for group in park.groups if group.score is None]
    if park.score is None or not without:
        return ()
    name = f"{listing(without)}: te weinig bekend, telt zoals de andere groepen"
    return (Part("", name, "", park.score - sum(part.points for part in parts)),)


def _pairs(view: View, park: Park) -> tuple[Table, ...]:
    """The threats that at least one party filled in, with what each party says."""
    said = {one: _said(view, park, one) for one in view.catalogue.by_family("threat")}
    filled = tuple(
        _pair(view, one, each) for one, each in said.items() if any(row and row.level is not None for row in each)
    )
    names = (Column(capital(view.party_name(party))) for party in view.parties)
    columns = (Column("Verschijningsvorm", width=1.7), *names, Column("Verschil", width=0.8))
    caption = f"Wat elke partij vermoedt. Tussen haakjes de bronsterkte: {SOURCES}"
    return (Table(caption, columns, rows(filled), look="pairs"),) if filled else ()


def _said(view: View, park: Park, indicator: Indicator) -> list[Judgement | None]:
    return [view.judgements.get((park.park_id, indicator.id, party)) for party in view.parties]


def _pair(view: View, indicator: Indicator, said: list[Judgement | None]) -> tuple[Cell, ...]:
    steps, apart = difference([row.level for row in said if row and row.level is not None], len(said))
    words = (_words(view, row) for row in said)
    return (code(indicator.id), f" {indicator.name}"), *words, strong(steps) if apart else steps


def _words(view: View, row: Judgement | None) -> str:
    if row is None:
        return UNKNOWN
    if row.level is None:
        return _STATE[row.state]
    source = f" ({row.source_strength})" if row.source_strength else ""
    return f"{level_text(view.catalogue.scale_of(row.indicator), row.level)}{source}"


def _unknown(view: View, park: Park) -> Iterator[str]:
    """What no party knows, under what to do and by whom: whoever is best placed to find out."""
    asked: dict[str, list[str]] = {}
    for cell in view.cells_of(park.park_id):
        if cell.applicable and not cell.known:
            indicator = view.catalogue.indicator(cell.indicator)
            asked.setdefault(_ask(view, indicator), []).append(f"{indicator.id} {indicator.name}")
    for ask, names in asked.items():
        yield f"{ask}: {listing(names)}."


def _ask(view: View, indicator: Indicator) -> str:
    """Whom to ask; nobody is told to ask himself."""
    best = [indicator.best_judge] if indicator.best_judge in view.asked else list(view.asked)
    reader = view.assessment.parameters.audience
    others = listing(f"de {view.party_name(party)}" for party in best if party != reader)
    if reader not in best:
        return f"Vraag na bij {others}"
    return f"Zoek zelf uit en vraag na bij {others}" if others else "Zoek zelf uit"


def _context(assessment: Assessment, park_id: str) -> tuple[Table, ...]:
    """The context figures of a park beside those of the municipality; nothing is scored with them."""
    own = assessment.context[assessment.context["park_id"] == park_id]
    values = {} if own.empty else {name: value for name, value in own.iloc[0].items() if not _missing(value)}
    known = {figure: printed(figure, values[figure.id]) for figure in FIGURES if figure.id in values}
    shown = [(capital(figure.name), value, _middles(assessment)[figure.id])
             for figure, value in known.items() if figure.id != REFERENCE_DATE]  # fmt: skip
    day = next((f"Peildatum {value}" for figure, value in known.items() if figure.id == REFERENCE_DATE), "Kenmerk")
    columns = (Column(day, width=1.8), Column("Terrein", "number"), Column("Mediaan gemeente", "number"))
    table = Table("Het terrein in cijfers; telt niet mee in de score", columns, rows(shown), look="context")
    return (table,) if shown else ()


def _missing(value: object) -> bool:
    return value in ("", None) or (isinstance(value, float) and pd.isna(value))


@lru_cache(maxsize=4)
def _middles(assessment: Assessment) -> dict[str, str]:
    """Per figure its middle value in the municipality, as it is printed."""
    figures = assessment.context
    return {figure.id: _middle(figure, figures[figure.id]) for figure in FIGURES if figure.id in figures}


def _middle(figure: Figure, column: pd.Series) -> str:
    """The median of the parks that have the figure; nothing where that is a word or of too few."""
    known = column.dropna()
    if not figure.is_number or len(known) < FEWEST_FOR_A_MIDDLE:
        return ""
    middle = float(known.median())
    return printed(figure, math.floor(middle + 0.5) if figure.kind in {"year", "count"} else middle)
