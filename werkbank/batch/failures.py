"""What failed is kept apart from what was made: the reason in plain Dutch, and how far the notebook came.

It lies with the RIEC, whoever the analysis was for: half a notebook has not passed any filter.
"""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path

import nbformat

from werkbank.batch.execute import NotebookFailedError
from werkbank.errors import WerkbankError
from werkbank.files.whole import whole_folder
from werkbank.report.terms import FICTIONAL
from werkbank.settings.parameters import Parameters

__all__ = ["FAILED", "REASON", "clear_failure", "keep_failure"]

FAILED, REASON = "failed", "reden.txt"


def keep_failure(folder: Path, parameters: Parameters, error: WerkbankError) -> None:
    """Write why a municipality failed; on a disk that is full the summary still tells."""
    mark = f"{FICTIONAL}\n\n" if parameters.marked_fictional else ""
    told = f"{mark}De analyse van {parameters.name}, ronde {parameters.round}, is mislukt.\n\n{error}\n"
    with contextlib.suppress(WerkbankError), whole_folder(folder / parameters.municipality) as new:
        (new / REASON).write_text(told, encoding="utf-8")
        partial = error.partial if isinstance(error, NotebookFailedError) else None
        if partial is not None:
            partial.cells.insert(0, nbformat.v4.new_markdown_cell(told, id="failed"))
            (new / "analyse.ipynb").write_text(str(nbformat.writes(partial)), encoding="utf-8")


def clear_failure(folder: Path, parameters: Parameters) -> None:
    """Nothing is wrong any more."""
    shutil.rmtree(folder / parameters.municipality, ignore_errors=True)
    with contextlib.suppress(OSError):
        folder.rmdir()
