"""Codes become words in one place."""

import re
import subprocess
import sys

import pytest

import werkbank as wb
from werkbank.report.terms import (
    ACTION,
    PhenomenonSign,
    action_meaning,
    between,
    careful_words,
    class_name,
    difference,
    level_figure,
    level_text,
    reference,
)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (lambda scale: level_text(scale, 2), "2 meermaals"),
        (lambda scale: level_text(scale, 0), "0 geen vermoeden"),
        (lambda scale: level_text(scale, 2.5), "2,5 tussen meermaals en structureel"),
        (lambda _: level_figure(0.5), "0,5"),
        (lambda _: reference("V03", [("politie", "2 meermaals")]), "V03, politie: 2 meermaals"),
        (lambda _: reference("V03", [("politie", "2"), ("gemeente", "1")]), "V03, politie: 2; gemeente: 1"),
        (lambda _: [class_name(place, (20, 40, 60)) for place in (1, 2, 3, 4)], ["laag", "matig", "hoog", "zeer hoog"]),
        (lambda _: class_name(2, (50,)), "klasse 2 van 2"),
        (lambda _: class_name(None, (20, 40, 60)), "geen klasse"),
        (lambda _: list(ACTION.values()), ["advies", "informatie halen", "volgen", "geen aanleiding"]),
        (lambda _: between("12,2", "12,2"), "precies 12,2"),
        (lambda _: difference([2], 1), ("geen vergelijking", False)),
        (lambda _: difference([2], 3), ("één partij", False)),
        (lambda _: difference([2, 2], 3), ("gelijk (2 van 3)", False)),
        (lambda _: difference([2, 0, 2], 3), ("2 stappen", True)),
        (lambda _: between("52", "74,1"), "tussen 52 en 74,1"),
    ],
)
def test_a_code_becomes_words_in_one_place(said, told):
    assert said(wb.load_catalogue().scale_of("V03")) == told


def test_what_to_do_says_why_and_never_that_nothing_need_be_done():
    """People put 0 for "don't know": what has no cause in these figures is not quiet (method.md 4)."""
    assert "blinde vlek" in action_meaning("blind_spot")
    assert action_meaning("no_cause").startswith("in deze cijfers is geen aanleiding")
    assert not re.search("rust|geen actie|veilig", " ".join(map(action_meaning, ACTION)))


def sign(name, strength):
    return PhenomenonSign("P", name, name, strength, (), ())


def test_indications_are_worded_with_care_and_groups_of_them_read_as_dutch():
    """A group may be called Overig or Financieel."""
    told = careful_words((sign("Hennepteelt", "strong"), sign("Drugsafval", "none"), sign("Witwassen", "unknown")))
    assert told == (
        "Er is een sterke aanwijzing voor mogelijke activiteit rond “hennepteelt”.",
        "Geen aanwijzing voor 1 ander fenomeen uit de lijst.",
        "Over 1 fenomeen is niets bekend: dat is iets anders dan geen aanwijzing.",
    )
    found = (sign("Financieel", "clear"), sign("Overig", "clear"), sign("Milieu", "none"), sign("Drugs", "unknown"))
    assert careful_words(found, grouped=True) == (
        "Er is een duidelijke aanwijzing voor mogelijke activiteit rond “financieel” en “overig”.",
        "Geen aanwijzing voor 1 andere groep uit de lijst.",
        "Over 1 groep is niets bekend: dat is iets anders dan geen aanwijzing.",
    )


@pytest.mark.parametrize(
    "code",
    [
        "import sys, werkbank.report; assert not {'altair', 'pandas', 'nbconvert'} & set(sys.modules)",
        "import sys; from werkbank.report import charts, html, workbook; import nbconvert; assert not sys.modules['rfc3987_syntax']",
    ],
)
def test_importing_the_report_loads_nothing_heavy_and_never_the_slow_grammar(code):
    """jsonschema's grammar of addresses costs more than a second in every process."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_every_public_name_of_the_report_can_be_had():
    assert all(getattr(wb.report, name) is not None for name in wb.report.__all__)
    with pytest.raises(AttributeError):
        _ = wb.report.something_else
