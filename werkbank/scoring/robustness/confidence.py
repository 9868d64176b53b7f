"""Confidence factors: how often a unit is first when the group weights are those that suit it best."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import replace

import numpy as np
import pandas as pd

from werkbank.scoring.robustness.choices import Drawn, blocks_of, draw_block
from werkbank.scoring.robustness.order import order_of
from werkbank.scoring.robustness.result import Robustness
from werkbank.scoring.robustness.totals import totals
from werkbank.scoring.tables import FloatArray

__all__ = ["confidence"]


def confidence(found: Robustness, units: Collection[Hashable] | None = None) -> pd.Series[float]:
    """Per unit the share of recalculations in which it is first under its own central weights; else as they were drawn.

    A low share says that what is known of the unit is too little to tell, whatever one finds important. Ties are split.
    NaN for a unit that is never first, and so has no central weights. `units`: those asked about, all when not given;
    it takes a recalculation of everything for each that is ever first. Source: Lahdelma & Salminen (2001), section 3.
    """
    asked = found.units if units is None else found.units[found.units.isin(list(units))]
    central, plan = found.central_weights.loc[asked].to_numpy(), found.plan
    reached = ~np.isnan(central).any(axis=1)
    places = found.units.get_indexer(asked)
    firsts = np.where(reached, 0.0, np.nan)
    for block, size in enumerate(blocks_of(found.draws)):
        drawn = draw_block(plan.observed, plan.nominal, block, size)
        for row in np.flatnonzero(reached):
            order = order_of(totals(plan, _weighed(drawn, central[row])))
            firsts[row] += order.chance_among(1)[places[row]] * size
    return pd.Series(firsts / found.draws, index=asked, name="confidence")


def _weighed(drawn: Drawn, weights: FloatArray) -> Drawn:
    return replace(drawn, group_weights=np.broadcast_to(weights, drawn.group_weights.shape))
