"""Codes become words in one place, and a sentence that names a cell leads to it, in the same report."""

import re
import subprocess
import sys
from types import SimpleNamespace

import pytest

import werkbank as wb
from werkbank.report.html import line_html
from werkbank.report.terms import (
    ACTION,
    PhenomenonSign,
    action_meaning,
    between,
    careful_words,
    cell_anchors,
    class_name,
    difference,
    level_figure,
    level_text,
    linked,
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


def test_importing_the_report_loads_nothing_heavy_and_never_the_slow_grammar():
    """jsonschema's grammar of addresses costs more than a second in every process."""
    code = (
        "import sys, werkbank.report; assert not {'altair', 'pandas', 'nbconvert'} & set(sys.modules)\n"
        "from werkbank.report import charts, html, workbook; import nbconvert; assert not sys.modules['rfc3987_syntax']"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


ANCHORS = {("URK-01", "V01"): "cel-1-1", ("a (b", "V01"): "cel-2-1", ("<b>", "V01"): "cel-3-1"}


@pytest.mark.parametrize(
    ("sentence", "html"),
    [
        ("Kuifeend (URK-01, V01): 1 (of meer).", 'Kuifeend (<a href="#cel-1-1">URK-01, V01</a>): 1 (of meer).'),
        ("(URK-01, V01)(URK-01, V01)", '(<a href="#cel-1-1">URK-01, V01</a>)' * 2),
        *((text, text) for text in ("niets", "(URK-02, V01)", "(URK-01, V99)", "(URK-01; V01)", "")),
        ("<script> (<b>, V01) & <i>", '&lt;script&gt; (<a href="#cel-3-1">&lt;b&gt;, V01</a>) &amp; &lt;i&gt;'),
    ],
)
def test_every_cell_that_is_named_becomes_a_link_and_all_else_stays_text(sentence, html):
    """Nor does the code of a park become markup, which a register may spell as it likes."""
    assert line_html(linked(sentence, ANCHORS)) == html


def test_every_cell_has_an_anchor_of_its_own():
    view = SimpleNamespace(
        parks=[SimpleNamespace(park_id=name) for name in ("x", "x y", "<")],
        indicators=lambda: iter([SimpleNamespace(id="V01"), SimpleNamespace(id="V02")]),
    )
    anchors = cell_anchors(view)
    assert len(set(anchors.values())) == len(anchors) == 6
    assert all(re.fullmatch("cel-[0-9]+-[0-9]+", anchor) for anchor in anchors.values())
