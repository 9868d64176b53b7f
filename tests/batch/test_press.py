"""Files are made in processes of their own: one that ends is replaced once, and none outlives who asked for it."""

import sys

import psutil
import pytest

import werkbank as wb
from werkbank.batch import files, press
from werkbank.batch.press import Job, Press, at_press, open_press
from werkbank.batch.printer import _answer
from werkbank.errors import OutputError

DIES = """
import pathlib, sys
sys.stdin.readline()
with open({file!r}, "a") as file: file.write("x")
if len(open({file!r}).read()) > {times}: print('{{"done": {{"of": 7}}}}', flush=True); sys.stdin.readline()
"""
HANGS = "import sys, time; sys.stdin.readline(); time.sleep(600)"


@pytest.fixture
def job(demo_workspace, monkeypatch, tmp_path):
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(demo_workspace))
    return Job("analysis", wb.load_parameters("urk"), tmp_path, None, 20.0)


@pytest.fixture
def instead(monkeypatch):
    """Another program in the place of the process that makes files; it speaks over the same lines."""

    def put(source):
        monkeypatch.setattr(press, "_COMMAND", [sys.executable, "-c", source])

    return put


def test_one_that_ends_under_way_is_replaced_and_the_work_done_again(job, instead, tmp_path):
    instead(DIES.format(file=str(tmp_path / "starts"), times=1))
    with open_press(), at_press() as make:
        assert make(job) == {"of": 7}
    assert (tmp_path / "starts").read_text() == "xx"


def test_one_that_ends_twice_fails_that_municipality_with_a_reason(job, instead, tmp_path):
    instead(DIES.format(file=str(tmp_path / "starts"), times=9))
    with open_press(), at_press() as make, pytest.raises(OutputError, match="gestopt voordat het klaar was"):
        make(job)
    assert (tmp_path / "starts").read_text() == "xx"


def test_those_that_ended_while_nothing_was_asked_of_them_fail_nobody(job, instead):
    """Two wait for the next municipality and are killed: it gets one that was started just now."""
    instead("for _ in __import__('sys').stdin: print('{\"done\": {\"of\": 7}}', flush=True)")
    with open_press() as busy:
        with at_press() as one, at_press() as other:
            assert one(job) == other(job) == {"of": 7}
        for printer in busy._all:
            printer._end()
        with at_press() as make:
            assert make(job) == {"of": 7}


def test_one_that_hangs_is_stopped_at_its_limit_and_not_tried_again(job, instead):
    instead(HANGS)
    with open_press() as busy, at_press() as make:
        with pytest.raises(OutputError, match="na 1 seconden nog niet klaar"):
            make(Job(job.work, job.parameters, job.folder, None, 1.0))
        assert len(busy._all) == 1


def test_what_is_stopped_ends_at_once_and_starts_no_more(job, instead):
    instead(HANGS)
    with Press() as busy, busy.turn() as make:
        busy.stop()
        with pytest.raises(OutputError, match="gestopt"):
            make(job)
    assert busy._all == set()


def test_the_next_municipality_gets_the_same_process(job, instead):
    instead('import os, sys\nfor _ in sys.stdin: print(\'{"done": {"pid": %d}}\' % os.getpid(), flush=True)')
    made = []
    with open_press():
        for _ in range(3):
            with at_press() as make:
                made.append(make(job)["pid"])
    assert len(set(made)) == 1
    assert not psutil.pid_exists(made[0])


def test_an_error_that_nobody_foresaw_keeps_its_text_to_itself(job, monkeypatch):
    """Its text may hold a judgement; our own errors are told in their own words, a full disk by what it is."""
    faults = iter([KeyError("SECRET"), OutputError("Eigen woorden."), OSError(28, "SECRET")])

    def fail(*_):
        raise next(faults)

    monkeypatch.setattr(files, "do", fail)
    told = [_answer(job.values())["failed"] for _ in range(3)]
    assert told[0].startswith("Onverwachte fout (KeyError")
    assert told[1:] == ["Eigen woorden.", "De uitvoer kon niet worden weggeschreven (de schijf is vol)."]
    assert "SECRET" not in "".join(told)
