"""What a cell's code is worth: a matrix per rule that turns the points of a scale's steps into those of every code."""

from __future__ import annotations

from typing import Literal

import numpy as np

from werkbank.scoring.robustness.observed import DECLINED, FIRST_STEP, MISSING, Kind, Observed
from werkbank.scoring.tables import FloatArray

__all__ = ["combined_steps", "completed", "rule_matrix"]


def rule_matrix(observed: Observed, kind: Kind, rule: str) -> FloatArray:
    """Step × code: multiplied by the points of the steps, it gives what each code is worth under `rule`.

    A code without any level is worth 0; whether it counts is told elsewhere. Under consensus the default rule holds,
    for a cell with a recorded outcome has one voice only.
    """
    return _matrix(observed, kind, rule, observed.digits.astype(np.int64))


def completed(observed: Observed, kind: Kind, rule: str, end: Literal["low", "high"]) -> FloatArray:
    """Step × code: as `rule_matrix`, with every missing judgement at the least or the most risk."""
    extreme = FIRST_STEP if end == "low" else FIRST_STEP + len(kind.points) - 1
    digits = observed.digits.astype(np.int64)
    return _matrix(observed, kind, rule, np.where(digits == MISSING, extreme, digits))


def combined_steps(observed: Observed) -> FloatArray:
    """Unit × indicator: the combined judgement under the chosen rules, in steps; 0 where nobody knows."""
    steps = np.zeros(observed.codes.shape)
    for number, kind in enumerate(observed.kinds):
        worth = np.arange(len(kind.points)) @ rule_matrix(observed, kind, kind.rule)
        columns = observed.kind_of == number
        steps[:, columns] = worth[observed.codes[:, columns]]
    return steps


def _matrix(observed: Observed, kind: Kind, rule: str, digits: np.ndarray) -> FloatArray:
    rule = kind.default_rule if rule == "consensus" else rule
    steps = len(kind.points)
    # A code beyond this scale's last step does not occur; it is read as the last.
    step = np.minimum(digits - FIRST_STEP, steps - 1)
    spoken = digits > DECLINED
    weight = np.where(spoken, _voices(observed, kind, rule), 0.0)
    if rule == "maximum":
        weight = (spoken & (step == np.where(spoken, step, -1).max(axis=1, keepdims=True))).astype(np.float64)
    total = weight.sum(axis=1, keepdims=True)
    share = np.divide(weight, total, out=np.zeros_like(weight), where=total > 0)
    matrix = np.zeros((steps, len(digits)))
    codes = np.arange(len(digits))
    for party in range(digits.shape[1]):
        np.add.at(matrix, (np.where(spoken[:, party], step[:, party], 0), codes), share[:, party])
    return matrix


def _voices(observed: Observed, kind: Kind, rule: str) -> FloatArray:
    best = observed.best_judge_weight if rule == "weighted" else 1.0
    return np.array([best if party == kind.best_judge else 1.0 for party in observed.parties])
