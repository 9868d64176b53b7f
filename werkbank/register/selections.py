"""Selections: which park people chose, why, and what the advice said at that moment.

The tool never selects. What is known of the advice comes in as plain values; no score is computed here.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from werkbank.errors import Finding, RegisterError
from werkbank.register.events import Event, StoredEvent, canonical, utc
from werkbank.register.store import Register
from werkbank.wording import count, date, did_you_mean

__all__ = ["AdviceThen", "Selection", "Standing", "record_selection", "selections"]

SHORTEST_REASON = 10
LONGEST_REASON = 5_000


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a park stood: its score with bounds, 0-100, and its rank; None (or NaN) where there was none."""

    park_id: str
    score: float | None
    low: float | None
    high: float | None
    rank: int | None


@dataclass(frozen=True, slots=True)
class AdviceThen:
    """The advice as it was given: its parks, its sentence, its grade, and the standing of every park it compared."""

    park_ids: tuple[str, ...]
    sentence: str
    grade: str | None
    standings: tuple[Standing, ...]

    def standing(self, park_id: str) -> Standing | None:
        """The park's standing, or None when the municipality has no such park."""
        return next((standing for standing in self.standings if standing.park_id == park_id), None)


@dataclass(frozen=True, slots=True)
class Selection:
    """A park that people selected, with the advice of that moment beside it.

    `by` is a role, `at` a moment in UTC. Once its contents have been destroyed only `event_id`, `park_id`, `by` and
    `at` are left: `reason`, `advised` and the rest are None. The repr leaves out free text.
    """

    event_id: int
    municipality: str
    round: str
    park_id: str
    by: str
    at: dt.datetime
    reason: str | None = field(default=None, repr=False)
    against_reason: str | None = field(default=None, repr=False)
    advised: tuple[str, ...] | None = None
    sentence: str | None = field(default=None, repr=False)
    grade: str | None = None
    fingerprint: str | None = None
    standing: Standing | None = None

    @property
    def against_advice(self) -> bool:
        """Whether the advice named other parks, and not this one."""
        return bool(self.advised) and self.park_id not in (self.advised or ())


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
) -> StoredEvent:
    """The recorded selection of one park; `fingerprint` is that of the assessment whose advice it was.

    Raises RegisterError with every objection at once: a reason under 10 characters, nobody who decided, a park of
    another municipality, against the advice without a reason for that, or selected before in this round.
    """
    against = (against_reason or "").strip() or None
    findings = [
        *_reason_faults("reason", "de reden", reason.strip()),
        *_decider_faults(by),
        *_park_faults(park_id, municipality, advice),
        *_against_faults(park_id, against, advice),
    ]

    def not_twice(earlier: tuple[StoredEvent, ...]) -> None:
        found = [*findings, *_earlier_faults(park_id, earlier)]
        if found:
            raise RegisterError("Deze keuze kan niet worden vastgelegd:", tuple(found))

    if findings:
        not_twice(register.events("selection", municipality, round))
    event = Event(
        kind="selection",
        municipality=municipality,
        round=round,
        park_id=park_id,
        actor_role=by.strip(),
        at=utc(now),
        payload=canonical(
            {"reason": reason.strip(), "against_reason": against, "fingerprint": fingerprint, **_kept(advice, park_id)}
        ),
    )
    return register.append(event, guard=not_twice)


def _kept(advice: AdviceThen, park_id: str) -> dict[str, Any]:
    """What is kept of the advice beside the decision: its parks, its words, and where the chosen park stood."""
    return {
        "advised": list(advice.park_ids),
        "sentence": advice.sentence,
        "grade": advice.grade,
        "standing": _plain(advice.standing(park_id)),
    }


def selections(register: Register, municipality: str, round: str) -> tuple[Selection, ...]:
    """What was selected in the municipality and round, in the order in which it was recorded."""
    return tuple(_selection(event) for event in register.events("selection", municipality, round))


def _selection(event: StoredEvent) -> Selection:
    data = event.data or {}
    standing = data.get("standing")
    return Selection(
        event_id=event.id,
        municipality=event.municipality,
        round=event.round,
        park_id=event.park_id or "",
        by=event.actor_role,
        at=dt.datetime.fromisoformat(event.at),
        reason=data.get("reason"),
        against_reason=data.get("against_reason"),
        advised=tuple(data["advised"]) if "advised" in data else None,
        sentence=data.get("sentence"),
        grade=data.get("grade"),
        fingerprint=data.get("fingerprint"),
        standing=Standing(**standing) if standing else None,
    )


def _plain(standing: Standing | None) -> dict[str, Any] | None:
    """The standing as JSON can hold it: what is not a number becomes null."""
    if standing is None:
        return None
    values = asdict(standing)
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value for key, value in values.items()
    }


def _reason_faults(rule: str, what: str, text: str) -> Iterator[Finding]:
    if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
        yield _finding(
            f"selection-{rule}",
            f"{what} telt {count(len(text), 'teken', 'tekens')}",
            f"{SHORTEST_REASON} tot {LONGEST_REASON} tekens",
            "schrijf in een paar zinnen waarom",
        )


def _decider_faults(by: str) -> Iterator[Finding]:
    if not by.strip():
        yield _finding(
            "selection-by", "er staat niet bij wie koos", "een rol, zoals stuurgroep", "noem wie het besluit nam"
        )


def _park_faults(park_id: str, municipality: str, advice: AdviceThen) -> Iterator[Finding]:
    if advice.standing(park_id) is None:
        known = tuple(standing.park_id for standing in advice.standings)
        yield _finding(
            "unknown-park",
            f"{municipality} heeft geen terrein “{park_id[:60]}”",
            "een terrein uit de analyse van deze gemeente",
            did_you_mean(park_id[:60], known) or "kijk in de analyse welke terreinen er zijn",
        )


def _against_faults(park_id: str, against: str | None, advice: AdviceThen) -> Iterator[Finding]:
    """Choosing otherwise than advised is allowed, with a reason of its own; without advice there is no otherwise."""
    if against is not None:
        yield from _reason_faults("against-reason", "de reden om van het advies af te wijken", against)
    elif advice.park_ids and park_id not in advice.park_ids and advice.standing(park_id) is not None:
        yield _finding(
            "selection-against-advice",
            f"het advies noemt {park_id[:60]} niet",
            "een keuze volgens het advies, of een eigen reden om ervan af te wijken",
            "schrijf ook waarom van het advies wordt afgeweken",
        )


def _earlier_faults(park_id: str, earlier: tuple[StoredEvent, ...]) -> Iterator[Finding]:
    for event in earlier:
        if event.park_id == park_id:
            day = date(dt.datetime.fromisoformat(event.at).astimezone().date())
            yield _finding(
                "selected-before",
                f"{park_id[:60]} is in ronde {event.round} al gekozen op {day} (gebeurtenis {event.id})",
                "elk terrein één keer per ronde",
                "er hoeft niets meer te worden vastgelegd",
            )


def _finding(rule: str, found: str, allowed: str, remedy: str) -> Finding:
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy)
