"""The sheets of an .xlsx or .xlsm: values by calamine, and by a search of the XML what it does not tell."""

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

from werkbank.matrix.opening import Table, marked_table, too_large
from werkbank.matrix.sheet_xml import examine, odd_styles

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
    """One workbook while it is read."""

    def __init__(self, path: Path, archive: zipfile.ZipFile, content: bytes) -> None:
        self._path, self._archive = path, archive
        self._members = {name.lower(): name for name in archive.namelist()}
        self.sheets = _sheets(self._part("xl/workbook.xml"), self._part("xl/_rels/workbook.xml.rels"))
        styles = self._part("xl/styles.xml") if "xl/styles.xml" in self._members else b"<styleSheet/>"
        self._styles = odd_styles(styles)
        self._refuse_too_many_texts()
        self._book = CalamineWorkbook.from_filelike(io.BytesIO(content))

    def _part(self, name: str) -> bytes:
        return self._archive.read(self._members[name.lower()])

    def _refuse_too_many_texts(self) -> None:
        """Few bytes of shared texts become many objects; only a large member can hold many."""
        name = self._members.get("xl/sharedstrings.xml")
        if name is None or self._archive.getinfo(name).file_size < 7 * _MAX_TEXTS:
            return
        if self._part(name).count(b"<si") > _MAX_TEXTS:
            raise too_large(self._path)

    def table(self, sheet: _Sheet) -> Table:
        """One sheet: its values by calamine, with the marks that a search of its XML gives."""
        marks = examine(self._part(sheet.member), self._styles)
        # Before the values are read, and again before they are made: the reader makes every cell up to the last.
        if marks.reach[0] * marks.reach[1] > MAX_CELLS:
            raise too_large(self._path)
        values = self._book.get_sheet_by_name(sheet.name)
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
