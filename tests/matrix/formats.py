"""Small writers of every kind of file that is read, so that one table of values can come in each of them."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from dataclasses import dataclass, field
from xml.sax.saxutils import escape, quoteattr

import openpyxl

FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


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


NAMESPACES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text", "style")
)
CALCEXT = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'


def ods(*sheets, members=None):
    tables = "".join(map(ods_table, sheets))
    hidden = '<style:style style:name="off" style:family="table"><style:table-properties table:display="false"/></style:style>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMESPACES} {CALCEXT}>'
        f"<office:automatic-styles>{hidden}</office:automatic-styles>"
        f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body></office:document-content>"
    )
    parts = {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": content}
    parts["META-INF/manifest.xml"] = "<manifest/>"
    return zipped(parts | (members or {}))


def ods_table(sheet):
    width = max(map(len, sheet.rows), default=0)
    columns = "".join(
        f"<table:table-column{' table:visibility=' + quoteattr('collapse') if n in sheet.hidden_columns else ''}/>"
        for n in range(width)
    )
    rows = []
    for number, values in enumerate(sheet.rows):
        hidden = ' table:visibility="collapse"' if number in sheet.hidden_rows else ""
        cells = "".join(ods_cell(value, spans(sheet, number, place)) for place, value in enumerate(values))
        rows.append(f"<table:table-row{hidden}>{cells}</table:table-row>")
    style = ' table:style-name="off"' if sheet.hidden else ""
    return f"<table:table table:name={quoteattr(sheet.name)}{style}>{columns}{''.join(rows)}</table:table>"


def spans(sheet, row, column):
    for top, left, bottom, right in sheet.merged:
        if (top, left) == (row, column):
            return f' table:number-rows-spanned="{bottom - top + 1}" table:number-columns-spanned="{right - left + 1}"'
    return ""


def ods_cell(value, attributes=""):
    if value == "":
        return f"<table:table-cell{attributes}/>"
    if isinstance(value, Fault):
        return '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DEEL/0!</text:p></table:table-cell>'
    if isinstance(value, Formula):
        attributes += ' table:formula="of:=1+1"'
        if value.result is None:
            return f"<table:table-cell{attributes}/>"
        value = value.result
    if isinstance(value, Percent):
        kind, shown, value = "percentage", f"{value.number:.0%}", value.number
    else:
        kind, shown = ("float", str(value)) if isinstance(value, (int, float)) else ("string", value)
    number = f' office:value="{value}"' if kind != "string" else ""
    paragraphs = "".join(f"<text:p>{escape(part)}</text:p>" for part in str(shown).split("\n"))
    return f'<table:table-cell office:value-type="{kind}"{number}{attributes}>{paragraphs}</table:table-cell>'


def zipped(parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def record(kind, content=b""):
    return struct.pack("<HH", kind, len(content)) + content


def wide(text):
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def xls(*sheets, first=b"", version=0x600, shared=None, beside=()):
    """An .xls; `first` are records after the beginning, `shared` texts that cells refer to as ("shared", number)."""
    names = [wide(sheet.name)[0:1] + wide(sheet.name)[2:] for sheet in sheets]
    begin = record(0x809, struct.pack("<HHHHII", version, 5, 0, 0, 0, 0x600)) + first
    styles = b"".join(record(0xE0, struct.pack("<HH16x", 0, number)) for number in (0, 9, 14))
    texts = b"" if shared is None else shared_texts(shared)
    heads = sum(len(record(0x85, bytes(6) + name)) for name in names)
    place = len(begin + styles + texts) + heads + len(record(0x0A))
    bodies, announced = [], b""
    for sheet, name in zip(sheets, names, strict=True):
        announced += record(0x85, struct.pack("<IBB", place, int(sheet.hidden), 0) + name)
        bodies.append(xls_sheet(sheet))
        place += len(bodies[-1])
    stream = begin + styles + announced + texts + record(0x0A) + b"".join(bodies)
    return compound({"Workbook": stream} | dict.fromkeys(beside, b""))


def shared_texts(texts, size=8_000):
    """A table of texts that runs on over several records, each beginning anew with how wide its letters are."""
    records, current = [], struct.pack("<II", len(texts), len(texts))
    for text in texts:
        head, letters = struct.pack("<HB", len(text), 1), text.encode("utf-16-le")
        if len(current) + len(head) + 2 > size:
            records.append(current)
            current = b""
        current += head
        while letters:
            room = (size - len(current)) // 2 * 2
            current += letters[:room]
            letters = letters[room:]
            if letters:
                records.append(current)
                current = b"\x01"
    records.append(current)
    return record(0xFC, records[0]) + b"".join(record(0x3C, part) for part in records[1:])


def xls_sheet(sheet):
    content = record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0x600))
    for column in sorted(sheet.hidden_columns):
        content += record(0x7D, struct.pack("<HHHHH2x", column, column, 2_000, 0, 1))
    for row in sorted(sheet.hidden_rows):
        content += record(0x208, struct.pack("<HHHHHHH2x", row, 0, 10, 300, 0, 0, 0x20))
    for row, values in enumerate(sheet.rows):
        for column, value in enumerate(values):
            content += xls_cell(row, column, value)
    if sheet.merged:
        ranges = b"".join(struct.pack("<HHHH", top, bottom, left, right) for top, left, bottom, right in sheet.merged)
        content += record(0xE5, struct.pack("<H", len(sheet.merged)) + ranges)
    return content + record(0x0A)


def xls_cell(row, column, value):
    place = struct.pack("<HHH", row, column, 1 if isinstance(value, Percent) else 0)
    if isinstance(value, Percent):
        value = value.number
    if value == "":
        return b""
    if isinstance(value, Fault):
        return record(0x205, place + b"\x07\x01")
    if isinstance(value, Formula):
        return xls_formula(place, value.result)
    if isinstance(value, bool):
        return record(0x205, place + bytes([value, 0]))
    if isinstance(value, tuple):
        return record(0xFD, place + struct.pack("<I", value[1]))
    if isinstance(value, (int, float)):
        return record(0x203, place + struct.pack("<d", value))
    return record(0x204, place + wide(value))


def xls_formula(place, result):
    rest = struct.pack("<HIH", 0, 0, 0)
    if result is None:
        return record(0x06, place + b"\x03\0\0\0\0\0\xff\xff" + rest)
    if isinstance(result, str):
        return record(0x06, place + b"\0\0\0\0\0\0\xff\xff" + rest) + record(0x207, wide(result))
    return record(0x06, place + struct.pack("<d", result) + rest)


def compound(streams):
    """The container of old Office files ([MS-CFB]) with these streams, each in sectors of 512 bytes."""
    parts = [content.ljust(4_096, b"\0") for content in streams.values()]
    sectors = [-(-len(part) // 512) for part in parts]
    starts = [2 + sum(sectors[:number]) for number in range(len(sectors))]
    entries = [entry("Root Entry", 5, FREE, 0, child=1 if streams else FREE)]
    for number, (name, part) in enumerate(zip(streams, parts, strict=True)):
        right = number + 2 if number + 1 < len(parts) else FREE
        entries.append(entry(name, 2, starts[number], len(part), right=right))
    directory = b"".join(entries)
    size = -(-len(directory) // 512)
    data = b"".join(part.ljust(count * 512, b"\0") for part, count in zip(parts, sectors, strict=True))
    first = 2 + sum(sectors)
    tables = -(-(first + size) // 128)
    assert tables == 1, "one sector of table is enough for tests"
    table = [FAT, FREE]
    for start, count in zip(starts, sectors, strict=True):
        table += [*range(start + 1, start + count), END]
    table += [*range(first + 1, first + size), END]
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, first, 0, 4_096, END, 0, END, 0) + struct.pack("<109I", 0, *[FREE] * 108)
    filled = struct.pack("<128I", *table, *[FREE] * (128 - len(table)))
    return header + filled + bytes(512) + data + directory.ljust(size * 512, b"\0")


def entry(name, kind, start, size, child=FREE, right=FREE):
    text = name.encode("utf-16-le")
    head = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    return head + struct.pack("<III", FREE, right, child) + bytes(36) + struct.pack("<IQ", start, size)


def delimited(rows, delimiter=";", encoding="utf-8", newline="\r\n"):
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter, lineterminator=newline).writerows(rows)
    return buffer.getvalue().encode(encoding)
