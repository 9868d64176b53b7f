"""The draws of every choice, block by block, each kind from its own stream of random numbers.

A block's numbers depend on the seed, the block and the kind of choice only: any number of threads gives the same
bytes, and switching one uncertainty off leaves the draws of the others as they were.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from werkbank.scoring.robustness.errors import Errors
from werkbank.scoring.robustness.observed import CodeArray, Kind, Observed
from werkbank.scoring.robustness.uncertainty import Uncertainty
from werkbank.scoring.tables import FloatArray
from werkbank.scoring.unknown_cells import Latent

__all__ = ["BLOCK", "Drawn", "Nominal", "blocks_of", "draw_block", "factors_of", "joined", "joined_whole", "stream_of"]

BLOCK = 250
"""Draws in one block; part of what makes equal seeds give equal bytes."""
_STREAMS = (
    "group_weights",
    "indicator_weights",
    "combination",
    "threat_power",
    "scale_points",
    "missing",
    "party_error",
    "factor",
)
"""What is drawn apart; the factor of a unit is what its unknown cells and its errors have in common."""


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """Every choice of a number of draws; the first axis of each array is the draw."""

    group_weights: FloatArray
    """draw × group, each row sums to 1."""
    factors: FloatArray
    """draw × indicator: what the chosen weight is multiplied by."""
    combination: NDArray[np.intp]
    """draw × group: which of the rules, see Nominal.rules."""
    powers: FloatArray
    """draw × group: the exponent within the group."""
    points: tuple[FloatArray, ...]
    """Per kind draw × step."""
    missing: NDArray[np.int8] | None
    """draw × unknown cell: the step drawn for it."""
    changes: CodeArray | None
    """draw × (unit × indicator): what the parties' errors add to each cell's code."""

    def __len__(self) -> int:
        """The number of draws."""
        return len(self.group_weights)

    def take(self, rows: Mapping[str, NDArray[np.intp]], draws: int) -> Self:
        """So many draws made of these, row by row and by name of the uncertainty; what is not named is the first."""
        found = {name: rows.get(name, np.zeros(draws, dtype=np.intp)) for name in _STREAMS}
        return replace(
            self,
            group_weights=self.group_weights[found["group_weights"]],
            factors=self.factors[found["indicator_weights"]],
            combination=self.combination[found["combination"]],
            powers=self.powers[found["threat_power"]],
            points=tuple(table[found["scale_points"]] for table in self.points),
            missing=None if self.missing is None else self.missing[found["missing"]],
            changes=None if self.changes is None else self.changes[found["party_error"]],
        )


@dataclass(frozen=True, slots=True, eq=False)
class Nominal:
    """The choices as they were made, and between what they are drawn."""

    group_weights: FloatArray
    rules: tuple[str, ...]
    """Every rule that occurs, chosen or drawn."""
    chosen: NDArray[np.intp]
    """Per group: the place of its rule in `rules`."""
    powers: FloatArray
    required: int
    """The group whose exponent is drawn."""
    uncertainty: Uncertainty
    latent: Latent | None
    """How the cells of a unit hang together, given what is known of it; None when nothing of it is drawn."""
    missing: bool
    """Unknown cells are drawn."""
    errors: Errors | None
    """How what is so may differ from what the parties say; None when it is not drawn."""
    seed: int


def blocks_of(draws: int) -> list[int]:
    """The number of draws in each block."""
    return [min(BLOCK, draws - start) for start in range(0, draws, BLOCK)]


def stream_of(seed: int, block: int, name: str) -> np.random.Generator:
    """The stream of random numbers of one kind of choice in one block."""
    key = (block, _STREAMS.index(name))
    return np.random.Generator(np.random.SFC64(np.random.SeedSequence(seed, spawn_key=key)))


def draw_block(observed: Observed, nominal: Nominal, block: int, draws: int) -> Drawn:
    """The choices of one block; what is not uncertain is as it was chosen."""
    uncertain = nominal.uncertainty

    def stream(name: str) -> np.random.Generator:
        return stream_of(nominal.seed, block, name)

    factor = factors_of(nominal, block, draws)
    return Drawn(
        group_weights=_group_weights(nominal, uncertain.group_weights, stream("group_weights"), draws),
        factors=_factors(observed, uncertain.indicator_weights or 0.0, stream("indicator_weights"), draws),
        combination=_rules(nominal, uncertain.combination, stream("combination"), draws),
        powers=_powers(nominal, uncertain.threat_power, stream("threat_power"), draws),
        points=_points(observed.kinds, uncertain.scale_points, stream("scale_points"), draws),
        missing=nominal.latent.draw(stream("missing"), factor) if nominal.latent and nominal.missing else None,
        changes=nominal.errors.draw(stream("party_error"), factor) if nominal.errors else None,
    )


def factors_of(nominal: Nominal, block: int, draws: int) -> NDArray[np.intp]:
    """Draw × unit: the factors of one block; none where nothing hangs on them."""
    if nominal.latent is None:
        return np.empty((draws, 0), dtype=np.intp)
    return nominal.latent.factors(stream_of(nominal.seed, block, "factor"), draws)


def joined(blocks: Sequence[Drawn]) -> Drawn:
    """The draws of several blocks, one after another, but for those per cell: these are drawn again when asked for."""
    return Drawn(
        group_weights=np.concatenate([block.group_weights for block in blocks]),
        factors=np.concatenate([block.factors for block in blocks]),
        combination=np.concatenate([block.combination for block in blocks]),
        powers=np.concatenate([block.powers for block in blocks]),
        points=tuple(np.concatenate(tables) for tables in zip(*(block.points for block in blocks), strict=True)),
        missing=None,
        changes=None,
    )


def joined_whole(blocks: Sequence[Drawn]) -> Drawn:
    """The draws of several blocks with those per cell; for a handful of blocks, not for all."""
    missing = [block.missing for block in blocks if block.missing is not None]
    changes = [block.changes for block in blocks if block.changes is not None]
    return replace(
        joined(blocks),
        missing=np.concatenate(missing) if missing else None,
        changes=np.concatenate(changes) if changes else None,
    )


def _group_weights(nominal: Nominal, concentration: float | None, rng: np.random.Generator, draws: int) -> FloatArray:
    """Dirichlet around the chosen weights; a group that was given no weight gets none."""
    chosen = nominal.group_weights / nominal.group_weights.sum()
    weights = np.repeat(chosen[None], draws, axis=0)
    if concentration is not None and (chosen > 0).sum() > 1:
        weights[:, chosen > 0] = rng.dirichlet(concentration * chosen[chosen > 0], draws)
    return weights


def _factors(observed: Observed, noise: float, rng: np.random.Generator, draws: int) -> FloatArray:
    return rng.uniform(1 - noise, 1 + noise, (draws, len(observed.tree.leaves)))


def _rules(nominal: Nominal, options: tuple[str, ...] | None, rng: np.random.Generator, draws: int) -> NDArray[np.intp]:
    shape = (draws, len(nominal.chosen))
    if options is None:
        return np.broadcast_to(nominal.chosen, shape).copy()
    places = np.array([nominal.rules.index(rule) for rule in options])
    return places[rng.integers(0, len(places), shape)]


def _powers(nominal: Nominal, options: tuple[float, ...] | None, rng: np.random.Generator, draws: int) -> FloatArray:
    powers = np.repeat(nominal.powers[None], draws, axis=0)
    if options is not None:
        powers[:, nominal.required] = np.array(options)[rng.integers(0, len(options), draws)]
    return powers


def _points(kinds: Sequence[Kind], uncertain: bool, rng: np.random.Generator, draws: int) -> tuple[FloatArray, ...]:
    """Per kind the points of its steps; scales with the same points are drawn once.

    The steps' rises are a Dirichlet around the chosen ones: with equal rises all rising scales are equally likely.
    """
    scales: dict[tuple[float, ...], FloatArray] = {}
    for kind in kinds:
        if kind.points not in scales:
            scales[kind.points] = _scale(np.array(kind.points), uncertain, rng, draws)
    return tuple(scales[kind.points] for kind in kinds)


def _scale(points: FloatArray, uncertain: bool, rng: np.random.Generator, draws: int) -> FloatArray:
    rises = np.diff(points)
    real = rises > 0
    if not uncertain or real.sum() < 2:
        return np.repeat(points[None], draws, axis=0)
    drawn = np.zeros((draws, len(rises)))
    drawn[:, real] = rng.dirichlet(rises[real] * real.sum() / rises.sum(), draws) * rises.sum()
    table = np.empty((draws, len(points)))
    table[:, 0] = points[0]
    table[:, 1:] = points[0] + np.cumsum(drawn, axis=1)
    table[:, -1] = points[-1]
    return table
