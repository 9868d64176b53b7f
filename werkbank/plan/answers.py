"""Which high indicator has which answer: the table a plan must be able to show, with its holes named (method.md 8)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from werkbank.plan.interventions import ParkReading, Proposal, high_indicators
from werkbank.settings.catalogue import Catalogue

__all__ = ["AnswerRow", "Answers", "Hole", "KindPresence", "answers"]

ENFORCEMENT = "enforcement"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One high indicator, and the planned interventions that answer it directly or only help."""

    indicator: str
    level: float
    direct: tuple[str, ...]
    supporting: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hole:
    """A high indicator without the direct answer it needs.

    `lacks` is `direct` when nothing planned answers it directly, `enforcement` when a threat has direct answers, but
    none that enforces. `after_confirmation` are heavy interventions that may be planned once a source is confirmed;
    `elsewhere` are the catalogue's other direct answers, of which no threshold was reached.
    """

    indicator: str
    lacks: str
    after_confirmation: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindPresence:
    """A required kind of intervention, and what is planned of it."""

    kind: str
    interventions: tuple[str, ...]

    @property
    def present(self) -> bool:
        """Whether at least one intervention of this kind is planned."""
        return bool(self.interventions)


@dataclass(frozen=True, slots=True)
class Answers:
    """High indicators × planned interventions, the holes in it, and the kinds that are required."""

    interventions: tuple[str, ...]
    rows: tuple[AnswerRow, ...]
    holes: tuple[Hole, ...]
    kinds: tuple[KindPresence, ...]

    def between(self, indicator: str, intervention: str) -> str:
        """How the intervention answers the indicator: `direct`, `supporting` or `none`."""
        row = next(row for row in self.rows if row.indicator == indicator)
        if intervention in row.direct:
            return "direct"
        return "supporting" if intervention in row.supporting else "none"


def answers(reading: ParkReading, proposals: tuple[Proposal, ...], catalogue: Catalogue) -> Answers:
    """What the proposals answer; one that still needs confirmation answers nothing yet."""
    planned = tuple(one for one in proposals if not one.needs_confirmation)
    rows = tuple(_row(code, reading, planned) for code in high_indicators(reading, catalogue))
    return Answers(
        interventions=tuple(one.intervention for one in planned),
        rows=rows,
        holes=tuple(_holes(rows, proposals, catalogue)),
        kinds=tuple(_kind(term.id, planned, catalogue) for term in catalogue.kinds),
    )


def _row(code: str, reading: ParkReading, planned: tuple[Proposal, ...]) -> AnswerRow:
    return AnswerRow(
        indicator=code,
        level=reading.cell(code).level or 0.0,
        direct=tuple(one.intervention for one in planned if code in one.direct),
        supporting=tuple(one.intervention for one in planned if code in one.supporting),
    )


def _holes(rows: tuple[AnswerRow, ...], proposals: tuple[Proposal, ...], catalogue: Catalogue) -> Iterator[Hole]:
    waiting = {one.intervention for one in proposals if one.needs_confirmation}
    for row in rows:
        threat = catalogue.indicator(row.indicator).family == "threat"
        enforcing = [code for code in row.direct if catalogue.intervention(code).kind == ENFORCEMENT]
        if row.direct and (enforcing or not threat):
            continue
        able = [
            one.id
            for one in catalogue.interventions
            if row.indicator in one.direct and one.id not in row.direct and (not threat or one.kind == ENFORCEMENT)
        ]
        yield Hole(
            indicator=row.indicator,
            lacks=ENFORCEMENT if row.direct else "direct",
            after_confirmation=tuple(code for code in able if code in waiting),
            elsewhere=tuple(code for code in able if code not in waiting),
        )


def _kind(kind: str, planned: tuple[Proposal, ...], catalogue: Catalogue) -> KindPresence:
    return KindPresence(
        kind, tuple(one.intervention for one in planned if catalogue.intervention(one.intervention).kind == kind)
    )
