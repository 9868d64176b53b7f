"""Where every judgement and remark stood in the files that were read; addresses are made when asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from werkbank.matrix.opening import address

__all__ = ["Key", "Place", "Places", "Whereabouts"]

Key = tuple[str, str]
"""Park and indicator."""


@dataclass(frozen=True, slots=True)
class Place:
    """A spot in a file: sheet and cell (as in `F14`) of a workbook, or cell and line (from 1) of a text file."""

    file: str
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where one party's judgements about one municipality stood: two edges of a matrix, or a list of lines.

    Rows and columns count from 0. Nothing is kept per cell of a matrix, for there are thousands.
    """

    file: str
    party: str
    sheet: str | None = None
    """None in a text file."""
    parks: Mapping[str, int] = field(default_factory=dict)
    indicators: Mapping[str, int] = field(default_factory=dict)
    parks_are_columns: bool = True
    entries: Mapping[Key, int] = field(default_factory=dict)
    """The row of each judgement, where they stand in a list and not in a matrix."""
    level_column: int = 0
    """The column of the levels in such a list."""
    remark_sheet: str | None = None
    remark_columns: Mapping[str, int] = field(default_factory=dict)
    """The columns of remark, source_strength and date, as far as they are there."""
    remarks: Mapping[Key, int] = field(default_factory=dict)
    """The row of what is said beside each judgement."""
    lines: Sequence[int] | None = None
    """In a text file, the line on which each row begins: a field may hold line ends."""

    def of_judgement(self, park_id: str, indicator: str) -> Place | None:
        """The cell or line of a judgement; None where the file has none for it."""
        if self.entries:
            row = self.entries.get((park_id, indicator))
            return None if row is None else self._place(self.sheet, row, self.level_column)
        park, other = self.parks.get(park_id), self.indicators.get(indicator)
        if park is None or other is None:
            return None
        return self._place(self.sheet, *((other, park) if self.parks_are_columns else (park, other)))

    def of_remark(self, park_id: str, indicator: str, column: str = "remark") -> Place | None:
        """The cell or line of a remark, or of the source strength or date beside it; None where there is none."""
        row, place = self.remarks.get((park_id, indicator)), self.remark_columns.get(column)
        return None if row is None or place is None else self._place(self.remark_sheet, row, place)

    def _place(self, sheet: str | None, row: int, column: int) -> Place:
        if self.lines is not None:
            return Place(self.file, cell=address(row, column), line=self.lines[row])
        return Place(self.file, sheet, address(row, column))

    def parks_named(self) -> set[str]:
        """Every park about which something stands here."""
        return {*self.parks, *(park for park, _ in self.entries), *(park for park, _ in self.remarks)}


class Places:
    """Where the judgements of a whole round stood, found by party and park; there may be hundreds of files."""

    __slots__ = ("_all", "_of")

    def __init__(self, all_of_them: Iterable[Whereabouts] = ()) -> None:
        self._all = tuple(all_of_them)
        self._of: dict[tuple[str, str], tuple[Whereabouts, ...]] = {}
        for each in self._all:
            for park in each.parks_named():
                self._of[each.party, park] = (*self._of.get((each.party, park), ()), each)

    def __iter__(self) -> Iterator[Whereabouts]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of(self, park_id: str, party: str) -> Iterator[Whereabouts]:
        """Where what this party says of this park may stand."""
        return iter(self._of.get((party, park_id), ()))
