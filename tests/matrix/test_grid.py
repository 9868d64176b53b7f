"""Cell by cell: what cannot be trusted is open, what is missing or hidden is named."""

from __future__ import annotations

import pytest
from werkbank.matrix.locating import Words, locate
from werkbank.matrix.opening import Table
from werkbank.matrix.reading import Grid

from werkbank.matrix.cells import CellReader
from werkbank.matrix.layout import SHEET_MATRIX
from werkbank.settings.catalogue import load_catalogue

from .conftest import by_cell, places

CATALOGUE = load_catalogue()
CODES = CATALOGUE.indicator_ids[:3]
PARKS = ("P-01", "P-02")
ROWS = (
    ("", "", "P-01", "P-02", "Q-01"),
    (CODES[0], "", "2", "0", "1"),
    (CODES[1], "", "onbekend", "", "1"),
    (CODES[2], "", "3,5", "n.v.t.", "1"),
)


def grid(**marks):
    table = Table("Matrix", ROWS, **marks)
    parks = Words.of("park", [("P-01", "Oost"), ("P-02", "West"), ("Q-01", "Noord")])
    located = locate(table, "f.xlsx", parks, Words.of("indicator", [(code, "") for code in CODES]))
    return Grid("f.xlsx", located, CellReader(CATALOGUE))


def read(grid, parks=PARKS, codes=CODES):
    judgements, faults = grid.judgements(parks, codes)
    return [judgement.level if judgement.state == "level" else judgement.state for judgement in judgements], faults


def test_cells_come_park_by_park():
    """Every park × indicator once, in that order; what cannot be read is open, with a finding."""
    values, faults = read(grid())
    assert values == [2, "unknown", "open", 0, "open", "not_applicable"]
    assert [(fault.cell, fault.park_id, fault.indicator) for fault in faults] == [("C4", "P-01", CODES[2])]


def test_what_is_not_on_the_sheet_is_open():
    """A park or indicator that has no place has no judgement; gaps names it."""
    other = CATALOGUE.indicator_ids[3]
    values, faults = read(grid(), ("P-09",), (CODES[0], other))
    assert values == ["open", "open"]
    assert faults == []
    named = [(gap.rule, gap.park_id or gap.indicator) for gap in grid().gaps(("P-01", "P-09"), (CODES[0], other))]
    assert ("missing-park", "P-09") in named
    assert ("missing-indicator", other) in named


def test_a_park_of_another_municipality_is_named_by_its_cell():
    """A known park in the wrong workbook is not read, and its head is pointed out."""
    (gap,) = grid().gaps(PARKS, CODES)
    assert (gap.rule, gap.park_id, gap.cell) == ("park-of-other-municipality", "Q-01", "E1")


@pytest.mark.parametrize(
    ("marks", "rule"),
    [
        ({"unreliable": frozenset({(1, 3)})}, "formula-without-value"),
        ({"merged": {(1, 3): (1, 2)}}, "merged-cell"),
        ({"unreliable": frozenset({(1, 3)}), "merged": {(1, 3): (1, 3)}}, "formula-without-value"),
    ],
)
def test_a_cell_that_cannot_be_trusted_is_open(marks, rule):
    """A formula without a value and a merged cell are never a level, though a value seems to stand there."""
    values, faults = read(grid(**marks))
    assert values == [2, "unknown", "open", "open", "open", "not_applicable"]
    assert ("D2", rule) in [(fault.cell, fault.rule) for fault in faults]


def test_what_is_hidden_counts_and_is_named():
    """A hidden sheet, row or column holds judgements that nobody saw: each a warning, only for what counts."""
    found = list(grid(hidden=True, hidden_rows=frozenset({2, 9}), hidden_columns=frozenset({1, 3})).hidden())
    assert [(each.rule, each.cell, each.severity) for each in found] == [
        ("hidden-sheet", None, "warning"),
        ("hidden-row", "A3", "warning"),
        ("hidden-column", "D1", "warning"),
    ]


def test_faults_in_a_real_workbook_have_their_cells(workbook, load, original):
    """A formula, an error, merged judgements and a missing park, all in one file, each with its place."""

    def damage(book):
        sheet = book[SHEET_MATRIX]
        sheet["C5"], sheet["C6"] = "=IF(1,2,3)", "#REF!"
        sheet.merge_cells("C8:D8")
        sheet["E2"] = None

    matrix = load(workbook(damage))
    assert places(matrix.findings) == [
        ("formula-without-value", "C5"),
        ("formula-without-value", "C6"),
        ("merged-cell", "C8"),
        ("merged-cell", "D8"),
        ("missing-park", ""),
        ("values-without-park", "E2"),
    ]
    spoiled = {(finding.park_id, finding.indicator) for finding in matrix.findings if finding.indicator}
    for cell, value in by_cell(matrix).items():
        assert value == ("open" if cell in spoiled or cell[0] == "URK-03" else original[cell])


def test_a_missing_indicator_and_park_are_named(workbook, load, catalogue):
    """Who deletes a row and a column hears which."""

    def delete(book):
        book[SHEET_MATRIX].delete_rows(5)
        book[SHEET_MATRIX].delete_cols(3)

    matrix = load(workbook(delete))
    first = catalogue.indicator_ids[0]
    assert sorted(finding.found for finding in matrix.findings) == [
        f"indicator {first} ontbreekt",
        "terrein URK-01 ontbreekt",
    ]


def test_a_doubled_park_is_not_also_missing(workbook, load):
    """One fault, one kind of finding: doubled, not missing as well."""
    matrix = load(workbook(lambda book: book[SHEET_MATRIX].__setitem__("D2", "URK-01")))
    assert places(matrix.findings) == [("doubled-park", "C2"), ("doubled-park", "D2"), ("missing-park", "")]
    assert [finding.park_id for finding in matrix.findings if finding.rule == "missing-park"] == ["URK-02"]
