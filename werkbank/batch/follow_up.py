"""What follows an analysis, project plans and comparisons of rounds: in the manifest, and on the index page.

The manifest vouches for these files as for every other; the index leads to them, for the RIEC that made them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from werkbank.assessment.choosing import place_names
from werkbank.batch.index import INDEX
from werkbank.batch.ledger import Ledger
from werkbank.files.whole import only_batch, sha256_of, whole_file
from werkbank.report.index import FollowUp, with_follow_ups
from werkbank.settings.parameters import Parameters

__all__ = ["FOLDERS", "follow_ups", "recording"]

FOLDERS = {"plans": "projectplan.html", "monitor": "monitor.html"}
"""The folders beside those of the municipalities, and the page that each thing in them has."""


@contextmanager
def recording(parameters: Parameters) -> Iterator[Callable[[Path], None]]:
    """Hold the output while things are made; every folder that is handed over is in the manifest afterwards.

    Also when making the next one is broken off. Raises OutputError when a batch is busy.
    """
    made: list[Path] = []
    with only_batch(parameters.output):
        try:
            yield made.append
        finally:
            if made:
                _record(parameters, made)


def _record(parameters: Parameters, made: list[Path]) -> None:
    ledger = Ledger(parameters, (), jobs=1, forced=False)
    ledger.forget(_gone(ledger))
    for folder in made:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        ledger.add_named({path.relative_to(ledger.folder).as_posix(): sha256_of(path) for path in files})
    index = ledger.folder / INDEX
    if index.is_file():
        page = with_follow_ups(index.read_text(encoding="utf-8"), tuple(follow_ups(parameters)))
        whole_file(index, page.encode())
        ledger.add({index: sha256_of(index)})
    ledger.write(finished=True)


def _gone(ledger: Ledger) -> list[str]:
    """The files of a plan or comparison that was taken away as a whole, as its maker is asked to do."""
    own = [name for name in ledger.files if name.split("/")[0] in FOLDERS]
    return [name for name in own if not (ledger.folder / Path(*Path(name).parts[:2])).is_dir()]


def follow_ups(parameters: Parameters) -> Iterator[FollowUp]:
    """The plans and comparisons that stand beside the analyses of this round, with what they are called."""
    beside, names = parameters.output_folder.parent, place_names()
    mark = " (fictief)" if parameters.marked_fictional else ""
    for kind, page in FOLDERS.items():
        for path in sorted((beside / kind).glob(f"*/{page}")):
            code = path.parent.name
            name = names.get(code, code)
            told = f"{name} ({code})" if kind == "plans" and name != code else f"{name}{mark}"
            yield FollowUp(kind, told, path.relative_to(beside).as_posix())
