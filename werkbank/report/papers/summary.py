"""The page for the steering group: the answer, how sure it is, what is asked of them; one page and no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from werkbank.wording import count, listing

__all__ = ["summary_content"]

Values = dict[str, Any]

HIGHEST = 5
"""Parks in the table of the page where there is room for them."""
_PAGE = 742.0
"""Points of height between head and foot of an A4 page, as `tools/summary_template.py` lays it out."""
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


def summary_content(content: Values) -> Values:
    """What stands on the page, chosen from what the whole analysis says (`analysis_content`).

    The more parks are advised and the longer their names are, the less is told of each, so that it stays one page.
    """
    made: Values = {}
    for room in _ROOMS:
        made = _named(_told(content, room), content, room.name)
        if _height(made) <= _PAGE:
            break
    return made


def _told(content: Values, room: _Room) -> Values:
    front = content["front"]
    kept = ("municipality", "round", "size", "reader", "label", "suspicion", "fictional", "legal_basis", "fingerprint")
    rows = content["ranking"]["rows"]
    return {
        **{name: content[name] for name in kept},
        "missing": [line.partition(". ")[0] + "." for line in front["missing"]],
        "sentence": front["sentence"],
        "disclaimer": front["disclaimer"],
        "why": [*(_why(card, room.reasons) for card in front["cards"][: room.parks]), *_others(front, room)],
        "highest": [
            {key: row[key] for key in ("rank", "name", "advised", "score", "low", "high", "place", "quadrant")}
            for row in rows[: room.rows]
        ],
        "rest": _rest(len(rows) - room.rows, content["ranking"]["marked"]),
        "sure": " ".join(_sure(front, room)),
        "unknown": " ".join(front["unknown"] if room.whole else [front["unknown"][0], front["unknown"][-1]]),
        "to_do": [f"{one['word']}: {_some(one['lines'], int(one['parks']), room.lines)}." for one in front["to_do"]],
        "asked": _asked(front),
        "basis": " ".join(front["basis"]),
    }


def _sure(front: Values, room: _Room) -> list[str]:
    """The first sentences are about the advised parks, one each; what they say of bounds is in the table too."""
    if room.bounds:
        return list(front["sure"])
    rest = [line.replace("In dat geval", "In het uiterste geval") for line in front["sure"][len(front["cards"]) :]]
    lead = "De tabel zegt hoe laag en hoe hoog elke score nog kan uitkomen als alles bekend is."
    return [lead, *(rest if room.whole else ())]


def _named(told: Values, content: Values, most: int) -> Values:
    """The same with every name of a park cut to so many letters, wherever it is said; its end tells it apart."""
    long = {row["name"] for row in content["ranking"]["rows"] if len(row["name"]) > most}
    for name in sorted(long, key=len, reverse=True):
        told = _replaced(told, name, f"{name[: most - 14].rstrip()}…{name[-13:].lstrip()}")
    return told


def _replaced(value: Any, old: str, new: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_replaced(one, old, new) for one in value]
    return value.replace(old, new) if isinstance(value, str) else value


def _height(told: Values) -> float:
    """How high the page is laid out, in points; rather too high than too low."""
    body = [*told["why"], told["sure"], told["unknown"], *told["to_do"], *told["asked"], told["basis"]]
    names = [f"{row['name']}{' (advies)' if row['advised'] else ''}" for row in told["highest"]]
    texts = {
        "sentence": [*told["missing"], told["sentence"]],
        "body": body,
        "small": [told["disclaimer"], told["rest"]],
        "name": names,
    }
    return _FIXED + sum(_lines(found, *_LETTERS[kind]) for kind, found in texts.items()) + 4 * len(body + names)


def _lines(texts: Sequence[str], letters: int, high: float) -> float:
    return high * sum(math.ceil(len(text) / letters) for text in texts)


def _why(card: Values, reasons: int) -> str:
    grounds = [f"{one['name']} ({one['kind']}; {one['reference']})" for one in card["grounds"][:reasons]]
    groups = [f"{one['name'].lower()} {one['score']}" for one in card["groups"]]
    told = f"{card['name']} heeft {card['score']} van 100 punten ({card['place']})"
    told += f": {listing(groups)}." if groups else "."
    weighs = "Het zwaarst wegen" if len(grounds) > 1 else "Het zwaarst weegt"
    return f"{told} {weighs}: {'; '.join(grounds)}." if grounds else f"{told} {card['no_grounds']}".rstrip()


def _others(front: Values, room: _Room) -> list[str]:
    """Where the reasons stand that are not told here."""
    rest = len(front["cards"]) - room.parks
    if rest > 0:
        return [f"De redenen voor {count(rest, 'ander terrein', 'andere terreinen')} staan in de analyse."]
    return ["De redenen staan in de analyse."] if not room.reasons and front["cards"] else []


def _rest(rest: int, marked: str) -> str:
    told = f"Nog {count(rest, 'terrein staat', 'terreinen staan')} in de analyse. " if rest > 0 else ""
    return f"{told}{marked}"


def _some(lines: list[str], parks: int, most: int) -> str:
    """The first lines, and how many parks there are beside the ones that are named."""
    named = lines[: min(most, parks)] if parks else lines
    more = parks - len(named)
    tail = [f"en {count(more, 'ander', 'andere')}; zie de analyse"] if more > 0 else []
    return "; ".join([*named, *tail])


def _asked(front: Values) -> list[str]:
    """What the people who decide are asked; the werkbank never selects."""
    names = [card["name"] for card in front["cards"]]
    verb = "wordt" if len(names) == 1 else "worden"
    asked = [f"Besluit of {listing(names)} {verb} gekozen voor een gezamenlijke aanpak, en leg de reden vast."]
    return [*(asked if names else ()), "Spreek af wie uitzoekt wat nog onbekend is, en wanneer."]
