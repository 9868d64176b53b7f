"""The headings of lists of judgements and of remarks: English as in `RiskMatrix.judgements`, Dutch as people write."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from werkbank.matrix.cells import normalise
from werkbank.matrix.layout import REMARK_HEADINGS

__all__ = ["HEADINGS", "Head", "find_head"]

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "park_id": ("park", "terrein", "terreincode", "terreinnaam", "bedrijventerrein", "naam terrein"),
    "indicator": ("indicatorcode", "code indicator"),
    "party": ("partij", "ingevuld door", "organisatie"),
    "state": ("toestand", "status", "soort oordeel"),
    "level": ("niveau", "oordeel", "score", "waarde"),
    "remark": ("opmerking", "opmerkingen"),
    "source_strength": ("sterkte van de bron",),
    "date": ("datum",),
    "round": ("ronde",),
    "fictional": ("fictief", "fictieve gegevens"),
}
HEADINGS: Final[Mapping[str, str]] = {
    **{normalise(word): column for column, words in _WORDS.items() for word in (column, *words)},
    **{normalise(heading): column for column, heading in REMARK_HEADINGS.items()},
}
"""Heading, as it is compared → the column it heads."""
_TEXTS: Final = frozenset(HEADINGS)
_LOOKED_AT: Final = 40
"""A list begins somewhere on top; further down a word is a remark."""


@dataclass(frozen=True, slots=True)
class Head:
    """The line of headings, and the column of each."""

    line: int
    columns: Mapping[str, int]
    doubled: tuple[str, ...] = ()
    """Columns that are headed twice."""


def find_head(rows: Iterable[Sequence[str]], *wanted: frozenset[str]) -> Head | None:
    """The first line, of texts ready for comparing, with at least one heading out of each of these sets."""
    for line, row in enumerate(islice(rows, _LOOKED_AT)):
        if len(_TEXTS.intersection(row)) < len(wanted):
            continue
        found: dict[str, list[int]] = {}
        for place, text in enumerate(row):
            if text in HEADINGS:
                found.setdefault(HEADINGS[text], []).append(place)
        if all(columns & found.keys() for columns in wanted):
            doubled = tuple(column for column, places in found.items() if len(places) > 1)
            return Head(line, {column: places[0] for column, places in found.items()}, doubled)
    return None
