"""What the cells of a unit have in common: one latent factor, conditioned on what is known of that unit.

Drawn one by one, the cells of a wholly unknown unit would average out to a narrow interval that looks safe. With a
factor in common they go up and down together (one-factor Gaussian copula, method.md 6).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import erfc, sqrt

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.robustness.district import District
from werkbank.scoring.robustness.evidence import explains
from werkbank.scoring.robustness.observed import FIRST_STEP, Observed
from werkbank.scoring.robustness.worth import combined_steps
from werkbank.scoring.tables import FloatArray

__all__ = ["Latent", "latent_of", "tail_table"]

GRID = np.linspace(-4.0, 4.0, 81)
"""Values of the factor: a step of 0.1 is far below what 35 cells can tell apart."""
_FAR = 9.0
"""Beyond this many standard deviations a normal tail is 0 or 1 to the last digit that matters."""


@cache
def tail_table() -> tuple[FloatArray, FloatArray]:
    """The upper tail of the normal on a grid so fine that reading between its points is exact to 1e-7."""
    z = np.linspace(-_FAR, _FAR, 9_001)
    return z, np.array([0.5 * erfc(value / sqrt(2)) for value in z.tolist()])


def _upper_tail(z: FloatArray) -> FloatArray:
    return np.asarray(np.interp(z, *tail_table()), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Latent:
    """What is needed to draw the unknown cells again and again."""

    exceeds: FloatArray
    """indicator × step × grid: the chance that the cell is at least at this step, from step 1."""
    cumulative: FloatArray
    """unit × grid: the cumulative chance of the factor, given what is known of the unit."""
    cell_unit: NDArray[np.intp]
    """Per unknown cell: its unit."""
    cell_indicator: NDArray[np.intp]

    def factors(self, rng: np.random.Generator, draws: int) -> NDArray[np.intp]:
        """Draw × unit: the place of its factor in the grid."""
        uniform = rng.random((len(self.cumulative), draws))
        factor = np.empty((draws, len(self.cumulative)), dtype=np.intp)
        for unit, cumulative in enumerate(self.cumulative):
            factor[:, unit] = np.searchsorted(cumulative, uniform[unit], side="right")
        return np.minimum(factor, len(GRID) - 1, out=factor)

    def draw(self, rng: np.random.Generator, factor: NDArray[np.intp]) -> NDArray[np.int8]:
        """Draw × unknown cell: a step for each, in risk order, given the factors of the units."""
        chance = rng.random((len(factor), len(self.cell_unit)), dtype=np.float32)
        at = factor[:, self.cell_unit] + self.cell_indicator * len(GRID)
        steps = np.zeros(chance.shape, dtype=np.int8)
        for step in range(self.exceeds.shape[1]):
            steps += chance < np.ascontiguousarray(self.exceeds[:, step], dtype=np.float32).ravel()[at]
        return steps

    def by_factor(self) -> FloatArray:
        """Indicator × step × grid: the chance of each step at every value of the factor."""
        return _by_factor(self.exceeds)


def latent_of(observed: Observed, district: District, *, error: float) -> Latent:
    """The draws' tables for one set of units; `error` is how often parties err where that is drawn, else 0."""
    exceeds = _exceeds(observed, district)
    units, indicators = observed.unknown
    return Latent(exceeds, _posterior(observed, _by_factor(exceeds), error), units, indicators)


def _exceeds(observed: Observed, district: District) -> FloatArray:
    steps = observed.base - FIRST_STEP - 1
    loading, rest = sqrt(district.correlation), sqrt(1 - district.correlation)
    # A step that a shorter scale does not have is never reached.
    borders = np.full((len(observed.tree.leaves), steps), np.inf)
    for place, code in enumerate(observed.tree.leaves):
        found = district.thresholds(code, falling=bool(observed.falling[place]))
        borders[place, : len(found)] = found
    return _upper_tail((borders[:, :, None] - loading * GRID) / rest)


def _by_factor(exceeds: FloatArray) -> FloatArray:
    """Indicator × step × grid: the chance of each step."""
    ones, none = np.ones_like(exceeds[:, :1]), np.zeros_like(exceeds[:, :1])
    edges = np.concatenate([ones, exceeds, none], axis=1)
    return np.asarray(edges[:, :-1] - edges[:, 1:])


def _posterior(observed: Observed, by_factor: FloatArray, error: float) -> FloatArray:
    """Unit × grid: the cumulative distribution of the factor, given the known cells of the unit."""
    evidence = explains(observed, error)
    # What no step explains, parties that know different things, is taken as combined by the chosen rule.
    unexplained = observed.known & ~(evidence > 0).any(axis=2)
    evidence[unexplained] = _between(combined_steps(observed)[unexplained], evidence.shape[2])
    likely = np.log(np.maximum(np.einsum("uis,isg->uig", evidence, by_factor, optimize=True), 1e-12))
    weight = np.where(observed.known[:, :, None], likely, 0.0).sum(axis=1) - 0.5 * GRID**2
    chance = np.exp(weight - weight.max(axis=1, keepdims=True))
    cumulative = np.cumsum(chance, axis=1)
    return np.asarray(cumulative / cumulative[:, -1:])


def _between(steps: FloatArray, number: int) -> FloatArray:
    """Cell × step: 1 at the step, or divided over the two it lies between."""
    return np.maximum(0.0, 1.0 - np.abs(steps[:, None] - np.arange(number)))
