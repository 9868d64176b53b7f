"""The batch: some municipalities at a time, one that fails never stopping the others."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from werkbank.assessment import Assessment, input_errors
from werkbank.batch.execute import warm_kernels
from werkbank.batch.index import write_index
from werkbank.batch.notes import notes_of
from werkbank.batch.outcome import BatchResult, Outcome
from werkbank.batch.unit import check_strictly, make_analysis
from werkbank.errors import Finding, WerkbankError
from werkbank.parameters import Parameters, load_parameters

__all__ = ["run_batch"]


def run_batch(
    workspace: Path,
    municipalities: Sequence[str],
    *,
    audience: str = "riec",
    jobs: int = 2,
    strict: bool = False,
    today: dt.date | None = None,
    report: Callable[[str, Outcome | None], None] = lambda _name, _outcome: None,
) -> BatchResult:
    """Analyse the municipalities, `jobs` at a time, into `output/<round>/<audience>/`.

    `today` stands on the pages as the day they were made. `report` is told when one starts (with None) and how it
    ended. Raises nothing for a municipality that fails: its reason is in the result and on the index page, and what
    stood in its folder before stays.
    """
    # Kernels start in the folder of the caller; they are to find the same workspace as the batch.
    os.environ["WERKBANK_WORKSPACE"] = str(workspace)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"
    notebooks = workspace / "notebooks"
    made = today or dt.date.today()

    def run(municipality: str) -> Outcome:
        report(municipality, None)
        return _run_one(municipality, audience, notebooks, made, strict=strict)

    outcomes: dict[str, Outcome] = {}
    with warm_kernels() as kernels, ThreadPoolExecutor(max_workers=jobs) as pool:
        for future in as_completed([pool.submit(run, municipality) for municipality in municipalities]):
            outcome = future.result()
            outcomes[outcome.municipality] = outcome
            report(outcome.municipality, outcome)
    ordered = {municipality: outcomes[municipality] for municipality in municipalities}
    notes = (*notes_of(municipalities), *filter(None, [kernels.note]))
    index = write_index(workspace, ordered, audience, today=made, notes=notes)
    return BatchResult(tuple(ordered.values()), index, notes)


def _run_one(municipality: str, audience: str, notebooks: Path, made: dt.date, *, strict: bool) -> Outcome:
    try:
        parameters = load_parameters(municipality, audience=audience)
        if strict:
            check_strictly(parameters)
        assessment = make_analysis(parameters, notebooks, made)
        return Outcome(
            municipality, assessment, errors=_errors(assessment, parameters), folder=parameters.output_folder
        )
    except WerkbankError as error:
        return Outcome(municipality, None, str(error))


def _errors(assessment: Assessment, parameters: Parameters) -> tuple[Finding, ...]:
    """The errors in every party's input; those of a withheld party are no longer in the assessment."""
    if assessment.withheld:
        return input_errors(parameters)
    return tuple(finding for finding in assessment.findings if finding.severity == "error")
