"""Page one: which park, why, how sure, what is not known, what to do first; and the same for the steering group."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from werkbank.advice.advice import of_hundred
from werkbank.assessment.assessment import Assessment
from werkbank.report import blocks as b
from werkbank.report import terms
from werkbank.report.decided import OR_NONE, place, told_here
from werkbank.report.terms import say, table, words
from werkbank.report.view import Park, View, view_of
from werkbank.wording import capital, count, date, listing, number, percent, within

ASKED = 2
"""Questions on the front page; the others stand further on."""
NAMED = 3
"""How many parks a list on the front page names before it counts the rest."""
HIGHEST = 5
"""Parks in the table of the page where there is room for them."""
_PAGE = 742.0
"""Points of height between head and foot of an A4 page, as the packaged reference.docx lays it out."""
_FIXED = 245.0
"""What titles, headings and the head of the table take, whatever is said."""
_LETTERS = {"sentence": (74, 16.0, 0.0), "body": (95, 12.6, 4.0), "small": (112, 11.5, 0.0), "name": (27, 11.0, 4.0)}
"""Of each kind of text the letters that fit on a line, the height of a line, and the room after it, in points."""


def front_page(assessment: Assessment) -> b.Chapter:
    """The advice of a municipality's analysis, and what may not be overlooked about it.

    >>> wb.report.front_page(wb.assess("urk")).title
    'Kern en advies'
    """
    view, sentence = view_of(assessment), assessment.advice.sentence
    advice = (b.Text("Advies", "kicker"), b.Text(sentence, "lead"), b.Text(words("front.disclaimer"), "quiet"))
    blocks = (*b.alerts(missing_lines(view)), b.Group(advice, "advice"), place())
    return b.Chapter("Kern en advies", sentence, blocks, name="front")


def key_points(assessment: Assessment) -> b.Chapter:
    """What the advice rests on, how sure it is, what is not known and what to do first; it follows the advice.

    >>> wb.report.key_points(wb.assess("urk")).title
    'Waarom, en wat eerst'
    """
    view = view_of(assessment)
    cards = (b.Group(tuple(_card(view, park)), "card") for park in view.advised)
    halves = (b.Group(tuple(_certain(view))), b.Group(tuple(_asked(view))))
    return b.Chapter("Waarom, en wat eerst", assessment.advice.sentence, (*cards, b.Group(halves, "halves")), "front")


def _card(view: View, park: Park) -> Iterator[b.Block]:
    yield b.Heading((f"{park.name} ", b.quiet(park.park_id)))
    yield terms.key_figures(view, park)
    reasons = tuple(
        (b.strong(one.name), f", {one.kind} ", b.Span(one.reference, "ref", f"#{one.anchor}"),
         "" if one.contribution is None else b.quiet(f" {number(one.contribution, 1)} punten"))
        for one in terms.grounds(view, park.park_id)
    )  # fmt: skip
    if reasons or view.assessment.coarse:
        yield b.Heading("Waarom dit terrein", 4)
        yield b.List(reasons, ordered=True) if reasons else b.Text(terms.not_here("De redenen per indicator"), "quiet")


def _certain(view: View) -> Iterator[b.Block]:
    yield b.Heading("Hoe zeker is dit?")
    yield b.Text(" ".join((*now_lines(view), *rival_lines(view))) or words("front.see_sentence"))
    yield b.Heading("Wat weten we niet?")
    yield b.Text(" ".join(unknown_lines(view)))
    if asked := terms.question_lines(view, short=True)[:ASKED]:
        yield b.Text(say("front.first"))
        yield b.List(asked)


def _asked(view: View) -> Iterator[b.Block]:
    yield b.Heading("Wat eerst doen en uitzoeken?")
    for one in to_do(view):
        yield b.Text((b.strong(one.word), b.quiet(f" ({one.meaning})")))
        yield from b.bulleted(one.items, "Geen terreinen.")
    if rest := rest_line(view):
        yield b.Text(rest)
    yield b.Heading("Op welke grondslag?")
    yield b.Text(" ".join(basis_lines(view)))


def missing_lines(view: View) -> tuple[str, ...]:
    """Per party that delivered nothing, or whose judgements are withheld, a sentence that cannot be overlooked."""
    whose = listing(f"de {view.party_name(party)}" for party in view.assessment.withheld)
    told = {"own": words("front.own_cells") if view.parties else "", "rounded": terms.ROUNDED}
    withheld = words("front.withheld", whose=whose, **told) if whose else terms.ROUNDED
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


def now_lines(view: View) -> Iterator[str]:
    """Per advised park of which something is estimated: where its score lies by what nobody knows alone."""
    for park in view.advised:
        if park.estimated and park.drawn_low is not None:
            between = terms.between(view.points(park.drawn_low), view.points(park.drawn_high))
            yield words("front.now", park=park.name, score=view.points(park.score), between=between)


def rival_lines(view: View) -> Iterator[str]:
    """Which parks could still come above the advised ones in the extreme, and how that goes with the recalculations."""
    rivals = _possible(view)
    if rivals:
        named = [f"{park.name} (mogelijk tot {view.points(park.high)})" for park in rivals[:NAMED]]
        rest = len(rivals) - len(named)
        named += [f"nog {count(rest, 'terrein', 'terreinen')}"] if rest else []
        yield words("front.rivals", verb="kan" if len(rivals) == 1 else "kunnen", parks=listing(named))
        if view.assessment.advice.sureness:
            yield words("front.rivals_drawn")
    elif view.advised and not view.assessment.coarse:
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
    """What is asked first: the word, its meaning, the first of it in words, and how many there are."""

    word: str
    meaning: str
    items: tuple[str, ...]
    parks: int


def to_do(view: View) -> Iterator[ToDo]:
    """The strong signals, whatever the totals say; and the blind spots, most often advised first."""
    order = dict.fromkeys(park.park_id for park in view.parks)
    found = {park: terms.strong_signals(view, park) for park in order}
    signals = [f"{view.park(park).name}: {listing(told)}" for park, told in found.items() if told]
    yield _first("signals", signals)
    if not view.assessment.coarse:
        spots = [_ask(view, park) for park in blind_spots(view)]
        yield _first("blind_spots", spots)


def _first(name: str, found: Sequence[str]) -> ToDo:
    rest = len(found) - NAMED
    more = (f"en nog {count(rest, 'terrein', 'terreinen')}; zie de rangorde",) if rest > 0 else ()
    return ToDo(words(f"front.{name}"), words(f"front.{name}_meaning"), (*found[:NAMED], *more), len(found))


def blind_spots(view: View) -> list[Park]:
    """The blind spots by how often they may be advised, then by how high they may come."""
    found = [park for park in view.parks if park.action == "blind_spot"]
    return sorted(found, key=lambda park: (-(park.p_selected or 0.0), -(park.high or 0.0), park.park_id))


def _ask(view: View, park: Park) -> str:
    """A blind spot: how often it is advised, what nobody knows of it, and whom to ask."""
    threats = {indicator.id for indicator in view.catalogue.threats}
    unknown = [cell.indicator for cell in view.cells_of(park.park_id) if cell.applicable and not cell.known]
    asked = [code for code in unknown if code in threats] or unknown
    names = [f"{within(view.catalogue.indicator(code).name)} ({code})" for code in asked[:NAMED]]
    more = len(asked) - len(names)
    names += [f"nog {count(more, 'andere vraag', 'andere vragen')}"] if more else []
    able = [view.catalogue.best_placed(code, view.asked) for code in asked]
    best = {parties[0] for parties in able if len(parties) == 1} or set().union(*able)
    whom = listing(f"de {view.party_name(party)}" for party in view.asked if party in best)
    often = park.p_selected or 0.0
    share = "" if often < 0.005 else f" (in {of_hundred(often, view.draws)} bovenaan)"
    return f"{park.name}{share}: niemand weet {listing(names)}. Vraag {whom}"


def rest_line(view: View) -> str:
    """How many parks are to be followed, and of how many there is no cause in these figures."""
    found = Counter(park.action for park in view.parks)
    told = [
        f"{capital(terms.ACTION[action])}: {count(found[action], 'terrein', 'terreinen')}"
        for action in ("follow", "no_cause")
        if found[action]
    ]
    return f"{'. '.join(told)}." if told else ""


def basis_lines(view: View) -> Iterator[str]:
    """The legal basis, and by whom and for whom it was made as far as the parameters say it."""
    basis, own = view.assessment.legal_basis, view.assessment.parameters.report
    yield terms.legal_basis_line(basis)
    if basis is not None:
        yield f"Bewaren tot en met {date(basis.retention_until)}."
    if own.made_by:
        yield f"Opgesteld door: {own.made_by}."
    if own.readers:
        yield f"Verspreiding: {listing(own.readers)}."


@dataclass(frozen=True, slots=True)
class _Room:
    """How much is told: parks with their reasons, reasons of each, rows of the table, parks per kind of work.

    `bounds` is whether the bounds of each advised park are told again in a sentence; they stand in the table. `name` is
    the most letters of a park's name; a longer one loses its middle. `whole` is whether all is said of how sure it is.
    """

    parks: int
    reasons: int
    rows: int
    lines: int
    bounds: bool
    name: int = 200
    whole: bool = True


_ROOMS = (
    _Room(9, 3, HIGHEST, 2, bounds=True),
    _Room(9, 2, HIGHEST, 2, bounds=True),
    _Room(9, 2, HIGHEST, 2, bounds=False),
    _Room(9, 1, HIGHEST, 2, bounds=False),
    _Room(9, 1, HIGHEST, 1, bounds=False),
    _Room(3, 1, HIGHEST, 1, bounds=False),
    _Room(3, 1, 3, 1, bounds=False),
    _Room(3, 0, 3, 1, bounds=False),
    _Room(3, 1, 3, 1, bounds=False, name=36),
    _Room(3, 0, 3, 1, bounds=False, name=30),
    _Room(1, 0, 3, 1, bounds=False, name=24),
    _Room(1, 0, 3, 1, bounds=False, name=22, whole=False),
)
"""From most to least: the first with which everything fits on the page is taken."""


def summary(assessment: Assessment, chosen: Mapping[str, str] | None = None) -> b.Chapter:
    """What stands on the page, chosen from what the whole analysis says.

    Who gets no more than this page reads on it too where there are indications, what was `chosen` and how far that is;
    whoever may see no cell reads nothing of what is known. The more parks are advised and the longer their names are,
    the less is told of each, so that it stays one page.
    """
    view, blocks = view_of(assessment), list[b.Block]()
    for room in _ROOMS:
        named = _named(view, room.name)
        blocks = list(_summed_up(named, room, chosen))
        if _height(blocks) <= _PAGE:
            break
    sentence = named.assessment.advice.sentence
    return b.Chapter("Samenvatting voor de stuurgroep", sentence, tuple(blocks), name="summary")


def _summed_up(view: View, room: _Room, chosen: Mapping[str, str] | None) -> Iterator[b.Block]:
    unknown, advised = list(unknown_lines(view)), view.advised
    yield from (b.Callout(line.partition(". ")[0] + ".") for line in missing_lines(view))
    yield b.Text(view.assessment.advice.sentence, "lead")
    yield b.Text(words("front.disclaimer"), "quiet")
    yield b.Heading("Waarom")
    yield from b.sentences(_why(view, park, room.reasons) for park in advised[: room.parks])
    yield from b.sentences(_others(view, len(advised), room))
    yield b.Heading("De hoogste terreinen")
    bounds = [] if view.assessment.coarse else [words("summary.possible")]
    yield table("summary.table", (_row(view, park) for park in view.parks[: room.rows]), bounds=bounds)
    yield b.Text(_rest(view, len(view.parks) - room.rows), "quiet")
    if chosen is not None:
        yield from _standing(view, room, chosen)
    if view.shows("cells"):
        yield b.Heading("Hoe zeker is dit?")
        yield b.Text(" ".join(_sure(view, room)))
        yield b.Heading("Wat weten we niet?")
        yield b.Text(" ".join(unknown if room.whole else [unknown[0], unknown[-1]]))
        yield b.Heading("Wat eerst doen en uitzoeken?")
        plans = ((one.word, _some(one.items or ("geen terreinen",), one.parks, room.lines)) for one in to_do(view))
        yield from b.bulleted(f"{word}: {told}." for word, told in plans)
    yield b.Heading("Wat vragen we van de stuurgroep?")
    yield from b.bulleted(_requests([park.name for park in advised if park.park_id not in (chosen or {})]))
    yield b.Heading("Op welke grondslag?")
    yield b.Text(" ".join(basis_lines(view)))


def _standing(view: View, room: _Room, chosen: Mapping[str, str]) -> Iterator[b.Block]:
    """Where there are indications on the advised parks, and what was chosen by whom and when."""
    yield b.Heading(words("summary.signs"))
    for park in view.advised[: room.parks]:
        own = tuple(one for one in terms.signs(view) if one.park_id == park.park_id)
        yield b.Text(f"{park.name}: {' '.join(terms.careful_words(own, grouped=not view.shows('phenomena')))}")
    yield b.Heading(words("summary.chosen"))
    yield told_here({words("decided.now"): chosen}, view.names, OR_NONE)


def _row(view: View, park: Park) -> tuple[str, ...]:
    advised = " (advies)" if park in view.advised else ""
    score, *bounds, place, to_do = terms.outcome(view, park)
    return number(park.rank), f"{park.name}{advised}", score, *(() if view.assessment.coarse else bounds), place, to_do


def _sure(view: View, room: _Room) -> Iterator[str]:
    """The bounds of each advised park where there is room; they stand in the table too."""
    yield from now_lines(view) if room.bounds else (words("summary.bounds"),)
    if room.whole:
        yield from rival_lines(view)


def _named(view: View, most: int) -> View:
    """The same with every name of a park cut to so many letters, wherever it is said; its end tells it apart."""
    advice = view.assessment.advice
    sentence = advice.sentence
    for park in sorted(view.parks, key=lambda park: -len(park.name)):
        sentence = sentence.replace(park.name, _cut(park.name, most))
    assessment = replace(view.assessment, advice=replace(advice, sentence=sentence))
    return replace(view, assessment=assessment, parks=tuple(replace(it, name=_cut(it.name, most)) for it in view.parks))


def _cut(name: str, most: int) -> str:
    return name if len(name) <= most else f"{name[: most - 14].rstrip()}…{name[-13:].lstrip()}"


def _height(blocks: Iterable[b.Block]) -> float:
    """How high the page is laid out, in points; rather too high than too low."""
    high = _FIXED
    for kind, text in (found for block in blocks for found in _texts(block)):
        letters, line, after = _LETTERS[kind]
        high += line * math.ceil(len(b.plain(text)) / letters) + after
    return high


def _texts(block: b.Block) -> Iterator[tuple[str, b.Cell]]:
    """The texts of a block, each with its kind; what a heading takes is the same on every page."""
    match block:
        case b.Group():
            yield from (found for one in block.blocks for found in _texts(one))
        case b.Table():
            yield from (("name", row.cells[1]) for row in block.rows)
        case b.List():
            yield from (("body", item) for item in block.items)
        case b.Callout() | b.Text(look="lead"):
            yield "sentence", block.line
        case b.Text():
            yield "small" if block.look else "body", block.line


def _why(view: View, park: Park, most: int) -> str:
    groups = listing(f"{one.name.lower()} {view.shown(one.score)}" for one in park.shown_groups)
    score, place = view.shown(park.score), terms.class_of(view, park)
    told = f"{park.name} heeft {score} van 100 punten" + ("" if place == terms.NOT_SHOWN else f" ({place})")
    told += f": {groups}." if groups else "."
    reasons = [f"{one.name} ({one.kind}; {one.reference})" for one in terms.grounds(view, park.park_id)[:most]]
    if reasons:
        return f"{told} {'Het zwaarst wegen' if len(reasons) > 1 else 'Het zwaarst weegt'}: {'; '.join(reasons)}."
    return f"{told} {terms.not_here('De redenen per indicator')}" if view.assessment.coarse else told


def _others(view: View, advised: int, room: _Room) -> Iterator[str]:
    """Where the reasons stand that are not told here."""
    parks, where = count(advised - room.parks, "ander terrein", "andere terreinen"), _elsewhere(view)
    if advised > room.parks:
        yield words("summary.others", parks=parks, where=where)
    elif not room.reasons and advised:
        yield words("summary.all_others", where=where)


def _elsewhere(view: View) -> str:
    """Where this reader finds what is not told here."""
    return "in de analyse" if "analysis" in view.audience.documents else "hier niet"


def _rest(view: View, rest: int) -> str:
    told = f"Nog {count(rest, 'terrein staat', 'terreinen staan')} {_elsewhere(view)}. " if rest > 0 else ""
    return told + rest_line(view)


def _some(lines: Sequence[str], parks: int, most: int) -> str:
    """The first lines, and how many parks there are beside the ones that are named."""
    named = lines[: min(most, parks)] if parks else lines
    more = parks - len(named)
    tail = [f"en {count(more, 'ander', 'andere')}; zie de analyse"] if more > 0 else []
    return "; ".join([*named, *tail])


def _requests(names: Sequence[str]) -> Iterator[str]:
    """What the people who decide are asked; the werkbank never selects."""
    if names:
        yield words("summary.choose", parks=listing(names), verb="wordt" if len(names) == 1 else "worden")
    yield words("summary.find_out")
