"""A made-up map: municipalities that fit together without gaps, and parks as small polygons inside them.

Coordinates are longitude and latitude (WGS 84); the shapes are drawn in kilometres and then laid down where a map of
the Netherlands shows them. Borders are invented: they only keep roughly the order of the real municipalities.
"""

from __future__ import annotations

import itertools
import math
from typing import Final

import numpy as np

from werkbank.demo.truth import MUNICIPALITIES

__all__ = ["Ring", "draw_municipalities", "draw_parks", "inside", "to_degrees"]

Ring = tuple[tuple[float, float], ...]
"""A closed ring, first point repeated at the end, counter-clockwise as GeoJSON asks."""

_ORIGIN: Final = (5.11, 52.24)
_KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(52.55)), 111.2)
_CORNERS: Final = {
    "a": (0.0, 9.0), "b": (7.0, 0.0), "c": (20.0, 5.0), "d": (25.0, 16.0), "e": (18.0, 26.0), "f": (6.0, 21.0),
    "g": (37.0, 9.0), "h": (45.0, 21.0), "i": (34.0, 28.0), "j": (38.0, 42.0), "k": (28.0, 50.0), "l": (15.0, 40.0),
    "m": (58.0, 33.0), "n": (61.0, 48.0), "o": (47.0, 53.0), "p": (63.0, 66.0), "q": (47.0, 77.0), "r": (30.0, 69.0),
    "s": (34.0, 60.0), "t": (19.0, 62.0),
}  # fmt: skip
_OUTLINES: Final = {
    "almere": "abcdef",
    "dronten": "ihmnoj",
    "lelystad": "eijkl",
    "noordoostpolder": "kjonpqrs",
    "urk": "ksrt",
    "zeewolde": "cghied",
}
_WAVINESS: Final = 0.07
_HALVINGS: Final = 4
_GROSS_PER_NET: Final = 1.3
_TOWN_SPREAD_KM: Final = 2.6
_LEAST_DISTANCE_KM: Final = 1.0


def draw_municipalities(rng: np.random.Generator) -> dict[str, Ring]:
    """Slug → border in kilometres; two neighbours share every point of their common border."""
    sides = {frozenset(pair) for outline in _OUTLINES.values() for pair in _pairs(outline)}
    drawn = {side: _wavy(side, rng) for side in sorted(sides, key=sorted)}
    return {place.slug: _join(_OUTLINES[place.slug], drawn) for place in MUNICIPALITIES}


def _pairs(outline: str) -> list[tuple[str, str]]:
    return list(zip(outline, outline[1:] + outline[0], strict=True))


def _wavy(side: frozenset[str], rng: np.random.Generator) -> Ring:
    """A line from corner to corner, halved a few times with every new point moved a little sideways."""
    points = [_CORNERS[corner] for corner in sorted(side)]
    for _ in range(_HALVINGS):
        between = [_beside(one, two, rng.normal(0, _WAVINESS)) for one, two in itertools.pairwise(points)]
        points = [point for pair in zip(points, [*between, points[-1]], strict=True) for point in pair][:-1]
    return tuple(points)


def _beside(one: tuple[float, float], two: tuple[float, float], sideways: float) -> tuple[float, float]:
    dx, dy = two[0] - one[0], two[1] - one[1]
    return ((one[0] + two[0]) / 2 - sideways * dy, (one[1] + two[1]) / 2 + sideways * dx)


def _join(outline: str, drawn: dict[frozenset[str], Ring]) -> Ring:
    points: list[tuple[float, float]] = []
    for start, end in _pairs(outline):
        side = drawn[frozenset((start, end))]
        points.extend((side if start < end else side[::-1])[:-1])
    return (*points, points[0])


def draw_parks(borders: dict[str, Ring], net_ha: dict[str, float], rng: np.random.Generator) -> dict[str, Ring]:
    """Park id → outline in kilometres, somewhere near a town of its municipality, a little larger than its net area."""
    outlines: dict[str, Ring] = {}
    centres: list[tuple[float, float]] = []
    for place in MUNICIPALITIES:
        border = borders[place.slug]
        towns = [_spot_inside(border, rng) for _ in range(1 + place.parks // 8)]
        for park_id in place.park_ids:
            centre = _spot_near(towns, border, centres, rng)
            centres.append(centre)
            outlines[park_id] = _outline(centre, net_ha[park_id] * _GROSS_PER_NET / 100, rng)
    return outlines


def _spot_inside(border: Ring, rng: np.random.Generator) -> tuple[float, float]:
    """A place well inside the border: half-way between the middle and a random point of the border."""
    middle = np.mean(border[:-1], axis=0)
    corner = np.asarray(border[int(rng.integers(len(border) - 1))])
    x, y = middle + rng.uniform(0.1, 0.6) * (corner - middle)
    return float(x), float(y)


def _spot_near(
    towns: list[tuple[float, float]], border: Ring, taken: list[tuple[float, float]], rng: np.random.Generator
) -> tuple[float, float]:
    spread, apart = _TOWN_SPREAD_KM, _LEAST_DISTANCE_KM
    while True:
        town = towns[int(rng.integers(len(towns)))]
        x, y = (float(value) for value in rng.normal(town, spread))
        free = all(math.dist((x, y), other) >= apart for other in taken)
        if free and all(inside((x + dx, y + dy), border) for dx in (-0.6, 0.6) for dy in (-0.6, 0.6)):
            return x, y
        # Wider and tighter at every miss, so that the search always ends.
        spread, apart = spread * 1.02, apart * 0.995


def _outline(centre: tuple[float, float], km2: float, rng: np.random.Generator) -> Ring:
    """A bulging block of five to seven corners with exactly this area."""
    corners = int(rng.integers(5, 8))
    angles = np.sort((np.arange(corners) + rng.uniform(-0.28, 0.28, corners)) * 2 * np.pi / corners)
    radius = rng.uniform(0.8, 1.15, corners)
    stretch, turn = rng.uniform(1.0, 1.7), rng.uniform(0, np.pi)
    x, y = radius * np.cos(angles) * stretch, radius * np.sin(angles)
    factor = math.sqrt(km2 / _area(x, y))
    east = centre[0] + factor * (x * math.cos(turn) - y * math.sin(turn))
    north = centre[1] + factor * (x * math.sin(turn) + y * math.cos(turn))
    points = tuple((float(a), float(b)) for a, b in zip(east, north, strict=True))
    return (*points, points[0])


def _area(x: np.ndarray, y: np.ndarray) -> float:
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1))) / 2)


def inside(point: tuple[float, float], ring: Ring) -> bool:
    """Whether a point lies inside a ring (even-odd rule)."""
    x, y = point
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) / (y2 - y1) * (x2 - x1):
            crossings += 1
    return crossings % 2 == 1


def to_degrees(ring: Ring) -> Ring:
    """Kilometres east and north of the map's corner → longitude and latitude, to about a metre."""
    return tuple(
        (round(_ORIGIN[0] + x / _KM_PER_DEGREE[0], 5), round(_ORIGIN[1] + y / _KM_PER_DEGREE[1], 5)) for x, y in ring
    )
