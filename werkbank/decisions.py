"""What people decide about an assessment: the selection of a park, and the plan that follows from it.

The werkbank never selects. It records who did, why, and what the advice said at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from werkbank.advice import ProjectPlan
from werkbank.advice.plan_values import Selected
from werkbank.assessment import Assessment, assess
from werkbank.errors import RegisterError
from werkbank.matrix import load_parks
from werkbank.parameters import Parameters, find_workspace, load_parameters, municipality_slugs
from werkbank.register.selections import AdviceThen, Selection, Standing, record_selection, selections
from werkbank.register.store import open_register, register_address
from werkbank.report import plan_for
from werkbank.wording import capital, did_you_mean

__all__ = ["find_park", "project_plan", "recorded_selections", "select_in_demo", "select_park"]


def find_park(word: str) -> tuple[str, str]:
    """The municipality and the id of a park, by its id or its name whatever the capitals.

    Raises RegisterError with the nearest park for a word that is neither, or that is the name of several.
    """
    workspace = find_workspace()
    slugs = municipality_slugs(workspace)
    parks = load_parks(load_parameters(slugs[0]).data / "parks.csv")
    wanted = word.strip().casefold()
    same = parks[(parks["park_id"].str.casefold() == wanted) | (parks["name"].str.casefold() == wanted)]
    if len(same) == 1:
        return str(same["municipality"].iloc[0]), str(same["park_id"].iloc[0])
    if len(same):
        ids = ", ".join(same["park_id"])
        raise RegisterError(f"Er zijn meer terreinen die zo heten: {ids}. Gebruik de terreincode.")
    near = capital(did_you_mean(word, [*parks["park_id"], *parks["name"]]))
    raise RegisterError(f"Het terrein “{word[:60]}” staat niet in het register. {near}".rstrip())


def select_park(
    word: str, *, reason: str, by: str, against_reason: str | None = None, now: dt.datetime | None = None
) -> Selection:
    """The recorded selection of a park, with the advice of this moment beside it.

    Raises RegisterError with every objection at once, and what `assess` raises when there is no advice to keep.
    """
    municipality, park_id = find_park(word)
    parameters = load_parameters(municipality)
    assessment = assess(parameters)
    with open_register(register_address(parameters.data)) as register:
        record_selection(
            register,
            municipality=municipality,
            round=parameters.round,
            park_id=park_id,
            reason=reason,
            by=by,
            advice=_advice_then(assessment),
            fingerprint=assessment.fingerprint,
            now=now or dt.datetime.now(dt.UTC),
            against_reason=against_reason,
        )
        return selections(register, municipality, parameters.round)[-1]


def select_in_demo(municipality: str) -> None:
    """One selection in the fictional district, by a fictional steering group, so that there is a plan to make."""
    advised = assess(municipality).advice.park_ids[0]
    select_park(
        advised,
        reason="Voorbeeld: het terrein met de hoogste score, en de partners kunnen er beginnen.",
        by="Fictieve stuurgroep",
        now=dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC),
    )


def recorded_selections(parameters: Parameters) -> tuple[Selection, ...]:
    """What was selected in this municipality and round; nothing when there is no register yet."""
    address = register_address(parameters.data)
    if not isinstance(address, str) and not address.exists():
        return ()
    with open_register(address) as register:
        return selections(register, parameters.municipality, parameters.round)


def project_plan(assessment: Assessment, park: str) -> ProjectPlan:
    """The project plan of a selected park. Raises RegisterError when no selection of it was recorded."""
    parameters = load_parameters(assessment.parameters.municipality, round=assessment.parameters.round)
    by_park = {selection.park_id: selection for selection in recorded_selections(parameters)}
    return plan_for(assessment, park, _selected(by_park, park))


def _selected(by_park: Mapping[str, Selection], park: str) -> Selected | None:
    selection = by_park.get(park)
    if selection is None:
        return None
    return Selected(
        decided_on=selection.at.date(),
        body=selection.by,
        reason=selection.reason or "",
        advice_then=selection.sentence or "",
        against_reason=selection.against_reason,
    )


def _advice_then(assessment: Assessment) -> AdviceThen:
    rows = assessment.parks.astype(object).where(assessment.parks.notna(), None).to_dict("records")
    standings = tuple(
        Standing(
            row["park_id"], row["score"], row["low"], row["high"], None if row["rank"] is None else int(row["rank"])
        )
        for row in rows
    )
    advice = assessment.advice
    return AdviceThen(advice.park_ids, advice.sentence, advice.grade, standings)
