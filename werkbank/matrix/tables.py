"""A sheet as a plain table, whatever kind of file it came from, with the cells whose value cannot be trusted."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self, TypedDict

__all__ = ["NO_MARKS", "Cell", "Marks", "Range", "Table", "Where", "address", "marked_table"]

_MAX_MERGED = 1_000_000
"""Ranges cannot lie over each other, so together they hold no more cells than a sheet may."""

Cell = tuple[int, int]
"""Row and column, counted from 0."""
Range = tuple[Cell, Cell]
"""The first and the last cell."""


class Where(TypedDict, total=False):
    """The place in a file, as a Finding takes it."""

    sheet: str | None
    cell: str | None
    line: int | None


@dataclass(frozen=True, slots=True)
class Marks:
    """What is special about the cells of one sheet; nothing at all for most."""

    unreliable: frozenset[Cell] = frozenset()
    """Cells that hold an error, or a formula without a value."""
    merged: tuple[Range, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: tuple[tuple[int, int], ...] = ()
    """First and last column of every hidden stretch."""
    reach: Cell = (0, 0)
    """The number of rows and of columns up to the last cell that holds anything; 0 where nothing hints at many."""
    percentages: frozenset[Cell] = frozenset()
    """Cells that are shown as a percentage: what looks like 100 % is stored as 1."""
    unseen: frozenset[Cell] = frozenset()
    """Cells that hold something and look empty."""


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one sheet from A1 on, rows of equal length; empty cells are empty texts."""

    name: str
    rows: tuple[tuple[Hashable, ...], ...]
    unreliable: frozenset[Cell] = frozenset()
    """Cells (row, column from 0) that hold a formula without a value, or an error."""
    merged: Mapping[Cell, Cell] = field(default_factory=dict)
    """Merged cells → the first cell of their range, which alone holds the value."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    percentages: frozenset[Cell] = frozenset()
    unseen: frozenset[Cell] = frozenset()
    """Cells that hold something and look empty: whoever sent the file never saw it."""
    lines: tuple[int, ...] | None = None
    """In a text file, the line on which each row begins; a text file has no sheets."""
    turned: bool = False
    """True when rows and columns were exchanged; places are still told as they are in the file."""

    @property
    def sheet(self) -> str | None:
        """The name of the sheet; None in a text file."""
        return self.name if self.lines is None else None

    @property
    def ordinary(self) -> bool:
        """True when no cell is special: each may be read for what it holds."""
        return not (self.unreliable or self.merged or self.percentages or self.unseen)

    def where(self, row: int, column: int) -> Where:
        """Sheet and cell of a place in this table; in a text file the cell as a spreadsheet shows it, and the line."""
        if self.turned:
            row, column = column, row
        if self.lines is not None:
            return {"cell": address(row, column), "line": self.lines[row] if row < len(self.lines) else None}
        return {"sheet": self.name, "cell": address(row, column)}

    def turn(self) -> Self:
        """The same table with its rows as columns."""
        return replace(
            self,
            rows=tuple(zip(*self.rows, strict=True)),
            unreliable=frozenset(map(_exchanged, self.unreliable)),
            percentages=frozenset(map(_exchanged, self.percentages)),
            unseen=frozenset(map(_exchanged, self.unseen)),
            merged={_exchanged(cell): _exchanged(first) for cell, first in self.merged.items()},
            hidden_rows=self.hidden_columns,
            hidden_columns=self.hidden_rows,
            turned=not self.turned,
        )


def _exchanged(cell: Cell) -> Cell:
    return cell[1], cell[0]


def address(row: int, column: int) -> str:
    """The spreadsheet address of a cell counted from 0: (13, 5) → "F14"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def marked_table(name: str, rows: Sequence[Sequence[Hashable]], marks: Marks, *, hidden: bool) -> Table:
    """The table of a sheet with its marks, which are followed only as far as the sheet is filled."""
    width = max(map(len, rows), default=0)
    columns = (range(first, min(last + 1, width)) for first, last in marks.hidden_columns)
    return Table(
        name,
        tuple(map(tuple, rows)),
        marks.unreliable,
        dict(_merged(marks, len(rows), width)),
        marks.hidden_rows,
        frozenset(column for stretch in columns for column in stretch),
        hidden,
        marks.percentages,
        marks.unseen,
    )


def _merged(marks: Marks, height: int, width: int) -> Iterator[tuple[Cell, Cell]]:
    """Every merged cell with the first of its range; as far as the sheet is filled, and the cell beyond."""
    left = _MAX_MERGED
    for first, last in marks.merged:
        left -= max(0, min(last[0], height) - first[0] + 1) * max(0, min(last[1], width) - first[1] + 1)
        if left < 0:
            raise ValueError("merged ranges that lie over each other")
        for row in range(first[0], min(last[0], height) + 1):
            for column in range(first[1], min(last[1], width) + 1):
                yield (row, column), first
