"""Small made-up matrices for the robustness tests: three groups, two kinds of scale, two or three parties."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from werkbank.scoring.unknown_cells import District, describe_district

from werkbank.scoring import combine, score_risk

EVERYTHING: dict[str, Any] = {
    "group_weights": {"concentration": 30},
    "indicator_weights": {"noise": 0.25},
    "combination": ["maximum", "mean", "weighted"],
    "threat_power": [1, 2, float("inf")],
    "scale_points": True,
    "missing": True,
    "party_error": True,
}
THREATS = ["t1", "t2", "t3", "t4"]
OPPORTUNITIES = ["o1", "o2"]
RESILIENCE = ["r1", "r2", "r3"]
INDICATORS = [*THREATS, *OPPORTUNITIES, *RESILIENCE]
RISING, SHORT, FALLING = (0.0, 20.0, 60.0, 100.0), (0.0, 50.0, 100.0), (100.0, 60.0, 30.0, 0.0)
POINTS = {code: {"t": RISING, "o": SHORT, "r": FALLING}[code[0]] for code in INDICATORS}
WEIGHTS = {"t1": 3.0, "t2": 1.0, "t3": 2.0, "t4": 1.0, "r3": 2.0}
JUDGES = {"t1": "police", "t2": "municipality", "o1": "municipality"}


def tree() -> pd.DataFrame:
    rows: list[tuple[str, str | None, float]] = [
        ("total", None, 1.0),
        ("threat", "total", 0.5),
        ("opportunity", "total", 0.25),
        ("gap", "total", 0.25),
    ]
    parent = {"t": "threat", "o": "opportunity", "r": "gap"}
    rows += [(code, parent[code[0]], WEIGHTS.get(code, 1.0)) for code in INDICATORS]
    return pd.DataFrame(rows, columns=["code", "parent", "weight"])


@dataclass(frozen=True)
class Sample:
    """The judgements of some units, and the choices that both the nominal score and the draws are given."""

    levels: dict[str, pd.DataFrame]
    not_applicable: dict[str, pd.DataFrame]
    rules: dict[str, str]
    power: dict[str, float]
    minimum_coverage: float

    @property
    def choices(self) -> dict[str, Any]:
        return {
            "levels": self.levels,
            "not_applicable": self.not_applicable,
            "structure": tree(),
            "points": POINTS,
            "rules": self.rules,
            "best_judge": {code: JUDGES.get(code, "both") for code in INDICATORS},
            "best_judge_weight": 3.0,
            "mean": {**self.power, "total": "arithmetic"},
            "minimum_coverage": self.minimum_coverage,
        }

    def district(self) -> District:
        combined = self.nominal_levels()
        return describe_district(combined, self.levels, POINTS, at_least=0.3)

    def nominal_levels(self) -> pd.DataFrame:
        """The mean level over the parties: near enough to the combined one to take frequencies from."""
        stacked = np.stack([table.to_numpy() for table in self.levels.values()])
        known = ~np.isnan(stacked)
        found = np.where(known, stacked, 0).sum(0) / np.where(known.any(0), known.sum(0), np.nan)
        return pd.DataFrame(found, index=self.units, columns=INDICATORS)

    @property
    def units(self) -> pd.Index:
        return next(iter(self.levels.values())).index

    def nominal(self) -> pd.Series:
        return totals(self.levels, self.not_applicable, self.rules, self.power, tree(), POINTS, self.minimum_coverage)


def totals(
    levels: dict[str, pd.DataFrame],
    not_applicable: dict[str, pd.DataFrame],
    rules: dict[str, str],
    power: dict[str, float],
    structure: pd.DataFrame,
    points: dict[str, Any],
    minimum_coverage: float,
) -> pd.Series:
    """The totals by the functions that score an analysis."""
    values = {
        party: pd.DataFrame({code: table[code].map(dict(enumerate(points[code]))) for code in INDICATORS})
        for party, table in levels.items()
    }
    combined = combine(
        values,
        not_applicable,
        rules=rules,
        best_judge={code: JUDGES.get(code, "both") for code in INDICATORS},
        best_judge_weight=3.0,
    )
    mean: dict[Any, Any] = {**power, "total": "arithmetic"}
    return score_risk(combined, structure, mean=mean, minimum_coverage=minimum_coverage).total


def sample(  # noqa: PLR0913
    seed: int = 1,
    units: int = 8,
    parties: tuple[str, ...] = ("municipality", "police"),
    unknown: float = 0.3,
    not_applicable: float = 0.05,
    rules: tuple[str, str, str] = ("maximum", "mean", "mean"),
    power: tuple[float, float, float] = (2.0, 1.0, 1.0),
    minimum_coverage: float = 0.5,
) -> Sample:
    rng = np.random.default_rng(seed)
    index = pd.Index([f"P{number}" for number in range(units)], name="park_id")
    truth = {code: rng.integers(0, len(POINTS[code]), units) for code in INDICATORS}
    levels, declined = {}, {}
    for party in parties:
        table = pd.DataFrame(index=index, columns=INDICATORS, dtype="float64")
        flags = pd.DataFrame(False, index=index, columns=INDICATORS)
        for code in INDICATORS:
            seen = np.clip(truth[code] + rng.integers(-1, 2, units), 0, len(POINTS[code]) - 1).astype(float)
            state = rng.random(units)
            seen[state < unknown] = np.nan
            table[code] = seen
            flags[code] = (state < not_applicable) & np.isnan(seen)
        levels[party], declined[party] = table, flags
    by_group = dict(zip("tor", rules, strict=True))
    return Sample(
        levels,
        declined,
        {code: by_group[code[0]] for code in INDICATORS},
        dict(zip(("threat", "opportunity", "gap"), power, strict=True)),
        minimum_coverage,
    )
