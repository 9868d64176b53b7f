"""A folder or a file appears whole or not at all; of two batches at once the second is told who was first."""

import contextlib
import errno
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from werkbank.batch.follow_up import make_monitors
from werkbank.batch.runner import run_batch
from werkbank.errors import OutputError
from werkbank.files import whole
from werkbank.files.whole import HOLDER, UNFINISHED, busy_batch, only_batch, whole_file, whole_folder

HOLD = """
import sys, time
from pathlib import Path
from werkbank.files.whole import only_batch
with only_batch(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


def full_disk(_):
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def urk(tmp_path):
    """A folder with what was made before."""
    (tmp_path / "urk").mkdir()
    (tmp_path / "urk" / "stale.html").write_text("old")
    return tmp_path / "urk"


def texts(folder):
    return [file.read_text() for file in folder.iterdir()]


def fill(folder, text="new"):
    (folder / "analyse.html").write_text(text)


def test_the_folder_stands_in_its_place_whole_when_all_went_well(tmp_path, urk):
    """No file of an earlier run stays behind among the new ones; what another fills meanwhile is apart."""
    with whole_folder(urk) as folder, whole_folder(tmp_path / "almere") as other:
        fill(folder)
        fill(other, "almere")
        assert (texts(urk), (tmp_path / "almere").exists()) == (["old"], False)
    assert (texts(urk), texts(tmp_path / "almere")) == (["new"], ["almere"])
    assert not (tmp_path / UNFINISHED).exists()


def test_many_that_begin_and_end_at_once_do_not_take_away_one_anothers_place(tmp_path):
    def turns(name):
        for _ in range(200):
            with contextlib.suppress(KeyError), whole_folder(tmp_path / name):
                raise KeyError

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(turns, "abcd")) == [None] * 4
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("fault", "told"), [(RuntimeError("x"), "x"), (KeyboardInterrupt(), "^$"), (None, "niet worden weggeschreven")]
)
def test_what_fails_leaves_the_earlier_folder_as_it_was(tmp_path, urk, fault, told):
    with pytest.raises(type(fault) if fault else OutputError, match=told), whole_folder(urk) as folder:
        fill(folder, "half")
        if fault:
            raise fault
        full_disk(folder)
    assert texts(urk) == ["old"]
    assert not (tmp_path / UNFINISHED).exists()


def test_old_and_new_change_places_in_one_step(urk, monkeypatch):
    """There is no moment at which neither stands there: the folder is looked at between every two calls."""
    if whole._exchanged(urk, urk) is False:
        pytest.skip("this disk cannot exchange two folders in one step")

    def never(*_):
        raise AssertionError("a step with nothing in between")

    with whole_folder(urk) as new:
        fill(new)
        monkeypatch.setattr("pathlib.Path.replace", never)
    assert texts(urk) == ["new"]


def test_where_that_cannot_be_a_kill_in_between_is_mended(tmp_path, urk, monkeypatch):
    monkeypatch.setattr(whole, "_exchanged", lambda *_: False)
    with whole_folder(urk) as new:
        fill(new)
    assert texts(urk) == ["new"]
    # As a kill leaves it: the old one put aside, the new one not yet in its place.
    left = tmp_path / UNFINISHED / "urk-0123abcd-old"
    left.parent.mkdir()
    urk.rename(left)
    (tmp_path / UNFINISHED / "urk-0123abcd").mkdir()
    whole.mend(tmp_path)
    assert texts(urk) == ["new"]
    assert not (tmp_path / UNFINISHED).exists()


def test_a_file_is_written_whole_or_stays_as_it_was(tmp_path, monkeypatch):
    whole_file(tmp_path / "manifest.json", b"old")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full_disk)
        with pytest.raises(OutputError, match=r"manifest\.json kon niet worden weggeschreven \(de schijf is vol\)"):
            whole_file(tmp_path / "manifest.json", b"new")
    assert texts(tmp_path) == ["old"]


@contextlib.contextmanager
def held(output):
    """Another process that holds the folder."""
    with subprocess.Popen([sys.executable, "-c", HOLD, str(output)], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def test_the_second_is_refused_at_once_and_when_the_first_is_killed_nothing_is_to_be_cleared_by_hand(tmp_path):
    with held(tmp_path) as holder:
        start = time.monotonic()
        with pytest.raises(OutputError, match=f"loopt al een batch: proces {holder.pid}, begonnen op .* om "), only_batch(tmp_path):  # fmt: skip
            pass
        assert time.monotonic() - start < 2
    for _ in range(2):
        with only_batch(tmp_path):
            told = (tmp_path / HOLDER).read_text()
            assert busy_batch(tmp_path)
        assert not (tmp_path / HOLDER).exists()
    (tmp_path / HOLDER).write_text(told)  # as a batch that is killed leaves it; its number is this process
    assert busy_batch(tmp_path) == ""
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="kan niet worden beschreven"), only_batch(tmp_path / "file" / "output"):
        pass


def test_neither_a_batch_nor_a_comparison_nor_the_demo_begins_under_a_batch(two, quick, run):
    def demo():
        code, _, err = run("demo", "--seed", "2019")
        assert code == 2
        raise OutputError(err)

    before = {path: path.stat().st_mtime_ns for path in (two / "data").rglob("*.*")}
    with held(two / "output"):
        for begin in (lambda: run_batch(two, ["urk"], force=True), lambda: list(make_monitors(["urk"])), demo):
            with pytest.raises(OutputError, match=r"loopt al een batch.*Er is niets gedaan"):
                begin()
    assert quick == []
    assert not (two / "output" / "2026-1" / "riec" / "monitor").exists()
    assert {path: path.stat().st_mtime_ns for path in (two / "data").rglob("*.*")} == before
