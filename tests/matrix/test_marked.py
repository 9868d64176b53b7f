"""A return to send back: every finding marked in its own cell, in words too; mended and read again without loss."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from werkbank.matrix.returns import Reply

from tests.matrix.conftest import SECRET, places, rewrite
from werkbank.errors import SEVERITY_DUTCH, Finding
from werkbank.matrix import layout
from werkbank.matrix.marked import UnmarkableError, mark_workbook

NAME = Path("urk_politie.xlsx")


def reply(*findings, **changes):
    words = {"file": NAME.name, "municipality": "Urk", "party": "politie", "round": "2026-1", "label": "GEHEIM & zo",
             "fictional": False, "parks": {"URK-02": "Dodaars"}, "indicators": {"V02": "Drugslab"}}  # fmt: skip
    return Reply(findings=findings, **(words | changes))


def finding(cell="D6", rule="level-outside-scale", severity="error", sheet="Matrix", **more):
    words = {"found": f"“9” in {cell}", "allowed": "0 of 1", "remedy": "kies een waarde"}
    return Finding(rule=rule, severity=severity, file=NAME.name, sheet=sheet, cell=cell, **(words | more))


def marked(path, *findings, **changes):
    return mark_workbook(path, path.read_bytes(), reply(*findings, **changes))


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def look(cell):
    """How a cell looks, whatever the number of its style."""
    return tuple(repr(part) for part in (cell.fill, cell.border, cell.font, cell.protection, cell.alignment))


FINDINGS = (
    finding("D6", park_id="URK-02", indicator="V02"),
    finding("C2", rule="unknown-park", found="onbekend: “urk-99”"),
    finding("A9", rule="hidden-row", severity="warning"),
    finding("E3", rule="company-name", severity="remark", sheet="Toelichting"),
    finding(None, rule="missing-park", found="terrein URK-03 ontbreekt"),
)


def test_a_cell_is_marked_by_colour_border_and_words(workbook):
    """Never by colour alone: the comment says what was found, what is allowed, what to do, and the rule."""
    book = opened(marked(workbook(), *FINDINGS))
    for which in [found for found in FINDINGS if found.cell]:
        cell = book[which.sheet][which.cell]
        assert cell.fill.fill_type == "solid"
        sides = {side.style for side in (cell.border.left, cell.border.right, cell.border.top, cell.border.bottom)}
        assert sides <= {"thick", "mediumDashed", "mediumDashDot"}
        for text in (which.found, which.allowed, which.remedy, f"[{which.rule}]", SEVERITY_DUTCH[which.severity]):
            assert text.casefold() in cell.comment.text.casefold()


def test_each_severity_has_its_own_border_and_colour(workbook):
    book = opened(marked(workbook(), *FINDINGS))
    cells = [book[found.sheet][found.cell] for found in (FINDINGS[0], FINDINGS[2], FINDINGS[3])]
    assert len({cell.border.left.style for cell in cells}) == 3
    assert len({cell.fill.fgColor.rgb for cell in cells}) == 3


def test_only_the_cells_with_a_finding_are_marked_and_no_value_changes(workbook):
    """The supplier gets back what it sent, but for the marks; the counts of the template aside."""
    path = workbook()
    before, after = openpyxl.load_workbook(path), opened(marked(path, *FINDINGS))
    touched = {(found.sheet, found.cell) for found in FINDINGS}
    for name in before.sheetnames:
        for old, new in zip(before[name].iter_rows(), after[name].iter_rows(), strict=False):
            for one, other in zip(old, new, strict=False):
                if one.data_type != "f":
                    assert (one.value or "") == (other.value or "")
                if (name, one.coordinate) not in touched:
                    assert look(one) == look(other)
                    assert other.comment is None


def test_a_mark_outdoes_the_colours_that_follow_what_is_filled_in(workbook):
    """A warning on a cell with the highest level must be seen, though the sheet colours that cell itself."""
    sheet = opened(marked(workbook(), *FINDINGS))["Matrix"]
    rules = [(area, rule) for area in sheet.conditional_formatting for rule in area.rules]
    first = min(rules, key=lambda each: each[1].priority)
    assert {str(each) for each in first[0].sqref.ranges} == {"D6", "C2"}
    assert first[1].stopIfTrue
    assert len({rule.priority for _, rule in rules}) == len(rules)


def test_the_first_sheet_lists_every_finding_with_a_link_to_its_cell(workbook):
    book = opened(marked(workbook(), *FINDINGS))
    sheet = book.worksheets[0]
    assert sheet.title == layout.SHEET_FINDINGS
    assert book.active is sheet
    lines = [row for row in sheet.iter_rows(min_row=6) if row[0].value]
    assert [row[0].value for row in lines] == [1, 2, 3, 4, 5]
    said = {row[9].value.rpartition("[")[2].rstrip("]"): row for row in lines}
    for found in FINDINGS:
        row = said[found.rule]
        assert [cell.value for cell in row[2:4]] == [found.sheet, found.cell or None]
        assert [cell.value for cell in row[6:9]] == [found.found, found.allowed, found.remedy]
        assert (row[3].hyperlink and row[3].hyperlink.location) == (found.cell and f"'{found.sheet}'!{found.cell}")
    assert [cell.value for cell in said["level-outside-scale"][4:6]] == ["URK-02 Dodaars", "V02 Drugslab"]
    assert [row[1].value for row in lines] == ["Fout", "Fout", "Fout", "Let op", "Opmerking"]


def test_the_list_carries_the_label_and_says_when_data_are_fictional(workbook):
    path = workbook()
    real, made_up = (opened(marked(path, finding(), fictional=flag)).worksheets[0] for flag in (False, True))
    assert layout.FICTIONAL_LABEL not in str(real["A1"].value) + real.oddHeader.left.text
    assert layout.FICTIONAL_LABEL in made_up["A1"].value
    assert layout.FICTIONAL_LABEL in made_up.oddHeader.left.text
    assert "GEHEIM & zo" in real["A2"].value
    assert real.oddHeader.left.text == "GEHEIM && zo"


def test_words_that_begin_as_a_formula_stay_words(workbook):
    content = marked(workbook(), finding(found="=1+1", allowed="+a", remedy="@b"), file="=cmd.xlsx")
    book = opened(content)
    assert "f" not in {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    assert b"<f>" not in b"".join(
        zipfile.ZipFile(io.BytesIO(content)).read(f"xl/worksheets/sheet{n}.xml") for n in (1, 3)
    )


def test_several_findings_of_one_cell_stand_in_one_comment_and_the_gravest_gives_the_look(workbook):
    many = [finding(rule="hidden-row", severity="warning", found=f"nummer {number}") for number in range(7)]
    sheet = opened(marked(workbook(), *many, finding()))["Matrix"]
    assert sheet["D6"].border.left.style == "thick"
    assert "nummer 4" in sheet["D6"].comment.text
    assert "nummer 5" not in sheet["D6"].comment.text
    assert "En nog 3 bevindingen" in sheet["D6"].comment.text


def test_of_merged_cells_the_first_is_marked_and_the_list_leads_there(workbook):
    path = workbook(lambda book: book["Matrix"].merge_cells("D6:E6"))
    book = opened(marked(path, finding("E6")))
    assert "E6" in book["Matrix"]["D6"].comment.text
    assert book.worksheets[0]["D6"].value == "E6"
    assert book.worksheets[0]["D6"].hyperlink.location == "'Matrix'!D6"


def test_an_odd_address_marks_its_first_cell_or_nothing(workbook):
    cells = ["D6:D9", "zomaar", "", "A0", "AAAA1"]
    book = opened(marked(workbook(), *(finding(cell, found="x") for cell in cells)))
    assert [cell.coordinate for row in book["Matrix"].iter_rows() for cell in row if cell.comment] == ["D6"]
    assert [row[3].value for row in book.worksheets[0].iter_rows(min_row=6)].count("D6:D9") == 1


def test_the_mended_file_can_be_read_again(workbook, load):
    """The hidden sheet is kept, the list is not read: the same judgements and the same findings as before."""
    path = workbook(lambda book: book["Matrix"].__setitem__("D6", 9))
    before = load(path)
    (path.parent / "terug").mkdir()
    back = path.parent / "terug" / path.name
    back.write_bytes(marked(path, *before.findings, finding("C2"), finding(None, park_id="URK-01")))
    after = load(back)
    assert after.equals(before)
    assert places(after.findings) == places(before.findings)
    assert "D6" in {cell for _, cell in places(before.findings)}


def test_marks_of_an_earlier_check_go_before_new_ones_come(workbook):
    """A second check of the same file: what was mended looks and reads as at first, a comment of its own included."""

    def edit(book):
        book["Matrix"]["D6"].comment = Comment("van mij", "ik")

    path = workbook(edit)
    original = openpyxl.load_workbook(path)
    once = marked(path, *FINDINGS)
    assert "van mij" in opened(once)["Matrix"]["D6"].comment.text
    twice = opened(mark_workbook(NAME, once, reply(finding("C7"))))
    assert twice.sheetnames.count(layout.SHEET_FINDINGS) == 1
    for found in FINDINGS:
        if found.cell:
            assert look(twice[found.sheet][found.cell]) == look(original[found.sheet][found.cell])
    assert twice["Matrix"]["D6"].comment.text == "van mij"
    assert twice["Matrix"]["C2"].comment is None
    assert twice["Matrix"]["C7"].comment is not None


def test_a_sheet_of_the_suppliers_own_that_is_called_so_stays(workbook):
    def edit(book):
        book.create_sheet("Bevindingen")["A1"] = "van mij"

    book = opened(marked(workbook(edit), finding()))
    assert book.sheetnames[0] == layout.SHEET_FINDINGS
    assert book[f"{layout.SHEET_FINDINGS} (eigen blad)"]["A1"].value == "van mij"


def test_a_cell_at_the_far_end_of_a_sheet_costs_nothing(workbook):
    """A look in the last cell of all: seventeen thousand million cells, if one went through them."""

    def change(name, content):
        far = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
        return content.replace(b"</sheetData>", far) if name.startswith("xl/worksheets/") else content

    path = workbook(xml=change)
    once = marked(path, finding())
    assert opened(mark_workbook(NAME, once, reply(finding("C7"))))["Matrix"]["D6"].comment is None


def test_the_same_input_gives_the_same_bytes(workbook, monkeypatch):
    path = workbook()
    first = marked(path, *FINDINGS)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert marked(path, *FINDINGS) == first


def test_a_remark_stays_in_its_own_cell_only(workbook):
    """The supplier's own remark comes back to the supplier, and is repeated nowhere."""
    content = marked(workbook(), *FINDINGS)
    texts = [str(cell.value) for sheet in opened(content) for row in sheet.iter_rows() for cell in row]
    assert sum(SECRET in text for text in texts) == 3
    comments = [
        cell.comment.text for sheet in opened(content) for row in sheet.iter_rows() for cell in row if cell.comment
    ]
    assert not any(SECRET in text for text in comments)


@pytest.mark.parametrize(
    "content",
    [b"", b"tekst", b"PK\x03\x04" + bytes(50), bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600)],
    ids=["empty", "text", "damaged", "old xls"],
)
def test_what_cannot_be_opened_safely_is_not_marked(content):
    with pytest.raises(UnmarkableError):
        mark_workbook(NAME, content, reply(finding()))


def test_the_checks_of_the_reader_come_before_anything_is_opened(workbook):
    """An entity in a part of the sheet, as in H3: refused, not expanded."""

    def change(name, content):
        bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        return re.sub(rb"<\?xml[^>]*\?>", bomb, content) if name == "xl/worksheets/sheet2.xml" else content

    path = workbook()
    rewrite(path, change)
    with pytest.raises(UnmarkableError):
        marked(path, finding())


@pytest.mark.parametrize("part", ["styles.xml", "comment1.xml"])
def test_a_broken_part_makes_no_half_file(workbook, part):
    """A part that the reader of values does not need may still be damaged."""

    def edit(book):
        book["Matrix"]["D6"].comment = Comment("x", "y")

    path = workbook(edit)
    rewrite(path, lambda name, content: b"<" if name.endswith(part) else content)
    with pytest.raises(UnmarkableError):
        marked(path, finding())


def test_a_reply_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        reply().file = "x"
