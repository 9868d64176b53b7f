"""What every chart shares, and the charts of a municipality: its parks from high to low, how firm their places are.

Shared are the look, the axes and marks that recur, the park that the reader chose, and how a Figure is finished. A
chart's data hold codes' names and numbers, picked column by column; no free text gets in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import _GeneratorContextManager
from itertools import pairwise
from typing import Any, Self, cast

import altair as alt
from altair.utils.schemapi import debug_mode

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, Text, nothing
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import Figure
from werkbank.report.terms import ACTION, class_name, headings, not_here, share_text, spec, to_do, words
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, count, listing, number, percent

CHOSEN = "chosen"
"""The parameter with the code of the park that the reader has chosen; a page sets it in all its charts."""
NAMED = f"datum.advised || datum.code === {CHOSEN}"
"""Whose names are shown: those of the advised and of the chosen park; all of them would cover one another."""
ROOM = "room"
"""The parameter with how wide a chart may be, in pixels, its words included; a page that fits its charts sets it.

What gives way on a narrow screen goes by this: how wide the marks are is known only once all is laid out.
"""
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


def narrow(yes: str, no: str) -> Any:
    """One expression where a chart has less room than its words need beside one another, else the other."""
    return {"expr": f"{ROOM} < 560 ? {yes} : {no}"}


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
    """The borders between the classes as light lines, each class named above; on two lines where room is short."""
    borders = view.assessment.parameters.method.class_borders
    middles = [
        {"x": (low + high) / 2, "told": class_name(place, borders), "up": 0 if place % 2 else 14}
        for place, (low, high) in enumerate(pairwise([0, *borders, 100]), start=1)
    ]
    words = base(middles).mark_text(baseline="bottom", color=theme().quiet, fontStyle="italic")
    lines = base([{"x": border} for border in borders]).mark_rule(color=theme().border, strokeDash=[2, 3])
    return lines.encode(x="x:Q") + words.encode(x="x:Q", y=alt.value(narrow("-6 - datum.up", "-6")), text="told:N")


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
    table = [list(headings(spec(f"charts.{name}.columns"), values)), *map(list, rows)]
    made: Row = chart.to_dict(validate=False)
    made["datasets"] = {name: list(rows) for name, rows in made["datasets"].items()}
    # Put in here, for altair would copy all rows of all layers for each.
    own, look = made.get("config", {}), config()
    made["config"] = {**own, **look, "view": {**own.get("view", {}), **look["view"]}}
    follows = [] if first is None else [{"name": CHOSEN, "value": first}]
    made["params"] = [{"name": ROOM, "value": theme().width}, *follows, *made.get("params", [])]
    made["description"] = told.pop("description")
    made["usermeta"] = {**told, "table": table, "codes": list(codes)}
    return Figure(made)


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
        "axisX": {"labelFlush": False, "labelSeparation": 4},
        "axisY": {"grid": False, "labelLimit": {"expr": f"min({look.label_limit}, 0.4 * {ROOM})"}},
        "header": {**text, "labelFontWeight": "bold", "labelFontSize": 13},
        "legend": {**text, "titleColor": look.quiet, "orient": "top", "title": None, "columns": narrow("2", "0")},
        "text": {"fontSize": 12},
    }


_PLACE = "plaats (1 is het hoogste risico)"
_SIGNS = {
    "advised": ("diamond", "accent"),
    "blind_spot": ("triangle-up", "main"),
    "follow": ("square", "reach"),
    "no_cause": ("circle", "reach"),
}


@unchecked()
def ranking(assessment: Assessment) -> Figure:
    """The parks from high to low: the score as a point, its bounds as a line, the class borders behind them.

    What of a score is estimated is a light bar before it; a score that is mostly estimated is a hollow point.

    >>> assessment = wb.assess("urk")
    >>> wb.report.ranking(assessment).title
    'Rangorde van de terreinen in Urk (fictief)'
    """
    view = view_of(assessment)
    rows = [_ranking_row(view, park) for park in view.parks]
    chart = _ranking_chart(view, rows)
    advised = listing(park.name for park in view.advised)
    # Who gets rounded scores gets neither their bounds nor what of them is estimated.
    within, beyond = ("" if view.assessment.coarse else words(f"charts.ranking.{one}") for one in ("within", "beyond"))
    return park_figure(
        "ranking",
        view,
        chart.properties(width=theme().width, height=alt.Step(theme().row)),
        lambda park: (view.shown(park.score), number(park.estimated, 1), view.points(park.low), view.points(park.high)),
        scores=_scores_told(view),
        advice=f"De ruit is het advies ({advised}). " if advised else "",
        within=within,
        beyond=beyond,
    )


def _kind(view: View, park: Park) -> str:
    return "advies" if park in view.advised else "score"


def _ranking_row(view: View, park: Park) -> Row:
    """What the ranking knows of one park: its score with bounds, as numbers and as printed."""
    told = view.shown(park.score, "geen score")
    figures = {"score": park.score, "low": park.low, "high": park.high, "known": _without_estimate(park)}
    return park_row(view, park, **figures, told=told, kind=_kind(view, park), hollow=bool(park.mostly_estimated))


def _without_estimate(park: Park) -> float | None:
    """The part of a score that rests on what is filled in."""
    return None if park.score is None else park.score - (park.estimated or 0.0)


def _ranking_chart(view: View, rows: Rows) -> Layer:
    """Per park a line between the bounds of its score where the reader gets them, what of it is estimated, and it."""
    scored, y = [row for row in rows if row["score"] is not None], park_axis()
    bounded = [row for row in rows if row["low"] is not None]
    line = base(bounded).mark_rule(strokeWidth=4, color=theme().reach, strokeCap="butt")
    bounds = line.encode(y=y, x=score_axis("low:Q"), x2="high:Q")
    estimated = base(scored).mark_rule(strokeWidth=9, color=theme().loud, strokeCap="butt", aria=False)
    part = estimated.encode(y=y, x=score_axis("known:Q"), x2="score:Q")
    marks = signs(scored, score_axis("score:Q"))
    lines = (bounds, part) if bounded else ()
    return alt.layer(band(rows), class_lines(view), *lines, marks, words_beside(base(rows)))


def _scores_told(view: View) -> str:
    """The highest and the lowest score, and how many parks have none."""
    scored = [park for park in view.parks if park.score is not None]
    without = len(view.parks) - len(scored)
    ends = zip(("hoogst", "laagst"), dict.fromkeys((*scored[:1], *scored[-1:])), strict=False)
    told = [f" Het {end} staat {park.name} met {view.points(park.score)}." for end, park in ends]
    if without:
        told.append(f" {count(without, 'terrein heeft', 'terreinen hebben')} geen score.")
    return "".join(told)


@unchecked()
def profiles(assessment: Assessment) -> Figure | Chapter:
    """The group scores of every park beside one another, in the order of the ranking.

    A sentence where the audience gets none, because another party's cells could be computed from them.

    >>> assessment = wb.assess("urk")
    >>> wb.report.profiles(assessment).title
    'De deelscores per terrein in Urk (fictief)'
    """
    view = view_of(assessment)
    if not view.grouped:
        words = not_here("De deelscores")
        return Chapter("Deelscores", words, (Text(words),), name="note")
    rows = [
        park_row(view, park, group=one.name, score=one.score, low=one.low, high=one.high, told=view.shown(one.score))
        for park in view.parks
        for one in park.groups
    ]
    names = [family.score_name for family in view.catalogue.families]
    return park_figure(
        "profiles",
        view,
        _profile_chart(rows, names),
        lambda park: [view.shown(group.score) for group in park.groups],
        names=listing(name.lower() for name in names),
        groups=names,
    )


def _profile_chart(rows: Rows, names: list[str]) -> Layer:
    look = theme()
    # In a facet every layer has the data of the facet: the rows stand there once.
    chart, y = base(), park_axis()
    bar = chart.mark_bar(height=look.row * 0.5, color=look.main).encode(y=y, x=score_axis("score:Q"))
    reach = chart.mark_rule(strokeWidth=2, color=look.reach).encode(y=y, x=score_axis("low:Q"), x2="high:Q")
    told = chart.mark_text(align="right", color=look.ink).encode(y=y, x=alt.value(look.panel + 34), text="told:N")
    return (
        alt.layer(band(None, height=look.row - 2), reach, bar, told, data=data_of(rows))
        .properties(width=look.panel, height=alt.Step(look.row - 2))
        .facet(column=alt.Column("group:N", sort=names, title=None))
    )


@unchecked()
def quadrant(assessment: Assessment) -> Figure | Chapter:
    """Every park by how much all parties know of it and by its score, with the bounds of the score as a line.

    The sign says what there is to do; it is hollow where the score is mostly estimated, and a light bar below it is
    what of the score is estimated. A sentence where the audience may not know what others know.

    >>> assessment = wb.assess("urk")
    >>> wb.report.quadrant(assessment).title
    'Risico en kennis naast elkaar, Urk (fictief)'
    """
    view = view_of(assessment)
    if assessment.coarse:
        words = not_here("Wat alle partijen samen weten, en wat er te doen is,")
        return Chapter("Risico en kennis", words, (Text(words),), name="note")
    return _by_knowledge([view], assessment.municipality_name)


@unchecked()
def district_quadrant(district: DistrictAnalysis) -> Figure:
    """The same of every park of a district that may be compared, for who sees what all parties know."""
    return _by_knowledge(district.compared, district.name)


def _by_knowledge(views: Sequence[View], where: str) -> Figure:
    every = [(view, park) for view in views for park in view.parks]
    found = Counter(park.action for _, park in every)
    counted = (f"{capital(word)}: {found[code]}." for code, word in ACTION.items() if found[code])
    return figure_of(
        "quadrant",
        # The names of six advised parks would cover one another: of several municipalities only the chosen park's.
        _quadrant_chart([_quadrant_row(view, park, named=len(views) == 1) for view, park in every]),
        [(park.name, *_quadrant_figures(view, park)) for view, park in every],
        [park.park_id for _, park in every],
        where=where,
        parks=count(len(every), "terrein", "terreinen"),
        counted=" ".join(counted),
    )


def _quadrant_figures(view: View, park: Park) -> tuple[str, ...]:
    shares = (percent(park.coverage), percent(park.two_sided))
    figures = (view.shown(park.score), number(park.estimated, 1), view.points(park.low), view.points(park.high))
    return *shares, *figures, to_do(park)


def _quadrant_row(view: View, park: Park, *, named: bool) -> Row:
    known, told, sign = park.two_sided or 0.0, view.shown(park.score, "geen score"), to_do(park)
    figures = {"known": round(known * 100, 1), "score": park.score, "low": park.low, "high": park.high}
    tip = f"{view.label(park)}: {told}, {percent(known)} bij alle partijen bekend, {sign}"
    kind = {"sign": sign, "advised": named and park in view.advised, "filled": 0 if park.mostly_estimated else 1}
    return park_row(view, park, **figures, **kind, base=_without_estimate(park), tip=tip)


def _quadrant_chart(rows: Rows) -> Layer:
    look = theme()
    known = alt.Axis(title="bekend bij alle partijen", labelExpr="datum.value + '%'", tickCount=5)
    x = alt.X("known:Q", scale=alt.Scale(domain=[0, 100]), axis=known)
    place: Row = {"x": x, "y": _risk_axis(), "tooltip": "tip:N"}
    reach = base(rows).mark_rule(color=look.reach, cursor="pointer")
    estimated = base(rows).mark_rule(color=look.loud, strokeWidth=7, strokeCap="butt", aria=False)
    used = {word: _SIGNS[code] for code, word in ACTION.items() if any(row["sign"] == word for row in rows)}
    shapes = alt.Scale(domain=list(used), range=[shape for shape, _ in used.values()])
    legend: Row = {"symbolSize": 120, "symbolOpacity": 1}
    fills = {word: getattr(look, fill) for word, (_, fill) in used.items()}
    colours = alt.Scale(domain=list(fills), range=list(fills.values()))
    marks = base(rows).mark_point(filled=True, opacity=1, strokeWidth=2, cursor="pointer")
    # The names of the advised and of the chosen park; all of them would cover one another.
    side = {
        "align": narrow("datum.known > 50 ? 'right' : 'left'", "'left'"),
        "dx": narrow("datum.known > 50 ? -11 : 11", "11"),
        "limit": narrow("width / 2", "0"),
    }
    names = base(rows).mark_text(**side, fontWeight="bold", color=look.ink)
    return alt.layer(
        reach.encode(
            **{**place, "y": _risk_axis("low:Q")}, y2="high:Q", strokeWidth=chosen(4, 1.5), opacity=chosen(1, 0.55)
        ),
        estimated.encode(**{**place, "y": _risk_axis("base:Q")}, y2="score:Q"),
        marks.encode(
            **place,
            color=named_colours("sign:N", fills, **legend),
            stroke=alt.Stroke("sign:N", scale=colours, legend=None),
            shape=alt.Shape("sign:N", scale=shapes, legend=alt.Legend(title=None, orient="top", **legend)),
            fillOpacity=alt.FillOpacity("filled:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None),
            size=chosen(320, 120),
        ),
        names.encode(x=x, y=place["y"], text="park:N", opacity=when(NAMED, 1, 0)),
    ).properties(width=look.width, height=350)


def _risk_axis(field: str = "score:Q") -> alt.Y:
    axis = alt.Axis(title="risicoscore", tickCount=5, grid=True)
    return alt.Y(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


@unchecked()
def rank_intervals(assessment: Assessment) -> Figure | Chapter:
    """Per park the places it has in nine of ten recalculations as a line, its place now as a point.

    Nothing where nothing was recalculated, or where the audience may not know the outcome.

    >>> assessment = wb.assess("urk")
    >>> wb.report.rank_intervals(assessment).title
    'Op welke plaats een terrein uitkomt, Urk (fictief)'
    """
    view = view_of(assessment)
    parks = [park for park in view.parks if park.rank_low is not None and park.rank_high is not None]
    if not parks:
        return nothing("Plaats in de doorrekeningen")
    seats = len(assessment.advice.park_ids)
    return park_figure(
        "rank_intervals",
        view,
        _interval_chart([_interval_row(view, park) for park in parks], len(view.parks)),
        lambda park: (*map(number, (park.rank, park.rank_low, park.rank_high)), share_text(park.p_selected)),
        parks,
        often="Bovenaan" if seats <= 1 else "Bij de hoogste",
        what="bovenaan komt" if seats <= 1 else f"bij de hoogste {number(seats)} hoort",
    )


def _interval_row(view: View, park: Park) -> Row:
    ranks = {"rank": park.rank, "low": park.rank_low, "high": park.rank_high}
    return park_row(view, park, **ranks, told=share_text(park.p_selected), kind=_kind(view, park))


def _interval_chart(rows: Rows, size: int) -> Layer:
    look, data = theme(), base(rows)
    ticks = range(1, size + 1) if size <= 12 else (1, *range(5, size + 1, 5))
    axis = {"title": _PLACE, "values": list(ticks), "format": "d", "orient": "top"}
    # Half a place of room on both sides, so that a line of one place is seen.
    edges = (0.5, size + 0.5)
    reach = data.transform_calculate(start="datum.low - 0.3", end="datum.high + 0.3")
    line = reach.mark_rule(strokeWidth=6, color=look.reach)
    now = signs([row for row in rows if row["rank"] is not None], alt.X(**axis_of("rank:Q", edges, **axis)), 100)
    return alt.layer(
        band(rows, *edges),
        line.encode(y=park_axis(), x=alt.X(**axis_of("start:Q", edges, **axis)), x2="end:Q"),
        now,
        words_beside(data),
    ).properties(width=look.width, height=alt.Step(look.row))
