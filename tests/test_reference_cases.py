"""Cases an organisation agreed on: when one comes out otherwise, nothing is made."""

import pytest

from werkbank.assessment.reference_cases import check_case, load_cases, require_cases
from werkbank.errors import OutputError, RegisterError
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.method import Method

CATALOGUE, PARTIES = load_catalogue(), ("police", "municipality")
CASE = """
cases:
  - name: proef
    agreed_by: stuurgroep
    agreed_on: 2026-01-15
    otherwise: 0
    parks:
      hoog: {{V02: {{police: 3, municipality: high}}}}
      laag: {{W01: {{police: highest, municipality: highest}}}}
    expect:
      {expect}
"""


@pytest.fixture
def file(tmp_path):
    def write(text):
        path = tmp_path / "reference_cases.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def found(path, method=Method()):  # noqa: B008 - it never changes
    return [one.found for case in load_cases(path) for one in check_case(case, CATALOGUE, method, PARTIES)]


@pytest.mark.parametrize("expect", ["first: hoog", "order: [hoog, laag]", "scores: {laag: 5.0}"])
def test_a_case_that_comes_out_as_agreed_has_no_finding(file, expect):
    """What protects is `highest` in risk where it is 0, as all else of that park is."""
    path = file(CASE.format(expect=expect))
    assert found(path) == []
    # Another method can break a case.
    other = Method.model_validate({"group_weights": {"resilience_gap": 0.5}})
    assert bool(found(path, other)) == expect.startswith("scores")


@pytest.mark.parametrize(
    ("expect", "told"),
    [
        ("first: laag", "laag (5,0) komt niet boven hoog"),
        ("order: [laag, hoog]", "laag (5,0) komt niet boven hoog"),
        ("order: [hoog, laag]\n      first: laag", "laag (5,0) komt niet boven hoog"),
        ("scores: {laag: 26.0}", "laag krijgt 5,0"),
        ("not_advised: [hoog]", "hoog kan worden geadviseerd"),
        ("no_score: [hoog]", "hoog kan worden geadviseerd"),
    ],
)
def test_what_comes_out_otherwise_is_named_with_both_figures(file, expect, told):
    (line,) = found(file(CASE.format(expect=expect)))
    assert told in line


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("V02", "V2", "indicator V2"),
        ("police: 3", "polise: 3", "partij polise"),
        ("police: 3", "police: 9", "niveau 9"),
        ("first: hoog", "first: hoogst", "hoogst"),
    ],
)
def test_a_case_that_is_not_understood_is_not_passed_over(file, old, new, told):
    path = file(CASE.format(expect="first: hoog").replace(old, new))
    assert any(told in line for line in found(path))


@pytest.mark.parametrize(
    ("old", "new"),
    [("expect:\n      first: hoog", "expect: {}"), ("stuurgroep", "3"), ("otherwise: 0", "otherwise: leeg")],
)
def test_a_faulty_file_is_refused_with_its_line(file, old, new):
    text = CASE.format(expect="first: hoog")
    assert old in text
    with pytest.raises(RegisterError, match="regel"):
        load_cases(file(text.replace(old, new)))


def test_without_the_file_there_is_nothing_to_try_and_the_cases_of_the_example_come_out(tmp_path, demo_workspace):
    assert require_cases(tmp_path / "none.yaml", CATALOGUE, Method(), PARTIES) == 0
    assert require_cases(demo_workspace / "data" / "reference_cases.yaml", CATALOGUE, Method(), PARTIES) == 3


def test_no_analysis_is_made_when_a_case_fails(own_workspace, run):
    (own_workspace / "data" / "reference_cases.yaml").write_text(CASE.format(expect="first: laag"), encoding="utf-8")
    code, _, told = run("analyse", "-m", "urk")
    assert code == 2
    assert [text for text in ("Er is niets gemaakt", "proef", "stuurgroep") if text not in told] == []
    assert not (own_workspace / "output").exists()


def test_every_failing_case_is_told_at_once(file):
    text = CASE.format(expect="first: laag")
    text += text.split("cases:\n", 1)[1].replace("proef", "tweede")
    with pytest.raises(OutputError) as failure:
        require_cases(file(text), CATALOGUE, Method(), PARTIES)
    assert len(failure.value.findings) == 2
    assert "2 gevallen komen" in str(failure.value)
