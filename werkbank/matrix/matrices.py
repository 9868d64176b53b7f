"""From a sheet with a matrix to a delivery; and which matrix counts when a file holds several."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from werkbank.errors import Finding
from werkbank.matrix.identity import Evidence, Identity, Known, identify
from werkbank.matrix.layout import SHEET_MATRIX
from werkbank.matrix.locating import resolve
from werkbank.matrix.opening import Table, Workbook
from werkbank.matrix.reading import Found, Grid
from werkbank.matrix.remarks import Annotations, read_annotations, remark_table
from werkbank.matrix.risk_matrix import (
    Delivery,
    Source,
    Whereabouts,
    columns_of,
    file_fault,
    not_asked,
    refused,
    translated,
)

__all__ = ["matrix_deliveries"]


def matrix_deliveries(
    book: Workbook, found: Sequence[Found], schema: Mapping[str, str], sha256: str, known: Known
) -> Iterator[Delivery]:
    """The deliveries in a file with at least one matrix.

    Without hidden sheet, sheets that each tell of another municipality or party are a delivery each. Otherwise the file
    is one delivery: the sheet called Matrix, else the largest; the others are named, and so is it when two are alike.
    """
    evidence = [each.evidence(book.file, schema, known, one_of_many=len(found) > 1) for each in found]
    remarks = remark_table(book, [each.table for each in found])
    if len(found) > 1 and not schema and _are_different(evidence):
        for each, own in zip(found, evidence, strict=True):
            yield _delivery(book, each, own, None, sha256, known)
        if remarks is not None and any(any(row) for row in remarks.rows[1:]):
            yield refused(_remarks_of_several(book.file, remarks))
        return
    main = _main(found)
    if main is None:
        yield refused(*(_one_of_alike(book.file, each.table) for each in found))
        return
    own = evidence[0] if len(found) == 1 else main.evidence(book.file, schema, known, one_of_many=False)
    delivery = _delivery(book, main, own, remarks, sha256, known)
    second = tuple(_second(book.file, each.table) for each in found if each is not main)
    yield replace(delivery, findings=(*delivery.findings, *second))


def _are_different(evidence: Sequence[Evidence]) -> bool:
    """Every sheet tells whose it is, and no two say the same."""
    whose = {(each.claim.municipality, each.claim.party) for each in evidence}
    return len(whose) == len(evidence) and all(municipality and party for municipality, party in whose)


def _main(found: Sequence[Found]) -> Found | None:
    """The sheet called Matrix, else the one with the most cells; None when two have as many."""
    named = [each for each in found if each.table.name.strip().casefold() == SHEET_MATRIX.casefold()]
    if len(named) == 1 or len(found) == 1:
        return (named or found)[0]
    sizes = [len(each.edges.across) * len(each.edges.down) if each.edges else 0 for each in found]
    return found[sizes.index(max(sizes))] if sizes.count(max(sizes)) == 1 else None


def _delivery(
    book: Workbook, found: Found, evidence: Evidence, remarks: Table | None, sha256: str, known: Known
) -> Delivery:
    identity, findings = identify(evidence, known.catalogue, known.fingerprint, known.suppliers, known.round)
    if identity is None:
        return refused(*findings)
    if known.parties is not None and identity.party not in known.parties:
        return refused(*findings, not_asked(book.file, known))
    then = known.earlier.get(identity.catalogue_version or "", known)
    delivery = _read(book.file, found, identity, remarks, sha256, then)
    delivery = translated(delivery, then, known)
    return replace(delivery, findings=(*findings, *delivery.findings))


def _read(file: str, found: Found, identity: Identity, remarks: Table | None, sha256: str, known: Known) -> Delivery:
    parks, codes = known.parks_of[identity.municipality], known.catalogue.indicator_ids
    words = known.own_parks[identity.municipality]
    if found.edges is None:
        return refused()
    located = resolve(found.edges, file, words, known.indicators)
    grid = Grid(file, located, known.cells)
    annotations = read_annotations(file, remarks, words, known.indicators) if remarks else Annotations()
    judgements, faults = grid.judgements(parks, codes)
    return Delivery(
        Source(file, identity.municipality, identity.party, sha256, identity.fictional),
        (*located.findings, *grid.gaps(parks, codes), *grid.hidden(), *faults, *annotations.findings),
        columns_of(identity.party, parks, codes, judgements, annotations.values),
        _places(file, identity.party, grid, parks, annotations),
    )


def _places(file: str, party: str, grid: Grid, parks: Collection[str], annotations: Annotations) -> Whereabouts:
    return Whereabouts(
        file,
        party,
        grid.table.sheet,
        # A park of another municipality may stand here too, but no judgement of it comes from this file.
        {park: place for park, place in grid.located.columns.items() if park in parks},
        grid.located.rows,
        parks_are_columns=not grid.table.turned,
        remark_sheet=annotations.sheet,
        remark_columns=annotations.columns,
        remarks=annotations.rows,
        lines=grid.table.lines,
    )


def _second(file: str, table: Table) -> Finding:
    found = "nog een blad met een risicomatrix; het is niet gelezen"
    remedy = "controleer of het goede blad is gelezen en haal het andere weg"
    fault = file_fault(file, "second-matrix", found, remedy, "warning")
    return replace(fault, sheet=table.sheet, allowed=f"één blad {SHEET_MATRIX}")


def _one_of_alike(file: str, table: Table) -> Finding:
    found = "meer bladen met een risicomatrix van dezelfde grootte; welke geldt is niet te weten, dus geen is gelezen"
    remedy = f"noem het blad dat geldt {SHEET_MATRIX}, of haal de andere weg"
    return replace(file_fault(file, "ambiguous-matrix", found, remedy), sheet=table.sheet)


def _remarks_of_several(file: str, table: Table) -> Finding:
    found = "toelichtingen in een bestand van meer partijen of gemeenten; van wie elk is, is niet te weten"
    remedy = "lever per gemeente en partij een eigen werkmap aan; de toelichtingen zijn niet gelezen"
    fault = file_fault(file, "remarks-of-several", found, remedy, "warning")
    return replace(fault, sheet=table.sheet)
