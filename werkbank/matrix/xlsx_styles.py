"""Which cell styles of an .xlsx show a number as a percentage, or do not show what is in the cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from defusedxml import ElementTree

from werkbank.matrix.sheet_xml import Unseen, hidden_by, shows_percentage

__all__ = ["NO_STYLES", "OddStyles", "odd_styles"]


@dataclass(frozen=True, slots=True)
class OddStyles:
    """The numbers of the styles in which a cell looks like something else than it holds."""

    percentages: frozenset[int] = frozenset()
    unseen: Mapping[int, frozenset[Unseen]] = field(default_factory=dict)
    """Style → what it shows nothing for."""

    @property
    def numbers(self) -> frozenset[int]:
        """All of them."""
        return self.percentages | self.unseen.keys()


NO_STYLES = OddStyles()


@lru_cache(maxsize=64)
def odd_styles(content: bytes) -> OddStyles:
    """These styles in a workbook's styles.xml; the same in nearly every workbook, so kept."""
    root = ElementTree.fromstring(content)
    codes = {
        int(each.get("numFmtId", "0")): each.get("formatCode", "") for each in root.iterfind("{*}numFmts/{*}numFmt")
    }
    used = [int(each.get("numFmtId", "0")) for each in root.iterfind("{*}cellXfs/{*}xf")]
    unseen = {place: hidden_by(codes.get(number, "")) for place, number in enumerate(used)}
    return OddStyles(
        frozenset(place for place, number in enumerate(used) if shows_percentage(number, codes.get(number, ""))),
        {place: hidden for place, hidden in unseen.items() if hidden},
    )
