"""The Dutch words for codes, in one place: quadrants, classes, indications, levels, legal bases."""

from __future__ import annotations

from collections.abc import Iterable

from werkbank.advice.phenomena import STRENGTH_DUTCH
from werkbank.catalogue import Scale
from werkbank.register import LegalBasis
from werkbank.wording import capital, date, number

__all__ = [
    "FICTIONAL",
    "NOT_APPLICABLE",
    "QUADRANT",
    "QUADRANT_MEANING",
    "STRENGTH",
    "STRENGTH_MARK",
    "SUSPICION",
    "UNKNOWN",
    "between",
    "class_name",
    "legal_basis_line",
    "level_figure",
    "level_text",
    "level_word",
    "reference",
]

FICTIONAL = "FICTIEVE GEGEVENS"
SUSPICION = "Vermoedens, geen vaststelling"
UNKNOWN = "?"
"""Printed in a cell of which nobody knows the level; never 0."""
NOT_APPLICABLE = "–"

QUADRANT = {"act": "aanpakken", "rest": "rust", "find_out": "informatie halen", "follow": "volgen"}
QUADRANT_MEANING = {
    "act": "de score is hoog, of is ook in het gunstigste geval hoog",
    "rest": "er is genoeg bekend en de score is niet hoog",
    "find_out": "er is te weinig bekend en de score kan hoog zijn: een blinde vlek",
    "follow": "er is te weinig bekend, maar de score kan niet hoog worden",
}

STRENGTH = STRENGTH_DUTCH
STRENGTH_MARK = {"none": "○", "weak": "●", "clear": "●●", "strong": "●●●", "unknown": UNKNOWN}

_CLASSES = ("laag", "matig", "hoog", "zeer hoog")
_BASIS = {
    "enforcement_bottleneck": "handhavingsknelpunt",
    "wgs": "Wet gegevensverwerking door samenwerkingsverbanden",
    "wpg": "Wet politiegegevens",
    "avg": "Algemene verordening gegevensbescherming",
    "other": "besluit",
}


def class_name(place: int | None, borders: tuple[float, ...]) -> str:
    """The name of a class, 1 the lowest; with another number of classes than four its number."""
    if place is None:
        return "geen klasse"
    if len(borders) + 1 == len(_CLASSES):
        return _CLASSES[place - 1]
    return f"klasse {place} van {len(borders) + 1}"


def between(low: float | None, high: float | None) -> str:
    """The bounds in words: "tussen 52 en 74", or "precies 52" when they are one figure."""
    first, last = number(low), number(high)
    return f"precies {first}" if first == last else f"tussen {first} en {last}"


def level_word(scale: Scale, level: int) -> str:
    """What a level is called in a sentence: "meermaals", "geen vermoeden"."""
    name = scale.levels[level].name.rsplit(", ", 1)[-1]
    return name[:1].lower() + name[1:]


def level_figure(level: float) -> str:
    """A level as a figure, between two levels with one decimal: "2", "2,5"."""
    return number(level, 0 if float(level).is_integer() else 1)


def level_text(scale: Scale, level: float) -> str:
    """A level as figure and word; a combined level between two says between which."""
    if float(level).is_integer():
        return f"{level_figure(level)} {level_word(scale, int(level))}"
    low = int(level)
    return f"{level_figure(level)} tussen {level_word(scale, low)} en {level_word(scale, low + 1)}"


def reference(indicator: str, judgements: Iterable[tuple[str, str]]) -> str:
    """Where a sentence comes from: "V03, politie: 2 meermaals"."""
    return f"{indicator}, {'; '.join(f'{party}: {text}' for party, text in judgements)}"


def legal_basis_line(basis: LegalBasis | None) -> str:
    """The legal basis in one line, for the head of every page."""
    if basis is None:
        return "Beeld van één partij; er zijn geen gegevens van partijen samengebracht."
    kind = capital(_BASIS[basis.kind])
    return f"{kind}, besluit van {basis.body} van {date(basis.decided)}, geldig tot en met {date(basis.valid_until)}."
