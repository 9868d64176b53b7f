"""What is so, given what the parties say: each may be a step off, and two that agree are so less often than one.

Adding an error to what was said would count it twice, for what was said has one in it already; under `maximum` it would
put every score above the truth. So what is drawn is the level that is so, by how well it explains what each party says
and how often it occurs in a unit like this. All parties that know the cell then have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.means import FloatArray
from werkbank.scoring.robustness.district import District
from werkbank.scoring.robustness.evidence import explains
from werkbank.scoring.robustness.latent import Latent
from werkbank.scoring.robustness.observed import FIRST_STEP, CodeArray, Observed

__all__ = ["Errors", "errors_of"]

_WORD = 65_536
_PER_DRAW = 4
"""16-bit words in one 64-bit number."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Per known cell the levels that may be so, as borders between them and as what each adds to the cell's code."""

    borders: NDArray[np.uint16]
    """step × (unit × indicator): a word at or above the border means at least the next step."""
    lowest: CodeArray
    """Per cell: what is added to its code when the lowest step is so."""
    rises: CodeArray
    """step × (unit × indicator): what is added with every step above it."""

    def draw(self, rng: np.random.Generator, draws: int) -> CodeArray:
        """Draw × (unit × indicator): what to add to the codes."""
        cells = self.borders.shape[1]
        words = rng.integers(0, 2**64, (draws, -(-cells // _PER_DRAW)), dtype=np.uint64).view(np.uint16)[:, :cells]
        changes = np.repeat(self.lowest[None], draws, axis=0)
        for border, rise in zip(self.borders, self.rises, strict=True):
            changes += (words >= border).view(np.int8) * rise
        return changes


def errors_of(observed: Observed, district: District, latent: Latent) -> Errors | None:
    """The draws' tables for one set of units; None where parties never differ by one step.

    Source: method.md 6 for how often a party errs (d/2, half up and half down, at the ends the outward half stays put);
    Bayes for the rest. A recorded consensus is not in doubt, and parties that are two steps or more apart know
    different things: no error of one step explains that, and their cells stay as they are.
    """
    if district.error <= 0:
        return None
    chance = _chance(observed, district, latent)
    cumulative = np.cumsum(chance, axis=2)[:, :, :-1].reshape(-1, chance.shape[2] - 1)
    # The last border is never reached by a step whose chance is 0.
    borders = np.minimum(np.round(cumulative * _WORD), _WORD - 1).astype(np.uint16)
    borders[cumulative >= 1 - 0.5 / _WORD] = _WORD - 1
    changes = _changes(observed, chance).T
    return Errors(np.ascontiguousarray(borders.T), changes[0].copy(), np.diff(changes, axis=0))


def _chance(observed: Observed, district: District, latent: Latent) -> FloatArray:
    """Unit × indicator × step: the chance that this step is so; 0 for a cell that is left as it is."""
    chance = latent.predictive() * explains(observed, district.error)
    total: FloatArray = chance.sum(axis=2, keepdims=True)
    doubted = (observed.known & ~observed.settled)[:, :, None] & (total > 0)
    found: FloatArray = np.divide(chance, total, out=np.zeros_like(chance), where=doubted)
    return found


def _changes(observed: Observed, chance: FloatArray) -> CodeArray:
    """(unit × indicator) × step: the code with every known party at that step, less the code as it is."""
    powers = observed.base ** np.arange(len(observed.parties))
    known = observed.steps >= 0
    there = np.where(known, powers[:, None, None], 0).sum(axis=0)
    now = np.where(known, (observed.steps.astype(np.int64) + FIRST_STEP) * powers[:, None, None], 0).sum(axis=0)
    steps = np.arange(chance.shape[2]) + FIRST_STEP
    changes = there[:, :, None] * steps - now[:, :, None]
    doubted = chance.sum(axis=2, keepdims=True) > 0
    return np.where(doubted, changes, 0).reshape(-1, chance.shape[2]).astype(np.int16)
