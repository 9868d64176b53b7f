"""Project plans and comparisons of rounds, one after another; one that fails never stops the next."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from werkbank.assessment.choosing import any_parameters, find_park
from werkbank.assessment.decisions import recorded_selections
from werkbank.batch.follow_up import recording
from werkbank.batch.plan import plan_batch
from werkbank.batch.runner import Made
from werkbank.batch.unit import make_monitor, make_plan
from werkbank.errors import RegisterError, WerkbankError
from werkbank.settings.parameters import find_workspace, load_parameters

__all__ = ["left_over_plans", "make_monitors", "make_plans"]


def make_plans(words: Sequence[str]) -> Iterator[Made]:
    """The project plans of the named parks, or of every selected park of the round.

    Raises RegisterError for a word that is no park, and when nothing was selected at all.
    """
    parks = [find_park(word) for word in words] or list(_selected_parks())
    if not parks:
        raise RegisterError(
            "Er is in deze ronde nog geen terrein gekozen, dus er is geen projectplan te maken. "
            "Leg eerst een besluit vast: werkbank select TERREIN --reason … --by …"
        )
    with recording(any_parameters()) as record:
        for municipality, park_id in parks:
            parameters = load_parameters(municipality)
            made = _attempt(park_id, lambda notebooks: make_plan(parameters, park_id, notebooks))  # noqa: B023  used at once
            yield _recorded(made, record)


def make_monitors(chosen: Sequence[str]) -> Iterator[Made]:
    """The comparison of two rounds for the chosen municipalities, or for all. Raises WerkbankError on wrong use."""
    _, municipalities = plan_batch(chosen, "riec")
    with recording(any_parameters()) as record:
        for municipality in municipalities:
            parameters = load_parameters(municipality)
            made = _attempt(municipality, lambda notebooks: make_monitor(parameters, notebooks))  # noqa: B023  used at once
            yield _recorded(made, record)


def _recorded(made: Made, record: Callable[[Path], None]) -> Made:
    if made.folder is not None:
        record(made.folder)
    return made


def left_over_plans() -> Iterator[Path]:
    """The folders of plans in this round that no selection stands behind any more."""
    plans = any_parameters().output_folder.parent / "plans"
    selected = {park_id for _, park_id in _selected_parks()}
    if plans.is_dir():
        yield from sorted(folder for folder in plans.iterdir() if folder.is_dir() and folder.name not in selected)


def _selected_parks() -> Iterator[tuple[str, str]]:
    _, municipalities = plan_batch((), "riec")
    for municipality in municipalities:
        for selection in recorded_selections(load_parameters(municipality)):
            yield municipality, selection.park_id


def _attempt(name: str, make: Callable[[Path], Path]) -> Made:
    workspace = find_workspace()
    os.environ["WERKBANK_WORKSPACE"] = str(workspace)
    os.environ["WERKBANK_CHART_OUTPUT"] = "spec"
    try:
        return Made(name, make(workspace / "notebooks"))
    except WerkbankError as error:
        return Made(name, None, str(error))
