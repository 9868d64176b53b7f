"""Scores of any table of numbers, and of risk matrices: pure functions on arrays and frames.

>>> values = pd.DataFrame({"a": [100.0, 0.0], "b": [50.0, None]}, index=["noord", "zuid"])
>>> scores = wb.scoring.aggregate(values, wb.scoring.equal_weights(values.columns))
>>> wb.scoring.rank(scores.total).to_dict()
{'noord': 1, 'zuid': 2}
"""

from __future__ import annotations

from werkbank.scoring.acceptability import RankAcceptability, rank_acceptability
from werkbank.scoring.aggregation import Scores, aggregate
from werkbank.scoring.agreement import bias, cohen_kappa, gwet_ac, krippendorff_alpha, percent_agreement, pooled_alpha
from werkbank.scoring.alpha_interval import alpha_interval
from werkbank.scoring.category_weights import agreement_weights
from werkbank.scoring.combination import Combined, combine
from werkbank.scoring.decomposition import contributions
from werkbank.scoring.dominance import dominance_pairs, outranking
from werkbank.scoring.leaving_out import leave_one_out
from werkbank.scoring.means import parse_mean, weighted_mean
from werkbank.scoring.ranking import classify, distance_to_border, quadrant, rank, rank_intervals
from werkbank.scoring.resampling import Interval, bootstrap
from werkbank.scoring.risk import RiskScores, score_risk
from werkbank.scoring.sobol import sobol_indices
from werkbank.scoring.structure import effective_weights, equal_weights

__all__ = [
    "Combined",
    "Interval",
    "RankAcceptability",
    "RiskScores",
    "Scores",
    "aggregate",
    "agreement_weights",
    "alpha_interval",
    "bias",
    "bootstrap",
    "classify",
    "cohen_kappa",
    "combine",
    "contributions",
    "distance_to_border",
    "dominance_pairs",
    "effective_weights",
    "equal_weights",
    "gwet_ac",
    "krippendorff_alpha",
    "leave_one_out",
    "outranking",
    "parse_mean",
    "percent_agreement",
    "pooled_alpha",
    "quadrant",
    "rank",
    "rank_acceptability",
    "rank_intervals",
    "score_risk",
    "sobol_indices",
    "weighted_mean",
]


def __dir__() -> list[str]:
    return __all__
