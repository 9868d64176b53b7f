"""The charts of a report; the only module that imports altair.

A chart's data hold codes' names and numbers, picked column by column; no free text gets in.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import altair as alt

from werkbank.assessment import Assessment
from werkbank.report.figure import Figure
from werkbank.report.section import Section, make
from werkbank.report.terms import UNKNOWN, class_name, not_here
from werkbank.report.theme import theme
from werkbank.report.view import GroupScore, Park, View, view_of
from werkbank.wording import count, listing

__all__ = ["profiles", "ranking"]

# nl-NL: a comma before the decimals, a point between thousands.
_LOCALE = {"decimal": ",", "thousands": ".", "grouping": [3], "currency": ["€\u00a0", ""]}
_AXIS_VALUES = [0, 20, 40, 60, 80, 100]
_Layer = Any
"""A chart, a layer or a facet: altair's own methods do not say which."""


def ranking(assessment: Assessment) -> Figure:
    """The parks from high to low: the score as a point, its bounds as a line, the class borders behind them.

    A park without a score has only its line, and says so.
    """
    view = view_of(assessment)
    rows = [_ranking_row(view, park) for park in view.parks]
    chart = (_borders(view) + _reach(rows) + _points(rows) + _figures(rows)).properties(
        width=theme().width, height=alt.Step(theme().row)
    )
    advised = listing(park.name for park in view.advised)
    return _figure(
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
                (park.name, _shown(view, park.score), view.points(park.low), view.points(park.high))
                for park in view.parks
            ),
        ],
    )


def profiles(assessment: Assessment) -> Figure | Section:
    """The three group scores of every park beside one another, in the order of the ranking.

    A sentence where the audience gets none, because another party's cells could be computed from them.
    """
    view = view_of(assessment)
    if assessment.withheld:
        words = not_here("De deelscores")
        return make("note", "Deelscores", words, words=words)
    rows = [_profile_row(view, park, group) for park in view.parks for group in park.groups]
    names = [family.score_name for family in view.catalogue.families]
    base = alt.Chart(alt.Data(values=rows))
    y = alt.Y("park:N", sort=None, title=None)
    bar = base.mark_bar(height=theme().row * 0.5, color=theme().main).encode(y=y, x=_score_axis("score:Q"))
    reach = base.mark_rule(strokeWidth=2, color=theme().reach).encode(y=y, x=_score_axis("low:Q"), x2="high:Q")
    told = base.mark_text(align="right", color=theme().ink).encode(y=y, x=alt.value(theme().panel + 34), text="told:N")
    chart = (
        alt.layer(reach, bar, told)
        .properties(width=theme().panel, height=alt.Step(theme().row - 2))
        .facet(column=alt.Column("group:N", sort=names, title=None))
    )
    return _figure(
        chart,
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
            *((park.name, *(_shown(view, group.score) for group in park.groups)) for park in view.parks),
        ],
    )


def _label(view: View, park: Park) -> str:
    """A park's name on the axis; two parks of one name are told apart by their codes."""
    same = sum(1 for other in view.parks if other.name == park.name)
    return park.name if same == 1 else f"{park.name} ({park.park_id})"


def _ranking_row(view: View, park: Park) -> dict[str, Any]:
    shown = "geen score" if park.score is None else view.points(park.score)
    kind = "advies" if park in view.advised else "score"
    return {
        "park": _label(view, park),
        "score": park.score,
        "low": park.low,
        "high": park.high,
        "told": shown,
        "kind": kind,
    }


def _profile_row(view: View, park: Park, group: GroupScore) -> dict[str, Any]:
    return {
        "park": _label(view, park),
        "group": group.name,
        "score": group.score,
        "low": group.low,
        "high": group.high,
        "told": _shown(view, group.score),
    }


def _shown(view: View, score: float | None) -> str:
    return UNKNOWN if score is None else view.points(score)


def _score_axis(field: str) -> alt.X:
    axis = alt.Axis(values=_AXIS_VALUES, title=None)
    return alt.X(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


def _rows(rows: list[dict[str, Any]]) -> tuple[alt.Chart, alt.Y]:
    return alt.Chart(alt.Data(values=rows)), alt.Y("park:N", sort=None, title=None)


def _reach(rows: list[dict[str, Any]]) -> _Layer:
    base, y = _rows(rows)
    dashed = alt.condition("datum.score == null", alt.value([4, 3]), alt.value([1, 0]))
    line = base.mark_rule(strokeWidth=4, color=theme().reach, strokeCap="butt")
    return line.encode(y=y, x=_score_axis("low:Q"), x2="high:Q", strokeDash=dashed)


def _points(rows: list[dict[str, Any]]) -> _Layer:
    base, y = _rows([row for row in rows if row["score"] is not None])
    advised = "datum.kind == 'advies'"
    return base.mark_point(filled=True, opacity=1).encode(
        y=y,
        x=_score_axis("score:Q"),
        shape=alt.condition(advised, alt.value("diamond"), alt.value("circle")),
        color=alt.condition(advised, alt.value(theme().accent), alt.value(theme().main)),
        size=alt.condition(advised, alt.value(190), alt.value(110)),
    )


def _figures(rows: list[dict[str, Any]]) -> _Layer:
    """Each park's score in a column of its own, to the right of the lines."""
    base, y = _rows(rows)
    return base.mark_text(align="left", color=theme().ink).encode(y=y, x=alt.value(theme().width + 12), text="told:N")


def _borders(view: View) -> _Layer:
    """The borders between the classes as light lines, each class named above."""
    borders = view.assessment.parameters.method.class_borders
    edges = [0, *borders, 100]
    middles = [
        {"x": (low + high) / 2, "told": class_name(place, borders)}
        for place, (low, high) in enumerate(pairwise(edges), start=1)
    ]
    lines = alt.Chart(alt.Data(values=[{"x": border} for border in borders]))
    words = alt.Chart(alt.Data(values=middles)).mark_text(baseline="bottom", color=theme().quiet, fontStyle="italic")
    return lines.mark_rule(color=theme().border, strokeDash=[2, 3]).encode(x="x:Q") + words.encode(
        x="x:Q", y=alt.value(-6), text="told:N"
    )


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


def _figure(
    chart: _Layer,
    *,
    title: str,
    description: str,
    caption: str,
    table: list[tuple[str, ...]],
) -> Figure:
    """A finished spec: dressed by the theme, with its words and its figures inside."""
    spec: dict[str, Any] = chart.configure(**_config()).to_dict(validate=False)
    spec["description"] = description
    spec["usermeta"] = {"title": title, "caption": caption, "table": [list(row) for row in table]}
    return Figure(spec)


def _config() -> dict[str, Any]:
    look = theme()
    text = {"labelFont": look.font, "titleFont": look.font, "labelColor": look.ink, "labelFontSize": 12}
    return {
        "font": look.font,
        "background": "white",
        "padding": {"left": 4, "right": 12, "top": 8, "bottom": 4},
        "view": {"stroke": None},
        "locale": {"number": _LOCALE},
        "axis": {**text, "grid": True, "gridColor": look.grid, "domain": False, "ticks": False, "labelPadding": 8},
        # Left to itself the first and last figure are moved inwards, away from the lines they belong to.
        "axisX": {"labelFlush": False},
        "axisY": {"grid": False, "labelLimit": look.label_limit},
        "header": {**text, "labelFontWeight": "bold", "labelFontSize": 13},
        "text": {"fontSize": 12},
    }
