"""Returns in, RiskMatrix out; a cell that cannot be read becomes open with a finding, never a nought."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Final

import pandas as pd

from werkbank.errors import Finding, MatrixError
from werkbank.matrix import layout
from werkbank.matrix.cells import OPEN, SPECIAL, Judgement, Read, first_of, judged
from werkbank.matrix.checks import content_findings
from werkbank.matrix.identity import (
    NOBODY,
    Evidence,
    Former,
    Known,
    Supplier,
    Suppliers,
    is_fictional,
    schema_of,
)
from werkbank.matrix.layout import Head, Key, Place, find_head
from werkbank.matrix.lists import Annotations, identified, list_deliveries, not_asked, read_annotations, remark_table
from werkbank.matrix.locating import TOO_LONG, Edges, Keys, Located, find_edges, keys_of, locate
from werkbank.matrix.opening import (
    SUFFIXES,
    Table,
    UnreadableWorkbookError,
    Workbook,
    file_content,
    open_workbook,
    refusal,
)
from werkbank.matrix.risk_matrix import (
    COLUMNS,
    Delivery,
    RiskMatrix,
    Source,
    Whereabouts,
    by_park,
    columns_of,
    gaps,
    judgement_frame,
    refused,
)
from werkbank.matrix.rules import finding
from werkbank.settings.catalogue import Catalogue
from werkbank.wording import count

LOCK: Final = "~$"
"""How the name begins of the file by which Office says that another is open."""
_NEVER_READ: Final = (layout.SHEET_FINDINGS, layout.SHEET_GUIDE, layout.SHEET_LISTS)
_NO_MATRIX: Final = frozenset({layout.SHEET_REMARKS, layout.SHEET_SCHEMA})
_LIST_KEYS: Final = (frozenset({"park_id"}), frozenset({"indicator"}), frozenset({"level", "state"}))
_TITLE_ROWS: Final = 12
_NOTES_LISTED: Final = 10


def load_matrix(
    paths: Path | str | Iterable[Path | str],
    catalogue: Catalogue,
    parks: pd.DataFrame,
    *,
    round: str,
    strict: bool = False,
    parties: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    municipalities: Collection[str] | None = None,
) -> RiskMatrix:
    """The judgements in these returns (or in every return of a folder), checked against catalogue and register.

    A return is a workbook (.xlsx, .xlsm) with the parks as columns, or a CSV with one judgement a line. `parks`
    is the register (`load_parks`), also of other municipalities, so that a park in the wrong return is recognised. The
    result spans the parks of every municipality that delivered, or of some `municipalities`. A cell with an error is
    `open` and a finding. `parties` are those that take part in this round, of all municipalities or of each its own:
    the return of any other is left out, with a finding; when they are not named, whoever delivered takes part. What a
    party is not asked about has no judgement. Raises MatrixError, with the findings, when nothing could be read, or
    with `strict` on any error.

    >>> catalogue, parks = wb.load_catalogue(), wb.load_parks("data/parks.csv")
    >>> matrix = wb.load_matrix("data/matrices/2026-1/urk_politie.xlsx", catalogue, parks, round="2026-1")
    >>> print(matrix)
    Risicomatrix 2026-1: 4 terreinen × 35 indicatoren, 1 partij; cellen: 95 ingevuld, 42 onbekend, 3 n.v.t. en 0 leeg
    """
    known = Known.of(catalogue, parks, round, parties)
    found = (delivery for path in _files(paths) for delivery in _read(path, known))
    wanted = [one for one in found if municipalities is None or one.supplier[0] in {"", *municipalities}]
    deliveries = tuple(_without_doubles(wanted))
    findings = tuple(each for delivery in deliveries for each in delivery.findings)
    sources = tuple(delivery.source for delivery in deliveries if delivery.source)
    errors = tuple(each for each in findings if each.severity == "error")
    if not sources:
        raise MatrixError("Er is geen enkele risicomatrix te lezen.", findings)
    if strict and errors:
        raise MatrixError(f"De risicomatrices hebben {count(len(errors), 'fout', 'fouten')}:", errors)
    delivered = {source.municipality for source in sources}
    wrote = {source.party for source in sources}
    read = [delivery for delivery in deliveries if delivery.source]
    matrix = RiskMatrix(
        round=round,
        park_ids=tuple(park for slug in known.parks_of if slug in delivered for park in known.parks_of[slug]),
        indicators=tuple(catalogue.indicator_ids),
        parties=known.every_party or tuple(party.id for party in catalogue.parties if party.id in wrote),
        sources=sources,
        findings=findings,
        _judgements=judgement_frame(
            {name: list(chain.from_iterable(delivery.columns[name] for delivery in read)) for name in COLUMNS}
        ),
        _places=by_park(delivery.places for delivery in read if delivery.places),
        catalogue_versions=_versions(read, catalogue),
    )
    return replace(matrix, findings=(*findings, *content_findings(matrix, catalogue, parks)))


def round_returns(folder: Path, suppliers: Suppliers, known: Callable[[], Known]) -> dict[Path, tuple[Supplier, ...]]:
    """Every return in the folder of a round, with whose judgements it holds or should hold, as far as anything tells.

    The one answer for whoever checks or analyses a round. A file that is called as was agreed is its supplier's; of any
    other its contents decide, and only then `known` is asked for.
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    returns = [path for path in files if path.suffix.lower() in SUFFIXES and not path.name.startswith((LOCK, "."))]
    agreed = {path: (suppliers.of_file(path.name),) for path in returns}
    odd = [path for path, supplier in agreed.items() if supplier == (NOBODY,)]
    against = known() if odd else None
    return agreed | {path: suppliers_of(path, against) for path in odd if against}


def suppliers_of(path: Path, known: Known) -> tuple[Supplier, ...]:
    """Whose judgements a file holds or should hold, as far as anything tells; more than one only of a list."""
    agreed = known.suppliers.of_file(path.name)
    if agreed != NOBODY:
        return (agreed,)
    key = _state(path), known.form_fingerprint, known.round, tuple(known.municipality_of.items())
    if key not in _DECIDED:
        found = dict.fromkeys(delivery.supplier for delivery in _read(path, known))
        _DECIDED[key] = tuple(supplier for supplier in found if known.suppliers.includes(supplier))
    return _DECIDED[key]


_DECIDED: Final[dict[tuple[object, ...], tuple[Supplier, ...]]] = {}
"""Whose each file was found to be, as it was then and by what was known then: a batch asks often."""


def _state(path: Path) -> tuple[object, ...]:
    try:
        seen = path.stat()
    except OSError:
        return (path,)
    return path.resolve(), seen.st_mtime_ns, seen.st_size, seen.st_ino


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


def _versions(deliveries: Iterable[Delivery], catalogue: Catalogue) -> tuple[str, ...]:
    """The versions of the catalogue by which the workbooks were asked, oldest first."""
    found = {delivery.catalogue_version or catalogue.version for delivery in deliveries}
    return tuple(version for version in (*catalogue.earlier_versions, catalogue.version) if version in found)


def _without_doubles(deliveries: list[Delivery]) -> Iterator[Delivery]:
    """The same municipality and party twice: which one is meant is not known, so neither counts."""
    suppliers = [delivery.supplier for delivery in deliveries if delivery.source]
    for each in deliveries:
        if each.source and suppliers.count(each.supplier) > 1:
            found = f"nog een matrix van dezelfde partij over {each.supplier[0]}"
            fault = finding("doubled-delivery", found, place=Place(each.source.file))
            yield refused(*each.findings, fault, supplier=each.supplier)
        else:
            yield each


def _read(path: Path, known: Known) -> list[Delivery]:
    """The deliveries in one file; whatever is wrong with the file as a whole leaves it out, with the reason."""
    if path.name.startswith(LOCK):
        return [refused(finding("open-elsewhere", place=Place(path.name.removeprefix(LOCK))))]
    try:
        content = file_content(path)
        book = open_workbook(path, content, without=_NEVER_READ)
    except UnreadableWorkbookError as error:
        return [refused(error.finding, supplier=known.suppliers.of_file(path.name))]
    deliveries = list(_deliveries(book, hashlib.sha256(content).hexdigest(), known))
    return [refused(*book.findings), *deliveries] if book.findings else deliveries


def _deliveries(book: Workbook, sha256: str, known: Known) -> Iterator[Delivery]:
    """The deliveries in a list, or on the one sheet that counts: called Matrix, or the only one with a matrix."""
    schema = schema_of(book)
    former = known.earlier.get(schema.get("catalogue_version", ""))
    found = list(_sheets(book, known, former))
    main = _main(found)
    if main is None:
        told = Evidence(Place(book.file), schema, known.suppliers.of_file(book.file))
        alike = [finding("ambiguous-matrix", place=each.table.whole) for each in found]
        yield refused(*(alike or [told.finding("no-matrix")]), supplier=told.supplier)
        return
    evidence = main.evidence(schema, sha256, known)
    if main.head:
        yield from list_deliveries(main.table, main.rows, main.head, evidence, known)
    elif main.edges:
        remarks = remark_table(book, [each.table for each in found])
        yield identified(evidence, known, partial(_judged, main.edges, remarks, known, former))
    yield refused(*(finding("second-matrix", place=each.table.whole) for each in found if each is not main))


@dataclass(frozen=True, slots=True)
class _Found:
    """A sheet with a matrix (it has edges), or a text file with a list (it has a head)."""

    table: Table
    rows: Keys
    edges: Edges | None = None
    head: Head | None = None

    def evidence(self, schema: Mapping[str, str], sha256: str, known: Known) -> Evidence:
        """What this sheet and its file tell about whose it is."""
        file, title = self.table.file, " ".join(dict.fromkeys(self._title()))
        by_name, fictional = known.suppliers.of_file(file), is_fictional(schema, title)
        return Evidence(Place(file), schema, by_name, sha256, fictional, title)

    def _title(self) -> Iterator[str]:
        """The texts above the matrix or list: titles, not notes below it."""
        first = self.edges.first_row if self.edges else self.head.line if self.head else 0
        for row in islice(self.rows, min(first, _TITLE_ROWS)):
            yield from (text for text in row if text and text != TOO_LONG)


def _sheets(book: Workbook, known: Known, former: Former | None) -> Iterator[_Found]:
    """The text file with a list, or the sheets of a workbook with a matrix."""
    indicators = former.indicators if former else known.indicators
    for table in book.tables:
        if table.name in _NO_MATRIX:
            continue
        rows = keys_of(table)
        if table.name is None and (head := find_head(rows, *_LIST_KEYS)):
            yield _Found(table, rows, head=head)
        elif table.name is not None and (edges := find_edges(table, rows, known.parks, indicators)):
            yield _Found(table, rows, edges=edges)


def _main(found: Sequence[_Found]) -> _Found | None:
    named = [each for each in found if (each.table.name or "").strip().casefold() == layout.SHEET_MATRIX.casefold()]
    one = named or found
    return one[0] if len(one) == 1 else None


def _judged(edges: Edges, remarks: Table | None, known: Known, former: Former | None, source: Source) -> Delivery:
    parks, codes = known.parks_of[source.municipality], known.catalogue.asked_by(source.party).indicator_ids
    words, indicators = known.own_parks[source.municipality], former.indicators if former else known.indicators
    grid = _Grid(locate(edges, words, indicators), known)
    beside = read_annotations(remarks, words, indicators) if remarks else Annotations()
    judgements, faults = grid.judgements(parks, codes)
    asked = [code for code in codes if former is None or code not in former.added]
    table = edges.table
    return Delivery(
        source,
        (
            *grid.located.findings,
            *grid.gaps(parks, asked),
            *grid.hidden(),
            *not_asked(grid.filled_in(parks, codes), known),
            *faults,
            *_passed_over(table),
            *beside.findings,
            *(_of_then(former, table.whole, known.catalogue, codes) if former else ()),
        ),
        (source.municipality, source.party),
        columns_of(source.party, parks, codes, judgements, beside.values),
        Whereabouts(
            source.file,
            source.party,
            table.name,
            # A park of another municipality may stand here too, but no judgement of it comes from this file.
            {park: place for park, place in grid.located.columns.items() if park in parks},
            grid.located.rows,
            remark_sheet=beside.sheet,
            remark_columns=beside.columns,
            remarks=beside.rows,
        ),
        former.version if former else None,
    )


def _passed_over(table: Table) -> Iterator[Finding]:
    """Notes on the sheet, by which people may mean something."""
    if table.notes:
        places = [table.place(*cell).cell or "" for cell in sorted(table.notes)]
        said = f"{count(len(places), 'cel', 'cellen')} ({first_of(places, _NOTES_LISTED)})"
        found = f"bij {said} staat een opmerking of notitie; die is niet gelezen"
        yield finding("cell-note", found, place=table.place(*min(table.notes)))


def _of_then(former: Former, place: Place, catalogue: Catalogue, codes: Collection[str]) -> Iterator[Finding]:
    """What became of the indicators of an earlier version of the catalogue."""
    allowed = f"de indicatoren van catalogus {catalogue.version}"
    for old, name in former.dropped.items():
        gone = "had toen een andere schaal" if old in former.rescaled else "is vervallen"
        found = f"{old} ({name}) {gone}; wat daar is ingevuld telt nu niet mee"
        yield finding("dropped-indicator", found, allowed=allowed, place=place)
    for old, new in former.renamed.items():
        yield finding("translated-indicator", f"{old}: heet nu {new}", allowed=allowed, place=place, indicator=new)
    for code in (one for one in former.added if one in codes and one not in former.rescaled.values()):
        found = f"indicator {code} bestond nog niet in catalogus {former.version}"
        allowed, remedy = f"een oordeel over {code}", f"{code} telt als leeg; vraag het oordeel na als het nodig is"
        yield finding("new-indicator", found, allowed=allowed, remedy=remedy, place=place, indicator=code)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The matrix on one sheet, cell by cell: what every cell says, and what is missing or out of place."""

    located: Located
    known: Known

    @property
    def table(self) -> Table:
        """The sheet."""
        return self.located.edges.table

    def judgements(self, parks: Sequence[str], indicators: Sequence[str]) -> tuple[list[Judgement], list[Finding]]:
        """Every cell's judgement, park by park; a cell that cannot be read is open, with a finding."""
        located = self.located
        lines = [(code, located.rows.get(code), self.known.cells.reader(code)) for code in indicators]
        read = {
            (park, code): OPEN if row is None or column is None else self._cell(row, column, reader)
            for park, column in ((park, located.columns.get(park)) for park in parks)
            for code, row, reader in lines
        }
        return judged(read, self._place, self.table.whole)

    def _cell(self, row: int, column: int, reader: Callable[[Hashable], Read]) -> Read:
        special = self.table.special((row, column))
        return SPECIAL[special] if special else reader(self.table.rows[row][column])

    def _place(self, key: Key) -> Place:
        return self.table.place(self.located.rows[key[1]], self.located.columns[key[0]])

    def filled_in(self, parks: Collection[str], asked: Collection[str]) -> Iterator[tuple[str, Place]]:
        """The indicators beside the `asked` ones of which something is filled in, and where it stands first."""
        columns = sorted(column for park, column in self.located.columns.items() if park in parks)
        for code, row in ((code, row) for code, row in self.located.rows.items() if code not in asked):
            found = (self.table.place(row, column) for column in columns if self.table.rows[row][column] != "")
            yield from ((code, place) for place in islice(found, 1))

    def gaps(self, parks: Sequence[str], indicators: Collection[str]) -> Iterator[Finding]:
        """Parks and indicators that should stand on the sheet and do not, and parks that should not."""
        located = self.located
        yield from gaps(
            self.table.whole,
            (park for park in parks if park not in located.columns and park not in located.doubtful),
            (code for code in indicators if code not in located.rows and code not in located.doubtful),
        )
        for park in located.columns:
            if park not in parks:
                found, place = f"terrein {park} hoort bij een andere gemeente", self._head_of(park)
                yield finding("park-of-other-municipality", found, place=place, park_id=park)

    def hidden(self) -> Iterator[Finding]:
        """What counts although whoever opens the file does not see it: a hidden sheet, row or column."""
        if self.table.hidden:
            yield finding("hidden-sheet", place=self.table.whole)
        for code, row in self.located.rows.items():
            if row in self.table.hidden_rows:
                place = self.table.place(row, self.located.edges.side)
                yield finding("hidden-row", f"de rij van {code} is verborgen", place=place, indicator=code)
        for park, column in self.located.columns.items():
            if column in self.table.hidden_columns:
                place = self._head_of(park)
                yield finding("hidden-column", f"de kolom van {park} is verborgen", place=place, park_id=park)

    def _head_of(self, park: str) -> Place:
        return self.table.place(self.located.edges.header, self.located.columns[park])
