"""Returns in, RiskMatrix out; a cell that cannot be read becomes open with a finding, never a nought."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pandas as pd

from werkbank.errors import Finding, MatrixError
from werkbank.matrix.checks import content_findings
from werkbank.matrix.identity import Known, schema_of
from werkbank.matrix.layout import SHEET_FINDINGS, SHEET_GUIDE, SHEET_LISTS
from werkbank.matrix.lists import list_deliveries
from werkbank.matrix.opening import (
    MAX_BYTES,
    SUFFIXES,
    UnreadableWorkbookError,
    Workbook,
    file_content,
    open_workbook,
    refusal,
)
from werkbank.matrix.reading import Found, find_sheets, matrix_deliveries
from werkbank.matrix.risk_matrix import COLUMNS, Delivery, Places, RiskMatrix, file_fault, judgement_frame, refused
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count

__all__ = ["MAX_BYTES", "SUFFIXES", "load_matrix"]

_LOCK = "~$"
_NEVER_READ = (SHEET_FINDINGS, SHEET_GUIDE, SHEET_LISTS)


def load_matrix(
    paths: Path | str | Iterable[Path | str],
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    round: str,
    strict: bool = False,
    parties: Sequence[str] | None = None,
) -> RiskMatrix:
    """The judgements in these returns (or in every return of a folder), checked against catalogue and register.

    A return is a workbook (.xlsx, .xlsm, .xls, .ods) or a CSV: a matrix with the parks as columns or as rows, or a list
    of judgements. `parks` is the register (`load_parks`), also of other municipalities, so that a park in the wrong
    return is recognised. The result spans the parks of every municipality that delivered. A cell with an error becomes
    `open` and a finding. `parties` are those that take part in this round: the return of any other is left out, with a
    finding; when they are not named, whoever delivered takes part. Raises MatrixError, with the findings, when nothing
    could be read, or with `strict` on any error.

    >>> catalogue, parks = wb.load_catalogue(), wb.load_parks("data/parks.csv")
    >>> matrix = wb.load_matrix("data/matrices/2026-1/urk_politie.xlsx", catalogue, parks, round="2026-1")
    >>> print(matrix)
    Risicomatrix 2026-1: 4 terreinen × 35 indicatoren, 1 partij; cellen: 95 ingevuld, 42 onbekend, 3 n.v.t. en 0 leeg
    """
    known = Known.of(catalogue, parks, round, parties)
    deliveries = _without_doubles([delivery for path in _files(paths) for delivery in _read(path, known)])
    findings = tuple(finding for delivery in deliveries for finding in delivery.findings)
    sources = tuple(delivery.source for delivery in deliveries if delivery.source)
    errors = tuple(finding for finding in findings if finding.severity == "error")
    if not sources:
        raise MatrixError("Er is geen enkele risicomatrix te lezen.", findings)
    if strict and errors:
        raise MatrixError(f"De risicomatrices hebben {count(len(errors), 'fout', 'fouten')}:", errors)
    delivered = {source.municipality for source in sources}
    matrix = RiskMatrix(
        round=round,
        park_ids=tuple(park for slug in known.parks_of if slug in delivered for park in known.parks_of[slug]),
        indicators=tuple(catalogue.indicator_ids),
        parties=known.parties or _in_order({source.party for source in sources}, catalogue),
        sources=sources,
        findings=findings,
        _judgements=judgement_frame(_joined(deliveries)),
        _places=Places(delivery.places for delivery in deliveries if delivery.places),
        catalogue_versions=_versions(deliveries, catalogue),
    )
    return replace(matrix, findings=(*findings, *content_findings(matrix, catalogue, parks)))


def _files(paths: Path | str | Iterable[Path | str]) -> list[Path]:
    if not isinstance(paths, (str, Path)):
        return [Path(path) for path in paths]
    folder = Path(paths)
    if not folder.is_dir():
        return [folder]
    try:
        return sorted(file for file in folder.iterdir() if file.suffix.lower() in SUFFIXES)
    except OSError:
        fault = refusal(folder, "unreadable-file", "de map is niet te lezen", "controleer de map en de rechten")
        raise MatrixError("Er is geen enkele risicomatrix te lezen.", (fault.finding,)) from None


def _in_order(parties: Collection[str], catalogue: Catalogue) -> tuple[str, ...]:
    return tuple(party.id for party in catalogue.parties if party.id in parties)


def _read(path: Path, known: Known) -> list[Delivery]:
    """The deliveries in one file; whatever is wrong with the file as a whole leaves it out, with the reason."""
    if path.name.startswith(_LOCK):
        return [refused(_open_elsewhere(path))]
    try:
        content = file_content(path)
        book = open_workbook(path, content, without=_NEVER_READ)
    except UnreadableWorkbookError as error:
        return [refused(error.finding)]
    deliveries = list(_deliveries(book, hashlib.sha256(content).hexdigest(), known))
    return [refused(*book.findings), *deliveries] if book.findings else deliveries


def _deliveries(book: Workbook, sha256: str, known: Known) -> Iterator[Delivery]:
    schema = schema_of(book)
    # A return of an earlier catalogue is looked at with the codes of then.
    then = known.earlier.get(schema.get("catalogue_version", ""), known)
    matrices, lists = find_sheets(book, then)
    if matrices:
        yield from matrix_deliveries(book, matrices, schema, sha256, known)
        yield from (refused(_list_beside(book.file, each)) for each in lists)
    elif lists:
        for each in lists:
            evidence = each.evidence(book.file, schema, known, one_of_many=len(lists) > 1)
            yield from list_deliveries(book.file, each, evidence, sha256, known)
    else:
        found, remedy = "geen blad met terreinen en indicatoren", "gebruik de werkmap van de werkbank"
        yield refused(file_fault(book.file, "no-matrix", found, remedy))


def _without_doubles(deliveries: list[Delivery]) -> list[Delivery]:
    """The same municipality and party twice: which one is meant is not known, so neither counts."""
    counted: dict[tuple[str, str], int] = {}
    for delivery in deliveries:
        if delivery.source:
            key = (delivery.source.municipality, delivery.source.party)
            counted[key] = counted.get(key, 0) + 1
    return [_reject_double(delivery, counted) for delivery in deliveries]


def _reject_double(delivery: Delivery, counted: Mapping[tuple[str, str], int]) -> Delivery:
    source = delivery.source
    if source is None or counted[source.municipality, source.party] == 1:
        return delivery
    found = f"nog een matrix van dezelfde partij over {source.municipality}"
    return refused(*delivery.findings, file_fault(source.file, "doubled-delivery", found, "lever er één aan"))


def _versions(deliveries: Iterable[Delivery], catalogue: Catalogue) -> tuple[str, ...]:
    """The versions of the catalogue by which the workbooks were asked, oldest first."""
    found = {delivery.catalogue_version or catalogue.version for delivery in deliveries if delivery.source}
    return tuple(version for version in (*catalogue.earlier_versions, catalogue.version) if version in found)


def _joined(deliveries: list[Delivery]) -> dict[str, list[object]]:
    read = [delivery for delivery in deliveries if delivery.source]
    return {name: list(chain.from_iterable(delivery.columns[name] for delivery in read)) for name in COLUMNS}


def _open_elsewhere(lock: Path) -> Finding:
    return Finding(
        rule="open-elsewhere",
        severity="warning",
        file=lock.name.removeprefix(_LOCK),
        found="de werkmap is nog ergens open: wat daar niet is opgeslagen, telt niet mee",
        allowed="gesloten werkmappen",
        remedy="sla de werkmap op, sluit haar en lees opnieuw in",
    )


def _list_beside(file: str, found: Found) -> Finding:
    what = "naast de matrix nog een blad met een lijst van oordelen; het is niet gelezen"
    fault = file_fault(file, "second-matrix", what, "haal het blad weg als de matrix geldt", "warning")
    return replace(fault, sheet=found.table.sheet)
