"""Kernels forked from a process in which the imports are done; where that cannot be, kernels started as ever.

`WarmKernels` owns the forking process (werkbank/batch/zygote.py); `WarmProvisioner` is how jupyter_client gets a
kernel of it. Whatever goes wrong on the way, the notebook gets an ordinary kernel: slower, and just as correct.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Self

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner

from werkbank.batch.ahead import Start, Waiting, place_for_one
from werkbank.batch.warm import FILES, KERNELS, ONE_THREAD, can_fork, same_start

__all__ = ["WarmKernels", "WarmProvisioner"]

START_TIMEOUT = 60.0
_LAUNCHER = [sys.executable, "-m", "ipykernel_launcher"]


class WarmKernels:
    """A process that forks kernels, from `with` to its end; after that no kernel of it is left.

    Safe for several threads at once. `note` says in Dutch why kernels start the slow way, and is empty if they do not.
    """

    def __init__(self) -> None:
        self.note = ""
        self.env = {**os.environ, **ONE_THREAD}
        self._lock = threading.Lock()
        self._channel: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._said = {FILES: threading.Event(), KERNELS: threading.Event()}
        self._over = False
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self.stopped = False
        self._ordinary: set[WarmProvisioner] = set()
        self._waiting: list[Waiting] = []

    def __enter__(self) -> Self:
        """Begin the imports; nothing waits for them before the first kernel is asked for."""
        if not can_fork():
            why = "zo gevraagd" if os.environ.get("WERKBANK_NO_FORK") else "dit systeem kan niet anders"
            return self._give_up(why)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603  our own module
                [sys.executable, "-m", "werkbank.batch.hatch", str(theirs.fileno()), str(os.getpid())],
                pass_fds=[theirs.fileno()],
                env=self.env,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # a Ctrl-C is for the batch to deal with
            )
        self._channel = ours
        self._listener.start()
        return self

    def __exit__(self, *_: object) -> None:
        """End the process and every kernel that is left of it."""
        while self._waiting:
            self._waiting.pop().end()
        importing = not self._said[KERNELS].is_set()
        self._let_go()
        if self._process:
            if importing:
                self._process.kill()  # nobody asked for a kernel, and it is still importing
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()  # the system takes its kernels with it
                self._process.wait()

    def stop(self) -> None:
        """End every kernel now, those that started the ordinary way too, and let none start any more."""
        self.stopped = True
        importing = not self._said[KERNELS].is_set()
        if self._channel:
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)
        if self._process and importing:
            self._process.kill()  # it is still importing, and has no kernel yet; the system ends what makes files
        with self._lock:
            for provisioner in self._ordinary:
                if provisioner.process is not None:
                    provisioner.process.kill()

    def watch(self, provisioner: WarmProvisioner) -> None:
        """Take an ordinary kernel into account, for `stop`."""
        with self._lock:
            self._ordinary.add(provisioner)
        if self.stopped and provisioner.process is not None:
            provisioner.process.kill()

    def forget(self, provisioner: WarmProvisioner) -> None:
        """An ordinary kernel has ended."""
        with self._lock:
            self._ordinary.discard(provisioner)

    def start(self, how: Start) -> socket.socket | None:
        """The line to a kernel that is being forked, or None when it must be started the ordinary way."""
        return self._ask(KERNELS, how.request())

    def take(self, how: Start) -> Waiting | None:
        """A kernel that waits and was started in exactly this way, if there is one; those of another way are ended."""
        with self._lock:
            waiting, self._waiting = self._waiting, []
        fit = [one for one in waiting if one.start.same_as(how)]
        for one in waiting:
            if one not in fit:
                one.end()
        taken = fit.pop() if fit else None
        with self._lock:
            self._waiting += fit
        return taken

    def prepare(self, how: Start) -> None:
        """Have a kernel forked that waits for the next notebook; every notebook leaves one behind."""
        folder, file, connection = place_for_one()
        line = None if self.stopped else self.start(how.at(file))
        if line is None:
            folder.cleanup()
            return
        with self._lock:
            self._waiting.append(Waiting(how, line, connection, folder))

    def start_printer(self, *, cwd: str, env: dict[str, str]) -> tuple[socket.socket, socket.socket] | None:
        """The line to a process that makes files (werkbank/batch/printer.py), and the line for its jobs; None as above.

        It lives as long as the first line is open.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            line = self._ask(FILES, {"cwd": cwd, "env": env}, theirs.fileno())
        if line is None:
            ours.close()
            return None
        return line, ours

    def _ask(self, what: bytes, request: dict[str, Any], *more: int) -> socket.socket | None:
        """Have a process forked, once that can be, that gets the request and the open files `more`."""
        if not same_start(self.env, request["env"]) or not self.can(what):
            return None
        ours, theirs = socket.socketpair()
        with theirs, os.fdopen(os.memfd_create("request"), "w+b") as file:
            file.write(json.dumps(request).encode())
            file.seek(0)
            file.flush()
            try:
                files = [theirs.fileno(), file.fileno(), *more]
                socket.send_fds(self._channel, [what], files)  # type: ignore[arg-type]
            except OSError:
                ours.close()
                self._give_up("het voorbereide proces is gestopt")
                return None
        return ours

    def can(self, what: bytes) -> bool:
        """Wait until this (FILES or KERNELS) can be forked; False when it never will be."""
        if self._channel is None or self._over:
            return False
        if not self._said[what].wait(START_TIMEOUT) or (self._over and not self.stopped):
            self._give_up("het voorbereide proces kwam niet op gang")
        return not self._over

    def _listen(self) -> None:
        """Hear what the process can fork, until it can fork all or has ended."""
        channel = self._channel
        with contextlib.suppress(OSError):
            while channel and not self._said[KERNELS].is_set():
                said = channel.recv(64)
                self._over = not said
                for one in (said,) if said else self._said:
                    self._said[one].set()

    def _let_go(self) -> None:
        """Close the channel, once nobody listens to it."""
        if self._channel:
            with contextlib.suppress(OSError):
                self._channel.shutdown(socket.SHUT_RDWR)
            self._listener.join()
            self._channel.close()
            self._channel = None

    def _give_up(self, why: str) -> Self:
        self._over = True
        self.note = f"De rekenprocessen zijn één voor één gestart ({why}). Dat duurt langer; de uitkomsten zijn gelijk."
        return self


class WarmProvisioner(LocalProvisioner):
    """A kernel of the warm process, else the local kernel that jupyter_client would have started."""

    kernels: WarmKernels | None = None
    fork = True
    _line: socket.socket | None = None
    _exit: int | None = None
    _waited: Waiting | None = None

    @property
    def forked(self) -> bool:
        """Whether this kernel came from the warm process."""
        return self._line is not None

    @property
    def has_process(self) -> bool:
        """Whether there is a kernel, forked or not."""
        return self.forked or bool(super().has_process)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Fork if the kernel is the plain Python one, and wait until its sockets are there."""
        kwargs["env"] = {**kwargs.get("env", os.environ), **ONE_THREAD}
        if self.kernels and self.kernels.stopped:
            raise RuntimeError("the batch was stopped")
        if self.kernels and self.fork and cmd[:3] == _LAUNCHER:
            how = Start(tuple(cmd[3:]), str(kwargs.get("cwd") or Path.cwd()), kwargs["env"])
            await asyncio.to_thread(self._fork, self.kernels, how)
        if self._line is None:
            connection: KernelConnectionInfo = await super().launch_kernel(cmd, **kwargs)
            if self.kernels:
                self.kernels.watch(self)
            return connection
        self._line.setblocking(False)
        await asyncio.wait_for(self._listen(self._line), START_TIMEOUT)
        if self._exit is not None:
            raise RuntimeError("the forked kernel ended before it was ready")
        return self.connection_info

    def _fork(self, kernels: WarmKernels, how: Start) -> None:
        """Take the kernel that waits, or have one forked; and leave one for the next notebook."""
        self._waited = kernels.take(how)
        if self._waited:
            self._line, self.connection_info = self._waited.line, self._waited.connection
        else:
            self._line = kernels.start(how)
        if self._line:
            with contextlib.suppress(OSError):  # no room for its sockets: the next notebook starts its own
                kernels.prepare(how)

    async def _listen(self, line: socket.socket) -> None:
        """Take in what the kernel or the warm process says next."""
        self._hear(await asyncio.get_running_loop().sock_recv(line, 4096))

    def _hear(self, said: bytes) -> None:
        """Both say one short line at a time, whole; the end of it all is the end of the kernel."""
        for line in said.splitlines() or [b'{"exit": -9}']:
            told = json.loads(line)
            self.pid = self.pgid = told.get("ready", self.pid)
            self._exit = told.get("exit", self._exit)

    async def poll(self) -> int | None:
        """None while the kernel runs, else its exit code."""
        if not self.forked:
            return await super().poll()
        if self._exit is None and self._line is not None:
            with contextlib.suppress(BlockingIOError):
                self._hear(self._line.recv(4096))
        return self._exit

    async def wait(self) -> int | None:
        """The exit code, once there is one."""
        if not self.forked:
            return await super().wait()
        while self._exit is None and self._line is not None:
            await self._listen(self._line)
        return self._exit

    async def send_signal(self, signum: int) -> None:
        """Pass a signal to the kernel and all it started, through the process that knows whether it is still there."""
        if self._line is None:
            await super().send_signal(signum)
            return
        with contextlib.suppress(OSError):
            if signum == signal.SIGKILL:
                self._line.shutdown(socket.SHUT_WR)
            else:
                self._line.send(bytes([signum]))

    async def kill(self, restart: bool = False) -> None:
        """End the kernel at once."""
        if self.forked:
            await self.send_signal(signal.SIGKILL)
        else:
            await super().kill(restart)

    async def terminate(self, restart: bool = False) -> None:
        """Ask the kernel to end."""
        if self.forked:
            await self.send_signal(signal.SIGTERM)
        else:
            await super().terminate(restart)

    async def cleanup(self, restart: bool = False) -> None:
        """Let go of the line, which ends a kernel that still runs."""
        if self._line is not None:
            self._line.close()
            self._line = None
        if self._waited:
            self._waited.end()
        if self.kernels:
            self.kernels.forget(self)
        await super().cleanup(restart)
