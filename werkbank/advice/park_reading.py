"""One park of an assessment as plain values: per indicator the combined level and who judged what, on what source."""

# ruff: noqa: D102 - the members of the protocol are explained where they are made

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from werkbank.advice.phenomena import Indication
from werkbank.errors import Finding
from werkbank.register import LegalBasis
from werkbank.settings.parameters import Parameters

__all__ = ["Assessed", "CellReading", "Judged", "ParkReading", "read_park"]


class Assessed(Protocol):
    """What a plan needs of an assessment; the Assessment itself is made further on."""

    @property
    def version(self) -> str: ...
    @property
    def parameters(self) -> Parameters: ...
    @property
    def catalogue_version(self) -> str: ...
    @property
    def catalogue_fingerprint(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def fictional(self) -> bool: ...
    @property
    def legal_basis(self) -> LegalBasis | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def indications(self) -> tuple[Indication, ...]: ...
    @property
    def municipality_name(self) -> str: ...
    @property
    def parks(self) -> pd.DataFrame: ...
    @property
    def cells(self) -> pd.DataFrame: ...
    @property
    def judgements(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One party's level, with the strength of its source: A, B, C or empty."""

    party: str
    level: int
    source_strength: str


@dataclass(frozen=True, slots=True)
class CellReading:
    """The combined level of one indicator, None when nobody knows it or when it does not apply."""

    indicator: str
    level: float | None
    applicable: bool
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkReading:
    """One park: its cells, and how much is known by anyone and by every party, in percent 0-100."""

    park_id: str
    name: str
    net_ha: float | None
    cells: tuple[CellReading, ...]
    coverage: float | None
    two_sided: float | None

    def cell(self, indicator: str) -> CellReading:
        """The cell of this indicator; one that was never asked does not apply."""
        found = (cell for cell in self.cells if cell.indicator == indicator)
        return next(found, CellReading(indicator, None, applicable=False))


def read_park(assessed: Assessed, park_id: str) -> ParkReading:
    """The park's row, cells and judgements as plain values. Raises KeyError for a park that is not there."""
    row = assessed.parks.set_index("park_id").loc[park_id]
    cells, judgements = assessed.cells, assessed.judgements
    own = judgements[(judgements["park_id"] == park_id) & (judgements["state"] == "level")]
    said: dict[str, list[Judged]] = {}
    for one in own.itertuples():
        said.setdefault(str(one.indicator), []).append(_judged(one))
    return ParkReading(
        park_id=park_id,
        name=str(row["name"]),
        net_ha=_figure(row["net_ha"]),
        cells=tuple(_cell(one, said) for one in cells[cells["park_id"] == park_id].itertuples()),
        coverage=_percent(row["coverage"]),
        two_sided=_percent(row["two_sided"]),
    )


def _cell(row: Any, said: dict[str, list[Judged]]) -> CellReading:
    code = str(row.indicator)
    return CellReading(code, _figure(row.level), bool(row.applicable), tuple(said.get(code, ())))


def _judged(row: Any) -> Judged:
    return Judged(str(row.party), int(row.level), str(row.source_strength))


def _figure(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _percent(share: Any) -> float | None:
    return None if pd.isna(share) else 100 * float(share)
