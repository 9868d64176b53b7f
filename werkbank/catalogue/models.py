"""What a catalogue consists of: its six files, and the frozen value they make together.

`Indicators`, `Scales`, `Phenomena`, `Interventions`, `Partners` and `Audiences` are the models of the
files, `Earlier` that of one more that may be there, and `Catalogue` is all of them. A `Catalogue` whose parts
contradict each other cannot be made: `CatalogueError` names every contradiction.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Annotated, Protocol, Self, TypeVar

from pydantic import Field, model_validator

from werkbank.catalogue.earlier import Earlier, EarlierVersion
from werkbank.catalogue.earlier_view import Origin, asked_then, origins
from werkbank.catalogue.entries import (
    Audience,
    Duration,
    Family,
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
from werkbank.catalogue.references import find_faults
from werkbank.catalogue.yaml_loader import FileModel
from werkbank.errors import CatalogueError
from werkbank.wording import did_you_mean, safe_html

__all__ = [
    "Audience",
    "Audiences",
    "Catalogue",
    "Duration",
    "Earlier",
    "Family",
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
]


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
