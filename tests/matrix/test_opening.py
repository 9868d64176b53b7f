"""Opening a file that may be anything: no crash, and no value that cannot be trusted; what it is, `test_kinds` tells."""

import contextlib
import io
import random
import re
import time
import tracemalloc
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.chart import BarChart
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from werkbank.matrix.cells import Looks, examine
from werkbank.matrix.opening import MAX_BYTES, UnreadableWorkbookError, open_workbook

from .conftest import put
from .formats import MAIN, rewritten, with_member

NAME = Path("urk_politie.xlsx")
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"
SHEET = "xl/worksheets/sheet1.xml"


def book_with(fill=None):
    book = openpyxl.Workbook()
    book.active.title = "Matrix"
    if fill:
        fill(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def in_sheet(change):
    return lambda name, content: change(content) if name == SHEET else content


def refusal(content):
    with pytest.raises(UnreadableWorkbookError) as caught:
        open_workbook(NAME, content)
    assert (caught.value.finding.file, caught.value.finding.severity) == (NAME.name, "error")
    return caught.value.finding.rule


def matrix(content):
    return open_workbook(NAME, content).table("Matrix")


@pytest.mark.parametrize("member", ["xl/_rels/workbook.xml.rels", SHEET])
@pytest.mark.parametrize("left", [lambda xml: None, lambda xml: xml[: len(xml) // 2]], ids=["none", "half"])
def test_a_workbook_that_lacks_a_part_is_damaged(member, left):
    """What is gone or broken off is no reason to crash, nor to call the sheet empty or read it as far as it goes."""
    content = book_with(lambda book: book.active.append(["=1"]))
    assert refusal(rewritten(content, lambda name, xml: left(xml) if name == member else xml)) == "damaged-workbook"


def test_a_zip_bomb_is_refused_unread():
    """What unpacks to more than 50 MB is refused within a second and a few MB of memory, before it is unpacked."""
    bomb = rewritten(book_with(), in_sheet(lambda _: b" " * (MAX_BYTES + 1)))
    tracemalloc.start()
    began = time.process_time()
    assert refusal(bomb) == "too-large"
    assert time.process_time() - began < 1
    assert tracemalloc.get_traced_memory()[1] < 5_000_000
    tracemalloc.stop()


def test_merged_ranges_cost_no_more_than_there_are_values():
    """One over the whole sheet is followed as far as it is filled; a thousand that lie over each other are damage."""

    def merged(references):
        cells = "".join(f'<mergeCell ref="{each}"/>' for each in references)
        more = f"</sheetData><mergeCells>{cells}</mergeCells>".encode()
        return in_sheet(lambda xml: xml.replace(b"</sheetData>", more))

    small = book_with(lambda book: book.active.append(["x"]))
    assert len(matrix(rewritten(small, merged(["A1:XFD1048576"]))).merged) <= 4
    wide = book_with(lambda book: book.active.cell(900, 26, "x"))
    assert refusal(rewritten(wide, merged(["A1:Z900"] * 1_000))) == "damaged-workbook"


def test_sheets_that_hold_nothing_to_read_are_passed_over():
    """A chart has no cells, an empty sheet none either, a far cell that is only bold holds nothing."""

    def fill(book):
        book.active["A1"] = 1
        book.active["XFD1048576"].font = Font(bold=True)
        book.create_chartsheet("Grafiek").add_chart(BarChart())
        book.create_sheet("Leeg")

    book = open_workbook(NAME, book_with(fill))
    assert [(table.name, table.rows) for table in book.tables] == [("Matrix", ((1.0,),)), ("Leeg", ())]


def test_a_sheet_is_found_by_its_name_and_only_read_when_it_is_asked():
    """ "MATRIX " is the sheet Matrix; what only people read is not parsed at all, faulty or not."""

    def fill(book):
        book.active.title = "MATRIX "
        book.create_sheet("Uitleg")

    broken = rewritten(book_with(fill), lambda name, xml: b"<broken" if name.endswith("sheet2.xml") else xml)
    book = open_workbook(NAME, broken, without=("Uitleg",))
    assert book.table("Matrix") is book.tables[0]
    assert (len(book.tables), book.table("Matrices")) == (1, None)


def strict(_, xml):
    other = xml.replace(MAIN.encode(), f"{STRICT}/spreadsheetml/main".encode())
    return other.replace(RELATIONS.encode(), f"{STRICT}/officeDocument/relationships".encode())


# Ways in which programs write the same formula without a stored value, in B2.
WRITINGS = {
    "openpyxl": lambda _, xml: xml,
    "no value": in_sheet(lambda xml: xml.replace(b"<v />", b"").replace(b"<v></v>", b"")),
    "empty formula": in_sheet(lambda xml: re.sub(rb"<f>.*?</f>", b"<f/>", xml)),
    "prefix": in_sheet(lambda xml: re.sub(rb"<(/?)(?=[a-zA-Z])", rb"<\1x:", xml.replace(b"xmlns=", b"xmlns:x="))),
    "no addresses": in_sheet(lambda xml: xml.replace(b' r="B2"', b"").replace(b"<c><f>", b"<c/><c><f>")),
    "strict": strict,
    "spaces": in_sheet(lambda xml: re.sub(rb"</f><v ?/>|</f><v></v>", b"</f><v> </v>", xml)),
}


@pytest.mark.parametrize("writing", WRITINGS.values(), ids=WRITINGS.keys())
def test_a_formula_without_a_value_is_found_however_it_is_written(writing):
    """Programs write the same XML differently; a formula without a value is never mistaken for an empty cell."""
    assert matrix(rewritten(book_with(lambda book: put(A1="x", B2="=1+1")(book.active)), writing)).odd == {
        (1, 1): "formula"
    }


def test_every_error_value_is_found():
    """An error reads as an empty text; its cell is not to be trusted."""
    faults = ["#DIV/0!", "#REF!", "#N/A", "#NAME?", "#VALUE!", "#NUM!", "#NULL!"]
    table = matrix(book_with(lambda book: book.active.append(["x", *faults])))
    assert table.odd == {(0, place): "formula" for place in range(1, 8)}
    assert table.rows == (("x", *[""] * 7),)


@pytest.mark.parametrize("reference", ["", "A", "1", "AAAA1", "A1:B", "a1", "A-1"])
def test_an_address_that_is_none_is_refused(reference):
    """A cell whose place cannot be told is a fault of the file, not cell A1."""
    xml = f'<worksheet xmlns="{MAIN}"><sheetData><row><c r="{reference} "><f/></c></row></sheetData></worksheet>'
    with pytest.raises(ValueError, match="address"):
        examine(xml.encode(), Looks())


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
def test_a_document_type_is_refused_before_anything_in_it_is_expanded(encoding):
    """It is where entities begin, and no workbook has one; in UTF-16 neither is looked for, for nothing is read."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "x">]><worksheet>&b;</worksheet>'
    with pytest.raises(ValueError, match="document type"):
        examine(xml.encode(encoding), Looks())


def damaged(chance, content, values):
    """The content with a few of its bytes changed into some of these."""
    changed = bytearray(content)
    for _ in range(chance.randint(1, 4)):
        changed[chance.randrange(len(changed))] = chance.choice(values)
    return bytes(changed)


def test_random_damage_never_crashes_and_never_changes_a_value():
    """A file with flipped bytes is refused, or reads exactly as before."""
    content = book_with(lambda book: [book.active.append([f"URK-{n}", n % 4, "2 meermaals"]) for n in range(30)])
    whole, chance, refused = matrix(content).rows, random.Random(2018), 0
    for _ in range(150):
        try:
            table = matrix(damaged(chance, content, range(256)))
            assert table is None or table.rows == whole
        except UnreadableWorkbookError:
            refused += 1
    assert refused > 40


def test_random_damage_inside_the_xml_never_crashes():
    """The same inside the archive, where no checksum guards: refused or read, but never a traceback."""

    def fill(book):
        sheet = book.active
        for number in range(5):
            sheet.append([f"URK-{number}", number % 4, "=1+1", "#REF!"])
        sheet["B2"].number_format, sheet["A3"].font = '"ja";[=0]"?";0', Font(strike=True, color="FFFFFFFF")
        sheet["A4"].fill, sheet["B4"].comment = PatternFill("solid", fgColor="FF00FF00"), Comment("noot", "iemand")
        sheet["A5"] = CellRichText(TextBlock(InlineFont(vertAlign="superscript"), "1"), "x")

    content, chance, read = book_with(fill), random.Random(2018), 0
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [name for name in archive.namelist() if name.startswith("xl/") and "theme" not in name]
    signs = b"<>/\"'= 019AZ#&;\x00\xff"
    for _ in range(200):
        target = chance.choice(members)
        spoilt = rewritten(content, lambda name, xml, at=target: damaged(chance, xml, signs) if name == at else xml)
        with contextlib.suppress(UnreadableWorkbookError):
            open_workbook(NAME, spoilt)
            read += 1
    assert 0 < read < 200


@pytest.mark.parametrize("member", ["xl/vbaProject.bin", "xl/macrosheets/sheet1.xml"])
def test_macros_are_named_and_never_run(member):
    """A program in the workbook, of either kind, is a remark; the cells are read as ever."""
    book = open_workbook(NAME, with_member(book_with(lambda book: book.active.append(["x"])), member, b"\0"))
    assert [(finding.rule, finding.severity) for finding in book.findings] == [("macro-present", "remark")]
    assert book.tables[0].rows == (("x",),)
