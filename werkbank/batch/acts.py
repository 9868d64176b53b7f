"""What people decide, each act with what there is to say of it; the commands and the forms of besluiten.ipynb do these.

Every act raises what recording it raises, and lets the pages name what was decided. A line that begins with spaces
holds details, and may hold a reason.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from werkbank.assessment.choosing import place_names
from werkbank.assessment.decisions import (
    agree_on_cell,
    answer_intake,
    answered,
    approve_plan,
    select_park,
    withdraw_agreement,
    withdraw_park,
)
from werkbank.batch.follow_up import make_proposal, show_decisions
from werkbank.errors import OutputError
from werkbank.register.decision import intake_summary
from werkbank.report.decided import agreed, recorded, withdrawn
from werkbank.settings.parameters import load_parameters
from werkbank.settings.workspace import asked_round, find_workspace
from werkbank.wording import listing, number

Told = Iterator[str]


def select(park: str, **told: Any) -> Told:
    """A park was chosen."""
    selection = select_park(park, **told)
    yield from recorded(selection, place_names())
    yield from show_decisions(load_parameters(selection.municipality, round=selection.round))
    of_round = f" --round {selection.round}" if asked_round() else ""
    yield f"Maak nu het projectplan: werkbank plan {selection.park_id}{of_round}"


def withdraw(park: str, **told: Any) -> Told:
    """A choice was taken back."""
    selection = withdraw_park(park, **told)
    yield withdrawn(selection, place_names())
    yield from show_decisions(load_parameters(selection.municipality, round=selection.round), selection)


def agree(park: str, indicator: str, **told: Any) -> Told:
    """The parties agreed on the level of a cell; without a level the agreement was taken back."""
    made = agree_on_cell(park, indicator, **told) if "level" in told else withdraw_agreement(park, indicator, **told)
    yield from agreed(made, place_names())
    yield f"Maak nu de analyse opnieuw: werkbank analyse -m {made.municipality}"


def intake(municipality: str, *, by: str, **texts: str) -> Told:
    """A municipality answered, before its round, what is not left empty."""
    given = {code: text for code, text in texts.items() if text.strip()}
    if not given:
        raise OutputError("Er is nog niets beantwoord: beantwoord minstens één vraag.")
    parameters = load_parameters(municipality)
    answer_intake(parameters, given, by=by)
    yield f"Vastgelegd voor {parameters.name}, ronde {parameters.round}: {intake_summary(answered(parameters))}."
    yield from show_decisions(parameters)


def propose(capacity: int | None, by: str | None, reason: str | None) -> Told:
    """A set over the district was made, and with `by` and a reason was taken over."""
    if bool(by) != bool(reason):
        raise OutputError("Geef --by en --reason samen, of geen van beide.")
    proposal, files, recorded_as = make_proposal(capacity or None, by=by or None, reason=reason)
    yield f"Voorstel: {listing(proposal.park_ids)}."
    if proposal.regret is not None:
        yield f"Score samen {number(proposal.total, 1)}, verwachte spijt {number(proposal.regret, 1)} punten."
    yield from (file.relative_to(find_workspace()).as_posix() for file in files)
    if recorded_as:
        yield f"Vastgelegd als besluit {recorded_as}, door {by}. Leg elk terrein nog vast met: werkbank select"


def approve(park: str, *, by: str, reason: str) -> Told:
    """A plan was adopted as it is."""
    approval = approve_plan(park, by=by, reason=reason)
    yield (
        f"Vastgelegd als besluit {approval.event_id}: het projectplan van {approval.park_id} is vastgesteld door "
        f"{approval}. Kenmerk van deze stand: {approval.state}."
    )
    yield from show_decisions(load_parameters(approval.municipality, round=approval.round))
    yield f"Maak het plan opnieuw, dan staat het er ook in: werkbank plan {approval.park_id}"
