"""Scores of any table of numbers, and of risk matrices: pure functions on arrays and frames.

- `tables`: what is handed over, read and checked; `structure`: the hierarchy of a score
- `aggregation`: the score of any table; `combine`: one value per cell from several parties; `score`: the risk score
- `ranking`: order and classes; `sensitivity`: how often each place when weights are uncertain (SMAA-2), unit against
  unit, and which factor drives a model (Sobol)
- `unknown_cells`: what nobody knows; `robustness`: everything drawn anew, and which choice drives the outcome
- `agreement`: how far raters agree; `change`: what a change between two rounds is made of, what a chosen unit would
  have scored as the others went, and which party moved on all units alike

>>> values = pd.DataFrame({"a": [100.0, 0.0], "b": [50.0, None]}, index=["noord", "zuid"])
>>> scores = wb.scoring.aggregate(values, wb.scoring.equal_weights(values.columns))
>>> wb.scoring.rank(scores.total).to_dict()
{'noord': 1, 'zuid': 2}
"""

from __future__ import annotations

from werkbank.scoring.aggregation import Scores, aggregate, leave_one_out, parse_mean, weighted_mean
from werkbank.scoring.agreement import (
    Interval,
    agreement_weights,
    alpha_interval,
    bias,
    cohen_kappa,
    gwet_ac,
    krippendorff_alpha,
    percent_agreement,
    pooled_alpha,
)
from werkbank.scoring.combine import Combined, combine
from werkbank.scoring.ranking import classify, distance_to_border, rank, rank_intervals
from werkbank.scoring.score import RiskScores, score_risk, weigh_groups
from werkbank.scoring.sensitivity import (
    RankAcceptability,
    dominance_pairs,
    outranking,
    rank_acceptability,
    sobol_indices,
)
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
    "classify",
    "cohen_kappa",
    "combine",
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
    "rank",
    "rank_acceptability",
    "rank_intervals",
    "score_risk",
    "sobol_indices",
    "weigh_groups",
    "weighted_mean",
]


def __dir__() -> list[str]:
    return __all__
