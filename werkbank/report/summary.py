"""The page for the steering group: the answer, how sure it is, what is asked of them; one page and no more."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from werkbank.assessment.flow import Assessment
from werkbank.report import blocks as b
from werkbank.report.evidence import grounds
from werkbank.report.front import basis_lines, missing_lines, sure_lines, to_do, unknown_lines
from werkbank.report.terms import QUADRANT, UNKNOWN, class_name, known, not_here
from werkbank.report.texts import table, words
from werkbank.report.view import Park, View, view_of
from werkbank.wording import MISSING, count, listing

__all__ = ["summary"]

Values = dict[str, Any]
HIGHEST = 5
"""Parks in the table of the page where there is room for them."""
_PAGE = 742.0
"""Points of height between head and foot of an A4 page, as the packaged reference.docx lays it out."""
_FIXED = 245.0
"""What titles, headings and the head of the table take, whatever is said."""
_LETTERS = {"sentence": (74, 16.0), "body": (95, 12.6), "small": (112, 11.5), "name": (27, 11.0)}
"""Of each kind of text the letters that fit on a line, and the height of a line, in points."""


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


def summary(assessment: Assessment) -> b.Chapter:
    """What stands on the page, chosen from what the whole analysis says.

    The more parks are advised and the longer their names are, the less is told of each, so that it stays one page.
    """
    view = view_of(assessment)
    made: Values = {}
    for room in _ROOMS:
        made = _named(_told(view, room), view, room.name)
        if _height(made) <= _PAGE:
            break
    return b.Chapter("Samenvatting voor de stuurgroep", made["sentence"], tuple(_blocks(made)), name="summary")


def _blocks(told: Values) -> Iterator[b.Block]:
    yield from map(b.Callout, told["missing"])
    yield b.Text(told["sentence"], "lead")
    yield b.Text(words("front.disclaimer"), "quiet")
    parts = {
        "Waarom": b.sentences(told["why"]),
        "De hoogste terreinen": (table("summary.table", told["highest"]), b.Text(told["rest"], "quiet")),
        "Hoe zeker is dit?": (b.Text(told["sure"]),),
        "Wat weten we niet?": (b.Text(told["unknown"]),),
        "Wat eerst doen en uitzoeken?": b.bulleted(told["to_do"]),
        "Wat vragen we van de stuurgroep?": b.bulleted(told["asked"]),
        "Op welke grondslag?": (b.Text(told["basis"]),),
    }
    for title, blocks in parts.items():
        yield b.Heading(title)
        yield from blocks


def _told(view: View, room: _Room) -> Values:
    unknown = list(unknown_lines(view))
    why = [_why(view, park, room.reasons) for park in view.advised[: room.parks]]
    return {
        "missing": [line.partition(". ")[0] + "." for line in missing_lines(view)],
        "sentence": view.assessment.advice.sentence,
        "why": [*why, *_others(len(view.advised), room)],
        "highest": [_row(view, park) for park in view.parks[: room.rows]],
        "rest": _rest(view, len(view.parks) - room.rows),
        "sure": " ".join(_sure(view, room)),
        "unknown": " ".join(unknown if room.whole else [unknown[0], unknown[-1]]),
        "to_do": [
            f"{one.word}: {_some(one.items or ('geen terreinen',), one.parks, room.lines)}." for one in to_do(view)
        ],
        "asked": list(_asked([park.name for park in view.advised])),
        "basis": " ".join(basis_lines(view)),
    }


def _row(view: View, park: Park) -> tuple[str, ...]:
    return (
        MISSING if park.rank is None else str(park.rank),
        f"{park.name}{' (advies)' if park in view.advised else ''}",
        UNKNOWN if park.score is None else view.points(park.score),
        f"{view.points(park.low)}–{view.points(park.high)}",
        class_name(park.place, view.assessment.parameters.method.class_borders),
        f"{QUADRANT[park.quadrant]}{' *' if park.marked else ''}",
    )


def _sure(view: View, room: _Room) -> Iterator[str]:
    """The first sentences are about the advised parks, one each; what they say of bounds is in the table too."""
    said = list(sure_lines(view))
    if room.bounds:
        yield from said
        return
    yield words("summary.bounds")
    if room.whole:
        yield from (line.replace("In dat geval", "In het uiterste geval") for line in said[len(view.advised) :])


def _named(told: Values, view: View, most: int) -> Values:
    """The same with every name of a park cut to so many letters, wherever it is said; its end tells it apart."""
    for name in sorted({park.name for park in view.parks if len(park.name) > most}, key=len, reverse=True):
        told = _replaced(told, name, f"{name[: most - 14].rstrip()}…{name[-13:].lstrip()}")
    return told


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, old, new) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(one, old, new) for one in value]
    return value.replace(old, new) if isinstance(value, str) else value


def _height(told: Values) -> float:
    """How high the page is laid out, in points; rather too high than too low."""
    body = [*told["why"], told["sure"], told["unknown"], *told["to_do"], *told["asked"], told["basis"]]
    names = [row[1] for row in told["highest"]]
    texts = {
        "sentence": [*told["missing"], told["sentence"]],
        "body": body,
        "small": [words("front.disclaimer"), told["rest"]],
        "name": names,
    }
    return _FIXED + sum(_lines(found, *_LETTERS[kind]) for kind, found in texts.items()) + 4 * len(body + names)


def _lines(texts: Sequence[str], letters: int, high: float) -> float:
    return high * sum(math.ceil(len(text) / letters) for text in texts)


def _why(view: View, park: Park, most: int) -> str:
    shown = [group for group in park.groups if group.score is not None or group.low is not None]
    groups = [f"{one.name.lower()} {UNKNOWN if one.score is None else view.points(one.score)}" for one in shown]
    place = class_name(park.place, view.assessment.parameters.method.class_borders)
    score = UNKNOWN if park.score is None else view.points(park.score)
    told = f"{park.name} heeft {score} van 100 punten ({place}){f': {listing(groups)}' if groups else ''}."
    reasons = [f"{one.name} ({one.kind}; {one.reference})" for one in grounds(view, park.park_id)[:most]]
    if reasons:
        return f"{told} {'Het zwaarst wegen' if len(reasons) > 1 else 'Het zwaarst weegt'}: {'; '.join(reasons)}."
    return f"{told} {not_here('De redenen per indicator')}" if view.assessment.coarse else told


def _others(advised: int, room: _Room) -> Iterator[str]:
    """Where the reasons stand that are not told here."""
    if advised > room.parks:
        yield words("summary.others", parks=count(advised - room.parks, "ander terrein", "andere terreinen"))
    elif not room.reasons and advised:
        yield words("summary.all_others")


def _rest(view: View, rest: int) -> str:
    told = f"Nog {count(rest, 'terrein staat', 'terreinen staan')} in de analyse. " if rest > 0 else ""
    return told + words("summary.marked", little=known("te weinig", len(view.asked)))


def _some(lines: Sequence[str], parks: int, most: int) -> str:
    """The first lines, and how many parks there are beside the ones that are named."""
    named = lines[: min(most, parks)] if parks else lines
    more = parks - len(named)
    tail = [f"en {count(more, 'ander', 'andere')}; zie de analyse"] if more > 0 else []
    return "; ".join([*named, *tail])


def _asked(names: Sequence[str]) -> Iterator[str]:
    """What the people who decide are asked; the werkbank never selects."""
    if names:
        yield words("summary.choose", parks=listing(names), verb="wordt" if len(names) == 1 else "worden")
    yield words("summary.find_out")
