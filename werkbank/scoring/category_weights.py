"""How much two categories agree: 1 for the same one, less the further they lie apart (Gwet 2014, chapter 3)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike

from werkbank.scoring.arrays import check_choice
from werkbank.scoring.tables import FloatArray

__all__ = ["WEIGHTS", "agreement_weights"]

WEIGHTS = ("identity", "linear", "quadratic", "ordinal")


def agreement_weights(weights: str, scale: ArrayLike | Sequence[float]) -> FloatArray:
    """Category × category: the weight that Gwet's and Cohen's coefficients give to a pair of ratings.

    `scale`: the categories as numbers, low to high. identity: 1 or 0. linear and quadratic: 1 less the
    distance on the scale, or its square, over the largest. ordinal: by the number of categories from one to
    the other, whatever their numbers are. ScoringError for another name.

    >>> wb.scoring.agreement_weights("linear", [0, 1, 2]).tolist()
    [[1.0, 0.5, 0.0], [0.5, 1.0, 0.5], [0.0, 0.5, 1.0]]
    """
    check_choice(weights, WEIGHTS, "gewichten", "unknown-weights")
    numbers = np.asarray(scale, dtype=np.float64)
    places = np.arange(numbers.size)
    if weights == "identity":
        return np.eye(numbers.size)
    positions = places if weights == "ordinal" else numbers
    apart = np.abs(np.subtract.outer(positions, positions))
    distance = {"linear": apart, "quadratic": apart**2, "ordinal": apart * (apart + 1) / 2}[weights]
    largest = distance.max(initial=0)
    return np.asarray(1 - distance / largest if largest else np.ones(distance.shape), dtype=np.float64)
