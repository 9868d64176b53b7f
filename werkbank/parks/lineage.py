"""What became of parks between rounds: renamed, merged, split, come and gone, as people wrote it down.

In `park_changes.csv` beside the park list, which may be left out. A row says that from that round on the park `before`
goes on as `after`: one row is a park with another code or name, two with the same `after` are merged, two with the
same `before` split, and one without `after` is gone (and then says of which municipality it was).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, RegisterError
from werkbank.parks.municipalities import SLUG
from werkbank.parks.register import CODE, header_findings, load_parks
from werkbank.parks.source import Where, read_table, read_text
from werkbank.settings.parameters import ROUND_NAME, round_order

FILE_NAME = "park_changes.csv"
COLUMNS = ("round", "before", "before_name", "after")
_HOME = "municipality"


@dataclass(frozen=True, slots=True)
class ParkChange:
    """What became of parks from one round to the next. `kind`: renamed, merged, split, came or gone.

    `before` and `after` are codes of parks; `names` says what each of those is or was called.
    """

    kind: str
    round: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of the file, and where it stands."""

    where: Where
    home: str
    round: str
    before: str
    before_name: str
    after: str


@dataclass(frozen=True, slots=True, eq=False)
class Lineage:
    """The parks of now, what became of parks in earlier rounds, and every finding about that; immutable."""

    findings: tuple[Finding, ...]
    changes: tuple[ParkChange, ...]
    """Oldest first; none with an error among the findings."""
    _homes: Mapping[str, str]
    """Of a park that is gone its municipality."""
    _parks: pd.DataFrame = field(repr=False)

    def between(self, old_round: str, new_round: str) -> tuple[ParkChange, ...]:
        """What changed after the old round, up to the new one."""
        first, last = round_order(old_round), round_order(new_round)
        return tuple(one for one in self.changes if first < round_order(one.round) <= last)

    def parks_in(self, round: str) -> pd.DataFrame:
        """The list of parks as it was in that round: today's, with each later change undone.

        A park that was called otherwise has its further columns of now; one that was merged, split or gone has none. A
        park that came since is among them: the file does not tell of it.
        """
        parks = self._parks
        for change in reversed(self.changes):
            if round_order(change.round) > round_order(round):
                parks = self._undone(change, parks)
        return parks.copy()

    @property
    def ever(self) -> pd.DataFrame:
        """The parks of now, and after them those of any round before under the codes of then; a copy."""
        lists = [self._parks, *(self._undone(change, self.parks_in(change.round)) for change in self.changes)]
        return pd.concat(lists, ignore_index=True).drop_duplicates("park_id", ignore_index=True)

    def _undone(self, change: ParkChange, parks: pd.DataFrame) -> pd.DataFrame:
        heirs = parks[parks["park_id"].isin(change.after)]
        same = heirs.iloc[0].to_dict() if change.kind == "renamed" else {}
        rows = [
            {**same, "municipality": self._homes.get(code) or heirs["municipality"].iloc[0]}
            | {"park_id": code, "name": change.names[code]}
            for code in change.before
        ]
        then = pd.concat([parks.drop(index=heirs.index), pd.DataFrame(rows)], ignore_index=True)
        texts = [name for name in parks if parks[name].dtype == "str"]
        return then[list(parks)].fillna(dict.fromkeys(texts, "")).astype(parks.dtypes.to_dict())

    def codes_since(self, old_round: str, new_round: str) -> dict[str, str]:
        """Code in the old round → code in the new one, for what has another code; a park renamed again is followed.

        A code that was merged or split and still is a park's gets the old round beside it: that was another park.
        """
        codes = {code: code for code in self.parks_in(old_round)["park_id"]}
        ended: set[str] = set()
        for change in self.between(old_round, new_round):
            going = {code for code, now in codes.items() if now in change.before and code not in ended}
            if change.kind == "renamed":
                codes |= dict.fromkeys(going, change.after[0])
            else:
                ended |= going
        there = set(self.parks_in(new_round)["park_id"])
        codes |= {code: f"{code} ({old_round})" if code in there else code for code in ended}
        return {code: now for code, now in codes.items() if code != now}


def load_lineage(data: Path) -> Lineage:
    """The parks in the folder of the data, and what became of parks. Raises RegisterError with every finding."""
    lineage = read_lineage(data, load_parks(data / "parks.csv"))
    if lineage.findings:
        raise RegisterError(f"{FILE_NAME} klopt niet:", lineage.findings)
    return lineage


def read_lineage(data: Path, parks: pd.DataFrame) -> Lineage:
    """What became of the parks of this list, with every finding; nothing when there is no file."""
    path = data / FILE_NAME
    if not path.is_file():
        return Lineage((), (), {}, parks)
    table = read_table(read_text(path))
    findings = [one for one in table.findings if one.severity == "error"]
    findings += [] if findings else header_findings(path.name, table.header, COLUMNS)
    rows = list[_Row]()
    for line, cells in table.rows if not findings else ():
        where = Where(path.name, line)
        row = dict(zip(table.header, (*cells, *[""] * len(table.header)), strict=False))
        faults = list(_row_faults(where, row, (len(cells), len(table.header))))
        findings += faults
        rows += [] if faults else [_Row(where, row.get(_HOME, ""), **{name: row[name] for name in COLUMNS})]
    rows.sort(key=lambda one: round_order(one.round))
    findings += _faults(rows, set(parks["park_id"]))
    names = dict(zip(parks["park_id"], parks["name"], strict=True))
    homes = {one.before: one.home for one in rows if one.home}
    return Lineage(tuple(findings), () if findings else tuple(_changes(rows, names)), homes, parks)


def _row_faults(where: Where, row: Mapping[str, str], fields: tuple[int, int]) -> Iterator[Finding]:
    """What is wrong with one row by itself; `fields` are the number it has and the number it should have."""
    if fields[0] != fields[1]:
        yield where.finding("extra-field", fields=fields[0], expected=fields[1])
        return
    asked = (*COLUMNS[:3], *(() if row["after"] else (_HOME,)))
    yield from (where.finding("empty-field", column=name) for name in asked if not row.get(name))
    for name, pattern in {"round": ROUND_NAME, "before": CODE, "after": CODE, _HOME: SLUG}.items():
        if row.get(name) and not pattern.fullmatch(row[name]):
            yield where.finding("wrong-change", column=name)


def _faults(rows: Sequence[_Row], known: set[str]) -> Iterator[Finding]:
    """What rows, by round, say against each other and against the list: a code that ended does not come back."""
    ended = _ended(rows)
    pairs = [(one.round, one.before, one.after) for one in rows]
    for place, one in enumerate(rows):
        before = [each.before for each in rows if each.round == one.round]
        if pairs[place] in pairs[:place] or (not one.after and before.count(one.before) > 1):
            yield one.where.finding("doubled-change", park=one.before, round=one.round)
        for code in sorted({one.before, one.after} & ended.keys()):
            if round_order(ended[code]) < round_order(one.round):
                yield one.where.finding("park-came-back", park=code, round=ended[code])
        if one.after in before and (one.round, one.after, one.after) not in pairs:
            yield one.where.finding("changed-twice", park=one.after, round=one.round)
        if one.after and one.after not in known | {each.before for each in rows}:
            yield one.where.finding("unknown-after", park=one.after)
        if one.before in ended and one.before in known:
            yield one.where.finding("park-still-there", park=one.before)


def _ended(rows: Sequence[_Row]) -> dict[str, str]:
    """Code → the first round in which it ended."""
    ended: dict[str, str] = {}
    for name, own in groupby(rows, key=lambda one: one.round):
        told = list(own)
        ended = dict.fromkeys({one.before for one in told} - {one.after for one in told}, name) | ended
    return ended


def _changes(rows: Iterable[_Row], names: Mapping[str, str]) -> Iterator[ParkChange]:
    """What belongs together within a round: parks that share a code, before or after."""
    left = list(rows)
    called = [*reversed(left)]  # of a park that goes on as another later, its name until then
    while left:
        part = [left.pop(0)]
        while more := [one for one in left if one.round == part[0].round and _together(one, part)]:
            part, left = [*part, *more], [one for one in left if one not in more]
        before = tuple(dict.fromkeys(one.before for one in part))
        after = tuple(dict.fromkeys(one.after for one in part if one.after))
        many = "merged" if len(before) > 1 else "split" if len(after) > 1 else "renamed"
        later = {one.before: one.before_name for one in called if round_order(one.round) > round_order(part[0].round)}
        own = {code: later.get(code) or names[code] for code in after} | {one.before: one.before_name for one in part}
        yield ParkChange(many if after else "gone", part[0].round, before, after, own)


def _together(one: _Row, part: Sequence[_Row]) -> bool:
    return any(one.before == other.before or (one.after and one.after == other.after) for other in part)
