"""What comes out without one group or one party, beside scoring everything again without it."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

import werkbank as wb
from werkbank.advice.advice import left_out_sentence
from werkbank.advice.questions import LeftOut, left_out
from werkbank.advice.scorecard import nominal_totals, score_matrix
from werkbank.assessment.inputs import read_inputs
from werkbank.settings.catalogue import load_catalogue

MUNICIPALITIES = ("almere", "dronten", "urk")
NAMES = {"A-1": "Kievit", "A-2": "Tureluur"}


@pytest.fixture(scope="module", params=MUNICIPALITIES)
def scored(request, demo_workspace):
    """A municipality's parameters, what was read and its scores."""
    parameters = wb.load_parameters(request.param)
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    return parameters, inputs, score_matrix(inputs.matrix, inputs.catalogue, parameters.method, parameters.parties)


def outcomes(scored, advised, **change):
    parameters, inputs, scorecard = scored
    method = parameters.method.model_copy(update=change)
    found = left_out(inputs.matrix, scorecard, inputs.catalogue, method, parameters.parties, advised)
    return {(one.kind, one.code): one for one in found}


@pytest.mark.parametrize("parties", [("police", "municipality"), ("police",), ("municipality",)])
def test_the_quick_total_is_the_total(scored, parties):
    """Of both parties and of each alone: what one draw without uncertainty gives is the score."""
    parameters, inputs, _ = scored
    quick = nominal_totals(inputs.matrix, inputs.catalogue, parameters.method, parties)
    whole = score_matrix(inputs.matrix, inputs.catalogue, parameters.method, parties).risk.total
    pd.testing.assert_series_equal(quick, whole, check_names=False, rtol=0, atol=1e-9)


def test_without_a_party_the_others_alone_decide(scored):
    """The highest by the other's judgements; an advised park the other knows too little of has no score then."""
    parameters, inputs, scorecard = scored
    advised = [str(scorecard.risk.total.idxmax())]
    found = outcomes(scored, advised)
    for party, other in (("police", "municipality"), ("municipality", "police")):
        alone = score_matrix(inputs.matrix, inputs.catalogue, parameters.method, [other]).risk.total
        one = found["party", party]
        assert list(one.park_ids) == ([] if alone.isna().all() else [alone.idxmax()])
        assert one.changed == (list(one.park_ids) != advised)
        assert one.without_score == tuple(park for park in advised if pd.isna(alone[park]))


def test_without_a_group_the_others_keep_their_weights(scored):
    """As scoring again with a weight of nought, for the parks that have a total."""
    parameters, inputs, scorecard = scored
    weights = parameters.method.group_weights
    for group in ("threat", "opportunity", "resilience_gap"):
        method = parameters.method.model_copy(update={"group_weights": weights.model_copy(update={group: 0.0})})
        again = score_matrix(inputs.matrix, inputs.catalogue, method, parameters.parties).risk.total
        again = again[scorecard.risk.total.notna()]
        one = outcomes(scored, [scorecard.risk.total.idxmax()])["group", group]
        assert list(one.park_ids) == [again.idxmax()]


def test_what_weighs_nothing_or_delivered_nothing_is_not_left_out(scored):
    """Leaving it out would change nothing; and without the only group or party there is nothing left."""
    parameters, inputs, scorecard = scored
    weights = parameters.method.group_weights.model_copy(update={"opportunity": 0.0, "resilience_gap": 0.0})
    first = [scorecard.risk.total.idxmax()]
    found = outcomes(scored, first, group_weights=weights)
    assert set(found) == {("party", party) for party in parameters.parties}
    alone = left_out(inputs.matrix, scorecard, inputs.catalogue, parameters.method, ("police",), first)
    assert {one.kind for one in alone} == {"group"}


def test_it_stands_in_the_analysis_and_survives_being_kept(demo_workspace):
    """Three groups and two parties, in the advice of every municipality, and back from its JSON."""
    found = wb.assess("urk")
    assert [one.kind for one in found.advice.left_out] == ["group"] * 3 + ["party"] * 2
    assert wb.Assessment.from_json(found.to_json()).advice.left_out == found.advice.left_out


def test_who_may_not_see_a_party_is_not_told_what_it_decides(demo_workspace):
    """What comes out without the police tells what the police said."""
    from werkbank.sharing import for_audience

    parameters = wb.load_parameters("urk").model_copy(update={"audience": "municipality"})
    assert for_audience(wb.assess(parameters)).advice.left_out == ()


@pytest.mark.parametrize(
    ("one", "told"),
    [
        (
            LeftOut("group", "resilience_gap", ("A-1",), False, ()),
            "Zonder de groep tekort aan weerbaarheid blijft het advies hetzelfde.",
        ),
        (
            LeftOut("group", "threat", ("A-2",), True, ()),
            "Zonder de groep dreiging komt Tureluur (A-2) bovenaan.",
        ),
        (
            LeftOut("party", "police", ("A-1", "A-2"), True, ()),
            "Zonder de oordelen van de politie komen Kievit (A-1) en Tureluur (A-2) als hoogste uit.",
        ),
        (
            LeftOut("party", "municipality", ("A-2",), True, ("A-1",)),
            "Zonder de oordelen van de gemeente komt Tureluur (A-2) bovenaan; Kievit heeft dan geen score.",
        ),
        (
            LeftOut("party", "police", (), True, ("A-1",)),
            "Zonder de oordelen van de politie is van geen enkel terrein genoeg bekend voor een score.",
        ),
    ],
)
def test_it_is_told_in_one_sentence(one, told):
    assert left_out_sentence(one, NAMES, load_catalogue()) == told
