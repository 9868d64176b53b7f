"""The sheets of an .xls of Excel 97 and later: values, and which of them cannot be trusted ([MS-XLS]).

A formula always has a stored result here. Programs that never calculated it store an empty text or a nought; a nought
behind a formula is therefore not trusted: it could become a "no suspicion" that nobody gave.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Collection, Hashable
from pathlib import Path
from typing import Final

from werkbank.matrix.biff import BOF, EOF, Globals, LockedWorkbookError, OldWorkbookError, SheetStart, records, text_at
from werkbank.matrix.compound import CompoundFile
from werkbank.matrix.opening import Cell, Marks, Range, Table, UnreadableWorkbookError, marked_table, refusal, too_large
from werkbank.matrix.sheet_xml import moment

__all__ = ["xls_tables"]

_MAX_CELLS: Final = 1_000_000
_STRING: Final = 0x207
_WINDOW: Final = 0x23E
_SHOWS_NOUGHTS: Final = 0x10
_OTHERS: Final = (
    ("WordDocument", "een tekst van Word"),
    ("PowerPoint Document", "een presentatie van PowerPoint"),
    ("__properties_version1.0", "een e-mailbericht van Outlook"),
)


def xls_tables(path: Path, content: bytes, without: Collection[str]) -> tuple[list[Table], bool]:
    """Every worksheet but those in `without`, and whether the workbook brings a program along.

    Raises UnreadableWorkbookError for what is no such workbook, and what damage makes the parsers raise.
    """
    file = CompoundFile(content)
    stream = file.stream("Workbook")
    if stream is None:
        raise _other(path, file)
    try:
        book = Globals(stream)
    except LockedWorkbookError:
        raise refusal(path, "password") from None
    except OldWorkbookError:
        raise _too_old(path) from None
    tables = [
        _Sheet(book, start).read(path, stream) for start in book.sheets if start.kind == 0 and start.name not in without
    ]
    programs = any(start.kind in {1, 6} for start in book.sheets) or "_VBA_PROJECT_CUR" in file.names
    return tables, programs


def _other(path: Path, file: CompoundFile) -> UnreadableWorkbookError:
    """What a compound file without a workbook is."""
    if "EncryptedPackage" in file.names:
        return refusal(path, "password")
    if file.stream("Book") is not None:
        return _too_old(path)
    kind = next((kind for name, kind in _OTHERS if name in file.names), "een ander bestand van Office")
    return refusal(path, "not-a-workbook", f"het bestand is {kind}, geen werkmap", "lever de werkmap zelf aan")


def _too_old(path: Path) -> UnreadableWorkbookError:
    found = "het bestand is een werkmap van vóór Excel 97"
    return refusal(path, "other-format", found, "open het in Excel en sla het op als .xlsx")


class _Sheet:
    """The values and marks of one sheet, gathered record by record."""

    def __init__(self, book: Globals, start: SheetStart) -> None:
        self._book, self._start = book, start
        self._cells: dict[Cell, Hashable] = {}
        self._unreliable: set[Cell] = set()
        self._percentages: set[Cell] = set()
        self._unseen: set[Cell] = set()
        self._noughts: set[Cell] = set()
        self._shows_noughts = True
        self._merged: list[Range] = []
        self._hidden_rows: set[int] = set()
        self._hidden_columns: list[tuple[int, int]] = []
        self._awaiting: Cell | None = None
        """The cell of a formula whose text comes in a record of its own."""
        self._takers: dict[int, Callable[[bytes], None]] = {
            0x06: self._formula, 0xFD: self._shared_text, 0x204: self._text, 0xD6: self._text, 0x203: self._number,
            0x27E: self._short_number, 0xBD: self._short_numbers, 0x205: self._truth_or_error, 0x208: self._row,
            0x7D: self._columns, 0xE5: self._merges, _STRING: self._result, _WINDOW: self._view,
        }  # fmt: skip

    def read(self, path: Path, stream: bytes) -> Table:
        """The sheet as a table."""
        depth = 0
        for kind, data, _ in records(stream, self._start.offset):
            # Charts on a sheet are sheets within it.
            depth += (kind == BOF) - (kind == EOF)
            if depth < 1:
                break
            if depth == 1 and kind in self._takers:
                self._takers[kind](data)
        height, width = (max((cell[axis] + 1 for cell in self._cells), default=0) for axis in (0, 1))
        if height * width > _MAX_CELLS:
            raise too_large(path)
        rows: list[list[Hashable]] = [[""] * width for _ in range(height)]
        for (row, column), value in self._cells.items():
            rows[row][column] = value
        return marked_table(self._start.name, rows, self._marks(), hidden=self._start.hidden)

    def _marks(self) -> Marks:
        return Marks(
            unreliable=frozenset(self._unreliable),
            merged=tuple(self._merged),
            hidden_rows=frozenset(self._hidden_rows),
            hidden_columns=tuple(self._hidden_columns),
            percentages=frozenset(self._percentages),
            unseen=frozenset(self._unseen if self._shows_noughts else self._unseen | self._noughts) - self._unreliable,
        )

    def _formula(self, data: bytes) -> None:
        row, column, style = struct.unpack_from("<HHH", data)
        result = data[6:14]
        if result[6:8] != b"\xff\xff":
            (number,) = struct.unpack("<d", result)
            self._put(row, column, style, number)
            self._distrust(row, column, only_if=number == 0)
        elif result[0] == 0:
            self._awaiting = (row, column)
            self._distrust(row, column)
        elif result[0] == 1:
            self._cells[row, column] = result[2] != 0
        else:
            self._distrust(row, column)

    def _result(self, data: bytes) -> None:
        text = text_at(data, 0)
        if self._awaiting and text.strip():
            self._cells[self._awaiting] = text
            self._unreliable.discard(self._awaiting)
        self._awaiting = None

    def _distrust(self, row: int, column: int, *, only_if: bool = True) -> None:
        if only_if:
            self._cells[row, column] = ""
            self._unreliable.add((row, column))

    def _shared_text(self, data: bytes) -> None:
        row, column, _, number = struct.unpack_from("<HHHI", data)
        self._cells[row, column] = self._book.texts[number]

    def _text(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        self._cells[row, column] = text_at(data, 6)

    def _number(self, data: bytes) -> None:
        self._put(*struct.unpack_from("<HHHd", data))

    def _short_number(self, data: bytes) -> None:
        row, column, style, number = struct.unpack_from("<HHHI", data)
        self._put(row, column, style, _unpacked(number))

    def _short_numbers(self, data: bytes) -> None:
        row, column = struct.unpack_from("<HH", data)
        for step in range((len(data) - 6) // 6):
            style, number = struct.unpack_from("<HI", data, 4 + 6 * step)
            self._put(row, column + step, style, _unpacked(number))

    def _truth_or_error(self, data: bytes) -> None:
        row, column, _, value, is_error = struct.unpack_from("<HHHBB", data)
        self._cells[row, column] = value != 0
        self._distrust(row, column, only_if=is_error != 0)

    def _put(self, row: int, column: int, style: int, number: float) -> None:
        is_date = self._book.shows_date(style)
        self._cells[row, column] = moment(number, from_1904=self._book.from_1904) if is_date else number
        if self._book.shows_percentage(style):
            self._percentages.add((row, column))

        if number == 0:
            self._noughts.add((row, column))
        if ("nought" if number == 0 else "number") in self._book.hidden_by(style):
            self._unseen.add((row, column))

    def _view(self, data: bytes) -> None:
        self._shows_noughts = bool(struct.unpack_from("<H", data)[0] & _SHOWS_NOUGHTS)

    def _row(self, data: bytes) -> None:
        if struct.unpack_from("<H", data, 12)[0] & 0x20:
            self._hidden_rows.add(struct.unpack_from("<H", data)[0])

    def _columns(self, data: bytes) -> None:
        first, last, _, _, options = struct.unpack_from("<HHHHH", data)
        if options & 1:
            self._hidden_columns.append((first, last))

    def _merges(self, data: bytes) -> None:
        for step in range(struct.unpack_from("<H", data)[0]):
            top, bottom, left, right = struct.unpack_from("<HHHH", data, 2 + 8 * step)
            self._merged.append(((top, left), (bottom, right)))


def _unpacked(number: int) -> float:
    """A number that was packed into four bytes ([MS-XLS] 2.5.217)."""
    if number & 2:
        value = float(struct.unpack("<i", struct.pack("<I", number & 0xFFFFFFFC))[0] >> 2)
    else:
        value = struct.unpack("<d", struct.pack("<II", 0, number & 0xFFFFFFFC))[0]
    return value / 100 if number & 1 else value
