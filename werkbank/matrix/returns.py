"""What is told about the returns of a round: to each supplier what to mend, and how far the collecting is.

A supplier gets its own findings in the order in which to mend them; `template` marks them in a fresh workbook with its
answers. The state of collection holds counts only, never a level.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final, Literal, cast

import pandas as pd

from werkbank.errors import Finding, Severity
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import RULES, SEVERITIES
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count, listing, percent

_BESIDE: Final[tuple[Literal["remark", "source_strength", "date"], ...]] = ("remark", "source_strength", "date")
_OF_OWN_FILES: Final = "Fout in een bestand met instellingen"
"""What a rule about YAML is about: there are many, and each finding says what is the matter."""
_ADDRESS: Final = re.compile(r"([A-Z]*)(\d*)")
Cell = tuple[str, str, str]
"""Park, indicator, and level or the column beside it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One return and what its supplier may know about it; names are shown as they stand here.

    `file` is the name of the return, `municipality` and `party` are names (empty when they could not be told).
    `parks` and `indicators` give a name to each code that belongs in this return.
    """

    file: str
    municipality: str
    party: str
    round: str
    label: str
    fictional: bool
    findings: tuple[Finding, ...]
    return_as: str = ""
    """The name under which the mended return is expected; empty when that could not be told."""
    parks: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """All findings of one rule and one severity: one thing to do."""

    severity: Severity
    rule: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What is the matter, in a few words."""
        return title_of(self.rule)

    @property
    def explanation(self) -> str:
        """What it means and what to do; empty for a rule that is in no register."""
        return RULES[self.rule].explanation if self.rule in RULES else ""

    @property
    def meaning(self) -> str:
        """What it means, where what to do is told apart."""
        return RULES[self.rule].meaning if self.rule in RULES else ""


def title_of(rule: str) -> str:
    """What a rule is about, in a few words of Dutch."""
    return RULES[rule].title if rule in RULES else _OF_OWN_FILES


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; then what concerns the whole return, then cell by cell as they stand in it."""
    return tuple(sorted(findings, key=_order))


def steps(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """The findings rule by rule, most important first.

    Errors come before warnings and remarks. Within these, what concerns a whole return or sheet comes first, for
    mending that may mend the rest; then the rule that was broken most often.
    """
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for each in in_order(findings):
        groups.setdefault((each.severity, each.rule), []).append(each)
    return tuple(sorted((Step(*key, tuple(own)) for key, own in groups.items()), key=_weight))


def cells_of(matrix: RiskMatrix, park_ids: Iterable[str], party: str) -> dict[Place, Cell]:
    """Where each judgement of a party about these parks stood, and what is kept beside it."""
    found: dict[Place | None, Cell] = {}
    for park_id, code in product(park_ids, matrix.indicators):
        found[matrix.place_of(park_id, code, party)] = (park_id, code, "level")
        for column in _BESIDE:
            found[matrix.remark_place_of(park_id, code, party, column)] = (park_id, code, column)
    return {place: cell for place, cell in found.items() if place}


def place_of(finding: Finding) -> Place:
    """Where it is in the file that came."""
    return Place(finding.file or "", finding.sheet, finding.cell, finding.line)


def _order(finding: Finding) -> tuple[object, ...]:
    # Row before column, and C before AA; a range counts by its first cell.
    column, row = cast("re.Match[str]", _ADDRESS.match(finding.cell or "")).groups()
    place = (finding.sheet or "", int(row or -1), len(column), column, finding.line or 0)
    return (SEVERITIES.index(finding.severity), _is_local(finding), *place, finding.rule, finding.found)


def _is_local(finding: Finding) -> bool:
    return finding.cell is not None or finding.line is not None


def _weight(step: Step) -> tuple[object, ...]:
    whole = not any(map(_is_local, step.findings))
    return (SEVERITIES.index(step.severity), not whole, -len(step.findings), step.rule)


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
