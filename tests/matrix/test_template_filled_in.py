"""A blank workbook that somebody fills in, with LibreOffice or another program, is read without a single finding."""

import datetime as dt
import itertools

import openpyxl
import pytest

from tests.report.office import convert
from werkbank.matrix import layout
from werkbank.matrix.cells import CellReader

from .conftest import PARKS, by_cell, put
from .drawing import written
from .formats import changed

DAY = dt.date(2026, 3, 15)
BESIDE = [
    ("URK-01", "V01", "A", DAY, "Besproken in het werkoverleg."),
    ("URK-02", "G03", "C", DAY, "=1+1 is hier tekst, “net als” <dit>"),
    ("URK-03", "W06", "B", DAY, "Regel één\nen regel twee"),
]


@pytest.fixture(scope="module")
def blank(tmp_path_factory, catalogue):
    return written(tmp_path_factory.mktemp("blank") / "urk_politie.xlsx", catalogue, PARKS)


@pytest.fixture(scope="module")
def choices(blank):
    """Every cell to fill in with one of the texts of its own drop-down, all in turn: (cell, park, indicator, text)."""
    book = openpyxl.load_workbook(blank)
    sheet, lists = book[layout.SHEET_MATRIX], book[layout.SHEET_LISTS]
    chosen, turn = [], itertools.count()
    for rule in sheet.data_validations.dataValidation:
        area = rule.formula1.partition("!")[2].replace("$", "")
        texts = [cell.value for (cell,) in lists[area]]
        for (cell,) in zip(*sheet[str(rule.sqref)], strict=True):
            code = sheet.cell(cell.row, layout.CODE_COLUMN + 1).value
            park = sheet.cell(layout.PARK_ID_ROW + 1, cell.column).value
            chosen.append((cell.coordinate, park, code, texts[next(turn) % len(texts)]))
    return chosen


@pytest.fixture(scope="module")
def wanted(catalogue, choices):
    reader = CellReader(catalogue)
    read = {(park, code): reader.reader(code)(text) for _, park, code, text in choices}
    return {place: judgement.state if judgement.level is None else judgement.level for place, judgement in read.items()}


def test_every_cell_has_a_choice_and_every_text_of_every_list_is_used(choices, catalogue):
    assert len(choices) == len({cell for cell, *_ in choices}) == 3 * len(catalogue.indicators)
    used = {(catalogue.scale_of(code).id, text) for _, _, code, text in choices}
    assert used == {(scale.id, text) for scale in catalogue.scales for text in layout.list_texts(scale)}


@pytest.fixture(scope="module")
def by_script(blank, choices):
    with changed(blank, "ingevuld.xlsx") as book:
        put(**{cell: text for cell, _, _, text in choices})(book[layout.SHEET_MATRIX])
        for row, entry in enumerate(BESIDE, layout.FIRST_REMARK_ROW + 1):
            for column, value in enumerate(entry, 1):
                cell = book[layout.SHEET_REMARKS].cell(row, column, value)
                if isinstance(value, str):
                    # What a person types behind an apostrophe, or pastes: text.
                    cell.data_type = "s"
    return blank.with_name("ingevuld.xlsx")


@pytest.fixture(scope="module")
def by_office(by_script, tmp_path_factory):
    """As LibreOffice opens, calculates and saves it."""
    return convert([by_script], "xlsx:Calc MS Excel 2007 XML", tmp_path_factory.mktemp("office") / "o") / by_script.name


@pytest.mark.parametrize("way", ["by_script", "by_office"])
def test_filled_in_it_loads_without_a_finding(request, way, wanted, load):
    matrix = load(request.getfixturevalue(way))
    assert [str(finding) for finding in matrix.findings] == []
    assert by_cell(matrix) == wanted
    frame = matrix.judgements.query("remark != ''").assign(date=lambda rows: rows["date"].dt.date)
    names = ["park_id", "indicator", "source_strength", "date", "remark"]
    assert list(frame[names].itertuples(index=False, name=None)) == BESIDE


def test_libreoffice_keeps_every_lock_in_place_and_counts_what_we_count(by_office):
    book = openpyxl.load_workbook(by_office, data_only=True)
    assert book.sheetnames == ["Uitleg", "Matrix", "Toelichting", "Lijsten", "Schema"]
    assert all(sheet.protection.sheet for sheet in book)
    matrix = book[layout.SHEET_MATRIX]
    locked = {name: matrix[name].protection.locked for name in ("A5", "B5", "C1", "C2", "C3", "B3", "C5")}
    assert locked == dict.fromkeys(locked, True) | {"C5": False}
    assert (matrix["C1"].value, matrix["B3"].value) == ("klaar: 35 van 35", "Indicator (105 van 105 ingevuld)")
