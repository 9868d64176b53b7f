"""One notebook's folder, filled: the analysis of a municipality, a project plan, a comparison of two rounds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path

from werkbank.advice.development import Development
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.decisions import project_plan
from werkbank.assessment.inputs import matrix_paths
from werkbank.batch.execute import TIMEOUT, execute_notebook
from werkbank.batch.press import Job, at_press
from werkbank.batch.told import Told
from werkbank.errors import MatrixError
from werkbank.files.whole import whole_folder
from werkbank.matrix import load_matrix
from werkbank.parks.register import load_parks
from werkbank.settings.catalogue import load_catalogue
from werkbank.settings.parameters import Parameters
from werkbank.wording import listing

__all__ = ["check_strictly", "fill_folder", "make_monitor", "make_plan"]


def fill_folder(
    parameters: Parameters,
    notebooks: Path,
    folder: Path,
    made: dt.date | None = None,
    *,
    environment: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Told:
    """Fill `folder` with the analysis of one municipality, from the executed notebook to the last file.

    Its page says that it was made on the day `made`; no other file does, for equal inputs give equal files.
    `environment` is what the kernel has beside the variables of this process. Raises WerkbankError.
    """
    notebook = notebooks / "analyse.ipynb"
    with at_press() as make:
        execute_notebook(notebook, parameters, folder, environment=environment, timeout=timeout)
        return Told.of(make(Job("analysis", parameters, folder, made, timeout or TIMEOUT)))


def make_plan(parameters: Parameters, park_id: str, notebooks: Path) -> Path:
    """The folder with the project plan of one selected park, as Word and HTML. Raises WerkbankError."""
    from werkbank.report import render_plan_html, write_plan_docx  # noqa: PLC0415  for plans only

    target = parameters.output_folder.parent / "plans" / park_id
    with whole_folder(target) as folder:
        executed = execute_notebook(notebooks / "projectplan.ipynb", parameters, folder, park=park_id)
        assessment = Assessment.load(folder)
        plan = project_plan(assessment, park_id)
        html = render_plan_html(executed, assessment, plan)
        (folder / "projectplan.html").write_text(html, encoding="utf-8")
        write_plan_docx(plan, assessment, folder / "projectplan.docx")
        # The plan goes to the working group; the judgements behind it do not.
        (folder / FILE_NAME).unlink()
        (folder / "projectplan.ipynb").unlink()
    return target


def make_monitor(parameters: Parameters, notebooks: Path) -> Path:
    """The folder with the comparison of two rounds for one municipality. Raises WerkbankError."""
    from werkbank.report import render_monitor_html  # noqa: PLC0415  for comparisons only

    target = parameters.output_folder.parent / "monitor" / parameters.municipality
    with whole_folder(target) as folder:
        executed = execute_notebook(notebooks / "monitor.ipynb", parameters, folder)
        html = render_monitor_html(executed, Development.load(folder))
        (folder / "monitor.html").write_text(html, encoding="utf-8")
    return target


def check_strictly(parameters: Parameters) -> None:
    """Refuse to begin on anything less than whole and faultless matrices. Raises MatrixError."""
    catalogue = load_catalogue(parameters.catalogue_path)
    paths = matrix_paths(parameters, catalogue)
    missing = [path.name for path in paths.values() if not path.is_file()]
    if missing:
        what = "ontbreekt een werkmap" if len(missing) == 1 else "ontbreken werkmappen"
        raise MatrixError(f"Er {what}: {listing(missing)}.")
    parks = load_parks(parameters.data / "parks.csv")
    load_matrix(paths.values(), catalogue, parks, round=parameters.round, strict=True, parties=parameters.parties)
