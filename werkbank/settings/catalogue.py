"""What a catalogue consists of: its six files, and the frozen value they make together.

`Indicators`, `Scales`, `Phenomena`, `Interventions`, `Partners` and `Audiences` are the models of the
files, `Earlier` that of one more that may be there, and `Catalogue` is all of them. A `Catalogue` whose parts
contradict each other cannot be made: `CatalogueError` names every contradiction.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any, Literal, Protocol, Self, TypeVar

from pydantic import BaseModel, Field, model_validator

from werkbank.errors import CatalogueError, Finding
from werkbank.files.models import FileModel, findings_of
from werkbank.files.yaml import Document, read_yaml
from werkbank.settings.cross_checks import codes, find_faults
from werkbank.settings.entries import (
    Audience,
    Code,
    Duration,
    Family,
    FamilyId,
    Indicator,
    Intervention,
    Level,
    Partner,
    Party,
    Phenomenon,
    Scale,
    Sensitivity,
    State,
    Subcategory,
    Term,
    Text,
    Trigger,
)
from werkbank.wording import count, did_you_mean, listing, nearest, safe_html

__all__ = [
    "FILES",
    "PACKAGED",
    "Audience",
    "Audiences",
    "Catalogue",
    "Duration",
    "Earlier",
    "EarlierIndicator",
    "EarlierVersion",
    "Family",
    "Former",
    "Indicator",
    "Indicators",
    "Intervention",
    "Interventions",
    "Level",
    "Origin",
    "Partner",
    "Partners",
    "Party",
    "Phenomena",
    "Phenomenon",
    "Scale",
    "Scales",
    "Sensitivity",
    "State",
    "Subcategory",
    "Term",
    "Trigger",
    "asked_then",
    "load_catalogue",
    "origins",
    "party_codes",
    "unknown_parties",
]


class Former(FileModel):
    """What an indicator was in an earlier version, as far as the score of that time needs it."""

    name: Text
    family: FamilyId
    best_judge: Code = "both"
    weight: Annotated[float, Field(gt=0, allow_inf_nan=False)] = 1.0
    severity: Annotated[int, Field(ge=1, le=3)] | None = None


class EarlierIndicator(FileModel):
    """An indicator of an earlier version: its code then, and what it has become.

    `becomes`: one code (renamed), several (split), none (dropped); a code that several entries name is a merger.
    `levels`: `same`, `not_comparable`, or the present level of every level of then in order, null where there is none.
    `scale`: that of then, when it is another than the present one. `was`: needed for what was dropped.
    """

    code: Code
    becomes: tuple[Code, ...]
    levels: Literal["same", "not_comparable"] | tuple[Annotated[int, Field(ge=0)] | None, ...] | None = None
    scale: Code | None = None
    was: Former | None = None
    note: Text | None = None


class EarlierVersion(FileModel):
    """One earlier version: the scales that only it had, and the indicators that are otherwise now.

    An indicator of now that no entry names, as a code or as what one became, was the same then, unless its own
    `version` is later.
    """

    version: Text
    scales: tuple[Scale, ...] = ()
    indicators: tuple[EarlierIndicator, ...] = ()


class Earlier(FileModel):
    """The file `mapping.yaml`: the earlier versions, oldest first."""

    earlier: tuple[EarlierVersion, ...] = ()


class _Parts(Protocol):
    """What these functions need of a catalogue."""

    @property
    def version(self) -> str: ...
    @property
    def families(self) -> tuple[Family, ...]: ...
    @property
    def subcategories(self) -> tuple[Subcategory, ...]: ...
    @property
    def sensitivities(self) -> tuple[Sensitivity, ...]: ...
    @property
    def scales(self) -> tuple[Scale, ...]: ...
    @property
    def indicators(self) -> tuple[Indicator, ...]: ...
    @property
    def earlier(self) -> tuple[EarlierVersion, ...]: ...


@dataclass(frozen=True, slots=True)
class Origin:
    """One indicator of an earlier version that a present one comes from.

    `levels`: the present level of every level of then, None where there is none; all None when not comparable.
    """

    code: str
    levels: tuple[int | None, ...]

    @property
    def comparable(self) -> bool:
        """Whether any level can be carried over."""
        return any(level is not None for level in self.levels)

    @property
    def unchanged(self) -> bool:
        """Whether every level is what it was."""
        return self.levels == tuple(range(len(self.levels)))


def asked_then(catalogue: _Parts, then: EarlierVersion) -> tuple[Indicator, ...]:
    """The indicators as that version had them, with the codes and scales of then; what was dropped comes last."""
    first: dict[str, list[EarlierIndicator]] = {}
    for entry in then.indicators:
        for code in entry.becomes[:1]:
            first.setdefault(code, []).append(entry)
    kept = [one for now in catalogue.indicators for one in _then(catalogue, then, now, first.get(now.id, ()))]
    return (*kept, *(_former(catalogue, entry) for entry in then.indicators if not entry.becomes))


def origins(catalogue: _Parts, then: EarlierVersion) -> Mapping[str, tuple[Origin, ...]]:
    """Present code → where it comes from in that version; nothing for what was not asked then."""
    sizes = {scale.id: len(scale.levels) for scale in (*catalogue.scales, *then.scales)}
    asked = {indicator.id: sizes[indicator.scale] for indicator in asked_then(catalogue, then)}
    found: dict[str, tuple[Origin, ...]] = {}
    for now in catalogue.indicators:
        own = [Origin(now.id, tuple(range(sizes[now.scale])))] if _unchanged(catalogue, then, now) else []
        entries = [entry for entry in then.indicators if now.id in entry.becomes]
        found[now.id] = (*own, *(Origin(entry.code, _levels(entry, asked[entry.code])) for entry in entries))
    return found


def _then(
    catalogue: _Parts, then: EarlierVersion, now: Indicator, entries: Sequence[EarlierIndicator]
) -> Iterator[Indicator]:
    if _unchanged(catalogue, then, now):
        yield now
    for entry in entries:
        former = {} if entry.was is None else entry.was.model_dump()
        scale = {} if entry.scale is None else {"scale": entry.scale}
        yield now.model_copy(update={**former, **scale, "id": entry.code, "version": None})


def _unchanged(catalogue: _Parts, then: EarlierVersion, now: Indicator) -> bool:
    """Whether that version asked it as it is asked now: it is no younger, and nothing says otherwise."""
    order = [*(each.version for each in catalogue.earlier), catalogue.version]
    young = now.version is not None and order.index(now.version) > order.index(then.version)
    named = {code for entry in then.indicators for code in (entry.code, *entry.becomes)}
    return not young and now.id not in named


def _former(catalogue: _Parts, entry: EarlierIndicator) -> Indicator:
    """An indicator that was dropped, made up to what reading and scoring need."""
    if entry.was is None:
        raise TypeError("the checks let no dropped indicator through that does not say what it was")
    family = next(each for each in catalogue.families if each.id == entry.was.family)
    heading = next((each.id for each in catalogue.subcategories if each.family == family.id), family.id)
    return Indicator(
        id=entry.code,
        description=entry.note or entry.was.name,
        subcategory=heading,
        phenomena=(),
        scale=entry.scale or family.scale,
        sensitivity=catalogue.sensitivities[-1].id,
        **entry.was.model_dump(),
    )


def _levels(entry: EarlierIndicator, size: int) -> tuple[int | None, ...]:
    if entry.levels == "same":
        return tuple(range(size))
    return (None,) * size if isinstance(entry.levels, str) or entry.levels is None else entry.levels


class Indicators(FileModel):
    """The file `indicators.yaml`."""

    version: Text
    status: Text
    families: Annotated[tuple[Family, ...], Field(min_length=1)]
    subcategories: tuple[Subcategory, ...]
    sensitivities: tuple[Sensitivity, ...]
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]


class Scales(FileModel):
    """The file `scales.yaml`."""

    scales: Annotated[tuple[Scale, ...], Field(min_length=1)]
    states: tuple[State, ...]


class Phenomena(FileModel):
    """The file `phenomena.yaml`."""

    phenomena: tuple[Phenomenon, ...]


class Interventions(FileModel):
    """The file `interventions.yaml`."""

    kinds: tuple[Term, ...]
    frameworks: tuple[Term, ...]
    weights: tuple[Term, ...]
    interventions: tuple[Intervention, ...]


class Partners(FileModel):
    """The file `partners.yaml`."""

    parties: Annotated[tuple[Party, ...], Field(min_length=1)]
    partners: tuple[Partner, ...]


class Audiences(FileModel):
    """The file `audiences.yaml`."""

    audiences: tuple[Audience, ...]


class Catalogue(Indicators, Scales, Phenomena, Interventions, Partners, Audiences, Earlier):
    """The files as one immutable value, of which every cross-reference holds.

    >>> catalogue = wb.load_catalogue()
    >>> catalogue.indicator("V01").name
    'Hennepkwekerij'
    >>> len(catalogue.by_family("threat"))
    16
    """

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        findings = tuple(fault.finding() for fault in find_faults(self.model_dump()))
        if findings:
            message = "De catalogus klopt niet."
            raise CatalogueError(message, findings)
        return self

    def __str__(self) -> str:
        """One line of Dutch: the version, and how much there is of what."""
        return f"Catalogus {self.version}: {', '.join(f'{number} {what}' for what, number in self._sizes().items())}"

    def __repr__(self) -> str:
        return f"<{self}>"

    def _repr_html_(self) -> str:
        table = "".join(
            str(safe_html("<tr><td>{}</td><td>{}</td><td>{}</td></tr>", one.id, one.name, self.family(one.family).name))
            for one in self.indicators
        )
        return (
            f"{safe_html('<p><strong>{}</strong></p>', self)}"
            f"<table><tr><th>Code</th><th>Indicator</th><th>Groep</th></tr>{table}</table>"
        )

    def _sizes(self) -> dict[str, int]:
        return {
            "indicatoren": len(self.indicators),
            "fenomenen": len(self.phenomena),
            "interventies": len(self.interventions),
            "partijen": len(self.parties),
            "doelgroepen": len(self.audiences),
        }

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """The codes of all indicators, in the order of the file."""
        return tuple(indicator.id for indicator in self.indicators)

    @property
    def earlier_versions(self) -> tuple[str, ...]:
        """The versions of which a workbook can be led to this one, oldest first."""
        return tuple(each.version for each in self.earlier)

    def as_of(self, version: str) -> Self:
        """The catalogue as an earlier version asked it: its codes and scales; itself for its own version.

        Good for reading and scoring what was judged then; interventions and headings are those of now.
        """
        if version == self.version:
            return self
        then = self._earlier(version)
        changes = {"indicators": asked_then(self, then), "scales": (*self.scales, *then.scales), "version": version}
        return self.model_copy(update={**changes, "earlier": ()})

    def origins(self, version: str) -> Mapping[str, tuple[Origin, ...]]:
        """Every present code → the indicators of that earlier version it comes from; nothing for a new one."""
        return origins(self, self._earlier(version))

    def _earlier(self, version: str) -> EarlierVersion:
        return next(each for each in self.earlier if each.version == version)

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the catalogue's canonical JSON: equal contents, equal fingerprint."""
        plain = self.model_dump(mode="json")
        canonical = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code; `CatalogueError` with the nearest code if there is none."""
        return _pick(self.indicators, code, "indicator")

    def scale_of(self, indicator: str) -> Scale:
        """The scale on which an indicator is judged."""
        return _pick(self.scales, self.indicator(indicator).scale, "schaal")

    def by_family(self, family: str) -> tuple[Indicator, ...]:
        """The indicators of one family, in the order of the file."""
        return tuple(indicator for indicator in self.indicators if indicator.family == family)

    def family(self, code: str) -> Family:
        """The family with this code."""
        return _pick(self.families, code, "familie")

    def party(self, code: str) -> Party:
        """The party with this code."""
        return _pick(self.parties, code, "partij")

    def phenomenon(self, code: str) -> Phenomenon:
        """The phenomenon with this code."""
        return _pick(self.phenomena, code, "fenomeen")

    def intervention(self, code: str) -> Intervention:
        """The intervention with this code."""
        return _pick(self.interventions, code, "interventie")

    def partner(self, code: str) -> Partner:
        """The partner with this code."""
        return _pick(self.partners, code, "partner")

    def audience(self, code: str) -> Audience:
        """The audience with this code."""
        return _pick(self.audiences, code, "doelgroep")


class _Coded(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Coded)


def _pick(items: tuple[_Item, ...], code: str, noun: str) -> _Item:
    """The item with this code, else an error that names the nearest."""
    for item in items:
        if item.id == code:
            return item
    hint = did_you_mean(code, [item.id for item in items])
    message = f"De catalogus kent geen {noun} “{code}”{'; ' if hint else '.'}{hint}"
    raise CatalogueError(message)


FILES: Mapping[str, type[BaseModel]] = {
    "indicators.yaml": Indicators,
    "scales.yaml": Scales,
    "phenomena.yaml": Phenomena,
    "interventions.yaml": Interventions,
    "partners.yaml": Partners,
    "audiences.yaml": Audiences,
}
"""The files of a catalogue, each with the model it must fit."""

MAPPING_FILE = "mapping.yaml"
"""The one file that may be left out: what became of the indicators of earlier versions."""

MODELS: Mapping[str, type[BaseModel]] = {**FILES, MAPPING_FILE: Earlier}

PACKAGED = Path(__file__).with_name("packaged")
"""The folder of the catalogue that comes with the package."""


def load_catalogue(path: str | Path | None = None) -> Catalogue:
    """The packaged catalogue, or the one in the folder `path`, which then replaces it whole.

    Raises `CatalogueError` with every fault in all files, each with its file and line.

    >>> print(wb.load_catalogue())
    Catalogus 0.1: 35 indicatoren, 16 fenomenen, 30 interventies, 4 partijen, 7 doelgroepen
    """
    return _packaged() if path is None else _load(Path(path))


@functools.cache
def _packaged() -> Catalogue:
    return _load(PACKAGED)


def _load(folder: Path) -> Catalogue:
    documents = {name: read_yaml(folder / name) for name in MODELS if name in FILES or _is_meant(folder, name)}
    findings = [finding for name in documents for finding in _faults_in(folder, documents[name], MODELS[name])]
    findings += _contradictions(documents)
    if findings:
        order = list(MODELS)
        findings.sort(key=lambda finding: (order.index(finding.file or order[0]), finding.line or 0))
        message = f"De catalogus in “{folder.name}” klopt niet: {count(len(findings), 'fout', 'fouten')}."
        raise CatalogueError(message, tuple(findings))
    return Catalogue.model_validate(_merged(documents), strict=False)


def _is_meant(folder: Path, name: str) -> bool:
    """Whether a file is there, or one whose name is nearly that, which would otherwise be passed over in silence."""
    others = [file.name for file in folder.glob("*.yaml") if file.name not in FILES]
    return nearest(name, others) is not None


def _faults_in(folder: Path, document: Document, model: type[BaseModel]) -> tuple[Finding, ...]:
    """A file's own findings; for a missing file with the name of one that looks like it."""
    findings = findings_of(model, document)
    if [finding.rule for finding in findings] != ["file-missing"]:
        return findings
    others = sorted(file.name for file in folder.glob("*") if file.name not in MODELS)
    hint = did_you_mean(document.name, others)
    return (replace(findings[0], remedy=hint or findings[0].remedy, line=None),)


def _merged(documents: Mapping[str, Document]) -> dict[str, Any]:
    """The keys of all files together; what isn't a group of keys has none."""
    return {key: value for document in documents.values() for key, value in _groups(document).items()}


def _groups(document: Document) -> dict[str, Any]:
    known = MODELS[document.name].model_fields
    data = document.data if isinstance(document.data, dict) else {}
    return {key: value for key, value in data.items() if key in known}


def _contradictions(documents: Mapping[str, Document]) -> list[Finding]:
    home = {key: document for document in documents.values() for key in _groups(document)}
    faults = find_faults(_merged(documents))
    return [
        fault.finding(home[str(fault.path[0])].name, home[str(fault.path[0])].line_of(fault.path)) for fault in faults
    ]


FILE = "partners.yaml"
KEY = "parties"


def party_codes(folder: Path | None = None) -> tuple[str, ...]:
    """The codes of the parties in a catalogue's one file; none when it cannot be read, which the catalogue reports."""
    return _packaged_parties() if folder is None else _read(folder)


def unknown_parties(document: Document, folder: Path | None = None) -> Iterator[Finding]:
    """A finding for every party under `parties` that the catalogue in `folder` does not know, with the nearest."""
    known = party_codes(folder)
    named = document.data.get(KEY) if isinstance(document.data, dict) and known else None
    for place, party in enumerate(named if isinstance(named, (list, tuple)) else ()):
        if isinstance(party, str) and party not in known:
            yield Finding(
                rule="unknown-party",
                severity="error",
                file=document.name,
                line=document.line_of((KEY, place)) if document.lines else None,
                found=f"de catalogus kent geen partij “{party[:60]}”",
                allowed=listing(known, last="of"),
                remedy=did_you_mean(party, known) or f"voeg de partij toe aan {FILE} van de catalogus",
            )


@functools.cache
def _packaged_parties() -> tuple[str, ...]:
    return _read(PACKAGED)


def _read(folder: Path) -> tuple[str, ...]:
    data = read_yaml(folder / FILE).data
    return tuple(codes(data, KEY)) if isinstance(data, dict) else ()
