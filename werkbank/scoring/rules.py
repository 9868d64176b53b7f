"""How each indicator's judgements become one value: the rules, and who counts more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from werkbank.errors import Finding
from werkbank.scoring.faults import fault, meant, names
from werkbank.scoring.means import BoolArray, mean_of_columns
from werkbank.scoring.tables import FloatArray

__all__ = ["Rules"]

RULES = ("maximum", "mean", "weighted", "consensus")
BOTH = "both"
REMEDY = "kies een van deze"


@dataclass(frozen=True, slots=True)
class Rules:
    """The choices as handed over; `faults` says whether they can be used, the rest supposes it.

    Arrays run along the indicators.
    """

    indicators: tuple[str, ...]
    parties: tuple[str, ...]
    rules: Mapping[str, str]
    consensus_default: Mapping[str, str]
    best_judge: Mapping[str, str]
    best_judge_weight: float
    limits: tuple[float, float]

    @property
    def by_consensus(self) -> BoolArray:
        """Where a recorded consensus holds."""
        return np.array([self.rules[code] == "consensus" for code in self.indicators], dtype=np.bool_)

    def value(self, judged: Mapping[str, FloatArray]) -> FloatArray:
        """The combined value of the judgements that are there, party by party; NaN where none is."""
        columns = [judged[party] for party in self.parties]
        highest = mean_of_columns(columns, [1.0] * len(columns), np.inf)
        averaged = mean_of_columns(columns, [self._weights(party) for party in self.parties], 1.0)
        maximum = np.array([self._computed(code) == "maximum" for code in self.indicators], dtype=np.bool_)
        return np.where(maximum, highest, averaged)

    def faults(self) -> list[Finding]:
        """Everything that is wrong with the choices."""
        return [*self._rule_faults(), *self._judge_faults(), *self._number_faults()]

    def _computed(self, code: str) -> str | None:
        """The rule that computes a value: under consensus the one for where none is recorded."""
        rule = self.rules.get(code)
        return self.consensus_default.get(code) if rule == "consensus" else rule

    def _weights(self, party: str) -> FloatArray:
        """How much the party counts: more where the rule is weighted and it is the best judge."""
        best = [self._computed(code) == "weighted" and self.best_judge.get(code) == party for code in self.indicators]
        return np.where(best, float(self.best_judge_weight), 1.0)

    def _rule_faults(self) -> list[Finding]:
        asked: list[tuple[str, str, str | None, tuple[str, ...]]]
        asked = [(code, "regel", self.rules.get(code), RULES) for code in self.indicators]
        asked += [
            (code, "regel waar geen consensus is", self.consensus_default.get(code), RULES[:-1])
            for code in self.indicators
            if self.rules.get(code) == "consensus"
        ]
        return [
            _unknown("unknown-rule", f"{what} van “{code}”", given, allowed, code)
            for code, what, given, allowed in asked
            if given not in allowed
        ]

    def _judge_faults(self) -> list[Finding]:
        # With one party there is nobody to count more than, so its best judge may be one that is absent.
        asked = self.indicators if len(self.parties) > 1 else ()
        allowed = (*self.parties, BOTH)
        return [
            _unknown("unknown-party", f"beste beoordelaar van “{code}”", given, allowed, code)
            for code in asked
            if self._computed(code) == "weighted" and (given := self.best_judge.get(code)) not in allowed
        ]

    def _number_faults(self) -> list[Finding]:
        (low, high), weight = self.limits, self.best_judge_weight
        faults = []
        if not 0 < weight < np.inf:
            found = f"best_judge_weight is {weight}"
            faults.append(fault("bad-weight", found, "een getal boven 0", "verbeter het gewicht"))
        if not -np.inf < low < high < np.inf:
            faults.append(fault("bad-limits", f"grenzen {low} en {high}", "eerst laag, dan hoog", "verbeter ze"))
        return faults


def _unknown(rule: str, what: str, given: str | None, allowed: tuple[str, ...], indicator: str) -> Finding:
    found = f"{what}: {'geen' if given is None else f'“{given}”'}"
    remedy = meant(given or "", allowed, REMEDY)
    return fault(rule, found, names(allowed), remedy, indicator=indicator)
