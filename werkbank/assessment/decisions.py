"""What people decide about an assessment: the selection of a park, and the plan that follows from it.

The werkbank never selects. It records who did, why, and what the advice said at that moment.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from werkbank.advice.proposal import DistrictProposal
from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.choosing import (
    any_parameters,
    chosen_municipalities,
    chosen_round,
    find_park,
    registered_parks,
)
from werkbank.assessment.flow import assess
from werkbank.assessment.inputs import read_inputs
from werkbank.errors import Finding, OutputError, RegisterError, WerkbankError
from werkbank.files.canonical import to_plain
from werkbank.matrix import RiskMatrix
from werkbank.matrix.cells import CellReader, Judgement
from werkbank.matrix.checks import places_of
from werkbank.matrix.layout import level_text
from werkbank.plan import words as plan_words
from werkbank.plan.approvals import Approval, approval_told, approvals, mark_of, record_approval
from werkbank.plan.drafting import high_levels
from werkbank.plan.kept import KeptPlan, kept_plan
from werkbank.plan.plan import missing_input
from werkbank.plan.progress import kept_plans
from werkbank.register.agreements import (
    Agreement,
    agreements,
    record_agreement,
    take_back_agreement,
)
from werkbank.register.decision import Answer, Deciding, Intake, intakes, last_answers, record_intake
from werkbank.register.events import NOTHING, PROSE, Head, StoredEvent, ran_back
from werkbank.register.notes import KeptNote, kept_notes
from werkbank.register.selections import (
    AdviceThen,
    Analysis,
    Selection,
    Standing,
    paired,
    record_selection,
    record_withdrawal,
)
from werkbank.register.store import (
    Register,
    current_head,
    examined,
    open_register,
    recorded_events,
    register_address,
)
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.entries import Scale
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.wording import date, did_you_mean, listing

PROPOSAL: Final = "proposal"


@dataclass(frozen=True, slots=True)
class Held:
    """What the register holds of what people decided and wrote, and where it is no longer as it was written."""

    selections: tuple[Selection, ...] = ()
    agreements: tuple[Agreement, ...] = ()
    intakes: tuple[Intake, ...] = ()
    proposals: tuple[StoredEvent, ...] = ()
    notes: tuple[KeptNote, ...] = ()
    faults: tuple[Finding, ...] = ()
    approved: Mapping[int, str] = field(default_factory=dict)
    """By the number of a selection: who adopted its plan, or that this lapsed."""


def select_park(  # noqa: PLR0913 - all of it belongs to one decision
    word: str,
    *,
    reason: str,
    by: str,
    against_reason: str | None = None,
    incomplete_reason: str | None = None,
    capacity_reason: str | None = None,
    now: dt.datetime | None = None,
    assessment: Assessment | None = None,
    salt: str = "",
) -> Selection:
    """The recorded selection of a park, with the advice of this moment beside it, or that of an assessment given.

    Raises RegisterError with every objection at once, and what `assess` raises when there is no advice to keep.
    """
    municipality, park_id = find_park(word)
    given = {"round": assessment.parameters.round} if assessment else {}
    parameters = load_parameters(municipality, **given)
    assessment = assessment or assess(parameters)
    with _deciding(parameters, by, now, park_id) as (register, deciding):
        record_selection(
            register,
            deciding,
            reason=reason,
            advice=_advice_now(assessment, parameters),
            fingerprint=assessment.fingerprint,
            against_reason=against_reason,
            incomplete_reason=incomplete_reason,
            capacity_reason=capacity_reason,
            capacity=parameters.capacity,
            salt=salt,
        )
        return _last(register, parameters, park_id)


def withdraw_park(word: str, *, reason: str, by: str, now: dt.datetime | None = None) -> Selection:
    """The selection of a park with its withdrawal, which is recorded beside it; nothing is removed.

    Raises RegisterError with every objection at once; no analysis is needed.
    """
    municipality, park_id = find_park(word)
    parameters = load_parameters(municipality)
    with _deciding(parameters, by, now, park_id) as (register, deciding):
        record_withdrawal(register, deciding, reason)
        return _last(register, parameters, park_id)


def approve_plan(word: str, *, by: str, reason: str = "", now: dt.datetime | None = None) -> Approval:
    """The recorded approval of the plan of a selected park, of the state in which it is now.

    Raises OutputError when there is no plan or it is not valid, RegisterError with every objection at once, and what
    `assess` raises.
    """
    municipality, park_id = find_park(word)
    parameters = load_parameters(municipality)
    assessment = assess(parameters)
    kept = kept_plan(parameters.data, park_id, assessment.catalogue)
    if kept is None:
        raise OutputError(
            f"Van {park_id} is er nog geen projectplan om vast te stellen. Maak het eerst: werkbank plan {park_id}"
        )
    with _deciding(parameters.model_copy(update={"round": kept.round}), by, now, park_id) as (register, deciding):
        return record_approval(register, deciding, kept, high_levels(assessment, park_id, assessment.catalogue), reason)


@contextmanager
def _deciding(
    parameters: Parameters, by: str, now: dt.datetime | None = None, park_id: str | None = None
) -> Iterator[tuple[Register, Deciding]]:
    """The register, and who decides, now unless at another moment."""
    moment, places = now or dt.datetime.now(dt.UTC), places_of(registered_parks())
    with open_register(register_address(parameters.data)) as register:
        yield register, Deciding(parameters.municipality, parameters.round, by, moment, park_id, places)


def approval_of(assessment: Assessment, kept: KeptPlan) -> str:
    """In one sentence who adopted the plan as it is now, or what changed since; empty when nobody has to have."""
    events, _ = examined(decisions_address())
    own = [one for one in approvals(events) if (one.park_id, one.round) == (kept.park_id, kept.round)]
    return approval_told(own, kept, high_levels(assessment, kept.park_id, assessment.catalogue), assessment.catalogue)


def head_of_register() -> Head:
    """The end of the register as it is now. Raises RegisterError when it cannot be read."""
    return current_head(any_parameters().data)


def clock_remarks() -> tuple[Finding, ...]:
    """Whether the clock ran back before what was recorded last."""
    last = examined(decisions_address())[0][-2:]
    return tuple(ran_back(*last)) if len(last) > 1 else ()


def agree_on_cell(
    word: str,
    indicator: str,
    level: str,
    *,
    reason: str,
    by: str,
    outside_reason: str | None = None,
    now: dt.datetime | None = None,
) -> Agreement:
    """The recorded agreement on the level of one cell, with what each party says of it beside it.

    Raises RegisterError with every objection at once, and what reading the returns raises: both parties' judgements are
    brought together.
    """
    parameters, catalogue, park_id, code = _cell(word, indicator)
    matrix = read_inputs(parameters, dt.date.today()).matrix
    said = _said(matrix, park_id, code, catalogue.asked_of(code, parameters.parties))
    meant = CellReader(catalogue).reader(code)(level)
    number = meant.level if isinstance(meant, Judgement) else None
    if number is None or (faults := tuple(_no_cell(park_id, code, said.values()))):
        faults = (_no_level(level, code, catalogue.scale_of(code)),) if number is None else faults
        raise RegisterError("Deze afspraak kan niet worden vastgelegd:", faults)
    outside = (outside_reason or "").strip() or None
    with _deciding(parameters, by.strip(), now, park_id) as (register, it):
        place = (it.municipality, it.round, park_id, it.by, it.now)
        made = Agreement(0, *place, code, number, said, catalogue.version, reason.strip(), outside)
        return record_agreement(register, made, it.places)


def withdraw_agreement(word: str, indicator: str, *, reason: str, by: str, now: dt.datetime | None = None) -> Agreement:
    """The agreement on a cell with its withdrawal beside it. Raises RegisterError with every objection at once."""
    parameters, _, park_id, code = _cell(word, indicator)
    with _deciding(parameters, by, now, park_id) as (register, deciding):
        return take_back_agreement(register, deciding, code, reason)


def _cell(word: str, indicator: str) -> tuple[Parameters, Catalogue, str, str]:
    """The park that is meant with its parameters, and the code of the indicator whatever its capitals."""
    municipality, park_id = find_park(word)
    parameters = load_parameters(municipality)
    catalogue = load_catalogue(parameters.catalogue_path)
    codes = {code.casefold(): code for code in catalogue.indicator_ids}
    meant = codes.get(indicator.strip().casefold(), indicator.strip()[:40])
    return parameters, catalogue, park_id, catalogue.indicator(meant).id


def _said(matrix: RiskMatrix, park_id: str, indicator: str, parties: Iterable[str]) -> dict[str, int | str]:
    """Party → its level of the cell, or the state of the cell where it gave none."""
    rows = matrix.judgements
    rows = rows[(rows["park_id"] == park_id) & (rows["indicator"] == indicator)].set_index("party")
    levels, states = rows["level"].dropna().astype(int).to_dict(), rows["state"].to_dict()
    return {party: levels.get(party, states.get(party, "open")) for party in parties}


def _no_level(word: str, indicator: str, scale: Scale) -> Finding:
    """That what was typed is no level of the indicator's scale."""
    near = did_you_mean(word, [each.name.rpartition(", ")[2] for each in scale.levels])
    told = listing(map(level_text, scale.levels), "of")
    return PROSE.finding("agreement-level", near, word=word[:40], indicator=indicator, levels=told)


def _no_cell(park_id: str, indicator: str, said: Collection[int | str]) -> Iterator[Finding]:
    """The cell is asked of somebody and applies."""
    if not said:
        yield PROSE.finding("agreement-not-asked", indicator=indicator)
    elif "not_applicable" in said and not any(isinstance(one, int) for one in said):
        yield PROSE.finding("agreement-not-applicable", park=park_id, indicator=indicator)


def record_proposal(proposal: DistrictProposal, parameters: Parameters, *, reason: str, by: str) -> int:
    """Record that a body took over a proposal over the district; its number. Raises RegisterError with every objection.

    It is no selection of any park: that is recorded for each.
    """
    kept = {name: getattr(proposal, name) for name in ("capacity", "park_ids", "total", "regret", "draws")}
    whole = parameters.model_copy(update={"municipality": parameters.district})
    with _deciding(whole, by) as (register, deciding):
        findings = deciding.reason_faults("selection-reason", "de reden", reason)
        contents, refusal = to_plain(kept | {"reason": reason}), "Dit voorstel kan niet worden vastgelegd:"
        return deciding.record(register, PROPOSAL, contents, refusal, findings).id


def answer_intake(parameters: Parameters, texts: Mapping[str, str], *, by: str, now: dt.datetime | None = None) -> None:
    """Record what a municipality answers before its round. Raises RegisterError with every objection at once."""
    with _deciding(parameters, by, now) as (register, deciding):
        record_intake(register, deciding, texts)


def answered(parameters: Parameters) -> dict[str, Answer]:
    """Question → what this municipality answered last before this round."""
    return last_answers(intakes(_events(parameters)))


def select_in_demo(municipality: str, earlier: Assessment | None = None) -> Selection | None:
    """One selection in the fictional district, by a fictional steering group, so that there is a plan to make.

    On the assessment of an `earlier` round that of the park of which the district comes with a plan. None when
    decisions are kept in a database elsewhere, where what is made up does not belong, without such a park among the
    advised ones, or without an advice on everything that was asked.
    """
    from werkbank.demo.write import BODY, MOMENT, MOMENT_BEFORE, REASON, SALT  # noqa: PLC0415  no other act needs them

    if isinstance(decisions_address(), str):
        return None
    made, moment = (earlier, MOMENT_BEFORE) if earlier else (assess(municipality), MOMENT)
    plans = kept_plans(any_parameters().data, made.catalogue) if earlier else ()
    planned = {plan.park_id for plan in plans if plan.round == made.parameters.round}
    parks = [park for park in made.advice.park_ids if not earlier or park in planned]
    if not parks or made.absent:
        return None
    return select_park(parks[0], reason=REASON, by=BODY, now=moment, assessment=earlier, salt=SALT)


def recorded_selections(parameters: Parameters) -> tuple[Selection, ...]:
    """What was selected in this municipality and round and not withdrawn; nothing when there is no register yet."""
    return tuple(one for one in _all_selections(parameters) if one.holds)


def chosen_parks(parameters: Parameters) -> dict[str, str]:
    """Park → by whom and when it was chosen in this round, and how far its plan is; as far as the audience may know.

    A choice that was withdrawn is in the register alone, and so is every reason: they are free text. That a plan is no
    longer as it was adopted may follow from what any party filled in: that is for who sees what all say together.
    """
    catalogue = load_catalogue(parameters.catalogue_path)
    fields = catalogue.audience(parameters.audience).fields
    chosen = recorded_selections(parameters) if "decisions" in fields else ()
    made = cache(lambda: assess(parameters))  # once for all plans that were adopted
    return {
        one.park_id: f"door {one.by} op {date(one.day)}; projectplan: "
        f"{_plan_now(one, parameters, catalogue, made, whole='combined' in fields)}"
        for one in chosen
    }


def _plan_now(
    selection: Selection, parameters: Parameters, catalogue: Catalogue, made: Callable[[], Assessment], *, whole: bool
) -> str:
    """How far the plan of a chosen park is: not made, its state, or by whom that was adopted; no text of people."""
    try:
        kept = kept_plan(parameters.data, selection.park_id, catalogue)
        if kept is None:
            return "nog niet gemaakt"
        events = _events(parameters.model_copy(update={"round": kept.round})) if whole else ()
        if own := [one for one in approvals(events) if one.park_id == kept.park_id]:
            mark = mark_of(kept, high_levels(made(), kept.park_id, catalogue))
            holding = [str(one) for one in own if one.state == mark]
            return f"vastgesteld door {listing(holding)}" if holding else f"vaststelling door {own[-1]} vervallen"
        return str(plan_words()["kept"]["states"][kept.state])
    except WerkbankError:
        return "niet te lezen"


def read_register(
    municipality: str | None = None, round: str | None = None, issued: Mapping[Head, str] = NOTHING
) -> Held:
    """Every decision and note, withdrawn ones included, of the municipality and round or of all, and the faults.

    `issued` are the ends of the register that manifests name. In a register with faults, what cannot be read is left
    out. Raises ParametersError for a municipality without parameters, and for a round of which there is nothing.
    """
    meant = None if municipality is None else chosen_municipalities([municipality])[0]
    events, faults = examined(decisions_address(), issued)
    own = [one for one in events if meant in (None, one.municipality) and round in (None, one.round)]
    if round and events and not own:
        chosen_round(round)  # one that is not there is no round without decisions
    try:
        found = paired(own)
        return Held(
            found,
            agreements(own),
            intakes(own),
            tuple(one for one in own if one.kind == PROPOSAL),
            kept_notes(own),
            faults,
            _approved(found, approvals(own)),
        )
    except (RegisterError, ValueError, TypeError, KeyError):
        if not faults:
            raise
        return Held(faults=faults)


def _approved(found: tuple[Selection, ...], own: tuple[Approval, ...]) -> dict[int, str]:
    """Of every selection that holds and whose plan was adopted, whether that holds too."""
    places = {(one.municipality, one.round, one.park_id): one.event_id for one in found if one.holds}
    last = {places.get((one.municipality, one.round, one.park_id)): one for one in own}
    return {number: _approval_now(one) for number, one in last.items() if number is not None}


def _approval_now(one: Approval) -> str:
    try:
        parameters = load_parameters(one.municipality)
        assessment = assess(parameters)
        kept = kept_plan(parameters.data, one.park_id, assessment.catalogue)
        return approval_of(assessment, kept) if kept else ""
    except WerkbankError:
        return f"Vastgesteld door {one}; of het plan nu nog zo is, is niet na te gaan."


def decisions_address() -> str | Path:
    """Where decisions are kept: a file in the data folder, or the address of a database."""
    return register_address(any_parameters().data)


def selected(assessment: Assessment, park: str, round: str = "") -> Selection | None:
    """What a plan needs of the selection of a park that holds; None without one. RegisterError when withdrawn.

    `round` is that in which it was selected, when that was another than this one.
    """
    parameters = load_parameters(assessment.parameters.municipality, round=round or assessment.parameters.round)
    own = [one for one in _all_selections(parameters) if one.park_id == park]
    if own and own[-1].withdrawal:
        raise RegisterError(
            f"De keuze van {park} is ingetrokken op {date(own[-1].withdrawal.day)}, dus er is geen "
            "projectplan gemaakt. Kijk met “werkbank register” wat er is besloten."
        )
    return own[-1] if own else None


def _all_selections(parameters: Parameters) -> tuple[Selection, ...]:
    return paired(_events(parameters))


def _events(parameters: Parameters) -> tuple[StoredEvent, ...]:
    """What is in the register of this municipality and round; nothing when there is no register yet."""
    return recorded_events(parameters.data, parameters.municipality, parameters.round)


def _last(register: Register, parameters: Parameters, park_id: str) -> Selection:
    found = paired(register.events(parameters.municipality, parameters.round))
    return [one for one in found if one.park_id == park_id][-1]


def _advice_now(assessment: Assessment, parameters: Parameters) -> AdviceThen:
    rows = assessment.parks.astype(object).where(assessment.parks.notna(), None).to_dict("records")
    ranks = [None if row["rank"] is None else int(row["rank"]) for row in rows]
    standings = tuple(
        Standing(row["park_id"], row["score"], row["low"], row["high"], rank, str(row["name"]))
        for row, rank in zip(rows, ranks, strict=True)
    )
    advice, sure = assessment.advice, assessment.advice.sureness
    return AdviceThen(
        advice.park_ids,
        advice.sentence,
        advice.grade,
        standings,
        share=sure.share if sure else None,
        draws=sure.draws if sure else None,
        gaps=missing_input(assessment.findings),
        analysis=_analysis(assessment, parameters),
    )


def _analysis(assessment: Assessment, parameters: Parameters) -> Analysis:
    """Whether the analysis that people could read in the output is the one of this moment."""
    if not (parameters.output_folder / FILE_NAME).is_file():
        return "none"
    try:
        read = Assessment.load(parameters.output_folder)
    except OutputError:
        return "changed"
    return "same" if read.fingerprint == assessment.fingerprint else "changed"
