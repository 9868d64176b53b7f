"""Places, ranks of draws and classes: fixed, before any rounding, ties shown as ties."""

import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from werkbank.scoring import classify, distance_to_border, rank, rank_intervals, ranking
from werkbank.scoring.ranking import LEVEL, places

BORDERS = [20, 40, 60]


def test_ranks_come_before_rounding():
    """Scores that print the same are not a tie (COINr NEWS 1.1.9): the last bit counts, unless a tolerance is given."""
    assert rank(pd.Series([64.8, math.nextafter(64.8, 100), 64.8000001])).tolist() == [3, 2, 1]
    assert rank([64.8, 64.8 + 5e-10, 64.0], tolerance=LEVEL).tolist() == [1, 1, 3]
    assert rank([math.inf, math.inf, -math.inf, 1], ties="max").tolist() == [2, 2, 4, 3]


def test_scores_are_read_from_whatever_holds_them():
    """Lists and arrays have their units numbered from 0; what is missing has no place, whatever it is called."""
    row = [3, 1, 3, None]
    series = (pd.Series(row, dtype=kind) for kind in ("Int64", "object", "float32"))
    for scores in (row, (3.0, 1.0, 3.0, math.nan), np.array(row, dtype=object), *series):
        ranks = rank(scores)
        assert ranks.dtype == "Int64"
        assert ranks.index.tolist() == [0, 1, 2, 3]
        assert ranks.dropna().to_dict() == {0: 1, 1: 3, 2: 1}


@pytest.mark.parametrize("scores", [[], np.empty(0), pd.Series([], dtype="object"), pd.Series([None, None])])
def test_nothing_to_rank_is_no_fault(scores):
    """No units, or none with a score: nobody has a place."""
    assert rank(scores).isna().all()


HARD = [50.0, 1.0, math.nextafter(1, 2), 1e308, -1e308, 0.0, -0.0, 5e-324, math.nan]


@given(st.lists(st.floats() | st.sampled_from(HARD), min_size=1, max_size=12))
def test_a_rank_is_one_more_than_the_number_of_higher_scores(numbers):
    """Against the definition, however scores lie; "max" counts those that are at least as high; NaN has no rank."""
    given_scores, scores = [own for own in numbers if not math.isnan(own)], pd.Series(numbers)
    above = [1 + sum(other > own for other in numbers) for own in given_scores]
    assert rank(scores).dropna().tolist() == above
    assert rank(scores).isna().tolist() == scores.isna().tolist()
    as_high = [sum(other >= own for other in numbers) for own in given_scores]
    assert rank(scores, ties="max").dropna().tolist() == as_high


TOTALS = npst.arrays(
    np.float64, st.tuples(st.integers(1, 4), st.integers(1, 7)), elements=st.sampled_from([0.0, 1.0, 2.5, np.nan])
)


@given(TOTALS, st.data())
def test_places_are_what_counting_gives(totals, data):
    """How many are above and level; and of all sets of one size exactly one comes out, or parts that make one."""
    found = places(totals)
    for draw, row in enumerate(totals):
        for unit, own in enumerate(row):
            counted = ((row > own).sum(), (row == own).sum()) if not np.isnan(own) else (len(row), 1)
            assert (found.above[draw, unit], found.level[draw, unit]) == counted
    units = totals.shape[1]
    k = data.draw(st.integers(1, units))
    sets = [np.isin(np.arange(units), chosen) for chosen in combinations(range(units), k)]
    enough = (~np.isnan(totals)).sum(axis=1) >= k
    np.testing.assert_allclose(sum(found.exactly(chosen) for chosen in sets), np.where(enough, 1.0, 0.0))
    if enough.all():
        among = sum(found.exactly(chosen)[:, None] * chosen for chosen in sets).mean(axis=0)
        np.testing.assert_allclose(found.among(k).mean(axis=0), among)


def test_a_tie_over_the_border_is_split():
    """Two are level for one place; last bits make no difference; who has no score is never first."""
    found = places(np.array([[3.0, 0.1 + 0.2, 0.3, 0.1]]), LEVEL)
    assert found.among(2).tolist() == [[1.0, 0.5, 0.5, 0.0]]
    assert found.exactly(np.array([True, True, False, False])).tolist() == [0.5]
    assert places(np.array([[np.nan, 1.0]])).among(1).tolist() == [[0.0, 1.0]]


@given(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
        elements=st.one_of(st.integers(0, 4).map(float), st.just(np.nan), st.floats(-1e9, 1e9)),
    )
)
def test_every_draw_is_ranked_as_it_would_be_alone(scores):
    """Competition ranks, NaN without one; and the table of intervals is that of numpy's quantiles."""
    alone = pd.DataFrame([rank(draw) for draw in scores.T])
    known = [alone[unit].dropna().to_numpy(dtype=int) for unit in alone]
    intervals = rank_intervals(scores)
    for name, share in (("q05", 0.05), ("median", 0.5), ("q95", 0.95), ("mean", None)):
        own = (np.mean(ranks) if share is None else np.quantile(ranks, share) for ranks in known if ranks.size)
        wanted = [next(own) if ranks.size else np.nan for ranks in known]
        assert intervals[name].tolist() == pytest.approx(wanted, nan_ok=True)


def test_blocks_and_processors_change_nothing(monkeypatch):
    """Ranks come out the same in one block, in many, and on another number of processors."""
    draws = np.random.default_rng(1).integers(0, 50, (40, 300)).astype(float)
    whole = rank_intervals(draws)
    monkeypatch.setattr(ranking, "BLOCK", 400)
    pd.testing.assert_frame_equal(rank_intervals(draws), whole, check_exact=True)
    monkeypatch.setattr(ranking.os, "cpu_count", lambda: 1)
    pd.testing.assert_frame_equal(rank_intervals(draws), whole, check_exact=True)


def test_no_units_no_draws_and_fifty_thousand_units():
    """An empty table, NaN for every unit, and ranks above 32,767: the last of 50,000 has rank 50,000."""
    assert rank_intervals(np.empty((0, 3))).shape == (0, 4)
    assert rank_intervals(np.empty((2, 0))).isna().to_numpy().all()
    found = rank_intervals(np.arange(50_000)[::-1, np.newaxis] + np.zeros((1, 3)))
    assert found.iloc[-1].tolist() == [50_000] * 4
    assert found.iloc[0].tolist() == [1] * 4


@pytest.mark.parametrize(
    ("score", "expected", "distance"),
    [(0, 1, 20), (19.9, 1, 0.1), (20, 2, 0), (39.99, 2, 0.01), (40, 3, 0), (60, 4, 0), (75, 4, 15), (100, 4, 40)],
)
def test_a_score_on_a_border_is_in_the_higher_class(score, expected, distance):
    """Fixed borders, and how near the nearest one is."""
    scores = pd.Series([float(score)])
    assert classify(scores, BORDERS).tolist() == [expected]
    assert distance_to_border(scores, BORDERS).tolist() == pytest.approx([distance])
    # One bit below a border belongs with it: a sum may come out so; and no score has no class.
    assert classify(pd.Series([math.nextafter(40, 0), np.nan]), BORDERS).isna().tolist() == [False, True]
    assert classify(pd.Series([math.nextafter(40, 0)]), BORDERS).tolist() == [3]
    assert distance_to_border(pd.Series([np.nan]), BORDERS).isna().all()
