"""What stands beside an executed notebook: page, workbook, Word, PDF, tables, made of what the notebook saved.

Nothing is computed twice. Each kind of work takes and gives plain values, so that it can be done in another process
(werkbank/batch/press.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.batch.outcome import facts_of
from werkbank.files.canonical import canonical_json
from werkbank.report import (
    advice_document,
    district_analysis,
    render_district_html,
    render_html,
    write_district_docx,
    write_district_tables,
    write_papers,
    write_scores,
)
from werkbank.report.district import DistrictAnalysis
from werkbank.report.outputs import draw_ahead
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import in_workspace

__all__ = ["do"]


_ahead: dict[Path, DistrictAnalysis] = {}
"""What was read for the files of this folder, which are made a moment later."""


@dataclass(frozen=True, slots=True)
class _Executed:
    """What the files of one analysis are made of: the executed notebook, what it saved, and the day for its page."""

    notebook: NotebookNode
    assessment: Assessment
    made: dt.date | None


def _page(done: _Executed, path: Path) -> None:
    path.write_text(render_html(done.notebook, done.assessment, done.made), encoding="utf-8")


def _advice(done: _Executed, path: Path) -> None:
    path.write_text(canonical_json(advice_document(done.assessment)), encoding="utf-8")


def _scores(done: _Executed, path: Path) -> None:
    write_scores(done.assessment, path)


_FILES: Mapping[str, Callable[[_Executed, Path], object]] = {
    "scores.xlsx": _scores,
    "advice.json": _advice,
    "analyse.html": _page,
}
"""What is written beside the executed notebook and `assessment.json`; equal inputs must give equal bytes.

The page comes last: its pictures are drawn meanwhile.
"""


def _analysis(parameters: Parameters, folder: Path, made: dt.date | None) -> dict[str, Any]:
    """Every file of one municipality's analysis; what the batch keeps of it."""
    assessment = Assessment.load(folder)
    done = _Executed(_notebook(folder / "analyse.ipynb"), assessment, made)
    with ThreadPoolExecutor(max_workers=1) as beside:
        drawn = beside.submit(draw_ahead, done.notebook)
        for name, write in _FILES.items():
            if name.endswith(".html"):
                drawn.result()
            write(done, folder / name)
    write_papers(assessment, folder)
    if parameters.audience != "riec":
        # It was needed to make the rest; what defends the advice stays with who made it.
        (folder / FILE_NAME).unlink()
    return asdict(facts_of(assessment, parameters))


def _district_ahead(parameters: Parameters, folder: Path, made: dt.date | None) -> dict[str, Any]:  # noqa: ARG001
    """Read the analyses of the whole district, while its notebook reads them too."""
    _ahead[folder] = district_analysis(parameters)
    return {}


def _district(parameters: Parameters, folder: Path, made: dt.date | None) -> dict[str, Any]:
    """The page, the Word file and the tables of the whole district."""
    district = _ahead.pop(folder, None) or district_analysis(parameters)
    page = render_district_html(_notebook(folder / "district.ipynb"), district, made)
    (folder / "district.html").write_text(page, encoding="utf-8")
    write_district_tables(district, folder)
    write_district_docx(district, folder / "district.docx")
    return {}


def _notebook(path: Path) -> NotebookNode:
    # As it was written a moment ago; nothing in it has to be checked again.
    notebook: NotebookNode = v4.reads(path.read_text(encoding="utf-8"))
    return notebook


_WORK: Mapping[str, Callable[[Parameters, Path, dt.date | None], dict[str, Any]]] = {
    "analysis": _analysis,
    "district_ahead": _district_ahead,
    "district": _district,
}


def do(job: Mapping[str, Any]) -> dict[str, Any]:
    """Do a job of plain values: what is to be made (`work`), where, for whom and on which day. Raises WerkbankError."""
    made = dt.date.fromisoformat(job["made"]) if job["made"] else None
    with in_workspace(Path(job["workspace"])):
        parameters = load_parameters(job["municipality"], audience=job["audience"])
        return _WORK[job["work"]](parameters, Path(job["folder"]), made)
