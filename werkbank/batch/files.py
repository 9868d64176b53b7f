"""What stands beside an executed notebook: page, workbook, Word, PDF, tables, made of what the notebook saved.

Nothing is computed twice. Only the processes that make files import this module (werkbank/batch/worker.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path

from nbformat import NotebookNode, v4

from werkbank.advice.development import Development
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.batch.manifest import RIEC
from werkbank.batch.outcome import Facts, facts_of
from werkbank.files.canonical import canonical_json
from werkbank.report import write_scores
from werkbank.report.advice_json import advice_document
from werkbank.report.district import district_analysis
from werkbank.report.outputs import (
    render_district_html,
    render_html,
    render_monitor_html,
    render_plan_html,
    write_district_docx,
    write_district_tables,
    write_papers,
    write_plan_docx,
)
from werkbank.report.plan import project_plan
from werkbank.settings.parameters import Parameters

__all__ = ["make_files"]


def make_files(name: str, parameters: Parameters, folder: Path, day: dt.date | None, park: str = "") -> Facts | None:
    """Write every file beside the executed notebook of this name; of an analysis what the batch keeps of it."""
    notebook: NotebookNode = v4.reads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    return _FILES[name](notebook, parameters, folder, day, park)


def _analysis(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None, _park: str) -> Facts:
    assessment = Assessment.load(folder)
    write_scores(assessment, folder / "scores.xlsx")
    _write(folder / "advice.json", canonical_json(advice_document(assessment)))
    _write(folder / "analyse.html", render_html(notebook, assessment, day))
    write_papers(assessment, folder)
    if parameters.audience != RIEC:
        # It was needed to make the rest; what defends the advice stays with who made it.
        (folder / FILE_NAME).unlink()
    return facts_of(assessment, parameters)


def _district(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None, _park: str) -> None:
    district = district_analysis(parameters)
    _write(folder / "district.html", render_district_html(notebook, district, day))
    write_district_tables(district, folder)
    write_district_docx(district, folder / "district.docx")


def _plan(notebook: NotebookNode, _parameters: Parameters, folder: Path, _day: dt.date | None, park: str) -> None:
    assessment = Assessment.load(folder)
    plan = project_plan(assessment, park)
    _write(folder / "projectplan.html", render_plan_html(notebook, assessment, plan))
    write_plan_docx(plan, assessment, folder / "projectplan.docx")
    # The plan goes to the working group; the judgements behind it do not.
    (folder / FILE_NAME).unlink()
    (folder / "projectplan.ipynb").unlink()


def _monitor(notebook: NotebookNode, _parameters: Parameters, folder: Path, _day: dt.date | None, _park: str) -> None:
    _write(folder / "monitor.html", render_monitor_html(notebook, Development.load(folder)))


_FILES: Mapping[str, Callable[[NotebookNode, Parameters, Path, dt.date | None, str], Facts | None]] = {
    "analyse": _analysis,
    "district": _district,
    "projectplan": _plan,
    "monitor": _monitor,
}
"""By notebook what writes the files beside it, a line for each; equal inputs must give equal bytes."""


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
