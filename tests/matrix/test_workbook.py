"""Opening a file that may be anything: the right diagnosis, no crash, and no value that cannot be trusted."""

from __future__ import annotations

import datetime as dt
import io
import random
import re
import struct
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.chart import BarChart
from werkbank.matrix.opening import MAX_BYTES, UnreadableWorkbookError, address, open_workbook

from werkbank.matrix.sheet_xml import Marks, examine

NAME = Path("urk_politie.xlsx")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book_with(fill=None):
    book = openpyxl.Workbook()
    book.active.title = "Matrix"
    if fill:
        fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def rewritten(content, change):
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for name in archive.namelist():
            changed = change(name, archive.read(name))
            if changed is not None:
                new.writestr(name, changed)
    return result.getvalue()


def in_sheet(change):
    return lambda name, content: change(content) if name == "xl/worksheets/sheet1.xml" else content


def refusal(content):
    with pytest.raises(UnreadableWorkbookError) as caught:
        open_workbook(NAME, content)
    assert caught.value.finding.file == NAME.name
    assert caught.value.finding.severity == "error"
    return caught.value.finding.rule


def matrix(content):
    return open_workbook(NAME, content).table("Matrix")


def encrypted():
    """The container that Office puts around an encrypted workbook ([MS-CFB] 2.2, 2.6), without anything in it."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 4096, end, 0, end, 0) + struct.pack("<109I", 0, *[free] * 108)
    entries = b""
    for name, kind, child in (("Root Entry", 5, 1), ("EncryptedPackage", 2, free), ("", 0, free), ("", 0, free)):
        text = name.encode("utf-16-le")
        entries += text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2 if text else 0, kind, 1)
        entries += struct.pack("<III", free, free, child) + bytes(36) + struct.pack("<IQ", end, 0)
    return header + struct.pack("<128I", fat, end, *[free] * 126) + entries


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty-file"),
        (b"Beste collega, hierbij de matrix.", "not-a-workbook"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "not-a-workbook"),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "not-a-workbook"),
        (b"%PDF-1.7\n", "not-a-workbook"),
        (b"PK\x03\x04" + bytes(100), "damaged-workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600), "damaged-workbook"),
        (encrypted(), "password"),
    ],
    ids=["empty", "text", "html as xlsx", "picture", "pdf", "zip start", "start of an old xls", "password"],
)
def test_a_file_that_is_no_workbook_is_called_what_it_is(content, rule):
    """Empty, text, picture, old format, password: each gets its own reason."""
    assert refusal(content) == rule


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_truncated_workbook_is_damaged(share):
    """A file that broke off in transit is called damaged, wherever it broke off."""
    content = book_with()
    assert refusal(content[: int(len(content) * share)]) == "damaged-workbook"


@pytest.mark.parametrize("kind", ["xlsb", "docx", "any zip"])
def test_another_kind_of_archive_is_refused(kind):
    """In no other format can formulas and errors be checked, so none is read in silence."""
    member = {"xlsb": "xl/workbook.bin", "docx": "word/document.xml", "any zip": "foto.jpg"}[kind]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(member, "x")
    assert refusal(buffer.getvalue()) == "other-format"


@pytest.mark.parametrize(
    "missing", ["xl/_rels/workbook.xml.rels", "xl/worksheets/sheet1.xml"], ids=["relations", "sheet"]
)
def test_a_workbook_that_lacks_a_part_is_damaged(missing):
    """A part that is gone is no reason to crash, nor to call the sheet empty."""
    assert refusal(rewritten(book_with(), lambda name, content: None if name == missing else content)) == (
        "damaged-workbook"
    )


def test_broken_xml_is_damage():
    """A sheet that is no XML is named, not read as far as it goes."""
    broken = rewritten(book_with(lambda book: book.active.append(["=1"])), in_sheet(lambda xml: xml[: len(xml) // 2]))
    assert refusal(broken) == "damaged-workbook"


def test_a_sheet_in_utf_16_is_not_taken_for_empty():
    """The reader of values finds nothing in such a sheet; it is refused instead."""
    content = book_with(lambda book: book.active.append(["URK-01", 2]))
    other = in_sheet(lambda xml: ('<?xml version="1.0" encoding="UTF-16"?>' + xml.decode()).encode("utf-16"))
    assert refusal(rewritten(content, other)) == "damaged-workbook"


def test_two_members_of_one_name_are_refused():
    """Which of the two a reader takes is not certain, so neither is taken."""
    buffer = io.BytesIO(book_with())
    with zipfile.ZipFile(buffer, "a") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("xl/worksheets/sheet1.xml", "<worksheet/>")
    assert refusal(buffer.getvalue()) == "damaged-workbook"


def test_a_zip_bomb_is_refused_unread():
    """What unpacks to more than 50 MB is refused within a second and a few MB of memory, before it is unpacked."""
    bomb = rewritten(book_with(), in_sheet(lambda xml: b" " * (MAX_BYTES + 1)))
    tracemalloc.start()
    began = time.perf_counter()
    assert refusal(bomb) == "too-large"
    assert time.perf_counter() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_an_archive_of_thousands_of_members_is_refused():
    """A workbook has some tens of parts, not thousands."""
    buffer = io.BytesIO(book_with())
    with zipfile.ZipFile(buffer, "a") as archive:
        for number in range(2_100):
            archive.writestr(f"xl/media/{number}", b"")
    assert refusal(buffer.getvalue()) == "too-large"


@pytest.mark.parametrize("lie", [0, 10, 1_000])
def test_a_member_that_lies_about_its_size_is_damage(lie):
    """The size in the directory is believed only as a limit: what does not agree with it is refused."""
    content = bytearray(book_with(lambda book: [book.active.append([n]) for n in range(200)]))
    entry = content.rindex(b"xl/worksheets/sheet1.xml") - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    content[entry + 24 : entry + 28] = struct.pack("<I", lie)
    assert refusal(bytes(content)) == "damaged-workbook"


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>',
        '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
    ],
    ids=["bomb", "external"],
)
def test_entities_in_the_xml_are_refused(head):
    """No entity is expanded, inside the file or from outside it."""
    entity = "b" if "ENTITY b" in head else "a"
    attack = f"{head}<worksheet xmlns='{MAIN}'><sheetData><row><c t='str'><v>&{entity};</v></c></row></sheetData></worksheet>"
    assert refusal(rewritten(book_with(), in_sheet(lambda xml: attack.encode()))) == "damaged-workbook"


def test_a_value_in_the_farthest_corner_is_refused():
    """One value in XFD1048576 would make seventeen milliard cells; the workbook is refused instead."""
    content = book_with(lambda book: book.active.cell(1_048_576, 16_384, "x") and book.active.cell(1, 1, "x"))
    assert refusal(content) == "too-large"


def test_a_far_value_without_an_address_is_refused():
    """A far row whose cells do not say where they are is as far away."""
    cells = "<c/>" * 9 + "<c><v>1</v></c>"
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1048576">{cells}</row></sheetData></worksheet>'
    assert refusal(rewritten(book_with(), in_sheet(lambda _: xml.encode()))) == "too-large"


def test_looks_in_the_farthest_corner_do_no_harm():
    """A cell that is only coloured holds nothing, however far away."""

    def fill(book):
        book.active["A1"] = "x"
        book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)

    assert matrix(book_with(fill)).rows == (("x",),)


def test_chart_sheets_and_empty_sheets_are_passed_over():
    """A chart sheet has no cells, an empty sheet none either; the rest is read."""

    def fill(book):
        book.active["A1"] = 1
        book.create_chartsheet("Grafiek").add_chart(BarChart())
        book.create_sheet("Leeg")

    book = open_workbook(NAME, book_with(fill))
    assert [(table.name, table.rows) for table in book.tables] == [("Matrix", ((1.0,),)), ("Leeg", ())]


def test_values_keep_their_kind_and_place():
    """Text, number, truth value, date and time come through as such, at the place where they stand."""

    def fill(book):
        sheet = book.active
        sheet["B2"], sheet["C2"], sheet["B3"] = "tekst", True, 2.5
        sheet["C3"], sheet["B4"] = dt.date(2026, 1, 2), dt.time(1, 2)

    rows = matrix(book_with(fill)).rows
    assert rows[1] == ("", "tekst", True)
    assert rows[2] == ("", 2.5, dt.date(2026, 1, 2))
    assert rows[3] == ("", dt.time(1, 2), "")


def test_a_sheet_is_found_whatever_its_capitals():
    """ "MATRIX " is the sheet Matrix; another name is not."""
    book = open_workbook(NAME, book_with(lambda book: setattr(book.active, "title", "MATRIX ")))
    assert book.table("Matrix") is not None
    assert book.table("Matrices") is None


def test_sheets_left_out_are_not_read():
    """What only people read is not parsed at all, faulty or not."""
    content = book_with(lambda book: book.create_sheet("Uitleg"))
    broken = rewritten(content, lambda name, xml: b"<broken" if name.endswith("sheet2.xml") else xml)
    assert [table.name for table in open_workbook(NAME, broken, without=("Uitleg",)).tables] == ["Matrix"]


# Ways in which programs write the same formula without a stored value, in B2.
def with_formula(book):
    book.active["A1"], book.active["B2"] = "x", "=1+1"


def prefixed(xml):
    return re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml.replace(b"xmlns=", b"xmlns:x="))


WRITINGS = {
    "openpyxl": lambda xml: xml,
    "self-closing value": lambda xml: xml.replace(b"<v />", b"").replace(b"<v></v>", b""),
    "attributes": lambda xml: xml.replace(b"<f>", b'<f t="shared" si="0">'),
    "empty formula": lambda xml: re.sub(rb"<f>.*?</f>", b"<f/>", xml),
    "prefix": prefixed,
    "single quotes": lambda xml: xml.replace(b'"', b"'"),
    "no addresses": lambda xml: xml.replace(b' r="B2"', b"").replace(b"<c><f>", b"<c/><c><f>"),
    "strict": lambda xml: xml.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main"),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_a_formula_without_a_value_is_found_however_it_is_written(writing):
    """Programs write the same XML differently; a formula without a value is never mistaken for an empty cell."""
    table = matrix(rewritten(book_with(with_formula), in_sheet(writing)))
    assert table.unreliable == {(1, 1)}


def test_a_strict_workbook_is_searched_as_well():
    """Excel's other kind of .xlsx has other namespaces throughout; errors in it are found all the same."""

    def strict(name, content):
        content = content.replace(MAIN.encode(), b"http://purl.oclc.org/ooxml/spreadsheetml/main")
        return content.replace(RELATIONS.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships")

    assert matrix(rewritten(book_with(with_formula), strict)).unreliable == {(1, 1)}


@pytest.mark.parametrize("fault", ["#DIV/0!", "#REF!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_every_error_value_is_found(fault, quote):
    """An error reads as an empty text; its cell is not to be trusted."""
    content = book_with(lambda book: book.active.append(["x", fault]))
    table = matrix(rewritten(content, in_sheet(lambda xml: xml.replace(b't="e"', f"t={quote}e{quote}".encode()))))
    assert table.unreliable == {(0, 1)}
    assert table.rows == (("x", ""),)


def test_a_formula_with_its_value_is_trusted():
    """What a program calculated and stored is a value like any other."""
    stored = in_sheet(lambda xml: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v>2</v>", xml))
    table = matrix(rewritten(book_with(with_formula), stored))
    assert table.unreliable == frozenset()
    assert table.rows[1][1] == 2.0


def test_merged_and_hidden_cells_are_known():
    """Merged cells know the first of their range; hidden rows, columns and sheets are known as such."""

    def fill(book):
        sheet = book.active
        sheet["A1"], sheet["D4"] = "x", "y"
        sheet.merge_cells("B2:C3")
        sheet.row_dimensions[3].hidden = True
        sheet.column_dimensions["D"].hidden = True
        book.create_sheet("Open")
        sheet.sheet_state = "hidden"

    table = matrix(book_with(fill))
    assert table.merged == {(1, 1): (1, 1), (1, 2): (1, 1), (2, 1): (1, 1), (2, 2): (1, 1)}
    assert (table.hidden_rows, table.hidden_columns, table.hidden) == ({2}, {3}, True)


def test_a_merged_range_over_the_whole_sheet_costs_nothing():
    """Ranges are followed only as far as there are values."""

    def fill(book):
        book.active["A1"] = "x"
        book.active.merge_cells("A1:XFD1048576")

    table = matrix(rewritten(book_with(lambda book: book.active.append(["x"])), in_sheet(
        lambda xml: xml.replace(b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    )))  # fmt: skip
    assert len(table.merged) <= 4


def test_a_plain_sheet_has_no_marks():
    """Nothing special, nothing parsed: the common case."""
    assert examine(b'<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>') == Marks()


@pytest.mark.parametrize("reference", ["", "A", "1", "AAAA1", "A1:B", "a1", "A-1"])
def test_an_address_that_is_none_is_refused(reference):
    """A cell whose place cannot be told is a fault of the file, not cell A1."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="{reference} "><f/></c></row></sheetData></worksheet>'
    with pytest.raises(ValueError, match="address"):
        examine(xml.encode())


@pytest.mark.parametrize(("cell", "name"), [((13, 5), "F14"), ((0, 0), "A1"), ((0, 25), "Z1"), ((9, 26), "AA10"),
                                            ((1_048_575, 16_383), "XFD1048576"), ((0, 701), "ZZ1"), ((0, 702), "AAA1")])  # fmt: skip
def test_addresses_are_those_of_a_spreadsheet(cell, name):
    """Counted from 0 in, letters and numbers out; as openpyxl has it."""
    assert address(*cell) == name == openpyxl.utils.get_column_letter(cell[1] + 1) + str(cell[0] + 1)


def test_random_damage_never_crashes_and_never_changes_a_value():
    """A file with flipped bytes is refused, or reads exactly as before."""
    content = book_with(lambda book: [book.active.append([f"URK-{n}", n % 4, "2 meermaals"]) for n in range(30)])
    whole = matrix(content).rows
    chance = random.Random(2018)
    refused = 0
    for _ in range(400):
        damaged = bytearray(content)
        for _ in range(chance.randint(1, 4)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            table = matrix(bytes(damaged))
        except UnreadableWorkbookError:
            refused += 1
            continue
        assert table is None or table.rows == whole
    assert refused > 100


def test_random_damage_inside_the_xml_never_crashes():
    """The same inside the archive, where no checksum guards: refused or read, but never a traceback."""
    content = book_with(lambda book: [book.active.append([f"URK-{n}", n % 4, "=1+1", "#REF!"]) for n in range(5)])
    chance = random.Random(2018)
    members = ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml",
               "xl/styles.xml"]  # fmt: skip

    def damage(name, xml):
        if name != target:
            return xml
        damaged = bytearray(xml)
        for _ in range(chance.randint(1, 3)):
            damaged[chance.randrange(len(damaged))] = chance.choice(b"<>/\"'= 019AZ#&;\x00\xff")
        return bytes(damaged)

    read = 0
    for _ in range(300):
        target = chance.choice(members)
        try:
            open_workbook(NAME, rewritten(content, damage))
            read += 1
        except UnreadableWorkbookError:
            continue
    assert 0 < read < 300


@pytest.mark.parametrize("fraction", ['numFmtId="9"', 'numFmtId="10"', 'numFmtId="164"'])
def test_a_percentage_is_found_by_its_style(fraction):
    """What looks like 100 % is stored as 1: its cell is not to be read as such, whichever way it is shown."""

    def fill(book):
        book.active.append(["x", 1, 2, "3"])
        for cell, look in (
            ("B1", {"9": "0%", "10": "0.00%", "164": '0.0" "%'}[fraction[10:-1]]),
            ("C1", "0.0"),
            ("D1", "0%"),
        ):
            book.active[cell].number_format = look

    content = book_with(fill)
    assert fraction.encode() in zipfile.ZipFile(io.BytesIO(content)).read("xl/styles.xml")
    assert matrix(content).percentages == {(0, 1)}


def test_a_formula_whose_value_cannot_be_seen_is_not_trusted():
    """A formula that gave a text of spaces looks empty, and so does one that was never calculated."""
    content = book_with(with_formula)
    for value in (b"<v> </v>", b"<v>\n</v>"):
        spaces = in_sheet(lambda xml, value=value: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f>" + value, xml))
        assert matrix(rewritten(content, spaces)).unreliable == {(1, 1)}


def test_macros_are_named_and_never_run():
    """A program in the workbook, of either kind, is a remark; the cells are read as ever."""
    for name in ("xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"):
        buffer = io.BytesIO(book_with(lambda book: book.active.append(["x"])))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr(name, b"\0")
        book = open_workbook(NAME, buffer.getvalue())
        assert [(finding.rule, finding.severity) for finding in book.findings] == [("macro-present", "remark")]
        assert book.tables[0].rows == (("x",),)


def test_merged_ranges_that_lie_over_each_other_are_damage():
    """A thousand ranges over the whole sheet would take a thousand times its cells."""
    many = b'<mergeCell ref="A1:Z900"/>' * 1_000
    content = book_with(lambda book: book.active.cell(900, 26, "x"))
    spoiled = in_sheet(lambda xml: xml.replace(b"</sheetData>", b"</sheetData><mergeCells>" + many + b"</mergeCells>"))
    assert refusal(rewritten(content, spoiled)) == "damaged-workbook"


def test_xml_is_never_parsed_beyond_what_a_matrix_needs():
    """Ten megabytes of XML with a formula in it is no matrix."""
    rows = "".join(f'<row r="{n}"><c r="A{n}"><f>1</f></c></row>' for n in range(1, 9_000)) + "<!-- " + "x" * 10_000_000
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows} --></sheetData></worksheet>'
    assert refusal(rewritten(book_with(), in_sheet(lambda _: xml.encode()))) == "too-large"
