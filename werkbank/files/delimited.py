"""A text file with a comma, semicolon, tab or bar between its fields, as rows of texts that know their lines."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from dataclasses import dataclass
from typing import Final

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
MAX_CELLS: Final = 5_000_000
_DELIMITERS: Final = (";", ",", "\t", "|")
_SAID: Final = {f"sep={delimiter}": delimiter for delimiter in _DELIMITERS}
_LOOKED_AT: Final = 200
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OF_WINDOWS: Final = "cp1252"
_NO_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1a")
"""Characters that no text file holds; 1A is how old programs end one."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """The fields of a text file, row by row."""

    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    """The line (from 1) on which each row begins: a field between quotes may hold line ends."""


class NotDelimitedError(Exception):
    """No such text: in Dutch what was found and what to do, and on which line when that is known."""

    def __init__(self, found: str, remedy: str, line: int | None = None) -> None:
        super().__init__(found)
        self.found, self.remedy, self.line = found, remedy, line


def decoded(content: bytes) -> tuple[str, bool]:
    """The text of a file: as its first bytes say, else UTF-8, else as Windows writes it in Western Europe.

    False beside it when it was the last. Raises NotDelimitedError for what is no text.
    """
    encoding = next((name for start, name in _BOMS if content.startswith(start)), "")
    for attempt in (encoding,) if encoding else ("utf-8", _OF_WINDOWS):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.intersection(map(ord, set(text))):
            return text, attempt != _OF_WINDOWS
    found = "het bestand bevat tekens die in geen tekst voorkomen"
    raise NotDelimitedError(found, "open het in Excel en sla het opnieuw op als “CSV UTF-8”")


def divided(text: str) -> Delimited:
    """The rows of a text. Raises NotDelimitedError, and OverflowError when there are far too many fields."""
    first, _, rest = text.partition("\n")
    said = _SAID.get(first.strip('\r\n "').lower())
    # Excel's own way to say which character divides is no row, but it is a line.
    if said:
        return _rows(rest, said, 1)
    # What most evenly divides the first lines: decimal commas and commas in remarks do not.
    return _rows(text, max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter)), 0)


def _rows(text: str, delimiter: str, skipped: int) -> Delimited:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows, lines, begins, made = [], [], 1 + skipped, 0
    try:
        for row in reader:
            rows.append(tuple(row))
            lines.append(begins)
            begins = reader.line_num + 1 + skipped
            made += len(row)
            if made > MAX_CELLS:
                raise OverflowError("too many fields")
    except csv.Error:
        found = "aanhalingstekens die niet sluiten, of een veld van meer dan 131.072 tekens"
        raise NotDelimitedError(found, "verbeter de regel", begins) from None
    return Delimited(tuple(rows), tuple(lines))


def _evenness(text: str, delimiter: str) -> int:
    """How many fields there are in the lines of the usual width, that of one field excepted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in itertools.islice(reader, _LOOKED_AT))
    except csv.Error:
        return 0
    return max(((width - 1) * times for width, times in widths.items()), default=0)
