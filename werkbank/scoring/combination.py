"""From the judgements of several parties to one value per cell, with what it could still become.

All values are in risk direction: higher is worse. A missing value is never 0 but anything within the limits;
*not applicable* holds only where no party gives a level.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from werkbank.scoring.faults import refuse
from werkbank.scoring.judgements import Judged, first_table, read_judgements
from werkbank.scoring.look import table_html
from werkbank.scoring.means import BoolArray
from werkbank.scoring.rules import Rules
from werkbank.scoring.tables import FloatArray

__all__ = ["Combined", "combine"]


@dataclass(frozen=True, eq=False)
class Combined:
    """One value per unit × indicator, its bounds, and who knows it; tables are handed out as copies.

    `conflicts` lists (unit, indicator, party) where a party says not applicable beside another's level.

    >>> police = pd.DataFrame({"V01": [100.0, None]}, index=["noord", "zuid"])
    >>> wb.scoring.combine({"police": police}, rules={"V01": "mean"}, best_judge={})
    <Combined 2 units × 1 indicators, 1 cells known>
    """

    _values: pd.DataFrame
    _low: pd.DataFrame
    _high: pd.DataFrame
    _applicable: pd.DataFrame
    _known: pd.DataFrame
    _known_by_all: pd.DataFrame
    conflicts: tuple[tuple[Hashable, Hashable, str], ...] = ()

    @property
    def values(self) -> pd.DataFrame:
        """The combined values; NaN where no party knows, or where nothing applies."""
        return self._values.copy(deep=False)

    @property
    def low(self) -> pd.DataFrame:
        """The lowest value any completion of the missing judgements gives; NaN where nothing applies."""
        return self._low.copy(deep=False)

    @property
    def high(self) -> pd.DataFrame:
        """The highest value any completion of the missing judgements gives; NaN where nothing applies."""
        return self._high.copy(deep=False)

    @property
    def applicable(self) -> pd.DataFrame:
        """True unless a party says it does not apply and no party gives a level."""
        return self._applicable.copy(deep=False)

    @property
    def known(self) -> pd.DataFrame:
        """True where at least one party gives a level, or a consensus is used."""
        return self._known.copy(deep=False)

    @property
    def known_by_all(self) -> pd.DataFrame:
        """True where every party gives a level, or a consensus is used."""
        return self._known_by_all.copy(deep=False)

    def __eq__(self, other: object) -> bool:
        """Equal when the tables and the conflicts are."""
        if not isinstance(other, Combined):
            return NotImplemented
        tables = [field.name for field in fields(self) if field.name != "conflicts"]
        same = all(getattr(self, name).equals(getattr(other, name)) for name in tables)
        return same and self.conflicts == other.conflicts

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        """The size, and how many cells are known."""
        units, indicators = self._values.shape
        known = int(self._known.to_numpy().sum())
        return f"<Combined {units} units × {indicators} indicators, {known} cells known>"

    def _repr_html_(self) -> str:
        """The first units with their combined values."""
        return table_html(self, self._values)


def combine(  # noqa: PLR0913 - every choice is named
    values: Mapping[str, pd.DataFrame],
    not_applicable: Mapping[str, pd.DataFrame] | None = None,
    *,
    rules: Mapping[str, str],
    best_judge: Mapping[str, str],
    best_judge_weight: float = 2.0,
    consensus: pd.DataFrame | None = None,
    consensus_default: Mapping[str, str] | None = None,
    limits: tuple[float, float] = (0.0, 100.0),
) -> Combined:
    """One value per unit × indicator from any number of parties, whose order does not matter.

    `values`: party → unit × indicator in risk direction, NaN = missing; `not_applicable`: party → True where
    the party says so. `rules`: indicator → maximum | mean | weighted | consensus. Under weighted the
    indicator's `best_judge` (a party, or "both") counts `best_judge_weight` times. Under consensus the value
    in `consensus` holds, with both bounds on it, and where there is none the rule of `consensus_default`.
    Missing parties: the others' value; the bounds run over every judgement within `limits` the missing ones
    could still give. All missing: unknown, bounds on the limits. ScoringError names all faults.

    >>> police = pd.DataFrame({"V01": [100.0, None]}, index=["noord", "zuid"])
    >>> municipality = pd.DataFrame({"V01": [0.0, 50.0]}, index=["noord", "zuid"])
    >>> parties = {"police": police, "municipality": municipality}
    >>> both = wb.scoring.combine(parties, rules={"V01": "maximum"}, best_judge={})
    >>> both.values["V01"].tolist(), both.low["V01"].tolist(), both.high["V01"].tolist()
    ([100.0, 50.0], [100.0, 50.0], [100.0, 100.0])
    """
    like = first_table(values)
    chosen = Rules(
        indicators=tuple(like.columns),
        parties=tuple(sorted(values)),
        rules=rules,
        consensus_default=consensus_default or {},
        best_judge=best_judge,
        best_judge_weight=best_judge_weight,
        limits=limits,
    )
    judged, faults = read_judgements(values, not_applicable or {}, consensus, like, limits)
    refuse("De oordelen zijn niet samen te voegen.", [*faults, *chosen.faults()])
    return _combined(judged, chosen, like)


def _combined(judged: Judged, chosen: Rules, like: pd.DataFrame) -> Combined:
    settled = chosen.by_consensus & ~np.isnan(judged.consensus)
    known = np.logical_or.reduce(judged.levels) | settled
    declined = np.logical_or.reduce(list(judged.not_applicable.values()))
    applicable = known | ~declined

    def table(cells: FloatArray | BoolArray) -> pd.DataFrame:
        return pd.DataFrame(cells, index=like.index, columns=like.columns)

    def outcome(judgements: Mapping[str, FloatArray]) -> pd.DataFrame:
        found = np.where(settled, judged.consensus, chosen.value(judgements))
        return table(np.where(applicable, found, np.nan))

    return Combined(
        _values=outcome(judged.values),
        _low=outcome(judged.completed(chosen.limits[0])),
        _high=outcome(judged.completed(chosen.limits[1])),
        _applicable=table(applicable),
        _known=table(known),
        _known_by_all=table(np.logical_and.reduce(judged.levels) | settled),
        conflicts=_conflicts(judged, known & ~settled, like),
    )


def _conflicts(judged: Judged, levels: BoolArray, like: pd.DataFrame) -> tuple[tuple[Hashable, Hashable, str], ...]:
    found = [
        (like.index[i], like.columns[j], party)
        for party, declined in judged.not_applicable.items()
        for i, j in np.argwhere(declined & levels)
    ]
    return tuple(sorted(found, key=lambda conflict: tuple(map(str, conflict))))
