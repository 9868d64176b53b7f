"""Risk beside knowledge: where each park stands, and therefore what there is to do."""

from __future__ import annotations

from typing import Any

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report.charts_common import Layer, Rows, base, codes_of, figure_of, shown, unchecked
from werkbank.report.figure import Figure
from werkbank.report.terms import QUADRANT
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import theme
from werkbank.wording import capital, count, percent

__all__ = ["quadrant"]

_SHAPES = {"act": "diamond", "find_out": "triangle-up", "follow": "square", "rest": "circle"}
_COLOURS = {"act": "accent", "find_out": "main", "follow": "reach", "rest": "reach"}
_HEIGHT = 350


@unchecked()
def quadrant(assessment: Assessment) -> Figure:
    """Every park by how much is known of it and by its score, with the bounds of the score as a line.

    The sign says what there is to do; a park without a score is a question mark half-way its bounds.

    >>> assessment = wb.assess("urk")
    >>> wb.report.quadrant(assessment).title
    'Risico en kennis naast elkaar, Urk (fictief)'
    """
    view = view_of(assessment)
    method = assessment.parameters.method
    rows = [_row(view, park) for park in view.parks]
    chart = _chart(rows, method.minimum_coverage * 100, method.high)
    return figure_of(
        chart,
        title=f"Risico en kennis naast elkaar, {assessment.municipality_name}",
        description=(
            f"Spreidingsdiagram van {count(len(rows), 'terrein', 'terreinen')}: naar rechts is meer bekend, naar boven "
            f"is de score hoger. {_told(view)} De cijfers staan in de tabel."
        ),
        caption=(
            "Rechts van de streep is genoeg bekend, boven de streep is de score hoog. Het lijntje laat zien tussen "
            "welke grenzen de score nog kan uitkomen. Links met een lang lijntje: daar is informatie halen het eerste "
            "werk, ook als de score nu laag is. Een lage score met weinig kennis is geen veilig terrein."
        ),
        table=[
            ("Terrein", "Bekend bij alle partijen", "Score", "Laagst mogelijk", "Hoogst mogelijk", "Wat te doen"),
            *(
                (
                    park.name,
                    percent(_known(park)),
                    shown(view, park.score),
                    view.points(park.low),
                    view.points(park.high),
                    QUADRANT[park.quadrant],
                )
                for park in view.parks
            ),
        ],
        codes=codes_of(view.parks),
        chosen="",
    )


def _known(park: Park) -> float:
    """What the quadrant looks at: the least of the two shares of what is known."""
    return min(park.coverage or 0.0, park.two_sided or 0.0)


def _told(view: View) -> str:
    counted = ((word, sum(1 for park in view.parks if park.quadrant == code)) for code, word in QUADRANT.items())
    return " ".join(f"{capital(word)}: {size}." for word, size in counted)


def _row(view: View, park: Park) -> dict[str, Any]:
    low, high = park.low or 0.0, 100.0 if park.high is None else park.high
    told = "geen score" if park.score is None else view.points(park.score)
    return {
        "park": view.label(park),
        "code": park.park_id,
        "known": round(_known(park) * 100, 1),
        "score": (low + high) / 2 if park.score is None else park.score,
        "low": low,
        "high": high,
        "sign": QUADRANT[park.quadrant],
        "scored": park.score is not None,
        "advised": park in view.advised,
        "tip": f"{view.label(park)}: {told}, {percent(_known(park))} bekend, {QUADRANT[park.quadrant]}",
    }


def _chart(rows: list[dict[str, Any]], enough: float, high: float) -> Layer:
    layers = (_lines(enough, high), _bounds(rows), _signs(rows), _questions(rows), _names(rows))
    return alt.layer(*layers).properties(width=theme().width, height=_HEIGHT)


def _x(field: str = "known:Q") -> alt.X:
    axis = alt.Axis(title="bekend bij alle partijen", labelExpr="datum.value + '%'", tickCount=5)
    return alt.X(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


def _y(field: str = "score:Q") -> alt.Y:
    axis = alt.Axis(title="risicoscore", tickCount=5, grid=True)
    return alt.Y(field, scale=alt.Scale(domain=[0, 100]), axis=axis)


def _lines(enough: float, high: float) -> Layer:
    look = theme()
    down = base([{"known": enough}]).mark_rule(color=look.quiet, strokeDash=[5, 3]).encode(x=_x())
    across = base([{"score": high}]).mark_rule(color=look.quiet, strokeDash=[5, 3]).encode(y=_y())
    words = base(
        [
            {"known": enough - 1, "score": 98, "told": "te weinig bekend", "side": "right"},
            {"known": enough + 1, "score": 98, "told": "genoeg bekend", "side": "left"},
        ]
    )
    told = [
        words.transform_filter(f"datum.side === '{side}'")
        .mark_text(align=side, color=look.quiet, fontStyle="italic")
        .encode(x=_x(), y=_y(), text="told:N")
        for side in ("left", "right")
    ]
    return alt.layer(down, across, *told)


def _chosen(yes: object, no: object) -> Any:
    return alt.condition("datum.code === chosen", alt.value(yes), alt.value(no))


def _bounds(rows: Rows) -> Layer:
    line = base(rows).mark_rule(color=theme().reach, cursor="pointer")
    return line.encode(
        x=_x(), y=_y("low:Q"), y2="high:Q", strokeWidth=_chosen(4, 1.5), opacity=_chosen(1, 0.55), tooltip="tip:N"
    )


def _signs(rows: Rows) -> Layer:
    look = theme()
    used = [code for code, word in QUADRANT.items() if any(row["sign"] == word for row in rows)]
    words = [QUADRANT[code] for code in used]
    legend = alt.Legend(title=None, orient="top", symbolSize=120, symbolOpacity=1)
    colours = [getattr(look, _COLOURS[code]) for code in used]
    shapes = [_SHAPES[code] for code in used]
    signs = base([row for row in rows if row["scored"]]).mark_point(
        filled=True, opacity=1, stroke=look.paper, strokeWidth=1, cursor="pointer"
    )
    return signs.encode(
        x=_x(),
        y=_y(),
        color=alt.Color("sign:N", scale=alt.Scale(domain=words, range=colours), legend=legend),
        shape=alt.Shape("sign:N", scale=alt.Scale(domain=words, range=shapes), legend=legend),
        size=_chosen(320, 120),
        tooltip="tip:N",
    )


def _questions(rows: Rows) -> Layer:
    unknown = base([row for row in rows if not row["scored"]])
    mark = unknown.mark_text(text="?", fontSize=18, fontWeight="bold", color=theme().ink, cursor="pointer")
    return mark.encode(x=_x(), y=_y(), tooltip="tip:N")


def _names(rows: Rows) -> Layer:
    """The names of the advised and of the chosen park; all of them would cover one another."""
    shown_names = alt.condition("datum.advised || datum.code === chosen", alt.value(1), alt.value(0))
    look = theme()
    names = base(rows).mark_text(align="left", dx=11, fontWeight="bold", color=look.ink)
    return names.encode(x=_x(), y=_y(), text="park:N", opacity=shown_names)
