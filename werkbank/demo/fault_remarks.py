"""Faults on the sheet with explanations: personal data that do not belong there, dates, doubles, lost lines.

Nobody in these texts exists. The BSN is from the series that is only given out for tests, the bank of the IBAN does not
exist, the domain is one that never will.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Final

from tests.planted.book import Book
from tests.planted.listed import Planted

__all__ = ["LONGER", "plant_remarks"]

_PERSONAL: Final = (
    ("naam van een persoon", "person-name", "Volgens dhr. Verzonnen is hier vaker licht aan.", "een naam na “dhr.”"),
    ("adres", "address", "Het gaat om Verzonnenweg 12 aan de oostkant.", "een straat met een huisnummer"),
    ("postcode", "address", "Gezien bij 1234 ZZ, achter het hek.", "een postcode"),
    ("kenteken", "licence-plate", "Daar staat vaak een bus, 00-XX-00.", "een kenteken dat nooit is uitgegeven"),
    ("e-mailadres", "email-address", "Melding kwam van niemand@voorbeeld.invalid.", "een e-mailadres"),
    ("telefoonnummer", "phone-number", "Terugbellen op 06-12345678.", "een telefoonnummer"),
    ("burgerservicenummer", "citizen-number", "Genoteerd: 999990019.", "een BSN uit de testreeks, elfproef klopt"),
    ("rekeningnummer", "bank-account", "Betaald aan {iban}.", "een IBAN van een bank die niet bestaat"),
    ("KvK-nummer", "company-number", "Staat bij de KvK als 00000000.", "een KvK-nummer dat niet bestaat"),
    ("geboortedatum", "birth-date", "De beheerder is geboren op 1-1-1900.", "een geboortedatum"),
    ("naam van een bedrijf", "company-name", "Op het hek staat Verzinsel B.V. als huurder.", "een bedrijfsnaam"),
)
_HARMLESS: Final = (
    ("zaaknummer", "Zie zaaknummer 999990019 in het eigen systeem.", "negen cijfers die een zaaknummer heten"),
    ("aantal panden", "Aan de Ambachtsweg 3 panden leeg.", "een weg met een aantal, geen huisnummer"),
    ("organisatie", "Besproken met de Omgevingsdienst en het RIEC.", "organisaties, geen personen"),
)
_DATES: Final = (
    ("datum in de toekomst", "date-in-future", dt.datetime(2099, 1, 1), "1 januari 2099"),
    ("oude peildatum", "old-date", dt.datetime(2021, 3, 1), "1 maart 2021"),
    ("tikfout in het jaar", "implausible-date", dt.datetime(2005, 3, 1), "1 maart 2005"),
    ("datum van een andere eeuw", "unreadable-date", dt.datetime(1926, 3, 1), "1 maart 1926"),
    ("datum als woord", "unreadable-date", "vorige week", "de tekst “vorige week”"),
)
_LONG: Final = "Een lange toelichting, woord voor woord overgenomen uit het verslag. "
LONGER: Final = {_LONG: _LONG * 600}
"""A text that is planted, and what stands in its place when the workbook is stored: more than a cell can hold."""


def plant_remarks(book: Book) -> Iterator[Planted]:
    """One fault a line, each with a judgement of its own."""
    free = _free_cells(book)
    for kind, rule, text, what in _PERSONAL:
        row = book.explain(*next(free), remark=text.format(iban=_iban("FICT", "0123456789")))
        yield book.planted(kind, rule, what, book.remark_cell(row, "remark"))
    for kind, text, what in _HARMLESS:
        row = book.explain(*next(free), remark=text)
        yield book.planted(kind, None, what, book.remark_cell(row, "remark"))
    for kind, rule, value, what in _DATES:
        row = book.explain(*next(free), date=value)
        yield book.planted(kind, rule, what, book.remark_cell(row, "date"))
    yield from _lines(book, free)


def _lines(book: Book, free: Iterator[tuple[str, str]]) -> Iterator[Planted]:
    """Faults in the line itself."""
    row = book.explain(*next(free), source_strength="D")
    yield book.planted("bronsterkte die niet bestaat", "unknown-source-strength", "bronsterkte D",
                       book.remark_cell(row, "source_strength"))  # fmt: skip
    row = book.explain(*next(free), date="=TODAY()")
    yield book.planted("formule als datum", "formula-without-value", "een datum die nooit is uitgerekend",
                       book.remark_cell(row, "date"))  # fmt: skip
    row = book.explain("QQQ-77", next(free)[1], remark="Wisselend beeld.")
    yield book.planted("toelichting bij een onbekend terrein", "remark-without-cell", "terreincode QQQ-77",
                       book.remark_cell(row, "park_id"))  # fmt: skip
    row = book.explain(*next(free), remark=_LONG)
    yield book.planted("zeer lange tekst", "long-remark", "ruim 40.000 tekens, meer dan in een cel past",
                       book.remark_cell(row, "remark"))  # fmt: skip
    first = next(free)
    book.explain(*first, remark="Eerste toelichting.")
    row = book.explain(*first, remark="Tweede toelichting.")
    yield book.planted("tweede toelichting", "doubled-remark", "een tweede regel bij dezelfde cel",
                       book.remark_cell(row, "park_id"))  # fmt: skip


def _free_cells(book: Book) -> Iterator[tuple[str, str]]:
    """Cells with a level and without an explanation."""
    explained = book.explained()
    for number in range(len(book.parks) * len(book.rows)):
        park, code = book.parks[number % len(book.parks)], tuple(book.rows)[(7 * number) % len(book.rows)]
        filled = str(book.cell(park, code).value or "")[:1].isdecimal()
        if filled and (park, code) not in explained:
            explained[park, code] = 0
            yield park, code


def _iban(bank: str, account: str) -> str:
    """A Dutch IBAN with the right check digits (ISO 13616: modulo 97 is 1)."""
    rest = int("".join(str(int(ch, 36)) for ch in f"{bank}{account}NL00")) % 97
    return f"NL{98 - rest:02d}{bank}{account}"
