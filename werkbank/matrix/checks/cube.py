"""The judgements of a round as one block of numbers, and the returns within it: what the checks look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import RiskMatrix

__all__ = [
    "ABSENT",
    "NOT_APPLICABLE",
    "OPEN",
    "UNKNOWN",
    "Levels",
    "Mask",
    "Return",
    "cube_of",
    "returns_of",
    "sheet_of",
]

Levels = np.ndarray[Any, np.dtype[np.int8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

UNKNOWN: Final = -1
NOT_APPLICABLE: Final = -2
OPEN: Final = -3
ABSENT: Final = -4
"""Below 0 stand the states that are no level; absent: this party delivered nothing about this park."""

_NO_LEVEL: Final = {"unknown": UNKNOWN, "not_applicable": NOT_APPLICABLE, "open": OPEN}


def cube_of(matrix: RiskMatrix) -> Levels:
    """Parties × parks × indicators, in the order of the matrix: the level, or a state below 0."""
    frame = matrix.judgements
    spans = (matrix.parties, matrix.park_ids, matrix.indicators)
    names = ("party", "park_id", "indicator")
    rows = [pd.Index(span).get_indexer(pd.Index(frame[name])) for span, name in zip(spans, names, strict=True)]
    values = frame["level"].to_numpy(dtype=np.int8, na_value=ABSENT)
    states = frame["state"].to_numpy(dtype=object)
    for state, value in _NO_LEVEL.items():
        values[states == state] = value
    cube = np.full([len(span) for span in spans], ABSENT, dtype=np.int8)
    known = np.logical_and.reduce([row >= 0 for row in rows])
    cube[tuple(row[known] for row in rows)] = values[known]
    return cube


def cell_at(frame: pd.DataFrame, row: int) -> tuple[str, str, str]:
    """Park, indicator and party of one row of the judgements, counted from 0."""
    park_id, indicator, party = (str(frame[name].iat[row]) for name in ("park_id", "indicator", "party"))
    return park_id, indicator, party


@dataclass(frozen=True, slots=True, eq=False)
class Return:
    """What one party says about the parks of one municipality: parks × indicators."""

    matrix: RiskMatrix
    municipality: str
    party: str
    park_ids: Sequence[str]
    values: Levels

    @property
    def answered(self) -> Mask:
        """Where the party says something of the park: a level, or that the indicator does not fit."""
        answered: Mask = (self.values >= 0) | (self.values == NOT_APPLICABLE)
        return answered

    @property
    def files(self) -> tuple[str, ...]:
        """The file or files it came in."""
        mine = (self.municipality, self.party)
        return tuple(each.file for each in self.matrix.sources if (each.municipality, each.party) == mine)

    @property
    def place(self) -> Place | None:
        """Its file and sheet."""
        return sheet_of(self.matrix, self.park_ids, self.party)

    def place_of(self, park: int, indicator: int) -> Place | None:
        """Where a judgement stands; both counted from 0."""
        return self.matrix.place_of(self.park_ids[park], self.matrix.indicators[indicator], self.party)


def sheet_of(matrix: RiskMatrix, park_ids: Sequence[str], party: str) -> Place | None:
    """The file and sheet in which a party's judgements about these parks stand."""
    found = (matrix.place_of(park, indicator, party) for park in park_ids for indicator in matrix.indicators)
    place = next((place for place in found if place), None)
    return place and Place(place.file, place.sheet)


def returns_of(matrix: RiskMatrix, cube: Levels, parks: pd.DataFrame) -> Iterator[Return]:
    """Every return in the matrix, municipality by municipality; `parks` is the register."""
    homes = dict(zip(parks["park_id"], parks["municipality"], strict=True))
    rows: dict[str, list[int]] = {}
    for row, park in enumerate(matrix.park_ids):
        rows.setdefault(str(homes.get(park, "")), []).append(row)
    for municipality, own in rows.items():
        for number, party in enumerate(matrix.parties):
            values = cube[number, own]
            present = (values != ABSENT).any(axis=1)
            if present.any():
                park_ids = tuple(matrix.park_ids[row] for row, there in zip(own, present, strict=True) if there)
                yield Return(matrix, municipality, party, park_ids, values[present])
