"""The page itself: widgets that choose, and parts that follow; the only module with widgets.

Charts are held for as long as the page lives and get new parameters, or for another municipality a new
specification; they are never shown through an Output widget, which hangs now and then.
"""

from __future__ import annotations

from typing import Any

import ipywidgets as widgets  # type: ignore[import-untyped]
from markupsafe import Markup

from werkbank.dashboard.charts import live_chart, ranking_spec
from werkbank.dashboard.page import head_html, heat_html, heat_legend, mark_style, page_style, profile_html
from werkbank.dashboard.whatif import Weighing
from werkbank.report.parks import ranking_table
from werkbank.report.view import Park, View, view_of
from werkbank.sharing.bundle import Bundle
from werkbank.wording import safe_html

__all__ = ["DashboardPage"]

_CAPTION = (
    "Elk terrein heeft een lijn: daarbinnen kan de score uitkomen als alles bekend is. De stip is de score van nu, de "
    "ruit is het advies. Overlappen twee lijnen, dan is de volgorde niet zeker. Klik op een terrein, of kies het "
    "hierboven."
)
NOT_WEIGHED = (
    "Wat als de groepen anders wegen? Dat kan deze doelgroep niet proberen: de deelscores staan hier niet in, want "
    "daaruit zijn oordelen van een andere partij af te leiden."
)


class DashboardPage:
    """A bundle as a living page; `widget` is what is shown."""

    def __init__(self, bundle: Bundle, script: str) -> None:
        self._bundle = bundle
        self._views: dict[str, View] = {}
        self._view = self._view_of(bundle.municipalities[0])
        self._municipality = _dropdown("Gemeente", _municipalities(bundle))
        self._park = _dropdown("Terrein", _parks(self._view))
        self._ranking = live_chart(ranking_spec(self._view, self._chosen), script)
        # Without scores of groups there is nothing to weigh otherwise.
        withheld = any(one.coarse for one in bundle.assessments)
        self._weighing = None if withheld else Weighing(self._view, self._chosen, script)
        self._table, self._heat, self._legend = _html(), _html("wb heat"), _html("wb")
        self._mark, self._profile = _html(), _html("wb")
        self._busy = False
        self._fill()
        self._follow()
        self.widget = self._layout()

    @property
    def _chosen(self) -> str:
        return str(self._park.value)

    def _view_of(self, municipality: str) -> View:
        if municipality not in self._views:
            self._views[municipality] = view_of(self._bundle.assessment(municipality))
        return self._views[municipality]

    def _follow(self) -> None:
        self._municipality.observe(self._on_municipality, "value")
        self._park.observe(self._on_park, "value")
        self._watch_clicks()

    def _watch_clicks(self) -> None:
        """A new specification comes with new selections."""
        self._ranking.selections.observe(self._on_click, "pick")

    def _on_municipality(self, _: Any) -> None:
        self._view = self._view_of(str(self._municipality.value))
        self._busy = True
        try:
            self._park.options = _parks(self._view)
            self._park.value = self._view.parks[0].park_id
        finally:
            self._busy = False
        self._ranking.chart = ranking_spec(self._view, self._chosen)
        self._watch_clicks()
        if self._weighing is not None:
            self._weighing.show(self._view, self._chosen)
        self._fill()

    def _on_park(self, _: Any) -> None:
        if self._busy:
            return
        self._ranking.params.chosen = self._chosen
        if self._weighing is not None:
            self._weighing.choose(self._chosen)
        self._mark.value = mark_style(self._view, self._chosen)
        self._profile.value = profile_html(self._view, self._chosen)

    def _on_click(self, change: Any) -> None:
        codes = [point.get("code") for point in change["new"].value]
        if codes and codes[0] in {park.park_id for park in self._view.parks}:
            self._park.value = codes[0]

    def _fill(self) -> None:
        self._heat.value = heat_html(self._view)
        self._legend.value = heat_legend(self._view)
        self._table.value = ranking_table(self._view.assessment).html
        self._mark.value = mark_style(self._view, self._chosen)
        self._profile.value = profile_html(self._view, self._chosen)

    def _layout(self) -> widgets.Widget:
        """Everything in reading order; the style sheet places the parts beside or below one another."""
        choose = _part("choose", self._municipality, self._park)
        table = widgets.Accordion(children=[self._table], titles=("Dezelfde cijfers in een tabel",))
        ranking = _part("ranking", _title("Rangorde en grenzen"), self._ranking, _text(_CAPTION), table)
        profile = _part("profile", _title("Het gekozen terrein"), self._profile)
        heat = _part("heat-map", _title("De matrix in één oogopslag"), self._legend, self._mark, self._heat)
        weighing = _text(NOT_WEIGHED) if self._weighing is None else self._weighing.widget
        parts = _part("parts", _part("left", ranking, weighing), profile)
        style = widgets.HTML(safe_html("<style>{}</style>", page_style()))
        head = widgets.HTML(head_html(self._bundle))
        head.add_class("wbd-own-head")
        page = widgets.VBox([style, head, choose, parts, heat])
        page.add_class("wbd")
        return page


def _municipalities(bundle: Bundle) -> list[tuple[str, str]]:
    return [(one.municipality_name, one.parameters.municipality) for one in bundle.assessments]


def _parks(view: View) -> list[tuple[str, str]]:
    """The parks in the order of the ranking, each with its place; a code tells two of one name apart."""
    names = [park.name for park in view.parks]
    return [(_label(park, twice=names.count(park.name) > 1), park.park_id) for park in view.parks]


def _label(park: Park, *, twice: bool) -> str:
    place = "–" if park.rank is None else f"{park.rank}."
    return f"{place} {park.name} ({park.park_id})" if twice else f"{place} {park.name}"


def _dropdown(label: str, options: list[tuple[str, str]]) -> widgets.Dropdown:
    return widgets.Dropdown(options=options, value=options[0][1], description=label)


def _html(css: str = "") -> widgets.HTML:
    one = widgets.HTML()
    for name in css.split():
        one.add_class(name)
    return one


def _title(text: str) -> widgets.HTML:
    return widgets.HTML(safe_html("<h2>{}</h2>", text))


def _text(text: str | Markup) -> widgets.HTML:
    return widgets.HTML(safe_html('<p class="caption">{}</p>', text))


def _part(name: str, *children: widgets.Widget) -> widgets.VBox:
    part = widgets.VBox(list(children))
    part.add_class(f"wbd-{name}")
    return part
