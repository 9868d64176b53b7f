"""A folder is made in a place of its own, then put where it belongs in one step: whole, or not at all.

And one batch at a time in an output folder: who comes second is refused at once and told who was first.
"""

from __future__ import annotations

import contextlib
import ctypes
import datetime as dt
import hashlib
import os
import platform
import re
import shutil
import sys
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from werkbank.errors import OutputError
from werkbank.wording import date, disk_fault

UNFINISHED = ".unfinished"
LOCK, HOLDER = ".batch.lock", ".batch.txt"
_OLD = re.compile(r"(.+)-[0-9a-f]{8}-old")
_AT_FDCWD, _RENAME_EXCHANGE = -100, 2


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `target` only when nothing went wrong.

    A disk that fills up or a batch that is killed leaves what stood there before. Raises OutputError.
    """
    busy = target.parent / UNFINISHED / f"{target.name}-{uuid.uuid4().hex[:8]}"
    try:
        _begin(busy)
        yield busy
        _put(busy, target)
    except OSError as error:
        raise OutputError(f"De uitvoer kon niet worden weggeschreven ({disk_fault(error)}).") from error
    finally:
        shutil.rmtree(busy, ignore_errors=True)
        with contextlib.suppress(OSError):  # another municipality is still busy in it
            busy.parent.rmdir()


def _begin(folder: Path) -> None:
    """Make a folder, and again when another that was ready just then took away the empty one around it."""
    for _ in range(99):
        with contextlib.suppress(FileNotFoundError, FileExistsError):  # it was there, and a moment later it was not
            folder.mkdir(parents=True)
            return
    folder.mkdir(parents=True)


def whole_file(target: Path, content: bytes) -> None:
    """Write `target` in one step: the old bytes or the new ones, whatever happens. Raises OutputError."""
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_bytes(content)
        _flush(temporary)
        temporary.replace(target)
        _flush_folder(target.parent)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise OutputError(f"{target.name} kon niet worden weggeschreven ({disk_fault(error)}).") from error


def mend(folder: Path) -> None:
    """Clear what a killed batch left unfinished in `folder`; what it had put aside comes back to its place.

    Only for who knows that no other batch is busy there.
    """
    left = folder / UNFINISHED
    for old in sorted(left.glob("*-old")) if left.is_dir() else ():
        named = _OLD.fullmatch(old.name)
        if named and not (folder / named[1]).exists():
            old.replace(folder / named[1])
    shutil.rmtree(left, ignore_errors=True)
    for file in folder.glob(".*.tmp"):
        file.unlink(missing_ok=True)


def _put(new: Path, target: Path) -> None:
    for file in new.rglob("*"):
        if file.is_file():
            _flush(file)
    _flush_folder(new)
    if not target.exists():
        new.replace(target)
    elif not _exchanged(new, target):
        # For a moment neither stands there; `mend` brings the old one back after a kill just then.
        old = new.with_name(f"{new.name}-old")
        target.replace(old)
        new.replace(target)
        shutil.rmtree(old, ignore_errors=True)
    _flush_folder(target.parent)


def _exchanged(one: Path, other: Path) -> bool:
    """Whether two folders took each other's name in one step, which Linux can on most disks."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None), "renameat2", None)
    names = (os.fsencode(one), os.fsencode(other))
    return rename is not None and rename(_AT_FDCWD, names[0], _AT_FDCWD, names[1], _RENAME_EXCHANGE) == 0


def _flush(file: Path) -> None:
    """The bytes are on the disk before the folder gets its name."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _flush_folder(folder: Path) -> None:
    """The names are on the disk; where a folder cannot be opened, as on Windows, the system sees to it."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


@contextmanager
def only_batch(output: Path) -> Iterator[None]:
    """Hold the output folder for one batch. Raises OutputError at once when another holds it.

    The system lets go of the lock of a process that is killed, so nothing is left to clear by hand.
    """
    lock, now = FileLock(output / LOCK), dt.datetime.now()
    told = f"proces {os.getpid()} op {platform.node()}, begonnen op {date(now.date())} om {now:%H:%M:%S}"
    try:
        output.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
        (output / HOLDER).write_text(told, encoding="utf-8")
    except Timeout:
        raise OutputError(
            f"In deze map loopt al een batch: {_holder(output)}. Er is niets gedaan. Wacht tot die klaar is, of stop "
            "hem met Ctrl-C in zijn eigen venster."
        ) from None
    except OSError as error:
        lock.release()
        raise OutputError(f"De map {output.name} kan niet worden beschreven ({disk_fault(error)}).") from error
    except NotImplementedError as error:
        raise OutputError(f"Op deze schijf kan de map {output.name} niet worden vergrendeld.") from error
    try:
        yield
    finally:
        with contextlib.suppress(OSError):
            (output / HOLDER).unlink(missing_ok=True)
        lock.release()


def busy_batch(output: Path) -> str:
    """Who holds the output folder now, as far as it says; empty when nobody does: only the lock itself tells."""
    with contextlib.suppress(OSError, NotImplementedError):
        try:
            if (output / HOLDER).is_file():
                FileLock(output / LOCK).acquire(timeout=0).lock.release()
        except Timeout:
            return _holder(output)
    return ""


def _holder(output: Path) -> str:
    with contextlib.suppress(OSError):
        told = (output / HOLDER).read_text(encoding="utf-8", errors="replace")
        return told.replace(f" op {platform.node()},", ",")
    return "een ander proces, dat net is begonnen"


def sha256_of(path: Path) -> str:
    """The sha256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def hashes_of(folder: Path) -> dict[str, str]:
    """The sha256 of every file in a folder, by its place in it."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): sha256_of(path) for path in files}
