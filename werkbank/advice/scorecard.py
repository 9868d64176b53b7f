"""From a risk matrix to the scores of its parks: the catalogue says what a level means, the method how it counts."""

from __future__ import annotations

import math
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from werkbank.advice.flips import Cell, GroupCells, ParkCells
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
from werkbank.scoring.means import FloatArray
from werkbank.scoring.robustness import District, Robustness, describe_district, robustness
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method
from werkbank.settings.parameters import Method

__all__ = [
    "ROOT",
    "Scorecard",
    "points",
    "points_per_level",
    "rules_of",
    "score_matrix",
    "structure",
    "without_noise",
    "counted_groups",
    "district_figures",
    "nominal_totals",
    "park_cells",
    "recalculate",
    "cell_rows",
    "group_rows",
    "judgement_rows",
    "park_rows",
    "rank_rows",
]

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


REGISTER_COLUMNS = ("name", "municipality", "net_ha", "gross_ha", "longitude", "latitude", "ibis_rin")
"""What is kept of the register."""


def park_rows(
    own: pd.DataFrame, scorecard: Scorecard, elsewhere: pd.Series, found: Robustness, capacity: int
) -> pd.DataFrame:
    """A row per park: the register's columns, scores, ranks here and among `elsewhere`, and the recalculations'.

    `p_first` and `p_selected` are shares of recalculations; `rank_low`, `rank_high`, `drawn_low` and `drawn_high` the
    5th and 95th percentiles of rank and score.
    """
    everyone = pd.concat([scorecard.risk.total, elsewhere])
    between = found.intervals
    table = scorecard.table.assign(
        district_rank=rank(without_noise(everyone)).loc[own.index],
        p_first=found.p_first,
        p_selected=found.p_top(capacity),
        rank_low=between["rank_low"].astype("Int64"),
        rank_high=between["rank_high"].astype("Int64"),
        drawn_low=between["score_low"],
        drawn_high=between["score_high"],
    )
    # What else a register holds may be called as a column of ours, or not be for every reader.
    return own[[name for name in REGISTER_COLUMNS if name in own]].join(table).reset_index(names="park_id")


def rank_rows(found: Robustness) -> pd.DataFrame:
    """A row per park and rank it had in any recalculation: park_id, rank, share (the rank acceptability)."""
    table = found.acceptability
    shares = table.to_numpy()
    park, place = np.nonzero(shares > 0)
    rows = {"park_id": table.index.to_numpy()[park], "rank": place + 1, "share": shares[park, place]}
    return pd.DataFrame(rows).astype({"park_id": "str", "rank": "Int64"})


def group_rows(scorecard: Scorecard, catalogue: Catalogue) -> pd.DataFrame:
    """A row per park and group: score, low, high, coverage, two_sided, and its part of the total in points.

    The contributions of the groups add up to the total. That of a group without a score is what it stands in for.
    """
    risk = scorecard.risk
    frames = {
        "score": risk.groups,
        "low": risk.groups_low,
        "high": risk.groups_high,
        "coverage": risk.coverage,
        "two_sided": risk.two_sided,
        "contribution": _group_parts(risk, catalogue),
    }
    return _long(frames, list(risk.groups_low.columns), "group")


def _group_parts(risk: RiskScores, catalogue: Catalogue) -> pd.DataFrame:
    """Park × group and the whole: the sum of what its cells add to the total, or what it stands in for."""
    parts, total = risk.contributions, risk.total
    found: dict[str, pd.Series] = {
        family.score: parts[[one.id for one in catalogue.by_family(family.id)]].sum(axis=1) + parts[family.score]
        for family in catalogue.families
    }
    found[str(risk.root)] = total
    return pd.DataFrame(found).where(total.notna(), np.nan)


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
        "contribution": scorecard.risk.contributions[list(combined.values.columns)],
    }
    return _long(frames, list(combined.values.columns), "indicator")


def _long(frames: dict[str, pd.DataFrame], codes: list[str], name: str) -> pd.DataFrame:
    """Several tables of park × code as one, a row per park and code."""
    parks = next(iter(frames.values())).index
    keys = {"park_id": np.repeat(parks, len(codes)), name: np.tile(codes, len(parks))}
    columns = {column: frame[codes].to_numpy().ravel() for column, frame in frames.items()}
    return pd.DataFrame(keys | columns).astype({"park_id": "str", name: "str"})


def judgement_rows(matrix: RiskMatrix, parties: Sequence[str]) -> pd.DataFrame:
    """A row per park, indicator and party as delivered, without the remark; dates as text."""
    judgements = matrix.judgements
    rows = judgements[judgements["party"].isin(parties)].drop(columns="remark").reset_index(drop=True)
    dates = rows["date"].dt.strftime("%Y-%m-%d").astype("str").replace({"nan": "", "NaT": ""}).fillna("")
    return rows.assign(date=dates, level=rows["level"].astype("Int64"))
