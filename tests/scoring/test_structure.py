"""Structures: what a valid one is worth, and every way in which one can be wrong."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import effective_weights

from .drawn import THREE_GROUPS, quick, tree


def rules(structure: pd.DataFrame) -> list[str]:
    with pytest.raises(ScoringError) as caught:
        effective_weights(structure)
    return [finding.rule for finding in caught.value.findings]


def test_effective_weight_is_the_product_of_the_shares():
    """More indicators in a group: each weighs less (COINr, get_eff_weights)."""
    assert effective_weights(THREE_GROUPS).to_dict() == pytest.approx(
        {"t1": 1 / 4, "t2": 1 / 6, "t3": 1 / 12, "c1": 1 / 8, "c2": 1 / 8, "g1": 1 / 8, "g2": 1 / 8}, abs=1e-15
    )


def test_leaves_may_hang_at_different_depths():
    """An indicator directly below the root counts as a group does."""
    structure = tree("top - 1 \n a top 1 \n g top 3 \n b g 1 \n h g 1 \n c h 5")
    assert effective_weights(structure).to_dict() == {"a": 0.25, "b": 0.375, "c": 0.375}


def test_a_structure_may_be_very_deep():
    """Any depth: 3,000 levels do not exhaust anything."""
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


@pytest.mark.parametrize("size", [1e-300, 1e300])
def test_huge_and_tiny_weights_are_only_proportions(size):
    """Neither overflows nor vanishes."""
    structure = THREE_GROUPS.assign(weight=THREE_GROUPS["weight"] * size)
    pd.testing.assert_series_equal(effective_weights(structure), effective_weights(THREE_GROUPS))


@quick
@given(st.permutations(range(len(THREE_GROUPS))), st.integers(-60, 60))
def test_neither_order_nor_unit_of_weight_matters(order, power):
    """Rows in another order and weights in another unit: the same weights, to the last bit."""
    structure = THREE_GROUPS.iloc[list(order)]
    structure = structure.assign(weight=structure["weight"] * 2.0**power)
    expected = effective_weights(THREE_GROUPS)
    pd.testing.assert_series_equal(effective_weights(structure).reindex(expected.index), expected, check_exact=True)
    assert expected.sum() == pytest.approx(1, abs=1e-15)


@pytest.mark.parametrize(
    ("drawing", "expected"),
    [
        ("top - 1 \n a top 1 \n a top 1", ["duplicate-code"]),
        ("top - 1 \n a tpo 1 \n b top 1", ["unknown-parent"]),
        ("top - 1 \n a top 1 \n b c 1 \n c b 1", ["cycle"]),
        ("top - 1 \n a top 1 \n b b 1", ["cycle"]),
        ("top - 1 \n other - 1 \n a top 1", ["several-roots"]),
        ("a b 1 \n b a 1", ["no-root", "cycle"]),
        ("top - 1 \n a top -1 \n b top 1", ["bad-weight"]),
        ("top - 1 \n a top nan \n b top inf", ["bad-weight", "bad-weight"]),
        ("top - 1 \n a top 0 \n b top 0", ["no-weight"]),
        ("top - 1", ["no-indicators"]),
    ],
)
def test_every_fault_has_its_name(drawing, expected):
    """Duplicate code, unknown parent, cycle, two roots, no root, impossible weight, a group without weight."""
    assert rules(tree(drawing)) == expected


def test_all_faults_are_named_at_once():
    """Not the first one only: each with the code it concerns."""
    rows = "top - 1 \n a top 1 \n a top 1 \n b treat 1 \n c threat -2 \n threat top 1 \n d e 0 \n e d 0"
    with pytest.raises(ScoringError) as caught:
        effective_weights(tree(rows))
    found = {(finding.rule, finding.indicator) for finding in caught.value.findings}
    assert found == {
        ("duplicate-code", "a"),
        ("unknown-parent", "b"),
        ("bad-weight", "c"),
        ("cycle", "d"),
        ("no-weight", "d"),
        ("no-weight", "e"),
    }
    assert "bedoelt u “threat”?" in str(caught.value)


def test_a_structure_without_rows_columns_or_form_is_refused():
    """An empty table, a table without weights, and something that is no table."""
    assert rules(THREE_GROUPS.iloc[:0]) == ["empty-structure"]
    assert rules(THREE_GROUPS[["code"]]) == ["missing-column", "missing-column"]
    assert rules(THREE_GROUPS.to_dict()) == ["no-table"]
    assert rules(THREE_GROUPS.assign(weight="veel"))[0] == "bad-weight"
    assert rules(THREE_GROUPS.assign(code=[None, *THREE_GROUPS["code"][1:]]))[0] == "empty-code"
