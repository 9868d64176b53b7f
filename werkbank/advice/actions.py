"""What to do with each park, in words a mayor may act on, and the signals that no average may drown (method.md 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard
from werkbank.matrix import RiskMatrix
from werkbank.settings.catalogue import Catalogue

NEARBY = 0.05
"""From this share of recalculations on a park is near the advice, or may be what nobody sees."""
STRONGEST_SOURCE = "A"


@dataclass(frozen=True, slots=True)
class StrongSignal:
    """One party's judgement at the highest level of its scale, of a threat of the highest severity there is.

    What the parties agreed on, `party` being AGREED, is in the place of what each of them said. Where all severities
    are alike it takes the strongest source. `source_strength` is A, B, C or "".
    """

    park_id: str
    indicator: str
    party: str
    level: int
    source_strength: str


def strong_signals(matrix: RiskMatrix, parties: Sequence[str], catalogue: Catalogue) -> tuple[StrongSignal, ...]:
    """The strong signals of every park, in the order of parks, indicators and parties."""
    order = {code: place for place, code in enumerate(catalogue.severest)}
    alike = len(order) == len(catalogue.threats)
    judged = matrix.counted(parties)
    judged = judged[(judged["state"] == "level") & judged["indicator"].isin(list(order))]
    rows = zip(*(judged[name] for name in ("park_id", "indicator", "party", "level", "source_strength")), strict=True)
    found = [
        StrongSignal(str(park), str(code), str(party), int(level), str(source))
        for park, code, party, level, source in rows
        if level == catalogue.scale_of(code).highest and (source == STRONGEST_SOURCE or not alike)
    ]
    return tuple(sorted(found, key=lambda one: (one.park_id, order[one.indicator], one.party)))


def actions(
    scorecard: Scorecard, advised: Sequence[str], chance: pd.Series | None, draws: int, strong: Sequence[StrongSignal]
) -> pd.Series:
    """Per park what to do: advised, blind_spot, follow or no_cause.

    `chance`: of being selected, in so many `draws`; None without recalculations. A park is a blind spot when less than
    `minimum_coverage` of its threats is known to anybody, or when something that nobody knows may bring it into the
    advice. What remains has no cause in these figures: enough of its threats is known.
    """
    table, catalogue = scorecard.table, scorecard.catalogue
    # Only what chance alone does not explain counts.
    share = 0.0 if chance is None else chance - 2 * np.sqrt(chance * (1 - chance) / draws)
    near = pd.Series(share, index=table.index) >= NEARBY
    unknown = scorecard.combined.applicable & ~scorecard.combined.known
    little = scorecard.method.too_little(table["threats_known"])
    least = {indicator.id: catalogue.high_level(indicator.id) for indicator in catalogue.threats}
    said = scorecard.matrix.counted(scorecard.parties)
    high = table.index.isin(said.loc[said["level"] >= said["indicator"].map(least), "park_id"])
    signalled = table.index.isin([one.park_id for one in strong])
    found = pd.Series("no_cause", index=table.index, dtype="str")
    found[high | signalled | near] = "follow"
    found[little | (unknown.any(axis=1) & near)] = "blind_spot"
    found[table.index.isin(list(advised))] = "advised"
    return found
