"""One returned workbook in hand: its cells found by park and indicator, changed as a person would, and kept."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.cell import Cell
from openpyxl.utils import get_column_letter
from tests.planted.listed import Planted

from werkbank.matrix import layout

__all__ = ["Book", "column_letter", "settled"]

_THEN: Final = (2018, 1, 1, 0, 0, 0)
_WRITTEN: Final = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


class Book:
    """A workbook of the werkbank as it came back; `save` puts it where it was."""

    def __init__(self, path: Path) -> None:
        self.path = path
        with warnings.catch_warnings():
            # openpyxl has no place for a print area that is a whole column.
            warnings.simplefilter("ignore", UserWarning)
            self.book = openpyxl.load_workbook(path)
        self.matrix: Any = self.book[layout.SHEET_MATRIX]
        self.remarks: Any = self.book[layout.SHEET_REMARKS]
        self.columns = {str(cell.value): cell.column for cell in self.matrix[layout.PARK_ID_ROW + 1] if cell.value}
        codes = self.matrix.iter_rows(min_row=layout.FIRST_INDICATOR_ROW + 1, max_col=1)
        self.rows = {str(cell.value): cell.row for (cell,) in codes if cell.value}
        first = self.matrix.cell(layout.PARK_ID_ROW + 1, layout.NAME_COLUMN + 1).value
        self.columns.pop(str(first), None)

    @property
    def parks(self) -> tuple[str, ...]:
        """The parks in the order of the columns."""
        return tuple(self.columns)

    def cell(self, park: str, code: str) -> Cell:
        """The cell of a judgement."""
        found: Cell = self.matrix.cell(self.rows[code], self.columns[park])
        return found

    def head(self, park: str) -> Cell:
        """The cell with a park's code."""
        found: Cell = self.matrix.cell(layout.PARK_ID_ROW + 1, self.columns[park])
        return found

    def beyond(self, further: int = 0) -> int:
        """A column to the right of the last park, leaving one empty between."""
        return max(self.columns.values()) + 2 + further

    def below(self, further: int = 0) -> int:
        """A row under the last indicator."""
        return max(self.rows.values()) + 1 + further

    def explained(self) -> dict[tuple[str, str], int]:
        """Park and indicator → the row on the sheet with explanations."""
        rows = self.remarks.iter_rows(min_row=layout.FIRST_REMARK_ROW + 1, max_col=2)
        return {(str(park.value), str(code.value)): park.row for park, code in rows if park.value}

    def explain(self, park: str, code: str, **said: object) -> int:
        """Write a line of explanation (`source_strength`, `date`, `remark`) under the last one; gives its row."""
        row = max((layout.FIRST_REMARK_ROW, *self.explained().values())) + 1
        for column, name in enumerate(layout.REMARK_HEADINGS, 1):
            value = {"park_id": park, "indicator": code, **said}.get(name)
            if value is not None:
                self.remarks.cell(row, column).value = value
        return row

    def forget(self, park: str) -> None:
        """Take away what was explained about a park."""
        for (each, _), row in self.explained().items():
            if each == park:
                for column in range(1, len(layout.REMARK_HEADINGS) + 1):
                    self.remarks.cell(row, column).value = None

    def schema(self, **values: str | None) -> None:
        """Change values on the hidden sheet; None takes a line away."""
        for key, value in self.book[layout.SHEET_SCHEMA].iter_rows(max_col=2):
            name = str(key.value)
            if name in values:
                key.value, value.value = (None if values[name] is None else name), values[name]

    def hide_column(self, column: int) -> None:
        """Hide one column, also where a stretch of columns is kept as one."""
        dimensions = self.matrix.column_dimensions
        for letter in tuple(dimensions):
            stretch = dimensions[letter]
            for number in range(stretch.min + 1, (stretch.max or stretch.min) + 1):
                dimensions[column_letter(number)].width = stretch.width
            stretch.max = stretch.min
        dimensions[column_letter(column)].hidden = True

    def planted(self, kind: str, rule: str | None, what: str, at: Cell | None = None, **place: Any) -> Planted:
        """The entry for something planted in this workbook, at a cell or at what `place` says."""
        where = {} if at is None else {"sheet": at.parent.title, "cell": at.coordinate}
        return Planted(kind=kind, rule=rule, file=self.path.name, what=what, **{**where, **place})

    def remark_cell(self, row: int, name: str) -> Cell:
        """The cell of one column of an explanation."""
        found: Cell = self.remarks.cell(row, list(layout.REMARK_HEADINGS).index(name) + 1)
        return found

    def save(self, path: Path | None = None, *, longer: Mapping[str, str] | None = None) -> None:
        """Store the workbook; the same changes give the same bytes. `longer` puts texts in the place of others.

        That is how a text gets in that is longer than Excel and openpyxl let through.
        """
        buffer = io.BytesIO()
        self.book.save(buffer)
        (path or self.path).write_bytes(settled(buffer.getvalue(), longer or {}))


def settled(content: bytes, longer: Mapping[str, str] | None = None) -> bytes:
    """The archive without the moment at which it was written, with other texts in the place of some."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, _THEN), _member(old, name, longer or {}), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _member(archive: zipfile.ZipFile, name: str, longer: Mapping[str, str]) -> bytes:
    content = archive.read(name)
    for text, other in longer.items():
        content = content.replace(text.encode(), other.encode())
    return _WRITTEN.sub(rb"\g<1>2018-01-01T00:00:00Z", content) if name == "docProps/core.xml" else content


def column_letter(column: int) -> str:
    """The letter of a column counted from 1."""
    return str(get_column_letter(column))
