"""How sure the advice is: read from recalculations whose totals are written down here."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.scoring.sample import sample
from werkbank.advice.questions import questions
from werkbank.advice.sentences import of_hundred, sure_sentence
from werkbank.advice.sureness import sureness
from werkbank.scoring.robustness import Robustness, robustness


def recalculated(**columns):
    """Recalculations with these totals per park, one after another."""
    table = pd.DataFrame(columns)
    one = sample(units=list(table.columns), unknown=0.0, not_applicable=0.0)
    made = robustness(**one.choices, uncertain={}, draws=len(table), seed=1)
    return Robustness(made.plan, made.drawing, made.drawn, table.to_numpy(dtype=float))


def shares(first, second, third, n=100):
    """A is first in so many of a hundred, else B, else C."""
    winner = np.repeat(["A", "B", "C"], [first, second, third])
    return recalculated(**{park: np.where(winner == park, 50.0, 10.0 + place) for place, park in enumerate("ABC")})


@pytest.mark.parametrize(
    ("first", "grade"), [(100, "clear"), (90, "clear"), (89, "likely"), (70, "likely"), (69, "indistinguishable")]
)
def test_the_grade_follows_the_share_of_recalculations(first, grade):
    """Clear from 0.90, likely from 0.70 (method.md 7)."""
    found = sureness(shares(first, 100 - first, 0), ["A"])
    assert (found.grade, found.share) == (grade, pytest.approx(first / 100))


def test_the_smallest_set_that_comes_first_in_nine_of_ten_is_named():
    assert sureness(shares(50, 30, 20), ["A"]).leading == ("A", "B", "C")
    assert sureness(shares(60, 35, 5), ["A"]).leading == ("A", "B")
    assert sureness(shares(95, 3, 2), ["A"]).leading == ("A",)


def test_the_favourite_need_not_be_the_highest_total():
    found = sureness(shares(40, 52, 8), ["A"])
    assert found.favourites == ("B",)
    sentence = sure_sentence(found, pd.Series({"A": "Alfa", "B": "Bravo", "C": "Charlie"}), ["A"])
    assert "40 van de 100" in sentence
    assert "Bravo (in 52 van de 100 doorrekeningen)" in sentence


def test_two_to_select_come_out_as_a_set():
    found = recalculated(A=[3.0, 3, 1, 3], B=[2.0, 1, 3, 2], C=[1.0, 2, 2, 1])
    told = sureness(found, ["A", "B"])
    assert told.share == 0.5
    assert told.favourites == ("A", "B")


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (1.0, "alle 10.000 doorrekeningen"),
        (0.9999, "meer dan 99 van de 100 doorrekeningen"),
        (0.934, "93 van de 100 doorrekeningen"),
        (0.001, "minder dan 1 van de 100 doorrekeningen"),
        (0.0, "geen van de 10.000 doorrekeningen"),
    ],
)
def test_a_share_is_told_as_a_count_and_never_rounds_to_certainty(share, text):
    assert of_hundred(share, 10_000) == text


def test_one_recalculation_is_not_counted_in_hundreds():
    assert of_hundred(1.0, 1) == "de enige doorrekening"
    assert of_hundred(0.0, 1) == "geen enkele doorrekening"


def test_a_cell_whose_answer_decides_is_asked_first_and_one_that_changes_nothing_is_not():
    """Two parks, alike but for a heavy and a light cell that nobody knows of P0."""
    one = sample(units=2, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.loc["P0"] = table.loc["P1"] = [1.0, 1, 1, 1, 1, 1, 1, 1, 1]
        table.loc["P1", "t2"] = 2.0
        table.loc["P0", ["t1", "r1"]] = np.nan
    # Whatever t1 turns out to be decides (weight 3 of 7); r1 has a weight of 1 in 4 of a group that counts for less.
    found = robustness(
        **one.choices, uncertain={"missing": True}, draws=8_000, seed=1, district=sample(units=60).district()
    )
    judges = dict.fromkeys(one.levels["police"], "police")
    asked = questions(found, ["P1"], judges)
    assert asked[0].park_id == "P0"
    assert asked[0].indicator == "t1"
    assert asked[0].value > 0.2
    assert asked[0].value > 2 * asked[0].se
    assert all(one.value <= asked[0].value for one in asked)


def test_pure_chance_is_not_asked_about():
    """The outcome is drawn apart from the cells: whatever seems to depend on them does so by chance."""
    one = sample(units=6, unknown=0.5, not_applicable=0.0, seed=3)
    made = robustness(**one.choices, uncertain={"missing": True}, draws=3_000, seed=1, district=one.district())
    totals = np.random.default_rng(1).random((3_000, 6))
    asked = questions(
        Robustness(made.plan, made.drawing, made.drawn, totals), ["P0"], dict.fromkeys(one.levels["police"], "both")
    )
    assert len(made.unknown_cells) > 10
    assert len(asked) <= 1


def test_nothing_unknown_leaves_nothing_to_ask():
    one = sample(units=3, unknown=0.0, not_applicable=0.0)
    found = robustness(**one.choices, uncertain={"missing": True}, draws=10, seed=1, district=one.district())
    assert questions(found, ["P0"], {}) == ()
