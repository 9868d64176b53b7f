"""Scores of any table of numbers, and of risk matrices: pure functions on arrays and frames."""

from __future__ import annotations

from werkbank.scoring.aggregation import Scores, aggregate
from werkbank.scoring.combination import Combined, combine
from werkbank.scoring.decomposition import contributions
from werkbank.scoring.means import parse_mean, weighted_mean
from werkbank.scoring.ranking import classify, distance_to_border, quadrant, rank
from werkbank.scoring.risk import RiskScores, score_risk
from werkbank.scoring.structure import effective_weights, equal_weights

__all__ = [
    "Combined",
    "RiskScores",
    "Scores",
    "aggregate",
    "classify",
    "combine",
    "contributions",
    "distance_to_border",
    "effective_weights",
    "equal_weights",
    "parse_mean",
    "quadrant",
    "rank",
    "score_risk",
    "weighted_mean",
]
