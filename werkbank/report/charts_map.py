"""Where the parks lie and how they score: the user's own map, and without one a tile for each park."""

from __future__ import annotations

from typing import Any

import altair as alt

from werkbank.assessment import Assessment
from werkbank.report.charts_parts import Layer, Rows, base, codes_of, figure_of, unchecked
from werkbank.report.figure import Figure
from werkbank.report.geography import Places, places_of
from werkbank.report.terms import class_name
from werkbank.report.theme import on, theme
from werkbank.report.view import Park, View, view_of
from werkbank.wording import count

__all__ = ["park_map"]

_TALLEST = 430
_ACROSS = 5
_TILE = 66
_SHADES = {4: (1, 3, 5, 6)}
"""The steps of colour for so many classes: the ones that lie far enough apart for every eye."""


@unchecked()
def park_map(assessment: Assessment) -> Figure:
    """The parks on the map of the municipality, numbered by rank; tiles in the order of the ranking without a map."""
    view = view_of(assessment)
    places = places_of(assessment)
    rows = [_row(view, park) for park in view.parks]
    classes = _classes(view)
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
    fill = _fill(park.place, len(borders) + 1)
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


def _fill(place: int | None, classes: int) -> str:
    """The colour of a class, 1 the lowest; a park without a class has that of what is unknown."""
    look = theme()
    if place is None:
        return look.unknown
    steps = _SHADES.get(classes) or [round(1 + n * 5 / max(classes - 1, 1)) for n in range(classes)]
    return look.steps[steps[place - 1]]


def _classes(view: View) -> list[tuple[str, str]]:
    borders = view.assessment.parameters.method.class_borders
    size = len(borders) + 1
    named = [(class_name(place, borders), _fill(place, size)) for place in range(1, size + 1)]
    return [*named, ("geen klasse", theme().unknown)]


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
    layers = alt.layer(*_ground(places, x, y), *_numbers(spots, classes, x, y))
    size = {"width": round(places.width * scale), "height": round(places.height * scale)}
    # The figures have a colour of their own, which needs no legend.
    return layers.resolve_scale(color="independent").properties(**size)


def _ground(places: Places, x: alt.X, y: alt.Y) -> list[Layer]:
    """The municipality pale behind its parks, each closed line on its own."""
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


def _numbers(spots: Rows, classes: list[tuple[str, str]], x: alt.X, y: alt.Y) -> list[Layer]:
    look = theme()
    used = {row["class"] for row in spots}
    shown = [(name, fill) for name, fill in classes if name in used]
    scale = alt.Scale(domain=[name for name, _ in shown], range=[fill for _, fill in shown])
    legend = alt.Legend(title=None, orient="top", symbolSize=160, symbolStrokeColor=look.ink, symbolOpacity=1)
    data = base(spots)
    circles = data.mark_point(filled=True, opacity=1, cursor="pointer").encode(
        x=x,
        y=y,
        color=alt.Color("class:N", scale=scale, legend=legend),
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
