"""Whether an analysis that stands in its folder is still the one its own inputs would give, and when it was made."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator
from pathlib import Path

from werkbank.assessment import Assessment, matrix_paths
from werkbank.catalogue import Catalogue, load_catalogue
from werkbank.parameters import Parameters
from werkbank.report.page import made_on
from werkbank.wording import listing

__all__ = ["changed_since", "day_made"]

PAGE = "analyse.html"
_READ = 20_000
"""Characters at the head of a page that hold when it was made."""


def changed_since(assessment: Assessment, parameters: Parameters) -> str:
    """What of its own inputs differs by now, in words; empty when nothing does.

    The rest of the district, which gives the place in it and the figures of the draws, is not looked at.
    """
    return listing(_changes(assessment, parameters, load_catalogue(parameters.catalogue_path)))


def _changes(assessment: Assessment, parameters: Parameters, catalogue: Catalogue) -> Iterator[str]:
    if _workbooks(parameters, catalogue) != {source.file: source.sha256 for source in assessment.sources}:
        yield "de werkmappen"
    if parameters.method != assessment.parameters.method:
        yield "de methode"
    elif parameters.portable() != assessment.parameters:
        yield "de parameters"
    if catalogue.fingerprint != assessment.catalogue_fingerprint:
        yield "de catalogus"


def _workbooks(parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
    """The municipality's workbooks that are there now, with the sha256 of their bytes."""
    present = [path for path in matrix_paths(parameters, catalogue).values() if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in present}


def day_made(folder: Path) -> dt.date | None:
    """The day on which the analysis in this folder was made, as its page says; None when it does not say."""
    try:
        with (folder / PAGE).open(encoding="utf-8") as page:
            return made_on(page.read(_READ))
    except (OSError, UnicodeDecodeError):
        return None
