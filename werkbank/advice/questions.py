"""What the recalculations say of an advice: how sure it is, what it owes to one group or party, what to ask first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard, places, score_matrix
from werkbank.scoring import weigh_groups
from werkbank.scoring.robustness import Robustness

__all__ = ["LeftOut", "Question", "Sureness", "left_out", "questions", "sureness"]

CLEAR, LIKELY = 0.90, 0.70
NAMED = 0.90
"""The parks that are named together come first in at least this share of the recalculations."""
MOST_QUESTIONS = 5
CERTAIN = 2.0
"""Only what lies above this many standard errors is asked; the rest may be chance."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the recalculations say of one advised set; shares 0-1 of recalculations, no chance of a crime.

    `grade` is clear, likely or indistinguishable. `leading` is the smallest set of parks that together take the first
    places in at least 0.90 of the recalculations, most often first; `shares` are theirs, each of being among the first
    places. `favourites` are as many parks as were advised, those most often among the first.
    """

    grade: str
    share: float
    draws: int
    leading: tuple[str, ...]
    shares: tuple[float, ...]
    favourites: tuple[str, ...]


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


@dataclass(frozen=True, slots=True)
class Question:
    """A cell that nobody knows, who can best find out, and what the answer is worth.

    `value` is by how much, on average over the answers, the share of recalculations in which the advised parks come
    out would change; `se` is its standard error. Both 0-1.
    """

    park_id: str
    indicator: str
    party: str
    value: float
    se: float


def sureness(found: Robustness, advised: Sequence[str]) -> Sureness:
    """How sure it is that exactly the `advised` parks have the highest totals (method.md 7)."""
    k = len(advised)
    share = float(found.comes_out(advised).mean())
    among = {str(park): float(chance) for park, chance in found.p_top(k).items()}
    # Equal shares stand in the order of their codes, so that the same draws give the same list.
    order = sorted(among, key=lambda park: (-among[park], park))
    before = np.cumsum([0.0, *(among[park] for park in order)])[:-1]
    leading = tuple(park for park, total in zip(order, before, strict=True) if total < NAMED * k - 1e-9)
    return Sureness(
        grade="clear" if share >= CLEAR else "likely" if share >= LIKELY else "indistinguishable",
        share=share,
        draws=found.draws,
        leading=leading,
        shares=tuple(among[park] for park in leading),
        favourites=tuple(order[:k]),
    )


def left_out(scorecard: Scorecard, advised: Sequence[str]) -> tuple[LeftOut, ...]:
    """One for every group with weight, then one for every party that delivered, if another did too; else none of these.

    The other groups keep their weights. Parks that tie at the edge are all in, as in the advice itself.
    """
    return tuple(_outcome(kind, code, totals, advised) for kind, code, totals in _totals_without(scorecard))


def _totals_without(scorecard: Scorecard) -> Iterator[tuple[str, str, pd.Series]]:
    weights = {group: weight for group, weight in scorecard.method.group_weights.model_dump().items() if weight > 0}
    for group in weights if len(weights) > 1 else ():
        rest = {other: weight for other, weight in weights.items() if other != group}
        risk, codes = scorecard.risk, list(rest)
        total, _ = weigh_groups(risk.groups[codes], risk.groups_low[codes], risk.groups_high[codes], rest)
        yield "group", group, total.where(risk.total.notna())
    delivered = [party for party in scorecard.parties if party in scorecard.matrix.delivered()]
    for party in delivered if len(delivered) > 1 else ():
        others = [other for other in delivered if other != party]
        again = score_matrix(scorecard.matrix, scorecard.catalogue, scorecard.method, others)
        yield "party", party, again.risk.total


def _outcome(kind: str, code: str, totals: pd.Series, advised: Sequence[str]) -> LeftOut:
    ranks = places(totals)
    first = ranks[(ranks <= len(advised)).fillna(False).astype(bool)].sort_values(kind="stable").index
    unknown = tuple(park for park in advised if pd.isna(totals[park]))
    return LeftOut(kind, code, tuple(map(str, first)), set(first) != set(advised), unknown)


def questions(found: Robustness, advised: Sequence[str], best_judge: Mapping[str, str]) -> tuple[Question, ...]:
    """The cells worth asking about, most valuable first: E_v |P(advised | v) − P(advised)|, read from the draws.

    What chance alone would give is taken off; a cell below two standard errors is not asked (method.md 7). Nothing is
    drawn again: the recalculations are grouped by the level that each cell got in them.
    """
    if not advised or not found.missing.shape[1]:
        return ()
    value, error = _values(found.comes_out(advised), found.missing)
    asked = [
        Question(str(park), str(code), best_judge[str(code)], float(value[place]), float(error[place]))
        for place, (park, code) in enumerate(found.unknown_cells)
        if value[place] > CERTAIN * error[place] and value[place] > 0
    ]
    return tuple(sorted(asked, key=lambda one: (-one.value, one.park_id, one.indicator))[:MOST_QUESTIONS])


def _values(outcome: np.ndarray, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Per cell the value less its noise floor, and the standard error."""
    n, share = len(outcome), outcome.mean()
    value, floor, variance = (np.zeros(levels.shape[1]) for _ in range(3))
    for level in range(int(levels.max()) + 1):
        got = levels == level
        times = got.sum(axis=0)
        part = times / n
        with np.errstate(invalid="ignore", divide="ignore"):
            given = np.where(times > 0, (outcome @ got) / times, share)
            spread = np.where(times > 0, share * (1 - share) * (1 / times - 1 / n), 0.0)
            own = np.where(times > 0, given * (1 - given) / times, 0.0)
        value += part * np.abs(given - share)
        # The mean size of a normal difference that is there by chance alone.
        floor += part * np.sqrt(2 / np.pi * np.maximum(spread, 0.0))
        variance += part**2 * own
    return value - floor, np.sqrt(variance)
