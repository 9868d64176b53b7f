"""What one municipality's analysis needs of the whole district: totals for its place, figures for the draws.

It is made once for all municipalities of a legal basis, can be kept as `district_context.json`, and is a reason of its
own to analyse again: a municipality's outcome hangs on its own judgements and on the hash of this.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from werkbank.advice.scorecard import score_matrix
from werkbank.assessment.inputs import Inputs, matrix_paths
from werkbank.errors import Finding, MatrixError, OutputError
from werkbank.files.canonical import from_plain, to_plain
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.register import LegalBasis
from werkbank.scoring.unknown_cells import District
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import sha256
from werkbank.settings.parameters import Parameters, municipality_slugs
from werkbank.wording import listing

__all__ = [
    "CONTEXT_FILE",
    "HANDED_OVER",
    "DistrictContext",
    "context_key",
    "context_of",
    "contexts_document",
    "covered",
    "district_context",
    "district_matrix",
    "handed_over",
]


@dataclass(frozen=True, slots=True, eq=False)
class DistrictContext:
    """The district by one method, as far as one legal basis reaches.

    `figures` are the frequencies of levels, the correlation and the difference between parties that the draws use.
    """

    figures: District
    _parks: pd.DataFrame
    """Per park: park_id, municipality and total."""
    absent: Mapping[str, tuple[str, ...]]
    """Municipality → the parties that were asked and of which no workbook was read."""

    def elsewhere(self, municipality: str) -> pd.Series | None:
        """The totals of the parks of the other municipalities in which every party that was asked delivered.

        None where one of them did not deliver here: such parks have no place in the district yet (method.md 4).
        """
        if self.absent.get(municipality, ()):
            return None
        whole = [slug for slug, absent in self.absent.items() if slug != municipality and not absent]
        parks = self._parks.set_index("park_id")
        return parks.loc[parks["municipality"].isin(whole), "total"]

    def findings(self, municipality: str) -> Iterator[Finding]:
        """Which municipalities are left out of the comparison, and why."""
        absent = self.absent.get(municipality, ())
        others = sorted(slug for slug, absent in self.absent.items() if absent and slug != municipality)
        if absent:
            found = "nog geen plaats in het district: niet elke partij leverde aan"
        elif others:
            found = f"in {listing(others)} leverde niet elke partij aan; die terreinen tellen niet mee in de plaats "
            found += "in het district"
        if absent or others:
            yield Finding(
                rule="unequal-parties",
                severity="warning",
                found=found,
                allowed="alle gevraagde partijen in elke gemeente",
                remedy="vraag de ontbrekende werkmappen op en maak de analyse opnieuw",
            )

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything in it."""
        return sha256(to_plain(self))


def district_context(parameters: Parameters, inputs: Inputs) -> DistrictContext:
    """The context of every municipality that the legal basis covers, the municipality itself included."""
    try:
        return context_of(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    except MatrixError:
        return _context(parameters, inputs.catalogue, inputs.parks, inputs.matrix)


def context_of(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
) -> DistrictContext:
    """The same for all municipalities of one method and legal basis. Raises MatrixError when nothing can be read."""
    return _context(parameters, catalogue, parks, district_matrix(parameters, catalogue, parks, basis))


def district_matrix(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
) -> RiskMatrix:
    """The judgements of every municipality that the legal basis covers. Raises MatrixError when nothing can be read."""
    slugs = covered(parameters, basis)
    found = (paths for slug in slugs for paths in matrix_paths(parameters, catalogue, slug).values())
    paths = dict.fromkeys(chain.from_iterable(found))
    return load_matrix(
        paths, catalogue, parks, round=parameters.round, parties=parameters.parties, municipalities=slugs
    )


def covered(parameters: Parameters, basis: LegalBasis | None) -> tuple[str, ...]:
    """The municipalities of the district as far as the legal basis reaches."""
    slugs = municipality_slugs(parameters.workspace)
    return slugs if basis is None else tuple(slug for slug in slugs if slug in basis.municipalities)


def _context(parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, matrix: RiskMatrix) -> DistrictContext:
    scorecard = score_matrix(matrix, catalogue, parameters.method, parameters.parties)
    municipality, total = parks.set_index("park_id")["municipality"], scorecard.risk.total
    delivered = {(source.municipality, source.party) for source in matrix.sources}
    return DistrictContext(
        figures=scorecard.district,
        _parks=pd.DataFrame(
            {"park_id": total.index, "municipality": municipality.reindex(total.index).array, "total": total.array}
        ),
        absent={
            slug: tuple(party for party in parameters.parties if (slug, party) not in delivered)
            for slug in sorted({slug for slug, _ in delivered})
        },
    )


CONTEXT_FILE = "district_context.json"
HANDED_OVER = "WERKBANK_DISTRICT_CONTEXT"
SCHEMA_VERSION = 3


def context_key(parameters: Parameters, catalogue: Catalogue, basis: LegalBasis | None) -> str:
    """What a context hangs on besides the workbooks: equal keys in one batch, one context."""
    parts = [parameters.method.fingerprint, parameters.parties, parameters.round, catalogue.fingerprint]
    return sha256([*parts, covered(parameters, basis)])[:16]


def contexts_document(contexts: Mapping[str, DistrictContext]) -> dict[str, Any]:
    """Contexts by key as plain values, to be kept as canonical JSON."""
    kept = {key: {"fingerprint": one.fingerprint, **to_plain(one)} for key, one in contexts.items()}
    return {"schema_version": SCHEMA_VERSION, "contexts": kept}


def handed_over(parameters: Parameters, inputs: Inputs) -> DistrictContext | None:
    """The context that the batch made for this municipality; None when there is no batch, or none for its method.

    Raises OutputError when the file that was handed over cannot be read.
    """
    path = os.environ.get(HANDED_OVER)
    if not path:
        return None
    try:
        contexts = json.loads(Path(path).read_text(encoding="utf-8"))["contexts"]
        found = contexts.get(context_key(parameters, inputs.catalogue, inputs.basis))
        restored = None if found is None else from_plain(DistrictContext, found)
        if restored is not None and restored.fingerprint != found["fingerprint"]:
            raise ValueError("not what was kept")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{CONTEXT_FILE} kan niet worden gelezen ({type(error).__name__}).") from error
    return restored
