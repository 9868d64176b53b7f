"""From files to a risk matrix: what a file says arrives, what is wrong is named, and a secret stays one."""

import dataclasses
import datetime as dt
import shutil
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix
from werkbank.matrix.checks import content_findings
from werkbank.matrix.layout import SHEET_MATRIX, SHEET_REMARKS, SHEET_SCHEMA
from werkbank.settings.catalogue import load_catalogue

from .conftest import PARKS, ROUND, SECRET, by_cell, judgements, of_a_few, put, refused, rules, said
from .drawing import frame_of, written
from .formats import delimited, xlsx

STATES = st.one_of(
    st.integers(0, 3).map(lambda level: ("level", level)),
    st.sampled_from([("unknown", None), ("not_applicable", None), ("open", None)]),
)
# What a person can type: no control characters but line ends, no half a character.
TEXTS = st.text(st.characters(exclude_categories=("Cc", "Cs", "Cn")) | st.just("\n"), max_size=40).map(str.strip)
DAYS = st.none() | st.dates(dt.date(2000, 1, 1), dt.date(2099, 12, 31))
OWN = ("URK-01", "URK-02", "URK-03")
PLACES = [(park, code) for park in OWN for code in load_catalogue().indicator_ids]
CELLS = st.dictionaries(
    st.sampled_from(PLACES), st.tuples(STATES, st.sampled_from(["", "A", "B", "C"]), DAYS, TEXTS), max_size=25
)


@of_a_few
@given(CELLS)
@example({PLACES[0]: (("open", None), "", None, '_x0041_ en =A1 of \'+31, "zo" &amp; <b>')})
def test_what_is_written_is_read_and_makes_the_same_file_again(tmp_path, catalogue, load, cells):
    """Any judgements, remarks, source strengths and dates make the round trip unchanged; the rest is open."""
    nothing = (("open", None), "", None, "")
    drawn = [(*place, *cells.get(place, nothing)) for place in PLACES]
    frame = frame_of(
        [(park, code, "police", *state, text, strength, day) for park, code, state, strength, day, text in drawn]
    )
    path = written(tmp_path / "urk_politie.xlsx", catalogue, PARKS, judgements=frame)
    matrix, first = load(path), path.read_bytes()
    pd.testing.assert_frame_equal(matrix.judgements, frame)
    # What was drawn may well look like nothing filled in, or name a person; reading itself found nothing.
    assert matrix.findings == content_findings(matrix, catalogue, PARKS)
    assert written(path, catalogue, PARKS, judgements=matrix.judgements).read_bytes() == first


def test_what_is_inserted_or_added_changes_nothing(workbook, load, judged):
    """A heading above, a numbering to the left, empty lines between; notes, charts and empty sheets beside the matrix."""

    def insert(book):
        sheet = book[SHEET_MATRIX]
        sheet.insert_rows(1, 3)
        sheet.insert_rows(12, 2)
        sheet.insert_cols(1, 2)
        sheet.insert_cols(6)
        sheet["A1"] = "Concept van de afdeling, nog niet vaststellen"
        book.create_sheet("Notities", 0)["A1"] = SECRET
        book.create_sheet("Leeg")
        book.create_chartsheet("Grafiek")

    matrix = load(workbook(insert))
    assert (by_cell(matrix), matrix.findings) == (judged, ())


def test_a_matrix_is_found_where_it_stands(workbook, load, judged):
    """Whatever its sheet is called, an empty one of that name aside; a list of remarks has codes too, but is no matrix."""

    def move(book):
        book[SHEET_MATRIX].title = "Blad1"
        book.create_sheet(SHEET_MATRIX)

    def remove(book):
        del book[SHEET_MATRIX]
        book[SHEET_REMARKS].title = "Opmerkingen"

    assert by_cell(load(workbook(move))) == judged
    assert rules(refused(load, workbook(remove))) == ["no-matrix"]


FAULTS = {
    "C5": "3,5", "D5": "7", "E5": "structureel vermoed ik", "C6": True, "D6": "0 structureel", "E6": 1e9, "C7": -1,
    "D7": "1-2", "E7": "=1+1", "C8": "#DIV/0!", "D8": "ja", "E8": "-",
}  # fmt: skip


def spoil(book):
    put(**FAULTS)(book[SHEET_MATRIX])


@pytest.mark.parametrize(
    ("values", "hints"),
    [
        *((values, 1) for values in ((0, 1, 2, 4, 5), (25, 50, 100), (0.5, 1))),
        # One or two slips of the pen, texts, and numbers that are on no scale.
        *((values, 0) for values in ((0, 1, 2, 3), (0, *[1] * 27, 4, 4), (0, "zie mail", "ja"), (1000, 612345678, -1))),
    ],
)
def test_odd_numbers_hint_once_at_another_scale_and_nothing_is_converted(workbook, load, values, hints):
    """What is a level stays that level, what is none is open with a finding of its own, and nothing becomes a nought."""
    filled = {
        f"{column}{row}": values[(row + 7 * place) % len(values)]
        for row in range(5, 15)
        for place, column in enumerate("CDE")
    }
    matrix = load(workbook(lambda book: put(**filled)(book[SHEET_MATRIX])))
    found = [each for each in matrix.findings if each.rule == "mixed-scale"]
    assert [(each.severity, each.sheet, each.cell) for each in found] == [("error", SHEET_MATRIX, None)] * hints
    named = {each.cell for each in matrix.findings if each.severity == "error" and each.cell}
    assert named == {cell for cell, value in filled.items() if value not in (0, 1, 2, 3)}
    judged = {matrix.place_of(*key, "police").cell: value for key, value in by_cell(matrix).items()}
    assert {cell: judged[cell] for cell in filled} == {
        cell: "open" if cell in named else value for cell, value in filled.items()
    }


def test_strict_refuses_what_has_errors_and_names_them_all(workbook, load, judged):
    """With `strict` nothing is returned, without it every such cell is open; a warning is no refusal."""
    matrix, findings = load(workbook(spoil)), refused(load, workbook(spoil), strict=True)
    assert sorted(finding.cell for finding in findings) == sorted(FAULTS)
    assert {finding.sheet for finding in findings} == {SHEET_MATRIX}
    spoiled = {(finding.park_id, finding.indicator) for finding in findings}
    assert by_cell(matrix) == judged | dict.fromkeys(spoiled, "open")
    hidden = workbook(lambda book: setattr(book[SHEET_MATRIX].row_dimensions[6], "hidden", True))
    assert rules(load(hidden, strict=True).findings) == ["hidden-row"]


SECRETS = (SECRET, "Jansen", "06-1234567", "AB-123-C", "Kees", "8243 KN 12")


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_is_never_repeated(workbook, load, secret):
    """Wherever a remark, a name or a plate lands by mistake, no finding quotes a word of it."""

    def spread(book):
        put(**dict.fromkeys(("C5", "A7", "D2", "G2", "G6", "A60", "B60", "D9"), secret))(book[SHEET_MATRIX])
        cells = ("A3", "B4", "C5", "D3", "C4", "D4", "D5", "A6", "E7", "D8")
        put(**dict.fromkeys(cells, secret))(book[SHEET_REMARKS])

    findings = load(workbook(spread)).findings
    assert len(findings) >= 5
    words = ("getuige", "busje", "3 maart") if secret == SECRET else (secret.casefold(),)
    assert not any(word in said(findings).casefold() for word in words)


def test_two_parties_and_two_municipalities_come_together(workbook, load):
    """Several files make one matrix, which spans the parks of every municipality that delivered."""
    urk = workbook(), workbook(name="urk_gemeente.xlsx", party="municipality")
    files = [*urk, workbook(name="almere_politie.xlsx", municipality="almere")]
    matrix = load(*files)
    assert matrix.equals(load(*reversed(files)))
    assert matrix.findings == ()
    assert matrix.park_ids == ("URK-01", "URK-02", "URK-03", "ALM-01", "ALM-02")
    assert len(matrix.sources) == 3
    assert matrix.place_of("ALM-01", "V01", "police").file == "almere_politie.xlsx"
    assert len(matrix.judgements) == (3 + 3 + 2) * len(matrix.indicators)


def test_the_same_delivery_twice_counts_for_nothing(workbook, load, tmp_path):
    """Which of two files is meant is not known: both are left out and named, the other party stays."""
    first = workbook()
    second = tmp_path / "urk_politie (1).xlsx"
    shutil.copy(first, second)
    matrix = load(first, second, workbook(name="urk_gemeente.xlsx", party="municipality"))
    assert {finding.rule for finding in matrix.findings} == {"doubled-delivery"}
    assert [finding.file for finding in matrix.findings] == [first.name, second.name]
    assert set(matrix.judgements["party"]) == {"municipality"}


def test_nothing_to_read_is_an_error_with_every_reason(load, tmp_path):
    (tmp_path / "a.xlsx").write_bytes(b"")
    (tmp_path / "b.xlsx").write_text("b")
    findings = refused(load, tmp_path / "a.xlsx", tmp_path / "b.xlsx")
    assert rules(findings) == ["empty-file", "not-a-workbook"]
    with pytest.raises(MatrixError, match="geen enkele risicomatrix"):
        load()


def test_a_file_that_may_not_be_read_is_named_with_a_hint(workbook, load, monkeypatch):
    """Windows locks what is open in Excel; the message says so."""
    path = workbook()

    def refuse(self, *args, **kwargs):
        raise PermissionError(13, "Permission denied", str(self))

    monkeypatch.setattr(Path, "open", refuse)
    findings = refused(load, path)
    assert "Excel" in findings[0].found
    assert str(path.parent) not in said(findings)


def test_a_folder_is_read_whole(workbook, catalogue, tmp_path):
    """One in another format is refused by name, not passed over; Excel's own lock says that the workbook is open."""
    workbook()
    workbook(name="urk_gemeente.XLSX", party="municipality")
    (tmp_path / "almere_politie.ods").write_bytes(b"PK\x05\x06" + bytes(18))
    (tmp_path / "almere_gemeente.xls").write_bytes(bytes.fromhex("d0cf11e0a1b11ae1"))
    (tmp_path / "notitie.txt").write_text("niet voor ons")
    (tmp_path / "~$urk_politie.xlsx").write_bytes(b"\x05Jansen" + bytes(160))
    matrix = load_matrix(tmp_path, catalogue, PARKS, round=ROUND)
    assert {source.file for source in matrix.sources} == {"urk_politie.xlsx", "urk_gemeente.XLSX"}
    found = {finding.file: (finding.rule, finding.severity) for finding in matrix.findings}
    assert set(found) == {"almere_politie.ods", "almere_gemeente.xls", "urk_politie.xlsx"}
    assert found["urk_politie.xlsx"] == ("open-elsewhere", "warning")


def test_what_was_read_is_known_by_its_bytes(workbook, load, catalogue):
    """The source holds the sha256 of the file, which may be given as text; another byte, another hash."""
    path = workbook()
    first = load_matrix(str(path), catalogue, PARKS, round=ROUND).sources[0]
    assert dataclasses.astuple(first) == ("urk_politie.xlsx", "urk", "police", first.sha256, False)
    changed = load(workbook(lambda book: put(C5="2")(book[SHEET_MATRIX])))
    assert changed.sources[0].sha256 != first.sha256


def test_made_up_judgements_make_a_made_up_matrix(workbook, load):
    """One workbook that says it is fictional marks the whole."""
    assert load(workbook(lambda book: put(B7="Ja ")(book[SHEET_SCHEMA]))).fictional
    assert not load(workbook()).fictional


# Several sheets with judgements: one counts by its name, and none is chosen by guessing.


def sheet(name, parks=("URK-01", "URK-02", "URK-03"), level=2):
    return name, [["", *parks], ["V01", *[level] * len(parks)], ["V02", *[0] * len(parks)]]


@pytest.fixture
def read(tmp_path, load):
    """Write these sheets into one file and read it."""

    def make(*sheets):
        (tmp_path / "urk_politie.xlsx").write_bytes(xlsx(*sheets))
        return load(tmp_path / "urk_politie.xlsx")

    return make


def named(findings):
    return [(each.rule, each.sheet) for each in findings if not each.rule.startswith(("missing-", "unknown-round"))]


@pytest.mark.parametrize(
    "sheets",
    [
        (sheet("Politie", level=3), sheet("Gemeente", level=1)),
        (sheet("Urk"), sheet("Almere", parks=("ALM-01", "ALM-02"))),
        (sheet("Politie"), sheet("Politie (2)", level=0)),
        (sheet("Voorbeeld", parks=("URK-01",)), sheet("Retour")),
    ],
    ids=["parties", "municipalities", "a copy", "a larger one"],
)
def test_of_several_sheets_with_judgements_none_is_chosen(read, sheets):
    """One file is of one party and municipality, on one sheet; which of these it is, nobody knows: both are named."""
    assert named(refused(read, *sheets)) == [("ambiguous-matrix", name) for name, _ in sheets]


@pytest.mark.parametrize("other", [sheet("Concept", level=0), sheet("Groot", level=1)], ids=["a draft", "as large"])
def test_the_sheet_called_matrix_counts(read, other):
    """What stands beside it is a draft or an example: named, and not read."""
    matrix = read(other, sheet("matrix "))
    assert by_cell(matrix)["URK-01", "V01"] == 2
    assert ("second-matrix", other[0]) in named(matrix.findings)


def test_a_workbook_holds_a_matrix_and_a_text_file_a_list(read, tmp_path, load):
    """The other way round is refused in one sentence, with what to send instead."""
    lines = ("Lijst", [["park_id", "indicator", "party", "level"], ["URK-01", "V01", "politie", 3]])
    (tmp_path / "urk_politie.csv").write_bytes(delimited(sheet("Matrix")[1]))
    for found in (refused(read, lines), refused(load, tmp_path / "urk_politie.csv")):
        assert named(found) == [("no-matrix", None)]
        assert "één oordeel per regel (.csv)" in found[0].remedy


def test_a_renamed_sheet_of_remarks_is_found_by_its_headings(workbook, load):
    matrix = load(workbook(lambda book: setattr(book[SHEET_REMARKS], "title", "Opmerkingen politie")))
    assert SECRET in set(matrix.judgements["remark"])
    assert matrix.place_of("URK-01", "V01", "police", "remark").sheet == "Opmerkingen politie"
    assert matrix.findings == ()


# What the party is not asked.


def _asked(catalogue, **parties):
    """The catalogue in which these indicators are asked of one party only."""
    asked = ({"asked_of": (parties[one.id],) if one.id in parties else ()} for one in catalogue.indicators)
    indicators = tuple(one.model_copy(update=own) for one, own in zip(catalogue.indicators, asked, strict=True))
    return catalogue.model_copy(update={"indicators": indicators})


def _as_list(path):
    """The judgements in a workbook as a list on lines, as `RiskMatrix.judgements` writes them."""
    target = path.with_suffix(".csv")
    judgements(load_catalogue()).to_csv(target, index=False)
    return target


@pytest.mark.parametrize("made", [lambda path: path, _as_list])
def test_what_a_party_is_not_asked_is_a_finding_where_filled_in_and_counts_nowhere(workbook, catalogue, made):
    """A workbook that was sent before, or a list, with a row too many: it is told once, and is no judgement."""
    asked = _asked(catalogue, V01="municipality", V02="police")
    matrix = load_matrix(made(workbook()), asked, PARKS, round=ROUND)
    (found,) = [one for one in matrix.findings if one.rule == "indicator-not-asked"]
    assert (found.severity, found.indicator) == ("warning", "V01")
    assert found.cell == "C5" or found.line == 2
    assert {one.rule for one in matrix.findings} <= {"indicator-not-asked", "other-catalogue", "unknown-round"}
    assert {code for _, code in by_cell(matrix)} == {*catalogue.indicator_ids} - {"V01"}
    assert (matrix.levels("police")["V01"].isna() & ~matrix.not_applicable("police")["V01"]).all()


def test_a_row_that_is_not_asked_may_be_left_out_or_left_blank(workbook, catalogue):
    """As it is in the blank workbook of that party, which has no such row."""
    asked = _asked(catalogue, V01="municipality")

    def blank(book):
        for cell in book["Matrix"][5][2:]:
            cell.value = None
        for row in book["Toelichting"].iter_rows(min_row=4):
            if row[1].value == "V01":
                for cell in row:
                    cell.value = None

    for edit in (blank, lambda book: book["Matrix"].delete_rows(5)):
        found = {one.rule for one in load_matrix(workbook(edit), asked, PARKS, round=ROUND).findings}
        assert not found & {"indicator-not-asked", "missing-indicator"}
