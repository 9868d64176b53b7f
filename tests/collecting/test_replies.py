"""What goes back: per supplier its own workbook and page, nothing of anybody else, and nothing half."""

import datetime as dt
import re
import shutil
import zipfile

import openpyxl
import pytest

from tests.collecting.conftest import spoil
from tests.matrix.conftest import put
from tests.matrix.formats import changed
from werkbank.collecting.check import check_files, check_round
from werkbank.collecting.replies import STATE_PAGE, reply_to, write_replies
from werkbank.errors import Finding, OutputError
from werkbank.matrix.layout import SHEET_FINDINGS

TODAY = dt.date(2026, 6, 1)
NAMES = ("urk_politie", "urk_gemeente", "dronten_politie")


def write(check):
    return {path.name: path for path in write_replies(check)}


def unpacked(path):
    """All the text of a file, also of what is packed in it."""
    if path.suffix != ".xlsx":
        return path.read_text(encoding="utf-8")
    with zipfile.ZipFile(path) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def test_each_return_with_findings_gets_a_workbook_and_a_page_labelled_for_its_reader(returns, own_workspace):
    spoil(returns / "urk_politie.xlsx", "D6")
    check = check_round(today=TODAY)
    written = write(check)
    assert set(written) == {"urk_politie_bevindingen.xlsx", "urk_politie_bevindingen.html", STATE_PAGE}
    assert {path.parent for path in written.values()} == {own_workspace / "output" / "2026-1" / "check"}
    book = openpyxl.load_workbook(written["urk_politie_bevindingen.xlsx"])
    assert book.sheetnames[0] == SHEET_FINDINGS
    assert book["Matrix"]["D6"].comment is not None
    for name, path in written.items():
        text = unpacked(path)
        assert "FICTIEVE GEGEVENS" in text
        assert ("alleen voor medewerkers van het RIEC" if name == STATE_PAGE else "alleen voor de politie") in text
    # The same check writes the same bytes.
    once = {name: path.read_bytes() for name, path in written.items()}
    assert {name: path.read_bytes() for name, path in write(check).items()} == once


def test_the_mended_workbook_can_be_sent_back_under_its_old_name(returns):
    """The round trip: check, mend the marked cell, put it back, check again: clean. One that cannot be opened gets the
    page only."""
    path = returns / "urk_politie.xlsx"
    was = openpyxl.load_workbook(path)["Matrix"]["D6"].value
    spoil(path, "D6")
    back = write(check_round(["urk"], today=TODAY))["urk_politie_bevindingen.xlsx"]
    assert check_files([back], today=TODAY).matrix.states("police").iat[1, 1] == "open"
    spoil(back, "D6", value=was)
    shutil.move(back, path)
    again = check_round(["urk"], today=TODAY)
    assert (again.findings, write(again)) == ((), {})
    path.write_bytes(path.read_bytes()[:3_000])
    progress = []
    (page,) = write_replies(check_round(["urk"], today=TODAY), report=lambda *done: progress.append(done))
    assert (page.name, progress) == ("urk_politie_bevindingen.html", [(1, 2), (2, 2)])
    assert "telt nu niets mee" in page.read_text(encoding="utf-8")


def test_nothing_of_one_supplier_reaches_another(returns):
    """LEK-1: each remark only in its own workbook, in no page; each level only in what goes to its own supplier."""
    for place, name in enumerate(NAMES):
        with changed(returns / f"{name}.xlsx") as book:
            matrix = book["Matrix"]
            put(A3=matrix["D2"].value, B3="V01", C3=None, D3=None, E3=f"kanarie {name}")(book["Toelichting"])
            matrix["D6"] = f"{70 + place},5"
    written = {name: unpacked(path) for name, path in write(check_round(today=TODAY)).items()}
    assert len(written) == 7
    for place, own in enumerate(NAMES):
        assert {name for name, text in written.items() if f"kanarie {own}" in text} == {f"{own}_bevindingen.xlsx"}
        level = {name for name, text in written.items() if f"“{70 + place},5”" in text}
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


def test_names_of_what_is_written_hold_codes_only_and_two_returns_of_one_supplier_go_back_apart(returns, own_workspace):
    """Free text in the name of a file goes nowhere; of two of one supplier neither counts or overwrites the other."""
    shutil.copy(own_workspace / "data" / "matrices" / "2025-1" / "urk_politie.xlsx", returns / "tip van Jansen.xlsx")
    (returns / "nog een tip.xlsx").write_bytes(b"PK")
    shutil.copy(returns / "dronten_politie.xlsx", returns / "dronten_politie nieuw.xlsx")
    stems = ("urk_politie", "onbekend", "dronten_politie", "dronten_politie-2")
    assert set(write(check_round(today=TODAY))) == {*(f"{stem}_bevindingen.html" for stem in stems), STATE_PAGE}


def test_what_an_earlier_check_wrote_goes_when_it_no_longer_holds(returns, own_workspace, monkeypatch):
    """After mending there is no old findings file left to mend by; others stay when they were not looked at. A full
    disk is said in Dutch, and leaves no half file."""
    spoil(returns / "urk_politie.xlsx", "D6")
    spoil(returns / "dronten_politie.xlsx", "D6")
    write(both := check_round(today=TODAY))
    folder = own_workspace / "output" / "2026-1" / "check"
    (folder / "eigen_notitie.txt").write_text("van mij", encoding="utf-8")
    original = openpyxl.load_workbook(returns / "urk_gemeente.xlsx")["Matrix"]["D6"].value
    spoil(returns / "urk_politie.xlsx", "D6", value=original)
    write(check_round(["urk"], today=TODAY))
    left = {path.name: path.read_bytes() for path in folder.iterdir()}
    dronten = {f"dronten_politie_bevindingen.{ending}" for ending in ("html", "xlsx")}
    assert left.keys() == {*dronten, "eigen_notitie.txt", STATE_PAGE}

    def full(self, content):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OutputError, match="kon niet worden weggeschreven"):
        write_replies(both)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == left


def test_the_state_page_is_only_made_of_a_whole_round_and_holds_counts_and_no_level(returns):
    (returns / "zeewolde_gemeente.xlsx").unlink()
    assert STATE_PAGE not in write(check_round(["urk"], today=TODAY))
    assert STATE_PAGE not in write(check_files([returns / "urk_politie.xlsx"], today=TODAY))
    page = write(check_round(today=TODAY))[STATE_PAGE].read_text(encoding="utf-8")
    text = re.sub(r"<[^>]*>", " ", page.partition("<main")[2])
    assert "11 van de 12 risicomatrices" in text
    assert "De gemeente heeft nog niets aangeleverd over Zeewolde (fictief)." in text
    assert [word for word in ("structureel", "meermaals", "incidenteel", "V01", "URK-0") if word in text] == []


def test_a_text_file_comes_back_as_a_workbook_with_the_fault_in_its_cell(returns, tmp_path):
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
    assert [(matrix.cell(2, one.column).value, matrix.cell(one.row, 1).value) for one in marked] == [tuple(parts[:2])]


def test_a_list_of_two_parties_goes_back_as_a_workbook_for_each_with_only_its_own(returns, tmp_path):
    """What is about neither in particular is on a page without a name."""
    frame = check_files([returns / "urk_politie.xlsx", returns / "urk_gemeente.xlsx"], today=TODAY).matrix.judgements
    path = tmp_path / "beide.csv"
    lines = frame.to_csv(index=False, sep=";").splitlines()
    for number, level in {4: "81,5", len(lines) - 4: "82,5"}.items():
        parts = lines[number].split(";")
        lines[number] = ";".join([*parts[:3], "level", level, *parts[5:]])
    lines.append(f"URK-99;V01;{parts[2]};level;1;;;")
    path.write_text("\n".join(lines), encoding="utf-8")
    written = write(check_files([path], today=TODAY))
    stems = ("urk_politie", "urk_gemeente", "urk")
    names = {f"{stem}_bevindingen.{ending}" for stem in stems for ending in ("html", "xlsx")}
    assert set(written) == names - {"urk_bevindingen.xlsx"}
    for level in ("81,5", "82,5"):
        holding = {name.partition(".")[0] for name, file in written.items() if f"“{level}”" in unpacked(file)}
        assert len(holding) == 1
    assert "unknown-park" in unpacked(written["urk_bevindingen.html"])
    assert "unknown-park" not in unpacked(written["urk_politie_bevindingen.html"])
