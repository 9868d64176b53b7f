"""Several sheets with judgements in one file: one of them counts by its name, and none is chosen by guessing."""

import pytest

from werkbank.matrix.layout import SHEET_REMARKS

from .conftest import SECRET, by_cell, refused
from .formats import Sheet, delimited, xlsx

LIST = ["park_id", "indicator", "party", "level"]


def sheet(name, parks=("URK-01", "URK-02", "URK-03"), level=2):
    return Sheet([["", *parks], ["V01", *[level] * len(parks)], ["V02", *[0] * len(parks)]], name)


@pytest.fixture
def read(tmp_path, load):
    """Write these sheets into one file and read it."""

    def make(*sheets, name="urk_politie.xlsx"):
        path = tmp_path / name
        path.write_bytes(xlsx(*sheets))
        return load(path)

    return make


def named(findings):
    return [(each.rule, each.sheet) for each in findings if not each.rule.startswith(("missing-", "unknown-round"))]


@pytest.mark.parametrize(
    "sheets",
    [
        (sheet("Politie", level=3), sheet("Gemeente", level=1)),
        (sheet("Urk"), sheet("Almere", parks=("ALM-01", "ALM-02"))),
        (sheet("Politie"), sheet("Politie (2)", level=0)),
        (sheet("Voorbeeld", parks=("URK-01",)), sheet("Retour")),
    ],
    ids=["parties", "municipalities", "a copy", "a larger one"],
)
def test_of_several_sheets_with_judgements_none_is_chosen(read, sheets):
    """One file is of one party and municipality, on one sheet; which of these it is, nobody knows: both are named."""
    assert named(refused(read, *sheets)) == [("ambiguous-matrix", each.name) for each in sheets]


@pytest.mark.parametrize("other", [sheet("Concept", level=0), sheet("Groot", level=1)], ids=["a draft", "as large"])
def test_the_sheet_called_matrix_counts(read, other):
    """What stands beside it is a draft or an example: named, and not read."""
    matrix = read(other, sheet("matrix "))
    assert by_cell(matrix)["URK-01", "V01"] == 2
    assert ("second-matrix", other.name) in named(matrix.findings)


def test_a_workbook_holds_a_matrix_and_a_text_file_a_list(read, tmp_path, load):
    """The other way round is refused in one sentence, with what to send instead."""
    grid, lines = sheet("Matrix"), Sheet([LIST, ["URK-01", "V01", "politie", 3]], "Lijst")
    (tmp_path / "urk_politie.csv").write_bytes(delimited(grid.rows))
    for found in (refused(read, lines), refused(load, tmp_path / "urk_politie.csv")):
        assert named(found) == [("no-matrix", None)]
        assert "één oordeel per regel (.csv)" in found[0].remedy


def test_a_renamed_sheet_of_remarks_is_found_by_its_headings(workbook, load):
    """Remarks are not lost because somebody gave their sheet another name."""
    matrix = load(workbook(lambda book: setattr(book[SHEET_REMARKS], "title", "Opmerkingen politie")))
    assert SECRET in set(matrix.judgements["remark"])
    assert matrix.remark_place_of("URK-01", "V01", "police").sheet == "Opmerkingen politie"
    assert matrix.findings == ()
