"""From what a cell holds to a judgement: level, unknown, not applicable or open; and nothing else."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

from werkbank.errors import Finding
from werkbank.matrix.layout import Key, Place, level_text, list_texts
from werkbank.matrix.opening import Table
from werkbank.matrix.rules import finding
from werkbank.matrix.sheet_xml import Cell
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Scale
from werkbank.wording import count, listing

__all__ = [
    "OPEN",
    "CellReader",
    "Judgement",
    "Read",
    "Unreadable",
    "first_of",
    "judged",
    "normalise",
    "passed_over",
    "special_cell",
]

_NUMBER = re.compile(r"(0|[1-9]\d{0,2})(?:[.,]0{1,3})?", re.ASCII)
"""A whole number, also as programs write one that they keep as a fraction."""
_NUMBER_AND_WORDS = re.compile(r"(0|[1-9][0-9]{0,2})(?:\s*[.:=–-]\s*|\s+)([^\d\W].*)")
_ONE_IN_BRACKETS = re.compile(r"([^()]+?)\s*\(([^()]+)\)")
"""A number with its words in brackets, or the other way round."""
_LOOKS_LIKE_A_LEVEL = re.compile(r"[\d\s.,+/-]{1,5}|(?:\+/-|[±~<>≤≥]|ca\.?)?\s?\d?\s?(?:à|a|of|tot|t/m)?\s?\d?[+-]?")
_PERCENTAGE = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?\s?%")
_MONTH = r"(?:jan|feb|mrt|maa|mar|apr|mei|may|jun|jul|aug|sep|okt|oct|nov|dec)[a-z]{0,6}\.?"
_DATE = re.compile(
    rf"\d{{1,2}}[- /]{_MONTH}(?:[- /]\d{{2,4}})?|{_MONTH}[- /]\d{{1,4}}|\d{{4}}-\d{{2}}-\d{{2}}(?:[ t][\d:]+)?"
    r"|\d{1,2}([-/.])\d{1,2}\1(?:\d{4}|\d{2})|\d{1,2}:\d{2}(?::\d{2})?"
)
"""What programs make of a 1-2: 1-feb, or a whole date; and of a 1:2 a time."""
_ERROR = re.compile(
    r"#(?:n/b|n/a|verw!|ref!|deel/0!|div/0!|naam\?|name\?|waarde!|value!|getal!|num!|leeg!|null!|overloop!|spill!)"
    r"|#{2,}|(?:err|fout):\d{3}"
)
"""How errors look once they are text, as in a CSV; and a column that is too narrow to show its numbers."""
_NOTHING = frozenset({"none", "null", "nil", "nan", "<na>"})
"""How programs write that they know nothing. A catalogue that calls its lowest level so cannot be read by that word."""
_DASH = re.compile(r"[-–—/]{1,3}")
_YES_NO = frozenset({"ja", "nee", "neen", "j", "n", "yes", "no", "waar", "onwaar", "true", "false", "x", "v"})
_PLUS_MINUS = re.compile(r"\++/?-*|-+/?\++")
_LOW_HIGH = frozenset({"laag", "zeer laag", "midden", "middel", "matig", "gemiddeld", "hoog", "zeer hoog"})
_LONGEST = 200
"""No cell of the matrix says more; a longer text is a remark in the wrong place."""
_LISTED = 10
_LONGEST_KEPT = 40
"""Codes and levels come back thousands of times and are kept; longer texts are not."""
_NO_DASH = (
    "kies uit de lijst wat het streepje betekent: het laagste niveau, onbekend als er geen zicht op is, of n.v.t.; "
    "maak de cel leeg als er nog niet is geoordeeld"
)

OtherScale = Literal["", "percentage", "yes-no", "plus-minus", "low-high"]
"""What a value that could not be read may say about the scale that was in the mind of who filled it in."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """A cell that could be read: its state, and the level when the state is `level`."""

    state: str
    level: int | None = None


OPEN = Judgement("open")


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A cell that could not be read: the rule it broke, and what may be said of its contents."""

    rule: str
    found: str = ""
    allowed: str = ""
    number: float | None = None
    """What stands there, when it is a number."""
    other_scale: OtherScale = ""
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
        scales = {scale.id: scale for scale in catalogue.scales}
        self._scales = {indicator.id: scales[indicator.scale] for indicator in catalogue.indicators}

    def reader(self, indicator: str) -> Callable[[Hashable], Judgement | Unreadable]:
        """What reads the cells of one indicator; Unreadable when a cell is none of the four states."""
        return self._readers[indicator]

    def read(self, value: Hashable, indicator: str) -> Judgement | Unreadable:
        """The judgement in a cell of `indicator`."""
        return self._readers[indicator](value)

    def scale(self, indicator: str) -> Scale:
        """The scale by which an indicator is judged."""
        return self._scales[indicator]


class _ScaleReader:
    """Reads the cells of one scale."""

    def __init__(self, scale: Scale, states: Mapping[str, str]) -> None:
        self._scale = scale
        self._states = states
        self._words = _level_words(scale)

    def read(self, value: Hashable) -> Judgement | Unreadable:
        if isinstance(value, bool):
            return Unreadable("not-a-level", "ja/nee-waarde", self._allowed, other_scale="yes-no")
        if isinstance(value, (dt.date, dt.time, dt.timedelta)):
            return self._date()
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
        return self._numbered(text) or self._without_stop(text) or self._unreadable(text)

    def _numbered(self, text: str) -> Judgement | Unreadable | None:
        """A number and the words of a level beside each other; None for anything else."""
        numbered = _NUMBER_AND_WORDS.fullmatch(text)
        if numbered and numbered[2] in self._words:
            return self._agreeing(int(numbered[1]), self._words[numbered[2]])
        bracketed = _ONE_IN_BRACKETS.fullmatch(text)
        if bracketed:
            number, words = sorted(bracketed.groups(), key=lambda part: not _NUMBER.fullmatch(part))
            if words in self._words and _NUMBER.fullmatch(number):
                return self._agreeing(int(float(number.replace(",", "."))), self._words[words])
        return None

    def _without_stop(self, text: str) -> Judgement | None:
        """Words that end in a full stop, as a sentence does."""
        words = text.removesuffix(".")
        if words in self._states and words:
            return Judgement(self._states[words])
        return Judgement("level", self._words[words]) if words in self._words else None

    def _agreeing(self, number: int, named: int) -> Judgement | Unreadable:
        if number == named:
            return Judgement("level", named)
        found = f"het getal {number} bij de omschrijving van {named}"
        return Unreadable("contradicting-level", found, self._allowed)

    def _unreadable(self, text: str) -> Unreadable:
        if _PERCENTAGE.fullmatch(text):
            return Unreadable("percentage", allowed=self._allowed, other_scale="percentage")
        if _DATE.fullmatch(text):
            return self._date()
        if _ERROR.fullmatch(text):
            return Unreadable("formula-without-value", "een fout of formule zonder waarde", self._allowed)
        # Only what looks like a level is repeated: anything longer may be a remark in the wrong cell.
        if _DASH.fullmatch(text):
            return Unreadable("level-outside-scale", f"“{text}”", self._allowed, remedy=_NO_DASH)
        if _LOOKS_LIKE_A_LEVEL.fullmatch(text):
            signs: OtherScale = "plus-minus" if _PLUS_MINUS.fullmatch(text) else ""
            return Unreadable("level-outside-scale", f"“{text}”", self._allowed, other_scale=signs)
        kind: OtherScale = "yes-no" if text in _YES_NO else ("low-high" if text in _LOW_HIGH else "")
        return Unreadable("not-a-level", "tekst die geen niveau is", self._allowed, other_scale=kind)

    def _date(self) -> Unreadable:
        return Unreadable("date-for-level", allowed=self._allowed)

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
    "percentage": Unreadable("percentage", other_scale="percentage"),
    "unseen": Unreadable("unseen-value"),
    "other": Unreadable("shown-otherwise", "de opmaak laat iets anders zien dan het getal in de cel"),
    "struck": Unreadable("struck-out"),
    "raised": Unreadable("shown-otherwise", "een verhoogde of verlaagde waarde, zoals een nootcijfer"),
    "symbols": Unreadable("shown-otherwise", "een waarde in een lettertype van symbolen"),
    "merged": Unreadable("merged-cell"),
}


def special_cell(table: Table, cell: Cell) -> Unreadable | None:
    """Why a cell may not be read for what it holds; None for an ordinary one."""
    if table.ordinary:
        return None
    return _SPECIAL.get(table.odd.get(cell, "merged" if cell in table.merged else ""))


def judged(
    read: Mapping[Key, Read], cells: CellReader, place_of: Callable[[Key], Place], whole: Place
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
    pairs = [(cell, cells.scale(code)) for (_, code), cell in read.items()]
    return [cell if isinstance(cell, Judgement) else OPEN for cell in read.values()], [
        *faults,
        *_mixed_scale(pairs, whole),
    ]


def passed_over(table: Table, cells: Collection[Cell]) -> Iterator[Finding]:
    """Notes on the sheet, and colours of empty cells among these: people may mean something by them."""
    if table.notes:
        said = _named(table, table.notes, "cel", "cellen")
        found = f"bij {said} staat een opmerking of notitie; die is niet gelezen"
        yield finding("cell-note", found, place=table.place(*min(table.notes)))
    coloured = table.coloured.intersection(cells) if table.coloured else ()
    if coloured:
        said = _named(table, coloured, "lege cel", "lege cellen")
        found = f"{said} met een eigen kleur; een kleur is niet te lezen"
        yield finding("coloured-cell", found, place=table.place(*min(coloured)))


def _named(table: Table, cells: Collection[Cell], one: str, more: str) -> str:
    places = [table.place(*cell).cell or "" for cell in sorted(cells)]
    return f"{count(len(cells), one, more)} ({first_of(places, _LISTED)})"


def first_of(names: Sequence[str], most: int) -> str:
    """The first of some names, and a sign that there are more."""
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


_IN_WORDS = {"yes-no": "ja en nee", "plus-minus": "plussen en minnen", "low-high": "laag, midden en hoog"}

_OFTEN = 3
"""Fewer odd values are slips of the pen, which have findings of their own."""
_ENOUGH = 8
"""So many levels, and never a nought, and the nought may have been called 1."""
_HIGHEST = 10
"""Scales that people use end here; a larger number is a percentage or no level at all."""


def _mixed_scale(pairs: Sequence[tuple[Read, Scale]], place: Place) -> Iterator[Finding]:
    """One finding for a whole return when its values hint at another scale than was asked.

    Then also its readable cells may mean something else. Nothing is converted: which scale it was is only guessed at.
    """
    hints = list(_hints(pairs))
    if hints:
        found = f"mogelijk is een andere schaal gebruikt: {listing(hints)}"
        allowed = listing(sorted({f"0 tot en met {scale.highest}" for _, scale in pairs}), "of")
        yield finding("mixed-scale", found, allowed=allowed, place=place)


def _hints(pairs: Sequence[tuple[Read, Scale]]) -> Iterator[str]:
    odd = [cell for cell, _ in pairs if isinstance(cell, Unreadable)]
    percentages = sum(_is_percentage(cell) for cell in odd)
    if percentages >= _OFTEN:
        yield f"percentages ({count(percentages, 'cel', 'cellen')})"
    for kind, words in _IN_WORDS.items():
        times = sum(cell.other_scale == kind for cell in odd)
        if times >= _OFTEN:
            yield f"{words} ({count(times, 'cel', 'cellen')})"
    for highest in sorted({scale.highest for _, scale in pairs}):
        yield from _other_numbers([cell for cell, scale in pairs if scale.highest == highest], highest)


def _is_percentage(cell: Unreadable) -> bool:
    number = cell.number
    return cell.other_scale == "percentage" or (number is not None and (0 < number < 1 or _HIGHEST < number <= 100))


def _other_numbers(cells: Sequence[Read], highest: int) -> Iterator[str]:
    """Numbers just above the scale, and whether it began at 1."""
    above = Counter(
        int(cell.number)
        for cell in cells
        if isinstance(cell, Unreadable) and cell.number is not None and highest < cell.number <= _HIGHEST
        if cell.number.is_integer()
    )
    levels = Counter(cell.level for cell in cells if isinstance(cell, Judgement) and cell.level is not None)
    times = count(above.total(), "cel", "cellen")
    from_one = set(above) == {highest + 1} and not levels[0]
    if from_one and levels.total() + above.total() >= _ENOUGH:
        yield f"1 tot en met {highest + 1}: {highest + 1} komt voor ({times}) en 0 nergens"
    elif above.total() >= _OFTEN:
        yield f"0 tot en met {max(above)} ({times} boven {highest})"
