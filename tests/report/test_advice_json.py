"""advice.json fits its schema, for people and machines that read it later."""

import json

import jsonschema
import pytest

import werkbank as wb


@pytest.fixture(scope="module")
def validator(demo_workspace):
    schema = wb.report.advice_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_the_document_fits_the_schema(validator, slug, request):
    validator.validate(wb.report.advice_document(request.getfixturevalue(slug)))


def test_equal_assessments_give_equal_documents(urk, demo_workspace):
    again = wb.report.advice_document(wb.assess("urk"))
    document = wb.report.advice_document(urk)
    assert json.dumps(again) == json.dumps(document)
    assert (document["name"], document["fictional"]) == ("Urk (fictief)", True)
    assert sum(park["p_first"] for park in document["parks"]) == pytest.approx(1)
    assert {flip["rival"] for flip in document["advice"]["flips"]} <= {park["park_id"] for park in document["parks"]}


def test_no_number_is_nan_and_no_score_is_null(almere):
    document = wb.report.advice_document(almere)
    json.dumps(document, allow_nan=False)
    without = set(almere.parks.loc[almere.parks["score"].isna(), "park_id"])
    assert {park["park_id"] for park in document["parks"] if park["score"] is None} == without != set()


def test_what_the_reader_may_not_know_is_null_or_empty_never_0(demo_workspace):
    told = wb.for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))
    document = wb.report.advice_document(told)
    for park in document["parks"]:
        assert [park[key] for key in ("p_first", "p_selected", "rank_low", "rank_high")] == [None] * 4
    assert (document["advice"]["flips"], document["advice"]["questions"], document["agreement"]) == ([], [], {})
    assert document["advice"]["grade"] is not None


@pytest.mark.parametrize(
    "change",
    [
        lambda document: document.update(extra=1),
        lambda document: document.pop("fictional"),
        lambda document: document["parks"][0].update(score=101),
        lambda document: document["parks"][0].update(quadrant="aanpakken"),
        lambda document: document["advice"].update(grade="zeker"),
        lambda document: document["parks"][0]["reasons"].append({"indicator": "V01", "remark": "x"}),
    ],
)
def test_the_schema_refuses_what_does_not_belong(validator, urk, change):
    document = json.loads(json.dumps(wb.report.advice_document(urk)))
    change(document)
    assert not validator.is_valid(document)
