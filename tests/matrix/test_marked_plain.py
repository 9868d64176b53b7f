"""A workbook as plain contents: whatever acts or reaches outside is gone, whatever helps to fill in stays."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pytest
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from tests.matrix.conftest import rewrite
from werkbank.matrix import layout, marked_plain
from werkbank.matrix.marked_plain import plain_package

FORMULAS = ["=1+1", "=cmd|'/C calc'!A0", '=HYPERLINK("http://example.org/","x")', "=[1]Blad1!A1", "=WEBSERVICE(A1)"]


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def plain(path):
    return plain_package(path.read_bytes())


def test_a_formula_without_a_value_becomes_its_own_text(workbook):
    """H2: no live formula of the supplier's survives; its text does, so that it is not read as an empty cell."""

    def edit(book):
        for row, formula in enumerate(FORMULAS, 6):
            book["Matrix"].cell(row, 4, formula)

    content = plain(workbook(edit))
    cells = [opened(content)["Matrix"].cell(row, 4) for row, _ in enumerate(FORMULAS, 6)]
    assert [(cell.data_type, cell.value) for cell in cells] == [("s", formula) for formula in FORMULAS]
    assert not any(re.search(rb"<(\w+:)?f[ >/]", part) for part in members(content).values())


@pytest.mark.parametrize(
    ("xml", "value"),
    [
        (b'<c r="D6"><f>1+1</f><v>2</v></c>', 2),
        (b'<c r="D6" t="str"><f>A1&amp;"x"</f><v>0 geen vermoeden</v></c>', "0 geen vermoeden"),
        (b'<c r="D6" t="str"><f>A1</f><v></v></c>', "=A1"),
        (b'<c r="D6"><f>A1</f><v>0</v></c>', "=A1"),
        (b'<c r="D6" t="e"><f>1/0</f><v>#DIV/0!</v></c>', "#DIV/0!"),
        (b'<c r="D6" t="e"><v>#N/A</v></c>', "#N/A"),
        (b'<c r="D6" t="b"><f>1=1</f><v>1</v></c>', True),
        (b'<c r="D6"><f t="shared" si="0"/></c>', "=\u2026"),
    ],
    ids=["number", "text", "empty text", "nought", "error", "error without formula", "truth value", "shared, no value"],
)
def test_a_formula_becomes_what_it_showed(workbook, xml, value):
    """What the reader read is what stands there afterwards; an error stays visible as a text."""

    def change(name, content):
        return re.sub(rb'<c r="D6"[^>]*>.*?</c>', xml, content) if name == "xl/worksheets/sheet2.xml" else content

    cell = opened(plain(workbook(xml=change)))["Matrix"]["D6"]
    assert cell.value == value
    assert cell.data_type != "f"


def test_array_formulas_and_formulas_on_hidden_sheets_are_text_too(workbook):
    def edit(book):
        book["Matrix"]["D6"] = ArrayFormula("D6:D7", "=SUM(A1:A2)")
        book["Schema"]["D9"] = "=NOW()"

    book = opened(plain(workbook(edit)))
    assert [book["Matrix"]["D6"].value, book["Schema"]["D9"].value] == ["=SUM(A1:A2)", "=NOW()"]
    assert {book["Matrix"]["D6"].data_type, book["Schema"]["D9"].data_type} == {"s"}


def test_the_counts_of_the_template_do_not_stay_behind_as_figures_that_no_longer_count(workbook):
    """A count that stands still would tell who mends the return that nothing changed; a heading keeps its words."""
    content = plain(workbook())
    assert b"COUNTA" not in b"".join(members(content).values())
    texts = [str(cell.value) for sheet in opened(content) for row in sheet.iter_rows() for cell in row if cell.value]
    assert not any(re.search(r"\d+ van \d+", text) for text in texts)
    heads = [cell.value for row in opened(content)["Matrix"].iter_rows(max_row=4, max_col=2) for cell in row]
    assert any(str(head).startswith("Indicator") for head in heads)


def hostile(book):
    sheet = book["Matrix"]
    sheet["A60"].hyperlink = "http://example.org/a"
    sheet.add_data_validation(DataValidation("list", formula1='INDIRECT("[x.xlsx]A!A1")', sqref="A61"))
    sheet.conditional_formatting.add("A62", FormulaRule(formula=["WEBSERVICE(A1)=1"]))
    sheet["B70"], sheet["B71"] = "kop", "x"
    sheet.add_table(Table(displayName="Tabel", ref="B70:B71"))
    charts = BarChart(), BarChart()
    for chart in charts:
        chart.add_data(Reference(sheet, min_col=3, min_row=5, max_row=9))
    sheet.add_chart(charts[0], "H5")
    book.create_chartsheet("Grafiek").add_chart(charts[1])
    book.defined_names["Naam"] = DefinedName("Naam", attr_text="[1]Blad!$A$1")
    book["Toelichting"].print_title_rows = "2:2"


def with_parts(path):
    """Macros, an external link, a query, a printer's settings and custom data, as Office keeps them."""
    extra = {
        "xl/vbaProject.bin": b"macro", "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/connections.xml": b"<connections/>", "customXml/item1.xml": b"<a/>",
        "xl/printerSettings/printerSettings1.bin": b"x", "docProps/custom.xml": b"<a/>",
    }  # fmt: skip
    with zipfile.ZipFile(path, "a") as archive:
        for name, content in extra.items():
            archive.writestr(name, content)
    return path


def test_macros_links_charts_pictures_queries_and_names_are_gone(workbook):
    content = plain(with_parts(workbook(hostile)))
    book = opened(content)
    allowed = re.compile(
        r"\[Content_Types\]\.xml|xl/workbook\.xml|xl/_rels/workbook\.xml\.rels|xl/(styles|sharedStrings|theme/theme1)\.xml"
        r"|xl/worksheets/(_rels/)?sheet\d+\.xml(\.rels)?|xl/comments.*\.xml"
    )
    assert [name for name in members(content) if not allowed.fullmatch(name)] == []
    assert "Grafiek" not in book.sheetnames
    assert not book.defined_names
    sheet = book["Matrix"]
    assert not sheet._charts
    assert not sheet.tables
    assert sheet["A60"].hyperlink is None
    texts = b"".join(part for name, part in members(content).items() if name.startswith("xl/worksheets/"))
    for word in (b"INDIRECT", b"WEBSERVICE", b"hyperlink", b"drawing"):
        assert word not in texts


def colours(sheet):
    """The colours that follow what is filled in; not that of a count, which is gone."""
    return [
        (str(area.sqref), rule.type, rule.formula)
        for area in sheet.conditional_formatting
        for rule in area.rules
        if rule.type in ("cellIs", "containsBlanks")
    ]


def test_lists_locks_hidden_sheets_comments_colours_and_print_layout_stay(workbook):
    def edit(book):
        book["Matrix"]["D6"].comment = Comment("van mij", "ik")

    path = workbook(edit)
    before, after = openpyxl.load_workbook(path), opened(plain(path))
    assert after.sheetnames == before.sheetnames
    for name in before.sheetnames:
        old, new = before[name], after[name]
        assert new.sheet_state == old.sheet_state
        assert new.protection.sheet == old.protection.sheet
        assert new.freeze_panes == old.freeze_panes
        assert new.print_title_rows == old.print_title_rows
        assert len(new.data_validations.dataValidation) == len(old.data_validations.dataValidation)
        assert colours(new) == colours(old)
        locks = [[cell.protection.locked for cell in row] for row in old.iter_rows()]
        assert [[cell.protection.locked for cell in row] for row in new.iter_rows()] == locks
    assert after["Matrix"]["D6"].comment.text == "van mij"
    assert after["Schema"].sheet_state == "hidden"


def test_lists_that_excel_saves_apart_are_put_back(workbook):
    """Excel keeps lists that refer to another sheet in an extension that openpyxl does not read."""

    def change(name, content):
        if name != "xl/worksheets/sheet2.xml":
            return content
        rules = re.search(rb"<dataValidations.*?</dataValidations>", content, re.DOTALL)[0]
        moved = re.sub(
            rb'<dataValidation ([^>]*)sqref="([^"]*)"([^>]*)><formula1>(.*?)</formula1></dataValidation>',
            rb"<x14:dataValidation \1\3><x14:formula1><xm:f>\4</xm:f></x14:formula1><xm:sqref>\2</xm:sqref>"
            rb"</x14:dataValidation>",
            rules,
        ).replace(b"dataValidations", b"x14:dataValidations")
        names = (
            b'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
            b'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
        )
        extension = b"<extLst><ext " + names + b">" + moved + b"</ext></extLst>"
        return content.replace(rules, b"").replace(b"</worksheet>", extension + b"</worksheet>")

    path = workbook()
    before = openpyxl.load_workbook(path)["Matrix"].data_validations.dataValidation
    rewrite(path, change)
    after = opened(plain(path))["Matrix"].data_validations.dataValidation
    said = [{(str(rule.sqref), rule.formula1.lstrip("="), rule.prompt) for rule in rules} for rules in (before, after)]
    assert said[0] == said[1] != set()


def test_the_strict_kind_of_workbook_is_read_as_the_usual_kind(workbook):
    """Excel offers “Strict Open XML”: the same parts under other names."""

    def change(name, content):
        for usual, strict in (
            (b"http://schemas.openxmlformats.org/spreadsheetml/2006/", b"http://purl.oclc.org/ooxml/spreadsheetml/"),
            (b"http://schemas.openxmlformats.org/officeDocument/2006/", b"http://purl.oclc.org/ooxml/officeDocument/"),
        ):
            content = content.replace(usual, strict)
        return content

    book = opened(plain(workbook(xml=change)))
    assert book["Schema"]["A1"].value == layout.SCHEMA_KEYS[0]


def test_a_merge_of_a_whole_column_and_very_many_bare_rows_are_not_carried_along(workbook, monkeypatch):
    """Each would cost a program that opens the file seconds and half a gigabyte."""
    monkeypatch.setattr(marked_plain, "MAX_ELEMENTS", 2_000)

    def change(name, content):
        if name != "xl/worksheets/sheet2.xml":
            return content
        bare = b"".join(b'<row r="%d"/>' % row for row in range(1_000, 4_000))
        vast = b'<mergeCells count="2"><mergeCell ref="Z1:Z1048576"/><mergeCell ref="X5:Y5"/></mergeCells>'
        content = content.replace(b"</sheetData>", bare + b"</sheetData>")
        return re.sub(rb"(</sheetProtection>|<sheetProtection[^>]*/>)", rb"\1" + vast, content)

    sheet = opened(plain(workbook(xml=change)))["Matrix"]
    assert [str(area) for area in sheet.merged_cells.ranges] == ["X5:Y5"]
    assert sheet.max_row < 1_000


def test_a_sheet_that_is_far_too_large_is_refused(workbook, monkeypatch):
    monkeypatch.setattr(marked_plain, "MAX_ELEMENTS", 2_000)

    def change(name, content):
        cells = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (row, row) for row in range(100, 1_200))
        return (
            content.replace(b"</sheetData>", cells + b"</sheetData>") if name == "xl/worksheets/sheet2.xml" else content
        )

    with pytest.raises(ValueError, match="too many cells"):
        plain(workbook(xml=change))
