"""Which cell styles of an .xlsx show a number as a date or as a percentage."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from defusedxml import ElementTree

from werkbank.matrix.number_formats import shows_date, shows_percentage

__all__ = ["Styles", "read_styles"]


@dataclass(frozen=True, slots=True)
class Styles:
    """The numbers of the styles, as cells refer to them."""

    dates: frozenset[int] = frozenset()
    percentages: frozenset[int] = frozenset()


@lru_cache(maxsize=64)
def read_styles(content: bytes) -> Styles:
    """The styles in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(content)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    used = [int(each.get("numFmtId", "0")) for each in root.iterfind("{*}cellXfs/{*}xf")]
    looks = [(number, codes.get(number, "")) for number in used]
    return Styles(
        frozenset(place for place, look in enumerate(looks) if shows_date(*look)),
        frozenset(place for place, look in enumerate(looks) if shows_percentage(*look)),
    )
