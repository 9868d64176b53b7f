"""How much of a workbook is filled in: formulas that count while somebody works, with their value of this moment.

A formula without a stored value reads as empty in most programs, so every one is written with its value. They stand
above the row of park codes, in the head of the names and on the guide: nowhere that a judgement is looked for.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from xlsxwriter.utility import xl_range, xl_range_abs

from werkbank.matrix import layout
from werkbank.matrix.template import Job

__all__ = ["DONE", "Formula", "Texts", "last_column", "last_row", "of_park", "of_sheet", "shown_texts", "under_heading"]

Texts = Mapping[tuple[str, str], str]
"""Park and indicator → what its cell shows; without the open ones."""

DONE: Final = "klaar: "


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and the text it gives at this moment."""

    text: str
    value: str


def shown_texts(job: Job) -> dict[tuple[str, str], str]:
    """What every cell shows that is not open; nothing for a blank workbook."""
    if job.judgements is None:
        return {}
    scales = {indicator.id: job.catalogue.scale_of(indicator.id) for indicator in job.catalogue.indicators}
    columns = (job.judgements[name].tolist() for name in ("park_id", "indicator", "state", "level"))
    shown = {
        (park_id, indicator): layout.cell_text(state, level, scales[indicator])
        for park_id, indicator, state, level in zip(*columns, strict=True)
    }
    return {place: text for place, text in shown.items() if text}


def last_row(job: Job) -> int:
    """The row of the last indicator: one row each, and one heading a family."""
    return layout.FIRST_INDICATOR_ROW + len(job.catalogue.families) + len(job.catalogue.indicators) - 1


def last_column(job: Job) -> int:
    """The column of the last park."""
    return layout.FIRST_PARK_COLUMN + len(job.parks) - 1


def of_park(job: Job, texts: Texts, column: int) -> Formula:
    """How many cells of one park are filled in: "12 van 35", and "klaar: 35 van 35" when all are."""
    park_id, _ = job.parks[column - layout.FIRST_PARK_COLUMN]
    total = len(job.catalogue.indicators)
    filled = sum(1 for park, _ in texts if park == park_id)
    counted = f"COUNTA({xl_range(layout.FIRST_INDICATOR_ROW, column, last_row(job), column)})"
    done = DONE if filled == total else ""
    return Formula(f'=IF({counted}={total},"{DONE}","")&{counted}&" van {total}"', f"{done}{filled} van {total}")


def under_heading(job: Job, texts: Texts, heading: str) -> Formula:
    """The heading of a column, with how many cells of the sheet are filled in."""
    total = _total(job)
    return Formula(
        f'="{heading} ("&{_counted(job)}&" van {total} ingevuld)"', f"{heading} ({len(texts)} van {total} ingevuld)"
    )


def of_sheet(job: Job, texts: Texts) -> Formula:
    """How many cells of the whole matrix are filled in, for another sheet."""
    total = _total(job)
    counted = _counted(job, f"{layout.SHEET_MATRIX}!")
    return Formula(f'={counted}&" van {total} cellen"', f"{len(texts)} van {total} cellen")


def _total(job: Job) -> int:
    return len(job.catalogue.indicators) * len(job.parks)


def _counted(job: Job, sheet: str = "") -> str:
    area = (layout.FIRST_INDICATOR_ROW, layout.FIRST_PARK_COLUMN, last_row(job), last_column(job))
    return f"COUNTA({sheet}{xl_range_abs(*area)})"
