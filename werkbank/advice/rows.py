"""What an Assessment keeps of the scores: long tables, a row per park, group, cell, judgement or rank."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from werkbank.advice.scorecard import Scorecard, without_noise
from werkbank.matrix import RiskMatrix
from werkbank.matrix.risk_matrix import KEPT
from werkbank.scoring import RiskScores, rank
from werkbank.scoring.robustness import Robustness
from werkbank.settings.catalogue import Catalogue

__all__ = ["cell_rows", "group_rows", "judgement_rows", "park_rows", "rank_rows"]

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
    """A row per park, indicator and party: what is kept of a judgement, dates as text."""
    judgements = matrix.judgements
    rows = judgements[judgements["party"].isin(parties)][list(KEPT)].reset_index(drop=True)
    dates = rows["date"].dt.strftime("%Y-%m-%d").astype("str").replace({"nan": "", "NaT": ""}).fillna("")
    return rows.assign(date=dates, level=rows["level"].astype("Int64"))
