"""What people decide about an assessment: the selection of a park, and the plan that follows from it.

The werkbank never selects. It records who did, why, and what the advice said at that moment.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from werkbank.assessment.assessment import FILE_NAME, Assessment
from werkbank.assessment.choosing import (
    any_parameters,
    chosen_municipalities,
    chosen_round,
    find_park,
    registered_parks,
)
from werkbank.assessment.flow import assess
from werkbank.demo.write import BODY, MOMENT, REASON
from werkbank.errors import Finding, OutputError, RegisterError
from werkbank.matrix.checks import places_of
from werkbank.plan.plan import missing_input
from werkbank.register.notes import KeptNote, kept_notes
from werkbank.register.selections import (
    AdviceThen,
    Analysis,
    Selection,
    Standing,
    paired,
    record_selection,
    record_withdrawal,
    selections,
)
from werkbank.register.store import Register, existing_register, open_register, register_address
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.wording import date


@dataclass(frozen=True, slots=True)
class Held:
    """What the register holds of selections and notes, and where it is no longer as it was written."""

    selections: tuple[Selection, ...]
    notes: tuple[KeptNote, ...]
    faults: tuple[Finding, ...]


def select_park(
    word: str,
    *,
    reason: str,
    by: str,
    against_reason: str | None = None,
    incomplete_reason: str | None = None,
    now: dt.datetime | None = None,
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
            advice=_advice_now(assessment, parameters),
            fingerprint=assessment.fingerprint,
            now=now or dt.datetime.now(dt.UTC),
            against_reason=against_reason,
            incomplete_reason=incomplete_reason,
            places=places_of(registered_parks()),
        )
        return _last(register, parameters, park_id)


def withdraw_park(word: str, *, reason: str, by: str, now: dt.datetime | None = None) -> Selection:
    """The selection of a park with its withdrawal, which is recorded beside it; nothing is removed.

    Raises RegisterError with every objection at once; no analysis is needed.
    """
    municipality, park_id = find_park(word)
    parameters = load_parameters(municipality)
    with open_register(register_address(parameters.data)) as register:
        record_withdrawal(
            register,
            municipality=municipality,
            round=parameters.round,
            park_id=park_id,
            reason=reason,
            by=by,
            now=now or dt.datetime.now(dt.UTC),
            places=places_of(registered_parks()),
        )
        return _last(register, parameters, park_id)


def select_in_demo(municipality: str) -> Selection | None:
    """One selection in the fictional district, by a fictional steering group, so that there is a plan to make.

    None when decisions are kept in a database elsewhere, where what is made up does not belong, or without an advice on
    everything that was asked.
    """
    assessment = assess(municipality)
    if isinstance(decisions_address(), str) or not assessment.advice.park_ids or assessment.absent:
        return None
    return select_park(assessment.advice.park_ids[0], reason=REASON, by=BODY, now=MOMENT)


def recorded_selections(parameters: Parameters) -> tuple[Selection, ...]:
    """What was selected in this municipality and round and not withdrawn; nothing when there is no register yet."""
    return tuple(one for one in _all_selections(parameters) if one.holds)


def read_register(municipality: str | None = None, round: str | None = None) -> Held:
    """Every selection and note, withdrawn ones included, of the municipality and round or of all, and the faults.

    Raises ParametersError for a municipality without parameters, and for a round of which there is nothing.
    """
    meant = None if municipality is None else chosen_municipalities([municipality])[0]
    register = existing_register(decisions_address())
    if register is None:
        return Held((), (), ())
    with register:
        events = register.events(meant, round)
        if round and not events:
            chosen_round(round)  # one that is not there is no round without decisions
        return Held(paired(events), kept_notes(events), register.verify())


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
    register = existing_register(register_address(parameters.data))
    if register is None:
        return ()
    with register:
        return selections(register, parameters.municipality, parameters.round)


def _last(register: Register, parameters: Parameters, park_id: str) -> Selection:
    found = selections(register, parameters.municipality, parameters.round)
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
