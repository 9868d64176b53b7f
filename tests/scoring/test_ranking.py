"""Ranks, classes and quadrants: fixed, before any rounding, ties shown as ties."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from werkbank.errors import ScoringError
from werkbank.scoring import classify, distance_to_border, quadrant, rank

BORDERS = [20, 40, 60]


def test_ties_share_a_place_and_the_next_is_skipped():
    """Competition ranking, 1 2 2 4, not the dense 1 2 2 3."""
    assert rank(pd.Series([10.0, 50, 50, 90])).tolist() == [4, 2, 2, 1]
    assert rank(pd.Series([10.0, 50, 50, 90]), ties="max").tolist() == [4, 3, 3, 1]


def test_no_score_has_no_place():
    """NaN becomes <NA>; the others are ranked among themselves."""
    ranks = rank(pd.Series([np.nan, 5, np.nan, 7], index=list("abcd")))
    assert ranks.dtype == "Int64"
    assert ranks.isna().to_dict() == {"a": True, "b": False, "c": True, "d": False}
    assert ranks.dropna().to_dict() == {"b": 2, "d": 1}


def test_ranks_come_before_rounding():
    """Scores that print the same are not a tie (COINr NEWS 1.1.9); the last bit counts."""
    scores = pd.Series([64.8, math.nextafter(64.8, 100), 64.8000001])
    assert rank(scores).tolist() == [3, 2, 1]


@pytest.mark.parametrize("ties", ["dense", "average", "", "Min"])
def test_other_ways_with_ties_are_refused(ties):
    """Never a silent default."""
    with pytest.raises(ScoringError, match="unknown-ties"):
        rank(pd.Series([1.0]), ties=ties)


@pytest.mark.parametrize("scores", [["b", "a"], pd.Series(["a", "b"]), [None, "a"], np.array([1j])])
def test_only_numbers_are_ranked(scores):
    """Letters have no order here."""
    with pytest.raises(ScoringError, match="not-numeric"):
        rank(scores)


@pytest.mark.parametrize("scores", [pd.DataFrame({"a": [1.0]}), [[1.0], [2.0]], 3.0])
def test_a_table_is_no_row_of_scores(scores):
    """Which of its columns would be meant."""
    with pytest.raises(ScoringError, match="bad-shape"):
        rank(scores)


@pytest.mark.parametrize(
    "scores",
    [
        [3, 1, 3, None],
        (3.0, 1.0, 3.0, math.nan),
        np.array([3.0, 1.0, 3.0, np.nan]),
        np.array([3, 1, 3, None], dtype=object),
        pd.Series([3, 1, 3, None], dtype="Int64"),
        pd.Series([3, 1, 3, None], dtype="object"),
        pd.Series([3, 1, 3, None], dtype="float32"),
    ],
    ids=["list", "tuple", "array", "array of objects", "Int64", "objects", "float32"],
)
def test_scores_are_read_from_whatever_holds_them(scores):
    """Lists and arrays have their units numbered from 0; what is missing has no place, whatever it is called."""
    ranks = rank(scores)
    assert ranks.dtype == "Int64"
    assert ranks.index.tolist() == [0, 1, 2, 3]
    assert ranks.dropna().to_dict() == {0: 1, 1: 3, 2: 1}


@pytest.mark.parametrize("scores", [[], np.empty(0), pd.Series([], dtype="object"), pd.Series([], dtype="float64")])
def test_nobody_is_ranked_nowhere(scores):
    """An empty row of scores gives an empty row of ranks."""
    assert rank(scores).tolist() == []


@pytest.mark.parametrize("scores", [pd.Series([], dtype=float), pd.Series([None, None])])
def test_nothing_to_rank_is_no_fault(scores):
    """No units, or none with a score."""
    assert rank(scores).isna().all()


@settings(deadline=None)
@given(st.lists(st.floats(0, 100) | st.just(50.0), min_size=1, max_size=8))
def test_a_rank_is_one_more_than_the_number_of_higher_scores(numbers):
    """Against the definition; "max" counts those that are at least as high."""
    scores = pd.Series(numbers)
    assert rank(scores).tolist() == [1 + sum(other > own for other in numbers) for own in numbers]
    assert rank(scores, ties="max").tolist() == [sum(other >= own for other in numbers) for own in numbers]


@pytest.mark.parametrize(
    ("score", "expected", "distance"),
    [(0, 1, 20), (19.9, 1, 0.1), (20, 2, 0), (39.99, 2, 0.01), (40, 3, 0), (60, 4, 0), (75, 4, 15), (100, 4, 40)],
)
def test_a_score_on_a_border_is_in_the_higher_class(score, expected, distance):
    """Fixed borders, and how near the nearest one is."""
    scores = pd.Series([float(score)])
    assert classify(scores, BORDERS).tolist() == [expected]
    assert distance_to_border(scores, BORDERS).tolist() == pytest.approx([distance])


def test_rounding_costs_no_class():
    """One bit below 40 belongs with 40: a sum may come out so."""
    assert classify(pd.Series([math.nextafter(40, 0)]), BORDERS).tolist() == [3]


def test_no_score_has_no_class():
    """<NA>, and no distance."""
    assert classify(pd.Series([np.nan]), BORDERS).isna().all()
    assert distance_to_border(pd.Series([np.nan]), BORDERS).isna().all()


def test_a_class_does_not_depend_on_the_others():
    """Never quantiles, never the observed range: everybody may be in class 1."""
    assert classify(pd.Series([1.0, 2.0, 3.0]), BORDERS).tolist() == [1, 1, 1]


@pytest.mark.parametrize("borders", [[], [40, 20], [20, 20], [20, math.nan], [[20]]])
def test_borders_go_up(borders):
    """At least one, each higher than the last."""
    with pytest.raises(ScoringError, match="bad-borders"):
        classify(pd.Series([1.0]), borders)


@pytest.mark.parametrize(
    ("total", "low", "high_bound", "coverage", "two_sided", "expected", "marked"),
    [
        (40, 40, 40, 1, 1, "act", False),
        (39, 30, 50, 1, 0.7, "rest", False),
        (70, 30, 90, 0.9, 0.5, "find_out", False),
        (70, 40, 90, 0.9, 0.5, "act", True),
        (10, 5, 39, 0.5, 0.5, "follow", False),
        (np.nan, 0, 100, 0, 0, "find_out", False),
        (np.nan, 0, 100, 0.9, 0.9, "find_out", False),
        (np.nan, 50, 100, 0.9, 0.9, "act", True),
        (50, 50, 50, 2 / 3 - 1e-12, 2 / 3, "act", False),
        (np.nan, np.nan, np.nan, np.nan, np.nan, "follow", False),
    ],
)
def test_the_quadrant_follows_score_and_knowledge(total, low, high_bound, coverage, two_sided, expected, marked):
    """Method 4; a park about which nothing is known is a blind spot, not a safe park."""
    series = [pd.Series([float(value)]) for value in (total, low, high_bound, coverage, two_sided)]
    found = quadrant(*series, high=40, minimum_coverage=2 / 3)
    assert found.loc[0].tolist() == [expected, marked]


def test_what_is_matched_by_name_must_have_names():
    """A class belongs to a unit, so a row of figures without units has none."""
    for classed in (lambda: classify([1.0, 2.0], BORDERS), lambda: distance_to_border(np.ones(2), BORDERS)):
        with pytest.raises(ScoringError, match="no-series"):
            classed()
    ones = pd.Series([1.0])
    with pytest.raises(ScoringError, match="no-series"):
        quadrant(ones, [1.0], ones, ones, ones, high=40, minimum_coverage=0.5)


def test_series_of_other_units_are_refused_and_another_order_is_not():
    """Every figure belongs to its own unit."""
    total, low = pd.Series({"p": 50.0, "q": 10.0}), pd.Series({"q": 10.0, "p": 50.0})
    ones = pd.Series({"q": 1.0, "p": 1.0})
    found = quadrant(total, low, low, ones, ones, high=40, minimum_coverage=0.5)
    assert found["quadrant"].to_dict() == {"p": "act", "q": "rest"}
    with pytest.raises(ScoringError, match="other-labels"):
        quadrant(total, low.iloc[:1], low, ones, ones, high=40, minimum_coverage=0.5)
