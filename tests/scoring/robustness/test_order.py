"""Places with their ties, as counted one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from werkbank.scoring.robustness.order import order_of

TOTALS = arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=st.sampled_from([0.0, 1.0, 2.5, np.nan])
)


@settings(deadline=None)
@given(TOTALS)
def test_above_and_beside_are_what_counting_gives(totals):
    order = order_of(totals)
    for draw, row in enumerate(totals):
        for unit, own in enumerate(row):
            if not np.isnan(own):
                assert order.above[draw, unit] == (row > own).sum()
                assert order.beside[draw, unit] == (row == own).sum()


@settings(deadline=None)
@given(TOTALS, st.data())
def test_the_chances_of_all_sets_of_one_size_add_up_to_one(totals, data):
    """Of every draw in which enough units have a total, exactly one set comes out, or parts that make one."""
    from itertools import combinations

    units = totals.shape[1]
    k = data.draw(st.integers(1, units))
    order = order_of(totals)
    sets = [np.isin(np.arange(units), chosen) for chosen in combinations(range(units), k)]
    outcome = sum(order.exactly(chosen) for chosen in sets)
    enough = (~np.isnan(totals)).sum(axis=1) >= k
    np.testing.assert_allclose(outcome, np.where(enough, 1.0, 0.0))


def test_a_tie_over_the_border_is_split():
    order = order_of(np.array([[3.0, 2.0, 2.0, 1.0]]))
    assert order.chance_among(2).tolist() == [1.0, 0.5, 0.5, 0.0]
    assert order.exactly(np.array([True, True, False, False])).tolist() == [0.5]


def test_totals_that_differ_in_their_last_bits_tie():
    order = order_of(np.array([[0.1 + 0.2, 0.3]]))
    assert order.beside.tolist() == [[2, 2]]


def test_who_has_no_total_is_never_first():
    order = order_of(np.array([[np.nan, 1.0]]))
    assert order.chance_among(1).tolist() == pytest.approx([0.0, 1.0])
