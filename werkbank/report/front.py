"""The front page: which park, why, how sure, what is not known, what to do first, on which legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, make
from werkbank.report.parks import question_lines
from werkbank.report.terms import (
    QUADRANT,
    ROUNDED,
    Ground,
    between,
    class_name,
    grounds,
    known,
    legal_basis_line,
    not_here,
    quadrant_meaning,
)
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = ["absent_lines", "front_page", "missing_lines", "resting_on"]

ASKED = 2
"""Questions on the front page; the others stand further on."""
NAMED = 3
"""How many parks a list on the front page names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class _Card:
    park: Park
    place: str
    grounds: tuple[Ground, ...]


@dataclass(frozen=True, slots=True)
class _ToDo:
    word: str
    meaning: str
    items: tuple[str, ...]
    parks: int
    """How many parks ask for it; the items name the first of them and count the rest."""


def front_page(assessment: Assessment) -> Chapter:
    """The front page of a municipality's analysis, on one page: the advice and what it rests on.

    >>> assessment = wb.assess("urk")
    >>> wb.report.front_page(assessment).title
    'Kern en advies Urk (fictief)'
    """
    view = view_of(assessment)
    borders = assessment.parameters.method.class_borders
    return make(
        "front",
        f"Kern en advies {assessment.municipality_name}",
        assessment.advice.sentence,
        sentence=assessment.advice.sentence,
        missing=missing_lines(view),
        points=view.points,
        cards=[_Card(park, class_name(park.place, borders), grounds(view, park.park_id)) for park in view.advised],
        no_grounds=not_here("De redenen per indicator") if assessment.coarse else "",
        sure=tuple(_how_sure(view)),
        unknown=tuple(_what_is_not_known(view)),
        to_do=tuple(_to_do(view)),
        questions=question_lines(view, short=True)[:ASKED],
        basis=tuple(_basis(view)),
    )


def missing_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing, or whose judgements are withheld, a sentence that cannot be overlooked."""
    return (*absent_lines(view), *_withheld_line(view))


def absent_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing a sentence that cannot be overlooked."""
    return tuple(
        f"De werkmap van de {view.party_name(party)} ontbreekt. Dit beeld {_lopsided(view)}: "
        f"wat de {view.party_name(party)} weet, telt nergens mee."
        for party in view.missing
    )


def resting_on(view: View) -> str:
    """On how many parties the scores rest when one or more delivered nothing; empty when all delivered."""
    delivered = len(view.parties) - len(view.missing)
    if not view.missing:
        return ""
    return "één partij" if delivered == 1 else f"{delivered} van de {len(view.parties)} partijen"


def _lopsided(view: View) -> str:
    return "komt dus van één kant" if resting_on(view) == "één partij" else "is dus niet volledig"


def _withheld_line(view: View) -> Iterator[str]:
    if view.assessment.coarse and not view.assessment.withheld:
        yield ROUNDED
    if view.assessment.withheld:
        whose = listing(f"de {view.party_name(party)}" for party in view.assessment.withheld)
        yield (
            f"De oordelen van {whose} tellen mee in de scores en in het advies. Zelf staan ze "
            f"hier niet in: de cellen op deze pagina zijn alleen die van de eigen partij. {ROUNDED} Daardoor kan dit "
            "exemplaar andere terreinen noemen die nog hoger kunnen uitkomen dan het exemplaar van het RIEC."
        )


def _how_sure(view: View) -> Iterator[str]:
    for park in view.advised:
        yield (
            f"{park.name} heeft nu {view.points(park.score)} punten. Wat nog onbekend is, kan daar in het uiterste "
            f"geval {between(view.points(park.low), view.points(park.high))} van maken."
        )
    rivals = _possible(view)
    if rivals:
        named = [f"{park.name} (mogelijk tot {view.points(park.high)})" for park in rivals[:NAMED]]
        rest = len(rivals) - len(named)
        named += [f"nog {count(rest, 'terrein', 'terreinen')}"] if rest else []
        verb = "kan" if len(rivals) == 1 else "kunnen"
        yield f"In dat geval {verb} ook hoger uitkomen: {listing(named)}."
    elif view.advised:
        yield "Geen ander terrein kan daardoor hoger uitkomen."
    if view.assessment.advice.grade is None and len(view.parks) > 1 and view.advised:
        yield "Hoe vaak het advies standhoudt als andere keuzes worden gemaakt, is in deze analyse niet doorgerekend."


def _possible(view: View) -> list[Park]:
    """The other parks that could come above an advised one if what is unknown turned out worst, highest first."""
    lowest = min((park.low for park in view.advised if park.low is not None), default=None)
    able = [park for park in view.parks if park not in view.advised and park.high is not None]
    rivals = [park for park in able if lowest is not None and (park.high or 0) > lowest]
    return sorted(rivals, key=lambda park: (-(park.high or 0), park.rank or len(view.parks)))


def _what_is_not_known(view: View) -> Iterator[str]:
    applicable = [cell for cell in view.cells.values() if cell.applicable]
    nobody = sum(1 for cell in applicable if not cell.known)
    one_side = sum(1 for cell in applicable if cell.known and not cell.known_by_all)
    verb = "is" if nobody == 1 else "zijn"
    whom = "niet bij de eigen partij" if view.assessment.coarse else "bij geen enkele partij"
    yield (
        f"Van {count(len(applicable), 'cel', 'cellen')} (een terrein en een indicator) {verb} er {number(nobody)} "
        f"{whom} bekend ({percent(nobody / len(applicable) if applicable else None)})."
    )
    if len(view.parties) > 1:
        share = percent(one_side / len(applicable) if applicable else None)
        who = "weet maar één partij iets" if len(view.parties) == 2 else "weten niet alle partijen iets"
        yield f"Bij {count(one_side, 'cel', 'cellen')} {who} ({share})."
    without = [park.name for park in view.parks if park.score is None]
    if without:
        verb = "heeft" if len(without) == 1 else "hebben"
        yield f"{listing(without)} {verb} geen score: er is te weinig bekend. Dat betekent niet dat daar niets speelt."
    yield "Onbekend telt nooit als nul."


def _to_do(view: View) -> Iterator[_ToDo]:
    # What to take on goes by the score, what to find out by how high it could come.
    plans = (("act", _act, lambda park: -(park.score or 0)), ("find_out", _ask, lambda park: -(park.high or 0)))
    for quadrant, describe, order in plans:
        parks = sorted((park for park in view.parks if park.quadrant == quadrant), key=order)
        items = [describe(view, park) for park in parks[:NAMED]]
        rest = len(parks) - len(items)
        items += [f"en nog {count(rest, 'terrein', 'terreinen')}; zie de rangorde"] if rest else []
        yield _ToDo(capital(QUADRANT[quadrant]), quadrant_meaning(quadrant, len(view.asked)), tuple(items), len(parks))


def _act(view: View, park: Park) -> str:
    little = known("te weinig", len(view.asked))
    mark = f" ({little}, maar ook in het gunstigste geval hoog)" if park.marked else ""
    return f"{park.name}: {view.points(park.score)} punten{mark}"


def _ask(view: View, park: Park) -> str:
    asked = [told for party in view.parties if (told := _gaps(view, park, party))]
    now = "nu geen score" if park.score is None else f"nu {view.points(park.score)}"
    return f"{park.name}: {now}, mogelijk tot {view.points(park.high)}; onbekende cellen: {listing(asked) or 'geen'}"


def _gaps(view: View, park: Park, party: str) -> str:
    if party in view.missing:
        return f"{view.party_name(party)} alles"
    gaps = view.states(party, "unknown", park.park_id) + view.states(party, "open", park.park_id)
    return f"{view.party_name(party)} {gaps}" if gaps else ""


def _basis(view: View) -> Iterator[str]:
    basis = view.assessment.legal_basis
    yield legal_basis_line(basis)
    if basis is not None:
        yield f"Bewaren tot en met {date(basis.retention_until)}."
    yield from _colophon(view)


def _colophon(view: View) -> Iterator[str]:
    """By whom and for whom, as far as the parameters say it; the colophon at the end says what they do not."""
    own = view.assessment.parameters
    if own.report.made_by:
        yield f"Opgesteld door: {own.report.made_by}."
    if readers := own.report.readers:
        yield f"Verspreiding: {listing(readers)}."
