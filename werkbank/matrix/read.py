"""Filled workbooks in, RiskMatrix out; a cell that cannot be read becomes open with a finding, never a nought."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from werkbank.catalogue import Catalogue
from werkbank.errors import Finding, MatrixError
from werkbank.matrix.cells import CellReader
from werkbank.matrix.grid import Grid
from werkbank.matrix.identity import Identity, identify
from werkbank.matrix.layout import SHEET_GUIDE, SHEET_LISTS, SHEET_MATRIX, SHEET_REMARKS, SHEET_SCHEMA
from werkbank.matrix.locate import locate
from werkbank.matrix.remarks import NO_ANNOTATION, read_annotations
from werkbank.matrix.risk_matrix import COLUMNS, RiskMatrix, Source, judgement_frame
from werkbank.matrix.workbook import MAX_BYTES, UnreadableWorkbookError, Workbook, open_workbook, too_large
from werkbank.wording import count

__all__ = ["load_matrix"]


SUFFIXES = (".xlsx", ".xlsm", ".xls", ".xlsb", ".ods")
"""What a folder is searched for; what is not .xlsx or .xlsm is refused with a finding, never passed over."""
_LOCK = "~$"
_NO_MATRIX = (SHEET_GUIDE, SHEET_REMARKS, SHEET_LISTS, SHEET_SCHEMA)


@dataclass(frozen=True, slots=True)
class _Known:
    """What every workbook is checked against."""

    catalogue: Catalogue
    fingerprint: str
    cells: CellReader
    parks_of: Mapping[str, tuple[str, ...]]
    park_ids: tuple[str, ...]
    round: str


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One workbook as read: who delivered it, its judgements column by column, and its findings."""

    source: Source | None
    findings: tuple[Finding, ...]
    columns: Mapping[str, list[object]] = field(default_factory=dict)


def load_matrix(
    paths: Path | str | Iterable[Path | str],
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    round: str,
    strict: bool = False,
) -> RiskMatrix:
    """The judgements in these workbooks (or in every workbook of a folder), checked against catalogue and register.

    `parks` is the register (`load_parks`), also of other municipalities, so that a park in the wrong workbook is
    recognised. The result spans the parks of every municipality that delivered. A cell with an error becomes `open`
    and a finding. Raises MatrixError, with the findings, when nothing could be read, or with `strict` on any error.
    """
    parks_of = _parks_by_municipality(parks)
    park_ids = tuple(park for own in parks_of.values() for park in own)
    known = _Known(catalogue, catalogue.fingerprint, CellReader(catalogue), parks_of, park_ids, round)
    deliveries = _without_doubles([_read(path, known) for path in _files(paths)])
    findings = tuple(finding for delivery in deliveries for finding in delivery.findings)
    sources = tuple(delivery.source for delivery in deliveries if delivery.source)
    errors = tuple(finding for finding in findings if finding.severity == "error")
    if not sources:
        raise MatrixError("Er is geen enkele risicomatrix te lezen.", findings)
    if strict and errors:
        raise MatrixError(f"De risicomatrices hebben {count(len(errors), 'fout', 'fouten')}:", errors)
    delivered = {source.municipality for source in sources}
    return RiskMatrix(
        round=round,
        park_ids=tuple(park for slug in known.parks_of if slug in delivered for park in known.parks_of[slug]),
        indicators=tuple(catalogue.indicator_ids),
        parties=tuple(party.id for party in catalogue.parties),
        sources=sources,
        findings=findings,
        _judgements=judgement_frame(_joined(deliveries)),
    )


def _files(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    if isinstance(paths, (str, Path)):
        folder = Path(paths)
        if not folder.is_dir():
            return [folder]
        return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    return [Path(path) for path in paths]


def _parks_by_municipality(parks: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    return {str(slug): tuple(rows) for slug, rows in parks.groupby("municipality", sort=False)["park_id"]}


def _read(path: Path, known: _Known) -> _Delivery:
    """One workbook; whatever is wrong with the file as a whole leaves it out, with the reason."""
    if path.name.startswith(_LOCK):
        return _Delivery(None, (_open_elsewhere(path),))
    try:
        content = _content(path)
        book = open_workbook(path, content, without=(SHEET_GUIDE, SHEET_LISTS))
    except OSError as error:
        return _Delivery(None, (_file_fault(path, "unreadable-file", _reason(error), "controleer het bestand"),))
    except UnreadableWorkbookError as error:
        return _Delivery(None, (error.finding,))
    identity, findings = identify(book, known.catalogue, known.fingerprint, known.parks_of, known.round)
    if identity is None:
        return _Delivery(None, findings)
    grid, others = _find_grid(book, known)
    if grid is None:
        missing = "geen blad met terreincodes en indicatorcodes"
        fault = _file_fault(path, "no-matrix", missing, "gebruik de werkmap van de werkbank")
        return _Delivery(None, (*findings, fault))
    delivery = _delivery(book, grid, identity, hashlib.sha256(content).hexdigest(), known)
    return replace(delivery, findings=(*findings, *map(_second_matrix, others), *delivery.findings))


def _content(path: Path) -> bytes:
    """The file's bytes; one that is too large is refused unread."""
    with path.open("rb") as file:
        if os.fstat(file.fileno()).st_size > MAX_BYTES:
            raise too_large(path)
        return file.read()


def _find_grid(book: Workbook, known: _Known) -> tuple[Grid | None, list[Grid]]:
    """The matrix sheet by its name, else that on which most is recognised, for sheets get renamed; and the others."""
    found = [
        Grid(book.file, table, located, known.cells)
        for table in book.tables
        if table.name not in _NO_MATRIX
        and (located := locate(table, book.file, known.park_ids, known.catalogue.indicator_ids))
    ]
    named = book.table(SHEET_MATRIX)
    found.sort(key=lambda grid: (grid.table is not named, -len(grid.located.rows) * len(grid.located.columns)))
    return (found[0], found[1:]) if found else (None, [])


def _delivery(book: Workbook, grid: Grid, identity: Identity, sha256: str, known: _Known) -> _Delivery:
    parks, codes = known.parks_of[identity.municipality], known.catalogue.indicator_ids
    annotations, remark_findings = read_annotations(book, frozenset(parks), frozenset(codes))
    judgements, faults = grid.judgements(parks, codes)
    places = [(park, code) for park in parks for code in codes]
    beside = [annotations.get(place, NO_ANNOTATION) for place in places]
    columns: dict[str, list[object]] = {
        "park_id": [park for park, _ in places],
        "indicator": [code for _, code in places],
        "party": [identity.party] * len(places),
        "state": [judgement.state for judgement in judgements],
        "level": [judgement.level for judgement in judgements],
        "remark": [annotation.remark for annotation in beside],
        "source_strength": [annotation.source_strength for annotation in beside],
        "date": [annotation.date for annotation in beside],
    }
    findings = (*grid.located.findings, *grid.gaps(parks, codes), *grid.hidden(), *faults, *remark_findings)
    source = Source(book.file, identity.municipality, identity.party, sha256, identity.fictional)
    return _Delivery(source, findings, columns)


def _without_doubles(deliveries: list[_Delivery]) -> list[_Delivery]:
    """The same municipality and party twice: which one is meant is not known, so neither counts."""
    counted: dict[tuple[str, str], int] = {}
    for delivery in deliveries:
        if delivery.source:
            key = (delivery.source.municipality, delivery.source.party)
            counted[key] = counted.get(key, 0) + 1
    return [_reject_double(delivery, counted) for delivery in deliveries]


def _reject_double(delivery: _Delivery, counted: Mapping[tuple[str, str], int]) -> _Delivery:
    source = delivery.source
    if source is None or counted[source.municipality, source.party] == 1:
        return delivery
    what = f"nog een werkmap van dezelfde partij over {source.municipality}"
    return _Delivery(
        None, (*delivery.findings, _file_fault(Path(source.file), "doubled-delivery", what, "lever er één aan"))
    )


def _joined(deliveries: list[_Delivery]) -> dict[str, list[object]]:
    read = [delivery for delivery in deliveries if delivery.source]
    return {name: [value for delivery in read for value in delivery.columns[name]] for name in COLUMNS}


def _file_fault(path: Path, rule: str, found: str, remedy: str) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        file=path.name,
        found=found,
        allowed="per gemeente en partij één ingevulde risicomatrix",
        remedy=remedy,
    )


def _open_elsewhere(lock: Path) -> Finding:
    return Finding(
        rule="open-elsewhere",
        severity="warning",
        file=lock.name.removeprefix(_LOCK),
        found="de werkmap is nog ergens open: wat daar niet is opgeslagen, telt niet mee",
        allowed="gesloten werkmappen",
        remedy="sla de werkmap op, sluit haar en lees opnieuw in",
    )


def _second_matrix(grid: Grid) -> Finding:
    return Finding(
        rule="second-matrix",
        severity="warning",
        file=grid.file,
        sheet=grid.table.name,
        found="nog een blad met een risicomatrix; het is niet gelezen",
        allowed=f"één blad {SHEET_MATRIX}",
        remedy="controleer of het goede blad is gelezen en haal het andere weg",
    )


def _reason(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "het bestand is er niet"
    if isinstance(error, PermissionError):
        return "het bestand mag niet gelezen worden (is het nog open in Excel?)"
    return "het bestand is niet te lezen"
