"""Events: what the register holds, how each is tied to the one before it, and what a broken tie looks like.

The chain runs over the hash of an event's contents, not over the contents: when contents are destroyed after their
term, the chain still holds.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from pathlib import Path
from typing import Any, Literal

from werkbank.errors import Finding, RegisterError
from werkbank.files.yaml import Prose

Kind = Literal[
    "proposal",
    "selection",
    "withdrawal",
    "approval",
    "note",
    "note_withdrawal",
    "consensus",
    "consensus_withdrawal",
    "intake",
    "action",
    "disclosure",
    "event",
    "purge",
]

GENESIS = "0" * 64
"""What the first event has for the hash of the one before it."""

LONGEST_NAME = 200
SALT = "salt"
"""The key in a payload of 32 random bytes: of contents that were destroyed the hash does not tell what was in them."""
PATIENCE = 30
"""Seconds a writer waits for the others; a moment may lie so much before that of the event recorded first."""
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
        """An event from plain values, with a salt of its own unless the contents have one.

        Raises RegisterError for contents that JSON cannot hold.
        """
        return Event(
            kind=kind,
            municipality=municipality,
            round=round,
            park_id=park_id,
            actor_role=by.strip(),
            at=utc(now),
            payload=canonical({SALT: secrets.token_hex(32), **contents}),
        )

    @property
    def data(self) -> dict[str, Any] | None:
        """The contents as plain values without their salt, a new copy each time; None once they have been destroyed.

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
        data.pop(SALT, None)
        return data


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent(Event):
    """An event as it stands in the register: numbered from 1 without gaps, and tied to the one before it."""

    id: int
    payload_sha256: str
    previous_sha256: str
    sha256: str

    @property
    def moment(self) -> dt.datetime:
        """When it was recorded, in UTC."""
        return dt.datetime.fromisoformat(self.at)

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


RECTIFIED: Literal["rectified"] = "rectified"
"""The key, in a later event, of the number of one whose free text was destroyed at somebody's request."""


def as_rectified(events: tuple[StoredEvent, ...]) -> tuple[StoredEvent, ...]:
    """The events; one whose free text was destroyed at somebody's request has what was recorded anew of the rest."""
    kept: dict[int, str] = {}
    for event in events:
        if event.kind == "event" and f'"{RECTIFIED}":' in (event.payload or ""):
            with suppress(RegisterError, KeyError, TypeError, AttributeError):  # a damaged one is for `broken`
                data = event.data or {}
                kept[data[RECTIFIED]] = canonical(data["kept"])
    return tuple(
        replace(one, payload=kept[one.id]) if one.payload is None and one.id in kept else one for one in events
    )


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


NOTHING: Mapping[Head, str] = {}


def broken(events: Iterable[StoredEvent], head: Head | None, issued: Mapping[Head, str] = NOTHING) -> Iterator[Finding]:
    """Every place where the chain no longer holds, in order; nothing when all is as it was written.

    Whoever can rewrite the whole file can make another chain that holds: only `issued` betrays that, the ends of the
    chain as manifests name them, each with the manifest that does.
    """
    chain = list(events)
    told = max([head or Head(0, GENESIS), *issued], key=lambda one: one.events)
    if not chain and told.events:
        yield PROSE.finding("register-emptied", number=told.events)
        return
    destroyed = {number for event in chain for number in _destroyed_by(event)}
    faults = [
        *(fault for event in chain for fault in _own_faults(event, event.id in destroyed)),
        *(fault for pair in zip([None, *chain], chain, strict=False) for fault in _link(*pair)),
        *_tail(ends(chain), head),
    ]
    yield from faults
    if not faults:
        yield from _unlike(ends(chain), issued)
        yield from (fault for pair in pairwise(chain) for fault in ran_back(*pair))


def ends(chain: Sequence[StoredEvent]) -> list[Head]:
    """Every end that the chain has had, from that of an empty register on."""
    return [Head(0, GENESIS), *(Head(event.id, event.sha256) for event in chain)]


def ran_back(before: StoredEvent, event: StoredEvent) -> Iterator[Finding]:
    """A clock that ran back: an event well before the one recorded before it."""
    if utc(event.moment + dt.timedelta(seconds=2 * PATIENCE)) < before.at:
        yield PROSE.finding("event-clock", number=event.id)


def _unlike(own: Sequence[Head], issued: Mapping[Head, str]) -> Iterator[Finding]:
    """The last of the issued ends that lie behind this chain, and of those that are beside it."""
    gone = sorted((one for one in issued if one not in own), key=lambda one: one.events)
    older = [one for one in gone if one.events > own[-1].events]
    for rule, found in (("register-older", older), ("register-rewritten", gone[: len(gone) - len(older)])):
        for one in found[-1:]:
            yield PROSE.finding(rule, number=own[-1].events, named=one.events, by=issued[one])


def _own_faults(event: StoredEvent, destroyed: bool) -> Iterator[Finding]:
    if event.payload is None and not destroyed:
        yield PROSE.finding("event-payload-gone", number=event.id)
    if event.payload is not None and _payload_hash(event.payload) != event.payload_sha256:
        yield PROSE.finding("event-payload-changed", number=event.id)
    if not _is_own(event, event.id):
        was = next((number for number in range(event.id - 50, event.id + 50) if _is_own(event, number)), None)
        yield PROSE.finding("event-moved" if was else "event-changed", number=event.id, was=was)


def _is_own(event: StoredEvent, number: int) -> bool:
    """Whether it was recorded like this, under this number."""
    return _chain_hash(event, number, event.payload_sha256, event.previous_sha256) == event.sha256


def _link(before: StoredEvent | None, event: StoredEvent) -> Iterator[Finding]:
    number, sha256 = (before.id, before.sha256) if before else (0, GENESIS)
    yield from _gap(number + 1, event.id)
    if before and event.previous_sha256 == before.previous_sha256:
        yield PROSE.finding("event-inserted", number=before.id)
    elif event.previous_sha256 != sha256:
        yield PROSE.finding("event-link", number=event.id)


def _gap(expected: int, found: int) -> Iterator[Finding]:
    if found < expected:
        yield PROSE.finding("event-gap", number=found, what="heeft een nummer dat niet kan")
    elif found == expected + 1:
        yield PROSE.finding("event-gap", number=expected, what="ontbreekt")
    elif found > expected:
        yield PROSE.finding("event-gap", number=expected, what=f"tot en met {found - 1} ontbreken")


def _tail(own: Sequence[Head], head: Head | None) -> Iterator[Finding]:
    last = own[-1]
    if head is None:
        yield PROSE.finding("chain-head-gone", number=last.events)
    elif head.events > last.events:
        what = "ontbreekt" if head.events == last.events + 1 else f"tot en met {head.events} ontbreken"
        yield PROSE.finding("event-tail", number=last.events + 1, what=what)
    elif head in own[:-1]:
        yield PROSE.finding("event-inserted", number=head.events + 1)
    elif head != last:
        yield PROSE.finding("chain-head-changed", number=last.events)


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
