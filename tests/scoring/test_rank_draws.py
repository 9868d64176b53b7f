"""Ranks of many draws: exact, ties and gaps as in one ranking, whatever way they were sorted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from werkbank.errors import ScoringError
from werkbank.scoring import draw_order, rank, rank_intervals, ranking
from werkbank.scoring.draw_order import block_ranks

from .drawn import quick, table


def one_by_one(scores):
    """The ranks of each draw on its own, by the function for one ranking; 0 for no score."""
    return np.array([rank(pd.Series(row)).fillna(0).to_numpy(dtype=int) for row in scores])


def test_intervals_of_a_drawn_table():
    """Three parks over five draws: a tie counts the best place, quantiles are linear between ranks."""
    draws = table("  d1 d2 d3 d4 d5 \n a 9 9 9 1 5 \n b 5 5 9 2 5 \n c 1 1 1 3 5")
    found = rank_intervals(draws)
    assert list(found.columns) == ["mean", "median", "q05", "q95"]
    assert list(found.index) == ["a", "b", "c"]
    assert found["mean"].tolist() == pytest.approx([7 / 5, 8 / 5, 11 / 5])
    assert found["median"].tolist() == [1, 2, 3]
    assert found["q95"].tolist() == pytest.approx([2.6, 2, 3])


def test_a_draw_without_a_score_does_not_count():
    """The unit has no rank there and the others move up; without any score all is NaN."""
    found = rank_intervals([[1, np.nan, 3], [2, 2, None], [np.nan, np.nan, pd.NA]])
    assert found["mean"].tolist() == pytest.approx([1.5, 1, np.nan], nan_ok=True)
    assert found.loc[2].isna().all()


@given(
    npst.arrays(
        np.float64,
        npst.array_shapes(min_dims=2, max_dims=2, min_side=1, max_side=9),
        elements=st.one_of(st.integers(0, 4).map(float), st.just(np.nan), st.floats(-1e9, 1e9)),
    )
)
@quick
def test_every_draw_is_ranked_as_it_would_be_alone(scores):
    """Competition ranks, NaN without one; and the table of intervals is that of numpy's quantiles."""
    expected = one_by_one(scores.T)
    assert block_ranks(np.ascontiguousarray(scores.T)).tolist() == expected.tolist()
    known = [ranks[ranks > 0] for ranks in expected.T]
    intervals = rank_intervals(scores)
    for name, share in (("q05", 0.05), ("median", 0.5), ("q95", 0.95)):
        wanted = [np.quantile(ranks, share) if ranks.size else np.nan for ranks in known]
        assert intervals[name].tolist() == pytest.approx(wanted, nan_ok=True)


generator = np.random.default_rng(2018)
SHAPES = {
    "smooth": generator.random((3, 900)),
    "crowded": generator.integers(0, 40, (3, 900)) / 7,
    "one far out": np.append(generator.random((3, 899)), [[1e12]] * 3, axis=1),
    "last bits": 1 + generator.integers(0, 9, (3, 900)) * 2.0**-52,
    "neighbouring bins": np.sort(generator.random((3, 900)) ** 3, axis=1),
    "more than 4096": generator.random((2, 5000)),
    "enormous": generator.random((3, 50)) * np.array([[1e308], [1e-308], [-1e308]]),
    "opposite": np.array([[1e308, -1e308, 0.0, -0.0, 5e-324]]),
    "equal": np.ones((2, 30)),
    "gaps": np.where(generator.random((3, 300)) < 0.3, np.nan, generator.random((3, 300))),
}


@pytest.mark.parametrize("name", SHAPES)
def test_ranks_are_exact_however_scores_lie(name):
    """Bins decide only what they can decide: every kind of spread gives the ranks of one ranking at a time."""
    assert (block_ranks(SHAPES[name]) == one_by_one(SHAPES[name])).all()


def test_both_ways_of_sorting_are_used():
    """The bins sort what is spread out; what is crowded, far apart or missing is sorted by its scores."""
    used = {name: draw_order._by_bins(scores, np.zeros(len(scores))) is not None for name, scores in SHAPES.items()}
    assert used["smooth"]
    assert used["neighbouring bins"]
    assert not any(used[name] for name in ("crowded", "one far out", "last bits", "more than 4096", "gaps", "equal"))


def test_blocks_and_processors_change_nothing(monkeypatch):
    """Ranks come out the same in one block, in many, and on another number of processors."""
    draws = np.random.default_rng(1).integers(0, 50, (40, 300)).astype(float)
    whole = rank_intervals(draws)
    monkeypatch.setattr(rank_draws, "BLOCK", 400)
    pd.testing.assert_frame_equal(rank_intervals(draws), whole, check_exact=True)
    monkeypatch.setattr(ranking.os, "cpu_count", lambda: 1)
    pd.testing.assert_frame_equal(rank_intervals(draws), whole, check_exact=True)


def test_an_error_in_a_block_is_not_lost(monkeypatch):
    """What goes wrong beside the others is raised, not swallowed by the worker."""
    monkeypatch.setattr(rank_draws, "BLOCK", 4)
    monkeypatch.setattr(rank_draws, "block_ranks", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        rank_intervals(np.ones((2, 9)))


@pytest.mark.parametrize(
    ("draws", "rule"),
    [
        ([["a", "b"]], "not-numeric"),
        ([[1, np.inf]], "infinite-value"),
        ([1, 2], "bad-shape"),
        ([[1, 2], [3]], "bad-shape"),
        (np.array([[1j]]), "not-numeric"),
    ],
)
def test_what_is_no_table_of_numbers_is_refused(draws, rule):
    """Words, infinite scores, and rows of unequal length are named faults."""
    with pytest.raises(ScoringError) as caught:
        rank_intervals(draws)
    assert [finding.rule for finding in caught.value.findings] == [rule]


def test_no_units_and_no_draws():
    """Without units there is an empty table; without draws every unit has NaN."""
    assert rank_intervals(np.empty((0, 3))).shape == (0, 4)
    assert rank_intervals(np.empty((2, 0))).isna().to_numpy().all()


def test_fifty_thousand_units():
    """Ranks above 32,767 fit: the last of 50,000 units has rank 50,000 in every draw."""
    draws = np.arange(50_000)[::-1, np.newaxis] + np.zeros((1, 3))
    found = rank_intervals(draws)
    assert found.iloc[-1].tolist() == [50_000] * 4
    assert found.iloc[0].tolist() == [1] * 4
