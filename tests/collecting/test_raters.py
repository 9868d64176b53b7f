"""Severity, imprecision, order and drift of raters, by hand."""

import math

import pandas as pd
import pytest

from werkbank.collecting.vignettes import by_party, by_rater, drift, misordered

_ = math.nan
RATERS = pd.MultiIndex.from_tuples([("p", "1"), ("p", "2"), ("m", "3"), ("m", "4")], names=["party", "rater"])
LINES = pd.MultiIndex.from_product([["light", "heavy"], ["V01", "V02"]], names=["park", "line"])


def answers(*rows):
    return pd.DataFrame(list(rows), RATERS[: len(rows)], LINES[: len(rows[0])], dtype=float)


THREE = answers([2, 2, 1, 3], [1, 2, 1, 2], [0, 2, 1, 1])
"""Line means 1, 2, 1, 2; apart from them +1 0 0 +1, nothing, and -1 0 0 -1."""


def test_severity_and_imprecision_of_a_rater_by_hand():
    """What is left of the first is ±½: squares 1, over 1 - 1/3 is 1.5, over 3 is ½. t(3) = 3.1824, chi² 9.348, 0.2158."""
    own = by_rater(THREE)
    assert own["severity"].tolist() == pytest.approx([0.5, 0, -0.5])
    assert own["imprecision"].tolist() == pytest.approx([math.sqrt(0.5), 0, math.sqrt(0.5)])
    half = 3.18245 * math.sqrt(1 / 3) / 2
    assert own.loc[("p", "1"), ["severity_low", "severity_high"]].tolist() == pytest.approx(
        [0.5 - half, 0.5 + half], rel=1e-4
    )
    bounds = own.loc[("p", "1"), ["imprecision_low", "imprecision_high"]].tolist()
    assert bounds == pytest.approx([math.sqrt(1.5 / 9.3484), math.sqrt(1.5 / 0.21580)], rel=1e-4)


def test_severity_and_imprecision_of_a_party_by_hand():
    """Raters of p at ½ and 0: variance ⅛, times ½ - ⅓, t(1) = 12.706. Squares 1.5 over 6 is ¼, chi² 14.449, 1.2373."""
    own = by_party(THREE)
    assert own["severity"].to_dict() == pytest.approx({"p": 0.25, "m": -0.5})
    assert own.loc["p", "severity_high"] - 0.25 == pytest.approx(12.7062 * math.sqrt(0.125 / 6), rel=1e-4)
    assert own["imprecision"].to_dict() == pytest.approx({"p": 0.5, "m": math.sqrt(0.5)})
    bounds = own.loc["p", ["imprecision_low", "imprecision_high"]].tolist()
    assert bounds == pytest.approx([math.sqrt(1.5 / 14.4494), math.sqrt(1.5 / 1.23734)], rel=1e-4)
    assert own["raters"].to_dict() == {"p": 2, "m": 1}


def test_drift_by_hand_from_those_who_answered_both_rounds():
    """Means moved by ½, ¼, 0 and -¼: pooled variance 1/32, over two raters, t(2) = 4.3027. Who came new counts not."""
    before = answers([1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1], [1, 1, 1, 1])
    after = answers([2, 2, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1], [0, 1, 1, 1])
    after.loc[("m", "5"), :] = 3.0
    told = drift(before, after)
    assert told["change"].to_dict() == pytest.approx({"p": 0.375, "m": -0.125})
    assert told.loc["p", "high"] - 0.375 == pytest.approx(4.30265 / 8, rel=1e-4)
    assert not told["raised"].any()
    assert drift(before, answers([2] * 4, [2] * 4, [1] * 4, [1] * 4))["raised"].to_dict() == {"p": True, "m": False}
    assert drift(before[:0], after).empty


def test_a_missing_answer_is_nobodys_and_a_line_of_one_rater_counts_for_nobody():
    own = by_rater(answers([2, 2, 1, 3], [1, 2, _, _], [0, _, _, 1]))
    assert own["lines"].tolist() == [3, 2, 2]
    assert own["severity"].tolist() == pytest.approx([(1 + 0 + 1) / 3, 0, -1])
    assert by_rater(answers([1, 2], [_, 1]))["imprecision"].isna().all()
    assert drift(THREE, THREE)["low"].tolist() == [0, 0]
    assert by_party(THREE[:1])["severity_low"].isna().all()


@pytest.mark.parametrize(
    ("said", "wrong"),
    [([0, 1, 2, 3], False), ([2, 2, 2, 2], True), ([3, 2, 1, 1], True), ([_, 1, _, 2], False), ([1, 1, _, _], False)],
)
def test_who_does_not_put_the_heavier_park_above_the_lighter_is_named(said, wrong):
    described = pd.Series([0, 1, 2, 3], LINES)
    assert misordered(answers(said), described) == ({RATERS[0]: [("heavy", "light")]} if wrong else {})
