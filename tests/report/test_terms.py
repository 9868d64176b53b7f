"""Codes become words in one place."""

import subprocess
import sys

import pytest

import werkbank as wb
from werkbank.report.evidence import PhenomenonSign, careful_words
from werkbank.report.terms import QUADRANT, between, class_name, level_figure, level_text, reference


@pytest.fixture(scope="module")
def suspicion():
    return wb.load_catalogue().scale_of("V03")


def test_a_level_is_a_figure_and_a_word(suspicion):
    assert level_text(suspicion, 2) == "2 meermaals"
    assert level_text(suspicion, 0) == "0 geen vermoeden"


def test_a_level_between_two_says_between_which(suspicion):
    assert level_text(suspicion, 2.5) == "2,5 tussen meermaals en structureel"
    assert level_figure(0.5) == "0,5"


def test_a_reference_leads_to_the_cells():
    assert reference("V03", [("politie", "2 meermaals")]) == "V03, politie: 2 meermaals"
    two = [("politie", "2 meermaals"), ("gemeente", "1 incidenteel")]
    assert reference("V03", two) == "V03, politie: 2 meermaals; gemeente: 1 incidenteel"


def test_classes_have_names_when_there_are_four():
    assert [class_name(place, (20, 40, 60)) for place in (1, 2, 3, 4)] == ["laag", "matig", "hoog", "zeer hoog"]
    assert class_name(2, (50,)) == "klasse 2 van 2"
    assert class_name(None, (20, 40, 60)) == "geen klasse"


def test_the_quadrants_are_those_of_the_method():
    assert QUADRANT == {"act": "aanpakken", "rest": "rust", "find_out": "informatie halen", "follow": "volgen"}


def test_bounds_that_meet_are_one_figure():
    assert between(12.2, 12.4) == "precies 12"
    assert between(52, 74) == "tussen 52 en 74"


def sign(name, strength):
    return PhenomenonSign("P", name, name, strength, (), ())


def test_indications_are_worded_with_care():
    told = careful_words((sign("Hennepteelt", "strong"), sign("Drugsafval", "none"), sign("Witwassen", "unknown")))
    assert told == (
        "Er is een sterke aanwijzing voor mogelijk hennepteelt.",
        "Geen aanwijzing voor 1 ander fenomeen uit de lijst.",
        "Over 1 fenomeen is niets bekend: dat is iets anders dan geen aanwijzing.",
    )


def run(code):
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_importing_the_report_loads_neither_altair_nor_pandas():
    done = run("import sys, werkbank.report; assert not {'altair', 'pandas', 'nbconvert'} & set(sys.modules)")
    assert done.returncode == 0, done.stderr


def test_a_whole_report_never_loads_the_slow_grammar():
    """jsonschema's grammar of addresses costs more than a second in every process."""
    code = (
        "import sys, werkbank as wb; from werkbank.report import charts, html, workbook; import nbconvert;"
        "assert sys.modules.get('rfc3987_syntax') is None"
    )
    done = run(code)
    assert done.returncode == 0, done.stderr


def test_every_public_name_of_the_report_can_be_had():
    assert all(getattr(wb.report, name) is not None for name in wb.report.__all__)
    with pytest.raises(AttributeError):
        _ = wb.report.something_else
