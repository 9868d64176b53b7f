"""Outlines as GeoJSON text."""

from __future__ import annotations

import json
from collections.abc import Mapping

from werkbank.parks.geometry import Shape

__all__ = ["geojson_of"]


def geojson_of(shapes: Mapping[str, Shape], names: Mapping[str, str]) -> str:
    """Outlines with `park_id` and `name` as a FeatureCollection, a feature a line, to about a decimetre."""
    lines = ",\n".join(
        json.dumps(_feature(code, shape, names.get(code, "")), ensure_ascii=False) for code, shape in shapes.items()
    )
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _feature(code: str, shape: Shape, name: str) -> dict[str, object]:
    parts = [[ring.round(6).tolist() for ring in polygon] for polygon in shape.polygons]
    kind, coordinates = ("Polygon", parts[0]) if len(parts) == 1 else ("MultiPolygon", parts)
    return {
        "type": "Feature",
        "properties": {"park_id": code, "name": name},
        "geometry": {"type": kind, "coordinates": coordinates},
    }
