"""Text files: whatever stands between the fields and however the letters are written, with the lines they stand on."""

from pathlib import Path

import pytest

from werkbank.matrix.opening import UnreadableWorkbookError, open_workbook

from .conftest import SECRET, by_cell, refused, said
from .formats import delimited

NAME = Path("urk_politie.csv")
LIST = ["park_id,indicator,party,state,level,remark,source_strength,date", "URK-01,V01,police,level,2,,,"]


def table(content):
    return open_workbook(NAME, content).tables[0]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_way_of_writing_gives_the_same_fields(delimiter, newline, encoding):
    """Commas, semicolons, tabs or bars; three kinds of line ends; with or without the mark that says UTF-8."""
    rows = [["park_id", "naam", "oordeel"], ["URK-01", "Café; 't Hoekje, oost", "3,0"], ["URK-02", "één\tterrein", ""]]
    found = table(delimited(rows, delimiter, encoding, newline))
    assert [list(row) for row in found.rows] == rows


def test_excel_may_say_what_divides():
    """The line “sep=;” is no row, and counts as a line."""
    found = table(b"sep=;\r\na;b\r\n")
    assert (found.rows, found.lines) == ((("a", "b"),), (2,))
    assert table(b'"sep=,"\na,b\n').rows == (("a", "b"),)


def test_lines_are_those_of_the_file():
    """A field with line ends takes several lines; an empty line is a line."""
    found = table(b'a;b\n1;"x\ny\nz"\n\n2;w\n')
    assert found.lines == (1, 2, 5, 6)


def test_rows_are_made_equally_long():
    """A short row is completed with nothing and nothing is cut off a long one; which rows were so, is known."""
    found = table(b"a;b;c\n1\n\n1;2;3\n1;2;3;4\n")
    assert found.rows[1:5:3] == (("1", "", "", ""), ("1", "2", "3", "4"))
    assert found.uneven(0) == (1, 4)


def test_letters_of_windows_are_read_and_said():
    """Without the mark and not in UTF-8 it is what Windows writes here; the finding asks to look at it."""
    book = open_workbook(NAME, "naam;één".encode("cp1252"))
    assert book.tables[0].rows == (("naam", "één"),)
    assert [(finding.rule, finding.severity) for finding in book.findings] == [("other-encoding", "remark")]


BROKEN = [
    # Characters that no text holds, in any of the encodings that are tried.
    *((content, "not-a-workbook", None) for content in
      (b"a;b\x00c", b"\xff\xfea\x00\x00\x00", b"a;\x81", b"a;b\x07", "a;b".encode("utf-16-le"))),
    # Quotes that never close, text behind them, a field of endless length: with the line on which it begins.
    *((b"a;b\n\nURK-01;" + field + b"\nURK-02;c\n", "broken-csv", 3) for field in
      (b'"open', b'"a"b;c', b'"' + b"x" * 140_000 + b'"')),
    # One endless line beside a million short ones would make milliards of cells.
    (b";" * 100_000 + b"\n" + b"a\n" * 1_000, "too-large", None),
]  # fmt: skip


@pytest.mark.parametrize(("content", "rule", "line"), BROKEN, ids=range(len(BROKEN)))
def test_what_is_no_such_text_is_refused(content, rule, line):
    with pytest.raises(UnreadableWorkbookError) as caught:
        table(content)
    assert (caught.value.finding.rule, caught.value.finding.line) == (rule, line)


@pytest.mark.parametrize("suffix", ["csv", "tsv", "txt", "CSV"])
def test_a_text_file_is_known_by_its_name_and_content(tmp_path, load, suffix):
    """Named as text and holding text; in a folder all but .txt are taken for returns."""
    path = tmp_path / f"urk_politie.{suffix}"
    path.write_text("\n".join(LIST), encoding="utf-8")
    assert by_cell(load(path))["URK-01", "V01"] == 2


def test_a_remark_is_never_repeated_from_a_text_file(tmp_path, load):
    """Wherever it lands: in a broken line, in the column of the codes or the levels, in the title."""
    lines = [SECRET, *LIST, f"URK-02,V01,police,level,{SECRET},,,", f"{SECRET},V01,police,level,2,,,",
             f"URK-01,V02,{SECRET},level,2,,,", f"URK-01,V03,police,{SECRET},2,,D: {SECRET},{SECRET}"]  # fmt: skip
    path = tmp_path / "urk_politie.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    text = said(load(path).findings)
    assert len(text) > 500
    assert not any(word in text.casefold() for word in ("getuige", "busje", "3 maart"))
    path.write_text("\n".join([*LIST, f'URK-02,V01,police,level,2,"{SECRET}']), encoding="utf-8")
    assert "getuige" not in said(refused(load, path)).casefold()
