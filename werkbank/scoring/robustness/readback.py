"""What one recalculation made of the cells: every unknown cell that was filled in, every judgement that was moved."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werkbank.scoring.robustness.choices import BLOCK, Drawn, blocks_of, draw_block
from werkbank.scoring.robustness.result import Robustness
from werkbank.scoring.robustness.totals import Plan

__all__ = ["drawn_cells"]


def drawn_cells(found: Robustness, recalculation: int) -> pd.DataFrame:
    """The cells that were drawn in one recalculation: unit, indicator, party ("" where nobody knows) and level."""
    block, row = divmod(recalculation, BLOCK)
    plan = found.plan
    drawn = draw_block(plan.observed, plan.nominal, block, blocks_of(found.draws)[block])
    rows = [*_unknown(plan, drawn, row), *_moved(plan, drawn, row)]
    return pd.DataFrame(rows, columns=["unit", "indicator", "party", "level"])


def _unknown(plan: Plan, drawn: Drawn, row: int) -> list[tuple[object, object, str, int]]:
    if drawn.missing is None:
        return []
    units, indicators = plan.observed.unknown
    steps = drawn.missing[row]
    return [_cell(plan, u, i, "", int(s)) for u, i, s in zip(units, indicators, steps, strict=True)]


def _moved(plan: Plan, drawn: Drawn, row: int) -> list[tuple[object, object, str, int]]:
    if drawn.changes is None:
        return []
    observed = plan.observed
    changed = drawn.changes[row].reshape(observed.codes.shape)
    before, after = observed.digits[observed.codes], observed.digits[observed.codes + changed]
    places = np.argwhere(before != after)
    return [
        _cell(plan, u, i, observed.parties[p], int(observed.steps[p, u, i] + after[u, i, p] - before[u, i, p]))
        for u, i, p in places
    ]


def _cell(plan: Plan, unit: int, indicator: int, party: str, step: int) -> tuple[object, object, str, int]:
    observed = plan.observed
    last = len(observed.kinds[observed.kind_of[indicator]].points) - 1
    level = last - step if observed.falling[indicator] else step
    return observed.units[unit], observed.tree.leaves[indicator], party, level
