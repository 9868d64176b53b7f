"""A blank workbook that somebody fills in, with LibreOffice or another program, is read without a single finding."""

import datetime as dt
import itertools
import json
import os
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest

from werkbank.matrix import layout
from werkbank.matrix.cells import CellReader

from .conftest import PARKS, by_cell
from .drawing import written

DAY = dt.date(2026, 3, 15)
BESIDE = [
    ("URK-01", "V01", "A", DAY, "Besproken in het werkoverleg."),
    ("URK-02", "G03", "C", DAY, "=1+1 is hier tekst, “net als” <dit>"),
    ("URK-03", "W06", "B", DAY, "Regel één\nen regel twee"),
]
PYTHONS = ("/usr/bin/python3", "/usr/lib/libreoffice/program/python", "/opt/libreoffice/program/python")
SCRIPT = Path(__file__).with_name("fill_in_office.py")


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


def fill_plainly(blank, target, choices):
    book = openpyxl.load_workbook(blank)
    for cell, _, _, text in choices:
        book[layout.SHEET_MATRIX][cell] = text
    for row, entry in enumerate(BESIDE, layout.FIRST_REMARK_ROW + 1):
        for column, value in enumerate(entry, 1):
            cell = book[layout.SHEET_REMARKS].cell(row, column)
            cell.value = value
            if isinstance(value, str):
                # What a person types behind an apostrophe, or pastes: text.
                cell.data_type = "s"
    book.save(target)
    return target


def check(matrix, wanted):
    assert [str(finding) for finding in matrix.findings] == []
    assert by_cell(matrix) == wanted
    frame = matrix.judgements.query("remark != ''").assign(date=lambda rows: rows["date"].dt.date)
    names = ["park_id", "indicator", "source_strength", "date", "remark"]
    assert list(frame[names].itertuples(index=False, name=None)) == BESIDE


def test_every_cell_has_a_choice_and_every_text_of_every_list_is_used(choices, catalogue):
    assert len(choices) == len({cell for cell, *_ in choices}) == 3 * len(catalogue.indicators)
    used = {(catalogue.scale_of(code).id, text) for _, _, code, text in choices}
    assert used == {(scale.id, text) for scale in catalogue.scales for text in layout.list_texts(scale)}


def test_filled_in_by_a_script_it_loads_without_a_finding(blank, choices, wanted, tmp_path, load):
    check(load(fill_plainly(blank, tmp_path / blank.name, choices)), wanted)


def missing(message):
    if os.environ.get("CI"):
        pytest.fail(message)
    pytest.skip(message)


def need_office():
    return shutil.which("soffice") or missing("LibreOffice is not installed; no workbook was filled in with it")


def python_with_uno():
    for python in filter(shutil.which, PYTHONS):
        if subprocess.run([python, "-c", "import uno"], capture_output=True, check=False).returncode == 0:
            return python
    return missing("LibreOffice has no Python of its own here (python3-uno); no workbook was filled in with it")


@pytest.fixture(scope="module")
def office(blank, choices, tmp_path_factory):
    """The workbook as LibreOffice saved it after filling in every cell, and what was seen on its screen."""
    need_office()
    python = python_with_uno()
    folder = tmp_path_factory.mktemp("office")
    order = [[layout.SHEET_MATRIX, cell, text] for cell, _, _, text in choices]
    for row, entry in enumerate(BESIDE, layout.FIRST_REMARK_ROW + 1):
        for letter, value in zip("ABCDE", entry, strict=True):
            as_typed = {"date": (value - dt.date(1899, 12, 30)).days} if isinstance(value, dt.date) else value
            order.append([layout.SHEET_REMARKS, f"{letter}{row}", as_typed])
    (folder / "order.json").write_text(json.dumps(order), encoding="utf-8")
    path = folder / blank.name
    command = [python, str(SCRIPT), str(blank), str(path), str(folder / "order.json"), str(folder / "profile")]
    done = subprocess.run(command, check=True, capture_output=True, text=True, timeout=120)
    return path, json.loads(done.stdout.splitlines()[-1])


def test_filled_in_with_libreoffice_it_loads_without_a_finding(office, wanted, load):
    check(load(office[0]), wanted)


def test_libreoffice_opens_it_with_every_lock_in_place(office):
    seen = office[1]["blank"]
    assert list(seen) == ["Uitleg", "Matrix", "Toelichting", "Lijsten", "Schema"]
    assert all(sheet["protected"] for sheet in seen.values())
    locked = {name: cell["locked"] for name, cell in seen["Matrix"].items() if name != "protected"}
    assert locked == {"A5": True, "B5": True, "C2": True, "C3": True, "C1": True, "B3": True, "C5": False}


def test_libreoffice_counts_what_we_count(office):
    """The stored values of the counts are those that a program makes of them, before and after filling in."""
    blank, filled = (office[1][stage]["Matrix"] for stage in ("blank", "filled"))
    assert (blank["C1"]["text"], blank["B3"]["text"]) == ("0 van 35", "Indicator (0 van 105 ingevuld)")
    assert (filled["C1"]["text"], filled["B3"]["text"]) == ("klaar: 35 van 35", "Indicator (105 van 105 ingevuld)")
