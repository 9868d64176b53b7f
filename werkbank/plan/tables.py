"""The tables of a project plan: interventions, steps, roles, yardsticks and answers, in words."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from werkbank.plan.answers import ENFORCEMENT, Answers, Hole
from werkbank.plan.interventions import Fired, ParkReading, Proposal
from werkbank.plan.plan import (
    Action,
    AnswerLine,
    Entry,
    HoleLine,
    KindLine,
    Measure,
    PlannedIntervention,
    Role,
    Step,
    Subgoal,
    blank,
)
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count, listing, number, percent

__all__ = [
    "actions",
    "answer_lines",
    "hole_lines",
    "kind_lines",
    "main_measures",
    "planned",
    "roles",
    "steps",
    "subgoals",
]

_PARTNER_KIND = {"public": "publiek", "public_private": "publiek-privaat", "private": "privaat"}
_THRESHOLD = {">=": "{} of hoger", "<=": "{} of lager", "==": "precies {}", "<": "lager dan {}"}
_NO_GOAL = "Voor dit handelingskader is geen interventie voorgesteld."
_NO_ANSWER = "geen hoge indicator; voorgesteld omdat de drempel bij “Waarom hier” is gehaald"
_SUMS = {
    "threat_sum": "De niveaus van de verschijningsvormen samen",
    "severe_threat": "Het hoogste niveau onder de ernstigste verschijningsvormen",
    "coverage": "De informatiedekking in procenten",
}


def planned(proposal: Proposal, catalogue: Catalogue) -> PlannedIntervention:
    """The catalogue's intervention in words, with the reasons why it is proposed here."""
    one = catalogue.intervention(proposal.intervention)
    names = {term.id: term.name for term in (*catalogue.kinds, *catalogue.frameworks, *catalogue.weights)}
    return PlannedIntervention(
        **{key: getattr(one, key) for key in ("id", "name", "description", "goal", "conditions", "measures", "weight")},
        kind=names[one.kind],
        framework=names[one.framework],
        lead=catalogue.partner(one.lead).name,
        partners=tuple(catalogue.partner(code).name for code in one.partners if code != one.lead),
        legal_basis=one.legal_basis,
        reasons=tuple(_reason(fired, catalogue) for fired in proposal.fired),
        direct=_named(proposal.direct, catalogue),
        supporting=_named(proposal.supporting, catalogue),
        answers=_answers(proposal, catalogue),
        weight_name=names[str(one.weight)],
        weeks=f"{one.weeks.min_weeks} tot {one.weeks.max_weeks} weken",
        shareable=one.shareable,
        needs_confirmation=proposal.needs_confirmation,
    )


def _answers(proposal: Proposal, catalogue: Catalogue) -> str:
    if proposal.direct:
        return "; ".join(_named(proposal.direct, catalogue))
    return "geen; wel ondersteuning" if proposal.supporting else _NO_ANSWER


def _named(codes: tuple[str, ...], catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(f"{code} {catalogue.indicator(code).name}" for code in codes)


def _reason(fired: Fired, catalogue: Catalogue) -> str:
    """Why a trigger holds, with its threshold: "G05 Anonieme verhuur: niveau 2 van 3 (drempel: 2 of hoger)"."""
    if fired.source in _SUMS:
        cells = f"; telt mee: {listing(fired.cells)}" if fired.cells else ""
        what, found, scale = _SUMS[fired.source], "", ""
    else:
        what, cells = _named((fired.source,), catalogue)[0], ""
        found = "vermoeden op niveau " if catalogue.indicator(fired.source).family == "threat" else "niveau "
        scale = f" van {catalogue.scale_of(fired.source).highest}"
    if fired.found is None:
        return f"{what}: bij geen enkele partij bekend"
    least = "minstens " if fired.at_least else ""
    threshold = _THRESHOLD[fired.operator].format(fired.value)
    return f"{what}: {found}{least}{_level(fired.found)}{scale} (drempel: {threshold}){cells}"


def _level(level: float) -> str:
    return number(level, 0 if float(level).is_integer() else 1)


def steps(plans: tuple[PlannedIntervention, ...], catalogue: Catalogue) -> tuple[Step, ...]:
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


def roles(plans: tuple[PlannedIntervention, ...], catalogue: Catalogue) -> tuple[Role, ...]:
    """Every partner with a part in the plan, in the catalogue's order; people's names are for people to fill in."""
    return tuple(
        Role(partner.name, _PARTNER_KIND[partner.kind], leads, joins, blank("contactpersoon"), blank("mandaat"))
        for partner in catalogue.partners
        for leads in (tuple(one.id for one in plans if one.lead == partner.name),)
        for joins in (tuple(one.id for one in plans if partner.name in one.partners),)
        if leads or joins
    )


def main_measures(reading: ParkReading, found: Answers) -> tuple[Measure, ...]:
    """What the matrix itself measures, with the values of this round as the baseline."""
    return (
        _of_matrix("Indicatoren op een hoog niveau", number(len(found.rows)), blank("streefwaarde")),
        _of_matrix("Hoge indicatoren zonder direct antwoord", number(len(found.holes)), Entry("0")),
        _of_matrix("Bekend bij minstens één partij", _percent(reading.coverage), blank("streefwaarde")),
        _of_matrix("Bekend bij alle partijen", _percent(reading.two_sided), blank("streefwaarde")),
    )


def _of_matrix(text: str, baseline: str, target: Entry) -> Measure:
    return Measure(text, "", "RIEC", Entry(baseline), target, "volgende ronde")


def _percent(value: float | None) -> str:
    return percent(None if value is None else value / 100)


def subgoals(
    plans: tuple[PlannedIntervention, ...], schedule: tuple[Step, ...], catalogue: Catalogue
) -> tuple[Subgoal, ...]:
    """Per framework the goals and yardsticks of its interventions; a framework without any says so itself."""
    due = {step.intervention: f"week {step.latest}" for step in schedule}
    return tuple(
        Subgoal(
            framework=framework.name,
            goals=tuple(dict.fromkeys(one.goal for one in own)) or (_NO_GOAL,),
            measures=tuple(measure for one in own for measure in _measures(one, due[one.id])),
        )
        for framework in catalogue.frameworks
        for own in ([one for one in plans if one.framework == framework.name],)
    )


def _measures(one: PlannedIntervention, due: str) -> Iterator[Measure]:
    for text in one.measures:
        yield Measure(text, one.id, one.lead, blank("nulwaarde"), blank("streefwaarde"), due)


def answer_lines(found: Answers, catalogue: Catalogue) -> tuple[AnswerLine, ...]:
    """The coverage matrix in words, one line per high indicator."""
    holes = {hole.indicator for hole in found.holes}
    return tuple(
        AnswerLine(
            indicator=row.indicator,
            name=catalogue.indicator(row.indicator).name,
            family=catalogue.family(catalogue.indicator(row.indicator).family).name,
            level=f"{_level(row.level)} van {catalogue.scale_of(row.indicator).highest}",
            direct=row.direct,
            supporting=row.supporting,
            hole=row.indicator in holes,
        )
        for row in found.rows
    )


def hole_lines(found: Answers, catalogue: Catalogue) -> tuple[HoleLine, ...]:
    """Every hole by name, with what could fill it."""
    return tuple(
        HoleLine(
            indicator=hole.indicator,
            name=catalogue.indicator(hole.indicator).name,
            lacks="geen direct antwoord uit de handhaving" if hole.lacks == ENFORCEMENT else "geen direct antwoord",
            remedy=_remedy(hole, catalogue),
        )
        for hole in found.holes
    )


def _remedy(hole: Hole, catalogue: Catalogue) -> str:
    told = []
    if hole.after_confirmation:
        told.append(f"na bevestiging van de bron: {listing(_titles(hole.after_confirmation, catalogue), 'of')}")
    if hole.elsewhere:
        told.append(f"drempel niet gehaald, wel te overwegen: {listing(_titles(hole.elsewhere, catalogue), 'of')}")
    return "; ".join(told) or "de catalogus heeft hiervoor niets; bedenk samen een maatregel"


def _titles(codes: tuple[str, ...], catalogue: Catalogue) -> list[str]:
    return [f"{code} {catalogue.intervention(code).name}" for code in codes]


def kind_lines(found: Answers, catalogue: Catalogue) -> tuple[KindLine, ...]:
    """The required kinds by name, and what is planned of each."""
    names = {term.id: term.name for term in catalogue.kinds}
    return tuple(KindLine(names[one.kind], one.present, one.interventions) for one in found.kinds)


def actions(schedule: tuple[Step, ...], selected_on: str) -> tuple[Action, ...]:
    """The list of actions to begin with: one line per intervention, in the order of the planning."""
    first = Action(f"Besluit vastgelegd op {selected_on}", "opdrachtgever", Entry("–"), Entry("–"), "gedaan")
    return (
        first,
        *(
            Action(
                what=f"{step.intervention} {step.name} voorbereiden",
                who=step.lead,
                person=blank("naam"),
                ready=Entry(f"week {step.start}"),
                state="nog niet begonnen",
            )
            for step in schedule
        ),
    )


def weeks_in_words(schedule: tuple[Step, ...]) -> str:
    """How long the whole plan takes: "26 tot 156 weken", or that there is nothing to plan."""
    if not schedule:
        return count(0, "week", "weken")
    return f"{max(step.earliest for step in schedule)} tot {max(step.latest for step in schedule)} weken"
