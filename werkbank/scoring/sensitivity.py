"""How far an outcome hangs on what goes in: on weights and values that are uncertain, on each factor of a model.

Rank acceptability: how often each unit reaches each place when the weights, or the values, are uncertain (Lahdelma &
Salminen, SMAA-2, 2001; Tervonen & Figueira 2008). The shares are of recalculations; they are no chance of anything in
the world. Unit against unit: outranking, and pairs that no weighting can turn round. Of any model: the variance-based
indices of Sobol.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding, fault
from werkbank.scoring.ranking import LEVEL, in_blocks, intervals, pairwise_shares, places, rank_shares, ranks_of
from werkbank.scoring.tables import (
    BoolArray,
    FloatArray,
    IntArray,
    check_whole,
    code_faults,
    names,
    read_numbers,
    refuse,
    refuse_one,
    table_html,
)

MESSAGE = "Deze trekkingen kunnen niet."
MOST_UNITS = 5_000
"""Above this a table of units × units is no longer something to hold in memory and look at."""
SOBOL = "Deze gevoeligheidsanalyse kan niet."
ROUNDING = 1e-13
"""What an outcome that does not vary may seem to vary by, as a part of its size."""


@dataclass(frozen=True, eq=False, repr=False)
class RankAcceptability:
    """How often each unit comes at each place, first, and before each other one, as shares of the draws.

    A unit that has no score in any draw has NaN everywhere: nothing is known about it, which is not the same
    as never being first.

    >>> found = wb.scoring.rank_acceptability([[3.0, 1.0], [2.0, 2.0]], [[0.9, 0.1], [0.2, 0.8]])
    >>> found
    <RankAcceptability 2 units over 2 draws>
    """

    _values: FloatArray
    """(units, criteria), the same in every draw, or (draws, units, criteria)."""
    _weights: FloatArray
    """(draws, criteria)."""
    _units: pd.Index
    _criteria: pd.Index

    @property
    def acceptability(self) -> pd.DataFrame:
        """Unit × rank 1 … n: in which share of the draws it has that rank; ties all have the best place.

        ScoringError above 5,000 units.
        """
        _check_square(len(self._units), "acceptability")
        shares = np.where(self._scored[:, np.newaxis], rank_shares(self._ranks), np.nan)
        ranks = pd.RangeIndex(1, len(self._units) + 1, name="rank")
        return pd.DataFrame(shares, index=self._units, columns=ranks)

    @property
    def pairwise(self) -> pd.DataFrame:
        """Unit × unit: in which share of the draws the row comes before the column; a tie counts one half.

        Of the draws in which both have a score; NaN when there is none. ScoringError above 5,000 units.
        """
        _check_square(len(self._units), "pairwise")
        return pd.DataFrame(pairwise_shares(self._ranks), index=self._units, columns=self._units)

    @property
    def p_first(self) -> pd.Series[float]:
        """The share of the draws in which the unit is first; m units that tie for it count 1/m each."""
        unit, draw = self._first
        share = np.bincount(unit, 1 / np.bincount(draw)[draw], minlength=len(self._units)) / len(self._weights)
        return pd.Series(np.where(self._scored, share, np.nan), index=self._units, name="p_first")

    @property
    def central_weights(self) -> pd.DataFrame:
        """Unit × criterion: the mean of the weights by which the unit is first, NaN if it never is."""
        unit, draw = self._first
        sums = [np.bincount(unit, column[draw], minlength=len(self._units)) for column in self._weights.T]
        with np.errstate(invalid="ignore"):
            mean = np.column_stack(sums) / np.bincount(unit, minlength=len(self._units))[:, np.newaxis]
        return pd.DataFrame(mean, index=self._units, columns=self._criteria)

    @property
    def confidence(self) -> pd.Series[float]:
        """The share of the draws in which the unit is first when its own central weights hold; else NaN."""
        central, found = self.central_weights.to_numpy(), np.full(len(self._units), np.nan)
        draws = len(self._values) if self._values.ndim == 3 else 1
        for unit in np.unique(self._first[0]):
            scores, tolerance = _scores(self._values, np.tile(central[unit], (draws, 1)))
            found[unit] = (places(scores, tolerance).above[:, unit] == 0).mean()
        return pd.Series(found, index=self._units, name="confidence")

    @property
    def intervals(self) -> pd.DataFrame:
        """Unit × mean, median, q05 and q95 of its rank."""
        return intervals(self._ranks, self._units)

    def __repr__(self) -> str:
        """How many units over how many draws."""
        return f"<RankAcceptability {len(self._units)} units over {len(self._weights)} draws>"

    def _repr_html_(self) -> str:
        """The first units with how often each is first, and the rank it has in nine of ten draws."""
        return table_html(self, self.intervals[["median", "q05", "q95"]].assign(p_first=self.p_first))

    @cached_property
    def _ranks(self) -> IntArray:
        values, weights = self._values, self._weights

        def scores(block: slice) -> tuple[FloatArray, FloatArray]:
            return _scores(values if values.ndim == 2 else values[block], weights[block])

        return ranks_of(scores, len(weights), len(self._units))

    @cached_property
    def _first(self) -> tuple[IntArray, IntArray]:
        """The units that are first, and in which draw; those that tie are all first."""
        unit, draw = np.nonzero(self._ranks == 1)
        return unit, draw

    @cached_property
    def _scored(self) -> BoolArray:
        return np.asarray(self._ranks.any(axis=1))


def rank_acceptability(values: Any, weights: Any) -> RankAcceptability:
    """How the ranking of the units by their weighted sum depends on the weights, and on what the values are.

    `values`: (units, criteria), or (draws, units, criteria) when they are uncertain too; higher ranks first.
    `weights`: (draws, criteria), or one row of criteria that holds in every draw; 0 or higher, and they need
    not sum to 1. A missing value is left out: the unit then has the weighted mean of what is known, and no
    rank in a draw where nothing known weighs anything. Arrays, lists or DataFrames; labels are kept, and two
    DataFrames are matched by the names of their criteria. Sums that differ by rounding alone tie.
    ScoringError with all faults. Source: Lahdelma & Salminen (2001).

    >>> found = wb.scoring.rank_acceptability([[3.0, 1.0], [2.0, 2.0]], [[0.9, 0.1], [0.2, 0.8]])
    >>> found.p_first.tolist()
    [0.5, 0.5]
    """
    table = read_numbers(values, "de waarden", 2, 3)
    units, criteria = _labels(values, table, weights)
    if isinstance(values, pd.DataFrame) and isinstance(weights, pd.DataFrame):
        refuse(MESSAGE, _label_faults(criteria, weights.columns))
        weights = weights[criteria]
    weighing = read_numbers(weights, "de gewichten", 1, 2)
    if weighing.ndim == 1:
        weighing = np.tile(weighing, (len(table) if table.ndim == 3 else 1, 1))
    refuse(MESSAGE, [*_shape_faults(table, weighing), *_weight_faults(weighing)])
    return RankAcceptability(table, weighing, units, criteria)


def _scores(values: FloatArray, weights: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Draw × unit: the weighted sums, and per draw what the order of a sum can make them differ by.

    With missing values it is the weighted mean of what is known, NaN where nothing is known that weighs.
    """
    filled = np.nan_to_num(values)
    size = np.abs(filled).max() * LEVEL / 100
    total = _weighed(filled, weights)
    if not np.isnan(values).any():
        return total, size * weights.sum(axis=1)
    known = _weighed((~np.isnan(values)).astype(np.float64), weights)
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(known > 0, total / known, np.nan), np.full(len(weights), size)


def _weighed(values: FloatArray, weights: FloatArray) -> FloatArray:
    return np.asarray(weights @ values.T if values.ndim == 2 else np.einsum("dnk,dk->dn", values, weights))


def _labels(values: Any, table: FloatArray, weights: Any) -> tuple[pd.Index, pd.Index]:
    if isinstance(values, pd.DataFrame):
        return values.index, values.columns
    units, criteria = table.shape[-2:]
    named = isinstance(weights, pd.DataFrame) and weights.shape[1] == criteria
    return pd.RangeIndex(units), weights.columns if named else pd.RangeIndex(criteria)


def _label_faults(criteria: pd.Index, found: pd.Index) -> list[Finding]:
    allowed = f"een kolom voor elk criterium: {names(criteria)}"
    remedy = "maak de kolommen van waarden en gewichten gelijk"
    same = criteria.is_unique and len(criteria) == len(found) and criteria.isin(found).all()
    return [] if same else [fault("other-labels", f"gewichten voor {names(found)}", allowed, remedy)]


def _shape_faults(table: FloatArray, weights: FloatArray) -> list[Finding]:
    faults = []
    if 0 in table.shape or 0 in weights.shape:
        found = f"{table.shape[-2]} eenheden, {table.shape[-1]} criteria, {len(weights)} trekkingen"
        faults.append(fault("nothing-to-rank", found, "van elk minstens een", "geef waarden en gewichten"))
    if table.shape[-1] != weights.shape[-1]:
        found = f"{table.shape[-1]} criteria, en gewichten voor {weights.shape[-1]}"
        faults.append(fault("bad-shape", found, "een gewicht per criterium", "maak ze gelijk"))
    if table.ndim == 3 and len(table) != len(weights):
        found = f"{len(table)} trekkingen van waarden, {len(weights)} van gewichten"
        faults.append(fault("bad-shape", found, "van beide evenveel", "maak ze gelijk"))
    return faults


def _weight_faults(weights: FloatArray) -> list[Finding]:
    faults, idle = [], (weights == 0).all(axis=1)
    if not (weights >= 0).all():
        faults.append(fault("bad-weight", "een negatief of leeg gewicht", "0 of hoger", "verbeter de gewichten"))
    if weights.size and idle.any():
        found = f"{idle.sum()} trekkingen waarin alle gewichten 0 zijn"
        faults.append(fault("no-weight", found, "minstens een gewicht boven 0", "verbeter de gewichten"))
    return faults


def _check_square(units: int, what: str) -> None:
    """ScoringError when a table of units × units would be too large."""
    if units > MOST_UNITS:
        found, allowed = f"{what}: {units} eenheden", f"hoogstens {MOST_UNITS} eenheden"
        remedy = "vraag het van een deel van de eenheden"
        refuse_one("Deze tabel wordt te groot.", "too-many-units", found, allowed, remedy)


def outranking(values: Any, weights: Any = None) -> pd.DataFrame:
    """Unit × unit: the share of the weight of the criteria on which the row is higher; a tie counts one half.

    `values`: unit × criterion, higher is more; `weights`: one per criterion, else all weigh the same. Only
    criteria known of both count; NaN where there is none. The diagonal is 0, and two opposite cells add up
    to 1. ScoringError above 5,000 units. Source: Munda (2008); outrankMatrix of COINr.

    >>> wb.scoring.outranking([[3, 1], [2, 2]]).to_numpy().tolist()
    [[0.0, 0.5], [0.5, 0.0]]
    """
    table = read_numbers(values, "de waarden", 2)
    units = len(table)
    _check_square(units, "outranking")
    ahead, shared = np.zeros((units, units)), np.zeros((units, units))
    for criterion, weight in zip(table.T, _criterion_weights(weights, values, table.shape[1]), strict=True):
        known = ~np.isnan(criterion)
        shared += weight * np.outer(known, known)
        ahead += weight * (criterion[:, np.newaxis] > criterion)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (ahead - ahead.T + shared) / (2 * shared)
    np.fill_diagonal(share, 0.0)
    index = values.index if isinstance(values, pd.DataFrame) else pd.RangeIndex(units)
    return pd.DataFrame(share, index=index, columns=index)


def dominance_pairs(values: Any) -> int:
    """In how many pairs one unit is higher on every criterion, so that no weighting can turn them round.

    `values`: unit × criterion. A tie or a missing value on any criterion proves nothing, so the pair does not
    count. Source: nDominant of COINr's outrankMatrix.

    >>> wb.scoring.dominance_pairs([[3, 3], [2, 2], [1, 4]])
    1
    """
    table = read_numbers(values, "de waarden", 2)
    units, criteria = table.shape
    found: list[int] = []

    def work(rows: slice) -> None:
        above = np.ones((rows.stop - rows.start, units), dtype=np.bool_)
        for criterion in table.T:
            above &= criterion[rows, np.newaxis] > criterion
        found.append(int(np.count_nonzero(above)))

    in_blocks(work, units if criteria else 0, units)
    return sum(found)


def _criterion_weights(weights: Any, values: Any, criteria: int) -> FloatArray:
    if weights is None:
        return np.ones(criteria)
    if isinstance(weights, pd.Series) and isinstance(values, pd.DataFrame) and set(weights.index) == set(values):
        weights = weights[values.columns]
    found = read_numbers(weights, "de gewichten", 1)
    if len(found) != criteria or not (found >= 0).all() or not found.any():
        allowed = f"{criteria} gewichten van 0 of hoger, minstens een erboven"
        what, remedy = f"gewichten {found.tolist()}", "geef een gewicht per criterium"
        refuse_one("Deze gewichten kunnen niet.", "bad-weight", what, allowed, remedy)
    return found


def sobol_indices(
    model: Callable[[FloatArray], Any],
    factors: Mapping[Any, tuple[float, float]],
    *,
    n: int,
    seed: int,
    points: FloatArray | None = None,
) -> pd.DataFrame:
    """Per factor the part of the outcome's variance that it explains alone (first), and with others (total).

    `factors`: name → (low, high), uniform and independent. `model`: array (runs, factors), columns in the
    order of `factors` → one number per run; it is called once, with n × (factors + 2) runs. `n`: base runs,
    a power of 2 is best. NaN when the outcome does not vary. The base sample is a scrambled Sobol sequence
    made from the `seed`, unless `points` are given: n × (2 × factors), from 0 to 1. ScoringError for factors
    without limits and for outcomes that are no numbers.
    Sources: first order Saltelli et al. (2010), table 2 (b); total Jansen (1999), table 2 (f) there.

    >>> factors = {"a": (0, 1), "b": (0, 1)}
    >>> found = wb.scoring.sobol_indices(lambda runs: runs[:, 0] + 2 * runs[:, 1], factors, n=1024, seed=2018)
    >>> found["total"].round(2).to_dict()
    {'a': 0.2, 'b': 0.8}
    """
    named, limits = list(factors), list(factors.values())
    refuse(SOBOL, _factor_faults(factors))
    low, high = np.array(limits, dtype=np.float64).T
    runs, stream = check_whole(n, 2, "n"), check_whole(seed, 0, "seed")
    base = _sample(runs, 2 * len(named), stream) if points is None else points
    one, other = (low + half * (high - low) for half in np.split(base, 2, axis=1))
    # Per factor the first sample with that factor as in the other.
    crossed = [np.where(np.arange(len(named)) == factor, other, one) for factor in range(len(named))]
    outcomes = _outcomes(model, np.concatenate([one, other, *crossed]))
    of_one, of_other, *of_crossed = np.split(outcomes, len(named) + 2)
    both = np.concatenate([of_one, of_other])
    # Centred, so that a large mean does not drown what the factors do.
    middle = both.mean()
    variance = both.var() if np.ptp(both) > ROUNDING * np.abs(both).max() else np.nan
    first = [((of_other - middle) * (mixed - of_one)).mean() / variance for mixed in of_crossed]
    total = [((of_one - mixed) ** 2).mean() / (2 * variance) for mixed in of_crossed]
    return pd.DataFrame({"first": first, "total": total}, index=pd.Index(named, tupleize_cols=False, name="factor"))


def _sample(runs: int, columns: int, seed: int) -> FloatArray:
    """Points in the unit cube: the first of a scrambled Sobol sequence (Owen)."""
    from scipy.stats import qmc  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    generator = np.random.default_rng(seed)
    exponent = int(runs - 1).bit_length()
    points: FloatArray = qmc.Sobol(columns, scramble=True, rng=generator).random_base2(exponent)
    return points[:runs]


def _outcomes(model: Callable[[FloatArray], Any], runs: FloatArray) -> FloatArray:
    outcome = np.asarray(model(runs))
    fine = outcome.shape == (len(runs),) and outcome.dtype.kind in "biuf" and np.isfinite(outcome).all()
    if not fine:
        found = f"uitkomst van vorm {outcome.shape}, of geen eindige getallen"
        remedy = "laat het model een getal per run geven"
        refuse_one(SOBOL, "bad-outcome", found, f"{len(runs)} getallen", remedy)
    return outcome.astype(np.float64)


def _factor_faults(factors: Mapping[Any, tuple[float, float]]) -> list[Finding]:
    if not factors:
        return [fault("no-factor", "geen enkele factor", "minstens een", "geef naam en grenzen")]

    def is_range(limits: Any) -> bool:
        try:
            low, high = (float(limit) for limit in limits)
        except (TypeError, ValueError):
            return False
        return bool(np.isfinite([low, high]).all()) and low <= high

    wrong = [name for name, limits in factors.items() if not is_range(limits)]
    return code_faults("bad-factor", wrong, "factor “{}”", "laag en hoog, twee getallen", "geef (laag, hoog)")
