"""What a change of score between two rounds is made of, and what a chosen unit would score had it not been chosen.

A change is made of what was judged, what is known, the district's picture and another method.

With S the old method, S′ the new one, K the party cells known in a round, K∩ those known in both, D the figures of the
district that say what an unknown cell is expected at (method.md 9):

    method    = S′(old, K_old; D_old) − S(old, K_old; D_old)
    district  = S′(old, K_old; D_new) − S′(old, K_old; D_old)

and all of the rest with D_new:

    knowledge = [S′(new, K_new) − S′(new, K∩)] + [S′(old, K∩) − S′(old, K_old)]
    judgement = S′(new, K∩) − S′(old, K∩)

Together they are S′(new, K_new) − S(old, K_old). Where the rounds did not ask the same indicators, S′ in all of this
is over those that both asked, and what the others do to either score is the method's: in the new round S′ over
everything less S′ over what both asked, in the old one what that round was scored on. A cell is one party's judgement
of one indicator, and is known only where that party gives a level. An agreement counts where only K∩ does if it stands
in both rounds. What is not applicable in either round is left out
of both where only K∩ counts: it is nobody's level.

A chosen unit is expected to score as the units went that nobody chose:

    expected = ȳ + b · (s_old − x̄)

x̄ and ȳ are the means of the unit's home over its unchosen units, of then and of now, b the slope of now on then within
homes, pooled over the unchosen units of the district. Who was high then is seldom as high again, and the others changed
as well: both are in the line, and choosing by the score of then does not bend it. Matching a chosen unit with its like
would: the highest has no equal. Beside it stands the line's prediction interval for one unit. What lies below its
expected value is never called an effect.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pandas as pd

TRIMMED: Final = 0.2
"""The part of the parks, at either end, that does not count in a party's move: what really changed on a few of them."""
FEWEST_PARKS: Final = 10
"""Of fewer parks nothing is told of a party's drift."""
SHARE = 0.95
"""How much of what a move may be lies in its interval."""


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """What was said in one round: per party unit × indicator the level (NaN = not known), and where it says n.v.t.

    `agreed`: unit × indicator the level that all agreed on, as far as there is any.
    """

    levels: Mapping[str, pd.DataFrame]
    declined: Mapping[str, pd.DataFrame]
    agreed: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def left_out(self) -> pd.DataFrame:
        """Unit × indicator: not applicable, for a party says so and none gives a level."""
        known, declined = (_any(tables) for tables in ({p: t.notna() for p, t in self.levels.items()}, self.declined))
        return declined & ~known


Score = Callable[[Said], pd.DataFrame]
"""One method with one district's figures: unit × group out, the total included, and what each indicator adds to it."""


@dataclass(frozen=True, slots=True, eq=False)
class Methods:
    """The scores that a change is split by. A unit's score must not depend on the other units."""

    old: Score
    """S with D_old."""
    then: Score
    """S′ with D_old, over what both rounds asked."""
    now: Score
    """S′ with D_new, over what both rounds asked."""
    new: Score
    """S′ with D_new, over everything."""


def split_change(old: Said, new: Said, methods: Methods, old_as_asked: Said | None = None) -> pd.DataFrame:
    """The change from `old` to `new` in its four parts, per unit of both rounds and column of the scores (method.md 9).

    Columns unit, group, old, new, change, judgement, knowledge, district, method, alike_old, alike_new. The four parts
    add up to the change; NaN where either round has no score. `alike_*`: the scores on K∩.

    `old_as_asked` is what the old method is to score when that is not `old`. Every party stands in both rounds, with an
    empty table where it delivered nothing. ScoringError for everything that the scores refuse.
    """
    before, after, restated = methods.old(old_as_asked or old), methods.new(new), methods.now(old)
    both = after.index[after.index.isin(before.index)]
    scores = (before, methods.then(old), restated, methods.now(new), after)
    shared = (methods.now(known_in_both(old, new)), methods.now(known_in_both(new, old)))
    before, then, restated, narrowed, after, shared_before, shared_after = (
        table.reindex(index=both, columns=after.columns) for table in (*scores, *shared)
    )
    parts = {
        "old": before,
        "new": after,
        "change": after - before,
        "judgement": shared_after - shared_before,
        "knowledge": (narrowed - shared_after) + (shared_before - restated),
        "district": restated - then,
        "method": (then - before) + (after - narrowed),
        "alike_old": shared_before,
        "alike_new": shared_after,
    }
    stacked = pd.DataFrame({name: table.stack() for name, table in parts.items()})
    return stacked.rename_axis(["unit", "group"]).reset_index()


def known_in_both(mine: Said, other: Said) -> Said:
    """My judgements as far as the other round knows the same party's cell too, and what was agreed in both."""
    left_out, theirs = mine.left_out, other.left_out
    gone = left_out | theirs.reindex(index=left_out.index, columns=left_out.columns, fill_value=False)

    def kept(party: str, table: pd.DataFrame) -> pd.DataFrame:
        known = other.levels[party].notna().reindex(index=table.index, columns=table.columns, fill_value=False)
        return table.where(known & ~gone)

    agreed = mine.agreed.where(other.agreed.reindex_like(mine.agreed).notna() & ~gone.reindex_like(mine.agreed))
    levels = {party: kept(party, table) for party, table in mine.levels.items()}
    return Said(levels, dict.fromkeys(mine.levels, gone), agreed)


def _any(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    first, *others = tables.values()
    for table in others:
        first = first | table.reindex(index=first.index, columns=first.columns, fill_value=False)
    return first


def party_drift(old: Mapping[str, pd.DataFrame], new: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """How far every party moved over all parks alike: change, low, high, parks, cells, and whether that is raised.

    `old`, `new`: party → unit × indicator in steps of risk, NaN = not known; only cells that the party knows in both
    count, the parks equally, and of these the middle three fifths (Yuen 1974). Raised where the interval excludes 0 and
    so does, on the same side, that of its difference with what the others moved on the same parks: what all of them see
    happen is no drift, and with one party there is nothing to tell it by. Without `FEWEST_PARKS` a party is left out.
    """
    moved = {party: table - old[party] for party, table in new.items() if party in old}
    own = {party: table.mean(axis=1).dropna() for party, table in moved.items()}
    rows = {}
    for party, parks in own.items():
        if len(parks) < FEWEST_PARKS:
            continue
        others = pd.DataFrame({one: each for one, each in own.items() if one != party}, index=parks.index).mean(axis=1)
        change, half = _middle(parks)
        apart, apart_half = _middle((parks - others).dropna())
        raised = abs(change) > half and abs(apart) > apart_half and change * apart > 0
        cells = int(moved[party].notna().sum().sum())
        rows[party] = (change, change - half, change + half, len(parks), cells, raised)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["change", "low", "high", "parks", "cells", "raised"])


def _middle(values: pd.Series) -> tuple[float, float]:
    """The mean without the ends, and half its interval; NaN below `FEWEST_PARKS`."""
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    if len(values) < FEWEST_PARKS:
        return np.nan, np.nan
    ordered, cut = np.sort(values.to_numpy()), int(TRIMMED * len(values))
    kept = ordered[cut : len(ordered) - cut]
    spread = ((winsorised := np.clip(ordered, kept[0], kept[-1])) - winsorised.mean()) ** 2
    free = len(kept) - 1
    half = float(stdtrit(free, (1 + SHARE) / 2)) * np.sqrt(spread.sum() / (len(kept) * free))
    return float(kept.mean()), float(half)


FEWEST: Final = 12
"""Of fewer unchosen units with both scores nothing is expected."""
FEWEST_AT_HOME: Final = 3
"""With fewer unchosen units at home the line is that of the whole district."""
_LEAST_SPREAD: Final = 1e-9
"""Old scores that differ by less, squared and summed, are all the same."""


def expected_scores(
    old: pd.Series[float],
    new: pd.Series[float],
    homes: pd.Series[Any],
    chosen: Collection[Hashable],
    level: float = 0.90,
) -> pd.DataFrame:
    """A row per chosen unit: old, new, expected, low, high; NaN where that cannot be determined.

    `old`, `new`: per unit the score of either round, NaN or absent where there is none; `homes`: per unit its
    municipality. Between low and high lies the new score of one unit in a share `level` of cases, by Student's t: with
    the spread within homes where the line is the home's, around the district's line where it is the district's. All NaN
    with fewer than `FEWEST` unchosen units that have both scores, or with one old score.
    """
    units = pd.DataFrame({"old": old, "new": new}).assign(home=homes)
    told = units.loc[list(dict.fromkeys(chosen))]
    line = _line(units.drop(index=told.index).dropna(), told, level)
    return pd.concat([told[["old", "new"]], line], axis=1)


def _line(others: pd.DataFrame, told: pd.DataFrame, level: float) -> pd.DataFrame:
    """The expected scores by the unchosen units, with their interval."""
    from scipy.special import stdtrit  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    scores, by_home = others[["old", "new"]], others.groupby("home")[["old", "new"]]
    within, around = scores - by_home.transform("mean"), scores - scores.mean()
    spread = float((within["old"] ** 2).sum())
    if len(others) < FEWEST or spread < _LEAST_SPREAD:
        return pd.DataFrame(np.nan, told.index, ["expected", "low", "high"])
    slope = (within["old"] * within["new"]).sum() / spread
    left, left_around = (((apart["new"] - slope * apart["old"]) ** 2).sum() for apart in (within, around))
    count = told["home"].map(by_home.size())
    own = (count >= FEWEST_AT_HOME).to_numpy()
    homes = by_home.mean().reindex(told["home"]).to_numpy()
    then, now = np.where(own[:, None], homes, scores.mean().to_numpy()).T
    free = np.where(own, len(others) - len(by_home) - 1.0, len(others) - 2.0)
    variance = np.where(own, left, left_around) / np.where(free > 0, free, np.nan)
    apart = told["old"] - then
    leverage = 1 / count.where(own, len(others)) + apart**2 / spread
    half = stdtrit(free, (1 + level) / 2) * np.sqrt(variance * (1 + leverage))
    expected = now + slope * apart
    return pd.DataFrame({"expected": expected, "low": expected - half, "high": expected + half})
