"""scores.xlsx: every figure of an analysis to filter and sort, and the same bytes for the same input.

The sheets hold values only. On the last one formulas of ours compute the scores once more from those values.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from werkbank.assessment.assessment import Assessment
from werkbank.report.tables import Kind, Sheet, Value, guide, table_sheets
from werkbank.report.terms import FICTIONAL, NOT_SHOWN, SUSPICION
from werkbank.report.view import View, view_of
from werkbank.report.workbook import Check, check_columns, check_rows, verdict
from werkbank.settings.theme import theme
from werkbank.wording import point_digits

__all__ = ["write_scores"]

CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC).replace(tzinfo=None)
"""A fixed moment, so that the file does not differ from day to day."""
HEADER_ROW = 2
WIDE_ENOUGH = 14
"""The width of a column in which something is not shown to this reader, and says so."""
A4 = 9
_SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
}
_BASE = {"font_name": "Calibri", "font_size": 11, "valign": "top"}
_NUMBERS = {
    "whole": "0",
    "score": "0.0",
    # For a score that one decimal would carry across the border of its class.
    "fine": "0.0#######",
    "share": "0%",
    "frequency": "0.0%",
    "decimal": "0.0#",
}


def _looks() -> dict[str, dict[str, Any]]:
    look = theme()
    return {
        "title": {"bold": True, "font_size": 16, "font_color": look.main},
        "heading": {"bold": True, "font_size": 12, "font_color": look.main, "top": 1, "top_color": look.main},
        "loud": {"bold": True, "bg_color": look.loud, "font_color": look.ink, "text_wrap": True},
        "name": {"bold": True, "text_wrap": True},
        "plain": {"text_wrap": True},
        "banner": {"italic": True, "font_color": look.quiet},
        "group": {"italic": True, "font_color": look.quiet, "text_wrap": True},
        "column": {
            "bold": True,
            "font_color": look.paper,
            "bg_color": look.main,
            "text_wrap": True,
            "valign": "vcenter",
        },
        "unknown": {"bg_color": look.unknown, "align": "right", "bold": True},
        "withheld": {"align": "right", "italic": True, "font_color": look.quiet},
        "text": {"indent": 1},
    }


class _OwnFormulas(Worksheet):  # type: ignore[misc]
    """A sheet with our formulas, none of which uses a function of later than Excel 2007.

    xlsxwriter looks for thirty newer ones in each formula, a quarter of the time of the whole workbook.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("{").removeprefix("=").removesuffix("}")


def write_scores(assessment: Assessment, path: Path | str) -> Path:
    """Write scores.xlsx for the assessment's audience; an existing file is replaced.

    Sheets: Leeswijzer, Scores, Groepen, Cellen, Oordelen, Gewichten, Methode, Controle.

    >>> assessment = wb.assess("urk")
    >>> wb.report.write_scores(assessment, "scores.xlsx").name
    'scores.xlsx'
    """
    view = view_of(assessment)
    target = Path(path)
    book = xlsxwriter.Workbook(str(target), dict(_SAFE))
    book.set_properties({"title": f"Scores bedrijventerreinen {assessment.municipality_name}", "created": CREATED})
    dressed = {**_looks(), **{name: {"num_format": shown} for name, shown in _NUMBERS.items()}}
    looks = {name: book.add_format({**_BASE, **look}) for name, look in dressed.items()}
    sheets = table_sheets(view)
    _write_guide(book.add_worksheet("Leeswijzer"), view, sheets, looks)
    for sheet in sheets:
        _write_table(book.add_worksheet(sheet.name), sheet, view, looks)
    _write_checks(book.add_worksheet("Controle", _OwnFormulas), view, sheets, looks)
    book.close()
    return target


def _write_guide(page: Worksheet, view: View, sheets: tuple[Sheet, ...], looks: dict[str, Format]) -> None:
    _dress(page, view)
    page.set_portrait()
    page.hide_gridlines(2)
    page.set_column(0, 0, 34)
    page.set_column(1, 1, 88)
    for row, (name, text, look) in enumerate(guide(view, sheets)):
        page.write_string(row, 0, name, looks[look or "name"])
        if look != "title":
            page.write_string(row, 1, text, looks[look or "plain"])


def _write_table(page: Worksheet, sheet: Sheet, view: View, looks: dict[str, Format]) -> None:
    _dress(page, view)
    page.write_string(0, 0, _banner(view), looks["banner"])
    for column, heading in enumerate(sheet.columns):
        withheld = any(row[column] == NOT_SHOWN for row in sheet.rows)
        page.set_column(column, column, max(heading.width, WIDE_ENOUGH) if withheld else heading.width)
        page.write_string(HEADER_ROW, column, heading.heading, looks["column"])
    page.set_row(HEADER_ROW, 48 if len(sheet.columns) > 2 else 20)
    edges = view.assessment.parameters.method.edges
    for row, values in enumerate(sheet.rows, start=HEADER_ROW + 1):
        for column, value in enumerate(values):
            _write(page, row, column, value, looks, _look(value, sheet.columns[column].kind, edges))
    page.autofilter(HEADER_ROW, 0, HEADER_ROW + max(1, len(sheet.rows)), len(sheet.columns) - 1)
    page.freeze_panes(HEADER_ROW + 1, 0)
    page.repeat_rows(HEADER_ROW)


def _write_checks(page: Worksheet, view: View, sheets: tuple[Sheet, ...], looks: dict[str, Format]) -> None:
    """The scores once more, each cell a formula with its outcome."""
    _dress(page, view)
    page.write_string(0, 0, _banner(view), looks["banner"])
    columns = check_columns(view)
    for column, (width, heading) in enumerate(
        ((13, "Terreincode"), (30, "Terrein"), *((13, h) for _, h, _ in columns))
    ):
        page.set_column(column, column, width)
        page.write_string(HEADER_ROW, column, heading, looks["column"])
    page.set_row(1, 30)  # two lines, for the longest name of a group
    page.set_row(HEADER_ROW, 48)
    for column, (group, _, _) in enumerate(columns, start=2):
        page.write_string(1, column, group, looks["group"])
    places = {sheet.name: {one.heading: xl_col_to_name(n) for n, one in enumerate(sheet.columns)} for sheet in sheets}
    rows = tuple(check_rows(view, places, {sheet.name: len(sheet.rows) for sheet in sheets}))
    for number, row in enumerate(rows, start=HEADER_ROW + 1):
        page.write_string(number, 0, row.park_id, looks["text"])
        page.write_string(number, 1, row.name, looks["text"])
        for column, check in enumerate(row.checks, start=2):
            _write_check(
                page, number, column, check, looks["fine" if columns[column - 2][1] != "Rang opnieuw" else "whole"]
            )
    whole = verdict(xl_col_to_name(len(columns) + 1), rows)
    page.write_formula(1, 0, whole.formula, looks["name"], whole.outcome)
    page.freeze_panes(HEADER_ROW + 1, 2)
    page.repeat_rows(HEADER_ROW)


def _write_check(page: Worksheet, row: int, column: int, check: Check, look: Format) -> None:
    """A formula of ours; nothing in it comes from the data."""
    if check.array:
        page.write_array_formula(row, column, row, column, f"{{{check.formula}}}", look, check.outcome)
    else:
        page.write_formula(row, column, check.formula, look, check.outcome)


def _look(value: Value, kind: Kind, edges: tuple[float, ...]) -> str:
    """How a value is dressed: by its column, and what is no number in a column of numbers stands out."""
    if isinstance(value, str):
        return "text" if kind == "text" else "withheld" if value == NOT_SHOWN else "unknown"
    return "fine" if kind == "score" and value is not None and point_digits(value, edges) > 1 else kind


def _write(page: Worksheet, row: int, column: int, value: Value, looks: dict[str, Format], look: str) -> None:
    """Text as text and numbers as numbers; nothing is ever read as a formula."""
    if isinstance(value, str):
        page.write_string(row, column, value, looks[look])
    elif value is not None:
        page.write_number(row, column, value, looks[look])


def _banner(view: View) -> str:
    fictional = f"{FICTIONAL} · " if view.assessment.fictional else ""
    return f"{fictional}{SUSPICION} · {view.audience.label}"


def _dress(page: Worksheet, view: View) -> None:
    """How a sheet comes out of the printer: its labels on every page, its columns on one page wide."""
    page.set_landscape()
    page.set_paper(A4)
    page.fit_to_pages(1, 0)
    page.set_margins(left=0.5, right=0.5, top=0.8, bottom=0.7)
    # A header holds 255 characters, and reads & as a command.
    page.set_header(f"&L&8{_banner(view).replace('&', '&&')[:240]}")
    page.set_footer(f"&L&8{view.assessment.municipality_name.replace('&', '&&')[:120]}&R&8blad &P van &N")
