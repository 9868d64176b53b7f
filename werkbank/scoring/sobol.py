"""Which factor drives the outcome: variance-based sensitivity indices of any model, and of a robustness."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.robustness import BLOCK, Robustness, draw_block, joined
from werkbank.scoring.score import Choices, evaluate
from werkbank.scoring.tables import BoolArray, FloatArray, IntArray, check_whole, code_faults, fault, refuse, refuse_one

MESSAGE = "Deze gevoeligheidsanalyse kan niet."
ROUNDING = 1e-13
"""What an outcome that does not vary may seem to vary by, as a part of its size."""
SETS = 4 * BLOCK
"""Pre-drawn sets of each choice: the same as those of the first recalculations."""
RUNS = 512
"""Base runs: four times as many halve the noise, which is then some 0.05 of a large index."""
_PARTS = {
    "group_weights": "group_weights",
    "indicator_weights": "factors",
    "combination": "rules",
    "threat_power": "powers",
    "scale_points": "points",
}
"""By name of the uncertainty: what of the choices is drawn; the other two are in `changes`, of other cells each."""


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
    # Per factor the first sample with that factor as in the other.
    crossed = [np.where(np.arange(len(names)) == factor, other, one) for factor in range(len(names))]
    outcomes = _outcomes(model, np.concatenate([one, other, *crossed]))
    of_one, of_other, *of_crossed = np.split(outcomes, len(names) + 2)
    both = np.concatenate([of_one, of_other])
    # Centred, so that a large mean does not drown what the factors do.
    middle = both.mean()
    variance = both.var() if np.ptp(both) > ROUNDING * np.abs(both).max() else np.nan
    first = [((of_other - middle) * (mixed - of_one)).mean() / variance for mixed in of_crossed]
    total = [((of_one - mixed) ** 2).mean() / (2 * variance) for mixed in of_crossed]
    return pd.DataFrame({"first": first, "total": total}, index=pd.Index(names, tupleize_cols=False, name="factor"))


def drivers(found: Robustness, chosen: Collection[Hashable], *, n: int = RUNS) -> pd.DataFrame:
    """Per uncertain choice its first-order and total Sobol index on the lead of `chosen` over the rest.

    The lead is the lowest total of the chosen units less the highest of the others, in points. Each choice is one
    factor: a number from 0 to 1 that says which of its pre-drawn sets is used, all missing cells being one set. Columns
    `first` (Saltelli 2010) and `total` (Jansen 1999), index the names of what was drawn, largest total first; empty
    when nothing was drawn or there is nothing to compare with. What is unknown and what is judged a step off are chosen
    apart here, without the factor they have in common. `n` is a power of 2; it takes n × (choices + 2) recalculations.
    """
    plan, named, seed = found.plan, found.switched_on, found.drawing.seed
    inside = found.units.isin(list(chosen))
    if not named or not inside.any() or inside.all():
        return pd.DataFrame({"first": [], "total": []}, dtype="float64")
    sets = joined([draw_block(plan, found.drawing, block, BLOCK) for block in range(SETS // BLOCK)])
    known = plan.cells.known

    def lead(runs: FloatArray) -> FloatArray:
        rows = np.minimum((runs * SETS).astype(np.intp), SETS - 1)
        parts = np.array_split(rows, max(1, len(runs) // BLOCK))
        totals = [
            evaluate(plan, _taken(sets, dict(zip(named, part.T, strict=True)), len(part), known)).total
            for part in parts
        ]
        filled = np.nan_to_num(np.concatenate(totals))
        return np.asarray(filled[:, inside].min(axis=1) - filled[:, ~inside].max(axis=1))

    # A Sobol sequence is no better for factors that point into draws, and scipy takes two seconds to load for it.
    points = _latin(n, 2 * len(named), np.random.default_rng([seed, n]))
    indices = sobol_indices(lead, dict.fromkeys(named, (0.0, 1.0)), n=n, seed=seed, points=points)
    return indices.sort_values("total", ascending=False, kind="stable")


def _taken(sets: Choices, rows: Mapping[str, IntArray], draws: int, known: BoolArray) -> Choices:
    """So many draws made of these, row by row and by name of the uncertainty; what is not named is the first."""

    def take(part: Any, at: IntArray) -> Any:
        return tuple(table[at] for table in part) if isinstance(part, tuple) else part[at]

    first, changes = np.zeros(draws, dtype=np.intp), sets.changes
    taken = {part: take(getattr(sets, part), rows.get(name, first)) for name, part in _PARTS.items()}
    if changes is not None:
        errors, missing = (changes[rows.get(name, first)] for name in ("party_error", "missing"))
        changes = np.where(known, errors, missing)
    return Choices(**taken, changes=changes)


def _latin(runs: int, columns: int, rng: np.random.Generator) -> FloatArray:
    """A Latin hypercube: a point in every stretch of every column."""
    at = rng.permuted(np.tile(np.arange(runs)[:, None], (1, columns)), axis=0)
    return (at + rng.random((runs, columns))) / runs


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
        refuse_one(MESSAGE, "bad-outcome", found, f"{len(runs)} getallen", remedy)
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
