"""How far the parties agree, per family: always several figures side by side, never a label."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werkbank.advice.flips import ParkCells, scores_with
from werkbank.matrix import RiskMatrix
from werkbank.scoring import alpha_interval
from werkbank.scoring.agreement import bias, gwet_ac, percent_agreement
from werkbank.scoring.krippendorff import krippendorff_alpha, pooled_alpha
from werkbank.settings.catalogue import Catalogue

__all__ = [
    "FEWEST_PAIRS",
    "Agreement",
    "IndicatorAgreement",
    "agreement_by_indicator",
    "agreement_of",
    "Difference",
    "Voice",
    "differences",
]

FEWEST_PAIRS = 20
"""On fewer cells that two parties know the agreement on one indicator says more about chance than about the parties."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one family's cells that at least two parties know; None where it cannot be determined.

    `alpha`: Krippendorff's, ordinal, within indicators (differences between indicators would pass for agreement).
    `gwet_ac2`: on the whole scale, ordinal weights. `identical`, `within_one`: shares of those cells. `bias`: how many
    levels the first party judges higher than the second, on average. `n`: the number of cells. All ratings equal
    leave alpha undetermined, however well the parties agree: it is never shown alone (method.md 5). `alpha_low` and
    `alpha_high`: in 95 of 100 draws of as many parks alpha lies between these; None with fewer than ten parks.
    """

    family: str
    alpha: float | None
    gwet_ac2: float | None
    identical: float | None
    within_one: float | None
    bias: float | None
    n: int
    alpha_low: float | None = None
    alpha_high: float | None = None


@dataclass(frozen=True, slots=True)
class IndicatorAgreement:
    """The agreement on one indicator over a whole district, on the `n` cells that at least two parties know."""

    indicator: str
    alpha: float | None
    gwet_ac2: float | None
    identical: float
    within_one: float
    bias: float | None
    n: int


def agreement_of(
    matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str], *, seed: int
) -> tuple[Agreement, ...]:
    """The agreement per family; none at all when fewer than two parties delivered. `seed` is for the interval."""
    delivered = [party for party in parties if party in matrix.delivered()]
    if len(delivered) < 2:
        return ()
    tables = {party: matrix.levels(party) for party in delivered}
    found = []
    for family in catalogue.families:
        codes = [indicator.id for indicator in catalogue.by_family(family.id)]
        # party × indicator × park
        levels = np.stack([tables[party][codes].to_numpy().T for party in delivered])
        highest = max(catalogue.scale_of(code).highest for code in codes)
        found.append(_agreement(family.id, levels, highest, seed))
    return tuple(found)


def agreement_by_indicator(
    matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str], *, fewest: int = FEWEST_PAIRS
) -> tuple[IndicatorAgreement, ...]:
    """The agreement per indicator, for a matrix of a whole district: least identical first.

    Only indicators of which at least `fewest` cells are known to two parties (method.md 5).
    """
    delivered = [party for party in parties if party in matrix.delivered()]
    tables = {party: matrix.levels(party) for party in delivered}
    found = []
    for code in catalogue.indicator_ids if len(delivered) > 1 else ():
        cells = np.stack([tables[party][code].to_numpy() for party in delivered])
        shared = cells[:, (~np.isnan(cells)).sum(axis=0) >= 2]
        if shared.shape[1] >= fewest:
            found.append(_of_indicator(code, shared, catalogue.scale_of(code).highest))
    return tuple(sorted(found, key=lambda one: (one.identical, one.indicator)))


def _of_indicator(code: str, shared: np.ndarray, highest: int) -> IndicatorAgreement:
    return IndicatorAgreement(
        indicator=code,
        alpha=_number(krippendorff_alpha(shared)),
        gwet_ac2=_number(gwet_ac(shared, categories=range(highest + 1))),
        identical=percent_agreement(shared),
        within_one=percent_agreement(shared, within=1),
        bias=_number(bias(shared[:2])),
        n=shared.shape[1],
    )


def _agreement(family: str, levels: np.ndarray, highest: int, seed: int) -> Agreement:
    cells = levels.reshape(len(levels), -1)
    shared = (~np.isnan(cells)).sum(axis=0) >= 2
    tables = levels.transpose(1, 0, 2)
    between = alpha_interval(tables, seed=seed)
    return Agreement(
        family=family,
        alpha=_number(pooled_alpha(tables)),
        gwet_ac2=_number(gwet_ac(cells[:, shared], categories=range(highest + 1))) if shared.any() else None,
        identical=_number(percent_agreement(cells)),
        within_one=_number(percent_agreement(cells, within=1)),
        bias=_number(bias(cells[:2])),
        n=int(shared.sum()),
        alpha_low=_number(between.low),
        alpha_high=_number(between.high),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


@dataclass(frozen=True, slots=True)
class Voice:
    """What one party says of the cell."""

    party: str
    level: int


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell on which the parties differ, and what agreeing on one side or the other would do.

    `low` and `high` are the park's totals when all settle on the judgement with the least or the most risk; `turns`
    says that one of these changes which parks come out highest.
    """

    park_id: str
    indicator: str
    voices: tuple[Voice, ...]
    low: float
    high: float
    turns: bool

    @property
    def effect(self) -> float:
        """How far apart the park's totals are, in points."""
        return self.high - self.low


def differences(
    levels: Mapping[str, pd.DataFrame], parks: Sequence[ParkCells], totals: pd.Series, advised: Sequence[str]
) -> tuple[Difference, ...]:
    """The cells on which parties give different levels: first those that turn the advice, then by effect.

    `levels`: party → park × indicator; `totals` of every park. Cells that count in no score have no effect and come
    last, in the order of their codes.
    """
    by_id = {park.park_id: park for park in parks}
    lowest_in = min((total for park, total in totals.items() if park in advised), default=math.nan)
    highest_out = max((total for park, total in totals.items() if park not in advised and total == total), default=0.0)  # noqa: PLR0124
    found = []
    for park, indicator, given in _apart(levels):
        ends = _totals(by_id[park], indicator, given.values()) if park in by_id else None
        low, high = ends or (totals.get(park, math.nan),) * 2
        turns = ends is not None and (low < highest_out if park in advised else high > lowest_in)
        voices = tuple(Voice(party, level) for party, level in given.items())
        found.append(Difference(park, indicator, voices, float(low), float(high), bool(turns)))
    return tuple(sorted(found, key=_order))


def _order(one: Difference) -> tuple[bool, float, str, str]:
    return (not one.turns, -one.effect if one.effect == one.effect else 0.0, one.park_id, one.indicator)


def _apart(levels: Mapping[str, pd.DataFrame]) -> list[tuple[str, str, dict[str, int]]]:
    """Park, indicator and the levels by party, wherever two parties say something else."""
    tables = {party: table.to_dict("index") for party, table in levels.items()}
    first = next(iter(levels.values()), pd.DataFrame())
    found = []
    for park in first.index:
        for code in first.columns:
            given = {party: table[park][code] for party, table in tables.items()}
            known = {party: int(level) for party, level in given.items() if level == level}  # noqa: PLR0124 - not NaN
            if len(set(known.values())) > 1:
                found.append((str(park), str(code), known))
    return found


def _totals(park: ParkCells, indicator: str, levels: Collection[int]) -> tuple[float, float] | None:
    """The park's total with the cell at the least and at the most risky of the levels; None where it does not count."""
    for place, group in enumerate(park.groups):
        for number, cell in enumerate(group.cells):
            if cell.indicator == indicator:
                scores = scores_with(group, number, map(float, levels))
                found = [_total(park, place, score) for score in scores]
                return min(found), max(found)
    return None


def _total(park: ParkCells, place: int, score: float) -> float:
    """The park's total with another score for one of its groups."""
    scores = [score if place == n else one.score for n, one in enumerate(park.groups)]
    weights = [one.weight for one in park.groups]
    return sum(w * s for w, s in zip(weights, scores, strict=True)) / sum(weights)
