"""The score of method.md 3, written a second time: plain numpy, nothing of the package's own engine.

An oracle for tests, and what the usefulness benchmark was first run on. Steps are levels in risk direction, from 0.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np

GRID = np.linspace(-8.0, 8.0, 201)
MOST_CORRELATED = 0.95
PRIOR = 4.0
"""So many cells of the family count beside those of the indicator itself."""
BY_MAXIMUM = (True, False, False)
"""Per group whether the parties' highest counts, or their mean."""


@dataclass(frozen=True)
class Rows:
    """The indicators: group number per indicator, weight (times severity), and points per step in risk direction."""

    group: np.ndarray
    weight: np.ndarray
    points: tuple[np.ndarray, ...]


def combine(values, rows):
    """Party × park × indicator to park × indicator: the highest or the mean of what is known, else NaN."""
    known = ~np.isnan(values)
    highest = np.where(known, values, -np.inf).max(axis=0)
    mean = np.where(known, values, 0.0).sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    combined = np.where(np.array(BY_MAXIMUM)[rows.group], highest, mean)
    return np.where(known.any(axis=0), combined, np.nan)


def shares(steps, rows):
    """Per indicator the smoothed share of each step; None for a family of which nothing is known."""
    counts = [_counts(column, len(points)) for column, points in zip(steps.T, rows.points, strict=True)]
    for number, own in enumerate(counts):
        family = sum(
            c for c, group in zip(counts, rows.group, strict=True) if group == rows.group[number] and len(c) == len(own)
        )
        prior = (family + 0.5) / (family + 0.5).sum()
        yield (own + PRIOR * prior) / (own.sum() + PRIOR) if family.sum() else None


def _counts(column, n):
    known = column[~np.isnan(column)]
    low = np.minimum(known.astype(int), n - 1)
    part = known - low
    return np.bincount(low, 1 - part, n) + np.bincount(np.minimum(low + 1, n - 1), part, n)


def chances(steps, rows, correlation):
    """Per indicator park × step: the chance of each step given the park's known cells (known ones included)."""
    r = min(correlation, MOST_CORRELATED)
    by_factor = [None if each is None else _by_factor(each, r) for each in shares(steps, rows)]
    likely = np.tile(-0.5 * GRID**2, (len(steps), 1))
    for column, table in zip(steps.T, by_factor, strict=True):
        known = ~np.isnan(column)
        low = column[known].astype(int)
        part = (column[known] - low)[:, None]
        if low.size:
            likely[known] += np.log((1 - part) * table[low] + part * table[np.minimum(low + 1, len(table) - 1)])
    factor = np.exp(likely - likely.max(axis=1, keepdims=True))
    factor[:, [0, -1]] /= 2
    factor /= factor.sum(axis=1, keepdims=True)
    nothing = [np.eye(1, len(points)).repeat(len(steps), axis=0) for points in rows.points]
    return [rest if table is None else factor @ table.T for table, rest in zip(by_factor, nothing, strict=True)]


def _by_factor(share, r):
    """Step × grid: the chance of each step at every value of the factor."""
    borders = [NormalDist().inv_cdf(min(max(each, 1e-300), 1 - 1e-16)) for each in np.cumsum(share)[:-1]]
    z = [(border - math.sqrt(r) * GRID) / math.sqrt(1 - r) for border in borders]
    below = [[math.erfc(-value / math.sqrt(2)) / 2 for value in row.tolist()] for row in z]
    return np.maximum(np.diff([np.zeros_like(GRID), *below, np.ones_like(GRID)], axis=0), 1e-300)


def score(said, rows, weights, powers, correlation, applies=True):
    """Scores by park, and by park × group, from the steps that the parties say in a whole district (NaN unknown)."""
    worth = [np.interp(said[..., i], np.arange(len(points)), points) for i, points in enumerate(rows.points)]
    steps, values = combine(said, rows), combine(np.stack(worth, axis=-1), rows)
    found, groups = chances(steps, rows, correlation), np.full((len(steps), len(weights)), np.nan)
    for group, power in enumerate(powers):
        own, p = np.flatnonzero(rows.group == group), 1 if math.isinf(power) else power
        expected = np.stack([found[i] @ rows.points[i] ** p for i in own], axis=1)
        cells = np.where(np.isnan(values[:, own]), expected, values[:, own] ** p)
        weight = rows.weight[own] * np.broadcast_to(applies, steps.shape)[:, own]
        total = weight.sum(axis=1)
        mean = ((weight * cells).sum(axis=1) / np.where(total > 0, total, 1)) ** (1 / p)
        highest = np.where(weight > 0, cells, 0).max(axis=1)
        groups[:, group] = np.where(total > 0, highest if math.isinf(power) else mean, np.nan)
    share = np.where(np.isnan(groups), 0.0, weights)
    return (share * np.nan_to_num(groups)).sum(axis=1) / share.sum(axis=1), groups
