"""Several matrices in one file: each that tells whose it is counts, and none is chosen by guessing."""

from __future__ import annotations

from pathlib import Path

import pytest

from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix
from werkbank.matrix.layout import SHEET_MATRIX, SHEET_REMARKS, SHEET_SCHEMA

from .conftest import PARKS, ROUND, SECRET, by_cell, said
from .formats import Sheet, ods, xls, xlsx

WRITERS = {"xlsx": xlsx, "ods": ods, "xls": xls}


def sheet(name, parks=("URK-01", "URK-02", "URK-03"), level=2, title=""):
    return Sheet(
        [[title, *[""] * len(parks)], ["", *parks], ["V01", *[level] * len(parks)], ["V02", *[0] * len(parks)]], name
    )


@pytest.fixture
def read(tmp_path, load):
    """Write these sheets into one file and read it."""

    def make(*sheets, name="retour.xlsx", kind="xlsx", **options):
        path = tmp_path / name
        path.write_bytes(WRITERS[kind](*sheets))
        return load(path, **options)

    return make


def sources(matrix):
    return [(source.municipality, source.party) for source in matrix.sources]


def rules(findings):
    return [finding.rule for finding in findings if not finding.rule.startswith("missing-")]


@pytest.mark.parametrize("kind", WRITERS)
@pytest.mark.parametrize("name", ["retour.xlsx", "urk_politie.xlsx"])
def test_a_sheet_for_each_party_is_a_delivery_each(read, kind, name):
    """The names of the sheets tell the party, the parks the municipality; the name of the file is true of one at most."""
    matrix = read(sheet("Politie", level=3), sheet("Gemeente", level=1), kind=kind, name=name.replace("xlsx", kind))
    assert sources(matrix) == [("urk", "police"), ("urk", "municipality")]
    frame = matrix.judgements.set_index(["park_id", "indicator", "party"])["level"]
    assert (frame["URK-01", "V01", "police"], frame["URK-01", "V01", "municipality"]) == (3, 1)
    assert matrix.place_of("URK-02", "V01", "municipality").sheet == "Gemeente"
    assert rules(matrix.findings).count("concluded-identity") == 2


def test_a_sheet_for_each_municipality_is_a_delivery_each(read):
    """The titles name the party, the parks tell of which municipality each sheet is."""
    title = "Risicomatrix politie, ronde 2026-1"
    matrix = read(sheet("Blad1", title=title), sheet("Blad2", parks=("ALM-01", "ALM-02"), title=title))
    assert sources(matrix) == [("urk", "police"), ("almere", "police")]
    assert "unknown-round" not in rules(matrix.findings)


def test_sheets_of_the_same_party_are_not_chosen_from(read):
    """Two matrices of one size and no sheet called Matrix: neither counts, and both are named."""
    with pytest.raises(MatrixError) as caught:
        read(sheet("Politie"), sheet("Politie (2)", level=0), name="urk_politie.xlsx")
    assert [(each.rule, each.sheet) for each in caught.value.findings] == [
        ("ambiguous-matrix", "Politie"),
        ("ambiguous-matrix", "Politie (2)"),
    ]


def test_the_sheet_called_matrix_counts_and_so_does_the_largest(read):
    """A smaller one beside it is a draft or an example: named, and not read."""
    matrix = read(sheet("Concept", level=0), sheet("matrix "), name="urk_politie.xlsx")
    assert by_cell(matrix)["URK-01", "V01"] == 2
    assert ("second-matrix", "Concept") in [(each.rule, each.sheet) for each in matrix.findings]
    matrix = read(sheet("Voorbeeld", parks=("URK-01",), level=0), sheet("Retour"), name="urk_politie.xlsx")
    assert by_cell(matrix)["URK-01", "V01"] == 2
    assert ("second-matrix", "Voorbeeld") in [(each.rule, each.sheet) for each in matrix.findings]


def test_a_workbook_of_ours_is_of_one_party_whatever_is_added(workbook, load, original):
    """Its hidden sheet says whose it is; a second matrix in it is not somebody else's delivery."""

    def add(book):
        book.copy_worksheet(book[SHEET_MATRIX]).title = "Gemeente"

    matrix = load(workbook(add))
    assert by_cell(matrix) == original
    assert rules(matrix.findings) == ["second-matrix"]


def test_remarks_of_several_parties_are_nobodys(workbook, load):
    """On one sheet of remarks for two parties nobody knows whose a remark is: they are not read, and that is said."""

    def split(book):
        del book[SHEET_SCHEMA]
        book[SHEET_MATRIX]["A1"] = "Urk"
        book[SHEET_MATRIX].title = "Politie"
        book.copy_worksheet(book["Politie"]).title = "Gemeente"

    matrix = load(workbook(split))
    assert sources(matrix) == [("urk", "police"), ("urk", "municipality")]
    assert set(matrix.judgements["remark"]) == {""}
    assert [each.sheet for each in matrix.findings if each.rule == "remarks-of-several"] == [SHEET_REMARKS]
    assert SECRET not in said(matrix.findings)


def test_a_list_beside_a_matrix_is_named_and_not_read(read):
    """Which of the two was meant is asked, not guessed: the matrix counts."""
    listed = Sheet([["park_id", "indicator", "party", "level"], ["URK-01", "V01", "police", 0]], "Lijst")
    matrix = read(sheet("Matrix"), listed, name="urk_politie.xlsx")
    assert by_cell(matrix)["URK-01", "V01"] == 2
    assert ("second-matrix", "Lijst") in [(each.rule, each.sheet) for each in matrix.findings]


def test_lists_on_several_sheets_are_all_read(read):
    """A sheet for each party, each a list."""
    head = ["park_id", "indicator", "party", "level"]
    lists = [
        Sheet([head, ["URK-01", "V01", party, level]], party) for party, level in (("politie", 3), ("gemeente", 1))
    ]
    matrix = read(*lists)
    assert sources(matrix) == [("urk", "police"), ("urk", "municipality")]


def test_the_same_party_in_two_files_counts_for_nothing_whatever_the_format(tmp_path, load):
    """A workbook and a CSV of one party: which is meant is not known."""
    (tmp_path / "urk_politie.ods").write_bytes(ods(sheet("Matrix")))
    (tmp_path / "urk_politie.csv").write_text("park_id;indicator;level\nURK-01;V01;0\n", encoding="utf-8")
    with pytest.raises(MatrixError) as caught:
        load(tmp_path / "urk_politie.ods", tmp_path / "urk_politie.csv")
    assert rules(caught.value.findings).count("doubled-delivery") == 2


def test_a_renamed_sheet_of_remarks_is_found_by_its_headings(workbook, load):
    """Remarks are not lost because somebody gave their sheet another name."""
    matrix = load(workbook(lambda book: setattr(book[SHEET_REMARKS], "title", "Opmerkingen politie")))
    assert SECRET in set(matrix.judgements["remark"])
    assert matrix.remark_place_of("URK-01", "V01", "police").sheet == "Opmerkingen politie"
    assert matrix.findings == ()


def test_a_folder_that_may_not_be_read_is_an_error_in_dutch(tmp_path, catalogue, monkeypatch):
    """No traceback, and not the path of the machine."""

    def refuse(self):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(MatrixError) as caught:
        load_matrix(tmp_path, catalogue, PARKS, round=ROUND)
    assert caught.value.findings[0].rule == "unreadable-file"
    assert str(tmp_path.parent) not in str(caught.value)
