"""The front page: which park, why, how sure, what is not known, what to do first, on which legal basis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.assessment.flow import Assessment
from werkbank.report import blocks as b
from werkbank.report.evidence import grounds, key_figures, question_lines
from werkbank.report.terms import QUADRANT, ROUNDED, between, known, legal_basis_line, not_here, quadrant_meaning
from werkbank.report.texts import say, words
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, date, listing, number, percent

__all__ = [
    "ToDo", "absent_lines", "basis_lines", "front_page", "missing_lines", "resting_on", "sure_lines", "to_do",
    "unknown_lines",
]  # fmt: skip

ASKED = 2
"""Questions on the front page; the others stand further on."""
NAMED = 3
"""How many parks a list on the front page names before it counts the rest."""


def front_page(assessment: Assessment) -> b.Chapter:
    """The front page of a municipality's analysis, on one page: the advice and what it rests on.

    >>> wb.report.front_page(wb.assess("urk")).title
    'Kern en advies'
    """
    view, sentence = view_of(assessment), assessment.advice.sentence
    advice = (b.Text("Advies", "kicker"), b.Text(sentence, "lead"), b.Text(words("front.disclaimer"), "quiet"))
    cards = (b.Group(tuple(_card(view, park)), "card") for park in view.advised)
    halves = (b.Group(tuple(_certain(view))), b.Group(tuple(_asked(view))))
    blocks = (*b.alerts(missing_lines(view)), b.Group(advice, "advice"), *cards, b.Group(halves, "halves"))
    return b.Chapter("Kern en advies", sentence, blocks, name="front")


def _card(view: View, park: Park) -> Iterator[b.Block]:
    yield b.Heading((f"{park.name} ", b.quiet(park.park_id)))
    yield key_figures(view, park)
    reasons = tuple(
        (b.strong(one.name), f", {one.kind} ", b.Span(one.reference, "ref", f"#{one.anchor}"),
         b.quiet(f" {number(one.contribution, 1)} punten"))
        for one in grounds(view, park.park_id)
    )  # fmt: skip
    if reasons or view.assessment.coarse:
        yield b.Heading("Waarom dit terrein", 4)
        yield b.List(reasons, ordered=True) if reasons else b.Text(not_here("De redenen per indicator"), "quiet")


def _certain(view: View) -> Iterator[b.Block]:
    yield b.Heading("Hoe zeker is dit?")
    yield b.Text(" ".join(sure_lines(view)))
    yield b.Heading("Wat weten we niet?")
    yield b.Text(" ".join(unknown_lines(view)))
    if asked := question_lines(view, short=True)[:ASKED]:
        yield b.Text(say("front.first"))
        yield b.List(asked)


def _asked(view: View) -> Iterator[b.Block]:
    yield b.Heading("Wat eerst doen en uitzoeken?")
    for one in to_do(view):
        yield b.Text((b.strong(one.word), b.quiet(f" ({one.meaning})")))
        yield from b.bulleted(one.items, "Geen terreinen.")
    yield b.Heading("Op welke grondslag?")
    yield b.Text(" ".join(basis_lines(view)))


def missing_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing, or whose judgements are withheld, a sentence that cannot be overlooked."""
    whose = listing(f"de {view.party_name(party)}" for party in view.assessment.withheld)
    withheld = words("front.withheld", whose=whose, rounded=ROUNDED) if whose else ROUNDED
    return (*absent_lines(view), *([withheld] if view.assessment.coarse or whose else []))


def absent_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing a sentence that cannot be overlooked."""
    lopsided = "komt dus van één kant" if resting_on(view) == "één partij" else "is dus niet volledig"
    return tuple(words("front.absent", party=view.party_name(one), lopsided=lopsided) for one in view.missing)


def resting_on(view: View) -> str:
    """On how many parties the scores rest when one or more delivered nothing; empty when all delivered."""
    delivered = len(view.parties) - len(view.missing)
    if not view.missing:
        return ""
    return "één partij" if delivered == 1 else f"{delivered} van de {len(view.parties)} partijen"


def sure_lines(view: View) -> Iterator[str]:
    """How sure the advice is: first a sentence for every advised park, then which parks could still come above."""
    for park in view.advised:
        bounds = between(view.points(park.low), view.points(park.high))
        yield words("front.now", park=park.name, score=view.points(park.score), between=bounds)
    rivals = _possible(view)
    if rivals:
        named = [f"{park.name} (mogelijk tot {view.points(park.high)})" for park in rivals[:NAMED]]
        rest = len(rivals) - len(named)
        named += [f"nog {count(rest, 'terrein', 'terreinen')}"] if rest else []
        yield words("front.rivals", verb="kan" if len(rivals) == 1 else "kunnen", parks=listing(named))
    elif view.advised:
        yield words("front.no_rivals")
    if view.assessment.advice.grade is None and len(view.parks) > 1 and view.advised:
        yield words("front.not_drawn")


def _possible(view: View) -> list[Park]:
    """The other parks that could come above an advised one if what is unknown turned out worst, highest first."""
    lowest = min((park.low for park in view.advised if park.low is not None), default=None)
    able = [park for park in view.parks if park not in view.advised and park.high is not None]
    rivals = [park for park in able if lowest is not None and (park.high or 0) > lowest]
    return sorted(rivals, key=lambda park: (-(park.high or 0), park.rank or len(view.parks)))


def unknown_lines(view: View) -> Iterator[str]:
    """How much nobody knows, and how much not everybody; the last sentence is that it never counts as nothing."""
    cells = [cell for cell in view.cells.values() if cell.applicable]
    nobody = sum(1 for cell in cells if not cell.known)
    one_side = sum(1 for cell in cells if cell.known and not cell.known_by_all)
    shares = [percent(part / len(cells) if cells else None) for part in (nobody, one_side)]
    yield words(
        "front.nobody",
        cells=count(len(cells), "cel", "cellen"),
        verb="is" if nobody == 1 else "zijn",
        nobody=number(nobody),
        whom="niet bij de eigen partij" if view.assessment.coarse else "bij geen enkele partij",
        share=shares[0],
    )
    if len(view.parties) > 1:
        who = "weet maar één partij iets" if len(view.parties) == 2 else "weten niet alle partijen iets"
        yield words("front.one_side", cells=count(one_side, "cel", "cellen"), who=who, share=shares[1])
    without = [park.name for park in view.parks if park.score is None]
    if without:
        yield words("front.without", parks=listing(without), verb="heeft" if len(without) == 1 else "hebben")
    yield words("front.never_zero")


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
