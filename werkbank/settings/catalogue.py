"""The catalogue: what is asked, on which scales, by and for whom, and which measures answer it.

Seven YAML files, each with a model (`werkbank.settings.entries`), together one frozen value. A `Catalogue` whose parts
contradict each other cannot be made: `CatalogueError` names every contradiction with its file and line.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import itemgetter
from pathlib import Path
from typing import Any, Final, Protocol, Self, TypeVar, cast

from pydantic import BaseModel, model_validator

from werkbank.errors import CatalogueError, Finding
from werkbank.files.models import findings_of
from werkbank.files.yaml import Document, codes, items, read_yaml
from werkbank.settings.cross_checks import PROSE, Fault, find_faults, gone_from, masked, told_of, without
from werkbank.settings.entries import (
    Audience,
    Audiences,
    Earlier,
    EarlierIndicator,
    EarlierVersion,
    Family,
    Former,
    Indicator,
    Indicators,
    Intervention,
    Interventions,
    Partner,
    Partners,
    Party,
    Phenomena,
    Phenomenon,
    Scale,
    Scales,
)
from werkbank.settings.method import PACKAGED, catalogue_file
from werkbank.wording import count, did_you_mean, nearest, safe_html

_NOISE = 1e-9
"""Combined levels are read back from points; this undoes the binary noise of that."""


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
        findings = tuple(finding for _, finding in find_faults(self.model_dump()))
        if findings:
            raise CatalogueError("De catalogus klopt niet.", findings)
        return self

    def __str__(self) -> str:
        """One line of Dutch: the version, and how much there is of what."""
        sizes = {
            "indicatoren": self.indicators,
            "fenomenen": self.phenomena,
            "interventies": self.interventions,
            "partijen": self.parties,
            "doelgroepen": self.audiences,
        }
        return f"Catalogus {self.version}: {', '.join(f'{len(entries)} {what}' for what, entries in sizes.items())}"

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

    @property
    def indicator_ids(self) -> tuple[str, ...]:
        """The codes of all indicators, in the order of the file."""
        return tuple(indicator.id for indicator in self.indicators)

    @property
    def earlier_versions(self) -> tuple[str, ...]:
        """The versions of which a workbook can be led to this one, oldest first."""
        return tuple(each.version for each in self.earlier)

    def as_of(self, version: str) -> Self:
        """The catalogue as an earlier version asked it, with the codes of then; itself for its own version.

        Good for reading and scoring what was judged then; interventions and headings are those of now. What was dropped
        comes last.
        """
        if version == self.version:
            return self
        then = self.codes_then(version)
        kept = (one.model_copy(update={"id": then[one.id]}) for one in self.indicators if one.id in then)
        dropped = (self._dropped(entry) for entry in self._earlier(version).indicators if not entry.becomes)
        return self.model_copy(update={"indicators": (*kept, *dropped), "version": version, "earlier": ()})

    def codes_then(self, version: str) -> dict[str, str]:
        """Present code → its code in that earlier version; without what was not asked then, or on another scale."""
        entries, rescaled = self._earlier(version).indicators, self.rescaled_since(version)
        renamed = {code: entry.code for entry in entries for code in entry.becomes if code not in rescaled}
        gone = {*(entry.code for entry in entries), *rescaled}
        order = [*self.earlier_versions, self.version]
        own = {
            one.id: one.id
            for one in self.indicators
            if one.id not in gone and (one.version is None or order.index(one.version) <= order.index(version))
        }
        found = own | renamed
        return {code: found[code] for code in self.indicator_ids if code in found}

    def rescaled_since(self, version: str) -> dict[str, str]:
        """Present code → its code in that earlier version, of what was asked on another scale then."""
        entries = self._earlier(version).indicators
        return {code: entry.code for entry in entries if entry.scale == "other" for code in entry.becomes}

    def _earlier(self, version: str) -> EarlierVersion:
        return next(each for each in self.earlier if each.version == version)

    def _dropped(self, entry: EarlierIndicator) -> Indicator:
        """An indicator that is no longer asked, made up to what reading and scoring need."""
        was = cast("Former", entry.was)
        family = self.family(was.family)
        return Indicator(
            id=entry.code,
            description=entry.note or was.name,
            subcategory=next((each.id for each in self.subcategories if each.family == family.id), family.id),
            phenomena=(),
            scale=family.scale,
            sensitivity=self.sensitivities[-1].id,
            **was.model_dump(),
        )

    @property
    def fingerprint(self) -> str:
        """SHA-256 (hex) of the catalogue's canonical JSON: equal contents, equal fingerprint."""
        return _sha256(self.model_dump(mode="json"))

    @property
    def form_fingerprint(self) -> str:
        """SHA-256 (hex) of what a workbook asks: the rows, what they mean, and the levels to choose from.

        Every workbook carries it. Weights, interventions, audiences and the like may change after it was sent.
        """
        plain = self.model_dump(mode="json", include=_ASKED)
        plain["indicators"].sort(key=itemgetter("id"))
        return _sha256(plain)

    def indicator(self, code: str) -> Indicator:
        """The indicator with this code; `CatalogueError` with the nearest code if there is none."""
        return _pick(self.indicators, code, "indicator")

    def scale_of(self, indicator: str) -> Scale:
        """The scale on which an indicator is judged."""
        return _pick(self.scales, self.indicator(indicator).scale, "schaal")

    def scales_of(self, family: str) -> tuple[tuple[Scale, tuple[str, ...]], ...]:
        """The scales on which the indicators of a family are judged, each with their codes."""
        codes: dict[Scale, list[str]] = {}
        for one in self.by_family(family):
            codes.setdefault(self.scale_of(one.id), []).append(one.id)
        return tuple((scale, tuple(own)) for scale, own in codes.items())

    def by_family(self, family: str) -> tuple[Indicator, ...]:
        """The indicators of one family, in the order of the file."""
        return tuple(indicator for indicator in self.indicators if indicator.family == family)

    def family(self, code: str) -> Family:
        """The family with this code."""
        return _pick(self.families, code, "familie")

    def family_of(self, indicator: str) -> Family:
        """The family of an indicator."""
        return self.family(self.indicator(indicator).family)

    @property
    def required(self) -> Family:
        """The family of suspicions: without any of these nobody is advised."""
        return next(family for family in self.families if family.required)

    @property
    def threats(self) -> tuple[Indicator, ...]:
        """The indicators that are a suspicion of crime, each with a severity."""
        return self.by_family("threat")

    @property
    def severest(self) -> tuple[str, ...]:
        """The threats of the highest severity there is."""
        most = max((one.severity or 0 for one in self.threats), default=0)
        return tuple(one.id for one in self.threats if one.severity == most)

    def high_level(self, indicator: str) -> int:
        """The level from which a judgement of this indicator is high; downwards where its family is protective."""
        return self.scale_of(indicator).high_level(protective=self.family_of(indicator).protective)

    def level(self, indicator: str, word: str) -> int:
        """The level of this indicator that is `lowest`, `high` or `highest`, in the direction of risk."""
        if word == "high":
            return self.high_level(indicator)
        protective = self.family_of(indicator).protective
        return self.scale_of(indicator).highest if (word == "highest") != protective else 0

    def is_high(self, indicator: str, level: float) -> bool:
        """Whether a level, combined or not, is high in the direction of risk."""
        protective = self.family_of(indicator).protective
        beyond = level - self.scale_of(indicator).high_level(protective=protective)
        return (beyond <= _NOISE) if protective else (beyond >= -_NOISE)

    @property
    def owner(self) -> Audience:
        """The audience that makes the analyses: it sees everything, and what is made once is made for it."""
        return next(audience for audience in self.audiences if audience.owner)

    def visible_to(self, audience: Audience) -> tuple[str, ...]:
        """The indicators that an audience may see, by its families and its highest sensitivity."""
        order = [sensitivity.id for sensitivity in self.sensitivities]
        allowed = order[: order.index(audience.sensitivity) + 1]
        seen = (one for one in self.indicators if one.family in audience.families and one.sensitivity in allowed)
        return tuple(one.id for one in seen)

    def asked_of(self, indicator: str, parties: Iterable[str]) -> tuple[str, ...]:
        """Those of these parties that are asked about an indicator."""
        asked = self.indicator(indicator).asked_of
        return tuple(party for party in parties if not asked or party in asked)

    def best_placed(self, indicator: str, parties: Iterable[str]) -> tuple[str, ...]:
        """Whom of these parties to ask about it: who can judge it best, else everyone that is asked."""
        asked, judge = self.asked_of(indicator, parties), self.indicator(indicator).best_judge
        return (judge,) if judge in asked else asked

    def asked_by(self, party: str) -> Self:
        """The catalogue as one party is asked it: without the indicators that it is not asked about."""
        own = tuple(one for one in self.indicators if not one.asked_of or party in one.asked_of)
        if len(own) == len(self.indicators):
            return self
        families = tuple(family for family in self.families if any(one.family == family.id for one in own))
        return self.model_copy(update={"indicators": own, "families": families})

    def party(self, code: str) -> Party:
        """The party with this code; what all of them agreed on is told as if one of them said it."""
        if code == AGREED:
            return Party(id=AGREED, name="afgesproken", file=AGREED)
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


AGREED: Final = "agreed"
"""Stands in the place of a party where the parties agreed on a level."""

_ASKED: Final[dict[str, Any]] = {
    "indicators": {"__all__": {"id", "name", "description", "family", "scale", "asked_of"}},
    "families": {"__all__": {"id", "name", "question"}},
    "scales": {"__all__": {"id": True, "levels": {"__all__": {"value", "name", "anchor"}}}},
    "states": {"__all__": {"code", "description"}},
}
"""What of a catalogue stands in a workbook for who fills it in."""


def _sha256(plain: object) -> str:
    canonical = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


class _Coded(Protocol):
    @property
    def id(self) -> str: ...


_Item = TypeVar("_Item", bound=_Coded)


_MOST_HELD: Final = 100
_by_code: Final[dict[int, tuple[tuple[Any, ...], dict[str, Any]]]] = {}
"""Lists that were asked, each with its items by code: a page asks a hundred thousand times."""


def _pick(items: tuple[_Item, ...], code: str, noun: str) -> _Item:
    """The item with this code, else an error that names the nearest."""
    if id(items) not in _by_code:
        if len(_by_code) > _MOST_HELD:
            _by_code.clear()
        # The list is held with them, so that no other gets its number.
        _by_code[id(items)] = items, {item.id: item for item in reversed(items)}
    _, found = _by_code[id(items)]
    if code in found:
        return found[code]  # type: ignore[no-any-return]
    hint = did_you_mean(code, [item.id for item in items])
    raise CatalogueError(f"De catalogus kent geen {noun} “{code}”{'; ' if hint else '.'}{hint}")


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


def load_catalogue(path: str | Path | None = None) -> Catalogue:
    """The packaged catalogue, or the one in the folder `path`, which then replaces it whole.

    Raises `CatalogueError` with every fault in all files, each with its file and line.

    >>> print(wb.load_catalogue())
    Catalogus 0.2: 35 indicatoren, 16 fenomenen, 31 interventies, 4 partijen, 7 doelgroepen
    """
    return _packaged() if path is None else _load(Path(path))


@functools.cache
def _packaged() -> Catalogue:
    return _load(PACKAGED)


def _load(folder: Path) -> Catalogue:
    documents = _documents(folder)
    faults = tuple(finding for name in documents for finding in _faults_in(folder, documents[name], MODELS[name]))
    catalogue, findings = catalogue_of(documents, faults, own=folder != PACKAGED)
    if catalogue is None:
        message = f"De catalogus in “{folder.name}” klopt niet: {count(len(findings), 'fout', 'fouten')}."
        raise CatalogueError(message, findings)
    return catalogue


def _documents(folder: Path) -> dict[str, Document]:
    # One whose name is nearly that of the file that may be left out would otherwise be passed over in silence.
    others = [file.name for file in folder.glob("*.yaml") if file.name not in FILES]
    return {name: read_yaml(folder / name) for name in MODELS if name in FILES or nearest(name, others)}


def catalogue_of(
    documents: Mapping[str, Document], faults: tuple[Finding, ...], *, own: bool
) -> tuple[Catalogue | None, tuple[Finding, ...]]:
    """The catalogue in documents, each called as its file; None beside all findings when there are any.

    `faults` are what the documents' own models found. What falls away with an indicator that an own catalogue does not
    have, is none (`told_of_catalogue`).
    """
    merged = _merged(documents)
    whole = masked(merged, gone_from(merged)) if own else merged
    order = list(MODELS)
    findings = (*faults, *_contradictions(documents, whole, own=own))
    if findings:
        by_line = sorted(findings, key=lambda each: (order.index(each.file or order[0]), each.line or 0))
        return None, tuple(by_line)
    catalogue = Catalogue.model_validate(without(whole) if own else whole, strict=False)
    return catalogue.model_copy(update={"audiences": _switched(catalogue)}) if own else catalogue, ()


def told_of_catalogue(folder: Path) -> dict[str, str]:
    """What is to be known of a sound catalogue of one's own: what a finding says of all that takes no part in it."""
    merged = _merged(_documents(folder))
    return told_of(merged, gone_from(merged))


def _switched(catalogue: Catalogue) -> tuple[Audience, ...]:
    """The audiences of an own catalogue: its owner, and its documents where none are named, are as packaged.

    An audience that the packaged catalogue does not know gets only the documents that are named for it.
    """
    owner, made = owner_code(), {one.id: one.documents for one in _packaged().audiences}
    changes = (
        {"owner": one.id == owner, "documents": one.documents or made.get(one.id, ())} for one in catalogue.audiences
    )
    return tuple(one.model_copy(update=own) for one, own in zip(catalogue.audiences, changes, strict=True))


def _switch_faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """An own catalogue keeps the audience that makes the analyses, and makes no other into it."""
    owner = owner_code()
    for path, entry in items(data, "audiences"):
        if entry.get("owner") is True and entry.get("id") != owner:
            yield (*path, "owner"), PROSE.finding("audience-switch", audience=entry.get("id"), key="owner")
    if "audiences" in data and owner not in codes(data, "audiences"):
        yield ("audiences",), PROSE.finding("audience-missing", owner=owner)


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


def _contradictions(documents: Mapping[str, Document], merged: Mapping[str, Any], *, own: bool) -> Iterator[Finding]:
    home = {key: document for document in documents.values() for key in _groups(document)}
    for path, finding in (*find_faults(merged), *(_switch_faults(merged) if own else ())):
        file = home[str(path[0])]
        yield replace(finding, file=file.name, line=file.line_of(path))


def codes_in(file: str, key: str, folder: Path | None = None) -> tuple[str, ...]:
    """The codes in one list of one file of a catalogue; none when it cannot be read, which the catalogue reports."""
    return tuple(codes(catalogue_file(file, folder), key))


def owner_code() -> str:
    """The audience that makes the analyses, without reading the whole catalogue."""
    listed = items(catalogue_file("audiences.yaml", None), "audiences")
    return next(str(entry["id"]) for _, entry in listed if entry.get("owner"))
