"""Files of a register as text and as numbered rows, and the findings about a place in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from werkbank.errors import Finding, RegisterError, Severity
from werkbank.files.delimited import NotDelimitedError, decoded, divided

__all__ = ["Table", "Text", "Where", "read_table", "read_text"]

MAX_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Text:
    """What a file holds, and what was remarkable in reading it."""

    file: str
    content: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the filled rows of delimited text, each with the line on which it begins."""

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

    def uneven(self, fields: int, expected: int) -> Finding:
        """The finding that a row has more or fewer fields than the head."""
        found = f"{fields} velden waar de kop er {expected} heeft"
        return self.error("extra-field", found, "één veld per kolom", "zet tekst met een komma tussen aanhalingstekens")

    def error(self, rule: str, found: str, allowed: str, remedy: str) -> Finding:
        """A finding with which the file may not be used."""
        return self.finding(rule, found, allowed, remedy, "error")


def read_text(path: Path) -> Text:
    """The file as text. Raises FileNotFoundError when it is not there, RegisterError when it cannot be read."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise RegisterError(f"{path.name} is groter dan 50 MB; dat is geen register van bedrijventerreinen.")
        content, is_unicode = decoded(path.read_bytes())
    except FileNotFoundError:
        raise
    except OSError:
        raise RegisterError(f"{path.name} is niet te lezen; sluit het elders en controleer de rechten.") from None
    except NotDelimitedError as fault:
        raise RegisterError(f"{path.name} is geen tekst: {fault.found}; {fault.remedy}.") from None
    found = "de tekst staat niet in UTF-8; gelezen als Windows-1252"
    remedy = "kijk of letters als é goed staan; sla het anders op als “CSV UTF-8”"
    remark = Where(path.name).finding("other-encoding", found, "tekst in UTF-8", remedy, "remark")
    return Text(path.name, content, () if is_unicode else (remark,))


def read_table(text: Text) -> Table:
    """Delimited text as rows; outer spaces and empty rows fall away."""
    try:
        divided_text = divided(text.content)
    except OverflowError:
        raise RegisterError(f"{text.file} heeft veel meer velden dan een register van bedrijventerreinen.") from None
    except NotDelimitedError as fault:
        broken = Where(text.file, fault.line).error("broken-csv", fault.found, "gewone CSV", fault.remedy)
        return Table((), (), (*text.findings, broken))
    stripped = (tuple(cell.strip() for cell in row) for row in divided_text.rows)
    filled = [(line, row) for line, row in zip(divided_text.lines, stripped, strict=True) if any(row)]
    return Table(filled[0][1] if filled else (), tuple(filled[1:]), text.findings)
