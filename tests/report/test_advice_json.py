"""advice.json fits its schema, for people and machines that read it later."""

import json
from dataclasses import replace

import jsonschema
import pytest

import werkbank as wb
from werkbank.advice.questions import Question


@pytest.fixture(scope="module")
def validator(demo_workspace):
    schema = wb.report.advice_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_every_park_says_whether_it_is_mostly_estimated_what_to_do_and_its_strong_signals(almere):
    """Also the one of which little is known; what is advised stands in the order of the scores."""
    document = wb.report.advice_document(almere)
    json.dumps(document, allow_nan=False)
    parks = {park["park_id"]: park for park in document["parks"]}
    assert {park for park in parks if parks[park]["mostly_estimated"]} != set()
    assert [park for park in parks if parks[park]["action"] == "advised"] == sorted(document["advice"]["park_ids"])
    signals = [
        (park, one["indicator"], one["party"], one["source_strength"])
        for park in parks
        for one in parks[park]["strong_signals"]
    ]
    found = almere.strong_signals
    assert signals == [(one.park_id, one.indicator, one.party, one.source_strength) for one in found] != []


def test_a_park_as_a_whole_is_asked_about_and_without_recalculations_there_is_no_grade(validator, urk):
    """A question about a park names no indicator."""
    about = Question("URK-03", None, "police", 0.25, 0.01)
    advice = replace(urk.advice, grade=None, sureness=None, questions=(about,))
    document = wb.report.advice_document(replace(urk, advice=advice))
    validator.validate(document)
    assert document["advice"]["questions"][0]["indicator"] is None
    assert document["advice"]["grade"] is None


def test_what_the_reader_may_not_know_is_null_or_empty_never_0(demo_workspace):
    told = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    document = wb.report.advice_document(told)
    for park in document["parks"]:
        hidden = ("p_first", "p_selected", "rank_low", "rank_high", "score_low", "score_high", "score_estimated")
        assert [park[key] for key in (*hidden, "mostly_estimated", "two_sided")] == [None] * 9
        assert park["action"] in ("advised", "not_advised")
        assert {one["party"] for one in park["strong_signals"]} <= {"municipality"}
    assert (document["advice"]["flips"], document["advice"]["questions"], document["agreement"]) == ([], [], {})
    assert document["advice"]["grade"] is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(extra=1),
        lambda document: document.pop("fictional"),
        lambda document: document["parks"][0].update(score=101),
        lambda document: document["parks"][0].update(quadrant="act_now"),
        lambda document: document["parks"][0].update(action="act_now"),
        lambda document: document["advice"].update(grade="zeker"),
        lambda document: document["parks"][0]["reasons"].append({"indicator": "V01", "remark": "x"}),
    ],
)
def test_the_schema_refuses_what_does_not_belong(validator, urk, change):
    document = json.loads(json.dumps(wb.report.advice_document(urk)))
    change(document)
    assert not validator.is_valid(document)
