"""How sure the advice is, read from recalculations whose totals are written down here; what it hangs on; what to ask."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.advice.small import alike, matrix, method, scored
from tests.scoring.sample import sample
from werkbank.advice.advice import sure_sentence
from werkbank.advice.questions import first_places, left_out, questions, sureness
from werkbank.advice.scorecard import recalculate, score_matrix
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
    found = sureness(shares(first, 100 - first, 0), ["A"], "ABC")
    assert (found.grade, found.share) == (grade, pytest.approx(first / 100))


@pytest.mark.parametrize(("of_hundred", "leading"), [((50, 30, 20), "ABC"), ((60, 35, 5), "AB"), ((95, 3, 2), "A")])
def test_the_smallest_set_that_comes_first_in_nine_of_ten_is_named(of_hundred, leading):
    assert sureness(shares(*of_hundred), ["A"], "ABC").leading == tuple(leading)


def test_the_favourite_need_not_be_the_highest_total():
    found = sureness(shares(40, 52, 8), ["A"], "ABC")
    assert found.favourites == ("B",)
    sentence = sure_sentence(found, pd.Series({"A": "Alfa", "B": "Bravo", "C": "Charlie"}), ["A"])
    assert "40 van de 100" in sentence
    assert "Bravo (in 52 van de 100 doorrekeningen)" in sentence


def test_two_to_select_come_out_as_a_set():
    found = sureness(recalculated(A=[3.0, 3, 1, 3], B=[2.0, 1, 3, 2], C=[1.0, 2, 2, 1]), ["A", "B"], "ABC")
    assert (found.share, found.favourites) == (0.5, ("A", "B"))


def test_who_is_no_candidate_is_no_rival():
    """C comes first in most recalculations, and has nothing suspected: A is above B in 60 of 100."""
    table = shares(60, 40, 0).totals.T
    found = sureness(recalculated(A=table["A"], B=table["B"], C=99.0), ["A"], "AB")
    assert (found.share, found.leading, found.shares) == (0.6, ("A", "B"), (0.6, 0.4))


def test_of_equal_shares_the_advised_one_is_the_favourite_and_every_favourite_is_named():
    assert sureness(shares(0, 50, 50), ["C"], "ABC").favourites == ("C",)
    # Five seats, of which E is last and F comes in more often: 4.6 of 5 are theirs without F.
    totals = {park: np.full(100, 50.0) for park in "ABCD"}
    totals["E"] = np.repeat([40.0, 10.0], [40, 60])
    totals["F"], totals["G"] = np.repeat([20.0, 20.0], [40, 60]), np.zeros(100)
    totals["D"] = np.repeat([50.0, 5.0], [90, 10])
    found = sureness(recalculated(**totals), list("ABCDE"), "ABCDEFG")
    assert set(found.favourites) == set("ABCDF")
    assert set(found.favourites) <= set(found.leading)


def test_a_cell_whose_answer_decides_is_asked_first_and_one_that_changes_nothing_is_not():
    """V03 of B decides whether it passes D; what W02 says of V03 is little. The value is E|P(selected | v) - P(selected)|."""
    card = scored(alike(A="20102222", B="20?0222?", C="10101111", D="00303333", E="01203333"), only_missing(8_000))
    found = recalculate(card)
    asked = questions(card, found, 1)
    first = asked[0]
    assert (first.park_id, first.indicator, first.party) == ("B", "V03", "police")
    assert all(one.value < first.value / 4 for one in asked[1:])
    place = found.unknown_cells.index(("B", "V03"))
    selected, steps = found.selected(1, card.candidates)[:, 1], found.missing[:, place]
    worth = sum((steps == v).mean() * abs(selected[steps == v].mean() - selected.mean()) for v in np.unique(steps))
    assert first.value == pytest.approx(worth, abs=0.02)
    assert 0 < first.value < worth
    assert all(one.value > 2 * one.se for one in asked if one.indicator)


def only_missing(draws=2_000):
    return method(draws, {"missing": {}})


def test_pure_chance_is_not_asked_about():
    """The outcome is drawn apart from the cells: whatever seems to depend on them does so by chance."""
    rng, asked, cells = np.random.default_rng(1), 0, 0
    card = scored(alike(A="2?0?22?2", B="?2?02??2", C="1??02?2?", D="??3?2?2?"), only_missing(1_000))
    made = recalculate(card)
    for _ in range(20):
        drawn = replace(made, _totals=rng.random(made._totals.shape))
        asked += sum(one.indicator is not None for one in questions(card, drawn, 1))
        cells += len(made.unknown_cells)
    assert cells > 200
    assert asked < 0.05 * cells


def test_where_no_single_cell_is_worth_it_a_contested_park_is_asked_about():
    """With the party that knows least of it; not a park of which both answered everything, and at most three parks."""
    said = {"A": ("20002222", "20002222"), "B": ("200?2222", "20002???"), "C": ("10001111", "10001111")}
    card = scored(matrix({park: dict(zip(("police", "municipality"), own, strict=True)) for park, own in said.items()}))
    found = recalculate(card)
    asked = questions(card, found, 1)
    assert [(one.park_id, one.indicator, one.party) for one in asked] == [("B", None, "municipality")]
    share = found.p_top(1, card.candidates)["B"]
    assert asked[0].value == pytest.approx(share * (1 - share))
    many = scored(matrix({f"P{n}": {"police": "20002222", "municipality": "?0002222"} for n in range(6)}))
    assert [one.indicator for one in questions(many, recalculate(many), 2)] == [None] * 3


@pytest.fixture(scope="module")
def scored_of(demo_workspace):
    """What makes the scorecard of a municipality, by method and parties."""
    parameters = wb.load_parameters("dronten")
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))

    def score(parties=parameters.parties, district=None, **weights):
        changed = parameters.method.group_weights.model_copy(update=weights)
        method = parameters.method.model_copy(update={"group_weights": changed})
        return score_matrix(inputs.matrix, inputs.catalogue, method, parties, district)

    return score


def outcomes(scorecard, advised):
    return {(one.kind, one.code): one for one in left_out(scorecard, advised)}


def test_without_a_party_the_others_alone_decide(scored_of):
    """The highest of the parks that the other party suspects something of; the district's figures stay."""
    card = scored_of()
    advised = first_places(card.risk.total[list(card.candidates)], 1)
    found = outcomes(card, advised)
    for party, other in (("police", "municipality"), ("municipality", "police")):
        again, one = scored_of([other], district=card.district), found["party", party]
        assert one.park_ids == first_places(again.risk.total[list(again.candidates)], 1)
        assert one.changed == (one.park_ids != advised)
        assert one.without == tuple(park for park in advised if park not in again.candidates)


def test_an_advised_park_that_only_the_left_out_party_suspects_is_named():
    card = scored(matrix({"A": {"police": "30002222", "municipality": "00002222"}, "B": {"police": "10001111"}}))
    found = outcomes(card, ["A"])
    assert (found["party", "police"].park_ids, found["party", "police"].without) == ((), ("A",))
    assert (found["party", "municipality"].park_ids, found["party", "municipality"].without) == (("A",), ())


def test_without_a_group_the_others_keep_their_weights(scored_of):
    """As scoring again with a weight of nought, for the parks with an indication."""
    card = scored_of()
    found = outcomes(card, [card.risk.total.idxmax()])
    for group in ("threat", "opportunity", "resilience_gap"):
        again = scored_of(**{group: 0.0}).risk.total[list(card.candidates)]
        assert list(found["group", group].park_ids) == [again.idxmax()]


def test_what_weighs_nothing_or_delivered_nothing_is_not_left_out(scored_of):
    """Leaving it out would change nothing; and without the only group or party there is nothing left."""
    first = [scored_of().risk.total.idxmax()]
    only_threat = outcomes(scored_of(opportunity=0.0, resilience_gap=0.0), first)
    assert set(only_threat) == {("party", "police"), ("party", "municipality")}
    assert {kind for kind, _ in outcomes(scored_of(("police",)), first)} == {"group"}


def test_who_may_not_see_a_party_is_not_told_what_it_decides(assessed):
    """What comes out without the police tells what the police said."""
    assert assessed("urk", "municipality").advice.left_out == ()
