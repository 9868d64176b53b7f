"""Which interventions the catalogue's triggers put forward for one park, light before heavy (method.md 8).

A trigger is a rule that anyone can read back: which cell or sum, which threshold, what was found. What is unknown
never fires a comparison. Nothing here chooses: a person does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import pandas as pd

from werkbank.advice.reasons import Indication
from werkbank.errors import Finding
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import Catalogue, Intervention, Trigger
from werkbank.settings.parameters import Parameters

__all__ = [
    "Assessed",
    "CellReading",
    "Judged",
    "ParkReading",
    "read_park",
    "HEAVY",
    "Fired",
    "Proposal",
    "high_indicators",
    "propose",
]

# ruff: noqa: D102 - the members of the protocol are explained where they are made


class Assessed(Protocol):
    """What a plan needs of an assessment; the Assessment itself is made further on."""

    @property
    def version(self) -> str: ...
    @property
    def parameters(self) -> Parameters: ...
    @property
    def catalogue_version(self) -> str: ...
    @property
    def catalogue_fingerprint(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def fictional(self) -> bool: ...
    @property
    def legal_basis(self) -> LegalBasis | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def indications(self) -> tuple[Indication, ...]: ...
    @property
    def municipality_name(self) -> str: ...
    @property
    def parks(self) -> pd.DataFrame: ...
    @property
    def cells(self) -> pd.DataFrame: ...
    @property
    def judgements(self) -> pd.DataFrame: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One party's level, with the strength of its source: A, B, C or empty."""

    party: str
    level: int
    source_strength: str


@dataclass(frozen=True, slots=True)
class CellReading:
    """The combined level of one indicator, None when nobody knows it or when it does not apply."""

    indicator: str
    level: float | None
    applicable: bool
    judged: tuple[Judged, ...] = ()


@dataclass(frozen=True, slots=True)
class ParkReading:
    """One park: its cells, and how much is known by anyone and by every party, in percent 0-100."""

    park_id: str
    name: str
    net_ha: float | None
    cells: tuple[CellReading, ...]
    coverage: float | None
    two_sided: float | None

    def cell(self, indicator: str) -> CellReading:
        """The cell of this indicator; one that was never asked does not apply."""
        found = (cell for cell in self.cells if cell.indicator == indicator)
        return next(found, CellReading(indicator, None, applicable=False))


def read_park(assessed: Assessed, park_id: str) -> ParkReading:
    """The park's row, cells and judgements as plain values. Raises KeyError for a park that is not there."""
    row = assessed.parks.set_index("park_id").loc[park_id]
    cells, judgements = assessed.cells, assessed.judgements
    own = judgements[(judgements["park_id"] == park_id) & (judgements["state"] == "level")]
    said: dict[str, list[Judged]] = {}
    for one in own.itertuples():
        said.setdefault(str(one.indicator), []).append(_judged(one))
    return ParkReading(
        park_id=park_id,
        name=str(row["name"]),
        net_ha=_figure(row["net_ha"]),
        cells=tuple(_cell(one, said) for one in cells[cells["park_id"] == park_id].itertuples()),
        coverage=_percent(row["coverage"]),
        two_sided=_percent(row["two_sided"]),
    )


def _cell(row: Any, said: dict[str, list[Judged]]) -> CellReading:
    code = str(row.indicator)
    return CellReading(code, _figure(row.level), bool(row.applicable), tuple(said.get(code, ())))


def _judged(row: Any) -> Judged:
    return Judged(str(row.party), int(row.level), str(row.source_strength))


def _figure(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _percent(share: Any) -> float | None:
    return None if pd.isna(share) else 100 * float(share)


HEAVY = 4
"""From this weight on an intervention needs a confirmed source behind its trigger."""
CONFIRMED = "A"
HIGH_LEVEL = 2
LOW_RESILIENCE = 1
SEVERE = 3
_TOLERANCE = 1e-9
"""Combined levels are read back from points; this undoes the binary noise of that."""
_COMPARE: dict[str, Callable[[float, float], bool]] = {
    ">=": lambda found, value: found >= value - _TOLERANCE,
    "<=": lambda found, value: found <= value + _TOLERANCE,
    "==": lambda found, value: abs(found - value) <= _TOLERANCE,
    "<": lambda found, value: found < value - _TOLERANCE,
}


@dataclass(frozen=True, slots=True)
class Fired:
    """One trigger that holds: `found` is the level, sum or percentage that was compared, None when it is unknown.

    `cells` are the indicators behind it; `at_least` says that some of them are unknown, so that `found` is a minimum.
    `confirmed`: a judgement on a source of strength A meets the threshold all by itself.
    """

    source: str
    operator: str
    value: int | str
    found: float | None
    at_least: bool
    cells: tuple[str, ...]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class Proposal:
    """An intervention that is put forward: why, and which high indicators it answers directly or only supports.

    With `needs_confirmation` it is heavy and rests on no confirmed source: it is named, but not planned. A heavy one
    that is confirmed answers only the indicators that are confirmed themselves.
    """

    intervention: str
    weight: int
    fired: tuple[Fired, ...]
    direct: tuple[str, ...]
    supporting: tuple[str, ...]
    needs_confirmation: bool


@dataclass(frozen=True, slots=True)
class _Found:
    """What a trigger looks at: its value as far as known, and the cells with a say in it."""

    value: float | None
    complete: bool
    applicable: bool
    cells: tuple[CellReading, ...]


def propose(reading: ParkReading, catalogue: Catalogue) -> tuple[Proposal, ...]:
    """Every intervention with a trigger that holds on this park, from light to heavy, then in the catalogue's order."""
    high = high_indicators(reading, catalogue)
    found = (_proposal(one, reading, catalogue, high) for one in catalogue.interventions)
    return tuple(sorted((one for one in found if one.fired), key=lambda one: one.weight))


def high_indicators(reading: ParkReading, catalogue: Catalogue) -> tuple[str, ...]:
    """The indicators that ask for an answer: level 2 or more, for resilience 1 or less; unknown is never high."""
    return tuple(
        indicator.id
        for indicator in catalogue.indicators
        if (level := reading.cell(indicator.id).level) is not None and _is_high(indicator.family, level)
    )


def _is_high(family: str, level: float) -> bool:
    if family == "resilience":
        return _COMPARE["<="](level, LOW_RESILIENCE)
    return _COMPARE[">="](level, HIGH_LEVEL)


def _proposal(one: Intervention, reading: ParkReading, catalogue: Catalogue, high: tuple[str, ...]) -> Proposal:
    fired = tuple(hit for trigger in one.triggers for hit in _fire(trigger, reading, catalogue))
    heavy, confirmed = one.weight >= HEAVY, any(hit.confirmed for hit in fired)
    # A heavy measure that rests on one confirmed cell is no answer to another that is only suspected.
    able = [code for code in high if not (heavy and confirmed) or _is_confirmed(reading.cell(code), catalogue)]
    return Proposal(
        intervention=one.id,
        weight=one.weight,
        fired=fired,
        direct=tuple(code for code in able if code in one.direct),
        supporting=tuple(code for code in able if code in one.supporting),
        needs_confirmation=heavy and not confirmed,
    )


def _is_confirmed(cell: CellReading, catalogue: Catalogue) -> bool:
    """Whether a judgement of strength A is high by itself."""
    family = catalogue.indicator(cell.indicator).family
    return any(one.source_strength == CONFIRMED and _is_high(family, one.level) for one in cell.judged)


def _fire(trigger: Trigger, reading: ParkReading, catalogue: Catalogue) -> Iterator[Fired]:
    found = _look(trigger.source, reading, catalogue)
    if _holds(trigger, found):
        yield Fired(
            source=trigger.source,
            operator=trigger.operator,
            value=trigger.value,
            found=found.value,
            at_least=found.value is not None and not found.complete,
            cells=tuple(cell.indicator for cell in found.cells),
            confirmed=any(_confirms(trigger, cell) for cell in found.cells),
        )


def _holds(trigger: Trigger, found: _Found) -> bool:
    if trigger.operator == "is":
        return found.applicable and found.value is None
    if found.value is None or not isinstance(trigger.value, int):
        return False
    # A sum of which a part is unknown is a minimum: it can reach a threshold, never prove to stay below one.
    if not found.complete and trigger.operator != ">=":
        return False
    return _COMPARE[trigger.operator](found.value, trigger.value)


def _confirms(trigger: Trigger, cell: CellReading) -> bool:
    """Whether one party's judgement of strength A meets the threshold by itself."""
    if not isinstance(trigger.value, int) or trigger.operator == "is":
        return False
    compare, value = _COMPARE[trigger.operator], trigger.value
    return any(one.source_strength == CONFIRMED and compare(one.level, value) for one in cell.judged)


def _look(source: str, reading: ParkReading, catalogue: Catalogue) -> _Found:
    if source == "coverage":
        return _Found(reading.coverage, complete=True, applicable=True, cells=())
    if source == "threat_sum":
        return _total([reading.cell(one.id) for one in catalogue.by_family("threat")])
    if source == "severe_threat":
        return _highest([reading.cell(one.id) for one in catalogue.by_family("threat") if one.severity == SEVERE])
    cell = reading.cell(source)
    return _Found(cell.level, complete=True, applicable=cell.applicable, cells=(cell,))


def _total(cells: list[CellReading]) -> _Found:
    return _over(cells, sum, lambda level, _: level > 0)


def _highest(cells: list[CellReading]) -> _Found:
    return _over(cells, max, lambda level, highest: 0 < level == highest)


def _over(
    cells: list[CellReading],
    together: Callable[[list[float]], float],
    counts: Callable[[float, float], bool],
) -> _Found:
    """Several cells as one figure, with the cells that made it what it is; of none known there is no figure."""
    asked = [cell for cell in cells if cell.applicable]
    levels = [cell.level for cell in asked if cell.level is not None]
    value = together(levels) if levels else None
    behind = tuple(cell for cell in asked if cell.level is not None and value is not None and counts(cell.level, value))
    return _Found(value, complete=len(levels) == len(asked), applicable=bool(asked), cells=behind)
