"""How a risk-matrix workbook looks: one quiet palette, readable in print and without colour."""

from __future__ import annotations

from typing import Any, Final, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from werkbank.catalogue.models import Family, Scale
from werkbank.matrix import layout

__all__ = ["Styles"]

_INK: Final = "#1F2A37"
_BLUE: Final = "#1F4E79"
_PALE_BLUE: Final = "#DCE8F3"
_LINE: Final = "#C3CBD5"
_RED: Final = "#B00020"
_GREY_TEXT: Final = "#565D68"
_GREY: Final = "#ECEFF2"
_OPEN: Final = "#FFF8D6"
_RAISED: Final = "#FCE0C2"
_HIGH: Final = "#F5B27A"
_DONE: Final = "#D5EBDD"

_BASE: Final = {"font_name": "Calibri", "font_size": 11, "font_color": _INK, "valign": "vcenter"}
_FRAME: Final = {"border": 1, "border_color": _LINE}
_HEAD: Final = {"bold": True, "bg_color": _BLUE, "font_color": "#FFFFFF", **_FRAME}

Area = tuple[int, int, int, int]
"""First row and column, last row and column."""
Look = Literal["open", "done", "twice"]


class Styles:
    """The formats of one workbook; entry formats are unlocked, all others stay locked."""

    def __init__(self, book: Workbook, *, fictional: bool) -> None:
        def style(**properties: Any) -> Format:
            return book.add_format({**_BASE, **properties})

        mark = _RED if fictional else _BLUE
        self.title = style(bold=True, font_size=14, font_color=mark)
        self.title_grid = style(bold=True, font_color=mark)
        self.banner = style(bold=True, font_size=14, font_color="#FFFFFF", bg_color=_RED)
        self.section = style(bold=True, font_size=12, font_color=_BLUE, bottom=1, bottom_color=_BLUE)
        self.text = style(text_wrap=True, valign="top")
        self.term = style(bold=True, text_wrap=True, valign="top")
        self.hint = style(italic=True, font_color=_GREY_TEXT)
        self.key = style(valign="top")
        self.progress = style(align="center", font_color=_GREY_TEXT, shrink=True)
        self.head = style(**_HEAD)
        self.head_park = style(**_HEAD, align="center", text_wrap=True)
        self.family = style(bold=True, bg_color=_PALE_BLUE, font_color=_BLUE, top=1, bottom=1, border_color=_BLUE)
        self.code = style(bold=True, **_FRAME)
        self.name = style(text_wrap=True, **_FRAME)
        self.cell = style(locked=False, align="center", shrink=True, **_FRAME)
        self.entry = style(locked=False, valign="top")
        self.entry_date = style(locked=False, valign="top", num_format="dd-mm-yyyy", align="left")
        self.entry_wrap = style(locked=False, valign="top", text_wrap=True)
        self._unknown = book.add_format({"bg_color": _GREY, "font_color": _GREY_TEXT, "italic": True})
        self._not_applicable = book.add_format({"font_color": _GREY_TEXT})
        self._raised = book.add_format({"bg_color": _RAISED})
        self._high = book.add_format({"bg_color": _HIGH, "bold": True})
        self._looks = {
            "open": book.add_format({"bg_color": _OPEN}),
            "done": book.add_format({"bg_color": _DONE, "font_color": _INK, "bold": True}),
            # The word stands in the cell itself: a colour says nothing to who does not see it.
            "twice": book.add_format({"bg_color": _RAISED, "bold": True, "num_format": '@" (dubbel)"'}),
        }

    def mark(self, sheet: Worksheet, area: Area, condition: str, look: Look) -> None:
        """Give cells another look where the condition holds; what it says is also in their text, or they are empty."""
        sheet.conditional_format(*area, {"type": "formula", "criteria": condition, "format": self._looks[look]})

    def shade(self, sheet: Worksheet, area: Area, family: Family, scale: Scale) -> None:
        """Give the cells of one family a colour that follows what is chosen; for resilience low stands out."""
        ordered = sorted(scale.levels, key=lambda level: level.value, reverse=family.score != "resilience_gap")
        rules = [(layout.level_text(ordered[0]), self._high)]
        if len(ordered) > 2:
            rules.append((layout.level_text(ordered[1]), self._raised))
        rules.append((layout.UNKNOWN_TEXT, self._unknown))
        rules.append((layout.NOT_APPLICABLE_TEXT, self._not_applicable))
        for text, look in rules:
            quoted = text.replace('"', '""')
            rule = {"type": "cell", "criteria": "==", "value": f'"{quoted}"', "format": look}
            sheet.conditional_format(*area, rule)
        sheet.conditional_format(*area, {"type": "blanks", "format": self._looks["open"]})
