"""The command `werkbank dashboard`: assess, take out what the audience may not see, and serve what is left."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from werkbank.assessment.assessment import Assessment
from werkbank.assessment.choosing import chosen_audience, chosen_municipalities
from werkbank.assessment.flow import assess
from werkbank.dashboard.serve import serve
from werkbank.errors import ParametersError, WerkbankError
from werkbank.settings.parameters import find_workspace, load_parameters, municipality_slugs
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import ONE_MUNICIPALITY, write_bundle
from werkbank.wording import listing

__all__ = ["run"]


def run(audience: str, municipality: str | None = None, port: int = 0, open_browser: bool = True) -> int:
    """Serve the dashboard of one audience until it is stopped; its exit code.

    Without a municipality the page holds all of them; one that cannot be assessed is left out, said on the terminal,
    and makes the exit code 1. Raises WerkbankError for wrong use, and when nothing can be shown.
    """
    audience = chosen_audience(audience)
    municipalities = _chosen(audience, municipality)
    failures: dict[str, list[str]] = {}
    assessments = tuple(_assessed(municipalities, audience, failures))
    if not assessments and len(failures) == 1:
        raise WerkbankError(next(iter(failures)))
    for reason, left_out in failures.items():
        sys.stderr.write(f"Niet in het dashboard: {listing(left_out)}.\n{reason}\n")
    if not assessments:
        raise WerkbankError("Van geen enkele gemeente is er een dashboard te maken.")
    with tempfile.TemporaryDirectory(prefix="wb-") as private:
        folder = Path(private) / "bundle"
        write_bundle(assessments, folder)
        code = serve(folder, port=port, open_browser=open_browser)
    return code or (1 if failures else 0)


def _chosen(audience: str, municipality: str | None) -> tuple[str, ...]:
    """The municipalities to show. Raises ParametersError with what is allowed."""
    chosen = chosen_municipalities([] if municipality is None else [municipality])
    if municipality is None and audience in ONE_MUNICIPALITY:
        raise ParametersError(
            "Een gemeente ziet alleen haar eigen terreinen. Noem de gemeente, bijvoorbeeld: "
            "werkbank dashboard --audience municipality --municipality urk"
        )
    return chosen or municipality_slugs(find_workspace())


def _assessed(municipalities: tuple[str, ...], audience: str, failures: dict[str, list[str]]) -> Iterator[Assessment]:
    """Each municipality's assessment as the audience may see it; what fails is left out, kept under its reason."""
    for municipality in municipalities:
        try:
            yield for_audience(assess(load_parameters(municipality, audience=audience)))
        except WerkbankError as error:
            failures.setdefault(str(error), []).append(municipality)
