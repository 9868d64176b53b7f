"""A return to send back: the supplier's own workbook with every finding marked, commented and listed.

A mark is never a colour alone: it is a fill, a border of its own kind and a comment with the words. A marked workbook
that was mended and came back can be marked again: the old marks are taken away first.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence
from copy import copy
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.cell import Cell, MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Border, Color, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.utils.exceptions import IllegalCharacterError, InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from werkbank.errors import SEVERITY_DUTCH, Finding, Severity
from werkbank.matrix.layout import SHEET_FINDINGS
from werkbank.matrix.marked_list import Line, Place, cells_of, dress, is_list, look_of, read_list, rgb, write_list
from werkbank.matrix.marked_plain import plain_package
from werkbank.matrix.opening import UnreadableWorkbookError, open_workbook
from werkbank.matrix.returns import Reply, steps
from werkbank.matrix.rules import SEVERITIES
from werkbank.settings.theme import TINT, theme, tint
from werkbank.wording import capital, count, plain

__all__ = ["UnmarkableError", "mark_workbook"]

AUTHOR: Final = "werkbank"
_HEAD: Final = "Bevinding van de werkbank"
_BEFORE: Final = "\n\nWat er al bij stond:\n"
_SHOWN: Final = 5
"""Findings in one comment; the list on the first sheet holds them all."""
_ADDRESS: Final = re.compile(r"[A-Z]{1,3}[1-9]\d{0,6}")
_ALWAYS: Final = '"werkbank"="werkbank"'
_EPOCH: Final = (2018, 1, 1, 0, 0, 0)
_MOMENT: Final = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*")
_DAMAGE: Final = (
    ArithmeticError,
    AttributeError,
    IllegalCharacterError,
    InvalidFileException,
    LookupError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    zipfile.BadZipFile,
)
"""Everything that opening, marking or saving an odd file was seen to raise."""


class UnmarkableError(Exception):
    """The return cannot be marked: it is no .xlsx or .xlsm, is damaged, unsafe or far too large."""


def mark_workbook(path: Path, content: bytes, reply: Reply) -> bytes:
    """The return in `content` as an .xlsx with the findings of `reply` marked, and listed on its first sheet.

    `path` only names it. Nothing in the result acts: formulas have become text, macros and links are gone. The same
    input gives the same bytes. Raises UnmarkableError for what cannot be opened safely.
    """
    try:
        open_workbook(path, content)
        book = openpyxl.load_workbook(io.BytesIO(plain_package(content)))
        _take_away(book)
        _mark(book, reply)
        return _bytes(book)
    except UnreadableWorkbookError as error:
        raise UnmarkableError(error.finding.rule) from None
    except _DAMAGE as error:
        # Its words may repeat what stands in the file.
        raise UnmarkableError(type(error).__name__) from None


def _take_away(book: openpyxl.Workbook) -> None:
    """Marks of an earlier check: each cell gets its own look back, and only its own comment stays."""
    looks = dict(read_list(book))
    for sheet in book.worksheets:
        for cell in cells_of(sheet):
            if (look := looks.get((sheet.title, cell.coordinate))) is not None:
                dress(cell, look)
            if cell.comment is not None and cell.comment.text.startswith(_HEAD):
                cell.comment = _comment(cell.comment.text.partition(_BEFORE)[2])
        if sheet.title.casefold() == SHEET_FINDINGS.casefold():
            _make_room(book, sheet)


def _make_room(book: openpyxl.Workbook, sheet: Worksheet) -> None:
    """An earlier list goes; a sheet of the supplier's own with that name stays, under another."""
    if is_list(sheet):
        book.remove(sheet)
    else:
        sheet.title = f"{SHEET_FINDINGS} (eigen blad)"


def _mark(book: openpyxl.Workbook, reply: Reply) -> None:
    places: dict[Place, list[Finding]] = {}
    for finding in reply.findings:
        if (place := _place(book, finding)) is not None:
            places.setdefault(place, []).append(finding)
    looks = {place: _mark_cell(book[place[0]][place[1]], own) for place, own in places.items()}
    for name in dict.fromkeys(sheet for sheet, _ in places):
        _outdo(book[name], {cell: own for (sheet, cell), own in places.items() if sheet == name})
    lines = [Line(finding, _place(book, finding)) for step in steps(reply.findings) for finding in step.findings]
    sheet = book.create_sheet(SHEET_FINDINGS, 0)
    write_list(sheet, reply, lines, looks)
    for other in book.worksheets:
        other.sheet_view.tabSelected = other is sheet
    book.active = 0


def _place(book: openpyxl.Workbook, finding: Finding) -> Place | None:
    """The sheet and the cell to mark: of a range the first, and so of merged cells, for it alone holds anything."""
    address = (finding.cell or "").partition(":")[0]
    if finding.sheet not in book.sheetnames or not _ADDRESS.fullmatch(address):
        return None
    sheet = book[finding.sheet]
    if isinstance(sheet[address], MergedCell):
        area = next(area for area in sheet.merged_cells.ranges if address in area)
        address = sheet.cell(area.min_row, area.min_col).coordinate
    return finding.sheet, address


def _mark_cell(cell: Cell, findings: Sequence[Finding]) -> StyleArray:
    """Mark one cell; returns what it looked like before."""
    before = look_of(cell)
    severity = _worst(findings)
    side = _side(severity)
    cell.fill = PatternFill("solid", fgColor=_fill(severity))
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    font = copy(cell.font)
    font.color = Color(rgb(theme().ink))
    cell.font = font  # type: ignore[assignment]
    earlier = cell.comment.text if cell.comment else ""
    cell.comment = _comment(_words(findings) + (_BEFORE + earlier if earlier else ""))
    return before


def _worst(findings: Sequence[Finding]) -> Severity:
    return min((finding.severity for finding in findings), key=SEVERITIES.index)


def _words(findings: Sequence[Finding]) -> str:
    said = [
        f"{capital(SEVERITY_DUTCH[finding.severity])} [{finding.rule}]\n"
        f"Gevonden: {finding.found}\nToegestaan: {finding.allowed}\nWat te doen: {finding.remedy}"
        for finding in findings[:_SHOWN]
    ]
    left = len(findings) - _SHOWN
    more = [f"En nog {count(left, 'bevinding', 'bevindingen')}: zie het blad {SHEET_FINDINGS}."] if left > 0 else []
    return "\n\n".join((_HEAD, *said, *more))


def _comment(text: str) -> Comment | None:
    """The text as a comment that shows all of itself; no text, no comment."""
    if not text:
        return None
    lines = sum(max(1, -(-len(line) // 46)) for line in text.splitlines())
    return Comment("\n".join(map(plain, text.splitlines())), AUTHOR, height=min(600, 18 * lines + 14), width=330)


def _outdo(sheet: Worksheet, places: Mapping[str, Sequence[Finding]]) -> None:
    """The colour of a mark goes before the colours by which the sheet follows what is filled in."""
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            rule.priority += len(SEVERITIES)
    for place, severity in enumerate(SEVERITIES, 1):
        cells = [cell for cell, findings in places.items() if _worst(findings) == severity]
        look = DifferentialStyle(fill=PatternFill(bgColor=_fill(severity)), font=Font(color=rgb(theme().ink)))
        rule = Rule(type="expression", formula=[_ALWAYS], dxf=look, stopIfTrue=True, priority=place)
        if cells:
            sheet.conditional_formatting.add(" ".join(cells), rule)


def _fill(severity: Severity) -> str:
    """The ground of a marked cell; its edge and its comment say the same to who does not see colours."""
    look = theme()
    colours = {"error": look.accent, "warning": look.loud}
    return rgb(tint(colours[severity], TINT) if severity in colours else tint(look.main, TINT / 2))


def _side(severity: Severity) -> Side:
    look = theme()
    if severity == "error":
        return Side(style="thick", color=rgb(look.accent))
    if severity == "warning":
        return Side(style="mediumDashed", color=rgb(look.watch))
    return Side(style="mediumDashDot", color=rgb(look.main))


def _bytes(book: openpyxl.Workbook) -> bytes:
    """The workbook as a file, with a fixed moment in it, so that the same workbook gives the same bytes."""
    written, result = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as archive, zipfile.ZipFile(result, "w") as steady:
        for name in archive.namelist():
            part = archive.read(name)
            if name == "docProps/core.xml":
                part = _MOMENT.sub(rb"\g<1>2018-01-01T00:00:00Z", part)
            steady.writestr(zipfile.ZipInfo(name, _EPOCH), part, zipfile.ZIP_DEFLATED)
    return result.getvalue()
