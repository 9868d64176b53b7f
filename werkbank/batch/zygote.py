"""A process that has imported everything and forks a kernel whenever it is asked (werkbank/batch/hatch.py starts it).

What makes files can be forked before the last imports, those of kernels, are done. It reads no request itself. Over
the socket FD come open files: a line to whoever asked, a file that says how the kernel is to start, which only the
forked child opens, and for a process that makes files instead of a kernel (werkbank/batch/printer.py) a line for its
jobs. So nothing of one kernel can reach the next: what the zygote knows when it forks is what it knew after its
imports. It never runs code of a notebook and has one thread.

On a line, every byte from the owner is a signal for the kernel and its end is SIGKILL, so a kernel never outlives its
owner; back come `{"ready": pid}` from the kernel and `{"exit": code}` from the zygote.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import selectors
import signal
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from werkbank.batch.hatch import die_with_parent, live_on
from werkbank.batch.printer import serve
from werkbank.batch.warm import FILES, KERNELS, import_for_files, import_for_kernels, threads

__all__ = ["main"]


@dataclass(frozen=True, slots=True)
class _Kernel:
    """A running kernel: its process, a file that is readable once it has ended, and the line to its owner."""

    pid: int
    ended: int
    line: socket.socket

    def signal(self, number: int) -> None:
        """Signal the kernel and all it started. Safe until it is reaped, for till then its number is not given away."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, number)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def close(self) -> None:
        os.close(self.ended)
        self.line.close()


@dataclass(frozen=True, slots=True)
class _Born:
    """What a forked child needs: the line to its owner, the file with how to start, the line for its jobs if any."""

    line: socket.socket
    request: int
    jobs: int | None
    parent: int


class _OwnerGoneError(Exception):
    """Nobody asks any more."""


@dataclass(slots=True)
class _Zygote:
    """The loop: fork when asked, pass signals on, tell the owner how a kernel ended."""

    channel: socket.socket
    selector: selectors.BaseSelector = field(default_factory=selectors.DefaultSelector)
    kernels: dict[int, _Kernel] = field(default_factory=dict)

    def serve(self) -> _Born | None:
        """None in the zygote, when its owner is gone; in each child what that child needs."""
        self.selector.register(self.channel, selectors.EVENT_READ)
        with contextlib.suppress(_OwnerGoneError):
            self._say(FILES)
            for _ in import_for_kernels():
                if born := self._turn(0):
                    return born
            self._say(KERNELS)
            live_on()
            while True:
                if born := self._turn(None):
                    return born
        self._end()
        return None

    def _say(self, what: bytes) -> None:
        """Tell the owner what can be forked from now on."""
        if (running := threads()) != 1:
            sys.exit(f"{running} threads after the imports: a fork is not safe")
        # Collected later, these objects would be copied into every kernel.
        gc.collect()
        gc.freeze()
        self.channel.send(what)

    def _turn(self, timeout: float | None) -> _Born | None:
        """Do what is asked and heed what has happened, for which it waits so long; in a child what that child needs."""
        for key, _ in self.selector.select(timeout):
            if key.fileobj is self.channel:
                _, files, _, _ = socket.recv_fds(self.channel, 64, 3)
                if not files:
                    raise _OwnerGoneError
                if born := self._fork(*files):
                    return born
            elif key.data in self.kernels:
                self._attend(self.kernels[key.data], ended=key.fd == self.kernels[key.data].ended)
        return None

    def _fork(self, line: int, request: int, jobs: int | None = None) -> _Born | None:
        zygote = os.getpid()
        pid = os.fork()
        if pid == 0:
            self._leave()
            return _Born(socket.socket(fileno=line), request, jobs, zygote)
        for file in (request, *([] if jobs is None else [jobs])):
            os.close(file)
        kernel = _Kernel(pid, os.pidfd_open(pid), socket.socket(fileno=line))
        self.kernels[pid] = kernel
        self.selector.register(kernel.ended, selectors.EVENT_READ, pid)
        self.selector.register(kernel.line, selectors.EVENT_READ, pid)
        return None

    def _attend(self, kernel: _Kernel, *, ended: bool) -> None:
        if ended:
            self._bury(kernel)
            return
        try:
            signals = kernel.line.recv(64)
        except OSError:
            signals = b""
        for number in signals or (signal.SIGKILL,):
            kernel.signal(number)
        if not signals:
            self.selector.unregister(kernel.line)

    def _bury(self, kernel: _Kernel) -> None:
        kernel.signal(signal.SIGKILL)  # whatever it started and left behind
        code = os.waitstatus_to_exitcode(os.waitpid(kernel.pid, 0)[1])
        with contextlib.suppress(OSError):
            kernel.line.sendall(json.dumps({"exit": code}).encode() + b"\n")
        self._forget(kernel)

    def _forget(self, kernel: _Kernel) -> None:
        for file in (kernel.ended, kernel.line):
            with contextlib.suppress(KeyError):
                self.selector.unregister(file)
        del self.kernels[kernel.pid]
        kernel.close()

    def _leave(self) -> None:
        """Let go of all that is the zygote's own; a fresh process has none of it open."""
        self.selector.close()
        self.channel.close()
        for kernel in self.kernels.values():
            kernel.close()
        self.kernels.clear()

    def _end(self) -> None:
        for kernel in self.kernels.values():
            kernel.signal(signal.SIGKILL)
        for kernel in self.kernels.values():
            os.waitpid(kernel.pid, 0)


def main() -> None:
    """Import, say what can be asked for, and serve until the owner is gone. One thread, or no fork at all."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    if not sys.flags.safe_path:
        del sys.path[0]  # as ipykernel_launcher does; IPython puts the kernel's own folder there
    gc.disable()  # nothing that is imported goes away again
    import_for_files()
    born = _Zygote(channel).serve()
    if born is not None:
        gc.freeze()
        gc.enable()
        request = _begin(born)
        _become_kernel(born, request["arguments"]) if born.jobs is None else _become_printer(born.jobs)


def _begin(born: _Born) -> dict[str, Any]:
    """What the owner asked for, in a process of its own that differs from a fresh one only by its imports."""
    os.setsid()
    die_with_parent(born.parent)
    with os.fdopen(born.request, "rb") as file:
        request: dict[str, Any] = json.load(file)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    return request


def _become_kernel(born: _Born, arguments: list[str]) -> None:
    """What `python -m ipykernel_launcher` does."""
    import ipykernel  # noqa: PLC0415  imported already, but not before the first process that makes files
    import numpy as np  # noqa: PLC0415
    from ipykernel.kernelapp import IPKernelApp  # noqa: PLC0415

    np.random.seed()  # noqa: NPY002  the global state of numpy; that of `random` the standard library renews itself
    sys.argv = [str(Path(ipykernel.__file__).parents[1] / "ipykernel_launcher.py"), *arguments]
    app: Any = IPKernelApp.instance()
    app.initialize(arguments)
    born.line.sendall(json.dumps({"ready": os.getpid()}).encode() + b"\n")
    born.line.close()
    app.start()


def _become_printer(jobs: int) -> None:
    """Threads and drawing engines begin here, after the fork."""
    with socket.socket(fileno=jobs) as line:
        serve(line.makefile("rb"), line.makefile("wb"))
