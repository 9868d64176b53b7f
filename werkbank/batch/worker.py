"""Processes: a fresh one for each notebook, and a few that stay warm to make the files of executed notebooks.

On Linux each is forked from a server that has imported everything and has seen nothing of any municipality; elsewhere
each is started, which is slower. None outlives who started it, and none says anything but its answer: what it prints
may hold a judgement.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Mapping
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from pickle import UnpicklingError
from typing import Any, Self

from werkbank.errors import NotebookFailedError, OutputError, WerkbankError, unforeseen
from werkbank.settings.parameters import Parameters
from werkbank.settings.workspace import in_workspace

TIMEOUT = 600.0
"""Seconds that one notebook may take, all cells together, and as many for its files."""
START = "forkserver" if sys.platform == "linux" else "spawn"
_ONE_THREAD = dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""No pool of threads exists at a fork, processes do not fight over the cores, and sums add up alike."""
_PRELOAD = "WERKBANK_PRELOAD"
_FOR_SERVER = {_PRELOAD: "1", "PYTHONSAFEPATH": "1"}
"""For the fork server alone: it imports everything together with this module, and nothing that lies about."""
_PRELOADED = """papermill.engines werkbank.batch.execute werkbank.assessment.rounds werkbank.parks.ibis
    werkbank.report.charts_park ipykernel.inprocess.ipkernel ipykernel.inprocess.blocking
    IPython.core.application IPython.core.completerlib IPython.core.logger IPython.core.oinspect
    IPython.extensions.storemagic narwhals._interchange.dataframe pandas.core.methods.to_dict
    pandas.core.reshape.reshape ipykernel.debugger psutil python_calamine
    sqlalchemy.dialects.sqlite tornado.platform.asyncio tornado.queues"""
"""What notebooks need and what they import later by themselves; papermill before what it loads by its entry point."""
Texts = Mapping[str, str]
_ENDED = "Het {what} is gestopt voordat het klaar was (te weinig geheugen?)."
_LATE = "Het {what} was na {limit:.0f} seconden nog niet klaar en is gestopt."


class Workers:
    """What makes the folders of a batch, for several threads at once; after `with` no process of it is left."""

    def __init__(self) -> None:
        self._context: Any = multiprocessing.get_context(START)
        self._lock, self._alone = threading.Lock(), threading.Lock()
        self._busy: set[BaseProcess] = set()
        self._pools: set[ProcessPoolExecutor] = set()
        self._idle: list[ProcessPoolExecutor] = []
        self._stopped = False

    def __enter__(self) -> Self:
        """Let the fork server begin its imports; nothing waits for them before the first notebook."""
        os.environ.update(_ONE_THREAD)
        if START == "forkserver":
            from multiprocessing import forkserver  # noqa: PLC0415  not on Windows

            self._context.set_forkserver_preload([__name__])
            os.environ.update(_FOR_SERVER)
            forkserver.ensure_running()
            for name in _FOR_SERVER:
                del os.environ[name]
        return self

    def __exit__(self, *_: object) -> None:
        """End every process now, and let none start any more; who waits for one is broken off."""
        with self._lock:
            self._stopped = True
            for process in self._busy:
                _kill(process)
        for pool in tuple(self._pools):
            _end_pool(pool)

    stop = __exit__

    def fill(
        self,
        name: str,
        parameters: Parameters,
        folder: Path,
        made: dt.date | None = None,
        *,
        park: str = "",
        environment: Texts | None = None,
        timeout: float = TIMEOUT,
    ) -> Any:
        """Fill `folder` by the notebook of this name, from the executed notebook to the last file; what is kept of it.

        Its page says that it was made on the day `made`; no other file does, for equal inputs give equal files.
        `environment` is what the notebook has beside the variables of this process. `timeout` limits the seconds of the
        notebook, and those of its files. Raises WerkbankError with the reason.
        """
        passed = {key: getattr(parameters, key) for key in ("municipality", "audience")}
        passed |= {"output_folder": str(folder), **({"park": park} if park else {})}
        notebook = parameters.workspace / "notebooks" / f"{name}.ipynb"
        self.execute(notebook, passed, folder, environment=environment, timeout=timeout)
        job = (name, parameters, folder, made, park)
        with contextlib.suppress(BrokenExecutor):
            return self._files(job, timeout)
        with self._alone, contextlib.suppress(BrokenExecutor):  # once more, for all at once may have been too much
            return self._files(job, timeout)
        raise OutputError(_ENDED.format(what="maken van de bestanden"))

    def execute(
        self, notebook: Path, passed: Texts, folder: Path, *, environment: Texts | None = None, timeout: float = TIMEOUT
    ) -> None:
        """Execute a notebook in a process of its own. Raises NotebookFailedError with the reason in Dutch."""
        ours, theirs = self._context.Pipe(duplex=False)
        job = (theirs, {**os.environ, **(environment or {})}, str(Path.cwd()), (notebook, dict(passed), folder))
        process = self._context.Process(target=_execute, args=job, daemon=True)
        with ours:
            with theirs:
                process.start()
            with self._lock:
                self._busy.add(process)
            try:
                reason, partial = ("", "") if self._stopped else _answer(process, ours, timeout)
            finally:
                with self._lock:
                    self._busy.remove(process)
                    _kill(process)
                    process.join()
        self._refuse_when_stopped()
        if reason:
            raise NotebookFailedError(reason, partial=partial)

    def _refuse_when_stopped(self) -> None:
        if self._stopped:
            raise KeyboardInterrupt

    def _files(self, job: tuple[Any, ...], timeout: float) -> Any:
        """What the job makes in a pool of one process, so that it is known which job ended its process."""
        with self._lock:
            self._refuse_when_stopped()
            place = dict(os.environ), str(Path.cwd())
            pool = self._idle.pop() if self._idle else ProcessPoolExecutor(1, self._context, _get_ready, place)
            self._pools.add(pool)
        try:
            return pool.submit(_make, *job).result(timeout)
        except (BrokenExecutor, TimeoutError) as error:
            self._pools.discard(pool)
            _end_pool(pool)
            self._refuse_when_stopped()
            if isinstance(error, TimeoutError):
                raise OutputError(_LATE.format(what="maken van de bestanden", limit=timeout)) from None
            raise
        finally:
            if pool in self._pools:
                self._idle.append(pool)


def _answer(process: BaseProcess, answers: Connection, timeout: float) -> tuple[str, str]:
    """Why a notebook failed and how far it came: empty texts when its process said so and then ended with 0."""
    if not wait([answers, process.sentinel], timeout):
        return _LATE.format(what="notebook", limit=timeout), ""
    with contextlib.suppress(EOFError, OSError, UnpicklingError):
        if answers.poll():
            told: tuple[str, str] = answers.recv()
            process.join(timeout)
            if process.exitcode == 0:
                return told
    return _ENDED.format(what="rekenproces"), ""


def _end_pool(pool: ProcessPoolExecutor) -> None:
    """End its process, whatever it is doing."""
    for process in tuple((pool._processes or {}).values()):
        if process.is_alive():  # the number of one that ended long ago may be another's by now
            _kill(process)
    pool.shutdown(wait=True, cancel_futures=True)


def _kill(process: BaseProcess) -> None:
    """End a process and all that it started."""
    with contextlib.suppress(OSError):
        if sys.platform != "win32" and process.pid is not None:
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


# What follows runs in the processes themselves.


def _import_everything() -> None:
    """Import what notebooks and files need; read the catalogue, the texts and the templates of the package."""
    import nbformat  # noqa: PLC0415

    from werkbank.report.blocks import Chapter, Text  # noqa: PLC0415
    from werkbank.report.html import standing_alone  # noqa: PLC0415
    from werkbank.report.terms import words  # noqa: PLC0415
    from werkbank.settings.catalogue import load_catalogue  # noqa: PLC0415

    gc.disable()  # nothing that is imported goes away again
    sys.modules["debugpy"] = None  # type: ignore[assignment]  # a fifth of a second; nobody attaches to a batch
    for name in _PRELOADED.split():
        with contextlib.suppress(Exception):  # it is only imported early; who needs it is told
            import_module(name)
    load_catalogue()
    standing_alone(Chapter("", "", (Text(words("direction.none")),)))
    nbformat.validate(nbformat.v4.new_notebook())  # what checks a notebook is made at the first, and kept
    gc.freeze()
    gc.enable()


def _settle(variables: Texts, place: str) -> None:
    """What is of this process alone: its group, its streams that lead nowhere, its environment, its folder."""
    if sys.platform != "win32":
        os.setsid()  # a Ctrl-C is for who started it to deal with
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(place)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    """End this process, and what it started, once whoever started it is gone, however that went."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    if sys.platform != "win32":
        os.killpg(0, signal.SIGKILL)
    os._exit(1)


def _execute(answers: Connection, variables: Texts, place: str, job: tuple[Path, Texts, Path]) -> None:
    """Execute a notebook, answer why it failed and how far it came (two empty texts when it did not), and end."""
    _settle(variables, place)
    import numpy as np  # noqa: PLC0415

    from werkbank.batch.execute import execute_notebook  # noqa: PLC0415

    np.random.seed()  # noqa: NPY002  the global state of numpy; that of `random` the standard library renews itself
    told = "", ""
    try:
        execute_notebook(*job)
    except Exception as fault:  # noqa: BLE001  a fault in one municipality never stops another
        error = fault if isinstance(fault, WerkbankError) else unforeseen(fault)
        told = str(error), getattr(error, "partial", "")
    answers.send(told)
    os._exit(0)  # at once: nothing that the notebook left running keeps it


def _get_ready(variables: Texts, place: str) -> None:
    """Begin a process that makes files: the drawing engine takes a second, and stays."""
    _settle(variables, place)
    from werkbank.report import figure  # noqa: PLC0415

    with contextlib.suppress(WerkbankError):
        figure.start()


def _make(name: str, parameters: Parameters, folder: Path, made: dt.date | None, park: str) -> Any:
    """Make the files of an executed notebook. Raises WerkbankError, without the text of an error nobody foresaw."""
    from werkbank.batch.execute import make_files  # noqa: PLC0415

    try:
        with in_workspace(parameters.workspace):
            return make_files(name, parameters, folder, made, park)
    except (WerkbankError, OSError):
        raise
    except Exception as error:  # noqa: BLE001  its text may hold a judgement
        raise unforeseen(error) from None


if os.environ.pop(_PRELOAD, ""):
    _import_everything()
