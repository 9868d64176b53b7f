"""Whatever somebody sends, it is called what it is, in plain Dutch, at once and with little memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import by_cell, said
from .kinds import KINDS, make

ROOT = Path(__file__).parents[2]
MEASURE = """
import json, sys, time
from pathlib import Path
from tests.matrix.conftest import PARKS, ROUND
from werkbank.settings.catalogue import load_catalogue
from werkbank.errors import MatrixError
from werkbank.matrix import load_matrix

def memory(name):
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith(name))

catalogue, seconds, kilobytes = load_catalogue(), {}, {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    Path("/proc/self/clear_refs").write_text("5")  # forget the highest use so far
    before, began = memory("VmRSS"), time.process_time()
    try:
        load_matrix([path], catalogue, PARKS, round=ROUND)
    except MatrixError:
        pass
    seconds[path.name], kilobytes[path.name] = time.process_time() - began, memory("VmHWM") - before
print(json.dumps({"seconds": seconds, "kilobytes": kilobytes}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """One file of every kind, but for the one that is not there."""
    folder = tmp_path_factory.mktemp("kinds")
    for name in KINDS:
        make(name, folder / name)
    return folder


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the highest use of memory of each file")
def test_every_kind_of_file_is_refused_at_once_and_with_little_memory(folder):
    """Each within a second of work and 150 MB; in a process of its own, to be measured there."""
    command = [sys.executable, "-c", MEASURE, str(folder)]
    measured = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)
    assert len(measured["seconds"]) == len(KINDS) - 1
    assert {name: taken for name, taken in measured["seconds"].items() if taken > 1} == {}
    assert {name: used for name, used in measured["kilobytes"].items() if used > 150_000} == {}


def test_every_kind_of_file_is_called_what_it_is_and_the_good_one_among_them_is_read(folder, workbook, load, original):
    """Each has one finding, with the file's name, the right rule, and words that a civil servant knows."""
    matrix = load(*(folder / name for name in KINDS), workbook())
    assert by_cell(matrix) == original
    found = {each.file: (each.rule, each.found) for each in matrix.findings}
    assert len(found) == len(matrix.findings) == len(KINDS)
    for name, (_, rule, words) in KINDS.items():
        assert found[name.removeprefix("~$")][0] == rule
        assert words in found[name.removeprefix("~$")][1]
    assert all(each.allowed and each.remedy for each in matrix.findings)
    assert str(folder) not in said(matrix.findings)
