"""The draws of one set of units: everything that could have been chosen otherwise, at once (SMAA)."""

from __future__ import annotations

import os
from collections.abc import Hashable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.scoring.aggregation import MeanByGroup, exponents
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.robustness.choices import Drawn, Nominal, blocks_of, draw_block, joined
from werkbank.scoring.robustness.district import District
from werkbank.scoring.robustness.errors import errors_of
from werkbank.scoring.robustness.observed import Observed, observe
from werkbank.scoring.robustness.result import Robustness
from werkbank.scoring.robustness.totals import Plan, plan_of, totals
from werkbank.scoring.robustness.uncertainty import Uncertainty, read_uncertainty
from werkbank.scoring.tables import check_share
from werkbank.scoring.unknown_cells import latent_of

__all__ = ["robustness"]

MOST_THREADS = 4
BLOCKS_PER_THREAD = 4
"""With fewer blocks than this a thread costs more than it brings."""


def robustness(  # noqa: PLR0913 - every choice is named
    levels: Mapping[str, pd.DataFrame],
    structure: pd.DataFrame,
    *,
    points: Mapping[Hashable, Sequence[float]],
    rules: Mapping[str, str],
    best_judge: Mapping[str, str],
    uncertain: Mapping[str, Any],
    draws: int,
    seed: int,
    not_applicable: Mapping[str, pd.DataFrame] | None = None,
    best_judge_weight: float = 2.0,
    consensus: pd.DataFrame | None = None,
    consensus_default: Mapping[str, str] | None = None,
    mean: MeanByGroup = "arithmetic",
    minimum_coverage: float = 0.0,
    required: Hashable = "threat",
    district: District | None = None,
    threads: int | None = None,
) -> Robustness:
    """The totals of every unit in `draws` recalculations, each with its own choices (Lahdelma & Salminen 2001).

    `levels`: party → unit × indicator, whole numbers, NaN = missing; the other choices as in `combine` and
    `score_risk`. `points`: indicator → the points 0-100 of its levels in risk direction. `uncertain` names what is
    drawn, see `read_uncertainty`; `missing` and `party_error` need the `district`. Equal arguments give equal bytes on
    one machine, on any number of `threads`. ScoringError with every fault.
    """
    observed = observe(
        levels,
        not_applicable,
        structure,
        points=points,
        rules=rules,
        best_judge=best_judge,
        best_judge_weight=best_judge_weight,
        consensus=consensus,
        consensus_default=consensus_default,
    )
    uncertainty = read_uncertainty(uncertain)
    refuse("Deze doorrekening kan niet.", _faults(observed, uncertainty, district, draws, required))
    nominal = _nominal(observed, uncertainty, mean, required, district, seed)
    plan = plan_of(observed, nominal, check_share(minimum_coverage, "minimum_coverage"))
    drawn, found = _run(plan, draws, threads)
    return Robustness(plan, drawn, found)


def _run(plan: Plan, draws: int, threads: int | None) -> tuple[Drawn, np.ndarray]:
    sizes = blocks_of(draws)

    def one(block: int) -> tuple[Drawn, np.ndarray]:
        drawn = draw_block(plan.observed, plan.nominal, block, sizes[block])
        return replace(drawn, missing=None, changes=None), totals(plan, drawn)

    asked = threads or min(os.cpu_count() or 1, MOST_THREADS, len(sizes) // BLOCKS_PER_THREAD)
    workers = max(1, min(asked, len(sizes)))
    if workers == 1:
        blocks = [one(block) for block in range(len(sizes))]
    else:
        with ThreadPoolExecutor(workers) as pool:
            blocks = list(pool.map(one, range(len(sizes))))
    return joined([drawn for drawn, _ in blocks]), np.concatenate([found for _, found in blocks])


def _nominal(
    observed: Observed,
    uncertainty: Uncertainty,
    mean: MeanByGroup,
    required: Hashable,
    district: District | None,
    seed: int,
) -> Nominal:
    chosen = [_rule_of(observed, group) for group in observed.groups]
    rules = tuple(dict.fromkeys([*chosen, *(uncertainty.combination or ())]))
    by_group = exponents(mean, observed.tree)
    refuse("Deze doorrekening kan niet.", _power_faults(by_group, observed.groups))
    error = district.error if district and uncertainty.party_error else 0.0
    latent = latent_of(observed, district, error=error) if district is not None else None
    missing = uncertainty.missing and len(observed.unknown[0]) > 0
    errors = errors_of(observed, district, latent) if error and district and latent else None
    return Nominal(
        group_weights=np.array(observed.tree.weights[observed.tree.root]),
        rules=rules,
        chosen=np.array([rules.index(rule) for rule in chosen], dtype=np.intp),
        powers=np.array([by_group[group] for group in observed.groups]),
        required=observed.groups.index(required),
        uncertainty=uncertainty,
        latent=latent if missing or errors else None,
        missing=missing,
        errors=errors,
        seed=seed,
    )


def _power_faults(by_group: Mapping[Hashable, float], groups: Sequence[Hashable]) -> list[Finding]:
    """Only means in which a higher value counts more can be recalculated; the others have no place for a nought."""
    return [
        fault(
            "bad-power",
            f"groep “{group}” heeft een gemiddelde met exponent {by_group[group]:g}",
            "een exponent boven 0",
            "kies arithmetic, maximum of een exponent boven 0",
            indicator=group,
        )
        for group in groups
        if by_group[group] <= 0
    ]


def _rule_of(observed: Observed, group: Hashable) -> str:
    return next(kind.rule for kind in observed.kinds if kind.group == group)


def _faults(
    observed: Observed, uncertainty: Uncertainty, district: District | None, draws: int, required: Hashable
) -> list[Any]:
    faults = []
    if not isinstance(draws, int) or draws < 1:
        faults.append(fault("bad-draws", f"{draws} doorrekeningen", "minstens één", "kies een groter getal"))
    if required not in observed.groups:
        remedy = meant(required, observed.groups, "kies een van deze")
        faults.append(fault("unknown-group", f"vereiste groep “{required}”", names(observed.groups), remedy))
    if (uncertainty.missing or uncertainty.party_error) and district is None:
        found = "wat ontbreekt of anders beoordeeld kan zijn, zonder cijfers van het district"
        faults.append(fault("no-district", found, "de uitkomst van describe_district", "geef district mee"))
    mixed = [
        group
        for group in observed.groups
        if len({(kind.rule, kind.default_rule) for kind in observed.kinds if kind.group == group}) > 1
    ]
    if mixed:
        found = f"verschillende regels binnen {names(mixed)}"
        faults.append(fault("mixed-rules", found, "één regel per groep", "geef de groep één regel"))
    return faults
