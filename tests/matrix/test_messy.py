"""Returns as people really send them: each is read as it was meant, or the odd cell is named; never a nought of it.

Every case starts from the same three parks. `meant` are the cells that must come out otherwise than as they were
judged; all others must be as they were. `rules` are the findings, with their cells, and there may be no other.
"""

import io
import re
from dataclasses import dataclass, field

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Color, Font, PatternFill

from werkbank.matrix import load_matrix
from werkbank.matrix.layout import MARK_NOTE

from .conftest import PARKS, ROUND, by_cell
from .formats import rewritten

OWN = ["URK-01", "URK-02", "URK-03"]
WORDS = {"unknown": "onbekend", "not_applicable": "n.v.t.", "open": ""}
SHEET = "xl/worksheets/sheet1.xml"
TITLE = "Risicomatrix Urk politie ronde 2026-1"


@dataclass
class Case:
    """One messy return: how it is made, and what must come of it."""

    make: object
    rules: dict = field(default_factory=dict)
    """Rule → its cells; an empty text for a finding without one."""
    meant: dict = field(default_factory=dict)
    name: str = "urk_politie.xlsx"
    only: tuple = ()
    """The cells of which the return speaks, when it is not about all."""


@dataclass
class Sender:
    """What somebody has who fills in a matrix of his own: codes, names and judgements."""

    names: dict
    judged: dict

    def rows(self, *, park=lambda park: park):
        """Title, an empty row, the head, and a row for each indicator."""
        rows = [["Code", *map(park, OWN)]]
        texts = {place: WORDS.get(value, value) for place, value in self.judged.items()}
        rows += [[code, *(texts[own, code] for own in OWN)] for code in self.names]
        return [[TITLE, "", "", ""], ["", "", "", ""], *rows]


def xlsx(rows, edit=None, xml=None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append([None if value == "" else value for value in row])
    if edit:
        edit(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return (
        rewritten(buffer.getvalue(), lambda name, old: xml(old) if name == SHEET else old) if xml else buffer.getvalue()
    )


def instead(cell, xml):
    """Another cell in the place of this one, in the XML."""

    def change(content):
        changed = re.sub(rb'<c r="%s"[^>]*?(/>|>.*?</c>)' % cell.encode(), xml.encode(), content)
        assert changed != content
        return changed

    return change


def shows(value, code, rule="", meant=None):
    """A value in B5 in a number format: named by this rule, or read as what it is."""

    def edit(sheet):
        sheet["B5"].value, sheet["B5"].number_format = value, code

    outcome = "open" if rule else value if meant is None else meant
    return Case(marked(edit), {rule: {"B5"}} if rule else {}, {V02: outcome})


def marked(edit):
    return lambda sender: xlsx(sender.rows(), edit)


def dressed(cell, value, font, fill=None):
    def edit(sheet):
        sheet[cell].value, sheet[cell].font = value, font
        sheet[cell].fill = fill or PatternFill()

    return edit


def unseen(font):
    return Case(marked(dressed("B5", 3, font)), {"shown-otherwise": {"B5"}}, {V02: "open"})


def written_richly(look):
    text = CellRichText(TextBlock(look, "struct"), "ureel")
    return lambda sheet: setattr(sheet["B5"], "value", text)


def noted(cell, words):
    return lambda sheet: setattr(sheet[cell], "comment", Comment(words, "iemand"))


def in_xml(cell, xml):
    return lambda sender: xlsx(sender.rows(), xml=instead(cell, xml))


def formula(xml, kind="", meant="open"):
    rules = {"formula-without-value": {"B5"}} if meant == "open" else {}
    return Case(in_xml("B5", f'<c r="B5"{kind}>{xml}</c>'), rules, {V02: meant})


def raw(change):
    return lambda sender: xlsx(sender.rows(), xml=change)


def beside(sender, column, below=()):
    """The matrix with one more column, its head first, and more rows below it."""
    rows = [[*row, *([column[0]] if number == 2 else [column[1]] if number > 2 else [""])]
            for number, row in enumerate(sender.rows())]  # fmt: skip
    return xlsx([*rows, *below])


def below(*rows):
    return lambda sender: xlsx([*sender.rows(), *([list(row(sender)) for row in rows])])


LISTED = "park_id;indicator;party;level;remark\n"
WITH_GAPS = {"missing-park": {""}, "missing-indicator": {""}}
V01, V02 = ("URK-01", "V01"), ("URK-01", "V02")
"""In B4 and B5; judged 0 and 1."""

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
    "struck out": Case(marked(dressed("B5", 3, Font(strike=True))), {"struck-out": {"B5"}}, {V02: "open"}),
    "a part struck out": Case(marked(written_richly(InlineFont(strike=True))), {"struck-out": {"B5"}}, {V02: "open"}),
    "a text within the cell that is struck out": Case(
        in_xml("B5", '<c r="B5" t="inlineStr"><is><r><rPr><strike/></rPr><t>3</t></r></is></c>'),
        {"struck-out": {"B5"}}, {V02: "open"},
    ),
    "white on white": unseen(Font(color="FFFFFFFF")),
    "white on white by the theme": unseen(Font(color=Color(theme=0))),
    "light grey by the theme": Case(marked(dressed("B5", 3, Font(color=Color(theme=0, tint=-0.5)))), {}, {V02: 3}),
    "white on red": Case(marked(dressed("B5", 3, Font(color="FFFFFFFF"), PatternFill("solid", fgColor="FFFF0000"))), {}, {V02: 3}),
    "a part in white": Case(
        marked(written_richly(InlineFont(color="FFFFFFFF"))), {"shown-otherwise": {"B5"}}, {V02: "open"}
    ),
    "a part in bold": Case(marked(written_richly(InlineFont(b=True))), {}, {V02: 3}),
    "a note": Case(marked(noted("B5", "volgens de wijkagent")), {"cell-note": {"B5"}}),
    "a mark of our own": Case(marked(noted("B5", f"{MARK_NOTE}\nFout"))),
    "a row without height": Case(
        raw(lambda xml: xml.replace(b'<row r="5"', b'<row ht="0" customHeight="1" r="5"')), {"hidden-row": {"A5"}}
    ),
    "a column without width": Case(
        raw(lambda xml: xml.replace(b"<sheetData>", b'<cols><col min="2" max="2" width="0"/></cols><sheetData>')),
        {"hidden-column": {"B3"}},
    ),
    # Formulas.
    "a formula that points at an empty cell": formula("<f>Blad2!A1</f><v>0</v>"),
    "a shared formula with nought": formula('<f t="shared" si="0"/><v>0.0</v>'),
    "a formula that gives a level": formula("<f>1+1</f><v>2</v>", meant=2),
    # What stands beside and below the matrix.
    "a column of totals": Case(lambda sender: beside(sender, ("Totaal", 12)), {"values-without-park": {"E3"}}),
    "remarks in a column": Case(
        lambda sender: beside(sender, ("Opmerkingen", "gezien")), {"values-without-park": {"E3"}}
    ),
    "a row of means": Case(below(lambda _: ["Gemiddelde", 1.5, 0.3, 2]), {"values-without-indicator": {"A39"}}),
    "a legend": Case(below(lambda _: ["Legenda", "", "", ""], lambda _: [0, "Geen vermoeden", "", ""]),
                     {"values-without-indicator": {"A40"}}),
    "what the codes mean": Case(
        lambda sender: xlsx([*sender.rows(), ["", "", "", ""], ["V01", sender.names["V01"], "", ""]]),
        {"doubled-indicator": {"A4", "A40"}}, {(park, "V01"): "open" for park in OWN},
    ),
    # Text files.
    "a remark with the character that divides": Case(
        lambda sender: LISTED.encode() + b"URK-01;V01;politie;1;gezien; en gehoord\nURK-01;V02;politie;0;niets\n",
        {"uneven-row": {"A2"}, **WITH_GAPS}, {V01: "open", V02: 0}, name="urk_politie.csv", only=(V01, V02),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def sender(catalogue, judged):
    return Sender({one.id: one.name for one in catalogue.indicators}, judged)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_messy_return_is_read_as_it_was_meant_or_named(tmp_path, catalogue, judged, sender, case):
    path = tmp_path / case.name
    path.write_bytes(case.make(sender))
    matrix = load_matrix(path, catalogue, PARKS, round=ROUND)
    # None of these has the hidden sheet, which says of which round it is.
    assert found(matrix.findings) == {"unknown-round": {""}} | case.rules
    wanted = ({key: "open" for key in judged if key not in case.only} if case.only else judged) | case.meant
    lost = {row.park_id for row in matrix.findings if row.rule == "missing-park"}
    assert by_cell(matrix) == {key: "open" if key[0] in lost else value for key, value in wanted.items()}


def found(findings):
    rules = {}
    for each in findings:
        rules.setdefault(each.rule, set()).add(each.cell or "")
    return rules


def test_a_code_that_is_written_otherwise_is_answered_with_the_one_that_is_missing(tmp_path, catalogue, sender):
    """Of the codes that look like it, the one that is not there already is meant."""
    path = tmp_path / "urk_politie.xlsx"
    for wrong in ("URK-O3", "URK 03", "URK–03", "URK-03 Kuifeend"):
        path.write_bytes(xlsx(sender.rows(park=lambda park, wrong=wrong: wrong if park == "URK-03" else park)))
        _, unknown, missing = load_matrix(path, catalogue, PARKS, round=ROUND).findings
        assert (unknown.rule, unknown.cell, missing.rule) == ("unknown-park", "D3", "missing-park")
        assert unknown.remedy.startswith("bedoelt u “URK-03”")


def test_what_cannot_be_placed_is_not_called_empty(tmp_path, catalogue, sender):
    """Every park twice: nothing counts, but nobody is told that the workbook is empty."""
    path = tmp_path / "urk_politie.xlsx"
    path.write_bytes(xlsx([[*row, *row[1:]] for row in sender.rows()]))
    assert {each.rule for each in load_matrix(path, catalogue, PARKS, round=ROUND).findings} == {
        "unknown-round", "doubled-park"
    }  # fmt: skip
