"""What one party delivered about one municipality, column by column; a file may hold several deliveries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.cells import Judgement
from werkbank.matrix.identity import Identity
from werkbank.matrix.known import Known
from werkbank.matrix.places import Key, Whereabouts
from werkbank.matrix.remarks import NO_ANNOTATION, Annotation
from werkbank.matrix.risk_matrix import Source
from werkbank.matrix.translate import translate
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
    identity: Identity, keys: Sequence[Key], judgements: Sequence[Judgement], beside: Mapping[Key, Annotation]
) -> dict[str, list[object]]:
    """The columns of RiskMatrix.judgements for these parks and indicators, in this order."""
    beside_of = [beside.get(key, NO_ANNOTATION) for key in keys] if beside else []
    return {
        "park_id": [park for park, _ in keys],
        "indicator": [code for _, code in keys],
        "party": [identity.party] * len(keys),
        "state": [judgement.state for judgement in judgements],
        "level": [judgement.level for judgement in judgements],
        "remark": [annotation.remark for annotation in beside_of] or [""] * len(keys),
        "source_strength": [annotation.source_strength for annotation in beside_of] or [""] * len(keys),
        "date": [annotation.date for annotation in beside_of] or [None] * len(keys),
    }


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
