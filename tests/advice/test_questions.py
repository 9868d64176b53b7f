"""How sure the advice is, read from recalculations whose totals are written down here; what it hangs on; what to ask."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.scoring.sample import sample
from werkbank.advice.advice import sure_sentence
from werkbank.advice.questions import left_out, questions, sureness
from werkbank.advice.scorecard import score_matrix
from werkbank.assessment.inputs import read_inputs
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


@pytest.mark.parametrize(("of_hundred", "leading"), [((50, 30, 20), "ABC"), ((60, 35, 5), "AB"), ((95, 3, 2), "A")])
def test_the_smallest_set_that_comes_first_in_nine_of_ten_is_named(of_hundred, leading):
    assert sureness(shares(*of_hundred), ["A"]).leading == tuple(leading)


def test_the_favourite_need_not_be_the_highest_total():
    found = sureness(shares(40, 52, 8), ["A"])
    assert found.favourites == ("B",)
    sentence = sure_sentence(found, pd.Series({"A": "Alfa", "B": "Bravo", "C": "Charlie"}), ["A"])
    assert "40 van de 100" in sentence
    assert "Bravo (in 52 van de 100 doorrekeningen)" in sentence


def test_two_to_select_come_out_as_a_set():
    found = sureness(recalculated(A=[3.0, 3, 1, 3], B=[2.0, 1, 3, 2], C=[1.0, 2, 2, 1]), ["A", "B"])
    assert (found.share, found.favourites) == (0.5, ("A", "B"))


def test_a_cell_whose_answer_decides_is_asked_first_and_one_that_changes_nothing_is_not():
    """Two parks, alike but for a heavy and a light cell that nobody knows of P0."""
    one = sample(units=2, unknown=0.0, not_applicable=0.0)
    for table in one.levels.values():
        table.loc["P0"] = table.loc["P1"] = [1.0, 1, 1, 1, 1, 1, 1, 1, 1]
        table.loc["P1", "t2"] = 2.0
        table.loc["P0", ["t1", "r1"]] = np.nan
    # Whatever t1 turns out to be decides (weight 3 of 7); r1 has a weight of 1 in 4 of a group that counts for less.
    district = sample(units=60).district()
    found = robustness(**one.choices, uncertain={"missing": True}, draws=8_000, seed=1, district=district)
    asked = questions(found, ["P1"], dict.fromkeys(one.levels["police"], "police"))
    assert (asked[0].park_id, asked[0].indicator) == ("P0", "t1")
    assert asked[0].value > max(0.2, 2 * asked[0].se)
    assert all(one.value <= asked[0].value for one in asked)


def test_pure_chance_is_not_asked_about():
    """The outcome is drawn apart from the cells: whatever seems to depend on them does so by chance."""
    one = sample(units=6, unknown=0.5, not_applicable=0.0, seed=3)
    made = robustness(**one.choices, uncertain={"missing": True}, draws=3_000, seed=1, district=one.district())
    totals = np.random.default_rng(1).random((3_000, 6))
    drawn = Robustness(made.plan, made.drawing, made.drawn, totals)
    asked = questions(drawn, ["P0"], dict.fromkeys(one.levels["police"], "both"))
    assert len(made.unknown_cells) > 10
    assert len(asked) <= 1


def test_nothing_unknown_leaves_nothing_to_ask():
    one = sample(units=3, unknown=0.0, not_applicable=0.0)
    found = robustness(**one.choices, uncertain={"missing": True}, draws=10, seed=1, district=one.district())
    assert questions(found, ["P0"], {}) == ()


@pytest.fixture(scope="module", params=["almere", "dronten", "urk"])
def scored(request, demo_workspace):
    """What makes the scorecard of a municipality, by method and parties."""
    parameters = wb.load_parameters(request.param)
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))

    def score(parties=parameters.parties, **weights):
        changed = parameters.method.group_weights.model_copy(update=weights)
        method = parameters.method.model_copy(update={"group_weights": changed})
        return score_matrix(inputs.matrix, inputs.catalogue, method, parties)

    return score


def outcomes(scorecard, advised):
    return {(one.kind, one.code): one for one in left_out(scorecard, advised)}


def test_without_a_party_the_others_alone_decide(scored):
    """The highest by the other's judgements; an advised park the other knows too little of has no score then."""
    advised = [str(scored().risk.total.idxmax())]
    found = outcomes(scored(), advised)
    for party, other in (("police", "municipality"), ("municipality", "police")):
        alone, one = scored([other]).risk.total, found["party", party]
        assert list(one.park_ids) == ([] if alone.isna().all() else [alone.idxmax()])
        assert one.changed == (list(one.park_ids) != advised)
        assert one.without_score == tuple(park for park in advised if pd.isna(alone[park]))


def test_without_a_group_the_others_keep_their_weights(scored):
    """As scoring again with a weight of nought, for the parks that have a total."""
    total = scored().risk.total
    found = outcomes(scored(), [total.idxmax()])
    for group in ("threat", "opportunity", "resilience_gap"):
        again = scored(**{group: 0.0}).risk.total[total.notna()]
        assert list(found["group", group].park_ids) == [again.idxmax()]


def test_what_weighs_nothing_or_delivered_nothing_is_not_left_out(scored):
    """Leaving it out would change nothing; and without the only group or party there is nothing left."""
    first = [scored().risk.total.idxmax()]
    only_threat = outcomes(scored(opportunity=0.0, resilience_gap=0.0), first)
    assert set(only_threat) == {("party", "police"), ("party", "municipality")}
    assert {kind for kind, _ in outcomes(scored(("police",)), first)} == {"group"}


def test_it_stands_in_the_analysis_and_survives_being_kept(assessed):
    """Three groups and two parties, in the advice of every municipality, and back from its JSON."""
    found = assessed("urk")
    assert [one.kind for one in found.advice.left_out] == ["group"] * 3 + ["party"] * 2
    assert wb.Assessment.from_json(found.to_json()).advice.left_out == found.advice.left_out


def test_who_may_not_see_a_party_is_not_told_what_it_decides(assessed):
    """What comes out without the police tells what the police said."""
    assert assessed("urk", "municipality").advice.left_out == ()
