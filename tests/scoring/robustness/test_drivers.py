"""Which choice drives the outcome: nothing else than what was switched on, and what matters most first."""

from __future__ import annotations

import numpy as np
import pytest

from tests.scoring.robustness.sample import EVERYTHING, sample
from werkbank.scoring.robustness import robustness
from werkbank.scoring.sobol import drivers


def found_with(uncertain, unknown=0.3, seed=2):
    one = sample(seed=seed, unknown=unknown, not_applicable=0.0)
    return robustness(**one.choices, uncertain=uncertain, draws=500, seed=4, district=one.district())


def test_one_choice_alone_explains_everything():
    found = found_with({"group_weights": {"concentration": 10}})
    top = [found.p_first.idxmax()]
    indices = drivers(found, top)
    assert list(indices.index) == ["group_weights"]
    assert indices["total"].iloc[0] == pytest.approx(1, abs=0.1)


def test_only_what_is_drawn_is_named_and_larger_comes_first():
    found = found_with(EVERYTHING)
    indices = drivers(found, [found.p_first.idxmax()])
    assert set(indices.index) == set(EVERYTHING)
    assert indices["total"].is_monotonic_decreasing
    assert (indices["total"] > -0.1).all()


def test_where_much_is_unknown_that_drives_more_than_a_little_noise_in_the_weights():
    found = found_with({"missing": True, "indicator_weights": {"noise": 0.02}}, unknown=0.7)
    indices = drivers(found, [found.p_first.idxmax()])
    assert indices["total"]["missing"] > 5 * indices["total"]["indicator_weights"]


def test_nothing_drawn_or_nothing_to_compare_drives_nothing():
    assert drivers(found_with({}), ["P0"]).empty
    found = found_with({"missing": True})
    assert drivers(found, list(found.units)).empty


def test_enough_runs_to_tell_the_large_from_the_small():
    """With as many runs as every analysis makes the indices lie near those of sixteen times as many."""
    found = found_with(EVERYTHING)
    top = [found.p_first.idxmax()]
    few, many = drivers(found, top)["total"], drivers(found, top, n=8_192)["total"]
    assert (few - many[few.index]).abs().max() < 0.15
    assert few.index[0] == many.index[0]


def test_the_same_seed_gives_the_same_indices():
    first, second = (drivers(found_with(EVERYTHING), ["P0"]).to_numpy() for _ in range(2))
    assert np.array_equal(first, second)
