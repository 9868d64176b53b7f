"""What if: three fields for the weights of the groups, a chart and a table that follow; clearly no advice."""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.dashboard.charts import live_chart, weighing_spec
from werkbank.dashboard.whatif import Outcome, as_percentages, chosen_weights, moved_parks, reweigh, told
from werkbank.report.view import View
from werkbank.wording import MISSING, number, safe_html

__all__ = ["Weighing"]

_INTRODUCTION = (
    "Hoe zwaar elke groep telt, is een keuze. Verander hier de gewichten en zie wat er met de volgorde gebeurt. "
    "Alleen de verhouding telt. Dit verandert niets aan de analyse of aan het advies."
)
_CAPTION = (
    "De open stip is de score van de analyse, de dichte stip de score bij deze gewichten. Rechts de plaats; "
    "een pijl zegt dat die verandert."
)
_HEADS = ("Terrein", "Score", "Score wat als", "Plaats", "Plaats wat als")


class Weighing:
    """The part of the page that weighs anew; `widget` is what is shown."""

    def __init__(self, view: View, chosen: str, script: str) -> None:
        self._view, self._chosen, self._busy = view, chosen, False
        self._names: dict[str, str] = {family.score: family.score_name for family in view.catalogue.families}
        self._fields: dict[str, Any] = {group: _field(name) for group, name in self._names.items()}
        self._reset = widgets.Button(
            description="Terug naar de analyse", tooltip="Zet de gewichten van de analyse terug"
        )
        self._said, self._table = widgets.HTML(), widgets.HTML()
        self._said.add_class("wbd-said")
        self._restore()
        self._chart = live_chart(self._spec(self._outcomes()), script)
        self._tell(self._outcomes())
        for field in self._fields.values():
            field.observe(self._on_weight, "value")
        self._reset.on_click(self._on_reset)
        self.widget = self._layout()

    def show(self, view: View, chosen: str) -> None:
        """Another municipality: its own parks, and the weights of its own analysis."""
        self._view, self._chosen = view, chosen
        self._restore()
        outcomes = self._outcomes()
        self._chart.chart = self._spec(outcomes)
        self._tell(outcomes)

    def choose(self, chosen: str) -> None:
        """Another park of the same municipality."""
        self._chosen = chosen
        self._chart.params.chosen = chosen
        self._tell(self._outcomes())

    @property
    def _weights(self) -> dict[str, float]:
        return {group: field.value for group, field in self._fields.items()}

    def _outcomes(self) -> tuple[Outcome, ...]:
        return reweigh(self._view, self._weights)

    def _restore(self) -> None:
        """The fields show the analysis's own weights; nothing else happens meanwhile."""
        self._busy = True
        try:
            for group, share in as_percentages(chosen_weights(self._view)).items():
                self._fields[group].value = share
        finally:
            self._busy = False

    def _on_reset(self, _: Any) -> None:
        self._restore()
        self._redraw()

    def _on_weight(self, _: Any) -> None:
        if not self._busy:
            self._redraw()

    def _redraw(self) -> None:
        outcomes = self._outcomes()
        with self._chart.hold_sync():
            self._chart.params.totals = _totals(outcomes)
            self._chart.params.places = _places(outcomes)
        self._tell(outcomes)

    def _spec(self, outcomes: tuple[Outcome, ...]) -> Any:
        return weighing_spec(self._view, self._chosen, _totals(outcomes), _places(outcomes))

    def _tell(self, outcomes: tuple[Outcome, ...]) -> None:
        sentence = told(outcomes, self._chosen, self._weights, self._names)
        moved = moved_parks(outcomes) if sum(self._weights.values()) else ""
        self._said.value = safe_html(
            '<p role="status" class="box"><strong>Wat als, geen advies.</strong> {} {}</p>', sentence, moved
        )
        self._table.value = _table(outcomes)

    def _layout(self) -> widgets.Widget:
        head = widgets.HTML(
            safe_html('<h2>Wat als de groepen anders wegen?</h2><p class="caption">{}</p>', _INTRODUCTION)
        )
        fields = widgets.HBox([*self._fields.values(), self._reset])
        fields.add_class("wbd-weights")
        table = widgets.Accordion(children=[self._table], titles=("Dezelfde cijfers in een tabel",))
        note = widgets.HTML(safe_html('<p class="caption">{}</p>', _CAPTION))
        part = widgets.VBox([head, fields, self._said, self._chart, note, table])
        part.add_class("wbd-what-if")
        return part


def _field(name: str) -> widgets.BoundedIntText:
    return widgets.BoundedIntText(value=0, min=0, max=100, step=5, description=name)


def _totals(outcomes: tuple[Outcome, ...]) -> dict[str, float | None]:
    return {one.park_id: one.new_score for one in outcomes}


def _places(outcomes: tuple[Outcome, ...]) -> dict[str, str]:
    """Per park its place under these weights, and where it comes from, as printed beside its row."""
    return {one.park_id: _places_of(one) for one in outcomes}


def _places_of(one: Outcome) -> str:
    if one.rank is None:
        return "geen score"
    return f"{one.rank} → {_place(one.new_rank)}" if one.moved else str(one.rank)


def _place(rank: int | None) -> str:
    return MISSING if rank is None else str(rank)


def _table(outcomes: tuple[Outcome, ...]) -> Markup:
    head = Markup("").join(safe_html('<th scope="col">{}</th>', name) for name in _HEADS)
    body = Markup("").join(_row(one) for one in outcomes)
    return safe_html(
        '<div class="wb"><table class="rows what-if"><caption>Wat als, geen advies</caption>'
        "<thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>",
        head,
        body,
    )


def _row(one: Outcome) -> Markup:
    figures = (number(one.score, 1), number(one.new_score, 1), _place(one.rank), _place(one.new_rank))
    cells = Markup("").join(safe_html("<td>{}</td>", figure) for figure in figures)
    return safe_html('<tr class="{}"><th scope="row">{}</th>{}</tr>', "advised" if one.moved else "", one.name, cells)
