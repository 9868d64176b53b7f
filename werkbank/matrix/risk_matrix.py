"""RiskMatrix: all judgements of one round, with the four states kept apart; immutable."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal, Self

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import Places
from werkbank.wording import Shown, count, listing, safe_html

__all__ = ["COLUMNS", "STATES", "Place", "RiskMatrix", "Source", "judgement_frame"]

COLUMNS = ("park_id", "indicator", "party", "state", "level", "remark", "source_strength", "date")
STATES = ("level", "unknown", "not_applicable", "open")
_NO_LEVEL = 255
_STATE_DUTCH = {"level": "ingevuld", "unknown": "onbekend", "not_applicable": "n.v.t.", "open": "leeg"}


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its name, what it claims to be, and the sha256 of its bytes."""

    file: str
    municipality: str
    party: str
    sha256: str
    fictional: bool


def judgement_frame(columns: dict[str, list[object]]) -> pd.DataFrame:
    """The judgements as a frame with the fixed columns and types of RiskMatrix.judgements."""
    made = {name: pd.Series(columns[name], dtype="str") for name in COLUMNS if name not in {"level", "date"}}
    made |= {"level": _levels(columns["level"]), "date": pd.Series(columns["date"], dtype="datetime64[s]")}
    # Made for this frame alone, so they need not be copied.
    return pd.DataFrame(made, columns=list(COLUMNS), copy=False)


def _levels(values: list[Any]) -> pd.Series:
    """Whole numbers with gaps; what pandas itself would make of them takes four times as long."""
    try:
        numbers = np.frombuffer(bytes([_NO_LEVEL if value is None else value for value in values]), dtype="uint8")
    except (TypeError, ValueError):
        return pd.Series(values, dtype="Int8")
    gaps = numbers == _NO_LEVEL
    return pd.Series(pd.arrays.IntegerArray(np.where(gaps, 1, numbers).astype("int8"), gaps))


@dataclass(frozen=True, slots=True, eq=False)
class RiskMatrix(Shown):
    """All judgements of one round: park × indicator × party, each a level, unknown, not applicable or open.

    `park_ids` and `indicators` span the whole table, also where nobody filled in anything.

    >>> matrix = wb.load_round("urk")
    >>> matrix.delivered()
    ('police', 'municipality')
    >>> matrix.levels("police").shape
    (4, 35)
    """

    round: str
    park_ids: tuple[str, ...]
    indicators: tuple[str, ...]
    parties: tuple[str, ...]
    sources: tuple[Source, ...]
    findings: tuple[Finding, ...]
    _judgements: pd.DataFrame = field(repr=False)
    _places: Places = field(default_factory=Places, repr=False)
    """Also takes the whereabouts of each file, one after another."""
    catalogue_versions: tuple[str, ...] = ()
    """The versions of the catalogue by which the workbooks asked; those of an earlier one were translated."""

    def __post_init__(self) -> None:
        if not isinstance(self._places, Places):
            object.__setattr__(self, "_places", Places(self._places))

    @property
    def judgements(self) -> pd.DataFrame:
        """One row per cell: park_id, indicator, party, state, level (Int8), remark, source_strength, date."""
        return self._judgements.copy()

    @property
    def fictional(self) -> bool:
        """True when any file that was read says that its judgements are made up."""
        return any(source.fictional for source in self.sources)

    def delivered(self) -> tuple[str, ...]:
        """The parties of which a file was read."""
        named = {source.party for source in self.sources}
        return tuple(party for party in self.parties if party in named)

    def levels(self, party: str) -> pd.DataFrame:
        """One party's levels, park × indicator, as floats; NaN for unknown, not applicable and open."""
        return self._table(party, self._judgements["level"].to_numpy(dtype="float64", na_value=np.nan), np.nan)

    def not_applicable(self, party: str) -> pd.DataFrame:
        """Where one party says that the indicator does not fit the park, park × indicator, as booleans."""
        return self._table(party, (self._judgements["state"] == "not_applicable").to_numpy(), gap=False)

    def states(self, party: str) -> pd.DataFrame:
        """One party's states, park × indicator: level, unknown, not_applicable or open."""
        return self._table(party, self._judgements["state"].to_numpy(dtype="object"), "open").astype("str")

    def place_of(self, park_id: str, indicator: str, party: str) -> Place | None:
        """Where this judgement stood: sheet and cell, or the line of a text file; None where no file had it."""
        found = (each.of_judgement(park_id, indicator) for each in self._places.of(park_id, party))
        return next((place for place in found if place), None)

    def remark_place_of(
        self, park_id: str, indicator: str, party: str, column: Literal["remark", "source_strength", "date"] = "remark"
    ) -> Place | None:
        """Where the remark beside this judgement stood, or its source strength or date; None where none was read."""
        found = (each.of_remark(park_id, indicator, column) for each in self._places.of(park_id, party))
        return next((place for place in found if place), None)

    def select(self, park_ids: tuple[str, ...]) -> Self:
        """The same matrix for some of its parks; the findings and sources stay."""
        rows = self._judgements[self._judgements["park_id"].isin(park_ids)].reset_index(drop=True)
        kept = tuple(park for park in self.park_ids if park in set(park_ids))
        return replace(self, park_ids=kept, _judgements=rows)

    def equals(self, other: RiskMatrix) -> bool:
        """True when both hold the same judgements, whatever files they came from."""
        order = ["park_id", "indicator", "party"]
        mine, theirs = (matrix._judgements.sort_values(order).reset_index(drop=True) for matrix in (self, other))
        return self.round == other.round and mine.equals(theirs)

    def _table(self, party: str, values: np.ndarray, gap: object) -> pd.DataFrame:
        """One party's part of `values`, one per judgement, as park × indicator; `gap` where there is no judgement."""
        parks = pd.Index(self.park_ids, name="park_id", dtype="str")
        codes = pd.Index(self.indicators, name="indicator", dtype="str")
        own = self._judgements["party"].to_numpy() == party
        row = parks.get_indexer(self._judgements["park_id"].array[own])
        column = codes.get_indexer(self._judgements["indicator"].array[own])
        within = (row >= 0) & (column >= 0)
        places = (row * len(codes) + column)[within]
        if len(np.unique(places)) < len(places):
            raise ValueError(f"{party} judges a cell twice")
        cells = np.full(len(parks) * len(codes), gap, dtype=values.dtype)
        cells[places] = values[own][within]
        return pd.DataFrame(cells.reshape(len(parks), len(codes)), index=parks, columns=codes, copy=False)

    def _summary(self) -> str:
        tally = self._judgements["state"].value_counts()
        cells = listing(f"{tally.get(state, 0)} {name}" for state, name in _STATE_DUTCH.items())
        size = f"{count(len(self.park_ids), 'terrein', 'terreinen')} × {len(self.indicators)} indicatoren"
        return f"Risicomatrix {self.round}: {size}, {count(len(self.parties), 'partij', 'partijen')}; cellen: {cells}"

    def __str__(self) -> str:
        """One line of Dutch: size, and how many cells are in each state."""
        return self._summary()

    def _repr_html_(self) -> str:
        """The size in words, and per party how many cells are in each state."""
        tally = pd.crosstab(self._judgements["party"], self._judgements["state"])
        shown = tally.reindex(columns=list(_STATE_DUTCH), fill_value=0).rename(columns=_STATE_DUTCH)
        table = shown.rename_axis(index=None, columns=None).to_html(escape=True, border=0)
        return str(safe_html("<p>{}</p>", self._summary())) + table
