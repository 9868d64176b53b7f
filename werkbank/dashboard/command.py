"""The command `werkbank dashboard`: assess, take out what the audience may not see, and serve what is left."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from werkbank.assessment import Assessment, assess
from werkbank.dashboard.serve import serve
from werkbank.errors import ParametersError, WerkbankError
from werkbank.parameters import find_workspace, load_parameters, municipality_slugs
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import ONE_MUNICIPALITY, write_bundle
from werkbank.sharing.gate import READY
from werkbank.wording import did_you_mean, listing

__all__ = ["run"]


def run(audience: str, municipality: str | None = None, port: int = 0, open_browser: bool = True) -> int:
    """Serve the dashboard of one audience until it is stopped; its exit code.

    Without a municipality the page holds all of them; one that cannot be assessed is left out, said on the terminal,
    and makes the exit code 1. Raises WerkbankError for wrong use, and when nothing can be shown.
    """
    municipalities = _chosen(audience, municipality)
    failures: list[WerkbankError] = []
    assessments = tuple(_assessed(municipalities, audience, failures))
    if not assessments:
        raise failures[0]
    with tempfile.TemporaryDirectory(prefix="wb-") as private:
        folder = Path(private) / "bundle"
        write_bundle(assessments, folder)
        code = serve(folder, port=port, open_browser=open_browser)
    return code or (1 if failures else 0)


def _chosen(audience: str, municipality: str | None) -> tuple[str, ...]:
    """The municipalities to show. Raises ParametersError with what is allowed."""
    if audience not in READY:
        question = did_you_mean(audience, READY)
        raise ParametersError(
            f"Voor de doelgroep “{audience[:40]}” is er nog geen dashboard. {question} Het kan voor: {listing(READY)}."
        )
    slugs = municipality_slugs(find_workspace())
    if municipality is not None and municipality not in slugs:
        question = did_you_mean(municipality, slugs)
        raise ParametersError(f"Onbekende gemeente: {municipality[:60]}. {question} Er zijn: {listing(slugs)}.")
    if municipality is None and audience in ONE_MUNICIPALITY:
        raise ParametersError(
            "Een gemeente ziet alleen haar eigen terreinen. Noem de gemeente, bijvoorbeeld: "
            "werkbank dashboard --audience municipality --municipality urk"
        )
    if not slugs:
        raise ParametersError("Er is nog geen parametersbestand van een gemeente, zoals parameters/urk.yaml.")
    return slugs if municipality is None else (municipality,)


def _assessed(municipalities: tuple[str, ...], audience: str, failures: list[WerkbankError]) -> Iterator[Assessment]:
    """Each municipality's assessment as the audience may see it; what fails is told and left out."""
    for municipality in municipalities:
        try:
            yield for_audience(assess(load_parameters(municipality, audience=audience)))
        except WerkbankError as error:
            failures.append(error)
            sys.stderr.write(f"{municipality} staat niet in het dashboard.\n{error}\n")
