"""Indications per phenomenon: how strong, on which indicators, by how many parties, on what sources (method.md 7)."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from werkbank.catalogue import Catalogue
from werkbank.catalogue.models import Phenomenon

__all__ = ["STRENGTHS", "STRENGTH_DUTCH", "Indication", "indications"]

STRENGTHS = ("none", "weak", "clear", "strong")
STRENGTH_DUTCH = {
    "none": "geen aanwijzing",
    "weak": "zwakke aanwijzing",
    "clear": "duidelijke aanwijzing",
    "strong": "sterke aanwijzing",
    "unknown": "niet bekend",
}


@dataclass(frozen=True, slots=True)
class Indication:
    """What the matrix says of one phenomenon on one park; an indication, never a fact.

    `strength` is none, weak, clear or strong, or `unknown` when no party could judge any of its indicators;
    `indicators` and `parties` are those that support it, `source_strength` the best of theirs.
    """

    park_id: str
    phenomenon: str
    strength: str
    indicators: tuple[str, ...]
    parties: tuple[str, ...]
    source_strength: str


def indications(judgements: pd.DataFrame, levels: pd.DataFrame, catalogue: Catalogue) -> tuple[Indication, ...]:
    """The indication of every phenomenon on every park, in the catalogue's order.

    `levels` is the combined level per park × indicator; `judgements` says which party supports it.
    """
    supporting = judgements[(judgements["state"] == "level") & (judgements["level"] >= 1)]
    by_cell = dict(iter(supporting.groupby(["park_id", "indicator"], sort=False)))
    return tuple(
        _indication(str(park), phenomenon, levels.loc[park], by_cell, catalogue)
        for park in levels.index
        for phenomenon in catalogue.phenomena
    )


def _indication(
    park: str,
    phenomenon: Phenomenon,
    levels: pd.Series,
    by_cell: Mapping[tuple[Hashable, ...], pd.DataFrame],
    catalogue: Catalogue,
) -> Indication:
    codes = [one.id for one in catalogue.by_family("threat") if phenomenon.id in one.phenomena]
    known = {code: float(levels[code]) for code in codes if pd.notna(levels[code])}
    support = tuple(code for code, level in known.items() if level > 0)
    rows = [by_cell[park, code] for code in support if (park, code) in by_cell]
    strength = (
        _strength(max(known.values()), max(catalogue.scale_of(code).highest for code in codes)) if known else "unknown"
    )
    return Indication(park, phenomenon.id, strength, support, _parties(rows, catalogue), _best_source(rows))


def _strength(level: float, highest: int) -> str:
    """The strongest level in words; on a longer scale in proportion, and any suspicion is at least weak."""
    if level <= 0:
        return "none"
    return STRENGTHS[max(1, min(3, int(3 * level / highest)))]


def _parties(rows: list[pd.DataFrame], catalogue: Catalogue) -> tuple[str, ...]:
    named = {party for part in rows for party in part["party"]}
    return tuple(party.id for party in catalogue.parties if party.id in named)


def _best_source(rows: list[pd.DataFrame]) -> str:
    return min(_sources(rows), default="")


def _sources(rows: list[pd.DataFrame]) -> Iterator[str]:
    for part in rows:
        yield from (source for source in part["source_strength"] if source)
