"""The tables of a project plan: interventions, steps, roles, yardsticks and actions, in the words of `plan.yaml`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from werkbank.advice.reasons import ParkReading, level_text
from werkbank.plan import words
from werkbank.plan.answers import Answers
from werkbank.plan.interventions import Fired, Proposal
from werkbank.plan.plan import Action, Entry, Measure, PlannedIntervention, Role, Step, Subgoal, blank
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import listing, number, percent

__all__ = ["actions", "main_measures", "planned", "roles", "steps", "subgoals"]


def planned(proposal: Proposal, catalogue: Catalogue) -> PlannedIntervention:
    """The catalogue's intervention in words, with the reasons why it is proposed here."""
    one, said = catalogue.intervention(proposal.intervention), words()["tables"]
    names = {term.id: term.name for term in (*catalogue.kinds, *catalogue.frameworks, *catalogue.weights)}
    direct = _named(proposal.direct, catalogue)
    return PlannedIntervention(
        **{key: getattr(one, key) for key in ("id", "name", "description", "goal", "conditions", "measures", "weight")},
        kind=names[one.kind],
        framework=names[one.framework],
        lead=catalogue.partner(one.lead).name,
        partners=tuple(catalogue.partner(code).name for code in one.partners if code != one.lead),
        legal_basis=one.legal_basis,
        reasons=tuple(_reason(fired, catalogue) for fired in proposal.fired),
        direct=direct,
        supporting=_named(proposal.supporting, catalogue),
        answers="; ".join(direct) or said["supporting_only" if proposal.supporting else "no_answer"],
        weight_name=names[str(one.weight)],
        weeks=words()["weeks"].format(one.weeks.min_weeks, one.weeks.max_weeks),
        shareable=one.shareable,
        needs_confirmation=proposal.needs_confirmation,
    )


def _named(codes: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(f"{code} {catalogue.indicator(code).name}" for code in codes)


def _reason(fired: Fired, catalogue: Catalogue) -> str:
    """Why a trigger holds, with its threshold: "G05 Anonieme verhuur: niveau 2 van 3 (drempel: 2 of hoger)"."""
    said, source = words()["reasons"], fired.source
    over_the_park = source not in catalogue.indicator_ids
    what = said[source] if over_the_park else _named((source,), catalogue)[0]
    if fired.found is None:
        return str(said["unknown"].format(what=what))
    found = [said["minimum"], level_text(fired.found)] if fired.at_least else [level_text(fired.found)]
    behind = said["behind"].format(listing(fired.cells)) if over_the_park and fired.cells else ""
    if not over_the_park:
        suspected = catalogue.indicator(source) in catalogue.threats
        found = [said["threat" if suspected else "level"], *found, "van", str(catalogue.scale_of(source).highest)]
    threshold = said["thresholds"][fired.operator].format(fired.value)
    return f"{said['found'].format(what=what, found=' '.join(found), threshold=threshold)}{behind}"


def steps(plans: Sequence[PlannedIntervention], catalogue: Catalogue) -> tuple[Step, ...]:
    """From light to heavy: heavier work starts only when the first of the lighter ones is sure to be done."""
    made: list[Step] = []
    start = 1
    for _, same in groupby(plans, key=lambda one: one.weight):
        group = list(same)
        weeks = [catalogue.intervention(one.id).weeks for one in group]
        for one, duration in zip(group, weeks, strict=True):
            earliest, latest = (start + max(length, 1) - 1 for length in (duration.min_weeks, duration.max_weeks))
            made.append(Step(len(made) + 1, one.id, one.name, one.weight_name, one.lead, start, earliest, latest))
        start += min(duration.max_weeks for duration in weeks)
    return tuple(made)


def roles(plans: Sequence[PlannedIntervention], catalogue: Catalogue) -> Iterator[Role]:
    """Every partner with a part in the plan, in the catalogue's order; people's names are for people to fill in."""
    said = words()["tables"]
    for partner in catalogue.partners:
        leads = tuple(one.id for one in plans if one.lead == partner.name)
        joins = tuple(one.id for one in plans if partner.name in one.partners)
        if leads or joins:
            kind = said["partner_kinds"][partner.kind]
            yield Role(partner.name, kind, leads, joins, blank(said["contact"]), blank(said["mandate"]))


def main_measures(reading: ParkReading, found: Answers) -> Iterator[Measure]:
    """What the matrix itself measures, with the values of this round as the baseline."""
    said = words()["tables"]["of_the_matrix"]
    for name, baseline, target in (
        ("high", number(len(found.rows)), blank("streefwaarde")),
        ("holes", number(len(found.holes)), Entry("0")),
        ("coverage", share(reading.coverage), blank("streefwaarde")),
        ("two_sided", share(reading.two_sided), blank("streefwaarde")),
    ):
        yield Measure(said[name], "", said["owner"], Entry(baseline), target, said["due"])


def share(value: float | None) -> str:
    """A percentage 0-100 as it is printed."""
    return percent(None if value is None else value / 100)


def subgoals(plans: Sequence[PlannedIntervention], schedule: Sequence[Step], catalogue: Catalogue) -> Iterator[Subgoal]:
    """Per framework the goals and yardsticks of its interventions; a framework without any says so itself."""
    said = words()["tables"]
    due = {step.intervention: said["due"].format(step.latest) for step in schedule}
    for framework in catalogue.frameworks:
        own = [one for one in plans if one.framework == framework.name]
        goals = tuple(dict.fromkeys(one.goal for one in own)) or (said["no_goal"],)
        measures = (
            Measure(text, one.id, one.lead, blank("nulwaarde"), blank("streefwaarde"), due[one.id])
            for one in own
            for text in one.measures
        )
        yield Subgoal(framework.name, goals, tuple(measures))


def actions(schedule: Sequence[Step], selected_on: str) -> Iterator[Action]:
    """The list of actions to begin with: one line per intervention, in the order of the planning."""
    decision, action, due = (words()["tables"][name] for name in ("decision", "action", "due"))
    yield Action(decision["what"].format(selected_on), decision["who"], Entry("–"), Entry("–"), decision["state"])
    for step in schedule:
        what = action["what"].format(step.intervention, step.name)
        yield Action(what, step.lead, blank("naam"), Entry(due.format(step.start)), action["state"])
