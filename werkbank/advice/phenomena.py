"""Indications per phenomenon: how strong, on which indicators, by how many parties, on what sources (method.md 7)."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from werkbank.settings.catalogue import Catalogue

__all__ = ["STRENGTHS", "STRENGTH_DUTCH", "Indication", "indications"]

STRENGTHS = ("none", "weak", "clear", "strong")
STRENGTH_DUTCH = {
    "none": "geen aanwijzing",
    "weak": "zwakke aanwijzing",
    "clear": "duidelijke aanwijzing",
    "strong": "sterke aanwijzing",
    "unknown": "niet bekend",
}
Cell = tuple[str, str]
"""Park and indicator."""
Support = tuple[str, str]
"""A party that suspects something, and on what source."""


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
    support: dict[Cell, list[Support]] = defaultdict(list)
    for park, indicator, party, source in zip(
        *(supporting[name] for name in ("park_id", "indicator", "party", "source_strength")), strict=True
    ):
        support[park, indicator].append((party, source))
    threats = catalogue.by_family("threat")
    asked = {one.id: [threat.id for threat in threats if one.id in threat.phenomena] for one in catalogue.phenomena}
    return tuple(
        _indication(str(park), phenomenon, {code: own[code] for code in codes}, support, catalogue)
        for park, own in levels.to_dict("index").items()
        for phenomenon, codes in asked.items()
    )


def _indication(
    park: str,
    phenomenon: str,
    levels: Mapping[str, float],
    support: Mapping[Cell, Sequence[Support]],
    catalogue: Catalogue,
) -> Indication:
    known = {code: float(level) for code, level in levels.items() if not math.isnan(level)}
    suspected = tuple(code for code, level in known.items() if level > 0)
    behind = [one for code in suspected for one in support.get((park, code), ())]
    strength = (
        _strength(max(known.values()), max(catalogue.scale_of(code).highest for code in levels)) if known else "unknown"
    )
    named = {party for party, _ in behind}
    parties = tuple(party.id for party in catalogue.parties if party.id in named)
    best = min((source for _, source in behind if source), default="")
    return Indication(park, phenomenon, strength, suspected, parties, best)


def _strength(level: float, highest: int) -> str:
    """The strongest level in words; on a longer scale in proportion, and any suspicion is at least weak."""
    if level <= 0:
        return "none"
    return STRENGTHS[max(1, min(3, int(3 * level / highest)))]
