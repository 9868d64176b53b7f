"""The sheet beside the matrix: source strength, date and remark of the judgements that have any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from werkbank.errors import OutputError
from werkbank.matrix import layout
from werkbank.matrix.template import PROTECTION, Job, Styles

__all__ = ["LONGEST", "write_remarks"]

LONGEST: Final = 32_767
"""The most characters that a cell can hold."""

_SPARE_ROWS: Final = 300
_WIDTHS: Final = {"park_id": 14, "indicator": 12, "source_strength": 13, "date": 13, "remark": 62}
_HINT: Final = (
    "Alleen voor oordelen die om uitleg vragen. "
    "Noem geen namen van personen of bedrijven, geen adressen en geen kentekens."
)
_LIST_FAULT: Final = {"error_title": "Niet in de lijst", "error_message": "Kies een waarde uit de lijst."}
_PARK_HELP: Final = {
    "input_title": "Terreincode",
    "input_message": "Over welk terrein? Rechts op dit blad staat welke naam bij welke code hoort.",
}
_INDICATOR_HELP: Final = {
    "input_title": "Indicator",
    "input_message": "Over welke indicator? Rechts op dit blad staat welke naam bij welke code hoort.",
}
_STRENGTH_HELP: Final = {
    "input_title": "Bronsterkte",
    "input_message": "A: meer onafhankelijke bronnen of bevestigd. B: één bron. C: een indruk.",
}
_DATE_RULE: Final = {
    "validate": "date",
    "criteria": "between",
    "minimum": dt.date(2000, 1, 1),
    "maximum": dt.date(2099, 12, 31),
    "input_title": "Peildatum",
    "input_message": "Tot welke dag geldt dit oordeel? Vul in als dag-maand-jaar.",
    "error_title": "Geen datum",
    "error_message": "Vul een datum in als dag-maand-jaar, bijvoorbeeld 15-3-2026.",
}
# To the right of the list, an empty column away, stand the codes with their names. No heading there is one of the
# list's own: that is how a reader finds its columns.
_KEY_COLUMN: Final = len(layout.REMARK_HEADINGS) + 1
_KEYS: Final = (("Code", 11), ("Naam van het terrein", 26), ("Code", 8), ("Naam van de indicator", 50))


def write_remarks(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the list of explanations, with room for more below the last one.

    Raises OutputError when a remark is longer than a cell can hold; nothing is ever cut in silence.
    """
    formats = _formats(styles)
    rows = _rows(job)
    last_row = layout.FIRST_REMARK_ROW + len(rows) + _SPARE_ROWS - 1
    _write_heads(sheet, styles, formats)
    for row, entry in enumerate(rows, layout.FIRST_REMARK_ROW):
        for column, (name, value) in enumerate(zip(layout.REMARK_HEADINGS, entry, strict=True)):
            _write_entry(sheet, row, column, value, formats[name])
    _add_choices(sheet, lists, last_row)
    _mark_faults(sheet, styles, last_row)
    _write_keys(sheet, styles, job)
    sheet.freeze_panes(layout.FIRST_REMARK_ROW, 0)
    sheet.protect("", PROTECTION)
    sheet.set_selection(layout.FIRST_REMARK_ROW, 0, layout.FIRST_REMARK_ROW, 0)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(layout.REMARK_HEADER_ROW)


def _write_heads(sheet: Worksheet, styles: Styles, formats: Mapping[str, Format]) -> None:
    for column, (name, heading) in enumerate(layout.REMARK_HEADINGS.items()):
        # The format of the column unlocks every cell that is still empty.
        sheet.set_column(column, column, _WIDTHS[name], formats[name])
        sheet.write_blank(0, column, None, styles.hint)
        sheet.write_string(layout.REMARK_HEADER_ROW, column, heading, styles.head)
    sheet.write_string(0, 0, _HINT, styles.hint)


def _formats(styles: Styles) -> dict[str, Format]:
    return {
        "park_id": styles.entry,
        "indicator": styles.entry,
        "source_strength": styles.entry,
        "date": styles.entry_date,
        "remark": styles.entry_wrap,
    }


def _rows(job: Job) -> list[tuple[object, ...]]:
    """Every judgement that carries a source strength, a date or a remark, in the order of the frame."""
    if job.judgements is None:
        return []
    frame = job.judgements
    carries = (frame["remark"] != "") | (frame["source_strength"] != "") | frame["date"].notna()
    kept = frame.loc[carries, list(layout.REMARK_HEADINGS)]
    return list(kept.astype({"date": "object"}).itertuples(index=False, name=None))


def _write_entry(sheet: Worksheet, row: int, column: int, value: object, look: Format) -> None:
    if isinstance(value, str) and value:
        if len(value) > LONGEST:
            where = xl_rowcol_to_cell(row, column)
            raise OutputError(f"De toelichting voor cel {where} is langer dan een cel kan bevatten ({LONGEST} tekens).")
        sheet.write_string(row, column, value, look)
    elif isinstance(value, dt.datetime) and not pd.isna(value):
        sheet.write_datetime(row, column, value, look)


def _add_choices(sheet: Worksheet, lists: Mapping[str, str], last_row: int) -> None:
    rules: dict[str, dict[str, Any]] = {
        "park_id": {"validate": "list", "source": lists["park_id"], **_LIST_FAULT, **_PARK_HELP},
        "indicator": {"validate": "list", "source": lists["indicator"], **_LIST_FAULT, **_INDICATOR_HELP},
        "source_strength": {"validate": "list", "source": lists["source_strength"], **_LIST_FAULT, **_STRENGTH_HELP},
        "date": _DATE_RULE,
        "remark": {"validate": "any", "input_title": "Toelichting", "input_message": _HINT},
    }
    for column, name in enumerate(layout.REMARK_HEADINGS):
        sheet.data_validation(layout.FIRST_REMARK_ROW, column, last_row, column, rules[name])


def _mark_faults(sheet: Worksheet, styles: Styles, last_row: int) -> None:
    """A code that is missing from a row shows as open, and a second row about the same judgement says so."""
    row = layout.FIRST_REMARK_ROW
    parks, indicators = (xl_range_abs(row, column, last_row, column) for column in (0, 1))
    park, indicator, last = (xl_rowcol_to_cell(row, column, col_abs=True) for column in (0, 1, 4))
    again = f'=AND({park}<>"",{indicator}<>"",COUNTIFS({parks},{park},{indicators},{indicator})>1)'
    styles.mark(sheet, (row, 0, last_row, 0), again, "twice")
    for column, cell in enumerate((park, indicator)):
        condition = f'=AND({cell}="",COUNTA({park}:{last})>0)'
        styles.mark(sheet, (row, column, last_row, column), condition, "open")


def _write_keys(sheet: Worksheet, styles: Styles, job: Job) -> None:
    """The codes with their names, for who has to choose one."""
    names = [(indicator.id, indicator.name) for indicator in job.catalogue.indicators]
    for place, rows in ((_KEY_COLUMN, job.parks), (_KEY_COLUMN + 2, names)):
        for row, pair in enumerate(rows, layout.FIRST_REMARK_ROW):
            for column, text in enumerate(pair, place):
                sheet.write_string(row, column, text, styles.key)
    for column, (heading, width) in enumerate(_KEYS, _KEY_COLUMN):
        sheet.set_column(column, column, width)
        sheet.write_string(layout.REMARK_HEADER_ROW, column, heading, styles.family)
    sheet.set_column(_KEY_COLUMN - 1, _KEY_COLUMN - 1, 3)
