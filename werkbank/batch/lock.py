"""One batch at a time in an output folder; who comes second is refused at once and told who was first."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from werkbank.errors import OutputError, ParametersError
from werkbank.settings.parameters import find_workspace, load_parameters, municipality_slugs
from werkbank.wording import date, disk_fault

__all__ = ["busy_batch", "only_batch", "refuse_second"]

LOCK, HOLDER = ".batch.lock", ".batch.json"


@contextmanager
def only_batch(output: Path) -> Iterator[None]:
    """Hold the output folder for one batch. Raises OutputError at once when another holds it.

    The system lets go of the lock of a process that is killed, so nothing is left to clear by hand.
    """
    lock = FileLock(output / LOCK)
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
        (output / HOLDER).write_text(json.dumps(_self()), encoding="utf-8")
    except Timeout:
        raise _second(_holder(output)) from None
    except OSError as error:
        lock.release()
        raise OutputError(f"De map {output.name} kan niet worden beschreven ({disk_fault(error)}).") from error
    except NotImplementedError as error:
        raise OutputError(f"Op deze schijf kan de map {output.name} niet worden vergrendeld.") from error
    try:
        yield
    finally:
        (output / HOLDER).unlink(missing_ok=True)
        lock.release()


def busy_batch(output: Path) -> str:
    """Who holds the output folder now, on this machine and as far as it says; empty when nobody does.

    The number of a process that was killed may be another's by now: only the lock itself tells.
    """
    with suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads((output / HOLDER).read_text(encoding="utf-8"))
        if told["host"] == platform.node() and psutil.pid_exists(int(told["pid"])):
            try:
                with FileLock(output / LOCK).acquire(timeout=0):
                    return ""
            except Timeout:
                return _holder(output)
    return ""


def refuse_second() -> None:
    """Raise OutputError when a batch is busy in this workspace: before anything heavy is imported for another.

    A courtesy to who comes second; what keeps them apart is `only_batch`.
    """
    for slug in municipality_slugs(find_workspace()):
        with suppress(ParametersError):
            if busy := busy_batch(load_parameters(slug).output):
                raise _second(busy)
            return


def _second(holder: str) -> OutputError:
    return OutputError(
        f"In deze map loopt al een batch: {holder}. Er is niets gedaan. Wacht tot die klaar is, of stop hem met Ctrl-C "
        "in zijn eigen venster."
    )


def _self() -> dict[str, str]:
    now = dt.datetime.now()
    return {
        "pid": str(os.getpid()),
        "host": platform.node(),
        "day": now.date().isoformat(),
        "time": now.strftime("%H:%M:%S"),
    }


def _holder(output: Path) -> str:
    """Who holds the lock, as far as it says."""
    try:
        told = json.loads((output / HOLDER).read_text(encoding="utf-8"))
        day = date(dt.date.fromisoformat(told["day"]))
        elsewhere = "" if told["host"] == platform.node() else f" op {told['host']}"
        return f"proces {told['pid']}{elsewhere}, begonnen op {day} om {told['time']}"
    except (OSError, ValueError, KeyError, TypeError):
        return "een ander proces, dat net is begonnen"
