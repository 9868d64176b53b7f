"""What the ranking owes to each group: how far units move when it is left out."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np
import pandas as pd

from werkbank.scoring.aggregation import MeanByGroup, evaluate, exponents
from werkbank.scoring.ranking import rank
from werkbank.scoring.structure import Tree
from werkbank.scoring.tables import FloatArray, Table, read_table

__all__ = ["leave_one_out"]


def leave_one_out(
    values: pd.DataFrame, structure: pd.DataFrame, *, mean: MeanByGroup = "arithmetic"
) -> pd.Series[float]:
    """Per group directly above the indicators: the mean number of places that the units move without it.

    `values` and `structure` as `aggregate` takes them. The other groups keep their weights. Units count that
    have a score with the group and without it; NaN when there is none. In the order of the structure; empty
    when all indicators hang directly below the root. Source: remove_elements of COINr (MeanAbsDiff).

    >>> values = pd.DataFrame({"a": [9.0, 1.0], "b": [1.0, 2.0]}, index=["noord", "zuid"])
    >>> codes = {"code": ["total", "one", "two", "a", "b"], "parent": ["", "total", "total", "one", "two"], "weight": 1}
    >>> wb.scoring.leave_one_out(values, pd.DataFrame(codes)).to_dict()
    {'one': 1.0, 'two': 0.0}
    """
    table = read_table(values, structure)
    tree, exponent = table.tree, exponents(mean, table.tree)

    def places(without: set[Hashable]) -> FloatArray:
        empty = np.full(len(table.units), np.nan)
        cells = {leaf: empty if leaf in without else column for leaf, column in table.cells.items()}
        total = evaluate(Table(table.units, tree, cells, None), exponent, 0.0).scores[tree.root]
        return np.asarray(rank(pd.Series(total)).astype("Float64").to_numpy(dtype="float64", na_value=np.nan))

    nominal = places(set())
    groups = [
        group for group in tree.groups if group != tree.root and not tree.children.keys() >= set(tree.children[group])
    ]
    moved = [pd.Series(np.abs(places(_leaves(tree, group)) - nominal)).mean() for group in groups]
    index = pd.Index(groups, name="code", tupleize_cols=False)
    return pd.Series(moved, index=index, dtype="float64", name="mean_rank_change")


def _leaves(tree: Tree, code: Hashable) -> set[Hashable]:
    """All indicators below a code, at any depth."""
    if code not in tree.children:
        return {code}
    return set().union(*(_leaves(tree, below) for below in tree.children[code]))
