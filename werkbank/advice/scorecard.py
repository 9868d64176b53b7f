"""From a risk matrix to the scores of its parks: the catalogue says what a level means, the method how it counts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import KEPT
from werkbank.scoring import (
    Combined,
    RiskScores,
    classify,
    combine,
    distance_to_border,
    quadrant,
    rank,
    score_risk,
    weigh_groups,
)
from werkbank.scoring.robustness import Robustness, robustness
from werkbank.scoring.unknown_cells import District, describe_district
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method

__all__ = [
    "ROOT", "Scorecard", "best_judges", "cell_rows", "counted_groups", "district_figures", "group_rows",
    "judgement_rows", "park_rows", "places", "points", "points_per_level", "rank_rows", "recalculate", "rules_of",
    "score_matrix", "structure",
]  # fmt: skip

ROOT = "total"
KEPT_OF_A_PARK = ("name", "municipality", "net_ha", "gross_ha", "longitude", "latitude", "ibis_rin")
"""The columns of the park list that an Assessment keeps."""


@dataclass(frozen=True, slots=True, eq=False)
class Scorecard:
    """What the scoring functions say of every park of a matrix, beside what they were given.

    Tables are indexed by park, with a column per indicator or group.
    """

    matrix: RiskMatrix
    catalogue: Catalogue
    method: Method
    parties: tuple[str, ...]
    combined: Combined
    risk: RiskScores
    levels: pd.DataFrame
    """The combined level per park × indicator, on the indicator's own scale; NaN where nobody knows."""
    table: pd.DataFrame
    """Per park: score, low, high, rank, class, distance, quadrant, marked, highest, share_high, coverage, two_sided."""

    @property
    def judged(self) -> dict[str, pd.DataFrame]:
        """Party → its levels, park × indicator."""
        return {party: self.matrix.levels(party) for party in self.parties}


def score_matrix(matrix: RiskMatrix, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> Scorecard:
    """The parks of `matrix` scored by `method` on the judgements of `parties` (method.md 1-4).

    No park's score depends on another park; only the rank does.
    """
    combined = combined_by(
        {party: matrix.levels(party) for party in parties},
        catalogue,
        method,
        {party: matrix.not_applicable(party) for party in parties},
    )
    risk = score_risk(combined, structure(catalogue, method), **_weighing(catalogue, method))
    levels = _levels(combined.values, catalogue)
    table = _table(risk, levels, catalogue, method)
    return Scorecard(matrix, catalogue, method, tuple(parties), combined, risk, levels, table)


def recalculate(scorecard: Scorecard, district: District) -> Robustness:
    """The parks in `method.draws` recalculations over what `method.uncertainty` names (method.md 6).

    Rules that a meeting settled stay as recorded; who is the only party errs too, but cannot be combined otherwise.
    """
    catalogue, method = scorecard.catalogue, scorecard.method
    uncertain = method.uncertainty.model_dump()
    return robustness(
        scorecard.combined,
        structure(catalogue, method),
        # How missing cells hang together is among the district's figures.
        uncertain=uncertain | {"missing": uncertain["missing"] is not None},
        draws=method.draws,
        seed=method.seed,
        district=district,
        **_weighing(catalogue, method),
    )


def district_figures(scorecard: Scorecard) -> District:
    """What the draws take from the whole district: frequencies of levels, correlation, difference between parties."""
    missing = scorecard.method.uncertainty.missing
    given = missing is not None and missing.correlation != "estimated"
    return describe_district(
        scorecard.levels,
        scorecard.judged,
        points_per_level(scorecard.catalogue),
        correlation=float(missing.correlation) if missing and given else None,
        at_least=missing.at_least if missing else 0.0,
    )


def counted_groups(scorecard: Scorecard, weights: Mapping[str, float]) -> pd.DataFrame:
    """Park × group: the score that counts in a total over these groups, its own or what it stands in with."""
    risk, codes = scorecard.risk, list(weights)
    return weigh_groups(risk.groups[codes], risk.groups_low[codes], risk.groups_high[codes], weights)[1]


def combined_by(
    levels: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
    method: Method,
    not_applicable: Mapping[str, pd.DataFrame] | None = None,
) -> Combined:
    """The levels of the parties (park × indicator) combined by the method and the catalogue."""
    return combine(
        levels,
        not_applicable,
        points=points_per_level(catalogue),
        rules=rules_of(catalogue, method),
        best_judge=best_judges(catalogue),
        best_judge_weight=method.best_judge_weight,
        # Until the meeting's outcome is recorded, consensus is what the rule was before the meeting.
        consensus_default={one.id: catalogue.family_of(one.id).combination for one in catalogue.indicators},
    )


def structure(catalogue: Catalogue, method: Method) -> pd.DataFrame:
    """The tree of weights: `code, parent, weight`; subcategories are headings and carry no weight."""
    group_of = {family.id: family.score for family in catalogue.families}
    weights = method.group_weights.model_dump()
    rows: list[tuple[str, str | None, float]] = [(ROOT, None, 1.0)]
    rows += [(group, ROOT, weights[group]) for group in group_of.values()]
    for indicator in catalogue.indicators:
        severity = indicator.severity if method.severity == "multiply" and indicator.severity else 1
        rows.append((indicator.id, group_of[indicator.family], indicator.weight * severity))
    return pd.DataFrame(rows, columns=["code", "parent", "weight"])


def _weighing(catalogue: Catalogue, method: Method) -> dict[str, Any]:
    """How cells become the scores of groups, and groups the total."""
    return {
        "mean": {**method.power.model_dump(), ROOT: "arithmetic"},
        "minimum_coverage": method.minimum_coverage,
        "required": catalogue.required.score,
    }


def best_judges(catalogue: Catalogue) -> dict[str, str]:
    """Indicator → the party that can judge it best."""
    return {indicator.id: indicator.best_judge for indicator in catalogue.indicators}


def rules_of(catalogue: Catalogue, method: Method) -> dict[str, str]:
    """Indicator → the rule by which the method combines its judgements."""
    by_family = method.combination.model_dump()
    return {indicator.id: by_family[indicator.family] for indicator in catalogue.indicators}


def points(levels: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Levels as points 0-100 in risk direction: higher is worse, also for resilience (method.md 1).

    NaN for what is no level of the indicator's scale.
    """
    worth, cells = points_per_level(catalogue), levels.to_numpy(dtype=np.float64)
    # level × indicator; a shorter scale than the longest ends in NaN.
    table = np.array(list(zip_longest(*(worth[code] for code in levels), fillvalue=np.nan)))
    found = np.isin(cells, np.arange(len(table)))
    read = table[np.where(found, cells, 0).astype(np.intp), np.arange(len(levels.columns))]
    return pd.DataFrame(np.where(found, read, np.nan), index=levels.index, columns=levels.columns)


def points_per_level(catalogue: Catalogue) -> dict[Hashable, tuple[float, ...]]:
    """Indicator → the points 0-100 of its levels in risk direction: falling for a protective family."""
    found: dict[Hashable, tuple[float, ...]] = {}
    for indicator in catalogue.indicators:
        scale = catalogue.scale_of(indicator.id)
        rising = tuple(float(scale.points_of(level.value)) for level in scale.levels)
        falling = catalogue.family(indicator.family).protective
        found[indicator.id] = tuple(100 - point for point in rising) if falling else rising
    return found


def _levels(values: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Combined points back on each indicator's own scale, in proportion, so that people read what they filled in."""
    found = {}
    for code, worth in points_per_level(catalogue).items():
        known_points, known_levels = zip(*sorted(zip(worth, range(len(worth)), strict=True)), strict=True)
        found[code] = np.interp(values[code].to_numpy(), known_points, known_levels)
    return pd.DataFrame(found, index=values.index, columns=values.columns)


def _table(risk: RiskScores, levels: pd.DataFrame, catalogue: Catalogue, method: Method) -> pd.DataFrame:
    suspected = levels[[indicator.id for indicator in catalogue.threats]]
    coverage, two_sided = risk.coverage[ROOT], risk.two_sided[ROOT]
    limits = {"high": method.high, "minimum_coverage": method.minimum_coverage}
    place = quadrant(risk.total, risk.low, risk.high, coverage, two_sided, **limits)
    known = suspected.notna().sum(axis=1)
    high = suspected >= [catalogue.high_level(one.id) for one in catalogue.threats]
    return pd.DataFrame(
        {
            "score": risk.total,
            "low": risk.low,
            "high": risk.high,
            "rank": places(risk.total),
            "class": classify(risk.total, method.class_borders),
            "distance": distance_to_border(risk.total, method.class_borders),
            "quadrant": place["quadrant"],
            "marked": place["marked"],
            "highest": suspected.max(axis=1),
            "share_high": high.sum(axis=1) / known.where(known > 0),
            "coverage": coverage,
            "two_sided": two_sided,
        }
    )


def places(scores: pd.Series) -> pd.Series:
    """The place of every score, 1 the highest; scores that differ only in the last bits of a sum tie."""
    return rank(scores.round(9))


def park_rows(
    own: pd.DataFrame, scorecard: Scorecard, elsewhere: pd.Series, found: Robustness, capacity: int
) -> pd.DataFrame:
    """A row per park: the park list's columns, scores, ranks here and among `elsewhere`, and the recalculations'.

    `p_first` and `p_selected` are shares of recalculations; `rank_low`, `rank_high`, `drawn_low` and `drawn_high` the
    5th and 95th percentiles of rank and score.
    """
    everyone = pd.concat([scorecard.risk.total, elsewhere])
    between = found.intervals
    table = scorecard.table.assign(
        district_rank=places(everyone).loc[own.index],
        p_first=found.p_first,
        p_selected=found.p_top(capacity),
        rank_low=between["rank_low"].astype("Int64"),
        rank_high=between["rank_high"].astype("Int64"),
        drawn_low=between["score_low"],
        drawn_high=between["score_high"],
    )
    kept = own[[name for name in KEPT_OF_A_PARK if name in own]]
    return kept.join(table).reset_index(names="park_id")


def rank_rows(found: Robustness) -> pd.DataFrame:
    """A row per park and rank it had in any recalculation: park_id, rank, share (the rank acceptability)."""
    table = found.acceptability
    shares = table.to_numpy()
    park, place = np.nonzero(shares > 0)
    rows = {"park_id": table.index.to_numpy()[park], "rank": place + 1, "share": shares[park, place]}
    return pd.DataFrame(rows).astype({"park_id": "str", "rank": "Int64"})


def group_rows(scorecard: Scorecard) -> pd.DataFrame:
    """A row per park and group: score, low, high, coverage, two_sided, and its part of the total in points.

    The contributions of the groups add up to the total. That of a group without a score is what it stands in for.
    """
    risk, catalogue = scorecard.risk, scorecard.catalogue
    parts: dict[str, pd.Series] = {
        family.score: risk.contributions[[one.id for one in catalogue.by_family(family.id)]].sum(axis=1)
        + risk.contributions[family.score]
        for family in catalogue.families
    }
    frames = {
        "score": risk.groups,
        "low": risk.groups_low,
        "high": risk.groups_high,
        "coverage": risk.coverage,
        "two_sided": risk.two_sided,
        "contribution": pd.DataFrame(parts | {ROOT: risk.total}).where(risk.total.notna(), np.nan),
    }
    return _long(frames, list(risk.groups_low.columns), "group")


def cell_rows(scorecard: Scorecard) -> pd.DataFrame:
    """A scorecard's cells as rows: park_id, indicator, level, points, bounds, what is known, contribution."""
    combined = scorecard.combined
    frames = {
        "level": scorecard.levels,
        "points": combined.values,
        "low": combined.low,
        "high": combined.high,
        "applicable": combined.applicable,
        "known": combined.known,
        "known_by_all": combined.known_by_all,
        "contribution": scorecard.risk.contributions,
    }
    return _long(frames, list(combined.values.columns), "indicator")


def _long(frames: dict[str, pd.DataFrame], codes: list[str], name: str) -> pd.DataFrame:
    """Several tables of park × code as one, a row per park and code."""
    parks = next(iter(frames.values())).index
    keys = {"park_id": np.repeat(parks, len(codes)), name: np.tile(codes, len(parks))}
    columns = {column: frame[codes].to_numpy().ravel() for column, frame in frames.items()}
    return pd.DataFrame(keys | columns).astype({"park_id": "str", name: "str"})


def judgement_rows(matrix: RiskMatrix, parties: Sequence[str]) -> pd.DataFrame:
    """A row per park, indicator and party as delivered: what is kept of a judgement, dates as text."""
    judgements = matrix.judgements
    rows = judgements.loc[judgements["party"].isin(parties), list(KEPT)].reset_index(drop=True)
    dates = rows["date"].dt.strftime("%Y-%m-%d").astype("str").replace({"nan": "", "NaT": ""}).fillna("")
    return rows.assign(date=dates, level=rows["level"].astype("Int64"))
