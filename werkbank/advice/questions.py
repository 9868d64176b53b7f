"""What to find out first: the unknown cells whose answer would change most about which parks come out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from werkbank.scoring.robustness import Robustness
from werkbank.scoring.tables import FloatArray

__all__ = ["Question", "questions"]

MOST = 5
CERTAIN = 2.0
"""Only what lies above this many standard errors is asked; the rest may be chance."""


@dataclass(frozen=True, slots=True)
class Question:
    """A cell that nobody knows, who can best find out, and what the answer is worth.

    `value` is by how much, on average over the answers, the share of recalculations in which the advised parks come
    out would change; `se` is its standard error. Both 0-1.
    """

    park_id: str
    indicator: str
    party: str
    value: float
    se: float


def questions(
    found: Robustness, advised: Sequence[str], best_judge: Mapping[str, str], *, most: int = MOST
) -> tuple[Question, ...]:
    """The cells worth asking about, most valuable first: E_v |P(advised | v) − P(advised)|, read from the draws.

    What chance alone would give is taken off; a cell below two standard errors is not asked (method.md 7). Nothing is
    drawn again: the recalculations are grouped by the level that each cell got in them.
    """
    if not advised or not found.missing.shape[1]:
        return ()
    value, error = _values(found.comes_out(advised), found.missing)
    asked = [
        Question(str(park), str(code), best_judge[str(code)], float(value[place]), float(error[place]))
        for place, (park, code) in enumerate(found.unknown_cells)
        if value[place] > CERTAIN * error[place] and value[place] > 0
    ]
    return tuple(sorted(asked, key=lambda one: (-one.value, one.park_id, one.indicator))[:most])


def _values(outcome: FloatArray, levels: np.ndarray) -> tuple[FloatArray, FloatArray]:
    """Per cell the value less its noise floor, and the standard error."""
    n, share = len(outcome), outcome.mean()
    value, floor, variance = (np.zeros(levels.shape[1]) for _ in range(3))
    for level in range(int(levels.max()) + 1):
        got = levels == level
        times = got.sum(axis=0)
        part = times / n
        with np.errstate(invalid="ignore", divide="ignore"):
            given = np.where(times > 0, (outcome @ got) / times, share)
            spread = np.where(times > 0, share * (1 - share) * (1 / times - 1 / n), 0.0)
            own = np.where(times > 0, given * (1 - given) / times, 0.0)
        value += part * np.abs(given - share)
        # The mean size of a normal difference that is there by chance alone.
        floor += part * np.sqrt(2 / np.pi * np.maximum(spread, 0.0))
        variance += part**2 * own
    return value - floor, np.sqrt(variance)
