"""From files to a risk matrix: what a file says arrives, what is wrong is named, and a secret stays one."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkbank.matrix.reading import MAX_BYTES

from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix
from werkbank.matrix.checks import content_findings
from werkbank.matrix.layout import SHEET_MATRIX, SHEET_REMARKS, SHEET_SCHEMA
from werkbank.matrix.risk_matrix import COLUMNS, judgement_frame
from werkbank.matrix.template import write_workbook

from .conftest import PARKS, ROUND, SECRET, by_cell, judgements, said

RULES = {"max_examples": 12, "deadline": None, "suppress_health_check": [HealthCheck.function_scoped_fixture]}


def rules(matrix):
    return sorted({finding.rule for finding in matrix.findings})


def ordered(frame):
    return frame.sort_values(["park_id", "indicator", "party"]).reset_index(drop=True)[list(COLUMNS)]


def test_a_clean_workbook_arrives_whole(workbook, load, catalogue):
    """Every judgement with its state, level, remark, source strength and date; without a finding."""
    matrix = load(workbook())
    assert matrix.findings == ()
    pd.testing.assert_frame_equal(ordered(matrix.judgements), ordered(judgements(catalogue)))


def cells_of(catalogue):
    levels = {indicator.id: catalogue.scale_of(indicator.id).highest for indicator in catalogue.indicators}
    one = st.sampled_from(catalogue.indicator_ids).flatmap(
        lambda code: st.tuples(
            st.just(code),
            st.one_of(
                st.integers(0, levels[code]).map(lambda level: ("level", level)),
                st.sampled_from([("unknown", None), ("not_applicable", None), ("open", None)]),
            ),
        )
    )
    return st.dictionaries(
        st.sampled_from(["URK-01", "URK-02", "URK-03"]), st.lists(one, unique_by=lambda pair: pair[0]), max_size=3
    )


# What Excel itself cannot hold is left to the writer's own tests.
REMARKS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_categories=["Cc"]), max_size=40).map(
    str.strip
)
BESIDE = st.tuples(REMARKS, st.sampled_from(["", "A", "B", "C"]), st.one_of(st.none(), st.dates(pd.Timestamp("2000-01-01").date(), pd.Timestamp("2099-12-31").date())))  # fmt: skip


@settings(**RULES)
@given(st.data())
def test_writer_and_reader_agree_on_everything(tmp_path, catalogue, load, data):
    """Any judgements, remarks, source strengths and dates make the round trip unchanged."""
    drawn = data.draw(cells_of(catalogue))
    rows = [
        (park, code, "police", state, level, *data.draw(BESIDE))
        for park, cells in drawn.items()
        for code, (state, level) in cells
    ]
    frame = judgement_frame({name: [row[place] for row in rows] for place, name in enumerate(COLUMNS)})
    path = tmp_path / "urk_politie.xlsx"
    write_workbook(path, catalogue, PARKS, party="police", municipality="urk", municipality_name="Urk", round=ROUND, judgements=frame)  # fmt: skip
    matrix = load(path)
    # What was drawn may well look like nothing filled in, or name a person; reading itself found nothing.
    assert matrix.findings == content_findings(matrix, catalogue, PARKS)
    found = ordered(matrix.judgements).set_index(["park_id", "indicator"])
    wanted = ordered(frame).set_index(["park_id", "indicator"])
    pd.testing.assert_frame_equal(found.loc[wanted.index], wanted)
    assert set(found.drop(wanted.index)["state"]) <= {"open"}


@settings(**RULES)
@given(st.randoms(use_true_random=False))
def test_the_order_of_rows_and_columns_changes_nothing(workbook, load, original, chance):
    """Rows and columns of the matrix in any order, the heads among them, give the same judgements."""

    def shuffle(book):
        sheet = book[SHEET_MATRIX]
        table = [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]
        chance.shuffle(table)
        columns = list(zip(*table, strict=True))
        chance.shuffle(columns)
        for place, column in enumerate(columns, 1):
            for row, value in enumerate(column, 2):
                sheet.cell(row, place).value = value

    matrix = load(workbook(shuffle))
    assert by_cell(matrix) == original
    assert [finding for finding in matrix.findings if finding.severity == "error"] == []


def test_inserted_rows_and_columns_change_nothing(workbook, load, original):
    """A heading above, a numbering to the left and empty lines between do no harm."""

    def insert(book):
        sheet = book[SHEET_MATRIX]
        sheet.insert_rows(1, 3)
        sheet.insert_rows(12, 2)
        sheet.insert_cols(1, 2)
        sheet.insert_cols(6)
        sheet["A1"] = "Concept van de afdeling, nog niet vaststellen"

    matrix = load(workbook(insert))
    assert by_cell(matrix) == original
    assert matrix.findings == ()


def test_extra_sheets_are_left_alone(workbook, load, original):
    """Notes, charts and empty sheets beside the matrix are nobody's business."""

    def add(book):
        book.create_sheet("Notities", 0)["A1"] = SECRET
        book.create_sheet("Leeg")
        book.create_chartsheet("Grafiek")

    matrix = load(workbook(add))
    assert by_cell(matrix) == original
    assert matrix.findings == ()


def test_a_second_matrix_is_named_and_not_read(workbook, load, original):
    """A copy of the sheet, perhaps the newer one, is not passed over in silence."""

    def copy(book):
        book.copy_worksheet(book[SHEET_MATRIX]).title = "Matrix (2)"
        book["Matrix (2)"]["C5"] = "3"

    matrix = load(workbook(copy))
    assert by_cell(matrix) == original
    assert [(finding.rule, finding.sheet) for finding in matrix.findings] == [("second-matrix", "Matrix (2)")]


@pytest.mark.parametrize("title", ["Risico's", "matrix ", "MATRIX", "Blad1"])
def test_a_renamed_matrix_is_found(workbook, load, original, title):
    """The sheet is known by what stands on it."""
    matrix = load(workbook(lambda book: setattr(book[SHEET_MATRIX], "title", title)))
    assert by_cell(matrix) == original


def test_the_matrix_is_found_when_the_sheet_of_that_name_is_empty(workbook, load, original):
    """Who pastes the matrix on another sheet has delivered it all the same."""

    def move(book):
        book[SHEET_MATRIX].title = "Blad1"
        book.create_sheet(SHEET_MATRIX)

    assert by_cell(load(workbook(move))) == original


def test_a_workbook_without_a_matrix_is_named(workbook, load):
    """No sheet with codes: the file is refused, with the reason."""

    def empty(book):
        del book[SHEET_MATRIX]

    with pytest.raises(MatrixError) as caught:
        load(workbook(empty))
    assert [finding.rule for finding in caught.value.findings] == ["no-matrix"]


def test_a_filled_list_of_remarks_is_no_matrix(workbook, load):
    """A renamed Toelichting has codes too, but where its edges cross stands one."""

    def only_remarks(book):
        del book[SHEET_MATRIX]
        book[SHEET_REMARKS].title = "Opmerkingen"

    with pytest.raises(MatrixError) as caught:
        load(workbook(only_remarks))
    assert [finding.rule for finding in caught.value.findings] == ["no-matrix"]


FAULTS = {
    "C5": "3,5", "D5": "7", "E5": "structureel vermoed ik", "C6": True, "D6": "0 structureel", "E6": 1e9, "C7": -1,
    "D7": "1-2", "E7": "=1+1", "C8": "#DIV/0!", "D8": "ja", "E8": "-",
}  # fmt: skip


def test_every_fault_is_named_at_once_and_none_is_taken_for_a_level(workbook, load, original):
    """Twelve cells of nonsense: twelve findings with their cells, all twelve open, and the rest untouched."""

    def spoil(book):
        for place, value in FAULTS.items():
            book[SHEET_MATRIX][place] = value

    matrix = load(workbook(spoil))
    assert sorted(finding.cell for finding in matrix.findings) == sorted(FAULTS)
    assert all(finding.severity == "error" and finding.sheet == SHEET_MATRIX for finding in matrix.findings)
    spoiled = {(finding.park_id, finding.indicator) for finding in matrix.findings}
    assert len(spoiled) == len(FAULTS)
    for cell, value in by_cell(matrix).items():
        assert value == ("open" if cell in spoiled else original[cell])


def test_strict_refuses_what_has_errors_and_names_them_all(workbook, load):
    """With `strict` nothing is returned; without, the matrix comes with its findings."""

    def spoil(book):
        for place, value in FAULTS.items():
            book[SHEET_MATRIX][place] = value

    path = workbook(spoil)
    with pytest.raises(MatrixError, match="12 fouten") as caught:
        load(path, strict=True)
    assert len(caught.value.findings) == 12
    assert len(load(path).findings) == 12


def test_strict_lets_warnings_pass(workbook, load):
    """Only errors are refused: a hidden row is worth a look, not a refusal."""
    path = workbook(lambda book: book[SHEET_MATRIX].row_dimensions.__getitem__(6).__setattr__("hidden", True))
    assert rules(load(path, strict=True)) == ["hidden-row"]


def spread(book):
    """The secret in every place where somebody may put it by mistake."""
    sheet = book[SHEET_MATRIX]
    sheet["C5"], sheet["A7"], sheet["D2"], sheet["G2"], sheet["G6"] = SECRET, SECRET, SECRET, SECRET, SECRET
    sheet["A60"], sheet["B60"], sheet["D9"] = SECRET, SECRET, SECRET
    remarks = book[SHEET_REMARKS]
    for row, column in ((3, "A"), (4, "B"), (5, "C"), (3, "D"), (4, "C"), (5, "D"), (6, "A"), (7, "E"), (8, "D")):
        remarks[f"{column}{row}"] = SECRET


def test_a_secret_is_never_repeated(workbook, load):
    """Wherever a remark lands by mistake, no finding quotes a word of it."""
    text = said(load(workbook(spread)).findings)
    assert text
    assert not any(word in text.casefold() for word in ("getuige", "jansen", "busje", "3 maart"))


@pytest.mark.parametrize("secret", ["Jansen", "06-1234567", "AB-123-C", "Kees", "8243 KN 12"])
def test_a_short_secret_is_never_repeated_either(workbook, load, secret):
    """A name or a plate is as short as a code; it is not quoted where a code was expected."""

    def put(book):
        sheet = book[SHEET_MATRIX]
        sheet["C5"], sheet["A7"], sheet["D2"], sheet["G2"], sheet["G6"] = secret, secret, secret, secret, secret
        book[SHEET_REMARKS]["A3"] = book[SHEET_REMARKS]["D4"] = book[SHEET_REMARKS]["C4"] = secret

    findings = load(workbook(put)).findings
    assert len(findings) >= 5
    assert secret.casefold() not in said(findings).casefold()


def test_a_secret_is_not_in_what_a_matrix_says_of_itself(workbook, load):
    """Printed, in a notebook or in an error the matrix shows counts, not remarks."""
    matrix = load(workbook())
    assert SECRET in set(matrix.judgements["remark"])
    assert SECRET not in f"{matrix} {matrix!r} {matrix._repr_html_()}"


def test_two_parties_and_two_municipalities_come_together(workbook, load):
    """Several files make one matrix, which spans the parks of every municipality that delivered."""
    matrix = load(
        workbook(),
        workbook(name="urk_gemeente.xlsx", party="municipality"),
        workbook(name="almere_politie.xlsx", municipality="almere"),
    )
    assert matrix.findings == ()
    assert matrix.park_ids == ("URK-01", "URK-02", "URK-03", "ALM-01", "ALM-02")
    assert len(matrix.sources) == 3
    assert len(matrix.judgements) == (3 + 3 + 2) * len(matrix.indicators)


def test_the_order_of_files_changes_no_judgement(workbook, load):
    """Files in any order give equal matrices."""
    files = [workbook(), workbook(name="urk_gemeente.xlsx", party="municipality"), workbook(name="almere_politie.xlsx", municipality="almere")]  # fmt: skip
    assert load(*files).equals(load(*reversed(files)))


def test_the_same_delivery_twice_counts_for_nothing(workbook, load, tmp_path):
    """Which of two files is meant is not known: both are left out and named, the other party stays."""
    first = workbook()
    second = tmp_path / "urk_politie (1).xlsx"
    shutil.copy(first, second)
    matrix = load(first, second, workbook(name="urk_gemeente.xlsx", party="municipality"))
    assert [(finding.rule, finding.file) for finding in matrix.findings] == [
        ("doubled-delivery", "urk_politie.xlsx"),
        ("doubled-delivery", "urk_politie (1).xlsx"),
    ]
    assert set(matrix.judgements["party"]) == {"municipality"}


def test_one_unreadable_file_does_not_stop_the_others(workbook, load, tmp_path):
    """Each file that cannot be read is named with its own reason; the rest is read."""
    (tmp_path / "leeg.xlsx").write_bytes(b"")
    (tmp_path / "tekst.xlsx").write_text("tekst")
    (tmp_path / "map.xlsx").mkdir()
    names = ("leeg.xlsx", "tekst.xlsx", "map.xlsx", "weg.xlsx")
    matrix = load(workbook(), *(tmp_path / name for name in names))
    assert [(finding.file, finding.rule) for finding in matrix.findings] == [
        ("leeg.xlsx", "empty-file"),
        ("tekst.xlsx", "not-a-workbook"),
        ("map.xlsx", "unreadable-file"),
        ("weg.xlsx", "unreadable-file"),
    ]
    assert len(matrix.sources) == 1


def test_nothing_to_read_is_an_error_with_every_reason(load, tmp_path):
    """When no file could be read the error holds all findings, and is no traceback."""
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "b.xlsx").write_text("b")
    with pytest.raises(MatrixError) as caught:
        load(tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert [finding.rule for finding in caught.value.findings] == ["empty-file", "not-a-workbook"]
    with pytest.raises(MatrixError, match="geen enkele risicomatrix"):
        load()


def test_a_file_that_may_not_be_read_is_named_with_a_hint(workbook, load, monkeypatch):
    """Windows locks what is open in Excel; the message says so."""
    path = workbook()

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(MatrixError) as caught:
        load(path)
    assert "Excel" in caught.value.findings[0].found
    assert str(path.parent) not in str(caught.value)


def test_a_file_beyond_all_size_is_not_read_whole(workbook, load, tmp_path):
    """What is larger than any matrix is refused by its size."""
    path = tmp_path / "urk_politie.xlsx"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 40)
    with pytest.raises(MatrixError) as caught:
        load(path)
    assert caught.value.findings[0].rule == "too-large"


def test_a_folder_is_read_whole(workbook, catalogue, tmp_path):
    """Every kind of workbook in it: one in another format is refused by name, not passed over."""
    workbook()
    workbook(name="urk_gemeente.XLSX", party="municipality")
    (tmp_path / "almere_politie.ods").write_bytes(b"PK\x05\x06" + bytes(18))
    (tmp_path / "almere_gemeente.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    (tmp_path / "notitie.txt").write_text("niet voor ons")
    matrix = load_matrix(tmp_path, catalogue, PARKS, round=ROUND)
    assert {source.file for source in matrix.sources} == {"urk_politie.xlsx", "urk_gemeente.XLSX"}
    assert {finding.file for finding in matrix.findings} == {"almere_politie.ods", "almere_gemeente.xls"}


def test_a_workbook_with_macros_is_read_as_data(workbook, load, original):
    """An .xlsm is read; nothing in it is run."""
    assert by_cell(load(workbook(name="urk_politie.xlsm"))) == original


def test_a_lock_file_says_that_the_workbook_is_open(workbook, catalogue, tmp_path):
    """Excel's own lock beside the file: a warning about the workbook, not a fault of the lock."""
    workbook()
    (tmp_path / "~$urk_politie.xlsx").write_bytes(b"\x05Jansen" + bytes(160))
    matrix = load_matrix(tmp_path, catalogue, PARKS, round=ROUND)
    assert [(finding.rule, finding.severity, finding.file) for finding in matrix.findings] == [
        ("open-elsewhere", "warning", "urk_politie.xlsx")
    ]
    assert len(matrix.sources) == 1


def test_one_path_as_text_is_enough(workbook, catalogue, original):
    """A single file may be given as a Path or as text."""
    path = workbook()
    assert by_cell(load_matrix(str(path), catalogue, PARKS, round=ROUND)) == original
    assert by_cell(load_matrix(path, catalogue, PARKS, round=ROUND)) == original


def test_what_was_read_is_known_by_its_bytes(workbook, load):
    """The source holds the sha256 of the file; another byte, another hash."""
    path = workbook()
    first = load(path).sources[0]
    assert (first.file, first.municipality, first.party, first.fictional) == (
        "urk_politie.xlsx",
        "urk",
        "police",
        False,
    )
    path = workbook(lambda book: book[SHEET_MATRIX].__setitem__("C5", "2"))
    assert load(path).sources[0].sha256 != first.sha256


def test_made_up_judgements_make_a_made_up_matrix(workbook, load):
    """One workbook that says it is fictional marks the whole."""

    def mark(book):
        book[SHEET_SCHEMA]["B7"] = "Ja "

    assert load(workbook(mark)).fictional
    assert not load(workbook()).fictional
