"""Selections: which park people chose, why, what the advice said at that moment, and whether it was withdrawn since.

The tool never selects. What is known of the advice comes in as plain values; no score is computed here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

from werkbank.errors import Finding
from werkbank.files.canonical import to_plain
from werkbank.register.decision import SHORTEST_REASON, Deciding, Recorded, Withdrawal
from werkbank.register.events import PROSE, SALT, StoredEvent
from werkbank.wording import date, did_you_mean, listing

if TYPE_CHECKING:
    from werkbank.register.store import Register

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
class Selection(Recorded):
    """A park that people selected, with the advice of that moment beside it.

    Once its contents have been destroyed only `event_id`, `park_id`, `by` and
    `at` are left: `reason`, `advised` and the rest are None. What a record of an earlier version did not keep is None
    too. The repr leaves out free text.
    """

    reason: str | None = field(default=None, repr=False)
    against_reason: str | None = field(default=None, repr=False)
    incomplete_reason: str | None = field(default=None, repr=False)
    capacity_reason: str | None = field(default=None, repr=False)
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


def paired(events: Iterable[StoredEvent]) -> tuple[Selection, ...]:
    """The selections among the events in the order in which they were recorded, those that were withdrawn included.

    A withdrawal is of the last selection of the same park before it: by order and not by contents, so that it holds
    after these have been destroyed.
    """
    found: dict[int, Selection] = {}
    last: dict[tuple[str, str, str | None], int] = {}
    for event in events:
        place = (event.municipality, event.round, event.park_id)
        if event.kind == "selection":
            found[event.id], last[place] = _selection(event), event.id
        elif event.kind == "withdrawal" and place in last:
            number = last.pop(place)
            found[number] = replace(found[number], withdrawal=Withdrawal.of(event))
    return tuple(found.values())


def _selection(event: StoredEvent) -> Selection:
    own = [one.name for one in fields(Selection) if one.default is None and one.name != "withdrawal"]
    data: dict[str, Any] = {name: one for name, one in (event.data or {}).items() if name in own and one is not None}
    data |= {name: tuple(data[name]) for name in ("advised", "gaps") if name in data}
    data |= {"standing": Standing(**data["standing"])} if "standing" in data else {}
    return Selection(*Recorded.of(event), **data)


def record_selection(  # noqa: PLR0913 - all of it belongs to one decision
    register: Register,
    deciding: Deciding,
    *,
    reason: str,
    advice: AdviceThen,
    fingerprint: str,
    against_reason: str | None = None,
    incomplete_reason: str | None = None,
    capacity_reason: str | None = None,
    capacity: int | None = None,
    salt: str = "",
) -> StoredEvent:
    """The recorded selection of one park; `fingerprint` is that of the assessment whose advice it was.

    `capacity` is how many parks the municipality can take on in a round; it is not looked at when not given. Raises
    RegisterError with every objection at once: a reason under 10 characters, nobody who decided or a person's name, a
    park of another municipality, against the advice, on an incomplete picture or above the capacity without a reason
    for that (or such a reason without need), an analysis of other data, or selected before in this round and not
    withdrawn.
    """
    own = (against_reason, incomplete_reason, capacity_reason)
    against, incomplete, above = ((text or "").strip() or None for text in own)
    park_id = deciding.park_id or ""
    findings = (
        *deciding.reason_faults("selection-reason", "de reden", reason),
        *_against(deciding, against, advice),
        *_incomplete(deciding, incomplete, advice),
    )
    if advice.analysis == "changed":  # people choose on the analysis that they read
        findings += (PROSE.finding("selection-other-analysis", municipality=deciding.municipality),)
    reasons = {"reason": reason.strip(), "against_reason": against, "incomplete_reason": incomplete}
    reasons |= {"capacity_reason": above} if above else {}
    kept = {**reasons, "fingerprint": fingerprint, **_kept(advice, park_id), **({SALT: salt} if salt else {})}
    return deciding.record(
        register,
        "selection",
        kept,
        "Deze keuze kan niet worden vastgelegd:",
        findings,
        lambda earlier: (
            *_before(park_id, paired(earlier)),
            *_above(deciding, above, capacity, [one for one in paired(earlier) if one.holds]),
        ),
    )


def record_withdrawal(register: Register, deciding: Deciding, reason: str) -> StoredEvent:
    """The recorded withdrawal of the selection of one park; the selection itself stays in the register.

    Raises RegisterError with every objection at once: no reason, nobody who decided, a person's name, or no selection
    of this park in this round that still holds.
    """
    return deciding.record(
        register,
        "withdrawal",
        {"reason": reason.strip()},
        "Deze keuze kan niet worden ingetrokken:",
        deciding.reason_faults("withdrawal-reason", "de reden", reason),
        lambda earlier: not_selected(deciding, paired(earlier)),
    )


def _kept(advice: AdviceThen, park_id: str) -> dict[str, Any]:
    """What is kept of the advice beside the decision: its parks, its words, how sure, and where the park stood."""
    kept = {name: getattr(advice, name) for name in ("sentence", "grade", "share", "draws", "gaps", "analysis")}
    plain: dict[str, Any] = to_plain(kept | {"advised": advice.park_ids, "standing": advice.standing(park_id)})
    return plain


def _against(deciding: Deciding, text: str | None, advice: AdviceThen) -> Iterator[Finding]:
    """Choosing otherwise than advised is allowed, with a reason of its own; without advice there is no otherwise."""
    park_id, asked = deciding.park_id or "", []
    if standing := advice.standing(park_id):
        facts = {"advised": listing(advice.labels), "chosen": standing.label, "least": SHORTEST_REASON}
        asked = [PROSE.finding("selection-against-advice", **facts)]
    else:
        near = did_you_mean(park_id[:60], tuple(one.park_id for one in advice.standings))
        yield PROSE.finding("unknown-park", near, municipality=deciding.municipality, park=park_id[:60])
    needed = bool(advice.park_ids) and park_id not in advice.park_ids
    needless = f"selection-needless-reason/{'advised' if park_id in advice.park_ids else 'no-advice'}"
    what = "de reden om van het advies af te wijken"
    yield from deciding.own_reason("selection-against-reason", what, text, asked, needed=needed, needless=needless)


def _incomplete(deciding: Deciding, text: str | None, advice: AdviceThen) -> Iterator[Finding]:
    """Choosing while a workbook is missing or has faults is allowed, with a reason of its own."""
    asked = [PROSE.finding("selection-incomplete", gaps="; ".join(advice.gaps), least=SHORTEST_REASON)]
    what, needless = "de reden om niet op volledige invoer te wachten", "selection-needless-reason/complete"
    return deciding.own_reason(
        "selection-incomplete-reason", what, text, asked, needed=bool(advice.gaps), needless=needless
    )


def _above(
    deciding: Deciding, text: str | None, capacity: int | None, holding: Sequence[Selection]
) -> Iterator[Finding]:
    """Choosing more parks than there is room for is allowed, with a reason of its own."""
    full = capacity is not None and len(holding) >= capacity
    facts = {"chosen": listing(one.park_id for one in holding), "capacity": capacity, "least": SHORTEST_REASON}
    asked, what = [PROSE.finding("selection-capacity", **facts)], "de reden om meer te kiezen dan er ruimte is"
    needless = "selection-needless-reason/room"
    return deciding.own_reason("selection-capacity-reason", what, text, asked, needed=full, needless=needless)


def _before(park_id: str, earlier: Sequence[Selection]) -> Iterator[Finding]:
    """A park is selected once a round, as long as the selection holds."""
    for selection in earlier:
        if selection.park_id == park_id and selection.holds:
            facts = {"round": selection.round, "day": date(selection.day), "number": selection.event_id}
            yield PROSE.finding("selected-before", park=park_id[:60], **facts)


def not_selected(deciding: Deciding, earlier: Sequence[Selection]) -> Iterator[Finding]:
    """Only a selection that holds can be withdrawn, and only its plan approved."""
    own = [selection for selection in earlier if selection.park_id == deciding.park_id]
    if any(selection.holds for selection in own):
        return
    withdrawn = own[-1].withdrawal if own else None
    since = f"de keuze is al ingetrokken op {date(withdrawn.day)}" if withdrawn else "het is niet gekozen"
    yield PROSE.finding("not-selected", park=(deciding.park_id or "")[:60], round=deciding.round, since=since)
