"""The matrix on one sheet, cell by cell: what every cell says, and what is missing or out of place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from werkbank.errors import Finding
from werkbank.matrix.cells import OPEN, CellReader, Judgement, Unreadable
from werkbank.matrix.locate import Located
from werkbank.matrix.workbook import Table, address

__all__ = ["Grid"]

_WITHOUT_VALUE = Unreadable("formula-without-value", "een formule of fout zonder waarde", "een gekozen niveau")
_MERGED = Unreadable("merged-cell", "een samengevoegde cel", "elk oordeel in een eigen cel")

_Line = tuple[int | None, Callable[[Hashable], Judgement | Unreadable]]
"""An indicator's row, if it has one, and what reads its cells."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One party's matrix as found in its workbook."""

    file: str
    table: Table
    located: Located
    cells: CellReader

    def judgements(self, parks: Sequence[str], indicators: Sequence[str]) -> tuple[list[Judgement], list[Finding]]:
        """Every cell's judgement, park by park; a cell that cannot be read is open, with a finding."""
        lines = [(self.located.rows.get(indicator), self.cells.reader(indicator)) for indicator in indicators]
        cells = [cell for park in parks for cell in self._column(self.located.columns.get(park), lines)]
        places = ((park, indicator) for park in parks for indicator in indicators)
        faults = [
            self._cell_fault(*place, cell)
            for place, cell in zip(places, cells, strict=True)
            if isinstance(cell, Unreadable)
        ]
        return [cell if isinstance(cell, Judgement) else OPEN for cell in cells], faults

    def gaps(self, parks: Sequence[str], indicators: Collection[str]) -> Iterator[Finding]:
        """Parks and indicators that should stand on the sheet and do not, and parks that should not."""
        for park in parks:
            if park not in self.located.columns and park not in self.located.doubtful:
                yield replace(self._misfit("missing-park", f"terrein {park} ontbreekt"), park_id=park)
        for code in indicators:
            if code not in self.located.rows and code not in self.located.doubtful:
                yield replace(self._misfit("missing-indicator", f"indicator {code} ontbreekt"), indicator=code)
        for park in self.located.columns:
            if park not in parks:
                fault = self._misfit("park-of-other-municipality", f"terrein {park} hoort bij een andere gemeente")
                yield replace(fault, park_id=park, cell=self._head_of(park))

    def hidden(self) -> Iterator[Finding]:
        """What counts although whoever opens the file does not see it: a hidden sheet, row or column."""
        if self.table.hidden:
            yield self._hidden("hidden-sheet", "het blad is verborgen")
        for code, row in self.located.rows.items():
            if row in self.table.hidden_rows:
                cell = address(row, self.located.code_column)
                yield replace(self._hidden("hidden-row", f"de rij van {code} is verborgen"), cell=cell, indicator=code)
        for park, column in self.located.columns.items():
            if column in self.table.hidden_columns:
                fault = self._hidden("hidden-column", f"de kolom van {park} is verborgen")
                yield replace(fault, cell=self._head_of(park), park_id=park)

    def _head_of(self, park: str) -> str:
        return address(self.located.header, self.located.columns[park])

    def _column(self, column: int | None, lines: Sequence[_Line]) -> list[Judgement | Unreadable]:
        """What one park's cells say, indicator by indicator."""
        rows = self.table.rows
        if column is None:
            return [OPEN] * len(lines)
        if not self.table.unreliable and not self.table.merged:
            return [OPEN if row is None else reader(rows[row][column]) for row, reader in lines]
        return [
            OPEN if row is None else self._special(row, column) or reader(rows[row][column]) for row, reader in lines
        ]

    def _special(self, row: int, column: int) -> Unreadable | None:
        if (row, column) in self.table.unreliable:
            return _WITHOUT_VALUE
        return _MERGED if (row, column) in self.table.merged else None

    def _cell_fault(self, park: str, indicator: str, read: Unreadable) -> Finding:
        finding = self._finding(read.rule, read.found, "kies een waarde uit de lijst; tot dan telt de cel als leeg")
        cell = address(self.located.rows[indicator], self.located.columns[park])
        return replace(finding, allowed=read.allowed, cell=cell, park_id=park, indicator=indicator)

    def _misfit(self, rule: str, found: str) -> Finding:
        return self._finding(rule, found, "neem de lege werkmap van de werkbank als uitgangspunt")

    def _hidden(self, rule: str, found: str) -> Finding:
        finding = self._finding(rule, found, "maak het zichtbaar en controleer de waarden; ze tellen mee")
        return replace(finding, severity="warning", allowed="een matrix die helemaal te zien is")

    def _finding(self, rule: str, found: str, remedy: str) -> Finding:
        return Finding(
            rule=rule,
            severity="error",
            file=self.file,
            sheet=self.table.name,
            found=found,
            allowed="de terreinen van deze gemeente en de indicatoren van de catalogus",
            remedy=remedy,
        )
