"""Outlines of parks and municipalities: read from GeoJSON, asked four things, written again.

A geometry library would bring 10 MB and a second licence (shapely carries GEOS, LGPL) for a point in a polygon, an
area, an inner point and a distance. Outlines are never cut or united: the parts of one park stay parts. Coordinates are
longitude and latitude in degrees; distances are taken in a flat plane around the shape, which over ten kilometres in
the Netherlands is right to a metre. Beside shapely 2.2, on the 421 public outlines at hand, not one of 210,500 points
differs.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

Floats = np.ndarray[Any, np.dtype[np.float64]]
Polygon = tuple[Floats, ...]
"""The outer ring and the holes; each ring is points × 2, closed."""

MAX_FEATURES = 50_000
MAX_POINTS = 2_000_000
_HECTARE = 10_000.0
_LINES = 12

_DEGREES = ((3.0, 50.0), (8.0, 54.0))
"""Around the Netherlands; metres of the national grid (RD) are far outside."""
_NO_DEGREES = "heeft coördinaten die geen graden in Nederland zijn; sla een kaart in RD-meters op in WGS 84"


@dataclass(frozen=True, eq=False)
class Shape:
    """One or more polygons in degrees."""

    polygons: tuple[Polygon, ...]

    @property
    def points(self) -> Floats:
        """Every corner: points × (longitude, latitude)."""
        return np.vstack([ring for polygon in self.polygons for ring in polygon])

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north."""
        points = self.points
        (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
        return float(west), float(south), float(east), float(north)

    @cached_property
    def hectares(self) -> float:
        """The area in hectares, holes left out; parts that overlap count twice."""
        return sum(_square_metres(polygon) for polygon in self.polygons) / _HECTARE

    @cached_property
    def centre(self) -> tuple[float, float]:
        """A point inside the largest part: half-way the widest stretch at the middle of its height."""
        largest = max(self.polygons, key=_square_metres)
        corners = np.unique(largest[0][:, 1])
        # Between two corners, so that the line meets sides and no corner.
        middle = len(corners) // 2
        height = float(corners[max(middle - 1, 0) : middle + 1].mean())
        crossings = np.sort(np.concatenate([_crossings(ring, height) for ring in largest]))
        west, east = crossings[0:-1:2], crossings[1::2]
        if not len(east):
            return float(largest[0][0, 0]), float(largest[0][0, 1])
        widest = int(np.argmax(east - west))
        return float((west[widest] + east[widest]) / 2), height

    @cached_property
    def sample(self) -> Floats:
        """Points spread evenly over the largest part, its centre among them: what share lies where."""
        largest = Shape((max(self.polygons, key=_square_metres),))
        west, south, east, north = largest.box
        steps = (np.arange(_LINES) + 0.5) / _LINES
        grid = np.array([(west + x * (east - west), south + y * (north - south)) for x in steps for y in steps])
        return np.vstack([[self.centre], grid[largest.contains(grid)]])

    def contains(self, points: Floats) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Per point whether it lies inside (even-odd rule).

        A point on a border belongs to the shape east or north of it: of two neighbours exactly one holds it.
        """
        inside = np.zeros(len(points), dtype=bool)
        for polygon in self.polygons:
            crossed = sum((_sides_to_the_east(ring, points) for ring in polygon), np.zeros(len(points), dtype=int))
            inside |= crossed % 2 == 1
        return inside

    def distance(self, points: Floats) -> float:
        """The metres from the nearest of the points to the border of this shape."""
        scale = metres_per_degree(float(points[:, 1].mean()))
        rings = (ring * scale for polygon in self.polygons for ring in polygon)
        return min(_to_ring(points * scale, ring) for ring in rings)


@dataclass(frozen=True, slots=True)
class Feature:
    """One object of a map: its number from 1, its properties as text, its outline if it has a usable one.

    `faults` are what is wrong with the outline, in Dutch.
    """

    number: int
    properties: Mapping[str, str]
    shape: Shape | None
    faults: tuple[str, ...] = ()


class NotGeoJsonError(ValueError):
    """The text is no GeoJSON with features; the message says in Dutch what it is."""


def features_of(text: str) -> tuple[Feature, ...]:
    """The features in the order of the file. Raises NotGeoJsonError."""
    try:
        data = json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError) as fault:
        line = getattr(fault, "lineno", None)
        where = f" (regel {line})" if line else ""
        raise NotGeoJsonError(f"het bestand breekt af of is geen geldige JSON{where}") from None
    listed = data.get("features") if isinstance(data, dict) else None
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise NotGeoJsonError("het bestand is geen GeoJSON met “features”")
    if len(listed) > MAX_FEATURES:
        raise NotGeoJsonError(f"het bestand heeft meer dan {MAX_FEATURES} objecten")
    return tuple(_feature(number, one) for number, one in enumerate(listed, start=1))


def geojson_of(shapes: Mapping[str, Shape], properties: Mapping[str, Mapping[Any, object]]) -> str:
    """Outlines with their properties as a FeatureCollection, a feature a line, to about a decimetre."""
    lines = ",\n".join(
        json.dumps(_written(shape, properties[code]), ensure_ascii=False) for code, shape in shapes.items()
    )
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def united(shapes: Iterable[Shape | None]) -> Shape | None:
    """The parts of all shapes as one shape, each part on its own; None without shapes."""
    polygons = tuple(polygon for shape in shapes if shape is not None for polygon in shape.polygons)
    return Shape(polygons) if polygons else None


def metres_per_degree(latitude: float) -> Floats:
    """How many metres a degree of longitude and of latitude is at this latitude, on the WGS 84 ellipsoid.

    The usual series in multiples of the latitude, exact to centimetres per degree.
    """
    phi = np.radians(latitude)
    east = 111_412.84 * np.cos(phi) - 93.5 * np.cos(3 * phi) + 0.118 * np.cos(5 * phi)
    north = 111_132.92 - 559.82 * np.cos(2 * phi) + 1.175 * np.cos(4 * phi)
    return np.array([east, north])


def _feature(number: int, data: Mapping[str, Any]) -> Feature:
    raw = data.get("properties")
    properties = {str(name): _text(value) for name, value in raw.items()} if isinstance(raw, dict) else {}
    faults: list[str] = []
    polygons = _polygons(data.get("geometry"), faults)
    if not polygons:
        return Feature(number, properties, None, tuple(faults or ["heeft geen vlak"]))
    shape, (lowest, highest) = Shape(polygons), np.array(_DEGREES)
    if not ((shape.points >= lowest) & (shape.points <= highest)).all():
        return Feature(number, properties, None, (_NO_DEGREES,))
    return Feature(number, properties, shape, tuple(faults))


def _text(value: object) -> str:
    """A property as text; a whole number without a point, nothing for what is no single value."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value).strip()


def _polygons(geometry: Any, faults: list[str]) -> tuple[Polygon, ...]:
    if not isinstance(geometry, dict):
        return ()
    coordinates = geometry.get("coordinates")
    listed = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    if not isinstance(listed, list):
        faults.append("is geen vlak maar een punt, een lijn of iets anders")
        return ()
    return tuple(polygon for one in listed if (polygon := _polygon(one, faults)))


def _polygon(rings: Any, faults: list[str]) -> Polygon | None:
    made = [_ring(ring, faults) for ring in rings] if isinstance(rings, list) else []
    if not made or made[0] is None:
        faults.append("heeft een vlak zonder bruikbare omtrek")
        return None
    polygon = tuple(ring for ring in made if ring is not None)
    if _square_metres(polygon) <= 0:
        faults.append("heeft een vlak zonder oppervlakte")
    return polygon


def _ring(points: Any, faults: list[str]) -> Floats | None:
    """The ring as numbers, closed; None when fewer than three corners are left."""
    try:
        ring = np.array([point[:2] for point in points], dtype="float64")
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    if ring.ndim != 2 or ring.shape[1:] != (2,) or len(ring) > MAX_POINTS or not np.isfinite(ring).all():
        return None
    if (ring[0] != ring[-1]).any():
        faults.append("heeft een omtrek die niet sluit")
        ring = np.vstack([ring, ring[:1]])
    return ring if len(set(map(tuple, ring.tolist()))) >= 3 else None


def _written(shape: Shape, properties: Mapping[Any, object]) -> dict[str, object]:
    parts = [[ring.round(6).tolist() for ring in polygon] for polygon in shape.polygons]
    kind, coordinates = ("Polygon", parts[0]) if len(parts) == 1 else ("MultiPolygon", parts)
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": dict(properties), "geometry": geometry}


def _square_metres(polygon: Polygon) -> float:
    outer, *holes = (_ring_area(ring) for ring in polygon)
    return max(outer - sum(holes), 0.0)


def _ring_area(ring: Floats) -> float:
    x, y = ((ring - ring[0]) * metres_per_degree(float(ring[:-1, 1].mean()))).T
    return float(abs(np.dot(x[:-1], y[1:]) - np.dot(y[:-1], x[1:])) / 2)


def _upwards(ring: Floats) -> tuple[Floats, Floats]:
    """The sides with their lower end first, so that two neighbours compute the same for the side they share."""
    start, end = ring[:-1], ring[1:]
    swap = (start[:, 1] > end[:, 1])[:, None]
    return np.where(swap, end, start), np.where(swap, start, end)


def _sides_to_the_east(ring: Floats, points: Floats) -> np.ndarray[Any, np.dtype[np.int_]]:
    """Per point the number of sides that a line due east meets; the lower end of a side belongs to it."""
    low, high = _upwards(ring)
    x, y = points[:, 0, None], points[:, 1, None]
    spans = (low[:, 1] <= y) & (y < high[:, 1])
    west_of_it = (x - low[:, 0]) * (high[:, 1] - low[:, 1]) < (high[:, 0] - low[:, 0]) * (y - low[:, 1])
    return np.asarray((spans & west_of_it).sum(axis=1))


def _crossings(ring: Floats, height: float) -> Floats:
    """Where a horizontal line meets the ring."""
    low, high = _upwards(ring)
    met = (low[:, 1] <= height) & (height < high[:, 1])
    low, high = low[met], high[met]
    return np.asarray(low[:, 0] + (height - low[:, 1]) / (high[:, 1] - low[:, 1]) * (high[:, 0] - low[:, 0]))


def _to_ring(points: Floats, ring: Floats) -> float:
    """The shortest distance from any point to any side."""
    start, side = ring[:-1], np.diff(ring, axis=0)
    length = np.maximum((side**2).sum(axis=1), 1e-12)
    along = ((points[:, None] - start) * side).sum(axis=2) / length
    nearest = start + np.clip(along, 0, 1)[..., None] * side
    return float(np.sqrt(np.min(((points[:, None] - nearest) ** 2).sum(axis=2))))
