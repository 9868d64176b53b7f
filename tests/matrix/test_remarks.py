"""What is kept beside a level: read where it is clear, named where it is not, never quoted."""

import datetime as dt

import pandas as pd
import pytest

from werkbank.matrix.layout import SHEET_REMARKS

from .conftest import SECRET, places, put, rules, said


def beside(matrix, park="URK-01", indicator="V01"):
    frame = matrix.judgements.set_index(["park_id", "indicator"])
    row = frame.loc[(park, indicator)]
    return row["source_strength"], None if pd.isna(row["date"]) else row["date"].date(), row["remark"]


def on_remarks(**cells):
    return lambda book: put(**cells)(book[SHEET_REMARKS])


AS_WRITTEN = ("B", dt.date(2026, 1, 15), SECRET)
NOTHING = ("", None, "")
DAYS = (dt.date(2026, 3, 15), dt.datetime(2026, 3, 15, 10, 30), "15-3-2026", "15/03/2026 ", "15.3.2026", "2026-03-15",
        "2026-03-15 00:00:00", "15 maart 2026")  # fmt: skip
NO_DAYS = ("31-2-2026", "3-15-2026", "maart 2026", "2026", "46000", "15-3-26", "2026-03-151", "20260315", True,
           dt.date(1926, 3, 15), "1-1-1900", "1-1-9999", dt.time(3, 4), "eind vorig jaar")  # fmt: skip
READ = [
    # A real date, day-month-year, or the international order; of a source strength its letter.
    *(({"D3": written}, ("B", dt.date(2026, 3, 15), SECRET), []) for written in DAYS),
    *(({"C3": written}, (strength, *AS_WRITTEN[1:]), [])
      for written, strength in (("a", "A"), (" C ", "C"), ("b\u00a0", "B"), (None, ""))),
    # Nothing is guessed: not a number that Excel might mean as a date, nor a typing error in the year, nor a letter.
    *(({"D3": written}, ("B", None, SECRET), [("unreadable-date", "D3")]) for written in NO_DAYS),
    *(({"C3": written}, ("", *AS_WRITTEN[1:]), [("unknown-source-strength", "C3")])
      for written in ("D", "A/B", "A2", "bevestigd", 1, True, "AA")),
    # A remark without a park or indicator of this workbook is about nothing that is read here.
    *(({cell: value}, NOTHING, [("remark-without-cell", "A3")]) for cell in ("A3", "B3")
      for value in (None, "X-99", "ALM-01", 3)),
    # The first stays, the second is not taken for a correction.
    ({"A9": "urk-01", "B9": "v01", "C9": "A", "E9": "Iets anders"}, AS_WRITTEN, [("doubled-remark", "A9")]),
    # Everything wrong with a line is named at once.
    ({"A3": "X", "C3": "Z", "D3": "ooit"}, NOTHING,
     [("remark-without-cell", "A3"), ("unknown-source-strength", "C3"), ("unreadable-date", "D3")]),
]  # fmt: skip


def test_source_strength_date_and_remark_arrive(workbook, load):
    """What the sheet says of a cell is kept beside it; elsewhere there is nothing."""
    matrix = load(workbook())
    assert (beside(matrix), beside(matrix, indicator="V02")) == (AS_WRITTEN, NOTHING)


@pytest.mark.parametrize(("cells", "kept", "found"), READ)
def test_what_is_clear_is_read_and_the_rest_named_and_left_out(workbook, load, cells, kept, found):
    matrix = load(workbook(on_remarks(**cells)))
    assert (beside(matrix), places(matrix.findings)) == (kept, found)
    assert SECRET not in said(matrix.findings)


def test_columns_may_be_moved(workbook, load):
    """Columns are known by their headings; empty lines and a column of notes do no harm."""

    def move(book):
        sheet = book[SHEET_REMARKS]
        sheet.insert_cols(1)
        sheet.insert_rows(1, 2)
        sheet.insert_rows(6)
        sheet["A5"] = "eigen notitie"

    matrix = load(workbook(move))
    assert beside(matrix) == AS_WRITTEN
    assert matrix.findings == ()


@pytest.mark.parametrize(
    ("cells", "heading", "left"),
    [
        ({"C2": "Kolom"}, "Bronsterkte", ("", *AS_WRITTEN[1:])),
        ({"D2": "Kolom"}, "Peildatum", ("B", None, SECRET)),
        ({"E2": "Kolom"}, "Toelichting", (*AS_WRITTEN[:2], "")),
        (dict.fromkeys(("A2", "B2", "C2", "D2", "E2")), "Terreincode", NOTHING),
    ],
)
def test_a_lost_heading_is_named(workbook, load, cells, heading, left):
    """Without its heading a column would be lost in silence; the others are still read."""
    matrix = load(workbook(on_remarks(**cells)))
    assert rules(matrix.findings) == ["missing-heading"]
    assert heading in matrix.findings[0].found
    assert beside(matrix) == left


@pytest.mark.parametrize("empty", [True, False], ids=["an empty sheet", "no sheet"])
def test_nothing_to_explain_is_no_fault(workbook, load, empty):

    def clear(book):
        del book[SHEET_REMARKS]
        if empty:
            book.create_sheet(SHEET_REMARKS)

    assert load(workbook(clear)).findings == ()


@pytest.mark.parametrize("cell", ["A3", "C3", "D3", "E3"])
@pytest.mark.parametrize("value", ["=B3", "#REF!"])
def test_a_formula_or_error_beside_a_level_is_named(workbook, load, cell, value):
    """A formula without a value would be an empty cell: it is named, wherever it stands."""
    matrix = load(workbook(on_remarks(**{cell: value})))
    assert ("formula-without-value", cell) in places(matrix.findings)
    assert {finding.severity for finding in matrix.findings} == {"warning"}


def test_a_remark_beyond_what_excel_holds_is_kept_whole_and_named(workbook, load):
    """Nothing is cut in silence: a megabyte of text is read, kept, and reported by their length only."""
    grown = SECRET.encode() * 30_000
    matrix = load(workbook(xml=lambda name, old: old.replace(SECRET.encode(), grown) if "sharedS" in name else old))
    assert len(beside(matrix)[2]) == len(SECRET) * 30_000 > 1_000_000
    assert set(rules(matrix.findings)) == {"long-remark"}
    assert SECRET not in said(matrix.findings)


TEXTS = ("=1+1", "@SUM(A1)", "<script>alert(1)</script>", "regel een\nregel twee", "\u202eomgekeerd", "🙂",
         "  spatie ervoor", 5, 2.5)  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_a_remark_is_only_text(workbook, load, catalogue, text):
    """What looks like a formula or a script is kept as the text it is; outer spaces go."""

    def write(book):
        cell = book[SHEET_REMARKS]["E3"]
        cell.value = text
        if isinstance(text, str):
            cell.data_type = "s"

    assert beside(load(workbook(write)))[2] == str(float(text) if isinstance(text, int) else text).strip()
