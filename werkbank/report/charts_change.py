"""The chart of two rounds: per park the parts of which its change of score consists."""

from __future__ import annotations

import math
from typing import Any

import altair as alt

from werkbank.advice.development import Development
from werkbank.advice.development_words import plain, signed, summary
from werkbank.report.charts_common import Layer, band, base, figure_of, unchecked
from werkbank.report.figure import Figure
from werkbank.report.monitor import ChangeRow, ChangeView, change_view
from werkbank.settings.theme import theme
from werkbank.wording import MINUS, capital, unbroken

__all__ = ["change_chart"]

_PARTS = {
    "judgement": "anders beoordeeld",
    "knowledge": "verschil in kennis",
    "method": "andere methode",
    "apart": "niet te splitsen",
}
# Three steps in lightness as well as in hue, so that they hold without colour vision and in grey print.
_COLOURS = {"judgement": "main", "knowledge": "accent", "method": "reach"}
_COLUMNS = (("change", "totaal"), ("judgement", "oordeel"), ("knowledge", "kennis"), ("method", "methode"))
_COLUMN = 62
_LEAST = 5


@unchecked()
def change_chart(development: Development) -> Figure:
    """Per park the three parts of its change, falling parts to the left and rising ones to the right of nought.

    A dot marks the change itself; a change that cannot be split is one hollow bar. The figures stand beside.

    >>> development = wb.compare_rounds("urk")
    >>> wb.report.change_chart(development).table[0][0]
    'Terrein'
    """
    view = change_view(development)
    rows = [row for row in view.rows if row.change.change is not None]
    pieces = [piece for row in rows for piece in _pieces(view, row)]
    reach = _reach(pieces, rows)
    behind = band([{"park": row.label, "code": row.park_id} for row in rows], -reach, reach)
    chart = alt.layer(behind, _bars(view, rows, pieces, reach), _totals(rows, reach), *_told(view, rows)).properties(
        width=_width(view), height=alt.Step(theme().row)
    )
    return figure_of(
        chart,
        title=(
            f"Verandering van de score per terrein in {development.municipality_name}, "
            f"van ronde {unbroken(development.old_round)} naar {unbroken(development.new_round)}"
        ),
        description=f"Staafdiagram met per terrein waaruit de verandering van de score bestaat. {summary(development)}",
        caption=_caption(view),
        table=[
            ("Terrein", *_rounds(development), *(capital(name) for name in _headings(view))),
            *((row.label, plain(row.shown.old), plain(row.shown.new), *_figures(view, row)) for row in rows),
        ],
        codes=[row.park_id for row in rows],
        chosen="",
    )


def _rounds(development: Development) -> tuple[str, str]:
    return unbroken(development.old_round), unbroken(development.new_round)


def _caption(view: ChangeView) -> str:
    method = "" if view.development.old_method_kept else " Beide rondes zijn met de methode van nu gerekend."
    return (
        "Rechts van de nul gaat de score omhoog, links omlaag. Elke kleur is een deel van de verandering; "
        "het witte rondje is de verandering zelf. Een open staaf is niet te splitsen: te weinig oordelen zijn in beide "
        f"rondes bekend.{method} Anders beoordeeld is iets anders dan veranderd."
    )


def _parts(view: ChangeView) -> tuple[str, ...]:
    """The parts that say something."""
    return ("judgement", "knowledge", "method") if view.development.method_tells else ("judgement", "knowledge")


def _headings(view: ChangeView) -> list[str]:
    return ["verandering", *(_PARTS[part] for part in _parts(view))]


def _figures(view: ChangeView, row: ChangeRow) -> list[str]:
    return [signed(getattr(row.shown, name)) for name in ("change", *_parts(view))]


def _pieces(view: ChangeView, row: ChangeRow) -> list[dict[str, Any]]:
    """The parts laid end to end from nought, rising and falling ones apart; zero leaves no piece."""
    change = row.change
    if not change.splittable:
        return [_piece(row, "apart", 0.0, change.change or 0.0)]
    ends = {True: 0.0, False: 0.0}
    pieces = []
    for part in _parts(view):
        size: float = getattr(change, part) or 0.0
        if size:
            start = ends[size > 0]
            ends[size > 0] = start + size
            pieces.append(_piece(row, part, start, start + size))
    return pieces


def _piece(row: ChangeRow, part: str, start: float, end: float) -> dict[str, Any]:
    return {
        "park": row.label,
        "code": row.park_id,
        "part": _PARTS[part],
        "start": round(start, 6),
        "end": round(end, 6),
    }


def _reach(pieces: list[dict[str, Any]], rows: list[ChangeRow]) -> float:
    """How far the axis goes to either side: to the next five beyond the longest bar."""
    ends = [abs(piece["end"]) for piece in pieces] + [abs(row.change.change or 0.0) for row in rows]
    return max(_LEAST, 5 * math.ceil(max(ends, default=0.0) / 5))


def _width(view: ChangeView) -> int:
    """The bars leave room for the columns of figures beside them."""
    return int(theme().width - _COLUMN * (1 + len(_parts(view))))


def _axis(field: str, reach: float) -> alt.X:
    # The same signs as in the figures beside it, and none before nought.
    below = f"datum.value < 0 ? '{MINUS}' + -datum.value : '0'"
    axis = alt.Axis(title=None, tickCount=8, labelExpr=f"datum.value > 0 ? '+' + datum.value : {below}")
    return alt.X(field, scale=alt.Scale(domain=[-reach, reach], nice=False), axis=axis)


def _y(rows: list[ChangeRow]) -> alt.Y:
    return alt.Y("park:N", sort=None, title=None, scale=alt.Scale(domain=[row.label for row in rows]))


def _bars(view: ChangeView, rows: list[ChangeRow], pieces: list[dict[str, Any]], reach: float) -> Layer:
    look = theme()
    shown = [part for part in (*_parts(view), "apart") if any(piece["part"] == _PARTS[part] for piece in pieces)]
    colours = [getattr(look, _COLOURS[part]) if part in _COLOURS else "white" for part in shown]
    scale = alt.Scale(domain=[_PARTS[part] for part in shown], range=colours)
    legend = alt.Legend(title=None, orient="top", symbolType="square", symbolStrokeColor=look.quiet)
    return (
        base(pieces)
        .mark_bar(height=look.row * 0.58)
        .encode(
            y=_y(rows),
            x=_axis("start:Q", reach),
            x2="end:Q",
            color=alt.Color("part:N", scale=scale, legend=legend),
            stroke=alt.condition(f"datum.part == '{_PARTS['apart']}'", alt.value(look.quiet), alt.value("white")),
            strokeWidth=alt.value(1),
        )
    )


def _totals(rows: list[ChangeRow], reach: float) -> Layer:
    """Nought as a line down, each park's change as a white dot on its bars."""
    look = theme()
    dots = [{"park": row.label, "code": row.park_id, "change": row.change.change} for row in rows]
    nought = base([{"x": 0}]).mark_rule(color=look.quiet).encode(x=_axis("x:Q", reach))
    dot = base(dots).mark_point(shape="circle", size=70, fill="white", stroke=look.ink, strokeWidth=2, opacity=1)
    return alt.layer(nought, dot.encode(y=_y(rows), x=_axis("change:Q", reach)))


def _told(view: ChangeView, rows: list[ChangeRow]) -> list[Layer]:
    """The figures in columns of their own to the right of the bars, each with its heading."""
    names = [(name, heading) for name, heading in _COLUMNS if name == "change" or name in _parts(view)]
    return [
        layer
        for place, (name, heading) in enumerate(names, start=1)
        for layer in _column(view, rows, place, name, heading)
    ]


def _column(view: ChangeView, rows: list[ChangeRow], place: int, name: str, heading: str) -> list[Layer]:
    look = theme()
    x = alt.value(_width(view) + place * _COLUMN)
    told = [{"park": row.label, "told": signed(getattr(row.shown, name))} for row in rows]
    head = base([{"told": heading}]).mark_text(align="right", baseline="bottom", color=look.quiet)
    figures = base(told).mark_text(align="right", color=look.ink, fontWeight="bold" if name == "change" else "normal")
    return [head.encode(x=x, y=alt.value(-6), text="told:N"), figures.encode(x=x, y=_y(rows), text="told:N")]
