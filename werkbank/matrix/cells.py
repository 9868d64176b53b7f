"""What a cell shows, and from that to a judgement: level, unknown, not applicable or open; and nothing else.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence; a
formula that points at an empty cell gives 0, which nobody judged; what is struck out is withdrawn; a format may show
something else than is there, or nothing. What a person sees is what counts, so such a cell is named and not read: it is
found in the XML of its sheet.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NamedTuple
from xml.etree.ElementTree import Element, fromstring

from defusedxml import ElementTree

from werkbank.errors import Finding
from werkbank.matrix.layout import Key, Place, level_text, list_texts
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Scale
from werkbank.wording import listing

_NUMBER = re.compile(r"(0|[1-9]\d{0,2})(?:[.,]0{1,3})?", re.ASCII)
"""A whole number, also as programs write one that they keep as a fraction."""
_LOOKS_LIKE_A_LEVEL = re.compile(r"[\d\s.,+/-]{1,5}|(?:\+/-|[±~<>≤≥]|ca\.?)?\s?\d?\s?(?:à|a|of|tot|t/m)?\s?\d?[+-]?")
_NOTHING = frozenset({"none", "null", "nil", "nan", "<na>"})
"""How programs write that they know nothing. A catalogue that calls its lowest level so cannot be read by that word."""
_DASH = re.compile(r"[-–—/]{1,3}")
_LONGEST = 200
"""No cell of the matrix says more; a longer text is a remark in the wrong place."""
_OFTEN = 3
"""Fewer odd numbers are slips of the pen, which have findings of their own."""
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
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = "" if value is None else str(value)
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


SPECIAL: Final = {
    "formula": Unreadable("formula-without-value"),
    "percentage": Unreadable("percentage"),
    "other": Unreadable("shown-otherwise", "de opmaak laat iets anders zien dan wat er in de cel staat, of niets"),
    "struck": Unreadable("struck-out"),
    "merged": Unreadable("merged-cell"),
}
"""Why a cell does not show what it holds → as what it is told."""


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


def first_of(names: Sequence[str], most: int) -> str:
    """The first of some names, and a sign that there are more."""
    return ", ".join([*names[:most], *(["…"] if len(names) > most else [])])


# What the XML of a sheet says and its values do not: which cells do not show what they hold, and what is hidden.

MAX_PARSED: Final = 4_000_000
"""Bytes of XML that are parsed at most: a matrix takes less than one million."""

Cell = tuple[int, int]
"""Row and column, counted from 0."""
Range = tuple[Cell, Cell]
"""The first and the last cell."""
Oddity = Literal["formula", "percentage", "other", "struck"]
"""Why a cell does not show what it holds."""


@dataclass(slots=True)
class Marks:
    """What is special about the cells of one sheet; nothing at all for most."""

    odd: dict[Cell, Oddity] = field(default_factory=dict)
    """Cells that hold something, but not what a person sees."""
    merged: list[Range] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: list[tuple[int, int]] = field(default_factory=list)
    """First and last column of every hidden stretch."""
    reach: Cell = (0, 0)
    """The number of rows and of columns up to the last cell that holds anything."""
    row: int = -1
    """The last row that was looked at."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What the styles and rich texts of a workbook do to what stands in a cell."""

    numbers: Mapping[int, Oddity | None] = field(default_factory=dict)
    """Style → why a number in it does not show as what it is, or does not count."""
    words: Mapping[int, Oddity | None] = field(default_factory=dict)
    """The same for a text."""
    parts: Mapping[int, Oddity | None] = field(default_factory=dict)
    """Shared text → the same, of a part of it."""


_OWN_FORMATS: Final = {9: "0%", 10: "0.00%", **dict.fromkeys(range(41, 45), '0;-0;"-"')}
"""The formats of Excel itself, which no file describes (ECMA-376 18.8.30), as far as they show something else."""
_FILLING: Final = re.compile(r"\[\$-[0-9a-f]{1,4}\]|\[(?:black|blue|cyan|green|magenta|red)\]|_.|\\ ", re.IGNORECASE)
"""What in a number format shows nothing by itself: a language, a colour that can be read, a space."""
_SHOWN_NUMBER: Final = r"(#,##)?0([.,]0+)?"
_PLAIN: Final = re.compile(
    rf"general|standaard|@|{_SHOWN_NUMBER}(;\\?-?{_SHOWN_NUMBER})?|(?=.*(?<!\\)[dmyhs])[dmyhs/:.,\\ -]+", re.IGNORECASE
)
"""A number format that shows a whole number, or a date, as what it is; of any other nobody can tell at sight."""
_LITERAL: Final = re.compile(r'"[^"]*"|\\.')


@lru_cache(maxsize=64)
def looks_of(styles: bytes) -> Looks:
    """The looks in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(styles)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts, fills = list(root.iterfind("{*}fonts/{*}font")), list(root.iterfind("{*}fills/{*}fill"))
    numbers, words = {}, {}
    for style, look in enumerate(root.iterfind("{*}cellXfs/{*}xf")):
        number, font, fill = (int(look.get(each, "0")) for each in ("numFmtId", "fontId", "fillId"))
        code = codes.get(number) or _OWN_FORMATS.get(number, "")
        filled = any(each.find("{*}patternFill[@patternType='solid']") is not None for each in fills[fill : fill + 1])
        letters = next((_font_oddity(each, filled=filled) for each in fonts[font : font + 1]), None)
        hidden: Oddity = "percentage" if "%" in code else "other"
        numbers[style] = letters or (hidden if code and not _PLAIN.fullmatch(_FILLING.sub("", code)) else None)
        # The fourth section is the one for texts (ECMA-376 18.8.31).
        wordless = any("@" not in section for section in _LITERAL.sub("", code).split(";")[3:4])
        words[style] = letters or ("other" if wordless else None)
    return Looks(numbers, words)


def odd_parts(shared: bytes) -> Mapping[int, Oddity | None]:
    """The shared texts of which a part is struck out or white, by their number."""
    if not any(hint in shared for hint in (b"strike", b"FFFFFFFF", b"theme")):
        return {}
    if len(shared) > MAX_PARSED:
        raise OverflowError("too many texts to be a matrix")
    return {number: _part_oddity(text) for number, text in enumerate(ElementTree.fromstring(shared))}


def _part_oddity(text: Element) -> Oddity | None:
    looks = (
        look for run in text.iterfind("{*}r") if "".join(run.itertext()).strip() for look in run.iterfind("{*}rPr")
    )
    return next(filter(None, map(_font_oddity, looks)), None)


def _font_oddity(font: Element, *, filled: bool = False) -> Oddity | None:
    if any(each.get("val", "1") in _YES for each in font.iterfind("{*}strike")):
        return "struck"
    white = (each for colour in ("rgb='FFFFFFFF'", "theme='0'") for each in font.iterfind(f"{{*}}color[@{colour}]"))
    return "other" if any(is_nought(each.get("tint", "0")) for each in white) and not filled else None


_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_YES: Final = frozenset({"1", "true"})


def examine(content: bytes, looks: Looks) -> Marks:
    """The marks in the XML of one sheet. Raises ValueError or a fault of the parser when it is no such XML."""
    # A document type is where entities begin, and no workbook has one. The parser takes no encoding in which these
    # letters are other bytes: of UTF-16, which the reader of values takes for empty, every letter has a nought in it.
    if b"\0" in content or b"<!DOCTYPE" in content:
        raise ValueError("a sheet in UTF-16 or with a document type")
    if len(content) > MAX_PARSED:
        raise OverflowError("too much XML to be a matrix")
    found, noughts = Marks(), True
    for each in fromstring(content).iter():  # noqa: S314 - without a document type there is nothing to expand
        name = _name(each)
        if name == "row":
            _note_row(found, each, looks, noughts=noughts)
        elif name == "sheetView":
            noughts = each.get("showZeros", "1") in _YES
        elif name == "mergeCell":
            first, _, last = each.get("ref", "").partition(":")
            found.merged.append((cell_at(first), cell_at(last or first)))
        elif name == "col" and _is_hidden(each, "width"):
            found.hidden_columns.append((int(each.get("min", "1")) - 1, int(each.get("max", "1")) - 1))
    return found


def _name(each: Element) -> str:
    return each.tag.rpartition("}")[2]


def _is_hidden(each: Element, size: str) -> bool:
    return each.get("hidden") in _YES or is_nought(each.get(size, ""))


def _note_row(found: Marks, row: Element, looks: Looks, *, noughts: bool) -> None:
    """What is to be said of a row and its cells; what does not say where it is follows what is before it."""
    found.row = int(row.get("r", found.row + 2)) - 1
    if _is_hidden(row, "ht"):
        found.hidden_rows.add(found.row)
    place = (found.row, -1)
    for cell in row:
        reference, parts = cell.get("r"), {_name(part): part for part in cell}
        place = cell_at(reference) if reference else (place[0], place[1] + 1)
        style = int(cell.get("s", "0"))
        if not parts.keys() & {"f", "v", "is"}:
            continue
        found.reach = max(found.reach[0], place[0] + 1), max(found.reach[1], place[1] + 1)
        if reason := _oddity(cell.get("t", "n"), style, parts, looks, noughts=noughts):
            found.odd[place] = reason


def _oddity(kind: str, style: int, parts: Mapping[str, Element], looks: Looks, *, noughts: bool) -> Oddity | None:
    # Of a text within the cell it only matters that it is there.
    text = "…" if "is" in parts else (parts["v"].text or "").strip() if "v" in parts else ""
    if kind == "e" or ("f" in parts and (not text or is_nought(text))):
        return "formula"
    if not text:
        return None
    part = looks.parts.get(int(text)) if kind == "s" else _part_oddity(parts["is"]) if "is" in parts else None
    if kind != "n":
        return part or looks.words.get(style)
    return "other" if is_nought(text) and not noughts else looks.numbers.get(style)


def is_nought(text: str) -> bool:
    """True for a number that is 0, however it is written."""
    try:
        return float(text) == 0
    except ValueError:
        return False


def cell_at(reference: str) -> Cell:
    """Row and column, counted from 0, of an address such as F14."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("not the address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
