"""A return that cannot be marked goes back in the werkbank's own workbook, with each finding at its new place."""

from __future__ import annotations

import io

import openpyxl
import pytest
from werkbank.matrix.returns import Reply

from tests.matrix.conftest import PARKS, SECRET
from werkbank.errors import Finding
from werkbank.matrix import load_matrix
from werkbank.matrix.layout import SHEET_FINDINGS
from werkbank.matrix.marked_template import mark_in_template


@pytest.fixture
def moved(workbook, load):
    """A return in which somebody put two rows above the matrix and a column before it, with one faulty level."""

    def edit(book):
        sheet = book["Matrix"]
        sheet["D6"] = 9
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)

    return load(workbook(edit))


def back(matrix, catalogue, *findings):
    reply = Reply(
        file="urk_politie.xls", municipality="Urk", party="politie", round="2026-1", label="L", fictional=True,
        findings=findings, return_as="urk_politie.xlsx", rebuilt=True,
    )  # fmt: skip
    return mark_in_template(matrix, catalogue, PARKS, reply, "urk", "police")


def test_what_was_read_comes_back_cell_by_cell(moved, catalogue, tmp_path):
    path = tmp_path / "urk_politie.xlsx"
    path.write_bytes(back(moved, catalogue, *moved.findings))
    again = load_matrix([path], catalogue, PARKS, round="2026-1")
    assert again.equals(moved)
    assert again.fictional


def test_a_finding_moves_to_where_its_cell_is_now(moved, catalogue):
    (found,) = [one for one in moved.findings if one.rule == "level-outside-scale"]
    assert found.cell == "E8"
    book = openpyxl.load_workbook(io.BytesIO(back(moved, catalogue, found)))
    assert "level-outside-scale" in book["Matrix"]["D6"].comment.text
    assert book["Matrix"]["D6"].value is None
    assert book[SHEET_FINDINGS]["D6"].value == "D6"
    assert "nieuwe werkmap" in book[SHEET_FINDINGS]["A3"].value


def test_a_finding_about_a_remark_moves_to_the_remark(moved, catalogue):
    """Not to the level beside it: there is nothing to mend there."""
    park, indicator = "URK-02", catalogue.indicator_ids[0]
    place = moved.remark_place_of(park, indicator, "police")
    found = Finding(
        rule="person-name", severity="warning", file=place.file, sheet=place.sheet, cell=place.cell,
        park_id=park, indicator=indicator, found="mogelijk een naam", allowed="geen namen", remedy="haal haar weg",
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(back(moved, catalogue, found)))
    commented = [
        (sheet.title, cell) for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment is not None
    ]
    assert [(title, SECRET in str(cell.value)) for title, cell in commented] == [("Toelichting", True)]


def test_what_belongs_to_no_cell_there_says_where_it_was(moved, catalogue):
    found = Finding(
        rule="unknown-park", severity="error", file="urk_politie.xls", sheet="Matrix", cell="F4",
        found="onbekend: “urk-99”", allowed="een terreincode", remedy="bedoelt u “URK-01”?",
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(back(moved, catalogue, found)))
    sheet = book[SHEET_FINDINGS]
    assert [sheet["C6"].value, sheet["D6"].value] == [None, None]
    assert sheet["G6"].value == "in uw bestand, blad Matrix, cel F4: onbekend: “urk-99”"
    assert not any(cell.comment for row in book["Matrix"].iter_rows() for cell in row)
