"""Numbers in free text that lead to a person or firm: BSN, IBAN, telephone, e-mail, KvK, date of birth.

Own patterns, no library. python-stdnum (LGPL) knows the check digits of BSN and IBAN, but each is one line; the work is
in finding what to check. phonenumbers (Apache-2.0) looks for the numbers of every country, which takes 0.3 to 0.8 ms a
remark: ten times as long as all kinds together take here. Every pattern is bounded, so that a hostile text costs time
in proportion to its length.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = [
    "has_bank_account",
    "has_birth_date",
    "has_citizen_number",
    "has_company_number",
    "has_email_address",
    "has_phone_number",
]

_EMAIL = re.compile(r"(?<=[\w.+-])@[\w-]{1,63}(?:\.[\w-]{1,63}){0,3}\.[^\W\d_]{2,24}")
_SPELT_EMAIL = re.compile(r"[(\[] ?at ?[)\]] ?\w", re.IGNORECASE)

_NINE = re.compile(
    r"(?<![\w€])(?<!\d[.,/-])(?<!\w-)"
    r"(?:\d{9}|\d{3}([ .-])\d{3}\1\d{3}|\d{4}([ .-])\d{2}\2\d{3}|\d{2}([ .-])\d{2}\3\d{2}\3\d{3})"
    r"(?!\w|[.,/-]\d)"
)
_CITIZEN = re.compile(
    r"\b(?:bsn|burgerservicenummers?|sofi-?nummers?)\b\D{0,20}\d(?:[ .-]?\d){7,8}(?!\d)", re.IGNORECASE
)
_ELEVEN_WEIGHTS: Final = (9, 8, 7, 6, 5, 4, 3, 2, -1)

_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?:[ .-]?[A-Z0-9]){11,30}", re.IGNORECASE)
_IBAN_LENGTHS: Final = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "CH": 21, "CY": 28, "CZ": 24,
    "DE": 22, "DK": 18, "EE": 20, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GR": 27, "HR": 21,
    "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MT": 31, "NL": 18, "NO": 15, "PK": 24, "PL": 28, "PT": 25, "RO": 24, "RS": 22, "SA": 24,
    "SE": 24, "SI": 19, "SK": 24, "SM": 27, "TN": 24, "TR": 26, "UA": 29, "XK": 20,
}  # fmt: skip
"""Country → number of characters, from SWIFT's registry: Europe and around it."""

_DUTCH_PHONE = re.compile(r"(?<![\w+])(?<!\d[.,/-])(?<!\w-)\(?0[1-9](?:[ .()/-]{0,3}\d){8}(?!-?\d)")
_FOREIGN_PHONE = re.compile(
    r"(?<![\w+])(?:\+[1-9]\d{0,2}(?:[ .()/-]{0,3}\d){7,12}|00[1-9]\d(?:[ .()/-]{0,3}\d){6,10})(?!\d)"
)
_LOCAL_PHONE = re.compile(
    r"\b(?:tel|telefoon|telefoonnummer|telnr|mobiel|gsm)\b[.:]{0,2} ?\d(?:[ -]?\d){5,9}", re.IGNORECASE
)
_STARTS_WITH_DATE = re.compile(
    r"0\d(?:([-./])(?:0?[1-9]|1[0-2])\1(?:(?:19|20)\d\d(?!\d)|\d\d )| (?:0[1-9]|1[0-2]) (?:19|20)\d\d(?!\d))"
)
_SERVICE = re.compile(r"0[89]00|090[69]")

_COMPANY = re.compile(
    r"\b(?:kvk|k\.v\.k\.?|kamer van koophandel|handelsregister)(?!\w)\D{0,30}\d{8}(?!\d)"
    r"|(?<!\d)\d{8}(?!\d)\D{0,10}\b(?:kvk|kamer van koophandel)\b"
    r"|\b(?:kvk|vestiging)\w{0,10}\D{0,20}\d{12}(?!\d)"
    r"|\bNL\d{9}B\d{2}\b",
    re.IGNORECASE,
)
_COMPANY_CUES: Final = ("kvk", "k.v.k", "koophandel", "handelsregister", "vestiging", "nl")
_BIRTH = re.compile(
    r"\b(?:geboren|geboortedatum|geb)\b\D{0,24}\d{1,2}[-/. ](?:0?[1-9]|1[0-2]|[a-z]{3,9})[-/. ](?:19|20)?\d\d(?!\d)",
    re.IGNORECASE,
)

_CASE_NUMBER = re.compile(
    r"(?:zaak|dossier|registratie|meld|order|factuur|referentie|kenmerk|incident|proces|perceel|bag|bvh|rin|€|euro?)"
    r"[\w-]{0,20}[ .:]{0,3}\Z|\b[a-z]{2}\d{2} ?[a-z]{4} ?\Z",
    re.IGNORECASE,
)
"""What makes a number that follows it the number of a case, a sum of money, or the rest of an IBAN."""
_BEFORE: Final = 30


def has_email_address(text: str) -> bool:
    """An e-mail address, also written with (at)."""
    bracketed = "(" in text or "[" in text
    return ("@" in text and _EMAIL.search(text) is not None) or (bracketed and _SPELT_EMAIL.search(text) is not None)


def has_citizen_number(text: str) -> bool:
    """Nine digits that pass the eleven-test, or eight or nine after the word BSN.

    The eleven-test: nine times the first digit, eight times the second … twice the eighth, minus the ninth, is a
    multiple of eleven. One in eleven other numbers passes too, so what is called a case number is left out.
    """
    if _CITIZEN.search(text):
        return True
    return any(_passes_eleven(match[0]) and not _is_case_number(match) for match in _NINE.finditer(text))


def _passes_eleven(text: str) -> bool:
    digits = [int(ch) for ch in text if ch.isdecimal()]
    total = sum(weight * digit for weight, digit in zip(_ELEVEN_WEIGHTS, digits, strict=True))
    return total % 11 == 0 and any(digits)


def has_bank_account(text: str) -> bool:
    """An IBAN of the right length for its country, whose check digits agree (ISO 13616: modulo 97 is 1)."""
    return any(_is_iban(re.sub(r"[ .-]", "", match[0]).upper()) for match in _IBAN.finditer(text))


def _is_iban(text: str) -> bool:
    length = _IBAN_LENGTHS.get(text[:2], 0)
    # What comes after the number may be swept along.
    account = text[:length]
    return 0 < length == len(account) and int("".join(str(int(ch, 36)) for ch in account[4:] + account[:4])) % 97 == 1


def has_phone_number(text: str) -> bool:
    """A Dutch number of ten digits, fixed or mobile, one with a country code, or a local one after the word "tel".

    Numbers of services (0800, 0900) are nobody's; a date with a time after it has ten digits too.
    """
    if _LOCAL_PHONE.search(text) or _FOREIGN_PHONE.search(text):
        return True
    return any(_is_phone(match) for match in _DUTCH_PHONE.finditer(text))


def _is_phone(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    return not (_SERVICE.match(digits) or _STARTS_WITH_DATE.match(match[0]) or _is_case_number(match))


def has_company_number(text: str) -> bool:
    """Eight digits beside the word KvK, twelve of an establishment, or a VAT number."""
    lowered = text.lower()
    return any(cue in lowered for cue in _COMPANY_CUES) and _COMPANY.search(text) is not None


def has_birth_date(text: str) -> bool:
    """A date after a word for born."""
    return "geb" in text.lower() and _BIRTH.search(text) is not None


def _is_case_number(match: re.Match[str]) -> bool:
    start = match.start()
    return _CASE_NUMBER.search(match.string[max(0, start - _BEFORE) : start]) is not None
