"""Development: what changed between two rounds, per park, group and indicator, and the cells behind it (method.md 9).

A change is split into what was judged differently, what is known differently, what the picture of the district does to
what nobody knows, and what another method does. It is never said that the situation on a park changed: the matrices
hold judgements.
"""

from __future__ import annotations

import operator
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import (
    ROOT,
    combined_by,
    district_figures,
    means,
    places,
    points,
    structure,
    uncertainty,
)
from werkbank.errors import Finding, OutputError
from werkbank.matrix import RiskMatrix
from werkbank.register import LegalBasis
from werkbank.scoring import Combined, score_risk
from werkbank.scoring.change import Methods, Said, Score, known_in_both, party_drift, split_change
from werkbank.scoring.ranking import LEVEL
from werkbank.scoring.robustness import robustness
from werkbank.scoring.tables import Copied
from werkbank.scoring.unknown_cells import District
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.settings.parameters import Parameters
from werkbank.wording import Shown, count, safe_html

REAL = 0.90
"""From this share of the recalculations on a change of judgement is called real, and below its complement too."""
PARTS = ("judgement", "knowledge", "district", "method")
MOST_DRAWS = 2_000
"""Recalculations of a change of judgement; a method with fewer draws keeps to its own number."""
_Values = Mapping[str, pd.DataFrame]
"""Party → park × indicator."""


@dataclass(frozen=True, slots=True)
class Change:
    """One park in one group: scores 0-100, and the parts of the difference; None where there is none.

    `group` may be an indicator's code: then all of it is in points of the total, so that the indicators add up to it.
    `splittable`: a cell of it is known in both rounds (of an indicator: of its park); else the parts are None.
    `cells_*` count the party cells known in the old round, in the new one and in both.
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
    alike_old: float | None = None
    alike_new: float | None = None
    """The scores of both rounds on the cells known in both; their difference is `judgement`."""
    p_up: float | None = None
    """Of the total: the share of recalculations in which `judgement` is above nought, ties half; None without any."""

    @property
    def is_real(self) -> bool | None:
        """Whether the other judgement stands in nearly every recalculation; None where that is not determined."""
        return None if self.p_up is None else not 1 - REAL < self.p_up < REAL


@dataclass(frozen=True, slots=True)
class PartyDrift:
    """How far one party moved over all parks of the district alike, in steps of a scale, with its 95 % interval.

    `raised`: it moved otherwise than the others did, and over all parks alike; then its yardstick may have moved.
    """

    party: str
    change: float
    low: float
    high: float
    parks: int
    cells: int
    raised: bool


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
    indicators_rescaled: tuple[str, ...] = ()
    """Indicators that the rounds asked on different scales, as code and name; left out of what is compared."""
    drift: tuple[PartyDrift, ...] = ()
    """Per party how far it moved over all parks of the district alike."""

    @property
    def indicators_changed(self) -> bool:
        """Whether the rounds did not ask the same indicators."""
        return bool(self.indicators_only_old or self.indicators_only_new or self.indicators_rescaled)

    @property
    def method_tells(self) -> bool:
        """Whether the method's part says something: that of then is known, or the questions were others."""
        return self.old_method_kept or self.indicators_changed

    frame = Copied("_changes", "Per park and group, the total included, and per indicator the fields of Change.")
    moved = Copied("_moved", "Per park the party cells that differ, largest effect first, the fields of Moved.")
    parks = Copied("_parks", "Per park of either round: park_id and name.")

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

    def places(self) -> pd.DataFrame:
        """The place of every park in both rounds on the cells known in both: park_id, old and new, 1 the highest.

        Among the parks that are in both rounds and can be split, in the order of now; ties as in a ranking.
        """
        total = self._changes[(self._changes["group"] == ROOT) & self._changes["splittable"]]
        ranked = {when: places(total[f"alike_{when}"]) for when in ("old", "new")}
        return total[["park_id"]].assign(**ranked).sort_values(["new", "park_id"], ignore_index=True)

    def most_moved(self, park_id: str, most: int = 5) -> tuple[Moved, ...]:
        """The park's cells that moved its total most."""
        rows = self._moved[self._moved["park_id"] == park_id].head(most)
        return tuple(Moved(**row) for row in _records(rows))

    def save(self, _: Path | str) -> None:
        """What notebooks of before asked. Raises OutputError with what to do."""
        raise OutputError(
            "Dit notebook is van een eerdere werkbank; er is niets bewaard. Neem notebooks/monitor.ipynb over uit een "
            "nieuwe map, gemaakt met werkbank init."
        )

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
    and that is part of the method (method.md 9). `only_old` and `only_new` name those, as code and name, and `rescaled`
    what the rounds asked on different scales.
    """

    catalogue: Catalogue
    matrix: RiskMatrix
    district: RiskMatrix
    both: tuple[str, ...]
    only_old: tuple[str, ...] = ()
    only_new: tuple[str, ...] = ()
    rescaled: tuple[str, ...] = ()


def in_both(catalogue: Catalogue, versions: Sequence[str]) -> tuple[str, ...]:
    """The present codes that every one of these versions of the catalogue asked."""
    asked = [catalogue.codes_then(version) for version in versions if version != catalogue.version]
    return tuple(code for code in catalogue.indicator_ids if all(code in then for then in asked))


def only_in_one(catalogue: Catalogue, version: str) -> dict[str, tuple[str, ...]]:
    """Which indicators only that earlier `version` had, which only the present one, and which on another scale."""
    now, rescaled = catalogue.codes_then(version), catalogue.rescaled_since(version)
    kept = set(now.values())
    found = {
        "only_old": [one for one in catalogue.as_of(version).indicators if one.id not in kept],
        "only_new": [one for one in catalogue.indicators if one.id not in {*now, *rescaled}],
        "rescaled": [one for one in catalogue.indicators if one.id in rescaled],
    }
    return {name: tuple(f"{one.id} {one.name}" for one in own) for name, own in found.items()}


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
    codes = _present_codes(then.catalogue, catalogue)
    every = list(dict.fromkeys((*catalogue.indicator_ids, *codes.values())))
    methods = Methods(
        old=_scored(then.catalogue, old_method, then.district, everyone, codes, every),
        then=_scored(catalogue, new_method, before, everyone, {}, every, then.both),
        now=(today := _scored(catalogue, new_method, now, everyone, {}, every, then.both)),
        new=_scored(catalogue, new_method, now, everyone, {}, every),
    )
    split = split_change(old, new, methods, _said(then.matrix, then.catalogue, parties))
    known = _known_cells(old.levels, new.levels, catalogue, then.both)
    changes = split.rename(columns={"unit": "park_id"}).join(known, on=["park_id", "group"])
    changes = changes.fillna(dict.fromkeys(known, 0))
    groups = [ROOT, *(family.score for family in catalogue.families)]
    # What an indicator adds to the total is split where the total is.
    whole = changes["park_id"].map(known["cells_both"].xs(ROOT, level=1))
    splittable = changes["change"].notna() & (changes["cells_both"].where(changes["group"].isin(groups), whole) > 0)
    parts = {part: changes[part].where(splittable) for part in (*PARTS, "alike_old", "alike_new")}
    up = changes["park_id"].map(_shares_up(today, known_in_both(old, new), known_in_both(new, old)))
    up = up.where(splittable & (changes["group"] == ROOT))
    moved = _moved_cells(rounds, (old, new), methods.new)
    parks = list(dict.fromkeys(park for matrix in reversed(rounds) for park in matrix.park_ids))
    kept = {*old_matrix.park_ids}.intersection(new_matrix.park_ids)
    return Development(
        old_round=old_matrix.round,
        new_round=new_matrix.round,
        parties=tuple(parties),
        old_delivered=_delivered(old_matrix, parties),
        new_delivered=_delivered(new_matrix, parties),
        only_old=tuple(park for park in old_matrix.park_ids if park not in kept),
        only_new=tuple(park for park in new_matrix.park_ids if park not in kept),
        fictional=old_matrix.fictional or new_matrix.fictional,
        catalogue_fingerprint=catalogue.fingerprint,
        findings=(*old_matrix.findings, *new_matrix.findings),
        _changes=changes.assign(**parts, splittable=splittable, p_up=up).astype(dict.fromkeys(known, "Int64")),
        _moved=moved[moved["indicator"].isin(then.both)].astype({"old_level": "Int64", "new_level": "Int64"}),
        _parks=pd.DataFrame({"park_id": parks, "name": [(names or {}).get(park, park) for park in parks]}, dtype="str"),
        indicators_only_old=then.only_old,
        indicators_only_new=then.only_new,
        indicators_rescaled=then.rescaled,
        drift=_drift(before, now, parties, catalogue, then.both),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Scored:
    """One method over the indicators that were `asked`, by the figures of one district; the Score of it."""

    catalogue: Catalogue
    method: Method
    asked: list[str]
    tree: pd.DataFrame
    mean: dict[Hashable, str | float]
    district: District
    every: list[str]
    """The indicators of either round."""
    codes: Mapping[str, str]
    """Code → what it is called among `every`; itself where it is not named."""

    def __call__(self, said: Said) -> pd.DataFrame:
        """Unit × group, and what every indicator adds to the total: 0 where it does not apply or is not asked."""
        combined = _combined(said, self.catalogue, self.method, self.asked)
        found = score_risk(combined, self.tree, mean=self.mean, district=self.district)
        adds = found.contributions.rename(columns=self.codes).reindex(columns=self.every).fillna(0.0)
        return found.groups.join(adds.where(found.total.notna(), axis=0))


def _scored(
    catalogue: Catalogue,
    method: Method,
    district: RiskMatrix,
    parties: Sequence[str],
    codes: Mapping[str, str],
    every: list[str],
    asked: Sequence[str] | None = None,
) -> _Scored:
    """The method over the indicators that were `asked`, all when not given, with the figures of this district."""
    tree, own = structure(catalogue, method), list(catalogue.indicator_ids if asked is None else asked)
    groups = set(tree.loc[tree["code"].isin(own), "parent"])
    tree = tree[tree["code"].isin([*own, *groups, ROOT])].reset_index(drop=True)
    chosen = {group: mean for group, mean in means(method).items() if group in {*groups, ROOT}}
    figures = district_figures(
        _combined(_said(district, catalogue, parties), catalogue, method, own), catalogue, method
    )
    return _Scored(catalogue, method, own, tree, chosen, figures, every, codes)


def _combined(said: Said, catalogue: Catalogue, method: Method, own: list[str]) -> Combined:
    levels, declined = ({p: table[own] for p, table in each.items()} for each in (said.levels, said.declined))
    return combined_by(levels, catalogue, method, declined, said.agreed[said.agreed.columns.intersection(own)])


def _present_codes(then: Catalogue, now: Catalogue) -> dict[str, str]:
    """The codes of then → those of now; what is no longer asked keeps its own, with its version where that is taken."""
    if then is now:
        return {}
    kept = {code: present for present, code in now.codes_then(then.version).items()}
    dropped = [code for code in then.indicator_ids if code not in kept]
    return kept | {code: f"{code} ({then.version})" if code in now.indicator_ids else code for code in dropped}


def _shares_up(scored: _Scored, old: Said, new: Said) -> pd.Series[float]:
    """Per park of both rounds the share of recalculations in which it scores higher now than then, ties half.

    Both rounds stand in one set of recalculations: the same choices, per park the same factor and per cell the same
    random number, so that what is judged alike is drawn alike (method.md 9). Empty where nothing is drawn.
    """
    first, last = (next(iter(said.levels.values())).index for said in (old, new))
    named, parks = uncertainty(scored.method), last[last.isin(first)]
    if named is None or parks.empty:
        return pd.Series(dtype="float64")

    def both(then: pd.DataFrame, now: pd.DataFrame) -> pd.DataFrame:
        return pd.concat([then.reindex(parks), now.reindex(parks)], ignore_index=True)

    said = Said(
        {party: both(old.levels[party], table) for party, table in new.levels.items()},
        {party: both(old.declined[party], table) for party, table in new.declined.items()},
        both(old.agreed, new.agreed),
    )
    required = scored.catalogue.required.score
    found = robustness(
        _combined(said, scored.catalogue, scored.method, scored.asked),
        scored.tree,
        uncertain=named if required in scored.mean else named | {"threat_power": None},
        draws=min(scored.method.draws, MOST_DRAWS),
        seed=scored.method.seed,
        mean=scored.mean,
        power_of=required,
        district=scored.district,
        streams=[*parks, *parks],
        one_factor=True,
    )
    before, after = np.split(found.totals.to_numpy(), 2)
    higher, level = after - before > LEVEL, np.abs(after - before) <= LEVEL
    return pd.Series((higher + level / 2).mean(axis=1), parks)


def _drift(
    old: RiskMatrix, new: RiskMatrix, parties: Sequence[str], catalogue: Catalogue, asked: Sequence[str]
) -> tuple[PartyDrift, ...]:
    """How every party moved over these parks, in steps of risk, on what both rounds asked."""
    falling = {one.id: catalogue.family(one.family).protective for one in catalogue.indicators}
    risk = pd.Series({code: -1.0 if falling[code] else 1.0 for code in asked})

    def steps(matrix: RiskMatrix) -> dict[str, pd.DataFrame]:
        levels = _said(matrix, catalogue, parties).levels
        return {party: table[list(asked)] * risk for party, table in levels.items()}

    found = party_drift(steps(old), steps(new))
    return tuple(PartyDrift(*row) for row in found.reset_index().itertuples(index=False, name=None))


def _said(matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str]) -> Said:
    """Party → park × indicator: the levels that are on the catalogue's scales, and what is not applicable."""
    levels = {party: matrix.levels(party) for party in parties}
    on_scale = {party: table.where(points(table, catalogue).notna()) for party, table in levels.items()}
    declined = {party: matrix.not_applicable(party) for party in parties}
    return Said(on_scale, declined, matrix.agreed_levels(parties))


def _known_cells(old: _Values, new: _Values, catalogue: Catalogue, both: Sequence[str]) -> pd.DataFrame:
    """How many party cells each round knows, and both, of what both asked; a row per park and group or indicator."""
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
        groups = {group: cells[own].sum(axis=1) for group, own in codes.items()}
        counted[name] = pd.Series(cells.assign(**groups).stack())
    return pd.DataFrame(counted)


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
