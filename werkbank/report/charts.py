"""The charts of a municipality: its parks from high to low, what is known of them, how firm their places are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report import charts_common as c
from werkbank.report.blocks import Chapter, Text, nothing
from werkbank.report.charts_common import Layer, Row, Rows
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import Figure
from werkbank.report.terms import ACTION, not_here, share_text, to_do
from werkbank.report.view import GroupScore, Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, count, listing, number, percent

_PLACE = "plaats (1 is het hoogste risico)"
_SIGNS = {
    "advised": ("diamond", "accent"),
    "blind_spot": ("triangle-up", "main"),
    "follow": ("square", "reach"),
    "no_cause": ("circle", "reach"),
}


@c.unchecked()
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
    return c.park_figure(
        "ranking",
        view,
        chart.properties(width=theme().width, height=alt.Step(theme().row)),
        lambda park: (view.shown(park.score), number(park.estimated, 1), view.points(park.low), view.points(park.high)),
        scores=_scores_told(view),
        advice=f"De ruit is het advies ({advised}). " if advised else "",
    )


def _kind(view: View, park: Park) -> str:
    return "advies" if park in view.advised else "score"


def _ranking_row(view: View, park: Park) -> Row:
    """What the ranking knows of one park: its score with bounds, as numbers and as printed."""
    told = view.shown(park.score, "geen score")
    figures = {"score": park.score, "low": park.low, "high": park.high, "known": _without_estimate(park)}
    return c.park_row(view, park, **figures, told=told, kind=_kind(view, park), hollow=bool(park.mostly_estimated))


def _without_estimate(park: Park) -> float | None:
    """The part of a score that rests on what is filled in."""
    return None if park.score is None else park.score - (park.estimated or 0.0)


def _ranking_chart(view: View, rows: Rows) -> Layer:
    """Per park a line between the bounds of its score where the reader gets them, what of it is estimated, and it."""
    scored, y = [row for row in rows if row["score"] is not None], c.park_axis()
    bounded = [row for row in rows if row["low"] is not None]
    line = c.base(bounded).mark_rule(strokeWidth=4, color=theme().reach, strokeCap="butt")
    bounds = line.encode(y=y, x=c.score_axis("low:Q"), x2="high:Q")
    estimated = c.base(scored).mark_rule(strokeWidth=9, color=theme().loud, strokeCap="butt", aria=False)
    part = estimated.encode(y=y, x=c.score_axis("known:Q"), x2="score:Q")
    marks = c.signs(scored, c.score_axis("score:Q"))
    lines = (bounds, part) if bounded else ()
    return alt.layer(c.band(rows), c.class_lines(view), *lines, marks, c.words_beside(c.base(rows)))


def _scores_told(view: View) -> str:
    """The highest and the lowest score, and how many parks have none."""
    scored = [park for park in view.parks if park.score is not None]
    without = len(view.parks) - len(scored)
    ends = zip(("hoogst", "laagst"), dict.fromkeys((*scored[:1], *scored[-1:])), strict=False)
    told = [f" Het {end} staat {park.name} met {view.points(park.score)}." for end, park in ends]
    if without:
        told.append(f" {count(without, 'terrein heeft', 'terreinen hebben')} geen score.")
    return "".join(told)


@c.unchecked()
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
    rows = [_profile_row(view, park, group) for park in view.parks for group in park.groups]
    names = [family.score_name for family in view.catalogue.families]
    return c.park_figure(
        "profiles",
        view,
        _profile_chart(rows, names),
        lambda park: [view.shown(group.score) for group in park.groups],
        names=listing(name.lower() for name in names),
        groups=names,
    )


def _profile_row(view: View, park: Park, group: GroupScore) -> Row:
    figures = {"score": group.score, "low": group.low, "high": group.high}
    return c.park_row(view, park, group=group.name, **figures, told=view.shown(group.score))


def _profile_chart(rows: Rows, names: list[str]) -> Layer:
    look = theme()
    # In a facet every layer has the data of the facet: the rows stand there once.
    chart, y = c.base(), c.park_axis()
    bar = chart.mark_bar(height=look.row * 0.5, color=look.main).encode(y=y, x=c.score_axis("score:Q"))
    reach = chart.mark_rule(strokeWidth=2, color=look.reach).encode(y=y, x=c.score_axis("low:Q"), x2="high:Q")
    told = chart.mark_text(align="right", color=look.ink).encode(y=y, x=alt.value(look.panel + 34), text="told:N")
    return (
        alt.layer(c.band(None, height=look.row - 2), reach, bar, told, data=c.data_of(rows))
        .properties(width=look.panel, height=alt.Step(look.row - 2))
        .facet(column=alt.Column("group:N", sort=names, title=None))
    )


@c.unchecked()
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


@c.unchecked()
def district_quadrant(district: DistrictAnalysis) -> Figure:
    """The same of every park of a district that may be compared, for who sees what all parties know."""
    return _by_knowledge(district.compared, district.name)


def _by_knowledge(views: Sequence[View], where: str) -> Figure:
    every = [(view, park) for view in views for park in view.parks]
    found = Counter(park.action for _, park in every)
    counted = (f"{capital(word)}: {found[code]}." for code, word in ACTION.items() if found[code])
    return c.figure_of(
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
    return c.park_row(view, park, **figures, **kind, base=_without_estimate(park), tip=tip)


def _quadrant_chart(rows: Rows) -> Layer:
    look = theme()
    place: Row = {"x": _known_axis(), "y": _risk_axis(), "tooltip": "tip:N"}
    reach = c.base(rows).mark_rule(color=look.reach, cursor="pointer")
    estimated = c.base(rows).mark_rule(color=look.loud, strokeWidth=7, strokeCap="butt", aria=False)
    used = {word: _SIGNS[code] for code, word in ACTION.items() if any(row["sign"] == word for row in rows)}
    shapes = alt.Scale(domain=list(used), range=[shape for shape, _ in used.values()])
    legend: Row = {"symbolSize": 120, "symbolOpacity": 1}
    colour = c.named_colours("sign:N", {word: getattr(look, fill) for word, (_, fill) in used.items()}, **legend)
    marks = c.base(rows).mark_point(filled=True, opacity=1, strokeWidth=2, cursor="pointer")
    # The names of the advised and of the chosen park; all of them would cover one another.
    names = c.base(rows).mark_text(align="left", dx=11, fontWeight="bold", color=look.ink)
    return alt.layer(
        reach.encode(
            **{**place, "y": _risk_axis("low:Q")}, y2="high:Q", strokeWidth=c.chosen(4, 1.5), opacity=c.chosen(1, 0.55)
        ),
        estimated.encode(**{**place, "y": _risk_axis("base:Q")}, y2="score:Q"),
        marks.encode(
            **place,
            color=colour,
            shape=alt.Shape("sign:N", scale=shapes, legend=alt.Legend(title=None, orient="top", **legend)),
            fillOpacity=alt.FillOpacity("filled:Q", scale=alt.Scale(domain=[0, 1], range=[0, 1]), legend=None),
            size=c.chosen(320, 120),
        ),
        names.encode(x=place["x"], y=place["y"], text="park:N", opacity=c.when(c.NAMED, 1, 0)),
    ).properties(width=look.width, height=350)


def _known_axis() -> alt.X:
    axis = alt.Axis(title="bekend bij alle partijen", labelExpr="datum.value + '%'", tickCount=5)
    return alt.X("known:Q", scale=alt.Scale(domain=[0, 100]), axis=axis)


def _risk_axis(field: str = "score:Q") -> alt.Y:
    axis = alt.Axis(title="risicoscore", tickCount=5, grid=True)
    return alt.Y(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


@c.unchecked()
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
    return c.park_figure(
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
    return c.park_row(view, park, **ranks, told=share_text(park.p_selected), kind=_kind(view, park))


def _interval_chart(rows: Rows, size: int) -> Layer:
    look, data = theme(), c.base(rows)
    ticks = range(1, size + 1) if size <= 12 else (1, *range(5, size + 1, 5))
    axis = {"title": _PLACE, "values": list(ticks), "format": "d", "orient": "top"}
    # Half a place of room on both sides, so that a line of one place is seen.
    edges = (0.5, size + 0.5)
    reach = data.transform_calculate(start="datum.low - 0.3", end="datum.high + 0.3")
    line = reach.mark_rule(strokeWidth=6, color=look.reach)
    now = c.signs([row for row in rows if row["rank"] is not None], alt.X(**c.axis_of("rank:Q", edges, **axis)), 100)
    return alt.layer(
        c.band(rows, *edges),
        line.encode(y=c.park_axis(), x=alt.X(**c.axis_of("start:Q", edges, **axis)), x2="end:Q"),
        now,
        c.words_beside(data),
    ).properties(width=look.width, height=alt.Step(look.row))
