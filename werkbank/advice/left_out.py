"""What the advice owes to each group and to each party: which parks come out when one of them is left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.advice.recalculation import counted_groups, nominal_totals
from werkbank.advice.scorecard import Scorecard, without_noise
from werkbank.matrix import RiskMatrix
from werkbank.scoring import rank
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method

__all__ = ["LeftOut", "left_out"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The parks with the highest totals without one group (`kind` group) or one party's judgements (`kind` party).

    `changed`: they are not the advised ones. `without_score`: the advised parks of which too little is known then.
    """

    kind: str
    code: str
    park_ids: tuple[str, ...]
    changed: bool
    without_score: tuple[str, ...]


def left_out(
    matrix: RiskMatrix,
    scorecard: Scorecard,
    catalogue: Catalogue,
    method: Method,
    parties: Sequence[str],
    advised: Sequence[str],
) -> tuple[LeftOut, ...]:
    """One for every group with weight, then one for every party that delivered, if another did too; else none of these.

    The other groups keep their weights. Parks that tie at the edge are all in, as in the advice itself.
    """
    weights = pd.Series(method.group_weights.model_dump(), dtype="float64")
    weighing = [group for group in weights.index if weights[group] > 0]
    delivered = [party for party in parties if party in matrix.delivered()]

    def totals() -> Iterator[tuple[str, str, pd.Series]]:
        for group in weighing if len(weighing) > 1 else ():
            yield "group", str(group), _without_group(scorecard, weights.drop(group))
        for party in delivered if len(delivered) > 1 else ():
            rest = [other for other in delivered if other != party]
            yield "party", party, nominal_totals(matrix, catalogue, method, rest)

    return tuple(_outcome(kind, code, total, advised) for kind, code, total in totals())


def _without_group(scorecard: Scorecard, weights: pd.Series) -> pd.Series:
    """The totals over the remaining groups, of the parks that have a total."""
    counted = counted_groups(scorecard, weights)
    total = (counted * weights).sum(axis=1) / (counted.notna() * weights).sum(axis=1)
    return total.where(scorecard.risk.total.notna())


def _outcome(kind: str, code: str, total: pd.Series, advised: Sequence[str]) -> LeftOut:
    places = rank(without_noise(total))
    first = places[(places <= len(advised)).fillna(False).astype(bool)].sort_values(kind="stable").index
    unknown = tuple(park for park in advised if pd.isna(total[park]))
    return LeftOut(kind, code, tuple(map(str, first)), set(first) != set(advised), unknown)
