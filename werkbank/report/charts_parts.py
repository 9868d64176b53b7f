"""What the charts of a report have in common: scales, the band of a chosen park, and a finished Figure.

A chart's data hold codes' names and numbers, picked column by column; no free text gets in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import _GeneratorContextManager
from itertools import pairwise
from typing import Any, Self, cast

import altair as alt
from altair.utils.schemapi import debug_mode

from werkbank.report.charts_map import Places
from werkbank.report.figure import Figure
from werkbank.report.terms import UNKNOWN, class_name
from werkbank.report.view import Park, View
from werkbank.settings.theme import theme

__all__ = [
    "CHOSEN",
    "Layer",
    "Rows",
    "band",
    "base",
    "choice",
    "class_fill",
    "class_legend",
    "class_lines",
    "class_shades",
    "codes_of",
    "config",
    "data_of",
    "figure_of",
    "ground",
    "park_axis",
    "score_axis",
    "shown",
    "unchecked",
]

CHOSEN = "chosen"
"""The parameter with the code of the park that the reader has chosen; a page sets it in all its charts."""
Layer = Any
"""A chart, a layer or a facet: altair's own methods do not say which."""
Rows = Sequence[Mapping[str, Any]]
_SHADES = {4: (1, 3, 5, 6)}
"""The steps of colour for so many classes: the ones that lie far enough apart for every eye."""
_AXIS_VALUES = [0, 20, 40, 60, 80, 100]
_MONTHS = [
    *("januari", "februari", "maart", "april", "mei", "juni"),
    *("juli", "augustus", "september", "oktober", "november", "december"),
]
_DAYS = ["zondag", "maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag"]
# nl-NL: a comma before the decimals, a point between thousands; the day before the month.
_LOCALE = {
    "number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""]},
    "time": {
        "dateTime": "%a %e %B %Y %X",
        "date": "%d-%m-%Y",
        "time": "%H:%M:%S",
        "periods": ["AM", "PM"],
        "days": _DAYS,
        "shortDays": [day[:2] for day in _DAYS],
        "months": _MONTHS,
        "shortMonths": [month[:3] if month != "maart" else "mrt" for month in _MONTHS],
    },
}


def shown(view: View, score: float | None) -> str:
    """A score as it is printed; a sign where there is none."""
    return UNKNOWN if score is None else view.points(score)


def codes_of(parks: Iterable[Park]) -> list[str]:
    """The parks' codes, for the rows of a figure's table."""
    return [park.park_id for park in parks]


def unchecked() -> _GeneratorContextManager[None]:
    """In it altair does not check each part of a chart as it is made: the tests check every figure whole."""
    return debug_mode(False)


class _Chart(alt.Chart):
    """altair's chart, that looks for no class of what is written in short: for each it would try all of its 600."""

    def encode(self, *args: Any, **channels: Any) -> Self:
        return super().encode(*args, **{name: _channel(name, meant) for name, meant in channels.items()})

    def __deepcopy__(self, _memo: object = None) -> Self:
        """Whenever layers come together altair copies each to its last undefined word, and changes only its top."""
        return self.copy(deep=False)


def _channel(name: str, meant: Any) -> Any:
    """What is meant by `x="score:Q"` or by a value or condition; anything else as it is."""
    kind = name[0].upper() + name[1:]
    if isinstance(meant, list):
        return [_channel(name, one) for one in meant]
    if isinstance(meant, str):
        return getattr(alt, kind)(meant)
    if isinstance(meant, dict) and "value" in meant:
        return getattr(alt, f"{kind}Value")(**meant)
    return meant


def data_of(rows: Rows) -> alt.Data:
    """Rows as the data of a chart: plain, so that altair checks no value by its schema and keeps equal rows once.

    A tuple, for altair copies lists whenever layers come together.
    """
    return cast("alt.Data", {"values": tuple(dict(row) for row in rows)})


def base(rows: Rows | None = None) -> alt.Chart:
    """A chart of these rows; without rows a layer that has those of the whole."""
    return _Chart() if rows is None else _Chart(data_of(rows))


def park_axis() -> alt.Y:
    """The parks below one another, in the order of the rows."""
    return alt.Y("park:N", sort=None, title=None)


def score_axis(field: str) -> alt.X:
    """Points from 0 to 100."""
    axis = alt.Axis(values=_AXIS_VALUES, title=None)
    return alt.X(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


def choice(code: str = "") -> alt.Parameter:
    """The parameter `chosen`, with the park that is chosen at first."""
    return alt.param(name=CHOSEN, value=code)


def band(rows: Rows, low: float = 0, high: float = 100) -> Layer:
    """A band behind every row: invisible but for the chosen park's, and the place to click."""
    chosen = alt.condition(f"datum.code === {CHOSEN}", alt.value(1), alt.value(0))
    bar = base(rows).mark_bar(color=theme().chosen, height=theme().row, cursor="pointer")
    return bar.encode(y=park_axis(), x=alt.XDatum(low), x2=alt.X2Datum(high), opacity=chosen)


def class_lines(view: View) -> Layer:
    """The borders between the classes as light lines, each class named above."""
    borders = view.assessment.parameters.method.class_borders
    edges = [0, *borders, 100]
    middles = [
        {"x": (low + high) / 2, "told": class_name(place, borders)}
        for place, (low, high) in enumerate(pairwise(edges), start=1)
    ]
    words = base(middles).mark_text(baseline="bottom", color=theme().quiet, fontStyle="italic")
    lines = base([{"x": border} for border in borders]).mark_rule(color=theme().border, strokeDash=[2, 3])
    return lines.encode(x="x:Q") + words.encode(x="x:Q", y=alt.value(-6), text="told:N")


def class_fill(place: int | None, classes: int) -> str:
    """The colour of a class, 1 the lowest; a park without a class has that of what is unknown."""
    look = theme()
    if place is None:
        return look.unknown
    steps = _SHADES.get(classes) or [round(1 + n * 5 / max(classes - 1, 1)) for n in range(classes)]
    return look.steps[steps[place - 1]]


def class_shades(borders: tuple[float, ...]) -> list[tuple[str, str]]:
    """Every class with its colour, the lowest first, and last that of a park without one."""
    size = len(borders) + 1
    named = [(class_name(place, borders), class_fill(place, size)) for place in range(1, size + 1)]
    return [*named, (class_name(None, borders), theme().unknown)]


def class_legend(shades: Iterable[tuple[str, str]], rows: Rows) -> alt.Color:
    """The colour of the class of each row, with a legend of the classes that occur."""
    used = {row["class"] for row in rows}
    found = [(name, fill) for name, fill in shades if name in used]
    scale = alt.Scale(domain=[name for name, _ in found], range=[fill for _, fill in found])
    look: dict[str, Any] = {"symbolSize": 160, "symbolStrokeColor": theme().ink, "symbolOpacity": 1}
    return alt.Color("class:N", scale=scale, legend=alt.Legend(title=None, orient="top", **look))


def ground(places: Places, x: alt.X, y: alt.Y) -> list[Layer]:
    """The municipalities pale behind their parks, each closed line on its own."""
    look = theme()
    corners = [
        {"line": number, "park": outline.park_id != "", "n": n, "x": int(cx), "y": int(cy)}
        for number, outline in enumerate(places.outlines)
        for n, (cx, cy) in enumerate(outline.corners)
    ]
    layers = []
    for park, fill, stroke in ((False, look.pale, look.border), (True, look.track, look.quiet)):
        own = [{key: value for key, value in one.items() if key != "park"} for one in corners if one["park"] is park]
        if own:
            line = base(own).mark_line(
                filled=True, fill=fill, stroke=stroke, strokeWidth=1, interpolate="linear-closed"
            )
            layers.append(line.encode(x=x, y=y, detail="line:N", order="n:Q"))
    return layers


def figure_of(
    chart: Layer,
    *,
    title: str,
    description: str,
    caption: str,
    table: Sequence[Sequence[str]],
    codes: Sequence[str] = (),
    chosen: str | None = None,
) -> Figure:
    """A finished spec: dressed by the theme, with its words and its figures inside.

    `table` holds the headings and then the rows as text; `codes` names, per row, the park that it is about. With
    `chosen` the chart follows the reader's choice, and stands at first for the park with that code.
    """
    spec: dict[str, Any] = chart.to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in spec["datasets"].items()}
    # Put in here, for altair would copy all rows of all layers for each.
    look = config()
    spec["config"] = {
        **spec.get("config", {}),
        **look,
        "view": {**spec.get("config", {}).get("view", {}), **look["view"]},
    }
    if chosen is not None:
        spec["params"] = [{"name": CHOSEN, "value": chosen}, *spec.get("params", [])]
    spec["description"] = description
    spec["usermeta"] = {
        "title": title,
        "caption": caption,
        "table": [list(row) for row in table],
        "codes": list(codes),
    }
    return Figure(spec)


def config() -> dict[str, Any]:
    """The theme as the configuration of a chart."""
    look = theme()
    text = {"labelFont": look.font, "titleFont": look.font, "labelColor": look.ink, "labelFontSize": 12}
    return {
        "font": look.font,
        "background": look.paper,
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
        "view": {"stroke": None},
        "locale": _LOCALE,
        "axis": {
            **text,
            "grid": True,
            "gridColor": look.grid,
            "domain": False,
            "ticks": False,
            "labelPadding": 8,
            "titleColor": look.quiet,
            "titleFontWeight": "normal",
            "titleFontSize": 12,
        },
        # Left to itself the first and last figure are moved inwards, away from the lines they belong to.
        "axisX": {"labelFlush": False},
        "axisY": {"grid": False, "labelLimit": look.label_limit},
        "header": {**text, "labelFontWeight": "bold", "labelFontSize": 13},
        "legend": {**text, "titleColor": look.quiet, "orient": "top", "title": None},
        "text": {"fontSize": 12},
    }
