"""The sheet that is filled in: indicators down, parks across, every cell a drop-down list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from xlsxwriter.worksheet import Worksheet

from werkbank.catalogue.models import Family, Indicator
from werkbank.matrix import layout
from werkbank.matrix.template_job import PROTECTION, Job
from werkbank.matrix.template_styles import Styles

__all__ = ["write_grid"]

# Excel's own limits; XlsxWriter drops a validation whose texts are longer.
_TITLE_LIMIT: Final = 32
_MESSAGE_LIMIT: Final = 255

# Rows of ordinary height on a lying A4 at 100 %; the smallest and largest percentages that print well.
_PAGE_ROWS: Final = 31
_SMALLEST_PRINT: Final = 40
_LARGEST_PRINT: Final = 65


def write_grid(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the matrix: heads, then per family a heading and its indicators with their drop-downs."""
    _write_heads(sheet, styles, job)
    texts = _texts(job)
    row = layout.FIRST_INDICATOR_ROW
    for family in job.catalogue.families:
        indicators = tuple(job.catalogue.by_family(family.id))
        _write_family(sheet, styles, job, family, row)
        for offset, indicator in enumerate(indicators, 1):
            _write_indicator(sheet, styles, job, indicator, row + offset, texts)
            _add_choices(sheet, job, indicator, row + offset, lists)
        _shade(sheet, styles, job, family, row + 1, indicators)
        row += 1 + len(indicators)
    sheet.protect("", PROTECTION)
    sheet.set_print_scale(_print_scale(rows=row))
    sheet.repeat_rows(layout.PARK_ID_ROW, layout.PARK_NAME_ROW)
    sheet.repeat_columns(layout.CODE_COLUMN, layout.NAME_COLUMN)


def _print_scale(rows: int) -> int:
    """A percentage at which all rows stand on one page, if that can be read at all."""
    return max(_SMALLEST_PRINT, min(_LARGEST_PRINT, int(100 * _PAGE_ROWS / (rows + 2))))


def _last_column(job: Job) -> int:
    return layout.FIRST_PARK_COLUMN + len(job.parks) - 1


def _write_heads(sheet: Worksheet, styles: Styles, job: Job) -> None:
    sheet.set_column(layout.CODE_COLUMN, layout.CODE_COLUMN, 6)
    sheet.set_column(layout.NAME_COLUMN, layout.NAME_COLUMN, 44)
    sheet.set_column(layout.FIRST_PARK_COLUMN, _last_column(job), 16)
    sheet.set_row(layout.TITLE_ROW, 24)
    sheet.set_row(layout.PARK_NAME_ROW, 30)
    sheet.write_string(layout.TITLE_ROW, layout.CODE_COLUMN, job.title, styles.title)
    for row, texts in ((layout.PARK_ID_ROW, ("", "Terreincode")), (layout.PARK_NAME_ROW, ("Code", "Indicator"))):
        for column, text in zip((layout.CODE_COLUMN, layout.NAME_COLUMN), texts, strict=True):
            sheet.write(row, column, text, styles.head)
    for column, (park_id, name) in enumerate(job.parks, layout.FIRST_PARK_COLUMN):
        sheet.write_string(layout.PARK_ID_ROW, column, park_id, styles.head_park)
        sheet.write_string(layout.PARK_NAME_ROW, column, name, styles.head_park)
    sheet.freeze_panes(layout.FIRST_INDICATOR_ROW, layout.FIRST_PARK_COLUMN)


def _write_family(sheet: Worksheet, styles: Styles, job: Job, family: Family, row: int) -> None:
    for column in range(layout.CODE_COLUMN, _last_column(job) + 1):
        sheet.write_blank(row, column, None, styles.family)
    sheet.write_string(row, layout.NAME_COLUMN, f"{family.name}: {family.question}", styles.family)


def _write_indicator(
    sheet: Worksheet, styles: Styles, job: Job, indicator: Indicator, row: int, texts: Mapping[tuple[str, str], str]
) -> None:
    sheet.write_string(row, layout.CODE_COLUMN, indicator.id, styles.code)
    sheet.write_string(row, layout.NAME_COLUMN, indicator.name, styles.name)
    for column, (park_id, _) in enumerate(job.parks, layout.FIRST_PARK_COLUMN):
        # An open cell is truly empty, but keeps its looks and stays unlocked.
        text = texts.get((park_id, indicator.id))
        if text:
            sheet.write_string(row, column, text, styles.cell)
        else:
            sheet.write_blank(row, column, None, styles.cell)


def _add_choices(sheet: Worksheet, job: Job, indicator: Indicator, row: int, lists: Mapping[str, str]) -> None:
    choices = {
        "validate": "list",
        "source": lists[job.catalogue.scale_of(indicator.id).id],
        "input_title": _shortened(f"{indicator.id} {indicator.name}", _TITLE_LIMIT),
        "input_message": _shortened(indicator.description, _MESSAGE_LIMIT),
        "error_title": "Niet in de lijst",
        "error_message": "Kies een waarde uit de lijst. Hebt u er geen zicht op? Kies dan onbekend.",
    }
    sheet.data_validation(row, layout.FIRST_PARK_COLUMN, row, _last_column(job), choices)


def _shade(
    sheet: Worksheet, styles: Styles, job: Job, family: Family, first_row: int, indicators: tuple[Indicator, ...]
) -> None:
    if indicators:
        area = (first_row, layout.FIRST_PARK_COLUMN, first_row + len(indicators) - 1, _last_column(job))
        styles.shade(sheet, area, family, job.catalogue.scale_of(indicators[0].id))


def _shortened(text: str, limit: int) -> str:
    """The text on one line, cut at a word where Excel has no room for more."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"


def _texts(job: Job) -> dict[tuple[str, str], str]:
    """Park and indicator → what its cell shows; nothing for a blank workbook."""
    if job.judgements is None:
        return {}
    scales = {indicator.id: job.catalogue.scale_of(indicator.id) for indicator in job.catalogue.indicators}
    columns = (job.judgements[name].tolist() for name in ("park_id", "indicator", "state", "level"))
    return {
        (park_id, indicator): layout.cell_text(state, level, scales[indicator])
        for park_id, indicator, state, level in zip(*columns, strict=True)
    }
