"""The analysis opens in a browser without internet, complains of nothing, and fits the page."""

import re

import pytest

import werkbank as wb

pytestmark = pytest.mark.browser


@pytest.fixture
def folder(_analysed):
    _, result = _analysed
    return result.index.parent


def test_the_page_never_scrolls_sideways_and_on_paper_no_grid_and_no_chart_is_wider(folder, offline_page):
    """Wide tables scroll within themselves. A4 with its margins: 182 mm upright, 269 mm for heat maps of many parks."""
    offline_page.goto((folder / "almere" / "analyse.html").as_uri())
    for width in (1200, 800):
        offline_page.set_viewport_size({"width": width, "height": 900})
        assert offline_page.evaluate("document.documentElement.scrollWidth") <= width
    offline_page.emulate_media(media="print")
    millimetres = "[...document.querySelectorAll('{}')].map(one => one.getBoundingClientRect().width * 25.4 / 96)"
    offline_page.set_viewport_size({"width": 1016, "height": 700})
    assert max(offline_page.evaluate(millimetres.format("table.grid"))) <= 269
    offline_page.set_viewport_size({"width": 687, "height": 1000})
    assert max(offline_page.evaluate(millimetres.format(".plot img"))) <= 182


def test_the_advice_and_the_labels_are_visible_at_once(folder, offline_page):
    """Without scrolling: fictional, the audience, no finding of fact, and the sentence itself."""
    offline_page.goto((folder / "urk" / "analyse.html").as_uri())
    sentence = wb.Assessment.load(folder / "urk").advice.sentence
    for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", sentence):
        place = offline_page.get_by_text(text).first.bounding_box()
        assert place is not None
        assert place["y"] + place["height"] <= 900


def test_the_index_shows_every_file_without_scrolling_sideways_and_leads_to_the_analysis(folder, offline_page):
    offline_page.goto((folder / "index.html").as_uri())
    assert offline_page.locator(".scroll").first.evaluate("one => one.scrollWidth <= one.clientWidth")
    offline_page.locator("a[href='urk/analyse.html']").first.click()
    assert "Urk (fictief)" in offline_page.title()


@pytest.mark.parametrize("slug", ["almere", "urk"])
def test_on_paper_the_front_page_is_one_sheet_and_a_first_print_is_like_the_next(folder, offline_page, slug):
    """A first print was once laid out otherwise: columns as wide as the names above them, and half of them cut off."""
    offline_page.goto((folder / slug / "analyse.html").as_uri())
    pages = [sheets(offline_page) for _ in range(2)]
    offline_page.add_style_tag(content=".wb.front { break-after: auto !important; } .wb.front ~ * { display: none; }")
    assert pages[0] == pages[1] > 5
    assert sheets(offline_page) == 1


def sheets(page):
    """How many sheets of paper the page is."""
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
