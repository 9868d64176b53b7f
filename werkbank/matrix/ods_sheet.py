"""One sheet of an .ods while it is read: cells that stand for many, rows that stand for many.

One cell in the XML may stand for thousands of equal ones, so empty repeats are never made, and filled ones only as far
as a matrix can reach (OpenDocument 1.3, part 3, 9.1).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final, Literal

from werkbank.matrix.opening import Cell, Marks, Range, Table, marked_table

__all__ = ["MAX_CELLS", "SheetOfOds", "Special"]

MAX_CELLS: Final = 1_000_000
Special = Literal["", "unreliable", "percentage", "unseen"]


class SheetOfOds:
    """The rows of one sheet so far; raises OverflowError when they become more than a matrix can be."""

    def __init__(self, name: str, style: str) -> None:
        self.name, self.style = name, style
        self._rows: dict[int, list[Hashable]] = {}
        self._special: dict[Special, set[Cell]] = {"unreliable": set(), "percentage": set(), "unseen": set()}
        self._merged: list[Range] = []
        self._hidden_rows: list[tuple[int, int]] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._row = self._column = self._columns = self._made = 0

    def add_columns(self, times: int, *, hidden: bool) -> None:
        """Columns of one kind, in order from the left."""
        if hidden:
            self._hidden_columns.append((self._columns, self._columns + times - 1))
        self._columns += times

    def add_cells(self, value: Hashable, times: int, special: Special) -> None:
        """The same cell some times over, to the right of what is there."""
        if value != "" or special:
            row = self._rows.setdefault(self._row, [])
            self._count(self._column + times - len(row))
            row += [""] * (self._column - len(row)) + [value] * times
            if special:
                self._special[special] |= {(self._row, self._column + step) for step in range(times)}
        self._column += times

    def merge(self, rows: int, columns: int) -> None:
        """The cell that comes next spans these rows and columns."""
        last = self._row + rows - 1, self._column + columns - 1
        self._merged.append(((self._row, self._column), last))

    def end_row(self, times: int, *, hidden: bool) -> None:
        """The row is complete; it stands there some times over."""
        if hidden:
            self._hidden_rows.append((self._row, self._row + times))
        made = self._rows.get(self._row)
        if made and times > 1:
            self._count(len(made) * (times - 1))
            self._rows |= {self._row + step: made for step in range(1, times)}
            for cells in self._special.values():
                again = [column for row, column in cells if row == self._row]
                cells |= {(self._row + step, column) for step in range(1, times) for column in again}
        self._row, self._column = self._row + times, 0

    def _count(self, cells: int) -> None:
        self._made += cells
        if self._made > MAX_CELLS:
            raise OverflowError("more cells than a matrix has")

    def table(self, *, hidden: bool) -> Table:
        """The sheet as a table. Raises OverflowError when its last cell lies too far off."""
        height, width = max(self._rows, default=-1) + 1, max(map(len, self._rows.values()), default=0)
        if height * width > MAX_CELLS:
            raise OverflowError("cells farther off than a matrix reaches")
        empty: list[Hashable] = []
        rows = [(row := self._rows.get(number, empty)) + [""] * (width - len(row)) for number in range(height)]
        marks = Marks(
            unreliable=frozenset(self._special["unreliable"]),
            merged=tuple(self._merged),
            # Whoever hides all that lies below the matrix hides a million rows.
            hidden_rows=frozenset(row for first, end in self._hidden_rows for row in range(first, min(end, height))),
            hidden_columns=tuple(self._hidden_columns),
            percentages=frozenset(self._special["percentage"]),
            unseen=frozenset(self._special["unseen"]),
        )
        return marked_table(self.name, rows, marks, hidden=hidden)
