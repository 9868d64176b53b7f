"""The front page: which park, why, how sure, what is not known, what to do first, on which legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.assessment.flow import Assessment
from werkbank.report.blocks import (
    Block,
    Chapter,
    Group,
    Heading,
    List,
    Span,
    Text,
    alerts,
    bulleted,
    quiet,
    strong,
)  # fmt: skip
from werkbank.report.evidence import grounds, key_figures, question_lines
from werkbank.report.terms import QUADRANT, ROUNDED, between, known, legal_basis_line, not_here, quadrant_meaning
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = [
    "DISCLAIMER",
    "ToDo",
    "absent_lines",
    "basis_lines",
    "front_page",
    "missing_lines",
    "resting_on",
    "sure_lines",
    "to_do",
    "unknown_lines",
]

DISCLAIMER = (
    "Dit is een advies op grond van vermoedens. Mensen kiezen, niet de werkbank: wie daarover gaat, zoals een "
    "stuurgroep, besluit en legt de reden vast."
)
ASKED = 2
"""Questions on the front page; the others stand further on."""
NAMED = 3
"""How many parks a list on the front page names before it counts the rest."""


def front_page(assessment: Assessment) -> Chapter:
    """The front page of a municipality's analysis, on one page: the advice and what it rests on.

    >>> assessment = wb.assess("urk")
    >>> wb.report.front_page(assessment).title
    'Kern en advies'
    """
    view = view_of(assessment)
    advice = (Text("Advies", "kicker"), Text(assessment.advice.sentence, "lead"), Text(DISCLAIMER, "quiet"))
    return Chapter(
        "Kern en advies",
        assessment.advice.sentence,
        (
            *alerts(missing_lines(view)),
            Group(advice, "advice"),
            *(Group(tuple(_card(view, park)), "card") for park in view.advised),
            Group((Group(tuple(_certain(view))), Group(tuple(_asked(view)))), "halves"),
        ),
        name="front",
    )


def _card(view: View, park: Park) -> Iterator[Block]:
    yield Heading((f"{park.name} ", quiet(park.park_id)))
    yield key_figures(view, park)
    reasons = grounds(view, park.park_id)
    if reasons:
        yield Heading("Waarom dit terrein", 4)
        yield List(
            tuple(
                (strong(one.name), f", {one.kind} ", Span(one.reference, "ref", f"#{one.anchor}"),
                 quiet(f" {number(one.contribution, 1)} punten"))
                for one in reasons
            ),
            ordered=True,
        )  # fmt: skip
    elif view.assessment.coarse:
        yield Heading("Waarom dit terrein", 4)
        yield Text(not_here("De redenen per indicator"), "quiet")


def _certain(view: View) -> Iterator[Block]:
    yield Heading("Hoe zeker is dit?")
    yield Text(" ".join(sure_lines(view)))
    yield Heading("Wat weten we niet?")
    yield Text(" ".join(unknown_lines(view)))
    if asked := question_lines(view, short=True)[:ASKED]:
        yield Text((strong("Als eerste uitzoeken"), quiet(" (het antwoord doet het meest voor het advies)")))
        yield List(asked)


def _asked(view: View) -> Iterator[Block]:
    yield Heading("Wat eerst doen en uitzoeken?")
    for one in to_do(view):
        yield Text((strong(one.word), quiet(f" ({one.meaning})")))
        yield from bulleted(one.items, "Geen terreinen.")
    yield Heading("Op welke grondslag?")
    yield Text(" ".join(basis_lines(view)))


def missing_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing, or whose judgements are withheld, a sentence that cannot be overlooked."""
    return (*absent_lines(view), *_withheld_line(view))


def absent_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing a sentence that cannot be overlooked."""
    lopsided = "komt dus van één kant" if resting_on(view) == "één partij" else "is dus niet volledig"
    return tuple(
        f"De werkmap van de {view.party_name(party)} ontbreekt. Dit beeld {lopsided}: "
        f"wat de {view.party_name(party)} weet, telt nergens mee."
        for party in view.missing
    )


def resting_on(view: View) -> str:
    """On how many parties the scores rest when one or more delivered nothing; empty when all delivered."""
    delivered = len(view.parties) - len(view.missing)
    if not view.missing:
        return ""
    return "één partij" if delivered == 1 else f"{delivered} van de {len(view.parties)} partijen"


def _withheld_line(view: View) -> Iterator[str]:
    if view.assessment.withheld:
        whose = listing(f"de {view.party_name(party)}" for party in view.assessment.withheld)
        yield (
            f"De oordelen van {whose} tellen mee in de scores en in het advies. Zelf staan ze "
            f"hier niet in: de cellen op deze pagina zijn alleen die van de eigen partij. {ROUNDED} Daardoor kan dit "
            "exemplaar andere terreinen noemen die nog hoger kunnen uitkomen dan het exemplaar van het RIEC."
        )
    elif view.assessment.coarse:
        yield ROUNDED


def sure_lines(view: View) -> Iterator[str]:
    """How sure the advice is: first a sentence for every advised park, then which parks could still come above."""
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


def unknown_lines(view: View) -> Iterator[str]:
    """How much nobody knows, and how much not everybody; the last sentence is that it never counts as nothing."""
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


@dataclass(frozen=True, slots=True)
class ToDo:
    """What is asked first: the word, its meaning, the first parks that ask for it in words, and how many there are."""

    word: str
    meaning: str
    items: tuple[str, ...]
    parks: int


def to_do(view: View) -> Iterator[ToDo]:
    """What to take on, by score, and what to find out, by how high it could come."""
    plans = (("act", _act, lambda park: -(park.score or 0)), ("find_out", _ask, lambda park: -(park.high or 0)))
    for quadrant, describe, order in plans:
        parks = sorted((park for park in view.parks if park.quadrant == quadrant), key=order)
        items = [describe(view, park) for park in parks[:NAMED]]
        rest = len(parks) - len(items)
        items += [f"en nog {count(rest, 'terrein', 'terreinen')}; zie de rangorde"] if rest else []
        yield ToDo(capital(QUADRANT[quadrant]), quadrant_meaning(quadrant, len(view.asked)), tuple(items), len(parks))


def _act(view: View, park: Park) -> str:
    little = known("te weinig", len(view.asked))
    mark = f" ({little}, maar ook in het gunstigste geval hoog)" if park.marked else ""
    return f"{park.name}: {view.points(park.score)} punten{mark}"


def _ask(view: View, park: Park) -> str:
    asked = [gaps for party in view.parties if (gaps := _gaps(view, park, party))]
    now = "nu geen score" if park.score is None else f"nu {view.points(park.score)}"
    return f"{park.name}: {now}, mogelijk tot {view.points(park.high)}; onbekende cellen: {listing(asked) or 'geen'}"


def _gaps(view: View, park: Park, party: str) -> str:
    if party in view.missing:
        return f"{view.party_name(party)} alles"
    gaps = view.states(party, "unknown", park.park_id) + view.states(party, "open", park.park_id)
    return f"{view.party_name(party)} {gaps}" if gaps else ""


def basis_lines(view: View) -> Iterator[str]:
    """The legal basis, and by whom and for whom it was made as far as the parameters say it."""
    basis, own = view.assessment.legal_basis, view.assessment.parameters.report
    yield legal_basis_line(basis)
    if basis is not None:
        yield f"Bewaren tot en met {date(basis.retention_until)}."
    if own.made_by:
        yield f"Opgesteld door: {own.made_by}."
    if own.readers:
        yield f"Verspreiding: {listing(own.readers)}."
