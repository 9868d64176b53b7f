"""What goes wrong in a real batch: killed, broken off, hanging, a full disk; nothing half-finished looks finished."""

import errno
import json
import os
import random
import signal
import sys
import time

import nbformat
import pytest

from tests.batch import killing
from tests.batch.test_worker import gone
from werkbank.batch.runner import run_batch

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as Linux and macOS have them")
KILL = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"


def spoil(workspace, source, cell, slug="urk"):
    """Put a line before the code cell of that number, for one municipality."""
    path = workspace / "notebooks" / "analyse.ipynb"
    nb = nbformat.read(path, as_version=4)
    code = [one for one in nb.cells if one.cell_type == "code"]
    only = f'if globals().get("municipality", "{slug}") == "{slug}":\n    ' if cell else ""
    code[cell].source = f"{only}{source}\n{code[cell].source}"
    nbformat.write(nb, path)


@pytest.mark.soak
def test_kill_9_at_a_random_moment(two):
    """No half analysis is seen, the earlier ones are as they were, no process is left after 10 s, running again
    finishes. Fifty moments, held against batches that nothing happened to, are in `make soak`."""
    before = killing.folders(two)
    seen = killing.killed(two, 5, 8, random.Random(2018))
    killing.none_is_half(seen, before, killing.finished(two, 5))


@pytest.mark.parametrize("how", [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak)])
def test_ctrl_c_leaves_nothing_behind_and_everything_as_it_was(two, how):
    """Exit code 130, within 5 s on a machine that is not busy; also when the system asks the batch to end."""
    before = killing.folders(two)
    begun = two / "begun"
    spoil(two, f"import time; open({str(begun)!r}, 'w').close(); time.sleep(600)", 4, slug="zeewolde")
    killing.set_seed(two, 5)
    process = killing.start(two, "--municipality", "zeewolde")
    until(begun.exists, 120)
    _, err, code, took, alive = killing.end(process, how)
    assert code == 130, err
    assert err.strip() == "Afgebroken."
    assert alive == []
    assert took < 15
    assert killing.folders(two) == before
    assert [path for path in killing.temporary(two).rglob("*") if path.is_file()] == []
    assert {path.name for path in (two / "output").rglob(".*")} <= {".batch.lock"}


def test_what_takes_too_long_is_stopped_with_all_that_it_started_and_no_english_line_stands_beside_a_dutch_one(two):
    begun = "import subprocess, sys, time; print('English', file=sys.stderr, flush=True)\n"
    begun += f"open({str(two / 'pid')!r}, 'w').write(str(subprocess.Popen(['sleep', '600']).pid)); time.sleep(600)"
    spoil(two, begun, 0)
    code, out, err = killing.analyse(two, "--municipality", "urk", "--timeout", "4")
    first, *more = err.splitlines()
    assert (code, first) == (1, "urk is mislukt. Het notebook was na 4 seconden nog niet klaar en is gestopt.")
    assert [line for line in more if not line.startswith("Let op: Niet gelezen")] == []
    assert out.startswith("0 van de 1 analyses gemaakt.\n")
    assert gone(int((two / "pid").read_text()))


def until(what, seconds):
    ends = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < ends
        time.sleep(0.02)


def test_when_one_is_killed_the_others_finish_and_the_exit_code_is_1_and_the_error_of_a_cell_keeps_its_text(two):
    """It is never tried again; and the text of another's error may hold a judgement or a remark."""
    starts = two / "starts"
    spoil(two, f"open({str(starts)!r}, 'a').write('x'); {KILL}", 6)
    spoil(two, 'raise KeyError("SECRET")', 6, slug="zeewolde")
    result = run_batch(two, ["urk", "zeewolde"])
    urk, zeewolde = result.outcomes
    assert starts.read_text() == "x"
    assert result.exit_code == 1
    assert "gestopt voordat het klaar was" in urk.reason
    assert "KeyError" in zeewolde.reason
    riec = two / "output" / "2026-1" / "riec"
    assert "gestopt voordat het klaar was" in (riec / "failed" / "urk" / "reden.txt").read_text(encoding="utf-8")
    # What stood there before is the manifest's still, and it says that the last time failed.
    manifest = json.loads((riec / "manifest.json").read_text())
    assert list(manifest["failures"]) == ["urk", "zeewolde"]
    assert manifest["units"]["urk"]["made"] == "2026-03-03"
    partial = (riec / "failed" / "zeewolde" / "analyse.ipynb").read_text(encoding="utf-8")
    assert "FICTIEVE GEGEVENS" in partial
    assert str(two) not in partial.replace(str(starts), "")
    for path in (two / "output").rglob("*"):
        if path.is_file() and path.name != ".batch.lock":
            error_text = path.read_bytes().replace(b'raise KeyError(\\"SECRET\\")', b"")  # the notebook's own source
            assert b"SECRET" not in error_text, path


def test_a_disk_that_is_full_is_named(two, filling):
    def full(_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    before = killing.folders(two)
    filling(full)
    result = run_batch(two, ["urk", "zeewolde"], force=True)
    reasons = [one.reason for one in result.outcomes]
    assert ["de schijf is vol" in one for one in reasons] == [True, True], reasons
    assert killing.folders(two) == before
