"""Legal bases: the recorded decisions on which the parties' information may be brought together.

Without a valid one for the round and the municipality the parties are not combined, for any audience (design.md 8);
each party's own view needs none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictStr, StringConstraints, model_validator
from pydantic_core import PydanticKnownError

from werkbank.errors import Finding, LegalBasisError, RegisterError
from werkbank.files.models import findings_of, validate
from werkbank.files.yaml import Document, read_yaml
from werkbank.wording import date, did_you_mean, listing

__all__ = ["LegalBasis", "load_legal_bases", "require_legal_basis"]

FILE_NAME = "legal_bases.yaml"
WHOM_TO_ASK = "Vraag het aan het secretariaat van de RIEC-stuurgroep, dat de besluiten bewaart."


def _not_a_number(value: Any) -> Any:
    """Refuse a number, which would pass for seconds since 1970."""
    if isinstance(value, (int, float)):
        raise PydanticKnownError("date_type")
    return value


Day = Annotated[dt.date, BeforeValidator(_not_a_number)]
Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]


class LegalBasis(BaseModel):
    """A recorded decision: which body, when, for which area and rounds, for what, until when, and what it releases."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: Text
    kind: Literal["enforcement_bottleneck", "wgs", "wpg", "avg", "other"]
    body: Text
    decided: Day
    valid_until: Day
    municipalities: Annotated[tuple[Text, ...], Field(min_length=1)]
    rounds: Annotated[tuple[Text, ...], Field(min_length=1)]
    purpose: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=10)]
    retention_until: Day
    releases: tuple[StrictStr, ...] = ()
    dpia: StrictStr | None = None
    note: StrictStr | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if min(self.valid_until, self.retention_until) < self.decided:
            raise ValueError("valid_until en retention_until op of na decided")
        return self

    def objections(self, municipality: str, round: str, day: dt.date) -> Iterator[Finding]:
        """Why this basis does not hold for the municipality and round on that day; nothing when it does."""
        if municipality not in self.municipalities:
            yield self._objection("legal-basis-area", f"geldt niet voor {municipality}", listing(self.municipalities))
        if round not in self.rounds:
            yield self._objection("legal-basis-round", f"geldt niet voor ronde {round}", listing(self.rounds))
        if day < self.decided:
            yield self._objection(
                "legal-basis-not-yet", f"gaat pas in op {date(self.decided)}", "een besluit dat geldt"
            )
        if day > self.valid_until:
            yield self._objection(
                "legal-basis-expired", f"verliep op {date(self.valid_until)}", "een besluit dat geldt"
            )
        if day > self.retention_until:
            yield self._objection(
                "legal-basis-retention",
                f"de bewaartermijn verliep op {date(self.retention_until)}",
                "een besluit dat geldt",
            )

    def _objection(self, rule: str, found: str, allowed: str) -> Finding:
        return Finding(
            rule=rule,
            severity="error",
            file=FILE_NAME,
            found=f"{self.id}: {found}",
            allowed=allowed,
            remedy="leg een besluit vast dat wel geldt",
        )


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    legal_bases: tuple[LegalBasis, ...]


def load_legal_bases(path: Path) -> tuple[LegalBasis, ...]:
    """The recorded legal bases; none when the file does not exist.

    Raises RegisterError with every fault of the file.
    """
    if not path.is_file():
        return ()
    document = read_yaml(path)
    findings = (*findings_of(_File, document), *_doubled(document))
    if findings:
        raise RegisterError("De grondslagen kloppen niet:", findings)
    return validate(_File, document, error=RegisterError).legal_bases


def _doubled(document: Document) -> Iterator[Finding]:
    """One id, two decisions: which of them is meant nobody can tell."""
    entries = document.data.get("legal_bases") if isinstance(document.data, dict) else None
    listed = entries if isinstance(entries, list) else []
    codes = [entry.get("id") if isinstance(entry, dict) else None for entry in listed]
    for place, code in enumerate(codes):
        if isinstance(code, str) and code in codes[:place]:
            yield Finding(
                rule="doubled-legal-basis",
                severity="error",
                file=document.name,
                line=document.line_of(("legal_bases", place, "id")),
                found=f"de grondslag “{code[:60]}” staat er al",
                allowed="elke grondslag één keer",
                remedy="geef elk besluit een eigen id",
            )


def require_legal_basis(path: Path, basis_id: str, municipality: str, round: str, day: dt.date) -> LegalBasis:
    """The legal basis `basis_id`, when it is valid for the municipality, the round and the day.

    Raises LegalBasisError with every reason, and whom to ask.
    """
    bases = {basis.id: basis for basis in load_legal_bases(path)}
    refusal = (
        f"De oordelen van de partijen over {municipality} mogen niet worden samengebracht: "
        "er is geen geldige grondslag."
    )
    if basis_id not in bases:
        near = did_you_mean(basis_id, tuple(bases))
        finding = Finding(
            rule="legal-basis-missing",
            severity="error",
            file=FILE_NAME,
            found=f"de grondslag “{basis_id}” is niet vastgelegd",
            allowed=listing(bases) or "een vastgelegd besluit",
            remedy=near or "leg het besluit vast, of noem een ander in parameters/district.yaml",
        )
        raise LegalBasisError(f"{refusal} {WHOM_TO_ASK}", (finding,))
    objections = tuple(bases[basis_id].objections(municipality, round, day))
    if objections:
        raise LegalBasisError(f"{refusal} {WHOM_TO_ASK}", objections)
    return bases[basis_id]
