"""What one run needs: YAML in two levels, validated into frozen Parameters and Method.

`parameters/district.yaml` holds everything; `parameters/<municipality>.yaml` names one municipality and may deviate,
with a reason. There is no third level. The workspace is `WERKBANK_WORKSPACE`, else the nearest ancestor of the
working directory that holds `parameters/district.yaml`; every relative path is within it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, Self, TypeVar

from pydantic import AfterValidator, Field, StrictInt, StrictStr, StringConstraints, model_validator

from werkbank.errors import Finding, ParametersError
from werkbank.files.models import findings_of
from werkbank.files.yaml import Document, read_yaml
from werkbank.files.yaml import Path as Place
from werkbank.settings.catalogue import unknown_parties
from werkbank.settings.method import Frozen, Method, overlay, sha256
from werkbank.settings.workspace import DISTRICT_FILE, find_workspace, municipality_slugs
from werkbank.wording import capital, did_you_mean, facts_html, listing

__all__ = [
    "Colophon",
    "Deviations",
    "Distribution",
    "DistrictFile",
    "Imprint",
    "Method",
    "MunicipalityFile",
    "Parameters",
    "Parties",
    "RoundName",
    "Slug",
    "find_workspace",
    "load_parameters",
    "municipality_slugs",
]

Text = Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=1)]


def _distinct(parties: tuple[str, ...]) -> tuple[str, ...]:
    if len(set(parties)) < len(parties):
        raise ValueError("elke partij één keer")
    return parties


def _within_workspace(folder: str) -> str:
    if ".." in re.split(r"[/\\]", folder):
        raise ValueError("een map binnen de map van de werkbank, of een volledig pad, zonder “..”")
    return folder


_ADDRESS = re.compile(r"@|\d[\d\s().+-]{5,}")
"""An e-mail address or a telephone number."""


def _no_address(role: str) -> str:
    if _ADDRESS.search(role):
        raise ValueError("een rol of functie, zonder naam, e-mailadres of telefoonnummer")
    return role


def _distinct_roles(roles: tuple[str, ...]) -> tuple[str, ...]:
    if len({role.casefold() for role in roles}) < len(roles):
        raise ValueError("elke rol één keer")
    return roles


Role = Annotated[
    StrictStr, StringConstraints(strip_whitespace=True, min_length=2, max_length=80), AfterValidator(_no_address)
]
Roles = Annotated[tuple[Role, ...], Field(max_length=30), AfterValidator(_distinct_roles)]
Folder = Annotated[Text, AfterValidator(_within_workspace)]
Parties = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_distinct)]
Slug = Annotated[StrictStr, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
RoundName = Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=40)]

_METHOD_KEYS = tuple(Method.model_fields)


class Distribution(Frozen):
    """Per audience the roles that get its copy; whoever is not named gets none by this list."""

    riec: Roles = ()
    police: Roles = ()
    municipality: Roles = ()
    steering: Roles = ()
    partners: Roles = ()
    entrepreneurs: Roles = ()
    public: Roles = ()


class Imprint(Frozen):
    """Who made the copies of one audience and who gets them, by role."""

    made_by: Role | None = None
    readers: Roles = ()


class Colophon(Frozen):
    """Who made the report and who gets it, by role and never by name; nothing in it changes an outcome."""

    made_by: Role | None = None
    distribution: Distribution = Distribution()

    def of(self, audience: object) -> dict[str, object]:
        """What the copies of one audience say; who gets another's copy is not in it."""
        readers = next((roles for name, roles in self.distribution if name == audience), ())
        return {"made_by": self.made_by, "readers": readers}

    def over(self, district: Colophon) -> Colophon:
        """What a municipality says of itself goes before what its district says; the rest is the district's."""
        own = {name: roles for name, roles in self.distribution if roles}
        return Colophon(
            made_by=self.made_by or district.made_by, distribution=district.distribution.model_copy(update=own)
        )


class DistrictFile(Frozen):
    """The contents of `parameters/district.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”"),
        "deviations": "een afwijking hoort in het bestand van de gemeente, zoals urk.yaml",
    }

    district: Text
    round: RoundName
    earlier_round: RoundName | None = None
    data: Folder = "data"
    output: Folder = "output"
    parties: Parties = ("police", "municipality")
    catalogue: Folder | None = None
    capacity: Annotated[StrictInt, Field(ge=1)] = 1
    legal_basis: Text
    report: Colophon = Colophon()
    method: Method = Method()

    @model_validator(mode="after")
    def _two_rounds(self) -> Self:
        if self.earlier_round == self.round:
            raise ValueError("een earlier_round die een andere ronde is dan round")
        return self


class Deviations(Frozen):
    """What one municipality does otherwise than the district, and why."""

    MISPLACED: ClassVar[dict[str, str]] = dict.fromkeys(_METHOD_KEYS, "zet dit onder “method”")

    reason: Annotated[StrictStr, StringConstraints(strip_whitespace=True, min_length=10)]
    capacity: Annotated[StrictInt, Field(ge=1)] | None = None
    legal_basis: Text | None = None
    method: dict[str, Any] | None = None


class MunicipalityFile(Frozen):
    """The contents of `parameters/<municipality>.yaml`."""

    MISPLACED: ClassVar[dict[str, str]] = {
        **dict.fromkeys(
            _METHOD_KEYS, "zet dit onder “deviations” en daarbinnen onder “method”, met een “reason” erbij"
        ),
        **dict.fromkeys(DistrictFile.model_fields, "dit staat voor het hele district vast: zet het in district.yaml"),
        **dict.fromkeys(("method", "capacity", "legal_basis"), "zet dit onder “deviations”, met een “reason” erbij"),
        "reason": "zet dit onder “deviations”",
    }

    municipality: Slug
    code: Annotated[StrictStr, Field(pattern=r"^GM\d{4}$")]
    name: Text
    report: Colophon = Colophon()
    deviations: Deviations | None = None


_Mark = TypeVar("_Mark")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


FICTIONAL_MARK = "FICTIEVE_GEGEVENS.json"
"""Lies in a data folder in which everything is invented."""


class Parameters(Frozen):
    """All that one run needs, checked; equal parameters give equal results on equal data.

    `data` and `output` are absolute; they, `workspace` and `report` (who made it, who gets it) stay out of the
    fingerprint.

    >>> parameters = wb.load_parameters("urk")
    >>> parameters.name, parameters.round, parameters.parties
    ('Urk', '2026-1', ('police', 'municipality'))
    """

    workspace: Path
    data: Path
    output: Path
    district: str
    round: RoundName
    earlier_round: RoundName | None
    parties: Parties
    catalogue: str | None
    capacity: Annotated[StrictInt, Field(ge=1)]
    legal_basis: str
    municipality: Slug
    code: str
    name: str
    deviation_reason: str | None
    audience: Literal["riec", "police", "municipality", "steering", "partners", "entrepreneurs", "public"] = "riec"
    report: Imprint = Imprint()
    method: Method

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything that can change an outcome: not the place on disk, not the colophon."""
        return sha256(self.model_dump(exclude={"workspace", "data", "output", "report"}))

    @property
    def catalogue_path(self) -> Path | None:
        """The folder of the user's own catalogue, or None for the packaged one."""
        return None if self.catalogue is None else self.workspace / self.catalogue

    def _repr_html_(self) -> str:
        facts = {
            "Ronde": self.round,
            "Vorige ronde": self.earlier_round or "–",
            "Partijen": ", ".join(self.parties),
            "Terreinen die gekozen kunnen worden": self.capacity,
            "Grondslag": self.legal_basis,
            "Reden van afwijking": self.deviation_reason or "–",
            "Doelgroep": self.audience,
            "Methode": self.method.fingerprint[:8],
        }
        return facts_html(f"Parameters van {self.name}, district {self.district}", facts)

    def portable(self) -> Self:
        """The same parameters without any place on this machine."""
        return self.model_copy(update={"workspace": Path(), "data": Path("data"), "output": Path("output")})

    @property
    def marked_fictional(self) -> bool:
        """Whether the data folder carries the mark of invented data."""
        return (self.data / FICTIONAL_MARK).is_file()

    @property
    def output_folder(self) -> Path:
        """Where the results of this round, audience and municipality belong."""
        return self.output / self.round / self.audience / self.municipality


def load_parameters(municipality: str, **overrides: Any) -> Parameters:
    """Parameters for one municipality, with every fault of both files named at once.

    `overrides` are fields of Parameters (`round`, `audience`, `parties`, `capacity`, …) and `method`, a mapping with
    the keys of Method to change. Raises ParametersError.

    >>> only_threat = {"group_weights": {"threat": 1, "opportunity": 0, "resilience_gap": 0}}
    >>> wb.load_parameters("urk", method=only_threat).method.group_weights.threat
    1.0
    """
    workspace = find_workspace()
    district_doc, municipality_doc = _documents(workspace, municipality)
    findings = [
        *findings_of(DistrictFile, district_doc),
        *findings_of(MunicipalityFile, municipality_doc),
        *_stem_finding(municipality_doc, municipality),
        *_deviation_findings(district_doc, municipality_doc),
        *_override_findings(overrides),
        *_party_findings(workspace, district_doc, overrides),
    ]
    if findings:
        raise ParametersError("De parameters kloppen niet:", tuple(findings))
    return _resolve(workspace, district_doc.data, municipality_doc.data, overrides)


def _documents(workspace: Path, municipality: str) -> tuple[Document, Document]:
    """The two YAML files; a municipality without a file is refused with the nearest that has one."""
    slugs = municipality_slugs(workspace)
    shown = str(municipality)[:60]
    if municipality not in slugs:
        question = capital(did_you_mean(shown, slugs))
        sentences = (
            f"De gemeente “{shown}” is niet bekend.",
            question,
            f"Er zijn parameters voor: {listing(slugs) or 'geen enkele gemeente'}.",
        )
        raise ParametersError(" ".join(filter(None, sentences)))
    if not _SLUG.fullmatch(municipality):
        raise ParametersError(
            f"De bestandsnaam “{shown}.yaml” is geen naam voor een gemeente: gebruik kleine letters, cijfers en "
            "streepjes, zoals noordoostpolder.yaml."
        )
    folder = workspace / "parameters"
    return read_yaml(folder / DISTRICT_FILE), read_yaml(folder / f"{municipality}.yaml")


def _stem_finding(document: Document, municipality: str) -> Iterator[Finding]:
    """The key `municipality` repeats the file's name, so that a copied file is noticed."""
    named = document.data.get("municipality") if isinstance(document.data, dict) else None
    if isinstance(named, str) and named != municipality:
        yield Finding(
            rule="municipality-not-file-name",
            severity="error",
            file=document.name,
            line=document.line_of(("municipality",)),
            found=f"municipality is “{named}”",
            allowed=f"gelijk aan de bestandsnaam: “{municipality}”",
            remedy="pas de sleutel of de bestandsnaam aan",
        )


def _deviation_findings(district: Document, municipality: Document) -> Iterator[Finding]:
    """A municipality's own method is checked key by key, as strictly as the district's and with its own lines."""
    own = _deviating_method(municipality.data)
    if not own:
        return
    base = district.data.get("method") if isinstance(district.data, dict) else None
    # On top of a faulty method the same faults would be named twice, the second time in the wrong file.
    sound = isinstance(base, dict) and not findings_of(Method, Document(district.name, base))
    nested = Document(
        name=municipality.name,
        data=overlay(base if isinstance(base, dict) and sound else {}, own),
        lines=_below(municipality.lines, ("deviations", "method")),
        written=_below(municipality.written, ("deviations", "method")),
    )
    yield from findings_of(Method, nested)


def _below(marks: Mapping[Place, _Mark], prefix: Place) -> dict[Place, _Mark]:
    """The marks of what lies under a key, by their path from there."""
    return {path[len(prefix) :]: mark for path, mark in marks.items() if path[: len(prefix)] == prefix}


def _override_findings(overrides: Mapping[str, Any]) -> Iterator[Finding]:
    allowed = sorted(set(Parameters.model_fields) - {"workspace", "municipality", "code", "name", "deviation_reason"})
    for name in overrides:
        if name not in allowed:
            remedy = did_you_mean(name, allowed) or "haal de parameter weg"
            yield _override_fault("unknown-parameter", f"onbekende parameter “{name[:60]}”", listing(allowed), remedy)
    for name in ("data", "output"):
        if not isinstance(overrides.get(name, ""), (str, Path)):
            yield _override_fault("wrong-type", f"“{name}” is geen map", "een pad", f"verbeter {name}")
    method = overrides.get("method")
    if isinstance(method, Mapping):
        yield from findings_of(Method, Document("method", dict(method)))
    elif method is not None and not isinstance(method, Method):
        found, allowed_method = "“method” is geen methode", "een Method of een groep sleutels"
        yield _override_fault("wrong-type", found, allowed_method, "verbeter method")


def _party_findings(workspace: Path, district: Document, overrides: Mapping[str, Any]) -> Iterator[Finding]:
    """A party that the catalogue does not know, in the file or in what overrides it."""
    data = district.data if isinstance(district.data, dict) else {}
    folder = overrides.get("catalogue", data.get("catalogue"))
    named = Document("parameters", dict(overrides)) if "parties" in overrides else district
    yield from unknown_parties(named, workspace / folder if isinstance(folder, str) else None)


def _override_fault(rule: str, found: str, allowed: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy)


def _resolve(
    workspace: Path, district: dict[str, Any], municipality: dict[str, Any], overrides: dict[str, Any]
) -> Parameters:
    """Two validated files and the overrides become one frozen value."""
    base = DistrictFile.model_validate(district)
    own = MunicipalityFile.model_validate(municipality)
    method = overlay(district.get("method") or {}, _deviating_method(municipality))
    changed = overrides.pop("method", None)
    if isinstance(changed, Method):
        method = changed.model_dump()
    elif changed is not None:
        method = overlay(method, changed)
    fields: dict[str, Any] = {
        **base.model_dump(exclude={"method", "data", "output"}),
        **({key: value for key, value in own.deviations if value is not None} if own.deviations else {}),
        **own.model_dump(include={"municipality", "code", "name"}),
        "deviation_reason": own.deviations.reason if own.deviations else None,
        "report": own.report.over(base.report).of(overrides.get("audience", "riec")),
        "data": base.data,
        "output": base.output,
        "workspace": workspace,
        **overrides,
        "method": method,
    }
    fields.pop("reason", None)
    fields["data"] = (workspace / fields["data"]).resolve()
    fields["output"] = (workspace / fields["output"]).resolve()
    return _validated(fields)


def _validated(fields: dict[str, Any]) -> Parameters:
    findings = findings_of(Parameters, Document(name="parameters", data=fields, lines={}))
    if findings:
        raise ParametersError("De opgegeven parameters kloppen niet:", tuple(findings))
    return Parameters.model_validate(fields)


def _deviating_method(municipality: Any) -> dict[str, Any]:
    deviations = municipality.get("deviations") if isinstance(municipality, dict) else None
    method = deviations.get("method") if isinstance(deviations, dict) else None
    return method if isinstance(method, dict) else {}
