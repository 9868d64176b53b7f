"""What is so, given what the parties say: each may be a step off, and two that agree are so less often than one.

Adding an error to what was said would count it twice, for what was said has one in it already; under `maximum` it would
put every score above the truth. So what is drawn is the level that is so, by how well it explains what each party says
and how often it occurs in a unit like this. All parties that know the cell then have it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.means import BoolArray
from werkbank.scoring.robustness.district import District
from werkbank.scoring.robustness.evidence import explains
from werkbank.scoring.robustness.observed import FIRST_STEP, CodeArray, Observed
from werkbank.scoring.tables import FloatArray
from werkbank.scoring.unknown_cells import GRID, Latent

__all__ = ["Errors", "errors_of"]

_WORD = 65_536
_PER_DRAW = 4
"""16-bit words in one 64-bit number."""


@dataclass(frozen=True, slots=True)
class Errors:
    """Per known cell the levels that may be so, as borders between them and as what each adds to the cell's code."""

    borders: NDArray[np.uint16]
    """step × (unit × grid) × indicator: a word at or above the border means at least the next step."""
    lowest: CodeArray
    """Per cell: what is added to its code when the lowest step is so."""
    rises: CodeArray
    """step × (unit × indicator): what is added with every step above it."""

    def draw(self, rng: np.random.Generator, factor: NDArray[np.intp]) -> CodeArray:
        """Draw × (unit × indicator): what to add to the codes, given the factors of the units."""
        draws, units = factor.shape
        cells = len(self.lowest)
        words = rng.integers(0, 2**64, (draws, -(-cells // _PER_DRAW)), dtype=np.uint64).view(np.uint16)[:, :cells]
        # The highest word would reach every step, also those that no level above can be.
        words = np.minimum(words, _WORD - 2)
        at = factor + np.arange(units) * len(GRID)
        changes = np.repeat(self.lowest[None], draws, axis=0)
        for borders, rise in zip(self.borders, self.rises, strict=True):
            reached = words >= borders.take(at, axis=0).reshape(draws, cells)
            changes += reached.view(np.int8) * rise
        return changes


def errors_of(observed: Observed, district: District, latent: Latent) -> Errors | None:
    """The draws' tables for one set of units; None where parties never differ by one step.

    Source: method.md 6 for how often a party errs (half up and half down, at the ends the outward half stays put);
    Bayes for the rest. What is so hangs on the factor of the unit, as its unknown cells do: where what is said is too
    low, what is not known is likely to be higher too. A recorded consensus is not in doubt, and parties that are two
    steps or more apart know different things: no error of one step explains that, and their cells stay as they are.
    """
    if district.error <= 0:
        return None
    evidence = explains(observed, district.error)
    doubted = (observed.known & ~observed.settled) & evidence.any(axis=2)
    changes = _changes(observed, doubted, evidence.shape[2]).T
    return Errors(_borders(evidence, latent), changes[0].copy(), np.diff(changes, axis=0))


def _borders(evidence: FloatArray, latent: Latent) -> NDArray[np.uint16]:
    """Step × (unit × grid) × indicator: the cumulative chance of the steps below, in words."""
    by_factor = np.ascontiguousarray(latent.by_factor().transpose(1, 2, 0))
    tables = [_words(by_factor * of_unit.T[:, None]) for of_unit in evidence]
    return np.concatenate(tables, axis=1) if tables else np.empty((len(by_factor) - 1, 0, 0), dtype=np.uint16)


def _words(chance: FloatArray) -> NDArray[np.uint16]:
    """Step × grid × indicator, from the chances, with one step more, of one unit."""
    cumulative = np.cumsum(chance, axis=0)
    below, total = cumulative[:-1], cumulative[-1:]
    # Where a factor leaves nothing of what is said, it is as good as never drawn.
    share = np.divide(below, total, out=np.ones_like(below), where=total > 0)
    return np.minimum(np.round(share * _WORD), _WORD - 1).astype(np.uint16)


def _changes(observed: Observed, doubted: BoolArray, number: int) -> CodeArray:
    """(unit × indicator) × step: the code with every known party at that step, less the code as it is."""
    powers = observed.base ** np.arange(len(observed.parties))
    known = observed.steps >= 0
    there = np.where(known, powers[:, None, None], 0).sum(axis=0)
    now = np.where(known, (observed.steps.astype(np.int64) + FIRST_STEP) * powers[:, None, None], 0).sum(axis=0)
    steps = np.arange(number) + FIRST_STEP
    changes = there[:, :, None] * steps - now[:, :, None]
    return np.where(doubted[:, :, None], changes, 0).reshape(-1, number).astype(np.int16)
