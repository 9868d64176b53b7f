"""Agreement of raters: the coefficients against their definitions, and no number where there is none.

That alpha is Krippendorff's, his own figures say (test_published_agreement.py).
"""

import math
from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.scoring import (
    agreement_weights,
    alpha_interval,
    bias,
    cohen_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
    pooled_alpha,
)

from .drawn import bootstrap

LEVELS = ["nominal", "ordinal", "interval", "ratio"]
WEIGHTS = ["identity", "linear", "quadratic", "ordinal"]
_ = math.nan

levels_given = st.lists(
    st.lists(st.sampled_from([0.0, 1, 2, 3, _]), min_size=6, max_size=6), min_size=2, max_size=4
).map(np.array)
"""Ratings on a scale of 0-3 with gaps, raters × six units."""


@given(levels_given, st.sampled_from(WEIGHTS), st.booleans())
def test_gwets_coefficient_is_his_definition(ratings, weights, whole):
    """Observed over units with two ratings, chance over units with one, each unit counting once."""
    scale = [0.0, 1, 2, 3] if whole else sorted(set(ratings[~np.isnan(ratings)].tolist()))
    found = gwet_ac(ratings, weights, categories=scale if whole else None)
    rated = [[scale.index(rating) for rating in unit if not np.isnan(rating)] for unit in ratings.T]
    pairs = [unit for unit in rated if len(unit) > 1]
    if len(pairs) < 2 or len(scale) < 2:
        assert math.isnan(found)
        return
    table = agreement_weights(weights, scale)
    observed = np.mean([np.mean([table[a, b] for a, b in permutations(unit, 2)]) for unit in pairs])
    share = np.array([np.mean([unit.count(code) / len(unit) for unit in rated if unit]) for code in range(len(scale))])
    chance = table.sum() * (share * (1 - share)).sum() / (len(scale) * (len(scale) - 1))
    assert found == pytest.approx((observed - chance) / (1 - chance))


@given(levels_given, st.sampled_from([0, 1, 2]))
def test_percent_agreement_is_its_definition(ratings, within):
    """Per unit the share of pairs of raters within so many steps; then the mean over the units."""
    units = (unit[~np.isnan(unit)] for unit in ratings.T)
    shares = [np.mean([abs(a - b) <= within for a, b in combinations(unit, 2)]) for unit in units if len(unit) > 1]
    found = percent_agreement(ratings, within)
    assert found == pytest.approx(np.mean(shares) if shares else math.nan, nan_ok=True)
    # One step is one step, also where 0.3 - 0.2 is not 0.1; one rater has no share.
    assert percent_agreement([[0.3, 0.9], [0.2, 0.1]], within=0.1) == 0.5
    assert math.isnan(percent_agreement([[1, 2]]))


def test_full_agreement_is_exactly_one():
    """Also with fractions that no float holds, at every level."""
    rating = [0.1, 0.2, 0.7, 0.1]
    for level in LEVELS:
        assert krippendorff_alpha([rating] * 3, level) == 1
    for weights in WEIGHTS:
        assert gwet_ac([rating] * 3, weights) == 1
    assert percent_agreement([rating] * 3) == 1


@pytest.mark.parametrize(
    "ratings",
    [
        [[1, 2, 3, 1]],
        [[1], [2]],
        [[1, _, 2], [_, 1, _]],
        [[1, _, 2], [1, 3, _]],
        [[2, 2, 2], [2, 2, 2]],
        [[_, _], [_, _]],
        np.empty((0, 4)),
        np.empty((2, 0)),
    ],
    ids=["one rater", "one unit", "no pair", "one pair", "all equal", "all missing", "no rater", "no unit"],
)
def test_no_number_where_there_is_none(ratings):
    """Too little, or nothing that differs, is NaN: never 0 and never 1."""
    assert all(math.isnan(krippendorff_alpha(ratings, level)) for level in LEVELS)
    assert all(math.isnan(gwet_ac(ratings, weights)) for weights in WEIGHTS)


def test_the_whole_scale_may_be_given_in_any_order():
    """All equal on a known scale: chance agreement is 0 and the coefficient 1; of fewer than two categories, NaN."""
    ratings = [[0, 1, 1, 3], [0, 1, 2, 3], [0, 0, 1, 3]]
    assert gwet_ac(ratings, "linear") == gwet_ac(ratings, "linear", categories=[3, 2, 1, 0])
    assert gwet_ac([[2, 2], [2, 2]], categories=[0, 1, 2, 3]) == 1
    assert math.isnan(gwet_ac([[2, 2], [2, 2]], categories=[2]))


def test_words_have_categories_and_no_order_of_their_own():
    """Words count where order does not matter, and where `categories` gives it."""
    words = [["laag", "hoog", None, "midden"], ["laag", "midden", "hoog", "midden"]]
    numbers = [[0, 2, None, 1], [0, 1, 2, 1]]
    assert krippendorff_alpha(words, "nominal") == krippendorff_alpha(numbers, "nominal")
    assert percent_agreement(pd.DataFrame(words)) == percent_agreement(numbers)
    scale = ["laag", "midden", "hoog"]
    assert gwet_ac(words, "ordinal", categories=scale) == gwet_ac(numbers, "ordinal", categories=[0, 1, 2])


def test_bias_is_first_minus_second():
    """Police 1 and municipality 0: the police judge half a step higher; only what both judged counts."""
    assert bias([[2, 3, 1, _], [1, 2, 2, 3]]) == pytest.approx(1 / 3)
    assert bias([[0, 1], [2, 2]]) == -1.5
    assert math.isnan(bias([[1, _], [_, 2]]))


@pytest.mark.parametrize(
    "table", [[[0, 0], [0, 0]], [[5, 0], [0, 0]], [[0, 7], [0, 0]], [[1]]], ids=["empty", "one", "two", "single"]
)
def test_kappa_needs_raters_who_differ_in_something(table):
    """Both raters in one category only, or no units: NaN."""
    assert math.isnan(cohen_kappa(table))


def test_the_names_of_a_table_are_matched():
    """Rows and columns in another order, or a category that one rater never used, give the kappa of the whole table."""
    whole = pd.DataFrame([[5, 1, 0], [2, 6, 0], [1, 1, 0]], index=[1, 2, 3], columns=[1, 2, 3])
    expected = cohen_kappa(whole, "linear")
    assert cohen_kappa(whole[[3, 1, 2]], "linear") == expected
    assert cohen_kappa(whole[[1, 2]], "linear") == expected
    named = whole.set_axis(["laag", "midden", "hoog"], axis=0).set_axis(["laag", "midden", "hoog"], axis=1)
    assert cohen_kappa(named[["hoog", "laag", "midden"]], "linear") == expected
    assert cohen_kappa(named[["laag", "midden"]]) == pytest.approx(cohen_kappa(whole))


@pytest.mark.parametrize(
    ("weights", "row"),
    [
        ("identity", [1, 0, 0, 0]),
        ("linear", [1, 2 / 3, 1 / 3, 0]),
        ("quadratic", [1, 8 / 9, 5 / 9, 0]),
        ("ordinal", [1, 5 / 6, 1 / 2, 0]),
    ],
)
def test_weights_of_a_scale_of_four(weights, row):
    """Gwet (2014), chapter 3: how much 0 agrees with 0, 1, 2 and 3; uneven scales count by their numbers."""
    assert agreement_weights(weights, [0, 1, 2, 3])[0].tolist() == pytest.approx(row)
    assert agreement_weights("linear", [0, 1, 4])[1].tolist() == [0.75, 1, 0.25]
    assert agreement_weights("ordinal", [0, 1, 40])[1].tolist() == pytest.approx([2 / 3, 1, 2 / 3])
    assert agreement_weights(weights, [7]).tolist() == [[1]]


def test_pooled_alpha_sums_observed_and_expected():
    """Of one table it is alpha; of the same twice too; one in which all are equal adds nothing.

    Interval level by hand: observed 2 and 8, expected per ratings 2·Σ(x-m)²·n/(n-1), summed before dividing.
    """
    expected = 2 * (4 * 3 - 9) / 3 + 2 * (4 * 12 - 36) / 3
    found = pooled_alpha([[[0, 1], [1, 1]], [[0, 2], [2, 2]]], "interval")
    assert found == pytest.approx(1 - (2 * 1 + 2 * 4) / expected)
    ratings = [[0, 1, 2, 3, 1], [0, 1, 3, 3, 2]]
    constant = [[2, 2, 2], [2, 2, 2]]
    for level in LEVELS:
        alpha = krippendorff_alpha(ratings, level)
        assert pooled_alpha([ratings, ratings], level) == pytest.approx(alpha)
        assert pooled_alpha({"a": constant, "b": ratings}, level) == pytest.approx(alpha)
        assert math.isnan(pooled_alpha([constant], level))
        assert math.isnan(pooled_alpha([], level))


def said_by(seed, shape=(6, 2, 24), unknown=0.3, levels=4):
    """Two parties that differ by a step now and then, indicator × party × park."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, levels, (shape[0], 1, shape[2]))
    said = np.clip(truth + rng.choice([-1, 0, 1], shape, p=[0.1, 0.8, 0.1]), 0, levels - 1).astype(float)
    said[rng.random(shape) < unknown] = np.nan
    return said


@given(
    seed=st.integers(0, 10_000),
    raters=st.integers(2, 4),
    units=st.integers(10, 30),
    unknown=st.sampled_from([0.0, 0.4, 0.9]),
    levels=st.integers(1, 4),
)
def test_the_interval_is_the_bootstrap_of_the_pooled_alpha(seed, raters, units, unknown, levels):
    """The same resamples from the same seed, so the same interval, with gaps, with more parties and without spread."""
    said = said_by(seed, (4, raters, units), unknown, levels)
    found = alpha_interval(said, seed=seed, resamples=40, minimum=1)
    low, high, resamples = bootstrap(pooled_alpha, said, seed=seed, resamples=40)
    assert found.resamples == resamples
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-12, nan_ok=True)


def test_there_is_no_interval_where_there_is_too_little():
    """Fewer than ten parks, or no alpha at all: NaN, never an interval of nothing."""
    for said in (said_by(1, (6, 2, 9)), np.ones((3, 2, 20)), np.full((3, 2, 20), np.nan)):
        assert math.isnan(alpha_interval(said, seed=1).low)


def test_the_seed_decides_and_nothing_else():
    """The same seed gives the same interval, another one another; parks that nobody rated are not drawn."""
    said = said_by(1)
    one, again, other = (alpha_interval(said, seed=seed, resamples=200) for seed in (7, 7, 8))
    assert one == again != other
    wide = np.concatenate([said, np.full((6, 2, 30), np.nan)], axis=2)
    assert alpha_interval(wide, seed=7, resamples=200) == one
    narrow = alpha_interval(said, seed=7, resamples=200, share=0.5)
    assert one.low < narrow.low < narrow.high < one.high
