""".ods and .xls: the same values as in .xlsx, and every value that cannot be trusted found there as well."""

from __future__ import annotations

import datetime as dt
import random
import struct
from pathlib import Path

import pytest
from werkbank.matrix.opening import UnreadableWorkbookError, open_workbook

from . import formats
from .conftest import by_cell, places
from .formats import NAMESPACES, Fault, Formula, Percent, Sheet, compound, ods, record, xls, xlsx, zipped

FILES = Path(__file__).parent / "files"
WRITERS = {"xlsx": xlsx, "ods": ods, "xls": xls}


def read(content, suffix="ods"):
    return open_workbook(Path(f"urk_politie.{suffix}"), content)


def table(content, suffix="ods"):
    return read(content, suffix).tables[0]


@pytest.mark.parametrize("kind", WRITERS)
def test_values_and_marks_are_the_same_in_every_format(kind):
    """Texts, numbers, errors, formulas, percentages, merged and hidden cells, each in its own place."""
    sheet = Sheet(
        [["x", "é ×", 1, 2.5, ""], [Formula(), "b\nc", Fault(), Percent(1.0), "z"], ["a", "", "", "", ""]],
        hidden_rows={1}, hidden_columns={4}, merged=[(2, 0, 2, 1)], hidden=True,
    )  # fmt: skip
    found = table(WRITERS[kind](sheet, Sheet([["y"]], "Ander")), kind)
    assert found.rows == (("x", "é ×", 1, 2.5, ""), ("", "b\nc", "", 1, "z"), ("a", "", "", "", ""))
    assert (found.unreliable, found.percentages) == ({(1, 0), (1, 2)}, {(1, 3)})
    assert found.merged == {(2, 0): (2, 0), (2, 1): (2, 0)}
    assert (found.hidden_rows, found.hidden_columns, found.hidden) == ({1}, {4}, True)


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_a_workbook_of_libreoffice_is_read_as_it_looks(kind):
    """Files that LibreOffice 25.2 wrote: calculated, not calculated, errors, dates, percentages, merged, hidden."""
    path = FILES / f"libreoffice.{kind}"
    book = open_workbook(path, path.read_bytes())
    found = book.tables[0]
    assert found.rows[1] == (
        "", 2, "", "", 3, 2.5, True, dt.date(2026, 2, 1), "", "tekst", "x", "", "", 1, 2, ""
    )  # fmt: skip
    # =1/0, =NA(), ="", an unknown function and a sheet that is not there.
    assert found.unreliable == {(1, 2), (1, 3), (1, 8), (1, 11), (1, 12)}
    assert found.percentages == {(1, 13), (1, 14)}
    assert set(found.merged) == {(row, column) for row in (2, 3) for column in (1, 2, 3)}
    assert (found.hidden_rows, found.hidden_columns) == ({4}, {15})
    assert found.rows[6][:2] == ("laatste\nregel", "0612")
    assert [(each.name, each.hidden) for each in book.tables] == [
        ("Matrix", False),
        ("Verborgen", True),
        ("ZeerVerborgen", True),
        ("Leeg", False),
    ]


@pytest.mark.parametrize("kind", WRITERS)
def test_faults_in_a_return_have_their_cells_in_every_format(tmp_path, load, kind):
    """A formula without a value, an error and a percentage are never a nought: each is open, and named."""
    rows = [
        ["Urk · politie · ronde 2026-1", "", "", ""],
        ["", "URK-01", "URK-02", "URK-03"],
        ["V01", Fault(), Formula(), Percent(0.0)],
        ["V02", 0, 1, 2],
    ]
    path = tmp_path / f"urk_politie.{kind}"
    path.write_bytes(WRITERS[kind](Sheet(rows)))
    matrix = load(path)
    wanted = [("formula-without-value", "B3"), ("formula-without-value", "C3"), ("percentage", "D3")]
    assert [found for found in places(matrix.findings) if found[1]] == wanted
    judged = by_cell(matrix)
    assert [judged[park, "V01"] for park in ("URK-01", "URK-02", "URK-03")] == ["open"] * 3
    assert [judged[park, "V02"] for park in ("URK-01", "URK-02", "URK-03")] == [0, 1, 2]


@pytest.mark.parametrize(
    ("result", "trusted"), [(None, False), (0.0, False), (0, False), (2, True), ("2", True), (" ", False)]
)
def test_a_nought_behind_a_formula_in_an_xls_is_not_trusted(result, trusted):
    """Programs that do not calculate store a nought or an empty text: neither is somebody's "no suspicion"."""
    found = table(xls(Sheet([["x", Formula(result)]])), "xls")
    assert ((0, 1) not in found.unreliable) == trusted
    assert found.rows[0][1] == (result if trusted else "")


def test_texts_of_an_xls_run_on_over_several_records():
    """Thousands of letters, in words that begin in one record and end in the next."""
    chance = random.Random(2018)
    texts = ["".join(chance.choices("abcé€ß ", k=chance.randint(1, 3_000))) for _ in range(12)]
    rows = [[("shared", number)] for number in range(len(texts))]
    assert [row[0] for row in table(xls(Sheet(rows), shared=texts), "xls").rows] == texts


@pytest.mark.parametrize(("packed", "value"), [(0x3FF00000, 1.0), (0x3FF00001, 0.01), (3 << 2 | 2, 3), (-7 << 2 | 2, -7), (150 << 2 | 3, 1.5)])  # fmt: skip
def test_numbers_of_an_xls_may_be_packed(packed, value):
    """Four bytes for a number, whole or not, times a hundred or not ([MS-XLS] 2.5.217)."""
    cells = record(0x27E, struct.pack("<HHHI", 0, 0, 0, packed & 0xFFFFFFFF))
    several = record(0xBD, struct.pack("<HHHIHIH", 1, 0, 0, packed & 0xFFFFFFFF, 0, packed & 0xFFFFFFFF, 1))
    assert table(with_cells(cells + several), "xls").rows == ((value, ""), (value, value))


def with_cells(cells):
    sheet = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600)) + cells + record(0x0A)
    begin = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0x600))
    begin += b"".join(record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 9, 14, 164))
    begin += record(0x41E, struct.pack("<H", 164) + formats.wide('"dag" dd-mm-jj;@'))
    name = b"\x06\x01" + "Matrix".encode("utf-16-le")
    place = len(begin) + 4 + 6 + len(name) + 4
    return compound({"Workbook": begin + record(0x85, struct.pack("<IBB", place, 0, 0) + name) + record(0x0A) + sheet})


@pytest.mark.parametrize(
    ("style", "number", "shown"),
    [
        (2, 46054, dt.date(2026, 2, 1)),
        (3, 46054.5, dt.datetime(2026, 2, 1, 12)),
        (2, 1, dt.date(1900, 1, 1)),
        (2, 0.25, dt.time(6)),
        (0, 46054, 46054),
        (2, -1, -1),
        (9, 3, 3),
    ],
)
def test_a_number_of_an_xls_that_looks_like_a_date_is_one(style, number, shown):
    """What Excel made of "1-2" is a date, so the reader says so; style 3 is a format of the user's own."""
    cell = record(0x203, struct.pack("<HHHd", 0, 0, style, number))
    assert table(with_cells(cell), "xls").rows == ((shown,),)


def test_a_chart_on_a_sheet_of_an_xls_is_passed_over():
    """Cells of a chart within a sheet are not cells of the sheet."""
    chart = (
        record(0x809, struct.pack("<HHHHII", 0x600, 0x20, 0, 0, 0, 0x600)) + formats.xls_cell(5, 5, 9) + record(0x0A)
    )
    found = table(with_cells(formats.xls_cell(0, 0, 1) + chart + formats.xls_cell(0, 1, 2)), "xls")
    assert found.rows == ((1, 2),)


def test_macros_are_named_in_every_format():
    """Old macro sheets, programs beside the workbook, and those of LibreOffice."""
    macro_sheet = xls(Sheet([["x"]])).replace(struct.pack("<BB", 0, 0) + b"\x06\x01M", b"\x00\x01\x06\x01M")
    project = xls(Sheet([["x"]]), beside=("_VBA_PROJECT_CUR",))
    for content in (macro_sheet, project):
        assert [finding.rule for finding in read(content, "xls").findings] == ["macro-present"]
    assert read(project, "xls").tables[0].rows == (("x",),)
    basic = ods(Sheet([["x"]]), members={"Basic/Standard/Module1.xml": "Sub Main"})
    assert [finding.rule for finding in read(basic).findings] == ["macro-present"]
    assert read(ods(Sheet([["x"]]))).findings == ()


def content_of(tables, styles=""):
    return zipped({"content.xml": f"<x {NAMESPACES} {formats.CALCEXT}>{styles}{tables}</x>"})


def test_repeated_cells_and_rows_of_an_ods_stand_where_they_look_to_stand():
    """One cell or row in the file may stand for many; empty ones at the end for all the rest of the sheet."""
    two = '<table:table-cell office:value-type="float" office:value="2" table:number-columns-repeated="2"><text:p>2</text:p></table:table-cell>'
    found = table(
        content_of(
            '<table:table table:name="Matrix"><table:table-row table:number-rows-repeated="2"><table:table-cell '
            f'table:number-columns-repeated="3"/>{two}<table:table-cell table:number-columns-repeated="16379"/>'
            '</table:table-row><table:table-row table:number-rows-repeated="3"><table:table-cell/></table:table-row>'
            f"<table:table-row>{two}</table:table-row>"
            '<table:table-row table:number-rows-repeated="1048570" table:visibility="collapse"><table:table-cell '
            'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        )
    )
    assert found.rows == (("", "", "", 2, 2),) * 2 + (("",) * 5,) * 3 + ((2, 2, "", "", ""),)
    assert found.hidden_rows == frozenset()


def test_a_repeated_fault_of_an_ods_is_a_fault_everywhere():
    """An error that stands for two columns and two rows is four errors."""
    error = '<table:table-cell table:formula="of:=1/0" calcext:value-type="error" table:number-columns-repeated="2"><text:p>#DIV/0!</text:p></table:table-cell>'
    found = table(
        content_of(
            f'<table:table table:name="M"><table:table-row table:number-rows-repeated="2">{error}</table:table-row></table:table>'
        )
    )
    assert found.unreliable == {(0, 0), (0, 1), (1, 0), (1, 1)}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<table:table-cell office:value-type="string"><text:p>a<text:s/>b<text:span>c</text:span></text:p><text:p>d</text:p></table:table-cell>', "a bc\nd"),
        ('<table:table-cell office:value-type="string" office:string-value="s"><text:p>t</text:p></table:table-cell>', "s"),
        ('<table:table-cell office:value-type="string"><office:annotation><text:p>noot</text:p></office:annotation><text:p>2</text:p></table:table-cell>', "2"),
        ('<table:table-cell office:value-type="currency" office:value="2"><text:p>€ 2</text:p></table:table-cell>', 2),
        ('<table:table-cell office:value-type="date" office:date-value="2026-02-01"><text:p>1-2</text:p></table:table-cell>', dt.date(2026, 2, 1)),
        ('<table:table-cell office:value-type="date" office:date-value="2026-02-01T10:30:00"><text:p>x</text:p></table:table-cell>', dt.datetime(2026, 2, 1, 10, 30)),
        ('<table:table-cell office:value-type="boolean" office:boolean-value="false"><text:p>ONWAAR</text:p></table:table-cell>', False),
        ("<table:table-cell><text:p>zonder soort</text:p></table:table-cell>", "zonder soort"),
        ('<table:covered-table-cell office:value-type="float" office:value="3"><text:p>3</text:p></table:covered-table-cell>', 3),
    ],
)  # fmt: skip
def test_every_kind_of_cell_of_an_ods_is_read(cell, value):
    """Texts in parts, notes beside them, dates, truth values, and what lies under a merged cell."""
    found = table(content_of(f'<table:table table:name="M"><table:table-row>{cell}</table:table-row></table:table>'))
    assert found.rows == ((value,),)


@pytest.mark.parametrize("shown", ["", "#N/B", "#VERW!", "Err:502", "Fout:502", " "])
def test_a_formula_of_an_ods_that_shows_no_value_is_not_trusted(shown):
    """Also when the program that wrote it called the cell a number, with a nought in it."""
    cell = f'<table:table-cell table:formula="of:=A1" office:value-type="float" office:value="0"><text:p>{shown}</text:p></table:table-cell>'
    found = table(content_of(f'<table:table table:name="M"><table:table-row>{cell}</table:table-row></table:table>'))
    assert found.unreliable == {(0, 0)}


@pytest.mark.parametrize("kind", ["xls", "ods"])
@pytest.mark.parametrize("file", ["unseen-format", "unseen-noughts"])
def test_what_libreoffice_does_not_show_is_known(kind, file):
    """A format that shows nothing, and a workbook that shows no noughts: a value that nobody saw is not read."""
    found = table(FILES.joinpath(f"{file}.{kind}").read_bytes(), kind)
    assert found.unseen == ({(0, 1), (1, 1)} if file == "unseen-format" else {(0, 1), (1, 2), (2, 1)})


def test_what_an_ods_keeps_of_other_workbooks_is_no_sheet_of_it():
    """LibreOffice keeps what it last saw elsewhere in sheets of its own."""
    tables = '<table:table table:name="M"/><table:table table:name="\'file:///x\'#$A" table:style-name="ta_extref"/>'
    assert [each.name for each in read(content_of(tables)).tables] == ["M"]


@pytest.mark.parametrize(
    "inside",
    [
        '<table:table-row><table:table-cell><table:table table:name="N"/></table:table-cell></table:table-row>',
        '<table:table-row><table:table-cell office:value-type="float" office:value="veel"/></table:table-row>',
        '<table:table-row><table:table-cell table:number-columns-repeated="-3"/></table:table-row>',
        "<table:table-row>",
    ],
)
def test_an_ods_that_makes_no_sense_is_refused(inside):
    """A sheet inside a cell, a number that is none, fewer than no columns, and XML that does not end."""
    with pytest.raises(UnreadableWorkbookError) as caught:
        read(content_of(f'<table:table table:name="M">{inside}</table:table>'))
    assert caught.value.finding.rule in {"damaged-workbook", "too-large"}


@pytest.mark.parametrize("kind", ["ods", "xls"])
def test_random_damage_never_crashes(kind):
    """A file with changed bytes is refused or read, never a crash; the archive also guards its values."""
    whole = WRITERS[kind](Sheet([["", "URK-01", "URK-02"], ["V01", 1, Formula()], ["V02", Fault(), "2 meermaals"]]))
    rows, refused = table(whole, kind).rows, 0
    chance = random.Random(2018)
    for _ in range(1_500):
        damaged = bytearray(whole)
        for _ in range(chance.randint(1, 5)):
            damaged[chance.randrange(len(damaged))] = chance.choice([0, 255, chance.randrange(256)])
        if chance.random() < 0.2:
            damaged = damaged[: chance.randrange(len(damaged))]
        try:
            tables = read(bytes(damaged), kind).tables
        except UnreadableWorkbookError:
            refused += 1
            continue
        if kind == "ods" and tables:
            assert tables[0].rows == rows
    assert refused > 100


def test_a_chain_of_an_xls_that_bites_its_own_tail_ends():
    """A stream whose last sector leads back to its first is damage, not an endless loop."""
    content = bytearray(xls(Sheet([["x"]])))
    # The table of sectors is the first sector; the stream begins in the third.
    struct.pack_into("<I", content, 512 + 4 * 9, 2)
    with pytest.raises(UnreadableWorkbookError) as caught:
        read(bytes(content), "xls")
    assert caught.value.finding.rule == "damaged-workbook"
