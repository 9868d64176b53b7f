"""Cells that nobody knows, and judgements that are a step off: what they may be, by what the whole district says.

Taken one by one, the cells of a wholly unknown unit would average out to a narrow interval that looks safe. So a unit
has one latent factor, conditioned on what is known of it, that all its cells have in common (one-factor Gaussian
copula, method.md 6). From it comes what an unknown cell is worth on average, by quadrature, and what it is in a draw.
The frequencies are shares of what was filled in, smoothed so that no level is impossible; they are no chance of a
crime. What is not known is often not known for a reason, which no frequency can tell.

What is so, given what the parties say, is drawn by how well it explains what each of them says and how often it occurs
in a unit like this. Adding an error to what was said would count it twice, for what was said has one in it already.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise
from statistics import NormalDist

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.scoring.combine import FIRST_STEP, Cells, CodeArray, Combined
from werkbank.scoring.tables import BoolArray, FloatArray, IntArray

PSEUDO_COUNT = 0.5
"""Added to every level's count over the whole family (Jeffreys)."""
POOLED = 4.0
"""What the family as a whole counts for beside an indicator's own known cells, in cells."""
MOST_CORRELATED = 0.95
HERMITE_TERMS = 3
GRID = np.linspace(-8.0, 8.0, 201)
"""Values of the factor: the points of the quadrature (trapezoid), and what is drawn from."""
_HERMITE: tuple[Callable[[float], float], ...] = (lambda _z: 1.0, lambda z: z, lambda z: z * z - 1)
_NORMAL = NormalDist()
_WORD = 65_536
_PER_DRAW = 4
"""16-bit words in one 64-bit number."""


@dataclass(frozen=True, slots=True)
class District:
    """The figures that the draws take from the whole district; plain values, so that they can be kept and compared."""

    frequencies: Mapping[Hashable, tuple[float, ...]]
    """Indicator → the smoothed share of each step, from the least to the most risk."""
    correlation: float
    """Of the latent values of two indicators of one park, in risk direction."""
    error: float
    """How often parties err: one step up in a quarter of it, one step down in as much, if the scale goes that far."""


def describe_district(
    combined: Combined,
    *,
    families: Mapping[Hashable, Hashable] | None = None,
    correlation: float | None = None,
    at_least: float = 0.0,
) -> District:
    """The figures of a district from all its judgements.

    A combined level between two levels counts for both in proportion. `families` (indicator → its family; one for all
    when not given): indicators of one family on one scale borrow from each other. Of a family of which nothing is known
    anywhere every cell is at the lowest. The correlation is estimated unless given, and lies between `at_least` and
    0.95.
    """
    cells = combined.cells
    steps = np.where(cells.known, cells.combined, np.nan)
    frequencies = _frequencies(cells, steps, families or {})
    found = (
        _correlation(steps, [frequencies[code] for code in cells.indicators]) if correlation is None else correlation
    )
    return District(frequencies, min(max(found, at_least), MOST_CORRELATED), _error(cells))


def _frequencies(
    cells: Cells, steps: FloatArray, families: Mapping[Hashable, Hashable]
) -> dict[Hashable, tuple[float, ...]]:
    """Per indicator the share of each step, drawn towards that of its family on the same scale (method.md 6)."""
    scales = [cells.kinds[kind].points for kind in cells.kind_of]
    counts = [_counts(own, len(scale)) for own, scale in zip(steps.T, scales, strict=True)]
    pool_of = [(families.get(code), scale) for code, scale in zip(cells.indicators, scales, strict=True)]
    pools: dict[Hashable, FloatArray] = {}
    for key, own in zip(pool_of, counts, strict=True):
        pools[key] = pools.get(key, 0.0) + own
    found: dict[Hashable, tuple[float, ...]] = {}
    for code, pool, own in zip(cells.indicators, map(pools.__getitem__, pool_of), counts, strict=True):
        smoothed = (pool + PSEUDO_COUNT) / (pool + PSEUDO_COUNT).sum()
        shares = (own + POOLED * smoothed) / (own.sum() + POOLED) if pool.any() else np.eye(len(own))[0]
        found[code] = tuple(shares.tolist())
    return found


def _counts(steps: FloatArray, n: int) -> FloatArray:
    """How many of the known steps are each step; one between two counts for both in proportion."""
    known = steps[~np.isnan(steps)]
    low = np.clip(np.floor(known), 0, n - 1).astype(np.intp)
    high, part = np.minimum(low + 1, n - 1), known - low
    return np.asarray(np.bincount(low, 1 - part, n) + np.bincount(high, part, n))


def _borders(shares: Sequence[float]) -> list[float]:
    """The latent values between the levels that occur with these shares; above all where nothing lies beyond."""
    return [_NORMAL.inv_cdf(share) if share < 1 else math.inf for share in np.cumsum(shares)[:-1].tolist()]


def _correlation(steps: FloatArray, frequencies: Sequence[tuple[float, ...]]) -> float:
    """The latent correlation by the first three Hermite terms of the scores; 0 where no park has two known cells.

    A level's score is the mean of a standard normal within its stretch. For two indicators with latent correlation r
    the expected product of the scores is Σ r^n c_n d_n, with c_n and d_n the Hermite coefficients of their scores.
    """
    known = ~np.isnan(steps)
    columns = [_scores(steps[:, place], frequencies[place]) for place in np.flatnonzero(known.any(axis=0))]
    if not columns:
        return 0.0
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


def _scores(steps: FloatArray, shares: Sequence[float]) -> tuple[FloatArray, list[float]]:
    """The normal score of every unit, and the Hermite coefficients of the scores."""
    # The integral of the n-th Hermite polynomial over a stretch is the difference of the one before at its ends.
    at = [[0.0, *(polynomial(z) * _NORMAL.pdf(z) for z in _borders(shares)), 0.0] for polynomial in _HERMITE]
    by_level = [(low - high) / share for (low, high), share in zip(pairwise(at[0]), shares, strict=True)]
    terms = [
        math.fsum(score * (low - high) for score, (low, high) in zip(by_level, pairwise(ends), strict=True))
        / math.sqrt(math.factorial(n))
        for n, ends in enumerate(at, 1)
    ]
    return np.interp(steps, np.arange(len(shares)), by_level), terms


def _error(cells: Cells) -> float:
    """How often parties must err to differ by exactly one step as often as they do; 0 where there is no pair.

    At the ends of a scale a step outward stays put and is never seen as a difference. Most judgements are at an end, so
    the share of differences as such is too small a measure: with 5 % up and 5 % down it would say 13 % instead of 20 %.
    With q of the judgements one step up and q down, two parties differ by one step in 4q(1 - 2q) of the cells between
    the ends and in 2q(1 - q) of those at an end; that is solved for q.
    """
    apart, between = (np.concatenate(parts) for parts in zip(*_pairs(cells), strict=True))
    if not apart.size:
        return 0.0
    share, inside = float((apart == 1).mean()), float(between.mean())
    linear, square = 2 + 2 * inside, 2 + 6 * inside
    # More differences than any error of one step could make are as many as it can.
    root = math.sqrt(max(linear**2 - 4 * square * share, 0.0))
    return 4 * (linear - root) / (2 * square)


def _pairs(cells: Cells) -> Iterator[tuple[FloatArray, FloatArray]]:
    """Per two parties, of the cells both know: how far they are apart, and which part of their levels is at no end."""
    yield np.empty(0), np.empty(0)  # one party makes no pair
    # What they agreed on later says nothing of how often they err.
    highest = np.array([len(kind.points) - 1 for kind in cells.kinds])[cells.kind_of]
    for one, other in combinations(cells.said, 2):
        both = (one >= 0) & (other >= 0)
        inside = np.mean([(steps > 0) & (steps < highest) for steps in (one, other)], axis=0)
        yield np.abs(one - other)[both].astype(np.float64), inside[both]


def expected_steps(cells: Cells, district: District) -> FloatArray:
    """Unknown cell × step: the chance of each step given the combined levels that are known of its unit.

    By quadrature over the factor, without draws. Errors of parties are left out: with them a raised judgement could
    lower what is expected beside it.
    """
    units, indicators = cells.unknown
    by_factor = _by_factor(cells, district)
    factor = factor_of(cells, by_factor, error=0.0)
    found = factor[units][:, None, :] @ by_factor[indicators].transpose(0, 2, 1)
    return np.asarray(found[:, 0] / found[:, 0].sum(axis=1, keepdims=True))


def _by_factor(cells: Cells, district: District) -> FloatArray:
    """Indicator × step × grid: the chance of each step, in risk order, at every value of the factor."""
    # A step that a shorter scale does not have is never reached.
    found = np.zeros((len(cells.indicators), cells.base - FIRST_STEP, len(GRID)))
    for place, code in enumerate(cells.indicators):
        chances = _chances(district.frequencies[code], district.correlation)
        found[place, : len(chances)] = chances
    return found


@lru_cache(maxsize=4096)
def _chances(shares: tuple[float, ...], correlation: float) -> FloatArray:
    """Step × grid: the chance of each step that occurs with these shares, at every value of the factor."""
    loading, rest = math.sqrt(correlation), math.sqrt(2 * (1 - correlation))
    at = (np.array([-math.inf, *_borders(shares), math.inf])[:, None] - loading * GRID) / rest
    above, below = (0.5 * np.array([[math.erfc(x) for x in row] for row in side.tolist()]) for side in (at, -at))
    # A difference of two numbers near 1 would lose what is rare, and with it which rare thing is the likelier.
    with np.errstate(invalid="ignore"):
        high = at[:-1] + at[1:] > 0
    return np.maximum(0.0, np.where(high, above[:-1] - above[1:], below[1:] - below[:-1]))


def factor_of(cells: Cells, by_factor: FloatArray, *, error: float) -> FloatArray:
    """Unit × grid: the chance of each value of the factor, given the known cells of the unit."""
    evidence = _explains(cells, error)
    # What no step explains, parties that know different things, is taken as combined by the chosen rule:
    # at that step, or divided over the two it lies between.
    unexplained = cells.known & ~(evidence > 0).any(axis=2)
    apart = np.abs(cells.combined[unexplained][:, None] - np.arange(evidence.shape[2]))
    evidence[unexplained] = np.maximum(0.0, 1.0 - apart)
    weight = np.tile(-0.5 * GRID**2, (len(cells.units), 1))
    weight[:, [0, -1]] -= math.log(2)
    for place, chances in enumerate(by_factor):
        likely = np.log(np.maximum(evidence[:, place] @ chances, 1e-300))
        weight += np.where(cells.known[:, [place]], likely, 0.0)
    chance = np.exp(weight - weight.max(axis=1, keepdims=True))
    return np.asarray(chance / chance.sum(axis=1, keepdims=True))


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
class CellDraws:
    """What each cell may be, given the factor of its unit: borders between levels, and what each adds to its code."""

    cumulative: FloatArray
    """unit × grid: the cumulative chance of the factor, given what is known of the unit."""
    borders: NDArray[np.uint16]
    """step × (kind of unit × grid) × indicator: a word at or above the border means at least the next step."""
    kind_of: IntArray
    """Per unit which of the borders are its own: those of which the same is said share them."""
    lowest: CodeArray
    """unit × indicator: what is added to its code when the lowest step is so."""
    rises: CodeArray
    """step × unit × indicator: what is added with every step above it."""
    keys: tuple[int, ...]
    """Per unit the number its stream of random numbers starts from."""

    def draw(self, seed: int, block: int, draws: int) -> CodeArray:
        """Draw × unit × indicator: what to add to the codes.

        Every unit has a stream of its own, with a number for every indicator, needed or not: what is drawn of it hangs
        on no other unit, and neither on their order.
        """
        units, indicators = self.lowest.shape
        words = np.empty((draws, units, indicators), dtype=np.uint16)
        at = np.empty((draws, units), dtype=np.intp)
        numbers = {key: _numbers([seed, key, block], draws, indicators) for key in set(self.keys)}
        for unit, key in enumerate(self.keys):
            chance, words[:, unit] = numbers[key]
            factor = np.searchsorted(self.cumulative[unit], chance, side="right")
            at[:, unit] = np.minimum(factor, len(GRID) - 1) + self.kind_of[unit] * len(GRID)
        # The highest word would reach every step, also those that no level above can be.
        np.minimum(words, _WORD - 2, out=words)
        changes = np.repeat(self.lowest[None], draws, axis=0)
        for borders, rise in zip(self.borders, self.rises, strict=True):
            reached = words >= borders.take(at, axis=0)
            changes += reached.view(np.int8) * rise
        return changes


def cell_draws(
    cells: Cells,
    district: District,
    *,
    missing: bool,
    error: bool,
    keys: Sequence[Hashable] | None = None,
    one_factor: bool = False,
) -> CellDraws | None:
    """The draws' tables for one set of units; None where nothing of it is drawn.

    `missing`: the cells that nobody knows. `error`: the judgements that may be a step off. `keys`: what each unit's
    stream of random numbers is named by; its own name when not given. `one_factor`: units with one key have one factor,
    drawn from the mean of what is known of theirs, so that cells of which the same is said are drawn alike.
    Source: method.md 6 for how often a party errs (half up and half down, at the ends the outward half stays put);
    Bayes for the rest. What is so hangs on the factor of the unit, as its unknown cells do: where what is said is too
    low, what is not known is likely to be higher too. A recorded agreement is not in doubt, and parties that are two
    steps or more apart know different things: no error of one step explains that, and their cells stay as they are.
    """
    often = district.error if error else 0.0
    evidence = _explains(cells, often)
    unknown = cells.applicable & ~cells.known & missing
    doubted = cells.known & ~cells.settled & evidence.any(axis=2) & (often > 0)
    if not (unknown | doubted).any():
        return None
    chances = _by_factor(cells, district)
    by_factor = np.ascontiguousarray(chances.transpose(1, 2, 0))
    changes = np.moveaxis(_changes(cells, unknown, doubted, len(by_factor)), 2, 0)
    none = np.empty((len(by_factor) - 1, 0, len(cells.indicators)), dtype=np.uint16)
    # What is not drawn needs no borders: variants of one unit, in which a few cells are settled, then share theirs.
    asked = np.where((unknown | doubted)[:, :, None], evidence, 1.0)
    kinds, kind_of = np.unique(asked.reshape(len(asked), -1), axis=0, return_inverse=True)
    of_kinds = kinds.reshape(-1, *asked.shape[1:])
    borders = np.concatenate([none, *(_words(by_factor * of_kind.T[:, None]) for of_kind in of_kinds)], axis=1)
    factor, named = factor_of(cells, chances, error=often), list(cells.units if keys is None else keys)
    if one_factor:
        whose = pd.Index(named, tupleize_cols=False).factorize()[0]
        factor = pd.DataFrame(factor).groupby(whose).transform("mean").to_numpy()
    return CellDraws(
        cumulative=np.cumsum(factor, axis=1),
        borders=borders,
        kind_of=kind_of.ravel(),
        lowest=changes[0].copy(),
        rises=np.diff(changes, axis=0),
        # The same on every machine and in every run, as `hash` is not.
        keys=tuple(int.from_bytes(hashlib.sha256(str(unit).encode()).digest()) for unit in named),
    )


def _numbers(seed: Sequence[int], draws: int, indicators: int) -> tuple[FloatArray, NDArray[np.uint16]]:
    """What one stream gives: per draw a number for the factor, and a word for every indicator."""
    stream = np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed)))
    chance = stream.random(draws)
    words = stream.integers(0, 2**64, (draws, -(-indicators // _PER_DRAW)), dtype=np.uint64)
    return chance, words.view(np.uint16)[:, :indicators]


def _words(chance: FloatArray) -> NDArray[np.uint16]:
    """Step × grid × indicator: the cumulative chance of the steps below, in words; `chance` has one step more."""
    cumulative = np.cumsum(chance, axis=0)
    below, total = cumulative[:-1], cumulative[-1:]
    # Where a factor leaves nothing of what is said, it is as good as never drawn.
    share = np.divide(below, total, out=np.ones_like(below), where=total > 0)
    return np.minimum(np.round(share * _WORD), _WORD - 1).astype(np.uint16)


def _changes(cells: Cells, unknown: BoolArray, doubted: BoolArray, number: int) -> CodeArray:
    """Unit × indicator × step: the code with that step said, less the code as it is; 0 where it is not in doubt.

    Every party that knows the cell says it; where nobody knows it, the first party that is asked.
    """
    powers = cells.base ** np.arange(len(cells.parties))[:, None, None]
    known = cells.steps >= 0
    there = np.where(unknown, cells.base ** cells.asked.argmax(axis=0), np.where(known, powers, 0).sum(axis=0))
    now = np.where(known, (cells.steps.astype(np.int64) + FIRST_STEP) * powers, 0).sum(axis=0)
    changes = there[:, :, None] * (np.arange(number) + FIRST_STEP) - now[:, :, None]
    return np.where((unknown | doubted)[:, :, None], changes, 0).astype(np.int16)
