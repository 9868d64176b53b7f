"""Which factor drives the outcome: variance-based sensitivity indices of any model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.arrays import check_whole
from werkbank.scoring.faults import fault, refuse
from werkbank.scoring.tables import FloatArray

__all__ = ["sobol_indices"]

MESSAGE = "Deze gevoeligheidsanalyse kan niet."
ROUNDING = 1e-13
"""What an outcome that does not vary may seem to vary by, as a part of its size."""


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
    names, limits = list(factors), list(factors.values())
    refuse(MESSAGE, _factor_faults(factors))
    low, high = np.array(limits, dtype=np.float64).T
    runs, stream = check_whole(n, 2, "n"), check_whole(seed, 0, "seed")
    base = _sample(runs, 2 * len(names), stream) if points is None else points
    one, other = (low + half * (high - low) for half in np.split(base, 2, axis=1))
    crossed = [_with_column(one, other, factor) for factor in range(len(names))]
    outcomes = _outcomes(model, np.concatenate([one, other, *crossed]))
    of_one, of_other, *of_crossed = np.split(outcomes, len(names) + 2)
    both = np.concatenate([of_one, of_other])
    # Centred, so that a large mean does not drown what the factors do.
    middle = both.mean()
    variance = both.var() if np.ptp(both) > ROUNDING * np.abs(both).max() else np.nan
    first = [((of_other - middle) * (mixed - of_one)).mean() / variance for mixed in of_crossed]
    total = [((of_one - mixed) ** 2).mean() / (2 * variance) for mixed in of_crossed]
    return pd.DataFrame({"first": first, "total": total}, index=pd.Index(names, tupleize_cols=False, name="factor"))


def _sample(runs: int, columns: int, seed: int) -> FloatArray:
    """Points in the unit cube: the first of a scrambled Sobol sequence (Owen)."""
    from scipy.stats import qmc  # noqa: PLC0415 - scipy takes longer to load than most commands to run

    generator = np.random.default_rng(seed)
    exponent = int(runs - 1).bit_length()
    points: FloatArray = qmc.Sobol(columns, scramble=True, rng=generator).random_base2(exponent)
    return points[:runs]


def _with_column(one: FloatArray, other: FloatArray, factor: int) -> FloatArray:
    """The first sample with one factor as in the other."""
    mixed = one.copy()
    mixed[:, factor] = other[:, factor]
    return mixed


def _outcomes(model: Callable[[FloatArray], Any], runs: FloatArray) -> FloatArray:
    outcome = np.asarray(model(runs))
    fine = outcome.shape == (len(runs),) and outcome.dtype.kind in "biuf" and np.isfinite(outcome).all()
    if not fine:
        found = f"uitkomst van vorm {outcome.shape}, of geen eindige getallen"
        remedy = "laat het model een getal per run geven"
        refuse(MESSAGE, [fault("bad-outcome", found, f"{len(runs)} getallen", remedy)])
    return outcome.astype(np.float64)


def _factor_faults(factors: Mapping[Any, tuple[float, float]]) -> list[Finding]:
    if not factors:
        return [fault("no-factor", "geen enkele factor", "minstens een", "geef naam en grenzen")]
    return [
        fault("bad-factor", f"factor “{name}”: {limits}", "laag en hoog, twee getallen", "geef (laag, hoog)")
        for name, limits in factors.items()
        if not _is_range(limits)
    ]


def _is_range(limits: Any) -> bool:
    try:
        low, high = (float(limit) for limit in limits)
    except (TypeError, ValueError):
        return False
    return bool(np.isfinite([low, high]).all()) and low <= high
