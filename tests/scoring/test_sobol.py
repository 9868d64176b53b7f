"""Sobol indices against the analytic ones of test functions, to within what the number of runs allows."""

import math

import numpy as np
import pandas as pd
import pytest

from werkbank.scoring import sobol_indices
from werkbank.scoring.robustness import drivers, robustness

from .sample import EVERYTHING, sample

HALF_TURN = (-math.pi, math.pi)
UNIT = (0, 1)


def ishigami(x):
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


A, B = 7, 0.1
VARIANCE = A**2 / 8 + B * math.pi**4 / 5 + B**2 * math.pi**8 / 18 + 1 / 2
FIRST = np.array([(1 + B * math.pi**4 / 5) ** 2 / 2, A**2 / 8, 0]) / VARIANCE
BOTH = 8 * B**2 * math.pi**8 / 225 / VARIANCE
ISHIGAMI = np.column_stack([FIRST, FIRST + np.array([BOTH, 0, BOTH])])

G = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])


def g_function(x):
    return np.prod((np.abs(4 * x - 2) + G) / (1 + G), axis=1)


def g_indices():
    """Saltelli et al. (2010): V_i = 1 / (3 (1 + a_i)²), total V_i Π(1 + V_j) over the others, V = Π(1 + V_j) - 1."""
    part = 1 / (3 * (1 + G) ** 2)
    whole = np.prod(1 + part)
    return np.column_stack([part, part * whole / (1 + part)]) / (whole - 1)


def tolerance(model, limits, n):
    """Four standard errors of both estimators at n plain random runs: an upper limit for a Sobol sequence."""
    generator = np.random.default_rng(1)
    low, high = np.array(limits, dtype=float).T
    one, other = (low + generator.random((20_000, len(limits))) * (high - low) for _ in range(2))
    middle, variance = model(one).mean(), model(one).var()
    spread = []
    for factor in range(len(limits)):
        mixed = one.copy()
        mixed[:, factor] = other[:, factor]
        first = (model(other) - middle) * (model(mixed) - model(one))
        spread.append([first.std(), ((model(one) - model(mixed)) ** 2 / 2).std()])
    return 4 * np.array(spread) / variance / math.sqrt(n)


@pytest.mark.parametrize("n", [256, 2048, 16384])
def test_ishigami(n):
    """Ishigami & Homma (1990), a = 7, b = 0.1: .3139 .4424 0 alone, .5576 .4424 .2437 in total."""
    assert ISHIGAMI.round(4).tolist() == [[0.3139, 0.5576], [0.4424, 0.4424], [0, 0.2437]]
    found = sobol_indices(ishigami, dict.fromkeys("abc", HALF_TURN), n=n, seed=2018)
    assert (np.abs(found.to_numpy() - ISHIGAMI) <= tolerance(ishigami, [HALF_TURN] * 3, n)).all()


@pytest.mark.parametrize("n", [1024, 8192])
def test_g_function(n):
    """Sobol' g with a = (0, 1, 4.5, 9, 99 …): .716 .179 .024 .007 alone, .787 .242 .034 .010 in total."""
    assert g_indices()[:4].round(3).tolist() == [[0.716, 0.787], [0.179, 0.242], [0.024, 0.034], [0.007, 0.01]]
    found = sobol_indices(g_function, {f"x{i}": UNIT for i in range(8)}, n=n, seed=2018)
    assert (np.abs(found.to_numpy() - g_indices()) <= tolerance(g_function, [UNIT] * 8, n)).all()


def test_a_sum_has_no_interactions():
    """COINr, test-sensitivity.R: y = x1 + 10 x2, x3 unused: 1/101, 100/101, and exactly 0, alone as in total."""
    found = sobol_indices(lambda x: x[:, 0] + 10 * x[:, 1], dict.fromkeys("xyz", UNIT), n=4096, seed=1)
    assert found["first"].tolist() == pytest.approx([1 / 101, 100 / 101, 0], abs=0.01)
    assert found["total"].tolist() == pytest.approx([1 / 101, 100 / 101, 0], abs=0.01)
    assert found.loc["z"].tolist() == [0, 0]
    assert list(found.columns) == ["first", "total"]


def test_a_large_mean_drowns_nothing():
    """A score of a million with a spread of one has the indices of the spread."""
    factors = dict.fromkeys("abc", HALF_TURN)
    plain, moved = (sobol_indices(lambda x, up=up: ishigami(x) + up, factors, n=512, seed=3) for up in (0, 1e6))
    pd.testing.assert_frame_equal(plain, moved, atol=1e-6)


def test_the_same_seed_gives_the_same_bytes():
    """The sequence is scrambled by the seed and nothing else; n need not be a power of 2."""
    factors = dict.fromkeys("abc", HALF_TURN)
    one, again, other = (sobol_indices(ishigami, factors, n=300, seed=seed) for seed in (5, 5, 6))
    assert one.equals(again)
    assert not one.equals(other)


def test_the_model_is_asked_once_and_within_the_limits():
    """n × (factors + 2) runs, columns in the order of the factors; a factor without extent has no effect."""
    asked = []

    def model(runs):
        asked.append(runs)
        return runs.sum(axis=1)

    found = sobol_indices(model, {"a": (1, 2), "b": (-5, 5), "c": (7, 7)}, n=64, seed=1)
    (runs,) = asked
    assert runs.shape == (64 * 5, 3)
    assert (runs.min(axis=0) >= [1, -5, 7]).all()
    assert (runs.max(axis=0) <= [2, 5, 7]).all()
    assert found.loc["c"].tolist() == [0, 0]


def test_an_outcome_that_does_not_vary_has_no_indices():
    """NaN, not 0: there is nothing to divide; also where it varies by rounding alone."""
    for outcome in (lambda x: np.full(len(x), 0.3), lambda x: 1e6 + 1e-9 * x[:, 0]):
        assert sobol_indices(outcome, {"a": UNIT, "b": UNIT}, n=32, seed=1).isna().all(axis=None)


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
    """With as many runs as every analysis makes the indices lie near those of sixteen times as many."""
    found = found_with(EVERYTHING)
    top = [found.p_first.idxmax()]
    few, many = drivers(found, top)["total"], drivers(found, top, n=8_192)["total"]
    assert set(few.index) == set(EVERYTHING)
    assert few.is_monotonic_decreasing
    assert (few > -0.1).all()
    assert (few - many[few.index]).abs().max() < 0.15
    assert few.index[0] == many.index[0]


def test_where_much_is_unknown_that_drives_more_than_a_little_noise_in_the_weights():
    found = found_with({"missing": True, "indicator_weights": {"noise": 0.02}}, unknown=0.7)
    indices = drivers(found, [found.p_first.idxmax()])
    assert indices["total"]["missing"] > 5 * indices["total"]["indicator_weights"]


def test_nothing_drawn_or_nothing_to_compare_drives_nothing():
    assert drivers(found_with({}), ["P0"]).empty
    found = found_with({"missing": True})
    assert drivers(found, list(found.units)).empty
