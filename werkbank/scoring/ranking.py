"""From scores to an order, a class and a quadrant; always before any rounding, never by quantiles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from werkbank.scoring.aggregation import TOLERANCE
from werkbank.scoring.arrays import as_numbers, read_array
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.tables import FloatArray, check_share

__all__ = ["classify", "distance_to_border", "quadrant", "rank"]

TIES = ("min", "max")
MESSAGE = "Dit zijn geen scores."


def rank(scores: Any, ties: str = "min") -> pd.Series[int]:
    """The place of each unit, 1 = highest; equal scores share a place and no score has none (<NA>).

    `scores`: a Series, whose units are kept, or a list or array, whose units are numbered from 0; None, NaN and
    pandas' NA are no score. `ties`: "min", competition ranking 1 2 2 4, or "max", 1 3 3 4. Scores that differ in
    their last bit differ: nothing is rounded before the ranking. ScoringError for anything but numbers.

    >>> wb.scoring.rank(pd.Series({"noord": 60.0, "zuid": None, "oost": 60.0, "west": 10.0})).to_dict()
    {'noord': 1, 'zuid': None, 'oost': 1, 'west': 3}
    """
    if ties not in TIES:
        remedy = meant(ties, TIES, "kies een van deze")
        refuse("Deze rangschikking bestaat niet.", [fault("unknown-ties", f"“{ties}”", names(TIES), remedy)])
    numbers = _numbers(scores, "de scores")
    known = ~np.isnan(numbers)
    ascending = np.sort(numbers[known])
    # The number of scores that are higher, or that are at least as high, by where they would be inserted.
    not_higher = np.searchsorted(ascending, numbers[known], side="right" if ties == "min" else "left")
    place = ascending.size - not_higher + (1 if ties == "min" else 0)
    units = scores.index if isinstance(scores, pd.Series) else pd.RangeIndex(len(numbers))
    return _whole_numbers(place, known, units, "rank")


def classify(total: pd.Series, borders: Sequence[float]) -> pd.Series[int]:
    """The class of each unit, 1 for the lowest to n + 1, by fixed borders; no score, no class (<NA>).

    A score on a border belongs to the higher class, also when rounding left it 1e-9 short.

    >>> wb.scoring.classify(pd.Series([12.0, 40.0, None]), [20, 40, 60]).tolist()
    [1, 3, <NA>]
    """
    numbers, limits = _of_units(total, "de scores"), _borders(borders)
    known = ~np.isnan(numbers)
    classes = np.searchsorted(limits, numbers[known] + TOLERANCE, side="right") + 1
    return _whole_numbers(classes, known, total.index, "class")


def distance_to_border(total: pd.Series, borders: Sequence[float]) -> pd.Series[float]:
    """How far each score is from the nearest border, in points and never negative; NaN without a score.

    >>> wb.scoring.distance_to_border(pd.Series([12.0, 40.0]), [20, 40, 60]).tolist()
    [8.0, 0.0]
    """
    numbers, limits = _of_units(total, "de scores"), _borders(borders)
    distance = np.abs(numbers[:, np.newaxis] - limits).min(axis=1)
    return pd.Series(distance, index=total.index, name="distance_to_border")


def quadrant(
    total: pd.Series,
    low: pd.Series,
    high_bound: pd.Series,
    coverage: pd.Series,
    two_sided: pd.Series,
    *,
    high: float,
    minimum_coverage: float,
) -> pd.DataFrame:
    """What to do with each unit: `act`, `rest`, `find_out` (the blind spot) or `follow`; per unit `marked`.

    Enough is known when coverage and two_sided both reach `minimum_coverage` and there is a score: then the
    score decides between act and rest. With too little known the bounds decide: certainly high → act,
    marked; possibly high → find_out; else follow. The series have the same units, in any order.

    >>> one = {"total": 20.0, "low": 5.0, "high_bound": 80.0, "coverage": 0.3, "two_sided": 0.1}
    >>> series = {name: pd.Series([value]) for name, value in one.items()}
    >>> wb.scoring.quadrant(**series, high=40, minimum_coverage=0.66)["quadrant"].tolist()
    ['find_out']
    """
    share = check_share(minimum_coverage, "minimum_coverage") - TOLERANCE
    border = high - TOLERANCE
    given = {"low": low, "high_bound": high_bound, "coverage": coverage, "two_sided": two_sided}
    parts = {name: _aligned(series, total, name) for name, series in given.items()}
    score = _of_units(total, "total")
    enough = (parts["coverage"] >= share) & (parts["two_sided"] >= share) & ~np.isnan(score)
    certain = ~enough & (parts["low"] >= border)
    possible = ~enough & (parts["high_bound"] >= border)
    conditions = [certain | (enough & (score >= border)), enough, possible]
    chosen = np.select(conditions, ["act", "rest", "find_out"], default="follow")
    return pd.DataFrame({"quadrant": chosen.astype(str), "marked": certain}, index=total.index).astype(
        {"quadrant": "str"}
    )


def _numbers(scores: Any, what: str) -> FloatArray:
    array = read_array(scores, what, 1)
    numbers = as_numbers(array) if array.size else np.empty(0)
    if numbers is None:
        refuse(MESSAGE, [fault("not-numeric", what, "een reeks getallen of leeg", "geef een reeks met getallen")])
        raise AssertionError  # refuse has raised
    return numbers


def _of_units(scores: Any, what: str) -> FloatArray:
    """The scores of units that have names, as those of different series must be matched."""
    if not isinstance(scores, pd.Series):
        found = f"{what}: een {type(scores).__name__}"
        refuse(MESSAGE, [fault("no-series", found, "een reeks met namen", "geef een Series")])
    return _numbers(scores, what)


def _aligned(series: pd.Series, like: pd.Series, what: str) -> FloatArray:
    numbers = pd.Series(_of_units(series, what), index=series.index)
    other = series.index.symmetric_difference(like.index, sort=False)
    twice = series.index.duplicated().any()
    if twice or len(other):
        found = f"{what}: {'dubbele eenheden' if twice else f'andere eenheden {names(other)}'}"
        refuse(
            "Deze reeksen horen niet bij elkaar.",
            [fault("other-labels", found, "dezelfde eenheden", "maak de reeksen gelijk")],
        )
    return np.asarray(numbers.reindex(like.index), dtype=np.float64)


def _borders(borders: Sequence[float]) -> FloatArray:
    limits: FloatArray = np.asarray(borders, dtype=np.float64)
    if limits.ndim != 1 or not limits.size or not (np.diff(limits) > 0).all() or not np.isfinite(limits).all():
        found, allowed = f"grenzen {list(borders)}", "een of meer getallen, van laag naar hoog"
        refuse(
            "Deze klassegrenzen kunnen niet.",
            [fault("bad-borders", found, allowed, "zet ze op volgorde, elke grens eenmaal")],
        )
    return limits


def _whole_numbers(found: np.ndarray, known: np.ndarray, index: pd.Index, name: str) -> pd.Series[int]:
    numbers = np.ones(len(known), dtype=np.int64)
    numbers[known] = found
    return pd.Series(pd.arrays.IntegerArray(numbers, ~known), index=index, name=name)
