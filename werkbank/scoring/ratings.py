"""Ratings of several raters, read from whatever holds them: one code per rating that was given."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.errors import Finding
from werkbank.scoring.arrays import as_numbers, read_array
from werkbank.scoring.draw_order import Indices
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.tables import FloatArray

__all__ = ["MESSAGE", "Ratings", "read_ratings"]

MESSAGE = "Van deze oordelen is geen overeenstemming te bepalen."


@dataclass(frozen=True, slots=True)
class Ratings:
    """Every rating that was given: by which rater, of which unit, and which category."""

    shape: tuple[int, int]
    """How many raters, of how many units."""
    rater: Indices
    unit: Indices
    code: Indices
    """The place of the rating in `categories`."""
    categories: tuple[Hashable, ...]
    """Numbers from low to high; words in the order they were given, else by the alphabet."""
    scale: FloatArray | None
    """The categories as numbers; None when they are words."""

    def counts(self) -> FloatArray:
        """Unit × category: how many raters chose it."""
        units, categories = self.shape[1], len(self.categories)
        cells = np.bincount(self.unit * categories + self.code, minlength=units * categories)
        return cells.reshape(units, categories).astype(np.float64)

    def table(self) -> FloatArray:
        """Rater × unit: the category as a number, its place when it is a word; NaN where there is none."""
        cells = np.full(self.shape, np.nan)
        cells[self.rater, self.unit] = self.code if self.scale is None else self.scale[self.code]
        return cells


def read_ratings(ratings: Any, *, ordered: bool, categories: Sequence[Hashable] | None = None) -> Ratings:
    """The ratings, raters × units, as codes; ScoringError for what is no rating.

    None, NaN and pandas' NA are missing. Words are allowed when their order does not matter, or when
    `categories` gives it; of numbers the order is known. Raters and units changed about cannot be noticed.
    """
    array = read_array(ratings, "de oordelen", 2)
    numbers = as_numbers(array)
    if numbers is not None:
        return _numeric(numbers, categories)
    if ordered and categories is None:
        remedy = "geef de categorieën van laag naar hoog, of reken zonder volgorde"
        refuse(MESSAGE, [fault("no-order", "oordelen in woorden", "getallen, of woorden met een volgorde", remedy)])
    return _worded(array, categories)


def _numeric(numbers: FloatArray, categories: Sequence[Hashable] | None) -> Ratings:
    if np.isinf(numbers).any():
        refuse(MESSAGE, [fault("infinite-value", "een oneindig oordeel", "getallen of leeg", "verbeter het")])
    rater, unit = np.nonzero(~np.isnan(numbers))
    scale, code = np.unique(numbers[rater, unit], return_inverse=True)
    if categories is not None:
        refuse(MESSAGE, _category_faults([_shown(value) for value in scale], categories))
        whole = as_numbers(np.asarray(list(categories), dtype=object))
        if whole is None:  # words as categories, and no ratings at all
            return _worded(numbers, categories)
        whole = np.sort(whole)
        scale, code = whole, np.searchsorted(whole, scale)[code]
    return Ratings(_shape(numbers), rater, unit, code, tuple(_shown(value) for value in scale), scale)


def _worded(array: NDArray[Any], categories: Sequence[Hashable] | None) -> Ratings:
    rater, unit = np.nonzero(~np.asarray(pd.isna(array)))
    found = array[rater, unit]
    seen = sorted(set(found.tolist()), key=str)
    if categories is not None:
        refuse(MESSAGE, _category_faults(seen, categories))
        seen = list(categories)
    place = {category: number for number, category in enumerate(seen)}
    code = np.array([place[rating] for rating in found.tolist()], dtype=np.intp)
    return Ratings(_shape(array), rater, unit, code, tuple(seen), None)


def _category_faults(found: Sequence[Hashable], categories: Sequence[Hashable]) -> list[Finding]:
    options = list(categories)
    twice = [category for number, category in enumerate(options) if category in options[:number]]
    faults = [
        fault("unknown-category", f"oordeel “{rating}”", names(options), meant(rating, options, "verbeter het oordeel"))
        for rating in found
        if rating not in options
    ]
    if twice:
        faults.append(
            fault("duplicate-category", f"dubbel: {names(twice)}", "elke categorie eenmaal", "laat er een staan")
        )
    return faults


def _shown(value: float) -> Hashable:
    """A number as it is written: 3 and not 3.0."""
    return int(value) if float(value).is_integer() else float(value)


def _shape(array: NDArray[Any]) -> tuple[int, int]:
    raters, units = array.shape
    return raters, units
