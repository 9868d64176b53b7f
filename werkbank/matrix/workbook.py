"""Opening a workbook safely: its sheets as plain tables, with the cells whose value cannot be trusted."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from werkbank.errors import Finding
from werkbank.matrix.sheet_xml import Cell, Marks, examine

__all__ = ["MAX_BYTES", "Table", "UnreadableWorkbookError", "Workbook", "address", "open_workbook", "too_large"]

MAX_BYTES = 50_000_000
MAX_MEMBERS = 2_000
MAX_CELLS = 2_000_000
_OLD_FORMAT = b"\xd0\xcf\x11\xe0"
# The name of the stream in which Office keeps a workbook with a password ([MS-OFFCRYPTO] 1.3).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_DAMAGE = (
    CalamineError,
    DefusedXmlException,
    ElementTree.ParseError,
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    ArithmeticError,
    EOFError,
    LookupError,
    OSError,
    RuntimeError,
    ValueError,
)
"""Everything that reading a damaged file was seen to raise."""


class UnreadableWorkbookError(Exception):
    """The file is not a workbook that can be read; carries the finding that says why."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.rule)
        self.finding = finding


@dataclass(frozen=True, slots=True)
class Table:
    """The cells of one sheet from A1 on, rows of equal length; empty cells are empty texts."""

    name: str
    rows: tuple[tuple[Hashable, ...], ...]
    unreliable: frozenset[Cell] = frozenset()
    """Cells (row, column from 0) that hold a formula without a value, or an error."""
    merged: Mapping[Cell, Cell] = field(default_factory=dict)
    """Merged cells → the first cell of their range, which alone holds the value."""
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that was read: its sheets by name, in order."""

    file: str
    tables: tuple[Table, ...]

    def table(self, name: str) -> Table | None:
        """The sheet with this name, whatever its capitals or outer spaces."""
        wanted = name.strip().casefold()
        return next((table for table in self.tables if table.name.strip().casefold() == wanted), None)


def open_workbook(path: Path, content: bytes, *, without: Collection[str] = ()) -> Workbook:
    """The workbook in `content`, but for the sheets named in `without`; `path` only names it.

    Raises UnreadableWorkbookError with the reason.
    """
    try:
        archive = _open_archive(path, content)
        tables = tuple(_tables(path, archive, content, without))
    except _DAMAGE:
        raise _diagnosis(path, content) from None
    return Workbook(path.name, tables)


def address(row: int, column: int) -> str:
    """The spreadsheet address of a cell counted from 0: (13, 5) → "F14"."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return f"{letters}{row + 1}"


def _open_archive(path: Path, content: bytes) -> zipfile.ZipFile:
    """The file as a zip archive; refuses what unpacks far beyond its size, and every format but .xlsx."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    members = archive.infolist()
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in members) > MAX_BYTES:
        raise too_large(path)
    names = [member.filename.lower() for member in members]
    if "xl/workbook.xml" not in names:
        raise _other_format(path)
    if len(set(names)) < len(names):
        raise ValueError("two members of one name: which of them a reader takes is not certain")
    return archive


def _tables(path: Path, archive: zipfile.ZipFile, content: bytes, without: Collection[str]) -> Iterator[Table]:
    members = _sheet_members(archive)
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.name in without:
            continue
        marks = examine(archive.read(members[sheet.name]))
        # Before the values are read: the reader makes every cell up to the last one.
        if marks.reach[0] * marks.reach[1] > MAX_CELLS:
            raise too_large(path)
        rows = book.get_sheet_by_name(sheet.name).to_python(skip_empty_area=False)
        yield _table(sheet.name, rows, marks, hidden=sheet.visible != SheetVisibleEnum.Visible)


def _table(name: str, rows: Sequence[Sequence[Hashable]], marks: Marks, *, hidden: bool) -> Table:
    width = max(map(len, rows), default=0)
    columns = (range(first, min(last + 1, width)) for first, last in marks.hidden_columns)
    return Table(
        name,
        tuple(map(tuple, rows)),
        marks.unreliable,
        dict(_merged(marks, len(rows), width)),
        marks.hidden_rows,
        frozenset(column for stretch in columns for column in stretch),
        hidden,
    )


def _merged(marks: Marks, height: int, width: int) -> Iterator[tuple[Cell, Cell]]:
    """Every merged cell with the first of its range; as far as the sheet is filled, and the cell beyond."""
    for first, last in marks.merged:
        for row in range(first[0], min(last[0], height) + 1):
            for column in range(first[1], min(last[1], width) + 1):
                yield (row, column), first


def _sheet_members(archive: zipfile.ZipFile) -> dict[str, str]:
    """The archive's members that hold the sheets, by the sheet's name."""
    names = {name.lower(): name for name in archive.namelist()}
    targets = _targets(archive.read(names["xl/workbook.xml"]), archive.read(names["xl/_rels/workbook.xml.rels"]))
    return {sheet: names[target.lower()] for sheet, target in targets.items() if target.lower() in names}


@lru_cache(maxsize=64)
def _targets(workbook: bytes, relations: bytes) -> Mapping[str, str]:
    """The sheets' names and where they say they are; the same in nearly every workbook, so kept."""
    places = {relation.get("Id", ""): relation.get("Target", "") for relation in ElementTree.fromstring(relations)}
    sheets = ElementTree.fromstring(workbook).iterfind("{*}sheets/{*}sheet")
    targets = {sheet.get("name", ""): places.get(_relation(sheet), "") for sheet in sheets}
    return {name: target.lstrip("/") if target.startswith("/") else f"xl/{target}" for name, target in targets.items()}


def _relation(sheet: Element) -> str:
    """The value of `r:id`, whose namespace differs between the two kinds of .xlsx that Excel writes."""
    return next((value for name, value in sheet.items() if name.endswith("}id")), "")


def _diagnosis(path: Path, content: bytes) -> UnreadableWorkbookError:
    """What is the matter with a file that cannot be read, as far as its first bytes tell."""
    again = "open het in Excel en sla het opnieuw op als .xlsx"
    if not content:
        return _refusal(path, "empty-file", "het bestand is leeg", "lever de ingevulde werkmap opnieuw aan")
    if content.startswith(_OLD_FORMAT) and _ENCRYPTED in content:
        return _refusal(path, "password", "het bestand is met een wachtwoord beveiligd", "haal het wachtwoord eraf")
    if content.startswith(_OLD_FORMAT):
        return _other_format(path)
    if not content.startswith(b"PK"):
        return _refusal(path, "not-a-workbook", "het bestand is geen Excel-werkmap, al heet het misschien zo", again)
    return _refusal(path, "damaged-workbook", "het bestand is beschadigd of niet volledig overgekomen", again)


def _other_format(path: Path) -> UnreadableWorkbookError:
    found = "een ander soort bestand dan .xlsx, waarin fouten en formules niet zijn na te gaan"
    return _refusal(path, "other-format", found, "open het in Excel en sla het op als .xlsx")


def too_large(path: Path) -> UnreadableWorkbookError:
    """The refusal of a file that is larger than any risk matrix."""
    found = "het bestand is uitgepakt groter dan 50 MB of dan 2 miljoen cellen"
    return _refusal(path, "too-large", found, "lever alleen de risicomatrix aan, zonder cellen ver daarbuiten")


def _refusal(path: Path, rule: str, found: str, remedy: str) -> UnreadableWorkbookError:
    finding = Finding(
        rule=rule,
        severity="error",
        file=path.name,
        found=found,
        allowed="een ingevulde risicomatrix (.xlsx)",
        remedy=remedy,
    )
    return UnreadableWorkbookError(finding)
