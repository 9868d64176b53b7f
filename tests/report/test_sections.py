"""What the sections say: unknown is never 0, what is missing is loud, and no text becomes markup.

Context figures stand beside the scores, with the municipality's middle value, and for whom they are.
"""

import re
from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb
from tests.report.reading import facts, said, tables
from werkbank.errors import OutputError
from werkbank.report.parks import score_lines
from werkbank.report.view import view_of
from werkbank.settings.parameters import Imprint
from werkbank.sharing import gate

SECTIONS = (
    "front_page", "key_points", "information_position", "heat_map", "phenomena", "ranking_table", "park_pages", "findings",
    "accountability",
)  # fmt: skip


def section(name, assessment):
    return getattr(wb.report, name)(assessment)


def squares(html):
    return re.findall(
        r'<td class="(\w+)(?: one)?"(?: id="[^"]*")?><span aria-hidden="true">([^<]*)</span><span class="unseen">([^<]*)',
        html,
    )


def test_a_section_shows_in_a_notebook_and_as_text_with_one_and_many_worded_rightly(urk):
    for name in SECTIONS:
        data, metadata = section(name, urk)._repr_mimebundle_()
        assert metadata == {"werkbank": "section"}
        assert data["text/html"].startswith("<style")
        assert data["text/plain"].count("\n") == 1
        assert not re.search(r"\b1 (terreinen|indicatoren|partijen|cellen)\b", data["text/html"])
    assert "4 terreinen" in section("information_position", urk).html


def test_the_heat_map_prints_every_cell_and_unknown_never_as_0(almere):
    cells = almere.cells
    shown = squares(section("heat_map", almere).html)
    unknown = cells["applicable"] & ~cells["known"]
    assert len(shown) == len(cells)
    assert sum(text == "?" and words == "onbekend" for _, text, words in shown) == unknown.sum() > 0
    assert sum(text == "–" for _, text, _ in shown) == (~cells["applicable"]).sum() > 0
    assert sum(text == "0" for _, text, _ in shown) == (cells["level"] == 0).sum()


def test_a_weak_protection_is_as_dark_as_a_strong_suspicion(urk):
    """Colour follows risk: level 0 of resilience is a full gap."""
    shown = {(words, shade) for shade, _, words in squares(section("heat_map", urk).html)}
    assert ("0 afwezig", "h6") in shown
    assert ("3 structureel", "h6") in shown
    assert ("0 geen vermoeden", "h0") in shown


def test_a_wide_district_is_cut_in_tables_that_fit_a_page_and_no_park_page_states_a_fact(almere):
    """No table has more columns than a landscape page holds."""
    html = section("heat_map", almere).html
    assert all(table.count("turned") <= 31 for table in html.split("<table")[1:])
    html = section("park_pages", almere).html
    assert "aanwijzing voor mogelijk" in html
    assert not re.search(r"\bEr is (hennep|drugs|witwassen)", html)


def test_the_front_page_names_reasons_with_their_cells_and_the_blind_spots(urk, almere):
    first = urk.advice.park_ids[0]
    reason = next(reason for reason in urk.reasons if reason.park_id == first)
    assert re.search(rf"{reason.indicator}, [a-z ]+: {reason.level} \w+", section("key_points", urk).html)
    assert urk.advice.sentence in section("front_page", urk).html
    blind = almere.parks[almere.parks["action"] == "blind_spot"].sort_values("p_selected", ascending=False)
    assert blind["name"].iloc[0] in section("key_points", almere).html.split("Blinde vlekken")[1]


def test_a_missing_workbook_cannot_be_overlooked(own_workspace):
    (own_workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    assessment = wb.assess("urk")
    for name in ("front_page", "information_position"):
        assert "De werkmap van de politie ontbreekt" in section(name, assessment).html
    assert section("information_position", assessment).html.count("niet aangeleverd") == 5
    assert "rusten op één partij" in section("ranking_table", assessment).html


def test_a_group_in_which_nothing_applies_is_called_so_and_stands_in_for_nothing(urk):
    cells, groups = urk.cells, urk.groups
    own = cells["park_id"].eq("URK-04") & cells["indicator"].str.startswith("W")
    cells.loc[own, "contribution"] = float("nan")
    group = groups["park_id"].eq("URK-04") & groups["group"].eq("resilience_gap")
    groups.loc[group, ["score", "low", "high"]] = float("nan")
    total = cells.loc[cells["park_id"].eq("URK-04"), "contribution"].sum()
    parks = urk.parks.assign(score=urk.parks["score"].where(urk.parks["park_id"] != "URK-04", total))
    made = replace(urk, _parks=parks, _cells=cells, _groups=groups)
    view = view_of(made)
    assert sum(part.points for part in score_lines(view, view.park("URK-04"))) == pytest.approx(total)
    assert re.findall(">([?–])<", section("ranking_table", made).html) == ["–"]


def test_an_audience_that_may_not_see_both_parties_and_another_catalogue_are_refused(urk):
    for audience in ("police", "municipality", "steering", "partners", "entrepreneurs", "public"):
        other = replace(urk, parameters=urk.parameters.model_copy(update={"audience": audience}))
        for make in (wb.report.front_page, wb.report.ranking, wb.report.advice_document):
            with pytest.raises(OutputError, match="er is niets gemaakt"):
                make(other)
    with pytest.raises(OutputError, match="catalogus is veranderd"):
        wb.report.front_page(replace(urk, catalogue_fingerprint="0" * 64))


def test_one_party_sees_its_own_judgements_only_and_not_its_place_in_the_district(demo_workspace):
    """Of phenomena the groups; a place among others' parks says something of them."""
    own = wb.assess(wb.load_parameters("urk", audience="police", parties=("police",)))
    assert {party for *_, party in view_of(own).judgements} == {"police"}
    assert "gemeente:" not in wb.report.front_page(own).html
    assert "Hennepteelt" not in wb.report.phenomena(own).html
    assert "Drugs" in wb.report.phenomena(own).html
    assert all(park["reasons"] == [] for park in wb.report.advice_document(own)["parks"])
    own = wb.assess(wb.load_parameters("urk", audience="municipality", parties=("municipality",)))
    assert "Plaats in district" not in wb.report.ranking_table(own).html
    assert all(park["district_rank"] is None for park in wb.report.advice_document(own)["parks"])


def test_the_colophon_says_who_made_it_and_who_gets_it_or_that_nobody_said_so(urk):
    """As roles, of this reader's copy only; the words of other copies' lists are not in it."""
    told = facts(section("accountability", urk))
    assert (told["Opsteller"], told["Verspreiding"]) == ("Analist van het RIEC", "Analisten van het RIEC")
    assert told["Rubricering"] == "CONVENANTINFORMATIE"
    assert told["Peildatum"].startswith(("Op ", "Tussen "))
    assert told["Bewaren"].startswith("tot en met ")
    line = "Opgesteld door: analist van het RIEC. Verspreiding: analisten van het RIEC."
    assert line in " ".join(said(section("key_points", urk)))
    assert "leden van de stuurgroep" not in section("accountability", urk).html
    silent = replace(urk, parameters=urk.parameters.model_copy(update={"report": Imprint()}))
    told = facts(section("accountability", silent))
    assert (told["Opsteller"], told["Verspreiding"]) == ("Niet opgegeven", "Niet opgegeven")
    assert "Opgesteld" not in section("key_points", silent).html


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
