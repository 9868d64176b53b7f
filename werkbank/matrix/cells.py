"""From what a cell holds to a judgement: level, unknown, not applicable or open; and nothing else."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, NamedTuple

from werkbank.errors import Finding
from werkbank.matrix.layout import Key, Place, level_text, list_texts
from werkbank.matrix.opening import Table
from werkbank.matrix.rules import finding
from werkbank.matrix.sheet_xml import Cell
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Scale
from werkbank.wording import count, listing

_NUMBER = re.compile(r"(0|[1-9]\d{0,2})(?:[.,]0{1,3})?", re.ASCII)
"""A whole number, also as programs write one that they keep as a fraction."""
_LOOKS_LIKE_A_LEVEL = re.compile(r"[\d\s.,+/-]{1,5}|(?:\+/-|[±~<>≤≥]|ca\.?)?\s?\d?\s?(?:à|a|of|tot|t/m)?\s?\d?[+-]?")
_NOTHING = frozenset({"none", "null", "nil", "nan", "<na>"})
"""How programs write that they know nothing. A catalogue that calls its lowest level so cannot be read by that word."""
_DASH = re.compile(r"[-–—/]{1,3}")
_LONGEST = 200
"""No cell of the matrix says more; a longer text is a remark in the wrong place."""
_LISTED = 10
_OFTEN = 3
"""Fewer odd numbers are slips of the pen, which have findings of their own."""
_LONGEST_KEPT = 40
"""Codes and levels come back thousands of times and are kept; longer texts are not."""
_NO_DASH = (
    "kies uit de lijst wat het streepje betekent: het laagste niveau, onbekend als er geen zicht op is, of n.v.t.; "
    "maak de cel leeg als er nog niet is geoordeeld"
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A cell that could be read: its state, and the level when the state is `level`."""

    state: str
    level: int | None = None


OPEN = Judgement("open")


class Annotation(NamedTuple):
    """What is kept beside a level: the source strength (A, B, C or nothing), the date, the remark."""

    source_strength: str
    date: dt.date | None
    remark: str


NO_ANNOTATION: Final = Annotation("", None, "")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that could not be read: the rule it broke, and what may be said of its contents."""

    rule: str
    found: str = ""
    allowed: str = ""
    number: float | None = None
    """What stands there, when it is a number."""
    remedy: str = ""
    """With found and allowed, what the rule itself does not say."""


Read = Judgement | Unreadable


def normalise(value: object) -> str:
    """The text of a cell for comparing: no outer, doubled or invisible spaces, no capitals; a whole number as such."""
    if isinstance(value, str):
        return _short(value) if len(value) <= _LONGEST_KEPT else _short.__wrapped__(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).casefold()


@lru_cache(maxsize=20_000)
def _short(text: str) -> str:
    if not (text.isascii() and text.isprintable()):
        letters = unicodedata.normalize("NFKC", text)
        text = "".join(ch for ch in letters if ch.isspace() or unicodedata.category(ch) not in {"Cf", "Cc"})
    return " ".join(text.split()).casefold()


class CellReader:
    """Reads cells by the scales of one catalogue; the same value always gives the same judgement."""

    def __init__(self, catalogue: Catalogue) -> None:
        states = {normalise(word): state.code for state in catalogue.states for word in state.synonyms}
        # Thousands of cells hold a handful of different values: each is read once. 1, 1.0 and True stay apart.
        readers = {
            scale.id: lru_cache(1_000, typed=True)(_ScaleReader(scale, states).read) for scale in catalogue.scales
        }
        self._readers = {indicator.id: readers[indicator.scale] for indicator in catalogue.indicators}

    def reader(self, indicator: str) -> Callable[[Hashable], Judgement | Unreadable]:
        """What reads the cells of one indicator; Unreadable when a cell is none of the four states."""
        return self._readers[indicator]


class _ScaleReader:
    """Reads the cells of one scale."""

    def __init__(self, scale: Scale, states: Mapping[str, str]) -> None:
        self._scale = scale
        self._states = states
        self._words = _level_words(scale)

    def read(self, value: Hashable) -> Judgement | Unreadable:
        if isinstance(value, bool):
            return Unreadable("not-a-level", "ja/nee-waarde", self._allowed)
        if isinstance(value, (dt.date, dt.time, dt.timedelta)):
            return Unreadable("date-for-level", allowed=self._allowed)
        if isinstance(value, (int, float)):
            return self._number(float(value))
        text = str(value).strip() if value is not None else ""
        # A figure above the line or in a circle is the mark of a footnote; comparing would make a level of it.
        raised = not text.isascii() and any(unicodedata.category(ch) == "No" for ch in text)
        if raised or len(text) > _LONGEST:
            return self._unreadable(text)
        return self._text(normalise(text))

    def _number(self, value: float) -> Judgement | Unreadable:
        if value.is_integer() and 0 <= value <= self._scale.highest:
            return Judgement("level", int(value))
        # A number this large is no slip of the pen but perhaps a telephone number: it is not repeated.
        found = f"{value:g}".replace(".", ",") if abs(value) < 1_000 else "een getal boven de 999"
        return Unreadable("level-outside-scale", found, self._allowed, value)

    def _text(self, text: str) -> Judgement | Unreadable:
        if not text:
            return OPEN
        if text in self._states:
            return Judgement(self._states[text])
        # Before the words: a catalogue may call its second level "3".
        number = _NUMBER.fullmatch(text)
        if number:
            return self._number(float(number[1]))
        if text in self._words:
            return Judgement("level", self._words[text])
        return self._unreadable(text)

    def _unreadable(self, text: str) -> Unreadable:
        # Only what looks like a level is repeated: anything longer may be a remark in the wrong cell.
        if _DASH.fullmatch(text):
            return Unreadable("level-outside-scale", f"“{text}”", self._allowed, remedy=_NO_DASH)
        if _LOOKS_LIKE_A_LEVEL.fullmatch(text):
            return Unreadable("level-outside-scale", f"“{text}”", self._allowed)
        return Unreadable("not-a-level", "tekst die geen niveau is", self._allowed)

    @property
    def _allowed(self) -> str:
        return listing(list_texts(self._scale), last="of")


def _level_words(scale: Scale) -> dict[str, int]:
    """Every text that names one level of the scale and no other.

    As in the list, code, name, the name after a comma, and the catalogue's synonyms.
    """
    named: dict[str, set[int]] = {}
    for level in scale.levels:
        for word in (level_text(level), level.code, level.name, level.name.rpartition(", ")[2], *level.synonyms):
            named.setdefault(normalise(word), set()).add(level.value)
    return {word: min(values) for word, values in named.items() if len(values) == 1 and word not in _NOTHING}


_SPECIAL: Final = {
    "formula": Unreadable("formula-without-value"),
    "percentage": Unreadable("percentage"),
    "other": Unreadable("shown-otherwise", "de opmaak laat iets anders zien dan wat er in de cel staat, of niets"),
    "struck": Unreadable("struck-out"),
    "merged": Unreadable("merged-cell"),
}


def special_cell(table: Table, cell: Cell) -> Unreadable | None:
    """Why a cell may not be read for what it holds; None for an ordinary one."""
    if table.ordinary:
        return None
    return _SPECIAL.get(table.odd.get(cell, "merged" if cell in table.merged else ""))


def judged(
    read: Mapping[Key, Read], place_of: Callable[[Key], Place], whole: Place
) -> tuple[list[Judgement], list[Finding]]:
    """Every judgement of one return; a cell that could not be read is open, with a finding."""
    odd = {key: cell for key, cell in read.items() if isinstance(cell, Unreadable)}
    if not odd:
        return [cell for cell in read.values() if isinstance(cell, Judgement)], []
    faults = [
        finding(
            cell.rule,
            cell.found,
            place=place_of(key),
            allowed=cell.allowed,
            remedy=cell.remedy,
            park_id=key[0],
            indicator=key[1],
        )
        for key, cell in odd.items()
    ]
    judgements = [cell if isinstance(cell, Judgement) else OPEN for cell in read.values()]
    return judgements, [*faults, *_mixed_scale(odd.values(), whole)]


def _mixed_scale(odd: Collection[Unreadable], place: Place) -> Iterator[Finding]:
    """One finding for a whole return when its values hint at another scale than was asked.

    Then also its readable cells may mean something else. Nothing is converted: which scale it was is not known.
    """
    times = sum(cell.rule == "percentage" or (cell.number is not None and 0 < cell.number <= 100) for cell in odd)
    if times >= _OFTEN:
        found = (
            f"in {times} cellen een percentage of een getal buiten de schaal; mogelijk is een andere schaal gebruikt"
        )
        yield finding("mixed-scale", found, place=place)


def passed_over(table: Table) -> Iterator[Finding]:
    """Notes on the sheet, by which people may mean something."""
    if table.notes:
        places = [table.place(*cell).cell or "" for cell in sorted(table.notes)]
        said = f"{count(len(places), 'cel', 'cellen')} ({first_of(places, _LISTED)})"
        found = f"bij {said} staat een opmerking of notitie; die is niet gelezen"
        yield finding("cell-note", found, place=table.place(*min(table.notes)))


def first_of(names: Sequence[str], most: int) -> str:
    """The first of some names, and a sign that there are more."""
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])
