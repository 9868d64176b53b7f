"""The first sheet of a return that is sent back: every finding on a line of its own, with a link to its cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from typing import Any, Final

import openpyxl
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from werkbank.errors import SEVERITY_DUTCH, Finding
from werkbank.matrix.layout import FICTIONAL_LABEL, SHEET_FINDINGS
from werkbank.matrix.returns import Reply, title_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, plain

__all__ = ["Line", "Place", "cells_of", "dress", "is_list", "look_of", "read_list", "rgb", "write_list"]

_COLUMNS: Final = {
    "Nr.": 4,
    "Soort": 11,
    "Blad": 13,
    "Cel": 8,
    "Terrein": 21,
    "Indicator": 24,
    "Gevonden": 30,
    "Toegestaan": 34,
    "Wat te doen": 34,
    "Regel": 24,
}
"""Heading → width in characters."""
_CELL_COLUMN: Final = 4
_LOOK_COLUMN: Final = len(_COLUMNS) + 1
"""Hidden: beside one finding of each marked cell its place, written as that cell looked before it was marked."""
_HEADER_ROW: Final = 5
_HOW: Final = (
    "Klik op een cel om erheen te gaan; daar staat als opmerking wat er te doen is. Fouten moeten worden verbeterd. "
    "Kijk bij “let op” of het klopt. Sla daarna op en stuur deze werkmap langs de afgesproken veilige weg terug."
)
_REBUILT: Final = "Uw bestand zelf kon niet worden gemarkeerd; wat ervan is gelezen, staat in deze nieuwe werkmap. "
_TOP: Final = Alignment(horizontal="left", vertical="top", wrap_text=True)


Place = tuple[str, str]
"""A sheet and the address of a cell on it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A finding, and the cell that carries its mark, if any does."""

    finding: Finding
    place: Place | None


def rgb(colour: str) -> str:
    """A colour of the theme as openpyxl writes it."""
    return colour.removeprefix("#").upper()


def cells_of(sheet: Worksheet) -> tuple[Cell, ...]:
    """The cells that are there; going through rows and columns would make every one up to the last."""
    return tuple(cell for cell in sheet._cells.values() if isinstance(cell, Cell))


def look_of(cell: Any) -> StyleArray:
    """All that makes up how a cell looks, its lock included; openpyxl gives no other way to keep it."""
    look: StyleArray = copy(cell._style)
    return look


def dress(cell: Any, look: StyleArray) -> None:
    """Give a cell a look that was kept, of the same workbook."""
    cell._style = copy(look)


def write_list(sheet: Worksheet, reply: Reply, lines: Sequence[Line], looks: Mapping[Place, StyleArray]) -> None:
    """Write the list on an empty sheet; `looks` tells how each marked cell looked before."""
    _write_head(sheet, reply)
    left = dict(looks)
    for number, line in enumerate(lines, 1):
        row = _HEADER_ROW + number
        _write_line(sheet, row, (number, *_texts(line, reply)), bold=line.finding.severity == "error")
        if line.place is not None:
            _link(sheet, row, line.place)
            if (look := left.pop(line.place, None)) is not None:
                sheet.cell(row, _LOOK_COLUMN, "!".join(line.place))
                dress(sheet.cell(row, _LOOK_COLUMN), look)
    _set_page(sheet, reply)


def is_list(sheet: Worksheet) -> bool:
    """Whether a sheet is a list that was made here, and no sheet of the supplier's own."""
    return sheet.title == SHEET_FINDINGS and sheet.cell(_HEADER_ROW, 1).value == next(iter(_COLUMNS))


def read_list(book: openpyxl.Workbook) -> Iterator[tuple[Place, StyleArray]]:
    """The cells that an earlier list says are marked, each with its former look; none without such a list."""
    for sheet in filter(is_list, book.worksheets):
        for cell in cells_of(sheet):
            name, _, address = str(cell.value or "").rpartition("!")
            if cell.column == _LOOK_COLUMN and name:
                yield (name, address), look_of(cell)


def _write_head(sheet: Worksheet, reply: Reply) -> None:
    mark = f"{FICTIONAL_LABEL} · " if reply.fictional else ""
    colour = rgb(theme().accent if reply.fictional else theme().main)
    _write(sheet, 1, 1, f"{mark}Bevindingen bij {reply.file}", font=_font(bold=True, size=14, color=colour))
    _write(sheet, 2, 1, f"{capital(reply.subject)} · {reply.label}")
    _write(sheet, 3, 1, (_REBUILT if reply.rebuilt else "") + _HOW, alignment=_TOP)
    sheet.merge_cells(start_row=3, end_row=3, start_column=1, end_column=len(_COLUMNS))
    sheet.row_dimensions[1].height, sheet.row_dimensions[3].height = 24, 32
    for column, (heading, width) in enumerate(_COLUMNS.items(), 1):
        head: dict[str, Any] = {
            "font": _font(bold=True, color=rgb(theme().paper)),
            "fill": PatternFill("solid", fgColor=rgb(theme().main)),
        }
        _write(sheet, _HEADER_ROW, column, heading, **head)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.column_dimensions[get_column_letter(_LOOK_COLUMN)].hidden = True


def _texts(line: Line, reply: Reply) -> tuple[str, ...]:
    finding = line.finding
    return (
        capital(SEVERITY_DUTCH[finding.severity]),
        finding.sheet or "",
        finding.cell or (f"regel {finding.line}" if finding.line else ""),
        _named(finding.park_id, reply.parks),
        _named(finding.indicator, reply.indicators),
        finding.found,
        finding.allowed,
        finding.remedy,
        f"{title_of(finding.rule)} [{finding.rule}]",
    )


def _named(code: str | None, names: Mapping[str, str]) -> str:
    return f"{code} {names.get(code, '')}".strip() if code else ""


def _write_line(sheet: Worksheet, row: int, texts: tuple[int | str, ...], *, bold: bool) -> None:
    thin = Border(bottom=Side(style="thin", color=rgb(theme().line)))
    for column, text in enumerate(texts, 1):
        font = _font(bold=bold and column == 2)
        _write(sheet, row, column, text, font=font, alignment=_TOP, border=thin)
    # Rows written by a program do not grow by themselves everywhere.
    widths = _COLUMNS.values()
    lines = max(-(-len(str(text)) // width) for text, width in zip(texts, widths, strict=True))
    sheet.row_dimensions[row].height = 15.0 * max(1, lines) + 3


def _write(sheet: Worksheet, row: int, column: int, value: int | str, **look: Any) -> None:
    """A number as a number and a text as a text, also when it begins as a formula does."""
    cell = sheet.cell(row, column)
    cell.value = plain(value) if isinstance(value, str) else value
    if isinstance(value, str):
        cell.data_type = "s"
    for name, part in {"font": _font(), **look}.items():
        setattr(cell, name, part)


def _font(size: int = 10, **look: Any) -> Font:
    return Font(name="Calibri", size=size, **look)


def _link(sheet: Worksheet, row: int, place: Place) -> None:
    source = sheet.cell(row, _CELL_COLUMN)
    source.hyperlink = Hyperlink(ref=source.coordinate, location=f"{quote_sheetname(place[0])}!{place[1]}")
    source.font = _font(color=rgb(theme().main), underline="single")


def _set_page(sheet: Worksheet, reply: Reply) -> None:
    sheet.freeze_panes = f"A{_HEADER_ROW + 1}"
    sheet.sheet_view.showGridLines = False
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEADER_ROW}:{_HEADER_ROW}"
    # In a page header "&" starts a command; doubled it is itself.
    label = f"{FICTIONAL_LABEL if reply.fictional else ''} {reply.label}".strip().replace("&", "&&")
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(left=_HeaderFooterPart(label))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(right=_HeaderFooterPart("bladzijde &P van &N"))
