"""Events: what the register holds, how each is tied to the one before it, and what a broken tie looks like.

The chain runs over the hash of an event's contents, not over the contents: when contents are destroyed after their
term, the chain still holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal

from werkbank.errors import Finding, RegisterError
from werkbank.files.yaml import Prose

Kind = Literal[
    "selection", "withdrawal", "note", "note_withdrawal", "consensus", "action", "disclosure", "event", "purge"
]

GENESIS = "0" * 64
"""What the first event has for the hash of the one before it."""

LONGEST_NAME = 200
PROSE = Prose(Path(__file__).with_name("faults.yaml"))
"""What every finding about a decision, a note or the register itself says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something people decided or did, ready to be recorded; made by `of`.

    `at` is UTC as `utc` writes it; `actor_role` a role ("stuurgroep"), never a person's name; `payload` is JSON as
    `canonical` writes it, and stays out of the repr, since it holds free text.
    """

    kind: str
    municipality: str
    round: str
    actor_role: str
    at: str
    payload: str | None = field(repr=False)
    park_id: str | None = None

    @classmethod
    def of(
        cls,
        kind: Kind,
        municipality: str,
        round: str,
        *,
        by: str,
        now: dt.datetime,
        contents: Mapping[str, Any],
        park_id: str | None = None,
    ) -> Event:
        """An event from plain values. Raises RegisterError for contents that JSON cannot hold."""
        return Event(
            kind=kind,
            municipality=municipality,
            round=round,
            park_id=park_id,
            actor_role=by.strip(),
            at=utc(now),
            payload=canonical(contents),
        )

    @property
    def data(self) -> dict[str, Any] | None:
        """The contents as plain values, a new copy each time; None once they have been destroyed.

        Raises RegisterError when they are no longer what was written.
        """
        if self.payload is None:
            return None
        try:
            data = json.loads(self.payload)
        except ValueError:
            data = None
        if not isinstance(data, dict):
            raise RegisterError("De inhoud van een gebeurtenis in het register is beschadigd; controleer het register.")
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent(Event):
    """An event as it stands in the register: numbered from 1 without gaps, and tied to the one before it."""

    id: int
    payload_sha256: str
    previous_sha256: str
    sha256: str

    @classmethod
    def after(cls, head: Head, event: Event) -> StoredEvent:
        """The event as the next one after `head`; its payload must be there."""
        payload_hash, number = _payload_hash(event.payload or ""), head.events + 1
        return cls(
            **{each.name: getattr(event, each.name) for each in fields(Event)},
            id=number,
            payload_sha256=payload_hash,
            previous_sha256=head.sha256,
            sha256=_chain_hash(event, number, payload_hash, head.sha256),
        )


@dataclass(frozen=True, slots=True)
class Head:
    """The end of the chain: how many events there are, and the hash of the last."""

    events: int
    sha256: str


def canonical(data: Mapping[str, Any]) -> str:
    """The data as JSON in one way only: sorted keys, no spaces, letters as they are.

    Raises RegisterError for what JSON cannot hold (NaN, dates, half a surrogate pair); its values are not repeated.
    """
    try:
        text = json.dumps(dict(data), sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        text.encode()
    except (TypeError, ValueError):
        raise RegisterError(
            "De inhoud kan niet worden vastgelegd: er staat iets in dat geen tekst, getal, ja/nee of lijst is."
        ) from None
    return text


def utc(moment: dt.datetime) -> str:
    """The moment in UTC to the microsecond, as in `2026-03-02T09:30:00.000000+00:00`; without a zone it is local."""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")


def objections(event: Event) -> Iterator[Finding]:
    """Why the event cannot be recorded; free text and names are not repeated."""
    named = {
        "de gemeente": event.municipality,
        "de ronde": event.round,
        "de rol van wie vastlegt": event.actor_role,
        **({} if event.park_id is None else {"het terrein": event.park_id}),
    }
    for what, text in named.items():
        if not text.strip() or not text.isprintable() or len(text) > LONGEST_NAME:
            yield PROSE.finding("event-name", what=what)


def broken(events: Iterable[StoredEvent], head: Head | None) -> Iterator[Finding]:
    """Every place where the chain no longer holds, in order; nothing when all is as it was written.

    A tail that was cut off shows as long as `head` was not changed with it: whoever can rewrite the whole file can
    make a shorter chain that holds.
    """
    chain = list(events)
    destroyed = {number for event in chain for number in _destroyed_by(event)}
    for event in chain:
        yield from _own_faults(event, event.id in destroyed)
    ends = [Head(0, GENESIS), *(Head(event.id, event.sha256) for event in chain)]
    for before, event in zip(ends, chain, strict=False):
        yield from _gap(before.events + 1, event.id)
        if event.previous_sha256 != before.sha256:
            yield PROSE.finding("event-link", number=event.id)
    yield from _tail(ends[-1], head)


def _own_faults(event: StoredEvent, destroyed: bool) -> Iterator[Finding]:
    if event.payload is None and not destroyed:
        yield PROSE.finding("event-payload-gone", number=event.id)
    if event.payload is not None and _payload_hash(event.payload) != event.payload_sha256:
        yield PROSE.finding("event-payload-changed", number=event.id)
    if _chain_hash(event, event.id, event.payload_sha256, event.previous_sha256) != event.sha256:
        yield PROSE.finding("event-changed", number=event.id)


def _gap(expected: int, found: int) -> Iterator[Finding]:
    if found < expected:
        yield PROSE.finding("event-gap", number=found, what="heeft een nummer dat niet kan")
    elif found == expected + 1:
        yield PROSE.finding("event-gap", number=expected, what="ontbreekt")
    elif found > expected:
        yield PROSE.finding("event-gap", number=expected, what=f"tot en met {found - 1} ontbreken")


def _tail(last: Head, head: Head | None) -> Iterator[Finding]:
    if head is None:
        yield PROSE.finding("chain-head-gone", number=last.events)
    elif head.events > last.events:
        yield PROSE.finding(
            "event-tail", number=last.events + 1, what=f"tot en met {head.events} ontbreken aan het eind"
        )
    elif head != last:
        yield PROSE.finding("event-tail", number=last.events, what="is niet de laatste volgens het slot van de keten")


def _destroyed_by(event: StoredEvent) -> tuple[int, ...]:
    """The numbers a purge names under `event_ids` as destroyed."""
    if event.kind != "purge":
        return ()
    try:
        named = (event.data or {}).get("event_ids", ())
    except RegisterError:
        return ()
    return tuple(number for number in named if isinstance(number, int)) if isinstance(named, list) else ()


def _payload_hash(payload: str) -> str:
    # What is not UTF-8 in a damaged file was read with surrogateescape: this gives its own bytes back.
    return hashlib.sha256(payload.encode("utf-8", "surrogateescape")).hexdigest()


def _chain_hash(event: Event, number: int, payload_hash: str, previous: str) -> str:
    about = (event.at, event.kind, event.municipality, event.round, event.park_id, event.actor_role)
    tied = [number, *about, payload_hash, previous]
    return hashlib.sha256(json.dumps(tied, separators=(",", ":")).encode("ascii")).hexdigest()
