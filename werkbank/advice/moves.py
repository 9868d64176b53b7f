"""The party cells that differ between two rounds, and what each of them alone does to a park's total."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import ROOT
from werkbank.matrix import RiskMatrix
from werkbank.scoring.change import Score

__all__ = ["MOVED_COLUMNS", "moved_cells"]

MOVED_COLUMNS = (
    "park_id",
    "indicator",
    "party",
    "old_state",
    "old_level",
    "new_state",
    "new_level",
    "kind",
    "effect",
)

_Values = Mapping[str, pd.DataFrame]


def moved_cells(rounds: tuple[RiskMatrix, RiskMatrix], values: tuple[_Values, _Values], score: Score) -> pd.DataFrame:
    """Every party cell whose level differs, or that only one round knows, in parks of both rounds.

    `rounds` and `values` (party → park × indicator, levels) are old and new; `score` is the new method's.
    `kind`: judged, learned or lost. `effect`: the total of the new round less what it would be with this one cell as
    it was; NaN where either is no score. Largest effect first within a park; then by indicator and party.
    """
    old, new = rounds
    shared = [park for park in new.park_ids if park in set(old.park_ids)]
    found = pd.concat([_differing(old, new, party, shared) for party in sorted(values[1])], ignore_index=True)
    found["effect"] = _effects(found, values, score)
    found["size"] = found["effect"].abs()
    order = found.sort_values(["park_id", "size", "indicator", "party"], ascending=[True, False, True, True])
    return order[list(MOVED_COLUMNS)].reset_index(drop=True)


def _differing(old: RiskMatrix, new: RiskMatrix, party: str, parks: Sequence[str]) -> pd.DataFrame:
    """One party's cells with another level, or with a level in one round only."""
    tables = {
        "old_state": old.states(party),
        "old_level": old.levels(party),
        "new_state": new.states(party),
        "new_level": new.levels(party),
    }
    stacked = pd.DataFrame({name: table.loc[list(parks)].stack() for name, table in tables.items()})
    cells = stacked.rename_axis(["park_id", "indicator"]).reset_index().assign(party=party)
    before, after = cells["old_level"].notna(), cells["new_level"].notna()
    cells["kind"] = np.select([before & after, after], ["judged", "learned"], "lost")
    same = before & after & (cells["old_level"] == cells["new_level"])
    return cells[(before | after) & ~same].astype({"kind": "str", "party": "str"})


def _effects(cells: pd.DataFrame, values: tuple[_Values, _Values], score: Score) -> pd.Series[float]:
    """What the total has more by each cell alone: every cell is put back once, all of them scored in one go."""
    if cells.empty:
        return pd.Series(dtype="float64")
    old, new = values
    put_back = {party: _put_back(cells, party, old[party], table) for party, table in new.items()}
    now = score(new)[ROOT].reindex(cells["park_id"]).to_numpy()
    return pd.Series(now - score(put_back)[ROOT].to_numpy(), index=cells.index)


def _put_back(cells: pd.DataFrame, party: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """A row per cell: its park's new judgements by this party, the cell itself as it was."""
    rows = new.loc[cells["park_id"]].to_numpy(dtype=np.float64, copy=True)
    own = np.flatnonzero(cells["party"] == party)
    parks, indicators = (pd.Index(cells[name].iloc[own]) for name in ("park_id", "indicator"))
    was = old.to_numpy()[old.index.get_indexer(parks), old.columns.get_indexer(indicators)]
    rows[own, new.columns.get_indexer(indicators)] = was
    return pd.DataFrame(rows, columns=new.columns)
