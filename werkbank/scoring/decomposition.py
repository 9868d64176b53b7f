"""What each cell adds to a unit's total: parts that add up to it."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from functools import reduce

import numpy as np
import pandas as pd

from werkbank.scoring.aggregation import MeanByGroup, evaluate, exponents, frame
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.means import signed_power
from werkbank.scoring.structure import Tree
from werkbank.scoring.tables import FloatArray, check_share, read_table

__all__ = ["check_divisible", "contributions", "spread"]


def contributions(
    values: pd.DataFrame,
    structure: pd.DataFrame,
    *,
    mean: MeanByGroup = "arithmetic",
    minimum_coverage: float = 0.0,
    applicable: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The part of every cell in the total, unit × leaf; over the known cells they add up to `Scores.total`.

    Arithmetic: w u / Σ w. Power mean: the share w u^p / Σ w u^p of the score. Maximum: the score, divided
    over what reaches it by weight. NaN: an unknown or inapplicable cell, or a unit without a total; 0: a
    known cell that does not count, such as one in a group with too little coverage. Exponents of 0 and
    below are refused: there the lowest value would weigh most, or all values the same.

    >>> values = pd.DataFrame({"a": [100.0, 0.0], "b": [50.0, None]}, index=["noord", "zuid"])
    >>> structure = wb.scoring.equal_weights(values.columns)
    >>> wb.scoring.contributions(values, structure).loc["noord"].to_dict()
    {'a': 50.0, 'b': 25.0}
    """
    table = read_table(values, structure, applicable)
    tree, exponent = table.tree, exponents(mean, table.tree)
    check_divisible(exponent)
    found = evaluate(table, exponent, check_share(minimum_coverage, "minimum_coverage"))
    total = found.scores[tree.root]
    whole = {tree.root: np.where(np.isnan(total), np.nan, 1.0)}
    return frame(spread(tree, found.scores, exponent, whole), tree.leaves, table.units)


def check_divisible(exponent: Mapping[Hashable, float]) -> None:
    """ScoringError when a group's mean cannot be divided over its cells."""
    refuse(
        "De bijdragen zijn niet te bepalen.",
        [
            fault(
                "no-contributions",
                f"groep “{group}” heeft een gemiddelde met exponent {p:g}",
                "een exponent boven 0",
                "kies arithmetic, maximum of een exponent boven 0",
                indicator=group,
            )
            for group, p in exponent.items()
            if p <= 0 and not math.isinf(p)
        ],
    )


def spread(
    tree: Tree,
    scores: Mapping[Hashable, FloatArray],
    exponent: Mapping[Hashable, float],
    factors: Mapping[Hashable, FloatArray],
) -> dict[Hashable, FloatArray]:
    """Each leaf's part, when the score of every group in `factors` counts that many times.

    A factor goes down the tree: that of a child is that of its group times what one point of the child is
    worth in the group's score. NaN where the leaf is unknown or the factor is NaN.
    """
    factor = dict(factors)
    for group in reversed(tree.bottom_up):
        if group in factor:
            below = tree.children[group]
            columns = [scores[code] for code in below]
            worth = _worth(columns, tree.weights[group], exponent[group], scores[group])
            factor |= {code: factor[group] * each for code, each in zip(below, worth, strict=True)}
    return {leaf: factor[leaf] * scores[leaf] for leaf in tree.leaves}


def _worth(
    columns: Sequence[FloatArray], weights: Sequence[float], exponent: float, score: FloatArray
) -> list[FloatArray]:
    """What one point of each column is worth in the score: worth × value, summed, is the score."""
    with np.errstate(all="ignore"):
        if exponent == 1:
            return _divided([np.where(np.isnan(u), 0.0, w) for u, w in zip(columns, weights, strict=True)])
        if math.isinf(exponent):
            return _divided([np.where(u == score, w, 0.0) for u, w in zip(columns, weights, strict=True)])
        top = reduce(np.fmax, [np.abs(u) for u in columns])
        powers = [signed_power(u / top, exponent) * w for u, w in zip(columns, weights, strict=True)]
        parts = _divided([np.nan_to_num(power) for power in powers])
        return [
            np.where((part == 0) | np.isnan(score), 0.0, part * (score / u))
            for u, part in zip(columns, parts, strict=True)
        ]


def _divided(amounts: Sequence[FloatArray]) -> list[FloatArray]:
    """The amounts as parts of their sum, 0 where that is 0."""
    total = np.asarray(sum(amounts))
    return [np.where(total == 0, 0.0, amount / total) for amount in amounts]
