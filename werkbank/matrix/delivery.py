"""What one party delivered about one municipality, column by column; a file may hold several deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import Judgement
from werkbank.matrix.identity import Known
from werkbank.matrix.layout import Key
from werkbank.matrix.reading import translate
from werkbank.matrix.remarks import Annotation
from werkbank.matrix.risk_matrix import Source, Whereabouts
from werkbank.wording import listing

__all__ = ["Delivery", "columns_of", "file_fault", "not_asked", "refused", "translated"]

_ALLOWED: Final = "per gemeente en partij één ingevulde risicomatrix"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One delivery as read; without a source nothing of it counts, and its findings say why."""

    source: Source | None
    findings: tuple[Finding, ...]
    columns: Mapping[str, list[object]] = field(default_factory=dict)
    places: Whereabouts | None = None
    catalogue_version: str | None = None
    """The version of the catalogue by which it was asked, when that was an earlier one."""


def refused(*findings: Finding) -> Delivery:
    """A delivery of which nothing counts."""
    return Delivery(None, findings)


def columns_of(
    party: str,
    parks: Sequence[str],
    codes: Sequence[str],
    judgements: Sequence[Judgement],
    beside: Mapping[Key, Annotation],
) -> dict[str, list[object]]:
    """The columns of RiskMatrix.judgements, of which there is one for each indicator of each park, park by park."""
    size = len(parks) * len(codes)
    columns: dict[str, list[object]] = {
        "park_id": [park for park in parks for _ in codes],
        "indicator": [*codes] * len(parks),
        "party": [party] * size,
        "state": [judgement.state for judgement in judgements],
        "level": [judgement.level for judgement in judgements],
        "remark": [""] * size,
        "source_strength": [""] * size,
        "date": [None] * size,
    }
    first = {park: number * len(codes) for number, park in enumerate(parks)}
    place = {code: number for number, code in enumerate(codes)}
    for (park, code), annotation in beside.items():
        row = first[park] + place[code]
        columns["source_strength"][row], columns["date"][row], columns["remark"][row] = annotation
    return columns


def translated(delivery: Delivery, then: Known, known: Known) -> Delivery:
    """The same delivery in terms of the present catalogue, when it was asked by an earlier one."""
    if then is known or delivery.places is None:
        return delivery
    told = translate(delivery.columns, delivery.places, known.catalogue, then.catalogue.version)
    return replace(
        delivery,
        columns=told.columns,
        places=told.places,
        findings=(*delivery.findings, *told.findings),
        catalogue_version=then.catalogue.version,
    )


def file_fault(file: str, rule: str, found: str, remedy: str, severity: Severity = "error") -> Finding:
    """A finding about a file as a whole."""
    return Finding(rule=rule, severity=severity, file=file, found=found, allowed=_ALLOWED, remedy=remedy)


def not_asked(file: str, known: Known) -> Finding:
    """The finding that a party takes no part in this round."""
    return Finding(
        rule="party-not-asked",
        severity="warning",
        file=file,
        found="deze partij doet niet mee in deze ronde; de werkmap is niet gelezen",
        allowed=listing(known.catalogue.party(party).name for party in known.parties or ()),
        remedy="haal het bestand weg, of noem de partij onder parties in parameters/district.yaml",
    )
