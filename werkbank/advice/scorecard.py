"""From a risk matrix to the scores of its parks: the catalogue says what a level means, the method how it counts."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

import numpy as np
import pandas as pd

from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import KEPT, Agreed
from werkbank.scoring import (
    Combined,
    RiskScores,
    classify,
    combine,
    distance_to_border,
    rank,
    score_risk,
)
from werkbank.scoring.ranking import LEVEL
from werkbank.scoring.robustness import Robustness, robustness
from werkbank.scoring.unknown_cells import District, describe_district
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import Method, MissingDraws

ROOT = "total"
INTERVAL_DRAWS = 2_000
"""Draws of what is missing alone: what a score's printed interval is made of."""
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
    district: District
    """The figures of the district: what unknown cells are expected at, and what the draws use."""
    combined: Combined
    risk: RiskScores
    levels: pd.DataFrame
    """The combined level per park × indicator, on the indicator's own scale; NaN where nobody knows."""
    table: pd.DataFrame
    """Per park: score, estimated, mostly_estimated, unknown and asked (numbers of cells), low, high, rank, class,
    distance, highest, share_high, coverage, two_sided, threats_known (by weight), suspected (any threat above 0)."""

    @property
    def judged(self) -> dict[str, pd.DataFrame]:
        """Party → its levels, park × indicator."""
        return {party: self.matrix.levels(party) for party in self.parties}

    @property
    def agreed(self) -> tuple[Agreed, ...]:
        """What the parties agreed on."""
        return self.matrix.agreed_by(self.parties)

    @property
    def candidates(self) -> tuple[str, ...]:
        """The parks with a threat cell above the lowest level: nobody is sent without an indication (method.md 7)."""
        return tuple(map(str, self.table.index[self.table["suspected"]]))


def score_matrix(
    matrix: RiskMatrix,
    catalogue: Catalogue,
    method: Method,
    parties: Sequence[str],
    district: District | None = None,
) -> Scorecard:
    """The parks of `matrix` scored by `method` on the judgements of `parties` (method.md 1-4).

    What nobody knows counts at its expected value by the figures of the `district`; without them the parks of the
    matrix are the district.
    """
    combined = combined_of(matrix, catalogue, method, parties)
    figures = district or district_figures(combined, catalogue, method)
    risk = score_risk(combined, structure(catalogue, method), mean=means(method), district=figures)
    levels = _levels(combined)
    table = _table(combined, risk, levels, catalogue, method)
    return Scorecard(matrix, catalogue, method, tuple(parties), figures, combined, risk, levels, table)


def combined_of(matrix: RiskMatrix, catalogue: Catalogue, method: Method, parties: Sequence[str]) -> Combined:
    """The judgements of these parties in a matrix, combined by the method."""
    return combined_by(
        {party: matrix.levels(party) for party in parties},
        catalogue,
        method,
        {party: matrix.not_applicable(party) for party in parties},
        matrix.agreed_levels(parties),
    )


def recalculate(
    scorecard: Scorecard,
    combined: Combined | None = None,
    streams: Sequence[str] | None = None,
    draws: int | None = None,
) -> Robustness | None:
    """The parks in `method.draws` recalculations over what `method.uncertainty` names (method.md 6).

    None when it names nothing: then every recalculation is the same one, and makes nothing sure. `combined` are other
    cells than the scorecard's, say variants of them, whose random numbers are those of the parks in `streams`.
    """
    named = uncertainty(scorecard.method)
    return None if named is None else _drawn(scorecard, named, draws or scorecard.method.draws, combined, streams)


def uncertainty(method: Method) -> dict[str, Any] | None:
    """What the method draws, as `robustness` takes it; None when it draws nothing."""
    uncertain = method.uncertainty.model_dump()
    # How missing cells hang together is among the district's figures.
    named = uncertain | {"missing": uncertain["missing"] is not None}
    return named if any(named.values()) else None


def missing_alone(scorecard: Scorecard, draws: int = INTERVAL_DRAWS) -> pd.DataFrame | None:
    """Per park between what its score lies in 90 of 100 draws of what is missing alone, as everything was chosen.

    None where unknown cells are not drawn; NaN for a park whose score lies outside it, as it may when very skew.
    """
    if scorecard.method.uncertainty.missing is None:
        return None
    between = _drawn(scorecard, {"missing": True}, draws).intervals[["score_low", "score_high"]].round(9)
    score = scorecard.risk.total
    inside = (between["score_low"] <= score + LEVEL) & (score <= between["score_high"] + LEVEL)
    return between.where(inside)


def _drawn(
    scorecard: Scorecard,
    uncertain: Mapping[str, Any],
    draws: int,
    combined: Combined | None = None,
    streams: Sequence[str] | None = None,
) -> Robustness:
    catalogue, method = scorecard.catalogue, scorecard.method
    return robustness(
        scorecard.combined if combined is None else combined,
        structure(catalogue, method),
        uncertain=uncertain,
        draws=draws,
        seed=method.seed,
        mean=means(method),
        power_of=catalogue.required.score,
        district=scorecard.district,
        streams=streams,
    )


def district_figures(combined: Combined, catalogue: Catalogue, method: Method) -> District:
    """What is taken from the whole district: frequencies of levels, correlation, difference between parties."""
    missing = method.uncertainty.missing or MissingDraws()
    return describe_district(
        combined,
        families={indicator.id: indicator.family for indicator in catalogue.indicators},
        correlation=None if missing.correlation == "estimated" else float(missing.correlation),
        at_least=missing.at_least,
    )


def combined_by(
    levels: Mapping[str, pd.DataFrame],
    catalogue: Catalogue,
    method: Method,
    not_applicable: Mapping[str, pd.DataFrame] | None = None,
    agreed: pd.DataFrame | None = None,
) -> Combined:
    """The levels of the parties (park × indicator) combined by the method, as far as the catalogue asks them.

    Where they `agreed` on a level it counts under any rule.
    """
    return combine(
        levels,
        not_applicable,
        points=points_per_level(catalogue),
        rules=rules_of(catalogue, method),
        best_judge=best_judges(catalogue, tuple(levels)),
        asked_of={one.id: one.asked_of for one in catalogue.indicators if one.asked_of},
        best_judge_weight=method.best_judge_weight,
        consensus=agreed,
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


def means(method: Method) -> dict[Hashable, str | float]:
    """How cells become the scores of groups, and groups the total."""
    found: dict[Hashable, str | float] = {ROOT: "arithmetic"}
    return found | method.power.model_dump()


def best_judges(catalogue: Catalogue, parties: Sequence[str]) -> dict[str, str]:
    """Indicator → the one of these parties that can judge it best, or "both" where no single one can."""
    found = {one.id: catalogue.best_placed(one.id, parties) for one in catalogue.indicators}
    return {code: best[0] if len(best) == 1 else "both" for code, best in found.items()}


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


def _levels(combined: Combined) -> pd.DataFrame:
    """The combined judgements on each indicator's own scale, so that people read what they filled in."""
    cells = combined.cells
    last = np.array([len(cells.kinds[number].points) - 1 for number in cells.kind_of])
    levels = np.where(cells.falling, last - cells.combined, cells.combined)
    return pd.DataFrame(np.where(cells.known, levels, np.nan), cells.units, pd.Index(cells.indicators))


def _table(
    combined: Combined, risk: RiskScores, levels: pd.DataFrame, catalogue: Catalogue, method: Method
) -> pd.DataFrame:
    threats = [indicator.id for indicator in catalogue.threats]
    suspected, coverage = levels[threats], risk.coverage
    known = suspected.notna().sum(axis=1)
    high = suspected >= np.array([catalogue.high_level(code) for code in threats]) - LEVEL
    cells = combined.cells
    # By what it is worth, for levels of one scale are not those of another.
    worst = combined.values[threats].fillna(-1).to_numpy().argmax(axis=1)
    said = cells.of(threats).steps.max(axis=0)
    return pd.DataFrame(
        {
            "score": risk.total,
            "estimated": risk.estimated,
            "mostly_estimated": method.too_little(coverage[ROOT]),
            "unknown": (cells.applicable & ~cells.known).sum(axis=1),
            "asked": cells.applicable.sum(axis=1),
            "low": risk.low,
            "high": risk.high,
            "rank": places(risk.total),
            "class": classify(risk.total, method.class_borders),
            "distance": distance_to_border(risk.total, method.class_borders),
            "highest": suspected.to_numpy()[np.arange(len(suspected)), worst],
            "share_high": high.sum(axis=1) / known.where(known > 0),
            "coverage": coverage[ROOT],
            "two_sided": risk.two_sided[ROOT],
            "threats_known": coverage[catalogue.required.score],
            "suspected": (said > 0).any(axis=1),
        }
    )


def places(scores: pd.Series) -> pd.Series:
    """The place of every score, 1 the highest; scores that differ only in the last bits of a sum tie."""
    return rank(scores, tolerance=LEVEL)


def park_rows(
    own: pd.DataFrame,
    scorecard: Scorecard,
    compared: pd.Series | None,
    found: Robustness | None,
    selected: pd.DataFrame,
) -> pd.DataFrame:
    """A row per park: the park list's columns, scores, ranks here and in the district, and the recalculations'.

    `compared`: the totals of the district's parks, its own included; None where no place can be given. `selected`: per
    park what is advised of it. `p_first` is a share of recalculations, `rank_low` and `rank_high` the 5th and 95th
    percentiles of the rank in them; `drawn_low` and `drawn_high` those of the score over what is missing.
    """
    among = pd.Series(pd.NA, index=own.index, dtype="Int64")
    if compared is not None:
        among = places(compared).loc[own.index]
    drawn, nowhere = missing_alone(scorecard), pd.Series(np.nan, index=scorecard.table.index)
    ranks = None if found is None else found.intervals
    table = scorecard.table.drop(columns="threats_known").assign(
        district_rank=among,
        p_first=nowhere if found is None else found.p_first,
        rank_low=(nowhere if ranks is None else ranks["rank_low"]).astype("Int64"),
        rank_high=(nowhere if ranks is None else ranks["rank_high"]).astype("Int64"),
        drawn_low=nowhere if drawn is None else drawn["score_low"],
        drawn_high=nowhere if drawn is None else drawn["score_high"],
        **selected,
    )
    kept = own[[name for name in KEPT_OF_A_PARK if name in own]]
    return kept.join(table).reset_index(names="park_id")


def rank_rows(found: Robustness | None) -> pd.DataFrame:
    """A row per park and rank it had in any recalculation: park_id, rank, share (the rank acceptability)."""
    table = pd.DataFrame() if found is None else found.acceptability
    shares = table.to_numpy()
    park, place = np.nonzero(shares > 0)
    rows = {"park_id": table.index.to_numpy()[park], "rank": place + 1, "share": shares[park, place]}
    return pd.DataFrame(rows).astype({"park_id": "str", "rank": "Int64"})


def group_rows(scorecard: Scorecard) -> pd.DataFrame:
    """A row per park and group: score, low, high, coverage, two_sided, and its part of the total in points.

    The contributions of the groups add up to the total.
    """
    risk, catalogue = scorecard.risk, scorecard.catalogue
    parts: dict[str, pd.Series] = {
        family.score: risk.contributions[[one.id for one in catalogue.by_family(family.id)]].sum(axis=1)
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
    """A scorecard's cells as rows: park_id, indicator, level, points, bounds, what is known, contribution.

    Where anything was agreed on, `agreed` says by whom and when.
    """
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
        # At how many points what nobody knows counts.
        "expected": scorecard.risk.counted.where(combined.applicable & ~combined.known),
    }
    rows = _long(frames, list(combined.values.columns), "indicator")
    if not scorecard.agreed:
        return rows
    told = {(one.park_id, one.indicator): one.told for one in scorecard.agreed}
    cells = zip(rows["park_id"], rows["indicator"], strict=True)
    return rows.assign(agreed=pd.Series([told.get(cell) for cell in cells], dtype="str"))


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
