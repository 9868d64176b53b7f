"""From what was found to a project plan: its tables in the words of `plan.yaml`, and all of it put together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from string import Formatter
from typing import Any

from werkbank.advice.reasons import STRENGTHS, Assessed, ParkReading, level_text, read_park
from werkbank.errors import OutputError
from werkbank.plan import words
from werkbank.plan.fields import AT_THE_END, OF_INTERVENTION, PlanField, field_name, plan_fields
from werkbank.plan.interventions import (
    Answers,
    Fired,
    Proposal,
    answers,
    choose,
    chosen_by_people,
    high_indicators,
    propose,
    suffices,
)
from werkbank.plan.kept import KeptPlan, proposed_plan
from werkbank.plan.plan import (
    BLANK,
    Chapter,
    Field,
    Message,
    PlannedIntervention,
    ProjectPlan,
    Risk,
    Role,
    Step,
    missing_input,
)
from werkbank.register.selections import Selection
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import capital, count, date, listing, number, percent


def planned(proposal: Proposal, catalogue: Catalogue) -> PlannedIntervention:
    """The catalogue's intervention in words, with the reasons why it is proposed here."""
    one = catalogue.intervention(proposal.intervention)
    names = {term.id: term.name for term in (*catalogue.kinds, *catalogue.frameworks, *catalogue.weights)}
    return PlannedIntervention(
        **{key: getattr(one, key) for key in ("id", "name", "description", "goal", "conditions", "weight")},
        kind=names[one.kind],
        framework=names[one.framework],
        lead=catalogue.partner(one.lead).name,
        partners=tuple(catalogue.partner(code).name for code in one.partners if code != one.lead),
        legal_basis=one.legal_basis,
        reasons=tuple(_reason(fired, catalogue) for fired in proposal.fired),
        weight_name=names[str(one.weight)],
        weeks=words()["weeks"].format(one.weeks.min_weeks, one.weeks.max_weeks),
        shareable=one.shareable,
    )


def _lost(one: Proposal, chosen: Sequence[Proposal], catalogue: Catalogue) -> str:
    """What the set lacks without it: the direct answers and the kind that none of the others gives."""
    said, kind = words()["tables"], catalogue.intervention(one.intervention).kind
    others = [other for other in chosen if other is not one]
    alone = [
        code
        for code in one.direct
        if suffices(one, code, catalogue) and not any(suffices(other, code, catalogue) for other in others)
    ]
    kinds = {catalogue.intervention(other.intervention).kind for other in others}
    only = [said["only_kind"].format(term.name.lower()) for term in catalogue.kinds if {term.id} == {kind} - kinds]
    return "; ".join((*_named(alone, catalogue), *only)) or str(said["nothing_lost"])


def _named(codes: Sequence[str], catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(f"{code} {catalogue.indicator(code).name}" for code in codes)


def _reason(fired: Fired, catalogue: Catalogue) -> str:
    """Why a trigger holds, and what it asks here: "G05 Anonieme verhuur: niveau 2 van 3 (drempel: 2 of hoger)"."""
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
            agreed = {field.key.rpartition("/")[2]: field.text for field in one.agreed}
            owner, state = agreed.get("owner", ""), agreed.get("state", "")
            owner = "" if owner.startswith(BLANK) else owner
            made.append(Step(one.id, one.name, start, earliest, latest, owner, state))
        start += min(duration.max_weeks for duration in weeks)
    return tuple(made)


def roles(plans: Sequence[PlannedIntervention], catalogue: Catalogue) -> Iterator[Role]:
    """Every partner with a part in the plan, in the catalogue's order."""
    said = words()["tables"]
    for partner in catalogue.partners:
        leads = tuple(one.id for one in plans if one.lead == partner.name)
        joins = tuple(one.id for one in plans if partner.name in one.partners)
        if leads or joins:
            yield Role(partner.name, said["partner_kinds"][partner.kind], leads, joins)


def percentage(value: float | None) -> str:
    """A percentage 0-100 as it is printed."""
    return percent(None if value is None else value / 100)


def subgoals(plans: Sequence[PlannedIntervention], catalogue: Catalogue) -> dict[str, tuple[str, ...]]:
    """Per framework the goals of its interventions; a framework without any says so itself."""
    goals = {
        each.name: dict.fromkeys(one.goal for one in plans if one.framework == each.name)
        for each in catalogue.frameworks
    }
    return {name: tuple(own) or (words()["tables"]["no_goal"],) for name, own in goals.items()}


Facts = Mapping[str, Any]


def make_plan(
    assessed: Assessed, park_id: str, selected: Selection, catalogue: Catalogue, kept: KeptPlan | None = None
) -> ProjectPlan:
    """The plan for one park of an assessment, after people selected it; equal inputs give equal plans.

    What follows from the matrix is made anew; what people chose and wrote is as in `kept`, without it a proposal.
    Raises OutputError when its audience may not see a plan or one of the parties.
    """
    audience = catalogue.audience(assessed.parameters.audience)
    if "plan" not in audience.fields or not set(assessed.parameters.parties) <= set(audience.parties):
        raise OutputError(f"De doelgroep “{audience.name}” mag dit projectplan niet zien; er is niets gemaakt.")
    reading = read_park(assessed, park_id)
    proposals = propose(reading, catalogue)
    high = high_indicators(reading, catalogue)
    if kept is None:
        chosen = choose(proposals, high, catalogue)
    else:
        chosen = chosen_by_people([one.id for one in kept.planned], reading, catalogue)
    codes = [one.intervention for one in chosen]
    waiting = [one for one in proposals if one.needs_confirmation and one.intervention not in codes]
    beside = [one for one in proposals if not one.needs_confirmation and one.intervention not in codes]
    found = answers(reading, (*chosen, *waiting), catalogue)
    form = plan_fields(kept or _begun(assessed, park_id, selected.day, codes, catalogue))
    plans = tuple(_as_chosen(one, chosen, catalogue, kept, form) for one in chosen)
    schedule = steps(plans, catalogue)
    longest = (max((getattr(step, end) for step in schedule), default=0) for end in ("earliest", "latest"))
    facts = {
        "analysis": assessed,
        "basis": assessed.legal_basis,
        "decision": selected,
        "park": reading,
        # What was missing at the decision and is missing now, and what changed since.
        "missing_then": "; ".join(selected.gaps or ()),
        "whole_then": selected.gaps is not None,
        "missing_now": "; ".join(missing_input(assessed.findings)),
        "changed": selected.fingerprint not in (None, assessed.fingerprint),
        "one_party": assessed.legal_basis is None,
        **_picture(assessed, reading, found, catalogue),
        **_answered(found, len(waiting)),
        "fired": count(len(proposals) - len(waiting), *words()["counted"]["planned"]),
        "kept": kept is not None,
        "signals": "; ".join(_signals(assessed, park_id, catalogue)),
        "weeks": words()["weeks"].format(*longest) if schedule else "",
    }
    return ProjectPlan(
        park_id=park_id,
        park=reading.name,
        municipality=assessed.municipality_name,
        round=assessed.parameters.round,
        status=words()["kept"]["states"]["concept" if kept is None else kept.state],
        approval="",
        register=None,
        changes=tuple(_changes(kept, reading, found, catalogue)),
        selected=selected,
        subgoals=subgoals(plans, catalogue),
        roles=tuple(roles(plans, catalogue)),
        answers=found,
        interventions=plans,
        beside=tuple(planned(one, catalogue) for one in beside),
        after_confirmation=tuple(planned(one, catalogue) for one in waiting),
        steps=schedule,
        messages=tuple(Message(**one) for one in words()["messages"]),
        risks=tuple(
            Risk(one["name"], one["how"], one["response"])
            for one in words()["risks"]
            if "when" not in one or facts[one["when"]]
        ),
        values=tuple((key, one.text) for key, one in form.items()),
        chapters={name: _chapter(name, chapter, facts, form, kept) for name, chapter in words()["chapters"].items()},
    )


def proposal_of(plan: ProjectPlan, assessed: Assessed, catalogue: Catalogue, day: dt.date) -> KeptPlan:
    """What people get to begin with, once: the interventions of a plan that nobody keeps yet."""
    return _begun(assessed, plan.park_id, day, [one.id for one in plan.interventions], catalogue)


def _begun(assessed: Assessed, park_id: str, day: dt.date, codes: Iterable[str], catalogue: Catalogue) -> KeptPlan:
    measures = {code: catalogue.intervention(code).measures for code in codes}
    return proposed_plan(park_id, assessed.parameters.round, day, high_levels(assessed, park_id, catalogue), measures)


def high_levels(assessed: Assessed, park_id: str, catalogue: Catalogue) -> dict[str, float]:
    """The high indicators of a park with their levels."""
    reading = read_park(assessed, park_id)
    return {code: reading.cell(code).level or 0.0 for code in high_indicators(reading, catalogue)}


def _as_chosen(
    one: Proposal,
    chosen: Sequence[Proposal],
    catalogue: Catalogue,
    kept: KeptPlan | None,
    form: Mapping[str, PlanField],
) -> PlannedIntervention:
    """An intervention with what the plan would lack without it, and what people agreed about it."""
    made = replace(planned(one, catalogue), lost=_lost(one, chosen, catalogue))
    own = next((each for each in kept.interventions if each.id == one.intervention), None) if kept else None
    if own and own.partners:
        made = replace(made, partners=own.partners)
    said, agreed = words()["kept"], []
    begun = own is not None and own.state in ("running", "done")
    for name in OF_INTERVENTION:
        field = form.get(f"interventions/{made.id}/{name}")
        # Why it is here is said already, unless people chose it for a reason of their own; the end is asked once begun.
        said_already = (name == "why" and made.reasons) or (name in AT_THE_END and not begun)
        if field and (field.text or not said_already):
            text = "; ".join(made.partners) if name == "partners" else field.text
            blank = "" if text or name not in said["asked"] else f"{BLANK}{said['asked'][name]}"
            agreed.append(Field(said["names"][name], text or blank, field.key, blank=bool(blank)))
    return replace(made, agreed=tuple(agreed))


def _changes(kept: KeptPlan | None, reading: ParkReading, found: Answers, catalogue: Catalogue) -> Iterator[str]:
    """What is otherwise than when the plan was made; first what no chosen intervention answers."""
    if kept is None:
        return
    said, before = words()["kept"]["changed"], dict(kept.high)
    for row in sorted(found.rows, key=lambda row: not row.hole):
        level = reading.cell(row.indicator).level or 0.0
        if before.pop(row.indicator, None) != level:
            answer = said["hole"] if row.hole else said["answered"].format(listing(row.direct))
            answer += _not_reduced(row.indicator, level, kept, catalogue)
            yield said["now"].format(code=row.indicator, name=row.name, level=level_text(level), answer=answer)
    for code in before:
        if code in catalogue.indicator_ids:
            level_now = reading.cell(code).level
            key = "unknown" if level_now is None else "lower"
            more = "" if level_now is None else _not_reduced(code, level_now, kept, catalogue)
            name = catalogue.indicator(code).name
            yield said[key].format(code=code, name=name, level=level_text(level_now or 0.0), more=more)


def _not_reduced(code: str, level: float, kept: KeptPlan, catalogue: Catalogue) -> str:
    """That less risk is only another judgement, as long as no action that answers it was carried out."""
    more = level - kept.high.get(code, level)
    risk = -more if catalogue.family_of(code).protective else more
    done = [one.id for one in kept.planned if one.state == "done" and one.result != "not_carried_out"]
    answered = (one for one in map(catalogue.intervention, done) if code in (*one.direct, *one.supporting))
    return "" if risk >= 0 or any(answered) else str(words()["kept"]["changed"]["not_reduced"])


def _picture(assessed: Assessed, reading: ParkReading, found: Answers, catalogue: Catalogue) -> dict[str, Any]:
    """What the matrix says in words that name groups and no single judgement of a threat."""
    # Where no cell is asked of more than one party, nothing can be known by more.
    least = min(reading.coverage or 0, 100 if reading.two_sided is None else reading.two_sided) / 100
    unknown = [cell.indicator for cell in reading.cells if cell.applicable and cell.level is None]
    high = {row.indicator for row in found.rows}
    features = {
        f"high_{family.id}": "; ".join(_small(one.name) for one in catalogue.by_family(family.id) if one.id in high)
        for family in catalogue.families
    }
    return {
        "coverage": percentage(reading.coverage),
        "two_sided": percentage(reading.two_sided),
        "little_known": assessed.parameters.method.too_little(least),
        "unknown_cells": "; ".join(_unknown(unknown, catalogue)),
        **features,
        **_signs(assessed, reading.park_id, catalogue),
    }


def _signals(assessed: Assessed, park_id: str, catalogue: Catalogue) -> Iterator[str]:
    """The strong signals by indicator, each with its best source; who says it stays in the analysis."""
    best: dict[str, str] = {}
    for one in assessed.strong_signals:
        if one.park_id == park_id:
            sources = sorted(filter(None, (best.get(one.indicator, ""), one.source_strength)))
            best[one.indicator] = sources[0] if sources else ""
    yield from (
        words()["signal"].format(_named((code,), catalogue)[0], words()["sources"][best[code]]) for code in best
    )


def _signs(assessed: Assessed, park_id: str, catalogue: Catalogue) -> dict[str, str]:
    """Strength → the groups of phenomena of which it is the strongest indication: by name, or counted."""
    order = ("unknown", *STRENGTHS)
    strongest: dict[str, str] = {}
    for one in assessed.indications:
        if one.park_id == park_id:
            group = catalogue.phenomenon(one.phenomenon).group
            strongest[group] = max(strongest.get(group, "unknown"), one.strength, key=order.index)
    names = {one.id: one.name for one in catalogue.subcategories}
    groups = {strength: [group for group, found in strongest.items() if found == strength] for strength in order}
    named = {strength: listing(f"“{_small(names[group])}”" for group in groups[strength]) for strength in STRENGTHS}
    return named | {strength: _counted(strength, len(groups[strength])) for strength in ("none", "unknown")}


def _unknown(codes: Sequence[str], catalogue: Catalogue) -> Iterator[str]:
    """Threats are only counted: what nobody knows of them is as sensitive as what is suspected."""
    suspicions = {one.id for one in catalogue.threats}
    counted = _counted("threats", sum(code in suspicions for code in codes))
    if counted:
        yield counted
    yield from (f"{code} {catalogue.indicator(code).name}" for code in codes if code not in suspicions)


def _answered(found: Answers, waiting: int) -> dict[str, Any]:
    """What is proposed, what it answers and what it leaves open."""
    used = {code for row in found.rows for code in (*row.direct, *row.supporting)}
    unasked = sum(code not in used for code in found.interventions)
    one, more = words()["unasked"]
    return {
        "high": capital(count(len(found.rows), *words()["counted"]["high"])),
        "high_number": number(len(found.rows)),
        "holes_number": number(len(found.holes)),
        "nothing_high": not found.rows,
        "planned": count(len(found.interventions), *words()["counted"]["planned"]),
        "planned_number": len(found.interventions),
        "unasked": (one if unasked == 1 else more).format(unasked) if unasked else "",
        "holes": _counted("holes", len(found.holes)),
        "absent": listing(name.lower() for name, own in found.kinds.items() if not own),
        "waiting": capital(_counted("waiting", waiting)),
    }


def _counted(what: str, n: int) -> str:
    """A number with its noun; nothing when there are none."""
    return count(n, *words()["counted"][what]) if n else ""


def _small(text: str) -> str:
    return text[:1].lower() + text[1:]


def _chapter(
    code: str, chapter: Mapping[str, Any], facts: Facts, form: Mapping[str, PlanField], kept: KeptPlan | None
) -> Chapter:
    """A chapter of `plan.yaml` with its facts filled in, and what people wrote in it.

    What asks for a fact that is not there is left out.
    """
    text = (_filled(line, facts) for line in chapter.get("text", ()))
    said = words()["kept"]
    notes = (said["note"].format(field_name(one.field), one.text) for one in kept.notes) if kept else ()
    return Chapter(
        chapter["title"],
        tuple(filter(None, text)),
        tuple(_fields(code, chapter.get("fields", {}), facts, form)),
        (*chapter.get("points", ()), *(notes if code == said["note_in"] else ())),
    )


def _fields(code: str, lines: Mapping[str, Any], facts: Facts, form: Mapping[str, PlanField]) -> Iterator[Field]:
    """The fields of a chapter in the order of `plan.yaml`, then people's own: what they filled in, or what is asked."""
    beside = {(own["chapter"], own["name"]): key for key, own in words()["kept"]["form"].items()}
    for name, line in lines.items():
        own = form.get(beside.get((code, name), f"fields/{code}/{name}"))
        key, typed = (own.key, own.text) if own else ("", "")
        if text := typed or _filled(line, facts):
            yield Field(name, text, key, blank=not typed and text.startswith(BLANK))
    for (chapter, name), key in beside.items():
        if chapter == code and name not in lines:
            yield Field(name, form[key].text, key)
    yield Field(words()["kept"]["own_text"], form[f"texts/{code}"].text, f"texts/{code}")


def _filled(line: Any, facts: Facts) -> str | None:
    """A line filled in; None when its condition does not hold or a fact is missing. Of a list the first that stands."""
    if isinstance(line, list):
        return next((found for one in line if (found := _filled(one, facts))), None)
    if isinstance(line, dict):
        return _filled(line["text"], facts) if facts[line["when"]] else None
    asked = {name for _, name, _, _ in _FORMATTER.parse(line) if name}
    # A catalogue of one's own may lack a family that the prose speaks of.
    if any(
        facts.get(name.partition(".")[0]) is None or _FORMATTER.get_field(name, (), facts)[0] in (None, "")
        for name in asked
    ):
        return None
    return _FORMATTER.vformat(line, (), facts)


class _Formatter(Formatter):
    """Dates and sizes as a reader writes them."""

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, dt.date):
            return date(value)
        return number(value, 1) if isinstance(value, float) else str(super().format_field(value, format_spec))


_FORMATTER = _Formatter()
