"""A text file with a comma, semicolon, tab or bar between its fields, as a table that knows its lines."""

from __future__ import annotations

import csv
import io
import itertools
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from werkbank.errors import Finding
from werkbank.matrix.opening import Table, refusal, too_large

__all__ = ["TEXT_SUFFIXES", "is_text_file", "text_table"]

TEXT_SUFFIXES: Final = (".csv", ".tsv", ".txt")
_DELIMITERS: Final = (";", ",", "\t", "|")
_SAID: Final = {f"sep={delimiter}": delimiter for delimiter in _DELIMITERS}
_LOOKED_AT: Final = 200
_MAX_CELLS: Final = 5_000_000
_BOMS: Final = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OF_WINDOWS: Final = "cp1252"
_AGAIN: Final = "sla het opnieuw op als “CSV UTF-8”"
_NO_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\x0b\x0c\x1a")
"""Characters that no text file holds; 1A is how old programs end one."""


def is_text_file(path: Path, content: bytes) -> bool:
    """True for what is named as text and could be it; every byte of it may still be wrong."""
    return path.suffix.lower() in TEXT_SUFFIXES and not content.startswith((b"PK\x03\x04", b"%PDF"))


def text_table(path: Path, content: bytes) -> tuple[Table, tuple[Finding, ...]]:
    """The file as one table of texts, and what is to be said of its letters.

    Raises UnreadableWorkbookError with line and reason when it is no such text.
    """
    text, encoding = _decoded(path, content)
    return _divided(path, text), (_other_encoding(path),) if encoding == _OF_WINDOWS else ()


def _divided(path: Path, text: str) -> Table:
    first, _, rest = text.partition("\n")
    if first.strip('\r\n "').lower() in _SAID:
        # Excel's own way to say which it is.
        return _table(path, rest, _SAID[first.strip('\r\n "').lower()], skipped=1)
    return _table(path, text, _delimiter(text), skipped=0)


def _decoded(path: Path, content: bytes) -> tuple[str, str]:
    """The text and its encoding: as its first bytes say, else UTF-8, else as Windows writes it in Western Europe."""
    encoding = next((name for start, name in _BOMS if content.startswith(start)), "")
    for attempt in (encoding,) if encoding else ("utf-8", _OF_WINDOWS):
        try:
            text = content.decode(attempt)
        except UnicodeDecodeError:
            continue
        if not _NO_TEXT.intersection(map(ord, set(text))):
            return text, attempt
    found = "het bestand bevat tekens die in geen tekst voorkomen"
    raise refusal(path, "not-a-workbook", found, f"open het in Excel en {_AGAIN}")


def _other_encoding(path: Path) -> Finding:
    return Finding(
        rule="other-encoding",
        severity="remark",
        file=path.name,
        found="de tekst staat niet in UTF-8 en is gelezen als Windows-1252",
        allowed="UTF-8",
        remedy=f"kijk of letters als é goed staan, of {_AGAIN}",
    )


def _table(path: Path, text: str, delimiter: str, *, skipped: int) -> Table:
    rows: list[list[str]] = []
    lines: list[int] = []
    made = 0
    for line, row in _numbered(path, text, delimiter, skipped):
        rows.append(row)
        lines.append(line)
        made += len(row)
        if made > _MAX_CELLS:
            raise too_large(path)
    width = max(map(len, rows), default=0)
    if len(rows) * width > _MAX_CELLS:
        raise too_large(path)
    return Table("", tuple((*row, *[""] * (width - len(row))) for row in rows), lines=tuple(lines))


def _numbered(path: Path, text: str, delimiter: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    """Every row with the line on which it begins: a field between quotes may hold line ends."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    begins = 1
    try:
        for row in reader:
            yield begins + skipped, row
            begins = reader.line_num + 1
    except csv.Error:
        found = "aanhalingstekens die niet sluiten, of een veld van meer dan 131.072 tekens"
        raise refusal(path, "broken-csv", found, "verbeter de regel", {"line": begins + skipped}) from None


def _delimiter(text: str) -> str:
    """The character that most evenly divides the first lines: decimal commas and commas in remarks do not."""
    return max(_DELIMITERS, key=lambda delimiter: _evenness(text, delimiter))


def _evenness(text: str, delimiter: str) -> int:
    """How many fields there are in the lines of the usual width, that of one field excepted."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        widths = Counter(len(row) for row in itertools.islice(reader, _LOOKED_AT))
    except csv.Error:
        return 0
    return max(((width - 1) * times for width, times in widths.items()), default=0)
