"""Cells that nobody knows, and judgements that are a step off: what they may be, by what the whole district says.

Drawn one by one, the cells of a wholly unknown unit would average out to a narrow interval that looks safe. So a unit
has one latent factor, conditioned on what is known of it, that all its cells have in common (one-factor Gaussian
copula, method.md 6). The frequencies are shares of what was filled in, smoothed so that no level is impossible; they
are no chance of a crime. What is not known is often not known for a reason, which no frequency can tell.

What is so, given what the parties say, is drawn by how well it explains what each of them says and how often it occurs
in a unit like this. Adding an error to what was said would count it twice, for what was said has one in it already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.scoring.combine import FIRST_STEP, Cells, CodeArray, code_worth
from werkbank.scoring.tables import BoolArray, FloatArray

__all__ = ["District", "Errors", "Latent", "describe_district", "errors_of", "latent_of", "tail_table"]

PSEUDO_COUNT = 0.5
"""Added to every level's count (Jeffreys)."""
HERMITE_TERMS = 3
GRID = np.linspace(-4.0, 4.0, 81)
"""Values of the factor: a step of 0.1 is far below what 35 cells can tell apart."""
_FAR = 9.0
"""Beyond this many standard deviations a normal tail is 0 or 1 to the last digit that matters."""
_HERMITE: tuple[Callable[[float], float], ...] = (lambda _z: 1.0, lambda z: z, lambda z: z * z - 1)
_NORMAL = NormalDist()
_WORD = 65_536
_PER_DRAW = 4
"""16-bit words in one 64-bit number."""


@dataclass(frozen=True, slots=True)
class District:
    """The figures that the draws take from the whole district; plain values, so that they can be kept and compared."""

    frequencies: Mapping[Hashable, tuple[float, ...]]
    """Indicator → the smoothed share of each level, from level 0."""
    correlation: float
    """Of the latent values of two indicators of one park, in risk direction."""
    error: float
    """How often parties err: one step up in a quarter of it, one step down in as much, if the scale goes that far."""


def describe_district(
    combined: pd.DataFrame,
    levels: Mapping[str, pd.DataFrame],
    points: Mapping[Hashable, Sequence[float]],
    *,
    correlation: float | None = None,
    at_least: float = 0.0,
) -> District:
    """The figures of a district from its combined levels (unit × indicator) and those of each party.

    A combined level between two levels counts for both in proportion. `points` (indicator → points per level in risk
    direction) says how many levels there are and which way risk goes. The correlation is estimated unless given, and
    never taken below `at_least`.
    """
    frequencies: dict[Hashable, tuple[float, ...]] = {
        code: _frequencies(combined[code], len(points[code])) for code in combined.columns
    }
    falling: dict[Hashable, bool] = {code: points[code][0] > points[code][-1] for code in combined.columns}
    found = _correlation(combined, frequencies, falling) if correlation is None else correlation
    return District(frequencies, min(max(found, at_least), 0.95), _error(levels, points))


def _frequencies(levels: pd.Series, n: int) -> tuple[float, ...]:
    known = levels.to_numpy("f8")
    known = known[~np.isnan(known)]
    low = np.clip(np.floor(known), 0, n - 1).astype(np.intp)
    high, part = np.minimum(low + 1, n - 1), known - low
    counts = np.bincount(low, 1 - part, n) + np.bincount(high, part, n) + PSEUDO_COUNT
    return tuple((counts / counts.sum()).tolist())


def _borders(shares: Sequence[float]) -> list[float]:
    """The latent values between the levels that occur with these shares."""
    return [_NORMAL.inv_cdf(min(share, 1 - 1e-12)) for share in np.cumsum(shares)[:-1].tolist()]


def _correlation(
    combined: pd.DataFrame, frequencies: Mapping[Hashable, tuple[float, ...]], falling: Mapping[Hashable, bool]
) -> float:
    """The latent correlation by the first three Hermite terms of the scores; 0 where no park has two known cells.

    A level's score is the mean of a standard normal within its stretch. For two indicators with latent correlation r
    the expected product of the scores is Σ r^n c_n d_n, with c_n and d_n the Hermite coefficients of their scores.
    """
    columns = [_scores(combined[code], frequencies[code], falling[code]) for code in combined.columns]
    scores = np.column_stack([score for score, _ in columns])
    known = ~np.isnan(scores)
    observed = _over_pairs(np.where(known, scores, 0.0))
    terms = [_over_pairs(known * np.array([terms[n] for _, terms in columns])) for n in range(HERMITE_TERMS)]
    if terms[0] <= 0:
        return 0.0
    grid = np.linspace(0.0, 1.0, 1_001)
    expected = sum(term * grid ** (n + 1) for n, term in enumerate(terms))
    return float(np.interp(observed, np.maximum.accumulate(expected), grid))


def _over_pairs(cells: FloatArray) -> float:
    """The sum of products over all pairs of different columns: the square of the sum less the sum of squares."""
    return float((cells.sum(axis=1) ** 2 - (cells**2).sum(axis=1)).sum())


def _scores(levels: pd.Series, shares: Sequence[float], falling: bool) -> tuple[FloatArray, list[float]]:
    """The normal score of every unit in risk direction, and the Hermite coefficients of the scores."""
    # The integral of the n-th Hermite polynomial over a stretch is the difference of the one before at its ends.
    at = [[0.0, *(polynomial(z) * _NORMAL.pdf(z) for z in _borders(shares)), 0.0] for polynomial in _HERMITE]
    by_level = [(low - high) / share for (low, high), share in zip(pairwise(at[0]), shares, strict=True)]
    terms = [
        math.fsum(score * (low - high) for score, (low, high) in zip(by_level, pairwise(ends), strict=True))
        / math.sqrt(math.factorial(n))
        for n, ends in enumerate(at, 1)
    ]
    found = np.interp(levels.to_numpy("f8"), np.arange(len(shares)), by_level)
    # Turned round, the odd coefficients keep their sign twice over; the even ones change it.
    return (-found, [-term if n == 1 else term for n, term in enumerate(terms)]) if falling else (found, terms)


def _error(levels: Mapping[str, pd.DataFrame], points: Mapping[Hashable, Sequence[float]]) -> float:
    """How often parties must err to differ by exactly one step as often as they do; 0 where there is no pair.

    At the ends of a scale a step outward stays put and is never seen as a difference. Most judgements are at an end, so
    the share of differences as such is too small a measure: with 5 % up and 5 % down it would say 13 % instead of 20 %.
    With q of the judgements one step up and q down, two parties differ by one step in 4q(1 - 2q) of the cells between
    the ends and in 2q(1 - q) of those at an end; that is solved for q.
    """
    apart, between = (np.concatenate(parts) for parts in zip(*_pairs(levels, points), strict=True))
    if not apart.size:
        return 0.0
    share, inside = float((apart == 1).mean()), float(between.mean())
    linear, square = 2 + 2 * inside, 2 + 6 * inside
    # More differences than any error of one step could make are as many as it can.
    root = math.sqrt(max(linear**2 - 4 * square * share, 0.0))
    return 4 * (linear - root) / (2 * square)


def _pairs(
    levels: Mapping[str, pd.DataFrame], points: Mapping[Hashable, Sequence[float]]
) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Per two parties, of the cells both know: how far they are apart, and which part of their levels is at no end."""
    yield np.empty(0), np.empty(0)  # one party makes no pair
    for first, second in combinations(sorted(levels), 2):
        one = levels[first]
        other = levels[second].reindex(index=one.index, columns=one.columns).to_numpy("f8")
        given = one.to_numpy("f8")
        highest = np.array([len(points[code]) - 1 for code in one.columns])
        inside = np.mean([(table > 0) & (table < highest) for table in (given, other)], axis=0)
        both = ~np.isnan(given - other)
        yield np.abs(given - other)[both], inside[both]


@cache
def tail_table() -> tuple[FloatArray, FloatArray]:
    """The upper tail of the normal on a grid so fine that reading between its points is exact to 1e-7."""
    z = np.linspace(-_FAR, _FAR, 9_001)
    return z, np.array([0.5 * math.erfc(value / math.sqrt(2)) for value in z.tolist()])


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
        ones, none = np.ones_like(self.exceeds[:, :1]), np.zeros_like(self.exceeds[:, :1])
        edges = np.concatenate([ones, self.exceeds, none], axis=1)
        return np.asarray(edges[:, :-1] - edges[:, 1:])


def latent_of(cells: Cells, district: District, *, error: float) -> Latent:
    """The draws' tables for one set of units; `error` is how often parties err where that is drawn, else 0."""
    units, indicators = cells.unknown
    prior = Latent(_exceeds(cells, district), np.empty((0, len(GRID))), units, indicators)
    return Latent(prior.exceeds, _posterior(cells, prior.by_factor(), error), units, indicators)


def _exceeds(cells: Cells, district: District) -> FloatArray:
    # A step that a shorter scale does not have is never reached.
    borders = np.full((len(cells.indicators), cells.base - FIRST_STEP - 1), np.inf)
    for place, code in enumerate(cells.indicators):
        found = _borders(district.frequencies[code][:: -1 if cells.falling[place] else 1])
        borders[place, : len(found)] = found
    loading, rest = math.sqrt(district.correlation), math.sqrt(1 - district.correlation)
    return np.asarray(np.interp((borders[:, :, None] - loading * GRID) / rest, *tail_table()), dtype=np.float64)


def _posterior(cells: Cells, by_factor: FloatArray, error: float) -> FloatArray:
    """Unit × grid: the cumulative distribution of the factor, given the known cells of the unit."""
    evidence = _explains(cells, error)
    # What no step explains, parties that know different things, is taken as combined by the chosen rule:
    # at that step, or divided over the two it lies between.
    unexplained = cells.known & ~(evidence > 0).any(axis=2)
    apart = np.abs(_combined_steps(cells)[unexplained][:, None] - np.arange(evidence.shape[2]))
    evidence[unexplained] = np.maximum(0.0, 1.0 - apart)
    likely = np.log(np.maximum(np.einsum("uis,isg->uig", evidence, by_factor, optimize=True), 1e-12))
    weight = np.where(cells.known[:, :, None], likely, 0.0).sum(axis=1) - 0.5 * GRID**2
    chance = np.exp(weight - weight.max(axis=1, keepdims=True))
    cumulative = np.cumsum(chance, axis=1)
    return np.asarray(cumulative / cumulative[:, -1:])


def _combined_steps(cells: Cells) -> FloatArray:
    """Unit × indicator: the combined judgement under the chosen rules, in steps; 0 where nobody knows."""
    steps = np.zeros(cells.codes.shape)
    for number, kind in enumerate(cells.kinds):
        worth = np.arange(len(kind.points)) @ code_worth(cells, kind, kind.rule)
        own = cells.kind_of == number
        steps[:, own] = worth[cells.codes[:, own]]
    return steps


def _explains(cells: Cells, error: float) -> FloatArray:
    """Unit × indicator × step: the chance of what the parties that know the cell say, were this step so.

    A party says one step too much or too little in `error` / 4 of the cells each; at the ends of the scale the outward
    part stays put (method.md 6). 1 where nobody knows. 0 where parties are two steps or more apart: they know different
    things, and the step between them, which neither of them said, is no better an explanation.
    """
    table = _said_when_so(cells.base - FIRST_STEP, error)
    last = np.array([len(kind.points) - 1 for kind in cells.kinds])[cells.kind_of]
    chance = np.ones((*cells.codes.shape, len(table)))
    for steps in cells.steps:
        known = steps >= 0
        chance[known] *= table[np.broadcast_to(last, steps.shape)[known], steps[known]]
    highest = cells.steps.max(axis=0)
    lowest = np.where(cells.steps >= 0, cells.steps, highest).min(axis=0)
    chance[highest - lowest > 1] = 0.0
    return chance


def _said_when_so(steps: int, error: float) -> FloatArray:
    """Last step of the scale × said × so: the chance."""
    table = np.zeros((steps, steps, steps))
    for last in range(steps):
        for so in range(last + 1):
            for said, share in ((so - 1, error / 4), (so + 1, error / 4), (so, 1 - error / 2)):
                table[last, min(max(said, 0), last), so] += share
    return table


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


def errors_of(cells: Cells, district: District, latent: Latent) -> Errors | None:
    """The draws' tables for one set of units; None where parties never differ by one step.

    Source: method.md 6 for how often a party errs (half up and half down, at the ends the outward half stays put);
    Bayes for the rest. What is so hangs on the factor of the unit, as its unknown cells do: where what is said is too
    low, what is not known is likely to be higher too. A recorded consensus is not in doubt, and parties that are two
    steps or more apart know different things: no error of one step explains that, and their cells stay as they are.
    """
    if district.error <= 0:
        return None
    evidence = _explains(cells, district.error)
    doubted = (cells.known & ~cells.settled) & evidence.any(axis=2)
    changes = _changes(cells, doubted, evidence.shape[2]).T
    by_factor = np.ascontiguousarray(latent.by_factor().transpose(1, 2, 0))
    none = np.empty((len(by_factor) - 1, 0, len(cells.indicators)), dtype=np.uint16)
    borders = np.concatenate([none, *(_words(by_factor * of_unit.T[:, None]) for of_unit in evidence)], axis=1)
    return Errors(borders, changes[0].copy(), np.diff(changes, axis=0))


def _words(chance: FloatArray) -> NDArray[np.uint16]:
    """Step × grid × indicator: the cumulative chance of the steps below, in words; `chance` has one step more."""
    cumulative = np.cumsum(chance, axis=0)
    below, total = cumulative[:-1], cumulative[-1:]
    # Where a factor leaves nothing of what is said, it is as good as never drawn.
    share = np.divide(below, total, out=np.ones_like(below), where=total > 0)
    return np.minimum(np.round(share * _WORD), _WORD - 1).astype(np.uint16)


def _changes(cells: Cells, doubted: BoolArray, number: int) -> CodeArray:
    """(unit × indicator) × step: the code with every known party at that step, less the code as it is."""
    powers = cells.base ** np.arange(len(cells.parties))[:, None, None]
    known = cells.steps >= 0
    there = np.where(known, powers, 0).sum(axis=0)
    now = np.where(known, (cells.steps.astype(np.int64) + FIRST_STEP) * powers, 0).sum(axis=0)
    changes = there[:, :, None] * (np.arange(number) + FIRST_STEP) - now[:, :, None]
    return np.where(doubted[:, :, None], changes, 0).reshape(-1, number).astype(np.int16)
