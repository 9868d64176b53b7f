"""The parts of the page as HTML: escaped, complete, with unknown kept apart from zero."""

import dataclasses
import re

import pytest

from tests.dashboard.conftest import CHOSEN
from tests.dashboard.plain import HOSTILE
from werkbank.dashboard.page import DashboardPage, head_html, mark_style, page_style, page_title, profile_html
from werkbank.report.html import refuse_active
from werkbank.report.view import view_of


@pytest.fixture(scope="module")
def view(riec):
    return view_of(riec.assessment("urk"))


def test_the_chosen_parks_column_is_the_one_that_is_marked(view):
    """The third column: the first holds the indicators."""
    assert "td:nth-child(3) " in mark_style(view, view.parks[1].park_id)
    assert ":nth-of-type(1n+1) " in mark_style(view, view.parks[1].park_id)
    many = dataclasses.replace(view, parks=view.parks * 10)
    last = dataclasses.replace(many.parks[-1], park_id="last")
    assert ":nth-of-type(2n+2) td:nth-child(10) " in mark_style(
        dataclasses.replace(many, parks=(*many.parks[:-1], last)), "last"
    )


def test_the_profile_shows_each_party_and_where_they_differ(view):
    html = profile_html(view, "URK-01")
    assert re.findall(r'<th scope="col">([^<]*)</th>', html) == ["Indicator", "Politie", "Gemeente", "Verschil"]
    for group in view.park("URK-01").groups:
        assert group.name in html
    pairs = [
        [view.judgements["URK-01", row.id, party].level for party in view.parties] for row in view.catalogue.indicators
    ]
    differing = sum(1 for one, other in pairs if one is not None and other is not None and one != other)
    assert len(re.findall(r"<strong>\d (?:stap|stappen)</strong>", html)) == differing > 0


def test_the_profile_of_a_municipality_has_only_its_own_column_and_the_groups_in_steps(own):
    html = profile_html(view_of(own.assessment("urk")), "URK-01")
    assert re.findall(r'<th scope="col">([^<]*)</th>', html) == ["Indicator", "Gemeente"]
    assert re.findall(r'<span class="what">([^<]*)</span>', html) == [
        *("Dreiging", "Gelegenheid", "Tekort aan weerbaarheid", "Totaal")
    ]


def test_a_park_of_which_nothing_is_filled_in_says_so(riec):
    assessment = riec.assessment("urk")
    empty = assessment.judgements.assign(state="open", level=None).astype({"level": "Int64"})
    html = profile_html(view_of(dataclasses.replace(assessment, _judgements=empty)), "URK-01")
    assert "nog niets ingevuld" in html


def test_a_name_that_tries_to_run_is_shown_as_text(hostile):
    first = hostile.parks[0]
    assert first.name == HOSTILE
    html = profile_html(hostile, first.park_id)
    assert "<img" not in html
    assert "&lt;img" in html
    refuse_active(html)


def test_the_head_says_what_it_is_before_anything_else(riec, own):
    html = head_html(riec)
    said = ["FICTIEVE GEGEVENS", riec.label, "Vermoedens, geen vaststelling", "<h1>", "Grondslag:", "In het kort"]
    places = [html.index(words) for words in said]
    assert places == sorted(places)
    for one in riec.assessments:
        assert one.advice.sentence in html
    real = head_html(dataclasses.replace(own, fictional=False))
    assert "FICTIEVE" not in real
    assert re.search('class="alert".*politie', real), "whose judgements are withheld"


def test_it_tells_which_parks_people_chose(riec, own, view):
    """In short for all of them, and on the page of the park itself."""
    for bundle in (riec, own):
        assert f"Duizendblad (URK-04), {CHOSEN}" in head_html(bundle)
    pages = DashboardPage(own, "")
    found = {park: pages._profile.value for park in ("URK-04", "URK-01") if setattr(pages._park, "value", park) is None}
    assert [CHOSEN in html for html in found.values()] == [True, False]


def test_the_title_names_the_municipality_or_the_district_and_the_style_reaches_for_nothing_outside(own, riec):
    assert page_title(own) == "Dashboard bedrijventerreinen Urk (fictief)"
    assert page_title(riec) == "Dashboard bedrijventerreinen district Flevoland (fictief)"
    assert not re.search(r"url\(|@import|https?:", page_style())
