"""The chart that lives by a kernel: a chosen park and other weights are parameters of one chart.

A change of a parameter costs one message; only another municipality makes a new specification. What draws them is one
script, made once and kept: making it takes a second or two, reading it nothing.
"""

from __future__ import annotations

import hashlib
import importlib
import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import altair as alt

from werkbank.dashboard.processes import SCRIPT_VARIABLE
from werkbank.report import charts_common as c
from werkbank.report.charts_common import Layer, Rows
from werkbank.report.html import kept
from werkbank.report.texts import words
from werkbank.report.view import View
from werkbank.settings.theme import theme

__all__ = ["SCRIPT_VARIABLE", "chart_script", "kept_script", "live_chart", "weighing_spec"]

TOTALS, PLACES = "totals", "places"
_EMBED = {"actions": False, "renderer": "svg", "tooltip": {"theme": "light"}}
# Altair asks what changed, which Backbone forgets when a parameter is set back while it tells of the change.
_AS_IT_IS_NOW = "new_params.changed?new_params.changed._params:new_params", 'model.get("_params")??{}'
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


def weighing_spec(view: View, code: str, totals: Mapping[str, float | None], places: Mapping[str, str]) -> Layer:
    """Each park's total of the analysis beside its total under other weights, in the order of the analysis.

    `totals` and `places` are parameters: per park's code its new total, and its place in words.
    """
    look = theme()
    rows = [c.park_row(view, park, score=park.score) for park in view.parks]
    weighed = c.base(rows).transform_calculate(new=f"{TOTALS}[datum.code]")
    weighed = weighed.transform_filter("isValid(datum.new) && isValid(datum.score)")
    step = weighed.mark_rule(strokeWidth=3, color=look.reach)
    before = c.base([row for row in rows if row["score"] is not None]).mark_point(
        size=90, strokeWidth=2, color=look.quiet, fill="white", opacity=1
    )
    after = weighed.mark_point(filled=True, opacity=1, size=110)
    moved = c.when("abs(datum.new - datum.score) > 0.05", look.accent, look.main)
    chart = alt.layer(
        c.band(rows),
        step.encode(y=c.park_axis(), x=c.score_axis("score:Q"), x2="new:Q"),
        before.encode(y=c.park_axis(), x=c.score_axis("score:Q")),
        after.encode(y=c.park_axis(), x=c.score_axis("new:Q"), color=moved),
        c.words_beside(c.base(rows).transform_calculate(told=f"{PLACES}[datum.code]")),
    )
    description = words("dashboard.what_if_chart", parks=view.size)
    return _living(chart, rows, description, {c.CHOSEN: code, TOTALS: dict(totals), PLACES: dict(places)})


def _living(chart: Layer, rows: Rows, description: str, params: Mapping[str, Any]) -> Layer:
    """The chart as wide as its place on the page, each row as high as its words need."""
    sized = chart.add_params(*(alt.param(name=name, value=value) for name, value in params.items())).properties(
        width="container",
        height=theme().row * len(rows),
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
        description=description,
    )
    look = c.config()
    padding = {"left": 4, "right": 8, "top": 20, "bottom": 4}
    return sized.configure(**{**look, "padding": padding, "axisY": {**look["axisY"], "labelLimit": 170}})


def live_chart(spec: Layer, script: str) -> Any:
    """One living chart; `script` is the address or the text of the bundle that draws it.

    Without that bundle altair's own would be fetched from the internet.
    """
    widget = importlib.import_module("altair.jupyter.jupyter_chart").JupyterChart
    if widget._esm != script:
        widget._esm, widget._is_offline = script, True
    return widget(spec, embed_options=_EMBED)


def chart_script() -> str:
    """What a living chart is to load: the server's address of the script, else the script itself."""
    return os.environ.get(SCRIPT_VARIABLE) or kept_script()


def kept_script() -> str:
    """The script as text, from the cache where it is there; another release of what makes it is another script."""
    versions = f"{version('altair')} {version('vl-convert-python')} ".encode()
    return kept(f"chart-{hashlib.sha256(versions + Path(__file__).read_bytes()).hexdigest()[:16]}.js", _made)


def _made() -> str:
    """The JavaScript that draws living charts without the internet."""
    widget = importlib.import_module("altair.jupyter.jupyter_chart").JupyterChart
    before = widget._esm, widget._is_offline
    try:
        widget._is_offline = False
        widget.enable_offline(offline=True)
        return f"{widget._esm.replace(*_AS_IT_IS_NOW)}\n{_FOLLOW_WIDTH}"
    finally:
        widget._esm, widget._is_offline = before
