"""Files that are no return at all, or not the one that was asked: each as it comes in by mail."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.planted.book import Book
from tests.planted.listed import Planted
from tests.planted.ole import compound_file
from tests.planted.returns import Returns

from werkbank.matrix import layout
from werkbank.settings.catalogue import Party

__all__ = ["plant_files", "plant_strangers", "with_member"]

_THEN: Final = (2018, 1, 1, 0, 0, 0)
_BOMB: Final = 51_000_000
_PDF: Final = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
_TEXT: Final = b"Beste collega, hierbij de risicomatrix. De bijlage volgt later.\n"
_WEB_PAGE: Final = b"<!DOCTYPE html><html><head><title>Aanmelden</title></head><body>Meld u opnieuw aan.</body></html>"
_DOUBLED: Final = b"terrein;indicator;partij;niveau;niveau\r\nURK-01;V01;police;1;2\r\n"
_CSV: Final = b'park_id;indicator;party;level\nURK-01;V01;"police;1\n'


def plant_files(folder: Path, workbook: bytes) -> Iterator[Planted]:
    """Files of which nothing can be read, made of the bytes of a sound `workbook` where there is need of one."""
    files = (
        ("leeg bestand", "empty-file", "bijlage1.xlsx", b"", "0 bytes"),
        ("met een wachtwoord", "password", "beveiligd.xlsx", _encrypted(), "een werkmap met een wachtwoord"),
        ("niet volledig overgekomen", "damaged-workbook", "download.xlsx", workbook[: len(workbook) // 2],
         "de eerste helft van een werkmap"),
        ("tekst met een andere naam", "not-a-workbook", "matrix.xlsx", _TEXT, "een mailtekst die .xlsx heet"),
        ("pdf met een andere naam", "not-a-workbook", "matrix_scan.xlsx", _PDF, "een PDF die .xlsx heet"),
        ("webpagina met een andere naam", "not-a-workbook", "deellink.xlsx", _WEB_PAGE, "het aanmeldscherm"),
        ("binaire werkmap", "other-format", "matrix.xlsb", _archive({"xl/workbook.bin": b"\0"}), "een .xlsb"),
        ("tekst van Word", "other-format", "verslag.xlsx", _archive({"word/document.xml": b"<w/>"}), "een .docx"),
        ("ingepakte map", "other-format", "matrices.xlsx", _archive({"urk_politie.xlsx": b"x"}), "een .zip"),
        ("zipbom", "too-large", "groot.xlsx", _bomb(workbook), "51 MB nullen in 50 kB"),
        ("pad naar buiten", "unsafe-archive", "pad.xlsx", with_member(workbook, "../../buiten.txt", b"x"),
         "een onderdeel dat buiten de werkmap wil staan"),
        ("kolom dubbel", "doubled-column", "dubbel.csv", _DOUBLED, "een lijst met twee kolommen niveau"),
        ("aanhalingstekens niet gesloten", "broken-csv", "export.csv", _CSV, "een CSV die midden in een veld ophoudt"),
    )  # fmt: skip
    for kind, rule, name, content, what in files:
        (folder / name).write_bytes(content)
        line = {"broken-csv": 2, "doubled-column": 1}.get(rule)
        cell = {"doubled-column": "D1"}.get(rule)
        yield Planted(kind=kind, rule=rule, file=name, cell=cell, line=line, what=what)


def plant_strangers(returns: Returns, municipality: str, party: str) -> Iterator[Planted]:
    """Sound workbooks that are not a return of this round, municipality or party."""
    folder = returns.folder / returns.round
    (folder / "oud.xlsx").write_bytes(returns.path(municipality, party, returns.earlier).read_bytes())
    yield Planted(kind="vorige ronde", rule="wrong-round", file="oud.xlsx", what=f"van ronde {returns.earlier}")
    strangers: tuple[tuple[str, str, str, dict[str, str], str], ...] = (
        ("nieuwere werkbank", "newer-workbook", "nieuw.xlsx", {"schema_version": "99"}, "van een latere versie"),
        ("onbekende gemeente", "unknown-municipality", "nagele.xlsx", {"municipality": "nagele"}, "van Nagele"),
        ("onbekende partij", "unknown-party", "brandweer.xlsx", {"party": "brandweer"}, "van de brandweer"),
    )
    for kind, rule, name, schema, what in strangers:
        book = Book(returns.path(municipality, party))
        book.schema(**schema)
        # What a person reads on it says the same.
        book.matrix["A1"].value = f"{layout.FICTIONAL_LABEL} · risicomatrix {what}"
        book.save(folder / name)
        yield Planted(kind=kind, rule=rule, file=name, what=f"een werkmap {what}")
    other = _other(returns)
    said = returns.said(municipality, party).assign(party=other.id)
    returns.write(municipality, other.id, said, path=folder / "gast.xlsx")
    yield Planted(kind="partij doet niet mee", rule="party-not-asked", file="gast.xlsx", what=f"van de {other.name}")
    yield from _swapped(returns, municipality, party)
    yield _without_matrix(returns, municipality, party)
    yield from _two_alike(returns, municipality, party)


def _swapped(returns: Returns, municipality: str, party: str) -> Iterator[Planted]:
    """A party's workbook under the name of another."""
    other = _other(returns)
    name = layout.workbook_name(municipality, other.file)
    (returns.folder / returns.round / name).write_bytes(returns.path(municipality, party).read_bytes())
    what = f"de werkmap van de {returns.catalogue.party(party).name} onder de naam van de {other.name}"
    yield Planted(kind="verwisselde partijen", rule="swapped-workbook", file=name, what=what)


def _other(returns: Returns) -> Party:
    """A party that the catalogue knows and that does not take part."""
    return next(each for each in returns.catalogue.parties if each.id not in returns.district.parties)


def _without_matrix(returns: Returns, municipality: str, party: str) -> Planted:
    book = Book(returns.path(municipality, party))
    for name in (layout.SHEET_MATRIX, layout.SHEET_REMARKS):
        del book.book[name]
    path = returns.folder / returns.round / "uitleg.xlsx"
    book.save(path)
    return Planted(kind="matrix weggelaten", rule="no-matrix", file=path.name, what="zonder het blad Matrix")


def _two_alike(returns: Returns, municipality: str, party: str) -> Iterator[Planted]:
    """Two sheets with a matrix of one size, neither of them called Matrix."""
    book = Book(returns.path(municipality, party))
    copy = book.book.copy_worksheet(book.matrix)
    book.matrix.title, copy.title = "concept", "definitief"
    path = returns.folder / returns.round / "versies.xlsx"
    book.save(path)
    for sheet in ("concept", "definitief"):
        what = "twee even grote matrices; geen van beide bladen heet Matrix"
        yield Planted(kind="welke matrix geldt", rule="ambiguous-matrix", file=path.name, sheet=sheet, what=what)


def _encrypted() -> bytes:
    """The container in which Office keeps a workbook with a password ([MS-OFFCRYPTO] 1.3); empty inside."""
    return compound_file({"EncryptionInfo": b"\4\0\4\0\x40\0\0\0", "EncryptedPackage": bytes(4_096)})


def _archive(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, _THEN), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def with_member(workbook: bytes, name: str, content: bytes) -> bytes:
    """The workbook with one more part in its archive."""
    buffer = io.BytesIO(workbook)
    with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(name, _THEN), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _bomb(workbook: bytes) -> bytes:
    return with_member(workbook, "xl/media/achtergrond.bmp", bytes(_BOMB))
