"""What stands beside an executed notebook: page, workbook, Word, PDF, tables, made of what the notebook saved.

Nothing is computed twice. Only the processes that make files import this module (werkbank/batch/worker.py).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode, v4

from werkbank.advice.development import Development
from werkbank.assessment.decisions import project_plan
from werkbank.assessment.flow import FILE_NAME, Assessment, input_errors
from werkbank.batch.manifest import RIEC
from werkbank.errors import Finding, WerkbankError
from werkbank.files.canonical import canonical_json
from werkbank.report import (
    advice_document,
    district_analysis,
    render_district_html,
    render_html,
    render_monitor_html,
    render_plan_html,
    write_district_docx,
    write_district_tables,
    write_papers,
    write_plan_docx,
    write_scores,
)
from werkbank.report.terms import legal_basis_line
from werkbank.report.word import own_template
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters
from werkbank.settings.theme import HOUSE_STYLE
from werkbank.settings.workspace import find_workspace
from werkbank.wording import count, listing

__all__ = ["Facts", "differences", "facts_of", "make_files"]

_LINES = 3
"""Lines on what differs from the analysis before."""
_MARK = 8
"""Characters of a method's fingerprint, to see which analyses share a method."""


def make_files(name: str, parameters: Parameters, folder: Path, day: dt.date | None, park: str = "") -> Facts | None:
    """Write every file beside the executed notebook of this name; of an analysis what the batch keeps of it."""
    notebook: NotebookNode = v4.reads((folder / f"{name}.ipynb").read_text(encoding="utf-8"))
    return _FILES[name](notebook, parameters, folder, day, park)


def _analysis(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None, _park: str) -> Facts:
    assessment = Assessment.load(folder)
    write_scores(assessment, folder / "scores.xlsx")
    _write(folder / "advice.json", canonical_json(advice_document(assessment)))
    _write(folder / "analyse.html", render_html(notebook, assessment, day))
    write_papers(assessment, folder, parameters.workspace / HOUSE_STYLE)
    if parameters.audience != RIEC:
        # It was needed to make the rest; what defends the advice stays with who made it.
        (folder / FILE_NAME).unlink()
    return facts_of(assessment, parameters)


def _district(notebook: NotebookNode, parameters: Parameters, folder: Path, day: dt.date | None, _park: str) -> None:
    district = district_analysis(parameters)
    _write(folder / "district.html", render_district_html(notebook, district, day))
    write_district_tables(district, folder)
    own = own_template(parameters.workspace / HOUSE_STYLE, "district")
    write_district_docx(district, folder / "district.docx", own)


def _plan(notebook: NotebookNode, parameters: Parameters, folder: Path, _day: dt.date | None, park: str) -> None:
    assessment = Assessment.load(folder)
    plan = project_plan(assessment, park)
    _write(folder / "projectplan.html", render_plan_html(notebook, assessment, plan))
    own = own_template(parameters.workspace / HOUSE_STYLE, "projectplan")
    write_plan_docx(plan, assessment, folder / "projectplan.docx", own)
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


@dataclass(frozen=True, slots=True)
class Facts:
    """What manifest and index tell of an analysis; no judgement is in it.

    `sources` are the workbooks it was made of (name and sha256), `errors` those in every party's input, as dicts,
    `differs` what differs from the analysis before, `shown` the figures of its row of the index.
    """

    fictional: bool
    sources: tuple[tuple[str, str], ...]
    shown: Mapping[str, Any]
    errors: tuple[Mapping[str, Any], ...]
    differs: tuple[str, ...]


def facts_of(assessment: Assessment, parameters: Parameters) -> Facts:
    """What is kept of the analysis that is to take the place of the one in the parameters' output folder."""
    errors = [finding for finding in assessment.findings if finding.severity == "error"]
    # Those of a party that is withheld are no longer in the assessment.
    every = input_errors(parameters) if assessment.coarse else errors
    return Facts(
        fictional=assessment.fictional,
        sources=tuple((source.file, source.sha256) for source in assessment.sources),
        shown=_figures(assessment, _errors(assessment, errors)),
        errors=tuple(finding.to_dict() for finding in every),
        differs=differences(assessment, parameters),
    )


def differences(assessment: Assessment, parameters: Parameters) -> tuple[str, ...]:
    """What differs from the analysis that stands there, in three lines; nothing when there is none to compare with."""
    try:
        if not (parameters.output_folder / FILE_NAME).is_file():
            return ()
        found = assessment.compare(Assessment.load(parameters.output_folder))
    except (OSError, WerkbankError):
        return ()
    lines = found.lines if found.same_inputs else found.lines[1:]  # the first line is the reason, told already
    if not lines:
        return ("Geen verschil met de vorige analyse.",)
    if len(lines) <= _LINES:
        return lines
    return (*lines[: _LINES - 1], f"En nog {count(len(lines) - _LINES + 1, 'verschil', 'verschillen')}.")


def _figures(assessment: Assessment, errors: str) -> Mapping[str, Any]:
    parks = assessment.parks
    enough = (parks["quadrant"] == "rest") | ((parks["quadrant"] == "act") & ~parks["marked"])
    names = parks.set_index("park_id")["name"]
    return {
        "name": assessment.municipality_name,
        "parks": len(parks),
        "enough": int(enough.sum()),
        "advised": [str(names[park]) for park in assessment.advice.park_ids],
        "coverage": float(parks["coverage"].mean()),
        "two_sided": float(parks["two_sided"].mean()),
        "method": assessment.parameters.method.fingerprint[:_MARK],
        "errors": errors,
        "legal_basis": legal_basis_line(assessment.legal_basis),
    }


def _errors(assessment: Assessment, errors: list[Finding]) -> str:
    """What is wrong with the input of an analysis that was made all the same."""
    own = assessment.parameters.catalogue
    catalogue = load_catalogue(None if own is None else find_workspace() / own)
    absent = [f"de werkmap van de {catalogue.party(party).name} ontbreekt" for party in assessment.absent]
    inside = sum(finding.rule != "missing-workbook" for finding in errors)
    if not absent:
        return f"{count(inside, 'fout', 'fouten')} in de werkmappen" if errors else ""
    told = [*absent, *([f"{inside} in de werkmappen"] if inside else [])]
    return f"{count(len(errors), 'fout', 'fouten')}: {listing(told)}"
