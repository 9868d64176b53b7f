"""What is handed to scoring, read and checked: numbers from whatever holds them, faults gathered and named at once."""

from __future__ import annotations

import difflib
import html
from collections.abc import Callable, Hashable, Iterable
from numbers import Integral, Real
from typing import Any, NoReturn, Self, overload

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pandas.api import types

from werkbank.errors import Finding, ScoringError, fault

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.integer[Any]]

MESSAGE = "Deze waarden zijn niet te gebruiken."
MOST_NAMES = 20
"""More names than this make a message unreadable; the rest is counted."""
MOST_UNITS = 20
"""Units in a table that is shown; the whole is in the value's own tables."""


def code_faults(
    rule: str, codes: Iterable[Hashable], found: str, allowed: str, remedy: str | Callable[[Hashable], str]
) -> list[Finding]:
    """A fault for every code; `found` says what is wrong with {} in its place, the remedy may hang on the code."""
    return [
        fault(rule, found.format(code), allowed, remedy(code) if callable(remedy) else remedy, indicator=code)
        for code in codes
    ]


def refuse(message: str, faults: Iterable[Finding]) -> None:
    """Raises one ScoringError with every fault; without faults nothing happens."""
    found = tuple(faults)
    if found:
        raise ScoringError(message, found)


def refuse_one(message: str, rule: str, found: str, allowed: str, remedy: str) -> NoReturn:
    """Raises a ScoringError with one fault."""
    raise ScoringError(message, (fault(rule, found, allowed, remedy),))


def names(codes: Iterable[Hashable]) -> str:
    """The codes in quotes; after twenty only the number of the others: “a”, “b” en nog 3."""
    quoted = [f"“{code}”" for code in codes]
    rest = len(quoted) - MOST_NAMES
    return ", ".join(quoted[:MOST_NAMES]) + (f" en nog {rest}" if rest > 0 else "")


def meant(code: Hashable, options: Iterable[Hashable], remedy: str = "kies een van deze") -> str:
    """The question "bedoelt u …?" when an option is near, else the remedy."""
    near = difflib.get_close_matches(str(code), [str(option) for option in options], n=1)
    return f"bedoelt u “{near[0]}”?" if near else remedy


def check_choice(choice: Any, options: Iterable[Hashable], what: str, rule: str) -> None:
    """ScoringError, with “bedoelt u …?”, for a choice that is not one of the options."""
    allowed = list(options)
    if choice not in allowed:
        refuse_one("Deze keuze bestaat niet.", rule, f"{what} “{choice}”", names(allowed), meant(choice, allowed))


def check_whole(number: Any, least: int, what: str) -> int:
    """A whole number, at least this; ScoringError for anything else."""
    if isinstance(number, bool) or not isinstance(number, Integral) or number < least:
        allowed = f"een geheel getal vanaf {least}"
        refuse_one(MESSAGE, "bad-number", f"{what}: {number}", allowed, "geef een geheel getal")
    return int(number)


def check_share(share: Any, what: str) -> float:
    """A share from 0 to 1; ScoringError for anything else."""
    if not isinstance(share, Real) or not 0 <= float(share) <= 1:
        remedy = "geef een deel van 1, bijvoorbeeld 0.6667"
        refuse_one("Deze drempel bestaat niet.", "bad-share", f"{what}: {share}", "0 tot en met 1", remedy)
    return float(share)


def read_numbers(values: Any, what: str, *dimensions: int) -> FloatArray:
    """The values as floats, in an array of their own, NaN where one is missing.

    ScoringError for anything but numbers, for infinite ones, and for another number of dimensions.
    """
    numbers = as_numbers(read_array(values, what, *dimensions))
    if numbers is None:
        found, remedy = f"{what}: iets anders dan getallen", "zet er getallen in, of laat ze leeg"
        refuse_one(MESSAGE, "not-numeric", found, "getallen of leeg", remedy)
    if np.isinf(numbers).any():
        refuse_one(MESSAGE, "infinite-value", f"{what}: oneindig", "getallen of leeg", "verbeter de waarde")
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
        refuse_one(MESSAGE, "bad-shape", found, allowed, "geef alle rijen even veel waarden")
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


def number_table(frame: Any, what: str) -> tuple[pd.DataFrame, list[Finding]]:
    """The table as floats, NaN where empty or no number, and every fault of it."""
    if not isinstance(frame, pd.DataFrame):
        found = f"{what}: een {type(frame).__name__}"
        return pd.DataFrame(), [fault("no-table", found, "een tabel", "geef een DataFrame")]
    faults = _duplicate_faults(frame, what)
    if set(frame.dtypes) == {np.dtype("f8")}:
        cells, wrong = frame.to_numpy(), []
    else:
        each = (frame.iloc[:, place] for place in range(frame.shape[1]))
        # pandas' NA is no float; among objects it is a blank.
        columns = [as_numbers(one.to_numpy(dtype=object) if one.isna().any() else one.to_numpy()) for one in each]
        wrong = [code for code, column in zip(frame.columns, columns, strict=True) if column is None]
        empty = np.full(len(frame), np.nan)
        cells = np.column_stack([np.empty((len(frame), 0)), *(empty if one is None else one for one in columns)])
    found, remedy = f"{what}: kolom “{{}}” bevat iets anders dan getallen", "zet er getallen in, of laat ze leeg"
    faults += code_faults("not-numeric", wrong, found, "getallen of leeg", remedy)
    faults += marked_faults(frame, np.isinf(cells), "infinite-value", what, "is oneindig", "getallen")
    return pd.DataFrame(cells, index=frame.index, columns=frame.columns), faults


def flag_table(frame: Any, like: pd.DataFrame, what: str) -> tuple[BoolArray, list[Finding]]:
    """A table of yes and no as an array in the order of `like`, and the faults of the table."""
    none = np.zeros(like.shape, dtype=np.bool_)
    if not isinstance(frame, pd.DataFrame):
        return none, number_table(frame, what)[1]
    faults = _duplicate_faults(frame, what) or label_faults(frame, like, what)
    if not faults and set(frame.dtypes) != {np.dtype(np.bool_)}:
        wrong = [code for code, column in frame.items() if column.isna().any() or not _truths(column)]
        found, remedy = f"{what}: kolom “{{}}” is geen ja of nee", "vul haar geheel in"
        faults = code_faults("not-boolean", wrong, found, "True of False", remedy)
    if faults:
        return none, faults
    return frame.reindex(index=like.index, columns=like.columns).to_numpy(dtype=np.bool_), []


def label_faults(frame: pd.DataFrame, like: pd.DataFrame, what: str) -> list[Finding]:
    """The faults of a table whose units or columns are not those of `like`; their order is free."""
    faults = []
    for kind, found, wanted in (("eenheden", frame.index, like.index), ("kolommen", frame.columns, like.columns)):
        missing, strange = wanted.difference(found, sort=False), found.difference(wanted, sort=False)
        for word, codes in (("mist", missing), ("kent te veel", strange)):
            if len(codes):
                text = f"{what} {word} {kind}: {names(codes)}"
                faults.append(fault("other-labels", text, f"dezelfde {kind}", "maak de tabellen gelijk"))
    return faults


def marked_faults(
    frame: pd.DataFrame, marked: BoolArray, rule: str, what: str, wrong: str, allowed: str, remedy: str = ""
) -> list[Finding]:
    """A fault for every column with marked cells, with the units they are of."""
    return [
        fault(
            rule,
            f"{what}: “{code}” {wrong} bij {names(frame.index[marked[:, place]])}",
            allowed,
            remedy or "verbeter de waarde",
            indicator=code,
        )
        for place, code in enumerate(frame.columns)
        if marked[:, place].any()
    ]


class Copied:
    """A table that a frozen value keeps to itself, handed out as a copy: what is written into that stays out of it."""

    def __init__(self, name: str, doc: str) -> None:
        self.name, self.__doc__ = name, doc

    @overload
    def __get__(self, value: None, kind: type) -> Self: ...
    @overload
    def __get__(self, value: object, kind: type) -> pd.DataFrame: ...
    def __get__(self, value: object, kind: type) -> pd.DataFrame | Self:
        # Deep: what is written into the `array` of a column of a shallow copy is in both.
        return self if value is None else getattr(value, self.name).copy()


def table_html(result: object, table: pd.DataFrame) -> str:
    """How a result looks in a notebook: what it is in words, and below it its first units, every name escaped."""
    shown = table.head(MOST_UNITS).to_html(escape=True, border=0, na_rep="–", float_format=lambda value: f"{value:.2f}")
    more = f"<p>… {len(table) - MOST_UNITS} more</p>" if len(table) > MOST_UNITS else ""
    return f"<p>{html.escape(repr(result))}</p>{shown}{more}"


def _duplicate_faults(frame: pd.DataFrame, what: str) -> list[Finding]:
    return [
        fault(f"duplicate-{rule}", f"{what}: dubbele {kind} {names(twice)}", "elke code eenmaal", "laat er een staan")
        for rule, kind, labels in (("unit", "eenheden", frame.index), ("column", "kolommen", frame.columns))
        if len(twice := labels[labels.duplicated()].unique())
    ]


def _truths(column: pd.Series) -> bool:
    """Whether a column holds nothing but yes and no; one that was put in another order holds them as objects."""
    whole = types.is_object_dtype(column) and column.map(lambda cell: isinstance(cell, bool | np.bool_)).all()
    return bool(types.is_bool_dtype(column) or whole)
