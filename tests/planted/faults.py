"""Plants in the fictional returns one of every fault that real returns have; each is listed with its place.

Spread over the files, so that a fault of a whole file hides none in a cell. Cells have the names that they have in the
fictional district; where that is filled in otherwise, some have to move.
"""

import csv
import datetime as dt
import shutil
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import openpyxl
import yaml

from tests.matrix.conftest import put
from tests.matrix.formats import changed, rewritten, with_member

TABLE = yaml.safe_load(Path(__file__).with_name("table.yaml").read_text(encoding="utf-8"))
IBAN = "NL40" + "FICT0123456789"
"""Sound, of a bank that does not exist (ISO 13616: modulo 97 is 1)."""
LONG = "Een lange toelichting, woord voor woord overgenomen uit het verslag. "
"""Becomes longer than a cell can hold, and than openpyxl lets through, when the workbook is stored."""


@dataclass(frozen=True)
class Planted:
    """One planted fault, found by `rule`; with `rule` None a cell that only looks like one, and what is `meant`.

    A fault that concerns no file in particular has None for `file`.
    """

    rule: str | None
    file: str | None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    meant: object = None


def plant_faults(matrices):
    """Plant the faults in the folder with the returns of the fictional district; what was planted where."""
    kinds = (_strangers, _in_cells, _in_remarks, _in_heads, _beside_the_round_before, _alike, _as_csv, _whole_files)
    return tuple(chain.from_iterable(plant(matrices / "2026-1", matrices / "2025-1") for plant in kinds))


def fill(path, judged):
    """Every judgement another one, and nothing explained."""
    with changed(path) as book:
        for row in book["Matrix"].iter_rows(min_row=5):
            for cell in row[2:] if row[0].value else ():
                cell.value = judged(cell)
        forget(book)


def forget(book, park=None):
    """Take away what is explained about this park, or about all."""
    for row in book["Toelichting"].iter_rows(min_row=3, max_col=5):
        for cell in row if park in (None, row[0].value) else ():
            cell.value = None


def _strangers(returns, earlier):
    """Sound workbooks that are not a return of this round, municipality or party, or not to be told apart.

    Files that are no workbook at all stand in matrix/test_kinds.py.
    """
    police = returns / "urk_politie.xlsx"
    shutil.copy(earlier / police.name, returns / "oud.xlsx")
    yield Planted("wrong-round", "oud.xlsx")
    shutil.copy(police, returns / "urk_ondernemersvereniging.xlsx")
    yield Planted("swapped-workbook", "urk_ondernemersvereniging.xlsx")
    for rule, name, cell, value in (
        ("newer-workbook", "nieuw.xlsx", "B1", "99"),
        ("unknown-municipality", "nagele.xlsx", "B3", "nagele"),
        ("unknown-party", "brandweer.xlsx", "B4", "brandweer"),
        ("party-not-asked", "gast.xlsx", "B4", "entrepreneurs"),
    ):
        with changed(police, name) as book:
            book["Schema"][cell] = value
        yield Planted(rule, name)
    with changed(police, "zonder matrix.xlsx") as book:
        del book["Matrix"], book["Toelichting"]
    yield Planted("no-matrix", "zonder matrix.xlsx")
    # Two sheets with a matrix of one size, neither of them called Matrix.
    with changed(police, "twee gelijke.xlsx") as book:
        book.copy_worksheet(book["Matrix"]).title, book["Matrix"].title = "definitief", "concept"
    yield from (Planted("ambiguous-matrix", "twee gelijke.xlsx", sheet) for sheet in ("concept", "definitief"))


def _in_cells(returns, _):
    """One fault a cell, spread over the parks, and beside them what only looks like a fault."""
    name = "almere_politie.xlsx"
    with changed(returns / name) as book:
        sheet, remarks = book["Matrix"], book["Toelichting"]
        for cell, rule, value in (*TABLE["cells"], ("AD16", "date-for-level", dt.time(2, 3))):
            sheet[cell] = value
            yield Planted(rule, name, "Matrix", cell)
        # So many odd numbers that another scale may have been used.
        yield Planted("mixed-scale", name, "Matrix")
        for cell, meant, value in TABLE["harmless cells"]:
            sheet[cell] = value
            yield Planted(None, name, "Matrix", cell, meant=meant)
        # The next park's cell disappears under this one: of neither it is certain what was meant.
        sheet.merge_cells("N5:O5")
        yield from (Planted("merged-cell", name, "Matrix", cell) for cell in ("N5", "O5"))
        for cell, rule, value, look in (("P7", "percentage", 1, "0%"), ("R9", "shown-otherwise", 0, "0;-0;;@")):
            sheet[cell].value, sheet[cell].number_format = value, look
            yield Planted(rule, name, "Matrix", cell)
        put(S10=None, T11="onbekend")(sheet)
        put(A106="ALM-17", B106="V06", E106="Signaal besproken in het werkoverleg.", A107="ALM-18", B107="V07", C107="B")(remarks)  # fmt: skip
        yield Planted("explained-but-open", name, "Matrix", "S10")
        yield Planted("source-beside-unknown", name, "Toelichting", "C107")


def _in_remarks(returns, _):
    """One fault a line of the sheet with explanations, each with a judgement of its own."""
    name = "almere_gemeente.xlsx"
    lines = [
        *(("E", rule, text.format(iban=IBAN)) for rule, text in TABLE["remarks"]),
        *(("D", rule, value) for rule, value in TABLE["dates"]),
        ("C", "unknown-source-strength", "D"),
        ("E", "long-remark", LONG),
        ("E", None, "Eerste toelichting."),
    ]
    with changed(returns / name) as book:
        # Under the last line that is there: of G04 nothing is explained yet in these parks.
        for number, (column, rule, value) in enumerate(lines):
            row = 112 + number
            put(**{f"A{row}": f"ALM-{7 + number:02}", f"B{row}": "G04", f"{column}{row}": value})(book["Toelichting"])
            yield Planted(rule, name, "Toelichting", f"{column}{row}")
        row += 1
        put(**{f"A{row}": "ALM-29", f"B{row}": "G04", f"E{row}": "Tweede toelichting."})(book["Toelichting"])
        yield Planted("doubled-remark", name, "Toelichting", f"A{row}")
        row += 1
        put(**{f"A{row}": "QQQ-77", f"B{row}": "G04", f"E{row}": "Wisselend."})(book["Toelichting"])
        yield Planted("remark-without-cell", name, "Toelichting", f"A{row}")
    longer = rewritten((returns / name).read_bytes(), lambda _, part: part.replace(LONG.encode(), LONG.encode() * 600))
    (returns / name).write_bytes(longer)
    (returns / f"~${name}").write_bytes(b"\x05Niemand".ljust(165, b" "))
    yield Planted("open-elsewhere", name)


def _in_heads(returns, _):
    """Parks and indicators that are gone, too many, hidden or another's; and what the workbook says of itself."""
    name = "dronten_politie.xlsx"
    with changed(returns / name) as book:
        sheet = book["Matrix"]
        # A park and an indicator that were wiped out whole.
        for cell in (*sheet["K"], *sheet[41]):
            cell.value = None
        forget(book, "DRO-09")
        # Columns and rows too many, to the right of and under the others; explanations where nobody looks for them.
        put(M2="DRX-02", N2="URK-01", O2="DRO-02", R2="Opmerkingen", R5="Besproken.", A43="V99", A45="V03")(sheet)
        put(**dict.fromkeys(("M5", "N5", "O5", "P5", "C43", "C44", "C45"), "1"))(sheet)
        sheet.merge_cells("J2:K2")
        # A park with the name of another, and a row and a column that count and are not seen.
        sheet["F3"] = sheet["G3"].value
        sheet.row_dimensions[9].hidden = sheet.column_dimensions["E"].hidden = True
        book["Toelichting"]["D2"] = None
        put(A2=None, B2=None, B6="0" * 64)(book["Schema"])
    yield from (Planted(rule, name, "Matrix") for rule in ("missing-park", "missing-indicator"))
    for rule, cells in TABLE["heads"].items():
        yield from (Planted(rule, name, "Matrix", cell) for cell in cells.split())
    yield Planted("missing-heading", name, "Toelichting", "A2")
    yield from (Planted(rule, name) for rule in ("unknown-round", "other-catalogue"))


def _beside_the_round_before(returns, earlier):
    """Leaps in one park, knowledge lost in another, and one copied from yet another in both rounds."""
    name = "lelystad_politie.xlsx"
    for folder in (earlier, returns):
        with changed(folder / name) as book:
            for source, target in zip(book["Matrix"]["G"][4:], book["Matrix"]["H"][4:], strict=True):
                target.value = source.value
            forget(book, "LEL-06")
    with changed(returns / name) as book:
        put(C7="3 structureel", C11="0 geen vermoeden", C17="3 structureel")(book["Matrix"])
        put(**dict.fromkeys(("D5", "D6", "D7", "D8", "D9", "D10", "D11", "D14"), "onbekend"))(book["Matrix"])
        # Somebody used a scale of 1 to 5.
        put(E23=4, F24=5, G25=4)(book["Matrix"])
    yield from (Planted("implausible-change", name, "Matrix", cell) for cell in ("C7", "C11", "C17"))
    yield Planted("knowledge-lost", name, "Matrix", "D5")
    yield Planted("copied-park", name, "Matrix", "H5")
    yield from (Planted("level-outside-scale", name, "Matrix", cell) for cell in ("E23", "F24", "G25"))
    yield Planted("mixed-scale", name, "Matrix")


def _alike(returns, earlier):
    """Returns in which every cell can be read and yet something is wrong: nobody judged, or two judged as one."""
    for rule, name, value in (
        ("nothing-filled-in", "zeewolde_politie.xlsx", None),
        ("one-value-everywhere", "noordoostpolder_gemeente.xlsx", 1),
        ("only-unknown", "noordoostpolder_politie.xlsx", "onbekend"),
    ):
        fill(returns / name, lambda _, value=value: value)
        yield Planted(rule, name, "Matrix")
    # The police send in what the municipality filled in, as they already did the round before.
    same = openpyxl.load_workbook(returns / "urk_gemeente.xlsx")["Matrix"]
    for folder in (earlier, returns):
        fill(folder / "urk_politie.xlsx", lambda cell: same[cell.coordinate].value)
    yield Planted("copied-return", None)
    yield Planted("copied-round", "urk_politie.xlsx", "Matrix")


def _as_csv(returns, _):
    """The judgements as a list, one a line, as Excel makes a CSV here; a few lines of it are wrong."""
    path = returns / "dronten_gemeente.xlsx"
    sheet = openpyxl.load_workbook(path)["Matrix"]
    path.unlink()
    rows = [
        [sheet.cell(2, cell.column).value, code, "municipality", "", cell.value, "2026-1", "ja"]
        for code, *cells in ((row[0].value, *row[2:]) for row in sheet.iter_rows(min_row=5)) if code
        for cell in cells
    ]  # fmt: skip
    rows[0][4], rows[1][3:5] = "2,5", ("onbekend", "3")
    rows += [rows[2], ["QQQ-77", *rows[2][1:]], [*rows[2][:2], "brandweer", *rows[2][3:]]]
    with path.with_suffix(".csv").open("w", encoding="cp1252", newline="") as file:
        heads = ["park_id", "indicator", "party", "state", "level", "round", "fictional"]
        csv.writer(file, delimiter=";").writerows([heads, *rows])
    for rule, cells in TABLE["lines"].items():
        yield from (Planted(rule, "dronten_gemeente.csv", None, cell, int(cell[1:])) for cell in cells.split())


def _whole_files(returns, _):
    """A return sent twice, one not at all, and a copy of a matrix that is hidden."""
    path, again = returns / "lelystad_gemeente.xlsx", "lelystad_gemeente (1).xlsx"
    with changed(path, again) as book:
        # Under the matrix a second one begins, with its parks in another order.
        sheet = book["Matrix"]
        for column, head in enumerate(reversed(sheet[2][2:]), 3):
            sheet.cell(45, column).value, sheet.cell(46, column).value = head.value, "0"
        sheet["A46"] = "V01"
    yield Planted("second-head", again, "Matrix", "C45")
    yield from (Planted("doubled-delivery", name) for name in (path.name, again))
    (returns / "zeewolde_gemeente.xlsx").unlink()
    yield Planted("missing-workbook", "zeewolde_gemeente.xlsx")
    path = returns / "urk_gemeente.xlsx"
    with changed(path) as book:
        book.copy_worksheet(book["Matrix"]).title, book["Matrix"].sheet_state = "Matrix oud", "hidden"
    path.write_bytes(with_member(path.read_bytes(), "xl/vbaProject.bin", b"geen programma"))
    yield Planted("second-matrix", path.name, "Matrix oud")
    yield Planted("hidden-sheet", path.name, "Matrix")
    yield Planted("macro-present", path.name)
