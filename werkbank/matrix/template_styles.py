"""How a risk-matrix workbook looks: by the theme of everything, readable in print and without colour."""

from __future__ import annotations

from typing import Any, Literal

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from werkbank.matrix import layout
from werkbank.settings.catalogue import Family, Scale
from werkbank.settings.theme import on, theme

__all__ = ["Styles"]

_RAISED, _HIGH = 2, 4
"""Steps of the theme for a raised and a high level: far enough apart for every eye, and the text on each is read."""

Area = tuple[int, int, int, int]
"""First row and column, last row and column."""
Look = Literal["open", "done", "twice"]


class Styles:
    """The formats of one workbook; entry formats are unlocked, all others stay locked."""

    def __init__(self, book: Workbook, *, fictional: bool) -> None:
        look = theme()
        frame: dict[str, Any] = {"border": 1, "border_color": look.border}
        head: dict[str, Any] = {"bold": True, "bg_color": look.main, "font_color": look.paper, **frame}

        def style(**properties: Any) -> Format:
            base = {"font_name": "Calibri", "font_size": 11, "font_color": look.ink, "valign": "vcenter"}
            return book.add_format({**base, **properties})

        mark = look.accent if fictional else look.main
        self.title = style(bold=True, font_size=14, font_color=mark)
        self.title_grid = style(bold=True, font_color=mark)
        self.banner = style(bold=True, font_size=14, bg_color=look.loud)
        self.section = style(bold=True, font_size=12, font_color=look.main, bottom=1, bottom_color=look.main)
        self.text = style(text_wrap=True, valign="top")
        self.term = style(bold=True, text_wrap=True, valign="top")
        self.hint = style(italic=True, font_color=look.quiet)
        self.key = style(valign="top")
        self.progress = style(align="center", font_color=look.quiet, shrink=True)
        self.head = style(**head)
        self.head_park = style(**head, align="center", text_wrap=True)
        self.family = style(
            bold=True, bg_color=look.pale, font_color=look.main, top=1, bottom=1, border_color=look.main
        )
        self.code = style(bold=True, **frame)
        self.name = style(text_wrap=True, **frame)
        self.cell = style(locked=False, align="center", shrink=True, **frame)
        self.entry = style(locked=False, valign="top")
        self.entry_date = style(locked=False, valign="top", num_format="dd-mm-yyyy", align="left")
        self.entry_wrap = style(locked=False, valign="top", text_wrap=True)
        self._unknown = book.add_format({"bg_color": look.unknown, "font_color": look.ink, "italic": True})
        self._not_applicable = book.add_format({"font_color": look.quiet})
        raised, high = look.steps[_RAISED], look.steps[_HIGH]
        self._raised = book.add_format({"bg_color": raised, "font_color": on(raised, look)})
        self._high = book.add_format({"bg_color": high, "font_color": on(high, look), "bold": True})
        self._looks = {
            "open": book.add_format({"bg_color": look.chosen}),
            "done": book.add_format({"bg_color": look.pale, "font_color": look.good, "bold": True}),
            # The word stands in the cell itself: a colour says nothing to who does not see it.
            "twice": book.add_format(
                {"bg_color": look.warning, "font_color": look.accent, "bold": True, "num_format": '@" (dubbel)"'}
            ),
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
