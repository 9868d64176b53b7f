"""Other weights give other totals by arithmetic anyone can do, and the analysis's own weights give the analysis."""

import hypothesis.strategies as st
import pytest
from hypothesis import given

import werkbank as wb
from tests.dashboard.plain import GROUPS, NAMES, park, view
from werkbank.dashboard.whatif import as_percentages, chosen_weights, moved_parks, reweigh, told
from werkbank.report.view import view_of

weight = st.integers(0, 100)
score = st.floats(0, 100)


def weigh(*weights):
    return dict(zip(GROUPS, weights, strict=True))


#            threat  opportunity  gap     total at 50-25-25
TWO = view(
    park("A", (80.0, 20.0, 20.0), 50.0, 1),
    park("B", (20.0, 80.0, 60.0), 45.0, 2),
)


def test_the_analysis_weights_give_the_analysis_and_others_turn_the_order():
    """Only the proportion counts; at 0-100-0 the total is the opportunity score: 20 and 80."""
    outcomes = reweigh(TWO, weigh(50, 25, 25))
    assert [(one.new_score, one.new_rank, one.moved) for one in outcomes] == [(50.0, 1, False), (45.0, 2, False)]
    assert outcomes == reweigh(TWO, weigh(100, 50, 50))
    outcomes = reweigh(TWO, weigh(0, 100, 0))
    assert [(one.new_score, one.new_rank, one.moved) for one in outcomes] == [(20.0, 2, True), (80.0, 1, True)]


def test_equal_totals_share_a_place():
    """Competition ranking: 1, 1, 3."""
    three = view(*(park(code, (60.0, 30.0, 10.0), 40.0, 1) for code in "AB"), park("C", (0.0, 0.0, 0.0), 0.0, 3))
    assert [one.new_rank for one in reweigh(three, weigh(10, 10, 80))] == [1, 1, 3]


def test_where_nothing_with_weight_applies_there_is_no_total():
    """A group in which nothing applies is left out: threat 80 and opportunity 40 make 66.7 at 50-25-25."""
    one = view(park("A", (80.0, 40.0, None), 66.7, 1))
    assert reweigh(one, weigh(0, 50, 50))[0].new_score == 40.0
    none = weigh(0, 0, 100)
    assert [(it.new_score, it.new_rank) for it in reweigh(one, none)] == [(None, None)]
    assert told(reweigh(one, none), "A", none, NAMES) == "Geen terrein heeft een score; er is niets te wegen."


def test_all_weights_zero_give_no_totals():
    none = weigh(0, 0, 0)
    assert [one.new_score for one in reweigh(TWO, none)] == [None, None]
    assert told(reweigh(TWO, none), "A", none, NAMES) == "Geef minstens één groep een gewicht boven 0."


def test_what_may_not_be_forgotten_of_a_park_is_told_with_it():
    """A park may stand first by other weights without any indication; it is still not in the advice."""
    two = view(
        park("A", (80.0, 20.0, 20.0), 50.0, 1, mostly_estimated=True),
        park("B", (0.0, 80.0, 60.0), 35.0, 2, suspected=False),
    )
    weights = weigh(0, 100, 0)
    assert told(reweigh(two, weights), "A", weights, NAMES) == (
        "Bij dreiging 0, gelegenheid 100 en tekort aan weerbaarheid 0 staat Park B (geen aanwijzing: niet in het advies) "
        "op plaats 1. Park A (grotendeels geschat) gaat van plaats 1 naar plaats 2, met 20,0 punten in plaats van 50,0."
    )


@given(st.tuples(score, score, score), st.tuples(weight, weight, weight).filter(any))
def test_a_total_lies_between_the_lowest_and_the_highest_group(scores, weights):
    """A weighted mean lies between what it is made of."""
    total = 0.5 * scores[0] + 0.25 * scores[1] + 0.25 * scores[2]
    outcome = reweigh(view(park("A", scores, total, 1)), weigh(*weights))[0]
    assert min(scores) - 1e-6 <= outcome.new_score <= max(scores) + 1e-6


@pytest.mark.parametrize("weights", [(0.5, 0.25, 0.25), (0.2, 0.3, 0.5), (1 / 3, 1 / 3, 1 / 3)])
def test_it_agrees_with_an_analysis_made_with_those_weights(demo_workspace, weights):
    """Weighing afterwards gives the totals and places that assessing with those weights gives (method.md 3)."""
    by_group = weigh(*weights)
    outcomes = reweigh(view_of(wb.assess("almere")), by_group)
    again = wb.assess(wb.load_parameters("almere", method={"group_weights": by_group})).parks.set_index("park_id")
    for one in outcomes:
        expected = again.loc[one.park.park_id]
        assert one.new_score == pytest.approx(expected["score"], abs=1e-6)
        assert one.new_rank == expected["rank"]


def test_what_is_told_names_who_stands_first_and_where_the_chosen_park_goes():
    """ "Geen terreinen wisselen van plaats" is not what people say."""
    weights = weigh(0, 100, 0)
    assert told(reweigh(TWO, weights), "A", weights, NAMES) == (
        "Bij dreiging 0, gelegenheid 100 en tekort aan weerbaarheid 0 staat Park B op plaats 1. "
        "Park A gaat van plaats 1 naar plaats 2, met 20,0 punten in plaats van 50,0."
    )
    assert moved_parks(reweigh(TWO, weights)) == "2 terreinen wisselen van plaats."
    assert moved_parks(reweigh(TWO, weigh(50, 25, 25))) == "Geen enkel terrein wisselt van plaats."
    assert as_percentages(chosen_weights(view(weights=(2, 1, 1)))) == weigh(50, 25, 25)
