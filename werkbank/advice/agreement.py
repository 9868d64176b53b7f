"""How far the parties agree, per family: always several figures side by side, never a label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from werkbank.matrix import RiskMatrix
from werkbank.scoring import alpha_interval
from werkbank.scoring.agreement import bias, gwet_ac, krippendorff_alpha, percent_agreement, pooled_alpha
from werkbank.settings.catalogue import Catalogue

__all__ = ["FEWEST_PAIRS", "Agreement", "IndicatorAgreement", "agreement_by_indicator", "agreement_of"]

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
