"""From a risk matrix to the scores of its parks: the catalogue says what a level means, the method how it counts."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import zip_longest

import numpy as np
import pandas as pd

from werkbank.matrix import RiskMatrix
from werkbank.scoring import (
    Combined,
    RiskScores,
    classify,
    combine,
    distance_to_border,
    quadrant,
    rank,
    score_risk,
)
from werkbank.scoring.tables import FloatArray
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.parameters import Method

__all__ = ["ROOT", "Scorecard", "points", "points_per_level", "rules_of", "score_matrix", "structure", "without_noise"]

ROOT = "total"
HIGH_LEVEL = 2
"""From this level on a suspicion counts as high beside the score (method.md 3)."""


@dataclass(frozen=True, slots=True, eq=False)
class Scorecard:
    """What the scoring functions say of every park of a matrix; indexed by park, columns by indicator or group."""

    combined: Combined
    risk: RiskScores
    levels: pd.DataFrame
    """The combined level per park × indicator, on the indicator's own scale; NaN where nobody knows."""
    table: pd.DataFrame
    """Per park: score, low, high, rank, class, distance, quadrant, marked, highest, share_high, coverage, two_sided."""


def score_matrix(matrix: RiskMatrix, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> Scorecard:
    """The parks of `matrix` scored by `method` on the judgements of `parties` (method.md 1-4).

    No park's score depends on another park; only the rank does.
    """
    combined = combine(
        {party: points(matrix.levels(party), catalogue) for party in parties},
        {party: matrix.not_applicable(party) for party in parties},
        rules=rules_of(catalogue, method),
        best_judge={indicator.id: indicator.best_judge for indicator in catalogue.indicators},
        best_judge_weight=method.best_judge_weight,
        # Until the meeting's outcome is recorded, consensus is what the rule was before the meeting.
        consensus_default=rules_of(catalogue, Method()),
    )
    risk = score_risk(
        combined,
        structure(catalogue, method),
        mean={**method.power.model_dump(), ROOT: "arithmetic"},
        minimum_coverage=method.minimum_coverage,
    )
    levels = _levels(combined.values, catalogue)
    return Scorecard(combined, risk, levels, _table(risk, levels, catalogue, method))


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


def without_noise(scores: pd.Series) -> pd.Series:
    """Scores without the last bits that the order of a sum leaves, so that equal scores tie."""
    return scores.round(9)


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
    """Indicator → the points 0-100 of its levels in risk direction: falling for resilience."""
    found: dict[Hashable, tuple[float, ...]] = {}
    for indicator in catalogue.indicators:
        scale = catalogue.scale_of(indicator.id)
        rising = tuple(float(scale.points_of(level.value)) for level in scale.levels)
        found[indicator.id] = tuple(100 - point for point in rising) if indicator.family == "resilience" else rising
    return found


def _levels(values: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """Combined points back on each indicator's own scale, so that people read what they filled in."""
    worth = points_per_level(catalogue)
    found = [_level_of(values[code].to_numpy(), worth[code]) for code in values]
    return pd.DataFrame(np.stack(found, axis=1), index=values.index, columns=values.columns)


def _level_of(values: FloatArray, worth: Sequence[float]) -> FloatArray:
    """The level at these points, between two levels in proportion; NaN stays NaN."""
    known_points, known_levels = zip(*sorted(zip(worth, range(len(worth)), strict=True)), strict=True)
    return np.asarray(np.interp(values, known_points, known_levels), dtype=np.float64)


def rules_of(catalogue: Catalogue, method: Method) -> dict[str, str]:
    """Indicator → the rule by which the method combines its judgements."""
    by_family = method.combination.model_dump()
    return {indicator.id: by_family[indicator.family] for indicator in catalogue.indicators}


def _table(risk: RiskScores, levels: pd.DataFrame, catalogue: Catalogue, method: Method) -> pd.DataFrame:
    threats = levels[[indicator.id for indicator in catalogue.by_family("threat")]]
    coverage, two_sided = risk.coverage[ROOT], risk.two_sided[ROOT]
    place = quadrant(
        risk.total,
        risk.low,
        risk.high,
        coverage,
        two_sided,
        high=method.high,
        minimum_coverage=method.minimum_coverage,
    )
    known = threats.notna().sum(axis=1)
    return pd.DataFrame(
        {
            "score": risk.total,
            "low": risk.low,
            "high": risk.high,
            "rank": rank(without_noise(risk.total)),
            "class": classify(risk.total, method.class_borders),
            "distance": distance_to_border(risk.total, method.class_borders),
            "quadrant": place["quadrant"],
            "marked": place["marked"],
            "highest": threats.max(axis=1),
            "share_high": (threats >= HIGH_LEVEL).sum(axis=1) / known.where(known > 0),
            "coverage": coverage,
            "two_sided": two_sided,
        }
    )
