"""A return on another scale: one finding for the whole, and nothing converted."""

from __future__ import annotations

import pytest

from werkbank.matrix.layout import SHEET_MATRIX

from .conftest import by_cell

CELLS = [f"{column}{row}" for column in "CDE" for row in range(5, 15)]
"""Thirty judgements about threats."""


@pytest.fixture
def read(workbook, load):
    """Fill thirty cells with these values, over and over, and read the workbook."""

    def make(*values, number_format=None):
        def fill(book):
            sheet = book[SHEET_MATRIX]
            for row in sheet.iter_rows(min_row=5, min_col=3, max_col=5):
                for cell in row:
                    cell.value = "onbekend" if sheet.cell(cell.row, 1).value else None
            for number, cell in enumerate(CELLS):
                sheet[cell] = values[number % len(values)]
                if number_format:
                    sheet[cell].number_format = number_format

        return load(workbook(fill))

    return make


def mixed(matrix):
    return [finding for finding in matrix.findings if finding.rule == "mixed-scale"]


@pytest.mark.parametrize(
    "values", [(0, 1, 2, 3, 4, 5), (0, 2, 10), (1, 2, 4, *[3] * 24, 4, 4, 4), (25, 50, 100), (0.5, 1)]
)
def test_another_scale_is_one_finding_for_the_whole(read, values):
    """Beside the findings of the cells, and without a cell of its own."""
    (finding,) = mixed(read(*values))
    assert "mogelijk is een andere schaal gebruikt" in finding.found
    assert (finding.severity, finding.sheet, finding.cell) == ("error", SHEET_MATRIX, None)
    assert "niets omgerekend" in finding.remedy


@pytest.mark.parametrize(
    "values", [(0, 1, 2, 3), (0, *[1] * 27, 4, 4), (0, 1, "zie mail", "ja"), (1000, 612345678, -1)]
)
def test_slips_of_the_pen_are_no_other_scale(read, values):
    """One or two odd numbers, texts, and numbers that are on no scale have findings of their own only."""
    assert mixed(read(*values)) == []


@pytest.mark.parametrize("values", [(0, 1, 2, 3, 4, 5), (1, 2, 3, 4), (25, 50, 100), ("ja", "nee")])
def test_nothing_is_converted(read, values):
    """What is a level stays that level, what is none is open with a finding of its own, and nothing becomes a nought."""
    matrix = read(*values)
    cells = {finding.cell: (finding.park_id, finding.indicator) for finding in matrix.findings if finding.cell}
    judged = by_cell(matrix)
    for number, cell in enumerate(CELLS):
        value = values[number % len(values)]
        if value in (0, 1, 2, 3):
            assert cell not in cells
        else:
            assert judged[cells[cell]] == "open"
    assert list(judged.values()).count(0) == sum(values[n % len(values)] == 0 for n in range(len(CELLS)))


def test_a_percentage_that_is_stored_as_a_level_is_no_level(read):
    """100 % is a 1 to the program and 0 % a nought: both are refused, cell by cell, and the whole is named."""
    matrix = read(0, 1, number_format="0%")
    assert len([finding for finding in matrix.findings if finding.rule == "percentage"]) == len(CELLS)
    assert set(by_cell(matrix).values()) <= {"open", "unknown"}
    assert "in 30 cellen" in mixed(matrix)[0].found
