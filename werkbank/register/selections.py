"""Selections: which park people chose, why, what the advice said at that moment, and whether it was withdrawn since.

The tool never selects. What is known of the advice comes in as plain values; no score is computed here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from werkbank.register.events import StoredEvent
from werkbank.register.store import Register

__all__ = ["AdviceThen", "Analysis", "Selection", "Standing", "Withdrawal", "paired", "selections"]

Analysis = Literal["same", "changed", "none"]
"""Whether an analysis had been made of exactly these data: yes, only of others, or none at all."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a park stood: its score with bounds, 0-100, and its rank; None (or NaN) where there was none."""

    park_id: str
    score: float | None
    low: float | None
    high: float | None
    rank: int | None
    name: str = ""

    @property
    def label(self) -> str:
        """The park as people know it, with its code: "Duizendblad (URK-02)"."""
        return f"{self.name} ({self.park_id})" if self.name else self.park_id


@dataclass(frozen=True, slots=True)
class AdviceThen:
    """The advice as it was given: its parks, its sentence, its grade, and the standing of every park it compared.

    `share` is in which part 0-1 of `draws` recalculations exactly these parks came out; None where nothing was
    recalculated. `gaps` say in Dutch which input was missing or faulty.
    """

    park_ids: tuple[str, ...]
    sentence: str
    grade: str | None
    standings: tuple[Standing, ...]
    share: float | None = None
    draws: int | None = None
    gaps: tuple[str, ...] = ()
    analysis: Analysis = "same"

    def standing(self, park_id: str) -> Standing | None:
        """The park's standing, or None when the municipality has no such park."""
        return next((standing for standing in self.standings if standing.park_id == park_id), None)

    @property
    def labels(self) -> tuple[str, ...]:
        """The advised parks as people know them."""
        return tuple(getattr(self.standing(park_id), "label", park_id) for park_id in self.park_ids)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """That people took a selection back: who, when and why; `reason` is None once its contents were destroyed."""

    event_id: int
    by: str
    at: dt.datetime
    reason: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Selection:
    """A park that people selected, with the advice of that moment beside it.

    `by` is a role, `at` a moment in UTC. Once its contents have been destroyed only `event_id`, `park_id`, `by` and
    `at` are left: `reason`, `advised` and the rest are None. What a record of an earlier version did not keep is None
    too. The repr leaves out free text.
    """

    event_id: int
    municipality: str
    round: str
    park_id: str
    by: str
    at: dt.datetime
    reason: str | None = field(default=None, repr=False)
    against_reason: str | None = field(default=None, repr=False)
    incomplete_reason: str | None = field(default=None, repr=False)
    advised: tuple[str, ...] | None = None
    sentence: str | None = field(default=None, repr=False)
    grade: str | None = None
    share: float | None = None
    draws: int | None = None
    gaps: tuple[str, ...] | None = None
    analysis: Analysis | None = None
    fingerprint: str | None = None
    standing: Standing | None = None
    withdrawal: Withdrawal | None = None

    @property
    def against_advice(self) -> bool:
        """Whether the advice named other parks, and not this one."""
        return bool(self.advised) and self.park_id not in (self.advised or ())

    @property
    def holds(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawal is None


def selections(register: Register, municipality: str | None = None, round: str | None = None) -> tuple[Selection, ...]:
    """What was selected, in the order in which it was recorded, each with its withdrawal when there is one.

    Only those of the municipality and round that are given; withdrawn ones are among them.
    """
    return paired(register.events(None, municipality, round))


def paired(events: Iterable[StoredEvent]) -> tuple[Selection, ...]:
    """The selections among the events; a withdrawal is of the last selection of the same park before it.

    By order and not by contents, so that it holds after these have been destroyed.
    """
    found: dict[int, Selection] = {}
    last: dict[tuple[str, str, str | None], int] = {}
    for event in events:
        place = (event.municipality, event.round, event.park_id)
        if event.kind == "selection":
            found[event.id], last[place] = _selection(event), event.id
        elif event.kind == "withdrawal" and place in last:
            number = last.pop(place)
            found[number] = replace(found[number], withdrawal=_withdrawal(event))
    return tuple(found.values())


def _withdrawal(event: StoredEvent) -> Withdrawal:
    reason = (event.data or {}).get("reason")
    return Withdrawal(event.id, event.actor_role, dt.datetime.fromisoformat(event.at), reason)


def _selection(event: StoredEvent) -> Selection:
    data = event.data or {}
    standing = data.get("standing")
    kept = ("reason", "against_reason", "incomplete_reason", "sentence", "grade", "share", "draws", "analysis")
    return Selection(
        event_id=event.id,
        municipality=event.municipality,
        round=event.round,
        park_id=event.park_id or "",
        by=event.actor_role,
        at=dt.datetime.fromisoformat(event.at),
        advised=_texts(data.get("advised")),
        gaps=_texts(data.get("gaps")),
        fingerprint=data.get("fingerprint"),
        standing=Standing(**standing) if standing else None,
        **{name: data.get(name) for name in kept},
    )


def _texts(values: Any) -> tuple[str, ...] | None:
    return None if values is None else tuple(values)
