"""Execute one notebook for one municipality with papermill, and say in plain Dutch why it failed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.engines import papermill_engines
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook

from werkbank.batch.provisioner import WarmKernels
from werkbank.batch.sockets import kernel_config
from werkbank.errors import OutputError, WerkbankError
from werkbank.settings.parameters import Parameters
from werkbank.wording import disk_fault

__all__ = [
    "TIMEOUT",
    "NotebookFailedError",
    "execute_notebook",
    "kernels_at_hand",
    "share_kernels",
    "strip_execution",
    "warm_kernels",
]

TIMEOUT = 600.0
"""Seconds that one notebook may take, all cells together."""
_warm: list[WarmKernels] = []
"""The process that forks kernels, while a batch holds one open: municipalities run in threads that share it."""
_OWN_ERRORS = {cls.__name__ for cls in WerkbankError.__subclasses__()} | {"WerkbankError"}

_FORESEEN = (PapermillExecutionError, ValueError, NoSuchKernel, OSError, RuntimeError)
"""A kernel that dies and a cell that takes too long are among the last two."""


class NotebookFailedError(OutputError):
    """A notebook did not come to its end; `partial` is how far it came, with nothing of the machine in it."""

    partial: NotebookNode | None = None


def execute_notebook(
    notebook: Path,
    parameters: Parameters,
    folder: Path,
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
    **more: str,
) -> NotebookNode:
    """The executed notebook; whatever it saves goes into `folder`, where its own copy is written last.

    Inside `warm_kernels` its kernel is forked. `environment` is added to that of this process, for the kernel alone.
    `timeout` limits the seconds of all cells together. `more` are further parameters of the notebook, such as the park
    of a project plan.

    Raises NotebookFailedError with the reason in Dutch. Success is decided by that, never by the notebook's metadata:
    papermill marks the cell of a killed kernel as completed.
    """
    if not notebook.is_file():
        raise OutputError(f"Het notebook notebooks/{notebook.name} ontbreekt. Zet het terug uit de werkbank.")
    passed = {
        "municipality": parameters.municipality,
        "audience": parameters.audience,
        "output_folder": str(folder),
        **more,
    }
    limit, busy = timeout or TIMEOUT, list[NotebookNode]()
    try:
        env = {**os.environ, **(environment or {})}
        nb = _by_papermill(notebook, passed, env=env, notebook_timeout=limit, busy=busy)
    except WerkbankError:
        raise
    except _FORESEEN as error:
        failure = NotebookFailedError(_told(error, limit))
        failure.partial = _partial(busy[0], str(failure)) if busy else None
        raise failure from None
    stripped = strip_execution(nb)
    (folder / notebook.name).write_text(_as_text(stripped), encoding="utf-8")
    return stripped


def _as_text(nb: NotebookNode) -> str:
    """The notebook as JSON on one line: nbformat indents it, which Python does without its quick encoder."""
    return json.dumps(nb, sort_keys=True, ensure_ascii=False) + "\n"


def _by_papermill(notebook: Path, passed: Mapping[str, str], **how: Any) -> NotebookNode:
    """The notebook with its parameters, executed by papermill's engine; raises what papermill raises.

    These are the steps of `papermill.execute_notebook` but the last: it would write the notebook as text once more,
    for nobody, with places and times in it.
    """
    nb = parameterize_notebook(_loaded(notebook), dict(passed))
    kernel = papermill_engines.nb_kernel_name(engine_name=None, nb=nb)
    with kernel_config() as config:
        how |= {"kernels": kernels_at_hand(), "config": config, "progress_bar": False}
        executed: NotebookNode = papermill_engines.execute_notebook_with_engine(None, nb, kernel_name=kernel, **how)
    raise_for_execution_errors(executed, None)
    return executed


def _loaded(notebook: Path) -> NotebookNode:
    try:
        loaded: NotebookNode = load_notebook_node(str(notebook))
    except OSError as error:
        raise OutputError(f"{notebook.name} kan niet worden gelezen ({disk_fault(error)}).") from error
    except Exception as error:  # whatever stands there instead
        raise OutputError(
            f"Het notebook notebooks/{notebook.name} is beschadigd. Zet het terug uit de werkbank."
        ) from error
    return loaded


def _told(error: Exception, limit: float) -> str:
    """Why a notebook did not come to its end, in plain Dutch."""
    kind = type(error).__name__
    if isinstance(error, PapermillExecutionError):
        return _reason(error)
    if isinstance(error, DeadKernelError):
        return "Het rekenproces is gestopt voordat het klaar was (te weinig geheugen?)."
    if isinstance(error, CellTimeoutError):
        return f"Het notebook was na {limit:.0f} seconden nog niet klaar en is gestopt."
    if isinstance(error, ValueError):
        return f"Het rekenproces gaf een onleesbaar antwoord ({kind})."
    return f"Het rekenproces kon niet starten ({kind})."


def _partial(nb: NotebookNode, reason: str) -> NotebookNode:
    """How far a notebook came, for who wants to see where it stopped; the text of an error may hold a judgement."""
    stripped = strip_execution(nb)
    for cell in stripped.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                output.evalue, output.traceback = reason, []
    return stripped


@contextmanager
def warm_kernels() -> Iterator[WarmKernels]:
    """A process that forks the kernels of every `execute_notebook` inside, whichever thread calls it."""
    with WarmKernels() as kernels:
        _warm.append(kernels)
        try:
            yield kernels
        finally:
            _warm.remove(kernels)


def kernels_at_hand() -> WarmKernels | None:
    """The process that forks kernels, where one is open."""
    return _warm[-1] if _warm else None


def share_kernels(at_end: Callable[[Callable[..., object]], object]) -> None:
    """From now on kernels are forked in this process, until `at_end`; for a worker, which ends when it is told to."""
    if not _warm:
        kernels = WarmKernels()
        kernels.__enter__()
        _warm.append(kernels)
        at_end(kernels.__exit__)


def strip_execution(nb: NotebookNode) -> NotebookNode:
    """The notebook without places, times and streams: what papermill noted of this machine is nobody's business."""
    for key in ("papermill", "execution"):
        nb.metadata.pop(key, None)
    for cell in nb.cells:
        for key in ("papermill", "execution"):
            cell.metadata.pop(key, None)
        if "injected-parameters" in cell.metadata.get("tags", []):
            # papermill gives this cell a random id, and it holds the folder of this run.
            cell.id = "injected-parameters"
            cell.source = "\n".join(
                'output_folder = ""' if line.startswith("output_folder") else line for line in cell.source.splitlines()
            )
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]
    return nb


def _reason(error: PapermillExecutionError) -> str:
    """Our own errors in their own words; of any other only its kind, for its text may hold a judgement."""
    if error.ename in _OWN_ERRORS:
        return str(error.evalue)
    return f"Onverwachte fout in cel {error.exec_count} van het notebook ({error.ename})."
