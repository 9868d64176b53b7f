"""What nobody foresaw and what the disk refuses, told without the text of the error, which may hold a judgement."""

from __future__ import annotations

from werkbank.errors import OutputError, unforeseen
from werkbank.wording import disk_fault

__all__ = ["disk_failure", "unforeseen"]


def disk_failure(error: OSError) -> OutputError:
    """A file that could not be written, by why the system refused it."""
    return OutputError(f"De uitvoer kon niet worden weggeschreven ({disk_fault(error)}).")
