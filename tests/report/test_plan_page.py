"""The page of a project plan: the look and labels of every report, nothing that can act, and no plan without a choice."""

import re
from dataclasses import replace

import pytest

import werkbank as wb
from tests.plain_notebooks import filled
from tests.plan.test_plan import SELECTED
from werkbank.errors import OutputError, RegisterError, WerkbankError
from werkbank.report.plan import PLAN_CHAPTERS


@pytest.fixture(scope="module")
def html(lelystad, plan):
    return wb.report.render_plan_html(filled("projectplan", plan=plan), lelystad, plan)


def test_without_a_park_or_a_recorded_choice_there_is_no_plan(almere):
    with pytest.raises(WerkbankError, match="werkbank select ALM-01 --reason … --by …"):
        wb.report.plan_for(almere, "ALM-01", None)
    for selected in (None, SELECTED):
        with pytest.raises(RegisterError, match="werkbank select PARK"):
            wb.report.plan_for(almere, "", selected)
    with pytest.raises(OutputError, match="bedoelt u “ALM-"):
        wb.report.plan_for(almere, "ALM-1", SELECTED)


def test_it_carries_the_labels_of_every_report_and_is_the_same_each_time(html, plan, lelystad):
    """Every table says what its columns are."""
    for text in ("FICTIEVE GEGEVENS", "CONVENANTINFORMATIE", "Vermoedens, geen vaststelling", "Grondslag:", plan.park):
        assert text in html
    # Partners fill it in: it is theirs too, once it was handed to them on a legal basis.
    assert "werkdocument voor wie aan dit plan werkt" in html
    assert "alleen voor medewerkers van het RIEC" not in html
    assert "Content-Security-Policy" in html
    assert "<script" not in html
    for table in re.findall(r"<table.*?</table>", html, re.DOTALL):
        assert "<caption" in table
        assert 'scope="col"' in table or 'scope="row"' in table
    assert wb.report.render_plan_html(filled("projectplan", plan=plan), lelystad, plan) == html


def test_every_chapter_has_its_heading_and_its_text(html, plan):
    headings = re.findall(r'<h2 id="deel-\d+">([^<]*)</h2>', html)
    assert len(headings) == 1 + len(PLAN_CHAPTERS)
    for name in list(PLAN_CHAPTERS)[:-1]:
        chapter = plan.chapters[name]
        assert chapter.title in headings
    for name in ("picture", "monitoring", "securing"):
        assert all(line.split("“")[0] in html for line in plan.chapters[name].text)


def test_holes_blanks_and_waiting_measures_are_named_and_the_matrix_marks_every_answer(html, plan):
    assert f"{plan.answers.holes[0].name}</strong>: {plan.answers.holes[0].lacks}" in html
    assert "Pas na bevestiging" in html
    assert plan.after_confirmation[0].name in html
    assert '<span class="blank">in te vullen: rol, organisatie</span>' in html
    direct = sum(len(row.direct) for row in plan.answers.rows)
    supporting = sum(len(row.supporting) for row in plan.answers.rows)
    assert html.count('<span class="unseen">direct</span>') == direct > 0
    assert html.count('<span class="unseen">ondersteunt</span>') == supporting > 0


def test_a_caution_about_the_decision_stands_in_the_summary(lelystad, plan):
    half = replace(SELECTED, gaps=("almere_politie.xlsx ontbreekt",), incomplete_reason="De stuurgroep wacht niet.")
    made = wb.report.plan_for(lelystad, plan.park_id, half)
    assert '<p class="alert">Let op: bij het besluit was de invoer' in wb.report.plan_summary(made).html


def test_a_plan_that_proposes_nothing_says_so_and_a_chapter_that_does_not_exist_is_refused(plan):
    """No high indicator and no intervention: the page says what that does and does not mean."""
    answers = replace(plan.answers, rows=(), holes=())
    nothing = replace(plan, interventions=(), answers=answers, after_confirmation=(), steps=())
    html = wb.report.plan_chapter(nothing, "measures").html
    assert "Hier staan nog geen interventies." in html
    assert "grid" not in html
    with pytest.raises(OutputError, match="bedoelt u “scope”"):
        wb.report.plan_chapter(plan, "scop")
