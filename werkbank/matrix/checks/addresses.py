"""Addresses and licence plates in free text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from werkbank.matrix.personal_data import ABBREVIATIONS, MONTHS, NO_PLATE, NO_STREETS, NOT_COUNTED, UNITS

__all__ = ["has_address", "has_licence_plate", "is_street"]

_POSTCODE = re.compile(r"(?<![\w-])([1-9]\d{3})( ?)([A-Z]{2})(?![\w-])")
_NO_POSTCODE: Final = frozenset({"SA", "SD", "SS"})
"""Not handed out."""

_STREETS: Final = (
    r"(?:straat|straatje|str\.|weg|wegje|laan|plein|kade|dijk|gracht|singel|dreef|plantsoen|boulevard|steeg)"
)
_ENDINGS: Final = tuple(_STREETS[3:-1].replace("\\", "").split("|"))
_HOUSE = re.compile(
    rf"{_STREETS}"
    r",? (?:nr\.? |nummer )?(\d{1,4})(?:[ -]?[a-z]\b|-\d{1,4}\b)?(?![\w%:²]|[.,]\d)(?: ([^\W\d_][\w'’]*))?",
    re.IGNORECASE,
)
_WORD_BEFORE = re.compile(r"[\w'’.-]{0,40}\Z")

_DASHED = re.compile(r"(?<![\w-])[A-Z0-9]{1,3}-[A-Z0-9]{1,3}-[A-Z0-9]{1,3}(?![\w-])", re.IGNORECASE)
_SPACED = re.compile(r"(?<![\w-])(?=([A-Z0-9]{1,3} [A-Z0-9]{1,3} [A-Z0-9]{1,3})(?![\w-]))")
_WHOLE = re.compile(r"(?<![\w-])[A-Z0-9]{6}(?![\w-])")
_CALLED_PLATE = re.compile(
    r"\b[Kk]entekens?(?:nummers?|platen?)?[ :=]{1,3}(?:is |was |nr\.? )?[\"'“‘]?"
    r"([A-Z0-9]{1,4}(?:[ -]?[A-Z0-9]{1,5}){0,2})\b"
)
_ORDERS: Final = """
    XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X X-99-XXX
    9-XX-999 999-XX-9
"""
_SIDECODES: Final = frozenset(_ORDERS.split())
"""The fourteen orders of letters and digits on Dutch plates since 1951 (RDW)."""
_TELLING: Final = frozenset(code for code in _SIDECODES if not re.search(r"9-?9-?9-?9|X-?X-?X-?X", code))
"""Those that stand out without dashes: NL2026 and 8242AB are something else."""
_SHAPE = str.maketrans(
    dict.fromkeys("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", "X") | dict.fromkeys("0123456789", "9")
)
_VOWELS: Final = frozenset("aeiouAEIOUcqCQ")
"""Not on plates since 1978, lest they make words; C and Q look like a nought."""


def has_address(text: str) -> bool:
    """A postcode, or a street with a house number; a street with a count ("Ambachtsweg 3 panden") is none."""
    if any(map(_is_postcode, _POSTCODE.finditer(text))):
        return True
    lowered = text.lower()
    return any(street in lowered for street in _ENDINGS) and any(map(_is_house, _HOUSE.finditer(text)))


def is_street(word: str) -> bool:
    """Whether a word ends as streets do."""
    return word.lower().endswith(_ENDINGS)


def _is_postcode(match: re.Match[str]) -> bool:
    digits, space, letters = match.groups()
    counted = space and (1990 <= int(digits) < 2040 or digits.endswith("00"))
    return letters not in _NO_POSTCODE and not (counted and letters.lower() in ABBREVIATIONS)


def _is_house(match: re.Match[str]) -> bool:
    """Whether the number numbers a house: not a year, and nothing is counted."""
    start = match.start()
    before = _WORD_BEFORE.search(match.string, max(0, start - 40), start)
    street = (before[0] if before else "") + match[0].split(" ", 1)[0].rstrip(",")
    number, following = match[1], (match[2] or "").lower()
    if street.lower() in NO_STREETS or 1990 <= int(number) < 2040:
        return False
    counts = following in UNITS or (following.endswith(("en", "s")) and following not in NOT_COUNTED)
    return not counts


def has_licence_plate(text: str) -> bool:
    """A Dutch plate of any of the fourteen sidecodes, with dashes, spaces or neither; or what is called a plate."""
    if "enteken" in text and any(map(_is_called_plate, _CALLED_PLATE.findall(text))):
        return True
    dashed = _DASHED.findall(text) if "-" in text else ()
    return any(map(_is_dashed_plate, dashed)) or any(map(_is_bare_plate, _bare(text)))


def _is_called_plate(text: str) -> bool:
    return any(map(str.isdecimal, text)) and any(map(str.isupper, text))


def _bare(text: str) -> Iterator[str]:
    """What may be a plate without dashes, with dashes put in where letters and digits meet."""
    yield from (match.replace(" ", "-") for match in _SPACED.findall(text))
    for match in _WHOLE.findall(text):
        yield re.sub(r"(?<=\d)(?=[A-Z])|(?<=[A-Z])(?=\d)", "-", match)


def _is_dashed_plate(text: str) -> bool:
    """In capitals any letters, for people make up examples; in small letters only those that are on plates."""
    letters = {part.lower() for part in text.split("-") if part.isalpha()}
    if text.translate(_SHAPE) not in _SIDECODES or letters & MONTHS:
        return False
    return text.isupper() or not _VOWELS.intersection(text)


def _is_bare_plate(text: str) -> bool:
    letters = {part.lower() for part in text.split("-") if part.isalpha()}
    return text.translate(_SHAPE) in _TELLING and not _VOWELS.intersection(text) and not letters & NO_PLATE
