"""The sheets of an .xlsx that are as plain as most, read in one pass; anything else is left to the full readers.

A sheet is plain when each of its cells is written as Excel, LibreOffice and XlsxWriter write it, near the first, and
nothing is hidden, merged, an error or a formula without value. One odd byte and it is not: then None. What is read so
is what calamine reads, in a third of the time; a test holds the two beside each other.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Sequence
from typing import Final

from werkbank.matrix.number_formats import moment
from werkbank.matrix.tables import Cell, Table
from werkbank.matrix.xlsx_styles import Styles

__all__ = ["plain_table", "plain_texts"]

_CELL: Final = re.compile(
    rb'<c r="([A-Z]{1,2})(\d{1,4})"(?: s="(\d{1,5})")?(?: t="([a-z]{1,3})")?'
    rb"(?:/>|>(?:<f>[^<]*</f>)?<v>([^<]+)</v></c>)"
)
"""Column, row, style, kind and value."""
_TEXT: Final = re.compile(rb'<si><t( xml:space="preserve")?>([^<]*)</t></si>|<si><t/></si>')
_NUMBER: Final = re.compile(rb"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_ENTITY: Final = re.compile(r"&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9A-Fa-f]{1,6}));")
_NAMED: Final = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_UTF_8: Final = re.compile(
    rb'\A(?:\xef\xbb\xbf)?\s*(?:<\?xml version="1\.0"(?: encoding="(?i:utf-8)")?'
    rb'(?: standalone="(?:yes|no)")?\s?\?>)?\s*<(?:sst|worksheet)\b'
)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465
"""1 March 1900 and 31 December 9999."""
_MAX_CELLS: Final = 100_000


def plain_texts(content: bytes) -> list[str] | None:
    """The texts to which cells refer; None when one of them has parts, notes or an unusual way of writing."""
    body = content[content.find(b"<sst") :]
    if not _UTF_8.match(content) or any(sign in body for sign in (b"\r", b"_x", b"<!")):
        return None
    found = _TEXT.findall(body)
    if len(found) != body.count(b"<si") or len(found) != body.count(b"<t"):
        return None
    # Whether outer spaces count is only certain where it is said.
    if any(not kept and text != text.strip() for kept, text in found):
        return None
    if b"&" not in body:
        return [text.decode() for _, text in found]
    texts = [_unescaped(text) for _, text in found]
    return None if None in texts else [text for text in texts if text is not None]


def _unescaped(content: bytes) -> str | None:
    """The text without entities; None when there is one that is not simply a sign."""
    text = content.decode()
    if "&" not in text:
        return text
    if text.count("&") != len(_ENTITY.findall(text)):
        return None
    return _ENTITY.sub(_sign, text)


def _sign(entity: re.Match[str]) -> str:
    name, decimal, hexadecimal = entity.groups()
    return _NAMED[name] if name else chr(int(decimal) if decimal else int(hexadecimal, 16))


def plain_table(name: str, content: bytes, texts: Sequence[str], styles: Styles, *, hidden: bool) -> Table | None:
    """The sheet as a table; None when its XML is not as plain as that."""
    end = content.find(b"</sheetData>")
    start = content.find(b"<sheetData>", 0, max(end, 0))
    if start < 0 or not _UTF_8.match(content) or content.find(b"hidden", 0, end) >= 0:
        return None
    data, rest = content[start + 11 : end], content[end:]
    found = _CELL.findall(data)
    if len(found) != data.count(b"<c") or not _is_all(data, len(found)):
        return None
    if b"mergeCell" in rest or b"<sheetData" in rest:
        return None
    return _filled(name, found, texts, styles, hidden=hidden)


def _is_all(data: bytes, cells: int) -> bool:
    """True when there is no other tag than those of the rows and of these cells: no comment, and nothing broken off."""
    tags_of_rows = data.count(b"<row ") + data.count(b"</row>")
    return data.count(b"<") == tags_of_rows + cells + 3 * data.count(b"</v></c>") + 2 * data.count(b"<f>")


class _Columns(dict[bytes, int]):
    """Letters → column, counted from 0."""

    def __missing__(self, letters: bytes) -> int:
        number = 0
        for letter in letters:
            number = number * 26 + letter - 64
        self[letters] = number - 1
        return number - 1


_COLUMNS: Final = _Columns()


def _filled(
    name: str, found: Sequence[tuple[bytes, ...]], texts: Sequence[str], styles: Styles, *, hidden: bool
) -> Table | None:
    """The table of these cells; None when one of them is of another kind than text or number."""
    filled: list[tuple[int, int, Hashable]] = []
    percentages: set[Cell] = set()
    for letters, row, style, kind, value in found:
        if not value:
            continue
        if kind == b"s" and value.isdigit():
            item: Hashable = texts[int(value)]
        else:
            item = _value(kind, value, int(style or 0), styles)
            if item is None:
                return None
            if styles.percentages and int(style or 0) in styles.percentages and kind != b"str":
                percentages.add((int(row) - 1, _COLUMNS[letters]))
        filled.append((int(row) - 1, _COLUMNS[letters], item))
    return _table(name, filled, frozenset(percentages), hidden=hidden)


def _value(kind: bytes, value: bytes, style: int, styles: Styles) -> Hashable:
    """A number, date, truth value or calculated text; None for anything else."""
    if kind in {b"", b"n"} and _NUMBER.fullmatch(value):
        number = float(value)
        if style not in styles.dates:
            return number
        # Whole days since the calendar of Excel is right; times and what came before it are for calamine.
        return moment(number) if number.is_integer() and _FIRST_DAY <= number <= _LAST_DAY else None
    if kind == b"str" and value.strip() and not any(sign in value for sign in (b"\r", b"_x")):
        return _unescaped(value)
    if kind == b"b" and value in {b"0", b"1"}:
        return value == b"1"
    return None


def _table(
    name: str, filled: Sequence[tuple[int, int, Hashable]], percentages: frozenset[Cell], *, hidden: bool
) -> Table | None:
    height = max((row + 1 for row, _, _ in filled), default=0)
    width = max((column + 1 for _, column, _ in filled), default=0)
    if height * width > _MAX_CELLS:
        return None
    rows: list[list[Hashable]] = [[""] * width for _ in range(height)]
    for row, column, item in filled:
        rows[row][column] = item
    return Table(name, tuple(map(tuple, rows)), hidden=hidden, percentages=percentages)
