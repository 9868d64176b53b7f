"""Indications by group of phenomena, coarse enough that no cell of a withheld party can be read from them."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from werkbank.advice.phenomena import Indication, indications
from werkbank.assessment.assessment import Assessment
from werkbank.settings.catalogue import Catalogue

__all__ = ["MINIMUM_ROWS", "coarse_indications"]

MINIMUM_ROWS = 3
"""Indicators of a group that a withheld party must have judged before its judgements count in it."""
MINIMUM_POSITIVE = 2
"""Of those, how many it must suspect: one would be named, and none at all would be told as "none"."""

_ORDER = ("unknown", "none", "weak", "clear", "strong")


def coarse_indications(
    assessment: Assessment, own: pd.DataFrame, cells: pd.DataFrame, withheld: tuple[str, ...], catalogue: Catalogue
) -> tuple[Indication, ...]:
    """Every phenomenon with the strength of its whole group, and nothing of what is behind it.

    `own` are the judgements and `cells` the combined cells of the parties that may be seen. In a group where some
    withheld party judged fewer than three indicators, or suspects something on fewer than two of them, only the
    parties that may be seen count: each withheld party is guarded by itself, for with two of them the one that said
    little would otherwise be told under the cover of the other, and be read by who knows that other. A withheld party
    that gives no level in the group has nothing there to guard.
    """
    levels = cells.pivot(index="park_id", columns="indicator", values="level")
    from_own = indications(own, levels.loc[list(assessment.parks["park_id"])], catalogue)
    enough = _judged_enough(assessment, withheld, catalogue)
    strength: dict[tuple[str, str], str] = {}
    for one, mine in zip(assessment.indications, from_own, strict=True):
        group = catalogue.phenomenon(one.phenomenon).group
        counted = one.strength if (one.park_id, group) in enough else mine.strength
        key = (one.park_id, group)
        strength[key] = max(strength.get(key, "unknown"), counted, key=_ORDER.index)
    return tuple(
        replace(
            one,
            strength=strength[one.park_id, catalogue.phenomenon(one.phenomenon).group],
            indicators=(),
            parties=(),
            source_strength="",
        )
        for one in assessment.indications
    )


def _judged_enough(assessment: Assessment, withheld: tuple[str, ...], catalogue: Catalogue) -> set[tuple[str, str]]:
    """The parks and groups in which every withheld party that judged anything has enough to stand behind a group."""
    judgements = assessment.judgements
    judged = judgements[(judgements["state"] == "level") & judgements["party"].isin(withheld)]
    group_of = {indicator.id: _groups_of(indicator.id, catalogue) for indicator in catalogue.by_family("threat")}
    levels: dict[tuple[str, str, str], list[int]] = {}
    for row in judged.itertuples():
        for group in group_of.get(str(row.indicator), ()):
            levels.setdefault((str(row.park_id), group, str(row.party)), []).append(int(str(row.level)))
    pairs = {(park, group) for park, group, _ in levels}
    return {pair for pair in pairs if all(_enough(levels.get((*pair, party), [])) for party in withheld)}


def _enough(levels: list[int]) -> bool:
    return not levels or (len(levels) >= MINIMUM_ROWS and sum(level > 0 for level in levels) >= MINIMUM_POSITIVE)


def _groups_of(indicator: str, catalogue: Catalogue) -> set[str]:
    return {catalogue.phenomenon(name).group for name in catalogue.indicator(indicator).phenomena}
