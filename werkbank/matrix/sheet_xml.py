"""What a sheet's XML says and its values do not: which cells do not show a person what they hold, and what is hidden.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence; a
formula that points at an empty cell gives 0, which nobody judged; and a number format may show something else than is
there, or nothing. What a person sees is what counts, so such a cell is named and not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal, NoReturn
from xml.etree.ElementTree import Element, fromstring

# The parser under every other in Python; what is dangerous about it is refused below.
from xml.parsers import expat

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
    """What the styles of a workbook do to what stands in a cell, by their numbers; only those that do something."""

    struck: frozenset[int] = frozenset()
    formats: Mapping[int, Oddity] = field(default_factory=dict)
    """Style → what its number format shows in the place of a number."""


NO_LOOKS: Final = Looks()


_OWN_FORMATS: Final = {9: "0%", 10: "0.00%", **dict.fromkeys(range(41, 45), '0;-0;"-"')}
"""The formats of Excel itself, which no file describes (ECMA-376 18.8.30), as far as they show something else."""
_PLAIN: Final = re.compile(r"(general|standaard|@|(#,##)?0([.,]0+)?|[dmyhs/:.,\\ -]+)?", re.IGNORECASE)
"""A number format that shows a whole number, or a date, as what it is; of any other nobody can tell at sight."""


@lru_cache(maxsize=64)
def looks_of(styles: bytes) -> Looks:
    """The looks in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(styles)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    fonts = [_is_struck(font) for font in root.iterfind("{*}fonts/{*}font")]
    looks = list(enumerate(root.iterfind("{*}cellXfs/{*}xf")))
    struck = (style for style, look in looks if any(fonts[(own := int(look.get("fontId", "0"))) : own + 1]))
    shown = ((style, int(look.get("numFmtId", "0"))) for style, look in looks)
    formats = ((style, codes.get(number) or _OWN_FORMATS.get(number, "")) for style, number in shown)
    return Looks(
        frozenset(struck),
        {style: "percentage" if "%" in code else "other" for style, code in formats if not _PLAIN.fullmatch(code)},
    )


def _is_struck(font: Element) -> bool:
    return any(each.get("val", "1") in _YES for each in font.iterfind("{*}strike"))


_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_YES: Final = frozenset({"1", "true"})


def examine(content: bytes, looks: Looks = NO_LOOKS) -> Marks:
    """The marks in the XML of one sheet. Raises ValueError or a fault of the parser when it is no such XML."""
    if b"\0" in content:
        raise ValueError("a sheet in UTF-16, which the reader of values takes for empty")
    if len(content) > MAX_PARSED:
        raise OverflowError("too much XML to be a matrix")
    # A document type is where entities begin, and no workbook has one.
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    parser.Parse(content, True)
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


def _refuse(*_: object) -> NoReturn:
    raise ValueError("a document type in a workbook")


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
    if style in looks.struck:
        return "struck"
    if kind == "n" and is_nought(text) and not noughts:
        return "other"
    return looks.formats.get(style) if kind == "n" else None


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
