"""What nobody foresaw and what the disk refuses, told without the text of the error, which may hold a judgement."""

from __future__ import annotations

import traceback
from pathlib import Path

from werkbank.errors import OutputError
from werkbank.wording import disk_fault

__all__ = ["disk_failure", "unforeseen"]


def disk_failure(error: OSError) -> OutputError:
    """A file that could not be written, by why the system refused it."""
    return OutputError(f"De uitvoer kon niet worden weggeschreven ({disk_fault(error)}).")


def unforeseen(error: Exception) -> OutputError:
    """What nobody foresaw, by its kind and its place in the werkbank; its text may hold a judgement."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if "werkbank" in Path(frame.filename).parts]
    place = f", {Path(own[-1].filename).name} regel {own[-1].lineno}" if own else ""
    return OutputError(f"Onverwachte fout ({type(error).__name__}{place}). Meld dit bij wie de werkbank levert.")
