"""Contributions: what each cell adds to the total."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import aggregate, contributions

from .drawn import THREE_GROUPS, flat, frames, quick, table

means = st.sampled_from(["arithmetic", "maximum", 2, 0.5, 1e6, {"threat": 2, "gap": math.inf, "top": 3}])


def test_arithmetic_is_weight_times_value_over_all_known_weight():
    """w u / Σ w (method.md 3)."""
    parts = contributions(table("  a  b  c \n p  30  60  ?"), flat(["a", "b", "c"], [1, 2, 5]))
    assert parts.loc["p"].to_dict() == pytest.approx({"a": 10, "b": 40, "c": math.nan}, nan_ok=True)


def test_a_power_mean_is_shared_by_the_powers():
    """The share of Σ w u^p, scaled to the score: 9 and 16 of 25 times √12.5 · …"""
    parts = contributions(table("  a  b \n p  30  40"), flat(["a", "b"]), mean=2)
    score = math.sqrt((900 + 1600) / 2)
    assert parts.loc["p"].to_dict() == pytest.approx({"a": score * 9 / 25, "b": score * 16 / 25})


def test_a_maximum_is_shared_by_those_who_reach_it():
    """Ties split it by weight; the others add nothing."""
    parts = contributions(table("  a  b  c \n p  90  90  10"), flat(["a", "b", "c"], [1, 2, 9]), mean="maximum")
    assert parts.loc["p"].to_dict() == pytest.approx({"a": 30, "b": 60, "c": 0})


def test_a_known_cell_that_does_not_count_adds_nought():
    """The group gap knows too little: its known cell is 0, its unknown cell NaN."""
    values = table("  t1  t2  t3  c1  c2  g1  g2 \n p  90  90  90  10  10  50  ?")
    parts = contributions(values, THREE_GROUPS, minimum_coverage=0.75)
    assert parts.loc["p", "g1"] == 0
    assert math.isnan(parts.loc["p", "g2"])
    assert parts.loc["p"].sum() == pytest.approx((90 * 0.5 + 10 * 0.25) / 0.75)


def test_without_a_total_nothing_contributes():
    """No score, no reasons for it."""
    assert contributions(table("  a  b \n p  1  ?"), flat(["a", "b"]), minimum_coverage=0.9).isna().all(axis=None)


@pytest.mark.parametrize("mean", ["geometric", "harmonic", -2])
def test_means_that_reward_the_lowest_cannot_be_divided(mean):
    """Under a harmonic mean the lowest value would contribute most: refused, with what is possible."""
    with pytest.raises(ScoringError, match="no-contributions"):
        contributions(table("  a  b \n p  1  2"), flat(["a", "b"]), mean=mean)


@quick
@given(frames(), means, st.sampled_from([0, 0.5, 0.75]), st.data())
def test_contributions_add_up_to_the_total(values, mean, threshold, data):
    """Whatever the mean, the threshold and what does not apply."""
    applies = data.draw(st.lists(st.booleans(), min_size=values.size, max_size=values.size))
    applicable = pd.DataFrame(np.reshape(applies, values.shape), index=values.index, columns=values.columns)
    choices = {"mean": mean, "minimum_coverage": threshold, "applicable": applicable}
    total = aggregate(values, THREE_GROUPS, **choices).total
    parts = contributions(values, THREE_GROUPS, **choices)
    pd.testing.assert_series_equal(parts.sum(axis=1, min_count=1), total, check_names=False, rtol=0, atol=1e-9)
    unknown = values.isna() | ~applicable
    assert (parts.isna() == (unknown | total.isna().to_numpy()[:, np.newaxis])).all(axis=None)


@quick
@given(st.lists(st.floats(-100, 100), min_size=3, max_size=3))
def test_negative_values_add_up_too(row):
    """Arithmetic contributions may be negative and cancel."""
    values = pd.DataFrame([row], columns=["a", "b", "c"])
    structure = flat(["a", "b", "c"], [1, 2, 3])
    total = aggregate(values, structure).total
    assert contributions(values, structure).sum(axis=1).tolist() == pytest.approx(total.tolist(), abs=1e-12)
