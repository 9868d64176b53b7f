"""What every return is checked against: catalogue, register, round and parties; made once for all files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

import pandas as pd

from werkbank.matrix.cells import CellReader
from werkbank.matrix.identity import Suppliers
from werkbank.matrix.locating import Words
from werkbank.settings.catalogue import Catalogue

__all__ = ["Known", "words_of_catalogue"]


@dataclass(frozen=True, slots=True)
class Known:
    """Catalogue and register in the forms in which reading needs them."""

    catalogue: Catalogue
    fingerprint: str
    cells: CellReader
    indicators: Words
    parks: Words
    own_parks: Mapping[str, Words]
    """Of every municipality the words for parks, of which its own are expected."""
    parks_of: Mapping[str, tuple[str, ...]]
    municipality_of: Mapping[str, str]
    suppliers: Suppliers
    round: str
    parties: tuple[str, ...] | None
    """Who takes part; None when that was not said."""
    earlier: Mapping[str, Known] = field(default_factory=dict)
    """The same for returns of earlier versions of the catalogue, by version."""

    @classmethod
    def of(cls, catalogue: Catalogue, parks: pd.DataFrame, round: str, parties: Sequence[str] | None) -> Self:
        """What is known by this catalogue, this register (`load_parks`) and the parameters of the round."""
        own_of: dict[str, list[str]] = {}
        for park, slug in zip(parks["park_id"].tolist(), parks["municipality"].tolist(), strict=True):
            own_of.setdefault(str(slug), []).append(park)
        parks_of = {slug: tuple(own) for slug, own in own_of.items()}
        names = parks["name"] if "name" in parks else parks["park_id"]
        words = Words.of("park", zip(parks["park_id"].astype(str), names.astype(str), strict=True))
        words_of = words_of_catalogue(catalogue)
        now = cls(
            catalogue=catalogue,
            fingerprint=words_of.fingerprint,
            cells=words_of.cells,
            indicators=words_of.indicators,
            parks=words,
            own_parks={slug: words.limited(own) for slug, own in parks_of.items()},
            parks_of=parks_of,
            municipality_of={park: slug for slug, own in parks_of.items() for park in own},
            suppliers=Suppliers(tuple(parks_of), catalogue.parties),
            round=round,
            parties=None if parties is None else tuple(parties),
        )
        return replace(now, earlier={version: now._as_of(version) for version in catalogue.earlier_versions})

    def _as_of(self, version: str) -> Known:
        then = self.catalogue.as_of(version)
        return replace(self, catalogue=then, cells=CellReader(then), indicators=_indicators(then))


@dataclass(frozen=True, slots=True)
class _OfCatalogue:
    """What only depends on the catalogue, and takes longer to make than to read a small workbook."""

    catalogue: Catalogue
    fingerprint: str
    cells: CellReader
    indicators: Words


_LAST: list[_OfCatalogue] = []
"""Of the catalogues that were used last; a catalogue never changes."""


def words_of_catalogue(catalogue: Catalogue) -> _OfCatalogue:
    """The words by which a catalogue's indicators and levels are found in workbooks; made once for each catalogue."""
    for made in _LAST:
        if made.catalogue is catalogue:
            return made
    made = _OfCatalogue(catalogue, catalogue.fingerprint, CellReader(catalogue), _indicators(catalogue))
    _LAST[:] = [made, *_LAST[:3]]
    return made


def _indicators(catalogue: Catalogue) -> Words:
    return Words.of("indicator", ((each.id, each.name) for each in catalogue.indicators))
