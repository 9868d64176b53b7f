"""One notebook executed in this very process, which is there for it alone; and the files made of what it saved.

Why it failed is said in plain Dutch; nothing is computed twice. Only the processes of werkbank/batch/worker.py import
this module, which takes seconds.
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import nbformat
from ipykernel.inprocess.manager import InProcessKernelManager
from nbformat import NotebookNode
from papermill.engines import Engine, NotebookExecutionManager
from papermill.exceptions import PapermillExecutionError
from papermill.execute import raise_for_execution_errors
from papermill.iorw import load_notebook_node
from papermill.parameterize import parameterize_notebook
from traitlets.config import Config

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.rounds import Rounds
from werkbank.batch.engine import check_notebook
from werkbank.batch.manifest import COPY, VERSIONS, Record, facts_of
from werkbank.errors import NotebookFailedError, OutputError, WerkbankError
from werkbank.files.canonical import canonical_json
from werkbank.plan.drafting import proposal_of
from werkbank.plan.form import word_parts
from werkbank.plan.kept import KeptPlan
from werkbank.plan.returned import IssuedVersion, issued_version
from werkbank.report import outputs, write_scores
from werkbank.report.district import district_analysis
from werkbank.report.plan import plan_versions, project_plan
from werkbank.settings.catalogue import owner_code
from werkbank.settings.parameters import Parameters
from werkbank.wording import disk_fault

_OWN_ERRORS = {cls.__name__ for cls in WerkbankError.__subclasses__()} | {"WerkbankError"}
_OUTPUTS = {"execute_result", "display_data", "error"}
_QUIET = 60.0
"""Seconds in which what a cell shows must come through once it is done; it is there in none."""


class InProcessEngine(Engine):  # type: ignore[misc]
    """papermill's interface; the cells run in a fresh shell of this process, without a kernel of their own."""

    @classmethod
    def execute_managed_notebook(cls, nb_man: NotebookExecutionManager, kernel_name: str, **_: Any) -> None:  # noqa: ARG003
        """Execute the code cells one after the other, up to the first that fails."""
        # ipykernel imports the debugger, a fifth of a second; nobody attaches to a batch, and it goes without.
        sys.modules.setdefault("debugpy", None)  # type: ignore[arg-type]
        # Without an address it looks for those of this machine, and it listens on none.
        kernels: Any = InProcessKernelManager(config=Config(HistoryManager={"enabled": False}), ip="127.0.0.1")
        kernels.start_kernel()
        nb_man.nb.metadata.language_info = kernels.kernel.language_info
        client = kernels.client()
        client.start_channels()
        for index, cell in enumerate(nb_man.nb.cells):
            if cell.cell_type == "code" and cell.source.strip():
                nb_man.cell_start(cell, index)
                if not _executed(client, cell):
                    nb_man.cell_exception(cell, index)
                    break
                nb_man.cell_complete(cell, index)


def execute_notebook(notebook: Path, passed: Mapping[str, str], folder: Path) -> None:
    """Execute the notebook in this process, and write what became of it into `folder` once it came to its end.

    Raises NotebookFailedError with the reason in Dutch. Success is decided by that, never by the notebook's metadata:
    papermill marks the cell of a killed kernel as completed.
    """
    nb = parameterize_notebook(_loaded(notebook), dict(passed))
    check_notebook(nb)
    executed = InProcessEngine.execute_notebook(nb, "python3", progress_bar=False)
    try:
        raise_for_execution_errors(executed, None)
    except PapermillExecutionError as error:
        reason = _reason(error)
        for cell in executed.cells:
            for output in cell.get("outputs", ()):
                if output.output_type == "error":  # its text may hold a judgement
                    output.evalue, output.traceback = reason, []
        raise NotebookFailedError(reason, partial=_as_text(strip_execution(executed))) from None
    try:
        (folder / notebook.name).write_text(_as_text(strip_execution(executed)), encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{notebook.name} kon niet worden weggeschreven ({disk_fault(error)}).") from error


def _loaded(notebook: Path) -> NotebookNode:
    place = f"Het notebook notebooks/{notebook.name}"
    if not notebook.is_file():
        raise OutputError(f"{place} ontbreekt. Zet het terug uit de werkbank.")
    try:
        loaded: NotebookNode = load_notebook_node(str(notebook))
    except OSError as error:
        raise OutputError(f"{notebook.name} kan niet worden gelezen ({disk_fault(error)}).") from error
    except Exception as error:  # whatever stands there instead
        raise OutputError(f"{place} is beschadigd. Zet het terug uit de werkbank.") from error
    return loaded


def _executed(client: Any, cell: NotebookNode) -> bool:
    """Execute one cell and put what it shows into it; whether it came to its end."""
    request = client.execute(cell.source, allow_stdin=False)
    reply = client.get_shell_msg(timeout=_QUIET)["content"]
    cell.outputs, cell.execution_count = [], reply.get("execution_count")
    message = client.get_iopub_msg(timeout=_QUIET)
    while message["content"].get("execution_state") != "idle" or message["parent_header"].get("msg_id") != request:
        if message["msg_type"] in _OUTPUTS:
            cell.outputs.append(nbformat.v4.output_from_msg(message))
        message = client.get_iopub_msg(timeout=_QUIET)
    return bool(reply["status"] == "ok")


def strip_execution(nb: NotebookNode) -> NotebookNode:
    """The notebook without places, times and streams: what papermill noted of this machine is nobody's business."""
    for part in (nb, *nb.cells):
        for key in ("papermill", "execution"):
            part.metadata.pop(key, None)
    for cell in nb.cells:
        if "injected-parameters" in cell.metadata.get("tags", []):
            # papermill gives this cell a random id, and it holds the folder of this run.
            cell.id = "injected-parameters"
            cell.source = "\n".join(
                'output_folder = ""' if line.startswith("output_folder") else line for line in cell.source.splitlines()
            )
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if output.output_type != "stream"]
    return nb


def _as_text(nb: NotebookNode) -> str:
    """The notebook as JSON on one line: nbformat indents it, which Python does without its quick encoder."""
    return json.dumps(nb, sort_keys=True, ensure_ascii=False) + "\n"


def _reason(error: PapermillExecutionError) -> str:
    """Our own errors in their own words; of any other only its kind, for its text may hold a judgement."""
    if error.ename in _OWN_ERRORS:
        return str(error.evalue)
    return f"Onverwachte fout in cel {error.exec_count} van het notebook ({error.ename})."


class MadePlan(NamedTuple):
    """Of a plan: what people get to begin with, what changed since, and what its Word file says."""

    proposal: KeptPlan
    changes: tuple[str, ...]
    issued: IssuedVersion


def make_files(
    name: str, parameters: Parameters, folder: Path, day: dt.date | None, park: str = ""
) -> Record | MadePlan | str | None:
    """Write every file beside the executed notebook of this name.

    Of an analysis or a plan comes back what the batch keeps of it; of rounds why other readers got nothing, if so.
    """
    notebook: NotebookNode = nbformat.v4.reads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    if name == "analyse":
        return _analysis(notebook, parameters, folder, day)
    if name == COPY:
        return _copies(parameters, folder, day)
    page = folder / f"{name}.html"
    if name == "district":
        district = district_analysis(parameters)
        page.write_text(outputs.render_district_html(notebook, district, day), encoding="utf-8")
        outputs.write_district_tables(district, folder)
        outputs.write_district_docx(district, folder / "district.docx")
    elif name == "monitor":
        rounds, today = Rounds.load(folder), day or dt.date.today()
        page.write_text(outputs.render_monitor_html(notebook, rounds, today), encoding="utf-8")
        outputs.write_monitor_papers(rounds, folder, today)
        return outputs.write_monitor_copies(rounds, parameters, folder / VERSIONS, today)
    else:
        assessment = Assessment.load(folder)
        plan = project_plan(assessment, park)
        page.write_text(outputs.render_plan_html(notebook, assessment, plan), encoding="utf-8")
        word = outputs.write_plan_docx(plan, assessment, folder / "projectplan.docx")
        for beside in (FILE_NAME, "projectplan.ipynb"):  # the working group gets the plan, not the judgements behind it
            (folder / beside).unlink()
        for audience, (version, seen) in plan_versions(assessment, plan).items():
            (folder / VERSIONS / audience).mkdir(parents=True)
            outputs.write_plan_version(version, seen, folder / VERSIONS / audience)
        proposal = proposal_of(plan, assessment, assessment.catalogue, day or dt.date.today())
        changes = tuple(filter(None, (plan.approval, *plan.changes)))
        return MadePlan(proposal, changes, issued_version(plan, word_parts(word)))
    return None


def _analysis(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None) -> Record:
    assessment = Assessment.load(folder)
    write_scores(assessment, folder / "scores.xlsx")
    (folder / "advice.json").write_text(canonical_json(outputs.advice_document(assessment)), encoding="utf-8")
    (folder / "analyse.html").write_text(outputs.render_html(notebook, assessment, day), encoding="utf-8")
    outputs.write_papers(assessment, folder)
    if parameters.audience != owner_code():
        # It was needed to make the rest; what defends the advice stays with who made it.
        (folder / FILE_NAME).unlink()
    return facts_of(assessment, parameters)


def _copies(parameters: Parameters, folder: Path, day: dt.date | None) -> Record:
    """The pages of a reader who gets no whole analysis; what they were made of does not go along."""
    assessment = Assessment.load(folder)
    outputs.write_copies(assessment, folder, day)
    for beside in (FILE_NAME, f"{COPY}.ipynb"):
        (folder / beside).unlink()
    return facts_of(assessment, parameters)
