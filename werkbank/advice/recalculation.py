"""A municipality's parks recalculated with every choice that could have been otherwise, by the catalogue's words."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from werkbank.advice.flip_cells import Cell, GroupCells, ParkCells
from werkbank.advice.scorecard import ROOT, Scorecard, points_per_level, rules_of, structure
from werkbank.matrix import RiskMatrix
from werkbank.scoring.robustness import Robustness, robustness
from werkbank.scoring.unknown_cells import District, describe_district
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method

__all__ = [
    "counted_groups",
    "district_figures",
    "nominal_totals",
    "park_cells",
    "recalculate",
]


def recalculate(
    matrix: RiskMatrix, catalogue: Catalogue, method: Method, parties: Sequence[str], district: District
) -> Robustness:
    """The parks of `matrix` in `method.draws` recalculations over what `method.uncertainty` names (method.md 6).

    Rules that a meeting settled stay as recorded; who is the only party errs too, but cannot be combined otherwise.
    """
    return _drawn(matrix, catalogue, method, parties, _uncertain(method), method.draws, district)


def nominal_totals(matrix: RiskMatrix, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> pd.Series:
    """The total of every park on the judgements of some parties: one recalculation in which nothing is uncertain.

    It is the total that `score_matrix` gives, without the bounds and contributions that take most of its time.
    """
    return _drawn(matrix, catalogue, method, parties, {}, 1, None).totals[0].rename(ROOT)


def _drawn(
    matrix: RiskMatrix,
    catalogue: Catalogue,
    method: Method,
    parties: Sequence[str],
    uncertain: Mapping[str, Any],
    draws: int,
    district: District | None,
) -> Robustness:
    return robustness(
        {party: matrix.levels(party) for party in parties},
        structure(catalogue, method),
        points=points_per_level(catalogue),
        rules=rules_of(catalogue, method),
        consensus_default=rules_of(catalogue, Method()),
        best_judge={indicator.id: indicator.best_judge for indicator in catalogue.indicators},
        best_judge_weight=method.best_judge_weight,
        uncertain=uncertain,
        draws=draws,
        seed=method.seed,
        not_applicable={party: matrix.not_applicable(party) for party in parties},
        mean={**method.power.model_dump(), ROOT: "arithmetic"},
        minimum_coverage=method.minimum_coverage,
        district=district,
    )


def district_figures(
    matrix: RiskMatrix, scorecard: Scorecard, catalogue: Catalogue, method: Method, parties: Sequence[str]
) -> District:
    """What the draws take from the whole district: frequencies of levels, correlation, difference between parties."""
    missing = method.uncertainty.missing
    estimated = missing is None or missing.correlation == "estimated"
    return describe_district(
        scorecard.levels,
        {party: matrix.levels(party) for party in parties},
        points_per_level(catalogue),
        correlation=None if estimated else float(missing.correlation),  # type: ignore[union-attr]
        at_least=0.0 if missing is None else missing.at_least,
    )


def park_cells(scorecard: Scorecard, catalogue: Catalogue, method: Method) -> tuple[ParkCells, ...]:
    """Every park with a score: its groups as they count in the total, and the known cells behind them."""
    tree = structure(catalogue, method)
    weight: dict[str, float] = dict(zip(tree["code"], tree["weight"], strict=True))
    members = {str(group): [str(code) for code in rows["code"]] for group, rows in tree.groupby("parent", sort=False)}
    groups = members.pop(ROOT)
    counted = counted_groups(scorecard, pd.Series(weight)[groups])
    power: Mapping[str, float] = method.power.model_dump()
    worth = points_per_level(catalogue)
    levels = scorecard.levels.to_dict("index")
    scores = scorecard.risk.groups.to_dict("index")

    def cells(park: Hashable, group: str) -> tuple[Cell, ...]:
        if math.isnan(scores[park][group]):
            return ()
        own = {code: float(levels[park][code]) for code in members[group]}
        known = {code: level for code, level in own.items() if not math.isnan(level)}
        return tuple(Cell(code, level, weight[code], worth[code]) for code, level in known.items())

    def park_of(park: Hashable, counts: Mapping[Hashable, float]) -> ParkCells:
        own = [group for group in groups if not math.isnan(counts[group])]
        found = tuple(
            GroupCells(group, weight[group], power[group], counts[group], cells(park, group)) for group in own
        )
        return ParkCells(str(park), found, exact=not any(math.isnan(scores[park][group]) for group in groups))

    total = scorecard.risk.total
    by_park = counted.to_dict("index")
    return tuple(park_of(park, by_park[park]) for park in total.index[total.notna()])


def counted_groups(scorecard: Scorecard, weights: pd.Series) -> pd.DataFrame:
    """Per park and group in `weights` the score that counts in the total: its own, or what it stands in with."""
    codes, weight = list(weights.index), weights.to_numpy()
    scores, low, high = (
        table[codes].to_numpy()
        for table in (scorecard.risk.groups, scorecard.risk.groups_low, scorecard.risk.groups_high)
    )
    known = ~np.isnan(scores)
    with np.errstate(invalid="ignore"):
        mean = np.where(known, scores * weight, 0.0).sum(axis=1) / (known * weight).sum(axis=1)
    # A group in which nothing applies has no bounds to keep within.
    stands_in = np.fmin(np.fmax(mean[:, None], low), high)
    counted = np.where(known, scores, np.where(np.isnan(mean)[:, None], np.nan, stands_in))
    return pd.DataFrame(counted, index=scorecard.risk.groups.index, columns=codes)


def _uncertain(method: Method) -> dict[str, Any]:
    """The method's uncertainties by name; how missing cells hang together is among the district's figures."""
    named = method.uncertainty.model_dump()
    named["missing"] = named["missing"] is not None
    return named
