"""A round beside the one before: leaps, knowledge that was lost, and returns that were sent in again unchanged."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from werkbank.errors import Finding
from werkbank.matrix.checks import UNKNOWN, Levels, cube_of, sheet_of
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue

__all__ = [
    "FEWEST_FULL_LEAPS",
    "FEWEST_LEAPS",
    "FEWEST_LOST",
    "LOST_SHARE",
    "UNCHANGED",
    "earlier_findings",
]

FEWEST_LEAPS: Final = 5
"""Leaps in one park by one party from which they are called implausible.

A single leap is not: in 200 generated districts 1,297 of 696,563 cells that were known twice leapt, six a district.
Per park and party there were at most 4 in 30,800, so no false alarm.
"""
FEWEST_FULL_LEAPS: Final = 2
"""Leaps from the highest level to none, or back, in one park by one party; at most 1 in the same 30,800."""
FEWEST_LOST: Final = 6
LOST_SHARE: Final = 1 / 3
"""Cells of one park that a party knew and no longer knows: at least so many, and so large a share of what it knew.

At most 4, and a quarter, in the same districts.
"""
UNCHANGED: Final = 0.99
"""Share of the cells that are the same as in the earlier round; at most 0.955 in 2,400 generated returns."""
_FEWEST_CELLS: Final = 20

_LEAP: Final = 2 / 3
"""A leap is at least two levels and two thirds of the scale: two levels of 0-3, four of 0-5."""


@dataclass(frozen=True, slots=True, eq=False)
class _Pair:
    """Both rounds of one party: the parks and indicators that they share, levels and states in the same order."""

    matrix: RiskMatrix
    earlier_round: str
    party: str
    park_ids: tuple[str, ...]
    indicators: tuple[str, ...]
    before: Levels
    now: Levels

    def place_of(self, park: int, indicator: int) -> Place | None:
        """Where a judgement of this round stands."""
        return self.matrix.place_of(self.park_ids[park], self.indicators[indicator], self.party)


def earlier_findings(matrix: RiskMatrix, earlier: RiskMatrix, catalogue: Catalogue) -> tuple[Finding, ...]:
    """What is hard to believe of `matrix` after `earlier`; parks, indicators and parties of one round are left out.

    Nothing for the demo's two rounds with any of 200 seeds; the constants of this module say how near it came.
    """
    tops = {indicator: catalogue.scale_of(indicator).highest for indicator in catalogue.indicator_ids}
    findings: list[Finding] = []
    for pair in _pairs(matrix, earlier):
        findings += _unchanged(pair)
        findings += _lost(pair)
        findings += _leaps(pair, np.array([tops.get(indicator, 0) for indicator in pair.indicators]))
    return tuple(findings)


def _pairs(matrix: RiskMatrix, earlier: RiskMatrix) -> Iterator[_Pair]:
    """Return by return, what is in both rounds."""
    now, before = cube_of(matrix), cube_of(earlier)
    rows, columns = _shared(matrix.park_ids, earlier.park_ids), _shared(matrix.indicators, earlier.indicators)
    if not columns:
        return
    indicators = tuple(columns)
    here, there = np.transpose([columns[code] for code in indicators])
    for party, delivered in _deliveries(matrix):
        parks = tuple(park for park in delivered if park in rows)
        if parks and party in earlier.parties:
            new, old = np.transpose([rows[park] for park in parks])
            yield _Pair(
                matrix,
                earlier.round,
                party,
                parks,
                indicators,
                before[earlier.parties.index(party)][np.ix_(old, there)],
                now[matrix.parties.index(party)][np.ix_(new, here)],
            )


def _shared(now: tuple[str, ...], before: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    """What is in both, with its place in each."""
    places = {code: number for number, code in enumerate(before)}
    return {code: (number, places[code]) for number, code in enumerate(now) if code in places}


def _deliveries(matrix: RiskMatrix) -> Iterator[tuple[str, Iterable[str]]]:
    """Every file's party and parks; a matrix that came from no files is one delivery a party."""
    if not matrix._places:
        yield from ((party, matrix.park_ids) for party in matrix.parties)
    for each in matrix._places:
        yield each.party, each.parks or dict.fromkeys(park for park, _ in each.entries)


def _unchanged(pair: _Pair) -> Iterator[Finding]:
    """A return that says what it said before; a few words in another cell do not make it a new one."""
    either = (pair.before >= 0) | (pair.now >= 0)
    same, filled = int(((pair.before == pair.now) & either).sum()), int(either.sum())
    if filled >= _FEWEST_CELLS and same >= UNCHANGED * filled:
        yield finding(
            "copied-round",
            found=f"{same} van de {filled} ingevulde cellen zijn gelijk aan ronde {pair.earlier_round}",
            allowed="elke ronde een nieuw oordeel",
            remedy="vraag na of opnieuw is geoordeeld, of dat de vorige werkmap is ingestuurd",
            place=sheet_of(pair.matrix, pair.park_ids, pair.party),
        )


def _lost(pair: _Pair) -> Iterator[Finding]:
    """Parks of which much less is known than before; a return without any level has a finding of its own."""
    knew = pair.before >= 0
    lost = knew & (pair.now == UNKNOWN)
    counts, known = lost.sum(axis=1), knew.sum(axis=1)
    if not (pair.now >= 0).any():
        return
    for park in np.flatnonzero((counts >= FEWEST_LOST) & (counts >= LOST_SHARE * known)):
        yield finding(
            "knowledge-lost",
            found=f"{counts[park]} van de {known[park]} cellen die vorige ronde een niveau hadden, zijn nu onbekend",
            allowed="wat bekend was, blijft meestal bekend",
            remedy="vraag na of het zicht weg is, of dat iemand anders heeft ingevuld",
            place=pair.place_of(int(park), int(np.argmax(lost[park]))),
            park_id=pair.park_ids[park],
        )


def _leaps(pair: _Pair, tops: np.ndarray[Any, Any]) -> Iterator[Finding]:
    """Every leap in the parks that have too many of them."""
    both = (pair.before >= 0) & (pair.now >= 0)
    step = np.where(both, np.abs(pair.now.astype(int) - pair.before), 0)
    leap = step >= np.maximum(2, np.ceil(_LEAP * tops))
    full = leap & (step == tops)
    parks = (leap.sum(axis=1) >= FEWEST_LEAPS) | (full.sum(axis=1) >= FEWEST_FULL_LEAPS)
    for park in np.flatnonzero(parks):
        for indicator in np.flatnonzero(leap[park]):
            yield _leap(pair, int(park), int(indicator), int(leap[park].sum()))


def _leap(pair: _Pair, park: int, indicator: int, count: int) -> Finding:
    before, now = int(pair.before[park, indicator]), int(pair.now[park, indicator])
    return finding(
        "implausible-change",
        found=f"vorige ronde niveau {before}, nu {now}; zo'n sprong zit in {count} cellen van dit terrein",
        allowed="zelden een sprong van meer dan één niveau",
        remedy="controleer of het terrein en de richting van de schaal kloppen; geef anders een toelichting",
        place=pair.place_of(park, indicator),
        park_id=pair.park_ids[park],
        indicator=pair.indicators[indicator],
    )
