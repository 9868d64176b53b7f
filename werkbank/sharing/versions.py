"""What an audience may see of a project plan and its actions: versions of their own, made before anything is rendered.

Who sees what all parties say together gets the plan as it is. Any other version holds nothing that follows from a cell,
and no free text: of each chapter only what `versions` in plan.yaml names, the interventions, and who does them when.
Who has only the shareable plan gets the interventions that may be shared and that people agreed on: what is merely
proposed tells which suspicion called for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from werkbank.plan import words
from werkbank.plan.drafting import roles, steps
from werkbank.plan.interventions import Answers
from werkbank.plan.plan import Chapter, Field, PlannedIntervention, ProjectPlan
from werkbank.plan.progress import PlannedAction
from werkbank.register.selections import Selection
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Audience

WHOLE, SHAREABLE = "plan", "shareable_plan"
_AGREED = ("owner", "partners", "start", "end", "state", "done")
"""What people lay down about an intervention and is no free text."""


def of_plan(audience: Audience) -> str:
    """Which version of a plan an audience gets, as a legal basis made it: one of the fields for plans, or none ("")."""
    return next((field for field in (WHOLE, SHAREABLE) if field in audience.fields), "")


def may_know(intervention: str, audience: Audience, catalogue: Catalogue, *, agreed: bool) -> bool:
    """Whether an audience may know of an intervention in a plan; `agreed` is whether it has an owner.

    One that a row may call for which the audience does not see would tell of that row.
    """
    own, chosen = of_plan(audience), catalogue.intervention(intervention)
    called = {one.source for one in chosen.triggers} <= {*catalogue.visible_to(audience)}
    return own == WHOLE or (bool(own) and agreed and chosen.shareable and called)


def actions_for(
    actions: Iterable[PlannedAction], audience: Audience, catalogue: Catalogue
) -> tuple[PlannedAction, ...]:
    """The actions of plans as a list tells them to an audience; nothing more of them once more.

    What shows what came of one is in no list. Only who sees the plan as it is reads roles, results and what is to be
    shared with whom.
    """
    able = [replace(one, evidence="", sha256=None) for one in actions]
    if "combined" in audience.fields and of_plan(audience) == WHOLE:
        return tuple(able)
    return tuple(
        replace(one, role="", result=None)
        for one in able
        if not one.is_reminder and may_know(one.intervention, audience, catalogue, agreed=bool(one.organisation))
    )


def version_for(plan: ProjectPlan, audience: Audience, catalogue: Catalogue) -> ProjectPlan:
    """The plan as the audience may see it; the same for who sees what the parties say together."""
    if "combined" in audience.fields and of_plan(audience) == WHOLE:
        return plan
    agreed = {
        one.id for one in plan.interventions for field in one.agreed if field.key.endswith("/owner") and not field.blank
    }
    able = (one for one in plan.interventions if may_know(one.id, audience, catalogue, agreed=one.id in agreed))
    own = tuple(_stripped(one, catalogue) for one in able)
    told: Mapping[str, Any] = words()["versions"][of_plan(audience) or SHAREABLE]
    chosen = plan.selected
    chosen = Selection(chosen.event_id, chosen.municipality, chosen.round, chosen.park_id, chosen.by, chosen.at)
    return replace(
        plan,
        approval="",
        changes=(),
        register=None,
        selected=chosen,
        subgoals={},
        roles=tuple(roles(own, catalogue)),
        answers=Answers((), (), (), {}),
        interventions=own,
        beside=(),
        after_confirmation=(),
        steps=steps(own, catalogue),
        messages=(),
        risks=(),
        values=(),
        chapters={name: _chapter(one, told.get(name, {})) for name, one in plan.chapters.items()},
    )


def _stripped(one: PlannedIntervention, catalogue: Catalogue) -> PlannedIntervention:
    """Without why it is there, and with no more of what people laid down than who does it, when and how far it is."""
    told = (field for field in one.agreed if field.key.rpartition("/")[2] in _AGREED and not field.blank)
    agreed = tuple(_organisation(one, catalogue) if one.key.endswith("/owner") else one for one in told)
    return replace(one, agreed=agreed, conditions=(), reasons=(), lost="")


def _organisation(owner: Field, catalogue: Catalogue) -> Field:
    """The organisation alone: the role before it is free text."""
    text = owner.text
    named = (partner.name for partner in catalogue.partners if text.endswith(partner.name))
    return replace(owner, text=next(named, text.rpartition(", ")[2]))


def _chapter(chapter: Chapter, told: Mapping[str, Any]) -> Chapter:
    fields = tuple(one for one in chapter.fields if one.name in told.get("fields", ()) and not one.blank)
    text = (*chapter.text[: told.get("text", 0)], *told.get("said", ()))
    return Chapter(chapter.title, text, fields, chapter.points if told.get("points") else ())
