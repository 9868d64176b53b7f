"""Legal bases: the recorded decisions on which the parties' information may be brought together.

Without a valid one for the round and the municipality the parties are not combined, for any audience (design.md 8);
each party's own view needs none.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from textwrap import wrap
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, StrictStr, StringConstraints, model_validator

from werkbank.errors import Finding, LegalBasisError, RegisterError
from werkbank.files.models import Day, findings_of, validate
from werkbank.files.yaml import Document, items, packaged, read_yaml
from werkbank.register.events import PROSE
from werkbank.settings.method import Frozen
from werkbank.settings.workspace import EXAMPLE
from werkbank.wording import date, did_you_mean, listing

FILE_NAME = "legal_bases.yaml"
WHOM_TO_ASK = "Vraag het aan het secretariaat van de RIEC-stuurgroep, dat de besluiten bewaart."


Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]


def _per_audience(value: Any) -> Any:
    """A list, as it was written before, is refused with its new spelling; an empty one says nothing."""
    if not isinstance(value, (list, tuple)):
        return value
    if value:
        named = ", ".join(str(one)[:40] for one in value[:3])
        raise ValueError(f"per doelgroep wat zij krijgt, zoals {{municipality: [{named}]}}")
    return {}


class LegalBasis(Frozen):
    """A recorded decision: which body, when, for which area and rounds, for what, until when, and what it releases.

    `releases` are by audience; what each name tells is in releases.yaml.
    """

    id: Text
    kind: Literal["enforcement_bottleneck", "wgs", "wpg", "avg", "other"]
    body: Text
    decided: Day
    valid_until: Day
    municipalities: Annotated[tuple[Text, ...], Field(min_length=1)]
    rounds: Annotated[tuple[Text, ...], Field(min_length=1)]
    purpose: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=10)]
    purposes: tuple[Text, ...] = ()
    retention_until: Day
    releases: Annotated[Mapping[str, tuple[StrictStr, ...]], BeforeValidator(_per_audience)] = {}
    dpia: StrictStr | None = None
    note: StrictStr | None = None

    @model_validator(mode="after")
    def _ends_after_it_begins(self) -> Self:
        if min(self.valid_until, self.retention_until) < self.decided:
            raise ValueError("valid_until en retention_until op of na decided")
        return self

    @property
    def every_purpose(self) -> tuple[str, ...]:
        """What information may be shared for on this basis: its own purpose, and those named beside it."""
        return (self.purpose, *self.purposes)

    def objections(self, municipality: str, round: str, day: dt.date) -> Iterator[Finding]:
        """Why this basis does not hold for the municipality and round on that day; nothing when it does."""
        for rule, holds, what, allowed in (
            ("example", self.id.casefold() != EXAMPLE, "", ""),
            ("area", municipality in self.municipalities, municipality, listing(self.municipalities)),
            ("round", round in self.rounds, round, listing(self.rounds)),
            ("not-yet", day >= self.decided, date(self.decided), ""),
            ("expired", day <= self.valid_until, date(self.valid_until), ""),
            ("retention", day <= self.retention_until, date(self.retention_until), ""),
        ):
            if not holds:
                facts = {"basis": self.id, "what": what, "allowed": allowed}
                yield PROSE.finding(f"legal-basis-{rule}", "", FILE_NAME, **facts)


@lru_cache(maxsize=1)
def releases_explained() -> Mapping[str, str]:
    """Per release what it tells its reader; the closed list of them."""
    told: Mapping[str, str] = packaged(__file__, "releases.yaml")["releases"]
    return told


def releases_comment() -> str:
    """The same as lines behind a `#`, for the head of a file in which people write releases."""
    told = (line for name, text in releases_explained().items() for line in wrap(f"{name}: {text}", 112))
    return "".join(f"# {line}\n" for line in told)


class LegalBases(Frozen):
    """The contents of `data/legal_bases.yaml`."""

    legal_bases: tuple[LegalBasis, ...]


def load_legal_bases(path: Path) -> tuple[LegalBasis, ...]:
    """The recorded legal bases; none when the file does not exist.

    Raises RegisterError with every fault of the file.
    """
    if not path.is_file():
        return ()
    document = read_yaml(path)
    findings = (*findings_of(LegalBases, document), *_doubled(document))
    if findings:
        raise RegisterError("De grondslagen kloppen niet:", findings)
    return validate(LegalBases, document, error=RegisterError).legal_bases


def _doubled(document: Document) -> Iterator[Finding]:
    """One id, two decisions: which of them is meant nobody can tell."""
    codes = [(path, entry.get("id")) for path, entry in items(document.data, "legal_bases")]
    for place, (path, code) in enumerate(codes):
        if isinstance(code, str) and code in [other for _, other in codes[:place]]:
            line = document.line_of((*path, "id"))
            yield PROSE.finding("doubled-legal-basis", "", document.name, line, basis=code[:60])


def require_legal_basis(path: Path, basis_id: str, municipality: str, round: str, day: dt.date) -> LegalBasis:
    """The legal basis `basis_id`, when it is valid for the municipality, the round and the day.

    Raises LegalBasisError with every reason, and whom to ask.
    """
    bases = {basis.id: basis for basis in load_legal_bases(path)}
    basis = bases.get(basis_id)
    objections = (no_basis(basis_id, tuple(bases)),) if basis is None else basis.objections(municipality, round, day)
    if findings := tuple(objections):
        raise LegalBasisError(
            f"De oordelen van de partijen over {municipality} mogen niet worden samengebracht: er is geen geldige "
            f"grondslag. {WHOM_TO_ASK}",
            findings,
        )
    return bases[basis_id]


def no_basis(basis_id: str, known: tuple[str, ...]) -> Finding:
    """That no basis with this id was recorded, with the nearest that was."""
    facts = {"basis": basis_id, "known": listing(known) or "een vastgelegd besluit"}
    return PROSE.finding("legal-basis-missing", did_you_mean(basis_id, known), FILE_NAME, **facts)
