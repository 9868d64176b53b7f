"""The workspace: the folder that holds the parameters, the data and the output of one district."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path

from werkbank.errors import ParametersError
from werkbank.files.whole import whole_file

DISTRICT_FILE = "district.yaml"
RETURNS = "returns"
"""The folder in that of the data in which every return is kept as it came."""
MONITOR = "monitor"
"""The folder, beside those of the municipalities, with the rounds of each; and the name of the page in it."""
VIGNETTES = "vignettes"
"""The folder in the data with the answers to the vignettes, by round."""
EXAMPLE = "voorbeeld"
"""The code of a line that a new workspace shows as an example; it counts for nothing and must be replaced."""
ROUND = "WERKBANK_ROUND"
"""By which `--round` tells every process of one command that another round is meant than that of the parameters."""
_here: ContextVar[tuple[Path | None, str]] = ContextVar("workspace", default=(None, ""))
"""The workspace and the round of this thread alone; a worker of a cluster has several at once."""


@contextmanager
def in_workspace(folder: Path, round: str = "") -> Iterator[None]:
    """Inside, this folder is the workspace, whatever the environment says; for this thread only."""
    token = _here.set((folder, round))
    try:
        yield
    finally:
        _here.reset(token)


def asked_round() -> str:
    """The round that was asked for instead of that of the parameters; empty when none was."""
    return _here.get()[1] or os.environ.get(ROUND, "")


def share_workspace(folder: Path) -> None:
    """Let every process that is started find this workspace, and draw charts as data."""
    os.environ["WERKBANK_WORKSPACE"] = str(folder)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"


def find_workspace(start: Path | None = None) -> Path:
    """The workspace: `WERKBANK_WORKSPACE`, else the nearest ancestor with `parameters/district.yaml`.

    Raises ParametersError when there is none.
    """
    named = _here.get()[0] or os.environ.get("WERKBANK_WORKSPACE")
    here = Path(named) if named else (start or Path.cwd()).resolve()
    for folder in (here, *(() if named else here.parents)):
        if (folder / "parameters" / DISTRICT_FILE).is_file():
            return _resolved(folder.absolute())
    raise ParametersError(
        f"Dit is niet de map van de werkbank: er is geen bestand parameters/{DISTRICT_FILE}. "
        "Ga naar de map van de werkbank, zet WERKBANK_WORKSPACE op die map, of begin er een met: werkbank init MAP"
    )


@lru_cache(maxsize=16)
def _resolved(folder: Path) -> Path:
    """The folder by its real name, which every colour of a chart asks for."""
    return folder.resolve()


def keep(value: object, output_folder: Path | str, name: str) -> None:
    """Write the value's canonical JSON as `name` into the folder, whole or not at all; an empty folder writes nothing.

    A relative folder is within the workspace. Raises OutputError when it cannot be written.
    """
    if str(output_folder):
        from werkbank.files.canonical import canonical_json  # noqa: PLC0415  pandas, which no parameters need

        folder = Path(output_folder)
        whole_file(
            (folder if folder.is_absolute() else find_workspace() / folder) / name, canonical_json(value).encode()
        )


def raw_file(name: str, sha256: str, data: Path) -> Path:
    """Where the return of this name and contents is kept as it came, in the folder of the data."""
    return data / RETURNS / f"{sha256}{Path(name).suffix.lower()}"


def municipality_slugs(workspace: Path) -> tuple[str, ...]:
    """The municipalities that have a parameters file, in alphabetical order."""
    files = sorted((workspace / "parameters").glob("*.yaml"))
    return tuple(file.stem for file in files if file.name != DISTRICT_FILE)
