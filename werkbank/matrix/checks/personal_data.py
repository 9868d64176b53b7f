"""Personal data in remarks: what kind and where, never which; a remark is about a park, not about people."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix import personal_data
from werkbank.matrix.checks import cell_at
from werkbank.matrix.personal_data import (
    Places,
    has_address,
    has_company_name,
    has_licence_plate,
    has_person_name,
    words_of,
)
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import finding

__all__ = ["LOOKS_LIKE", "Places", "personal_data", "personal_findings", "places_of"]

LOOKS_LIKE: Final = {
    "person-name": "de naam van een persoon",
    "address": "een adres",
    "licence-plate": "een kenteken",
    "email-address": "een e-mailadres",
    "phone-number": "een telefoonnummer",
    "citizen-number": "een burgerservicenummer",
    "bank-account": "een rekeningnummer (IBAN)",
    "company-number": "een KvK-, vestigings- of btw-nummer",
    "birth-date": "een geboortedatum",
    "company-name": "de naam van een bedrijf",
}
"""Rule → what the remark seems to hold."""

_WITH_DIGITS: Final[dict[str, Callable[[str], bool]]] = {
    "address": has_address,
    "licence-plate": has_licence_plate,
    "birth-date": personal_data.has_birth_date,
}
_WITH_LONG_NUMBERS: Final[dict[str, Callable[[str], bool]]] = {
    "phone-number": personal_data.has_phone_number,
    "citizen-number": personal_data.has_citizen_number,
    "bank-account": personal_data.has_bank_account,
    "company-number": personal_data.has_company_number,
}
"""Rule → what finds it; most remarks have no digits at all, and few six of them together."""
_DIGIT = re.compile(r"[0-9]")
_LONG_NUMBER = re.compile(r"[0-9](?:[^0-9\n]{0,3}[0-9]){5}")
_PIECE: Final = 2_000
"""Longer than nearly all remarks."""
_OVERLAP: Final = 100
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—−"), "-")


def personal_data(text: str, places: Places | None = None) -> tuple[str, ...]:
    """The rules that a free text breaks, in the order of LOOKS_LIKE; empty for nearly all.

    `places` are names of parks and municipalities, which may look like those of people. The time is in proportion to
    the length of the text.
    """
    places = places or Places(())
    broken = {rule for piece in _pieces(_plain(text)) for rule in _broken_by(piece, places)}
    return tuple(rule for rule in LOOKS_LIKE if rule in broken)


def _plain(text: str) -> str:
    """The text as people see it: no invisible characters, one kind of dash, single spaces."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text).translate(_DASHES)
        text = "".join(ch for ch in text if unicodedata.category(ch) != "Cf")
    return "\n".join(" ".join(line.split()) for line in text.splitlines())


def _pieces(text: str) -> Iterator[str]:
    """A long text in parts that overlap: whatever a pattern costs on one part, the whole is as many times that."""
    start = 0
    while len(text) - start > _PIECE:
        end = start + _PIECE
        # Between words where there are any: half a number may look like another.
        cut = text.rfind(" ", start + _OVERLAP, end)
        yield text[start : cut if cut > 0 else end]
        begin = text.rfind(" ", start + 1, (cut if cut > 0 else end) - _OVERLAP)
        start = begin if begin > 0 else end
    yield text[start:]


def _broken_by(text: str, places: Places) -> Iterator[str]:
    words = words_of(text)
    if _DIGIT.search(text):
        yield from (rule for rule, has in _WITH_DIGITS.items() if has(text))
        if _LONG_NUMBER.search(text):
            yield from (rule for rule, has in _WITH_LONG_NUMBERS.items() if has(text))
    if personal_data.has_email_address(text):
        yield "email-address"
    if has_person_name(text, words, places):
        yield "person-name"
    if has_company_name(text, words, places):
        yield "company-name"


def places_of(parks: pd.DataFrame) -> Places:
    """The names in the register that are no names of people."""
    return Places((*map(str, parks["name"]), *map(str, parks["park_id"]), *map(str, parks["municipality"].unique())))


def personal_findings(matrix: RiskMatrix, parks: pd.DataFrame) -> Iterator[Finding]:
    """What remarks seem to hold that may not be there; the place and the kind, never the text itself."""
    frame = matrix.judgements
    remarks = frame["remark"].to_numpy(dtype=object)
    filled = np.flatnonzero(remarks != "")
    places = places_of(parks)
    # Short remarks come back often; each is judged once.
    broken = {text: personal_data(text, places) for text in set(remarks[filled])}
    for row in filled:
        for rule in broken[remarks[row]]:
            yield _finding(matrix, rule, *cell_at(frame, int(row)))


def _finding(matrix: RiskMatrix, rule: str, park_id: str, indicator: str, party: str) -> Finding:
    return finding(
        rule,
        found=f"de toelichting bevat iets dat lijkt op {LOOKS_LIKE[rule]}",
        allowed="een toelichting over het terrein, zonder gegevens die naar een persoon of bedrijf leiden",
        remedy="haal het weg of omschrijf het algemeen; de bron blijft in uw eigen systeem",
        place=matrix.remark_place_of(park_id, indicator, party),
        park_id=park_id,
        indicator=indicator,
    )
