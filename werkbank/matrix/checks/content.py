"""All checks for which the matrix itself is enough, in one call."""

from __future__ import annotations

import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.checks import (
    beside_findings,
    copied_park_findings,
    copied_party_findings,
    cube_of,
    returns_of,
    straight_findings,
)
from werkbank.matrix.layout import Place
from werkbank.matrix.personal_data import personal_findings
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.settings.catalogue import Catalogue

__all__ = ["content_findings"]

_SAYS_NO_MORE = frozenset({"missing-park", "missing-indicator", "park-of-other-municipality"})
"""Errors that leave no cell open that was filled in."""


def content_findings(matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame) -> tuple[Finding, ...]:
    """What in these judgements and remarks must be looked at; no finding is an error, for all of it counts.

    `parks` is the register (`load_parks`). The findings that reading gave tell which cells are open only because they
    could not be read.
    """
    errors = [each for each in matrix.findings if each.severity == "error"]
    unreadable = frozenset(Place(each.file, each.sheet, each.cell, each.line) for each in errors if each.file)
    files = frozenset(each.file for each in errors if each.file and each.rule not in _SAYS_NO_MORE)
    returns = list(returns_of(matrix, cube_of(matrix), parks))
    return (
        *(found for each in returns for found in straight_findings(each, catalogue, with_errors=files)),
        *copied_party_findings(returns, catalogue),
        *(found for each in returns for found in copied_park_findings(each)),
        *beside_findings(matrix, unreadable=unreadable),
        *personal_findings(matrix, parks),
    )
