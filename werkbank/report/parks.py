"""One page per park: the group scores before the total, what carries it, who sees what, what is unknown."""

from __future__ import annotations

from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, make
from werkbank.report.parks import ContextTable, context_table
from werkbank.report.terms import (
    NOT_APPLICABLE,
    QUADRANT,
    SOURCES,
    UNKNOWN,
    careful_words,
    class_name,
    difference,
    level_text,
    quadrant_meaning,
    signs,
)
from werkbank.report.view import Cell, Judgement, Park, View, view_of
from werkbank.settings.entries import Indicator
from werkbank.wording import count, listing

__all__ = ["LARGEST", "Part", "park_pages", "parts_of"]

LARGEST = 8
"""How many contributions a page names before it adds up the rest."""
_STATE = {"unknown": UNKNOWN, "open": UNKNOWN, "not_applicable": NOT_APPLICABLE}


@dataclass(frozen=True, slots=True)
class Part:
    """One line of a park's score: the cell, its level in words, and its part in points."""

    code: str
    name: str
    level: str
    points: float


@dataclass(frozen=True, slots=True)
class _Pair:
    """The parties' own cells beside one another."""

    code: str
    name: str
    said: tuple[str, ...]
    steps: str
    apart: bool


@dataclass(frozen=True, slots=True)
class _Page:
    park: Park
    place: str
    quadrant: str
    meaning: str
    parts: tuple[Part, ...]
    rest: tuple[Part, ...]
    pairs: tuple[_Pair, ...]
    words: tuple[str, ...]
    unknown: tuple[tuple[str, tuple[str, ...]], ...]
    context: ContextTable | None


def park_pages(assessment: Assessment) -> Chapter:
    """One page for every park, in the order of the ranking.

    >>> assessment = wb.assess("urk")
    >>> wb.report.park_pages(assessment).title
    'De terreinen één voor één'
    """
    view = view_of(assessment)
    found, grouped = signs(view), not view.shows("phenomena")
    pages = [
        _page(view, park, careful_words(tuple(one for one in found if one.park_id == park.park_id), grouped=grouped))
        for park in view.parks
    ]
    return make(
        "parks",
        "De terreinen één voor één",
        count(len(pages), "terrein", "terreinen"),
        pages=pages,
        parties=[view.party_name(party) for party in view.parties],
        size=sum(1 for park in view.parks if park.rank is not None),
        district_size=assessment.district_size,
        withheld=assessment.coarse,
        points=view.points,
        sources=SOURCES,
    )


def _page(view: View, park: Park, words: tuple[str, ...]) -> _Page:
    parts = parts_of(view, park)
    rest = parts[LARGEST:]
    return _Page(
        park=park,
        place=class_name(park.place, view.assessment.parameters.method.class_borders),
        quadrant=QUADRANT[park.quadrant],
        meaning=quadrant_meaning(park.quadrant, len(view.asked), marked=park.marked),
        parts=parts[:LARGEST],
        rest=(*_rest(rest), *stand_in(park, parts)),
        pairs=_pairs(view, park) if view.shows("differences") else (),
        words=words,
        unknown=_unknown(view, park),
        context=context_table(view.assessment, park.park_id) if view.shows("context") else None,
    )


def parts_of(view: View, park: Park) -> tuple[Part, ...]:
    """The cells that carry the score, largest first; none without a score."""
    if park.score is None:
        return ()
    carrying = [cell for cell in view.cells_of(park.park_id) if cell.contribution and cell.contribution > 0]
    carrying.sort(key=lambda cell: (-(cell.contribution or 0), cell.indicator))
    return tuple(_part(view, cell) for cell in carrying)


def _part(view: View, cell: Cell) -> Part:
    level = UNKNOWN if cell.level is None else level_text(view.catalogue.scale_of(cell.indicator), cell.level)
    return Part(cell.indicator, view.catalogue.indicator(cell.indicator).name, level, cell.contribution or 0)


def _rest(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    if not parts:
        return ()
    name = count(len(parts), "andere indicator", "andere indicatoren")
    return (Part("", name, "", sum(part.points for part in parts)),)


def stand_in(park: Park, parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """What the groups without a score of their own count for, so that the table adds up to the total."""
    without = [group.name for group in park.groups if group.score is None]
    if park.score is None or not without:
        return ()
    name = f"{listing(without)}: te weinig bekend, telt zoals de andere groepen"
    return (Part("", name, "", park.score - sum(part.points for part in parts)),)


def _pairs(view: View, park: Park) -> tuple[_Pair, ...]:
    """The threats that at least one party filled in, with what each party says."""
    rows = ((indicator, _said(view, park, indicator)) for indicator in view.catalogue.by_family("threat"))
    filled = [(indicator, said) for indicator, said in rows if any(row and row.level is not None for row in said)]
    return tuple(_pair(view, indicator, said) for indicator, said in filled) if len(view.parties) > 1 else ()


def _said(view: View, park: Park, indicator: Indicator) -> list[Judgement | None]:
    return [view.judgements.get((park.park_id, indicator.id, party)) for party in view.parties]


def _pair(view: View, indicator: Indicator, said: list[Judgement | None]) -> _Pair:
    told, apart = difference([row.level for row in said if row and row.level is not None], len(said))
    return _Pair(indicator.id, indicator.name, tuple(_words(view, row) for row in said), told, apart)


def _words(view: View, row: Judgement | None) -> str:
    if row is None:
        return UNKNOWN
    if row.level is None:
        return _STATE[row.state]
    source = f" ({row.source_strength})" if row.source_strength else ""
    return f"{level_text(view.catalogue.scale_of(row.indicator), row.level)}{source}"


def _unknown(view: View, park: Park) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What no party knows, under what to do and by whom: whoever is best placed to find out."""
    asked: dict[str, list[str]] = {}
    for cell in view.cells_of(park.park_id):
        if cell.applicable and not cell.known:
            indicator = view.catalogue.indicator(cell.indicator)
            asked.setdefault(_ask(view, indicator), []).append(f"{indicator.id} {indicator.name}")
    return tuple((ask, tuple(names)) for ask, names in asked.items())


def _ask(view: View, indicator: Indicator) -> str:
    """Whom to ask; nobody is told to ask himself."""
    best = [indicator.best_judge] if indicator.best_judge in view.asked else list(view.asked)
    reader = view.assessment.parameters.audience
    others = listing(f"de {view.party_name(party)}" for party in best if party != reader)
    if reader not in best:
        return f"Vraag na bij {others}"
    return f"Zoek zelf uit en vraag na bij {others}" if others else "Zoek zelf uit"
