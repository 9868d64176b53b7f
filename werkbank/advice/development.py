"""Development: what changed between two rounds, per park and group, and the cells behind it (method.md 9).

A change is split into what was judged differently, what is known differently, what the picture of the district does to
what nobody knows, and what another method does. It is never said that the situation on a park changed: the matrices
hold judgements.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import ROOT, combined_by, district_figures, means, points, structure
from werkbank.errors import Finding, OutputError
from werkbank.files.canonical import canonical_json, from_plain
from werkbank.matrix import RiskMatrix
from werkbank.register import LegalBasis
from werkbank.scoring import Combined, score_risk
from werkbank.scoring.change import Methods, Said, Score, split_change
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import keep
from werkbank.wording import Shown, count, safe_html

FILE_NAME = "development.json"
_Values = Mapping[str, pd.DataFrame]
"""Party → park × indicator."""


@dataclass(frozen=True, slots=True)
class Change:
    """One park in one group: scores 0-100, and the parts of the difference; None where there is none.

    `splittable`: a cell of it is known in both rounds; else the parts are None. `cells_*` count the party cells known
    in the old round, in the new one and in both.
    """

    park_id: str
    group: str
    old: float | None
    new: float | None
    change: float | None
    judgement: float | None
    knowledge: float | None
    district: float | None
    method: float | None
    splittable: bool
    cells_old: int
    cells_new: int
    cells_both: int


@dataclass(frozen=True, slots=True)
class Moved:
    """A party's cell that differs between the rounds, known in at least one of them.

    `kind`: judged (another level), learned (now known) or lost (no longer known). `effect`: what the total of the new
    round has more because of this cell alone; the effects of several cells need not add up to the change.
    """

    park_id: str
    indicator: str
    party: str
    old_state: str
    old_level: int | None
    new_state: str
    new_level: int | None
    kind: str
    effect: float | None


@dataclass(frozen=True, slots=True, eq=False)
class Development(Shown):
    """Two rounds beside one another; immutable, frames are handed out as copies.

    `only_old` and `only_new` are parks of one round, listed and not split. `old_method_kept` is False when the method
    of the old round is not known any more: both rounds are then scored by the present one, and `method` says nothing.
    """

    old_round: str
    new_round: str
    parties: tuple[str, ...]
    old_delivered: tuple[str, ...]
    new_delivered: tuple[str, ...]
    only_old: tuple[str, ...]
    only_new: tuple[str, ...]
    fictional: bool
    catalogue_fingerprint: str
    _changes: pd.DataFrame = field(repr=False)
    _moved: pd.DataFrame = field(repr=False)
    _parks: pd.DataFrame = field(repr=False)
    findings: tuple[Finding, ...] = ()
    old_method_kept: bool = True
    legal_basis: LegalBasis | None = None
    parameters: Parameters | None = None
    indicators_only_old: tuple[str, ...] = ()
    """Indicators that only the old round asked, as code and name; what they did to its score is the method's part."""
    indicators_only_new: tuple[str, ...] = ()

    @property
    def indicators_changed(self) -> bool:
        """Whether the rounds did not ask the same indicators."""
        return bool(self.indicators_only_old or self.indicators_only_new)

    @property
    def method_tells(self) -> bool:
        """Whether the method's part says something: that of then is known, or the questions were others."""
        return self.old_method_kept or self.indicators_changed

    @property
    def frame(self) -> pd.DataFrame:
        """Per park and group, the total included, the fields of Change; a copy."""
        return self._changes.copy()

    @property
    def moved(self) -> pd.DataFrame:
        """Per park the party cells that differ, largest effect first, the fields of Moved; a copy."""
        return self._moved.copy()

    @property
    def parks(self) -> pd.DataFrame:
        """Per park of either round: park_id and name; a copy."""
        return self._parks.copy()

    @property
    def equally_delivered(self) -> bool:
        """Whether the same parties delivered in both rounds; else the comparison is marked."""
        return self.old_delivered == self.new_delivered

    @property
    def municipality_name(self) -> str:
        """The municipality's name; made-up data says so in the name itself."""
        name = self.parameters.name if self.parameters else "onbekende gemeente"
        return f"{name} (fictief)" if self.fictional else name

    def name(self, park_id: str) -> str:
        """The park's name, or its code where no name was given."""
        named: dict[str, str] = dict(zip(self._parks["park_id"], self._parks["name"], strict=True))
        return named.get(park_id, park_id)

    def changes(self, group: str = ROOT) -> tuple[Change, ...]:
        """One group of every park in both rounds: the largest rise first, those without a change last."""
        found = [Change(**row) for row in _records(self._changes[self._changes["group"] == group])]
        return tuple(sorted(found, key=lambda one: (one.change is None, -(one.change or 0.0), one.park_id)))

    def change(self, park_id: str, group: str = ROOT) -> Change:
        """One park's change in one group. Raises OutputError for what is not in both rounds."""
        for one in self.changes(group):
            if one.park_id == park_id:
                return one
        raise OutputError(f"Van {park_id} is geen vergelijking tussen de rondes gemaakt.")

    def most_moved(self, park_id: str, most: int = 5) -> tuple[Moved, ...]:
        """The park's cells that moved its total most."""
        rows = self._moved[self._moved["park_id"] == park_id].head(most)
        return tuple(Moved(**row) for row in _records(rows))

    def to_json(self) -> str:
        """The development as canonical JSON: equal developments, equal text."""
        return canonical_json(self)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The development that `to_json` wrote. Raises OutputError when the text is something else."""
        try:
            return from_plain(cls, json.loads(text))
        except (KeyError, TypeError, ValueError) as error:
            raise OutputError(f"Dit is geen {FILE_NAME} van de werkbank.") from error

    @classmethod
    def load(cls, folder: Path | str) -> Self:
        """The development that `save` wrote into the folder."""
        return cls.from_json((Path(folder) / FILE_NAME).read_text(encoding="utf-8"))

    def save(self, output_folder: Path | str) -> None:
        """Write `development.json` into the folder, whole or not at all; an empty name writes nothing.

        A relative folder is within the workspace.
        """
        keep(self, output_folder, FILE_NAME)

    def __str__(self) -> str:
        """One line of Dutch: which municipality, which rounds, how many parks."""
        parks = count(len(self._parks), "terrein", "terreinen")
        return f"Vergelijking {self.municipality_name}, ronde {self.old_round} met {self.new_round}: {parks}."

    def _repr_html_(self) -> str:
        return str(safe_html("<p><strong>{}</strong></p>", self))


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """What the old round asked, when the catalogue changed since: that round as it was asked, and what both asked.

    An indicator that only one round has is neither judged differently nor known better: the list of questions changed,
    and that is part of the method (method.md 9). `only_old` and `only_new` name those, as code and name.
    """

    catalogue: Catalogue
    matrix: RiskMatrix
    district: RiskMatrix
    both: tuple[str, ...]
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()


def in_both(catalogue: Catalogue, versions: Sequence[str]) -> tuple[str, ...]:
    """The present codes that every one of these versions of the catalogue asked."""
    asked = [catalogue.codes_then(version) for version in versions if version != catalogue.version]
    return tuple(code for code in catalogue.indicator_ids if all(code in then for then in asked))


def only_in_one(catalogue: Catalogue, version: str) -> dict[str, tuple[str, ...]]:
    """Which indicators only that earlier `version` of the catalogue had, and which only the present one has."""
    now = catalogue.codes_then(version)
    kept = set(now.values())
    return {
        "only_old": tuple(f"{one.id} {one.name}" for one in catalogue.as_of(version).indicators if one.id not in kept),
        "only_new": tuple(f"{one.id} {one.name}" for one in catalogue.indicators if one.id not in now),
    }


def develop(  # noqa: PLR0913 - two rounds, each with its method and its district
    old_matrix: RiskMatrix,
    new_matrix: RiskMatrix,
    catalogue: Catalogue,
    old_method: Method,
    new_method: Method,
    parties: Sequence[str],
    names: Mapping[str, str] | None = None,
    asked: Asked | None = None,
    districts: tuple[RiskMatrix, RiskMatrix] | None = None,
) -> Development:
    """The development from one round to the next on the judgements of `parties`, each round by its own method.

    Both matrices go by the codes of `catalogue`; `asked` says what the old round asked when that was something else,
    and then only what both rounds asked counts as judged differently or as known, the rest is the method's. A cell is
    known where a party gives a level; *not applicable* is not a level. `districts`: the whole district in both rounds,
    by which unknown cells are expected; the matrices themselves when not given.
    `names`: park → name. Whether the parties may be brought together is settled by the caller.
    """
    rounds = (old_matrix, new_matrix)
    old, new = (_said(matrix, catalogue, parties) for matrix in rounds)
    before, now = districts or rounds
    then = asked or Asked(catalogue, old_matrix, before, catalogue.indicator_ids)
    # Elsewhere more parties may be asked: they are in the district's figures, as in an analysis.
    everyone = now.parties if districts else parties
    methods = Methods(
        old=_score(then.catalogue, old_method, then.district, everyone),
        then=_score(catalogue, new_method, before, everyone, then.both),
        now=_score(catalogue, new_method, now, everyone, then.both),
        new=_score(catalogue, new_method, now, everyone),
    )
    split = split_change(old, new, methods, _said(then.matrix, then.catalogue, parties))
    known = _known_cells(old.levels, new.levels, catalogue, then.both)
    changes = split.table.rename(columns={"unit": "park_id"}).join(pd.DataFrame(known), on=["park_id", "group"])
    splittable = changes["change"].notna() & (changes["cells_both"] > 0)
    parts = {part: changes[part].where(splittable) for part in ("judgement", "knowledge", "district", "method")}
    moved = _moved_cells(rounds, (old, new), methods.new)
    parks = list(dict.fromkeys(park for matrix in reversed(rounds) for park in matrix.park_ids))
    return Development(
        old_round=old_matrix.round,
        new_round=new_matrix.round,
        parties=tuple(parties),
        old_delivered=_delivered(old_matrix, parties),
        new_delivered=_delivered(new_matrix, parties),
        only_old=tuple(map(str, split.only_old)),
        only_new=tuple(map(str, split.only_new)),
        fictional=old_matrix.fictional or new_matrix.fictional,
        catalogue_fingerprint=catalogue.fingerprint,
        findings=(*old_matrix.findings, *new_matrix.findings),
        _changes=changes.assign(**parts, splittable=splittable).astype(dict.fromkeys(known, "Int64")),
        _moved=moved[moved["indicator"].isin(then.both)].astype({"old_level": "Int64", "new_level": "Int64"}),
        _parks=pd.DataFrame({"park_id": parks, "name": [(names or {}).get(park, park) for park in parks]}, dtype="str"),
        indicators_only_old=then.only_old,
        indicators_only_new=then.only_new,
    )


def _score(
    catalogue: Catalogue,
    method: Method,
    district: RiskMatrix,
    parties: Sequence[str],
    codes: Sequence[str] | None = None,
) -> Score:
    """The method over these indicators, all when not given, with the figures of this district."""
    tree, own = structure(catalogue, method), list(catalogue.indicator_ids if codes is None else codes)
    groups = set(tree.loc[tree["code"].isin(own), "parent"])
    tree = tree[tree["code"].isin([*own, *groups, ROOT])].reset_index(drop=True)
    chosen = {group: mean for group, mean in means(method).items() if group in {*groups, ROOT}}

    def combined(said: Said) -> Combined:
        levels, declined = ({p: table[own] for p, table in each.items()} for each in (said.levels, said.declined))
        return combined_by(levels, catalogue, method, declined, said.agreed[said.agreed.columns.intersection(own)])

    figures = district_figures(combined(_said(district, catalogue, parties)), catalogue, method)
    return lambda said: score_risk(combined(said), tree, mean=chosen, district=figures).groups


def _said(matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str]) -> Said:
    """Party → park × indicator: the levels that are on the catalogue's scales, and what is not applicable."""
    levels = {party: matrix.levels(party) for party in parties}
    on_scale = {party: table.where(points(table, catalogue).notna()) for party, table in levels.items()}
    declined = {party: matrix.not_applicable(party) for party in parties}
    return Said(on_scale, declined, matrix.agreed_levels(parties))


def _known_cells(old: _Values, new: _Values, catalogue: Catalogue, both: Sequence[str]) -> dict[str, pd.Series]:
    """How many party cells each round knows, and both, per park and group, of the indicators that both asked."""
    asked = pd.Index(both)
    known_old, known_new = (
        {party: table.notna() & table.columns.isin(asked) for party, table in values.items()} for values in (old, new)
    )
    shared = {
        party: table & known_new[party].reindex(index=table.index, fill_value=False)
        for party, table in known_old.items()
    }
    codes = {ROOT: list(catalogue.indicator_ids)}
    codes |= {family.score: [one.id for one in catalogue.by_family(family.id)] for family in catalogue.families}
    counted: dict[str, pd.Series] = {}
    for name, known in {"cells_old": known_old, "cells_new": known_new, "cells_both": shared}.items():
        cells = reduce(operator.add, (table.astype("int64") for table in known.values()))
        counted[name] = pd.Series(pd.DataFrame({group: cells[own].sum(axis=1) for group, own in codes.items()}).stack())
    return counted


def _moved_cells(rounds: tuple[RiskMatrix, RiskMatrix], said: tuple[Said, Said], score: Score) -> pd.DataFrame:
    """Every party cell whose level differs, or that only one round knows, in parks of both rounds.

    `rounds` and `said` are old and new; `score` is the new method's. Largest effect first within a park; then by
    indicator and party.
    """
    old, new = rounds
    shared = [park for park in new.park_ids if park in set(old.park_ids)]
    found = pd.concat([_differing(old, new, party, shared) for party in sorted(said[1].levels)], ignore_index=True)
    found["effect"] = _effects(found, said, score)
    found["size"] = found["effect"].abs()
    order = found.sort_values(["park_id", "size", "indicator", "party"], ascending=[True, False, True, True])
    return order[[one.name for one in fields(Moved)]].reset_index(drop=True)


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


def _effects(cells: pd.DataFrame, said: tuple[Said, Said], score: Score) -> pd.Series[float]:
    """What the total has more by each cell alone: every cell is put back once, all of them scored in one go."""
    if cells.empty:
        return pd.Series(dtype="float64")
    old, new = said
    levels = {party: _put_back(cells, party, old.levels[party], table) for party, table in new.levels.items()}
    declined = {party: _put_back(cells, party, old.declined[party], table) for party, table in new.declined.items()}
    agreed = new.agreed.reindex(cells["park_id"]).reset_index(drop=True)
    put_back = Said(levels, {party: table == 1 for party, table in declined.items()}, agreed)
    now = score(new)[ROOT].reindex(cells["park_id"]).to_numpy()
    return pd.Series(now - score(put_back)[ROOT].to_numpy(), index=cells.index)


def _put_back(cells: pd.DataFrame, party: str, old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """A row per cell: what this party says of its park in the new round, the cell itself as it was."""
    rows = new.loc[cells["park_id"]].to_numpy(dtype=np.float64, copy=True)
    own = np.flatnonzero(cells["party"] == party)
    parks, indicators = (pd.Index(cells[name].iloc[own]) for name in ("park_id", "indicator"))
    was = old.to_numpy()[old.index.get_indexer(parks), old.columns.get_indexer(indicators)]
    rows[own, new.columns.get_indexer(indicators)] = was
    return pd.DataFrame(rows, columns=new.columns)


def _delivered(matrix: RiskMatrix, parties: Sequence[str]) -> tuple[str, ...]:
    return tuple(party for party in matrix.delivered() if party in parties)


def _records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows as plain values; what is missing is None, never NaN."""
    columns = {str(name): [None if pd.isna(value) else value for value in frame[name].tolist()] for name in frame}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
