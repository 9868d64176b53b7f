"""The fictional district in memory: everything `write_demo` puts into files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final

import numpy as np
import pandas as pd

from werkbank.demo.district import Ring, draw_municipalities, draw_parks, to_degrees
from werkbank.demo.returns import PARTIES, observe
from werkbank.demo.truth import MUNICIPALITIES, ROUNDS, Place, Truth, name_parks, plant
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.wording import listing

__all__ = ["DEFAULT_SEED", "GENERATOR_VERSION", "District", "generate"]

DEFAULT_SEED: Final = 2018
GENERATOR_VERSION: Final = 1
"""Raised when the same seed gives another district."""

_MEDIAN_HA: Final = 13.0
_HA_SPREAD: Final = 0.9
_FAR_AWAY: Final = dt.date(2099, 12, 31)


@dataclass(frozen=True, slots=True, eq=False)
class District:
    """A fictional district of six municipalities and 77 parks, two rounds of judgements, and the truth behind them."""

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
    borders = draw_municipalities(map_)
    outlines = draw_parks(borders, net_ha, map_)
    polygons = {park_id: to_degrees(ring) for park_id, ring in outlines.items()}
    truth = plant(catalogue, truths)
    return District(
        seed=seed,
        parties=tuple(parties),
        municipalities=MUNICIPALITIES,
        borders=MappingProxyType({slug: to_degrees(ring) for slug, ring in borders.items()}),
        polygons=MappingProxyType(polygons),
        truth=truth,
        legal_basis=MappingProxyType(_legal_basis(catalogue, parties)),
        _parks=_park_frame(named, net_ha, polygons),
        _judgements=MappingProxyType(observe(truth, catalogue, views, parties)),
    )


def _draw_sizes(park_ids: list[str], rng: np.random.Generator) -> dict[str, float]:
    sizes = np.clip(_MEDIAN_HA * np.exp(rng.normal(0, _HA_SPREAD, len(park_ids))), 1.5, 140)
    return {park_id: round(float(size), 1) for park_id, size in zip(park_ids, sizes, strict=True)}


def _park_frame(named: dict[str, str], net_ha: dict[str, float], polygons: dict[str, Ring]) -> pd.DataFrame:
    municipality = {park_id: place.slug for place in MUNICIPALITIES for park_id in place.park_ids}
    middles = {park_id: np.mean(ring[:-1], axis=0).round(5) for park_id, ring in polygons.items()}
    return pd.DataFrame(
        {
            "park_id": list(named),
            "name": list(named.values()),
            "municipality": [municipality[park_id] for park_id in named],
            "net_ha": [net_ha[park_id] for park_id in named],
            "longitude": [float(middles[park_id][0]) for park_id in named],
            "latitude": [float(middles[park_id][1]) for park_id in named],
        }
    )


def _legal_basis(catalogue: Catalogue, parties: Sequence[str]) -> dict[str, object]:
    """A recorded decision of a body that does not exist, long enough valid for the example to keep working."""
    return {
        "id": "fictief-handhavingsknelpunt",
        "kind": "enforcement_bottleneck",
        "body": "Fictieve stuurgroep",
        "decided": dt.date(2025, 1, 15),
        "valid_until": _FAR_AWAY,
        "municipalities": [place.slug for place in MUNICIPALITIES],
        "rounds": list(ROUNDS),
        "purpose": (
            f"Het samenbrengen van de risicomatrices van {listing(catalogue.party(party).name for party in parties)} "
            "om per gemeente te adviseren welk bedrijventerrein het eerst aandacht vraagt."
        ),
        "retention_until": _FAR_AWAY,
        "releases": [],
        "dpia": "Fictieve gegevensbeschermingseffectbeoordeling, versie 1",
        "note": "Dit besluit is verzonnen en hoort bij de fictieve gegevens; het geeft geen enkele bevoegdheid.",
    }
