"""The same units on more machines: an existing dask.distributed cluster fills the folders, this machine keeps them.

Inputs travel with each unit, results come back as files. What a lost worker was busy with, dask runs again on another:
nothing of a unit stays on a worker.
"""

from __future__ import annotations

import datetime as dt
import ipaddress
import multiprocessing
import re
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.district import HANDED_OVER
from werkbank.batch.manifest import differs_from_kept, source_of_werkbank, versions
from werkbank.batch.stamp import Stamp, file_name, file_path
from werkbank.batch.worker import Workers
from werkbank.errors import NotebookFailedError, OutputError, WerkbankError
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import ROUND, in_workspace
from werkbank.wording import disk_fault

if TYPE_CHECKING:
    from distributed import Client

_PORT = re.compile(r":[1-9][0-9]*$")
_WAIT = 20.0
"""Seconds in which the scheduler must answer."""


@dataclass(frozen=True, slots=True)
class Job:
    """One municipality for a worker: the names of its files, and what else decides about it."""

    municipality: str
    audience: str
    round: str
    made: dt.date
    timeout: float
    files: Mapping[str, bytes] = field(repr=False)
    """Of a file that lies beside the workbooks the name alone: what is in it is nobody's business."""
    context: str
    software: tuple[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a worker sends back: files and what is kept of them, or why there are none and how far the notebook came."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    facts: Any = None
    error: str = ""
    partial: str = ""


class Cluster:
    """A cluster that fills folders. Raises OutputError when it cannot be reached, or would send in the clear."""

    def __init__(self, address: str) -> None:
        _refuse_in_the_clear(address)
        try:
            from distributed import Client, Security  # noqa: PLC0415  an optional extra
        except ImportError:
            raise OutputError(
                "Voor --dask is het pakket distributed nodig. Installeer de werkbank met [dask]."
            ) from None
        if address.startswith("tls") and Security().get_connection_args("client").get("ssl_context") is None:
            raise OutputError(
                "Voor een cluster op tls:// zijn certificaten nodig, en dask weet niet waar die staan. Zet ze in de "
                "instellingen van dask onder distributed.comm.tls (ca-file, client.cert en client.key)."
            )
        try:
            self._client: Client = Client(address, timeout=_WAIT, set_as_default=False)
        except (OSError, ValueError) as error:
            raise OutputError(
                f"Het cluster op {address} is niet te bereiken ({type(error).__name__}). Loopt de scheduler daar?"
            ) from None

    @property
    def threads(self) -> int:
        """How many units the cluster takes at a time; at least one, for workers may come later."""
        return max(1, sum(int(count) for count in self._client.nthreads().values()))

    def close(self) -> None:
        """Let go of the cluster; what it is still busy with is cancelled."""
        with suppress(Exception):
            self._client.close(timeout=5)

    def fill(
        self, parameters: Parameters, stamp: Stamp, folder: Path, made: dt.date, timeout: float, context: str | None
    ) -> Any:
        """Have a folder filled; what is kept of it. Raises OutputError with the worker's reason."""
        handed, software = file_name(Path(context), parameters) if context else "", (source_of_werkbank(), versions())
        files = _files(parameters, stamp, context)
        own = parameters.municipality, parameters.audience, parameters.round
        job = Job(*own, made, timeout, files, handed, software)
        future = self._client.submit(fill_here, job, pure=False, retries=1)
        try:
            filled: Filled = future.result()
        except Exception as error:  # noqa: BLE001  whatever befell the workers, the others go on
            raise OutputError(f"Het cluster kon deze gemeente niet maken ({type(error).__name__}).") from None
        if filled.error:
            raise NotebookFailedError(filled.error, partial=filled.partial)
        for name, content in filled.files.items():
            _put(folder.resolve(), name, content)
        if (folder / FILE_NAME).is_file():  # what stood here before is known here alone
            return replace(filled.facts, differs=differs_from_kept(Assessment.load(folder), parameters))
        return filled.facts


def _files(parameters: Parameters, stamp: Stamp, context: str | None) -> dict[str, bytes]:
    """What a worker needs of one municipality, by its place in the workspace. Raises OutputError."""
    workspace, matrices = parameters.workspace, parameters.data / "matrices" / parameters.round
    shared = [*(workspace / "parameters").glob("*.yaml"), *([Path(context)] if context else [])]
    names = {*(file_name(path, parameters) for path in shared), *stamp.files}
    if any(not file_path(name, parameters).resolve().is_relative_to(workspace.resolve()) for name in names):
        raise OutputError("Met --dask moeten alle gegevens in de map van de werkbank staan.")
    beside = [path for path in matrices.iterdir() if path.is_file()] if "strays" in stamp.parts else []
    alone = {file_name(path, parameters): b"" for path in beside}
    return alone | {name: (workspace / name).read_bytes() for name in sorted(names)}


def fill_here(job: Job) -> Filled:
    """What a worker does: put the files in a workspace of their own, fill a folder, send back what is in it."""
    if job.software != (source_of_werkbank(), versions()):
        return Filled(error="Op een machine van het cluster staat een andere versie van de werkbank of haar pakketten.")
    with tempfile.TemporaryDirectory(prefix="werkbank-") as place:
        workspace = Path(place).resolve() / "w"
        for name, content in job.files.items():
            _put(workspace, name, content)
        environment = {"WERKBANK_WORKSPACE": str(workspace), "WERKBANK_CHART_OUTPUT": "spec", ROUND: job.round}
        if job.context:
            environment[HANDED_OVER] = str(workspace / job.context)
        folder = workspace / "filled"
        folder.mkdir()
        try:
            with in_workspace(workspace, job.round):
                parameters = load_parameters(job.municipality, audience=job.audience)
                facts = _workers().fill(
                    "analyse", parameters, folder, job.made, environment=environment, timeout=job.timeout
                )
        except WerkbankError as error:
            return Filled(error=str(error), partial=getattr(error, "partial", ""))
        except OSError as error:
            return Filled(error=f"De uitvoer kon niet worden weggeschreven ({disk_fault(error)}).")
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return Filled({path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}, facts)


def _put(folder: Path, name: str, content: bytes) -> None:
    """Write a file within the folder, and nowhere else."""
    path = folder / name
    if not path.resolve().is_relative_to(folder):
        raise OutputError(f"{path.name} ligt buiten de map waar het hoort.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


@cache
def _workers() -> Workers:
    """The processes of this worker, which end with it."""
    # dask calls its workers daemons, and daemons may start nothing; these end by themselves with whoever started them.
    multiprocessing.current_process()._config["daemon"] = False  # type: ignore[attr-defined]
    return Workers().__enter__()


def _refuse_in_the_clear(address: str) -> None:
    """Judgements do not cross a network in the clear: another machine is reached by tls only."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("tcp", "tls") or "@" in parts.netloc or not host or not _PORT.search(parts.netloc):
        raise OutputError(
            "Bij --dask hoort het adres van de scheduler, zoals tls://machine:8786, of op deze computer "
            "tcp://127.0.0.1:8786; zonder naam of wachtwoord erin."
        )
    with suppress(ValueError):
        if parts.scheme == "tls" or host == "localhost" or ipaddress.ip_address(host).is_loopback:
            return
    raise OutputError(
        f"Het adres “{address[:60]}” stuurt gegevens onversleuteld over het netwerk. Gebruik een adres dat begint met "
        "tls://, en zet certificaten klaar in de instellingen van dask."
    )
