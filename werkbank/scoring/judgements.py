"""The parties' tables of judgements, checked and brought to the same order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.means import BoolArray
from werkbank.scoring.tables import FloatArray, all_floats, flag_columns, label_faults, number_columns

__all__ = ["Judged", "first_table", "read_judgements"]


@dataclass(frozen=True, slots=True)
class Judged:
    """What each party says, as arrays unit × indicator."""

    values: Mapping[str, FloatArray]
    not_applicable: Mapping[str, BoolArray]
    consensus: FloatArray

    @property
    def levels(self) -> list[BoolArray]:
        """Per party: which cells have a level."""
        return [~np.isnan(cells) for cells in self.values.values()]

    def completed(self, value: float) -> dict[str, FloatArray]:
        """The judgements with every missing one filled in; who says not applicable still gives no level."""
        return {
            party: np.where(np.isnan(cells) & ~self.not_applicable[party], value, cells)
            for party, cells in self.values.items()
        }


def first_table(values: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """The table whose units and indicators the others follow: of the first party by name."""
    tables = [values[party] for party in sorted(values)]
    strange = [party for party in sorted(values) if not isinstance(values[party], pd.DataFrame)]
    faults = [
        fault("no-table", f"“{party}” is geen tabel", "een DataFrame per partij", "geef een DataFrame")
        for party in strange
    ]
    if not tables:
        faults = [fault("no-party", "geen enkele partij", "minstens een", "geef de oordelen van een partij")]
    refuse("De oordelen zijn niet samen te voegen.", faults)
    return tables[0]


def read_judgements(
    values: Mapping[str, pd.DataFrame],
    not_applicable: Mapping[str, pd.DataFrame],
    consensus: pd.DataFrame | None,
    like: pd.DataFrame,
    limits: tuple[float, float],
) -> tuple[Judged, list[Finding]]:
    """The judgements in the order of `like`, and every fault of the tables."""
    faults = [
        fault(
            "unknown-party",
            f"n.v.t. van “{party}”",
            names(sorted(values)),
            meant(party, values, "kies een van deze"),
        )
        for party in not_applicable
        if party not in values
    ]
    judged: dict[str, FloatArray] = {}
    declined: dict[str, BoolArray] = {}
    for party, table in values.items():
        judged[party], wrong = _numbers(table, like, f"de oordelen van {party}", limits)
        declined[party], also_wrong = _flags(not_applicable.get(party), like, f"de n.v.t.-tabel van {party}")
        faults += [*wrong, *also_wrong, *_double_faults(judged[party], declined[party], like, party)]
    recorded, wrong = _consensus(consensus, like, limits)
    return Judged(judged, declined, recorded), faults + wrong


def _numbers(
    table: pd.DataFrame, like: pd.DataFrame, what: str, limits: tuple[float, float]
) -> tuple[FloatArray, list[Finding]]:
    columns, faults = number_columns(table, what)
    faults += label_faults(table, like, what)
    if faults:
        return np.full(like.shape, np.nan), faults
    whole = table if all_floats(table) else pd.DataFrame(columns, index=table.index)
    cells = whole.reindex(index=like.index, columns=like.columns).to_numpy(dtype=np.float64)
    outside = (cells < limits[0]) | (cells > limits[1])
    allowed, remedy = f"{limits[0]:g} tot en met {limits[1]:g}", "verbeter de waarde of de grenzen"
    return cells, [
        fault(
            "outside-limits",
            f"{what}: “{code}” buiten de grenzen bij {names(like.index[outside[:, j]])}",
            allowed,
            remedy,
            indicator=code,
        )
        for j, code in enumerate(like.columns)
        if outside[:, j].any()
    ]


def _flags(table: pd.DataFrame | None, like: pd.DataFrame, what: str) -> tuple[BoolArray, list[Finding]]:
    none = np.zeros(like.shape, dtype=np.bool_)
    if table is None:
        return none, []
    columns, faults = flag_columns(table, like, what)
    if faults or not columns:
        return none, faults
    return np.column_stack([columns[code] for code in like.columns]), []


def _consensus(
    consensus: pd.DataFrame | None, like: pd.DataFrame, limits: tuple[float, float]
) -> tuple[FloatArray, list[Finding]]:
    """The recorded values, which may cover a part of the units and indicators."""
    if consensus is None:
        return np.full(like.shape, np.nan), []
    what = "de consensus"
    columns, faults = number_columns(consensus, what)
    strange = [
        *consensus.index.difference(like.index, sort=False),
        *consensus.columns.difference(like.columns, sort=False),
    ]
    if strange:
        found = f"{what} kent te veel: {names(strange)}"
        faults.append(fault("other-labels", found, "eenheden en indicatoren van de oordelen", "laat ze weg"))
    if faults:
        return np.full(like.shape, np.nan), faults
    whole = pd.DataFrame(columns, index=consensus.index).reindex(index=like.index, columns=like.columns)
    return _numbers(whole, like, what, limits)


def _double_faults(judged: FloatArray, declined: BoolArray, like: pd.DataFrame, party: str) -> list[Finding]:
    both = declined & ~np.isnan(judged)
    return [
        fault(
            "level-and-not-applicable",
            f"{party}: “{code}” heeft een waarde en is n.v.t. bij {names(like.index[both[:, j]])}",
            "een van beide",
            "kies een van beide",
            indicator=code,
        )
        for j, code in enumerate(like.columns)
        if both[:, j].any()
    ]
