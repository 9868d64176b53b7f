"""What the index tells of an analysis, kept in the manifest so that no analysis has to be read back for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from werkbank.assessment.assessment import Assessment
from werkbank.report.terms import legal_basis_line
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import find_workspace
from werkbank.wording import count, listing

__all__ = ["figures_of"]

MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


def figures_of(assessment: Assessment) -> Mapping[str, Any]:
    """The figures of one row of the index, as plain values."""
    parks = assessment.parks
    enough = (parks["quadrant"] == "rest") | ((parks["quadrant"] == "act") & ~parks["marked"])
    names = parks.set_index("park_id")["name"]
    return {
        "name": assessment.municipality_name,
        "parks": len(parks),
        "enough": int(enough.sum()),
        "advised": [str(names[park]) for park in assessment.advice.park_ids],
        "coverage": float(parks["coverage"].mean()),
        "two_sided": float(parks["two_sided"].mean()),
        "method": assessment.parameters.method.fingerprint[:MARK],
        "errors": _errors(assessment),
        "legal_basis": legal_basis_line(assessment.legal_basis),
    }


def _errors(assessment: Assessment) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    if not errors:
        return ""
    own = assessment.parameters.catalogue
    catalogue = load_catalogue(None if own is None else find_workspace() / own)
    missing = sum(finding.rule == "missing-workbook" for finding in errors)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = len(errors) - missing
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen"
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"
