"""A sentence that names a cell leads to it, in the same report."""

import re
from types import SimpleNamespace

import pytest

from werkbank.report.html import line_html
from werkbank.report.terms import cell_anchors, linked

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
