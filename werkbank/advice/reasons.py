"""What a park's picture rests on: its cells and who judged what, those that carry its score, and its indications.

With the signals that no average may drown, and what to do with each park, in words a mayor may act on (method.md 4).
"""

# ruff: noqa: D102 - the members of the protocol are explained where they are made

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Protocol

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard, points, rules_of
from werkbank.errors import Finding
from werkbank.files.yaml import packaged
from werkbank.matrix import RiskMatrix
from werkbank.register import LegalBasis
from werkbank.settings.catalogue import AGREED, Catalogue
from werkbank.settings.parameters import Parameters
from werkbank.wording import number

MOST = 5
"""Cells of a park that are told as a reason."""
STRENGTHS = ("none", "weak", "clear", "strong")
WORDS = packaged(__file__, "words.yaml")
STRENGTH_DUTCH: dict[str, str] = WORDS["strengths"]
IN_TWO_STEPS = {
    **dict.fromkeys(("unknown", "none", "weak", "at_most_weak"), "at_most_weak"),
    **dict.fromkeys(("clear", "strong", "at_least_clear"), "at_least_clear"),
}
"""The strength of an indication as it is told to who may not see what is behind it."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One party's judgement, or what all agreed on (AGREED), that carries a park's score; its part in points 0-100.

    For who may only know which indicators weigh most, `party` is empty and there is no level and no contribution.
    """

    park_id: str
    indicator: str
    party: str
    level: int | None
    contribution: float | None


@dataclass(frozen=True, slots=True)
class Indication:
    """What the matrix says of one phenomenon on one park; an indication, never a fact (method.md 7).

    `strength` is none, weak, clear or strong, or `unknown` when no party could judge any of its indicators; for who may
    not see what is behind it only at_most_weak (also when nothing is known) or at_least_clear;
    `indicators` and `parties` (or AGREED) are those that support it, `source_strength` the best of theirs.
    """

    park_id: str
    phenomenon: str
    strength: str
    indicators: tuple[str, ...]
    parties: tuple[str, ...]
    source_strength: str


class Assessed(Protocol):
    """What an explanation and a plan need of an assessment; the Assessment itself is made further on."""

    @property
    def parameters(self) -> Parameters: ...
    @property
    def catalogue_fingerprint(self) -> str: ...
    @property
    def fingerprint(self) -> str: ...
    @property
    def legal_basis(self) -> LegalBasis | None: ...
    @property
    def findings(self) -> tuple[Finding, ...]: ...
    @property
    def indications(self) -> tuple[Indication, ...]: ...
    @property
    def municipality_name(self) -> str: ...
    @property
    def parks(self) -> pd.DataFrame: ...
    @property
    def groups(self) -> pd.DataFrame: ...
    @property
    def cells(self) -> pd.DataFrame: ...
    @property
    def judgements(self) -> pd.DataFrame: ...
    @property
    def remarks(self) -> pd.DataFrame: ...
    @property
    def strong_signals(self) -> tuple[StrongSignal, ...]: ...
    def __hash__(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Judged:
    """One party's level, with the strength of its source: A, B, C or empty."""

    party: str
    level: int
    source_strength: str


@dataclass(frozen=True, slots=True)
class CellReading:
    """The combined level of one indicator, None when nobody knows it or when it does not apply.

    `contribution`: what it adds to the park's total, None where there is no total or the reader may not know.
    """

    indicator: str
    level: float | None
    applicable: bool
    judged: tuple[Judged, ...] = ()
    contribution: float | None = None


@dataclass(frozen=True, slots=True)
class ParkReading:
    """One park: its cells, and how much is known by anyone and by every party, in percent 0-100."""

    park_id: str
    name: str
    net_ha: float | None
    cells: tuple[CellReading, ...]
    coverage: float | None
    two_sided: float | None

    def cell(self, indicator: str) -> CellReading:
        """The cell of this indicator; one that was never asked does not apply."""
        for cell in self.cells:
            if cell.indicator == indicator:
                return cell
        return CellReading(indicator, None, applicable=False)


def read_park(assessed: Assessed, park_id: str) -> ParkReading:
    """The park's row, cells and judgements as plain values. Raises KeyError for a park that is not there."""
    return _readings(assessed)[park_id]


@lru_cache(maxsize=4)
def _readings(assessed: Assessed) -> dict[str, ParkReading]:
    """Every park: to look up one in the frames takes nearly as long as to read them whole."""
    cells, judgements = assessed.cells, assessed.judgements
    judged: dict[tuple[str, str], list[Judged]] = defaultdict(list)
    for one in judgements[judgements["state"] == "level"].to_dict("records"):
        said = Judged(one["party"], int(one["level"]), one["source_strength"])
        judged[one["park_id"], one["indicator"]].append(said)
    agreed = cells.dropna(subset=["agreed"]) if "agreed" in cells else cells.iloc[:0]
    for one in agreed.to_dict("records"):
        judged[one["park_id"], one["indicator"]].append(Judged(AGREED, int(one["level"]), ""))
    read: dict[str, list[CellReading]] = defaultdict(list)
    for one in cells.to_dict("records"):
        cell = CellReading(
            indicator=one["indicator"],
            level=_figure(one["level"]),
            applicable=bool(one["applicable"]),
            judged=tuple(judged[one["park_id"], one["indicator"]]),
            contribution=_figure(one["contribution"]),
        )
        read[one["park_id"]].append(cell)
    return {
        row["park_id"]: ParkReading(
            park_id=row["park_id"],
            name=str(row["name"]),
            net_ha=_figure(row["net_ha"]),
            cells=tuple(read[row["park_id"]]),
            coverage=_figure(100 * row["coverage"]),
            two_sided=_figure(100 * row["two_sided"]),
        )
        for row in assessed.parks.to_dict("records")
    }


def level_text(level: float) -> str:
    """A level as it is printed: "2", and "1,5" where parties were combined."""
    return number(level, 0 if level == int(level) else 1)


def _figure(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def reasons_of(scorecard: Scorecard) -> tuple[Reason, ...]:
    """The cells that contribute most to each park's score, with who says what."""
    catalogue, levels = scorecard.catalogue, dict(scorecard.judged)
    if scorecard.agreed:
        agreed = scorecard.matrix.agreed_levels(scorecard.parties)
        levels = {party: table.where(agreed.reindex_like(table).isna()) for party, table in levels.items()}
        levels[AGREED] = agreed.reindex_like(next(iter(levels.values())))
    return reasons(
        # What nobody knows adds to the score, and is no reason for it.
        scorecard.risk.contributions[list(scorecard.matrix.indicators)].where(scorecard.combined.known),
        {party: points(table, catalogue) for party, table in levels.items()},
        levels,
        rules_of(catalogue, scorecard.method),
    )


def reasons(
    contributions: pd.DataFrame,
    points: Mapping[str, pd.DataFrame],
    levels: Mapping[str, pd.DataFrame],
    rules: Mapping[str, str],
) -> tuple[Reason, ...]:
    """Per park the judgements behind the cells that contribute most, largest first.

    `contributions` is park × indicator in points of the total; `points` and `levels` are park × indicator by party;
    `rules` says per indicator how the parties were combined. A cell's contribution is divided over the parties that
    carry it, so a park's reasons never add up to more than its score.
    """
    worth, said = ({party: table.to_dict("index") for party, table in of.items()} for of in (points, levels))
    return tuple(
        Reason(str(park), code, party, int(said[party][park][code]), part)
        for park in contributions.index
        for code, contribution in _largest(contributions.loc[park])
        for party, part in _carrying(
            {party: rows[park][code] for party, rows in worth.items()}, rules[code], contribution
        )
    )


def _largest(contributions: pd.Series) -> list[tuple[str, float]]:
    # Equal contributions stand in the order of their codes, so that the same matrix gives the same list.
    positive = [(str(code), float(value)) for code, value in contributions.items() if value > 0]
    return sorted(positive, key=lambda pair: (-pair[1], pair[0]))[:MOST]


def _carrying(worth: Mapping[str, float], rule: str, contribution: float) -> Iterator[tuple[str, float]]:
    """The parties that carry a cell, by the points of their judgements, each with its part of the contribution."""
    least = max((value for value in worth.values() if value > 0), default=0.0) if rule == "maximum" else 0.0
    carry = {party: value for party, value in worth.items() if value > 0 and value >= least}
    total = sum(carry.values())
    yield from ((party, contribution * value / total) for party, value in carry.items())


def indications(judgements: pd.DataFrame, levels: pd.DataFrame, catalogue: Catalogue) -> tuple[Indication, ...]:
    """The indication of every phenomenon that is asked about, on every park, in the catalogue's order.

    `levels` is the combined level per park × indicator; `judgements`, as they count, say which party supports it.
    """
    supporting = judgements[(judgements["state"] == "level") & (judgements["level"] >= 1)]
    behind: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for park, indicator, party, source in zip(
        *(supporting[name] for name in ("park_id", "indicator", "party", "source_strength")), strict=True
    ):
        behind[park, indicator].append((party, source))
    asked = {
        one.id: codes
        for one in catalogue.phenomena
        if (codes := [threat.id for threat in catalogue.threats if one.id in threat.phenomena])
    }
    return tuple(
        _indication(str(park), phenomenon, {code: own[code] for code in codes}, behind, catalogue)
        for park, own in levels.to_dict("index").items()
        for phenomenon, codes in asked.items()
    )


def _indication(
    park: str,
    phenomenon: str,
    levels: Mapping[str, float],
    behind: Mapping[tuple[str, str], Sequence[tuple[str, str]]],
    catalogue: Catalogue,
) -> Indication:
    """`behind`: park and indicator → the parties that suspect something, each with its source."""
    known = {code: float(level) for code, level in levels.items() if not math.isnan(level)}
    suspected = tuple(code for code, level in known.items() if level > 0)
    support = [one for code in suspected for one in behind.get((park, code), ())]
    named = {party for party, _ in support}
    return Indication(
        park_id=park,
        phenomenon=phenomenon,
        strength=max(
            (strength_of(code, level, catalogue) for code, level in known.items()), key=_ORDER, default="unknown"
        ),
        indicators=suspected,
        parties=tuple(party for party in (*(one.id for one in catalogue.parties), AGREED) if party in named),
        source_strength=min((source for _, source in support if source), default=""),
    )


_ORDER = STRENGTHS.index


def strength_of(code: str, level: float, catalogue: Catalogue) -> str:
    """A level in words, by its own scale in risk direction: the highest strong, high ones clear, the lowest none."""
    lowest, highest = (catalogue.level(code, word) for word in ("lowest", "highest"))
    reach = (level - lowest) / (highest - lowest)
    if reach <= 0:
        return "none"
    if reach >= 1:
        return "strong"
    return "clear" if catalogue.is_high(code, level) else "weak"


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
