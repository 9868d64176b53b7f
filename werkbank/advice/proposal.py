"""A set of parks over the whole district under a total capacity, and what it may cost to choose it now (its regret).

Regret is the expected opportunity loss (Savage 1951; Raiffa & Schlaifer 1961): the mean, over recalculations in which
all parks are drawn together, of what the best admissible set adds up to above this one. The werkbank proposes, people
choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import RegisterError
from werkbank.scoring.tables import FloatArray
from werkbank.wording import count

SWAPS = 5
"""Alternatives that differ in one park, of which so many are told."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another admissible set: which parks it has that the proposed one has not, and the other way round."""

    without: tuple[str, ...]
    instead: tuple[str, ...]
    total: float
    regret: float


@dataclass(frozen=True, slots=True)
class DistrictProposal:
    """The proposed set, highest first; the sum of its scores and its regret in points, None where nothing is drawn.

    `one_each` is what it costs in points of score that every municipality with a candidate has one; `chance` how often
    each candidate is in the best admissible set (0-1). `least` is the set of least regret where that is another one,
    `swaps` are those with one park exchanged, of least regret first.
    """

    capacity: int
    park_ids: tuple[str, ...]
    total: float
    one_each: float
    regret: float | None = None
    draws: int = 0
    chance: Mapping[str, float] = field(default_factory=dict)
    least: Alternative | None = None
    swaps: tuple[Alternative, ...] = ()


def propose_set(
    scores: pd.Series[float], homes: pd.Series[str], capacity: int, totals: pd.DataFrame | None = None
) -> DistrictProposal:
    """The candidates with the highest sum of scores, so many of them, at least one of each municipality that has any.

    `scores` and `homes` (municipality) are per candidate, `totals` candidate × recalculation with one recalculation
    over all of them. Of equal scores the first code comes first. Raises RegisterError without candidates, and with less
    capacity than municipalities that have one.
    """
    order = scores.round(9).sort_index().sort_values(ascending=False, kind="stable").index
    scores, homes = scores[order], homes[order]
    places = homes.nunique()
    if not len(scores):
        raise RegisterError("Geen enkel terrein heeft een aanwijzing: er is niets om voor te stellen.")
    if capacity < places:
        raise RegisterError(
            f"Er is ruimte voor {count(capacity, 'terrein', 'terreinen')}, en {places} gemeenten hebben een terrein "
            f"met een aanwijzing. Elk krijgt er minstens één: geef een capaciteit van {places} of meer."
        )
    groups, k = pd.factorize(homes)[0], min(capacity, len(scores))
    nominal = np.asarray(scores, dtype=np.float64)
    inside = best_sets(nominal[None], groups, k)[0]
    found = DistrictProposal(
        capacity=capacity,
        park_ids=tuple(map(str, order[inside])),
        total=float(nominal[inside].sum()),
        one_each=float(nominal[:k].sum() - nominal[inside].sum()),
    )
    return found if totals is None else _weighed(found, nominal, groups, inside, totals.loc[order])


def best_sets(totals: FloatArray, groups: NDArray[np.intp], k: int) -> NDArray[np.bool_]:
    """Draw × unit: whether it is in the set of `k` with the highest sum that has one of every group.

    `totals` is draw × unit; of equal ones the first counts. Exact: the best of every group, then the best of the rest
    (an exchange of any other member for one of these never lowers the sum).
    """
    order = np.argsort(-totals, axis=1, kind="stable")
    sorted_groups = groups[order]
    first = np.zeros(order.shape, dtype=np.bool_)
    for group in np.unique(groups):
        first[np.arange(len(order)), (sorted_groups == group).argmax(axis=1)] = True
    room = k - len(np.unique(groups))
    chosen = first | (~first & (np.cumsum(~first, axis=1) <= room))
    found = np.zeros_like(chosen)
    np.put_along_axis(found, order, chosen, axis=1)
    return found


def _weighed(
    found: DistrictProposal,
    scores: FloatArray,
    groups: NDArray[np.intp],
    inside: NDArray[np.bool_],
    drawn: pd.DataFrame,
) -> DistrictProposal:
    """With its regret and that of the alternatives; a set's regret follows from the means of its parks alone."""
    totals, names = drawn.to_numpy().T, [str(name) for name in drawn.index]
    best = best_sets(totals, groups, int(inside.sum()))
    ceiling, mean = float((totals * best).sum(axis=1).mean()), totals.mean(axis=0)

    def alternative(other: NDArray[np.bool_]) -> Alternative:
        return Alternative(
            without=_names(names, inside & ~other),
            instead=_names(names, other & ~inside),
            total=float(scores[other].sum()),
            regret=max(0.0, ceiling - float(mean[other].sum())),
        )

    least = best_sets(mean[None], groups, int(inside.sum()))[0]
    swaps = sorted(map(alternative, _swaps(inside, groups)), key=lambda one: (one.regret, one.without, one.instead))
    return replace(
        found,
        regret=alternative(inside).regret,
        draws=len(totals),
        chance=dict(zip(names, map(float, best.mean(axis=0)), strict=True)),
        least=None if (least == inside).all() else alternative(least),
        swaps=tuple(swaps[:SWAPS]),
    )


def _swaps(inside: NDArray[np.bool_], groups: NDArray[np.intp]) -> Iterator[NDArray[np.bool_]]:
    """Every admissible set with one park exchanged."""
    for out, new in product(np.flatnonzero(inside), np.flatnonzero(~inside)):
        other = inside.copy()
        other[[out, new]] = False, True
        if groups[out] in groups[other]:
            yield other


def _names(names: Sequence[str], which: NDArray[np.bool_]) -> tuple[str, ...]:
    return tuple(name for name, one in zip(names, which, strict=True) if one)
