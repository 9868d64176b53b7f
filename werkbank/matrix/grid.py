"""The matrix on one sheet, cell by cell: what every cell says, and what is missing or out of place."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace

from werkbank.errors import Finding
from werkbank.matrix.cells import OPEN, CellReader, Judgement, Unreadable, mixed_scale
from werkbank.matrix.locating import Located
from werkbank.matrix.opening import Cell, Table, Where

__all__ = ["Grid", "special_cell"]

_WITHOUT_VALUE = Unreadable(
    "formula-without-value", "een formule zonder waarde of met uitkomst 0, of een fout", "een gekozen niveau"
)
_MERGED = Unreadable("merged-cell", "een samengevoegde cel", "elk oordeel in een eigen cel")
_PERCENTAGE = Unreadable("percentage", "een percentage", "een gekozen niveau", other_scale="percentage")

_UNSEEN = Unreadable("unseen-value", "een waarde die niet te zien is", "een waarde die te zien is")

_ENGLISH = {"rij": "row", "kolom": "column"}

_Line = tuple[int | None, Callable[[Hashable], Judgement | Unreadable]]
"""An indicator's row, if it has one, and what reads its cells."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One party's matrix as found in its workbook."""

    file: str
    located: Located
    cells: CellReader

    @property
    def table(self) -> Table:
        """The sheet, turned so that its parks are columns."""
        return self.located.table

    def judgements(self, parks: Sequence[str], indicators: Sequence[str]) -> tuple[list[Judgement], list[Finding]]:
        """Every cell's judgement, park by park; a cell that cannot be read is open, with a finding."""
        lines = [(self.located.rows.get(indicator), self.cells.reader(indicator)) for indicator in indicators]
        cells = [cell for park in parks for cell in self._column(self.located.columns.get(park), lines)]
        judgements = [cell for cell in cells if isinstance(cell, Judgement)]
        if len(judgements) == len(cells):
            return judgements, []
        places = [(park, indicator) for park in parks for indicator in indicators]
        faults = [
            self._cell_fault(*place, cell)
            for place, cell in zip(places, cells, strict=True)
            if isinstance(cell, Unreadable)
        ]
        scales = (self.cells.scale(indicator) for _, indicator in places)
        whole = mixed_scale(zip(cells, scales, strict=True), self.file, self.table)
        faults += [whole] if whole else []
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
                yield replace(fault, park_id=park, **self._head_of(park))

    def hidden(self) -> Iterator[Finding]:
        """What counts although whoever opens the file does not see it: a hidden sheet, row or column."""
        if self.table.hidden:
            yield self._hidden("hidden-sheet", "het blad is verborgen")
        row, column = ("kolom", "rij") if self.table.turned else ("rij", "kolom")
        for code, place in self.located.rows.items():
            if place in self.table.hidden_rows:
                fault = self._hidden(f"hidden-{_ENGLISH[row]}", f"de {row} van {code} is verborgen")
                where = self.table.where(place, self.located.code_column)
                yield replace(fault, indicator=code, **where)
        for park, place in self.located.columns.items():
            if place in self.table.hidden_columns:
                fault = self._hidden(f"hidden-{_ENGLISH[column]}", f"de {column} van {park} is verborgen")
                yield replace(fault, park_id=park, **self._head_of(park))

    def _head_of(self, park: str) -> Where:
        return self.table.where(self.located.header, self.located.columns[park])

    def _column(self, column: int | None, lines: Sequence[_Line]) -> list[Judgement | Unreadable]:
        """What one park's cells say, indicator by indicator."""
        rows = self.table.rows
        if column is None:
            return [OPEN] * len(lines)
        if self.table.ordinary:
            return [OPEN if row is None else reader(rows[row][column]) for row, reader in lines]
        return [
            OPEN if row is None else special_cell(self.table, (row, column)) or reader(rows[row][column])
            for row, reader in lines
        ]

    def _cell_fault(self, park: str, indicator: str, read: Unreadable) -> Finding:
        finding = self._finding(read.rule, read.found, "kies een waarde uit de lijst; tot dan telt de cel als leeg")
        where = self.table.where(self.located.rows[indicator], self.located.columns[park])
        return replace(finding, allowed=read.allowed, park_id=park, indicator=indicator, **where)

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
            sheet=self.table.sheet,
            found=found,
            allowed="de terreinen van deze gemeente en de indicatoren van de catalogus",
            remedy=remedy,
        )


def special_cell(table: Table, cell: Cell) -> Unreadable | None:
    """Why a cell may not be read for what it holds; None for an ordinary one."""
    if table.ordinary:
        return None
    if cell in table.unreliable:
        return _WITHOUT_VALUE
    if cell in table.merged:
        return _MERGED
    if cell in table.unseen:
        return _UNSEEN
    return _PERCENTAGE if cell in table.percentages else None
