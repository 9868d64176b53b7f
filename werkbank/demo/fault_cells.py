"""Faults in single cells of a matrix, each in a cell of its own: numbers off the scale, words, dates, formulas."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final

from openpyxl.cell import Cell
from tests.planted.book import Book
from tests.planted.listed import Planted

__all__ = ["plant_cells"]

_SCALE: Final = "level-outside-scale"
_WORD: Final = "not-a-level"


@dataclass(frozen=True, slots=True)
class _CellFault:
    """What is typed in a threat's cell, as what kind of slip, and the rule that finds it; None where it is no fault."""

    kind: str
    rule: str | None
    value: str | float | bool | dt.datetime | dt.time
    what: str


_FAULTS: Final = (
    _CellFault("schaal 0-4", _SCALE, 4, "het getal 4 op een schaal van 0 tot en met 3"),
    _CellFault("schaal 1-5", _SCALE, 5, "het getal 5, van een schaal van 1 tot en met 5"),
    _CellFault("ver boven de schaal", _SCALE, 12, "het getal 12"),
    _CellFault("tussen twee niveaus", _SCALE, 2.5, "het getal 2,5"),
    _CellFault("decimale komma als tekst", _SCALE, "3,5", "de tekst 3,5"),
    _CellFault("negatief", _SCALE, -1, "het getal -1, dat elders “onbekend” betekent"),
    _CellFault("plus en min", _SCALE, "+/-", "de tekst +/-"),
    _CellFault("los streepje", _SCALE, "-", "een los streepje: geen, of onbekend?"),
    _CellFault("ja of nee", _WORD, "ja", "de tekst “ja”"),
    _CellFault("ja/nee-waarde", _WORD, True, "de Excel-waarde WAAR"),
    _CellFault(
        "toelichting in de matrix", _WORD, "zie het verslag van vorige week", "een zin in plaats van een niveau"
    ),
    _CellFault("twijfel", _SCALE, "2 of 3", "de tekst “2 of 3”"),
    _CellFault("vraagteken erbij", _WORD, "2?", "een niveau met een vraagteken"),
    _CellFault("getal en woord verschillen", "contradicting-level", "3 geen vermoeden", "3 met de woorden van 0"),
    _CellFault("getal en woord verschillen", "contradicting-level", "0 structureel", "0 met de woorden van 3"),
    _CellFault("datum van 1-2", "date-for-level", dt.datetime(2026, 2, 1), "1-2, waarvan Excel 1 februari maakte"),
    _CellFault("tijd van 2:3", "date-for-level", dt.time(2, 3), "2:3, waarvan Excel een tijd maakte"),
    _CellFault("formule zonder uitkomst", "formula-without-value", "=1+1", "een formule die nooit is uitgerekend"),
    _CellFault("deling door nul", "formula-without-value", "#DIV/0!", "een cel met #DEEL/0!"),
    _CellFault("verdwenen verwijzing", "formula-without-value", "#REF!", "een cel met #VERW!"),
    _CellFault("niet beschikbaar", "formula-without-value", "#N/A", "een cel met #N/B"),
)
_HARMLESS: Final = (
    _CellFault("omschrijving", None, "structureel", "het woord van niveau 3"),
    _CellFault("volledige naam", None, "Vermoeden, meermaals", "de volledige naam van niveau 2"),
    _CellFault("getal als tekst", None, "2", "het getal 2 als tekst"),
    _CellFault("spaties", None, "  1 incidenteel ", "spaties eromheen"),
    _CellFault("vaste spatie", None, "1\u00a0incidenteel", "een vaste spatie uit een webpagina"),
    _CellFault("hoofdletters", None, "GEEN VERMOEDEN", "hoofdletters"),
    _CellFault("punt erachter", None, "2. meermaals", "een punt achter het getal"),
    _CellFault("synoniem van onbekend", None, "weet niet", "een ander woord voor onbekend"),
    _CellFault("synoniem van onbekend", None, "geen zicht", "nog een ander woord voor onbekend"),
    _CellFault("synoniem van n.v.t.", None, "niet van toepassing", "n.v.t. voluit"),
)


def plant_cells(book: Book) -> Iterator[Planted]:
    """One fault a cell, spread over the parks, and beside them what only looks like a fault."""
    free = _free_cells(book)
    for fault in (*_FAULTS, *_HARMLESS):
        park, code = next(free)
        cell = book.cell(park, code)
        cell.value = fault.value
        yield book.planted(fault.kind, fault.rule, fault.what, cell)
    yield from _merged(book, *next(free))
    yield _percentage(book, *next(free))
    yield _unseen(book, *next(free))
    yield _open_but_explained(book, *next(free))
    yield _source_beside_unknown(book, *next(free))


def _free_cells(book: Book) -> Iterator[tuple[str, str]]:
    """Cells with a level and without an explanation: one a park, then a second of every park, on another indicator."""
    explained = book.explained()
    threats = [code for code in book.rows if code.startswith("V")]
    taken: set[str] = set()
    for round_ in count():
        for place, park in enumerate(book.parks[:-1]):
            code = threats[(place + 5 * round_) % len(threats)]
            if (park, code) not in explained and _is_level(book.cell(park, code)) and f"{park}{code}" not in taken:
                taken.add(f"{park}{code}")
                yield park, code


def _is_level(cell: Cell) -> bool:
    return str(cell.value or "")[:1].isdecimal()


def _merged(book: Book, park: str, code: str) -> Iterator[Planted]:
    """The next park's cell disappears under this one: of neither it is certain what was meant."""
    beside = book.parks[book.parks.index(park) + 1]
    first, second = book.cell(park, code), book.cell(beside, code)
    pair = (first.coordinate, second.coordinate)
    book.matrix.merge_cells(":".join(pair))
    for own, other in (pair, pair[::-1]):
        place = {"sheet": book.matrix.title, "cell": own}
        yield book.planted("samengevoegde cellen", "merged-cell", f"samengevoegd met {other}", **place)


def _percentage(book: Book, park: str, code: str) -> Planted:
    cell = book.cell(park, code)
    cell.value, cell.number_format = 1, "0%"
    return book.planted("percentage", "percentage", "100%, dat Excel als 1 bewaart", cell)


def _unseen(book: Book, park: str, code: str) -> Planted:
    cell = book.cell(park, code)
    cell.value, cell.number_format = 0, "0;-0;;@"
    what = "een 0 die door de opmaak niet te zien is"
    return book.planted("onzichtbare waarde", "unseen-value", what, cell)


def _open_but_explained(book: Book, park: str, code: str) -> Planted:
    cell = book.cell(park, code)
    cell.value = None
    book.explain(park, code, remark="Signaal besproken in het werkoverleg.")
    return book.planted("toelichting bij een lege cel", "explained-but-open", "het niveau zelf ontbreekt", cell)


def _source_beside_unknown(book: Book, park: str, code: str) -> Planted:
    book.cell(park, code).value = "onbekend"
    row = book.explain(park, code, source_strength="B")
    return book.planted(
        "bron bij onbekend", "source-beside-unknown", "bronsterkte B bij onbekend",
        book.remark_cell(row, "source_strength"),
    )  # fmt: skip
