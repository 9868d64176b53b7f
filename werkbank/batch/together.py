"""The district's own folder of a batch: the analyses of its municipalities side by side, for the RIEC.

It is made of what stands in the municipalities' folders, after they are made. One that cannot be made never takes the
analyses with it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from werkbank.batch.execute import execute_notebook
from werkbank.batch.outcome import Outcome
from werkbank.batch.press import Job, at_press
from werkbank.errors import WerkbankError
from werkbank.files.whole import sha256_of, whole_folder
from werkbank.settings.parameters import Parameters

__all__ = ["DISTRICT_FILES", "make_district"]

DISTRICT = "district"
AUDIENCE = "riec"
PAGE = "district.html"
NOTEBOOK = "district.ipynb"
DISTRICT_FILES = (f"{DISTRICT}/{PAGE}", f"{DISTRICT}/district.docx")
"""The page and the Word file, by their place seen from the index."""


def make_district(
    parameters: Parameters, notebooks: Path, outcomes: Iterable[Outcome], today: dt.date
) -> tuple[Mapping[str, str], str]:
    """Make the district's folder, or keep it where no analysis was made: the sha256 of its files, and what went wrong.

    `parameters` are those of any municipality of the district. Nothing for another audience than the RIEC, and nothing
    for a district of which fewer than two municipalities can be laid side by side.
    """
    folder = parameters.output_folder.parent / DISTRICT
    if parameters.audience != AUDIENCE or not (notebooks / NOTEBOOK).is_file():
        return {}, ""
    try:
        if any(outcome.state == "made" for outcome in outcomes) or not (folder / PAGE).is_file():
            _make(parameters, notebooks, folder, today)
    except WerkbankError as error:
        return {}, f"Het overzicht van het district is niet gemaakt. {error}"
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder.parent).as_posix(): sha256_of(path) for path in files}, ""


def _make(parameters: Parameters, notebooks: Path, target: Path, today: dt.date) -> None:
    with whole_folder(target) as folder, at_press() as make, ThreadPoolExecutor(max_workers=1) as beside:
        ahead = beside.submit(make, Job("district_ahead", parameters, folder, today))
        execute_notebook(notebooks / NOTEBOOK, parameters, folder)
        ahead.result()
        make(Job("district", parameters, folder, today))
