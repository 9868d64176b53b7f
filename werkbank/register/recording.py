"""Recording what people decide: a selection, and taking it back; whole or not at all, every objection at once."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import asdict
from typing import Any

from werkbank.errors import Finding, RegisterError
from werkbank.matrix.personal_data import Places
from werkbank.register import selections
from werkbank.register.events import Event, StoredEvent, canonical, utc
from werkbank.register.selections import AdviceThen, Standing, paired
from werkbank.register.store import Register

__all__ = ["record_selection", "record_withdrawal"]

NOWHERE = Places(())


def record_selection(  # noqa: PLR0913 - all of it belongs to one decision
    register: Register,
    *,
    municipality: str,
    round: str,
    park_id: str,
    reason: str,
    by: str,
    advice: AdviceThen,
    fingerprint: str,
    now: dt.datetime,
    against_reason: str | None = None,
    incomplete_reason: str | None = None,
    places: Places = NOWHERE,
) -> StoredEvent:
    """The recorded selection of one park; `fingerprint` is that of the assessment whose advice it was.

    `places` are names of parks and municipalities, which may look like those of people. Raises RegisterError with every
    objection at once: a reason under 10 characters, nobody who decided or a person's name, a park of another
    municipality, against the advice or on an incomplete picture without a reason for that (or such a reason without
    need), an analysis of other data, or selected before in this round and not withdrawn.
    """
    against, incomplete = _text(against_reason), _text(incomplete_reason)
    findings = (
        *selections.reason("selection-reason", "de reden", reason, places),
        *selections.decider(by, places),
        *selections.park(park_id, municipality, advice),
        *selections.against(park_id, against, advice, places),
        *selections.incomplete(incomplete, advice, places),
        *selections.analysis(municipality, advice),
    )

    def guard(earlier: tuple[StoredEvent, ...]) -> None:
        _refuse("Deze keuze kan niet worden vastgelegd:", (*findings, *selections.before(park_id, paired(earlier))))

    if findings:
        guard(register.events(None, municipality, round))
    reasons = {"reason": reason.strip(), "against_reason": against, "incomplete_reason": incomplete}
    payload = canonical({**reasons, "fingerprint": fingerprint, **_kept(advice, park_id)})
    return register.append(_event("selection", municipality, round, park_id, by, now, payload), guard=guard)


def record_withdrawal(  # noqa: PLR0913 - all of it belongs to one decision
    register: Register,
    *,
    municipality: str,
    round: str,
    park_id: str,
    reason: str,
    by: str,
    now: dt.datetime,
    places: Places = NOWHERE,
) -> StoredEvent:
    """The recorded withdrawal of the selection of one park; the selection itself stays in the register.

    Raises RegisterError with every objection at once: no reason, nobody who decided, a person's name, or no selection
    of this park in this round that still holds.
    """
    findings = (
        *selections.reason("withdrawal-reason", "de reden", reason, places),
        *selections.decider(by, places),
    )

    def guard(earlier: tuple[StoredEvent, ...]) -> None:
        absent = selections.not_selected(park_id, round, paired(earlier))
        _refuse("Deze keuze kan niet worden ingetrokken:", (*findings, *absent))

    if findings:
        guard(register.events(None, municipality, round))
    payload = canonical({"reason": reason.strip()})
    return register.append(_event("withdrawal", municipality, round, park_id, by, now, payload), guard=guard)


def _refuse(message: str, findings: tuple[Finding, ...]) -> None:
    if findings:
        raise RegisterError(message, findings)


def _event(kind: str, municipality: str, round: str, park_id: str, by: str, now: dt.datetime, payload: str) -> Event:
    return Event(
        kind=kind,
        municipality=municipality,
        round=round,
        park_id=park_id,
        actor_role=by.strip(),
        at=utc(now),
        payload=payload,
    )


def _text(text: str | None) -> str | None:
    return (text or "").strip() or None


def _kept(advice: AdviceThen, park_id: str) -> dict[str, Any]:
    """What is kept of the advice beside the decision: its parks, its words, how sure, and where the park stood."""
    return {
        "advised": list(advice.park_ids),
        "sentence": advice.sentence,
        "grade": advice.grade,
        "share": _plain(advice.share),
        "draws": advice.draws,
        "gaps": list(advice.gaps),
        "analysis": advice.analysis,
        "standing": _standing(advice.standing(park_id)),
    }


def _standing(standing: Standing | None) -> dict[str, Any] | None:
    return None if standing is None else {key: _plain(value) for key, value in asdict(standing).items()}


def _plain(value: Any) -> Any:
    """The value as JSON can hold it: what is not a number becomes null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value
