"""Folders with the sockets of kernels: each kernel's own, readable by nobody else, and never left behind."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from traitlets.config import Config

__all__ = ["FILE", "clear_sockets", "kernel_config", "socket_folder"]

FILE = "kernel.json"
"""How to reach a kernel; the names of its sockets begin like it."""
_SOCKETS = "wb-"
"""Begins the name of a folder with the sockets of a kernel; the number of the process that made it follows."""
_LONGEST = 60


def socket_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder for the sockets of one kernel, there until its `cleanup`."""
    return tempfile.TemporaryDirectory(prefix=f"{_SOCKETS}{os.getpid()}-", dir=_short_folder())


def _short_folder() -> str:
    """Where temporary files go; a socket's name may not be longer than about a hundred characters."""
    usual = tempfile.gettempdir()
    return usual if len(os.fsencode(usual)) <= _LONGEST else "/tmp"  # noqa: S108  the folder made in it is private


def clear_sockets() -> None:
    """Remove the folders with sockets that killed batches left; those of a process that still lives stay."""
    for folder in Path(_short_folder()).glob(f"{_SOCKETS}*-*"):
        owner = folder.name.removeprefix(_SOCKETS).partition("-")[0]
        if owner.isdecimal() and not psutil.pid_exists(int(owner)):
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def kernel_config() -> Iterator[Config]:
    """Kernels talk over sockets in a folder of their own, readable by nobody else, where the system has them.

    No port is opened. The folder must be the kernel's own: left to itself jupyter_client names every socket alike, and
    two kernels at once would get each other's messages.
    """
    if os.name == "nt":
        yield Config()
        return
    with socket_folder() as folder:
        yield Config({"KernelManager": {"transport": "ipc", "connection_file": str(Path(folder) / FILE)}})
