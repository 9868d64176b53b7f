"""What one analysis is made of: catalogue, register, legal basis and the judgements of one municipality.

The legal basis comes before the judgements: without one the parties' workbooks are not even opened together.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, MatrixError, OutputError, RegisterError
from werkbank.matrix import RiskMatrix, load_matrix
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.reading import SUFFIXES
from werkbank.parks.context import read_context
from werkbank.parks.register import load_parks
from werkbank.register import LegalBasis, require_legal_basis
from werkbank.register.notes import Note, recorded_notes
from werkbank.settings.catalogue import Catalogue, load_catalogue
from werkbank.settings.parameters import Parameters, load_parameters, municipality_slugs
from werkbank.wording import listing, nearest

__all__ = ["Inputs", "input_errors", "load_round", "matrix_paths", "read_inputs", "read_matrix", "stray_files"]

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
    notes: tuple[Note, ...] = ()
    """What analysts kept in their own words; nothing for an audience that may not see it."""

    @property
    def delivered(self) -> int:
        """The number of parties of which a workbook was read."""
        return len({source.party for source in self.matrix.sources})


def read_inputs(parameters: Parameters, today: dt.date) -> Inputs:
    """The inputs of one municipality's analysis.

    Raises a WerkbankError with every finding when the data cannot be read, and LegalBasisError when the parties may
    not be brought together on `today`; one party alone needs no legal basis.
    """
    catalogue = load_catalogue(parameters.catalogue_path)
    parks = load_parks(parameters.data / "parks.csv")
    basis = _legal_basis(parameters, today)
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
    matrix, missing = read_matrix(parameters, catalogue, load_parks(parameters.data / "parks.csv"))
    return tuple(finding for finding in (*missing, *matrix.findings) if finding.severity == "error")


def stray_files(parameters: Parameters, catalogue: Catalogue) -> dict[str, str]:
    """The files in the folder of the round that nobody reads; each with the workbook it may be meant for, or ""."""
    folder = parameters.data / "matrices" / parameters.round
    files = sorted(path.name for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    slugs = municipality_slugs(parameters.workspace)
    expected = {workbook_name(slug, party.file) for slug in slugs for party in catalogue.parties}
    # Where capitals make no difference, a file with other capitals is read all the same.
    read = {name.casefold() for name in expected.difference(files) if (folder / name).is_file()}
    otherwise = {name: _return(folder, name) for name in expected.difference(files)}
    read |= {path.name.casefold() for path in otherwise.values() if path.is_file()}
    absent = sorted(name for name, path in otherwise.items() if not path.is_file() and name.casefold() not in read)
    others = [name for name in files if name not in expected and not name.startswith((".", "~$"))]
    return {name: nearest(name, absent) or "" for name in others if name.casefold() not in read}


def matrix_paths(parameters: Parameters, catalogue: Catalogue, municipality: str | None = None) -> dict[str, Path]:
    """Where each party's return of this round is: the workbook, else the same name in another format that is read.

    Where there is none, the place where the workbook belongs.
    """
    folder = parameters.data / "matrices" / parameters.round
    slug = municipality or parameters.municipality
    return {party: _return(folder, workbook_name(slug, catalogue.party(party).file)) for party in parameters.parties}


def _return(folder: Path, name: str) -> Path:
    own = folder / name
    others = (own.with_suffix(suffix) for suffix in SUFFIXES)
    return own if own.is_file() else next((path for path in others if path.is_file()), own)


def read_matrix(
    parameters: Parameters, catalogue: Catalogue, parks: pd.DataFrame
) -> tuple[RiskMatrix, Sequence[Finding]]:
    """The municipality's matrix from what was delivered, and a finding for every workbook that was not."""
    if parameters.municipality not in set(parks["municipality"]):
        raise RegisterError(f"Het terreinenregister heeft geen terreinen in {parameters.municipality}.")
    paths = matrix_paths(parameters, catalogue)
    strays = stray_files(parameters, catalogue) if not all(path.is_file() for path in paths.values()) else {}
    missing = [_missing(parameters, path, strays) for path in paths.values() if not path.is_file()]
    present = [path for path in paths.values() if path.is_file()]
    if not present:
        raise MatrixError(
            f"Er zijn voor {parameters.name} geen risicomatrices van ronde {parameters.round}. "
            "Maak een voorbeeld met “werkbank demo”, of zet de ingevulde werkmappen in de gegevensmap.",
            tuple(missing),
        )
    return load_matrix(present, catalogue, parks, round=parameters.round, parties=parameters.parties), missing


def _legal_basis(parameters: Parameters, today: dt.date) -> LegalBasis | None:
    if len(parameters.parties) == 1:
        return None
    path = parameters.data / "legal_bases.yaml"
    return require_legal_basis(path, parameters.legal_basis, parameters.municipality, parameters.round, today)


def _missing(parameters: Parameters, path: Path, strays: Mapping[str, str]) -> Finding:
    alike = [f"“{name}”" for name, meant in strays.items() if meant == path.name]
    found = "de werkmap ontbreekt; deze partij telt nu nergens mee"
    remedy = "vraag de werkmap op en maak de analyse opnieuw"
    if alike:
        found += f" (wel gevonden, maar niet gelezen: {listing(alike)})"
        remedy = f"is het deze werkmap, sla haar dan op als {path.name} en maak de analyse opnieuw"
    return Finding(
        rule="missing-workbook",
        severity="error",
        file=path.name,
        found=found,
        allowed=f"een ingevulde risicomatrix van ronde {parameters.round}",
        remedy=remedy,
    )
