"""One indicator of one park as widgets: what is chosen, how strong the source is, of which day, and why."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.errors import SEVERITY_DUTCH, Finding
from werkbank.matrix import layout
from werkbank.matrix.template_filling import Entry
from werkbank.settings.catalogue import Indicator, Scale
from werkbank.wording import capital, safe_html

__all__ = ["IndicatorRow", "notes"]

_EMPTY = "(leeg)"
_STRENGTHS = {
    "": "(geen)",
    "A": "A meer bronnen",
    "B": "B één bron",
    "C": "C een indruk",
}


class IndicatorRow:
    """The widgets of one indicator; `widget` is what is shown, `changed` is called with every new entry."""

    def __init__(self, indicator: Indicator, scale: Scale, changed: Callable[[str, Entry], None]) -> None:
        self._code, self._changed, self._busy = indicator.id, changed, False
        self._judgement = widgets.Dropdown(options=_choices(scale), value=Entry(), description=f"Oordeel {self._code}")
        self._strength = widgets.Dropdown(
            options=[(_STRENGTHS.get(code, code), code) for code in ("", *layout.SOURCE_STRENGTHS)],
            value="",
            description=f"Bron {self._code}",
        )
        # Without limits of its own: those would replace a year while it is being typed.
        self._day = widgets.DatePicker(description=f"Peildatum {self._code}")
        self._remark = widgets.Textarea(description=f"Toelichting {self._code}", rows=2, continuous_update=False)
        self._notes = widgets.HTML()
        for control in self._controls:
            control.observe(self._on_change, "value")
        self.widget = self._layout(indicator)

    @property
    def _controls(self) -> tuple[Any, ...]:
        return self._judgement, self._strength, self._day, self._remark

    @property
    def entry(self) -> Entry:
        """What the widgets say."""
        chosen: Entry = self._judgement.value
        return Entry(chosen.state, chosen.level, self._strength.value, self._day.value, self._remark.value)

    def show(self, entry: Entry, findings: Iterable[Finding]) -> None:
        """Another park: its entry and what is wrong with it; nobody is told of a change."""
        self._busy = True
        try:
            self._judgement.value = Entry(entry.state, entry.level)
            self._strength.value = entry.source_strength
            self._day.value = entry.date
            self._remark.value = entry.remark
        finally:
            self._busy = False
        self._notes.value = notes(findings)

    def focus(self) -> None:
        """Put the keyboard on the judgement."""
        self._judgement.focus()

    def _on_change(self, _: Any) -> None:
        if not self._busy:
            self._changed(self._code, self.entry)

    def _layout(self, indicator: Indicator) -> widgets.Widget:
        head = widgets.HTML(
            safe_html("<strong>{} {}</strong><p>{}</p>", indicator.id, indicator.name, indicator.description)
        )
        cells = widgets.HBox([head, *self._controls])
        cells.add_class("wbf-cells")
        row = widgets.VBox([cells, self._notes])
        row.add_class("wbf-row")
        return row


def notes(findings: Iterable[Finding]) -> Markup:
    """Findings as a list for who mends them, with how grave each is in words; nothing where there are none."""
    lines = Markup("").join(map(_note, findings))
    return safe_html('<ul class="wbf-notes">{}</ul>', lines) if lines else Markup("")


def _note(finding: Finding) -> Markup:
    place = ", ".join(filter(None, (finding.sheet and f"blad {finding.sheet}", finding.cell and f"cel {finding.cell}")))
    grave = f"{capital(SEVERITY_DUTCH[finding.severity])}{f' ({place})' if place else ''}:"
    return safe_html("<li><strong>{}</strong> {}. {}.</li>", grave, finding.found, capital(finding.remedy))


def _choices(scale: Scale) -> list[tuple[str, Entry]]:
    """The texts of the drop-down in the workbook, each with what it stands for; and an empty cell."""
    levels = [(layout.level_text(level), Entry("level", level.value)) for level in scale.levels]
    states = [(layout.UNKNOWN_TEXT, Entry("unknown")), (layout.NOT_APPLICABLE_TEXT, Entry("not_applicable"))]
    return [(_EMPTY, Entry()), *levels, *states]
