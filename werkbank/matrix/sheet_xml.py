"""What a sheet's XML says and its values do not: formulas never calculated, errors, merged and hidden cells, its reach.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence.
A plain sheet is only searched, which takes a fraction of a millisecond; any hint of the above and it is parsed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from defusedxml import ElementTree

__all__ = ["Cell", "Marks", "Range", "examine"]

Cell = tuple[int, int]
"""Row and column, counted from 0."""
Range = tuple[Cell, Cell]
"""The first and the last cell."""

_HINTS = (b"<f", b'="e"', b"hidden")
_FAR = re.compile(rb'r="(?:[A-Z]{3}|[A-Z]{0,2}\d{5})')
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_YES = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class Marks:
    """What is special about the cells of one sheet; nothing at all for most."""

    unreliable: frozenset[Cell] = frozenset()
    """Cells that hold an error, or a formula without a value."""
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    """First and last column of every hidden stretch."""
    reach: Cell = (0, 0)
    """The number of rows and of columns up to the last cell that holds anything; 0 where nothing hints at many."""


def examine(content: bytes) -> Marks:
    """The marks in the XML of one sheet. Raises ValueError or a fault of the parser when it is no such XML."""
    if b"\0" in content:
        raise ValueError("a sheet in UTF-16, which the reader of values takes for empty")
    if _is_plain(content):
        return Marks()
    root = ElementTree.fromstring(content)
    filled = [(place, cell) for place, cell in _cells(root) if len(cell)]
    return Marks(
        frozenset(place for place, cell in filled if _has_no_value(cell)),
        tuple(_range(merge.get("ref", "")) for merge in root.iterfind("{*}mergeCells/{*}mergeCell")),
        frozenset(place for place, row in _rows(root) if row.get("hidden") in _YES),
        tuple(_hidden_columns(root)),
        (max((place[0] + 1 for place, _ in filled), default=0), max((place[1] + 1 for place, _ in filled), default=0)),
    )


def _is_plain(content: bytes) -> bool:
    """No sign of a formula, error, merged or hidden cell or one far away, and XML written as every program does."""
    data, end, rest = content.partition(b"</sheetData>")
    return (
        end != b""
        and not any(hint in data for hint in _HINTS)
        and b"mergeCell" not in rest
        and data.count(b"=") == data.count(b'="')
        and not _FAR.search(data)
    )


def _rows(root: Element) -> Iterator[tuple[int, Element]]:
    """Every row with its number; one that does not say where it is follows the row before it."""
    number = -1
    for row in root.iterfind("{*}sheetData/{*}row"):
        number = int(row.get("r", number + 2)) - 1
        yield number, row


def _cells(root: Element) -> Iterator[tuple[Cell, Element]]:
    for number, row in _rows(root):
        place = (number, -1)
        for cell in row.iterfind("{*}c"):
            reference = cell.get("r")
            place = _place(reference) if reference else (place[0], place[1] + 1)
            yield place, cell


def _has_no_value(cell: Element) -> bool:
    if cell.get("t") == "e":
        return True
    value = cell.find("{*}v")
    return cell.find("{*}f") is not None and (value is None or not value.text)


def _hidden_columns(root: Element) -> Iterator[tuple[int, int]]:
    for column in root.iterfind("{*}cols/{*}col"):
        if column.get("hidden") in _YES:
            yield int(column.get("min", "1")) - 1, int(column.get("max", "1")) - 1


def _range(reference: str) -> Range:
    first, _, last = reference.partition(":")
    return _place(first), _place(last or first)


def _place(reference: str) -> Cell:
    """Row and column, counted from 0, of an address such as F14."""
    match = _REFERENCE.fullmatch(reference)
    if match is None:
        raise ValueError("not the address of a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]) - 1, column - 1
