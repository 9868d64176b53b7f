"""The least shift of the group weights by which a park comes above others: exact, for there are few groups."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from werkbank.advice.flip_cells import ParkCells
from werkbank.scoring.tables import FloatArray

__all__ = ["least_shift"]

CLOSE = 1e-9


def least_shift(rival: ParkCells, others: Sequence[ParkCells]) -> dict[str, tuple[float, float]] | None:
    """Per group the weight before and after, least total variation, so that `rival` is at or above all `others`.

    Exact given the group scores. None when no weighting does it: then the order does not hang on the weights.

    The least total variation within a polytope lies at a point where as many of these hold as there are weights: they
    add up to 1, a weight is 0, a weight is as it was, the rival is level with another. All such points are tried.
    Loading a solver for linear programmes takes longer than every analysis does of them.
    """
    groups = [group.code for group in rival.groups]
    before = np.array([group.weight for group in rival.groups])
    before = before / before.sum()
    own = np.array([group.score for group in rival.groups])
    behind = np.array([[group.score for group in other.groups] for other in others]).reshape(-1, len(groups)) - own
    found = _nearest(before, behind)
    if found is None:
        return None
    after = np.where(np.abs(found - before) < CLOSE, before, found)
    return {code: (float(old), float(new)) for code, old, new in zip(groups, before, after, strict=True)}


def _nearest(before: FloatArray, behind: FloatArray) -> FloatArray | None:
    """The weights nearest to `before` at which nobody is ahead; the first of equally near ones."""
    points = np.vstack([before, _points(before, behind)])
    allowed = (points >= -CLOSE).all(axis=1) & (points @ behind.T <= CLOSE * 100).all(axis=1)
    if not allowed.any():
        return None
    points = np.clip(points[allowed], 0.0, 1.0)
    apart = np.round(np.abs(points - before).sum(axis=1), 12)
    return np.asarray(points[int(np.argmin(apart))])


def _points(before: FloatArray, behind: FloatArray) -> FloatArray:
    """Every point where enough of the borders meet."""
    n = len(before)
    if n == 1:
        return np.empty((0, 1))
    borders = np.vstack([np.eye(n), np.eye(n), behind])
    sides = np.concatenate([np.zeros(n), before, np.zeros(len(behind))])
    chosen = np.array(list(combinations(range(len(borders)), n - 1)), dtype=np.intp).reshape(-1, n - 1)
    left = np.concatenate([np.ones((len(chosen), 1, n)), borders[chosen]], axis=1)
    right = np.concatenate([np.ones((len(chosen), 1)), sides[chosen]], axis=1)
    meet = np.abs(np.linalg.det(left)) > CLOSE
    return np.asarray(np.linalg.solve(left[meet], right[meet][:, :, None])[:, :, 0])
