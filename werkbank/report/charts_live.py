"""Charts that stay alive in the dashboard: a chosen park and other weights are parameters, not new pictures.

Beside `charts` the only module that imports altair. A change of a parameter costs one message; only another
municipality makes a new specification.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

import altair as alt

from werkbank.report.charts import bounds, ranking_row
from werkbank.report.charts_common import Layer, Rows, band, base, choice, class_lines, config, park_axis, score_axis
from werkbank.report.view import Park, View
from werkbank.settings.theme import theme
from werkbank.wording import count, number

__all__ = ["live_chart", "offline_script", "ranking_spec", "weighing_spec"]

TOTALS, PLACES, PICK = "totals", "places", "pick"
_EMBED = {"actions": False, "renderer": "svg", "tooltip": {"theme": "light"}}
# Vega looks at its place only when the window changes; a chart drawn before its page is laid out would stay empty.
_FOLLOW_WIDTH = """
const widths = new WeakMap();
const follow = new ResizeObserver((entries) => {
  let changed = false;
  for (const { target } of entries) {
    changed = changed || widths.get(target) !== target.clientWidth;
    widths.set(target, target.clientWidth);
  }
  if (changed) { window.dispatchEvent(new Event("resize")); }
});
new MutationObserver(() => {
  for (const place of document.querySelectorAll(".vega-embed")) {
    if (!widths.has(place)) { widths.set(place, -1); follow.observe(place); }
  }
}).observe(document.body, { childList: true, subtree: true });
"""


def ranking_spec(view: View, chosen: str) -> Layer:
    """The parks from high to low with their bounds; a click on a row is the selection `pick`.

    The row of the parameter `chosen` (a park's code) is marked.
    """
    rows = [ranking_row(view, park) for park in view.parks]
    pick = alt.selection_point(name=PICK, fields=["code"], on="click", empty=False, toggle=False, clear=False)
    layers = (
        band(rows).add_params(pick),
        class_lines(view),
        bounds(rows),
        _points(rows),
        _figures(rows, "datum.told"),
    )
    description = (
        f"Puntendiagram van de risicoscores van {count(len(rows), 'terrein', 'terreinen')}, van 0 tot 100, met de "
        "grenzen waartussen ze kunnen uitkomen. Dezelfde cijfers staan in de tabel eronder."
    )
    return _dressed(alt.layer(*layers).add_params(choice(chosen)), rows, description)


def weighing_spec(view: View, chosen: str, totals: Mapping[str, float | None], places: Mapping[str, str]) -> Layer:
    """Each park's total of the analysis beside its total under other weights, in the order of the analysis.

    `totals` and `places` are parameters: per park's code its new total, and its place in words.
    """
    rows = [_weighing_row(view, park) for park in view.parks]
    layers = (band(rows), _step(rows), _before(rows), _after(rows), _figures(rows, f"{PLACES}[datum.code]"))
    params = (
        choice(chosen),
        alt.param(name=TOTALS, value=dict(totals)),
        alt.param(name=PLACES, value=dict(places)),
    )
    description = (
        f"Per terrein de score van nu en de score bij de gekozen gewichten, voor "
        f"{count(len(rows), 'terrein', 'terreinen')}. Dezelfde cijfers staan in de tabel eronder."
    )
    return _dressed(alt.layer(*layers).add_params(*params), rows, description)


def live_chart(spec: Layer, script: str) -> Any:
    """One living chart; `script` is the address or the text of the bundle that draws it.

    Without that bundle altair's own would be fetched from the internet.
    """
    widget = importlib.import_module("altair.jupyter.jupyter_chart").JupyterChart
    if widget._esm != script:
        widget._esm, widget._is_offline = script, True
    return widget(spec, embed_options=_EMBED)


def offline_script() -> str:
    """The JavaScript that draws living charts without the internet; takes a second or two."""
    widget = importlib.import_module("altair.jupyter.jupyter_chart").JupyterChart
    before = widget._esm, widget._is_offline
    try:
        widget._is_offline = False
        widget.enable_offline(offline=True)
        return f"{widget._esm}\n{_FOLLOW_WIDTH}"
    finally:
        widget._esm, widget._is_offline = before


def _weighing_row(view: View, park: Park) -> dict[str, Any]:
    row = ranking_row(view, park)
    return {"park": row["park"], "code": park.park_id, "score": park.score, "now": number(park.score, 1)}


def _points(rows: Rows) -> Layer:
    advised = "datum.kind == 'advies'"
    return (
        base([row for row in rows if row["score"] is not None])
        .mark_point(filled=True, opacity=1, cursor="pointer")
        .encode(
            y=park_axis(),
            x=score_axis("score:Q"),
            shape=alt.condition(advised, alt.value("diamond"), alt.value("circle")),
            color=alt.condition(advised, alt.value(theme().accent), alt.value(theme().main)),
            size=alt.condition(advised, alt.value(190), alt.value(110)),
        )
    )


def _figures(rows: Rows, text: str) -> Layer:
    """A column of words to the right of the lines."""
    return (
        base(rows)
        .transform_calculate(shown=text)
        .mark_text(align="left", color=theme().ink)
        .encode(y=park_axis(), x=alt.value(alt.expr("width + 10")), text="shown:N")
    )


def _with_new(rows: Rows) -> alt.Chart:
    new = f"{TOTALS}[datum.code]"
    return base(rows).transform_calculate(new=new).transform_filter("isValid(datum.new) && isValid(datum.score)")


def _step(rows: Rows) -> Layer:
    return (
        _with_new(rows)
        .mark_rule(strokeWidth=3, color=theme().reach)
        .encode(y=park_axis(), x=score_axis("score:Q"), x2="new:Q")
    )


def _before(rows: Rows) -> Layer:
    known = base([row for row in rows if row["score"] is not None])
    return known.mark_point(size=90, strokeWidth=2, color=theme().quiet, fill="white", opacity=1).encode(
        y=park_axis(), x=score_axis("score:Q")
    )


def _after(rows: Rows) -> Layer:
    moved = alt.condition("abs(datum.new - datum.score) > 0.05", alt.value(theme().accent), alt.value(theme().main))
    return (
        _with_new(rows)
        .mark_point(filled=True, opacity=1, size=110)
        .encode(y=park_axis(), x=score_axis("new:Q"), color=moved)
    )


def _dressed(chart: Layer, rows: Rows, description: str) -> Layer:
    """The chart as wide as its place on the page, each row as high as its words need."""
    sized = chart.properties(
        width="container",
        height=theme().row * len(rows),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        description=description,
    )
    look = config()
    look["padding"] = {"left": 4, "right": 8, "top": 20, "bottom": 4}
    look["axisY"] = {**look["axisY"], "labelLimit": 170}
    return sized.configure(**look)
