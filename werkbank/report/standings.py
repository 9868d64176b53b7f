"""The ranking as a table, and how sure it is: what the recalculations say and what would turn the advice around."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from werkbank.advice.tellings import flip_sentence, left_out_sentence
from werkbank.assessment.flow import Assessment
from werkbank.report.blocks import (
    Block,
    Cell,
    Chapter,
    Column,
    Heading,
    List,
    Measured,
    Row,
    Span,
    Table,
    Text,
    alerts,
    bulleted,
    strong,
)  # fmt: skip
from werkbank.report.evidence import cell_anchors, linked, question_lines
from werkbank.report.front import resting_on
from werkbank.report.terms import QUADRANT, UNKNOWN, class_name, known, not_here, quadrant_meaning, share_text
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, capital, count, listing, number, percent, points

__all__ = ["certainty", "ranking_table"]

CHOICES = {
    "missing": "wat niemand weet",
    "party_error": "oordelen die een stap anders kunnen zijn",
    "group_weights": "de weging van de groepen",
    "indicator_weights": "het gewicht van elke indicator",
    "combination": "de manier van samenvoegen",
    "threat_power": "hoe zwaar één hoog vermoeden telt",
    "scale_points": "de punten per niveau",
}
SHOWN = 12
"""Parks in the table of certainty; the rest is counted."""


def ranking_table(assessment: Assessment) -> Chapter:
    """Every park with its place, score, bounds, groups, class and quadrant; highest score first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.ranking_table(assessment).title
    'Rangorde'
    """
    view = view_of(assessment)
    one_sided = resting_on(view)
    warning = (
        f"Deze scores rusten op {one_sided} en zijn niet te vergelijken met terreinen waar alle partijen invulden."
    )
    return Chapter(
        "Rangorde",
        count(len(view.parks), "terrein", "terreinen"),
        (
            _table(view),
            *alerts([warning] if one_sided else []),
            List(tuple(_explained(view)), plain=True, look="small"),
        ),
        name="ranking" if len(view.parks) <= SHOWN else "ranking long",
    )


def _table(view: View) -> Table:
    in_district = any(park.district_rank is not None for park in view.parks)
    taking_part = count(view.assessment.district_size, "terrein", "terreinen")
    names = [] if view.assessment.coarse else [family.score_name for family in view.catalogue.families]
    columns = (
        Column("Rang", "number", 0.7),
        Column("Terrein", width=1.6),
        *(Column(name, "number", 1.35) for name in names),
        Column("Totaal", "total", 0.8),
        Column("Grenzen", width=1.2),
        Column("Klasse", "line", 0.9),
        Column("Wat te doen", "line", 1.7),
        *((Column("Plaats in district", "number", 0.9),) if in_district else ()),
    )
    return Table(
        "Terreinen van hoog naar laag. Scores lopen van 0 tot 100; de grenzen laten zien wat nog mogelijk is."
        + (f" In het district doen {taking_part} mee." if in_district else ""),
        columns,
        tuple(
            Row(
                tuple(_cells(view, park, grouped=bool(names), in_district=in_district)),
                park.park_id,
                "advised" if park in view.advised else "",
            )
            for park in view.parks
        ),
        first=1,
    )


def _cells(view: View, park: Park, *, grouped: bool, in_district: bool) -> Iterator[Cell]:
    yield _place(park.rank)
    yield (park.name, " ", Span("advies", "tag")) if park in view.advised else park.name
    if grouped:
        yield from (_score(view, group.score) for group in park.groups)
    yield _score(view, park.score)
    yield Measured(f"{view.points(park.low)}–{view.points(park.high)}", park.low, park.high, park.score)
    yield class_name(park.place, view.assessment.parameters.method.class_borders)
    yield QUADRANT[park.quadrant] + ("*" if park.marked else "")
    if in_district:
        yield _place(park.district_rank)


def _place(rank: int | None) -> str:
    return MISSING if rank is None else str(rank)


def _score(view: View, score: float | None) -> Cell:
    return Span(UNKNOWN, "q", label="te weinig bekend") if score is None else view.points(score)


def _explained(view: View) -> Iterator[tuple[str | Span, ...]]:
    parties, borders = len(view.asked), view.assessment.parameters.method.class_borders
    for code, word in QUADRANT.items():
        yield strong(capital(word)), f": {quadrant_meaning(code, parties)}."
    classes = (
        f"{class_name(place, borders)} ({points(low)} tot {points(high)})"
        for place, (low, high) in enumerate(pairwise([0, *borders, 100]), start=1)
    )
    yield (
        (
            f"Klassen: {listing(classes)}. * {known('te weinig', parties)}, maar ook in het gunstigste geval hoog. "
            f"{UNKNOWN} te weinig bekend voor een score."
        ),
    )


def certainty(assessment: Assessment) -> Chapter:
    """How often each park comes out highest, what would turn the advice around, what to find out first.

    >>> assessment = wb.assess("urk")
    >>> wb.report.certainty(assessment).title
    'Hoe zeker is het advies?'
    """
    view, sureness = view_of(assessment), assessment.advice.sureness
    blocks = (Text(_not_drawn(assessment)),) if sureness is None else tuple(_drawn(view, number(sureness.draws)))
    return Chapter("Hoe zeker is het advies?", assessment.advice.sentence, blocks, name="certainty")


def _not_drawn(assessment: Assessment) -> str:
    if assessment.coarse:
        return not_here(
            "De doorrekeningen (hoe vaak elk terrein bovenaan komt, wat het advies zou omkeren en wat als eerste uit "
            "te zoeken is)"
        )
    return (
        "Voor deze analyse is niet opnieuw doorgerekend: er valt niets te vergelijken, of de methode laat geen enkele "
        "keuze opnieuw maken."
    )


def _drawn(view: View, draws: str) -> Iterator[Block]:
    advice, anchors = view.assessment.advice, cell_anchors(view)
    seats = len(advice.park_ids)
    yield Text(
        f"De scores zijn {draws} keer opnieuw berekend. Elke keer zijn keuzes die ook anders hadden gekund opnieuw "
        "gemaakt: de weging, de manier van samenvoegen, de punten per niveau, en wat nog onbekend is. De aantallen "
        "hieronder zijn aantallen doorrekeningen. Het is geen kans dat er iets aan de hand is."
    )
    yield from _how_often(view, seats)
    if advice.flips:
        yield Heading("Wat zou het advies omkeren?")
        flips = (flip_sentence(flip, view.names, view.catalogue, seats) for flip in advice.flips)
        yield List(tuple(linked(flip, anchors) for flip in flips))
        if any(not flip.exact for flip in advice.flips):
            yield Text(
                "Dit is bij benadering: van minstens één terrein in deze vergelijking is een deelscore niet bekend "
                "genoeg.",
                "small quiet",
            )
    if advice.left_out:
        yield Heading("Waar hangt het aan?")
        without = (left_out_sentence(one, view.names, view.catalogue) for one in advice.left_out)
        yield List(tuple(linked(one, anchors) for one in without))
    if drivers := [f"{CHOICES[one.choice]}: {_about(one.total)}" for one in advice.drivers if one.total is not None]:
        yield Heading("Welke keuze doet het meest?")
        yield Text(
            "Zoveel van het verschil in voorsprong hangt samen met deze keuze, alleen of samen met andere "
            "(Sobol-indices; samen kunnen ze meer dan 100% zijn)."
        )
        yield List(tuple(drivers))
    yield Heading("Wat als eerste uitzoeken?")
    none = "Van geen enkele onbekende cel staat vast dat het antwoord de uitkomst merkbaar verandert."
    yield from bulleted(question_lines(view), none)


def _how_often(view: View, seats: int) -> Iterator[Block]:
    parks = sorted((park for park in view.parks if park.p_selected is not None), key=_most_often)
    what = "bovenaan staat" if seats == 1 else f"bij de hoogste {seats} hoort"
    heads = ("Plaats nu", "Bovenaan" if seats == 1 else f"Bij de hoogste {seats}", "Meestal op plaats", "Score meestal")
    yield Table(
        f"Hoe vaak een terrein {what}, en op welke plaats het meestal staat (in negen van de tien doorrekeningen).",
        (Column("Terrein", width=1.8), *(Column(head, "number") for head in heads)),
        tuple(Row(_often(park), park.park_id) for park in parks[:SHOWN]),
    )
    if (rest := len(parks) - SHOWN) > 0:
        verb = "komt" if rest == 1 else "komen"
        yield Text(f"Nog {count(rest, 'terrein', 'terreinen')} {verb} minder vaak bovenaan.", "small quiet")


def _most_often(park: Park) -> tuple[float, float, str]:
    return -(park.p_selected or 0.0), -(park.score or 0.0), park.park_id


def _often(park: Park) -> tuple[str, ...]:
    ends = dict.fromkeys((_place(park.rank_low), _place(park.rank_high)))
    scores = f"{number(park.drawn_low, 1)}–{number(park.drawn_high, 1)}"
    return park.name, _place(park.rank), share_text(park.p_selected), "–".join(ends), scores


def _about(total: float) -> str:
    """An index in tens of per cents: they are estimates, and no finer than that."""
    tens = min(1.0, round(total, 1))
    return f"ongeveer {percent(tens)}" if tens > 0 else "minder dan 5%"
