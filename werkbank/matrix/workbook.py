"""Opening a return safely, whatever it is: its sheets as plain tables, or the reason why it cannot be read.

What the file holds decides, not what it is called: workbooks get renamed. Macros are never run; that there are any is
a remark.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError

from werkbank.errors import Finding
from werkbank.files.delimited import TEXT_SUFFIXES, is_text_file, text_table
from werkbank.matrix.compound import SIGNATURE
from werkbank.matrix.ods import ods_has_macros, ods_tables
from werkbank.matrix.opening import (
    MAX_BYTES,
    Table,
    UnreadableWorkbookError,
    address,
    described,
    has_macros,
    open_archive,
    refusal,
    too_large,
    xlsx_tables,
)
from werkbank.matrix.xls import xls_tables

__all__ = [
    "MAX_BYTES",
    "SUFFIXES",
    "Table",
    "UnreadableWorkbookError",
    "Workbook",
    "address",
    "open_workbook",
    "too_large",
]

SUFFIXES: Final = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods", *(suffix for suffix in TEXT_SUFFIXES if suffix != ".txt"))
"""What a folder is searched for; a kind that is not read is refused with a finding, never passed over."""
_OLD: Final = SIGNATURE[:4]
# The name of the stream in which Office keeps a workbook with a password ([MS-OFFCRYPTO] 1.3).
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_DAMAGE: Final = (
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
_OTHER_ARCHIVES: Final = (
    ("xl/workbook.bin", "een binaire werkmap van Excel (.xlsb)"),
    ("word/document.xml", "een tekst van Word"),
    ("ppt/presentation.xml", "een presentatie van PowerPoint"),
    ("index/document.iwa", "een werkmap van Numbers"),
)


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
        return next((table for table in self.tables if table.name.strip().casefold() == wanted), None)


def open_workbook(path: Path, content: bytes, *, without: Collection[str] = ()) -> Workbook:
    """The workbook in `content`, but for the sheets named in `without`; `path` only names it.

    Raises UnreadableWorkbookError with the reason.
    """
    try:
        return _opened(path, content, without)
    except OverflowError:
        raise too_large(path) from None
    except _DAMAGE:
        raise _damaged(path, content) from None


def _opened(path: Path, content: bytes, without: Collection[str]) -> Workbook:
    if content.startswith(b"PK"):
        return _from_archive(path, content, without)
    if content.startswith(_OLD):
        tables, programs = xls_tables(path, content, without)
        return _workbook(path, tables, programs=programs)
    if content and is_text_file(path, content):
        table, findings = text_table(path, content)
        return Workbook(path.name, (table,), findings)
    raise described(path, content)


def _from_archive(path: Path, content: bytes, without: Collection[str]) -> Workbook:
    archive = open_archive(path, content)
    names = {name.lower() for name in archive.namelist()}
    if "xl/workbook.xml" in names:
        tables = list(xlsx_tables(path, archive, content, without))
        return _workbook(path, tables, programs=has_macros(archive))
    if _is_ods(archive):
        return _workbook(path, list(ods_tables(path, archive, without)), programs=ods_has_macros(archive))
    raise _other_archive(path, names)


def _is_ods(archive: zipfile.ZipFile) -> bool:
    """A workbook of OpenDocument; a text of it has the same parts."""
    names = archive.namelist()
    kind = archive.read("mimetype") if "mimetype" in names else b"spreadsheet"
    return b"spreadsheet" in kind and ("content.xml" in names or "META-INF/manifest.xml" in names)


def _other_archive(path: Path, names: Collection[str]) -> UnreadableWorkbookError:
    kind = next((kind for name, kind in _OTHER_ARCHIVES if name in names), "een ander soort bestand dan een werkmap")
    if any(name.endswith(SUFFIXES) for name in names):
        found, remedy = "het bestand is een ingepakte map (.zip)", "pak het uit en lever de werkmappen die erin zitten"
    else:
        found = f"het bestand is {kind}; daarin is niet na te gaan of alles wordt gelezen"
        remedy = "open het in Excel en sla het op als .xlsx"
    return refusal(path, "other-format", found, remedy)


def _workbook(path: Path, tables: Collection[Table], *, programs: bool) -> Workbook:
    return Workbook(path.name, tuple(tables), (_macros(path),) if programs else ())


def _macros(path: Path) -> Finding:
    return Finding(
        rule="macro-present",
        severity="remark",
        file=path.name,
        found="in de werkmap zit een programma (macro); het is niet uitgevoerd en niet bewaard",
        allowed="een werkmap zonder macro's",
        remedy="niets, als u weet waarvoor het is; sla de werkmap anders op als .xlsx",
    )


def _damaged(path: Path, content: bytes) -> UnreadableWorkbookError:
    """A file that breaks off may still tell that it has a password."""
    if content.startswith(_OLD) and _ENCRYPTED in content:
        return refusal(path, "password")
    return refusal(path, "damaged-workbook")
