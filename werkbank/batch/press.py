"""Processes that make the files of executed notebooks, so that municipalities do not wait for one another's pages.

Where kernels can be forked, these processes are forked too (werkbank/batch/zygote.py); elsewhere they are started.
Each does one job at a time and is kept for the next. One that ends under way is replaced, once for a job.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from werkbank.batch.execute import TIMEOUT, kernels_at_hand
from werkbank.batch.warm import ONE_THREAD
from werkbank.errors import OutputError
from werkbank.settings.parameters import Parameters

__all__ = ["Job", "Make", "Press", "at_press", "open_press", "share_press"]

_open: list[Press] = []
"""The press of a batch that is busy: its municipalities run in threads that share it."""
_ENDED = "Het maken van de bestanden is gestopt voordat het klaar was (te weinig geheugen?)."
_COMMAND = [sys.executable, "-m", "werkbank.batch.printer"]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made (`work`) of the executed notebook in a folder, for whom, and the day for its page."""

    work: str
    parameters: Parameters
    folder: Path
    made: dt.date | None
    limit: float = TIMEOUT
    """Seconds that it may take."""

    def values(self) -> dict[str, Any]:
        """The plain values that travel."""
        return {
            "work": self.work,
            "workspace": str(self.parameters.workspace),
            "municipality": self.parameters.municipality,
            "audience": self.parameters.audience,
            "folder": str(self.folder.resolve()),
            "made": self.made.isoformat() if self.made else None,
        }


Make = Callable[[Job], dict[str, Any]]
"""Does a job; plain values, or a WerkbankError with the reason."""


class _EndedError(Exception):
    """A process ended before its answer."""


class _Printer:
    """One process (werkbank/batch/printer.py) with the lines to it; `end` ends it, whatever it is doing."""

    def __init__(self, jobs: IO[bytes], answers: IO[bytes], end: Callable[[], None]) -> None:
        self._jobs, self._answers, self._end = jobs, answers, end
        self.alive, self.late = True, False

    def do(self, job: Job) -> dict[str, Any]:
        """The answer to a job. Raises OutputError with the reason, _EndedError when the process ends under way."""
        timer = threading.Timer(job.limit, self._too_late)
        timer.daemon = True
        timer.start()
        line = b""
        try:
            self._jobs.write(json.dumps(job.values()).encode() + b"\n")
            self._jobs.flush()
            line = self._answers.readline()
        except (OSError, ValueError):  # the latter for a line that was closed meanwhile
            self.alive = False
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            self.close()
            raise _EndedError
        answer = json.loads(line)
        if "failed" in answer:
            raise OutputError(answer["failed"])
        done: dict[str, Any] = answer["done"]
        return done

    def _too_late(self) -> None:
        self.late = True
        self._end()

    def kill(self) -> None:
        """End the process now; who waits for it is told."""
        self.alive = False
        self._end()

    def close(self) -> None:
        """End the process and let go of the lines."""
        self.kill()
        for line in (self._jobs, self._answers):
            with contextlib.suppress(OSError):
                line.close()


class Press:
    """Processes that make files, as many as are busy at once, from `with` to its end. Safe for several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Printer] = []
        self._all: set[_Printer] = set()
        self._stopped = False

    def __enter__(self) -> Self:
        """Nothing starts before it is needed."""
        return self

    def __exit__(self, *_: object) -> None:
        """No process is left."""
        for printer in tuple(self._all):
            printer.close()
        self._all.clear()

    def stop(self) -> None:
        """End every process now, and let none start any more."""
        with self._lock:
            self._stopped = True
            for printer in self._all:
                printer.kill()

    @contextmanager
    def turn(self) -> Iterator[Make]:
        """A process for one municipality; it gets ready while the notebook is executed."""
        held = [self._take()]
        try:
            yield lambda job: self._do(held, job)
        finally:
            self._give_back(held.pop())

    def _do(self, held: list[_Printer], job: Job) -> dict[str, Any]:
        for _ in range(2):
            try:
                return held[-1].do(job)
            except _EndedError:
                if held[-1].late:
                    raise OutputError(f"Het maken van de bestanden was na {job.limit:.0f} seconden nog niet klaar en "
                                      "is gestopt.") from None  # fmt: skip
                if self._stopped:
                    break
                self._give_back(held.pop())
                held.append(self._new())  # one that waited may have ended too
        raise OutputError(_ENDED)

    def _take(self) -> _Printer:
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return self._new()

    def _new(self) -> _Printer:
        printer = _forked() or _started()
        with self._lock:
            self._all.add(printer)
            if self._stopped:
                printer.kill()
        return printer

    def _give_back(self, printer: _Printer) -> None:
        with self._lock:
            if printer.alive:
                self._idle.append(printer)
            else:
                self._all.discard(printer)


def _forked() -> _Printer | None:
    """A process forked beside the kernels, where that can be."""
    kernels = kernels_at_hand()
    lines = kernels.start_printer(cwd=str(Path.cwd()), env={**os.environ, **ONE_THREAD}) if kernels else None
    if lines is None:
        return None
    line, work = lines
    with work:
        return _Printer(work.makefile("wb"), work.makefile("rb"), line.close)


def _started() -> _Printer:
    """A process started as ever."""
    process = subprocess.Popen(  # noqa: S603  our own module
        _COMMAND,
        env={**os.environ, **ONE_THREAD},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # a traceback may hold a judgement
        start_new_session=True,  # a Ctrl-C is for the batch to deal with
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )

    def end() -> None:
        process.kill()
        process.wait()

    assert process.stdin and process.stdout  # noqa: PT018, S101  as asked for
    return _Printer(process.stdin, process.stdout, end)


@contextmanager
def open_press() -> Iterator[Press]:
    """Inside, every `at_press` has its work done in other processes, whichever thread calls it."""
    with Press() as press:
        _open.append(press)
        try:
            yield press
        finally:
            _open.remove(press)


def share_press(at_end: Callable[[Callable[..., object]], object]) -> None:
    """From now on files are made in other processes, until `at_end`; for a worker, which ends when it is told to."""
    if not _open:
        press = Press()
        _open.append(press)
        at_end(press.__exit__)


@contextmanager
def at_press() -> Iterator[Make]:
    """Who makes files: a process of the press that is open, else this one."""
    if _open:
        with _open[-1].turn() as make:
            yield make
    else:
        from werkbank.batch.files import do  # noqa: PLC0415  takes seconds, and most have it done elsewhere

        yield lambda job: do(job.values())
