"""Where the parks lie and how they score: the user's own map, and without one a tile for each park."""

from __future__ import annotations

from typing import Any

import altair as alt

from werkbank.assessment.assessment import Assessment
from werkbank.report.charts_common import (
    Layer,
    Rows,
    base,
    class_fill,
    class_legend,
    class_shades,
    codes_of,
    figure_of,
    ground,
    unchecked,
)
from werkbank.report.charts_map import Places, places_of
from werkbank.report.figure import Figure
from werkbank.report.terms import class_name
from werkbank.report.view import Park, View, view_of
from werkbank.settings.theme import on, theme
from werkbank.wording import count

__all__ = ["park_map"]

_TALLEST = 430
_ACROSS = 5
_TILE = 66


@unchecked()
def park_map(assessment: Assessment) -> Figure:
    """The parks on the map of the municipality, numbered by rank; tiles in the order of the ranking without a map.

    >>> assessment = wb.assess("urk")
    >>> wb.report.park_map(assessment).title
    'De terreinen in Urk (fictief)'
    """
    view = view_of(assessment)
    places = places_of(assessment)
    rows = [_row(view, park) for park in view.parks]
    classes = class_shades(view.assessment.parameters.method.class_borders)
    if places is None:
        chart, caption = _tiles(rows), _TILES
    else:
        chart, caption = _map(rows, classes, places), _MAP
    return figure_of(
        chart,
        title=f"De terreinen in {assessment.municipality_name}",
        description=(
            f"{'Tegels' if places is None else 'Kaart'} van {count(len(rows), 'terrein', 'terreinen')}, elk met zijn "
            "plaats in de rangorde; donkerder is een hogere klasse. De cijfers staan in de tabel."
        ),
        caption=caption,
        table=[
            ("Terrein", "Plaats", "Score", "Klasse"),
            *((park.name, row["rank"], row["told"], row["class"]) for park, row in zip(view.parks, rows, strict=True)),
        ],
        codes=codes_of(view.parks),
        chosen="",
    )


_MAP = (
    "Het cijfer is de plaats in de rangorde: 1 is de hoogste score. Hoe donkerder, hoe hoger de klasse; een ? heeft "
    "geen score. Liggen terreinen met een hoge score bij elkaar, dan is dat iets om samen te bekijken. "
    "Het is geen bewijs dat ze iets met elkaar te maken hebben."
)
_TILES = (
    "Elk vak is een terrein, van hoge naar lage score; er is geen kaart in de gegevensmap. "
    "Hoe donkerder, hoe hoger de klasse; een ? heeft geen score. "
    "De plek van een vak zegt niets over waar het terrein ligt."
)


def _row(view: View, park: Park) -> dict[str, Any]:
    borders = view.assessment.parameters.method.class_borders
    fill = class_fill(park.place, len(borders) + 1)
    told = "geen score" if park.score is None else view.points(park.score)
    name = class_name(park.place, borders)
    return {
        "park": view.label(park),
        "code": park.park_id,
        "rank": "?" if park.rank is None else str(park.rank),
        "told": told,
        "class": name,
        "fill": fill,
        "ink": on(fill),
        "advised": park in view.advised,
        "tip": f"{view.label(park)}: {told}, {name}",
    }


def _mark(yes: object, no: object) -> Any:
    return alt.condition("datum.code === chosen", alt.value(yes), alt.value(no))


def _ink() -> alt.Color:
    return alt.Color("ink:N", scale=None, legend=None)


def _map(rows: list[dict[str, Any]], classes: list[tuple[str, str]], places: Places) -> Layer:
    look = theme()
    scale = min(look.width / places.width, _TALLEST / places.height)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, places.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, places.height], nice=False, zero=False), axis=None)
    spots = [{**row, "x": places.spots[row["code"]][0], "y": places.spots[row["code"]][1]} for row in rows]
    layers = alt.layer(*ground(places, x, y), *_numbers(spots, classes, x, y))
    size = {"width": round(places.width * scale), "height": round(places.height * scale)}
    # The figures have a colour of their own, which needs no legend.
    return layers.resolve_scale(color="independent").properties(**size)


def _numbers(spots: Rows, classes: list[tuple[str, str]], x: alt.X, y: alt.Y) -> list[Layer]:
    look = theme()
    data = base(spots)
    circles = data.mark_point(filled=True, opacity=1, cursor="pointer").encode(
        x=x,
        y=y,
        color=class_legend(classes, spots),
        stroke=_mark(look.accent, look.ink),
        strokeWidth=_mark(4, 1),
        size=_mark(620, 380),
        tooltip="tip:N",
    )
    ranks = data.mark_text(fontSize=11, fontWeight="bold", cursor="pointer").encode(
        x=x, y=y, text="rank:N", color=_ink(), tooltip="tip:N"
    )
    named = alt.condition("datum.advised || datum.code === chosen", alt.value(1), alt.value(0))
    names = data.mark_text(dy=-19, fontWeight="bold", color=look.ink, fontSize=12).encode(
        x=x, y=y, text="park:N", opacity=named
    )
    return [circles, ranks, names]


def _tiles(rows: list[dict[str, Any]]) -> Layer:
    look = theme()
    placed = [{**row, "column": n % _ACROSS, "line": n // _ACROSS} for n, row in enumerate(rows)]
    x = alt.X("column:O", axis=None, scale=alt.Scale(paddingInner=0.06, paddingOuter=0))
    y = alt.Y("line:O", axis=None, scale=alt.Scale(paddingInner=0.12, paddingOuter=0))
    data = base(placed)
    squares = data.mark_rect(cornerRadius=4, cursor="pointer").encode(
        x=x,
        y=y,
        color=alt.Color("fill:N", scale=None, legend=None),
        stroke=_mark(look.accent, look.quiet),
        strokeWidth=_mark(4, 1),
    )
    words = [
        data.mark_text(dy=dy, fontSize=size, limit=130, cursor="pointer").encode(
            x=x, y=y, text=f"{field}:N", color=_ink()
        )
        for field, dy, size in (("park", -14, 12), ("told", 4, 15), ("class", 20, 11))
    ]
    lines = -(-len(rows) // _ACROSS)
    return alt.layer(squares, *words).properties(width=look.width, height=_TILE * lines)
