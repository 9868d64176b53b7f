"""Faults in the codes of parks and indicators, in what is hidden, and in what the workbook says of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.book import Book, column_letter
from tests.planted.listed import Planted

from werkbank.matrix import layout

__all__ = ["plant_codes"]

_HEAD = layout.PARK_ID_ROW + 1


def plant_codes(book: Book, stranger: str) -> Iterator[Planted]:
    """Faults along both edges of a matrix; `stranger` is a park of another municipality."""
    yield from _missing(book)
    yield from _parks(book, stranger)
    yield from _indicators(book)
    yield from _hidden(book)
    yield _remarks_beside(book)
    yield from _names(book)
    yield _without_heading(book)
    yield from _says_of_itself(book)


def _missing(book: Book) -> Iterator[Planted]:
    """A park and an indicator that were wiped out whole."""
    park, code = book.parks[-1], list(book.rows)[-1]
    column, row = book.columns.pop(park), book.rows.pop(code)
    for cell in (*_column(book, column), *book.matrix[row]):
        cell.value = None
    book.matrix.cell(layout.PARK_NAME_ROW + 1, column).value = None
    book.matrix.cell(layout.TITLE_ROW + 1, column).value = None
    book.forget(park)
    _forget_indicator(book, code)
    sheet: dict[str, Any] = {"sheet": book.matrix.title}
    yield book.planted("terrein ontbreekt", "missing-park", f"de kolom van {park} is gewist", **sheet)
    yield book.planted("indicator ontbreekt", "missing-indicator", f"de rij van {code} is gewist", **sheet)


def _forget_indicator(book: Book, code: str) -> None:
    for (_, each), row in book.explained().items():
        if each == code:
            for column in range(1, len(layout.REMARK_HEADINGS) + 1):
                book.remarks.cell(row, column).value = None


def _parks(book: Book, stranger: str) -> Iterator[Planted]:
    """Columns too many, to the right of the others."""
    head, far = book.matrix.cell, book.beyond(1)
    for further, (kind, rule, code) in enumerate(
        (
            ("tikfout in een terreincode", "unknown-park", "DRX-02"),
            ("terrein van een andere gemeente", "park-of-other-municipality", stranger),
        )
    ):
        _fill(book, far + further)
        head(_HEAD, far + further).value = code
        yield book.planted(kind, rule, f"een kolom te veel met {code}", head(_HEAD, far + further))
    twice = book.parks[1]
    head(_HEAD, far + 2).value = twice
    _fill(book, far + 2)
    for cell in (book.head(twice), head(_HEAD, far + 2)):
        yield book.planted("terrein dubbel", "doubled-park", f"{twice} staat er twee keer", cell)
    _fill(book, far + 3)
    yield book.planted(
        "waarden zonder terrein", "values-without-park", "een kolom met niveaus zonder code", head(_HEAD, far + 3)
    )
    merged = book.head(book.parks[-1])
    beside = f"{column_letter(merged.column + 1)}{merged.row}"
    book.matrix.merge_cells(f"{merged.coordinate}:{beside}")
    yield book.planted("samengevoegde terreincode", "merged-code", f"samengevoegd met {beside}", merged)


def _indicators(book: Book) -> Iterator[Planted]:
    """Rows too many, under the others."""
    first = layout.CODE_COLUMN + 1
    for further, (kind, rule, code) in enumerate(
        (
            ("onbekende indicator", "unknown-indicator", "V99"),
            ("waarden zonder indicator", "values-without-indicator", None),
        )
    ):
        cell = book.matrix.cell(book.below(2 + further), first)
        cell.value = code
        book.matrix.cell(cell.row, book.columns[book.parks[0]]).value = "1"
        yield book.planted(kind, rule, f"een rij te veel met {code or 'niveaus zonder code'}", cell)
    twice = list(book.rows)[2]
    again = book.matrix.cell(book.below(4), first)
    again.value = twice
    for park in book.parks[:2]:
        book.matrix.cell(again.row, book.columns[park]).value = "1"
    for cell in (book.matrix.cell(book.rows[twice], first), again):
        yield book.planted("indicator dubbel", "doubled-indicator", f"{twice} staat er twee keer", cell)


def _hidden(book: Book) -> Iterator[Planted]:
    """A row and a column that count and are not seen."""
    code, park = list(book.rows)[4], book.parks[2]
    row, column = book.rows[code], book.columns[park]
    book.matrix.row_dimensions[row].hidden = True
    book.hide_column(column)
    side = book.matrix.cell(row, layout.CODE_COLUMN + 1)
    yield book.planted("verborgen rij", "hidden-row", f"de rij van {code} is verborgen", side)
    yield book.planted("verborgen kolom", "hidden-column", f"de kolom van {park} is verborgen", book.head(park))


def _remarks_beside(book: Book) -> Planted:
    """A column of explanations to the right of the matrix, where nobody looks for them."""
    column = book.beyond(6)
    head = book.matrix.cell(_HEAD, column)
    head.value = "Opmerkingen"
    book.matrix.cell(next(iter(book.rows.values())), column).value = "Besproken in het werkoverleg."
    what = "een kolom met opmerkingen rechts van de matrix"
    return book.planted("toelichtingen naast de matrix", "remarks-beside-matrix", what, head)


def _names(book: Book) -> Iterator[Planted]:
    """A park with the name of another under its code, and one with its name in the place of its code."""
    park, other, named = book.parks[3:6]
    row = layout.PARK_NAME_ROW + 1
    book.matrix.cell(row, book.columns[park]).value = book.matrix.cell(row, book.columns[other]).value
    what = f"bij {park} staat de naam van {other}"
    yield book.planted("code en naam verschillen", "code-and-name-differ", what, book.head(park))
    head = book.head(named)
    head.value = book.matrix.cell(row, head.column).value
    yield book.planted("naam in plaats van code", "name-for-code", f"de naam van {named} boven de kolom", head)


def _without_heading(book: Book) -> Planted:
    """A column of explanations of which nobody can tell what it is."""
    row = layout.REMARK_HEADER_ROW + 1
    name = layout.REMARK_HEADINGS["date"]
    book.remark_cell(row, "date").value = None
    return book.planted("kop gewist", "missing-heading", f"boven {name} staat niets meer", book.remarks.cell(row, 1))


def _says_of_itself(book: Book) -> Iterator[Planted]:
    """The hidden sheet without its round, and with the fingerprint of another list of indicators."""
    book.schema(round=None, catalogue_fingerprint="0" * 64)
    yield book.planted("ronde gewist", "unknown-round", "het verborgen blad noemt geen ronde meer")
    yield book.planted("andere catalogus", "other-catalogue", "gemaakt met een andere lijst van indicatoren")


def _column(book: Book, column: int) -> Iterator[Any]:
    for row in (_HEAD, *book.rows.values()):
        yield book.matrix.cell(row, column)


def _fill(book: Book, column: int) -> None:
    """A few levels, so that the column holds something."""
    for row in list(book.rows.values())[:3]:
        book.matrix.cell(row, column).value = "0"
