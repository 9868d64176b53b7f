"""The container in which .xls files are kept: streams in sectors, chained like files on a disk ([MS-CFB]).

Read here and not by calamine, which a damaged .xls makes end the whole process. Every chain is bounded by the size of
the file, so a chain that bites its own tail ends.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["SIGNATURE", "CompoundFile"]

SIGNATURE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST_SECTOR: Final = 0xFFFFFFFA
"""Numbers above this are no sectors but marks."""
_ENTRY: Final = 128
_STREAM: Final = 2
_ROOT: Final = 5


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    kind: int
    start: int
    size: int


class CompoundFile:
    """The streams of one file by name. Raises ValueError or struct.error when it is damaged."""

    def __init__(self, content: bytes) -> None:
        if content[:8] != SIGNATURE or len(content) < 512:
            raise ValueError("no compound file")
        self._content = content
        shift, small_shift = struct.unpack_from("<HH", content, 30)
        if shift not in {9, 12} or small_shift != 6:
            raise ValueError("sectors of no known size")
        self._size, self._small_size = 1 << shift, 1 << small_shift
        directory, self._cutoff, small_table = struct.unpack_from("<I4xII", content, 48)
        self._table = self._read_table()
        self._entries = tuple(self._read_entries(self._chain(directory)))
        self._small_table = _numbers(self._chain(small_table)) if small_table < _LAST_SECTOR else ()
        root = next((entry for entry in self._entries if entry.kind == _ROOT), None)
        self._small = self._chain(root.start) if root and root.start < _LAST_SECTOR else b""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of everything in the file."""
        return tuple(entry.name for entry in self._entries)

    def stream(self, *names: str) -> bytes | None:
        """The bytes of the first of these streams that there is."""
        for name in names:
            for entry in self._entries:
                if entry.kind == _STREAM and entry.name.casefold() == name.casefold():
                    return self._read(entry)
        return None

    def _read(self, entry: _Entry) -> bytes:
        if entry.size >= self._cutoff:
            content = self._chain(entry.start)
        else:
            size = self._small_size
            sectors = _follow(self._small_table, entry.start)
            content = b"".join(self._small[number * size : (number + 1) * size] for number in sectors)
        if len(content) < entry.size:
            raise ValueError("a stream that breaks off")
        return content[: entry.size]

    def _sector(self, number: int) -> bytes:
        sector = self._content[(number + 1) * self._size : (number + 2) * self._size]
        if not sector:
            raise ValueError("a sector beyond the end")
        return sector

    def _chain(self, start: int) -> bytes:
        return b"".join(map(self._sector, _follow(self._table, start)))

    def _read_table(self) -> tuple[int, ...]:
        """Of every sector the next; the table itself is listed in the header and in sectors of its own."""
        listed = list(struct.unpack_from("<109I", self._content, 76))
        (following,) = struct.unpack_from("<I", self._content, 68)
        for _ in range(len(self._content) // self._size):
            if following >= _LAST_SECTOR:
                break
            *more, following = _numbers(self._sector(following))
            listed += more
        used = [number for number in listed if number < _LAST_SECTOR]
        if len(set(used)) < len(used):
            raise ValueError("a table that lists itself twice")
        return _numbers(b"".join(map(self._sector, used)))

    def _read_entries(self, directory: bytes) -> Iterator[_Entry]:
        for place in range(0, len(directory) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", directory, place + 64)
            start, size = struct.unpack_from("<II", directory, place + 116)
            if kind:
                name = directory[place : place + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                yield _Entry(name, kind, start, size)


def _numbers(content: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])


def _follow(table: tuple[int, ...], start: int) -> Iterator[int]:
    """The sectors of a chain. Raises ValueError when it leaves the file or never ends."""
    seen = 0
    while start < _LAST_SECTOR:
        if start >= len(table) or seen > len(table):
            raise ValueError("a chain that leads nowhere")
        yield start
        start, seen = table[start], seen + 1
