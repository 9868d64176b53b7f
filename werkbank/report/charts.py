"""The charts of the scores: the parks from high to low, and the three scores behind each total."""

from __future__ import annotations

from typing import Any

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report.blocks import Chapter, Text
from werkbank.report.charts_common import (
    Layer,
    Rows,
    band,
    base,
    class_lines,
    codes_of,
    data_of,
    figure_of,
    park_axis,
    score_axis,
    shown,
    unchecked,
)
from werkbank.report.figure import Figure
from werkbank.report.terms import UNKNOWN, not_here
from werkbank.report.view import GroupScore, Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import count, listing

__all__ = ["bounds", "profiles", "ranking", "ranking_row"]


@unchecked()
def ranking(assessment: Assessment) -> Figure:
    """The parks from high to low: the score as a point, its bounds as a line, the class borders behind them.

    A park without a score has only its line, and says so.

    >>> assessment = wb.assess("urk")
    >>> wb.report.ranking(assessment).title
    'Rangorde van de terreinen in Urk (fictief)'
    """
    view = view_of(assessment)
    rows = [ranking_row(view, park) for park in view.parks]
    layers = (band(rows), class_lines(view), bounds(rows), _points(rows), _figures(rows))
    chart = alt.layer(*layers).properties(width=theme().width, height=alt.Step(theme().row))
    advised = listing(park.name for park in view.advised)
    return figure_of(
        chart,
        title=f"Rangorde van de terreinen in {assessment.municipality_name}",
        description=_description(view),
        caption=(
            "Elk terrein heeft een lijn: daarbinnen kan de score uitkomen als alles bekend is. "
            "De stip is de score van nu. "
            f"{f'De ruit is het advies ({advised}). ' if advised else ''}"
            "Overlappen twee lijnen, dan is de volgorde van die terreinen niet zeker."
        ),
        table=[
            ("Terrein", "Score", "Laagst mogelijk", "Hoogst mogelijk"),
            *(
                (park.name, shown(view, park.score), view.points(park.low), view.points(park.high))
                for park in view.parks
            ),
        ],
        codes=codes_of(view.parks),
        chosen="",
    )


@unchecked()
def profiles(assessment: Assessment) -> Figure | Chapter:
    """The three group scores of every park beside one another, in the order of the ranking.

    A sentence where the audience gets none, because another party's cells could be computed from them.

    >>> assessment = wb.assess("urk")
    >>> wb.report.profiles(assessment).title
    'De drie deelscores per terrein in Urk (fictief)'
    """
    view = view_of(assessment)
    if assessment.coarse:
        words = not_here("De deelscores")
        return Chapter("Deelscores", words, (Text(words),), name="note")
    rows = [_profile_row(view, park, group) for park in view.parks for group in park.groups]
    names = [family.score_name for family in view.catalogue.families]
    return figure_of(
        _profile_chart(rows, names),
        title=f"De drie deelscores per terrein in {assessment.municipality_name}",
        description=(
            f"Drie staafdiagrammen naast elkaar, {listing(name.lower() for name in names)}, van 0 tot 100, "
            f"voor {count(len(view.parks), 'terrein', 'terreinen')}. De cijfers staan in de tabel eronder."
        ),
        caption=(
            "De staaf is de deelscore; de lijn erachter loopt van de laagste naar de hoogste waarde "
            "die nog mogelijk is. "
            f"Een {UNKNOWN} betekent dat te weinig bekend is voor een deelscore. "
            "Een tekort aan weerbaarheid is slechter naarmate het hoger is."
        ),
        table=[
            ("Terrein", *names),
            *((park.name, *(shown(view, group.score) for group in park.groups)) for park in view.parks),
        ],
        codes=codes_of(view.parks),
        chosen="",
    )


def _profile_chart(rows: Rows, names: list[str]) -> Layer:
    look = theme()
    # In a facet every layer has the data of the facet: the rows stand there once.
    chart, y = base(), park_axis()
    chosen = alt.condition("datum.code === chosen", alt.value(1), alt.value(0))
    behind = chart.mark_bar(color=look.chosen, height=look.row - 2, cursor="pointer").encode(
        y=y, x=alt.XDatum(0), x2=alt.X2Datum(100), opacity=chosen
    )
    bar = chart.mark_bar(height=look.row * 0.5, color=look.main).encode(y=y, x=score_axis("score:Q"))
    reach = chart.mark_rule(strokeWidth=2, color=look.reach).encode(y=y, x=score_axis("low:Q"), x2="high:Q")
    told = chart.mark_text(align="right", color=look.ink).encode(y=y, x=alt.value(look.panel + 34), text="told:N")
    return (
        alt.layer(behind, reach, bar, told, data=data_of(rows))
        .properties(width=look.panel, height=alt.Step(look.row - 2))
        .facet(column=alt.Column("group:N", sort=names, title=None))
    )


def ranking_row(view: View, park: Park) -> dict[str, Any]:
    """What a chart knows of one park: its name and code, its score with bounds, and how they are printed."""
    told = "geen score" if park.score is None else view.points(park.score)
    return {
        "park": view.label(park),
        "code": park.park_id,
        "score": park.score,
        "low": park.low,
        "high": park.high,
        "told": told,
        "kind": "advies" if park in view.advised else "score",
    }


def _profile_row(view: View, park: Park, group: GroupScore) -> dict[str, Any]:
    return {
        "park": view.label(park),
        "code": park.park_id,
        "group": group.name,
        "score": group.score,
        "low": group.low,
        "high": group.high,
        "told": shown(view, group.score),
    }


def bounds(rows: Rows) -> Layer:
    """Per park a line between the bounds of its score, dashed where there is no score."""
    dashed = alt.condition("datum.score == null", alt.value([4, 3]), alt.value([1, 0]))
    line = base(rows).mark_rule(strokeWidth=4, color=theme().reach, strokeCap="butt")
    return line.encode(y=park_axis(), x=score_axis("low:Q"), x2="high:Q", strokeDash=dashed)


def _points(rows: Rows) -> Layer:
    advised = "datum.kind == 'advies'"
    known = base([row for row in rows if row["score"] is not None])
    return known.mark_point(filled=True, opacity=1, cursor="pointer").encode(
        y=park_axis(),
        x=score_axis("score:Q"),
        shape=alt.condition(advised, alt.value("diamond"), alt.value("circle")),
        color=alt.condition(advised, alt.value(theme().accent), alt.value(theme().main)),
        size=alt.condition(advised, alt.value(190), alt.value(110)),
    )


def _figures(rows: Rows) -> Layer:
    """Each park's score in a column of its own, to the right of the lines."""
    words = base(rows).mark_text(align="left", color=theme().ink)
    return words.encode(y=park_axis(), x=alt.value(theme().width + 12), text="told:N")


def _description(view: View) -> str:
    scored = [park for park in view.parks if park.score is not None]
    size = count(len(view.parks), "terrein", "terreinen")
    without = len(view.parks) - len(scored)
    told = [
        f"Puntendiagram van de risicoscores van {size}, van 0 tot 100, met de grenzen waartussen ze kunnen uitkomen."
    ]
    if scored:
        told.append(f"Het hoogst staat {scored[0].name} met {view.points(scored[0].score)}.")
    if len(scored) > 1:
        told.append(f"Het laagst staat {scored[-1].name} met {view.points(scored[-1].score)}.")
    if without:
        told.append(f"{count(without, 'terrein heeft', 'terreinen hebben')} geen score.")
    return " ".join(told)
