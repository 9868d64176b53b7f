"""Severity, imprecision, order and drift of raters: by hand, by how often the intervals hold, and by a planted drift."""

import math

import numpy as np
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
    """Raters of p at ½ and 0: variance ⅛, times ½ - ⅓, t(1) = 12.706. Squares 1.5 over 6 degrees is ¼."""
    own = by_party(THREE)
    assert own["severity"].to_dict() == pytest.approx({"p": 0.25, "m": -0.5})
    assert own.loc["p", "severity_high"] - 0.25 == pytest.approx(12.7062 * math.sqrt(0.125 / 6), rel=1e-4)
    assert own["imprecision"].to_dict() == pytest.approx({"p": 0.5, "m": math.sqrt(0.5)})
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


def test_the_intervals_hold_what_they_say():
    """Of 95 %, in 60 worlds of eight raters of two parties and 24 lines, so within 2.7 standard errors: 87-100 %."""
    rng, many, lines = np.random.default_rng(18), 8, 24
    index = pd.MultiIndex.from_tuples([("pm"[place % 2], place) for place in range(many)], names=["party", "rater"])
    held = []
    for _world in range(60):
        own = np.where(np.arange(many) % 2, -0.2, 0.2) + rng.normal(0, 0.3, many)
        first, second = (pd.DataFrame(own[:, None] + rng.normal(0, 0.6, (many, lines)), index) for _round in range(2))
        rater, party, moved = by_rater(first), by_party(first), drift(first, second)
        held.append(
            [
                rater["severity_low"].iloc[0] <= own[0] - own.mean() <= rater["severity_high"].iloc[0],
                rater["imprecision_low"].iloc[0] <= 0.6 <= rater["imprecision_high"].iloc[0],
                party.at["p", "severity_low"] <= 0.2 <= party.at["p", "severity_high"],
                party.at["p", "imprecision_low"] <= 0.6 <= party.at["p", "imprecision_high"],
                moved.at["p", "low"] <= 0 <= moved.at["p", "high"],
            ]
        )
    assert np.mean(held, axis=0) == pytest.approx(0.95, abs=0.075)
