"""Small writers of every kind of file that is read, so that one table of values can come in each of them."""

import csv
import io
import zipfile
from contextlib import contextmanager

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def xlsx(*sheets):
    """A workbook of sheets: the name of each, and its rows of values."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets:
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if value == "" else value for value in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@contextmanager
def changed(path, name=None):
    """The workbook, to be changed as a person would; stored under its own name or another one."""
    book = openpyxl.load_workbook(path)
    yield book
    book.save(path.with_name(name or path.name))


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


def with_member(content, name, member):
    buffer = io.BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.writestr(name, member)
    return buffer.getvalue()
