"""Everyone can use every page: axe finds nothing against WCAG 2.1 A and AA, and the keyboard reaches everything."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

import werkbank
import werkbank.collecting.replies
from tests.browser.conftest import FILES, asked_outside, enliven, watched
from tests.browser.pages import NAMES
from tests.dutch import faults, page_texts
from werkbank.batch.manifest import DISTRICT

pytestmark = pytest.mark.browser

RULES = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]},
}
FOCUSABLE = "a[href], select, summary, button:not([tabindex='-1']), [tabindex='0']"


def test_every_page_that_is_written_is_in_the_list():
    """A new page cannot be forgotten: what the package writes as HTML, by the names in its source."""
    source = "".join(path.read_text(encoding="utf-8") for path in Path(werkbank.__file__).parent.rglob("*.py"))
    written = set(re.findall(r'["/](\w+)\.html"', source)) - {"open", "full"} | {DISTRICT}  # a template of Voilà
    written |= set(re.findall(r'write_both\(document, folder / "(\w+)"', source))
    assert written == {name.partition("_")[0] if name.startswith("analyse") else name for name in NAMES} - {
        "bevindingen",
        "dashboard",  # called as its user likes
    }
    assert ".html" in Path(werkbank.collecting.replies.__file__).read_text(encoding="utf-8"), (
        "and the pages with findings"
    )


def faults_of(page):
    """What axe finds, in short."""
    found = Axe().run(page, context={"exclude": [["[hidden]"]]}, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:120], len(one["nodes"])) for one in found]


@pytest.fixture(scope="module", params=NAMES)
def page(request, browser, every_page):
    """Each page in turn, opened once."""
    with watched(browser, 1200, FILES) as page:
        page.goto(every_page[request.param].as_uri())
        page.kind = request.param
        yield page


STOPS = """stops => {
  window.stops = [...document.querySelectorAll(stops)];
  return window.stops.filter((one) => one.checkVisibility({contentVisibilityAuto: true}) || one.matches('.skip')).length;
}"""
REACHED = """() => {
  const at = document.activeElement, look = getComputedStyle(at);
  const outlined = look.outlineStyle !== 'none' && parseFloat(look.outlineWidth) > 0;
  return [window.stops.indexOf(at), outlined || at.matches('.skip')];
}"""


def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(page):
    """Every stop of the Tab key in turn, without a trap, each with an outline or coming into view."""
    stops, reached = page.evaluate(STOPS, FOCUSABLE), []
    for _ in range(stops):
        page.keyboard.press("Tab")
        reached.append(page.evaluate(REACHED))
    places = [place for place, _ in reached]
    assert -1 not in places
    assert places == sorted(set(places))
    assert all(visible for _, visible in reached)


def test_axe_finds_nothing_and_no_page_asks_for_anything_complains_or_scrolls_sideways(page):
    """With every chart drawn and every table unfolded; on a telephone wide tables scroll within themselves."""
    page.evaluate("for (const one of document.querySelectorAll('details')) { one.open = true; }")
    enliven(page)
    page.evaluate("window.scrollTo(0, 0)")
    assert faults_of(page) == []
    assert asked_outside(page) == page.complaints == []
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.locator("h1").count() == 1
    assert page.get_by_text("OPENBAAR" if page.kind == "leidraad" else "FICTIEVE GEGEVENS").first.is_visible()
    for width in (1200, 700, 600):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_does_find_what_is_wrong(offline_page):
    """A picture without words, and grey text on white: else nothing found would mean nothing."""
    offline_page.set_content('<html lang="nl"><title>a</title><img src="x"><p style="color:#aaa">Tekst</p></html>')
    assert {"image-alt", "color-contrast"} <= {one[0] for one in faults_of(offline_page)}


@pytest.mark.parametrize("name", NAMES)
def test_no_page_has_a_word_or_a_sign_by_which_a_machine_shows(every_page, name):
    """What is read and what a screen reader tells: real minus signs, right plurals, no English, no None."""
    texts = page_texts(every_page[name].read_text(encoding="utf-8"))
    assert len(texts) > 20
    assert faults(texts) == []
