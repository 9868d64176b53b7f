"""Kernels that are ready before a notebook asks: forked while the one before is busy, and each as fresh as any.

A kernel that waits has its environment, folder and sockets, and has executed nothing. The next notebook that would
have started one in exactly the same way gets it.
"""

from __future__ import annotations

import socket
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from jupyter_client.connect import KernelConnectionInfo, write_connection_file

from werkbank.batch.sockets import FILE, socket_folder

__all__ = ["Start", "Waiting", "place_for_one"]


@dataclass(frozen=True, slots=True)
class Start:
    """How a kernel is started: the arguments of its launcher, its folder and its whole environment."""

    arguments: tuple[str, ...]
    cwd: str
    env: dict[str, str]

    def request(self) -> dict[str, Any]:
        """What the forked process is told."""
        return {"arguments": list(self.arguments), "cwd": self.cwd, "env": self.env}

    def at(self, file: str) -> Start:
        """The same start, with another connection file."""
        place = self.arguments.index("-f") + 1
        return Start((*self.arguments[:place], file, *self.arguments[place + 1 :]), self.cwd, self.env)

    def same_as(self, other: Start) -> bool:
        """Whether both give the same kernel, wherever its sockets are."""
        return self.at("") == other.at("")


@dataclass(frozen=True, slots=True)
class Waiting:
    """A kernel that waits: how it was started, its line, and how to reach it in the folder that is its own."""

    start: Start
    line: socket.socket
    connection: KernelConnectionInfo
    folder: tempfile.TemporaryDirectory[str]

    def end(self) -> None:
        """Nobody needs it any more."""
        self.line.close()
        self.folder.cleanup()


def place_for_one() -> tuple[tempfile.TemporaryDirectory[str], str, KernelConnectionInfo]:
    """A new folder, the connection file in it, and what that says."""
    folder = socket_folder()
    file = str(Path(folder.name) / FILE)
    key = uuid4().hex.encode()
    # Left to itself jupyter_client names the sockets of every kernel alike, in the folder where one happens to be.
    _, connection = write_connection_file(file, ip=str(Path(folder.name) / "ipc"), transport="ipc", key=key)
    # jupyter_client writes the key as text, and asks for it as bytes.
    return folder, file, cast("KernelConnectionInfo", {**connection, "key": key})
