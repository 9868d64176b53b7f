"""The sheets of an .xlsx or .xlsm: values by calamine, and by a search of the XML what it does not tell."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final
from xml.etree.ElementTree import Element

from defusedxml import ElementTree
from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from werkbank.matrix.refusals import too_large
from werkbank.matrix.sheet_xml import examine, percent_styles
from werkbank.matrix.tables import Table, marked_table

__all__ = ["MAX_CELLS", "has_macros", "xlsx_tables"]

MAX_CELLS: Final = 1_000_000
_MAX_TEXTS: Final = 400_000
"""Texts in one workbook: a remark at every cell of the largest municipality takes some thousands."""
_MACROS: Final = ("vbaproject.bin", "xl/macrosheets/")


def xlsx_tables(path: Path, archive: zipfile.ZipFile, content: bytes, without: Collection[str]) -> Iterator[Table]:
    """Every worksheet but those in `without`. Raises what damaged files make the parsers raise."""
    members = {name.lower(): name for name in archive.namelist()}
    sheets = _targets(archive.read(members["xl/workbook.xml"]), archive.read(members["xl/_rels/workbook.xml.rels"]))
    _refuse_too_many_texts(path, archive, members)
    percentages = percent_styles(archive.read(members["xl/styles.xml"])) if "xl/styles.xml" in members else ()
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for sheet in book.sheets_metadata:
        if sheet.typ != SheetTypeEnum.WorkSheet or sheet.name in without:
            continue
        marks = examine(archive.read(members[sheets[sheet.name].lower()]), percentages)
        # Before the values are read, and again before they are made: the reader makes every cell up to the last.
        if marks.reach[0] * marks.reach[1] > MAX_CELLS:
            raise too_large(path)
        values = book.get_sheet_by_name(sheet.name)
        if values.total_height * values.total_width > MAX_CELLS:
            raise too_large(path)
        rows = values.to_python(skip_empty_area=False)
        yield marked_table(sheet.name, rows, marks, hidden=sheet.visible != SheetVisibleEnum.Visible)


def has_macros(archive: zipfile.ZipFile) -> bool:
    """True when the workbook brings a program along, of either kind that Excel knows."""
    names = (name.lower() for name in archive.namelist())
    return any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1]) for name in names)


def _refuse_too_many_texts(path: Path, archive: zipfile.ZipFile, members: Mapping[str, str]) -> None:
    """Few bytes of shared strings become many objects; only a large member can hold many."""
    name = members.get("xl/sharedstrings.xml")
    if name and archive.getinfo(name).file_size > 7 * _MAX_TEXTS and archive.read(name).count(b"<si") > _MAX_TEXTS:
        raise too_large(path)


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
