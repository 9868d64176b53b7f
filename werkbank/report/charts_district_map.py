"""Where in the district the parks score high: on the user's own map, and without one a tile for each park."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from werkbank.report.charts_common import (
    Layer,
    Rows,
    base,
    class_fill,
    class_legend,
    class_shades,
    figure_of,
    ground,
    unchecked,
)
from werkbank.report.charts_map import Places, places_within
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import Figure
from werkbank.report.terms import class_name
from werkbank.report.view import Park, View
from werkbank.settings.theme import on, theme
from werkbank.wording import count

__all__ = ["district_map"]

APART = "niet te vergelijken"
"""In the place of a class: of a municipality that was scored otherwise no class is shown beside the others."""
_TALLEST = 520
_ACROSS = 16
_TILE = 34
_DOT = 90
_BETWEEN = 0.35
"""The room between two municipalities, in tiles."""
_NUMBERED = 3
"""On a map only the first places of a municipality have their number: parks lie too near one another for all."""
_SHARED = (
    "Hoe donkerder, hoe hoger de klasse; een ? of grijs heeft geen score. Een gekleurde rand is het advies van die "
    "gemeente. In elke gemeente vulden andere mensen in: vergelijk de patronen, niet de gemeenten."
)
_MAP = (
    f"Het cijfer is de plaats in de eigen gemeente, bij de eerste {_NUMBERED}. {_SHARED} "
    "Liggen hoge terreinen bij een gemeentegrens, dan is dat iets om samen te bekijken. "
    "Het is geen bewijs dat ze iets met elkaar te maken hebben."
)
_TILES = (
    "Elk vak is een terrein, per gemeente van hoge naar lage score; er is geen kaart in de gegevensmap. "
    f"Het cijfer is de plaats in de eigen gemeente. {_SHARED} "
    "De plek van een vak zegt niets over waar het terrein ligt."
)


@unchecked()
def district_map(district: DistrictAnalysis) -> Figure:
    """Every park of the district with its place in its own municipality, on the map; tiles where there is none.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.district_map(district).title
    'De terreinen in het district Flevoland (fictief)'
    """
    rows = [_row(view, park, compared=view in district.compared) for view in district.views for park in view.parks]
    codes = [view.assessment.parameters.code for view in district.views]
    places = places_within(district.parameters.data, [row["code"] for row in rows], codes)
    shades = [*class_shades(_borders(district.compared[0])), (APART, theme().paper)]
    chart = _tiles(district.views, rows, shades) if places is None else _map(rows, shades, places)
    kind = "Tegels" if places is None else "Kaart"
    high = sum(1 for view in district.compared for park in view.parks if park.quadrant == "act")
    return figure_of(
        chart,
        title=f"De terreinen in het district {district.name}",
        description=(
            f"{kind} van {count(len(rows), 'terrein', 'terreinen')} in "
            f"{count(len(district.views), 'gemeente', 'gemeenten')}, elk met zijn plaats in de eigen gemeente; "
            f"donkerder is een hogere klasse. {count(high, 'terrein vraagt', 'terreinen vragen')} om aanpak. "
            "De cijfers staan in de tabel."
        ),
        caption=_TILES if places is None else _MAP,
        table=[
            ("Gemeente", "Terrein", "Plaats in de gemeente", "Klasse"),
            *((row["municipality"], row["park"], row["rank"], row["class"]) for row in rows),
        ],
    )


def _borders(view: View) -> tuple[float, ...]:
    return view.assessment.parameters.method.class_borders


def _row(view: View, park: Park, *, compared: bool) -> dict[str, Any]:
    borders = _borders(view)
    fill = class_fill(park.place, len(borders) + 1) if compared else theme().paper
    name = class_name(park.place, borders) if compared else APART
    return {
        "municipality": view.assessment.municipality_name,
        "park": view.label(park),
        "code": park.park_id,
        "rank": "?" if park.rank is None else str(park.rank),
        "class": name,
        "ink": on(fill),
        "advised": park in view.advised,
        "size": 270 if park in view.advised or (park.rank or _NUMBERED + 1) <= _NUMBERED else _DOT,
        "tip": f"{view.label(park)}, {view.assessment.municipality_name}: {name}",
    }


def _ink() -> alt.Color:
    return alt.Color("ink:N", scale=None, legend=None)


def _edge() -> dict[str, Any]:
    look = theme()
    return {
        "stroke": alt.condition("datum.advised", alt.value(look.accent), alt.value(look.quiet)),
        "strokeWidth": alt.condition("datum.advised", alt.value(4), alt.value(0.7)),
    }


def _map(rows: Rows, shades: Sequence[tuple[str, str]], places: Places) -> Layer:
    look = theme()
    scale = min(look.width / places.width, _TALLEST / places.height)
    x = alt.X("x:Q", scale=alt.Scale(domain=[0, places.width], nice=False, zero=False), axis=None)
    y = alt.Y("y:Q", scale=alt.Scale(domain=[0, places.height], nice=False, zero=False), axis=None)
    # The highest come last, so that none of them lies under another.
    spots = [{**row, "x": places.spots[row["code"]][0], "y": places.spots[row["code"]][1]} for row in reversed(rows)]
    spots.sort(key=_is_first)
    data = base(spots)
    circles = data.mark_point(filled=True, opacity=1).encode(
        x=x,
        y=y,
        size=alt.Size("size:Q", scale=None, legend=None),
        color=class_legend(shades, spots),
        tooltip="tip:N",
        **_edge(),
    )
    first = base([row for row in spots if _is_first(row)]).mark_text(fontSize=10, fontWeight="bold")
    ranks = first.encode(x=x, y=y, text="rank:N", color=_ink(), tooltip="tip:N")
    layers = alt.layer(*ground(places, x, y), circles, ranks, *_names(spots, x, y))
    size = {"width": round(places.width * scale), "height": round(places.height * scale)}
    return layers.resolve_scale(color="independent").properties(**size)


def _is_first(row: Mapping[str, Any]) -> bool:
    return bool(row["size"] > _DOT)


def _names(spots: Rows, x: alt.X, y: alt.Y) -> list[Layer]:
    """The municipalities' names above their parks, with an edge of paper so that they are read on any ground."""
    own: dict[str, list[Any]] = {}
    for row in spots:
        own.setdefault(row["municipality"], []).append(row)
    named = [
        {
            "name": name,
            "x": round(sum(row["x"] for row in found) / len(found), 1),
            "y": max(row["y"] for row in found),
        }
        for name, found in own.items()
    ]
    look = theme()
    words: dict[str, Any] = {"dy": -18, "fontSize": 13, "fontWeight": "bold"}
    edge = base(named).mark_text(**words, color=look.paper, stroke=look.paper, strokeWidth=4, strokeJoin="round")
    text = base(named).mark_text(**words, color=look.ink)
    return [layer.encode(x=x, y=y, text="name:N") for layer in (edge, text)]


def _tiles(views: Sequence[View], rows: Rows, shades: Sequence[tuple[str, str]]) -> Layer:
    placed, heads, top = _placed(views, rows)
    across = min(_ACROSS, max(len(view.parks) for view in views))
    wide, high = alt.Scale(domain=[0, across], nice=False), alt.Scale(domain=[top, 0], nice=False)
    x, y = alt.X("x:Q", scale=wide, axis=None), alt.Y("y:Q", scale=high, axis=None)
    data = base(placed)
    squares = data.mark_rect(cornerRadius=3).encode(
        x=x, x2="x2:Q", y=y, y2="y2:Q", color=class_legend(shades, placed), tooltip="tip:N", **_edge()
    )
    middle = {"x": alt.X("mx:Q", scale=wide, axis=None), "y": alt.Y("my:Q", scale=high, axis=None)}
    ranks = data.mark_text(fontSize=11, fontWeight="bold").encode(
        **middle, text="rank:N", color=_ink(), tooltip="tip:N"
    )
    names = base(heads).mark_text(align="right", dx=-8, fontSize=12, color=theme().ink).encode(x=x, y=y, text="name:N")
    size = {"width": round(across * _TILE), "height": round(top * _TILE)}
    return alt.layer(squares, ranks, names).resolve_scale(color="independent").properties(**size)


def _placed(views: Sequence[View], rows: Rows) -> tuple[list[dict[str, Any]], list[dict[str, Any]], float]:
    """Every tile with its corners, the head of every municipality, and how many tiles high all of it is."""
    placed, heads, line, number = [], [], 0.0, 0
    for view in views:
        heads.append({"name": view.assessment.municipality_name, "x": 0, "y": line + 0.5})
        for n in range(len(view.parks)):
            x, y = n % _ACROSS, line + n // _ACROSS
            corners = {"x": x + 0.04, "x2": x + 0.96, "y": y + 0.04, "y2": y + 0.96, "mx": x + 0.5, "my": y + 0.5}
            placed.append({**rows[number + n], **corners})
        number += len(view.parks)
        line += -(-len(view.parks) // _ACROSS) + _BETWEEN
    return placed, heads, line - _BETWEEN
