"""Where the parks lie, from the user's own map: outlines in metres, coarse enough for a page of any municipality.

Nothing is computed from it. Where there is no map the report shows tiles instead.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from werkbank.assessment.assessment import Assessment
from werkbank.errors import Finding, WerkbankError
from werkbank.parks.geometry import Floats, NotGeoJsonError, Shape, features_of, metres_per_degree
from werkbank.parks.municipalities import named_rows
from werkbank.parks.register import load_parks
from werkbank.parks.source import read_text
from werkbank.settings.parameters import load_parameters

__all__ = ["Outline", "Places", "places_of", "places_within"]

GRID = 1200
"""Into how many steps the longest side of the map is divided: finer than a screen shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """One closed line: the park it belongs to (empty for the municipality) and its corners, points × 2."""

    park_id: str
    corners: Floats = field(repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """A map in steps of its grid, from 0; `width` and `height` are its sides, `spots` where each park lies."""

    outlines: tuple[Outline, ...]
    spots: Mapping[str, tuple[float, float]]
    width: float
    height: float


def places_of(assessment: Assessment) -> Places | None:
    """Where the parks of an assessment lie, from `parks.geojson`, `municipalities.geojson` and the register.

    None when the workspace has no place for at least one of the parks, or no map that can be read: a broken map is
    found where the register is checked, and keeps no report from being made.
    """
    codes = [str(code) for code in assessment.parks["park_id"]]
    try:
        data = load_parameters(assessment.parameters.municipality).data
    except WerkbankError:
        return None
    return places_within(data, codes, (assessment.parameters.code,))


def places_within(data: Path, codes: Sequence[str], municipalities: Sequence[str]) -> Places | None:
    """Where these parks lie, within the borders of these municipalities (codes of the CBS); see `places_of`."""
    try:
        shapes = _park_shapes(data / "parks.geojson", codes)
        spots = {**_registered(data / "parks.csv", codes), **{code: shape.centre for code, shape in shapes.items()}}
    except (WerkbankError, OSError):
        return None
    if not set(codes) <= set(spots):
        return None
    return _on_grid(shapes, spots, _borders(data / "municipalities.geojson", municipalities))


def _park_shapes(path: Path, codes: Sequence[str]) -> dict[str, Shape]:
    """The outlines of these parks; parts of one park are taken together."""
    if not path.is_file():
        return {}
    try:
        features = features_of(read_text(path).content)
    except NotGeoJsonError:
        return {}
    parts: dict[str, list[Shape]] = {}
    for one in features:
        code = one.properties.get("park_id", "")
        if one.shape is not None and code in codes:
            parts.setdefault(code, []).append(one.shape)
    return {code: Shape(tuple(ring for part in own for ring in part.polygons)) for code, own in parts.items()}


def _registered(path: Path, codes: Sequence[str]) -> dict[str, tuple[float, float]]:
    frame = load_parks(path)
    if not {"longitude", "latitude"} <= set(frame.columns):
        return {}
    own = frame[frame["park_id"].isin(codes)].dropna(subset=["longitude", "latitude"])
    placed = zip(own["park_id"], own["longitude"], own["latitude"], strict=True)
    return {str(code): (float(longitude), float(latitude)) for code, longitude, latitude in placed}


def _borders(path: Path, codes: Sequence[str]) -> list[Shape]:
    findings: list[Finding] = []
    rows = named_rows(path, findings) if path.is_file() else ()
    found = {code: shape for code, _, _, shape in rows if code in codes and shape is not None}
    return list(found.values())


def _on_grid(shapes: Mapping[str, Shape], spots: Mapping[str, tuple[float, float]], borders: Sequence[Shape]) -> Places:
    points = np.vstack([np.array(list(spots.values())), *(one.points for one in (*shapes.values(), *borders))])
    metres = metres_per_degree(float(points[:, 1].mean()))
    corner = points.min(axis=0)
    sides = np.maximum((points.max(axis=0) - corner) * metres, 1.0)
    scale = metres * GRID / sides.max()
    width, height = (float(side) for side in sides * GRID / sides.max())
    named = [*(("", border) for border in borders), *shapes.items()]
    return Places(
        outlines=tuple(Outline(code, ring) for code, shape in named for ring in _rings(shape, corner, scale)),
        spots={code: _placed(np.array(spot), corner, scale) for code, spot in spots.items()},
        width=width,
        height=height,
    )


def _placed(spot: Floats, corner: Floats, scale: Floats) -> tuple[float, float]:
    x, y = (spot - corner) * scale
    return round(float(x), 1), round(float(y), 1)


def _rings(shape: Shape, corner: Floats, scale: Floats) -> Iterator[Floats]:
    """The outer rings in whole steps of the grid; corners that fall together count once."""
    for polygon in shape.polygons:
        ring = np.round((polygon[0] - corner) * scale)
        moved = np.append(True, (np.diff(ring, axis=0) != 0).any(axis=1))
        kept = ring[moved]
        if len(kept) > 3:
            yield kept
