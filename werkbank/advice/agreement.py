"""How far the parties agree, per family: always several figures side by side, never a label."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from werkbank.catalogue import Catalogue
from werkbank.matrix import RiskMatrix
from werkbank.scoring.agreement import bias, gwet_ac, percent_agreement
from werkbank.scoring.krippendorff import pooled_alpha

__all__ = ["Agreement", "agreement_of"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement on one family's cells that at least two parties know; None where it cannot be determined.

    `alpha`: Krippendorff's, ordinal, within indicators (differences between indicators would pass for agreement).
    `gwet_ac2`: on the whole scale, ordinal weights. `identical`, `within_one`: shares of those cells. `bias`: how many
    levels the first party judges higher than the second, on average. `n`: the number of cells. All ratings equal
    leave alpha undetermined, however well the parties agree: it is never shown alone (method.md 5).
    """

    family: str
    alpha: float | None
    gwet_ac2: float | None
    identical: float | None
    within_one: float | None
    bias: float | None
    n: int


def agreement_of(matrix: RiskMatrix, catalogue: Catalogue, parties: Sequence[str]) -> tuple[Agreement, ...]:
    """The agreement per family; none at all when fewer than two parties delivered."""
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
        found.append(_agreement(family.id, levels, highest))
    return tuple(found)


def _agreement(family: str, levels: np.ndarray, highest: int) -> Agreement:
    cells = levels.reshape(len(levels), -1)
    shared = (~np.isnan(cells)).sum(axis=0) >= 2
    return Agreement(
        family=family,
        alpha=_number(pooled_alpha(list(levels.transpose(1, 0, 2)))),
        gwet_ac2=_number(gwet_ac(cells[:, shared], categories=range(highest + 1))) if shared.any() else None,
        identical=_number(percent_agreement(cells)),
        within_one=_number(percent_agreement(cells, within=1)),
        bias=_number(bias(cells[:2])),
        n=int(shared.sum()),
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
