"""What a sheet's XML says and its values do not: formulas never calculated, errors, what is hidden or merged.

Values are read with calamine, which gives an empty text for an error such as #DIV/0!, for a formula without a stored
result and for all but the first of merged cells. Empty means "not filled in yet", so all would vanish in silence; and
what a person sees as 100 % is stored as 1. A formula that points at an empty cell gives 0, which nobody judged, and a
format may show nothing for what is there. A plain sheet is only searched, which takes a fraction of a millisecond;
any hint of the above and it is parsed, row by row.
"""

from __future__ import annotations

import re
from typing import Final

from werkbank.matrix.opening import NO_MARKS, Cell, Marks, Range
from werkbank.matrix.sheet_xml import NO_STYLES, OddStyles, Start, is_nought, parse_xml

__all__ = ["MAX_PARSED", "Cell", "Marks", "Range", "examine"]

MAX_PARSED: Final = 10_000_000
"""Bytes of XML that are parsed at most: a matrix takes less than one million."""
_HINTS_BEFORE: Final = (b"hidden", b"showZeros=", b' width="0')
_HINTS_WITHIN: Final = (b'="e"', b"hidden", b' ht="0')
"""Before the rows and in them."""
_FORMULA_OR_COMMENT: Final = re.compile(rb"<[f!]")
_CALCULATED: Final = re.compile(rb"<f(?: [^>/]*)?>[^<]+</f>(?=<v>\s*(?![-+]?[0.,]+(?:[eE][^<]*)?\s*<)[^<\s])")
"""A formula with its value behind it, as the counts in our own workbooks are; any other way of writing is a hint.

So is a nought.
"""
_FAR: Final = re.compile(rb' r(?!="(?:[A-Z]\d{1,4}|[A-Z]{2}\d{1,3}|\d{1,4})")')
"""Any place but those near the first cell, and any way of writing a place but the usual one."""
_SPACED: Final = re.compile(rb"[\t\n\r]r=")
_UNQUOTED: Final = re.compile(rb'=(?!")')
_REFERENCE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
_YES: Final = frozenset({"1", "true"})


def examine(content: bytes, styles: OddStyles = NO_STYLES) -> Marks:
    """The marks in the XML of one sheet; `styles` are those that show something else than the cell holds.

    Raises ValueError or a fault of the parser when it is no such XML.
    """
    if b"\0" in content:
        raise ValueError("a sheet in UTF-16, which the reader of values takes for empty")
    if _is_plain(content, styles):
        return NO_MARKS
    if len(content) > MAX_PARSED:
        raise OverflowError("too much XML to be a matrix")
    return _Scan(styles).marks(content)


def _is_plain(content: bytes, styles: OddStyles) -> bool:
    """No sign of a formula without value, an error, merged, hidden or far cells, and XML as every program writes it."""
    odd = styles.numbers
    data, end, rest = content.partition(b"</sheetData>")
    before, _, data = data.partition(b"<sheetData")
    if b"<f" in data:
        data = _CALCULATED.sub(b"", data)
    return (
        end != b""
        and not any(hint in before for hint in _HINTS_BEFORE)
        and not any(hint in data for hint in _HINTS_WITHIN)
        and not _FORMULA_OR_COMMENT.search(data)
        and b"mergeCell" not in rest
        and b"sheetData" not in rest
        and not _is_odd(before, data)
        and 0 not in odd
        and not any(b' s="%d"' % style in data for style in odd)
    )


def _is_odd(before: bytes, data: bytes) -> bool:
    """Places far off, and attributes that are not written as every program does."""
    if any(white in data for white in (b"\t", b"\n", b"\r")) and _SPACED.search(data):
        return True
    return bool(_FAR.search(data) or _UNQUOTED.search(data) or _UNQUOTED.search(before))


class _Scan:
    """One pass through the XML of a sheet, of which nothing is kept but the marks."""

    def __init__(self, styles: OddStyles) -> None:
        self._percent_styles = frozenset(map(str, styles.percentages))
        self._hiding_styles = {str(style): hidden for style, hidden in styles.unseen.items()}
        self._shows_noughts = True
        self._unseen: set[Cell] = set()
        self._unreliable: set[Cell] = set()
        self._percentages: set[Cell] = set()
        self._merged: list[Range] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._place = (-1, -1)
        self._reach = (0, 0)
        self._cell: dict[str, str] = {}
        """The attributes of the cell that is being read."""
        self._filled = self._formula = self._inside = False
        self._value = ""
        self._starts: dict[str, Start] = {"row": self._row, "c": self._start_cell, "f": self._start_formula}
        self._starts |= {"v": self._start_value, "mergeCell": self._merge, "col": self._column}
        self._starts |= {"sheetView": self._view, "is": self._start_text}

    def marks(self, content: bytes) -> Marks:
        """All marks in this XML."""
        parse_xml(content, self._start, self._end, self._text)
        return Marks(
            frozenset(self._unreliable),
            tuple(self._merged),
            frozenset(self._hidden_rows),
            tuple(self._hidden_columns),
            self._reach,
            frozenset(self._percentages),
            frozenset(self._unseen),
        )

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        name = name.rpartition("}")[2]
        if name != "c":
            self._filled = True
        handler = self._starts.get(name)
        if handler:
            handler(name, attributes)

    def _end(self, name: str) -> None:
        if name.endswith("}c") and self._filled:
            self._end_cell()
        elif self._inside and name.endswith("}v"):
            self._inside = False

    def _text(self, text: str) -> None:
        if self._inside:
            self._value += text

    def _row(self, _: str, attributes: dict[str, str]) -> None:
        """A row that does not say where it is follows the row before it; its cells likewise."""
        number = int(attributes.get("r", self._place[0] + 2)) - 1
        self._place = (number, -1)
        if attributes.get("hidden") in _YES or is_nought(attributes.get("ht", "")):
            self._hidden_rows.add(number)

    def _start_cell(self, _: str, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        self._place = _place(reference) if reference else (self._place[0], self._place[1] + 1)
        self._cell, self._value = attributes, ""
        self._filled = self._formula = False

    def _start_formula(self, _: str, __: dict[str, str]) -> None:
        self._formula = True

    def _start_value(self, _: str, __: dict[str, str]) -> None:
        self._inside = True

    def _start_text(self, _: str, __: dict[str, str]) -> None:
        # A text within the cell: what it says does not matter, only that it is there.
        self._value = "…"

    def _view(self, _: str, attributes: dict[str, str]) -> None:
        self._shows_noughts = attributes.get("showZeros", "1") in _YES

    def _end_cell(self) -> None:
        row, column = self._place
        self._reach = max(self._reach[0], row + 1), max(self._reach[1], column + 1)
        kind = self._cell.get("t", "n")
        value, style = self._value.strip(), self._cell.get("s", "0")
        if kind == "e" or (self._formula and (not value or is_nought(value))):
            self._unreliable.add(self._place)
        elif value and self._is_unseen(kind, value, style):
            self._unseen.add(self._place)
        elif kind == "n" and style in self._percent_styles:
            self._percentages.add(self._place)

    def _is_unseen(self, kind: str, value: str, style: str) -> bool:
        hidden = self._hiding_styles.get(style, frozenset())
        if kind != "n":
            return "text" in hidden
        if is_nought(value):
            return "nought" in hidden or not self._shows_noughts
        return "number" in hidden

    def _merge(self, _: str, attributes: dict[str, str]) -> None:
        self._merged.append(_range(attributes.get("ref", "")))

    def _column(self, _: str, attributes: dict[str, str]) -> None:
        if attributes.get("hidden") in _YES or is_nought(attributes.get("width", "")):
            stretch = int(attributes.get("min", "1")) - 1, int(attributes.get("max", "1")) - 1
            self._hidden_columns.append(stretch)


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
