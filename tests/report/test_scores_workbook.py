"""scores.xlsx holds values only, says what is unknown, and is the same for the same input."""

import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest

import werkbank as wb

SHEETS = ["Leeswijzer", "Scores", "Groepen", "Cellen", "Oordelen", "Methode"]


def table(book, name):
    """A sheet as a list of rows by heading."""
    rows = list(book[name].iter_rows(min_row=3, values_only=True))
    return [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


@pytest.fixture(scope="module")
def written(almere, tmp_path_factory):
    return wb.report.write_scores(almere, tmp_path_factory.mktemp("scores") / "scores.xlsx")


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written)


def test_the_sheets_stand_in_reading_order(book):
    assert book.sheetnames == SHEETS


def test_the_same_assessment_gives_the_same_bytes(almere, written, tmp_path):
    assert wb.report.write_scores(almere, tmp_path / "other.xlsx").read_bytes() == written.read_bytes()


def test_every_sheet_carries_its_labels_on_screen_and_in_print(book):
    label = wb.load_catalogue().audience("riec").label
    for sheet in book:
        shown = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value)
        for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label):
            assert text in shown
        assert "FICTIEVE GEGEVENS" in sheet.oddHeader.left.text


def test_the_guide_explains_every_column(book):
    guide = " ".join(str(cell.value) for row in book["Leeswijzer"].iter_rows() for cell in row)
    assert "besluit van Fictieve stuurgroep" in guide
    for name in SHEETS[1:]:
        assert all(heading in guide for heading in (cell.value for cell in book[name][3]))


def test_headings_stay_in_sight_and_can_be_filtered(book):
    for name in SHEETS[1:]:
        assert book[name].freeze_panes == "A4"
        assert book[name].auto_filter.ref.startswith("A3:")


def test_every_park_group_cell_and_judgement_is_there(book, almere):
    assert len(table(book, "Scores")) == 31
    assert len(table(book, "Groepen")) == 31 * 3
    assert len(table(book, "Cellen")) == 31 * 35
    assert len(table(book, "Oordelen")) == 31 * 35 * 2


def test_scores_are_the_scores_of_the_assessment(book, almere):
    shown = {row["Terreincode"]: row["Score"] for row in table(book, "Scores")}
    for park in almere.parks.dropna(subset="score").itertuples():
        assert shown[park.park_id] == pytest.approx(park.score)


def test_the_recalculations_stand_beside_the_scores(book, almere):
    """How often a park comes first, or among those to choose, and between which ranks and scores it usually lies."""
    rows = {row["Terreincode"]: row for row in table(book, "Scores")}
    columns = {
        "Bovenaan": "p_first", "Bij de hoogste": "p_selected", "Rang meestal vanaf": "rank_low",
        "Rang meestal tot": "rank_high", "Score meestal vanaf": "drawn_low", "Score meestal tot": "drawn_high",
    }  # fmt: skip
    for park in almere.parks.to_dict("records"):
        for heading, name in columns.items():
            assert rows[park["park_id"]][heading] == pytest.approx(float(park[name]))


def test_a_score_is_not_shown_in_another_class(urk, tmp_path):
    """Excel would show 59.97 with one decimal as 60.0, beside the class below 60."""
    near = replace(urk, _parks=urk.parks.assign(score=59.97))
    sheet = openpyxl.load_workbook(wb.report.write_scores(near, tmp_path / "s.xlsx"))["Scores"]
    column = [cell.value for cell in sheet[3]].index("Score") + 1
    assert {sheet.cell(row, column).number_format for row in range(4, 8)} == {"0.0#######"}


def test_unknown_is_a_question_mark_and_never_0(book, almere):
    without = set(almere.parks.loc[almere.parks["score"].isna(), "park_id"])
    assert without
    assert all(row["Score"] == "?" for row in table(book, "Scores") if row["Terreincode"] in without)
    cells = almere.cells
    unknown = (cells["applicable"] & ~cells["known"]).sum()
    assert sum(row["Niveau"] == "?" for row in table(book, "Cellen")) == unknown > 0
    assert sum(row["Niveau"] == 0 for row in table(book, "Cellen")) == (cells["level"] == 0).sum()


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://example.org")'])
def test_text_never_becomes_a_formula_or_a_link(urk, tmp_path, text):
    hostile = replace(urk, _parks=urk.parks.assign(name=text))
    path = wb.report.write_scores(hostile, tmp_path / "s.xlsx")
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    sheets = [content for name, content in inside.items() if "worksheets/" in name]
    assert not any(re.search(r"<f[ >]|<hyperlink", content) for content in sheets)
    assert text in {row["Terrein"] for row in table(openpyxl.load_workbook(path), "Scores")}
