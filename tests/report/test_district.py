"""The district side by side: nothing is assessed anew, and only what was scored alike is compared."""

import re
import shutil
from dataclasses import replace
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.oxml.ns import qn

import werkbank as wb
from tests.dutch import faults
from tests.figures import KnownTogether, figures, page_blocks, planted, unknown, word_blocks
from tests.plain_notebooks import filled
from tests.report.reading import tables
from werkbank.errors import OutputError
from werkbank.report import charts_map
from werkbank.report.district import DISTRICT_CHAPTERS
from werkbank.settings.workspace import municipality_slugs

HOSTILE = "</script><img src=x onerror=alert(1)><b>&amp;\"'=1+1"


@pytest.fixture(scope="module")
def analysed(demo_workspace, assessed, tmp_path_factory):
    """A workspace in which every municipality was analysed; the analyses stand in their folders."""
    workspace = tmp_path_factory.mktemp("together") / "w"
    shutil.copytree(demo_workspace, workspace)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        for slug in municipality_slugs(workspace):
            assessed(slug).save(wb.load_parameters(slug).output_folder)
    return workspace


@pytest.fixture
def workspace(analysed, tmp_path, monkeypatch):
    """A copy of its own, to change."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    return shutil.copytree(analysed, tmp_path / "w")


@pytest.fixture(scope="module")
def district(analysed):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(analysed))
        yield wb.report.district_analysis(wb.load_parameters("urk"))


def of_district(slug="urk"):
    return wb.report.district_analysis(wb.load_parameters(slug))


def cells(chapter):
    """The rows of a chapter's table as texts."""
    ((_, rows),) = tables(chapter)
    return rows


def test_all_parks_are_in_it_on_the_places_of_the_analyses_themselves(district):
    assert len(district.views) == 6
    assert len(district.parks) == 77
    assert district.left_out == ()
    assert district.compared == district.views
    own = {park.park_id: park.district_rank for view in district.views for park in view.parks}
    assert {one.park.park_id: one.place for one in district.placed()} == own
    assert sorted(place for place in own.values() if place)[:3] == [1, 2, 3]
    ((heads, (*rows, together)),) = tables(wb.report.district_chapter(district, "spread"))
    assert heads == ["Gemeente", "Terreinen", "Advies", "Informatie halen", "Volgen", "Geen aanleiding"]
    for column in range(1, len(together)):
        assert sum(int(row[column]) for row in rows) == int(together[column])
    assert sum(int(figure) for figure in together[2:6]) == int(together[1]) == 77
    blind = {row[0]: row[-1] for row in cells(wb.report.district_chapter(district, "front"))}
    assert blind == {row[0]: row[3] for row in rows}
    assert '<tr class="total"><th scope="row">Samen</th>' in wb.report.district_chapter(district, "spread").html


def test_a_municipality_scored_by_another_method_is_not_compared(workspace):
    """It keeps its own advice, and its parks get no place among the others."""
    path = workspace / "parameters" / "urk.yaml"
    own = "deviations:\n  reason: Besluit van de stuurgroep van 3 maart 2026.\n  method:\n    power: {threat: 1}\n"
    path.write_text(path.read_text(encoding="utf-8") + own, encoding="utf-8")
    parameters = wb.load_parameters("urk")
    wb.assess(parameters).save(parameters.output_folder)
    district = of_district()
    assert len(district.views) == 6
    assert len(district.compared) == 5
    assert not [one for one in district.placed() if one.park.park_id.startswith("URK")]
    rows = {row[0]: row[1:] for row in cells(wb.report.district_chapter(district, "comparison"))}
    assert rows["Urk (fictief)"] == ["nee", "een andere methode"]
    assert rows["Almere (fictief)"] == ["ja", "–"]
    assert "Urk (fictief)" in wb.report.district_chapter(district, "front").html
    assert "Urk" not in wb.report.district_scores(district).svg
    # Nor is one of which a party is missing: the highest of two is higher than that of one (method.md 2).
    path.write_text(path.read_text(encoding="utf-8").removesuffix(own), encoding="utf-8")
    (workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    wb.assess("urk").save(parameters.output_folder)
    rows = {row[0]: row[1:] for row in cells(wb.report.district_chapter(of_district("almere"), "comparison"))}
    assert rows["Urk (fictief)"] == ["nee", "andere partijen leverden aan"]


def test_an_analysis_of_which_a_workbook_changed_is_left_out_with_the_reason(workspace, monkeypatch):
    """Or may not be read, as when another program holds it."""
    path, read = workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx", Path.open

    def refused(self, *how, **more):
        if self.name == "zeewolde_gemeente.xlsx":
            raise PermissionError(13, "Permission denied")
        return read(self, *how, **more)

    monkeypatch.setattr(Path, "open", refused)
    shutil.copyfile(workspace / "data" / "matrices" / "2026-1" / "zeewolde_politie.xlsx", path)
    (workspace / "output" / "2026-1" / "riec" / "dronten" / "assessment.json").unlink()
    district = of_district("almere")
    assert {one.name: one.reason for one in district.left_out} == {
        "Urk": "een werkmap is sindsdien veranderd",
        "dronten": "er is nog geen analyse",
        "Zeewolde": "een werkmap is nu niet te lezen",
    }
    told = wb.report.district_chapter(district, "front").html
    assert "Urk staat er niet in: een werkmap is sindsdien veranderd." in told
    assert len(district.views) == 3


def test_a_lapsed_legal_basis_leaves_nothing_to_compare_and_who_sees_the_own_area_gets_no_district(district, workspace):
    basis = district.views[0].assessment.legal_basis
    late = basis.valid_until.replace(year=basis.valid_until.year + 1)
    with pytest.raises(OutputError, match="nog geen enkele analyse"):
        wb.report.district_analysis(wb.load_parameters("urk"), today=late)
    with pytest.raises(OutputError, match="ziet alleen het eigen gebied"):
        wb.report.district_analysis(wb.load_parameters("urk", audience="municipality"))


def test_the_page_carries_its_labels_cannot_act_and_says_what_a_comparison_means(district):
    html = wb.report.render_district_html(filled("district", district=district), district)
    label = wb.load_catalogue().audience("riec").label
    for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label, "besluit van Fictieve stuurgroep"):
        assert text in html
    assert not re.search(r"<script|https?://|\bon\w+=", html)
    told = wb.report.district_chapter(district, "comparison").html
    assert "In elke gemeente vulden andere mensen in" in told
    assert "niet om gemeenten te rangschikken" in told
    assert "De volgorde staat niet vast" in wb.report.district_chapter(district, "places").html


def test_hostile_text_is_only_text_on_the_page(district):
    view = district.views[0]
    parks = tuple(replace(park, name=HOSTILE) for park in view.parks)
    hostile = replace(district, views=(replace(view, parks=parks),), compared=(replace(view, parks=parks),))
    for name in DISTRICT_CHAPTERS:
        html = wb.report.district_chapter(hostile, name).html
        assert "<img" not in html
        assert "</script>" not in html
    assert "&lt;/script&gt;&lt;img" in wb.report.district_chapter(hostile, "places").html


def test_the_tables_hold_every_park_and_no_cell_and_all_is_the_same_each_time(district, tmp_path):
    """district.json says of which analyses it was made, and holds no figure."""
    wb.report.write_district_tables(district, tmp_path)
    folder = tmp_path / "tabellen"
    assert {path.stem for path in folder.iterdir()} == {"terreinen", "deelscores", "fenomenen", "velden"}
    parks = pd.read_csv(folder / "terreinen.csv")
    assert len(parks) == 77
    assert parks["municipality"].nunique() == 6
    assert set(pd.read_csv(folder / "velden.csv")["table"]) == {"terreinen", "deelscores", "fenomenen"}
    (tmp_path / "again").mkdir()
    wb.report.write_district_tables(district, tmp_path / "again")
    for path in folder.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / "tabellen" / path.name).read_bytes()
    district.save(tmp_path)
    told = (tmp_path / "district.json").read_text(encoding="utf-8")
    for view in district.views:
        assert view.assessment.fingerprint in told
    assert not re.search(r"score|level", told)


def drawn(figure):
    """The rows of the marks that stand for parks."""
    return [row for rows in figure.spec["datasets"].values() for row in rows if "tip" in row]


def test_the_map_of_the_district_has_every_park_with_its_own_place_and_class(district):
    """Beside the picture: the same in a table, of every park once, with the figures of its own analysis."""
    figure = wb.report.district_map(district)
    shown = {row["code"]: row for row in drawn(figure)}
    assert len(shown) == 77
    for view in district.views:
        for park in view.parks:
            row = shown[park.park_id]
            assert row["rank"] == ("?" if park.rank is None else str(park.rank))
            assert (row["park"], row["advised"]) == (park.name, park in view.advised)
    assert "Kaart van 77 terreinen in 6 gemeenten" in figure.description
    drawn_too = [(row["park"], row["rank"], row["class"]) for row in shown.values()]
    assert sorted(row[1:] for row in figure.table[1:]) == sorted(drawn_too)
    assert figure.svg


def test_without_a_map_there_is_a_tile_for_every_park_and_no_two_lie_on_one_another(district, monkeypatch):
    """Whatever the place of a tile says, it is not where the park lies, and the reader is told so."""
    monkeypatch.setattr(charts_map, "places_within", lambda *_: None)
    figure = wb.report.district_map(district)
    tiles = {(row["mx"], row["my"]) for row in drawn(figure)}
    assert len(tiles) == 77
    assert "De plek van een vak zegt niets" in figure.caption
    assert "geen kaart" in figure.caption
    assert figure.svg


def test_no_class_is_shown_of_a_municipality_that_may_not_be_compared(district):
    """Its parks keep their place within it, and stand beside the others without a colour of risk."""
    some = replace(district, compared=district.compared[:5])
    own = {park.park_id for park in district.views[5].parks}
    for row in drawn(wb.report.district_map(some)):
        assert (row["class"] == "niet te vergelijken") == (row["code"] in own)


def test_every_figure_on_page_and_in_word_is_that_of_an_analysis_or_counted_from_them(district, monkeypatch, tmp_path):
    """And a figure that is wrong by one in its last digit would be seen, but where it is another of the same park."""
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    html = wb.report.render_district_html(filled("district", district=district), district)
    known = KnownTogether([view.assessment for view in district.views], wb.load_catalogue())
    word = docx.Document(str(wb.report.write_district_docx(district, tmp_path / "district.docx")))
    for blocks in (list(page_blocks(html, known.names)), list(word_blocks(word, known.names))):
        assert len([one for _, _, text in blocks for one in figures(text)]) > 300
        assert unknown(blocks, known) == []
        wrong, seen = planted(blocks, known, 3)
        assert seen >= 0.75 * wrong > 0


def test_the_word_file_says_what_the_page_says_in_every_table(district, tmp_path):
    """Every cell of every part, with real headings, the labels on each page and words for every picture."""
    path = wb.report.write_district_docx(district, tmp_path / "district.docx")
    document = docx.Document(str(path))
    sections = [wb.report.district_chapter(district, name) for name in DISTRICT_CHAPTERS]
    told = [[cell.text for cell in row.cells] for table in document.tables for row in table.rows]
    assert told == [row for section in sections for heads, rows in tables(section) for row in (heads, *rows)]
    headings = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert headings == [section.title for section in sections]
    page = document.sections[0]
    assert "FICTIEVE GEGEVENS · Vermoedens, geen vaststelling" in page.header.paragraphs[0].text
    assert "Grondslag: " in page.footer.paragraphs[0].text
    described = [one.get("descr") for one in document.element.body.iter(qn("wp:docPr"))]
    assert described == [wb.report.district_map(district).description, wb.report.district_scores(district).description]
    assert faults(cell for row in told for cell in row) == []
    again = wb.report.write_district_docx(district, tmp_path / "again.docx")
    assert again.read_bytes() == path.read_bytes()
