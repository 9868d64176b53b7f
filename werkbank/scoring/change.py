"""What a change of score between two rounds is made of: judged differently, known differently, another method.

With S the old method, S′ the new one, K the party cells known in a round and K∩ those known in both:

    method    = S′(old, K_old) − S(old, K_old)
    knowledge = [S′(new, K_new) − S′(new, K∩)] + [S′(old, K∩) − S′(old, K_old)]
    judgement = S′(new, K∩) − S′(old, K∩)

Together they are S′(new, K_new) − S(old, K_old). Where the rounds did not ask the same indicators, S′ in all of this
is over those that both asked, and what the others do to either score is the method's: in the new round S′ over
everything less S′ over what both asked, in the old one what that round was scored on. A cell is one party's judgement
of one indicator, and is known only where that party gives a level: *unknown*, *open* and *not applicable* are all
without a level, so a cell that goes from a level to *not applicable*, or back, changes what is known.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass

import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.tables import fault, refuse

__all__ = ["Score", "SplitChange", "split_change"]

Score = Callable[[Mapping[str, pd.DataFrame]], pd.DataFrame]
"""One method: party → unit × indicator (NaN = no level) in, unit × group out, the total included."""


@dataclass(frozen=True, slots=True, eq=False)
class SplitChange:
    """The change of every unit and group between two rounds; units of one round only are listed, not split."""

    only_old: tuple[Hashable, ...]
    only_new: tuple[Hashable, ...]
    _table: pd.DataFrame

    @property
    def table(self) -> pd.DataFrame:
        """Columns unit, group, old, new, change, judgement, knowledge, method, splittable; a copy.

        The three parts add up to the change. Where nothing that counts is known in both rounds the parts are NaN and
        `splittable` is False, while the change is still there; it is NaN where either round has no score.
        """
        return self._table.copy()


def split_change(
    old: Mapping[str, pd.DataFrame],
    new: Mapping[str, pd.DataFrame],
    score_old: Score,
    score_new: Score,
    *,
    score_both: Score | None = None,
    old_as_asked: Mapping[str, pd.DataFrame] | None = None,
) -> SplitChange:
    """The change from `old` to `new` in its three parts, per unit and group of the new method (method.md 9).

    `old`, `new`: party → unit × indicator, NaN = not known. `score_old`, `score_new` turn such judgements into scores,
    with no threshold of coverage: one cell more could switch a whole group on, and that would pass for knowledge. A
    unit's score must not depend on other units. `score_both` is the new method over the indicators that both rounds
    asked, all when not given; `old_as_asked` is what `score_old` is to score when that is not `old`. Every party stands
    in both rounds, with an empty table where it delivered nothing: ScoringError otherwise, and for everything that the
    scores refuse.
    """
    refuse("Deze rondes zijn niet te vergelijken.", _party_faults(old, new))
    again = score_both or score_new
    scores = {
        "before": score_old(old if old_as_asked is None else old_as_asked),
        "restated": again(old),
        "narrowed": again(new),
        "after": score_new(new),
        "shared_before": again(_shared(old, new)),
        "shared_after": again(_shared(new, old)),
    }
    first, last = scores["before"].index, scores["after"].index
    both = last[last.isin(first)]
    groups = scores["after"].columns
    aligned = {name: table.reindex(index=both, columns=groups) for name, table in scores.items()}
    stacked = pd.DataFrame({name: frame.stack() for name, frame in _split(aligned).items()})
    return SplitChange(
        only_old=tuple(first[~first.isin(last)]),
        only_new=tuple(last[~last.isin(first)]),
        _table=stacked.rename_axis(["unit", "group"]).reset_index(),
    )


def _shared(mine: Mapping[str, pd.DataFrame], other: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    """My judgements as far as the other round knows the same party's cell too."""

    def known(table: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
        return table.notna().reindex(index=like.index, columns=like.columns, fill_value=False)

    return {party: table.where(known(other[party], table)) for party, table in mine.items()}


def _split(scores: Mapping[str, pd.DataFrame]) -> dict[str, pd.DataFrame]:
    before, restated, narrowed, after, shared_before, shared_after = scores.values()
    parts = {
        "judgement": shared_after - shared_before,
        "knowledge": (narrowed - shared_after) + (shared_before - restated),
        "method": (restated - before) + (after - narrowed),
    }
    change = after - before
    splittable = change.notna()
    for part in parts.values():
        splittable &= part.notna()
    whole = {"old": before, "new": after, "change": change}
    return whole | {name: part.where(splittable) for name, part in parts.items()} | {"splittable": splittable}


def _party_faults(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> list[Finding]:
    allowed, remedy = "dezelfde partijen in beide rondes", "geef een lege tabel voor wie niets aanleverde"
    strange = sorted(old.keys() ^ new.keys())
    return [fault("other-parties", f"“{party}” staat maar in één ronde", allowed, remedy) for party in strange]
