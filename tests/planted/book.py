"""One returned workbook in hand: its cells found by park and indicator, changed as a person would, and kept."""

import io
import re
import warnings
import zipfile
from dataclasses import dataclass

import openpyxl
from openpyxl.utils import get_column_letter

from werkbank.matrix import layout

THEN = (2018, 1, 1, 0, 0, 0)
HEAD = layout.PARK_ID_ROW + 1


@dataclass(frozen=True, kw_only=True)
class Planted:
    """One planted fault, found by `rule`; with `rule` None a cell that only looks like one, and what is `meant`.

    A fault that concerns no file in particular has None for `file`.
    """

    rule: str | None
    file: str | None
    sheet: str | None = None
    cell: str | None = None
    line: int | None = None
    meant: object = None


class Book:
    """A workbook of the werkbank as it came back; `save` puts it where it was."""

    def __init__(self, path):
        self.path = path
        with warnings.catch_warnings():
            # openpyxl has no place for a print area that is a whole column.
            warnings.simplefilter("ignore", UserWarning)
            self.book = openpyxl.load_workbook(path)
        self.matrix, self.remarks = self.book[layout.SHEET_MATRIX], self.book[layout.SHEET_REMARKS]
        heads = self.matrix.iter_rows(min_row=HEAD, max_row=HEAD, min_col=layout.FIRST_PARK_COLUMN + 1)
        self.columns = {cell.value: cell.column for row in heads for cell in row if cell.value}
        codes = self.matrix.iter_rows(min_row=layout.FIRST_INDICATOR_ROW + 1, max_col=1)
        self.rows = {cell.value: cell.row for (cell,) in codes if cell.value}

    @property
    def parks(self):
        return tuple(self.columns)

    def cell(self, park, code):
        """The cell of a judgement."""
        return self.matrix.cell(self.rows[code], self.columns[park])

    def head(self, park):
        """The cell with a park's code."""
        return self.matrix.cell(HEAD, self.columns[park])

    def is_level(self, park, code):
        return str(self.cell(park, code).value or "")[:1].isdecimal()

    def explained(self):
        """Park and indicator → the row on the sheet with explanations."""
        rows = self.remarks.iter_rows(min_row=layout.FIRST_REMARK_ROW + 1, max_col=2)
        return {(park.value, code.value): park.row for park, code in rows if park.value}

    def explain(self, park, code, shown="remark", **said):
        """Write a line of explanation under the last one; gives the cell of the column `shown`."""
        row = max((layout.FIRST_REMARK_ROW, *self.explained().values())) + 1
        for name, value in {"park_id": park, "indicator": code, **said}.items():
            self.remark_cell(row, name).value = value
        return self.remark_cell(row, shown)

    def remark_cell(self, row, name):
        return self.remarks.cell(row, list(layout.REMARK_HEADINGS).index(name) + 1)

    def forget(self, *gone):
        """Take away what was explained about these parks and indicators."""
        for key, row in self.explained().items():
            if set(key) & set(gone):
                for name in layout.REMARK_HEADINGS:
                    self.remark_cell(row, name).value = None

    def schema(self, **values):
        """Change values on the hidden sheet; None takes a line away."""
        for key, value in self.book[layout.SHEET_SCHEMA].iter_rows(max_col=2):
            if key.value in values:
                value.value = values[key.value]
                key.value = key.value if value.value else None

    def hide_column(self, column):
        """Hide one column, also where a stretch of columns is kept as one."""
        dimensions = self.matrix.column_dimensions
        for stretch in [dimensions[letter] for letter in tuple(dimensions)]:
            for number in range(stretch.min + 1, (stretch.max or stretch.min) + 1):
                dimensions[get_column_letter(number)].width = stretch.width
            stretch.max = stretch.min
        dimensions[get_column_letter(column)].hidden = True

    def planted(self, rule, at=None, **place):
        """The entry for something planted in this workbook, at a cell or at what `place` says."""
        where = {} if at is None else {"sheet": at.parent.title, "cell": at.coordinate}
        return Planted(**{"rule": rule, "file": self.path.name, **where, **place})

    def save(self, path=None, *, longer=None):
        """Store the workbook; the same changes give the same bytes. `longer` puts texts in the place of others.

        That is how a text gets in that is longer than Excel and openpyxl let through.
        """
        buffer = io.BytesIO()
        self.book.save(buffer)
        (path or self.path).write_bytes(settled(buffer.getvalue(), longer or {}))


def settled(content, longer):
    """The archive without the moment at which it was written, with other texts in the place of some."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            part = old.read(name)
            for text, other in longer.items():
                part = part.replace(text.encode(), other.encode())
            if name == "docProps/core.xml":
                part = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>2018-01-01T00:00:00Z", part)
            new.writestr(zipfile.ZipInfo(name, THEN), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_member(workbook, name, content):
    """The workbook with one more part in its archive."""
    buffer = io.BytesIO(workbook)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, THEN), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
