"""What stands beside a cell without a level, and does not go with it."""

from __future__ import annotations

import pytest

from werkbank.matrix.checks import beside_findings

from .conftest import day, matrix_of

CELL = ("URK-01", "V02", "police")


def found(catalogue, sign, beside):
    matrix = matrix_of(catalogue, {"police": {"URK-01": "1" + sign}}, beside={CELL: beside})
    return [(each.rule, each.sheet, each.cell, each.indicator) for each in beside_findings(matrix)]


@pytest.mark.parametrize("beside", [("Gezien bij schouw.", "", None), ("", "B", None), ("", "", day("2026-01-15"))])
def test_an_explanation_beside_an_open_cell_points_at_the_open_cell(catalogue, beside):
    """There the judgement has to be filled in."""
    assert found(catalogue, ".", beside) == [("explained-but-open", "Matrix", "C5", "V02")]


@pytest.mark.parametrize(
    ("beside", "cell"),
    [(("", "B", None), "C3"), (("", "", day("2026-01-15")), "D3"), (("", "A", day("2026-01-15")), "C3")],
)
def test_a_source_or_date_beside_unknown_points_at_the_source(catalogue, beside, cell):
    assert found(catalogue, "?", beside) == [("source-beside-unknown", "Toelichting", cell, "V02")]


def test_a_remark_beside_unknown_says_why_and_is_welcome(catalogue):
    assert found(catalogue, "?", ("Navraag loopt.", "", None)) == []


@pytest.mark.parametrize("sign", ["0", "3", "-"])
def test_a_judgement_may_have_it_all(catalogue, sign):
    assert found(catalogue, sign, ("Gezien bij schouw.", "B", day("2026-01-15"))) == []


def test_a_cell_that_could_not_be_read_has_its_finding_already(workbook, load):
    """The cell is open because of the fault in it, not because it was forgotten."""

    def spoil(book):
        book["Matrix"]["C5"] = "9"

    assert [finding.rule for finding in load(workbook(spoil)).findings] == ["level-outside-scale"]


def test_a_return_full_of_faults_is_not_called_blank(workbook, load):
    def spoil(book):
        for row in book["Matrix"].iter_rows(min_row=4, min_col=3):
            for cell in row:
                cell.value = "9"

    rules = {finding.rule for finding in load(workbook(spoil)).findings}
    assert "level-outside-scale" in rules
    assert "nothing-filled-in" not in rules
