"""Which choice drives the outcome: Sobol indices with each choice as one factor that points into pre-drawn choices.

A group of draws such as all missing cells is one factor: a number from 0 to 1 says which of the pre-drawn sets is used.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable

import numpy as np
import pandas as pd

from werkbank.scoring.robustness.choices import BLOCK, draw_block, joined_whole
from werkbank.scoring.robustness.result import Robustness
from werkbank.scoring.robustness.totals import totals
from werkbank.scoring.sobol import sobol_indices
from werkbank.scoring.tables import FloatArray

__all__ = ["drivers"]

SETS = 4 * BLOCK
"""Pre-drawn sets of each choice: the same as those of the first recalculations."""


RUNS = 512
"""Base runs: four times as many halve the noise, which is then some 0.05 of a large index."""


def drivers(found: Robustness, chosen: Collection[Hashable], *, n: int = RUNS) -> pd.DataFrame:
    """Per uncertain choice its first-order and total Sobol index on the lead of `chosen` over the rest.

    The lead is the lowest total of the chosen units less the highest of the others, in points. Columns `first`
    (Saltelli 2010) and `total` (Jansen 1999), index the names of what was drawn, largest total first; empty when
    nothing was drawn or there is nothing to compare with. What is unknown and what is judged a step off are chosen
    apart here, without the factor they have in common. `n` is a power of 2; it takes n × (choices + 2) recalculations.
    """
    plan, named = found.plan, found.plan.nominal.uncertainty.switched_on
    inside = found.units.isin(list(chosen))
    if not named or not inside.any() or inside.all():
        return pd.DataFrame({"first": [], "total": []}, dtype="float64")
    sets = joined_whole([draw_block(plan.observed, plan.nominal, block, BLOCK) for block in range(SETS // BLOCK)])

    def lead(runs: FloatArray) -> FloatArray:
        parts = np.array_split(runs, max(1, len(runs) // BLOCK))
        return np.concatenate([_lead(part) for part in parts])

    def _lead(runs: FloatArray) -> FloatArray:
        rows = {name: np.minimum((runs[:, place] * SETS).astype(np.intp), SETS - 1) for place, name in enumerate(named)}
        # What is not uncertain is the same in every set: one of them will do.
        table = totals(plan, sets.take(rows, len(runs)))
        filled = np.where(np.isnan(table), 0.0, table)
        return np.asarray(filled[:, inside].min(axis=1) - filled[:, ~inside].max(axis=1))

    seed = plan.nominal.seed
    points = _latin(n, 2 * len(named), np.random.default_rng([seed, n]))
    indices = sobol_indices(lead, dict.fromkeys(named, (0.0, 1.0)), n=n, seed=seed, points=points)
    return indices.sort_values("total", ascending=False, kind="stable")


def _latin(runs: int, columns: int, rng: np.random.Generator) -> FloatArray:
    """A Latin hypercube: a point in every stretch of every column.

    A Sobol sequence is no better for factors that point into draws, and scipy takes two seconds to load for it.
    """
    places = rng.permuted(np.tile(np.arange(runs)[:, None], (1, columns)), axis=0)
    return (places + rng.random((runs, columns))) / runs
