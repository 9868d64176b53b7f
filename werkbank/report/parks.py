"""The parks: their ranking, how sure it is, and a page for each with what carries its score and what is unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import pandas as pd

from werkbank.advice.advice import CHOICES, Driver, flip_sentences, left_out_sentences
from werkbank.assessment.assessment import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.decided import place
from werkbank.report.front import resting_on
from werkbank.report.terms import say, spec, table, words
from werkbank.report.view import Cell, Judgement, Park, View, view_of
from werkbank.settings.entries import Indicator
from werkbank.sharing.versions import SHAREABLE
from werkbank.wording import capital, count, listing, number, percent, points

SHOWN = 12
"""Rows with which a ranking still fits on a page beside other things."""
LITTLE = 0.6
"""Below this share known of an advised park the recalculations promise more than they hold (docs/kalibratie.md)."""
LARGEST = 8
"""How many contributions a page names before it adds up the rest."""
FEWEST_FOR_A_MIDDLE = 3
"""Parks with a context figure before its middle value is told; with two it would be the other park's."""
FEWEST_FIRMS = 2
"""Firms on a park before its firms are told of it: what is said of a place with one is said of that one."""
_STATE = {"unknown": terms.UNKNOWN, "open": terms.UNKNOWN, "not_applicable": terms.NOT_APPLICABLE}


def ranking_table(assessment: Assessment) -> b.Chapter:
    """Every park with its place, score, bounds, groups, class and what to do; highest score first.

    >>> wb.report.ranking_table(wb.assess("urk")).title
    'Rangorde'
    """
    view = view_of(assessment)
    places = ["Plaats in district"] if any(park.district_rank is not None for park in view.parks) else []
    size = count(assessment.district_size, "terrein", "terreinen")
    groups = [family.score_name for family in view.catalogue.families] if view.grouped else []
    known, bounds = ([], []) if assessment.coarse else (["Geschat", "Hoogste · deel hoog"], ["Grenzen"])
    possible = spec("ranking.table")["possible"] if bounds else ""
    rows = (_row(view, park, in_district=bool(places)) for park in view.parks)
    district = f" In het district doen {size} mee." if places else ""
    one_sided = resting_on(view)
    blocks = (
        table(
            "ranking.table",
            rows,
            groups=groups,
            places=places,
            district=district,
            known=known,
            bounds=bounds,
            possible=possible,
        ),
        *b.sentences(terms.shared_parties(view) if places else (), "quiet"),
        *b.alerts([words("ranking.one_sided", parties=one_sided)] if one_sided else []),
        b.List(tuple(_explained(view)), plain=True, look="small"),
    )
    name = "ranking" if len(view.parks) <= SHOWN else "ranking long"
    return b.Chapter("Rangorde", view.size, blocks, name)


def _row(view: View, park: Park, *, in_district: bool) -> b.Row:
    exact = not view.assessment.coarse
    known = [number(park.estimated, 1) if park.estimated else "0", _highest(park)] if exact else []
    advised, signal = park in view.advised, bool(terms.strong_signals(view, park.park_id))
    tags = [word for word, there in (("advies", advised), ("sterk signaal", signal)) if there]
    cells: tuple[b.Cell, ...] = (
        number(park.rank),
        (park.name, *(part for word in tags for part in (" ", b.Span(word, "tag")))) if tags else park.name,
        *(view.points(group.score) for group in park.groups if view.grouped),
        view.points(park.score),
        *known,
        *([b.Measured(view.bounds(park), park.low, park.high, park.score)] if exact else []),
        terms.class_of(view, park),
        terms.to_do(park) if park.suspected in (True, None) else f"{terms.to_do(park)} (geen aanwijzing)",
        *([number(park.district_rank)] if in_district else []),
    )
    return b.Row(cells, park.park_id, "advised" if advised else "")


def _highest(park: Park) -> str:
    """The highest suspicion, and which share of the threats that are known is high."""
    return number(park.highest) if park.highest is None else f"{number(park.highest)} · {percent(park.share_high)}"


def _explained(view: View) -> Iterator[b.Line]:
    borders = view.assessment.parameters.method.class_borders
    for code, word in terms.ACTION.items() if not view.assessment.coarse else ():
        yield b.strong(capital(word)), f": {terms.action_meaning(code)}."
    classes = (
        f"{terms.class_name(place, borders)} ({points(low)} tot {points(high)})"
        for place, (low, high) in enumerate(pairwise([0, *borders, 100]), start=1)
    )
    if view.classed:
        yield words("ranking.classes", classes=listing(classes))
    if not view.assessment.coarse:
        yield say("ranking.estimated")


def certainty(assessment: Assessment) -> b.Chapter:
    """How often each park comes out highest, what would turn the advice around, what to find out first.

    >>> wb.report.certainty(wb.assess("urk")).title
    'Hoe zeker is het advies?'
    """
    view, sureness = view_of(assessment), assessment.advice.sureness
    none = terms.not_here(words("certainty.withheld")) if assessment.coarse else words("certainty.not_drawn")
    blocks = (b.Text(none),) if sureness is None else tuple(_drawn(view, number(sureness.draws)))
    return b.Chapter("Hoe zeker is het advies?", assessment.advice.sentence, blocks, name="certainty")


def _drawn(view: View, draws: str) -> Iterator[b.Block]:
    advice, anchors, seats = view.assessment.advice, terms.cell_anchors(view), len(view.assessment.advice.park_ids)
    flips = list(flip_sentences(advice.flips, view.names, view.catalogue, seats))
    without = list(left_out_sentences(advice.left_out, view.names, view.catalogue))
    drivers = list(_drivers(advice.drivers))
    yield b.Text(words("certainty.drawn", draws=draws))
    if advice.grade == "clear" and min(park.coverage or 0.0 for park in view.parks if park in view.advised) < LITTLE:
        yield b.Text(words("certainty.little_known"))
    if flips:
        yield b.Heading("Wat zou het advies omkeren?")
        yield b.List(tuple(terms.linked(flip, anchors) for flip in flips))
    if without:
        yield b.Heading("Waar hangt het aan?")
        yield b.List(tuple(terms.linked(one, anchors) for one in without))
    if drivers:
        yield b.Heading("Welke keuze doet het meest?")
        yield b.Text(words("certainty.drivers"))
        yield b.List(tuple(drivers))
    yield b.Heading("Wat als eerste uitzoeken?")
    yield from b.bulleted(terms.question_lines(view), words("certainty.no_questions"))


def _drivers(found: Iterable[Driver]) -> Iterator[str]:
    """The choices that matter, in tens of per cents, for they are estimates; and together those that hardly do."""
    tens = {CHOICES[one.choice]: min(1.0, round(one.total, 1)) for one in found if one.total is not None}
    yield from (f"{choice}: ongeveer {percent(share)}" for choice, share in tens.items() if share > 0)
    if little := [choice for choice, share in tens.items() if share <= 0]:
        yield f"minder dan 5%: {listing(little)}"


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a park's score: the cell, its level in words, and its part in points."""

    code: str
    name: str
    level: str
    points: float


def park_pages(assessment: Assessment) -> b.Chapter:
    """One page for every park, in the order of the ranking.

    >>> wb.report.park_pages(wb.assess("urk")).title
    'De terreinen één voor één'
    """
    view = view_of(assessment)
    found: dict[str, list[terms.PhenomenonSign]] = {park.park_id: [] for park in view.parks}
    for one in terms.signs(view):
        found[one.park_id].append(one)
    pages = (
        b.Group(tuple(_page(view, park, tuple(found[park.park_id]))), "park", f"terrein-{at}", page=True)
        for at, park in enumerate(view.parks, start=1)
    )
    return b.Chapter("De terreinen één voor één", view.size, tuple(pages), "parks", words("parks.lead"), page=True)


def _page(view: View, park: Park, found: tuple[terms.PhenomenonSign, ...]) -> Iterator[b.Block]:
    yield from park_head(view, park)
    yield place(park.park_id)
    yield from b.sentences(_not_handed_out(view, park), "quiet")
    if indicated := terms.careful_words(found, grouped=not view.shows("phenomena")):
        yield b.Text(" ".join(indicated))
    built = (*_score_table(view, park), *_context(view, park))
    pairs = _pairs(view, park) if view.shows("differences") and len(view.parties) > 1 else ()
    if built or pairs:
        yield b.Group(tuple(b.Group(half) for half in (built, pairs) if half), "halves tables")
    yield from not_known(view, park)
    if remarks := terms.remark_lines(view, park.park_id):
        rest = len(remarks) - LARGEST
        more = (words("parks.more_remarks", remarks=count(rest, "toelichting", "toelichtingen")),) if rest > 0 else ()
        yield b.Heading("Wat de partijen erbij schreven", 4)
        yield from b.sentences((*remarks[:LARGEST], *more), "small quiet")


def without_page(view: View, park: Park) -> str:
    """Why private parties get no page of a park; "" when they do."""
    own = view.assessment.context
    firms = own[own["park_id"] == park.park_id].get("establishments", pd.Series(dtype="float64")).dropna()
    if firms.empty:
        return words("copies.unknown")
    return "" if firms.iloc[0] >= FEWEST_FIRMS else words("copies.one_firm")


def _not_handed_out(view: View, park: Park) -> Iterator[str]:
    """For who makes the analyses: that private parties get no page of this park, and why."""
    readers = listing(one.name for one in view.catalogue.audiences if SHAREABLE in one.fields)
    if view.audience.owner and readers and (why := without_page(view, park)):
        yield words("copies.left_out", readers=readers, why=why)


def park_head(view: View, park: Park) -> Iterator[b.Block]:
    """What every page about one park begins with: where it lies, its figures, and what they call for."""
    yield b.Heading(park.name)
    yield b.Text(" · ".join(_where(view, park)), "quiet")
    yield terms.key_figures(view, park)
    yield b.Text(_position(view, park))


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


def _position(view: View, park: Park) -> b.Line:
    found = say(
        "parks.own_position" if view.assessment.coarse else "parks.position",
        to_do=capital(terms.to_do(park)),
        meaning=terms.action_meaning(park.action),
        coverage=percent(park.coverage),
        two_sided=percent(park.two_sided),
    )
    if park.highest is None:
        return found
    tops = {view.catalogue.scale_of(one.id).highest for one in view.catalogue.threats}
    of = f" van {tops.pop()}" if len(tops) == 1 else ""
    return *found, words("parks.highest", highest=f"{number(park.highest)}{of}", share=percent(park.share_high))


def _score_table(view: View, park: Park) -> tuple[b.Table, ...]:
    lines = score_lines(view, park)
    names = (((b.code(one.code), f" {one.name}") if one.code else one.name) for one in lines)
    rows = (b.Row((name, one.level, number(one.points, 1))) for name, one in zip(names, lines, strict=True))
    total = b.Row(("Totaal", "", view.points(park.score)), look="total")
    return (table("parks.score", (*rows, total)),) if lines else ()


def score_lines(view: View, park: Park) -> tuple[Part, ...]:
    """The largest parts of a score, and what the others make together; they add up to the score. None without one."""
    cells = [cell for cell in view.cells_of(park.park_id) if cell.contribution and cell.contribution > 0]
    if park.score is None or not cells:
        return ()
    cells.sort(key=lambda cell: (-(cell.contribution or 0), cell.indicator))
    parts = [_part(view, cell) for cell in cells]
    lines, rest = parts[:LARGEST], parts[LARGEST:]
    if rest:
        name = count(len(rest), "andere indicator", "andere indicatoren")
        lines.append(Part("", name, "", sum(part.points for part in rest)))
    return tuple(lines)


def _part(view: View, cell: Cell) -> Part:
    catalogue, code = view.catalogue, cell.indicator
    level = terms.UNKNOWN if cell.level is None else terms.agreed_text(catalogue.scale_of(code), cell)
    return Part(code, catalogue.indicator(code).name, level, cell.contribution or 0)


def _pairs(view: View, park: Park) -> tuple[b.Table, ...]:
    """The threats that at least one party filled in, with what each party says."""
    filled = said_by_party(view, park, view.catalogue.by_family("threat"))
    names = [capital(view.party_name(party)) for party in view.parties]
    return (table("parks.pairs", filled, sources=terms.SOURCES, parties=names),) if filled else ()


def said_by_party(view: View, park: Park, indicators: Iterable[Indicator]) -> list[tuple[b.Cell, ...]]:
    """Of each indicator that at least one party filled in: its name, what each party says, how far they lie apart.

    And the level that they agreed on, where they did.
    """
    found: list[tuple[b.Cell, ...]] = []
    for one in indicators:
        said = {party: view.judgements.get((park.park_id, one.id, party)) for party in view.parties}
        levels = [row.level for row in said.values() if row and row.level is not None]
        cell = view.cells[park.park_id, one.id]
        if levels or cell.agreed:
            steps, apart = terms.difference(levels or [0], len(view.catalogue.asked_of(one.id, said)))
            if cell.agreed:
                steps, apart = f"afgesproken: {terms.level_figure(cell.level or 0)}", True
            told = (
                terms.ASKED_NOT if view.not_asked(one.id, party) else judgement_words(view, row)
                for party, row in said.items()
            )
            found.append(((b.code(one.id), f" {one.name}"), *told, b.strong(steps) if apart else steps))
    return found


def judgement_words(view: View, row: Judgement | None) -> str:
    """A party's cell: its level in words, or why there is none, and how strong the source is."""
    if row is None:
        return terms.UNKNOWN
    if row.level is None:
        return _STATE[row.state]
    source = f" ({row.source_strength})" if row.source_strength else ""
    return f"{terms.level_text(view.catalogue.scale_of(row.indicator), row.level)}{source}"


def not_known(view: View, park: Park) -> Iterator[b.Block]:
    """What no party knows, under what to do and by whom: whoever is best placed to find out."""
    asked: dict[str, list[str]] = {}
    for cell in view.cells_of(park.park_id):
        if cell.applicable and not cell.known:
            indicator = view.catalogue.indicator(cell.indicator)
            asked.setdefault(_ask(view, indicator), []).append(f"{indicator.id} {indicator.name}")
    if asked:
        yield b.Heading("Wat de eigen partij niet weet" if view.assessment.coarse else "Wat niemand weet", 4)
        yield b.List(tuple(f"{ask}: {listing(names)}." for ask, names in asked.items()))


def _ask(view: View, indicator: Indicator) -> str:
    """Whom to ask; nobody is told to ask himself."""
    best = view.catalogue.best_placed(indicator.id, view.asked)
    reader = view.assessment.parameters.audience
    others = listing(f"de {view.party_name(party)}" for party in best if party != reader)
    if reader not in best:
        return f"Vraag na bij {others}"
    return f"Zoek zelf uit en vraag na bij {others}" if others else "Zoek zelf uit"


def _context(view: View, park: Park) -> tuple[b.Table, ...]:
    """The context figures of a park beside those of the municipality; nothing is scored with them."""
    found, middles = view.context_of(park.park_id), _middles(view.assessment)
    day, figures = found.get(REFERENCE_DATE), [one for one in FIGURES if one.id in found and one.id != REFERENCE_DATE]
    shown = [(capital(one.name), found[one.id], middles[one.id]) for one in figures]
    return (table("parks.context", shown, day=f"Peildatum {day}" if day else "Kenmerk"),) if shown else ()


@lru_cache(maxsize=4)
def _middles(assessment: Assessment) -> dict[str, str]:
    """Per figure its middle value in the municipality, as it is printed."""
    figures = assessment.context
    return {figure.id: _middle(figure, figures[figure.id]) for figure in FIGURES if figure.id in figures}


def _middle(figure: Figure, column: pd.Series) -> str:
    """The median of the parks that have the figure; nothing where that is a word or of too few."""
    found = column.dropna()
    if not figure.is_number or len(found) < FEWEST_FOR_A_MIDDLE:
        return ""
    middle = float(found.median())
    return printed(figure, math.floor(middle + 0.5) if figure.kind in {"year", "count"} else middle)
