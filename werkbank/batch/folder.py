"""A folder is made in a place of its own, then put where it belongs in one step: whole, or not at all."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from werkbank.errors import OutputError

__all__ = ["UNFINISHED", "whole_folder"]

UNFINISHED = ".unfinished"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """A new folder to fill, which takes the place of `target` only when nothing went wrong.

    A disk that fills up or a batch that is killed leaves what stood there before.
    """
    busy = target.parent / UNFINISHED / f"{target.name}-{uuid.uuid4().hex[:8]}"
    try:
        busy.mkdir(parents=True)
        yield busy
        _put(busy, target)
    except OSError as error:
        raise OutputError(f"De uitvoer kon niet worden weggeschreven ({error.strerror}).") from error
    finally:
        shutil.rmtree(busy, ignore_errors=True)
        _remove_if_empty(busy.parent)


def _put(new: Path, target: Path) -> None:
    for file in new.iterdir():
        _flush(file)
    old = new.with_name(f"{new.name}-old")
    if target.exists():
        target.replace(old)
    new.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def _flush(file: Path) -> None:
    """The bytes are on the disk before the folder gets its name."""
    with file.open("rb+") as handle:
        os.fsync(handle.fileno())


def _remove_if_empty(folder: Path) -> None:
    try:
        folder.rmdir()
    except OSError:
        return  # another municipality is still busy in it
