"""Filling in from a program: nothing of anybody else is lost, and a file is whole or as it was."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import openpyxl
import pytest

from werkbank.errors import MatrixError, OutputError
from werkbank.matrix import layout, load_matrix, template_filling
from werkbank.matrix.template import job_for
from werkbank.matrix.template_filling import EARLIER, Entry, open_filling

from .conftest import PARKS, ROUND, SECRET

DAY = dt.date(2026, 3, 15)
FULL = Entry("level", 2, "B", DAY, "Besproken.")


@pytest.fixture
def job(catalogue):
    return job_for(
        catalogue, PARKS, party="police", municipality="urk", municipality_name="Urk", round=ROUND, fictional=False
    )


@pytest.fixture
def fresh(tmp_path, job):
    """A workbook that is not there yet."""
    return open_filling(tmp_path / "urk_politie.xlsx", job, PARKS)


@pytest.fixture
def existing(workbook, job):
    """A filled workbook, opened."""
    return open_filling(workbook(), job, PARKS)


def test_where_there_is_no_file_all_is_open(fresh):
    assert fresh.filled() == (0, 105)
    assert fresh.filled("URK-01") == (0, 35)
    assert fresh.entry("URK-01", "V01") == Entry()
    assert fresh.findings == ()


def test_what_is_filled_in_is_read_from_the_file_that_is_written(fresh, load):
    """The same kind of file as everyone gets, with everything that was said."""
    saved = fresh.with_entry("URK-01", "V01", FULL).with_entry("URK-02", "W06", Entry("unknown")).save()
    assert saved.entry("URK-01", "V01") == FULL
    matrix = load(fresh.path)
    assert matrix.findings == ()
    row = matrix.judgements.set_index(["park_id", "indicator"]).loc[("URK-01", "V01")]
    assert (row["level"], row["source_strength"], row["date"].date(), row["remark"]) == (2, "B", DAY, "Besproken.")
    assert openpyxl.load_workbook(fresh.path).sheetnames[:3] == ["Uitleg", "Matrix", "Toelichting"]


def test_changing_one_cell_leaves_every_other_and_every_remark_as_it_was(existing, load):
    before = load(existing.path).judgements.set_index(["park_id", "indicator"])
    existing.with_entry("URK-02", "V05", FULL).save()
    after = load(existing.path).judgements.set_index(["park_id", "indicator"])
    assert SECRET in set(after["remark"])
    assert list(before.compare(after).index) == [("URK-02", "V05")]


def test_a_stage_is_a_value_that_later_stages_leave_alone(existing):
    later = existing.with_entry("URK-01", "V01", Entry())
    assert existing.entry("URK-01", "V01").level == 0
    assert later.entry("URK-01", "V01") == Entry()
    assert later.changed_from(existing) == existing.changed_from(later) == 1
    assert later.filled()[0] == existing.filled()[0] - 1


def test_what_stood_there_before_is_kept_and_only_once(existing):
    before = existing.path.read_bytes()
    saved = existing.with_entry("URK-01", "V02", FULL).save()
    assert saved.saved_as.parent.name == EARLIER
    assert saved.saved_as.read_bytes() == before
    again = saved.save()
    assert again.saved_as is None
    assert len(list(saved.saved_as.parent.iterdir())) == 1


def test_the_folder_of_earlier_workbooks_is_not_read_as_returns(existing, catalogue):
    existing.with_entry("URK-01", "V02", FULL).save()
    assert len(load_matrix(existing.path.parent, catalogue, PARKS, round=ROUND).sources) == 1


def test_a_file_that_changed_in_the_meantime_is_not_written_over(existing):
    """Somebody else saved too: both pieces of work are still there."""
    mine, theirs = (existing.with_entry("URK-01", "V02", Entry("level", level)) for level in (1, 3))
    theirs.save()
    content = existing.path.read_bytes()
    with pytest.raises(OutputError, match="is veranderd sinds u hem hier opende"):
        mine.save()
    assert existing.path.read_bytes() == content


def test_a_file_that_appeared_in_the_meantime_is_not_written_over(fresh, workbook):
    content = workbook().read_bytes()
    with pytest.raises(OutputError, match="is veranderd"):
        fresh.with_entry("URK-01", "V01", FULL).save()
    assert fresh.path.read_bytes() == content


@pytest.mark.parametrize("lock", ["~$urk_politie.xlsx", ".~lock.urk_politie.xlsx#"])
def test_a_workbook_that_is_open_elsewhere_is_left_alone(existing, lock):
    (existing.path.parent / lock).touch()
    with pytest.raises(OutputError, match="nog ergens open"):
        existing.with_entry("URK-01", "V01", FULL).save()


def test_a_failing_write_leaves_the_file_as_it_was(existing, monkeypatch):
    before = existing.path.read_bytes()

    def full_disk(path, content):
        raise OutputError(f"De werkmap {path.name} kon niet worden geschreven: geen ruimte.")

    monkeypatch.setattr(template_filling, "store", full_disk)
    with pytest.raises(OutputError, match="geen ruimte"):
        existing.with_entry("URK-01", "V02", FULL).save()
    assert existing.path.read_bytes() == before


def test_an_earlier_workbook_that_cannot_be_kept_stops_the_saving(existing):
    before = existing.path.read_bytes()
    (existing.path.parent / EARLIER).write_text("in de weg")
    with pytest.raises(OutputError, match="kon niet worden bewaard"):
        existing.with_entry("URK-01", "V02", FULL).save()
    assert existing.path.read_bytes() == before


def test_findings_come_with_the_file_and_go_when_it_is_mended(workbook, job):
    """A cell that could not be read is open, and its finding says where it is."""
    path = workbook(lambda book: book[layout.SHEET_MATRIX].__setitem__("C5", "4"))
    opened = open_filling(path, job, PARKS)
    assert [(finding.park_id, finding.indicator, finding.cell) for finding in opened.findings] == [
        ("URK-01", "V01", "C5")
    ]
    assert opened.entry("URK-01", "V01").state == "open"
    assert opened.with_entry("URK-01", "V01", Entry("level", 3)).save().findings == ()


def put(sheet, **cells):
    """Change these cells."""

    def change(book):
        for cell, value in cells.items():
            book[sheet][cell] = value

    return change


@pytest.mark.parametrize(
    ("edit", "lost"),
    [
        (put(layout.SHEET_MATRIX, C5="misschien"), True),
        (put(layout.SHEET_MATRIX, C2="URK-09"), True),
        (put(layout.SHEET_REMARKS, A3="URK-09"), True),
        (put(layout.SHEET_REMARKS, D3="ooit"), True),
        (put(layout.SHEET_REMARKS, E3="Bel 06-12345678"), False),
        (lambda book: book[layout.SHEET_MATRIX].row_dimensions.__getitem__(6).__setattr__("hidden", True), False),
    ],
    ids=["level", "park", "remark", "date", "phone", "hidden"],
)
def test_it_is_known_beforehand_whether_saving_leaves_anything_behind(workbook, job, edit, lost):
    opened = open_filling(workbook(edit), job, PARKS)
    assert opened.findings
    assert opened.incomplete is lost


@pytest.mark.parametrize("content", [b"", b"geen werkmap"])
def test_a_file_that_cannot_be_read_is_named_and_never_written_over(tmp_path, job, content):
    path = tmp_path / "urk_politie.xlsx"
    path.write_bytes(content)
    with pytest.raises(MatrixError) as refusal:
        open_filling(path, job, PARKS)
    assert refusal.value.findings
    assert path.read_bytes() == content


def test_the_workbook_of_another_party_is_refused(workbook, job):
    path = workbook(party="municipality")
    with pytest.raises(MatrixError):
        open_filling(path, job, PARKS)


def test_a_workbook_that_says_it_is_made_up_stays_so(fresh, job, load):
    open_filling(fresh.path, replace(job, fictional=True), PARKS).with_entry("URK-01", "V01", FULL).save()
    open_filling(fresh.path, job, PARKS).with_entry("URK-01", "V02", FULL).save()
    assert load(fresh.path).fictional


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  rand \n", "rand"), ("a\r\nb", "a\nb"), ("a\tb", "a b"), ("bel\x07\x00", "bel"), ("😀 é €", "😀 é €")],
)
def test_a_remark_is_kept_as_a_cell_can_hold_it(fresh, typed, kept):
    saved = fresh.with_entry("URK-01", "V01", Entry(remark=typed)).save()
    assert saved.entry("URK-01", "V01").remark == kept


@pytest.mark.parametrize(
    "entry", [Entry(remark="geheim" * 6_000), Entry("level", 1, date=dt.date(1999, 12, 31))], ids=["long", "old"]
)
def test_what_could_not_be_read_back_is_refused_at_once(fresh, entry):
    with pytest.raises(OutputError) as refusal:
        fresh.with_entry("URK-01", "V01", entry)
    assert "geheim" not in str(refusal.value)


def test_no_remark_is_in_what_a_log_would_show(existing):
    assert SECRET not in repr(existing)
    assert SECRET not in repr(existing.entry("URK-01", "V01"))
