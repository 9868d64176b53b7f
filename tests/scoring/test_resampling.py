"""The bootstrap over parks: an interval that can be made again, and none where there is too little."""

from __future__ import annotations

import math
from functools import partial

import numpy as np
import pandas as pd
import pytest

from werkbank.errors import ScoringError
from werkbank.scoring import bias, bootstrap, gwet_ac, krippendorff_alpha, percent_agreement, pooled_alpha

RATINGS = np.random.default_rng(2018).integers(0, 4, (2, 40)).astype(float)


def test_the_interval_of_a_mean():
    """Of the mean difference the bootstrap's interval is the textbook's, mean ± 1.96 s/√n, to within its own noise."""
    ratings = np.random.default_rng(1).normal(size=(2, 400))
    differences = ratings[0] - ratings[1]
    found = bootstrap(bias, ratings, seed=7, resamples=2000)
    half = 1.96 * differences.std() / 20
    assert found.low == pytest.approx(differences.mean() - half, abs=half / 10)
    assert found.high == pytest.approx(differences.mean() + half, abs=half / 10)
    assert found.resamples == 2000


def test_the_same_seed_gives_the_same_interval():
    """The generator is made inside, from the seed; another seed gives another interval."""
    one, again, other = (bootstrap(krippendorff_alpha, RATINGS, seed=seed, resamples=200) for seed in (7, 7, 8))
    assert one == again != other
    assert one.low < krippendorff_alpha(RATINGS) < one.high


def test_parks_keep_all_their_ratings_together():
    """Of a stack of indicators whole parks are drawn; parks that nobody rated are not drawn at all."""
    stack = np.stack([RATINGS, RATINGS])
    wide = np.concatenate([stack, np.full((2, 2, 30), np.nan)], axis=2)
    assert bootstrap(pooled_alpha, stack, seed=1, resamples=50) == bootstrap(pooled_alpha, wide, seed=1, resamples=50)
    seen = []
    bootstrap(lambda drawn: seen.append((drawn[0] == drawn[1]).all()) or 0.0, stack, seed=1, resamples=5)
    assert all(seen)


def test_from_ten_parks_on():
    """With nine parks there is no interval; the least can be set."""
    assert bootstrap(percent_agreement, RATINGS[:, :10], seed=1, resamples=50).resamples == 50
    assert math.isnan(bootstrap(percent_agreement, RATINGS[:, :9], seed=1, resamples=50).low)
    assert not math.isnan(bootstrap(percent_agreement, RATINGS[:, :9], seed=1, resamples=50, minimum=5).low)


def test_no_interval_round_a_figure_that_is_not_there():
    """All ratings equal: no alpha, so no interval; nor when most resamples have none."""
    nothing = bootstrap(krippendorff_alpha, np.ones((2, 20)), seed=1, resamples=50)
    assert math.isnan(nothing.low)
    assert math.isnan(nothing.high)
    assert nothing.resamples == 0
    nearly = np.ones((2, 20))
    nearly[0, 0] = 2
    found = bootstrap(krippendorff_alpha, nearly, seed=1, resamples=400)
    assert 0.5 < found.resamples / 400 < 0.75  # 1 - (19/20)^20 = 0.64 of the resamples hold the one that differs


def test_no_interval_from_the_few_resamples_that_have_a_figure():
    """Where the figure exists in no more than half of the resamples, what is left is no interval."""
    found = bootstrap(lambda drawn: 0.5 if drawn[0, 0] == RATINGS[0, 0] else math.nan, RATINGS, seed=1, resamples=200)
    assert 0 < found.resamples < 100
    assert math.isnan(found.low)
    assert math.isnan(found.high)


def test_words_and_frames():
    """Whatever the statistic takes: words, and a DataFrame with gaps."""
    words = pd.DataFrame([["a", "b", None, "a"] * 5, ["a", "b", "b", "c"] * 5])
    found = bootstrap(partial(gwet_ac, weights="identity", categories=["a", "b", "c"]), words, seed=3, resamples=40)
    assert found.low < gwet_ac(words, "identity", ["a", "b", "c"]) < found.high


def test_a_wider_share_is_a_wider_interval():
    """90 % lies within 99 %."""
    narrow, wide = (bootstrap(bias, RATINGS, seed=1, resamples=300, share=share) for share in (0.9, 0.99))
    assert wide.low < narrow.low < narrow.high < wide.high


@pytest.mark.parametrize("wrong", [{"seed": -1}, {"seed": 0.5}, {"resamples": 0}, {"share": 95}, {"resamples": True}])
def test_impossible_choices_are_refused(wrong):
    """A seed and a number of resamples are whole numbers, a share lies between 0 and 1."""
    with pytest.raises(ScoringError):
        bootstrap(bias, RATINGS, **{"seed": 1, **wrong})
