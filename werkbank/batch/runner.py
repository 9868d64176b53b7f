"""The batch: some municipalities at a time, one that fails never stopping the others."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from werkbank.assessment import Assessment, input_errors
from werkbank.batch.index import write_index
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
    report: Callable[[str, Outcome | None], None] = lambda _name, _outcome: None,
) -> BatchResult:
    """Analyse the municipalities, `jobs` at a time, into `output/<round>/<audience>/`.

    `report` is told when one starts (with None) and how it ended. Raises nothing for a municipality that fails: its
    reason is in the result and on the index page, and what stood in its folder before stays.
    """
    # Kernels start in the folder of the caller; they are to find the same workspace as the batch.
    os.environ["WERKBANK_WORKSPACE"] = str(workspace)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"
    notebooks = workspace / "notebooks"

    def run(municipality: str) -> Outcome:
        report(municipality, None)
        return _run_one(municipality, audience, notebooks, strict=strict)

    outcomes: dict[str, Outcome] = {}
    with ThreadPoolExecutor(max_workers=jobs) as pool:
        for future in as_completed([pool.submit(run, municipality) for municipality in municipalities]):
            outcome = future.result()
            outcomes[outcome.municipality] = outcome
            report(outcome.municipality, outcome)
    ordered = {municipality: outcomes[municipality] for municipality in municipalities}
    return BatchResult(tuple(ordered.values()), write_index(workspace, ordered, audience))


def _run_one(municipality: str, audience: str, notebooks: Path, *, strict: bool) -> Outcome:
    try:
        parameters = load_parameters(municipality, audience=audience)
        if strict:
            check_strictly(parameters)
        assessment = make_analysis(parameters, notebooks)
        return Outcome(municipality, assessment, errors=_errors(assessment, parameters))
    except WerkbankError as error:
        return Outcome(municipality, None, str(error))


def _errors(assessment: Assessment, parameters: Parameters) -> tuple[Finding, ...]:
    """The errors in every party's input; those of a withheld party are no longer in the assessment."""
    if assessment.withheld:
        return input_errors(parameters)
    return tuple(finding for finding in assessment.findings if finding.severity == "error")
