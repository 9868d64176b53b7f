"""A server in a process of its own: Ctrl-C is for who started it, and it never outlives that one."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Self

__all__ = ["Order", "clean_environment", "kernel_environment", "own_places", "stop", "stop_when_alone", "stoppable"]

STOP_SECONDS = 15


@contextmanager
def stoppable() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set; what they did before is put back."""
    asked = threading.Event()

    def on_signal(_number: int, _frame: FrameType | None) -> None:
        asked.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def stop(process: subprocess.Popen[str]) -> None:
    """Ask the server to end its kernels and itself; insist when it does not."""
    process.terminate()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_when_alone() -> None:
    """End this process once its standard input ends: whoever started it is gone, however it went."""
    threading.Thread(target=_watch, daemon=True).start()


def _watch() -> None:
    while sys.stdin.readline():
        pass
    os.kill(os.getpid(), signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Order:
    """Everything one server needs; `folder` holds only the notebook and the bundle, `key` opens the page.

    `stage` is the folder of it all, removed at the end; `sockets` is where kernels keep their sockets, `script` the
    folder of what draws charts, `pool` how many kernels wait warmed up; `head` and `style` finished
    HTML and CSS shown before any kernel answers.
    """

    stage: str
    folder: str
    sockets: str
    script: str
    port: int
    key: str
    title: str
    head: str
    style: str
    pool: int

    def to_json(self) -> str:
        """One line."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """The order that `to_json` wrote."""
        return cls(**json.loads(text))


KEPT = frozenset((
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONUTF8",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "USER", "LOGNAME", "USERNAME", "USERPROFILE", "APPDATA",
    "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS",
))  # fmt: skip
_KEPT_PREFIXES = ("LC_",)
_OWN = frozenset((
    "WERKBANK_BUNDLE", "WERKBANK_CHART_SCRIPT", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR", "JUPYTER_PREFER_ENV_PATH",
))  # fmt: skip
_SECRET = re.compile(r"TOKEN|PASSW|SECRET|CREDENTIAL|API_?KEY|DATABASE_URL|_DSN", re.IGNORECASE)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables a kernel needs to run; never a token, a password or the address of a database.

    What is not on the list is left out, whatever it is called.
    """
    return {name: value for name, value in environment.items() if _kept(name.upper()) and not _SECRET.search(name)}


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a kernel gets: a clean environment, and where its bundle and its own folders are."""
    own = {name: value for name, value in environment.items() if name in _OWN}
    return {**clean_environment(environment), **own}


def own_places(folder: Path) -> dict[str, str]:
    """Jupyter's and IPython's own folders within `folder`: no configuration or start-up file of the user is read."""
    places = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "share",
        "JUPYTER_RUNTIME_DIR": "run",
    }
    return {**{name: str(folder / place) for name, place in places.items()}, "JUPYTER_PREFER_ENV_PATH": "1"}


def _kept(name: str) -> bool:
    return name in KEPT or name.startswith(_KEPT_PREFIXES)
