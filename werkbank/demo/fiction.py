"""The fictional district in memory: its invented map, and what the parties see of the planted truth.

Municipalities fit together without gaps; coordinates are longitude and latitude (WGS 84), drawn in kilometres and laid
down where a map of the Netherlands shows them.

Each party sees a part of the truth, not always the same, and sometimes a step off; who sees what follows the
indicator's best judge. A cell that is not seen is `unknown`, never 0; some cells do not apply, a few are left open. In
every next round more is known and some cells are judged differently. Remarks are neutral, and never about anyone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pandas as pd

from werkbank.demo.truth import (
    DISTRICT,
    FIRST,
    MUNICIPALITIES,
    ROUNDS,
    Floats,
    Levels,
    Mask,
    Truth,
    kinds,
    name_parks,
    plant,
)
from werkbank.matrix import layout
from werkbank.parks.geometry import Shape
from werkbank.settings.catalogue import Catalogue, load_catalogue

Ring = tuple[tuple[float, float], ...]
"""A closed ring, first point repeated at the end, counter-clockwise as GeoJSON asks."""

_ORIGIN: Final = (5.11, 52.24)
_KM_PER_DEGREE: Final = (111.32 * math.cos(math.radians(52.55)), 111.2)
_GROSS_PER_NET: Final = 1.3
_TOWN_SPREAD_KM: Final = 2.6
_LEAST_DISTANCE_KM: Final = 1.0


def _draw_parks(borders: dict[str, Ring], net_ha: dict[str, float], rng: np.random.Generator) -> dict[str, Ring]:
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


Texts = np.ndarray[Any, np.dtype[np.object_]]
Days = np.ndarray[Any, np.dtype[np.datetime64]]
Streams = tuple[np.random.Generator, np.random.Generator]
"""Of the judgements, and of those of the first round alone."""

REMARKS: Final[dict[str, list[str]]] = DISTRICT["remarks"]
# Family → chance that a cell above 0 carries a source strength with a date, and a remark.
_CARRIES: Final = {"threat": (0.85, 0.40), "opportunity": (0.12, 0.08), "resilience": (0.06, 0.06)}
# Chance of A, and of A or B, for a level low, in the middle and at the top of its scale: frequent is better sourced.
_STRENGTHS: Final = np.array([(0.08, 0.55), (0.35, 0.80), (0.60, 0.92)])
_WORKING_DAYS: Final = 140


def explain(frame: pd.DataFrame, round_name: str, catalogue: Catalogue, rng: np.random.Generator) -> pd.DataFrame:
    """The judgements with remark, source_strength and date filled in where a party would do so."""
    families = dict(zip(catalogue.indicator_ids, kinds(catalogue), strict=True))
    tops = {each.id: catalogue.scale_of(each.id).highest for each in catalogue.indicators}
    family = frame["indicator"].map(families).to_numpy(dtype=object)
    level = frame["level"].fillna(0).to_numpy(dtype=float)
    height = level / frame["indicator"].map(tops).to_numpy(dtype=float)
    chance = np.array([_CARRIES[each] for each in family])
    carried = (rng.random(chance.shape) < chance) & (level[:, None] > 0)
    strength = np.where(carried[:, 0], _strengths(height, rng), "")
    date = np.where(carried[:, 0], _days(round_name, len(frame), rng), np.datetime64("NaT", "D"))
    remark = np.where(carried[:, 1], _remarks(family, rng), "")
    explained = frame.assign(remark=remark, source_strength=strength, date=date)
    return explained.astype({"remark": "str", "source_strength": "str", "date": "datetime64[s]"})


def _strengths(height: Floats, rng: np.random.Generator) -> Texts:
    band = np.searchsorted([0.34, 0.67], height)
    luck = rng.random(len(height))
    which = (luck[:, None] > _STRENGTHS[band]).sum(axis=1)
    return np.asarray(np.array(layout.SOURCE_STRENGTHS, dtype=object)[which])


def _days(round_name: str, count: int, rng: np.random.Generator) -> Days:
    """Working days in the months before the round closes, which is at the end of its January."""
    closing = np.datetime64(f"{round_name[:4]}-01-31")
    return np.busday_offset(closing, -rng.integers(0, _WORKING_DAYS, count), roll="backward")


def _remarks(family: Texts, rng: np.random.Generator) -> Texts:
    luck = rng.random(len(family))
    return np.array(
        [REMARKS[each][int(at * len(REMARKS[each]))] for each, at in zip(family, luck, strict=True)], object
    )


PARTIES: Final = ("police", "municipality")
"""Who judges in the example when nobody is named. They are drawn first: who joins does not change what they say."""


# (family, whose view it is best seen from: own, shared, other) → chance that a party has a view.
_KNOWS: Final = {
    ("threat", "own"): 0.92, ("threat", "shared"): 0.82, ("threat", "other"): 0.30,
    ("opportunity", "own"): 0.95, ("opportunity", "shared"): 0.82, ("opportunity", "other"): 0.35,
    ("resilience", "own"): 0.95, ("resilience", "shared"): 0.80, ("resilience", "other"): 0.30,
}  # fmt: skip
_PARK_SPREAD: Final = 0.5
"""How much parks differ in how well they are known, on the scale of the log-odds."""
_BLIND: Final = -3.3
_LEARNED: Final = 0.3
_FORGOTTEN: Final = 0.05
_REJUDGED: Final = 0.12
_LESS_KNOWN: Final = 2.0
"""How much less was known in the first round of the parks of which it is planted, on the same scale."""
_OPEN: Final = 0.007
_SAYS_NOT_APPLICABLE: Final = 0.85
# Best judge or not → chance of a step too low, of a step too high, and of seeing nothing where there is something.
_ERRORS: Final = {True: (0.08, 0.04, 0.0), False: (0.20, 0.05, 0.12)}


@dataclass(frozen=True, slots=True, eq=False)
class _Luck:
    """Uniform draws per cell of one party, kept between the rounds but for a part that is drawn anew."""

    sees: Floats
    errs: Floats
    open: Floats
    says: Floats

    def renewed(self, rng: np.random.Generator) -> _Luck:
        return _Luck(
            _partly(self.sees, _FORGOTTEN, rng),
            _partly(self.errs, _REJUDGED, rng),
            np.asarray(rng.random(self.open.shape)),
            self.says,
        )

    def but(self, other: _Luck, parks: Mask) -> _Luck:
        """The same luck, with another for some parks."""
        pairs = zip(astuple(self), astuple(other), strict=True)
        return _Luck(*(np.where(parks[:, None], theirs, own) for own, theirs in pairs))


def _partly(kept: Floats, share: float, rng: np.random.Generator) -> Floats:
    fresh = rng.random(kept.shape)
    return np.where(rng.random(kept.shape) < share, fresh, kept)


def observe(
    truth: Truth, catalogue: Catalogue, streams: Streams, parties: Sequence[str] = PARTIES
) -> dict[str, pd.DataFrame]:
    """Round → judgements of all parties, with the columns and types of RiskMatrix.judgements."""
    first = [party for party in PARTIES if party in parties]
    joined = [party for party in parties if party not in PARTIES]
    tables = [_observe(truth, catalogue, streams, PARTIES)]
    # A stream of its own for everyone who joins: what one party says does not hang on who else is asked.
    own = {party: (streams[0].spawn(1)[0], streams[1].spawn(1)[0]) for party in joined}
    tables += [_observe(truth, catalogue, theirs, [party]) for party, theirs in own.items()]
    whole = {name: pd.concat([table[name] for table in tables]) for name in ROUNDS}
    return {name: each[each["party"].isin([*first, *joined])].reset_index(drop=True) for name, each in whole.items()}


def _observe(truth: Truth, catalogue: Catalogue, streams: Streams, parties: Sequence[str]) -> dict[str, pd.DataFrame]:
    shape, (rng, of_first) = (len(truth.park_ids), len(truth.indicators)), streams
    familiar = rng.normal(0, _PARK_SPREAD, shape[0])
    luck = {party: _Luck(*(rng.random(shape) for _ in range(4))) for party in parties}
    rounds = {FIRST: _observe_first(truth, catalogue, luck, familiar, of_first)}
    for number, round_name in enumerate(ROUNDS[1:]):
        if number:
            luck = {party: each.renewed(rng) for party, each in luck.items()}
            familiar = familiar + _LEARNED
        views = {party: _view(truth, round_name, catalogue, party, luck[party], familiar) for party in parties}
        rounds[round_name] = explain(_frame(truth, views), round_name, catalogue, rng)
    return rounds


def _observe_first(
    truth: Truth, catalogue: Catalogue, luck: Mapping[str, _Luck], familiar: Floats, rng: np.random.Generator
) -> pd.DataFrame:
    """The first round, from what parties see in the one after it; of named parks only what is planted is otherwise."""
    named, quiet, vague = (
        np.isin(truth.park_ids, parks) for parks in (truth.first.named, truth.first.quiet, truth.first.knowledge)
    )
    views = {}
    for party, own in luck.items():
        then = own.renewed(rng).but(own, named)
        states, levels = _view(truth, FIRST, catalogue, party, then, familiar - _LESS_KNOWN * vague)
        drawn = rng.random(levels.shape) < abs(truth.first.drift.get(party, 0))
        way = np.sign(truth.first.drift.get(party, 0)).astype(np.int8)
        views[party] = states, _otherwise(levels, way * (drawn & ~quiet[:, None]), catalogue)
    return explain(_frame(truth, views), FIRST, catalogue, rng)


def _otherwise(levels: Levels, steps: Levels, catalogue: Catalogue) -> Levels:
    """Levels moved by steps of risk, kept within each scale."""
    risk = np.array([-1 if catalogue.family_of(code).protective else 1 for code in catalogue.indicator_ids])
    return np.clip(levels + risk * steps, 0, _highest(catalogue)).astype(np.int8)


def _highest(catalogue: Catalogue) -> Floats:
    return np.array([catalogue.scale_of(code).highest for code in catalogue.indicator_ids])


def _view(
    truth: Truth, round_name: str, catalogue: Catalogue, party: str, luck: _Luck, familiar: Floats
) -> tuple[Texts, Levels]:
    """What one party puts in every cell: state and level, parks × indicators."""
    known = luck.sees < _chance_to_know(truth, round_name, catalogue, party, familiar)
    states = np.where(known, "level", "unknown").astype(object)
    does_not_fit = ~truth.applicable & (luck.says < _SAYS_NOT_APPLICABLE)
    states[~truth.applicable] = "unknown"
    states[does_not_fit] = "not_applicable"
    states[luck.open < _OPEN] = "open"
    return states, _reported(truth.levels[round_name], catalogue, party, luck.errs)


def _chance_to_know(truth: Truth, round_name: str, catalogue: Catalogue, party: str, familiar: Floats) -> Floats:
    best = (_vantage(each.best_judge, party) for each in catalogue.indicators)
    chance = np.array([_KNOWS[each] for each in zip(kinds(catalogue), best, strict=True)])
    blind = np.isin(truth.park_ids, truth.blind_spots[round_name])
    log_odds = np.log(chance / (1 - chance)) + np.where(blind, _BLIND, familiar)[:, None]
    return np.asarray(1 / (1 + np.exp(-log_odds)))


def _vantage(best_judge: str, party: str) -> str:
    if best_judge == party:
        return "own"
    return "shared" if best_judge == "both" else "other"


def _reported(levels: Levels, catalogue: Catalogue, party: str, errs: Floats) -> Levels:
    """The true levels with this party's errors, kept within each scale."""
    good = [_vantage(indicator.best_judge, party) != "other" for indicator in catalogue.indicators]
    low, high, nothing = np.array([_ERRORS[each] for each in good]).T
    step = np.where(errs < low, -1, 0) + np.where(errs > 1 - high, 1, 0)
    threat = np.array([each == "threat" for each in kinds(catalogue)])
    unseen = threat & (errs >= low) & (errs < low + nothing)
    return np.where(unseen, 0, np.clip(levels + step, 0, _highest(catalogue))).astype(np.int8)


def _frame(truth: Truth, views: dict[str, tuple[Texts, Levels]]) -> pd.DataFrame:
    """One row per park, indicator and party, in that order."""
    parks, indicators, parties = len(truth.park_ids), len(truth.indicators), list(views)
    states = np.stack([states for states, _ in views.values()], axis=2).ravel()
    levels = np.stack([levels for _, levels in views.values()], axis=2).ravel()
    frame = pd.DataFrame(
        {
            "park_id": np.repeat(truth.park_ids, indicators * len(parties)),
            "indicator": np.tile(np.repeat(truth.indicators, len(parties)), parks),
            "party": np.tile(parties, parks * indicators),
            "state": states,
            "level": pd.array(levels, dtype="Int8"),
        }
    ).astype(dict.fromkeys(("park_id", "indicator", "party", "state"), "str"))
    frame.loc[frame["state"] != "level", "level"] = pd.NA
    return frame


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
    borders: Mapping[str, Ring]
    """Municipality → its invented border in degrees."""
    polygons: Mapping[str, Ring]
    """Park → its invented outline in degrees."""
    truth: Truth
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
    sizes = np.clip(_MEDIAN_HA * np.exp(map_.normal(0, _HA_SPREAD, len(named))), 1.5, 140)
    net_ha = {park_id: round(float(size), 1) for park_id, size in zip(named, sizes, strict=True)}
    # In kilometres; two neighbours share every point of their common border.
    drawn = json.loads(Path(__file__).with_name("borders.json").read_text(encoding="utf-8"))
    borders = {place.slug: tuple((x, y) for x, y in drawn[place.slug]) for place in MUNICIPALITIES}
    outlines = _draw_parks(borders, net_ha, map_)
    polygons = {park_id: to_degrees(ring) for park_id, ring in outlines.items()}
    # Of what is planted in the first round, and of what is seen of it: nothing else moves with them.
    first = np.random.SeedSequence(seed, spawn_key=(_FIRST_STREAM,))
    before, seen_before = (np.random.default_rng(each) for each in first.spawn(2))
    truth = plant(catalogue, truths, before)
    return District(
        seed=seed,
        parties=tuple(parties),
        borders=MappingProxyType({slug: to_degrees(ring) for slug, ring in borders.items()}),
        polygons=MappingProxyType(polygons),
        truth=truth,
        _parks=_park_frame(named, net_ha, polygons),
        _judgements=MappingProxyType(observe(truth, catalogue, (views, seen_before), parties)),
    )


def _park_frame(named: dict[str, str], net_ha: dict[str, float], polygons: dict[str, Ring]) -> pd.DataFrame:
    rows = []
    for place in MUNICIPALITIES:
        for park_id in place.park_ids:
            longitude, latitude = np.mean(polygons[park_id][:-1], axis=0).round(5)
            rows.append((park_id, named[park_id], place.slug, net_ha[park_id], float(longitude), float(latitude)))
    return pd.DataFrame(rows, columns=["park_id", "name", "municipality", "net_ha", "longitude", "latitude"])


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
