"""Two batches at once: the second is refused at once and told who was first."""

import contextlib
import subprocess
import sys
import time

import pytest

from werkbank.batch.follow_up import make_monitors
from werkbank.batch.runner import run_batch
from werkbank.errors import OutputError
from werkbank.files.whole import HOLDER, busy_batch, only_batch

HOLD = """
import sys, time
from pathlib import Path
from werkbank.files.whole import only_batch
with only_batch(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(600)
"""


@contextlib.contextmanager
def held(output):
    """Another process that holds the folder."""
    process = subprocess.Popen([sys.executable, "-c", HOLD, str(output)], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture
def holder(tmp_path):
    with held(tmp_path) as process:
        yield process


def test_the_second_is_refused_at_once_and_names_the_first(tmp_path, holder):
    start = time.monotonic()
    with pytest.raises(OutputError, match=f"loopt al een batch: proces {holder.pid}, begonnen op .* om "), only_batch(tmp_path):  # fmt: skip
        pass
    assert time.monotonic() - start < 2


def test_when_it_is_done_or_killed_the_next_may_begin_and_nothing_is_to_be_cleared_by_hand(tmp_path, holder):
    holder.kill()
    holder.wait()
    for _ in range(2):
        with only_batch(tmp_path):
            assert (tmp_path / HOLDER).is_file()
        assert not (tmp_path / HOLDER).exists()


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="kan niet worden beschreven"), only_batch(tmp_path / "file" / "output"):
        pass


def test_a_process_that_got_the_number_of_a_killed_batch_holds_nothing(tmp_path):
    with only_batch(tmp_path):
        told = (tmp_path / HOLDER).read_text()
        assert busy_batch(tmp_path)
    (tmp_path / HOLDER).write_text(told)  # as a batch that is killed leaves it; its number is this process
    assert busy_batch(tmp_path) == ""


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
