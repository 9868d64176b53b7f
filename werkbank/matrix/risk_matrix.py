"""RiskMatrix: all judgements of one round, with the four states kept apart; where each stood, and how many are in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product
from typing import Final, Literal, Self, get_args

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.cells import Annotation, Judgement
from werkbank.matrix.layout import Key, Place, address
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import AGREED, Catalogue
from werkbank.wording import Shown, count, listing, percent, safe_html

_KINDS: Final = {
    "park_id": "str", "indicator": "str", "party": "str", "state": "str", "level": "Int8", "remark": "str",
    "source_strength": "str", "date": "datetime64[s]",
}  # fmt: skip
"""The columns of the judgements, and how pandas calls what is in each."""
_EMPTY: Final = {"state": "open", "remark": "", "source_strength": ""}
"""What stands there where nothing was said."""
COLUMNS: Final = tuple(_KINDS)
KEPT: Final = ("park_id", "indicator", "party", "state", "level", "source_strength", "date")
"""What is kept in an assessment and may travel with it: named one by one, so that no free text travels by itself."""
STATE_DUTCH = {"level": "ingevuld", "unknown": "onbekend", "not_applicable": "n.v.t.", "open": "leeg"}


Told = Literal["level", "remark", "source_strength", "date"]
"""A level, or what is kept beside it."""


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one party's judgements about one municipality stood: two edges of a matrix, or a list of lines.

    Rows and columns count from 0. Nothing is kept per cell of a matrix, for there are thousands.
    """

    file: str
    party: str
    sheet: str | None = None
    """None in a text file."""
    parks: Mapping[str, int] = field(default_factory=dict)
    """The columns of the parks."""
    indicators: Mapping[str, int] = field(default_factory=dict)
    """The rows of the indicators."""
    entries: Mapping[Key, int] = field(default_factory=dict)
    """The row of each judgement, where they stand in a list and not in a matrix."""
    level_column: int = 0
    """The column of the levels in such a list."""
    remark_sheet: str | None = None
    remark_columns: Mapping[str, int] = field(default_factory=dict)
    """The columns of remark, source_strength and date, as far as they are there."""
    remarks: Mapping[Key, int] = field(default_factory=dict)
    """The row of what is said beside each judgement."""
    lines: Sequence[int] | None = None
    """In a text file, the line on which each row begins: a field may hold line ends."""

    def of(self, park_id: str, indicator: str, what: Told) -> Place | None:
        """The cell or line of a level, or of what is said beside it; None where the file has none for it."""
        key, sheet = (park_id, indicator), self.sheet
        if what != "level":
            row, column, sheet = self.remarks.get(key), self.remark_columns.get(what), self.remark_sheet
        elif self.entries:
            row, column = self.entries.get(key), self.level_column
        else:
            row, column = self.indicators.get(indicator), self.parks.get(park_id)
        if row is None or column is None:
            return None
        return Place(self.file, sheet, address(row, column), None if self.lines is None else self.lines[row])


def by_park(whereabouts: Iterable[Whereabouts]) -> dict[Key, tuple[Whereabouts, ...]]:
    """Park and party → where what that party says of it may stand; there may be hundreds of files."""
    found: dict[Key, tuple[Whereabouts, ...]] = {}
    for each in whereabouts:
        for park in {*each.parks, *(park for park, _ in (*each.entries, *each.remarks))}:
            found[park, each.party] = (*found.get((park, each.party), ()), each)
    return found


@dataclass(frozen=True, slots=True)
class Source:
    """A file that was read: its name, what it claims to be, and the sha256 of its bytes."""

    file: str
    municipality: str
    party: str
    sha256: str
    fictional: bool


@dataclass(frozen=True, slots=True)
class Agreed:
    """The level that the parties agreed on for one cell; it counts in place of what each of them gave.

    Only where all of these `parties` count: without one of them there is no agreement. `told` is by which body and
    when, as people read it.
    """

    park_id: str
    indicator: str
    level: int
    parties: tuple[str, ...]
    told: str


def judgement_frame(columns: Mapping[str, list[object]]) -> pd.DataFrame:
    """The judgements as a frame with the fixed columns and types of RiskMatrix.judgements."""
    # Made for this frame alone, so they need not be copied.
    return pd.DataFrame({name: pd.Series(columns[name], dtype=kind) for name, kind in _KINDS.items()}, copy=False)


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
    _places: Mapping[Key, Sequence[Whereabouts]] = field(default_factory=dict, repr=False)
    """As `by_park` has them."""
    catalogue_versions: tuple[str, ...] = ()
    """The versions of the catalogue by which the workbooks asked; those of an earlier one were translated."""
    agreed: tuple[Agreed, ...] = ()
    """What the parties agreed on since; the judgements themselves stay as they were delivered."""

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

    def agreed_by(self, parties: Iterable[str]) -> tuple[Agreed, ...]:
        """The agreements on its cells that these parties make among themselves."""
        known = set(parties)
        return tuple(one for one in self.agreed if one.park_id in self.park_ids and known.issuperset(one.parties))

    def agreed_levels(self, parties: Iterable[str]) -> pd.DataFrame:
        """What these parties agreed on, as floats: a row per park and a column per indicator of which there is any."""
        found = {(one.park_id, one.indicator): float(one.level) for one in self.agreed_by(parties)}
        return pd.Series(found, dtype="float64").unstack() if found else pd.DataFrame()

    def counted(self, parties: Sequence[str]) -> pd.DataFrame:
        """The judgements of these parties, with one of AGREED in the place of all on a cell on which they agreed.

        Its source is the strongest of those that gave at least that level themselves.
        """
        rows = self.judgements[self._judgements["party"].isin(list(parties))]
        for one in self.agreed_by(parties):
            cell = rows[(rows["park_id"] == one.park_id) & (rows["indicator"] == one.indicator)]
            source = min(filter(None, cell.loc[cell["level"] >= one.level, "source_strength"]), default="")
            told = {"party": AGREED, "state": "level", "level": one.level, "source_strength": source}
            rows.loc[cell.index[:1], list(told)] = list(told.values())
            rows = rows.drop(index=cell.index[1:])
        return rows

    def states(self, party: str) -> pd.DataFrame:
        """One party's states, park × indicator: level, unknown, not_applicable or open."""
        return self._table(party, self._judgements["state"].to_numpy(dtype="object"), "open").astype("str")

    def place_of(self, park_id: str, indicator: str, party: str, what: Told = "level") -> Place | None:
        """Where this judgement stood, or what is said beside it: sheet and cell, or the line of a text file.

        None where no file had it.
        """
        found = (each.of(park_id, indicator, what) for each in self._places.get((park_id, party), ()))
        return next((place for place in found if place), None)

    def select(self, park_ids: tuple[str, ...]) -> Self:
        """The same matrix for some of its parks; the findings and sources stay."""
        rows = self._judgements[self._judgements["park_id"].isin(park_ids)].reset_index(drop=True)
        kept = tuple(park for park in self.park_ids if park in set(park_ids))
        return replace(self, park_ids=kept, _judgements=rows)

    def renamed(self, codes: Mapping[str, str]) -> Self:
        """The same matrix with other codes for some of its parks; places and findings keep those of the files."""
        now = {park: codes.get(park, park) for park in self.park_ids}
        rows = self._judgements.assign(park_id=self._judgements["park_id"].replace(now))
        agreed = tuple(replace(one, park_id=codes.get(one.park_id, one.park_id)) for one in self.agreed)
        return replace(self, park_ids=tuple(now.values()), agreed=agreed, _judgements=rows)

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

    def __str__(self) -> str:
        """One line of Dutch: size, and how many cells are in each state."""
        tally = self._judgements["state"].value_counts()
        cells = listing(f"{tally.get(state, 0)} {name}" for state, name in STATE_DUTCH.items())
        size = f"{count(len(self.park_ids), 'terrein', 'terreinen')} × {len(self.indicators)} indicatoren"
        return f"Risicomatrix {self.round}: {size}, {count(len(self.parties), 'partij', 'partijen')}; cellen: {cells}"

    def _repr_html_(self) -> str:
        """The size in words, and per party how many cells are in each state."""
        tally = pd.crosstab(self._judgements["party"], self._judgements["state"])
        shown = tally.reindex(columns=list(STATE_DUTCH), fill_value=0).rename(columns=STATE_DUTCH)
        table = shown.rename_axis(index=None, columns=None).to_html(escape=True, border=0)
        return str(safe_html("<p>{}</p>", self)) + table


@dataclass(frozen=True, slots=True)
class Delivery:
    """What one party delivered about one municipality; a file may hold several, and one that counts has a source."""

    source: Source | None
    findings: tuple[Finding, ...]
    """Without a source they say why nothing of it counts."""
    supplier: tuple[str, str] = ("", "")
    """Municipality and party, as far as anything told."""
    columns: Mapping[str, list[object]] = field(default_factory=dict)
    places: Whereabouts | None = None
    catalogue_version: str | None = None
    """The version of the catalogue by which it was asked, when that was an earlier one."""


def refused(*findings: Finding, supplier: tuple[str, str] = ("", "")) -> Delivery:
    """A delivery of which nothing counts."""
    return Delivery(None, findings, supplier)


def columns_of(
    party: str,
    parks: Sequence[str],
    codes: Sequence[str],
    judgements: Sequence[Judgement],
    beside: Mapping[Key, Annotation],
) -> dict[str, list[object]]:
    """The columns of RiskMatrix.judgements, of which there is one for each indicator of each park, park by park."""
    size = len(parks) * len(codes)
    columns: dict[str, list[object]] = {name: [_EMPTY.get(name)] * size for name in COLUMNS}
    columns["park_id"] = [park for park in parks for _ in codes]
    columns["indicator"] = [*codes] * len(parks)
    columns["party"] = [party] * size
    columns["state"] = [judgement.state for judgement in judgements]
    columns["level"] = [judgement.level for judgement in judgements]
    first = {park: number * len(codes) for number, park in enumerate(parks)}
    place = {code: number for number, code in enumerate(codes)}
    for (park, code), annotation in beside.items():
        if code not in place:
            continue  # of an indicator that is no longer asked
        for name, value in zip(annotation._fields, annotation, strict=True):
            columns[name][first[park] + place[code]] = value
    return columns


def gaps(whole: Place, parks: Iterable[str], codes: Iterable[str], remedy: str = "") -> Iterator[Finding]:
    """The findings that these parks and indicators are not in a return."""
    for park in parks:
        yield finding("missing-park", f"terrein {park} ontbreekt", remedy=remedy, place=whole, park_id=park)
    for code in codes:
        yield finding("missing-indicator", f"indicator {code} ontbreekt", remedy=remedy, place=whole, indicator=code)


Cell = tuple[str, str, str]
"""Park, indicator, and level or the column beside it."""


def cells_of(matrix: RiskMatrix, park_ids: Iterable[str], party: str) -> dict[Place, Cell]:
    """Where each judgement of a party about these parks stood, and what is kept beside it."""
    every = product(park_ids, matrix.indicators, get_args(Told))
    found = {matrix.place_of(park_id, code, party, what): (park_id, code, what) for park_id, code, what in every}
    return {place: cell for place, cell in found.items() if place}


# How far the collecting is: counts only, never a level.

COUNTS: Final = ("known", "unknown", "not_applicable", "open")
"""The states of a cell as they are counted; known is a level."""
_KEY: Final = ["municipality", "party", "family"]


@dataclass(frozen=True, slots=True, eq=False)
class CollectionState:
    """How far a round has been collected; immutable, and without a single level."""

    round: str
    _table: pd.DataFrame = field(repr=False)

    @property
    def table(self) -> pd.DataFrame:
        """One row per municipality, party and family; a copy.

        `delivered`: a return could be read. `file`: its name, also of one that could not be read, else empty.
        `cells`: parks × indicators that the party is asked about; `known`, `unknown`, `not_applicable` and `open` add
        up to it. `share_filled`: 0-1, the share of cells that is not open; missing where a municipality has no parks.
        """
        return self._table.copy()

    @property
    def missing(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that is not there at all."""
        return self._pairs("file == ''")

    @property
    def refused(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that came and could not be read, or is not of this round."""
        return self._pairs("file != '' and not delivered")

    @property
    def delivered(self) -> tuple[tuple[str, str], ...]:
        """Municipality and party of every return that could be read."""
        return self._pairs("delivered")

    def by(self, *keys: str) -> pd.DataFrame:
        """The counts added up over the rest, one row per `keys` (of municipality, party, family), with their share."""
        sums = self._table.groupby(list(keys), sort=False)[["cells", *COUNTS]].sum().reset_index()
        return sums.assign(share_filled=_share(sums))

    def _pairs(self, which: str) -> tuple[tuple[str, str], ...]:
        rows = self._table.query(which)[["municipality", "party"]]
        return tuple(dict.fromkeys(rows.itertuples(index=False, name=None)))

    def __str__(self) -> str:
        """One line of Dutch: how many returns were read, refused and are missing."""
        said = [f"{count(len(self.delivered), 'risicomatrix', 'risicomatrices')} gelezen"]
        said += [f"{len(self.refused)} geweigerd"] if self.refused else []
        said += [f"{len(self.missing)} nog niet aangeleverd"] if self.missing else []
        return f"Ronde {self.round}: {listing(said)}"


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
    asked = {party: Counter(one.family for one in catalogue.asked_by(party).indicators) for _, party in expected}
    families = [family.id for family in catalogue.families]
    rows = [
        (*each, family, each in read, files.get(each, ""), int(sizes.get(each[0], 0)) * asked[each[1]][family])
        for each in expected
        for family in families
    ]
    table = pd.DataFrame(rows, columns=[*_KEY, "delivered", "file", "cells"])
    table[list(COUNTS)] = 0
    if matrix is not None:
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


def _counted(matrix: RiskMatrix, catalogue: Catalogue, parks: pd.DataFrame) -> pd.DataFrame:
    """Municipality × party × family → the number of cells in each state, of what was read."""
    frame = matrix.judgements
    home = dict(zip(parks["park_id"], parks["municipality"], strict=True))
    family = {indicator.id: indicator.family for indicator in catalogue.indicators}
    keys = [frame["park_id"].map(home), frame["party"], frame["indicator"].map(family)]
    tally = pd.crosstab(keys, frame["state"].replace({"level": "known"}))
    return tally.reindex(columns=list(COUNTS), fill_value=0).rename_axis(index=_KEY)


def _share(table: pd.DataFrame) -> pd.Series:
    cells = table["cells"].astype("float64")
    return 1 - table["open"] / cells.where(cells > 0)
