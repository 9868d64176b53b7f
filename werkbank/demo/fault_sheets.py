"""Two returns in one file, each on a sheet of its own, as somebody who coordinates would put them together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.planted.book import Book
from tests.planted.listed import Planted
from tests.planted.returns import Returns

from werkbank.matrix import layout

__all__ = ["two_in_one"]


def two_in_one(returns: Returns, municipality: str, parties: tuple[str, str]) -> Iterator[Planted]:
    """One file for two parties: the first left its matrix blank, the second filled in one value everywhere."""
    blank, straight = parties
    paths = [
        returns.write(municipality, blank, None),
        returns.write(municipality, straight, returns.one_value(municipality, straight)),
    ]
    books = [Book(path) for path in paths]
    file = paths[0].with_name(f"{municipality}.xlsx")
    whole = books[0]
    sheets = [returns.catalogue.party(party).name for party in parties]
    whole.matrix.title = sheets[0]
    _copy(books[1].matrix, whole.book.create_sheet(sheets[1]))
    for name in sheets:
        # Whoever put them together made the titles shorter; the parks still tell the municipality.
        title = f"{layout.FICTIONAL_LABEL} · {name} · ronde {returns.round}"
        whole.book[name].cell(layout.TITLE_ROW + 1, 1).value = title
    del whole.book[layout.SHEET_SCHEMA]
    whole.explain(whole.parks[0], next(iter(whole.rows)), remark="Besproken in het gezamenlijke overleg.")
    whole.save(file)
    for path in paths:
        path.unlink()
    for rule, sheet, what in (
        ("concluded-identity", sheets[0], "van wie het blad is, staat alleen in de titel"),
        ("concluded-identity", sheets[1], "van wie het blad is, staat alleen in de titel"),
        ("nothing-filled-in", sheets[0], "geen enkele cel ingevuld"),
        ("one-value-everywhere", sheets[1], "vrijwel overal niveau 1"),
        ("remarks-of-several", layout.SHEET_REMARKS, "een toelichting bij twee matrices: van wie is zij?"),
    ):
        yield Planted(kind="twee partijen in één bestand", rule=rule, file=file.name, sheet=sheet, what=what)


def _copy(source: Any, target: Any) -> None:
    """The values of a sheet, without its looks."""
    for row in source.iter_rows():
        for cell in row:
            if cell.value is not None:
                target.cell(cell.row, cell.column).value = cell.value
