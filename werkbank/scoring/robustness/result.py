"""Robustness: the totals of every recalculation, and what they say of the order; every draw can be read back."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import pandas as pd

from werkbank.scoring.faults import fault, names, refuse
from werkbank.scoring.robustness.choices import Drawn, blocks_of, factors_of, stream_of
from werkbank.scoring.robustness.order import Order, order_of
from werkbank.scoring.robustness.totals import Plan
from werkbank.scoring.tables import FloatArray

__all__ = ["Robustness"]

SHARES = (0.05, 0.5, 0.95)


@dataclass(frozen=True, eq=False)
class Robustness:
    """What comes out when everything that could have been chosen otherwise is; shares are of recalculations.

    They are no chance of a crime. A unit without a total in a recalculation is never first in it.
    """

    plan: Plan = field(repr=False)
    drawn: Drawn = field(repr=False)
    _totals: FloatArray = field(repr=False)

    @property
    def units(self) -> pd.Index:
        """The units, in the order of the table they came from."""
        return self.plan.observed.units

    @property
    def draws(self) -> int:
        """The number of recalculations."""
        return len(self._totals)

    @property
    def totals(self) -> pd.DataFrame:
        """Unit × recalculation: the totals 0-100, NaN where a unit has none; a copy."""
        return pd.DataFrame(self._totals.T.copy(), index=self.units)

    @cached_property
    def order(self) -> Order:
        """The places of the units in every recalculation."""
        return order_of(self._totals)

    @cached_property
    def _ranked(self) -> np.ndarray:
        return ~np.isnan(self.order.totals)

    @property
    def acceptability(self) -> pd.DataFrame:
        """Unit × rank: the share of recalculations with that rank; ties count the best place (SMAA-2)."""
        n = len(self.units)
        places = np.where(self._ranked, self.order.above, n)
        counts = [np.bincount(places[:, unit], minlength=n + 1)[:n] for unit in range(n)]
        return pd.DataFrame(np.array(counts) / self.draws, index=self.units, columns=pd.RangeIndex(1, n + 1))

    @property
    def p_first(self) -> pd.Series[float]:
        """The share of recalculations in which the unit is first; a tie is split over those that tie."""
        return self.p_top(1).rename("p_first")

    def p_top(self, k: int) -> pd.Series[float]:
        """The share of recalculations in which the unit is among the first `k`."""
        return pd.Series(self.order.chance_among(k), index=self.units, name="p_selected")

    def comes_out(self, chosen: Collection[Hashable]) -> FloatArray:
        """Per recalculation 1 when exactly these units come first, 0 when not, a part of 1 on a tie."""
        strange = [unit for unit in chosen if unit not in self.units]
        allowed = "eenheden die zijn doorgerekend"
        refuse(
            "Deze keuze is niet te beoordelen.",
            [fault("unknown-unit", names(strange), allowed, "verbeter de namen")] if strange else [],
        )
        return self.order.exactly(self.units.isin(list(chosen)))

    @property
    def intervals(self) -> pd.DataFrame:
        """Per unit the 5th, 50th and 95th percentile of its total and of its rank; NaN without a total."""
        totals = _percentiles(np.where(self._ranked, self._totals, np.nan))
        ranks = _percentiles(np.where(self._ranked, self.order.above + 1.0, np.nan))
        names_of = [f"{what}_{where}" for what in ("score", "rank") for where in ("low", "median", "high")]
        return pd.DataFrame(np.concatenate([totals, ranks]).T, index=self.units, columns=names_of)

    @property
    def pairwise(self) -> pd.DataFrame:
        """Unit × unit: the share of recalculations in which the row stands above the column; a tie counts half."""
        # Places say the same as totals, ties included, and small whole numbers are compared many at a time.
        places = np.where(self._ranked, self.order.above, len(self.units)).astype(np.int32)
        places = np.ascontiguousarray(places.T)
        wins = [np.count_nonzero(own < places, axis=1) for own in places]
        ties = [np.count_nonzero(own == places, axis=1) for own in places]
        shares = (np.array(wins) + 0.5 * np.array(ties)).reshape(len(places), -1) / self.draws
        return pd.DataFrame(shares, index=self.units, columns=self.units)

    @property
    def dominance(self) -> pd.DataFrame:
        """Unit × unit: True where the row stands above the column in every recalculation."""
        return self.pairwise == 1.0

    @property
    def choices(self) -> pd.DataFrame:
        """A row per recalculation with every choice but those per cell: weights, rules, exponents, points."""
        observed, drawn = self.plan.observed, self.drawn
        rules = np.array(self.plan.nominal.rules)
        columns: dict[str, object] = {}
        for place, group in enumerate(observed.groups):
            columns[f"weight {group}"] = drawn.group_weights[:, place]
            columns[f"rule {group}"] = rules[drawn.combination[:, place]]
            columns[f"power {group}"] = drawn.powers[:, place]
        columns |= {f"factor {code}": drawn.factors[:, place] for place, code in enumerate(observed.tree.leaves)}
        for place, kind in enumerate(observed.kinds):
            for step in range(len(kind.points)):
                columns.setdefault(f"points {kind.group} {kind.best_judge} {step}", drawn.points[place][:, step])
        return pd.DataFrame(columns)

    @cached_property
    def missing(self) -> np.ndarray:
        """Recalculation × unknown cell: the step each unknown cell got, in the order of `unknown_cells`."""
        nominal = self.plan.nominal
        if nominal.latent is None or not nominal.missing:
            return np.zeros((self.draws, 0), dtype=np.int8)
        factors = (factors_of(nominal, block, size) for block, size in enumerate(blocks_of(self.draws)))
        found = [
            nominal.latent.draw(stream_of(nominal.seed, block, "missing"), factor)
            for block, factor in enumerate(factors)
        ]
        return np.concatenate(found)

    @property
    def unknown_cells(self) -> list[tuple[Hashable, Hashable]]:
        """The unit and indicator of every cell that nobody knows."""
        rows, columns = self.plan.observed.unknown
        leaves = self.plan.observed.tree.leaves
        return [(self.units[row], leaves[column]) for row, column in zip(rows, columns, strict=True)]

    @property
    def central_weights(self) -> pd.DataFrame:
        """Unit × group: the mean group weights of the recalculations in which the unit is first; NaN if never."""
        order = self.order
        first = np.where(self._ranked & (order.above == 0), 1.0 / order.beside, 0.0)
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = (first.T @ self.drawn.group_weights) / first.sum(axis=0)[:, None]
        return pd.DataFrame(mean, index=self.units, columns=pd.Index(self.plan.observed.groups))

    def __repr__(self) -> str:
        """The size and what was drawn."""
        drawn = ", ".join(self.plan.nominal.uncertainty.switched_on) or "nothing"
        return f"<Robustness {len(self.units)} units, {self.draws} draws over {drawn}>"


def _percentiles(table: FloatArray) -> FloatArray:
    """The 5th, 50th and 95th percentile per column as a value that is there, so that ranks stay ranks."""
    ascending = np.sort(np.ascontiguousarray(table.T), axis=1)  # NaN last
    known = (~np.isnan(table)).sum(axis=0)
    places = np.ceil(np.outer(known, SHARES)).astype(np.intp) - 1
    return np.where(known > 0, np.take_along_axis(ascending, np.maximum(places, 0), axis=1).T, np.nan)
