"""Leaving one group out: how far units move."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from werkbank.errors import ScoringError
from werkbank.scoring import aggregate, leave_one_out, rank

from .drawn import THREE_GROUPS, flat, table, tree
from .test_published import asem, needs_asem

VALUES = table(
    """
       t1   t2   t3   c1   c2   g1   g2
    p  100  100  100  0    0    0    0
    q  0    0    0    100  100  80   80
    r  50   50   50   10   10   90   90
    """
)


def test_a_drawn_table():
    """Per group: the mean of how far three parks move when its codes are taken out of the structure."""
    found = leave_one_out(VALUES, THREE_GROUPS)
    assert list(found.index) == ["threat", "chance", "gap"]
    for group in found.index:
        kept = THREE_GROUPS[(THREE_GROUPS["code"] != group) & (THREE_GROUPS["parent"] != group)]
        codes = [code for code in VALUES if code in set(kept["code"])]
        moved = rank(aggregate(VALUES[codes], kept).total) - rank(aggregate(VALUES, THREE_GROUPS).total)
        assert found[group] == pytest.approx(moved.abs().mean())


def test_only_groups_directly_above_indicators():
    """In three levels the pillars are left out, not what they are in; the sole pillar of a branch takes it along."""
    structure = tree(
        """
        top  -    1
        a    top  1
        b    top  1
        a1   a    1
        a2   a    1
        b1   b    1
        x    a1   1
        y    a2   1
        z    b1   1
        """
    )
    values = table("  x  y  z \n p  9  5  0 \n q  0  5  9 \n r  4  5  3")
    found = leave_one_out(values, structure)
    assert list(found.index) == ["a1", "a2", "b1"]
    without_b = rank(values["x"] + values["y"])
    nominal = rank(aggregate(values, structure).total)
    assert found["b1"] == pytest.approx((without_b - nominal).abs().mean())


def test_nothing_left_is_no_number():
    """The only group left out leaves no scores: NaN; indicators directly below the root have no group to leave out."""
    only = tree("top - 1 \n a top 1 \n x a 1")
    assert math.isnan(leave_one_out(table("  x \n p 1 \n q 2"), only)["a"])
    assert leave_one_out(table("  x y \n p 1 2"), flat(["x", "y"])).empty


def test_units_with_a_score_only_in_that_group_do_not_count():
    """A park known in one group alone has no place without it, and is left out of that mean."""
    values = VALUES.copy()
    values.loc["q", ["t1", "t2", "t3", "g1", "g2"]] = math.nan
    found = leave_one_out(values, THREE_GROUPS)
    assert found.notna().all()
    assert found["chance"] == pytest.approx(0.5)  # of p and r, r goes from third to second


def test_a_group_without_weight_moves_nobody():
    """What counts for nothing can be left out for nothing; another mean than the arithmetic one may be given."""
    structure = THREE_GROUPS.copy()
    structure.loc[structure["code"] == "gap", "weight"] = 0
    assert leave_one_out(VALUES, structure)["gap"] == 0
    assert leave_one_out(VALUES, structure, mean={"threat": 2})["gap"] == 0


@needs_asem
def test_asem():
    """COINr, ASEM: what remove_elements does at level 2, by taking each pillar out of the structure."""
    values, structure, expected = asem()
    found = leave_one_out(values, structure)
    assert len(found) == 8
    pillar = structure[structure["parent"] == "Social"]["code"]
    kept = structure[(structure["code"] != "Social") & (structure["parent"] != "Social")]
    without = rank(aggregate(values.drop(columns=pillar), kept).total)
    assert found["Social"] == pytest.approx((without - expected["Rank"]).abs().mean())
    assert (found > 0).all()


def test_a_structure_that_does_not_fit_is_refused():
    """The faults are those of aggregate."""
    with pytest.raises(ScoringError, match="missing-column"):
        leave_one_out(pd.DataFrame({"t1": [1.0]}), THREE_GROUPS)
