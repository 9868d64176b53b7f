"""Aggregation: rules on drawn tables, published means, and what no order, scale or neighbour may change."""

import math
import statistics

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.scoring import aggregate, leave_one_out, parse_mean, rank, weighted_mean
from werkbank.scoring.ranking import LEVEL

from .drawn import LEAVES, LEVELS, THREE_GROUPS, TWO_GROUPS, flat, frames, table, tree

means = st.sampled_from(["arithmetic", "maximum", 2, 3.5, {"threat": 2}, {"threat": math.inf, "gap": 0.5}])


@pytest.mark.parametrize(
    ("row", "threshold", "scores", "coverage"),
    [
        ("0 50 100 100", 0, [62.5, 25, 100], [1, 1, 1]),
        # What is unknown is left out, and lowers the coverage; a group wholly missing is not nought.
        ("? 50 ? ?", 0, [50, 50, math.nan], [0.25, 0.5, 0]),
        ("80 80 ? ?", 0, [80, 80, math.nan], [0.5, 1, 0]),
        ("? ? ? ?", 0, [math.nan] * 3, [0, 0, 0]),
        # Below the threshold a group has no score and leaves its parent, which has a threshold of its own.
        ("0 ? 60 60", 0.75, [60, math.nan, 60], [0.75, 0.5, 1]),
        ("? ? 60 60", 0.75, [math.nan, math.nan, 60], [0.5, 0, 1]),
    ],
)
def test_scores_go_up_the_tree(row, threshold, scores, coverage):
    """The mean of the indicators is the group, the mean of the groups the total."""
    found = aggregate(table(f"  a b c d \n p {row}"), TWO_GROUPS, minimum_coverage=threshold)
    assert found.groups.loc["p", ["top", "g", "h"]].tolist() == pytest.approx(scores, nan_ok=True)
    assert found.coverage.loc["p", ["top", "g", "h"]].tolist() == coverage
    assert found.total.to_dict() == pytest.approx({"p": scores[0]}, nan_ok=True)


def test_coverage_goes_by_effective_weight_and_each_group_may_have_a_mean_of_its_own():
    """Three of four indicators known is 2/8 when the fourth weighs three quarters in a heavy group."""
    own = aggregate(table("  a  b  c  d \n p  0  50  20  40"), TWO_GROUPS, mean={"g": "maximum"})
    assert own.groups.loc["p"].to_dict() == {"top": 40, "g": 50, "h": 30}
    structure = tree("top - 1 \n g top 1 \n h top 3 \n a g 1 \n b g 1 \n c h 1 \n d h 8")
    scores = aggregate(table("  a  b  c  d \n p  1  1  1  ?"), structure)
    assert scores.coverage.loc["p"].to_dict() == pytest.approx({"top": 1 / 4 + 3 / 4 / 9, "g": 1, "h": 1 / 9})


def test_a_threshold_is_met_up_to_rounding():
    """Two thirds known meets a threshold of two thirds, though a sum of weights may fall a bit short of it."""
    values = table("  a b c d e f g h i \n p 1 1 1 1 1 1 ? ? ?")
    for weight in (0.1, 0.7, 3.3):
        structure = flat(list(values.columns), [weight] * 9)
        assert aggregate(values, structure, minimum_coverage=2 / 3).total["p"] == 1
        assert math.isnan(aggregate(values, structure, minimum_coverage=2 / 3 + 1e-8).total["p"])


def test_not_applicable_leaves_the_score_and_the_coverage():
    """b does not apply, so g is wholly known; nothing of h applies, so it has neither score nor coverage."""
    values = table("  a  b  c  d \n p  40  90  ?  ?")
    applicable = pd.DataFrame([[True, False, False, False]], index=["p"], columns=list("abcd"))
    scores = aggregate(values, TWO_GROUPS, minimum_coverage=1, applicable=applicable)
    assert scores.groups.loc["p", ["top", "g"]].to_dict() == {"top": 40, "g": 40}
    assert scores.coverage.loc["p", ["top", "g"]].to_dict() == {"top": 1, "g": 1}
    assert scores.groups["h"].isna().all()
    assert scores.coverage["h"].isna().all()


def test_weight_nought_counts_nowhere():
    """Not in the score, not in the coverage, not in a maximum."""
    values, structure = table("  a  b \n p  10  90 \n q  ?  90"), flat(["a", "b"], [1, 0])
    scores = aggregate(values, structure, mean="maximum")
    assert scores.total.to_dict() == pytest.approx({"p": 10, "q": math.nan}, nan_ok=True)
    assert scores.coverage["top"].to_dict() == {"p": 1, "q": 0}


@pytest.mark.parametrize("kind", ["object", "boolean", "bool"])
def test_yes_and_no_may_be_kept_in_several_ways(kind):
    """A table that was put in another order holds its yes and no as objects, and says the same."""
    values = table("  a  b  c  d \n p  1  2  3  4 \n q  5  6  7  8")
    yes = values < 4
    found = aggregate(values, TWO_GROUPS, applicable=yes.astype(kind))
    assert found == aggregate(values.where(yes), TWO_GROUPS, applicable=yes)


def test_scores_are_values():
    """Equal when their tables are, unequal otherwise."""
    values = table("  a  b  c  d \n p  0  ?  60  60")
    scores = aggregate(values, TWO_GROUPS)
    assert scores == aggregate(values, TWO_GROUPS)
    assert aggregate(values.iloc[:0], TWO_GROUPS).total.empty
    assert scores != aggregate(values, TWO_GROUPS, mean="maximum")
    assert scores != "scores"
    with pytest.raises(AttributeError):
        scores.root = "g"


@given(frames(), means, st.sampled_from([0, 0.5, 0.75]), st.data())
def test_no_order_changes_a_bit(values, mean, threshold, data):
    """Units, indicators and rows of the structure in another order: the same bits."""
    expected = aggregate(values, THREE_GROUPS, mean=mean, minimum_coverage=threshold)
    shuffled = values.loc[data.draw(st.permutations(list(values.index))), data.draw(st.permutations(LEAVES))]
    structure = THREE_GROUPS.iloc[list(data.draw(st.permutations(range(len(THREE_GROUPS)))))]
    scores = aggregate(shuffled, structure, mean=mean, minimum_coverage=threshold)
    for found, wanted in ((scores.groups, expected.groups), (scores.coverage, expected.coverage)):
        pd.testing.assert_frame_equal(found.reindex_like(wanted), wanted, check_exact=True)


@given(frames(1, 1), means, st.sampled_from(LEAVES), st.sampled_from(LEVELS))
def test_raising_a_known_value_never_lowers_a_score(values, mean, indicator, level):
    """Known → higher is monotone, exactly; unknown → known is not and need not be."""
    raised = values.copy()
    raised.loc["u0", indicator] = np.fmax(level, values.loc["u0", indicator])
    if math.isnan(values.loc["u0", indicator]):
        raised = values
    before, after = (aggregate(frame, THREE_GROUPS, mean=mean).groups for frame in (values, raised))
    tolerance = 1e-12 if mean == 3.5 or isinstance(mean, dict) else 0
    assert ((after >= before - tolerance) | before.isna()).all(axis=None)


def mean_of(values, weights=None, mean="arithmetic"):
    return weighted_mean([values], weights, mean)[0]


positive = st.floats(1e-6, 1e6)
weight = st.floats(0.01, 100)
weighted = st.lists(st.tuples(positive, weight), min_size=1, max_size=6)
exponent = st.one_of(st.floats(-60, 60), st.sampled_from([0.0, 1.0, -1.0, 2.0, math.inf, -math.inf]))


@pytest.mark.parametrize(
    ("mean", "values", "weights", "expected"),
    [
        ("geometric", [1, 2, 3], [1, 1, 2], 2.0597671439071177),
        ("harmonic", [1, 2, 3], [2, 1, 1], 1.4117647058823528),
        ("arithmetic", [1, 2, 3], [1, 1, 1], 2.0),
    ],
)
def test_published_means(mean, values, weights, expected):
    """COINr, tests/testthat/test-aggregate.R: a_gmean, a_hmean, a_amean; a name stands for an exponent."""
    assert parse_mean(mean) == {"geometric": 0, "harmonic": -1, "arithmetic": 1}[mean]
    assert mean_of(values, weights, mean) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "maximum", 2, 0.5, -3, 40])
def test_unknown_is_left_out_and_so_is_what_weighs_nothing(mean):
    """A missing value is certainly not 0; weight 0 counts not in a maximum either; nothing known gives NaN."""
    assert mean_of([2, np.nan, 8], [1, 5, 3], mean) == mean_of([2, 8], [1, 3], mean)
    assert mean_of([2, 900, 0], [1, 0, 0], mean) == 2
    assert math.isnan(mean_of([np.nan, np.nan], None, mean))
    assert math.isnan(mean_of([], None, mean))


@pytest.mark.parametrize("mean", ["arithmetic", "maximum", 3, -math.inf])
def test_negative_values_have_the_means_that_keep_their_sign(mean):
    """Odd powers, the maximum and the minimum do not mistake -2 for 2."""
    assert mean_of([-2, -2], None, mean) == -2


@pytest.mark.parametrize("size", [1e-300, 1e300])
@pytest.mark.parametrize("mean", [1, 2, 3, 0.5, 0.01, 0, -1, -7.5, 1e6, -1e6, math.inf])
def test_size_does_not_matter(size, mean):
    """Tiny and huge values have the same mean as ordinary ones, at their own size."""
    ordinary = mean_of([1, 2, 4], [1, 2, 1], mean)
    assert mean_of(np.array([1, 2, 4]) * size, [1, 2, 1], mean) == pytest.approx(ordinary * size, rel=1e-12)


@settings(deadline=None)
@given(weighted, exponent)
def test_a_mean_lies_between_its_values(pairs, p):
    """Exactly, not up to rounding: so a constant stays what it is."""
    values, weights = zip(*pairs, strict=True)
    assert min(values) <= mean_of(values, weights, p) <= max(values)
    assert mean_of([values[0]] * len(values), weights, p) == values[0]


@settings(deadline=None)
@given(weighted, exponent, exponent)
def test_a_higher_exponent_never_gives_a_lower_mean(pairs, p, q):
    """The power mean inequality (Hardy, Littlewood & Pólya 1934)."""
    values, weights = zip(*pairs, strict=True)
    low, high = sorted((p, q))
    assert mean_of(values, weights, low) <= mean_of(values, weights, high) * (1 + 1e-9)


def test_exponents_near_nought_join_the_geometric_mean():
    """No digits are lost where u^p is 1 plus something small, from either side."""
    values = [1.0, 2.0, 30.0]
    geometric = mean_of(values, None, 0)
    for p in (1e-3, 1e-6, 1e-9, 1e-13):
        below, above = mean_of(values, None, -p), mean_of(values, None, p)
        assert below <= geometric <= above
        assert above - below == pytest.approx(p * geometric * statistics.pvariance(np.log(values)), rel=1e-2, abs=1e-12)


@given(st.permutations([100 / 3, 200 / 3, 0.0, 100.0, 100 / 7, 0.1, 60.0]), st.sampled_from([1, 2]))
def test_equal_values_in_another_order_are_level(values, p):
    """The same judgements on other, equally heavy indicators are the same score, up to the order of a sum."""
    assert rank([mean_of(values, None, p), mean_of(sorted(values), None, p)], tolerance=LEVEL).tolist() == [1, 1]


VALUES = table(
    """
       t1   t2   t3   c1   c2   g1   g2
    p  100  100  100  0    0    0    0
    q  0    0    0    100  100  80   80
    r  50   50   50   10   10   90   90
    """
)


def test_leaving_a_group_out():
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
    structure = tree("top - 1 \n a top 1 \n b top 1 \n a1 a 1 \n a2 a 1 \n b1 b 1 \n x a1 1 \n y a2 1 \n z b1 1")
    values = table("  x  y  z \n p  9  5  0 \n q  0  5  9 \n r  4  5  3")
    found = leave_one_out(values, structure)
    assert list(found.index) == ["a1", "a2", "b1"]
    without_b = rank(values["x"] + values["y"])
    nominal = rank(aggregate(values, structure).total)
    assert found["b1"] == pytest.approx((without_b - nominal).abs().mean())


def test_who_has_no_place_without_a_group_does_not_count():
    """The only group left out leaves no scores; a park known in one group alone; a group that weighs nothing."""
    only = tree("top - 1 \n a top 1 \n x a 1")
    assert math.isnan(leave_one_out(table("  x \n p 1 \n q 2"), only)["a"])
    assert leave_one_out(table("  x y \n p 1 2"), flat(["x", "y"])).empty
    values = VALUES.copy()
    values.loc["q", ["t1", "t2", "t3", "g1", "g2"]] = math.nan
    found = leave_one_out(values, THREE_GROUPS)
    assert found["chance"] == pytest.approx(0.5)  # of p and r, r goes from third to second
    structure = THREE_GROUPS.assign(weight=THREE_GROUPS["weight"].where(THREE_GROUPS["code"] != "gap", 0))
    assert leave_one_out(VALUES, structure, mean={"threat": 2})["gap"] == 0
