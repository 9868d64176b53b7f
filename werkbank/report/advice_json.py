"""advice.json: the advice for machines, with stable English keys; scores 0-100 or null, shares 0-1 or null."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.files.canonical import to_plain
from werkbank.report.terms import signs
from werkbank.report.view import Park, View, view_of

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
        "agreement": {
            one.family: _of(one, "alpha", "gwet_ac2", "identical", "within_one", "bias", "n")
            for one in assessment.agreement
        },
    }


def advice_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) that every advice.json fits.

    >>> wb.report.advice_schema()["type"]
    'object'
    """
    read: dict[str, Any] = json.loads(Path(__file__).with_name("advice.schema.json").read_text(encoding="utf-8"))
    return read


def _of(one: object, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def _park(view: View, park: Park) -> dict[str, Any]:
    return {
        **_of(park, "park_id", "name", "score"),
        "score_low": park.low,
        "score_high": park.high,
        "themes": {group.group: _of(group, "score", "low", "high", "coverage") for group in park.groups},
        **_of(park, "coverage", "two_sided", "rank", "rank_low", "rank_high", "district_rank", "p_first", "p_selected"),
        "class": park.place,
        "quadrant": park.quadrant,
        "phenomena": [
            {"id": one.id, "strength": one.strength, "indicators": list(one.indicators), "parties": list(one.parties)}
            for one in signs(view)
            if one.park_id == park.park_id
        ],
        "reasons": [
            _of(one, "indicator", "party", "level", "contribution")
            for one in view.assessment.reasons
            if one.park_id == park.park_id and view.shows("reasons")
        ],
    }


def _advice(assessment: Assessment) -> dict[str, Any]:
    advice = assessment.advice
    return {
        "park_ids": list(advice.park_ids),
        **_of(advice, "grade", "sentence"),
        "contenders": list(advice.contenders),
        "flips": [to_plain(flip) for flip in advice.flips],
        "questions": [to_plain(question) for question in advice.questions],
    }
