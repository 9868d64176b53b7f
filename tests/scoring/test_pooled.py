"""Alpha within indicators: what differs between them is no agreement."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.scoring import krippendorff_alpha, pooled_alpha

from .drawn import quick
from .test_agreement import LEVELS, levels_given


def test_differences_between_indicators_are_no_agreement():
    """Two independent raters who know which indicator is high agree as one table, and not within indicators (method 5)."""
    generator = np.random.default_rng(2018)
    tables = [generator.binomial(3, chance, (2, 400)).astype(float) for chance in (0.05, 0.3, 0.6, 0.9)]
    assert krippendorff_alpha(np.concatenate(tables, axis=1)) > 0.4
    assert pooled_alpha(tables) == pytest.approx(0, abs=4 / math.sqrt(1600))


def test_pooled_alpha_sums_observed_and_expected():
    """Of one table it is alpha; of the same twice too; one in which all are equal adds nothing."""
    ratings = [[0, 1, 2, 3, 1], [0, 1, 3, 3, 2]]
    constant = [[2, 2, 2], [2, 2, 2]]
    for level in LEVELS:
        alpha = krippendorff_alpha(ratings, level)
        assert pooled_alpha([ratings, ratings], level) == pytest.approx(alpha)
        assert pooled_alpha({"a": constant, "b": ratings}, level) == pytest.approx(alpha)
        assert math.isnan(pooled_alpha([constant], level))
        assert math.isnan(pooled_alpha([], level))


@given(st.lists(levels_given.map(lambda ratings: ratings[:2]), min_size=1, max_size=4), st.sampled_from(LEVELS))
@quick
def test_a_stack_of_tables_is_the_tables(tables, level):
    """As an array of three dimensions, which is quicker, pooled alpha is the same as of separate tables."""
    stacked = pooled_alpha(np.stack(tables), level)
    assert stacked == pytest.approx(pooled_alpha(tables, level), nan_ok=True, abs=1e-12)


def test_pooled_alpha_is_the_ratio_of_the_sums():
    """Interval level by hand: observed 2 and 8, expected per ratings 2·Σ(x-m)²·n/(n-1), summed before dividing."""
    one, other = [[0, 1], [1, 1]], [[0, 2], [2, 2]]
    observed = 2 * 1 + 2 * 4
    expected = 2 * (4 * 3 - 9) / 3 + 2 * (4 * 12 - 36) / 3
    assert pooled_alpha([one, other], "interval") == pytest.approx(1 - observed / expected)
