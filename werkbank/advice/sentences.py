"""The advice in plain Dutch: which parks, how sure, and what may still change it; never more than the figures say."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from werkbank.advice.sureness import Sureness
from werkbank.wording import count, listing, number, percent, points

__all__ = [
    "grade_sentence",
    "highest_sentence",
    "no_score_sentence",
    "nothing_to_compare_sentence",
    "of_hundred",
    "sure_sentence",
    "unknown_sentence",
]

_GRADES = {
    "clear": "bijna altijd bovenaan",
    "likely": "meestal bovenaan, maar niet altijd",
    "indistinguishable": "niet duidelijk bovenaan: meer terreinen zijn niet goed te onderscheiden",
}
NAMED = 3
"""How many contenders a sentence names before it counts the rest."""


def nothing_to_compare_sentence(parks: int, municipality: str) -> str:
    """What is said when every park can be selected."""
    if parks == 1:
        return f"In {municipality} is maar één terrein; er valt niets te vergelijken."
    return f"In {municipality} kunnen alle {parks} terreinen worden gekozen; er valt niets te vergelijken."


def no_score_sentence(municipality: str) -> str:
    """What is said when no park has a score."""
    return f"Voor {municipality} is geen advies mogelijk: van geen enkel terrein is genoeg bekend voor een score."


def highest_sentence(
    table: pd.DataFrame, names: pd.Series, advised: Sequence[str], municipality: str, edges: Sequence[float] = ()
) -> str:
    """Which park or parks score highest, and between which bounds; no figure is rounded across one of the `edges`."""
    told = table[["score", "low", "high"]].map(lambda value: points(value, edges)).to_dict("index")
    described = [
        f"{names[park]} ({told[park]['score']} van 100, mogelijk tussen {told[park]['low']} en {told[park]['high']})"
        for park in advised
    ]
    if len(advised) == 1:
        return f"In {municipality} heeft {described[0]} de hoogste risicoscore."
    tied = len(set(table.loc[list(advised), "rank"])) == 1
    verb = "scoren even hoog, hoger dan de andere terreinen" if tied else "hebben de hoogste risicoscores"
    return f"In {municipality} {verb}: {listing(described)}."


def unknown_sentence(names: pd.Series, contenders: Sequence[str], advised: int) -> str:
    """Whether what is unknown now could change the order, in the extreme."""
    higher = "hoger uitkomen" if advised == 1 else "hoger uitkomen dan één daarvan"
    if not contenders:
        return f"Wat nu nog onbekend is, verandert dat niet: geen ander terrein kan {higher}."
    verb = "kan" if len(contenders) == 1 else "kunnen"
    named = _named(names, contenders, "ander terrein", "andere terreinen")
    return f"Dat staat niet vast: zolang een deel onbekend is, {verb} in het uiterste geval ook {named} {higher}."


def sure_sentence(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """In how many of the recalculations this comes out, and what comes out otherwise."""
    first = _frequency(sure, len(advised))
    others = [park for park in sure.leading if park not in advised]
    if set(sure.favourites) != set(advised):
        return f"{first} {_other_favourite(sure, names, advised)}"
    if sure.grade == "clear":
        return first
    if sure.grade == "likely":
        return f"{first} Dat is waarschijnlijk, niet zeker.{_otherwise(sure, names, others)}"
    return f"{first} {_not_apart(sure, names, len(advised))}"


def grade_sentence(grade: str | None, advised: int) -> str:
    """How sure it is without a figure, for who may not see what the figures are made of."""
    if grade not in _GRADES:
        return ""
    what = "dit terrein" if advised == 1 else f"precies deze {advised} terreinen"
    verb = "staat" if advised == 1 else "staan"
    return f"Ook met andere verdedigbare keuzes {verb} {what} {_GRADES[grade]}."


def of_hundred(share: float, draws: int) -> str:
    """A share as a count of the hundred; never 0 or 100 unless it is."""
    if draws == 1:
        return "de enige doorrekening" if share >= 1 else "geen enkele doorrekening"
    if share >= 1:
        return f"alle {number(draws)} doorrekeningen"
    if share <= 0:
        return f"geen van de {number(draws)} doorrekeningen"
    if share > 0.995:
        return "meer dan 99 van de 100 doorrekeningen"
    if share < 0.005:
        return "minder dan 1 van de 100 doorrekeningen"
    return f"{number(100 * share)} van de 100 doorrekeningen"


def _frequency(sure: Sureness, advised: int) -> str:
    what = "staat dit terrein bovenaan" if advised == 1 else f"staan precies deze {advised} terreinen bovenaan"
    return f"In {of_hundred(sure.share, sure.draws)} met andere verdedigbare keuzes {what}."


def _other_favourite(sure: Sureness, names: pd.Series, advised: Sequence[str]) -> str:
    """The highest total is not what the recalculations favour: both are named."""
    rest = [park for park in sure.favourites if park not in advised]
    shares = dict(zip(sure.leading, sure.shares, strict=True))
    described = [
        f"{names[park]} (in {of_hundred(shares[park], sure.draws)})" if park in shares else str(names[park])
        for park in rest
    ]
    verb = "komt" if len(rest) == 1 else "komen"
    return f"Vaker {verb} {listing(described)} bovenaan. Deze terreinen zijn niet goed te onderscheiden."


def _otherwise(sure: Sureness, names: pd.Series, others: Sequence[str]) -> str:
    if not others:
        return ""
    shares = dict(zip(sure.leading, sure.shares, strict=True))
    return f" Daarnaast komt {names[others[0]]} het vaakst bovenaan, in {of_hundred(shares[others[0]], sure.draws)}."


def _not_apart(sure: Sureness, names: pd.Series, advised: int) -> str:
    """The smallest set of parks that together come first nearly always."""
    named = _named(names, sure.leading, "ander", "andere", most=2 * NAMED)
    share = min(1.0, sum(sure.shares) / advised)
    if advised == 1:
        return f"Niet goed te onderscheiden zijn {named}: in {of_hundred(share, sure.draws)} is één van deze bovenaan."
    # With more seats than one the shares add up to seats, not to recalculations.
    seats = "meer dan 99%" if 0.995 < share < 1 else percent(share)
    return f"Niet goed te onderscheiden zijn {named}: samen hebben zij {seats} van de hoogste {advised} plaatsen."


def _named(names: pd.Series, parks: Sequence[str], one: str, many: str, most: int = NAMED) -> str:
    """The first parks by name, and how many more there are."""
    named = [str(names[park]) for park in parks[:most]]
    rest = len(parks) - len(named)
    return listing([*named, count(rest, one, many)] if rest else named)
