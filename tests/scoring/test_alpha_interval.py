"""The quick interval of the pooled alpha is the one that the bootstrap finds by doing everything again each time."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import alpha_interval, bootstrap, pooled_alpha


def ratings(seed, shape=(6, 2, 24), unknown=0.3, levels=4):
    """Two parties that differ by a step now and then, indicator × party × park."""
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, levels, (shape[0], 1, shape[2]))
    said = np.clip(truth + rng.choice([-1, 0, 1], shape, p=[0.1, 0.8, 0.1]), 0, levels - 1).astype(float)
    said[rng.random(shape) < unknown] = np.nan
    return said


@settings(max_examples=40, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    raters=st.integers(2, 4),
    units=st.integers(10, 30),
    unknown=st.sampled_from([0.0, 0.4, 0.9]),
    levels=st.integers(1, 4),
)
def test_it_is_the_bootstrap_of_the_pooled_alpha(seed, raters, units, unknown, levels):
    """The same resamples from the same seed, so the same interval, with gaps, with more parties and without spread."""
    said = ratings(seed, (4, raters, units), unknown, levels)
    quick, slow = (
        alpha_interval(said, seed=seed, resamples=40),
        bootstrap(pooled_alpha, said, seed=seed, resamples=40),
    )
    assert quick.resamples == slow.resamples
    assert (quick.low, quick.high) == pytest.approx((slow.low, slow.high), abs=1e-12, nan_ok=True)


def test_alpha_lies_within_its_interval():
    """Of twenty-four parks and six indicators, with one judgement in five a step off."""
    said = ratings(1)
    found = alpha_interval(said, seed=2018)
    assert found.low < pooled_alpha(said) < found.high
    assert found.resamples == 1_000


def test_there_is_none_where_there_is_too_little():
    """Fewer than ten parks, or no alpha at all: NaN, never an interval of nothing."""
    assert math.isnan(alpha_interval(ratings(1, (6, 2, 9)), seed=1).low)
    assert math.isnan(alpha_interval(np.ones((3, 2, 20)), seed=1).low)
    assert math.isnan(alpha_interval(np.full((3, 2, 20), np.nan), seed=1).low)
    with pytest.raises(ScoringError, match="bad-shape"):
        alpha_interval(np.ones((2, 20)), seed=1)
