"""What a number looks like to whoever sees the cell: a date, a percentage, or itself."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from typing import Final, Literal

__all__ = ["Unseen", "hidden_by", "is_nought", "moment", "shows_date", "shows_percentage"]

_OWN_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_OWN_PERCENTAGES: Final = frozenset({9, 10})
"""The formats of Excel itself, which no file describes (ECMA-376 18.8.30)."""
_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
"""What in a number format is a literal, a filling or a colour."""
_NO_FORMAT: Final = frozenset({"general", "standaard"})
_LAST_DAY: Final = 2_958_465
"""31 December 9999, the last that Excel knows."""
_OF_1904: Final = 1_462
"""Days between the two beginnings of time that Excel knows."""


def shows_date(number: int, code: str) -> bool:
    """True when numbers in this format look like a date or time; `code` describes it, where it is no own one."""
    letters = _NOT_SHOWN.sub("", code).lower()
    return number in _OWN_DATES or (letters not in _NO_FORMAT and any(letter in letters for letter in "dmyhs"))


def shows_percentage(number: int, code: str) -> bool:
    """True when 1 in this format looks like 100 %."""
    return number in _OWN_PERCENTAGES or "%" in _NOT_SHOWN.sub("", code)


_IN_A_LITERAL: Final = re.compile(r'"[^"]*"|\\.')
_OF_NOUGHT: Final = re.compile(r"\[=0(?:\.0*)?\]")
_DECORATION: Final = re.compile(r'""|_.|\*.|\[[^\]]*\]|\s')
"""What in a section of a number format shows nothing by itself: fillings, colours, conditions."""

Unseen = Literal["nought", "number", "text"]


def hidden_by(code: str) -> frozenset[Unseen]:
    """What a number format shows nothing for: a nought, other numbers, texts.

    Its sections are for positive numbers, negative ones, nought and texts (ECMA-376 18.8.31); `[=0]` names the nought
    too, and a section of nothing but `#` shows none.
    """
    sections = _IN_A_LITERAL.sub(lambda literal: literal[0].replace(";", ","), code).split(";")
    shown = [_DECORATION.sub("", section) for section in sections]
    own = next((place for place, section in enumerate(sections) if _OF_NOUGHT.match(section)), None)
    nought = shown[own] if own is not None else shown[2 if len(sections) > 2 else 0]
    hidden: list[Unseen] = ["nought"] if code and not nought.strip("#,.") else []
    hidden += ["number"] if code and own != 0 and not shown[0] else []
    hidden += ["text"] if len(sections) > 3 and not shown[3] else []
    return frozenset(hidden)


def is_nought(text: str) -> bool:
    """True for a number that is 0, however it is written."""
    try:
        return float(text) == 0
    except ValueError:
        return False


def moment(number: float, *, from_1904: bool = False) -> Hashable:
    """The date or time that Excel shows for a number; the number itself where it shows none."""
    days = number + (_OF_1904 if from_1904 else 0)
    if not 0 <= days <= _LAST_DAY:
        return number
    if days < 1:
        return (dt.datetime.min + dt.timedelta(days=days)).time()
    # Excel has a 29 February 1900, which never was.
    day = dt.datetime(1899, 12, 30 if days >= 60 else 31) + dt.timedelta(days=days)
    return day if day.time() != dt.time(0) else day.date()
