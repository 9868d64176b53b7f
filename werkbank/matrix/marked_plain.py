"""A supplier's workbook as plain contents: every value and every lock, and nothing that acts or reaches outside.

Formulas become the value or else the text that they were; macros, links, pictures, charts, pivot tables, queries and
names are left out. What helps to fill in stays: drop-down lists, locked cells, hidden sheets, comments, colours and
the print layout. All this is done in the XML, so that what opens the result never meets the rest.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from collections.abc import Callable, Iterator
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import ElementTree

from werkbank.matrix.sheet_xml import is_nought

__all__ = ["plain_package"]

MAX_SHEET_BYTES: Final = 10_000_000
MAX_ELEMENTS: Final = 200_000
"""Rows and cells of one sheet: a hundred times as many as the largest risk matrix has."""
_MAX_MERGED: Final = 10_000

_MAIN: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_X14: Final = "{http://schemas.microsoft.com/office/spreadsheetml/2009/9/main}"
_XM: Final = "{http://schemas.microsoft.com/office/excel/2006/main}"
_STRICT: Final = {
    b"http://purl.oclc.org/ooxml/spreadsheetml/": b"http://schemas.openxmlformats.org/spreadsheetml/2006/",
    b"http://purl.oclc.org/ooxml/officeDocument/": b"http://schemas.openxmlformats.org/officeDocument/2006/",
}
"""The names of the strict kind of .xlsx, and the same names in the usual kind."""
_PARTS: Final = ("worksheet", "styles", "theme", "sharedStrings")
_IN_SHEET: Final = frozenset(
    (
        "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetProtection", "autoFilter",
        "mergeCells", "conditionalFormatting", "dataValidations", "printOptions", "pageMargins", "pageSetup",
        "headerFooter", "rowBreaks", "colBreaks",
    )
)  # fmt: skip
_IN_WORKBOOK: Final = frozenset(("workbookPr", "bookViews", "sheets", "definedNames", "calcPr"))
_PRINT_NAMES: Final = frozenset(("_xlnm.Print_Titles", "_xlnm.Print_Area"))
_CELL: Final = r"\$?[A-Z]{1,3}\$?\d{1,7}"
_AREA: Final = rf"(?:'[^'\[\]|]+'!|\w+!)?{_CELL}(?::{_CELL})?"
_HARMLESS: Final = re.compile(rf'=?(?:"[^"]*"|-?[\d.]+|{_AREA}|LEN\(TRIM\({_AREA}\)\)=0)')
"""A text, a number, cells of the workbook itself, or the test for an empty cell: no function, no other file."""
_RANGE: Final = r"COUNTA\([\w!$:]+\)"
_PROGRESS: Final = re.compile(
    rf'IF\({_RANGE}=\d+,"klaar: ",""\)&{_RANGE}&" van \d+"'
    rf'|"(?P<heading>[^"]*) \("&{_RANGE}&" van \d+ ingevuld\)"'
    rf'|{_RANGE}&" van \d+ cellen"'
)
"""The counts of `template_progress`: once they no longer count they only mislead, so they go; a heading stays."""
_PRINTED: Final = re.compile(r"[^\[\]|(]*")
_EDGES: Final = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")


def plain_package(content: bytes) -> bytes:
    """The .xlsx or .xlsm in `content`, which has passed the checks of `open_workbook`, as a plain .xlsx.

    Raises ValueError, KeyError or a fault of the parser when it is too large to mark, or not such a file.
    """
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(result, "w") as plain:
        parts = _parts(archive)
        steps: dict[str, Callable[[Element], Element]] = dict.fromkeys(parts["worksheet"], _plain_sheet)
        steps |= {_relations_of(name): _only_comments for name in parts["worksheet"]}
        steps["xl/_rels/workbook.xml.rels"] = _only_parts
        steps["xl/workbook.xml"] = _workbook_step(_read(archive, "xl/_rels/workbook.xml.rels"))
        kept = {
            "[Content_Types].xml",
            *(name for names in parts.values() for name in names),
            *_comments(archive, parts),
        }
        for name in archive.namelist():
            if name in steps:
                plain.writestr(name, tostring(steps[name](_read(archive, name))))
            elif name in kept:
                # Parsed to see that it can be, without entities; passed on as it was written.
                _read(archive, name)
                plain.writestr(name, _usual(archive.read(name)))
    return result.getvalue()


def _usual(xml: bytes) -> bytes:
    for strict, usual in _STRICT.items():
        xml = xml.replace(strict, usual)
    return xml


def _read(archive: zipfile.ZipFile, name: str) -> Element:
    if archive.getinfo(name).file_size > MAX_SHEET_BYTES:
        raise ValueError("too large to mark")
    root: Element = ElementTree.fromstring(_usual(archive.read(name)))
    return root


def _parts(archive: zipfile.ZipFile) -> dict[str, list[str]]:
    """The members that make up the workbook, by kind."""
    parts: dict[str, list[str]] = {kind: [] for kind in _PARTS}
    for relation in _read(archive, "xl/_rels/workbook.xml.rels"):
        if (kind := _kind(relation)) in parts:
            parts[kind].append(_target("xl", relation))
    return parts


def _kind(relation: Element) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _target(folder: str, relation: Element) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _relations_of(name: str) -> str:
    folder, file = posixpath.split(name)
    return f"{folder}/_rels/{file}.rels"


def _comments(archive: zipfile.ZipFile, parts: dict[str, list[str]]) -> Iterator[str]:
    names = set(archive.namelist())
    for sheet in parts["worksheet"]:
        if (relations := _relations_of(sheet)) in names:
            for relation in _read(archive, relations):
                if _kind(relation) == "comments":
                    yield _target(posixpath.dirname(sheet), relation)


def _only_comments(relations: Element) -> Element:
    return _without(relations, lambda relation: _kind(relation) != "comments")


def _only_parts(relations: Element) -> Element:
    return _without(relations, lambda relation: _kind(relation) not in _PARTS)


def _workbook_step(relations: Element) -> Callable[[Element], Element]:
    sheets = {relation.get("Id") for relation in relations if _kind(relation) == "worksheet"}

    def is_other(sheet: Element) -> bool:
        return not any(value in sheets for name, value in sheet.items() if name.endswith("}id"))

    def step(workbook: Element) -> Element:
        _without(workbook, lambda child: _name(child) not in _IN_WORKBOOK)
        listed = workbook.find(f"{_MAIN}sheets")
        # Names count sheets by their number, which is another one as soon as a chart is left out.
        moved = listed is not None and any(map(is_other, listed))
        if listed is not None:
            _without(listed, is_other)
        for names in workbook.findall(f"{_MAIN}definedNames"):
            _without(names, lambda name: moved or not _is_print_name(name))
        for views in workbook.findall(f"{_MAIN}bookViews/{_MAIN}workbookView"):
            views.attrib.pop("activeTab", None)
            views.attrib.pop("firstSheet", None)
        return workbook

    return step


def _is_print_name(name: Element) -> bool:
    return name.get("name") in _PRINT_NAMES and bool(_PRINTED.fullmatch(name.text or ""))


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _without(parent: Element, unwanted: Callable[[Element], bool]) -> Element:
    for child in [child for child in parent if unwanted(child)]:
        parent.remove(child)
    return parent


def _plain_sheet(sheet: Element) -> Element:
    lists = list(_lists_beside(sheet))
    _without(sheet, lambda child: _name(child) not in _IN_SHEET)
    for row in sheet.iterfind(f"{_MAIN}sheetData"):
        _without(row, _is_bare)
    cells = list(sheet.iter(f"{_MAIN}c"))
    if len(cells) + sum(map(len, sheet.findall(f"{_MAIN}sheetData"))) > MAX_ELEMENTS:
        raise ValueError("too many cells to mark")
    for cell in cells:
        _without_formula(cell)
    for page in sheet.findall(f"{_MAIN}pageSetup"):
        # The settings of the supplier's printer are not carried along.
        page.attrib = {name: value for name, value in page.items() if not name.endswith("}id")}
    for rules in sheet.findall(f"{_MAIN}dataValidations"):
        _without(rules, lambda rule: not _is_harmless(rule))
    for rules in sheet.findall(f"{_MAIN}conditionalFormatting"):
        _without(rules, lambda rule: not _is_harmless(rule))
    for merges in sheet.findall(f"{_MAIN}mergeCells"):
        _without(merges, _is_vast)
    _put_back(sheet, lists)
    return sheet


def _is_bare(row: Element) -> bool:
    """A row without cells that says nothing about itself either; a file can hold a million of them."""
    return not len(row) and not {"ht", "hidden"} & set(row.keys())


def _without_formula(cell: Element) -> None:
    """A formula as what it showed; one that showed nothing or 0, and every error, as its own text.

    A formula that points at an empty cell shows 0: as a number it would come back as a judgement that nobody gave.
    """
    cell.attrib.pop("cm", None)
    cell.attrib.pop("vm", None)
    formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
    shown = value.text if value is not None else None
    if formula is not None:
        cell.remove(formula)
        progress = _PROGRESS.fullmatch(formula.text or "")
        if progress is not None:
            _set_text(cell, progress["heading"] or "")
        elif not (shown or "").strip() or is_nought(shown or ""):
            _set_text(cell, f"={formula.text or '…'}")
    if cell.get("t") == "e":
        _set_text(cell, shown or "")


def _set_text(cell: Element, text: str) -> None:
    _without(cell, lambda _: True)
    cell.set("t", "inlineStr")
    if text:
        SubElement(SubElement(cell, f"{_MAIN}is"), f"{_MAIN}t").text = text


def _is_harmless(rule: Element) -> bool:
    """A list or a colour that depends on nothing but a text, a number or cells of the workbook itself."""
    if _name(rule) == "cfRule" and rule.get("type") not in {"cellIs", "containsBlanks", "notContainsBlanks"}:
        return False
    formulas = [child.text or "" for child in rule if _name(child).startswith("formula")]
    return all(map(_HARMLESS.fullmatch, formulas))


def _is_vast(merge: Element) -> bool:
    edges = _EDGES.fullmatch(merge.get("ref", ""))
    if edges is None:
        return True
    width = _column(edges[3]) - _column(edges[1]) + 1
    return (int(edges[4]) - int(edges[2]) + 1) * width > _MAX_MERGED


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _lists_beside(sheet: Element) -> Iterator[Element]:
    """Drop-down lists that refer to another sheet: Excel saves them in a place of their own."""
    for found in sheet.iter(f"{_X14}dataValidation"):
        area, formula = found.findtext(f"{_XM}sqref"), found.findtext(f"{_X14}formula1/{_XM}f")
        if area and formula:
            wanted = ("type", "allowBlank", "showInputMessage", "showErrorMessage", "errorTitle", "error",
                      "promptTitle", "prompt")  # fmt: skip
            kept = {name: text for name in wanted if (text := found.get(name)) is not None}
            rule = Element(f"{_MAIN}dataValidation", {**kept, "sqref": area})
            SubElement(rule, f"{_MAIN}formula1").text = formula
            yield rule


def _put_back(sheet: Element, lists: list[Element]) -> None:
    sound = [rule for rule in lists if _is_harmless(rule)]
    if sound:
        rules = sheet.find(f"{_MAIN}dataValidations")
        (SubElement(sheet, f"{_MAIN}dataValidations") if rules is None else rules).extend(sound)
