"""The ratings of one or more tables that have another rating of the same unit beside them, in one long form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from werkbank.scoring.arrays import as_numbers
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.ratings import Ratings, read_ratings
from werkbank.scoring.tables import FloatArray

__all__ = ["Paired", "read_paired"]


@dataclass(frozen=True, slots=True)
class Paired:
    """Ratings of units with at least two, in tables where something can be determined of them.

    That is: at least two such units, and not all their ratings equal. Units and categories are numbered
    through over the tables; categories run from low to high within their table.
    """

    unit: Indices
    code: Indices
    table_of_unit: Indices
    table_of_category: Indices
    scale: FloatArray
    """The number of each category; its place, where categories are words."""
    tables: int

    @property
    def table(self) -> Indices:
        """The table of each rating."""
        return self.table_of_unit[self.unit]

    @property
    def value(self) -> FloatArray:
        """The number of each rating."""
        return self.scale[self.code]

    @property
    def of_unit(self) -> Indices:
        """How many ratings each unit has."""
        return np.bincount(self.unit, minlength=len(self.table_of_unit))

    @property
    def of_category(self) -> Indices:
        """How many ratings each category has."""
        return np.bincount(self.code, minlength=len(self.scale))

    @property
    def of_table(self) -> Indices:
        """How many ratings each table has."""
        return np.bincount(self.table, minlength=self.tables)

    def per_table(self, table: Indices, amounts: FloatArray) -> FloatArray:
        """The amounts summed per table."""
        return np.bincount(table, amounts, minlength=self.tables).astype(np.float64)


def read_paired(tables: Sequence[Any] | np.ndarray, *, ordered: bool) -> Paired:
    """The paired ratings of every table; ScoringError for what is no rating."""
    if isinstance(tables, np.ndarray) and tables.ndim == 3 and tables.size:
        numbers = as_numbers(tables)
        if numbers is not None and not np.isinf(numbers).any():
            return _determined(_of_stack(numbers))
    return _determined(_of_tables([read_ratings(table, ordered=ordered) for table in tables]))


def _of_stack(numbers: FloatArray) -> Paired:
    """All ratings of (tables, raters, units), at once: a bootstrap does this a thousand times."""
    tables, _, units = numbers.shape
    table, rater, unit = np.nonzero(~np.isnan(numbers))
    scale, code = np.unique(numbers[table, rater, unit], return_inverse=True)
    return Paired(
        unit=table * units + unit,
        code=table * len(scale) + code,
        table_of_unit=np.repeat(np.arange(tables), units),
        table_of_category=np.repeat(np.arange(tables), len(scale)),
        scale=np.tile(scale, tables),
        tables=tables,
    )


def _of_tables(read: Sequence[Ratings]) -> Paired:
    """All ratings of tables that may differ in raters, units and categories."""
    units = [each.shape[1] for each in read]
    categories = [len(each.categories) for each in read]
    number = np.arange(len(read))

    def numbered(parts: list[Indices], sizes: list[int]) -> Indices:
        starts = np.cumsum([0, *sizes])
        moved = [part + start for part, start in zip(parts, starts, strict=False)]
        return np.concatenate([np.empty(0, dtype=np.intp), *moved])

    scales = [np.arange(len(each.categories), dtype=np.float64) if each.scale is None else each.scale for each in read]
    return Paired(
        unit=numbered([each.unit for each in read], units),
        code=numbered([each.code for each in read], categories),
        table_of_unit=np.repeat(number, units),
        table_of_category=np.repeat(number, categories),
        scale=np.concatenate([np.empty(0), *scales]),
        tables=len(read),
    )


def _determined(given: Paired) -> Paired:
    """Without ratings that have none beside them, and without tables of which nothing can be determined."""
    keep = given.of_unit >= 2
    used = np.zeros(len(given.scale), dtype=np.bool_)
    used[given.code[keep[given.unit]]] = True
    several = np.bincount(given.table_of_unit[keep], minlength=given.tables) >= 2
    different = np.bincount(given.table_of_category[used], minlength=given.tables) >= 2
    keep &= (several & different)[given.table_of_unit]
    ratings = keep[given.unit]
    return Paired(
        given.unit[ratings],
        given.code[ratings],
        given.table_of_unit,
        given.table_of_category,
        given.scale,
        given.tables,
    )
