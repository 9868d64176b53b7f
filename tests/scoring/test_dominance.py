"""Unit against unit: outranking, and pairs that no weighting turns round."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from werkbank.errors import ScoringError
from werkbank.scoring import dominance_pairs, outranking, rank_acceptability

from .drawn import quick, table

cells = st.one_of(st.integers(0, 3).map(float), st.just(math.nan))
tables = npst.arrays(np.float64, npst.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=6), elements=cells)


def test_a_drawn_table():
    """A is higher than B on x (weight 3), they tie on y (2) and B is higher on z (1): 4/6 against 2/6."""
    values = table("  x y z \n a 5 1 0 \n b 4 1 9")
    found = outranking(values, [3, 2, 1])
    assert found.loc["a", "b"] == pytest.approx(4 / 6)
    assert found.loc["b", "a"] == pytest.approx(2 / 6)
    assert np.diag(found).tolist() == [0, 0]
    assert outranking(values, pd.Series({"z": 1, "x": 3, "y": 2})).equals(found)


def test_only_what_both_have_counts():
    """A criterion that is missing of either is left out of the pair; with none left there is no share."""
    found = outranking(table("  x y \n a 5 ? \n b 4 9 \n c ? 1"))
    assert found.loc["a", "b"] == 1
    assert found.loc["b", "c"] == 1
    assert math.isnan(found.loc["a", "c"])


@given(tables)
@quick
def test_opposite_shares_add_up(values):
    """Row before column and column before row are 1 together; dominance is a share of 1 with all known and no tie."""
    found = outranking(values).to_numpy()
    both = found + found.T
    known = ~np.isnan(both) & ~np.eye(len(values), dtype=bool)
    assert both[known] == pytest.approx(1)
    pairs = sum((a > b).all() for a in values for b in values)
    assert dominance_pairs(values) == pairs
    complete = ~np.isnan(values).any(axis=1)
    assert dominance_pairs(values) == int((found[complete][:, complete] == 1).sum())


@given(tables.map(np.nan_to_num), st.integers(0, 99))
@quick
def test_no_weighting_turns_dominance_round(values, seed):
    """Who is higher on every criterion comes first in every draw of the weights."""
    weights = np.random.default_rng(seed).dirichlet(np.ones(values.shape[1]), 5)
    pairwise = rank_acceptability(values, weights).pairwise.to_numpy()
    above = (values[:, np.newaxis] > values).all(axis=2)
    assert (pairwise[above] == 1).all()


@pytest.mark.parametrize("weights", [[1], [1, -1], [0, 0], [1, math.nan], [1, 2, 3]])
def test_impossible_weights_are_refused(weights):
    """One weight per criterion, none negative, not all 0."""
    with pytest.raises(ScoringError, match="bad-weight"):
        outranking([[1, 2], [2, 1]], weights)


def test_too_many_units_for_a_square_table():
    """Above 5,000 units outranking is refused; the number of dominant pairs is not."""
    values = np.arange(5001)[:, np.newaxis]
    with pytest.raises(ScoringError, match="too-many-units"):
        outranking(values)
    assert dominance_pairs(values) == 5001 * 5000 // 2


def test_one_unit_and_none():
    """One unit outranks nobody."""
    assert outranking([[1, 2]]).to_numpy().tolist() == [[0]]
    assert dominance_pairs([[1, 2]]) == 0
    assert dominance_pairs(np.empty((0, 2))) == 0
