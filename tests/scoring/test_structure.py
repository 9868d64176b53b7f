"""Structures: what they are worth, however they are written down."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.scoring import effective_weights

from .drawn import THREE_GROUPS, tree


def test_effective_weight_is_the_product_of_the_shares():
    """More indicators in a group: each weighs less (COINr, get_eff_weights)."""
    assert effective_weights(THREE_GROUPS).to_dict() == pytest.approx(
        {"t1": 1 / 4, "t2": 1 / 6, "t3": 1 / 12, "c1": 1 / 8, "c2": 1 / 8, "g1": 1 / 8, "g2": 1 / 8}, abs=1e-15
    )


def test_leaves_may_hang_at_any_depth():
    """An indicator directly below the root counts as a group does; 3,000 levels do not exhaust anything."""
    structure = tree("top - 1 \n a top 1 \n g top 3 \n b g 1 \n h g 1 \n c h 5")
    assert effective_weights(structure).to_dict() == {"a": 0.25, "b": 0.375, "c": 0.375}
    codes = [f"g{i}" for i in range(3000)]
    structure = pd.DataFrame({"code": codes, "parent": [None, *codes[:-1]], "weight": 1.0})
    assert effective_weights(structure).to_dict() == {"g2999": 1.0}


@pytest.mark.parametrize("empty", [None, np.nan, "", "  ", pd.NA])
def test_an_empty_parent_is_the_root_in_whatever_way_it_is_empty(empty):
    """None, NaN, an empty text and spaces all say: this is the top."""
    structure = pd.DataFrame({"code": ["top", "a"], "parent": [empty, "top"], "weight": [np.nan, 1.0]})
    assert effective_weights(structure).to_dict() == {"a": 1.0}


def test_codes_may_be_numbers():
    """A parent column with a blank turns whole numbers into floats; 1.0 is still 1."""
    structure = pd.DataFrame({"code": [0, 1, 2], "parent": [np.nan, 0, 0], "weight": [1, 1, 3]})
    assert effective_weights(structure).to_dict() == {1: 0.25, 2: 0.75}


@given(st.permutations(range(len(THREE_GROUPS))), st.integers(-900, 900))
def test_neither_order_nor_unit_of_weight_matters(order, power):
    """Rows in another order and weights in another unit, huge or tiny: the same weights, to the last bit."""
    structure = THREE_GROUPS.iloc[list(order)]
    structure = structure.assign(weight=structure["weight"] * 2.0**power)
    expected = effective_weights(THREE_GROUPS)
    pd.testing.assert_series_equal(effective_weights(structure).reindex(expected.index), expected, check_exact=True)
    assert expected.sum() == pytest.approx(1, abs=1e-15)
