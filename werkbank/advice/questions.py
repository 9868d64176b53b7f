"""What the recalculations say of an advice: how sure it is, what it owes to one group or party, what to ask first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard, best_judges, places, score_matrix
from werkbank.scoring import weigh_groups
from werkbank.scoring.robustness import Robustness

CLEAR, LIKELY = 0.90, 0.70
NAMED = 0.90
"""The parks that are named together come first in at least this share of the recalculations."""
MOST_QUESTIONS, MOST_PARKS = 5, 3
CONTESTED = 0.05
"""A park is in contention when it is among the first in more than this share of the recalculations, and not in all."""
CERTAIN = 2.0
"""Only what lies above this many standard errors is asked; the rest may be chance."""


@dataclass(frozen=True, slots=True)
class Sureness:
    """What the recalculations say of one advised set; shares 0-1 of recalculations, no chance of a crime.

    `grade` is clear, likely or indistinguishable. `leading` is the smallest set of parks, the advised ones always in
    it, that together take the first places in at least 0.90 of the recalculations, most often first; `shares` are
    theirs, each of being among the first places. `favourites` are as many candidates as were advised, those most often
    among the first; they are named too. `driver`: the choice that matters most for how far ahead the advised parks are;
    "" when none does.
    """

    grade: str
    share: float
    draws: int
    leading: tuple[str, ...]
    shares: tuple[float, ...]
    favourites: tuple[str, ...]
    driver: str = ""

    def share_of(self, park_id: str) -> float:
        """The share of recalculations in which a named park is among the first."""
        return dict(zip(self.leading, self.shares, strict=True))[park_id]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """The candidates with the highest totals without one group (`kind` group) or one party's judgements (`kind` party).

    `changed`: they are not the advised ones. `without`: the advised parks without a score or an indication then.
    """

    kind: str
    code: str
    park_ids: tuple[str, ...]
    changed: bool
    without: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A cell that nobody knows, or (`indicator` None) a park; who can best find out; and what the answer is worth.

    Of a cell `value` is by how much, on average over the answers, the share of recalculations in which its park is
    selected would change, and `se` its standard error. Of a park it is P(1 − P) of being selected. All 0-1.
    """

    park_id: str
    indicator: str | None
    party: str
    value: float
    se: float


def sureness(found: Robustness, advised: Sequence[str], candidates: Sequence[str], driver: str = "") -> Sureness:
    """How sure it is that exactly the `advised` parks have the highest totals of the candidates (method.md 7)."""
    k = len(advised)
    share = float(found.comes_out(advised, candidates).mean())
    among = {str(park): float(chance) for park, chance in found.p_top(k, candidates).items() if park in candidates}
    # Of equal shares an advised one is first, then by code, so that the same draws give the same list.
    order = sorted(among, key=lambda park: (-round(among[park], 9), park not in advised, park))
    leading, total = list(advised), sum(among[park] for park in advised)
    for park in order:
        if park not in advised and (total < NAMED * k - 1e-9 or park in order[:k]):
            leading.append(park)
            total += among[park]
    leading.sort(key=order.index)
    return Sureness(
        grade="clear" if share >= CLEAR else "likely" if share >= LIKELY else "indistinguishable",
        share=share,
        draws=found.draws,
        leading=tuple(leading),
        shares=tuple(among[park] for park in leading),
        favourites=tuple(order[:k]),
        driver=driver,
    )


def left_out(scorecard: Scorecard, advised: Sequence[str]) -> tuple[LeftOut, ...]:
    """One for every group with weight, then one for every party that delivered, if another did too; else none of these.

    The other groups keep their weights, and the district its figures. Parks that tie at the edge are all in, as in the
    advice itself.
    """
    found = []
    for kind, code, totals, candidates in _totals_without(scorecard):
        first = first_places(totals[list(candidates)], len(advised))
        unknown = tuple(park for park in advised if park not in candidates or pd.isna(totals[park]))
        found.append(LeftOut(kind, code, first, set(first) != set(advised), unknown))
    return tuple(found)


def _totals_without(scorecard: Scorecard) -> Iterator[tuple[str, str, pd.Series, tuple[str, ...]]]:
    weights = {group: weight for group, weight in scorecard.method.group_weights.model_dump().items() if weight > 0}
    for group in weights if len(weights) > 1 else ():
        rest = {other: weight for other, weight in weights.items() if other != group}
        yield "group", group, weigh_groups(scorecard.risk.groups, rest), scorecard.candidates
    delivered = [party for party in scorecard.parties if party in scorecard.matrix.delivered()]
    for party in delivered if len(delivered) > 1 else ():
        others = [other for other in delivered if other != party]
        again = score_matrix(scorecard.matrix, scorecard.catalogue, scorecard.method, others, scorecard.district)
        yield "party", party, again.risk.total, again.candidates


def first_places(totals: pd.Series, k: int) -> tuple[str, ...]:
    """The `k` highest totals, highest first; those level at the edge are all in, those of equal height by code."""
    ranks = places(totals)
    chosen = ranks[(ranks <= k).fillna(False).astype(bool)]
    return tuple(map(str, sorted(chosen.index, key=lambda park: (chosen[park], str(park)))))


def questions(scorecard: Scorecard, found: Robustness, k: int) -> tuple[Question, ...]:
    """The cells worth asking about, most valuable first: E_v |P(selected | v) − P(selected)|, read from the draws.

    What chance alone would give is taken off; a cell below two standard errors is not asked (method.md 7). Nothing is
    drawn again: the recalculations are grouped by the level that each cell got in them. Then the parks in contention
    without such a cell of which a party did not answer all it was asked, most contested first.
    """
    selected = found.selected(k, scorecard.candidates)
    chance = dict(zip(map(str, found.units), selected.mean(axis=0).tolist(), strict=True))
    contested = [park for park, share in chance.items() if CONTESTED <= share <= 1 - CONTESTED]
    asked = sorted(
        _cells_asked(scorecard, found, selected),
        key=lambda one: (-one.value, one.park_id, one.indicator or ""),
    )
    about = {one.park_id for one in asked[:MOST_QUESTIONS]}
    parks = sorted(
        (_about_park(scorecard, park, chance[park], found.draws) for park in contested if park not in about),
        key=lambda one: (-one.value, one.park_id),
    )
    return (*asked[:MOST_QUESTIONS], *[one for one in parks if one.party][:MOST_PARKS])


def _cells_asked(scorecard: Scorecard, found: Robustness, selected: np.ndarray) -> Iterator[Question]:
    best_judge, missing = best_judges(scorecard.catalogue, scorecard.parties), found.missing
    cells = list(enumerate(found.unknown_cells)) if missing.shape[1] else []
    for column, park in enumerate(found.units):
        own = [(place, str(code)) for place, (unit, code) in cells if unit == park]
        if own and 0 < selected[:, column].mean() < 1:
            value, error = _values(selected[:, column], missing[:, [place for place, _ in own]])
            for (_, code), worth, se in zip(own, value.tolist(), error.tolist(), strict=True):
                if worth > max(CERTAIN * se, 0.0):
                    yield Question(str(park), code, best_judge[code], worth, se)


def _about_park(scorecard: Scorecard, park: str, chance: float, draws: int) -> Question:
    """The park with the party that knows least of it; no party where each answered all it was asked."""
    cells = scorecard.combined.cells
    row = cells.units.get_loc(park)
    silent = cells.applicable[row] & ~cells.settled[row] & (cells.steps[:, row] < 0) & cells.asked[:, 0]
    unanswered = dict(zip(cells.parties, silent.sum(axis=1).tolist(), strict=True))
    party = max(unanswered, key=lambda party: unanswered[party]) if any(unanswered.values()) else ""
    spread = chance * (1 - chance)
    return Question(park, None, party, spread, abs(1 - 2 * chance) * (spread / draws) ** 0.5)


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
