"""What goes back: per supplier its own workbook and page, nothing of anybody else, and nothing half."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import zipfile

import openpyxl
import pytest

from tests.collecting.conftest import edit, spoil
from werkbank.collecting.check import check_files, check_round
from werkbank.collecting.replies import STATE_PAGE, reply_to, write_replies
from werkbank.errors import Finding, OutputError
from werkbank.matrix.layout import SHEET_FINDINGS
from werkbank.matrix.marked import UnmarkableError

TODAY = dt.date(2026, 6, 1)
CANARIES = {
    ("urk", "police"): "kanarie politie Urk", ("urk", "municipality"): "kanarie gemeente Urk",
    ("dronten", "police"): "kanarie politie Dronten",
}  # fmt: skip
NAMES = {
    ("urk", "police"): "urk_politie",
    ("urk", "municipality"): "urk_gemeente",
    ("dronten", "police"): "dronten_politie",
}


def write(check):
    return {path.name: path for path in write_replies(check)}


def unpacked(path):
    """All the text of a file, also of what is packed in it."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_each_return_with_findings_gets_a_workbook_and_a_page(returns, workspace):
    spoil(returns / "urk_politie.xlsx", "D6")
    written = write(check_round(today=TODAY))
    assert set(written) == {"urk_politie_bevindingen.xlsx", "urk_politie_bevindingen.html", STATE_PAGE}
    assert {path.parent for path in written.values()} == {workspace / "output" / "2026-1" / "check"}
    book = openpyxl.load_workbook(written["urk_politie_bevindingen.xlsx"])
    assert book.sheetnames[0] == SHEET_FINDINGS
    assert book["Matrix"]["D6"].comment is not None


def test_a_clean_round_sends_nothing_back_but_says_how_far_it_is(workspace):
    assert set(write(check_round(today=TODAY))) == {STATE_PAGE}


def test_a_return_that_cannot_be_opened_gets_the_page_only(returns):
    path = returns / "urk_politie.xlsx"
    path.write_bytes(path.read_bytes()[:3_000])
    written = write(check_round(["urk"], today=TODAY))
    assert set(written) == {"urk_politie_bevindingen.html"}
    assert "telt nu niets mee" in written["urk_politie_bevindingen.html"].read_text(encoding="utf-8")


def test_the_mended_workbook_can_be_sent_back_under_its_old_name(returns, workspace):
    """The round trip: check, mend the marked cell, put it back, check again: clean."""
    path = returns / "urk_politie.xlsx"
    was = openpyxl.load_workbook(path)["Matrix"]["D6"].value
    spoil(path, "D6")
    back = write(check_round(today=TODAY))["urk_politie_bevindingen.xlsx"]
    assert len(check_files([back], today=TODAY).findings) == 1
    edit(back, lambda book: book["Matrix"].__setitem__("D6", was))
    shutil.move(back, path)
    again = check_round(today=TODAY)
    assert again.findings == ()
    assert set(write(again)) == {STATE_PAGE}


def with_canaries(returns):
    """A remark and a faulty level that only one supplier knows, in three returns."""
    for place, (supplier, text) in enumerate(CANARIES.items()):

        def change(book, text=text, place=place):
            row = [book["Matrix"]["D2"].value, "V01", None, None, text]
            for column, value in enumerate(row, 1):
                book["Toelichting"].cell(200, column, value)
            book["Matrix"]["D6"] = f"{70 + place},5"

        edit(returns / f"{NAMES[supplier]}.xlsx", change)


def test_nothing_of_one_supplier_reaches_another(returns):
    """LEK-1: each remark only in its own workbook, in no page; each level only in what goes to its own supplier."""
    with_canaries(returns)
    written = write(check_round(today=TODAY))
    assert len(written) == 7
    for place, (supplier, text) in enumerate(CANARIES.items()):
        own = NAMES[supplier]
        holding = {name for name, path in written.items() if text in unpacked(path)}
        assert holding == {f"{own}_bevindingen.xlsx"}
        level = {name for name, path in written.items() if f"“{70 + place},5”" in unpacked(path)}
        assert level == {f"{own}_bevindingen.xlsx", f"{own}_bevindingen.html"}


def test_a_finding_that_names_another_return_says_only_to_talk_about_it(returns):
    """Whatever rule it is: what another party did is for the RIEC to bring up."""
    spoil(returns / "urk_politie.xlsx", "D6")
    check = check_round(["urk"], today=TODAY)
    each = next(one for one in check.returns if one.file == "urk_politie.xlsx")
    leak = Finding(
        rule="new-rule", severity="warning", file=each.file, sheet="Matrix", cell="C5", park_id="URK-01",
        indicator="V01", found="gelijk aan urk_gemeente.xlsx, cel C5: 3", allowed="iets anders", remedy="vraag het na",
    )  # fmt: skip
    object.__setattr__(each, "findings", (*each.findings, leak))
    said = [found for found in reply_to(each, check).findings if found.rule == "ask-riec"]
    assert len(said) == 1
    assert (said[0].sheet, said[0].cell, said[0].park_id, said[0].indicator) == (None, None, None, None)
    assert "gemeente" not in f"{said[0]}"
    assert said[0].remedy == "bespreek het met het RIEC"
    page = write(check)["urk_politie_bevindingen.html"].read_text(encoding="utf-8")
    assert "urk_gemeente" not in page


def test_names_of_what_is_written_hold_codes_only(returns, workspace):
    """Free text in the name of a file goes nowhere."""
    shutil.copy(workspace / "data" / "matrices" / "2025-1" / "urk_politie.xlsx", returns / "tip van Jansen.xlsx")
    (returns / "nog een tip.xlsx").write_bytes(b"PK")
    written = write(check_round(today=TODAY))
    assert set(written) == {
        "urk_politie_bevindingen.xlsx", "urk_politie_bevindingen.html", "onbekend_bevindingen.html", STATE_PAGE,
    }  # fmt: skip


def test_two_returns_of_one_supplier_go_back_apart(returns):
    """Neither counts, and neither overwrites the other."""
    shutil.copy(returns / "urk_politie.xlsx", returns / "urk_politie nieuw.xlsx")
    written = write(check_round(today=TODAY))
    assert {"urk_politie_bevindingen.xlsx", "urk_politie-2_bevindingen.xlsx"} <= set(written)


def test_what_an_earlier_check_wrote_goes_when_it_no_longer_holds(returns, workspace):
    """After mending there is no old findings file left to mend by; others stay when they were not looked at."""
    spoil(returns / "urk_politie.xlsx", "D6")
    spoil(returns / "dronten_politie.xlsx", "D6")
    write(check_round(today=TODAY))
    folder = workspace / "output" / "2026-1" / "check"
    (folder / "eigen_notitie.txt").write_text("van mij", encoding="utf-8")
    original = openpyxl.load_workbook(returns / "urk_gemeente.xlsx")["Matrix"]["D6"].value
    edit(returns / "urk_politie.xlsx", lambda book: book["Matrix"].__setitem__("D6", original))
    write(check_round(["urk"], today=TODAY))
    assert sorted(path.name for path in folder.iterdir()) == [
        "dronten_politie_bevindingen.html", "dronten_politie_bevindingen.xlsx", "eigen_notitie.txt", STATE_PAGE,
    ]  # fmt: skip


def test_the_state_page_is_only_made_of_a_whole_round(returns):
    spoil(returns / "urk_politie.xlsx", "D6")
    assert STATE_PAGE not in write(check_round(["urk"], today=TODAY))
    assert STATE_PAGE not in write(check_files([returns / "urk_politie.xlsx"], today=TODAY))


def test_the_state_page_holds_counts_and_no_level(returns):
    (returns / "zeewolde_gemeente.xlsx").unlink()
    page = write(check_round(today=TODAY))[STATE_PAGE].read_text(encoding="utf-8")
    text = re.sub(r"<[^>]*>", " ", page.partition("<main")[2])
    assert "11 van de 12 risicomatrices" in text
    assert "Zeewolde (fictief), gemeente" in text
    for word in ("structureel", "meermaals", "incidenteel", "V01", "URK-0"):
        assert word not in text


def test_a_full_disk_is_said_in_dutch_and_leaves_no_half_file(returns, workspace, monkeypatch):
    spoil(returns / "urk_politie.xlsx", "D6")
    folder = workspace / "output" / "2026-1" / "check"
    first = write(check_round(today=TODAY))
    before = {name: path.read_bytes() for name, path in first.items()}

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match="konden niet worden geschreven"):
        write_replies(check_round(today=TODAY))
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_the_same_check_writes_the_same_bytes(returns):
    spoil(returns / "urk_politie.xlsx", "D6")
    once, again = (
        {name: path.read_bytes() for name, path in write(check_round(today=TODAY)).items()} for _ in range(2)
    )
    assert once == again


def test_pages_are_marked_as_fictional_and_labelled_for_their_reader(returns):
    spoil(returns / "urk_politie.xlsx", "D6")
    for name, path in write(check_round(today=TODAY)).items():
        text = unpacked(path)
        assert "FICTIEVE GEGEVENS" in text
        assert ("alleen voor medewerkers van het RIEC" if name == STATE_PAGE else "alleen voor de politie") in text


def test_progress_is_told_return_by_return(workspace):
    told = []
    write_replies(check_round(["urk"], today=TODAY), report=lambda done, total: told.append((done, total)))
    assert told == [(1, 2), (2, 2)]


def test_a_return_that_can_be_read_and_not_marked_goes_back_in_a_workbook_of_ours(returns, monkeypatch):
    """As for .xls, .ods and .csv: what was read, with the marks, and the page says that it is another workbook."""
    spoil(returns / "urk_politie.xlsx", "D6")

    def refuse(*_):
        raise UnmarkableError("other-format")

    monkeypatch.setattr("werkbank.collecting.replies.mark_workbook", refuse)
    written = write(check_round(["urk"], today=TODAY))
    assert set(written) == {"urk_politie_bevindingen.xlsx", "urk_politie_bevindingen.html"}
    book = openpyxl.load_workbook(written["urk_politie_bevindingen.xlsx"])
    assert book["Matrix"]["D6"].comment is not None
    assert "nieuwe werkmap" in written["urk_politie_bevindingen.html"].read_text(encoding="utf-8")


def test_a_text_file_comes_back_as_a_workbook_with_the_fault_in_its_cell(returns, workspace, tmp_path):
    """A long CSV: the line is on the page, the cell in the workbook."""
    judgements = check_files([returns / "urk_politie.xlsx"], today=TODAY).matrix.judgements
    lines = judgements.to_csv(index=False, sep=";").splitlines()
    parts = lines[4].split(";")
    parts[3:5] = ["level", "9"]
    lines[4] = ";".join(parts)
    path = tmp_path / "urk_politie.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    check = check_files([path], today=TODAY)
    (found,) = [one for one in check.findings if one.severity == "error"]
    assert (found.rule, found.line, found.park_id, found.indicator) == ("level-outside-scale", 5, *parts[:2])
    written = write(check)
    assert "regel 5" in written["urk_politie_bevindingen.html"].read_text(encoding="utf-8")
    matrix = openpyxl.load_workbook(written["urk_politie_bevindingen.xlsx"])["Matrix"]
    marked = [cell for row in matrix.iter_rows() for cell in row if cell.comment is not None]
    assert [(matrix.cell(2, cell.column).value, matrix.cell(cell.row, 1).value) for cell in marked] == [
        tuple(parts[:2])
    ]
