"""What one municipality's analysis needs of the whole district: totals for its place, figures for the draws.

It is made once for all municipalities of a legal basis, can be kept as `district_context.json`, and is a reason of its
own to analyse again: a municipality's outcome hangs on its own judgements and on the hash of this.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import pandas as pd

from werkbank.advice.scorecard import Scorecard, score_matrix
from werkbank.assessment.inputs import Inputs, paths_of
from werkbank.errors import Finding, MatrixError, OutputError
from werkbank.files.canonical import from_plain, to_plain
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.register import LegalBasis
from werkbank.register.agreements import recorded_agreements, with_agreements
from werkbank.scoring.unknown_cells import District
from werkbank.settings.catalogue import Catalogue
from werkbank.settings.method import sha256
from werkbank.settings.parameters import Parameters, parties_asked
from werkbank.settings.workspace import municipality_slugs
from werkbank.wording import listing


@dataclass(frozen=True, slots=True, eq=False)
class DistrictContext:
    """The district by one method, as far as one legal basis reaches.

    `figures` are the frequencies of levels, the correlation and the difference between parties that the draws use.
    """

    figures: District
    _parks: pd.DataFrame
    """Per park: park_id, municipality and total on the compared parties; where `mixed` also between what it may lie."""
    asked: Mapping[str, tuple[str, ...]]
    """Municipality → the parties that are asked there."""
    absent: Mapping[str, tuple[str, ...]]
    """Municipality → the parties that are compared and of which no workbook was read."""

    @property
    def mixed(self) -> bool:
        """Whether not every municipality asks the same parties."""
        return len({frozenset(parties) for parties in self.asked.values()}) > 1

    @property
    def compared(self) -> tuple[str, ...]:
        """The parties that every municipality asks: on these parks are compared (method.md 4)."""
        return _in_all(self.asked)

    def totals(self, municipality: str, own: pd.Series) -> pd.Series | None:
        """The totals of its parks (`own`), and of those elsewhere where every compared party delivered.

        Where `mixed` its own too are those on the compared parties. None where one of these did not deliver here, or
        there are none: such parks have no place in the district yet.
        """
        if self.absent.get(municipality, ()) or not self.compared:
            return None
        whole = [slug for slug, absent in self.absent.items() if not absent and (self.mixed or slug != municipality)]
        parks = self._parks.set_index("park_id")
        there = parks.loc[parks["municipality"].isin(whole), "total"]
        return there if self.mixed else pd.concat([own, there])

    def scored_again(self, municipality: str) -> pd.DataFrame:
        """Per park of a municipality its score on the compared parties and its bounds; no columns unless `mixed`."""
        own = self._parks[self._parks["municipality"] == municipality].set_index("park_id")
        again = self.mixed and self.compared
        return own.drop(columns="municipality").add_prefix("compared_") if again else own[[]]

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
                allowed="alle partijen die elke gemeente vraagt",
                remedy="vraag de ontbrekende werkmappen op en maak de analyse opnieuw",
            )

    @property
    def fingerprint(self) -> str:
        """The sha256 of everything in it; who is asked only where that differs, for else it is in the parameters."""
        plain = to_plain(self)
        return sha256({key: value for key, value in plain.items() if self.mixed or key != "asked"})


def district_context(parameters: Parameters, inputs: Inputs) -> DistrictContext:
    """The context of every municipality that the legal basis covers, the municipality itself included."""
    try:
        return context_of(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    except MatrixError:
        asked = asked_in_district(parameters, inputs.basis)
        return _context(parameters, inputs.catalogue, inputs.parks, inputs.matrix, asked)


def context_of(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
) -> DistrictContext:
    """The same for all municipalities of one method and legal basis. Raises MatrixError when nothing can be read."""
    matrix = district_matrix(parameters, catalogue, parks, basis)
    return _context(parameters, catalogue, parks, matrix, asked_in_district(parameters, basis))


def district_matrix(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, basis: LegalBasis | None
) -> RiskMatrix:
    """The judgements of every municipality that the legal basis covers. Raises MatrixError when nothing can be read."""
    asked = asked_in_district(parameters, basis)
    theirs = paths_of(parameters, catalogue, asked).values()
    paths = dict.fromkeys(path for of_one in theirs for each in of_one.values() for path in each)
    matrix = load_matrix(paths, catalogue, parks, round=parameters.round, parties=asked, municipalities=asked)
    return with_agreements(matrix, recorded_agreements(parameters.data, parameters.round), catalogue)


def asked_in_district(parameters: Parameters, basis: LegalBasis | None) -> dict[str, tuple[str, ...]]:
    """Municipality → the parties that are asked there, as far as the legal basis reaches.

    What is told other parties than the files say is so for the whole district, and so is one party's own view: it
    needs no legal basis, and looks at nobody else.
    """
    asked, own = parties_asked(parameters.workspace), parameters.parties
    as_told = len(own) > 1 and asked.get(parameters.municipality) == own
    return {slug: asked[slug] if as_told else own for slug in covered(parameters, basis)}


def covered(parameters: Parameters, basis: LegalBasis | None) -> tuple[str, ...]:
    """The municipalities of the district as far as the legal basis reaches."""
    slugs = municipality_slugs(parameters.workspace)
    return slugs if basis is None else tuple(slug for slug in slugs if slug in basis.municipalities)


def _context(
    parameters: Parameters,
    catalogue: Catalogue,
    parks: pd.DataFrame,
    matrix: RiskMatrix,
    asked: Mapping[str, tuple[str, ...]],
) -> DistrictContext:
    everyone, compared = dict.fromkeys(chain.from_iterable(asked.values())), _in_all(asked)
    scorecard = score_matrix(matrix, catalogue, parameters.method, tuple(everyone))
    # Under maximum a score rises with the number of parties.
    again = len(compared) not in (0, len(everyone))
    alike = score_matrix(matrix, catalogue, parameters.method, compared) if again else scorecard
    scores = alike.table[["score", "low", "high"] if again else ["score"]].rename(columns={"score": "total"})
    homes = parks.set_index("park_id")["municipality"].reindex(scores.index)
    delivered = {(source.municipality, source.party) for source in matrix.sources}
    return DistrictContext(
        figures=scorecard.district,
        _parks=scores.assign(municipality=homes).reset_index(names="park_id"),
        asked=asked,
        absent={
            slug: tuple(party for party in compared if (slug, party) not in delivered)
            for slug in sorted({slug for slug, _ in delivered})
        },
    )


def _in_all(asked: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    first, *others = asked.values()
    return tuple(party for party in first if all(party in parties for parties in others))


def district_scorecard(parameters: Parameters, inputs: Inputs) -> tuple[Scorecard, pd.Series[str], tuple[str, ...]]:
    """Every park with a place in the district scored as that place has it, the municipality of each, and who has none.

    The last are the municipalities where not every compared party delivered. Raises OutputError where no party is asked
    everywhere.
    """
    context = district_context(parameters, inputs)
    if not context.compared:
        raise OutputError("Geen enkele partij wordt in elke gemeente gevraagd: terreinen zijn dan niet te vergelijken.")
    matrix = district_matrix(parameters, inputs.catalogue, inputs.parks, inputs.basis)
    figures = None if context.mixed else context.figures
    scorecard = score_matrix(matrix, inputs.catalogue, parameters.method, context.compared, figures)
    homes = inputs.parks.set_index("park_id")["municipality"].reindex(scorecard.table.index)
    return scorecard, homes, tuple(slug for slug, absent in context.absent.items() if absent)


CONTEXT_FILE = "district_context.json"
HANDED_OVER = "WERKBANK_DISTRICT_CONTEXT"
SCHEMA_VERSION = 3


def context_key(parameters: Parameters, catalogue: Catalogue, basis: LegalBasis | None) -> str:
    """What a context hangs on besides the workbooks: equal keys in one batch, one context.

    It holds who is asked in every municipality; only one party's own view, that has no legal basis, is of that party.
    """
    alone = parameters.parties if basis is None else ()
    parts = [parameters.method.fingerprint, alone, parameters.round, catalogue.fingerprint]
    return sha256([*parts, covered(parameters, basis)])[:16]


def contexts_document(contexts: Mapping[str, DistrictContext]) -> dict[str, Any]:
    """Contexts by key as plain values, to be kept as canonical JSON."""
    kept = {key: {"fingerprint": one.fingerprint, **to_plain(one)} for key, one in contexts.items()}
    return {"schema_version": SCHEMA_VERSION, "contexts": kept}


def handed_over(parameters: Parameters, inputs: Inputs) -> DistrictContext | None:
    """The context that the batch made for this municipality; None when there is none for its method and parties.

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
        if restored is not None and restored.asked.get(parameters.municipality) != parameters.parties:
            return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise OutputError(f"{CONTEXT_FILE} kan niet worden gelezen ({type(error).__name__}).") from error
    return restored
