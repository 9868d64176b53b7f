"""Text that takes seconds to make is made once and kept in the user's own cache; a damaged file is made again."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

__all__ = ["cache_folder", "kept"]


def kept(name: str, make: Callable[[], str]) -> str:
    """The text under this name, from the cache where it is there whole; an unwritable cache only costs time."""
    file = cache_folder() / name
    try:
        digest, _, text = file.read_text(encoding="utf-8").partition("\n")
        if digest == _digest(text):
            return text
    except (OSError, UnicodeDecodeError):
        pass
    text = make()
    _keep(file, text)
    return text


def cache_folder() -> Path:
    """Where the user's own cache of the workbench lies."""
    named = os.environ.get("LOCALAPPDATA") if os.name == "nt" else os.environ.get("XDG_CACHE_HOME")
    return (Path(named) if named else Path.home() / ".cache") / "werkbank"


def _digest(text: str) -> str:
    return f"// {hashlib.sha256(text.encode()).hexdigest()}"


def _keep(file: Path, text: str) -> None:
    """Whole or not at all, also when two processes start at once."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, name = tempfile.mkstemp(dir=file.parent, suffix=".tmp")
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(f"{_digest(text)}\n{text}")
        Path(name).replace(file)
    except OSError:
        return
