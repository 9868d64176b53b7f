"""Small writers of every kind of file that is read, so that one table of values can come in each of them."""

import csv
import io
import zipfile
from dataclasses import dataclass, field

import openpyxl


@dataclass
class Formula:
    """A cell that is calculated: what was stored as its result, None for nothing."""

    result: object = None


@dataclass
class Percent:
    """A number that is shown as a percentage."""

    number: float


class Fault:
    """A cell with an error such as #DIV/0!."""


@dataclass
class Sheet:
    """One sheet: rows of values, and what is special about it."""

    rows: list
    name: str = "Matrix"
    hidden: bool = False
    hidden_rows: set = field(default_factory=set)
    hidden_columns: set = field(default_factory=set)
    merged: list = field(default_factory=list)
    """(top, left, bottom, right), counted from 0."""


def xlsx(*sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for each in sheets:
        sheet = book.create_sheet(each.name)
        for row, values in enumerate(each.rows, 1):
            for column, value in enumerate(values, 1):
                put(sheet.cell(row, column), value)
        for row in each.hidden_rows:
            sheet.row_dimensions[row + 1].hidden = True
        for column in each.hidden_columns:
            sheet.column_dimensions[openpyxl.utils.get_column_letter(column + 1)].hidden = True
        for top, left, bottom, right in each.merged:
            sheet.merge_cells(start_row=top + 1, start_column=left + 1, end_row=bottom + 1, end_column=right + 1)
        sheet.sheet_state = "hidden" if each.hidden else "visible"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put(cell, value):
    if isinstance(value, Formula):
        cell.value = "=1+1"
    elif isinstance(value, Percent):
        cell.value, cell.number_format = value.number, "0%"
    elif isinstance(value, Fault):
        cell.value = "#DIV/0!"
    elif value != "":
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def rewritten(content, change):
    """The archive with every member passed through `change(name, bytes)`; None leaves it out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: change(name, archive.read(name)) for name in archive.namelist()}
    return zipped({name: member for name, member in members.items() if member is not None})


def compound(name):
    """The container of old Office files ([MS-CFB]) as far as it is looked at: its signature, and a stream's name."""
    return bytes.fromhex("d0cf11e0a1b11ae1") + bytes(1_016) + name.encode("utf-16-le") + bytes(512)


def delimited(rows, delimiter=";", encoding="utf-8", newline="\r\n"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return buffer.getvalue().encode(encoding)
