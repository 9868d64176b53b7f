"""The records of an .xls workbook: where its sheets begin, its texts, and which styles show a date ([MS-XLS])."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from werkbank.matrix.sheet_xml import Unseen, hidden_by, shows_date, shows_percentage

__all__ = ["BOF", "EOF", "Globals", "LockedWorkbookError", "OldWorkbookError", "SheetStart", "records", "text_at"]

BOF: Final = 0x809
EOF: Final = 0x0A
_CONTINUE: Final = 0x3C
_FILEPASS, _DATEMODE, _FORMAT, _XF, _BOUNDSHEET, _SST = 0x2F, 0x22, 0x41E, 0xE0, 0x85, 0xFC
_BIFF8: Final = 0x600
_MAX_TEXTS: Final = 400_000

Record = tuple[int, bytes, list[bytes]]
"""Kind, contents, and the contents of the records that continue it."""


class LockedWorkbookError(Exception):
    """The workbook is encrypted."""


class OldWorkbookError(Exception):
    """The workbook was made before Excel 97."""


@dataclass(frozen=True, slots=True)
class SheetStart:
    """A sheet as the beginning of the workbook announces it."""

    name: str
    offset: int
    hidden: bool
    kind: int
    """0 for a worksheet, 1 for one with old macros, 2 for a chart, 6 for a program."""


class Globals:
    """What the workbook says before its sheets.

    Raises LockedWorkbookError, OldWorkbookError, and ValueError or struct.error when it is damaged.
    """

    def __init__(self, stream: bytes) -> None:
        self.sheets: list[SheetStart] = []
        self.texts: list[str] = []
        self.from_1904 = False
        self._formats: dict[int, str] = {}
        self._styles: list[int] = []
        first = True
        for kind, data, more in records(stream, 0):
            if first and (kind != BOF or struct.unpack_from("<H", data)[0] != _BIFF8):
                raise OldWorkbookError
            first = False
            if kind == EOF:
                break
            self._take(kind, data, more)

    def _take(self, kind: int, data: bytes, more: list[bytes]) -> None:
        if kind == _FILEPASS:
            raise LockedWorkbookError
        if kind == _DATEMODE:
            self.from_1904 = data[:1] == b"\x01"
        elif kind == _FORMAT:
            self._formats[struct.unpack_from("<H", data)[0]] = text_at(data, 2)
        elif kind == _XF:
            self._styles.append(struct.unpack_from("<H", data, 2)[0])
        elif kind == _BOUNDSHEET:
            offset, state, sort = struct.unpack_from("<IBB", data)
            self.sheets.append(SheetStart(text_at(data, 6, wide_count=False), offset, state & 3 != 0, sort))
        elif kind == _SST:
            self.texts = list(_shared_texts(data, more))

    def shows_date(self, style: int) -> bool:
        """True when numbers in this style look like a date or time."""
        return shows_date(*self._format(style))

    def shows_percentage(self, style: int) -> bool:
        """True when 1 in this style looks like 100 %."""
        return shows_percentage(*self._format(style))

    def hidden_by(self, style: int) -> frozenset[Unseen]:
        """What this style shows nothing for."""
        return hidden_by(self._format(style)[1])

    def _format(self, style: int) -> tuple[int, str]:
        number = self._styles[style] if style < len(self._styles) else 0
        return number, self._formats.get(number, "")


def records(stream: bytes, place: int) -> Iterator[Record]:
    """The records from a place on. Raises ValueError when one goes beyond the end."""
    kind, data, more = -1, b"", []
    while place + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, place)
        content = stream[place + 4 : place + 4 + length]
        if len(content) < length:
            raise ValueError("a record that breaks off")
        place += 4 + length
        if number == _CONTINUE:
            more.append(content)
            continue
        if kind >= 0:
            yield kind, data, more
        kind, data, more = number, content, []
    if kind >= 0:
        yield kind, data, more


def text_at(data: bytes, place: int, *, wide_count: bool = True) -> str:
    """A text of which the length comes first, in two bytes or in one ([MS-XLS] 2.5.240 and 2.5.294)."""
    count = struct.unpack_from("<H" if wide_count else "<B", data, place)[0]
    place += 2 if wide_count else 1
    wide = data[place] & 1
    letters = data[place + 1 : place + 1 + count * (1 + wide)]
    if len(letters) < count * (1 + wide):
        raise ValueError("a text that breaks off")
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _shared_texts(data: bytes, more: list[bytes]) -> Iterator[str]:
    (count,) = struct.unpack_from("<I", data, 4)
    if count > _MAX_TEXTS:
        raise OverflowError("more texts than a matrix has")
    cursor = _Cursor([data[8:], *more])
    for _ in range(count):
        yield cursor.text()


class _Cursor:
    """A place in a list of texts that runs on over several records ([MS-XLS] 2.5.293)."""

    def __init__(self, parts: list[bytes]) -> None:
        self._parts, self._part, self._place = parts, 0, 0

    def text(self) -> str:
        """The next text, without how it looks."""
        count, flags = struct.unpack("<HB", self._take(3))
        runs = struct.unpack("<H", self._take(2))[0] if flags & 8 else 0
        extra = struct.unpack("<I", self._take(4))[0] if flags & 4 else 0
        letters = self._letters(count, flags & 1)
        self._take(4 * runs + extra)
        return letters

    def _letters(self, count: int, wide: int) -> str:
        found = ""
        while True:
            size = 1 + wide
            part = self._left()
            letters = part[: min(count * size, len(part) // size * size)]
            found += letters.decode("utf-16-le" if wide else "latin-1", "replace")
            self._place += len(letters)
            count -= len(letters) // size
            if not count:
                return found
            # The next record says anew how wide its letters are.
            self._next()
            wide = self._left()[0] & 1
            self._place += 1

    def _take(self, number: int) -> bytes:
        taken = b""
        while len(taken) < number:
            if not self._left():
                self._next()
            piece = self._left()[: number - len(taken)]
            self._place += len(piece)
            taken += piece
        return taken

    def _left(self) -> bytes:
        return self._parts[self._part][self._place :]

    def _next(self) -> None:
        self._part, self._place = self._part + 1, 0
        if self._part >= len(self._parts) or not self._parts[self._part]:
            raise ValueError("a text that breaks off")
