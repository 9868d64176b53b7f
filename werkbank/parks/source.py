"""Files of a register as text and as numbered rows, and the findings about a place in them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from werkbank.errors import Finding, RegisterError
from werkbank.files.delimited import NotDelimitedError, decoded, divided
from werkbank.files.yaml import Prose

MAX_BYTES = 50_000_000
_PROSE = Prose(Path(__file__).with_name("faults.yaml"))


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

    def finding(self, key: str, near: str = "", /, **facts: object) -> Finding:
        """What `faults.yaml` says, of this place; an object is named in words, for it has no line."""
        told = _PROSE.finding(key, near, self.file, self.line, **facts)
        found = told.found if self.number is None else f"object {self.number}: {told.found}"
        return replace(told, found=found, park_id=self.park_id)


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
    return Text(path.name, content, () if is_unicode else (Where(path.name).finding("other-encoding"),))


def read_table(text: Text) -> Table:
    """Delimited text as rows; outer spaces and empty rows fall away."""
    try:
        divided_text = divided(text.content)
    except OverflowError:
        raise RegisterError(f"{text.file} heeft veel meer velden dan een register van bedrijventerreinen.") from None
    except NotDelimitedError as fault:
        broken = Where(text.file, fault.line).finding("broken-csv", fault.remedy, found=fault.found)
        return Table((), (), (*text.findings, broken))
    stripped = (tuple(cell.strip() for cell in row) for row in divided_text.rows)
    filled = [(line, row) for line, row in zip(divided_text.lines, stripped, strict=True) if any(row)]
    return Table(filled[0][1] if filled else (), tuple(filled[1:]), text.findings)
