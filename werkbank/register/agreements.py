"""Agreements: the level that the parties agreed on for one cell, beside what each of them had given by itself.

Private judgements, discussion, and what a rational impartial observer would then believe: all three are kept and shown
together (SHELF, the Sheffield elicitation framework). The returns stay as they were delivered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from werkbank.errors import Finding
from werkbank.matrix import RiskMatrix
from werkbank.matrix.personal_data import Places
from werkbank.matrix.risk_matrix import Agreed
from werkbank.register.decision import NOWHERE, SHORTEST_REASON, Deciding, Recorded, Withdrawal
from werkbank.register.events import PROSE, StoredEvent
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import listing

if TYPE_CHECKING:
    from werkbank.register.store import Register

MADE: Final = "consensus"
TAKEN_BACK: Final = "consensus_withdrawal"
_KEPT = ("indicator", "level", "said", "catalogue", "reason", "outside_reason")

Said = Mapping[str, int | str]
"""Party that is asked → its level, or the state of its cell where it gave none."""


@dataclass(frozen=True, slots=True, eq=False)
class Agreement(Recorded):
    """What the parties agreed on one cell, and what each of them said of it at that moment.

    `indicator` is a code of `catalogue`, the version that asked it. The repr leaves out free text.
    """

    indicator: str
    level: int
    said: Said
    catalogue: str
    reason: str = field(repr=False)
    outside_reason: str | None = field(repr=False)
    withdrawal: Withdrawal | None = None

    @property
    def holds(self) -> bool:
        """Whether it was not withdrawn."""
        return self.withdrawal is None

    @property
    def place(self) -> tuple[str, str, str, str]:
        """Which cell it is about: municipality, round, park and indicator."""
        return self.municipality, self.round, self.park_id, self.indicator


def agreements(events: Iterable[StoredEvent]) -> tuple[Agreement, ...]:
    """The agreements among the events in the order in which they were recorded, those that were withdrawn included.

    One whose contents have been destroyed after their term is no longer there.
    """
    found: dict[int, Agreement] = {}
    for event in events:
        data = event.data if event.kind in {MADE, TAKEN_BACK} else None
        if data is None:
            continue
        if event.kind == MADE:
            found[event.id] = Agreement(*Recorded.of(event), **{name: data[name] for name in _KEPT})
        elif data["agreement"] in found:
            found[data["agreement"]] = replace(found[data["agreement"]], withdrawal=Withdrawal.of(event))
    return tuple(found.values())


def recorded_agreements(data: Path, round: str, municipality: str | None = None) -> tuple[Agreement, ...]:
    """The agreements of a round that hold, of one municipality or of all; none when there is no register yet.

    Raises RegisterError when the register cannot be read.
    """
    from werkbank.register.store import recorded_events  # noqa: PLC0415  the database library

    return tuple(one for one in agreements(recorded_events(data, municipality, round)) if one.holds)


def with_agreements(matrix: RiskMatrix, recorded: Iterable[Agreement], catalogue: Catalogue) -> RiskMatrix:
    """The matrix with what was agreed on its cells; a finding for what no longer fits what is asked."""
    own = [one for one in recorded if one.park_id in matrix.park_ids]
    codes = {one: _code_now(one, catalogue) for one in own}
    agreed = tuple(
        Agreed(one.park_id, code, one.level, tuple(one.said), one.told) for one, code in codes.items() if code
    )
    findings = (
        PROSE.finding("agreement-not-counted", park=one.park_id, indicator=one.indicator, number=one.event_id)
        for one, code in codes.items()
        if not code
    )
    return replace(matrix, agreed=agreed, findings=(*matrix.findings, *findings))


def _code_now(one: Agreement, catalogue: Catalogue) -> str | None:
    """The code of its indicator in this catalogue; None where it is not asked on a scale with its level."""
    codes = {code: code for code in catalogue.indicator_ids} if one.catalogue == catalogue.version else {}
    if one.catalogue in catalogue.earlier_versions:
        codes = {then: now for now, then in catalogue.codes_then(one.catalogue).items()}
    code = codes.get(one.indicator)
    return code if code and one.level <= catalogue.scale_of(code).highest else None


def record_agreement(register: Register, made: Agreement, places: Places = NOWHERE) -> Agreement:
    """The agreement as it stands in the register now.

    Raises RegisterError with every objection at once: a reason under 10 characters, nobody who decided or a person's
    name, a level outside what the parties gave without a reason for that (or such a reason without need), or an earlier
    agreement on the cell that still holds.
    """
    deciding = Deciding(made.municipality, made.round, made.by, made.at, made.park_id, places)
    stored = deciding.record(
        register,
        MADE,
        {name: getattr(made, name) for name in _KEPT},
        "Deze afspraak kan niet worden vastgelegd:",
        (*deciding.reason_faults("agreement-reason", "de reden", made.reason), *_outside(made, deciding)),
        lambda earlier: _before(made, earlier),
    )
    return replace(made, event_id=stored.id)


def take_back_agreement(register: Register, deciding: Deciding, indicator: str, reason: str) -> Agreement:
    """The agreement on a cell with its withdrawal, which is recorded beside it; nothing is removed.

    Raises RegisterError with every objection at once: no reason, nobody who decided, or none that holds.
    """
    place = (deciding.municipality, deciding.round, deciding.park_id or "", indicator)
    own = _holding(place, register.events(deciding.municipality, deciding.round))
    gone = PROSE.finding("not-agreed", park=deciding.park_id, indicator=indicator, round=deciding.round)
    stored = deciding.record(
        register,
        TAKEN_BACK,
        {"agreement": own[0].event_id if own else 0, "reason": reason.strip()},
        "Deze afspraak kan niet worden ingetrokken:",
        deciding.reason_faults("withdrawal-reason", "de reden", reason),
        lambda earlier: () if _holding(place, earlier) else (gone,),
    )
    return replace(own[0], withdrawal=Withdrawal.of(stored))


def _holding(place: tuple[str, str, str, str], earlier: Iterable[StoredEvent]) -> list[Agreement]:
    """What already holds of this cell."""
    return [one for one in agreements(earlier) if one.place == place and one.holds]


def _before(made: Agreement, earlier: Iterable[StoredEvent]) -> Iterator[Finding]:
    """A cell is agreed on once a round, as long as the agreement holds."""
    for one in _holding(made.place, earlier):
        facts = {"park": one.park_id, "indicator": one.indicator, "level": one.level, "told": one.told}
        yield PROSE.finding("agreed-before", **facts, number=one.event_id)


def _outside(made: Agreement, deciding: Deciding) -> Iterator[Finding]:
    """A level that no party gave, nor lies between what they gave, is allowed with a reason of its own."""
    levels = [each for each in made.said.values() if isinstance(each, int)]
    given = listing(map(str, sorted(set(levels)))) or "geen niveau"
    return deciding.own_reason(
        "agreement-outside-reason",
        "de reden om daarbuiten te gaan",
        made.outside_reason,
        [PROSE.finding("agreement-outside", level=made.level, given=given, least=SHORTEST_REASON)],
        needed=not levels or not min(levels) <= made.level <= max(levels),
        needless="agreement-needless-reason",
    )
