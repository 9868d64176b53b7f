"""Files of a register as text: UTF-8, UTF-16 or Windows-1252, and delimited text as numbered rows."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from werkbank.errors import Finding, RegisterError, Severity

__all__ = ["Table", "Text", "Where", "file_hash", "read_table", "read_text"]

MAX_BYTES = 50_000_000
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Text:
    """What a file holds, and what was remarkable in reading it."""

    file: str
    content: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the filled rows of delimited text, each with the line on which it ends."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Where:
    """A line of a text file, or an object of a map counted from 1, and the park that stands there."""

    file: str
    line: int | None = None
    number: int | None = None
    park_id: str | None = None

    def finding(self, rule: str, found: str, allowed: str, remedy: str, severity: Severity = "warning") -> Finding:
        """A finding in this place; an object is named in words, for it has no line."""
        told = found if self.number is None else f"object {self.number}: {found}"
        return Finding(
            rule=rule,
            severity=severity,
            file=self.file,
            line=self.line,
            park_id=self.park_id,
            found=told,
            allowed=allowed,
            remedy=remedy,
        )

    def error(self, rule: str, found: str, allowed: str, remedy: str) -> Finding:
        """A finding with which the file may not be used."""
        return self.finding(rule, found, allowed, remedy, "error")


def file_hash(path: Path) -> str:
    """The sha256 of a file's bytes, in hex."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_text(path: Path) -> Text:
    """The file as text. Raises FileNotFoundError when it is not there, RegisterError when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RegisterError(f"{path.name} is groter dan 50 MB; dat is geen register van bedrijventerreinen.")
        content = path.read_bytes()
    except FileNotFoundError:
        raise
    except OSError:
        raise RegisterError(f"{path.name} is niet te lezen; sluit het elders en controleer de rechten.") from None
    return _decoded(path.name, content)


def _decoded(file: str, content: bytes) -> Text:
    encoding = "utf-16" if content.startswith(_UTF16) else "utf-8-sig"
    try:
        return Text(file, content.decode(encoding))
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise RegisterError(f"{file} is geen tekst in UTF-8; sla het opnieuw op als “CSV UTF-8”.") from None
    found = "de tekst staat niet in UTF-8; gelezen als Windows-1252"
    remedy = "kijk of letters als é goed staan; sla het anders op als “CSV UTF-8”"
    remark = Where(file).finding("other-encoding", found, "tekst in UTF-8", remedy, "remark")
    return Text(file, text, (remark,))


def read_table(text: Text) -> Table:
    """Delimited text as rows, with comma, semicolon or tab; outer spaces and empty rows fall away."""
    first = next((line for line in text.content.splitlines() if line.strip()), "")
    delimiter = max(_DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(text.content, newline=""), delimiter=delimiter, strict=True)
    try:
        numbered = [(reader.line_num, tuple(cell.strip() for cell in row)) for row in reader]
    except csv.Error:
        found = "aanhalingstekens die niet sluiten, of een veel te lang veld"
        broken = Where(text.file, reader.line_num).error("broken-csv", found, "gewone CSV", "verbeter de regel")
        return Table((), (), (*text.findings, broken))
    filled = [(line, row) for line, row in numbered if any(row)]
    header = filled[0][1] if filled else ()
    return Table(header, tuple(filled[1:]), text.findings)
