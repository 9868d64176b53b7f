"""A sentence that names a cell leads to it, in the same report."""

import re
from types import SimpleNamespace

import pytest

import werkbank as wb
from werkbank.report.terms import cell_anchors, linked
from werkbank.report.view import view_of

ANCHORS = {("URK-01", "V01"): "cel-1-1", ("a (b", "V01"): "cel-2-1"}


def test_a_cell_that_is_named_becomes_a_link():
    html = linked("Kuifeend (URK-01, V01): politie 1 (of meer).", ANCHORS)
    assert html == 'Kuifeend (<a href="#cel-1-1">URK-01, V01</a>): politie 1 (of meer).'


def test_every_cell_of_a_sentence_becomes_a_link():
    assert linked("(URK-01, V01) en (URK-01, V01)", ANCHORS).count("href") == 2


@pytest.mark.parametrize("sentence", ["niets", "(URK-02, V01)", "(URK-01, V99)", "(URK-01; V01)", ""])
def test_what_is_no_cell_stays_text(sentence):
    assert linked(sentence, ANCHORS) == sentence


def test_no_text_becomes_markup():
    """Nor does the code of a park, which a register may spell as it likes."""
    anchors = {("<b>", "V01"): "cel-1-1"}
    html = linked("<script> (<b>, V01) & <i>", anchors)
    assert html == '&lt;script&gt; (<a href="#cel-1-1">&lt;b&gt;, V01</a>) &amp; &lt;i&gt;'


def test_every_cell_has_an_anchor_of_its_own():
    view = SimpleNamespace(
        parks=[SimpleNamespace(park_id=name) for name in ("x", "x y", "<")],
        indicators=lambda: iter([SimpleNamespace(id="V01"), SimpleNamespace(id="V02")]),
    )
    anchors = cell_anchors(view)
    assert len(set(anchors.values())) == len(anchors) == 6
    assert all(re.fullmatch("cel-[0-9]+-[0-9]+", anchor) for anchor in anchors.values())


def test_reasons_and_differences_lead_to_cells_of_the_heat_map(urk):
    places = set(re.findall(r'id="(cel-[^"]+)"', wb.report.heat_map(urk).html))
    assert places == set(cell_anchors(view_of(urk)).values())
    for section in (wb.report.front_page(urk), wb.report.agreement(urk)):
        targets = set(re.findall(r'href="#(cel-[^"]+)"', section.html))
        assert targets
        assert targets <= places
