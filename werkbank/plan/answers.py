"""Which high indicator has which answer: the table a plan must be able to show, with its holes named (method.md 8)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from werkbank.advice.reasons import ParkReading, level_text
from werkbank.plan import words
from werkbank.plan.interventions import Proposal, high_indicators
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import listing

__all__ = ["AnswerRow", "Answers", "Hole", "KindPresence", "answers"]

ENFORCEMENT = "enforcement"
"""The kind that a threat needs among its direct answers."""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One high indicator in words, and the codes of the planned interventions that answer it directly or only help."""

    indicator: str
    name: str
    family: str
    level: str
    direct: tuple[str, ...]
    supporting: tuple[str, ...]
    hole: bool


@dataclass(frozen=True, slots=True)
class Hole:
    """A high indicator without the direct answer it needs, and in words what it lacks and what could be done.

    A threat needs a direct answer that enforces. `after_confirmation` are heavy interventions that may be planned once
    a source is confirmed; `elsewhere` are the catalogue's other direct answers, of which no threshold was reached.
    """

    indicator: str
    name: str
    lacks: str
    remedy: str
    after_confirmation: tuple[str, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class KindPresence:
    """A required kind of intervention by name, whether it is there, and what is planned of it."""

    name: str
    present: bool
    interventions: tuple[str, ...]


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


def answers(reading: ParkReading, proposals: Sequence[Proposal], catalogue: Catalogue) -> Answers:
    """What the proposals answer; one that still needs confirmation answers nothing yet."""
    planned = [one for one in proposals if not one.needs_confirmation]
    waiting = [one.intervention for one in proposals if one.needs_confirmation]
    high = high_indicators(reading, catalogue)
    direct = {code: tuple(one.intervention for one in planned if code in one.direct) for code in high}
    holes = tuple(hole for code in high for hole in _hole(code, direct[code], waiting, catalogue))
    open_ones = {hole.indicator for hole in holes}
    rows = (
        AnswerRow(
            indicator=code,
            name=catalogue.indicator(code).name,
            family=catalogue.family_of(code).name,
            level=f"{level_text(reading.cell(code).level or 0)} van {catalogue.scale_of(code).highest}",
            direct=direct[code],
            supporting=tuple(one.intervention for one in planned if code in one.supporting),
            hole=code in open_ones,
        )
        for code in high
    )
    codes = tuple(one.intervention for one in planned)
    kinds = (
        KindPresence(kind.name, bool(own), own)
        for kind in catalogue.kinds
        for own in (tuple(code for code in codes if catalogue.intervention(code).kind == kind.id),)
    )
    return Answers(codes, tuple(rows), holes, tuple(kinds))


def _hole(code: str, direct: Sequence[str], waiting: Sequence[str], catalogue: Catalogue) -> Iterator[Hole]:
    threat = catalogue.indicator(code) in catalogue.threats
    fitting = [
        one.id for one in catalogue.interventions if code in one.direct and (not threat or one.kind == ENFORCEMENT)
    ]
    if set(direct) & set(fitting):
        return
    after = tuple(one for one in fitting if one in waiting)
    elsewhere = tuple(one for one in fitting if one not in waiting)
    said = words()["holes"]
    remedies = [
        said[key].format(listing([f"{one} {catalogue.intervention(one).name}" for one in found], "of"))
        for key, found in (("after_confirmation", after), ("elsewhere", elsewhere))
        if found
    ]
    yield Hole(
        indicator=code,
        name=catalogue.indicator(code).name,
        lacks=said["enforcement" if direct else "direct"],
        remedy="; ".join(remedies) or said["nothing"],
        after_confirmation=after,
        elsewhere=elsewhere,
    )
