"""The sheets of an .xlsx or .xlsm: plain ones in one pass, others by calamine and a search of the XML for the rest."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from python_calamine import CalamineWorkbook

from werkbank.matrix.refusals import too_large
from werkbank.matrix.sheet_xml import examine
from werkbank.matrix.tables import Table, marked_table
from werkbank.matrix.xlsx_plain import plain_table, plain_texts
from werkbank.matrix.xlsx_styles import Styles, read_styles

__all__ = ["MAX_CELLS", "has_macros", "xlsx_tables"]

MAX_CELLS: Final = 1_000_000
_MAX_TEXTS: Final = 400_000
"""Texts in one workbook: a remark at every cell of the largest municipality takes some thousands."""
_MACROS: Final = ("vbaproject.bin", "xl/macrosheets/")


def xlsx_tables(path: Path, archive: zipfile.ZipFile, content: bytes, without: Collection[str]) -> Iterator[Table]:
    """Every worksheet but those in `without`. Raises what damaged files make the parsers raise."""
    reading = _Reading(path, archive, content)
    for sheet in reading.sheets:
        if sheet.name not in without:
            yield reading.table(sheet)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A worksheet as the workbook announces it."""

    name: str
    member: str
    hidden: bool


class _Reading:
    """One workbook while it is read; calamine opens it only when a sheet is not plain."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, content: bytes) -> None:
        self._path, self._archive, self._content = path, archive, content
        self._members = {name.lower(): name for name in archive.namelist()}
        self._calamine: CalamineWorkbook | None = None
        book = self._part("xl/workbook.xml")
        self.sheets = _sheets(book, self._part("xl/_rels/workbook.xml.rels"))
        self._styles = read_styles(self._part("xl/styles.xml")) if "xl/styles.xml" in self._members else Styles()
        self._texts = None if b"date1904" in book else self._plain_texts()

    def _part(self, name: str) -> bytes:
        return self._archive.read(self._members[name.lower()])

    def _plain_texts(self) -> list[str] | None:
        """The texts to which cells refer, if they are plain; few bytes become many objects, so not too many."""
        name = "xl/sharedstrings.xml"
        content = self._part(name) if name in self._members else b""
        if len(content) > 7 * _MAX_TEXTS and content.count(b"<si") > _MAX_TEXTS:
            raise too_large(self._path)
        return plain_texts(content) if content else []

    def table(self, sheet: _Sheet) -> Table:
        """One sheet: in one pass if it is plain, else with calamine and a search for what that does not tell."""
        xml = self._part(sheet.member)
        if self._texts is not None:
            table = plain_table(sheet.name, xml, self._texts, self._styles, hidden=sheet.hidden)
            if table is not None:
                return table
        return self._read(sheet, xml)

    def _read(self, sheet: _Sheet, xml: bytes) -> Table:
        marks = examine(xml, self._styles.percentages)
        # Before the values are read, and again before they are made: the reader makes every cell up to the last.
        if marks.reach[0] * marks.reach[1] > MAX_CELLS:
            raise too_large(self._path)
        if self._calamine is None:
            self._calamine = CalamineWorkbook.from_filelike(io.BytesIO(self._content))
        values = self._calamine.get_sheet_by_name(sheet.name)
        if values.total_height * values.total_width > MAX_CELLS:
            raise too_large(self._path)
        return marked_table(sheet.name, values.to_python(skip_empty_area=False), marks, hidden=sheet.hidden)


def has_macros(archive: zipfile.ZipFile) -> bool:
    """True when the workbook brings a program along, of either kind that Excel knows."""
    names = (name.lower() for name in archive.namelist())
    return any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1]) for name in names)


@lru_cache(maxsize=64)
def _sheets(workbook: bytes, relations: bytes) -> tuple[_Sheet, ...]:
    """The worksheets in order and where they say they are; the same in nearly every workbook, so kept."""
    places = {each.get("Id", ""): each for each in ElementTree.fromstring(relations)}
    found = []
    for sheet in ElementTree.fromstring(workbook).iterfind("{*}sheets/{*}sheet"):
        relation = places[_relation(sheet)]
        target = relation.get("Target", "")
        member = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        # Charts and dialogs are sheets as well, but have no cells.
        if relation.get("Type", "").endswith("/worksheet"):
            found.append(_Sheet(sheet.get("name", ""), member, sheet.get("state", "visible") != "visible"))
    return tuple(found)


def _relation(sheet: Element) -> str:
    """The value of `r:id`, whose namespace differs between the two kinds of .xlsx that Excel writes."""
    return next((value for name, value in sheet.items() if name.endswith("}id")), "")
