"""The same units on more machines: an existing dask.distributed cluster fills the folders, this machine keeps them.

Inputs travel by the sha256 of their content, results come back as files. What a lost worker was busy with, dask runs
again on another: nothing of a unit stays on a worker but the blobs it may need for the next one.
"""

from __future__ import annotations

import atexit
import datetime as dt
import hashlib
import ipaddress
import tempfile
import threading
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import SplitResult, urlsplit

import nbformat

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.district import HANDED_OVER
from werkbank.batch.execute import NotebookFailedError, share_kernels
from werkbank.batch.press import share_press
from werkbank.batch.stamp import source_of_werkbank, versions
from werkbank.batch.told import Told, differs
from werkbank.batch.unit import fill_folder
from werkbank.errors import OutputError, WerkbankError
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import in_workspace

if TYPE_CHECKING:
    from distributed import Client

__all__ = ["Cluster", "Filled", "Job", "fill_here"]

_LOCAL = {"localhost"}
_WAIT = 20.0
"""Seconds in which the scheduler must answer."""
_start = threading.Lock()


@dataclass(frozen=True, slots=True)
class Job:
    """One municipality for a worker: the names of its files with their sha256, and what else decides about it."""

    municipality: str
    audience: str
    made: dt.date
    timeout: float
    files: Mapping[str, str]
    names_only: tuple[str, ...]
    """Files that lie beside the workbooks: that they are there is told, what is in them is nobody's business."""
    context: str
    werkbank: str
    versions: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Filled:
    """What a worker sends back: files and what is kept of them, or why there are none and how far the notebook came."""

    files: Mapping[str, bytes] = field(default_factory=dict)
    told: Mapping[str, Any] = field(default_factory=dict)
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

    def fill(self, job: Job, parameters: Parameters, folder: Path) -> Told:
        """Have a folder filled. Raises OutputError with the worker's reason."""
        blobs = [self._blob(parameters.workspace / name, sha256) for name, sha256 in job.files.items()]
        future = self._client.submit(fill_here, job, blobs, pure=False, retries=1)
        try:
            filled: Filled = future.result()
        except Exception as error:  # noqa: BLE001  whatever befell the workers, the others go on
            raise OutputError(f"Het cluster kon deze gemeente niet maken ({type(error).__name__}).") from None
        if filled.error:
            failure = NotebookFailedError(filled.error)
            failure.partial = nbformat.reads(filled.partial, as_version=4) if filled.partial else None
            raise failure
        for name, content in filled.files.items():
            _put(folder.resolve(), name, content)
        told = Told.of(filled.told)
        if not (folder / FILE_NAME).is_file():
            return told
        # What stood here before is known here alone.
        return replace(told, differs=differs(Assessment.load(folder), parameters))

    def _blob(self, path: Path, sha256: str) -> object:
        """A file's content as a task of the cluster under its own hash: sent once, and made again when it is lost."""
        content = path.read_bytes()
        if hashlib.sha256(content).hexdigest() != sha256:
            raise OutputError(f"{path.name} is veranderd terwijl de analyse werd gemaakt. Maak de analyse opnieuw.")
        return self._client.submit(bytes, content, key=f"werkbank-{sha256}", pure=True)


def fill_here(job: Job, blobs: Sequence[bytes]) -> Filled:
    """What a worker does: put the files in a workspace of their own, fill a folder, send back what is in it."""
    if job.werkbank != source_of_werkbank() or job.versions != versions():
        return Filled(error="Op een machine van het cluster staat een andere versie van de werkbank of haar pakketten.")
    with tempfile.TemporaryDirectory(prefix="werkbank-") as place:
        workspace = Path(place).resolve() / "w"
        for name, content in zip(job.files, blobs, strict=True):
            _put(workspace, name, content)
        for name in job.names_only:
            _put(workspace, name, b"")
        with in_workspace(workspace):
            return _filled(job, workspace)


def _put(folder: Path, name: str, content: bytes) -> None:
    """Write a file within the folder, and nowhere else."""
    path = folder / name
    if not path.resolve().is_relative_to(folder):
        raise OutputError(f"{path.name} ligt buiten de map waar het hoort.")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def _filled(job: Job, workspace: Path) -> Filled:
    folder = workspace / "filled"
    folder.mkdir()
    environment = {"WERKBANK_WORKSPACE": str(workspace), "WERKBANK_CHART_OUTPUT": "spec"}
    if job.context:
        environment[HANDED_OVER] = str(workspace / job.context)
    with _start:
        share_kernels(atexit.register)
        share_press(atexit.register)
    try:
        parameters = load_parameters(job.municipality, audience=job.audience)
        told = fill_folder(
            parameters, workspace / "notebooks", folder, job.made, environment=environment, timeout=job.timeout
        )
    except WerkbankError as error:
        partial = error.partial if isinstance(error, NotebookFailedError) else None
        return Filled(error=str(error), partial=str(nbformat.writes(partial)) if partial is not None else "")
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
    return Filled(files, asdict(told))


def _refuse_in_the_clear(address: str) -> None:
    """Judgements do not cross a network in the clear: another machine is reached by tls only."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    if parts.scheme not in ("tcp", "tls") or "@" in parts.netloc or not host or not _port(parts):
        raise OutputError(
            "Bij --dask hoort het adres van de scheduler, zoals tls://machine:8786, of op deze computer "
            "tcp://127.0.0.1:8786; zonder naam of wachtwoord erin."
        )
    if parts.scheme == "tls" or host in _LOCAL:
        return
    with suppress(ValueError):
        if ipaddress.ip_address(host).is_loopback:
            return
    raise OutputError(
        f"Het adres “{address[:60]}” stuurt gegevens onversleuteld over het netwerk. Gebruik een adres dat begint met "
        "tls://, en zet certificaten klaar in de instellingen van dask."
    )


def _port(parts: SplitResult) -> int | None:
    with suppress(ValueError):
        return parts.port
    return None
