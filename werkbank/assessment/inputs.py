"""What one analysis is made of: catalogue, register, legal basis and the judgements of one municipality.

The legal basis comes before the judgements: without one the parties' workbooks are not even opened together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, MatrixError, OutputError, RegisterError, fault
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.matrix.checks import TOLD, remarks_to_show
from werkbank.matrix.identity import Known, Supplier, Suppliers
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.reading import LOCK, round_returns
from werkbank.parks.context import read_context
from werkbank.parks.lineage import load_lineage
from werkbank.register import LegalBasis, require_legal_basis
from werkbank.register.agreements import recorded_agreements, with_agreements
from werkbank.register.notes import Note, recorded_notes
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters
from werkbank.settings.workspace import municipality_slugs
from werkbank.wording import listing, nearest

CONTEXT_FILE = "context.csv"


@dataclass(frozen=True, slots=True, eq=False)
class Inputs:
    """All that was read for one municipality, and a finding for every workbook that was not there."""

    catalogue: Catalogue
    parks: pd.DataFrame
    basis: LegalBasis | None
    matrix: RiskMatrix
    missing: tuple[Finding, ...]
    own: pd.DataFrame
    """The municipality's own parks as registered, by park id."""
    context: pd.DataFrame
    """Context figures of its own parks: shown beside the scores, never in them."""
    context_findings: tuple[Finding, ...]
    remarks: pd.DataFrame
    """What the parties wrote beside their cells (TOLD); nothing for an audience that may not see it."""
    notes: tuple[Note, ...] = ()
    """What analysts kept in their own words; nothing for an audience that may not see it."""


def read_inputs(parameters: Parameters, today: dt.date) -> Inputs:
    """The inputs of one municipality's analysis.

    Raises a WerkbankError with every finding when the data cannot be read, and LegalBasisError when the parties may
    not be brought together on `today`; one party alone needs no legal basis.
    """
    catalogue = load_catalogue(parameters.catalogue_path)
    parks = parks_of(parameters)
    basis = legal_basis_of(parameters, today)
    matrix, missing = read_matrix(parameters, catalogue, parks)
    own = parks.set_index("park_id").loc[list(matrix.park_ids)]
    context = read_context(parameters.data / CONTEXT_FILE, parks)
    return Inputs(
        catalogue=catalogue,
        parks=parks,
        basis=basis,
        matrix=matrix,
        missing=tuple(missing),
        own=own,
        # A municipality's analysis holds nothing about another's parks.
        context=context.figures[context.figures["park_id"].isin(own.index)].reset_index(drop=True),
        context_findings=tuple(one for one in context.findings if one.park_id is None or one.park_id in own.index),
        remarks=(
            remarks_to_show(matrix, parameters.parties, parks)
            if "remarks" in catalogue.audience(parameters.audience).fields
            else pd.DataFrame(columns=list(TOLD), dtype="str")
        ),
        notes=recorded_notes(parameters, catalogue),
    )


def load_round(parameters: Parameters | str, *, today: dt.date | None = None) -> RiskMatrix:
    """The judgements of one municipality in its round, by its parameters or its name, with their findings.

    Raises what `assess` raises: LegalBasisError when the parties may not be brought together, MatrixError when there is
    nothing to read; and OutputError for an audience that may not see every party's cells.

    >>> matrix = wb.load_round("urk")
    >>> matrix.park_ids
    ('URK-01', 'URK-02', 'URK-03', 'URK-04')
    >>> len(matrix.judgements)
    280
    """
    if isinstance(parameters, str):
        parameters = load_parameters(parameters)
    audience = load_catalogue(parameters.catalogue_path).audience(parameters.audience)
    if not {*parameters.parties} <= {*audience.parties}:
        raise OutputError(
            f"De risicomatrix zelf is niet voor de doelgroep “{audience.name}”: zij bevat ieders oordelen."
        )
    return read_inputs(parameters, today or dt.date.today()).matrix


def input_errors(parameters: Parameters) -> tuple[Finding, ...]:
    """The errors in the workbooks of a municipality, whoever the analysis is for; for the analyst's eyes."""
    catalogue = load_catalogue(parameters.catalogue_path)
    matrix, missing = read_matrix(parameters, catalogue, parks_of(parameters))
    return tuple(finding for finding in (*missing, *matrix.findings) if finding.severity == "error")


def parks_of(parameters: Parameters) -> pd.DataFrame:
    """The list of parks as it was in this round. Raises RegisterError with every finding."""
    return load_lineage(parameters.data).parks_in(parameters.round)


def matrix_paths(parameters: Parameters, catalogue: Catalogue) -> dict[str, tuple[Path, ...]]:
    """Each party's returns of this round, whatever they are called and however many."""
    asked = {parameters.municipality: parameters.parties}
    return paths_of(parameters, catalogue, asked)[parameters.municipality]


def paths_of(
    parameters: Parameters, catalogue: Catalogue, asked: Mapping[str, Sequence[str]]
) -> dict[str, dict[str, tuple[Path, ...]]]:
    """Per municipality each asked party's returns of this round."""
    theirs: dict[Supplier, list[Path]] = {}
    for path, whose in returns_of_round(parameters, catalogue).items():
        for supplier in whose:
            theirs.setdefault(supplier, []).append(path)
    return {slug: {party: tuple(theirs.get((slug, party), ())) for party in parties} for slug, parties in asked.items()}


def missing_names(parameters: Parameters, catalogue: Catalogue) -> list[str]:
    """What the returns would be called that are not there."""
    returns = matrix_paths(parameters, catalogue)
    absent = (party for party, paths in returns.items() if not paths)
    return [workbook_name(parameters.municipality, catalogue.party(party).file) for party in absent]


def stray_files(parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
    """The files in the folder of the round that nobody reads; each with the workbook it may be meant for, or ""."""
    returns = returns_of_round(parameters, catalogue)
    delivered = {supplier for whose in returns.values() for supplier in whose}
    absent = sorted(
        workbook_name(slug, party.file)
        for slug in municipality_slugs(parameters.workspace)
        for party in catalogue.parties
        if (slug, party.id) not in delivered
    )
    read = {path.name for path, whose in returns.items() if whose}
    folder = parameters.returns
    files = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    return {
        name: nearest(name, absent) or "" for name in files if name not in read and not name.startswith((".", LOCK))
    }


def returns_of_round(parameters: Parameters, catalogue: Catalogue) -> dict[Path, tuple[Supplier, ...]]:
    """Every return of the round, and whose it is."""

    def known() -> Known:
        return Known.of(catalogue, parks_of(parameters), parameters.round, None)

    suppliers = Suppliers(municipality_slugs(parameters.workspace), catalogue.parties)
    return round_returns(parameters.returns, suppliers, known)


def read_matrix(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame
) -> tuple[RiskMatrix, Sequence[Finding]]:
    """The municipality's matrix from what was delivered, and a finding for every workbook that was not."""
    if parameters.municipality not in set(parks["municipality"]):
        raise RegisterError(f"Het terreinenregister heeft geen terreinen in {parameters.municipality}.")
    absent = missing_names(parameters, catalogue)
    strays = stray_files(parameters, catalogue) if absent else {}
    missing = [_missing(parameters, name, strays) for name in absent]
    if len(absent) == len(parameters.parties):
        raise MatrixError(
            f"Er zijn voor {parameters.name} geen risicomatrices van ronde {parameters.round}. "
            "Maak een voorbeeld met “werkbank demo”, of zet de ingevulde werkmappen in de gegevensmap.",
            tuple(missing),
        )
    return own_matrix(parameters, catalogue, parks), missing


def legal_basis_of(parameters: Parameters, today: dt.date) -> LegalBasis | None:
    """The legal basis that holds that day; none is needed for one party. Raises LegalBasisError, RegisterError."""
    if len(parameters.parties) == 1:
        return None
    path = parameters.data / "legal_bases.yaml"
    return require_legal_basis(path, parameters.legal_basis, parameters.municipality, parameters.round, today)


def own_matrix(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame, *, strict: bool = False
) -> RiskMatrix:
    """The municipality's matrix from whatever was delivered, with what was agreed on since.

    Of a file with more municipalities it takes its own part.
    """
    paths = dict.fromkeys(chain.from_iterable(matrix_paths(parameters, catalogue).values()))
    matrix = load_matrix(
        paths,
        catalogue,
        parks,
        round=parameters.round,
        parties=parameters.parties,
        municipalities=[parameters.municipality],
        strict=strict,
    )
    recorded = recorded_agreements(parameters.data, parameters.round, parameters.municipality)
    return with_agreements(matrix, recorded, catalogue)


def _missing(parameters: Parameters, file: str, strays: Mapping[str, str]) -> Finding:
    alike = [f"“{name}”" for name, meant in strays.items() if meant == file]
    found = "de werkmap ontbreekt; deze partij telt nu nergens mee"
    remedy = "vraag de werkmap op en maak de analyse opnieuw"
    if alike:
        found += f" (wel gevonden, maar niet gelezen: {listing(alike)})"
        remedy = f"is het deze werkmap, sla haar dan op als {file} en maak de analyse opnieuw"
    allowed = f"een ingevulde risicomatrix van ronde {parameters.round}"
    return fault("missing-workbook", found, allowed, remedy, file=file)
