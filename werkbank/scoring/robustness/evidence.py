"""How well every level explains what the parties say, when each may be one step off."""

from __future__ import annotations

import numpy as np

from werkbank.scoring.means import BoolArray
from werkbank.scoring.robustness.observed import FIRST_STEP, Observed
from werkbank.scoring.tables import FloatArray

__all__ = ["explains"]


def explains(observed: Observed, error: float) -> FloatArray:
    """Unit × indicator × step: the chance of what the parties that know the cell say, were this step so.

    A party says one step too much or too little in `error` / 4 of the cells each; at the ends of the scale the outward
    part stays put (method.md 6). 1 where nobody knows. 0 where parties are two steps or more apart: they know different
    things, and the step between them, which neither of them said, is no better an explanation.
    """
    table = _table(observed.base - FIRST_STEP, error)
    last = np.array([len(kind.points) - 1 for kind in observed.kinds])[observed.kind_of]
    chance = np.ones((*observed.codes.shape, len(table)))
    for steps in observed.steps:
        known = steps >= 0
        chance[known] *= table[np.broadcast_to(last, steps.shape)[known], steps[known]]
    chance[_far_apart(observed)] = 0.0
    return chance


def _far_apart(observed: Observed) -> BoolArray:
    """Unit × indicator: two parties are more than one step apart."""
    known = observed.steps >= 0
    highest = observed.steps.max(axis=0)
    lowest = np.where(known, observed.steps, highest).min(axis=0)
    return np.asarray(highest - lowest > 1)


def _table(steps: int, error: float) -> FloatArray:
    """Last step of the scale × said × so."""
    table = np.zeros((steps, steps, steps))
    for last in range(steps):
        for so in range(last + 1):
            for said, share in ((so - 1, error / 4), (so + 1, error / 4), (so, 1 - error / 2)):
                table[last, min(max(said, 0), last), so] += share
    return table
