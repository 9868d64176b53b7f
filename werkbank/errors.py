"""The tree of errors, and Finding.

    WerkbankError                what a user can mend; shown as one message, without a traceback
    ├── CatalogueError           the catalogue's YAML is not valid
    ├── ParametersError          a parameters file, an override or the workspace is not valid
    ├── MatrixError              no risk matrix could be read, or `strict` was asked and there were errors
    ├── RegisterError            the park register or a recorded decision is not valid
    ├── LegalBasisError          the parties' information may not be brought together
    ├── OutputError              a result could not be made or stored
    │   └── NotebookFailedError  a notebook did not come to its end
    └── ScoringError             a table handed to a scoring function is not what it claims (also a ValueError)

Every error carries all findings at once, never only the first.
"""

from __future__ import annotations

import traceback
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Literal

Severity = Literal["error", "warning", "remark"]

_HEADS = ("gevonden:", "toegestaan:", "te doen:")

SEVERITY_DUTCH: dict[Severity, str] = {"error": "fout", "warning": "let op", "remark": "opmerking"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault or remark, with its place and its remedy; never the text of a remark field.

    `rule` is a stable code in English (`unknown-park`); `found`, `allowed` and `remedy` are Dutch, for the
    person who filled in the file. `cell` is an address as in `F14`, also of a text file as a
    spreadsheet shows it; `line` is a line of a text file.

    >>> found = wb.load_round("urk").findings
    >>> [finding.rule for finding in found if finding.severity == "error"]
    []
    """

    rule: str
    severity: Severity
    found: str
    allowed: str
    remedy: str
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    park_id: str | None = None
    indicator: str | None = None

    @property
    def place(self) -> str:
        """Where it is: file, sheet and cell or line, as far as known."""
        parts = [
            self.file,
            self.sheet and f"blad {self.sheet}",
            self.cell and f"cel {self.cell}",
            self.line and f"regel {self.line}",
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        """One line of Dutch: where · gevonden: what was found · toegestaan: what is allowed → what to do [code]."""
        found, allowed = self.found and f"gevonden: {self.found}", self.allowed and f"toegestaan: {self.allowed}"
        what = " · ".join(part for part in (self.place, found, allowed) if part)
        # A file name may hold a line end or a command to the terminal.
        return "".join(ch if ch.isprintable() else " " for ch in f"{what} → {self.remedy} [{self.rule}]")

    def _repr_html_(self) -> str:
        severity = SEVERITY_DUTCH[self.severity]
        place, told = escape(self.place), [escape(text) for text in (self.found, self.allowed, self.remedy)]
        parts = [f"<strong>{severity}</strong> {place}", *map(" ".join, zip(_HEADS, told, strict=True))]
        return f"<p>{' · '.join(parts)} <code>{escape(self.rule)}</code></p>"

    def to_dict(self) -> dict[str, str | int | None]:
        """The finding as plain values, keys in the order of the class."""
        return asdict(self)


def fault(
    rule: str, found: str, allowed: str, remedy: str, *, file: str | None = None, indicator: object = None
) -> Finding:
    """The finding of an error, with its file, or the code of the indicator or group that it concerns."""
    code = None if indicator is None else str(indicator)
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy, file=file, indicator=code)


class WerkbankError(Exception):
    """Something a user can mend: one Dutch sentence, and the findings behind it.

    >>> try:
    ...     wb.assess("urkk")
    ... except wb.WerkbankError as error:
    ...     print(error.message.partition("?")[0])
    De gemeente “urkk” is niet bekend. Bedoelt u “urk”
    """

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.findings = tuple(findings)

    def __str__(self) -> str:
        """The sentence, then every finding on its own line."""
        return "\n".join([self.message, *(f"  {finding}" for finding in self.findings)])

    def _render_traceback_(self) -> list[str]:
        """In a notebook: what is wrong and what to do, without the lines of code that noticed it."""
        return [str(self)]

    def __reduce__(self) -> tuple[type[WerkbankError], tuple[str, tuple[Finding, ...]]]:
        """Errors cross process borders whole, findings included."""
        return type(self), (self.message, self.findings)


class CatalogueError(WerkbankError):
    """The catalogue is not valid."""


class ParametersError(WerkbankError):
    """A parameters file, an override or the workspace is not valid."""


class MatrixError(WerkbankError):
    """No risk matrix could be read, or `strict` was asked and there were errors."""


class RegisterError(WerkbankError):
    """The park register or a recorded decision is not valid."""


class LegalBasisError(WerkbankError):
    """The parties' information may not be brought together."""


class OutputError(WerkbankError):
    """A result could not be made or stored."""


class NotebookFailedError(OutputError):
    """A notebook did not come to its end; `partial` is how far it came, as text, with nothing of the machine in it."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = (), partial: str = "") -> None:
        super().__init__(message, findings)
        self.partial = partial


class ScoringError(WerkbankError, ValueError):
    """A table handed to a scoring function is not what it claims."""


def unforeseen(error: Exception) -> OutputError:
    """What nobody foresaw, by its kind and its place in the werkbank; its text may hold a judgement."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "werkbank" in Path(frame.filename).parts]
    place = f", {Path(own[-1].filename).name} regel {own[-1].lineno}" if own else ""
    return OutputError(f"Onverwachte fout ({type(error).__name__}{place}). Meld dit bij wie de werkbank levert.")
