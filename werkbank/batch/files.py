"""What stands beside an executed notebook: page, workbook, Word, PDF, tables, made of what the notebook saved.

Nothing is computed twice. Only the processes that make files import this module (werkbank/batch/worker.py).
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from nbformat import NotebookNode, v4

from werkbank.advice.development import Development
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.batch.manifest import Record
from werkbank.batch.outcome import facts_of
from werkbank.files.canonical import canonical_json
from werkbank.report import write_scores
from werkbank.report.district import district_analysis
from werkbank.report.outputs import (
    advice_document,
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
from werkbank.settings.catalogue import owner_code
from werkbank.settings.parameters import Parameters

__all__ = ["make_files"]


def make_files(name: str, parameters: Parameters, folder: Path, day: dt.date | None, park: str = "") -> Record | None:
    """Write every file beside the executed notebook of this name; of an analysis what the batch keeps of it."""
    notebook: NotebookNode = v4.reads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    if name == "analyse":
        return _analysis(notebook, parameters, folder, day)
    page = folder / f"{name}.html"
    if name == "district":
        district = district_analysis(parameters)
        page.write_text(render_district_html(notebook, district, day), encoding="utf-8")
        write_district_tables(district, folder)
        write_district_docx(district, folder / "district.docx")
    elif name == "monitor":
        page.write_text(render_monitor_html(notebook, Development.load(folder)), encoding="utf-8")
    else:
        assessment = Assessment.load(folder)
        plan = project_plan(assessment, park)
        page.write_text(render_plan_html(notebook, assessment, plan), encoding="utf-8")
        write_plan_docx(plan, assessment, folder / "projectplan.docx")
        for beside in (FILE_NAME, "projectplan.ipynb"):  # the working group gets the plan, not the judgements behind it
            (folder / beside).unlink()
    return None


def _analysis(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None) -> Record:
    assessment = Assessment.load(folder)
    write_scores(assessment, folder / "scores.xlsx")
    (folder / "advice.json").write_text(canonical_json(advice_document(assessment)), encoding="utf-8")
    (folder / "analyse.html").write_text(render_html(notebook, assessment, day), encoding="utf-8")
    write_papers(assessment, folder)
    if parameters.audience != owner_code():
        # It was needed to make the rest; what defends the advice stays with who made it.
        (folder / FILE_NAME).unlink()
    return facts_of(assessment, parameters)
