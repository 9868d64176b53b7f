"""The invented names of the fictional district: municipalities marked as such, parks called after birds and plants."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

__all__ = ["MUNICIPALITIES", "PARK_NAMES", "Place", "name_parks"]


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


def _place(slug: str, code: str, name: str, prefix: str, parks: int) -> Place:
    return Place(slug=slug, code=code, name=f"{name} (fictief)", prefix=prefix, parks=parks)


MUNICIPALITIES: Final = (
    _place("almere", "GM0034", "Almere", "ALM", 31),
    _place("dronten", "GM0303", "Dronten", "DRO", 9),
    _place("lelystad", "GM0995", "Lelystad", "LEL", 15),
    _place("noordoostpolder", "GM0171", "Noordoostpolder", "NOP", 13),
    _place("urk", "GM0184", "Urk", "URK", 4),
    _place("zeewolde", "GM0050", "Zeewolde", "ZEE", 5),
)

_NAMES: Final = """
    Appelvink Baardman Bergeend Blauwborst Boomklever Bosanemoon Brilduiker Citroenvlinder Dagpauwoog Distelvink
    Dodaars Dotterbloem Duizendblad Ereprijs Fitis Fluitenkruid Gagel Glanskop Goudvink Graspieper Grutto Heggenmus
    Kalmoes Kamille Karekiet Kattenstaart Klaproos Kleefkruid Kluut Kneu Koekoeksbloem Koninginnenpage Koperwiek
    Korenbloem Krakeend Kramsvogel Kuifeend Kwartelkoning Leverkruid Lisdodde Longkruid Matkop Moerasspirea Nachtegaal
    Nonnetje Oranjetipje Parnassia Pestvogel Pijlkruid Pinksterbloem Pluimzegge Porseleinhoen Putter Regenwulp
    Rietzanger Roerdomp Roodborst Scholekster Slangenkruid Slobeend Smeerwortel Smient Speenkruid Steltkluut Tapuit
    Teunisbloem Tureluur Veldleeuwerik Visdief Vuurvlinder Watermunt Watersnip Wilgenroosje Winterkoning Zanglijster
    Zonnedauw Zwanenbloem
"""

PARK_NAMES: Final = tuple(_NAMES.split())
"""77 names that no business park in the province has; a test holds them against the public registers."""


def name_parks(rng: np.random.Generator) -> dict[str, str]:
    """Park id → name, dealt out by the generator; no name twice."""
    park_ids = [park_id for place in MUNICIPALITIES for park_id in place.park_ids]
    dealt = rng.permutation(np.asarray(PARK_NAMES))
    return {park_id: str(name) for park_id, name in zip(park_ids, dealt, strict=True)}
