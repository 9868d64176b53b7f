"""A compound file ([MS-CFB] 2) made by hand: streams in sectors of 512 bytes behind one header."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Final

__all__ = ["compound_file"]

_SECTOR: Final = 512
_FREE: Final = 0xFFFFFFFF
_END: Final = 0xFFFFFFFE
_TABLE: Final = 0xFFFFFFFD
_CUTOFF: Final = 4_096
"""Streams smaller than this go into sectors of their own kind; these are filled up to it instead."""
_ROOT, _STREAM = 5, 2


def compound_file(streams: Mapping[str, bytes]) -> bytes:
    """A file with these streams; short ones are filled up with zeros to 4,096 bytes."""
    contents = {name: content.ljust(_CUTOFF, b"\0") for name, content in streams.items()}
    table, sectors, starts = [_TABLE, _END], b"", {}
    for name, content in contents.items():
        starts[name] = len(table)
        padded = content + bytes(-len(content) % _SECTOR)
        count = len(padded) // _SECTOR
        table += [*range(len(table) + 1, len(table) + count), _END]
        sectors += padded
    if len(table) > _SECTOR // 4 or len(contents) > 3:
        raise ValueError("more than one sector of the table or the directory can hold")
    directory = _entry("Root Entry", _ROOT, child=1, start=_END, size=0)
    for number, (name, content) in enumerate(contents.items(), 1):
        right = number + 1 if number < len(contents) else _FREE
        directory += _entry(name, _STREAM, right=right, start=starts[name], size=len(content))
    allocation = struct.pack(f"<{_SECTOR // 4}I", *table, *[_FREE] * (_SECTOR // 4 - len(table)))
    return _header() + allocation + directory.ljust(_SECTOR, b"\0") + sectors


def _header() -> bytes:
    """Version 3, the table in sector 0 and the directory in sector 1."""
    head = struct.pack("<8s16sHHHHH6x", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6)
    counts = struct.pack("<IIIIIIIIII", 0, 1, 1, 0, _CUTOFF, _END, 0, _END, 0, 0)
    return head + counts + struct.pack("<108I", *[_FREE] * 108)


def _entry(name: str, kind: int, *, start: int, size: int, child: int = _FREE, right: int = _FREE) -> bytes:
    """One line of the directory: 128 bytes."""
    text = name.encode("utf-16-le")
    black = 1
    return struct.pack(
        "<64sHBBIII16sI16xIII", text, len(text) + 2, kind, black, _FREE, right, child, bytes(16), 0, start, size, 0
    )
