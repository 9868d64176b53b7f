"""Context figures on a park's page: beside the scores, with the municipality's middle value, and for whom they are."""

from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb
from tests.report.reading import tables
from werkbank.report.view import view_of
from werkbank.sharing import gate

FIGURES = pd.DataFrame(
    {
        "park_id": ["URK-01", "URK-02", "URK-03"],
        "workers": [10.0, 25.0, 40.0],
        "vacancy": [5.0, float("nan"), 12.5],
        "biz": ["ja", "nee", ""],
        "reference_date": ["2026-01-01", "", "2026-01-01"],
    }
)


@pytest.fixture(scope="module")
def with_figures(urk):
    return replace(urk, _context=FIGURES)


def context(assessment, park):
    """The table of context figures on a park's page: its first heading and its rows."""
    page = next(one for one in wb.report.park_pages(assessment).blocks if one.blocks[1].line.startswith(park))
    return next(((heads[0], rows) for heads, rows in tables(page) if heads[1] == "Terrein"), None)


def test_a_park_shows_its_own_figures_beside_the_middle_of_the_municipality(with_figures):
    """A middle value is told from three parks: with two it would be the other park's."""
    assert context(with_figures, "URK-01") == (
        "Peildatum 1 januari 2026",
        [["Werkzame personen", "10", "25"], ["Leegstand", "5,0%", ""], ["Bedrijveninvesteringszone (BIZ)", "ja", ""]],
    )
    head, rows = context(with_figures, "URK-02")
    assert [head, *(row[0] for row in rows)] == ["Kenmerk", "Werkzame personen", "Bedrijveninvesteringszone (BIZ)"]
    assert context(with_figures, "URK-04") is None
    assert context(replace(with_figures, _context=FIGURES[["park_id", "reference_date"]]), "URK-01") is None


def test_the_page_says_that_the_figures_do_not_count_and_a_hostile_value_is_text(with_figures):
    """The reader never lets one through; a changed file of results might."""
    html = wb.report.park_pages(with_figures).html
    assert html.count("<caption>Het terrein in cijfers; telt niet mee in de score") == 3
    assert "Peildatum 1 januari 2026" in html
    hostile = replace(with_figures, _context=FIGURES.assign(biz="<b onclick=x>"))
    assert "<b onclick" not in wb.report.park_pages(hostile).html


def test_only_an_audience_that_may_see_them_gets_them(with_figures, monkeypatch):
    riec = wb.load_catalogue().audience("riec")
    without = riec.model_copy(update={"fields": tuple(name for name in riec.fields if name != "context")})
    assert len(wb.for_audience(with_figures).context) == 3
    monkeypatch.setattr(gate, "entitled", lambda *_: without)
    assert wb.for_audience(with_figures).context.empty
    assert "context" in view_of(with_figures).audience.fields
