"""Plants in the fictional returns one of every fault that real returns have, and keeps where each of them is.

Spread over the files, so that a fault of a whole file hides none in a cell. What is planted is written beside the data,
in `FOUTEN.json` and `FOUTEN.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.planted.book import Book
from tests.planted.cells import plant_cells
from tests.planted.changes import plant_changes
from tests.planted.codes import plant_codes
from tests.planted.files import plant_files, plant_strangers, with_member
from tests.planted.kinds import as_csv, as_ods
from tests.planted.listed import Planted, write_list
from tests.planted.remarks import LONGER, plant_remarks
from tests.planted.returns import Returns
from tests.planted.sheets import two_in_one

from werkbank.demo.district import District
from werkbank.demo.fault_registers import plant_registers
from werkbank.errors import OutputError
from werkbank.matrix.layout import SHEET_MATRIX
from werkbank.settings.catalogue import Catalogue

__all__ = ["Planted", "plant_faults"]

POLICE, MUNICIPALITY = "police", "municipality"


def plant_faults(folder: Path, district: District, catalogue: Catalogue) -> tuple[Planted, ...]:
    """Plant the faults in a folder that holds this district, and write beside them what was planted where.

    Raises OutputError when police and municipality are not both among the parties: the faults are in their returns.
    """
    if not {POLICE, MUNICIPALITY} <= set(district.parties):
        raise OutputError("De fouten horen in werkmappen van politie en gemeente; noem beide bij de partijen.")
    returns = Returns(folder / "matrices", district, catalogue)
    planted = (*_plant(returns), *plant_registers(folder))
    write_list(folder, planted, seed=district.seed, round_name=returns.round)
    return planted


def _plant(returns: Returns) -> Iterator[Planted]:
    """Every fault: first what is in the returns themselves, then the files that are no return."""
    # Made of a return that is still sound.
    strangers = (
        *plant_strangers(returns, "urk", POLICE),
        *plant_files(returns.folder / returns.round, returns.path("urk", POLICE).read_bytes()),
    )
    yield from _in_cells(returns)
    yield from _in_codes(returns)
    yield from plant_changes(returns, "lelystad", POLICE)
    yield _second_head(returns)
    yield from _twice(returns)
    yield from two_in_one(returns, "noordoostpolder", (POLICE, MUNICIPALITY))
    yield from returns.copied("urk", POLICE, MUNICIPALITY)
    yield from _second_sheet(returns)
    yield from _of_other_kinds(returns)
    yield _missing(returns)
    yield from strangers


def _in_cells(returns: Returns) -> Iterator[Planted]:
    cells, remarks = Book(returns.path("almere", POLICE)), Book(returns.path("almere", MUNICIPALITY))
    yield from plant_cells(cells)
    cells.save()
    yield from plant_remarks(remarks)
    remarks.save(longer=LONGER)
    lock = remarks.path.with_name(f"~${remarks.path.name}")
    lock.write_bytes(b"\x05Niemand".ljust(165, b" "))
    what = f"het slotbestand {lock.name} van Excel staat ernaast"
    yield Planted(kind="nog ergens open", rule="open-elsewhere", file=remarks.path.name, what=what)


def _in_codes(returns: Returns) -> Iterator[Planted]:
    book = Book(returns.path("dronten", POLICE))
    yield from plant_codes(book, stranger="URK-01")
    book.save()


def _twice(returns: Returns) -> Iterator[Planted]:
    """The same return under two names."""
    path = returns.path("lelystad", MUNICIPALITY)
    again = path.with_name(f"{path.stem} (1).xlsx")
    again.write_bytes(path.read_bytes())
    for each in (path, again):
        yield Planted(kind="twee keer aangeleverd", rule="doubled-delivery", file=each.name, what="dezelfde werkmap")


def _missing(returns: Returns) -> Planted:
    path = returns.path("zeewolde", MUNICIPALITY)
    path.unlink()
    return Planted(kind="niet aangeleverd", rule="missing-workbook", file=path.name, what="het bestand is weggehaald")


def _second_head(returns: Returns) -> Planted:
    """Under the matrix a second one begins, with its parks in another order."""
    book = Book(returns.path("lelystad", POLICE))
    row = book.below(3)
    for park, other in zip(book.parks, book.parks[::-1], strict=True):
        book.matrix.cell(row, book.columns[park]).value = other
        book.matrix.cell(row + 1, book.columns[park]).value = "0"
    book.matrix.cell(row + 1, 1).value = next(iter(book.rows))
    book.save()
    what = "een tweede kop met de terreinen in een andere volgorde"
    return book.planted("tweede kop", "second-head", what, book.matrix.cell(row, book.columns[book.parks[0]]))


def _second_sheet(returns: Returns) -> Iterator[Planted]:
    """A copy of the matrix on a sheet of its own, the matrix itself hidden, and a program in the file."""
    book = Book(returns.path("urk", MUNICIPALITY))
    copy = book.book.copy_worksheet(book.matrix)
    copy.title = "Matrix oud"
    book.matrix.sheet_state = "hidden"
    book.save()
    book.path.write_bytes(with_member(book.path.read_bytes(), "xl/vbaProject.bin", b"geen programma"))
    yield book.planted("tweede matrix", "second-matrix", "een kopie van het blad Matrix", sheet=copy.title)
    yield book.planted("verborgen blad", "hidden-sheet", "het blad Matrix is verborgen", sheet=SHEET_MATRIX)
    yield book.planted("macro", "macro-present", "een (leeg) programma in de werkmap")


def _of_other_kinds(returns: Returns) -> Iterator[Planted]:
    """A CSV and an .ods in the place of a workbook."""
    path = returns.path("dronten", MUNICIPALITY)
    yield from as_csv(returns.said("dronten", MUNICIPALITY), returns.round, path.with_suffix(".csv"))
    path.unlink()
    path = returns.path("zeewolde", POLICE)
    schema = {"round": returns.round, "municipality": "zeewolde", "party": POLICE, "fictional": "ja"}
    target = path.with_suffix(".ods")
    yield as_ods(returns.only_unknown("zeewolde", POLICE), schema, target)
    path.unlink()
    what = "in elke cel onbekend"
    yield Planted(kind="alles onbekend", rule="only-unknown", file=target.name, sheet=SHEET_MATRIX, what=what)
