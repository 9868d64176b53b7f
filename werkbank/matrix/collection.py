"""The state of collection: who has delivered, and how full each return is; counts only, never a level."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count, listing, percent, safe_html

__all__ = ["COUNTS", "CollectionState", "collection_state", "filled_text"]

COUNTS: Final = ("known", "unknown", "not_applicable", "open")
"""The states of a cell as they are counted; known is a level."""
_KEY: Final = ["municipality", "party", "family"]
_STATE: Final = {"level": "known"}
_DUTCH: Final = {
    "municipality": "gemeente",
    "party": "partij",
    "family": "familie",
    "delivered": "aangeleverd",
    "file": "bestand",
    "cells": "cellen",
    "known": "bekend",
    "unknown": "onbekend",
    "not_applicable": "n.v.t.",
    "open": "open",
    "share_filled": "gevuld",
}


@dataclass(frozen=True, slots=True, eq=False)
class CollectionState:
    """How far a round has been collected; immutable, and without a single level."""

    round: str
    _table: pd.DataFrame = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """One row per municipality, party and family; a copy.

        `delivered`: a return could be read. `file`: its name, also of one that could not be read, else empty.
        `cells`: parks × indicators; `known`, `unknown`, `not_applicable` and `open` add up to it. `share_filled`:
        0-1, the share of cells that is not open; missing where a municipality has no parks.
        """
        return self._table.copy()

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that is not there at all."""
        return self._pairs(self._table[self._table["file"] == ""])

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that came and could not be read, or is not of this round."""
        return self._pairs(self._table[(self._table["file"] != "") & ~self._table["delivered"]])

    @property
    def delivered(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that could be read."""
        return self._pairs(self._table[self._table["delivered"]])

    def by(self, *keys: str) -> pd.DataFrame:
        """The counts added up over the rest, one row per `keys` (of municipality, party, family), with their share."""
        sums = self._table.groupby(list(keys), sort=False)[["cells", *COUNTS]].sum().reset_index()
        return sums.assign(share_filled=_share(sums))

    def _pairs(self, rows: pd.DataFrame) -> tuple[tuple[str, str], ...]:
        pairs = zip(rows["municipality"].tolist(), rows["party"].tolist(), strict=True)
        return tuple(dict.fromkeys(pairs))

    def __str__(self) -> str:
        """One line of Dutch: how many returns were read, refused and are missing."""
        said = [f"{count(len(self.delivered), 'risicomatrix', 'risicomatrices')} gelezen"]
        said += [f"{len(self.refused)} geweigerd"] if self.refused else []
        said += [f"{len(self.missing)} nog niet aangeleverd"] if self.missing else []
        return f"Ronde {self.round}: {listing(said)}"

    def _repr_html_(self) -> str:
        shown = self._table.rename(columns=_DUTCH).to_html(escape=True, border=0, index=False, na_rep="–")
        return str(safe_html("<p>{}</p>", str(self))) + shown


def collection_state(
    matrix: RiskMatrix | None,
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    round: str,
    expected: Sequence[tuple[str, str]],
    received: Mapping[tuple[str, str], str] | None = None,
) -> CollectionState:
    """The state of collection of `expected`: pairs of municipality and party, in the order of the table.

    `matrix` is what could be read, or None when nothing could. `received` names files that came, also those that
    could not be read. `parks` is the register: a return that is not there leaves all its cells open.
    """
    read = {(source.municipality, source.party): source.file for source in matrix.sources} if matrix else {}
    files = {**(received or {}), **read}
    sizes = parks["municipality"].value_counts()
    families = {family.id: len(catalogue.by_family(family.id)) for family in catalogue.families}
    rows = [
        (slug, party, family, (slug, party) in read, files.get((slug, party), ""), int(sizes.get(slug, 0)) * size)
        for slug, party in expected
        for family, size in families.items()
    ]
    table = pd.DataFrame(rows, columns=[*_KEY, "delivered", "file", "cells"])
    counted = _counted(matrix, catalogue, parks).reindex(pd.MultiIndex.from_frame(table[_KEY]), fill_value=0)
    table[list(COUNTS)] = counted.to_numpy()
    # What nobody could hand in yet is as open as what was left open.
    table.loc[~table["delivered"], "open"] = table["cells"]
    return CollectionState(round, table.assign(share_filled=_share(table)))


def filled_text(share: float | None) -> str:
    """A share of filled cells as a percentage; only what is complete is 100%, and only what is empty 0%."""
    if share is None or not 0 < share < 1:
        return percent(share)
    return percent(min(max(share, 0.01), 0.99))


def _counted(matrix: RiskMatrix | None, catalogue: Catalogue, parks: pd.DataFrame) -> pd.DataFrame:
    """Municipality × party × family → the number of cells in each state, of what was read."""
    if matrix is None:
        empty = pd.MultiIndex.from_tuples([], names=_KEY)
        return pd.DataFrame(0, index=empty, columns=list(COUNTS))
    frame = matrix.judgements
    home = dict(zip(parks["park_id"], parks["municipality"], strict=True))
    family = {indicator.id: indicator.family for indicator in catalogue.indicators}
    keys = [frame["park_id"].map(home), frame["party"], frame["indicator"].map(family)]
    tally = pd.crosstab(keys, frame["state"].replace(_STATE))
    return tally.reindex(columns=list(COUNTS), fill_value=0).rename_axis(index=_KEY)


def _share(table: pd.DataFrame) -> pd.Series:
    cells = table["cells"].astype("float64")
    return 1 - table["open"] / cells.where(cells > 0)
