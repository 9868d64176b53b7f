"""The sheet that is filled in: indicators down, parks across, every cell a drop-down list.

Both ways were made and tried with 31 parks × 35 indicators, in LibreOffice on a screen of 1920 × 1080 and on paper.
A cell takes the same keys either way: Alt + arrow, arrows, Enter, and one arrow to the next. What differs is how far
the screen has to move. Filling in goes park by park: who knows a park says all of it, and so does the meeting.

    one park       here one column, on the screen whole: nothing to scroll. Turned, 35 cells wide with 10 in sight:
                   three screens to the right and back, for each of 31 parks
    one indicator  here 31 cells wide with 9 in sight: three screens. Turned, nothing; but that is done 35 times at most
    on paper       five pages either way

And the names of indicators are long: here each stands on one line beside its cells, turned they break over three.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Mapping
from itertools import groupby
from typing import Final

from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from werkbank.matrix import layout
from werkbank.matrix.template import PROTECTION, Job, Styles
from werkbank.matrix.template_progress import (
    DONE,
    Texts,
    last_column,
    last_row,
    of_park,
    shown_texts,
    under_heading,
)
from werkbank.settings.catalogue import Family, Indicator

__all__ = ["write_grid"]

# Excel's own limits; XlsxWriter drops a validation whose texts are longer.
_TITLE_LIMIT: Final = 32
_MESSAGE_LIMIT: Final = 255

# A row as Excel makes it and what a lying A4 has between its margins, in points; its width in characters as below,
# a little less than there is, for programs differ.
_ROW: Final = 15
_PAGE_HEIGHT: Final = 495
_PAGE_WIDTH: Final = 144
_SMALLEST_PRINT: Final = 50
_LARGEST_PRINT: Final = 85

# In characters, as Excel measures columns: 7 pixels each, where a bold one takes 6.3 on average.
_CODE_WIDTH: Final = 7
_NAME_WIDTHS: Final = (50, 64)
_PARK_WIDTHS: Final = (14, 26)
_BOLD: Final = 6.3 / 7

_FIRST_CELL: Final = (layout.FIRST_INDICATOR_ROW + 1, layout.FIRST_PARK_COLUMN)
"""Below the heading of the first family."""


def write_grid(sheet: Worksheet, styles: Styles, job: Job, lists: Mapping[str, str]) -> None:
    """Write the matrix: heads, then per family a heading and its indicators with their drop-downs."""
    texts = shown_texts(job)
    _write_heads(sheet, styles, job)
    _write_progress(sheet, styles, job, texts)
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
    # Whoever opens the sheet stands in the first cell to fill in.
    sheet.set_selection(*_FIRST_CELL, *_FIRST_CELL)
    sheet.set_print_scale(_print_scale(job))
    sheet.repeat_rows(layout.TITLE_ROW, layout.PARK_NAME_ROW)
    sheet.repeat_columns(layout.CODE_COLUMN, layout.NAME_COLUMN)


def _print_scale(job: Job) -> int:
    """The largest percentage with all rows on one page; up to a tenth less where that saves a page."""
    height = sum(_heights(job).values()) + _ROW * (last_row(job) + 1 - layout.FIRST_INDICATOR_ROW)
    largest = max(_SMALLEST_PRINT, min(_LARGEST_PRINT, int(100 * _PAGE_HEIGHT / height)))
    return min(range(largest, int(0.9 * largest) - 1, -1), key=lambda scale: _pages(job, scale))


def _pages(job: Job, scale: int) -> int:
    """How many pages the parks take side by side, with the names of the indicators on each."""
    room = _PAGE_WIDTH * 100 / scale - _CODE_WIDTH - _name_width(job)
    return math.ceil(len(job.parks) / max(1, int(room / _park_width(job))))


def _heights(job: Job) -> dict[int, float]:
    """Of the rows of title, codes and names, in points."""
    return {layout.TITLE_ROW: 21, layout.PARK_ID_ROW: _ROW, layout.PARK_NAME_ROW: _name_height(job)}


def _write_heads(sheet: Worksheet, styles: Styles, job: Job) -> None:
    sheet.set_column(layout.CODE_COLUMN, layout.CODE_COLUMN, _CODE_WIDTH)
    sheet.set_column(layout.NAME_COLUMN, layout.NAME_COLUMN, _name_width(job))
    sheet.set_column(layout.FIRST_PARK_COLUMN, last_column(job), _park_width(job))
    for row, height in _heights(job).items():
        sheet.set_row(row, height)
    sheet.write_string(layout.TITLE_ROW, layout.CODE_COLUMN, job.short_title, styles.title_grid)
    for row, texts in ((layout.PARK_ID_ROW, ("", "Terreincode")), (layout.PARK_NAME_ROW, ("Code", "Indicator"))):
        for column, text in zip((layout.CODE_COLUMN, layout.NAME_COLUMN), texts, strict=True):
            sheet.write(row, column, text, styles.head)
    for column, (park_id, name) in enumerate(job.parks, layout.FIRST_PARK_COLUMN):
        sheet.write_string(layout.PARK_ID_ROW, column, park_id, styles.head_park)
        sheet.write_string(layout.PARK_NAME_ROW, column, name, styles.head_park)
    sheet.freeze_panes(layout.FIRST_INDICATOR_ROW, layout.FIRST_PARK_COLUMN)


def _name_width(job: Job) -> float:
    """Wide enough for the headings of the families, and for the title, which ends where the counts begin."""
    headings = (len(_heading(family)) for family in job.catalogue.families)
    needed = max(len(job.short_title) - _CODE_WIDTH, *headings) * _BOLD
    return max(_NAME_WIDTHS[0], min(_NAME_WIDTHS[1], needed))


def _heading(family: Family) -> str:
    return f"{family.name}: {family.question}"


def _park_width(job: Job) -> float:
    """Wide enough for every text of the lists and for the longest word in a park's name."""
    used = {indicator.scale for indicator in job.catalogue.indicators}
    texts = [text for scale in job.catalogue.scales if scale.id in used for text in layout.list_texts(scale)]
    words = [word for _, name in job.parks for word in name.split()]
    needed = max(max(map(len, texts)) * 0.8 + 2, max(map(len, words), default=0) * 1.05 + 1)
    return max(_PARK_WIDTHS[0], min(_PARK_WIDTHS[1], needed))


def _name_height(job: Job) -> float:
    """Room for the longest name of a park, broken at words."""
    width = int(_park_width(job)) - 2
    lines = max(len(textwrap.wrap(name, width)) for _, name in job.parks)
    return _ROW * max(2, lines) + 3


def _write_progress(sheet: Worksheet, styles: Styles, job: Job, texts: Texts) -> None:
    """Above each park how much of it is filled in, and in the head of the names how much of all."""
    for column in range(layout.FIRST_PARK_COLUMN, last_column(job) + 1):
        count = of_park(job, texts, column)
        sheet.write_formula(layout.TITLE_ROW, column, count.text, styles.progress, count.value)
    total = under_heading(job, texts, "Indicator")
    sheet.write_formula(layout.PARK_NAME_ROW, layout.NAME_COLUMN, total.text, styles.head, total.value)
    first = xl_rowcol_to_cell(layout.TITLE_ROW, layout.FIRST_PARK_COLUMN)
    area = (layout.TITLE_ROW, layout.FIRST_PARK_COLUMN, layout.TITLE_ROW, last_column(job))
    styles.mark(sheet, area, f'=LEFT({first},{len(DONE)})="{DONE}"', "done")


def _write_family(sheet: Worksheet, styles: Styles, job: Job, family: Family, row: int) -> None:
    for column in range(layout.CODE_COLUMN, last_column(job) + 1):
        sheet.write_blank(row, column, None, styles.family)
    sheet.write_string(row, layout.NAME_COLUMN, _heading(family), styles.family)


def _write_indicator(sheet: Worksheet, styles: Styles, job: Job, indicator: Indicator, row: int, texts: Texts) -> None:
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
    sheet.data_validation(row, layout.FIRST_PARK_COLUMN, row, last_column(job), choices)


def _shade(
    sheet: Worksheet, styles: Styles, job: Job, family: Family, first_row: int, indicators: tuple[Indicator, ...]
) -> None:
    """Colours follow what is chosen, row after row of one scale."""
    for scale, rows in groupby(enumerate(indicators, first_row), key=lambda row: job.catalogue.scale_of(row[1].id)):
        places = [row for row, _ in rows]
        area = (places[0], layout.FIRST_PARK_COLUMN, places[-1], last_column(job))
        styles.shade(sheet, area, family, scale)


def _shortened(text: str, limit: int) -> str:
    """The text on one line, cut at a word where Excel has no room for more."""
    text = " ".join(text.split())
    return text if len(text) <= limit else text[: limit - 1].rsplit(" ", 1)[0] + "…"
