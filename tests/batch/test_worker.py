"""A fresh process for each notebook and warm ones for files: what ends, hangs or spoils one never reaches another."""

import os
import signal
import threading
import time
from pathlib import Path

import nbformat
import psutil
import pytest

import werkbank as wb
from werkbank.batch import execute, worker
from werkbank.batch.worker import Workers
from werkbank.errors import NotebookFailedError, OutputError

SPOIL = """
import builtins, os, textwrap, werkbank.wording, numpy as np
builtins.left_behind = werkbank.wording.count = textwrap.dedent = 1
os.environ["LEFT_BEHIND"] = "1"; os.chdir("/"); np.random.seed(1)
"""
LOOK = """
import builtins, os, textwrap, werkbank.wording, numpy as np
assert not hasattr(builtins, "left_behind") and callable(textwrap.dedent) and callable(werkbank.wording.count)
assert "LEFT_BEHIND" not in os.environ and os.getcwd() != "/"
open("{file}", "a").write(str(np.random.rand()) + "\\n")
"""


@pytest.fixture(scope="module")
def workers():
    with Workers() as all_of_them:
        yield all_of_them


@pytest.fixture
def run(workers, tmp_path):
    """Execute the sources, one cell each; the executed notebook."""

    def execute(*sources, by=workers, **more):
        nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        nb.metadata = {"kernelspec": {"name": "python3", "display_name": "", "language": "python"}}
        nb.metadata["language_info"] = {"name": "python"}
        path = tmp_path / f"{time.monotonic_ns()}.ipynb"
        nbformat.write(nb, path)
        folder = tmp_path / path.stem
        folder.mkdir()
        by.execute(path, {}, folder, **more)
        done = nbformat.read(folder / path.name, as_version=4)
        del done.cells[0]  # papermill's own, with no parameter in it
        return done

    return execute


def test_a_notebook_leaves_nothing_to_the_next_and_no_two_draw_the_same_numbers(run, tmp_path):
    look = LOOK.format(file=tmp_path / "drawn")
    for source in (look, SPOIL, look, look):
        run(source)
    assert len(set((tmp_path / "drawn").read_text().split())) == 3


def test_every_output_stands_by_its_own_cell_and_streams_are_gone(run):
    shown = run("print('loud')\n1", "", "from IPython.display import display\ndisplay(2); 3", "x = 4")
    values = [[one.data["text/plain"] for one in cell.outputs] for cell in shown.cells]
    assert values == [["1"], [], ["2", "3"], []]
    assert [cell.execution_count for cell in shown.cells] == [2, None, 3, 4]
    assert "papermill" not in shown.metadata


def test_the_process_has_everything_but_its_own_environment_from_the_fork_and_what_it_starts_ends_with_it(
    run, monkeypatch
):
    """A fork server that cannot import something says nothing of it, and every notebook would take seconds; nothing
    collects what it imported. Sums have one thread."""
    monkeypatch.setenv("SAID_LATER", "x")
    looked = ("werkbank.batch.execute", "werkbank.assessment.flow", "papermill.engines", "altair", "sqlalchemy")
    imported, own, started = run(
        f"import gc, sys; {{*{looked!r}}} - set(sys.modules), gc.get_freeze_count() > 100_000",
        "import os; [os.environ[n] for n in ('OPENBLAS_NUM_THREADS', 'SAID_LATER', 'MORE')]",
        "import subprocess\nsubprocess.Popen(['sleep', '600']).pid",
        environment={"MORE": "y"},
    ).cells
    assert own.outputs[0].data["text/plain"] == "['1', 'x', 'y']"
    assert gone(int(started.outputs[0].data["text/plain"]))
    if worker.START == "forkserver":  # elsewhere each process imports for itself
        assert imported.outputs[0].data["text/plain"] == "(set(), True)"


@pytest.mark.parametrize(
    ("source", "told"),
    [
        *((f"import os, signal; {end}", "gestopt voordat het klaar was")
          for end in ("os.kill(os.getpid(), signal.SIGKILL)", "os._exit(0)", "os._exit(3)")),
        ("{}['SECRET']", "Onverwachte fout in cel 3 van het notebook (KeyError)."),
        ("import werkbank as wb\nraise wb.WerkbankError('Eigen woorden.')", "Eigen woorden."),
    ],
)  # fmt: skip
def test_what_did_not_come_to_its_end_is_told_with_its_reason_and_its_text_is_not(run, source, told):
    """Also where the process ended with 0: only who says that it is whole, is."""
    with pytest.raises(NotebookFailedError) as failed:
        run("1", source, "2")
    assert told in str(failed.value)
    assert "SECRET" not in str(failed.value)
    if failed.value.partial:
        cells = nbformat.reads(failed.value.partial, as_version=4).cells
        assert [cell.execution_count for cell in cells if cell.cell_type == "code"] == [1, 2, 3, None]
        assert failed.value.partial.count("SECRET") == source.count("SECRET"), "in the notebook's own source alone"


def test_what_is_stopped_ends_at_once_and_starts_no_more(run):
    begin = time.monotonic()
    with Workers() as own:
        timer = threading.Timer(1.5, own.stop)
        timer.start()
        with pytest.raises(KeyboardInterrupt):
            run("import time; time.sleep(600)", by=own)
        with pytest.raises(KeyboardInterrupt):
            run("1", by=own)
        timer.join()
    assert time.monotonic() - begin < 60


def gone(pid, within=10.0):
    """Whether a process has ended, or waits to be reaped."""
    ends = time.monotonic() + within
    while time.monotonic() < ends:
        if not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


# What follows is done in the processes that make files, in the place of `_make`.


def of_one_process(*_):
    return os.getpid()


def dies_at_first(file, times):
    with Path(file).open("a") as starts:
        starts.write("x")
    if len(Path(file).read_text()) <= times:
        os.kill(os.getpid(), signal.SIGKILL)
    return "made"


def hangs(*_):
    time.sleep(600)


@pytest.fixture
def instead(monkeypatch, demo_workspace):
    """What is done in the place of making files."""
    return lambda work: monkeypatch.setattr(worker, "_make", work)


@pytest.mark.parametrize(("times", "made"), [(1, "made"), (9, None)])
def test_one_that_ends_is_replaced_and_the_work_done_once_more(instead, workers, tmp_path, monkeypatch, times, made):
    """Each job has a process to itself, so that the guilty one is known: that fails, and no other."""
    instead(dies_at_first)
    monkeypatch.setattr(workers, "execute", lambda *_, **__: None)
    files, starts = workers._files, str(tmp_path / "starts")
    monkeypatch.setattr(workers, "_files", lambda _job, timeout: files((starts, times), timeout))
    if made:
        assert workers.fill("analyse", _anyone(), tmp_path) == made
    else:
        with pytest.raises(OutputError, match="Het maken van de bestanden is gestopt voordat het klaar was"):
            workers.fill("analyse", _anyone(), tmp_path)
    assert Path(starts).read_text() == "xx"


def _anyone():
    return wb.load_parameters("urk")


def test_one_that_hangs_is_stopped_at_its_limit_and_the_next_share_a_process_that_ends_with_the_batch(instead):
    with Workers() as own:
        instead(hangs)
        with pytest.raises(OutputError, match="Het maken van de bestanden was na 2 seconden nog niet klaar"):
            own._files((), 2)
        instead(of_one_process)
        made = {own._files((), 60) for _ in range(3)}
    assert len(made) == 1
    assert gone(made.pop())


def test_an_error_that_nobody_foresaw_keeps_its_text_to_itself(demo_workspace, monkeypatch):
    """Its text may hold a judgement; our own errors are told in their own words, a full disk by what it is."""
    faults = iter([KeyError("SECRET"), OutputError("Eigen woorden."), OSError(28, "vol")])

    def fail(*_, **__):
        raise next(faults)

    monkeypatch.setattr(execute, "make_files", fail)
    for kind, told in ((OutputError, "Onverwachte fout .KeyError"), (OutputError, "Eigen woorden"), (OSError, "vol")):
        with pytest.raises(kind, match=told) as raised:
            worker._make("analyse", _anyone(), Path(), None, "")
        assert "SECRET" not in str(raised.value)
