"""Execute one notebook for one municipality with papermill, and say in plain Dutch why it failed."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import nbformat
import papermill
from jupyter_client.kernelspec import NoSuchKernel
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from papermill.exceptions import PapermillExecutionError
from traitlets.config import Config

from werkbank.batch.provisioner import WarmKernels
from werkbank.errors import OutputError, WerkbankError
from werkbank.parameters import Parameters

__all__ = ["execute_notebook", "strip_execution", "warm_kernels"]

TIMEOUT = 600
"""Seconds that one notebook may take, all cells together."""
_warm: list[WarmKernels] = []
"""The process that forks kernels, while a batch holds one open: municipalities run in threads that share it."""
_OWN_ERRORS = {cls.__name__ for cls in WerkbankError.__subclasses__()} | {"WerkbankError"}


def execute_notebook(notebook: Path, parameters: Parameters, folder: Path, **more: str) -> NotebookNode:
    """The executed notebook; whatever it saves goes into `folder`, where its own copy is written last.

    Inside `warm_kernels` its kernel is forked. `more` are further parameters of the notebook, such as the park of a
    project plan.

    Raises OutputError with the reason in Dutch. Success is decided by that, never by the notebook's metadata:
    papermill marks the cell of a killed kernel as completed.
    """
    if not notebook.is_file():
        raise OutputError(f"Het notebook notebooks/{notebook.name} ontbreekt. Zet het terug uit de werkbank.")
    executed = folder / notebook.name
    passed = {
        "municipality": parameters.municipality,
        "audience": parameters.audience,
        "output_folder": str(folder),
        **more,
    }
    try:
        with _kernel_config() as config:
            nb = papermill.execute_notebook(
                str(notebook),
                None,  # what papermill would write holds places and times
                parameters=passed,
                progress_bar=False,
                kernels=_warm[-1] if _warm else None,
                notebook_timeout=TIMEOUT,
                config=config,
            )
    except WerkbankError:
        raise
    except PapermillExecutionError as error:
        raise OutputError(_reason(error)) from None
    except DeadKernelError:
        raise OutputError("Het rekenproces is gestopt voordat het klaar was (te weinig geheugen?).") from None
    except CellTimeoutError:
        raise OutputError(f"Het notebook was na {TIMEOUT} seconden nog niet klaar en is gestopt.") from None
    except ValueError as error:
        raise OutputError(f"Het rekenproces gaf een onleesbaar antwoord ({type(error).__name__}).") from None
    except (NoSuchKernel, OSError, RuntimeError) as error:
        raise OutputError(f"Het rekenproces kon niet starten ({type(error).__name__}).") from None
    stripped = strip_execution(nb)
    executed.write_text(str(nbformat.writes(stripped)), encoding="utf-8")
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


@contextmanager
def _kernel_config() -> Iterator[Config]:
    """Kernels talk over sockets in a folder of their own, readable by nobody else, where the system has them.

    No port is opened. The folder must be the kernel's own: left to itself jupyter_client names every socket alike, and
    two kernels at once would get each other's messages.
    """
    if os.name == "nt":
        yield Config()
        return
    with tempfile.TemporaryDirectory(prefix="wb-") as folder:
        connection = str(Path(folder) / "kernel.json")
        yield Config({"KernelManager": {"transport": "ipc", "connection_file": connection}})
