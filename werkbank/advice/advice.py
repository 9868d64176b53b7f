"""The advice: which parks score highest, said in one plain Dutch sentence, and who may still come out above them.

The tool never selects. A person does, with a reason.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from werkbank.wording import count, listing, number

__all__ = ["Advice", "advise"]

NAMED = 3
"""How many contenders the sentence names before it counts the rest."""


@dataclass(frozen=True, slots=True)
class Advice:
    """The parks with the highest totals, and the parks that could come out above them.

    `grade` is `no_comparison` when there is nothing to choose, else None until the robustness draws say how sure the
    advice is. `contenders` are the parks outside the advised set whose upper bound lies above the lowest lower bound
    within it: what is unknown now could put them first. `sentence` is Dutch.
    """

    park_ids: tuple[str, ...]
    grade: str | None
    sentence: str
    contenders: tuple[str, ...]


def advise(table: pd.DataFrame, names: pd.Series, capacity: int, municipality: str) -> Advice:
    """The advice for one municipality from its parks' `score, low, high, rank`; `names` by park id.

    The advised set is the `capacity` highest totals; parks tied at its edge are all in it. Parks without a score are
    never advised, but may be contenders.
    """
    advised = _advised(table, capacity)
    contenders = _contenders(table, advised)
    if len(table) <= capacity:
        return Advice(advised, "no_comparison", _nothing_to_compare(len(table), municipality), ())
    if not advised:
        return Advice((), "no_comparison", _no_score(municipality), contenders)
    sentence = f"{_highest(table, names, advised, municipality)} {_uncertainty(names, contenders, len(advised))}"
    return Advice(advised, None, sentence, contenders)


def _advised(table: pd.DataFrame, capacity: int) -> tuple[str, ...]:
    chosen = table[(table["rank"] <= capacity).fillna(False).astype(bool)]
    return tuple(chosen.sort_values("rank", kind="stable").index)


def _contenders(table: pd.DataFrame, advised: tuple[str, ...]) -> tuple[str, ...]:
    if not advised:
        return ()
    others = table.drop(index=list(advised))
    able = others[others["high"] > table.loc[list(advised), "low"].min()]
    return tuple(able.sort_values("high", ascending=False, kind="stable").index)


def _nothing_to_compare(parks: int, municipality: str) -> str:
    if parks == 1:
        return f"In {municipality} is maar één terrein; er valt niets te vergelijken."
    return f"In {municipality} kunnen alle {parks} terreinen worden gekozen; er valt niets te vergelijken."


def _no_score(municipality: str) -> str:
    return f"Voor {municipality} is geen advies mogelijk: van geen enkel terrein is genoeg bekend voor een score."


def _highest(table: pd.DataFrame, names: pd.Series, advised: tuple[str, ...], municipality: str) -> str:
    """Which park or parks score highest, and between which bounds."""
    score, low, high = (table[column].to_dict() for column in ("score", "low", "high"))
    described = [
        f"{names[park]} ({number(score[park])} van 100, mogelijk tussen {number(low[park])} en {number(high[park])})"
        for park in advised
    ]
    if len(advised) == 1:
        return f"In {municipality} heeft {described[0]} de hoogste risicoscore."
    tied = len(set(table.loc[list(advised), "rank"])) == 1
    verb = "scoren even hoog, hoger dan de andere terreinen" if tied else "hebben de hoogste risicoscores"
    return f"In {municipality} {verb}: {listing(described)}."


def _uncertainty(names: pd.Series, contenders: tuple[str, ...], advised: int) -> str:
    """Whether what is unknown now could change the order, in the extreme."""
    higher = "hoger uitkomen" if advised == 1 else "hoger uitkomen dan één daarvan"
    if not contenders:
        return f"Wat nu nog onbekend is, verandert dat niet: geen ander terrein kan {higher}."
    named = [str(names[park]) for park in contenders[:NAMED]]
    rest = len(contenders) - len(named)
    if rest:
        named.append(count(rest, "ander terrein", "andere terreinen"))
    verb = "kan" if len(contenders) == 1 else "kunnen"
    return (
        f"Dat staat niet vast: zolang een deel onbekend is, {verb} in het uiterste geval ook {listing(named)} {higher}."
    )
