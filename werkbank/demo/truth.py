"""What is really going on in the fictional district: planted, so that an analysis can be held against it.

In every municipality one park is planted highest and stays so in both rounds; a few parks are blind spots, and a few
change between the rounds. The levels come from `latent`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np

from werkbank.demo.truth import MUNICIPALITIES, Floats, Latent, Levels, Mask, Numbers, draw_latent, nominal_scores
from werkbank.settings.catalogue import Catalogue

__all__ = ["ROUNDS", "Truth", "plant"]

ROUNDS: Final = ("2025-1", "2026-1")

_NOT_APPLICABLE: Final = {"threat": 0.004, "opportunity": 0.03, "resilience": 0.02}
_LEAD: Final = (7.0, 12.0)
"""Points of the total by which a planted park is at least ahead of its municipality's next: drawn between these."""
_LARGEST_LEAD: Final = 16.0
_CEILING: Final = 46.0
"""The highest total of any other park: above it nothing would look like real returns."""
_STEP: Final = 0.1
_BLIND_SPOTS: Final = (2, 1)
_CHANGING: Final = 8


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
    """Park → +1 when it got worse between the rounds, −1 when it got better."""


def plant(catalogue: Catalogue, rng: np.random.Generator) -> Truth:
    """Draw the truth of both rounds; the same generator state gives the same truth."""
    park_ids = tuple(park_id for place in MUNICIPALITIES for park_id in place.park_ids)
    planted = {place.slug: str(rng.choice(place.park_ids)) for place in MUNICIPALITIES}
    blind, changes = _pick_parks(frozenset(planted.values()), rng)
    applicable = _draw_applicable(catalogue, len(park_ids), rng)
    applicable.setflags(write=False)
    latent = draw_latent(catalogue, _municipality_numbers(), rng)
    leads = {park_ids.index(park_id): float(rng.uniform(*_LEAD)) for park_id in planted.values()}
    levels = {}
    for number, round_name in enumerate(ROUNDS):
        if number:
            shift = np.array([changes.get(park_id, 0) for park_id in park_ids], dtype=float)
            latent = latent.moved(shift, rng)
        latent = _with_leaders(latent, leads, applicable)
        levels[round_name] = latent.levels()
        levels[round_name].setflags(write=False)
    return Truth(
        park_ids=park_ids,
        indicators=catalogue.indicator_ids,
        levels=MappingProxyType(levels),
        applicable=applicable,
        planted=MappingProxyType(planted),
        blind_spots=MappingProxyType({name: blind[:n] for name, n in zip(ROUNDS, _BLIND_SPOTS, strict=True)}),
        changes=MappingProxyType(changes),
    )


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
    chance = np.array([_NOT_APPLICABLE[indicator.family] for indicator in catalogue.indicators])
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
