"""What is really going on in the fictional district: planted, so that an analysis can be held against it.

The names are invented. A park has a general activity and four themes. Threats follow both, opportunity follows them
too, resilience goes against the activity. In every municipality one park is planted highest and stays so in both
rounds; a few parks are blind spots, and a few change between the rounds. Before these two there is a first round, made
from the second: what is otherwise in it is planted and named (`First`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import NormalDist
from types import MappingProxyType
from typing import Any, Final, Self

import numpy as np

from werkbank.files.yaml import packaged
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.entries import Indicator

DISTRICT: Final[dict[str, Any]] = packaged(__file__, "district.yaml")
"""Everything about the district that is made up and not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A municipality of the fictional district: real code, name marked as fictional, number of parks."""

    slug: str
    code: str
    name: str
    prefix: str
    parks: int

    @property
    def park_ids(self) -> tuple[str, ...]:
        """The ids of its parks, as in "ALM-01"."""
        return tuple(f"{self.prefix}-{number:02d}" for number in range(1, self.parks + 1))


MUNICIPALITIES: Final = tuple(Place(**place) for place in DISTRICT["municipalities"])
PARK_NAMES: Final = tuple(DISTRICT["park_names"].split())


def name_parks(rng: np.random.Generator) -> dict[str, str]:
    """Park id → name, dealt out by the generator; no name twice."""
    park_ids = [park_id for place in MUNICIPALITIES for park_id in place.park_ids]
    dealt = rng.permutation(np.asarray(PARK_NAMES))
    return {park_id: str(name) for park_id, name in zip(park_ids, dealt, strict=True)}


Floats = np.ndarray[Any, np.dtype[np.float64]]
Levels = np.ndarray[Any, np.dtype[np.int8]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]
Numbers = np.ndarray[Any, np.dtype[np.int64]]

# Family → how strongly the latent value follows activity and theme; the rest is noise of the cell itself.
_LOADINGS: Final = {"threat": (0.50, 0.60), "opportunity": (0.50, 0.30), "resilience": (-0.50, 0.0)}
# Family → share of cells at most 0, 1 and 2 on a scale of four levels.
_SHARES: Final = {"threat": (0.78, 0.915, 0.975), "opportunity": (0.33, 0.70, 0.92), "resilience": (0.18, 0.55, 0.87)}
_MUNICIPALITY_SPREAD: Final = 0.12
_DRIFT: Final = 0.12
_CHANGE: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Latent:
    """Latent values of one round: activity per park, themes per park, noise and cuts per cell and indicator."""

    catalogue: Catalogue
    activity: Floats
    themes: Floats
    noise: Floats
    cuts: tuple[Floats, ...]
    """Per indicator the borders between its levels."""

    def levels(self) -> Levels:
        """Parks × indicators: the level in whose band each latent value falls."""
        values = self._values()
        columns = [np.searchsorted(cuts, values[:, number]) for number, cuts in enumerate(self.cuts)]
        return np.stack(columns, axis=1).astype(np.int8)

    def _values(self) -> Floats:
        loadings = np.array([_LOADINGS[each] for each in kinds(self.catalogue)])
        rest = np.sqrt(1 - (loadings**2).sum(axis=1))
        theme = self.themes[:, _theme_numbers(self.catalogue)]
        return np.asarray(self.activity[:, None] * loadings[:, 0] + theme * loadings[:, 1] + self.noise * rest)

    def moved(self, shift: Floats, rng: np.random.Generator) -> Self:
        """The next round: every park drifts a little, those with a shift of ±1 change in earnest."""
        drift = rng.normal(0, _DRIFT, self.activity.shape)
        theme_drift = rng.normal(0, _DRIFT, self.themes.shape)
        return replace(
            self,
            activity=self.activity + drift + _CHANGE * shift,
            themes=self.themes + theme_drift + _CHANGE * shift[:, None] / 2,
        )

    def raised(self, parks: Numbers, step: float) -> Self:
        """The same world with some parks a step more active, most of all in their two strongest themes."""
        activity, themes = self.activity.copy(), self.themes.copy()
        activity[parks] += step
        strongest = np.argsort(themes[parks], axis=1)[:, -2:]
        themes[parks[:, None], strongest] += step
        return replace(self, activity=activity, themes=themes)


def draw_latent(catalogue: Catalogue, municipality: Numbers, rng: np.random.Generator) -> Latent:
    """Draw a world; `municipality` numbers the parks' municipalities, which differ only a little."""
    parks = len(municipality)
    base = rng.normal(0, _MUNICIPALITY_SPREAD, int(municipality.max()) + 1)
    frequency = rng.normal(0, 0.22, len(catalogue.indicators))
    return Latent(
        catalogue=catalogue,
        activity=rng.normal(0, 1, parks) + base[municipality],
        themes=rng.normal(0, 1, (parks, len(DISTRICT["themes"]))),
        noise=rng.normal(0, 1, (parks, len(catalogue.indicators))),
        cuts=tuple(
            _cuts(indicator, _SHARES[kind], catalogue.scale_of(indicator.id).highest) + shift
            for indicator, kind, shift in zip(catalogue.indicators, kinds(catalogue), frequency, strict=True)
        ),
    )


def kinds(catalogue: Catalogue) -> list[str]:
    """Per indicator the family of the packaged catalogue that its own is drawn as."""
    kind = {
        one.id: "threat" if one.required else "resilience" if one.protective else "opportunity"
        for one in catalogue.families
    }
    return [kind[indicator.family] for indicator in catalogue.indicators]


def _cuts(indicator: Indicator, shares: tuple[float, ...], highest: int) -> Floats:
    """Borders between the levels; graver threats are rarer."""
    wanted = np.interp(np.linspace(0, 1, highest), np.linspace(0, 1, len(shares)), shares)
    rarer = 0.12 * ((indicator.severity or 2) - 2)
    return np.array([NormalDist().inv_cdf(float(share)) + rarer for share in wanted])


def _theme_numbers(catalogue: Catalogue) -> list[int]:
    themes = list(DISTRICT["themes"].values())
    known = {code: number for number, codes in enumerate(themes) for code in codes}
    return [known.get(code, place % len(themes)) for place, code in enumerate(catalogue.indicator_ids)]


def nominal_scores(levels: Levels, applicable: Mask, catalogue: Catalogue) -> Floats:
    """Totals 0-100 of fully known levels by the default method (method.md 3, design.md 4.1)."""
    total = np.zeros(len(levels))
    for family in catalogue.families:
        columns = [number for number, each in enumerate(catalogue.indicators) if each.family == family.id]
        own = [catalogue.indicators[number] for number in columns]
        points = np.stack(
            [_points(catalogue, each)[levels[:, n]] for n, each in zip(columns, own, strict=True)], axis=1
        )
        risk = 100 - points if family.protective else points
        weights = np.array([each.weight * (each.severity or 1) for each in own]) * applicable[:, columns]
        mean = (weights * risk**family.power).sum(axis=1) / weights.sum(axis=1)
        total += family.weight * mean ** (1 / family.power)
    return total / sum(family.weight for family in catalogue.families)


def _points(catalogue: Catalogue, indicator: Indicator) -> Floats:
    scale = catalogue.scale_of(indicator.id)
    return np.array([scale.points_of(level) for level in range(scale.highest + 1)])


ROUNDS: Final = ("2024-1", "2025-1", "2026-1")
FIRST: Final = ROUNDS[0]
"""The round that is made from the one after it, with a stream of its own; the others do not hang on it."""

_NOT_APPLICABLE: Final = {"threat": 0.004, "opportunity": 0.03, "resilience": 0.02}
_LEAD: Final = (7.0, 12.0)
"""Points of the total by which a planted park is at least ahead of its municipality's next: drawn between these."""
_LARGEST_LEAD: Final = 16.0
_CEILING: Final = 46.0
"""The highest total of any other park: above it nothing would look like real returns."""
_STEP: Final = 0.1
_BLIND_SPOTS: Final = (2, 2, 1)
_CHANGING: Final = 8
_MOVED: Final = 10.0
"""Points of the total by which a park is really otherwise in the first round."""
_FARTHEST: Final = 60
"""Steps after which a park of a short catalogue moves no farther."""
_NEAR_THE_TOP: Final = 5
_FIRST_PARKS: Final = {"worse": 3, "better": 3, "knowledge": 3, "quiet": 6}


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """What is planted between the first round and the one after it; everything else is ordinary noise."""

    situation: Mapping[str, int]
    """Park → +1 when it got worse since the first round, −1 when it got better."""
    knowledge: tuple[str, ...]
    """Of these less was known in the first round, and nothing is judged otherwise but for the drift."""
    quiet: tuple[str, ...]
    """Of these every cell is as in the round after it; the drift leaves them out."""
    drift: Mapping[str, float]
    """Party → steps of risk by which it judged otherwise in the first round, as far as the scale lets it."""
    worked: str
    """The park that was chosen as the highest of its municipality, and is lower since."""
    unmoved: str
    """The park that was chosen as the highest of its municipality, and still is."""

    @property
    def named(self) -> tuple[str, ...]:
        """The parks of which nothing is otherwise but for what is planted."""
        return (*self.situation, *self.knowledge, *self.quiet, self.worked, self.unmoved)


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """The planted truth; arrays are parks × indicators in the order of the fields, and read-only."""

    park_ids: tuple[str, ...]
    indicators: tuple[str, ...]
    levels: Mapping[str, Levels]
    """Round → true levels."""
    applicable: Mask
    planted: Mapping[str, str]
    """Municipality → the park with most risk."""
    blind_spots: Mapping[str, tuple[str, ...]]
    """Round → the parks of which hardly anything is known."""
    changes: Mapping[str, int]
    """Park → +1 when it got worse between the second round and the third, −1 when it got better."""
    first: First


def plant(catalogue: Catalogue, rng: np.random.Generator, first_rng: np.random.Generator) -> Truth:
    """Draw the truth of all rounds; the same generator states give the same truth.

    `first_rng` is of what is planted before: it changes nothing in the other rounds.
    """
    park_ids = tuple(park_id for place in MUNICIPALITIES for park_id in place.park_ids)
    planted = {place.slug: str(rng.choice(place.park_ids)) for place in MUNICIPALITIES}
    blind, changes = _pick_parks(frozenset(planted.values()), rng)
    applicable = _draw_applicable(catalogue, len(park_ids), rng)
    applicable.setflags(write=False)
    latent = draw_latent(catalogue, _municipality_numbers(), rng)
    leads = {park_ids.index(park_id): float(rng.uniform(*_LEAD)) for park_id in planted.values()}
    levels: dict[str, Levels] = {}
    for number, round_name in enumerate(ROUNDS[1:]):
        if number:
            shift = np.array([changes.get(park_id, 0) for park_id in park_ids], dtype=float)
            latent = latent.moved(shift, rng)
        latent = _with_leaders(latent, leads, applicable)
        if not number:
            taken = {*planted.values(), *blind, *changes}
            first, before = _plant_first(latent, applicable, planted, taken, first_rng)
            levels[FIRST] = before.levels()
        levels[round_name] = latent.levels()
    for each in levels.values():
        each.setflags(write=False)
    return Truth(
        park_ids=park_ids,
        indicators=catalogue.indicator_ids,
        levels=MappingProxyType(levels),
        applicable=applicable,
        planted=MappingProxyType(planted),
        blind_spots=MappingProxyType({name: blind[:n] for name, n in zip(ROUNDS, _BLIND_SPOTS, strict=True)}),
        changes=MappingProxyType(changes),
        first=first,
    )


def _plant_first(
    latent: Latent, applicable: Mask, planted: Mapping[str, str], taken: Collection[str], rng: np.random.Generator
) -> tuple[First, Latent]:
    """What is planted before the second round, and the world of then; `taken` are the parks of the other rounds."""
    park_ids, own = [park_id for place in MUNICIPALITIES for park_id in place.park_ids], DISTRICT["first_round"]
    scores = dict(zip(park_ids, nominal_scores(latent.levels(), applicable, latent.catalogue), strict=True))
    first = _pick_first(sorted(set(park_ids) - set(taken), key=lambda park: (scores[park], park)), planted, rng)
    goals = {park: scores[park] - way * _MOVED for park, way in first.situation.items()}
    goals[first.worked] = scores[planted[own["worked"]]] + float(rng.uniform(*_LEAD))
    for park, goal in goals.items():
        latent = _towards(latent, park_ids.index(park), goal, applicable)
    return first, latent


def _pick_first(free: list[str], planted: Mapping[str, str], rng: np.random.Generator) -> First:
    """Which parks, of those that are free, from the lowest score to the highest."""
    own = DISTRICT["first_round"]
    prefix = next(place.prefix for place in MUNICIPALITIES if place.slug == own["worked"])
    worked = str(rng.choice([park for park in free if park.startswith(prefix)][-_NEAR_THE_TOP:]))
    free = [park for park in free if park != worked]
    # What got worse since has enough now to have had less, and so has what less was known of; what got better is not
    # among the highest of now.
    low, high = free[: len(free) // 2], free[len(free) // 2 :]
    worse, better = _some(high[len(high) // 2 :], "worse", rng), _some(low, "better", rng)
    knowledge = _some([park for park in high if park not in worse], "knowledge", rng)
    quiet = _some([park for park in free if park not in (*worse, *better, *knowledge)], "quiet", rng)
    return First(
        situation=MappingProxyType(dict.fromkeys(worse, 1) | dict.fromkeys(better, -1)),
        knowledge=knowledge,
        quiet=quiet,
        drift=MappingProxyType(own["drift"]),
        worked=worked,
        unmoved=planted[own["unmoved"]],
    )


def _some(park_ids: Sequence[str], what: str, rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(sorted(str(park) for park in rng.choice(park_ids, size=_FIRST_PARKS[what], replace=False)))


def _towards(latent: Latent, park: int, goal: float, applicable: Mask) -> Latent:
    """The world in which one park scores at least as high, or as low, as the goal, if it can."""
    one, way = np.array([park]), 0.0
    for _ in range(_FARTHEST):
        short = goal - nominal_scores(latent.levels(), applicable, latent.catalogue)[park]
        way = way or float(np.sign(short))
        if short * way <= 0:
            break
        latent = latent.raised(one, way * _STEP)
    return latent


def _municipality_numbers() -> Numbers:
    return np.repeat(np.arange(len(MUNICIPALITIES)), [place.parks for place in MUNICIPALITIES])


def _pick_parks(planted: frozenset[str], rng: np.random.Generator) -> tuple[tuple[str, ...], dict[str, int]]:
    """The blind spots, each in another of the larger municipalities, and the parks that change; never planted ones."""
    larger = [place for place in MUNICIPALITIES if place.parks >= 9]
    chosen = rng.permutation(len(larger))[: max(_BLIND_SPOTS)]
    blind = tuple(
        str(rng.choice([park_id for park_id in larger[number].park_ids if park_id not in planted])) for number in chosen
    )
    free = [
        park_id
        for place in MUNICIPALITIES
        for park_id in place.park_ids
        if park_id not in planted and park_id not in blind
    ]
    changing = sorted(str(park_id) for park_id in rng.choice(free, size=_CHANGING, replace=False))
    return blind, {park_id: 1 if number % 2 else -1 for number, park_id in enumerate(changing)}


def _draw_applicable(catalogue: Catalogue, parks: int, rng: np.random.Generator) -> Mask:
    chance = np.array([_NOT_APPLICABLE[each] for each in kinds(catalogue)])
    return np.asarray(rng.random((parks, len(chance))) >= chance)


def _with_leaders(latent: Latent, leads: Mapping[int, float], applicable: Mask) -> Latent:
    """Lower what is out of the ordinary, then move each leader until it is as far ahead as it should be."""
    municipality = _municipality_numbers()

    def scores() -> Floats:
        return nominal_scores(latent.levels(), applicable, latent.catalogue)

    followers = np.setdiff1d(np.arange(len(municipality)), list(leads))
    while len(high := followers[scores()[followers] > _CEILING]):
        latent = latent.raised(high, -_STEP)
    for leader, lead in leads.items():
        next_best = scores()[followers[municipality[followers] == municipality[leader]]].max()
        while scores()[leader] > next_best + _LARGEST_LEAD:
            latent = latent.raised(np.array([leader]), -_STEP)
        while scores()[leader] < next_best + lead:
            latent = latent.raised(np.array([leader]), _STEP)
    return latent
