"""What is hard to believe beside the earlier round, and a park that was filled in as another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import ceil
from typing import Final

from tests.planted.book import Book
from tests.planted.listed import Planted
from tests.planted.returns import Returns

__all__ = ["plant_changes"]

_LEAPS: Final = 3
_HIGHEST: Final = {0: "3 structureel", 3: "0 geen vermoeden"}
"""What a level at one end of the scale of suspicion leaps to."""
_LOST: Final = 0.5
_FEWEST_LOST: Final = 8
_FEWEST_KNOWN: Final = 18

Cells = Mapping[str, int | None]
"""Indicator → level, None where there is none."""


@dataclass(frozen=True, slots=True)
class _Rounds:
    """Park → what was said of it in both rounds."""

    before: Mapping[str, Cells]
    now: Mapping[str, Cells]

    def leaps(self, park: str) -> bool:
        """Whether any cell leapt by itself."""
        pairs = ((self.before[park][code], level) for code, level in self.now[park].items())
        return any(old is not None and new is not None and abs(new - old) > 1 for old, new in pairs)


def plant_changes(returns: Returns, municipality: str, party: str) -> Iterator[Planted]:
    """Leaps in one park, knowledge lost in another, and one copied from yet another in both rounds."""
    book = Book(returns.path(municipality, party))
    rounds = _Rounds(*(_cells(returns, municipality, party, name) for name in (returns.earlier, returns.round)))
    known = [park for park in book.parks if sum(level is not None for level in rounds.now[park].values()) >= 15]
    calm = [park for park in known if not rounds.leaps(park)]
    leaper = next(park for park in calm if len(_ends(rounds, park)) >= _LEAPS)
    loser = next(park for park in known if park != leaper and len(_losable(book, rounds, park)) >= _FEWEST_LOST)
    yield from _leap(book, rounds, leaper)
    yield _lose(book, rounds, loser)
    others = [park for park in book.parks if park not in (leaper, loser)]
    yield _copy(book, returns, municipality, party, [park for park in others if park in known])
    yield from _another_scale(book, others)
    book.save()


def _cells(returns: Returns, municipality: str, party: str, round_name: str) -> dict[str, dict[str, int | None]]:
    cells: dict[str, dict[str, int | None]] = {}
    for row in returns.said(municipality, party, round_name).itertuples():
        level = int(str(row.level)) if row.state == "level" else None
        cells.setdefault(str(row.park_id), {})[str(row.indicator)] = level
    return cells


def _ends(rounds: _Rounds, park: str) -> list[str]:
    """Threats that stood at an end of the scale, and are still known."""
    return [
        code
        for code, level in rounds.before[park].items()
        if code.startswith("V") and level in _HIGHEST and rounds.now[park][code] is not None
    ]


def _leap(book: Book, rounds: _Rounds, park: str) -> Iterator[Planted]:
    for code in _ends(rounds, park)[:_LEAPS]:
        level = rounds.before[park][code]
        cell = book.cell(park, code)
        cell.value = _HIGHEST[level or 0]
        what = f"was {level}, nu {str(cell.value)[0]}: het andere eind van de schaal"
        yield book.planted("ongewone sprong", "implausible-change", what, cell)


def _losable(book: Book, rounds: _Rounds, park: str) -> list[str]:
    """Cells known in both rounds, of which nothing is explained."""
    explained = book.explained()
    before, now = rounds.before[park], rounds.now[park]
    return [
        code
        for code, level in now.items()
        if level is not None and before[code] is not None and (park, code) not in explained
    ]


def _lose(book: Book, rounds: _Rounds, park: str) -> Planted:
    known = [code for code, level in rounds.before[park].items() if level is not None]
    gone = _losable(book, rounds, park)[: max(_FEWEST_LOST, ceil(_LOST * len(known)))]
    for code in gone:
        book.cell(park, code).value = "onbekend"
    first = next(code for code in known if book.cell(park, code).value == "onbekend")
    what = f"{len(gone)} cellen die vorige ronde bekend waren, zijn nu onbekend"
    return book.planted("zicht kwijt", "knowledge-lost", what, book.cell(park, first))


def _copy(book: Book, returns: Returns, municipality: str, party: str, parks: list[str]) -> Planted:
    """The column of the park of which most is suspected, in that of the park after it; in both rounds."""
    counts = {park: sum(str(book.cell(park, code).value or "")[:1] in "123" for code in book.rows) for park in parks}
    source = max(parks[:-1], key=lambda park: counts[park])
    target = parks[parks.index(source) + 1]
    old = Book(returns.path(municipality, party, returns.earlier))
    for each in (book, old):
        for code in each.rows:
            each.cell(target, code).value = each.cell(source, code).value
        each.forget(target)
    old.save()
    first = next(code for code in book.rows if _answered(book, target, code))
    what = f"ingevuld als {source}, ook in ronde {returns.earlier}"
    return book.planted("twee terreinen gelijk", "copied-park", what, book.cell(target, first))


def _another_scale(book: Book, parks: list[str]) -> Iterator[Planted]:
    """A few fours and fives, in parks and on indicators of their own: somebody used another scale."""
    for park, code, value in zip(parks[:3], ("G02", "G03", "G04"), (4, 5, 4), strict=False):
        cell = book.cell(park, code)
        cell.value = value
        yield book.planted("andere schaal", "level-outside-scale", f"het getal {value}", cell)
    what = "drie getallen van een schaal van 1 tot en met 5"
    yield book.planted("andere schaal", "mixed-scale", what, sheet=book.matrix.title)


def _answered(book: Book, park: str, code: str) -> bool:
    return str(book.cell(park, code).value or "onbekend") != "onbekend"
