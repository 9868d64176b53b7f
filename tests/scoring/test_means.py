"""Weighted power means: published figures, and what no input may do to them."""

from __future__ import annotations

import math
import statistics
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import parse_mean, weighted_mean

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
    """COINr, tests/testthat/test-aggregate.R: a_gmean, a_hmean, a_amean."""
    assert weighted_mean(values, weights, mean) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "number"), [("arithmetic", 1), ("geometric", 0), ("harmonic", -1), ("maximum", math.inf)]
)
def test_a_name_stands_for_an_exponent(name, number):
    """arithmetic 1, geometric 0, harmonic -1, maximum infinite."""
    assert parse_mean(name) == parse_mean(number) == number


@pytest.mark.parametrize("wrong", ["aritmetic", "", math.nan, True, None])
def test_a_mean_that_does_not_exist_is_refused(wrong):
    """Never a silent default (COINr issue 60)."""
    with pytest.raises(ScoringError, match="unknown-mean"):
        parse_mean(wrong)


def test_a_near_miss_gets_a_suggestion():
    """aritmetic → bedoelt u “arithmetic”?"""
    with pytest.raises(ScoringError, match="bedoelt u “arithmetic”"):
        parse_mean("aritmetic")


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "maximum", 2, 0.5, -3, 40])
def test_unknown_is_left_out(mean):
    """A missing value changes nothing, and is certainly not 0."""
    assert weighted_mean([2, np.nan, 8], [1, 5, 3], mean) == weighted_mean([2, 8], [1, 3], mean)


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "maximum", 2])
def test_weight_nought_is_left_out(mean):
    """Also of a maximum, and also when the value has no such mean."""
    assert weighted_mean([2, 900, 0], [1, 0, 0], mean) == 2


@pytest.mark.parametrize("mean", ["arithmetic", "geometric", "harmonic", "maximum", 2])
@pytest.mark.parametrize("values", [[np.nan, np.nan], []])
def test_nothing_known_is_nothing(mean, values):
    """All missing gives NaN, without a warning."""
    assert math.isnan(weighted_mean(values, None, mean))


@pytest.mark.parametrize(("mean", "value"), [("geometric", 0), ("harmonic", 0), (-2, 0), (2, -1), (0.5, -1), (0, -1)])
def test_a_value_without_such_a_mean_is_refused(mean, value):
    """COINr stops at a geometric mean of 0; here it is named, with its place."""
    with pytest.raises(ScoringError, match=r"kolom “2”.*mean-undefined"):
        weighted_mean([[1, 1], [1, value]], None, mean)


@pytest.mark.parametrize("mean", ["arithmetic", "maximum", 3, -math.inf])
def test_negative_values_have_the_means_that_keep_their_sign(mean):
    """Odd powers, the maximum and the minimum do not mistake -2 for 2."""
    assert weighted_mean([-2, -2], None, mean) == -2


@pytest.mark.parametrize("values", [[1, math.inf], [1, -math.inf]])
def test_infinite_values_are_refused(values):
    """Infinite is not a score."""
    with pytest.raises(ScoringError, match="infinite-value"):
        weighted_mean(values)


@pytest.mark.parametrize("weights", [[1, -1], [1, math.nan], [1, math.inf]])
def test_impossible_weights_are_refused(weights):
    """Negative, missing and infinite weights."""
    with pytest.raises(ScoringError, match="bad-weight"):
        weighted_mean([1, 2], weights)


@pytest.mark.parametrize("size", [1e-300, 1e300])
@pytest.mark.parametrize("mean", [1, 2, 3, 0.5, 0.01, 0, -1, -7.5, 1e6, -1e6, math.inf])
def test_size_does_not_matter(size, mean):
    """Tiny and huge values have the same mean as ordinary ones, at their own size."""
    ordinary = weighted_mean([1, 2, 4], [1, 2, 1], mean)
    assert weighted_mean(np.array([1, 2, 4]) * size, [1, 2, 1], mean) == pytest.approx(ordinary * size, rel=1e-12)


@settings(deadline=None)
@given(weighted)
def test_means_are_those_of_the_textbook(pairs):
    """Against the standard library's weighted harmonic and geometric mean, and the plain formula."""
    values, weights = zip(*pairs, strict=True)
    total = math.fsum(weights)
    mean = math.fsum(w * u for u, w in pairs) / total
    square = math.sqrt(math.fsum(w * u * u for u, w in pairs) / total)
    log = math.fsum(w * math.log(u) for u, w in pairs) / total
    assert weighted_mean(values, weights) == pytest.approx(mean, rel=1e-12)
    assert weighted_mean(values, weights, 2) == pytest.approx(square, rel=1e-12)
    assert weighted_mean(values, weights, "geometric") == pytest.approx(math.exp(log), rel=1e-10)
    assert weighted_mean(values, weights, "harmonic") == pytest.approx(
        statistics.harmonic_mean(values, weights), rel=1e-12
    )


@settings(deadline=None)
@given(weighted, exponent)
def test_a_mean_lies_between_its_values(pairs, p):
    """Exactly, not up to rounding: so a constant stays what it is."""
    values, weights = zip(*pairs, strict=True)
    assert min(values) <= weighted_mean(values, weights, p) <= max(values)
    assert weighted_mean([values[0]] * len(values), weights, p) == values[0]


@settings(deadline=None)
@given(weighted, exponent, exponent)
def test_a_higher_exponent_never_gives_a_lower_mean(pairs, p, q):
    """The power mean inequality (Hardy, Littlewood & Pólya 1934)."""
    values, weights = zip(*pairs, strict=True)
    low, high = sorted((p, q))
    assert weighted_mean(values, weights, low) <= weighted_mean(values, weights, high) * (1 + 1e-9)


@settings(deadline=None)
@given(st.permutations([100 / 3, 200 / 3, 0.0, 100.0, 100 / 7, 0.1, 1e9]), st.sampled_from([1, 2]))
def test_equal_values_in_another_order_tie_exactly(values, p):
    """The same judgements on other, equally heavy indicators are the same score, to the last bit."""
    assert weighted_mean(values, None, p) == weighted_mean(sorted(values), None, p)


def test_exponents_near_nought_join_the_geometric_mean():
    """No digits are lost where u^p is 1 plus something small, from either side."""
    values = [1.0, 2.0, 30.0]
    geometric = weighted_mean(values, None, 0)
    for p in (1e-3, 1e-6, 1e-9, 1e-13):
        below, above = weighted_mean(values, None, -p), weighted_mean(values, None, p)
        assert below <= geometric <= above
        assert above - below == pytest.approx(p * geometric * statistics.pvariance(np.log(values)), rel=1e-2, abs=1e-12)


def test_weights_may_differ_per_draw():
    """Weights (draws, 1, criteria) against values (units, criteria) give draws × units."""
    values = np.array([[1.0, 3.0], [np.nan, 5.0], [2.0, 2.0]])
    weights = np.array([[[1.0, 1.0]], [[3.0, 0.0]]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        np.testing.assert_array_equal(weighted_mean(values, weights), [[2, 5, 2], [1, np.nan, 2]])
