"""Numbers from whatever holds them: lists, arrays and tables, with None, NaN or pandas' NA for what is missing."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from numbers import Integral, Real
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.tables import FloatArray

__all__ = ["as_numbers", "check_choice", "check_whole", "read_array", "read_numbers"]

MESSAGE = "Deze waarden zijn niet te gebruiken."


def read_numbers(values: Any, what: str, *dimensions: int) -> FloatArray:
    """The values as floats, in an array of their own, NaN where one is missing.

    ScoringError for anything but numbers, for infinite ones, and for another number of dimensions.
    """
    numbers = as_numbers(read_array(values, what, *dimensions))
    if numbers is None:
        found, remedy = f"{what}: iets anders dan getallen", "zet er getallen in, of laat ze leeg"
        refuse(MESSAGE, [fault("not-numeric", found, "getallen of leeg", remedy)])
        raise AssertionError  # refuse has raised
    if np.isinf(numbers).any():
        refuse(MESSAGE, [fault("infinite-value", f"{what}: oneindig", "getallen of leeg", "verbeter de waarde")])
    return numbers


def read_array(values: Any, what: str, *dimensions: int) -> NDArray[Any]:
    """The cells of a list of lists, an array or a DataFrame; ScoringError for another number of dimensions."""
    cells = values.to_numpy() if isinstance(values, pd.DataFrame | pd.Series) else values
    try:
        array = np.asarray(cells)
        # Beside a text numpy would turn NaN into the text “nan”.
        array = np.asarray(cells, dtype=object) if array.dtype.kind in "US" else array
    except ValueError:
        array = np.empty(())
    if array.ndim not in dimensions:
        allowed = " of ".join(str(number) for number in dimensions) + " dimensies"
        found = f"{what}: geen tabel van die vorm"
        refuse(MESSAGE, [fault("bad-shape", found, allowed, "geef alle rijen even veel waarden")])
    return array


def as_numbers(array: NDArray[Any]) -> FloatArray | None:
    """The cells as floats, NaN where one is missing; None if any is something else than a number."""
    if array.dtype.kind in "biuf":
        return array.astype(np.float64)
    if array.dtype.kind != "O":
        return None
    missing = np.asarray(pd.isna(array))
    if not all(isinstance(cell, Real) for cell in array[~missing]):
        return None
    numbers = np.full(array.shape, np.nan)
    numbers[~missing] = array[~missing].astype(np.float64)
    return numbers


def check_choice(choice: Any, options: Iterable[Hashable], what: str, rule: str) -> None:
    """ScoringError, with “bedoelt u …?”, for a choice that is not one of the options."""
    allowed = list(options)
    if choice not in allowed:
        remedy = meant(choice, allowed, "kies een van deze")
        refuse("Deze keuze bestaat niet.", [fault(rule, f"{what} “{choice}”", names(allowed), remedy)])


def check_whole(number: Any, least: int, what: str) -> int:
    """A whole number, at least this; ScoringError for anything else."""
    if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
        remedy = "geef een geheel getal"
        refuse(MESSAGE, [fault("bad-number", f"{what}: {number}", f"een geheel getal vanaf {least}", remedy)])
    return int(number)
