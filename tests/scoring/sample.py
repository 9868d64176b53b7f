"""Small made-up matrices for the robustness tests: three groups, two kinds of scale, two or three parties."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from werkbank.scoring import combine, score_risk
from werkbank.scoring.unknown_cells import describe_district

EVERYTHING = {
    "group_weights": {"concentration": 30},
    "indicator_weights": {"noise": 0.25},
    "combination": ["maximum", "mean", "weighted"],
    "threat_power": [1, 2, float("inf")],
    "scale_points": True,
    "missing": True,
    "party_error": True,
}
THREATS = ["t1", "t2", "t3", "t4"]
INDICATORS = [*THREATS, "o1", "o2", "r1", "r2", "r3"]
GROUP_OF = {"t": "threat", "o": "opportunity", "r": "gap"}
GROUP_WEIGHTS = {"threat": 0.5, "opportunity": 0.25, "gap": 0.25}
RISING, SHORT, FALLING = (0.0, 20.0, 60.0, 100.0), (0.0, 50.0, 100.0), (100.0, 60.0, 30.0, 0.0)
POINTS = {code: {"t": RISING, "o": SHORT, "r": FALLING}[code[0]] for code in INDICATORS}
WEIGHTS = {"t1": 3.0, "t2": 1.0, "t3": 2.0, "t4": 1.0, "r3": 2.0}
JUDGE = dict.fromkeys(INDICATORS, "both") | {"t1": "police", "t2": "municipality", "o1": "municipality"}


def tree():
    rows = [("total", None, 1.0)]
    rows += [(group, "total", weight) for group, weight in GROUP_WEIGHTS.items()]
    rows += [(code, GROUP_OF[code[0]], WEIGHTS.get(code, 1.0)) for code in INDICATORS]
    return pd.DataFrame(rows, columns=["code", "parent", "weight"])


@dataclass(frozen=True)
class Sample:
    """The judgements of some units, and the choices that both the nominal score and the draws are given."""

    levels: dict[str, pd.DataFrame]
    not_applicable: dict[str, pd.DataFrame]
    rules: dict[str, str]
    power: dict[str, float]

    @property
    def units(self):
        return next(iter(self.levels.values())).index

    def combined(self, **others):
        named = {"points": POINTS, "rules": self.rules, "best_judge": JUDGE, "best_judge_weight": 3.0}
        return combine(self.levels, self.not_applicable, **named | others)

    @property
    def choices(self):
        """What `score_risk` and `robustness` are given."""
        return {"combined": self.combined(), "structure": tree(), "mean": {**self.power, "total": "arithmetic"}}

    def nominal(self, **others):
        return score_risk(**self.choices, **others).total

    def district(self, **others):
        families = {code: GROUP_OF[code[0]] for code in INDICATORS}
        return replace(describe_district(self.combined(), families=families, at_least=0.3), **others)

    def only(self, units):
        """These units, in this order."""
        levels, declined = (
            {party: table.loc[units] for party, table in each.items()} for each in (self.levels, self.not_applicable)
        )
        return replace(self, levels=levels, not_applicable=declined)


def sample(
    seed=1,
    units=8,
    parties=("municipality", "police"),
    unknown=0.3,
    not_applicable=0.05,
    rules=("maximum", "mean", "mean"),
    power=(2.0, 1.0, 1.0),
):
    rng = np.random.default_rng(seed)
    index = pd.Index([f"P{number}" for number in range(units)] if isinstance(units, int) else units, name="park_id")
    truth = {code: rng.integers(0, len(POINTS[code]), len(index)) for code in INDICATORS}
    levels, declined = {}, {}
    for party in parties:
        table, flags = {}, {}
        for code in INDICATORS:
            seen = np.clip(truth[code] + rng.integers(-1, 2, len(index)), 0, len(POINTS[code]) - 1).astype(float)
            state = rng.random(len(index))
            seen[state < unknown] = np.nan
            table[code] = seen
            flags[code] = (state < not_applicable) & np.isnan(seen)
        levels[party], declined[party] = pd.DataFrame(table, index), pd.DataFrame(flags, index)
    by_group = dict(zip("tor", rules, strict=True))
    by_code = {code: by_group[code[0]] for code in INDICATORS}
    return Sample(levels, declined, by_code, dict(zip(GROUP_WEIGHTS, power, strict=True)))
