"""advice.json: the advice for machines, with stable English keys; scores 0-100 or null, shares 0-1 or null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from werkbank.advice.agreement import Agreement
from werkbank.assessment.assessment import Assessment
from werkbank.files.canonical import to_plain
from werkbank.report.terms import signs
from werkbank.report.view import GroupScore, Park, View, view_of

__all__ = ["advice_document", "advice_schema"]

SCHEMA_VERSION = 1


def advice_document(assessment: Assessment) -> dict[str, Any]:
    """The advice as plain values, for its audience; what was not computed is null, [] or {}, never 0.

    >>> assessment = wb.assess("urk")
    >>> wb.report.advice_document(assessment)["advice"]["park_ids"]
    ['URK-04']
    """
    view = view_of(assessment)
    parameters, basis = assessment.parameters, assessment.legal_basis
    return {
        "schema_version": SCHEMA_VERSION,
        "municipality": parameters.municipality,
        "name": assessment.municipality_name,
        "round": parameters.round,
        "audience": parameters.audience,
        "fictional": assessment.fictional,
        "legal_basis_id": None if basis is None else basis.id,
        "method": to_plain(parameters.method),
        "fingerprint": assessment.fingerprint,
        "parks": [_park(view, park) for park in sorted(view.parks, key=lambda park: park.park_id)],
        "advice": _advice(assessment),
        "agreement": {one.family: _agreement(one) for one in assessment.agreement},
    }


def advice_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every advice.json fits.

    >>> wb.report.advice_schema()["type"]
    'object'
    """
    read: dict[str, Any] = json.loads(Path(__file__).with_name("advice.schema.json").read_text(encoding="utf-8"))
    return read


def _park(view: View, park: Park) -> dict[str, Any]:
    return {
        "park_id": park.park_id,
        "name": park.name,
        "score": park.score,
        "score_low": park.low,
        "score_high": park.high,
        "themes": {group.group: _theme(group) for group in park.groups},
        "coverage": park.coverage,
        "two_sided": park.two_sided,
        "rank": park.rank,
        "rank_low": park.rank_low,
        "rank_high": park.rank_high,
        "district_rank": park.district_rank,
        "p_first": park.p_first,
        "p_selected": park.p_selected,
        "class": park.place,
        "quadrant": park.quadrant,
        "phenomena": _phenomena(view, park),
        "reasons": _reasons(view, park),
    }


def _agreement(one: Agreement) -> dict[str, float | int | None]:
    return {name: getattr(one, name) for name in ("alpha", "gwet_ac2", "identical", "within_one", "bias", "n")}


def _theme(group: GroupScore) -> dict[str, float | None]:
    return {"score": group.score, "low": group.low, "high": group.high, "coverage": group.coverage}


def _phenomena(view: View, park: Park) -> list[dict[str, Any]]:
    return [
        {"id": one.id, "strength": one.strength, "indicators": list(one.indicators), "parties": list(one.parties)}
        for one in signs(view)
        if one.park_id == park.park_id
    ]


def _reasons(view: View, park: Park) -> list[dict[str, Any]]:
    if not view.shows("reasons"):
        return []
    return [
        {"indicator": one.indicator, "party": one.party, "level": one.level, "contribution": one.contribution}
        for one in view.assessment.reasons
        if one.park_id == park.park_id
    ]


def _advice(assessment: Assessment) -> dict[str, Any]:
    advice = assessment.advice
    return {
        "park_ids": list(advice.park_ids),
        "grade": advice.grade,
        "sentence": advice.sentence,
        "contenders": list(advice.contenders),
        "flips": [to_plain(flip) for flip in advice.flips],
        "questions": [to_plain(question) for question in advice.questions],
    }
