"""Returns as people really send them: each is read as it was meant, or the odd cell is named; never a nought of it.

Every case starts from the same workbook of three parks. There may be no other finding than those that are named, and
every cell without an error among them must be as it was judged, or as it is `meant`.
"""

import re
from dataclasses import dataclass, field

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from werkbank.matrix.layout import MARK_NOTE, SHEET_MATRIX

from .conftest import by_cell, places, put, rules

V02 = ("URK-01", "V02")
"""In C6; judged 1."""


@dataclass
class Case:
    """One messy return: what is done to its sheet Matrix, or to the XML of that, and what must come of it."""

    edit: object = None
    found: dict = field(default_factory=dict)
    """Rule → its cells; an empty text for a finding without one."""
    meant: dict = field(default_factory=dict)
    """Cells that are read as something else than before."""
    lost: str = ""
    """The parks and indicators of which nothing is read."""
    xml: object = None


def instead(cell, xml):
    """Another cell in the place of this one, in the XML."""

    def change(content):
        changed = re.sub(rb'<c r="%s"[^>]*?(/>|>.*?</c>)' % cell.encode(), xml.encode(), content)
        assert changed != content
        return changed

    return change


def shows(value, code, rule="", meant=None):
    """A value in C6 in a number format: named by this rule, or read as what it is."""

    def edit(sheet):
        sheet["C6"].value, sheet["C6"].number_format = value, code

    return Case(edit, {rule: {"C6"}}) if rule else Case(edit, meant={V02: meant})


def dressed(rule="", *, fill=None, **font):
    def edit(sheet):
        sheet["C6"].value, sheet["C6"].font, sheet["C6"].fill = 3, Font(**font), fill or PatternFill()

    return Case(edit, {rule: {"C6"}}) if rule else Case(edit, meant={V02: 3})


def partly(rule="", **look):
    text = CellRichText(TextBlock(InlineFont(**look), "struct"), "ureel")
    outcome = {"found": {rule: {"C6"}}} if rule else {"meant": {V02: 3}}
    return Case(lambda sheet: setattr(sheet["C6"], "value", text), **outcome)


def noted(words):
    return lambda sheet: setattr(sheet["C6"], "comment", Comment(words, "iemand"))


def formula(xml, meant=None):
    outcome = {"found": {"formula-without-value": {"C6"}}} if meant is None else {"meant": {V02: meant}}
    return Case(xml=instead("C6", f'<c r="C6">{xml}</c>'), **outcome)


def hide(sheet):
    sheet.sheet_state = "hidden"
    sheet.row_dimensions[6].hidden = sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[90].hidden = True


def twice(sheet):
    """Every park once more, to the right."""
    for row in sheet.iter_rows(min_row=2, min_col=3):
        for cell in row:
            sheet.cell(cell.row, cell.column + 3).value = cell.value


CASES = {
    # What does not show, or not as it is; a number format that is not plain is not looked into.
    "a nought that a format hides": shows(0, "0;-0;;@", "shown-otherwise"),
    "a nought that nothing but # shows": shows(0, "#", "shown-otherwise"),
    "a level that a format hides": shows(3, ";;;", "shown-otherwise"),
    "a format that shows a word": shows(3, '"onbekend"', "shown-otherwise"),
    "a format by conditions": shows(1, '[=1]"ja";[=0]"?";0', "shown-otherwise"),
    "a nought as a dash": shows(0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "shown-otherwise"),
    "a figure with a figure behind it": shows(2, '0"0"', "shown-otherwise"),
    "thousands": shows(2, "0,", "shown-otherwise"),
    "a percentage": shows(1, "0%", "percentage"),
    "a percentage with decimals": shows(2, "0.00%", "percentage"),
    "a percentage by a literal": shows(1, '0"%"', "percentage"),
    "decimals": shows(2, "#,##0.00", meant=2),
    "a text that a format hides": shows("3 structureel", ";;;", "shown-otherwise"),
    "a text instead of the text": shows("structureel", ';;;"onbekend"', "shown-otherwise"),
    "a text that a format shows": shows("structureel", '0;-0;;@" "', meant=3),
    "a text in a format with a stroke in quotes": shows("structureel", '"a;b;c;d"0', meant=3),
    "a dash and no number": shows(3, r"\-", "shown-otherwise"),
    "a space and no number": shows(3, "\\ ", "shown-otherwise"),
    "a letter and no number": shows(3, r"\d", "shown-otherwise"),
    "a number in white": shows(3, "[White]0", "shown-otherwise"),
    "negatives in red, as Excel writes them": shows(3, r"0_ ;[Red]\-0\ ", meant=3),
    "General in Dutch": shows(2, "[$-413]General", meant=2),
    "struck out": dressed("struck-out", strike=True),
    "a part struck out": partly("struck-out", strike=True),
    "a text within the cell that is struck out": Case(
        None, {"struck-out": {"C6"}},
        xml=instead("C6", '<c r="C6" t="inlineStr"><is><r><rPr><strike/></rPr><t>3</t></r></is></c>'),
    ),
    "white on white": dressed("shown-otherwise", color="FFFFFFFF"),
    "white on white by the theme": dressed("shown-otherwise", color=Color(theme=0)),
    "light grey by the theme": dressed(color=Color(theme=0, tint=-0.5)),
    "white on red": dressed(color="FFFFFFFF", fill=PatternFill("solid", fgColor="FFFF0000")),
    "a part in white": partly("shown-otherwise", color="FFFFFFFF"),
    "a part in bold": partly(b=True),
    "a note": Case(noted("volgens de wijkagent"), {"cell-note": {"C6"}}),
    "a mark of our own": Case(noted(f"{MARK_NOTE}\nFout")),
    "hidden": Case(hide, {"hidden-column": {"D2"}, "hidden-row": {"A6"}, "hidden-sheet": {""}}),
    "a row without height": Case(
        None, {"hidden-row": {"A6"}}, xml=lambda xml: xml.replace(b'<row r="6"', b'<row ht="0" customHeight="1" r="6"')
    ),
    "a column without width": Case(
        None, {"hidden-column": {"C2"}},
        xml=lambda xml: xml.replace(b"<sheetData>", b'<cols><col min="3" max="3" width="0"/></cols><sheetData>'),
    ),
    # Formulas, and cells that lie over others.
    "a formula that points at an empty cell": formula("<f>Blad2!A1</f><v>0</v>"),
    "a shared formula with nought": formula('<f t="shared" si="0"/><v>0.0</v>'),
    "a formula that gives a level": formula("<f>1+1</f><v>2</v>", meant=2),
    "formulas and errors": Case(put(C5="=IF(1,2,3)", C6="#REF!"), {"formula-without-value": {"C5", "C6"}}),
    "merged": Case(lambda sheet: sheet.merge_cells("C8:D8"), {"merged-cell": {"C8", "D8"}}),
    # The heads.
    "another's park": Case(
        put(E2="ALM-01", E3=None), {"missing-park": {""}, "park-of-other-municipality": {"E2"}}, lost="URK-03"
    ),
    "every park twice": Case(
        twice, {"doubled-park": {f"{column}2" for column in "CDEFGH"}}, lost="URK-01 URK-02 URK-03"
    ),
    "deleted": Case(lambda sheet: (sheet.delete_rows(5), sheet.delete_cols(3)), {"missing-indicator": {""}, "missing-park": {""}}, lost="URK-01 V01"),
    # What stands beside and below the matrix.
    "a column of totals": Case(
        put(F2="Totaal", **{f"F{row}": 12 for row in range(5, 42)}), {"values-without-park": {"F2"}}
    ),
    "a row of means": Case(put(A43="Gemiddelde", C43=1.5, D43=0.3, E43=2), {"values-without-indicator": {"A43"}}),
    "a legend": Case(put(A43="Legenda", A44=0, C44="Geen vermoeden"), {"values-without-indicator": {"A44"}}),
    "what the codes mean": Case(put(A43="V01", B43="Hennep"), {"doubled-indicator": {"A5", "A43"}}, lost="V01"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_messy_return_is_read_as_it_was_meant_or_named(workbook, load, judged, case):
    def on_sheet(name, content):
        return case.xml(content) if name == "xl/worksheets/sheet2.xml" else content

    edit = case.edit and (lambda book: case.edit(book[SHEET_MATRIX]))
    matrix = load(workbook(edit, xml=case.xml and on_sheet))
    assert set(places(matrix.findings)) == {(rule, cell) for rule, cells in case.found.items() for cell in cells}
    faults = {(each.park_id, each.indicator) for each in matrix.findings if each.severity == "error"}
    lost = set(case.lost.split())
    assert by_cell(matrix) == {
        key: "open" if key in faults or lost & {*key} else case.meant.get(key, value) for key, value in judged.items()
    }


@pytest.mark.parametrize("wrong", ["URK-O3", "URK 03", "URK–03", "URK-03 Kuifeend"])
def test_a_code_that_is_written_otherwise_is_answered_with_the_one_that_is_missing(workbook, load, wrong):
    """Of the codes that look like it, the one that is not there already is meant."""
    found = load(workbook(lambda book: put(E2=wrong)(book[SHEET_MATRIX]))).findings
    assert rules(found) == ["unknown-park", "missing-park"]
    assert found[0].cell == "E2"
    assert found[0].remedy.startswith("bedoelt u “URK-03”")
