"""What one municipality's analysis needs of the whole district: totals for its place, figures for the draws.

It is made once for all municipalities of a legal basis, can be kept as `district_context.json`, and is a reason of its
own to analyse again: a municipality's outcome hangs on its own judgements and on the hash of this.
"""

from __future__ import annotations

import json
import math
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
    _totals: pd.Series
    _municipality: pd.Series
    absent: dict[str, tuple[str, ...]]
    """Municipality → the parties that were asked and of which no workbook was read."""

    def elsewhere(self, municipality: str) -> pd.Series | None:
        """The totals of the parks of the other municipalities in which every party that was asked delivered.

        None where one of them did not deliver here: such parks have no place in the district yet (method.md 4).
        """
        if self.absent.get(municipality, ()):
            return None
        whole = [slug for slug, absent in self.absent.items() if slug != municipality and not absent]
        return self._totals[self._municipality.isin(whole)]

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
        figures = self.figures
        totals = {str(park): None if total != total else total for park, total in self._totals.items()}  # noqa: PLR0124
        frequencies = {str(code): shares for code, shares in figures.frequencies.items()}
        return sha256([totals, self.absent, frequencies, figures.correlation, figures.error])


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
    municipality = parks.set_index("park_id")["municipality"]
    delivered = {(source.municipality, source.party) for source in matrix.sources}
    return DistrictContext(
        figures=scorecard.district,
        _totals=scorecard.risk.total,
        _municipality=municipality.reindex(scorecard.risk.total.index),
        absent={
            slug: tuple(party for party in parameters.parties if (slug, party) not in delivered)
            for slug in sorted({slug for slug, _ in delivered})
        },
    )


CONTEXT_FILE = "district_context.json"
HANDED_OVER = "WERKBANK_DISTRICT_CONTEXT"
SCHEMA_VERSION = 2


def context_key(parameters: Parameters, catalogue: Catalogue, basis: LegalBasis | None) -> str:
    """What a context hangs on besides the workbooks: equal keys in one batch, one context."""
    parts = [parameters.method.fingerprint, parameters.parties, parameters.round, catalogue.fingerprint]
    return sha256([*parts, covered(parameters, basis)])[:16]


def contexts_document(contexts: Mapping[str, DistrictContext]) -> dict[str, Any]:
    """Contexts by key as plain values, to be kept as canonical JSON."""
    return {"schema_version": SCHEMA_VERSION, "contexts": {key: _plain(one) for key, one in contexts.items()}}


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
        restored = None if found is None else _restored(found)
        if restored is not None and restored.fingerprint != found["fingerprint"]:
            raise ValueError("not what was kept")
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{CONTEXT_FILE} kan niet worden gelezen ({type(error).__name__}).") from error
    return restored


def _plain(context: DistrictContext) -> dict[str, Any]:
    figures = context.figures
    return {
        "fingerprint": context.fingerprint,
        "frequencies": {str(code): list(shares) for code, shares in figures.frequencies.items()},
        "correlation": figures.correlation,
        "error": figures.error,
        "parks": [
            [str(park), slug, None if math.isnan(total) else total]
            for park, slug, total in zip(
                context._totals.index, context._municipality.tolist(), context._totals.tolist(), strict=True
            )
        ],
        "absent": context.absent,
    }


def _restored(kept: Mapping[str, Any]) -> DistrictContext:
    parks, municipalities, totals = zip(*kept["parks"], strict=True) if kept["parks"] else ((), (), ())
    index = pd.Index(parks, name="park_id", dtype="str")
    return DistrictContext(
        figures=District(
            frequencies={code: tuple(shares) for code, shares in kept["frequencies"].items()},
            correlation=kept["correlation"],
            error=kept["error"],
        ),
        _totals=pd.Series(totals, index=index, dtype="float64"),
        _municipality=pd.Series(municipalities, index=index, dtype="str"),
        absent={slug: tuple(absent) for slug, absent in kept["absent"].items()},
    )
