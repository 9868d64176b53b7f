"""One value of a register: numbers as Dutch and English write them, areas, years, municipality codes, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "Area",
    "Codes",
    "decimal_mark",
    "folded",
    "read_area",
    "read_codes",
    "read_number",
    "read_year",
    "slug",
    "words",
]

Unit = Literal["ha", "m2"]

_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{3})*([.,]\d{1,15})?")
_UNIT = re.compile(r"\s*(ha|hectare|m2|m²)\.?$", re.IGNORECASE)
_YEAR = re.compile(r"\D*(\d{4})\D*")
_CODE = re.compile(r"(?:GM)?(\d{1,4})", re.IGNORECASE)
_NOBODY = "GM0000"


@dataclass(frozen=True, slots=True)
class Area:
    """An area as written, with its unit if it says so."""

    value: float
    unit: Unit | None


@dataclass(frozen=True, slots=True)
class Codes:
    """The municipality codes in a field (`GM0034`), and whether anything else stood in it."""

    codes: tuple[str, ...]
    nobody: bool
    """`GM0000` stood in it."""
    unreadable: bool


def decimal_mark(texts: Iterable[str]) -> str:
    """The mark that a column uses for decimals, by the values that leave no doubt; a comma beats a point."""
    marks = {_certain_mark(_without_unit(text)[0]) for text in texts}
    return "," if "," in marks else "."


def read_number(text: str, mark: str = ".") -> float | None:
    """The number in a text, or None; `mark` decides what the text leaves open, such as 1.234."""
    text = text.replace("\u00a0", "").replace(" ", "")
    if not _NUMBER.fullmatch(text):
        return None
    own = _certain_mark(text)
    if own is None and ("," in text or "." in text):
        # One mark with three digits after it: a comma is then a decimal comma, as in Dutch, a point goes by the column.
        own = "," if "," in text else mark if mark == "." else ","
    thousands = {",": ".", ".": ","}.get(own or ".", ",")
    plain = text.replace(thousands, "").replace(",", ".")
    return float(plain) if plain.count(".") <= 1 else None


def read_area(text: str, mark: str = ".") -> Area | None:
    """The area in a text such as `12,5`, `125.000 m2` or `12 ha`; None when it is none."""
    number, unit = _without_unit(text)
    value = read_number(number, mark)
    return None if value is None else Area(value, unit)


def read_year(text: str) -> tuple[int | None, bool]:
    """The year in a text, and whether the text is exactly that: `v1900` holds a year and a word for "before"."""
    match = _YEAR.fullmatch(text)
    if match is None or not 1000 <= int(match[1]) <= 2100:
        return None, False
    return int(match[1]), text == match[1]


def read_codes(text: str) -> Codes:
    """The municipality codes in a text; `GM0000` is nobody's."""
    parts = [part for part in re.split(r"[^A-Za-z0-9]+", text) if part]
    found = [f"GM{int(match[1]):04d}" if (match := _CODE.fullmatch(part)) else None for part in parts]
    codes = tuple(dict.fromkeys(code for code in found if code and code != _NOBODY))
    return Codes(codes, _NOBODY in found, None in found)


def folded(text: str) -> str:
    """The text without capitals, accents and doubled spaces: for comparing names."""
    plain = "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))
    return " ".join(plain.split()).casefold()


def words(text: str) -> tuple[str, ...]:
    """The words of a name, for comparing: letters and digits only."""
    return tuple(re.findall(r"[a-z0-9]+", folded(text)))


def slug(name: str) -> str:
    """A municipality's name as the name of its parameters file: "'s-Hertogenbosch" → "s-hertogenbosch"."""
    return "-".join(words(name))


def _without_unit(text: str) -> tuple[str, Unit | None]:
    match = _UNIT.search(text)
    if match is None:
        return text, None
    return text[: match.start()], "ha" if match[1].lower().startswith("h") else "m2"


def _certain_mark(text: str) -> str | None:
    """The decimal mark of a number that leaves no doubt: both marks are used, or one with other than three digits."""
    last = max(text.rfind(","), text.rfind("."))
    if last < 0:
        return None
    if "," in text and "." in text:
        return text[last]
    if text.count(text[last]) > 1:
        return "," if text[last] == "." else "."
    return None if len(text) - last - 1 == 3 else text[last]
