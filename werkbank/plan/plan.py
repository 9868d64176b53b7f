"""The project plan of one selected park: it follows from the matrix, and says what it leaves open (method.md 8).

The plan is a proposal. Who leads, who decides, what it costs and what it aims at are marked blanks for people.
"""

from __future__ import annotations

from werkbank.advice.answers import answers
from werkbank.advice.park_reading import Assessed, read_park
from werkbank.errors import OutputError
from werkbank.plan import plan_organisation as standard
from werkbank.plan import plan_tables as tables
from werkbank.plan import plan_words as words
from werkbank.plan.interventions import propose
from werkbank.plan.plan_occasion import occasion
from werkbank.plan.plan_values import ProjectPlan, Selected
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import date, did_you_mean

__all__ = ["make_plan"]


def make_plan(assessed: Assessed, park_id: str, selected: Selected, catalogue: Catalogue) -> ProjectPlan:
    """The plan for one park of an assessment, after people selected it; equal inputs give equal plans.

    Raises OutputError when the park is not in the assessment, when the catalogue is not the one of the assessment, or
    when its audience may not see a plan or one of the parties.
    """
    _refuse(assessed, park_id, catalogue)
    reading = read_park(assessed, park_id)
    proposals = propose(reading, catalogue)
    found = answers(reading, proposals, catalogue)
    every = tuple(tables.planned(one, catalogue) for one in proposals)
    plans = tuple(one for one in every if not one.needs_confirmation)
    waiting = tuple(one for one in every if one.needs_confirmation)
    steps = tables.steps(plans, catalogue)
    return ProjectPlan(
        park_id=park_id,
        park=reading.name,
        municipality=assessed.municipality_name,
        round=assessed.parameters.round,
        status="concept",
        selected=selected,
        occasion=occasion(assessed, reading, selected),
        goal=words.goal(reading),
        main_measures=tables.main_measures(reading, found),
        subgoals=tables.subgoals(plans, steps, catalogue),
        scope=words.scope(reading, steps),
        picture=words.picture(assessed, reading, found, catalogue),
        partnership=standard.partnership(),
        roles=tables.roles(plans, catalogue),
        legal=words.legal(assessed),
        measures=words.measures(found, len(waiting), catalogue),
        answers=found,
        answer_lines=tables.answer_lines(found, catalogue),
        holes=tables.hole_lines(found, catalogue),
        kinds=tables.kind_lines(found, catalogue),
        interventions=plans,
        after_confirmation=waiting,
        schedule=words.schedule(steps),
        steps=steps,
        organisation=standard.organisation(),
        communication=standard.communication(),
        messages=standard.messages(),
        risk=standard.risk(),
        risks=standard.risks(reading, len(waiting), assessed.parameters.method.minimum_coverage),
        monitoring=standard.monitoring(assessed),
        securing=standard.securing(),
        appendix=standard.appendix(assessed),
        actions=tables.actions(steps, date(selected.decided_on)),
    )


def _refuse(assessed: Assessed, park_id: str, catalogue: Catalogue) -> None:
    known = [str(park) for park in assessed.parks["park_id"]]
    if park_id not in known:
        hint = did_you_mean(park_id, known)
        raise OutputError(
            f"Deze analyse heeft geen terrein “{park_id[:60]}”{f'; {hint}' if hint else '.'} Er is geen plan gemaakt."
        )
    if catalogue.fingerprint != assessed.catalogue_fingerprint:
        raise OutputError("De catalogus is veranderd sinds deze analyse; maak de analyse opnieuw.")
    audience = catalogue.audience(assessed.parameters.audience)
    if "plan" not in audience.fields or not set(assessed.parameters.parties) <= set(audience.parties):
        raise OutputError(f"De doelgroep “{audience.name}” mag dit projectplan niet zien; er is niets gemaakt.")
