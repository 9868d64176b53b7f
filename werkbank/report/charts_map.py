"""Where the parks lie and how they score, on the user's own map; of a district without one a tile for each park.

The map comes in metres, coarse enough for a page of any municipality; nothing is computed from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np

from werkbank.assessment.assessment import Assessment
from werkbank.errors import WerkbankError
from werkbank.parks.geometry import Floats, Shape, metres_per_degree
from werkbank.parks.municipalities import nearby_municipalities
from werkbank.parks.register import load_parks, outlines_beside
from werkbank.report import charts as c
from werkbank.report.blocks import Chapter, nothing
from werkbank.report.charts import Layer, Row, Rows
from werkbank.report.district import DistrictAnalysis
from werkbank.report.figure import Figure
from werkbank.report.terms import ESTIMATED, UNKNOWN, class_name, class_of
from werkbank.report.view import Park, View, view_of
from werkbank.settings.parameters import load_parameters
from werkbank.settings.theme import on, theme
from werkbank.wording import count

GRID = 1200
"""Into how many steps the longest side of the map is divided: finer than a screen shows."""
_OTHERWISE = "niet te vergelijken"
"""In the place of a class: of a municipality that was scored otherwise no class is shown beside the others."""
_NUMBERED = 3
"""On a map only the first places of a municipality have their number: parks lie too near one another for all."""
_DOT = 90
"""How large a park without a number is on the map of the district."""
_SHADES = {4: (1, 3, 5, 6)}
"""The steps of colour for so many classes: the ones that lie far enough apart for every eye."""


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A map in steps of its grid, from 0: its closed lines, where each park lies, and its sides.

    An outline is the park it belongs to (empty for a municipality) and its corners, points × 2.
    """

    outlines: tuple[tuple[str, Floats], ...] = field(repr=False)
    spots: Mapping[str, tuple[float, float]]
    width: float
    height: float


def places_of(assessment: Assessment) -> Places | None:
    """Where the parks of an assessment lie, from `parks.geojson`, `municipalities.geojson` and the park list.

    None when the workspace has no place for at least one of the parks, or no map that can be read: a broken map is
    found where the park list is checked, and keeps no report from being made.
    """
    try:
        data = load_parameters(assessment.parameters.municipality).data
    except WerkbankError:
        return None
    return places_within(data, [str(code) for code in assessment.parks["park_id"]], [assessment.parameters.code])


def places_within(data: Path, codes: Sequence[str], municipalities: Sequence[str]) -> Places | None:
    """Where these parks lie, within the borders of these municipalities (codes of the CBS)."""
    try:
        shapes = {code: shape for code, shape in outlines_beside(data / "parks.csv")[0].items() if code in codes}
        spots = {**_listed(data / "parks.csv", codes), **{code: shape.centre for code, shape in shapes.items()}}
    except (WerkbankError, OSError):
        return None
    known = nearby_municipalities(data / "parks.csv").known
    around = [one.shape for one in known if one.code in municipalities and one.shape is not None]
    return _on_grid(shapes, spots, tuple(around)) if set(codes) <= set(spots) else None


def _listed(path: Path, codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    frame = load_parks(path)
    if not {"longitude", "latitude"} <= set(frame.columns):
        return {}
    own = frame[frame["park_id"].isin(codes)].dropna(subset=["longitude", "latitude"])
    placed = zip(own["park_id"], own["longitude"], own["latitude"], strict=True)
    return {str(code): (float(longitude), float(latitude)) for code, longitude, latitude in placed}


def _on_grid(shapes: Mapping[str, Shape], spots: Mapping[str, tuple[float, float]], borders: Sequence[Shape]) -> Places:
    points = np.vstack([np.array(list(spots.values())), *(one.points for one in (*shapes.values(), *borders))])
    metres = metres_per_degree(float(points[:, 1].mean()))
    corner = points.min(axis=0)
    sides = np.maximum((points.max(axis=0) - corner) * metres, 1.0)
    scale = metres * GRID / sides.max()
    placed = {code: (np.array(spot) - corner) * scale for code, spot in spots.items()}
    return Places(
        outlines=tuple(
            (code, ring)
            for code, shape in (*(("", border) for border in borders), *shapes.items())
            for ring in _rings(shape, corner, scale)
        ),
        spots={code: (round(float(x), 1), round(float(y), 1)) for code, (x, y) in placed.items()},
        width=float(sides[0] * GRID / sides.max()),
        height=float(sides[1] * GRID / sides.max()),
    )


def _rings(shape: Shape, corner: Floats, scale: Floats) -> Iterator[Floats]:
    """The outer rings in whole steps of the grid; corners that fall together count once."""
    for polygon in shape.polygons:
        ring = np.round((polygon[0] - corner) * scale)
        kept = ring[np.append(True, (np.diff(ring, axis=0) != 0).any(axis=1))]
        if len(kept) > 3:
            yield kept


@c.unchecked()
def park_map(assessment: Assessment) -> Figure | Chapter:
    """The parks on the map of the municipality, numbered by rank; nothing without a map.

    >>> assessment = wb.assess("urk")
    >>> wb.report.park_map(assessment).title
    'De terreinen in Urk (fictief)'
    """
    view, places = view_of(assessment), places_of(assessment)
    if places is None:
        return nothing("De terreinen op de kaart")
    told = {park: (view.shown(park.score, "geen score"), class_of(view, park)) for park in view.parks}
    rows = [_park_row(view, park, _class(view, park), ", ".join(told[park])) for park in view.parks]
    spots = _park_spots(rows, _shades(view), places)
    return c.park_figure("park_map", view, spots, lambda park: (str(park.rank or UNKNOWN), *told[park]))


def _shades(view: View) -> dict[str, str]:
    """Every class with its colour, the lowest first; then that of what is unknown, and of what is not compared."""
    look, borders = theme(), view.assessment.parameters.method.class_borders
    classes = len(borders) + 1
    steps = _SHADES.get(classes) or [round(1 + n * 5 / max(classes - 1, 1)) for n in range(classes)]
    shades = {class_name(place, borders): look.steps[step] for place, step in enumerate(steps, start=1)}
    return {**shades, **dict.fromkeys((class_name(None, borders), ESTIMATED), look.unknown), _OTHERWISE: look.paper}


def _class(view: View, park: Park) -> str:
    """What a park is coloured by: its class, unless that is mostly estimated."""
    borders = view.assessment.parameters.method.class_borders
    return ESTIMATED if park.mostly_estimated else class_name(park.place, borders)


def _legend(shades: Mapping[str, str], rows: Rows) -> alt.Color:
    """The colour of the class of each row, with a legend of the classes that occur."""
    used = {row["class"] for row in rows}
    look: Row = {"symbolSize": 160, "symbolStrokeColor": theme().ink, "symbolOpacity": 1}
    return c.named_colours("class:N", {name: fill for name, fill in shades.items() if name in used}, **look)


def _park_row(view: View, park: Park, name: str, told: str) -> Row:
    """A park with its class as it is `name`d; `told` is what stands behind its name when somebody points at it."""
    look = {"class": name, "ink": on(_shades(view)[name]), "advised": park in view.advised}
    return c.park_row(view, park, rank=str(park.rank or UNKNOWN), **look, tip=f"{view.label(park)}: {told}")


def _on_map(places: Places, tallest: float, marks: Callable[[alt.X, alt.Y], Sequence[Layer]]) -> Layer:
    """The municipalities pale behind their parks, each closed line on its own, and the marks on them."""
    look = theme()
    x = alt.X(**c.axis_of("x:Q", (0, places.width)))
    y = alt.Y(**c.axis_of("y:Q", (0, places.height)))
    ground = []
    for park, fill, stroke in ((False, look.pale, look.border), (True, look.track, look.quiet)):
        corners = [
            {"line": number, "n": n, "x": int(cx), "y": int(cy)}
            for number, (code, ring) in enumerate(places.outlines)
            if (code != "") is park
            for n, (cx, cy) in enumerate(ring)
        ]
        look_of = {"fill": fill, "stroke": stroke, "strokeWidth": 1}
        line = c.base(corners).mark_line(filled=True, interpolate="linear-closed", **look_of)
        ground += [line.encode(x=x, y=y, detail="line:N", order="n:Q")] if corners else []
    scale = min(look.width / places.width, tallest / places.height)
    # The figures have a colour of their own, which needs no legend.
    layers = alt.layer(*ground, *marks(x, y)).resolve_scale(color="independent")
    return layers.properties(width=round(places.width * scale), height=round(places.height * scale))


def _spots(rows: Rows, places: Places) -> list[Row]:
    return [{**row, **dict(zip("xy", places.spots[row["code"]], strict=True))} for row in rows]


def _park_spots(rows: Rows, shades: Mapping[str, str], places: Places) -> Layer:
    look, spots = theme(), _spots(rows, places)
    data = c.base(spots)
    circles = data.mark_point(filled=True, opacity=1, cursor="pointer")
    ranks = data.mark_text(fontSize=11, fontWeight="bold", cursor="pointer")
    names = data.mark_text(dy=-19, fontWeight="bold", color=look.ink, fontSize=12)
    edge = {"stroke": c.chosen(look.accent, look.ink), "strokeWidth": c.chosen(4, 1), "size": c.chosen(620, 380)}

    def marks(x: alt.X, y: alt.Y) -> Sequence[Layer]:
        return (
            circles.encode(x=x, y=y, color=_legend(shades, spots), **edge, tooltip="tip:N"),
            ranks.encode(x=x, y=y, text="rank:N", color=c.as_it_is("ink:N"), tooltip="tip:N"),
            names.encode(x=x, y=y, text="park:N", opacity=c.when(c.NAMED, 1, 0)),
        )

    return _on_map(places, 430, marks)


@c.unchecked()
def district_map(district: DistrictAnalysis) -> Figure:
    """Every park of the district with its place in its own municipality, on the map; tiles where there is none.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.district_map(district).title
    'De terreinen in het district Flevoland (fictief)'
    """
    codes = [view.assessment.parameters.code for view in district.views]
    return _of_district(
        district, places_within(district.parameters.data, [one.park_id for one in district.parks], codes)
    )


@c.unchecked()
def district_tiles(district: DistrictAnalysis) -> Figure:
    """The same as tiles, for who reads it where there is no map."""
    return _of_district(district, None)


def _of_district(district: DistrictAnalysis, places: Places | None) -> Figure:
    shades = _shades(district.compared[0])
    rows = [row for view in district.views for row in _district_rows(view, compared=view in district.compared)]
    high = sum(park.action == "advised" for view in district.compared for park in view.parks)
    return c.figure_of(
        "district_tiles" if places is None else "district_map",
        _district_tiles(rows, shades) if places is None else _district_spots(rows, shades, places),
        [(row["municipality"], row["park"], row["rank"], row["class"]) for row in rows],
        [row["code"] for row in rows],
        first=None,
        where=district.name,
        parks=count(len(rows), "terrein", "terreinen"),
        municipalities=count(len(district.views), "gemeente", "gemeenten"),
        high=count(high, "terrein vraagt", "terreinen vragen"),
        numbered=_NUMBERED,
    )


def _district_rows(view: View, *, compared: bool) -> Iterator[Row]:
    where = view.assessment.municipality_name
    for park in view.parks:
        name = _class(view, park) if compared else _OTHERWISE
        first = park in view.advised or (park.rank is not None and park.rank <= _NUMBERED)
        row = _park_row(view, park, name, f"{where}, {name}")
        yield {"municipality": where, **row, "size": 270 if first else _DOT}


def _is_first(row: Mapping[str, Any]) -> bool:
    return bool(row["size"] > _DOT)


def _edge() -> dict[str, Any]:
    stroke, width = c.when("datum.advised", theme().accent, theme().quiet), c.when("datum.advised", 4, 0.7)
    return {"stroke": stroke, "strokeWidth": width, "tooltip": "tip:N"}


def _district_spots(rows: Rows, shades: Mapping[str, str], places: Places) -> Layer:
    look = theme()
    # The highest come last, so that none of them lies under another.
    spots = _spots(rows, places)[::-1]
    spots.sort(key=_is_first)
    circles = c.base(spots).mark_point(filled=True, opacity=1)
    ranks = c.base(list(filter(_is_first, spots))).mark_text(fontSize=10, fontWeight="bold")
    size = alt.Size("size:Q", scale=None, legend=None)
    # The municipalities' names above their parks, with an edge of paper so that they are read on any ground.
    names, words = c.base(list(_municipality_names(spots))), {"dy": -18, "fontSize": 13, "fontWeight": "bold"}
    paper = {"color": look.paper, "stroke": look.paper, "strokeWidth": 4, "strokeJoin": "round"}

    def marks(x: alt.X, y: alt.Y) -> Sequence[Layer]:
        return (
            circles.encode(x=x, y=y, size=size, color=_legend(shades, spots), **_edge()),
            ranks.encode(x=x, y=y, text="rank:N", color=c.as_it_is("ink:N"), tooltip="tip:N"),
            names.mark_text(**words, **paper).encode(x=x, y=y, text="name:N"),
            names.mark_text(**words, color=look.ink).encode(x=x, y=y, text="name:N"),
        )

    return _on_map(places, 520, marks)


def _municipality_names(spots: Rows) -> Iterator[Row]:
    for name in dict.fromkeys(row["municipality"] for row in spots):
        own = [row for row in spots if row["municipality"] == name]
        x = round(sum(row["x"] for row in own) / len(own), 1)
        yield {"name": name, "x": x, "y": max(row["y"] for row in own)}


def _district_tiles(rows: Rows, shades: Mapping[str, str]) -> Layer:
    """Per municipality its name and its parks, a line for every so many; the name in front or, without room, above."""
    most, side, top = 16, 34, 0.0
    placed: list[Row] = []
    heads: list[Row] = []
    for name in dict.fromkeys(row["municipality"] for row in rows):
        own = [row for row in rows if row["municipality"] == name]
        heads.append({"name": name, "x": 0, "y": top + 0.5})
        for n, row in enumerate(own):
            left, up = n % most, top + n // most
            across = {"x": left + 0.04, "x2": left + 0.96, "mx": left + 0.5}
            corners = {**across, "y": up + 0.04, "y2": up + 0.96, "my": up + 0.5}
            placed.append({**row, **corners})
        top += -(-len(own) // most) + 0.35
    top -= 0.35
    width = round(max(row["x2"] for row in placed) + 0.04)
    wide, high = alt.Scale(domain=[0, width], nice=False), alt.Scale(domain=[top, 0], nice=False)
    x, mx = (alt.X(field, scale=wide, axis=None) for field in ("x:Q", "mx:Q"))
    y, my = (alt.Y(field, scale=high, axis=None) for field in ("y:Q", "my:Q"))
    data = c.base(placed)
    squares = data.mark_rect(cornerRadius=3)
    ranks = data.mark_text(fontSize=11, fontWeight="bold")
    beside = {"align": c.narrow("'left'", "'right'"), "dx": c.narrow("0", "-8"), "dy": c.narrow("-24", "0")}
    names = c.base(heads).mark_text(**beside, fontSize=12, color=theme().ink)
    layers = alt.layer(
        squares.encode(x=x, x2="x2:Q", y=y, y2="y2:Q", color=_legend(shades, placed), **_edge()),
        ranks.encode(x=mx, y=my, text="rank:N", color=c.as_it_is("ink:N"), tooltip="tip:N"),
        names.encode(x=x, y=y, text="name:N"),
    )
    return layers.resolve_scale(color="independent").properties(width=width * side, height=round(top * side))


@c.unchecked()
def district_scores(district: DistrictAnalysis) -> Figure:
    """Every park with a score that may be compared, a row per municipality; the advice is a diamond.

    >>> parameters = wb.load_parameters("urk")
    >>> wb.assess(parameters).save(parameters.output_folder)
    >>> district = wb.report.district_analysis(parameters)
    >>> wb.report.district_scores(district).title
    'De scores van alle terreinen in Flevoland (fictief)'
    """
    rows = [row for view in district.compared for row in _scores(view)]
    look, place = theme(), {"y": alt.Y("municipality:N", title=None, sort=None), "x": c.score_axis("score:Q")}
    dots = c.base([row for row in rows if not row["advised"]]).mark_circle(size=70, opacity=0.75, color=look.main)
    diamonds = c.base([row for row in rows if row["advised"]]).mark_point(
        shape="diamond", size=150, filled=True, color=look.accent, opacity=1
    )
    tips = [alt.Tooltip("park:N"), alt.Tooltip("told:N")]
    layers = [marks.encode(**place, tooltip=tips) for marks in (dots, diamonds)]
    chart = alt.layer(c.class_lines(district.compared[0]), *layers)
    return c.figure_of(
        "district_scores",
        chart.properties(width=look.width, height=alt.Step(look.row + 10)),
        [(row["municipality"], row["park"], row["told"]) for row in rows],
        [row["code"] for row in rows],
        first=None,
        where=district.name,
        parks=count(len(rows), "terrein", "terreinen"),
        spread=_spread(rows),
    )


def _scores(view: View) -> Iterator[Row]:
    for park in sorted(view.parks, key=lambda park: -(park.score or 0)):
        if park.score is not None:
            named = {"municipality": view.assessment.municipality_name, "park": park.name, "score": park.score}
            named["code"] = park.park_id
            yield {**named, "told": view.points(park.score), "advised": park in view.advised}


def _spread(rows: Rows) -> str:
    """From where to where the scores of each municipality lie, highest first in the rows."""
    own: dict[str, list[str]] = {row["municipality"]: [] for row in rows}
    for row in rows:
        own[row["municipality"]].append(row["told"])
    return "".join(f" {name}: {scores[-1]} tot {scores[0]}." for name, scores in own.items())
