"""How far the parties agree, per family with an interval; where they differ, by what settling it would do."""

from itertools import product

import numpy as np
import pytest

from tests.advice.small import CATALOGUE, advised, drawn, matrix, method, scored
from tests.test_agreements import on
from werkbank.advice.agreement import agreement_of, differences
from werkbank.advice.scorecard import recalculate, score_matrix
from werkbank.scoring import alpha_interval, pooled_alpha
from werkbank.scoring.robustness import first_of

POLICE, OTHER = "police", "municipality"


def test_the_figures_of_a_family_are_of_its_indicators_apart_and_the_interval_of_drawing_parks_again():
    """With the seed of the method; of fewer than ten parks there is a figure and no interval, of one party nothing."""
    judged = drawn(np.random.default_rng(1), parks=14)
    said = [judged.levels(party) for party in (POLICE, OTHER)]
    levels = [np.stack([own[code] for own in said]) for code in ("V01", "V02", "V03", "V04")]
    found = agreement_of(judged, CATALOGUE, judged.parties, seed=7)[0]
    interval = alpha_interval(levels, seed=7)
    assert (found.family, found.alpha) == ("threat", pooled_alpha(levels))
    assert (found.alpha_low, found.alpha_high) == (interval.low, interval.high)
    few = agreement_of(drawn(np.random.default_rng(1), parks=9), CATALOGUE, judged.parties, seed=7)[0]
    assert (few.alpha is None, few.alpha_low, few.alpha_high) == (False, None, None)
    assert agreement_of(judged, CATALOGUE, (POLICE,), seed=7) == ()


APART = {
    "A": ("30002222", "10002222"),
    "B": ("20003333", "2000333?"),
    "C": ("01002222", "02001222"),
    "D": ("00003333", "00003330"),
}


def of_two(rows, **choices):
    return scored(matrix({park: {POLICE: own[0], OTHER: own[1]} for park, own in rows.items()}), method(**choices))


def agenda(card, capacity=1):
    found, told = advised(card, capacity)
    chance = None if found is None else found.p_top(len(told.park_ids), card.candidates)
    return found, told, differences(card, found, told.park_ids, chance)


@pytest.mark.parametrize("choices", [{}, {"combination": {"threat": "mean"}}, {"uncertainty": {"missing": {}}}])
def test_the_effect_is_that_of_really_changing_both_parties_cells_to_the_agreed_level(choices):
    """As an agreement: scored again with the consensus recorded, the district's figures and random numbers held."""
    rows = {**APART, "B": ("20?03333", "20?0333?")}
    card = of_two(rows, draws=400, **choices)
    found, told, listed = agenda(card)
    shown = [one for one in listed if one.low is not None]
    assert shown
    for one in shown:
        worse = max if CATALOGUE.family(CATALOGUE.indicator(one.indicator).family).direction == "risk" else min
        levels = sorted((voice.level for voice in one.voices), key=lambda level: level if worse is max else -level)
        for level, share in ((levels[0], one.low), (levels[-1], one.high)):
            said = on(card.matrix, (one.park_id, one.indicator, level))
            again = recalculate(score_matrix(said, CATALOGUE, card.method, card.parties, card.district))
            selected = again.totals.loc[[one.park_id]].to_numpy()[0]
            others = found.totals.loc[[park for park in card.candidates if park != one.park_id]].to_numpy().T
            assert share == pytest.approx(first_of(len(told.park_ids), selected, others).mean(), abs=1e-12)
        assert one.effect == pytest.approx(abs(one.high - one.low))


def test_what_decides_most_on_who_is_selected_comes_first_then_steps_times_severity():
    _, _, listed = agenda(of_two(APART, draws=400))
    effects = [one.effect for one in listed]
    assert (listed[0].park_id, listed[0].indicator) == ("A", "V01")
    assert [(voice.party, voice.level) for voice in listed[0].voices] == [(POLICE, 3), (OTHER, 1)]
    assert effects == sorted(effects, reverse=True)
    rest = [one for one in listed if one.effect == 0]
    assert [one.weight for one in rest] == sorted((one.weight for one in rest), reverse=True)
    severity = {one.id: one.severity or 1 for one in CATALOGUE.indicators}
    said = {one.indicator: [voice.level for voice in one.voices] for one in listed}
    assert all(one.weight == np.ptp(said[one.indicator]) * severity[one.indicator] for one in listed)


def test_a_park_out_of_contention_has_no_effect_and_nothing_drawn_gives_none():
    """D has no indication: nothing that is agreed on there brings it into the advice."""
    _, told, listed = agenda(of_two(APART, draws=400))
    assert told.park_ids == ("A",)
    assert {one.park_id: one.low for one in listed}["D"] is None
    _, _, without = agenda(of_two(APART, uncertainty={}))
    assert {(one.low, one.high, one.effect) for one in without} == {(None, None, 0.0)}
    assert {(one.park_id, one.indicator) for one in without} == {(one.park_id, one.indicator) for one in listed}


def test_equal_levels_and_one_sided_knowledge_are_no_difference():
    same = of_two({"A": ("3000222?", "300022?2"), "B": ("-1002222", "?1002222")})
    assert agenda(same)[2] == ()


def test_equal_effects_stand_by_weight_and_in_the_order_of_their_codes():
    rows = {"A": ("30002222", "30002222"), "B": ("10002211", "10001122"), "C": ("10001122", "10002211")}
    listed = agenda(of_two(rows, draws=200))[2]
    assert [(one.park_id, one.indicator) for one in listed] == [*product("BC", ("G01", "G02", "W01", "W02"))]
