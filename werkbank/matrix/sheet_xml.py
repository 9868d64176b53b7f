"""What a sheet's XML says and its values do not: which cells do not show a person what they hold, and what is hidden.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence; a
formula that points at an empty cell gives 0, which nobody judged; what is struck out is withdrawn; a format may show
something else than is there, or nothing. What a person sees is what counts, so such a cell is named and not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal
from xml.etree.ElementTree import Element, fromstring

from defusedxml import ElementTree

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
_NUMBER: Final = r"(#,##)?0([.,]0+)?"
_PLAIN: Final = re.compile(
    rf"general|standaard|@|{_NUMBER}(;\\?-?{_NUMBER})?|(?=.*(?<!\\)[dmyhs])[dmyhs/:.,\\ -]+", re.IGNORECASE
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
            found.merged.append((place_of(first), place_of(last or first)))
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
        place = place_of(reference) if reference else (place[0], place[1] + 1)
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


def place_of(reference: str) -> Cell:
    """Row and column, counted from 0, of an address such as F14."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("not the address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
