"""The sheet beside the matrix: source strength, date and remark of the judgements that have any."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

import pandas as pd
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from werkbank.matrix import layout
from werkbank.matrix.template_job import PROTECTION, Job
from werkbank.matrix.template_styles import Styles

__all__ = ["write_remarks"]

_SPARE_ROWS: Final = 300
_WIDTHS: Final = {"park_id": 13, "indicator": 11, "source_strength": 12, "date": 12, "remark": 90}
_HINT: Final = (
    "Alleen voor oordelen die om uitleg vragen. "
    "Noem geen namen van personen of bedrijven, geen adressen en geen kentekens."
)
_LIST_FAULT: Final = {"error_title": "Niet in de lijst", "error_message": "Kies een waarde uit de lijst."}
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


def write_remarks(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the list of explanations, with room for more below the last one."""
    formats = _formats(styles)
    sheet.write_string(0, 0, _HINT, styles.hint)
    for column, (name, heading) in enumerate(layout.REMARK_HEADINGS.items()):
        # The format of the column unlocks every cell that is still empty.
        sheet.set_column(column, column, _WIDTHS[name], formats[name])
        sheet.write_string(layout.REMARK_HEADER_ROW, column, heading, styles.head)
    rows = _rows(job)
    for row, entry in enumerate(rows, layout.FIRST_REMARK_ROW):
        for column, (name, value) in enumerate(zip(layout.REMARK_HEADINGS, entry, strict=True)):
            _write_entry(sheet, row, column, value, formats[name])
    _add_choices(sheet, lists, layout.FIRST_REMARK_ROW + len(rows) + _SPARE_ROWS - 1)
    sheet.freeze_panes(layout.FIRST_REMARK_ROW, 0)
    sheet.protect("", PROTECTION)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(layout.REMARK_HEADER_ROW)


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
        sheet.write_string(row, column, value, look)
    elif isinstance(value, dt.datetime) and not pd.isna(value):
        sheet.write_datetime(row, column, value, look)


def _add_choices(sheet: Worksheet, lists: Mapping[str, str], last_row: int) -> None:
    rules: dict[str, dict[str, Any]] = {
        "park_id": {"validate": "list", "source": lists["park_id"], **_LIST_FAULT},
        "indicator": {"validate": "list", "source": lists["indicator"], **_LIST_FAULT},
        "source_strength": {"validate": "list", "source": lists["source_strength"], **_LIST_FAULT, **_STRENGTH_HELP},
        "date": _DATE_RULE,
        "remark": {"validate": "any", "input_title": "Toelichting", "input_message": _HINT},
    }
    for column, name in enumerate(layout.REMARK_HEADINGS):
        sheet.data_validation(layout.FIRST_REMARK_ROW, column, last_row, column, rules[name])
