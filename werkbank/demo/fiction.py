"""The fictional district in memory: everything `write_demo` puts into files, its invented map included.

Municipalities fit together without gaps; coordinates are longitude and latitude (WGS 84), drawn in kilometres and laid
down where a map of the Netherlands shows them.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from werkbank.demo.observations import PARTIES, observe
from werkbank.demo.truth import DISTRICT, MUNICIPALITIES, ROUNDS, Place, Truth, name_parks, plant
from werkbank.parks.geometry import Shape
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.wording import listing

Ring = tuple[tuple[float, float], ...]
"""A closed ring, first point repeated at the end, counter-clockwise as GeoJSON asks."""

_ORIGIN: Final = (5.11, 52.24)
_KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(52.55)), 111.2)
_GROSS_PER_NET: Final = 1.3
_TOWN_SPREAD_KM: Final = 2.6
_LEAST_DISTANCE_KM: Final = 1.0


def _borders() -> dict[str, Ring]:
    """Slug → border in kilometres; two neighbours share every point of their common border."""
    drawn = json.loads(Path(__file__).with_name("borders.json").read_text(encoding="utf-8"))
    return {place.slug: tuple((x, y) for x, y in drawn[place.slug]) for place in MUNICIPALITIES}


def draw_parks(borders: dict[str, Ring], net_ha: dict[str, float], rng: np.random.Generator) -> dict[str, Ring]:
    """Park id → outline in kilometres, somewhere near a town of its municipality, a little larger than its net area."""
    outlines: dict[str, Ring] = {}
    centres: list[tuple[float, float]] = []
    for place in MUNICIPALITIES:
        border = borders[place.slug]
        towns = [_spot_inside(border, rng) for _ in range(1 + place.parks // 8)]
        for park_id in place.park_ids:
            centre = _spot_near(towns, Shape(((np.array(border),),)), centres, rng)
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
    towns: list[tuple[float, float]], border: Shape, taken: list[tuple[float, float]], rng: np.random.Generator
) -> tuple[float, float]:
    spread, apart = _TOWN_SPREAD_KM, _LEAST_DISTANCE_KM
    around = np.array([(dx, dy) for dx in (-0.6, 0.6) for dy in (-0.6, 0.6)])
    while True:
        town = towns[int(rng.integers(len(towns)))]
        x, y = (float(value) for value in rng.normal(town, spread))
        free = all(math.dist((x, y), other) >= apart for other in taken)
        if free and border.contains(around + np.array([x, y])).all():
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


def to_degrees(ring: Ring) -> Ring:
    """Kilometres east and north of the map's corner → longitude and latitude, to about a metre."""
    return tuple(
        (round(_ORIGIN[0] + x / _KM_PER_DEGREE[0], 5), round(_ORIGIN[1] + y / _KM_PER_DEGREE[1], 5)) for x, y in ring
    )


DEFAULT_SEED: Final = 2018
GENERATOR_VERSION: Final = 3
"""Raised when the same seed gives another district."""

_MEDIAN_HA: Final = 13.0
_HA_SPREAD: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """A fictional district of six municipalities and 77 parks, three rounds of judgements, and the planted truth."""

    seed: int
    parties: tuple[str, ...]
    municipalities: tuple[Place, ...]
    borders: Mapping[str, Ring]
    """Municipality → its invented border in degrees."""
    polygons: Mapping[str, Ring]
    """Park → its invented outline in degrees."""
    truth: Truth
    legal_basis: Mapping[str, object]
    _parks: pd.DataFrame = field(repr=False)
    _judgements: Mapping[str, pd.DataFrame] = field(repr=False)

    @property
    def rounds(self) -> tuple[str, ...]:
        """The rounds, oldest first."""
        return tuple(self._judgements)

    @property
    def parks(self) -> pd.DataFrame:
        """One row per park: park_id, name, municipality, net_ha, longitude, latitude."""
        return self._parks.copy()

    def judgements(self, round: str) -> pd.DataFrame:
        """One row per park, indicator and party of a round, with the columns of RiskMatrix.judgements."""
        return self._judgements[round].copy()


def generate(
    seed: int = DEFAULT_SEED, *, catalogue: Catalogue | None = None, parties: Sequence[str] = PARTIES
) -> District:
    """Make the fictional district of a seed; the same seed, catalogue and parties give the same district."""
    catalogue = catalogue or load_catalogue()
    # One stream a subject: another way of drawing the map does not change what is going on in it.
    names, map_, truths, views = (np.random.default_rng(each) for each in np.random.SeedSequence(seed).spawn(4))
    named = name_parks(names)
    net_ha = _draw_sizes(list(named), map_)
    borders = _borders()
    outlines = draw_parks(borders, net_ha, map_)
    polygons = {park_id: to_degrees(ring) for park_id, ring in outlines.items()}
    # Of what is planted in the first round, and of what is seen of it: nothing else moves with them.
    first = np.random.SeedSequence(seed, spawn_key=(_FIRST_STREAM,))
    before, seen_before = (np.random.default_rng(each) for each in first.spawn(2))
    truth = plant(catalogue, truths, before)
    return District(
        seed=seed,
        parties=tuple(parties),
        municipalities=MUNICIPALITIES,
        borders=MappingProxyType({slug: to_degrees(ring) for slug, ring in borders.items()}),
        polygons=MappingProxyType(polygons),
        truth=truth,
        legal_basis=MappingProxyType(_legal_basis(catalogue, parties)),
        _parks=_park_frame(named, net_ha, polygons),
        _judgements=MappingProxyType(observe(truth, catalogue, views, seen_before, parties)),
    )


def _draw_sizes(park_ids: list[str], rng: np.random.Generator) -> dict[str, float]:
    sizes = np.clip(_MEDIAN_HA * np.exp(rng.normal(0, _HA_SPREAD, len(park_ids))), 1.5, 140)
    return {park_id: round(float(size), 1) for park_id, size in zip(park_ids, sizes, strict=True)}


def _park_frame(named: dict[str, str], net_ha: dict[str, float], polygons: dict[str, Ring]) -> pd.DataFrame:
    rows = []
    for place in MUNICIPALITIES:
        for park_id in place.park_ids:
            longitude, latitude = np.mean(polygons[park_id][:-1], axis=0).round(5)
            rows.append((park_id, named[park_id], place.slug, net_ha[park_id], float(longitude), float(latitude)))
    return pd.DataFrame(rows, columns=["park_id", "name", "municipality", "net_ha", "longitude", "latitude"])


def _legal_basis(catalogue: Catalogue, parties: Sequence[str]) -> dict[str, object]:
    basis = DISTRICT["legal_basis"]
    purpose = basis["purpose"].format(parties=listing(catalogue.party(party).name for party in parties))
    places = [place.slug for place in MUNICIPALITIES]
    return {**basis, "municipalities": places, "rounds": list(ROUNDS), "purpose": purpose}


_STREAM: Final = 4
"""The district's own subjects use the first four streams of the seed."""
_FIRST_STREAM: Final = 5
_FIRMS_PER_HA: Final = 4.2
_JOBS_PER_FIRM: Final = 11.0
_LEFT_EMPTY: Final = 0.06


def draw_context(parks: pd.DataFrame, seed: int) -> pd.DataFrame:
    """One row per park of the register: firms, jobs, vacancy and the like, as a municipality might deliver them.

    Sizes go with the net area; some cells are empty, as in any such list.
    """
    rng = np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(_STREAM,)))
    n = len(parks)
    firms = np.maximum(1, rng.poisson(parks["net_ha"].to_numpy() * _FIRMS_PER_HA * rng.lognormal(0, 0.3, n)))
    jobs = np.maximum(firms, rng.poisson(firms * _JOBS_PER_FIRM * rng.lognormal(0, 0.4, n)))
    columns = {
        "establishments": _texts(firms, 0),
        "workers": _texts(jobs, 0),
        "vacancy": _texts(np.clip(rng.gamma(2.2, 3.0, n), 0, 40), 1),
        "median_building_year": _texts(rng.normal(1996, 9, n), 0),
        "car_trade_share": _texts(np.clip(rng.gamma(2.0, 5.0, n), 0, 60), 1),
        "sole_proprietor_share": _texts(rng.uniform(18, 62, n), 1),
        "biz": ["ja" if draw < 0.35 else "nee" for draw in rng.random(n)],
    }
    table = pd.DataFrame(columns).mask(rng.random((n, len(columns))) < _LEFT_EMPTY, "")
    table.insert(0, "park_id", parks["park_id"].to_numpy())
    return table.assign(reference_date="2026-01-01")


def _texts(values: np.ndarray[tuple[int], np.dtype[np.float64]], digits: int) -> list[str]:
    return [f"{value:.{digits}f}" for value in values]
