"""Context figures of one park beside those of the municipality, as rows for its page; nothing is scored with them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from werkbank.assessment.assessment import Assessment
from werkbank.parks.context import FIGURES, REFERENCE_DATE, Figure, printed

__all__ = ["ContextTable", "context_table"]

FEWEST_FOR_A_MIDDLE = 3
"""Parks with a figure before its middle value is told; with two it would be the other park's."""


@dataclass(frozen=True, slots=True)
class ContextRow:
    """One figure: its name, this park's value, and the middle value of the municipality's parks if there is one."""

    name: str
    value: str
    middle: str


@dataclass(frozen=True, slots=True)
class ContextTable:
    """The figures of one park, and the day they refer to when the file says so."""

    rows: tuple[ContextRow, ...]
    reference_date: str


def context_table(assessment: Assessment, park_id: str) -> ContextTable | None:
    """The figures of a park in their fixed order; None when nothing is known of it."""
    figures = assessment.context
    own = figures[figures["park_id"] == park_id]
    if own.empty:
        return None
    values = {name: value for name, value in own.iloc[0].items() if name != "park_id" and not _missing(value)}
    known = [figure for figure in FIGURES if figure.id in values]
    rows = tuple(
        ContextRow(figure.name, printed(figure, values[figure.id]), _middles(assessment)[figure.id])
        for figure in known
        if figure.id != REFERENCE_DATE
    )
    day = next((printed(figure, values[figure.id]) for figure in known if figure.id == REFERENCE_DATE), "")
    return ContextTable(rows, day) if rows else None


def _missing(value: object) -> bool:
    return value in ("", None) or (isinstance(value, float) and pd.isna(value))


@lru_cache(maxsize=4)
def _middles(assessment: Assessment) -> dict[str, str]:
    """Per figure its middle value in the municipality, as it is printed."""
    figures = assessment.context
    return {figure.id: _middle(figure, figures[figure.id]) for figure in FIGURES if figure.id in figures}


def _middle(figure: Figure, column: pd.Series) -> str:
    """The median of the parks that have the figure; nothing where that is a word or of too few."""
    known = column.dropna()
    if not figure.is_number or len(known) < FEWEST_FOR_A_MIDDLE:
        return ""
    middle = float(known.median())
    return printed(figure, math.floor(middle + 0.5) if figure.kind in {"year", "count"} else middle)
