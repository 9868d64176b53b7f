"""The Dutch words for codes, in one place: quadrants, classes, indications, levels, legal bases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from werkbank.advice.phenomena import STRENGTH_DUTCH
from werkbank.register import LegalBasis
from werkbank.settings.entries import Scale
from werkbank.wording import capital, count, date, number, percent

__all__ = [
    "FICTIONAL", "NOT_APPLICABLE", "NOT_SHOWN", "QUADRANT", "ROUNDED", "SOURCES", "STRENGTH", "STRENGTH_MARK",
    "SUSPICION", "UNKNOWN", "between", "class_name", "difference", "known", "legal_basis_line", "level_figure",
    "level_text", "level_word", "not_here", "one_or_some", "quadrant_meaning", "reference", "share_text",
]  # fmt: skip

FICTIONAL = "FICTIEVE GEGEVENS"
SUSPICION = "Vermoedens, geen vaststelling"
UNKNOWN = "?"
"""Printed in a cell of which nobody knows the level; never 0."""
NOT_APPLICABLE = "–"
NOT_SHOWN = "niet getoond"
"""Printed where there is a figure that this reader may not see; never `?`, for it is not unknown."""
ROUNDED = "Scores zijn afgerond op vijf punten en percentages op tientallen, met 90% als hoogste."
"""How exact the figures are for who may not see every cell (werkbank.sharing.gate)."""
SOURCES = "A meer bronnen of bevestigd, B één bron, C indruk"
"""What the strengths of a source mean, beside every table that prints them."""

QUADRANT = {"act": "aanpakken", "rest": "rust", "find_out": "informatie halen", "follow": "volgen"}
_MEANING = {
    "act": "er is {enough} en de score is hoog, of de score is ook in het gunstigste geval hoog",
    "act, enough": "er is {enough} en de score is hoog",
    "act, marked": "er is {too_little}, maar de score is ook in het gunstigste geval hoog",
    "rest": "er is {enough} en de score is niet hoog; er is nu geen actie nodig",
    "find_out": "er is {too_little} en de score kan hoog zijn: een blinde vlek",
    "follow": "er is {too_little}, maar de score kan niet hoog worden",
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


def share_text(share: float | None) -> str:
    """A share 0-1 as a percentage that is 0 or 100 only when it is."""
    share = None if share is None else min(1.0, max(0.0, share))
    if share is None or share in (0, 1) or 0.005 <= share <= 0.995:
        return percent(share)
    return "< 1%" if share < 0.005 else "> 99%"


def not_here(what: str) -> str:
    """Why something ("De deelscores") is not in a reader's copy, as a sentence."""
    return (
        f"{what} staan niet in dit exemplaar: daaruit zijn oordelen van een andere partij af te leiden. "
        "Het RIEC heeft ze wel."
    )


def known(how_much: str, parties: int) -> str:
    """That enough or too little is known, and by whom: "te weinig bij beide partijen bekend"."""
    whose = {1: "", 2: "bij beide partijen "}.get(parties, "bij alle partijen ")
    return f"{how_much} {whose}bekend"


def quadrant_meaning(code: str, parties: int, *, marked: bool | None = None) -> str:
    """What a quadrant means, for so many parties: only what all of them know counts as known enough.

    Of one park it is also known whether it is `marked`: high although too little is known.
    """
    if code == "act" and marked is not None:
        code = "act, marked" if marked else "act, enough"
    return _MEANING[code].format(enough=known("genoeg", parties), too_little=known("te weinig", parties))


def between(low: str, high: str) -> str:
    """The bounds in words: "tussen 52,3 en 74", or "precies 52,3" when they are one figure."""
    return f"precies {low}" if low == high else f"tussen {low} en {high}"


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


def difference(levels: Sequence[int], parties: int) -> tuple[str, bool]:
    """How far the known levels of one cell lie apart, in words, and whether they do; `parties` is how many there are.

    With two parties one level is no comparison; with more, two that know may differ while a third does not know.
    """
    steps = max(levels) - min(levels)
    some = "" if len(levels) == parties else f" ({len(levels)} van {parties})"
    if len(levels) < 2:
        return ("gelijk" if parties == 1 else "één partij"), False
    return (count(steps, "stap", "stappen") if steps else "gelijk") + some, steps > 0


def one_or_some(parties: int) -> str:
    """Who knows a cell that not every party knows: with two parties that is one."""
    return "één partij" if parties == 2 else "niet alle partijen"


def reference(indicator: str, judgements: Iterable[tuple[str, str]]) -> str:
    """Where a sentence comes from: "V03, politie: 2 meermaals"."""
    return f"{indicator}, {'; '.join(f'{party}: {text}' for party, text in judgements)}"


def legal_basis_line(basis: LegalBasis | None) -> str:
    """The legal basis in one line, for the head of every page."""
    if basis is None:
        return "Beeld van één partij; er zijn geen gegevens van partijen samengebracht."
    kind = capital(_BASIS[basis.kind])
    return f"{kind}, besluit van {basis.body} van {date(basis.decided)}, geldig tot en met {date(basis.valid_until)}."
