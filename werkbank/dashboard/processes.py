"""A server in a process of its own: what it is told and gets of the environment, and how it ends.

Ctrl-C is for who started it, and it never outlives that one.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

NOTEBOOK, PAGE = "dashboard.ipynb", "index.html.gz"
BUNDLE_VARIABLE = "WERKBANK_BUNDLE"
"""The folder of the bundle, where the notebook does not name one."""
WHAT_IF = "/wat-als"
"""The address of what a kernel makes, which the page shows in a frame."""
AGENDA = "/werkbank/besproken"
"""The address at which a difference is marked as discussed; only the analyst's own server has it."""
WITHIN_VARIABLE = "WERKBANK_WITHIN_PAGE"
"""Set in the kernels of the dashboard's server, whose page is there already."""
PORT_TAKEN = 3
"""The exit code of a server that does not get its port."""
STOP_SECONDS = 15
LOOK_SECONDS = 3
"""How often the workspace is looked at, so that a page tells within five seconds that it is outdated."""
_KEPT = frozenset((
    "PATH", "HOME", "LANG", "LANGUAGE", "TZ", "TMPDIR", "TEMP", "TMP", "PYTHONPATH", "PYTHONHASHSEED", "PYTHONUTF8",
    "VIRTUAL_ENV", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "USER", "LOGNAME", "USERNAME", "USERPROFILE", "APPDATA",
    "LOCALAPPDATA", "SYSTEMROOT", "SYSTEMDRIVE", "WINDIR", "COMSPEC", "PATHEXT", "NUMBER_OF_PROCESSORS",
    "LC_ALL", "LC_COLLATE", "LC_CTYPE", "LC_MESSAGES", "LC_NUMERIC", "LC_TIME",
))  # fmt: skip
_OWN = frozenset((
    BUNDLE_VARIABLE, WITHIN_VARIABLE, "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR",
    "JUPYTER_RUNTIME_DIR", "JUPYTER_PREFER_ENV_PATH",
))  # fmt: skip
_LONGEST_SOCKET = 100
"""A socket's name may be 104 characters on macOS, 108 on Linux, its closing zero included."""
_SOCKET = "kernel-00000000-0000-0000-0000-000000000000-ipc-5"


@dataclass(frozen=True, slots=True)
class Order:
    """What the server of the dashboard is told, on one line of its standard input: so the key is in no command or file.

    `stage` is the folder of it all, removed at the end; `key` opens the page, `title` and `style` (finished CSS) are
    for what a kernel shows, `visitors` is how many may have one, `each` how many of these may be the same, `words`
    what a page says when there is none for it. Behind a proxy `proxy` holds its name, its headers and its secret, and
    `shares` which bundle each visitor sees. `register` are the variables that lead to the workspace, for who works the
    agenda through on this computer; empty for everybody else. `ends` is by bundle the last day, as YYYY-MM-DD, on which
    it may be shown, `frames` are those whose reader may try another method.
    """

    stage: str
    port: int
    key: str
    title: str
    style: str
    visitors: int
    each: int
    words: dict[str, str]
    proxy: dict[str, str] = field(default_factory=dict)
    shares: dict[str, str] = field(default_factory=dict)
    register: dict[str, str] = field(default_factory=dict)
    ends: dict[str, str] = field(default_factory=dict)
    frames: list[str] = field(default_factory=list)

    @property
    def bundles(self) -> tuple[str, ...]:
        """The names of all bundles, of which each has a folder and a page: one without a name where there is one."""
        return tuple(dict.fromkeys(self.shares.values())) or ("",)

    def closed(self, visitor: str) -> bool:
        """Whether the legal basis of what a visitor sees has ended."""
        share = self.shares.get(visitor, "")
        return share in self.ends and dt.date.today().isoformat() > self.ends[share]

    def bundle(self, share: str) -> Path:
        """The folder of a bundle."""
        return self.folder("bundle") / share

    def page(self, share: str) -> Path:
        """The folder of the page of a bundle, and of what that loads."""
        return self.folder("page") / share

    def folder(self, name: str) -> Path:
        """A folder of the stage: `page` with it and the notebook, `sockets` of kernels."""
        # Short, because sockets have short names.
        return Path(self.stage) / {"sockets": "k"}.get(name, name)


def clean_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """The variables a kernel needs to run; never a token, a password or the address of a database.

    What is not on the list is left out, whatever it is called.
    """
    return {name: value for name, value in environment.items() if name.upper() in _KEPT}


def kernel_environment(environment: Mapping[str, str]) -> dict[str, str]:
    """What a kernel gets: a clean environment, and where its bundle and its own folders are."""
    return {**clean_environment(environment), **{name: value for name, value in environment.items() if name in _OWN}}


def own_places(folder: Path) -> dict[str, str]:
    """Jupyter's and IPython's own folders within `folder`: no configuration or start-up file of the user is read."""
    places = {
        "IPYTHONDIR": "ipython",
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "share",
        "JUPYTER_RUNTIME_DIR": "run",
    }
    return {**{name: str(folder / place) for name, place in places.items()}, "JUPYTER_PREFER_ENV_PATH": "1"}


def sockets_fit(folder: str) -> bool:
    """Whether kernels can talk over sockets in this folder, that only this user can read, instead of over ports."""
    return os.name == "posix" and len(f"{folder}/{_SOCKET}") <= _LONGEST_SOCKET


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


Tell = Callable[[str], Callable[[], str]]
"""Tells a process a line; what comes back waits for its answer: empty when it did not start, or ended."""


Server = tuple[Path, subprocess.Popen[str], Tell]
"""The folder of a dashboard, the process of its server, and what tells that what to serve."""


@contextmanager
def server_ahead() -> Iterator[Server]:
    """The server as it starts, long before there is anything to serve; nothing is left of it after the `with`."""
    with private_stage() as stage:
        own = {**own_places(stage / "jupyter"), BUNDLE_VARIABLE: str(stage / "bundle"), WITHIN_VARIABLE: "1"}
        page = stage / "page"
        page.mkdir(mode=0o700)
        environment = {**clean_environment(os.environ), **own}
        with started(["werkbank.dashboard.server"], environment, page) as (process, tell):
            yield stage, process, tell


@contextmanager
def private_stage() -> Iterator[Path]:
    """A folder that only this user can read, gone afterwards; short, because sockets have short names."""
    root = "/tmp" if os.name == "posix" and os.access("/tmp", os.W_OK) else None  # noqa: S108  made by mkdtemp, 0700
    stage = Path(tempfile.mkdtemp(prefix="wb-", dir=root))
    try:
        yield stage
    finally:
        shutil.rmtree(stage, ignore_errors=True)


@contextmanager
def started(
    command: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> Iterator[tuple[subprocess.Popen[str], Tell]]:
    """A module of ours as a process, and what tells it a line. It ends with the `with`: asked first, then made to."""
    process = subprocess.Popen(  # noqa: S603  our own command
        [sys.executable, "-P", "-m", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=folder,
        env=dict(environment),
        # Ctrl-C is for us; we stop the server in our own order.
        start_new_session=True,
    )

    def tell(line: str) -> Callable[[], str]:
        if process.stdin is None or process.stdout is None:
            raise AssertionError  # both are pipes
        with suppress(OSError):  # it has ended already
            process.stdin.write(f"{line}\n")
            process.stdin.flush()
        return process.stdout.readline

    try:
        yield process, tell
    finally:
        _stop(process)


def ends_by_itself(
    process: subprocess.Popen[str], asked: threading.Event, outdated: Callable[[], bool] | None = None
) -> bool:
    """Wait until somebody asks to stop; True when the process ended before that. It is told when it is outdated."""
    looked = time.monotonic()
    while not asked.is_set() and process.poll() is None:
        asked.wait(0.5)
        if outdated and process.stdin and time.monotonic() - looked > LOOK_SECONDS:
            looked = time.monotonic()
            if outdated():
                outdated = None  # once is enough
                with suppress(OSError):  # ended meanwhile
                    os.write(process.stdin.fileno(), b"\n")
    return not asked.is_set()


def _stop(process: subprocess.Popen[str]) -> None:
    process.terminate()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            with suppress(OSError):
                pipe.close()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def stop_when_alone() -> threading.Event:
    """End this process once its standard input ends: whoever started it is gone; a line before that sets the event."""
    told = threading.Event()

    def watch() -> None:
        while sys.stdin.readline():
            told.set()
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, daemon=True).start()
    return told
