"""GeoJSON text in, features out: properties as text, outlines as Shape in degrees, and every fault of an outline."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from werkbank.parks.geometry import Floats, Polygon, Shape, System, crosses_itself, rd_to_degrees, system_of

__all__ = ["Feature", "NotGeoJsonError", "features_of", "oddities"]

MAX_FEATURES = 50_000
MAX_POINTS = 2_000_000


class NotGeoJsonError(ValueError):
    """The text is no GeoJSON with features; the message says in Dutch what it is."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One object of a map: its number from 1, its properties as text, its outline if it has a usable one.

    `faults` are what kept the outline from being read as it is, in Dutch; `system` is how its coordinates were written.
    """

    number: int
    properties: Mapping[str, str]
    shape: Shape | None
    system: System = "degrees"
    faults: tuple[str, ...] = ()
    numbers_as_text: frozenset[str] = field(default_factory=frozenset)


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


def _feature(number: int, data: Mapping[str, Any]) -> Feature:
    raw = data.get("properties")
    properties = raw if isinstance(raw, dict) else {}
    shape, system, faults = _outline(data.get("geometry"))
    written = {str(name): _text(value) for name, value in properties.items()}
    as_text = frozenset(str(name) for name, value in properties.items() if isinstance(value, str))
    return Feature(number, written, shape, system, tuple(faults), as_text)


def _text(value: object) -> str:
    """A property as text; a whole number without a point, nothing for what is no single value."""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        value = int(value)
    return "" if value is None or isinstance(value, (dict, list, bool)) else str(value).strip()


def _outline(geometry: Any) -> tuple[Shape | None, System, list[str]]:
    if not isinstance(geometry, dict):
        return None, "degrees", ["heeft geen vlak"]
    coordinates = geometry.get("coordinates")
    listed = {"Polygon": [coordinates], "MultiPolygon": coordinates}.get(str(geometry.get("type")))
    if not isinstance(listed, list):
        return None, "degrees", ["is geen vlak maar een punt, een lijn of iets anders"]
    faults: list[str] = []
    polygons = [polygon for one in listed if (polygon := _polygon(one, faults))]
    if not polygons:
        return None, "degrees", faults or ["heeft een leeg vlak"]
    shape, system = _in_degrees(Shape(tuple(polygons)))
    if shape is None:
        return None, system, ["heeft coördinaten die geen graden zijn en geen meters van het RD-stelsel in Nederland"]
    return shape, system, faults


def _polygon(rings: Any, faults: list[str]) -> Polygon | None:
    made = [_ring(ring, faults) for ring in rings] if isinstance(rings, list) else []
    if not made or made[0] is None:
        faults.append("heeft een vlak zonder bruikbare omtrek")
        return None
    return tuple(ring for ring in made if ring is not None)


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


def _in_degrees(shape: Shape) -> tuple[Shape | None, System]:
    system = system_of(shape.points)
    if system == "rd":
        return Shape(tuple(tuple(map(rd_to_degrees, polygon)) for polygon in shape.polygons)), system
    if system == "swapped":
        return Shape(tuple(tuple(ring[:, ::-1] for ring in polygon) for polygon in shape.polygons)), system
    return (shape if system == "degrees" else None), system


def oddities(shape: Shape) -> Iterator[str]:
    """What is wrong with an outline that could be read, in Dutch; takes a while for long outlines."""
    if any(crosses_itself(ring) for polygon in shape.polygons for ring in polygon):
        yield "heeft een omtrek die zichzelf kruist"
    if shape.hectares <= 0:
        yield "heeft een vlak zonder oppervlakte"
