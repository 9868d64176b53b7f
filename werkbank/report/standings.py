"""The ranking as a table, and how sure it is: what the recalculations say and what would turn the advice around."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from werkbank.advice.tellings import flip_sentence, left_out_sentence
from werkbank.assessment.flow import Assessment
from werkbank.report import blocks as b
from werkbank.report.evidence import cell_anchors, linked, question_lines
from werkbank.report.front import resting_on
from werkbank.report.terms import QUADRANT, UNKNOWN, class_name, known, not_here, quadrant_meaning, share_text
from werkbank.report.texts import table, words
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, capital, count, listing, number, percent, points

__all__ = ["certainty", "ranking_table"]

SHOWN = 12
"""Parks in the table of certainty; the rest is counted."""


def ranking_table(assessment: Assessment) -> b.Chapter:
    """Every park with its place, score, bounds, groups, class and quadrant; highest score first.

    >>> wb.report.ranking_table(wb.assess("urk")).title
    'Rangorde'
    """
    view = view_of(assessment)
    places = ["Plaats in district"] if any(park.district_rank is not None for park in view.parks) else []
    size = count(assessment.district_size, "terrein", "terreinen")
    groups = [] if assessment.coarse else [family.score_name for family in view.catalogue.families]
    rows = (_row(view, park, grouped=bool(groups), in_district=bool(places)) for park in view.parks)
    district = f" In het district doen {size} mee." if places else ""
    one_sided = resting_on(view)
    blocks = (
        table("ranking.table", rows, groups=groups, places=places, district=district),
        *b.alerts([words("ranking.one_sided", parties=one_sided)] if one_sided else []),
        b.List(tuple(_explained(view)), plain=True, look="small"),
    )
    name = "ranking" if len(view.parks) <= SHOWN else "ranking long"
    return b.Chapter("Rangorde", count(len(view.parks), "terrein", "terreinen"), blocks, name)


def _row(view: View, park: Park, *, grouped: bool, in_district: bool) -> b.Row:
    advised = park in view.advised
    cells: tuple[b.Cell, ...] = (
        _place(park.rank),
        (park.name, " ", b.Span("advies", "tag")) if advised else park.name,
        *(_score(view, group.score) for group in park.groups if grouped),
        _score(view, park.score),
        b.Measured(f"{view.points(park.low)}–{view.points(park.high)}", park.low, park.high, park.score),
        class_name(park.place, view.assessment.parameters.method.class_borders),
        QUADRANT[park.quadrant] + ("*" if park.marked else ""),
        *([_place(park.district_rank)] if in_district else []),
    )
    return b.Row(cells, park.park_id, "advised" if advised else "")


def _place(rank: int | None) -> str:
    return MISSING if rank is None else str(rank)


def _score(view: View, score: float | None) -> b.Cell:
    return b.Span(UNKNOWN, "q", label="te weinig bekend") if score is None else view.points(score)


def _explained(view: View) -> Iterator[b.Line]:
    parties, borders = len(view.asked), view.assessment.parameters.method.class_borders
    for code, word in QUADRANT.items():
        yield b.strong(capital(word)), f": {quadrant_meaning(code, parties)}."
    classes = (
        f"{class_name(place, borders)} ({points(low)} tot {points(high)})"
        for place, (low, high) in enumerate(pairwise([0, *borders, 100]), start=1)
    )
    yield words("ranking.classes", classes=listing(classes), little=known("te weinig", parties))


def certainty(assessment: Assessment) -> b.Chapter:
    """How often each park comes out highest, what would turn the advice around, what to find out first.

    >>> wb.report.certainty(wb.assess("urk")).title
    'Hoe zeker is het advies?'
    """
    view, sureness = view_of(assessment), assessment.advice.sureness
    none = not_here(words("certainty.withheld")) if assessment.coarse else words("certainty.not_drawn")
    blocks = (b.Text(none),) if sureness is None else tuple(_drawn(view, number(sureness.draws)))
    return b.Chapter("Hoe zeker is het advies?", assessment.advice.sentence, blocks, name="certainty")


def _drawn(view: View, draws: str) -> Iterator[b.Block]:
    advice, anchors, seats = view.assessment.advice, cell_anchors(view), len(view.assessment.advice.park_ids)
    flips = [flip_sentence(flip, view.names, view.catalogue, seats) for flip in advice.flips]
    without = [left_out_sentence(one, view.names, view.catalogue) for one in advice.left_out]
    drivers = [
        f"{words(f'certainty.choices.{one.choice}')}: {_about(one.total)}"
        for one in advice.drivers
        if one.total is not None
    ]
    yield b.Text(words("certainty.drawn", draws=draws))
    yield from _how_often(view, seats)
    if flips:
        yield b.Heading("Wat zou het advies omkeren?")
        yield b.List(tuple(linked(flip, anchors) for flip in flips))
        if any(not flip.exact for flip in advice.flips):
            yield b.Text(words("certainty.inexact"), "small quiet")
    if without:
        yield b.Heading("Waar hangt het aan?")
        yield b.List(tuple(linked(one, anchors) for one in without))
    if drivers:
        yield b.Heading("Welke keuze doet het meest?")
        yield b.Text(words("certainty.drivers"))
        yield b.List(tuple(drivers))
    yield b.Heading("Wat als eerste uitzoeken?")
    yield from b.bulleted(question_lines(view), words("certainty.no_questions"))


def _how_often(view: View, seats: int) -> Iterator[b.Block]:
    parks = sorted((park for park in view.parks if park.p_selected is not None), key=_most_often)
    what = "bovenaan staat" if seats == 1 else f"bij de hoogste {seats} hoort"
    often = "Bovenaan" if seats == 1 else f"Bij de hoogste {seats}"
    rows = (b.Row(_often(park), park.park_id) for park in parks[:SHOWN])
    yield table("certainty.table", rows, what=what, often=often)
    if (rest := len(parks) - SHOWN) > 0:
        verb = "komt" if rest == 1 else "komen"
        yield b.Text(f"Nog {count(rest, 'terrein', 'terreinen')} {verb} minder vaak bovenaan.", "small quiet")


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
