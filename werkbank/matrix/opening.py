"""Opening a return safely, whatever it is: its sheets as plain tables, or the reason why it cannot be read.

What the file holds decides, not what it is called: workbooks get renamed. Read are .xlsx, .xlsm and text files; of any
other kind it cannot be told whether all of it is read, so it is refused by name. Macros are never run; that there are
any is a remark.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import posixpath
import re
import stat
import zipfile
import zlib
from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from defusedxml import ElementTree
from python_calamine import CalamineError, CalamineWorkbook

from werkbank.errors import Finding
from werkbank.files.delimited import MAX_CELLS as MAX_TEXT_CELLS
from werkbank.files.delimited import TEXT_SUFFIXES, NotDelimitedError, decoded, divided
from werkbank.matrix.cells import Cell, Marks, Oddity, cell_at, examine, looks_of, odd_parts
from werkbank.matrix.layout import MARK_NOTE, Place, address
from werkbank.matrix.rules import finding

MAX_BYTES: Final = 50_000_000
_UNREADABLE: Final[dict[type[OSError], str]] = {
    FileNotFoundError: "het bestand is er niet (meer)",
    PermissionError: "het bestand mag niet gelezen worden (is het nog open in Excel?)",
}


class UnreadableWorkbookError(Exception):
    """The file is not a workbook that can be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


def refusal(
    path: Path, rule: str, found: str = "", remedy: str = "", line: int | None = None
) -> UnreadableWorkbookError:
    """The refusal of a file by one of the rules; `found` and `remedy` where there is more to say than the rule does."""
    return UnreadableWorkbookError(finding(rule, found, remedy=remedy, place=Place(path.name, line=line)))


def file_content(path: Path) -> bytes:
    """The file's bytes; refused unread when it is too large, no ordinary file, or may not be read."""
    try:
        # Before it is opened: opening a pipe waits for whoever writes to it.
        if not stat.S_ISREG(path.stat().st_mode):
            raise refusal(path, "unreadable-file", "het is een map of een ander soort ding, en geen gewoon bestand")
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if size > MAX_BYTES:
                raise refusal(path, "too-large")
            return file.read(size)
    except OSError as error:
        raise refusal(path, "unreadable-file", _UNREADABLE.get(type(error), "")) from None


SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", ".numbers", ".csv", ".tsv")
"""What a folder is searched for; a kind that is not read is refused with a finding, never passed over."""
MAX_CELLS: Final = 1_000_000
_MAX_MEMBERS: Final = 2_000
_MAX_TEXTS: Final = 400_000
"""Texts in one workbook: a remark at every cell of the largest municipality takes some thousands."""
_MAX_MERGED: Final = 1_000_000
"""Ranges cannot lie over each other, so together they hold no more cells than a sheet may."""
_OLD: Final = bytes.fromhex("d0cf11e0")
# The name of the stream in which Office keeps a workbook with a password ([MS-OFFCRYPTO] 1.3).
_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")
_DAMAGE: Final = (
    CalamineError,
    ElementTree.ParseError,
    zipfile.BadZipFile,
    zlib.error,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
"""Everything that reading a damaged file was seen to raise."""
_OTHER_ARCHIVES: Final = {
    "xl/workbook.bin": ("een binaire werkmap van Excel (.xlsb)", "Excel"),
    "content.xml": ("een werkmap van LibreOffice (.ods)", "LibreOffice"),
    "meta-inf/manifest.xml": ("een werkmap van LibreOffice (.ods)", "LibreOffice"),
    "index/document.iwa": ("een werkmap van Numbers (.numbers)", "Numbers"),
    "index.zip": ("een werkmap van Numbers (.numbers)", "Numbers"),
}
"""A member of the archive → what the file is, and what opens it to save it as .xlsx."""


PROPERTIES: Final = "docProps/core.xml"
"""Where a workbook says who made it and when."""
_SAVED: Final = re.compile(rb"<(?:\w+:)?modified\b[^>]*>\s*(\d{4}-\d\d-\d\d)T")


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one sheet from A1 on, rows of equal length; empty cells are empty texts."""

    file: str
    name: str | None
    """The sheet; None in a text file, which has none."""
    rows: tuple[tuple[Hashable, ...], ...]
    odd: Mapping[Cell, Oddity] = field(default_factory=dict)
    """Cells (row, column from 0) that do not show a person what they hold."""
    merged: Mapping[Cell, Cell] = field(default_factory=dict)
    """Merged cells → the first cell of their range, which alone holds the value."""
    notes: frozenset[Cell] = frozenset()
    """Cells beside which somebody wrote a note."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False
    lines: tuple[int, ...] | None = None
    """In a text file, the line on which each row begins."""
    widths: tuple[int, ...] = ()
    """In a text file, the number of fields of each row."""

    def special(self, cell: Cell) -> str:
        """Why a cell may not be read for what it holds; empty for an ordinary one."""
        return self.odd.get(cell) or ("merged" if cell in self.merged else "")

    def place(self, row: int, column: int) -> Place:
        """Where a cell is: sheet and cell; in a text file the cell as a spreadsheet shows it, and the line."""
        line = self.lines[row] if self.lines is not None and row < len(self.lines) else None
        return Place(self.file, self.name, address(row, column), line)

    @property
    def whole(self) -> Place:
        """The sheet or the text file as a whole."""
        return Place(self.file, self.name)

    def uneven(self, head: int) -> tuple[int, ...]:
        """The rows of a text file below `head` with more or fewer fields than it: which is which, is not known."""
        rows = range(head + 1, len(self.widths))
        return tuple(row for row in rows if self.widths[row] != self.widths[head] and any(self.rows[row]))


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read: its sheets by name, in order; a text file is one table."""

    file: str
    tables: tuple[Table, ...]
    findings: tuple[Finding, ...] = ()
    """What is to be said about the file as a whole."""

    def table(self, name: str) -> Table | None:
        """The sheet with this name, whatever its capitals or outer spaces."""
        wanted = name.strip().casefold()
        return next((table for table in self.tables if table.name and table.name.strip().casefold() == wanted), None)


def open_workbook(path: Path, content: bytes, *, without: Collection[str] = ()) -> Workbook:
    """The workbook in `content`, but for the sheets named in `without`; `path` only names it.

    Raises UnreadableWorkbookError with the reason.
    """
    try:
        return _opened(path, content, without)
    except OverflowError:
        raise refusal(path, "too-large") from None
    except _DAMAGE:
        raise refusal(path, "damaged-workbook") from None


def saved_on(path: Path) -> dt.date | None:
    """The day (UTC) on which a workbook was last saved, as its own properties say; None where they do not."""
    try:
        properties = _safe_archive(path, file_content(path)).read(PROPERTIES)
        found = _SAVED.search(properties)
        return dt.date.fromisoformat(found[1].decode()) if found else None
    except (*_DAMAGE, UnreadableWorkbookError):
        return None


def _opened(path: Path, content: bytes, without: Collection[str]) -> Workbook:
    if content.startswith(b"PK"):
        return _from_archive(path, content, without)
    if content.startswith(_OLD) and _LOCKED in content:
        raise refusal(path, "password")
    if content.startswith(_OLD):
        found = "het bestand is een werkmap van vóór Excel 2007 (.xls), of een ander oud bestand van Office"
        raise refusal(path, "other-format", found)
    if content and path.suffix.lower() in TEXT_SUFFIXES:
        return _from_text(path, content)
    raise refusal(path, "not-a-workbook" if content else "empty-file")


def _from_text(path: Path, content: bytes) -> Workbook:
    try:
        letters, is_unicode = decoded(content)
        text = divided(letters)
    except NotDelimitedError as error:
        rule = "broken-csv" if error.line else "not-a-workbook"
        raise refusal(path, rule, error.found, error.remedy, error.line) from None
    widths = tuple(map(len, text.rows))
    width = max(widths, default=0)
    if len(text.rows) * width > MAX_TEXT_CELLS:
        raise refusal(path, "too-large")
    rows = tuple((*row, *[""] * (width - len(row))) for row in text.rows)
    table = Table(path.name, None, rows, lines=text.lines, widths=widths)
    return Workbook(path.name, (table,), () if is_unicode else (finding("other-encoding", place=Place(path.name)),))


def _from_archive(path: Path, content: bytes, without: Collection[str]) -> Workbook:
    archive = _safe_archive(path, content)
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" not in names:
        raise _other_archive(path, names)
    reading = _Reading(path, archive, content)
    tables = tuple(reading.table(sheet) for sheet in reading.sheets if sheet.name not in without)
    programs = any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names)
    return Workbook(path.name, tables, (finding("macro-present", place=Place(path.name)),) if programs else ())


def _safe_archive(path: Path, content: bytes) -> zipfile.ZipFile:
    """The archive, of which no member is unpacked yet.

    Refuses what unpacks to far more than a matrix, names that lead out of the archive, a password, and two members of
    one name, for which of them a reader takes is not certain.
    """
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = archive.infolist()
    if len(members) > _MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
        raise refusal(path, "too-large")
    if any(_leads_out(member.filename) for member in members):
        raise refusal(path, "unsafe-archive")
    if any(member.flag_bits & 0x1 for member in members):
        raise refusal(path, "password")
    if len({member.filename.lower() for member in members}) < len(members):
        raise ValueError("two members of one name")
    return archive


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or parts[0].endswith(":")


def _other_archive(path: Path, names: Collection[str]) -> UnreadableWorkbookError:
    kind, program = next((known for name, known in _OTHER_ARCHIVES.items() if name in names), ("", ""))
    if not kind:
        return refusal(path, "not-a-workbook")
    found = f"het bestand is {kind}; daarin is niet na te gaan of alles wordt gelezen"
    return refusal(path, "other-format", found, f"open het in {program} en sla het op als .xlsx")


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet as the workbook announces it."""

    name: str
    member: str
    hidden: bool


class _Reading:
    """An .xlsx or .xlsm while it is read: values by calamine, and by its XML what calamine does not tell."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, content: bytes) -> None:
        self._path, self._archive = path, archive
        self._members = {name.lower(): name for name in archive.namelist()}
        self.sheets = _sheets(self._part("xl/workbook.xml"), self._part("xl/_rels/workbook.xml.rels"))
        shared = self._part("xl/sharedStrings.xml", b"")
        # Few bytes of it may become many objects.
        if shared.count(b"<si") > _MAX_TEXTS:
            raise refusal(path, "too-large")
        self._looks = replace(looks_of(self._part("xl/styles.xml", b"<styleSheet/>")), parts=odd_parts(shared))
        self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    def _part(self, name: str, otherwise: bytes | None = None) -> bytes:
        if otherwise is not None and name.lower() not in self._members:
            return otherwise
        return self._archive.read(self._members[name.lower()])

    def table(self, sheet: _Sheet) -> Table:
        """One sheet: its values by calamine, with the marks that a search of its XML gives."""
        marks = examine(self._part(sheet.member), self._looks)
        # Before the values are read, and again before they are made: the reader makes every cell up to the last.
        if marks.reach[0] * marks.reach[1] > MAX_CELLS:
            raise refusal(self._path, "too-large")
        values = self._book.get_sheet_by_name(sheet.name)
        if values.total_height * values.total_width > MAX_CELLS:
            raise refusal(self._path, "too-large")
        rows = tuple(map(tuple, values.to_python(skip_empty_area=False)))
        # The marks are followed only as far as the sheet is filled.
        width = max(map(len, rows), default=0)
        columns = (range(first, min(last + 1, width)) for first, last in marks.hidden_columns)
        return Table(
            self._path.name,
            sheet.name,
            rows,
            odd=marks.odd,
            merged=dict(_merged(marks, len(rows), width)),
            notes=self._notes(sheet),
            hidden_rows=frozenset(marks.hidden_rows),
            hidden_columns=frozenset(column for stretch in columns for column in stretch),
            hidden=sheet.hidden,
        )

    def _notes(self, sheet: _Sheet) -> frozenset[Cell]:
        """The cells beside which somebody wrote a note, those that the werkbank itself marked left out."""
        folder, name = posixpath.split(sheet.member)
        relations = ElementTree.fromstring(self._part(f"{folder}/_rels/{name}.rels", b"<Relationships/>"))
        targets = [each.get("Target", "") for each in relations if each.get("Type", "").endswith("/comments")]
        notes = [note for each in targets for note in ElementTree.fromstring(self._part(_member(folder, each))).iter()]
        said = {cell_at(note.get("ref", "")): "".join(note.itertext()) for note in notes if "ref" in note.attrib}
        return frozenset(cell for cell, text in said.items() if MARK_NOTE not in text)


@lru_cache(maxsize=64)
def _sheets(workbook: bytes, relations: bytes) -> tuple[_Sheet, ...]:
    """The worksheets in order and where they say they are; the same in nearly every workbook, so kept."""
    places = {each.get("Id", ""): each for each in ElementTree.fromstring(relations)}
    found = []
    for sheet in ElementTree.fromstring(workbook).iterfind("{*}sheets/{*}sheet"):
        # The namespace of `r:id` differs between the two kinds of .xlsx that Excel writes.
        relation = places[next((value for name, value in sheet.items() if name.endswith("}id")), "")]
        # Charts and dialogs are sheets as well, but have no cells.
        if relation.get("Type", "").endswith("/worksheet"):
            member = _member("xl", relation.get("Target", ""))
            found.append(_Sheet(sheet.get("name", ""), member, sheet.get("state", "visible") != "visible"))
    return tuple(found)


def _member(folder: str, target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")


def _merged(marks: Marks, height: int, width: int) -> Iterator[tuple[Cell, Cell]]:
    """Every merged cell with the first of its range; as far as the sheet is filled, and the cell beyond."""
    left = _MAX_MERGED
    for first, last in marks.merged:
        bottom, right = min(last[0], height), min(last[1], width)
        left -= max(0, bottom - first[0] + 1) * max(0, right - first[1] + 1)
        if left < 0:
            raise ValueError("merged ranges that lie over each other")
        for row in range(first[0], bottom + 1):
            yield from (((row, column), first) for column in range(first[1], right + 1))
