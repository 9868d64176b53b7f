"""The least shift of the group weights by which a park comes above others: a linear programme, exact."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from werkbank.advice.flip_cells import ParkCells

__all__ = ["least_shift"]

SMALLEST = 1e-9


def least_shift(rival: ParkCells, others: Sequence[ParkCells]) -> dict[str, tuple[float, float]] | None:
    """Per group the weight before and after, least total variation, so that `rival` is at or above all `others`.

    Exact given the group scores. None when no weighting does it: then the order does not hang on the weights.
    """
    # HiGHS takes a fifth of a second to import, and only an analysis needs it.
    from scipy.optimize import linprog  # noqa: PLC0415

    groups = [group.code for group in rival.groups]
    before = np.array([group.weight for group in rival.groups])
    before = before / before.sum()
    n = len(groups)
    scores = np.array([group.score for group in rival.groups])
    behind = np.array([[group.score for group in other.groups] for other in others]).reshape(-1, n) - scores
    eye, none = np.eye(n), np.zeros((len(behind), n))
    # Variables: the weights, then how far each strays, at least the difference both ways.
    found = linprog(
        np.concatenate([np.zeros(n), np.full(n, 0.5)]),
        A_ub=np.block([[behind, none], [eye, -eye], [-eye, -eye]]),
        b_ub=np.concatenate([np.zeros(len(behind)), before, -before]),
        A_eq=np.concatenate([np.ones(n), np.zeros(n)])[None],
        b_eq=[1.0],
        bounds=[(0, 1)] * (2 * n),
        method="highs",
    )
    if found.status != 0:
        return None
    after = np.where(np.abs(found.x[:n] - before) < SMALLEST, before, found.x[:n])
    return {code: (float(old), float(new)) for code, old, new in zip(groups, before, after, strict=True)}
