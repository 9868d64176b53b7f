"""Which cell styles of an .xlsx show a number as a percentage."""

from __future__ import annotations

from functools import lru_cache

from defusedxml import ElementTree

from werkbank.matrix.number_formats import shows_percentage

__all__ = ["percent_styles"]


@lru_cache(maxsize=64)
def percent_styles(content: bytes) -> frozenset[int]:
    """The numbers of these styles in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(content)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    used = [int(each.get("numFmtId", "0")) for each in root.iterfind("{*}cellXfs/{*}xf")]
    return frozenset(place for place, number in enumerate(used) if shows_percentage(number, codes.get(number, "")))
