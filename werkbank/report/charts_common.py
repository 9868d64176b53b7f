"""What every chart shares: the look, the axes and marks that recur, the park that the reader chose, a finished Figure.

A chart's data hold codes' names and numbers, picked column by column; no free text gets in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import _GeneratorContextManager
from itertools import pairwise
from typing import Any, Self, cast

import altair as alt
from altair.utils.schemapi import debug_mode

from werkbank.report.figure import Figure
from werkbank.report.terms import class_name
from werkbank.report.texts import headings, words
from werkbank.report.texts import spec as own_spec
from werkbank.report.view import Park, View
from werkbank.settings.theme import theme
from werkbank.wording import count

CHOSEN = "chosen"
"""The parameter with the code of the park that the reader has chosen; a page sets it in all its charts."""
NAMED = f"datum.advised || datum.code === {CHOSEN}"
"""Whose names are shown: those of the advised and of the chosen park; all of them would cover one another."""
Layer = Any
"""A chart, a layer or a facet: altair's own methods do not say which."""
Row = dict[str, Any]
Rows = Sequence[Mapping[str, Any]]
_LOCALE = {"number": {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""]}}


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


def base(rows: Rows | None = None) -> Layer:
    """A chart of these rows; without rows a layer that has those of the whole."""
    return _Chart() if rows is None else _Chart(data_of(rows))


def park_row(view: View, park: Park, **columns: Any) -> Row:
    """What a chart knows of a park: its name, its code, and these columns."""
    return {"park": view.label(park), "code": park.park_id, **columns}


def when(test: str, yes: object, no: object) -> Any:
    """One value where the test holds, else the other."""
    return alt.condition(test, alt.value(yes), alt.value(no))


def chosen(yes: object, no: object) -> Any:
    """One value for the park that the reader chose, another for the others."""
    return when(f"datum.code === {CHOSEN}", yes, no)


def axis_of(field: str, domain: Sequence[float], **axis: Any) -> dict[str, Any]:
    """The arguments of an axis of numbers that ends exactly where it is told to."""
    scale = alt.Scale(domain=list(domain), nice=False, zero=False)
    return {"shorthand": field, "scale": scale, "axis": alt.Axis(**axis) if axis else None}


def park_axis() -> alt.Y:
    """The parks below one another, in the order of the rows."""
    return alt.Y("park:N", sort=None, title=None)


def score_axis(field: str) -> alt.X:
    """Points from 0 to 100."""
    axis = alt.Axis(values=[0, 20, 40, 60, 80, 100], title=None)
    return alt.X(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


def named_colours(field: str, colours: Mapping[str, str], orient: str = "top", **look: Any) -> alt.Color:
    """A colour for each of these names, explained in a legend."""
    scale = alt.Scale(domain=list(colours), range=list(colours.values()))
    return alt.Color(field, scale=scale, legend=alt.Legend(title=None, orient=cast("Any", orient), **look))


def as_it_is(field: str) -> alt.Color:
    """The colour that each row itself names."""
    return alt.Color(field, scale=None, legend=None)


def band(rows: Rows | None, low: float = 0, high: float = 100, height: float | None = None) -> Layer:
    """A band behind every row: invisible but for the chosen park's, and the place to click."""
    bar = base(rows).mark_bar(color=theme().chosen, height=height or theme().row, cursor="pointer")
    return bar.encode(y=park_axis(), x=alt.XDatum(low), x2=alt.X2Datum(high), opacity=chosen(1, 0))


def signs(rows: Rows, x: alt.X, size: int = 110) -> Layer:
    """Each park on its place: a circle, and a diamond for the advice; hollow where it is mostly estimated."""
    advised, look = "datum.kind == 'advies'", theme()
    marks = base(rows).mark_point(opacity=1, cursor="pointer", strokeWidth=2)
    shape, colour = when(advised, "diamond", "circle"), when(advised, look.accent, look.main)
    painted = alt.when("datum.hollow").then(alt.value(look.paper)).when(advised).then(alt.value(look.accent))
    fill = painted.otherwise(alt.value(look.main))
    return marks.encode(y=park_axis(), x=x, shape=shape, stroke=colour, fill=fill, size=when(advised, 190, size))


def words_beside(rows: Layer) -> Layer:
    """What each row tells, in a column to the right of the marks."""
    mark = rows.mark_text(align="left", color=theme().ink)
    return mark.encode(y=park_axis(), x=alt.value(alt.expr("width + 12")), text="told:N")


def class_lines(view: View) -> Layer:
    """The borders between the classes as light lines, each class named above."""
    borders = view.assessment.parameters.method.class_borders
    middles = [
        {"x": (low + high) / 2, "told": class_name(place, borders)}
        for place, (low, high) in enumerate(pairwise([0, *borders, 100]), start=1)
    ]
    words = base(middles).mark_text(baseline="bottom", color=theme().quiet, fontStyle="italic")
    lines = base([{"x": border} for border in borders]).mark_rule(color=theme().border, strokeDash=[2, 3])
    return lines.encode(x="x:Q") + words.encode(x="x:Q", y=alt.value(-6), text="told:N")


def park_figure(
    name: str,
    view: View,
    chart: Layer,
    told: Callable[[Park], Sequence[str]],
    parks: Sequence[Park] = (),
    **values: Any,
) -> Figure:
    """A figure whose table has a row for each park, named in front; for all parks of the view or for these."""
    own = parks or view.parks
    rows, codes = [(park.name, *told(park)) for park in own], [park.park_id for park in own]
    where, size = view.assessment.municipality_name, count(len(own), "terrein", "terreinen")
    return figure_of(name, chart, rows, codes, where=where, parks=size, **values)


def figure_of(
    name: str,
    chart: Layer,
    rows: Sequence[Sequence[str]],
    codes: Sequence[str] = (),
    first: str | None = "",
    **values: Any,
) -> Figure:
    """A finished spec: dressed by the theme, with its words from texts.yaml and its figures inside.

    `values` are what the words are filled in with. `rows` are the table as text; `codes` names, per row, the park that
    it is about. The chart follows the reader's choice and stands at first for the park with the code `first`; with None
    it follows nothing.
    """
    told = {kind: words(f"charts.{name}.{kind}", **values) for kind in ("title", "caption", "description")}
    table = [list(headings(own_spec(f"charts.{name}.columns"), values)), *map(list, rows)]
    spec: Row = chart.to_dict(validate=False)
    spec["datasets"] = {name: list(rows) for name, rows in spec["datasets"].items()}
    # Put in here, for altair would copy all rows of all layers for each.
    own, look = spec.get("config", {}), config()
    spec["config"] = {**own, **look, "view": {**own.get("view", {}), **look["view"]}}
    if first is not None:
        spec["params"] = [{"name": CHOSEN, "value": first}, *spec.get("params", [])]
    spec["description"] = told.pop("description")
    spec["usermeta"] = {**told, "table": table, "codes": list(codes)}
    return Figure(spec)


def config() -> Row:
    """The theme as the configuration of a chart."""
    look = theme()
    text = {"labelFont": look.font, "titleFont": look.font, "labelColor": look.ink, "labelFontSize": 12}
    title = {"titleColor": look.quiet, "titleFontWeight": "normal", "titleFontSize": 12}
    lines = {"grid": True, "gridColor": look.grid, "domain": False, "ticks": False, "labelPadding": 8}
    return {
        "font": look.font,
        "background": look.paper,
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
        "view": {"stroke": None},
        "locale": _LOCALE,
        "axis": {**text, **title, **lines},
        # Left to itself the first and last figure are moved inwards, away from the lines they belong to.
        "axisX": {"labelFlush": False},
        "axisY": {"grid": False, "labelLimit": look.label_limit},
        "header": {**text, "labelFontWeight": "bold", "labelFontSize": 13},
        "legend": {**text, "titleColor": look.quiet, "orient": "top", "title": None},
        "text": {"fontSize": 12},
    }
