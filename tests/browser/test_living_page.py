"""An analysis is a dashboard without a kernel: one park is chosen and everything follows; without script it stands still."""

import pytest

from tests.browser.conftest import alive

pytestmark = pytest.mark.browser


@pytest.fixture
def analysis(every_page, offline_page):
    offline_page.goto(every_page["analyse_riec"].as_uri())
    return offline_page


def drawn(page, title):
    """The chart below this title, once it lives."""
    return alive(page, page.locator("figure", has_text=title).locator(".plot"))


def told(plot):
    return " ".join(plot.locator(".live svg text").all_text_contents())


def chosen_in_tables(page):
    return page.evaluate("[...new Set([...document.querySelectorAll('tr.chosen')].map(row => row.dataset.park))]")


def test_a_choice_by_keyboard_is_followed_by_charts_and_tables(analysis):
    plot = drawn(analysis, "Waaruit de score van een terrein is opgebouwd")
    first, second = analysis.locator("#terrein option").all_inner_texts()[:2]
    assert first in told(plot)
    analysis.locator("#terrein").focus()
    analysis.keyboard.press("ArrowDown")
    code = analysis.locator("#terrein").input_value()
    plot.locator(".live svg text", has_text=second).first.wait_for()
    assert first not in told(plot)
    assert chosen_in_tables(analysis) == [code]
    assert analysis.locator("table.grid th.chosen").first.inner_text() == second
    assert analysis.locator(".choose a").get_attribute("href") == "#terrein-2"


def test_a_click_in_a_chart_or_on_a_name_in_a_table_chooses_and_the_address_keeps_the_choice(every_page, analysis):
    drawn(analysis, "Rangorde van de terreinen").locator(".live svg .mark-symbol path").nth(2).click()
    names = analysis.locator("#terrein option").all_inner_texts()
    assert analysis.locator("#terrein option:checked").inner_text() == names[2]
    row = analysis.locator(".ranking tr[data-park]").nth(1)
    row.locator("th").click()
    code = row.get_attribute("data-park")
    assert chosen_in_tables(analysis) == [code]
    address = analysis.url
    assert address.endswith(f"#terrein={code}")
    analysis.goto("about:blank")
    analysis.goto(address)
    assert analysis.locator("#terrein").input_value() == code
    analysis.goto(f"{every_page['analyse_riec'].as_uri()}#terrein=%3Cb%3E")
    assert chosen_in_tables(analysis) != []


def test_on_paper_the_still_pictures_stand_and_nothing_to_click_does(analysis):
    plot = drawn(analysis, "Rangorde van de terreinen")
    assert plot.locator(".live").is_visible()
    analysis.emulate_media(media="print")
    assert not plot.locator(".live").is_visible()
    assert plot.locator("img").bounding_box()["width"] > 400
    assert not analysis.locator(".choose").is_visible()


def test_without_script_the_pictures_and_tables_are_there_and_no_dead_button(browser, every_page):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(every_page["analyse_riec"].as_uri())
    assert all(image.bounding_box()["height"] > 100 for image in page.locator(".plot img").all())
    assert page.locator("select, button").count() == 0
    assert page.locator("tr[hidden]").count() == 0
    context.close()


def test_a_script_that_is_not_ours_does_not_run_and_nothing_can_be_fetched(analysis):
    analysis.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {textContent: 'window.fired = 1'}))"
    )
    analysis.evaluate("fetch('https://example.org/').catch(() => null)")
    assert analysis.evaluate("window.fired") is None
    assert len([one for one in analysis.complaints if "Content Security Policy" in one]) >= 2


def test_the_copy_of_the_municipality_and_the_comparison_of_two_rounds_live_too(every_page, offline_page):
    """A park that is chosen, also by a click in the chart, is found in chart, table and its own part of the page."""
    offline_page.goto(every_page["analyse_municipality"].as_uri())
    offline_page.select_option("#terrein", index=1)
    assert len(chosen_in_tables(offline_page)) == 1
    offline_page.goto(every_page["monitor"].as_uri())
    plot = drawn(offline_page, "Verandering van de score per terrein")
    assert "−" in told(plot)
    names = offline_page.locator("#terrein option").all_inner_texts()
    offline_page.locator("#terrein").select_option(index=1)
    second = offline_page.locator("#terrein").input_value()
    assert chosen_in_tables(offline_page) == [second]
    assert names[1] in offline_page.locator("#terrein-2 h3").inner_text()
    plot.locator(".live svg .mark-symbol path").nth(2).click()
    assert offline_page.locator("#terrein option:checked").inner_text() == names[2]
    assert offline_page.complaints == []
