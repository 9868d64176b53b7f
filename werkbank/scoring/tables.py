"""Tables of units × indicators, checked: every fault is named before anything is computed."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from numbers import Real

import numpy as np
import pandas as pd
from pandas.api import types

from werkbank.errors import Finding, ScoringError
from werkbank.scoring.faults import fault, meant, names, refuse
from werkbank.scoring.means import BoolArray
from werkbank.scoring.structure import Tree, read_structure
from werkbank.scoring.tables import FloatArray

__all__ = [
    "Table",
    "all_floats",
    "check_share",
    "flag_columns",
    "label_faults",
    "number_columns",
    "read_table",
    "table_of",
]


@dataclass(frozen=True, slots=True)
class Table:
    """What is to be scored: a tree, and per leaf one column of numbers, NaN where there is none to use.

    `applicable` is None when every cell is. A cell that does not apply has no number.
    """

    units: pd.Index
    tree: Tree
    cells: Mapping[Hashable, FloatArray]
    applicable: Mapping[Hashable, BoolArray] | None

    @property
    def known(self) -> dict[Hashable, BoolArray]:
        """Per leaf: which units have a number."""
        return {code: ~np.isnan(cells) for code, cells in self.cells.items()}


def read_table(values: pd.DataFrame, structure: pd.DataFrame, applicable: pd.DataFrame | None = None) -> Table:
    """The values beside their structure; ScoringError with all faults of both.

    Every leaf needs a column and every column a leaf. `applicable` has the same units and columns, in any
    order; a value where it is False is not used.
    """
    try:
        tree = read_structure(structure)
    except ScoringError as error:
        _, _, faults = _read(values, applicable)
        raise ScoringError(error.message, (*error.findings, *faults)) from None
    return table_of(values, tree, applicable)


def table_of(values: pd.DataFrame, tree: Tree, applicable: pd.DataFrame | None = None) -> Table:
    """As `read_table`, beside a structure that was read already."""
    cells, flags, faults = _read(values, applicable)
    refuse("Deze tabel is niet te scoren.", [*faults, *_leaf_faults(values, tree)])
    if flags is not None:
        cells = {code: np.where(flags[code], cells[code], np.nan) for code in cells}
    return Table(units=values.index, tree=tree, cells=cells, applicable=flags)


def _read(
    values: pd.DataFrame, applicable: pd.DataFrame | None
) -> tuple[dict[Hashable, FloatArray], dict[Hashable, BoolArray] | None, list[Finding]]:
    """The columns of both tables, and the faults of both."""
    cells, faults = number_columns(values, "de waarden")
    if applicable is None or not isinstance(values, pd.DataFrame):
        return cells, None, faults
    flags, wrong = flag_columns(applicable, values, "de tabel applicable")
    return cells, flags, faults + wrong


def check_share(share: float, what: str) -> float:
    """A share from 0 to 1; ScoringError for anything else."""
    if not isinstance(share, Real) or not 0 <= share <= 1:
        remedy = "geef een deel van 1, bijvoorbeeld 0.6667"
        refuse("Deze drempel bestaat niet.", [fault("bad-share", f"{what}: {share}", "0 tot en met 1", remedy)])
    return float(share)


def number_columns(frame: pd.DataFrame, what: str) -> tuple[dict[Hashable, FloatArray], list[Finding]]:
    """The columns of a table as numbers, NaN where empty, and the faults of the table."""
    faults = _duplicate_faults(frame, what)
    if not isinstance(frame, pd.DataFrame):
        return {}, faults
    if not faults and all_floats(frame):
        return dict(zip(frame.columns, frame.to_numpy().T, strict=True)), faults
    columns: dict[Hashable, FloatArray] = {}
    for code, column in frame.items():
        numbers = _numbers(column)
        columns[code] = np.full(len(frame), np.nan) if numbers is None else numbers
        if numbers is None:
            remedy = "zet er getallen in, of laat ze leeg"
            found = f"{what}: kolom “{code}” bevat iets anders dan getallen"
            faults.append(fault("not-numeric", found, "getallen of leeg", remedy, indicator=code))
        elif np.isinf(numbers).any():
            units = names(frame.index[np.isinf(numbers)])
            found = f"{what}: kolom “{code}” is oneindig bij {units}"
            faults.append(fault("infinite-value", found, "getallen", "verbeter de waarde", indicator=code))
    return columns, faults


def flag_columns(frame: pd.DataFrame, like: pd.DataFrame, what: str) -> tuple[dict[Hashable, BoolArray], list[Finding]]:
    """The columns of a table of yes and no, its rows in the order of `like`, and the faults of the table."""
    faults = _duplicate_faults(frame, what) or label_faults(frame, like, what)
    if faults:
        return {}, faults
    faults = [
        fault(
            "not-boolean",
            f"{what}: kolom “{code}” is geen ja of nee",
            "True of False",
            "vul haar geheel in",
            indicator=code,
        )
        for code, column in (() if set(frame.dtypes) == {np.dtype(np.bool_)} else frame.items())
        if column.isna().any() or not (types.is_bool_dtype(column) or _truths(column))
    ]
    if faults:
        return {}, faults
    aligned = frame.reindex(index=like.index, columns=like.columns).to_numpy(dtype=np.bool_)
    return dict(zip(like.columns, aligned.T, strict=True)), []


def all_floats(frame: pd.DataFrame) -> bool:
    """Whether a table holds finite numbers and NaN only, so that its columns need not be looked at one by one."""
    return set(frame.dtypes) == {np.dtype("f8")} and not np.isinf(frame.to_numpy()).any()


def label_faults(frame: pd.DataFrame, like: pd.DataFrame, what: str) -> list[Finding]:
    """The faults of a table whose units or columns are not those of `like`; their order is free."""
    faults = []
    for kind, found, wanted in (
        ("eenheden", frame.index, like.index),
        ("kolommen", frame.columns, like.columns),
    ):
        for word, codes in (
            ("mist", wanted.difference(found, sort=False)),
            ("kent te veel", found.difference(wanted, sort=False)),
        ):
            if len(codes):
                text = f"{what} {word} {kind}: {names(codes)}"
                faults.append(fault("other-labels", text, f"dezelfde {kind}", "maak de tabellen gelijk"))
    return faults


def _duplicate_faults(frame: pd.DataFrame, what: str) -> list[Finding]:
    if not isinstance(frame, pd.DataFrame):
        found = f"{what}: een {type(frame).__name__}"
        return [fault("no-table", found, "een tabel", "geef een DataFrame")]
    return [
        fault(
            f"duplicate-{rule}",
            f"{what}: dubbele {kind} {names(twice)}",
            "elke code eenmaal",
            "laat er een staan",
        )
        for rule, kind, labels in (("unit", "eenheden", frame.index), ("column", "kolommen", frame.columns))
        if len(twice := labels[labels.duplicated()].unique())
    ]


def _leaf_faults(values: pd.DataFrame, tree: Tree) -> list[Finding]:
    if not isinstance(values, pd.DataFrame):
        return []
    leaves, columns = set(tree.leaves), set(values.columns)
    strange = [code for code in values.columns.unique() if code not in leaves]
    remedy = "voeg haar toe aan de structuur of laat de kolom weg"
    return [
        *(
            fault(
                "group-column",
                f"kolom “{code}” is een groep",
                "indicatoren",
                "laat de kolom weg",
                indicator=code,
            )
            if code in tree.children
            else fault(
                "unknown-column",
                f"kolom “{code}” staat niet in de structuur",
                "de indicatoren van de structuur",
                meant(code, leaves - columns, remedy),
                indicator=code,
            )
            for code in strange
        ),
        *(
            fault(
                "missing-column",
                f"indicator “{code}” heeft geen kolom",
                "een kolom per indicator",
                meant(code, set(strange) - set(tree.children), "voeg haar toe, desnoods leeg"),
                indicator=code,
            )
            for code in tree.leaves
            if code not in columns
        ),
    ]


def _truths(column: pd.Series) -> bool:
    """Whether a column of anything holds nothing but yes and no, as one does that was put in another order."""
    return bool(types.is_object_dtype(column) and column.map(lambda cell: isinstance(cell, bool | np.bool_)).all())


def _numbers(column: pd.Series) -> FloatArray | None:
    """The column as floats, None if it holds anything but numbers and blanks."""
    blank = column.isna()
    if blank.all():
        return np.full(len(column), np.nan)
    if types.is_object_dtype(column) and all(isinstance(cell, Real) for cell in column[~blank]):
        column = column.where(~blank, np.nan).astype("float64")
    if not types.is_numeric_dtype(column) or types.is_complex_dtype(column):
        return None
    return column.to_numpy(dtype=np.float64, na_value=np.nan)
