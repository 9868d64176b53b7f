"""The quick reader of plain sheets: what it reads is what calamine reads, and whatever is odd it leaves alone."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook

from werkbank.matrix import xlsx
from werkbank.matrix.workbook import open_workbook
from werkbank.matrix.xlsx_plain import plain_table, plain_texts
from werkbank.matrix.xlsx_styles import Styles, read_styles

NAME = Path("urk_politie.xlsx")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def written(rows, sheet="Blad1", **formats):
    """A workbook as XlsxWriter writes it: (value, number format) or a value."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet)
    for row, values in enumerate(rows):
        for column, value in enumerate(values):
            look = None
            if isinstance(value, tuple):
                value, look = value[0], book.add_format({"num_format": value[1]})  # noqa: PLW2901
            if isinstance(value, str) and value.startswith("=") and look is None:
                page.write_formula(row, column, value, None, "uitkomst")
            elif isinstance(value, str):
                page.write_string(row, column, value)
            else:
                page.write(row, column, value, look)
    book.close()
    return buffer.getvalue()


def parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def quickly(content, sheet="xl/worksheets/sheet1.xml"):
    members = parts(content)
    texts = plain_texts(members.get("xl/sharedStrings.xml", b"<sst></sst>"))
    if texts is None:
        return None
    return plain_table("Blad1", members[sheet], texts, read_styles(members["xl/styles.xml"]), hidden=False)


def by_calamine(content, sheet="Blad1"):
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    return tuple(map(tuple, rows))


VALUES = st.one_of(
    st.just(""),
    st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF, exclude_categories=["Cs", "Cc"]), max_size=12),
    st.sampled_from(["a&b", "<b>", '"', "'", " voor", "na ", "regel\nregel", "=1+1", "é", "🙂", "_x0041_", "&amp;", "#N/B"]),
    st.integers(-1_000_000, 1_000_000),
    st.floats(allow_nan=False, allow_infinity=False, width=32),
    st.booleans(),
    st.tuples(st.integers(0, 60_000) | st.floats(0, 60_000, width=32), st.sampled_from(["0%", "dd-mm-yyyy", "0.00", '"dag" 0', "[$-413]d mmmm yyyy;@", "hh:mm", "0.0 %"])),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.lists(VALUES, max_size=6), max_size=8))
def test_what_is_read_quickly_is_what_calamine_reads(rows):
    """Texts, numbers, truth values, calculated texts, dates and times: value for value and place for place."""
    content = written(rows)
    found = quickly(content)
    if found is not None:
        assert found.rows == by_calamine(content)
        assert [[type(cell) for cell in row] for row in found.rows] == [
            [type(cell) for cell in row] for row in by_calamine(content)
        ]


def test_a_workbook_of_ours_is_plain_throughout(workbook, monkeypatch):
    """Every sheet that is read of a filled workbook goes the quick way; calamine is never asked."""

    def refuse(*_):
        raise AssertionError

    expected = [by_calamine(workbook().read_bytes(), name) for name in ("Matrix", "Toelichting", "Schema")]
    monkeypatch.setattr(xlsx, "CalamineWorkbook", refuse)
    book = open_workbook(NAME, workbook().read_bytes(), without=("Uitleg", "Lijsten"))
    assert [table.rows for table in book.tables] == expected
    assert [table.hidden for table in book.tables] == [False, False, True]


def test_a_percentage_is_marked_the_quick_way_too():
    """A number in a style that shows 100 % for 1; a text in it is a text."""
    found = quickly(written([["x", (1, "0%"), (0.5, "0.0 %"), (2, "0.0")]]))
    assert found.percentages == {(0, 1), (0, 2)}


def test_dates_are_dates_the_quick_way_too():
    """Whole days are; times, and days before the calendar of Excel is right, are for the full reader."""
    assert quickly(written([[(46054, "dd-mm-yyyy"), (61, "d-m-yy"), (60, "0")]])).rows == (
        (dt.date(2026, 2, 1), dt.date(1900, 3, 1), 60.0),
    )
    for odd in ((46054.5, "dd-mm-yyyy hh:mm"), (0.25, "hh:mm"), (60, "d-m-yy"), (3_000_000, "d-m-yy")):
        assert quickly(written([[odd]])) is None


PLAIN = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"/><c r="C1"><v>2</v></c></row></sheetData></worksheet>'
ODD = {
    "comment": ("<row r", '<!-- <c r="D1"><v>0</v></c> --><row r'),
    "hidden row": ('<row r="1"', '<row r="1" hidden="1"'),
    "hidden column": ("<sheetData>", '<cols><col min="1" max="1" hidden="1"/></cols><sheetData>'),
    "merged": ("</sheetData>", '</sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>'),
    "error": ('<c r="C1"><v>2</v>', '<c r="C1" t="e"><v>#N/A</v>'),
    "formula without value": ('<c r="C1"><v>2</v>', '<c r="C1"><f>1+1</f>'),
    "formula with empty value": ('<c r="C1"><v>2</v>', '<c r="C1"><f>1+1</f><v></v>'),
    "formula that gives spaces": ('<c r="C1"><v>2</v>', '<c r="C1" t="str"><f>1+1</f><v> </v>'),
    "shared formula": ('<c r="C1"><v>2</v>', '<c r="C1"><f t="shared" si="0">1+1</f><v>2</v>'),
    "text in the cell": ('<c r="C1"><v>2</v>', '<c r="C1" t="inlineStr"><is><t>x</t></is>'),
    "no place": ('<c r="C1">', "<c>"),
    "far off": ('"C1"', '"AAA1"'),
    "far below": ('"C1"', '"C10000"'),
    "small letters": ('"C1"', '"c1"'),
    "other quotes": ('"C1"', "'C1'"),
    "spaces": ('<c r="C1">', '<c  r="C1">'),
    "tab": ('<c r="C1">', '<c\tr="C1">'),
    "order": ('<c r="B1" s="1"/>', '<c s="1" r="B1"/>'),
    "more": ('<c r="C1">', '<c r="C1" cm="1">'),
    "no number": ("<v>2</v>", "<v>twee</v>"),
    "not a number": ("<v>2</v>", "<v>NaN</v>"),
    "a date in words": ('<c r="C1"><v>2</v>', '<c r="C1" t="d"><v>2026-02-01</v>'),
    "negative text": ("<v>0</v>", "<v>-1</v>"),
    "entity": ("<worksheet", '<!DOCTYPE x [<!ENTITY a "1">]><worksheet'),
    "unquoted entity": ('<c r="C1"><v>2</v>', '<c r="C1" t="str"><v>&a;</v>'),
    "carriage return": ('<c r="C1"><v>2</v>', '<c r="C1" t="str"><v>a\rb</v>'),
    "prefix": ("<worksheet xmlns", "<x:worksheet xmlns:x"),
    "two of them": ("</sheetData>", "</sheetData><sheetData></sheetData>"),
    "other encoding": ("<worksheet", '<?xml version="1.0" encoding="iso-8859-1"?><worksheet'),
    "another tag": ("<row", "<notes/><row"),
    "broken row": ("</row>", "</r"),
    "no end": ("</sheetData>", ""),
    "no data": ("<sheetData>", "<sheetdata>"),
}


def plain(xml):
    return plain_table("Blad1", xml.encode(), ["tekst"], Styles(), hidden=False)


@pytest.mark.parametrize("oddity", ODD)
def test_whatever_is_odd_is_left_to_the_full_readers(oddity):
    """One thing that is written otherwise, hidden, merged, calculated or far off, and the sheet is not plain."""
    assert plain(PLAIN).rows == (("tekst", "", 2.0),)
    old, new = ODD[oddity]
    assert old in PLAIN
    assert plain(PLAIN.replace(old, new, 1)) is None


@pytest.mark.parametrize(
    "text",
    ["<si><r><t>a</t></r></si>", "<si><t>a</t><rPh><t>b</t></rPh></si>", "<si/>", "<si><t>a_x000D_b</t></si>",
     "<si><t>a\rb</t></si>", "<si><t>&a;</t></si>", "<si><t>a & b</t></si>", "<si><t><![CDATA[a]]></t></si>",
     '<si><t xml:lang="nl">a</t></si>', "<x:si><x:t>a</x:t></x:si><si>"],
)  # fmt: skip
def test_texts_with_parts_or_notes_are_left_to_the_full_readers(text):
    """A text in two colours, with a reading aid, escaped or in another encoding: then no sheet is plain."""
    assert plain_texts(f"<sst>{text}</sst>".encode()) is None
    assert plain_texts(b'<?xml version="1.0" encoding="latin1"?><sst><si><t>a</t></si></sst>') is None
    assert plain_texts(b"<sst><si><t>a &lt;b&gt; &amp;amp; &#233;&#xe9;</t></si><si><t/></si></sst>") == [
        "a <b> &amp; éé",
        "",
    ]


def test_days_since_1904_are_left_to_the_full_reader():
    """Excel for the Mac once counted from another day."""
    members = parts(written([[(1, "dd-mm-yyyy")]]))
    old = members["xl/workbook.xml"]
    members["xl/workbook.xml"] = re.sub(rb"<workbookPr[^>]*/>", b'<workbookPr date1904="1"/>', old)
    assert members["xl/workbook.xml"] != old
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert open_workbook(NAME, buffer.getvalue()).tables[0].rows == ((dt.date(1904, 1, 2),),)


def test_random_damage_reads_the_same_both_ways(monkeypatch):
    """Whatever byte of the XML is changed: what is read quickly is what the full readers make of it, or nothing."""
    content = written([["x", 1, 2.5], ["a&b", (46054, "d-m-yyyy"), "tekst"], [True, (1, "0%"), "=A1"]])
    members, chance, same = parts(content), random.Random(2018), 0
    for _ in range(600):
        target = chance.choice(["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
        xml = bytearray(members[target])
        for _ in range(chance.randint(1, 2)):
            xml[chance.randrange(len(xml))] = chance.choice(b"<>/\"'= 019AZar#&;-_\x00\xff")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for name, part in members.items():
                archive.writestr(name, bytes(xml) if name == target else part)
        try:
            found = quickly(buffer.getvalue())
        except (ValueError, LookupError):
            continue
        if found is not None:
            assert found.rows == by_calamine(buffer.getvalue())
            same += 1
    assert same > 50


def test_a_workbook_saved_by_openpyxl_goes_the_full_way_and_reads_the_same(workbook):
    """Its texts stand in the cells; both ways give one table."""
    quick = open_workbook(NAME, workbook().read_bytes()).table("Matrix")
    full = open_workbook(NAME, workbook(lambda book: None).read_bytes()).table("Matrix")
    assert isinstance(openpyxl.load_workbook(workbook()), openpyxl.Workbook)
    # Formulas lose their stored value on the way through openpyxl; they stand above the matrix.
    assert [row[:2] for row in full.rows[3:]] == [row[:2] for row in quick.rows[3:]]
