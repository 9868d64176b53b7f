"""The page as HTML: what each audience's views hold and what they do not, escaped, with unknown kept apart from zero."""

import dataclasses
import datetime as dt
import re

import lxml.html
import pytest

from tests.bundles import write_bundle
from tests.conftest import CHOSEN
from tests.dashboard.profile import profile_html
from werkbank import dashboard
from werkbank.dashboard.views import _asleep, _height, _places, dashboard_html, page_title
from werkbank.dashboard.whatif import page_style
from werkbank.errors import OutputError
from werkbank.report.charts import ranking
from werkbank.report.charts_park import contributions
from werkbank.report.district import side_by_side
from werkbank.report.view import view_of
from werkbank.sharing.bundle import read_bundle

DAY = dt.date(2026, 3, 2)


@pytest.fixture(scope="module")
def view(riec):
    return view_of(riec.assessment("urk"))


@pytest.fixture(scope="module")
def pages(riec, own, assessed, tmp_path_factory):
    """The page of each audience, as a file and parsed."""
    folder = tmp_path_factory.mktemp("police") / "b"
    write_bundle([assessed(slug, "police") for slug in ("urk", "zeewolde")], folder)
    made = {"riec": riec, "municipality": own, "police": read_bundle(folder)}
    return {name: lxml.html.document_fromstring(dashboard_html(bundle, DAY)) for name, bundle in made.items()}


def section(page, view, place):
    (found,) = page.xpath(f"//section[@data-view='{view}'][@data-place='{place}']")
    return found


@pytest.mark.parametrize("audience", ["riec", "police", "municipality"])
def test_every_link_leads_somewhere_and_no_two_places_have_one_name(pages, audience):
    """Each municipality has a matrix of its own."""
    page = pages[audience]
    names = page.xpath("//@id")
    assert len(set(names)) == len(names)
    links = {link[1:] for link in page.xpath("//a/@href")}
    cells = {link for link in links if link.startswith("cel-")}
    assert cells <= set(names)
    assert {link for link in links - cells if "=" not in link} <= set(names)
    if audience == "riec":
        assert {link.split("-")[1] for link in cells} == {"urk", "zeewolde"}


def test_the_page_says_what_it_is_before_anything_else(riec, own):
    html = dashboard_html(riec, DAY)
    said = ["FICTIEVE GEGEVENS", riec.label, "Vermoedens, geen vaststelling", "<h1>", "Grondslag:", 'class="lead"']
    places = [html.index(words, html.index("<body>")) for words in said]
    assert places == sorted(places)
    assert "gemaakt op 2 maart 2026" in html
    real = dashboard_html(dataclasses.replace(own, fictional=False), DAY)
    assert "FICTIEVE GEGEVENS" not in real
    assert re.search('class="alert".*politie', real), "whose judgements are withheld"
    assert own.assessments[0].advice.sentence in real


def test_the_district_has_one_sentence_and_every_park_that_may_be_compared(pages, riec):
    """With the municipality's own sentence where that is chosen; who may not see bounds gets no column of them."""
    page = section(pages["riec"], "overzicht", "alle")
    assert page.find_class("lead")[0].text == (
        "Van 9 terreinen in 2 gemeenten staan er 2 in het advies: Duizendblad in Urk (fictief) en Zonnedauw in Zeewolde "
        "(fictief). Hoe zeker: duidelijk in 2 gemeenten."
    )
    places = page.xpath(".//section[contains(@class, 'ranking')]//table")[0]
    assert len(places.xpath("tbody/tr[@data-park]")) == 9
    assert [head.text for head in places.xpath("thead//th")][3:5] == ["Score", "Nog mogelijk"]
    (collected,) = page.xpath(".//table[caption='Aangeleverd']")
    assert [head.text for head in collected.xpath("thead//th")] == ["Gemeente", "De gemeente", "De politie"]
    for assessment in riec.assessments:
        own = section(pages["riec"], "overzicht", assessment.parameters.municipality)
        assert own.find_class("lead")[0].text == assessment.advice.sentence
    page = section(pages["police"], "overzicht", "alle")
    heads = {head.text for head in page.xpath(".//thead//th")}
    assert not heads & {"Nog mogelijk", "Blinde vlekken", "Wat te doen"}
    assert not re.search("[?]–[?]|blinde vlek", page.text_content())


def test_a_district_of_which_nobody_has_a_park_shows_none_first(riec):
    district = side_by_side(riec.assessments)
    none = dataclasses.replace(district.views[0].assessment.advice, park_ids=())
    views = tuple(
        dataclasses.replace(view, parks=(), assessment=dataclasses.replace(view.assessment, advice=none))
        for view in district.views
    )
    told = _places(views, dataclasses.replace(district, views=views, compared=views))
    assert [one["first"] for one in told] == ["", "", ""]


def test_a_warning_of_one_municipality_names_it_among_all(riec):
    urk, zeewolde = riec.assessments
    bundle = dataclasses.replace(riec, assessments=(dataclasses.replace(urk, absent=("police",)), zeewolde))
    page = lxml.html.document_fromstring(dashboard_html(bundle, DAY))
    for place, began in (("alle", "Let op. Urk (fictief): De werkmap van de politie"), ("urk", "Let op. De werkmap")):
        assert section(page, "overzicht", place).find_class("alert")[0].text_content().startswith(began)
    assert section(page, "overzicht", "zeewolde").find_class("alert") == []


def test_it_tells_which_parks_people_chose(pages):
    """In short, among the plans, and on the page of the park itself."""
    for name in ("riec", "municipality"):
        page = pages[name]
        assert f"Duizendblad (URK-04), {CHOSEN}" in section(page, "overzicht", "urk").text_content()
        assert CHOSEN in section(page, "plannen", "urk").text_content()
        parks = section(page, "terrein", "urk").xpath(".//article")
        assert [CHOSEN in park.text_content() for park in parks] == [True, False, False, False]
    assert f"gemeente Urk (fictief), {CHOSEN}" in section(pages["riec"], "overzicht", "alle").text_content()
    assert "nog geen terrein gekozen" in section(pages["riec"], "plannen", "zeewolde").text_content()


def test_each_part_says_whether_it_lives_and_a_file_what_cannot_be_done_in_it(pages, riec):
    page = pages["riec"]
    states = [one.text for one in page.find_class("state")]
    assert len(states) == len(page.find_class("view")) + len(page.xpath("//figure"))
    assert {text.partition(":")[0] for text in states} == {"Vooraf berekend", "Bevroren"}
    assert {one.get("data-live").partition(":")[0] for one in page.xpath("//figure//p[@data-live]")} == {"Levend"}
    assert "zonder script rekent deze pagina niet" in section(page, "wat-als", "").text_content()
    served = dashboard_html(riec, DAY, "frame")
    told = [
        "kunnen alleen in een dashboard dat draait" in " ".join(one.split())
        for one in (dashboard_html(riec, DAY), served)
    ]
    assert told == [True, False]
    assert ["frame-src" in one for one in (served, dashboard_html(riec, DAY))] == [True, False]


def test_the_notebook_shows_the_same_page_and_within_the_server_only_what_a_kernel_does(
    riec, riec_folder, own_folder, monkeypatch
):
    monkeypatch.delenv("WERKBANK_WITHIN_PAGE", raising=False)
    frame, _, another = dashboard.show(str(riec_folder)).children
    page = lxml.html.fragment_fromstring(frame.value)
    assert page.get("sandbox") == "allow-scripts allow-modals allow-downloads"
    assert page.get("srcdoc") == dashboard_html(riec, dt.date.today(), "notebook")
    assert "wbd-another" in another._dom_classes
    assert len(dashboard.show(str(own_folder)).children) == 1
    monkeypatch.setenv("WERKBANK_WITHIN_PAGE", "1")
    assert "wbd-another" in dashboard.show(str(riec_folder)).children[-1]._dom_classes


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
    assert "Welke maatregelen" not in html
    assert re.findall(r'<span class="what">([^<]*)</span>', html) == [
        *("Dreiging", "Gelegenheid", "Tekort aan weerbaarheid", "Totaal")
    ]


def test_a_park_of_which_nothing_is_filled_in_says_so(riec):
    assessment = riec.assessment("urk")
    empty = assessment.judgements.assign(state="open", level=None).astype({"level": "Int64"})
    html = profile_html(view_of(dataclasses.replace(assessment, _judgements=empty)), "URK-01")
    assert "nog niets ingevuld" in html


def test_the_title_names_the_municipality_or_the_district_and_the_style_reaches_for_nothing_outside(own, riec):
    assert page_title(own) == "Dashboard bedrijventerreinen Urk (fictief)"
    assert page_title(riec) == "Dashboard bedrijventerreinen district Flevoland (fictief)"
    assert not re.search(r"url\(|@import|https?:", page_style())


def test_a_chart_has_room_for_each_of_its_rows(riec):
    """Also where there are fewer parks than rows about one park."""
    for figure, field in ((contributions(riec.assessment("urk")), "place"), (ranking(riec.assessment("urk")), "park")):
        rows = {row[field] for data in figure.spec["datasets"].values() for row in data if field in row}
        assert _height(figure) == len(rows) * figure.spec["height"]["step"]


def test_no_text_can_end_a_part_of_the_page_that_sleeps():
    with pytest.raises(OutputError, match="noscript"):
        _asleep("<p title='</NoScript><b>'>a</p>")
