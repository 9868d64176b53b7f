"""Dates beside the judgements that cannot be, or that are too old to say something of this round."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from typing import Final

import pandas as pd

from werkbank.errors import Finding
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import finding
from werkbank.wording import date as in_words

__all__ = ["IMPLAUSIBLE_YEARS", "OLD_YEARS", "date_findings"]

OLD_YEARS: Final = 2
"""A judgement that refers to an earlier day says little of this round."""
IMPLAUSIBLE_YEARS: Final = 10
"""A day longer ago is rather a slip of the pen in the year."""

_YEAR = re.compile(r"(20\d\d)(?!\d)")


def date_findings(matrix: RiskMatrix, today: dt.date) -> tuple[Finding, ...]:
    """Dates after today, and dates more than two years before the end of the round's year or today, the earlier one.

    The round's year is the four digits with which its name begins; without these only today counts. The demo's dates
    lie within seven months before its rounds: no finding, whatever later day it is.
    """
    last = _last_day(matrix.round, today)
    return tuple(
        _findings(matrix, today, old=_years_before(last, OLD_YEARS), far=_years_before(last, IMPLAUSIBLE_YEARS))
    )


def _last_day(round: str, today: dt.date) -> dt.date:
    match = _YEAR.match(round)
    return min(today, dt.date(int(match[1]), 12, 31)) if match else today


def _years_before(day: dt.date, years: int) -> dt.date:
    # 29 February has no namesake in most years.
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)


def _findings(matrix: RiskMatrix, today: dt.date, *, old: dt.date, far: dt.date) -> Iterator[Finding]:
    frame = matrix.judgements
    suspect = frame[(frame["date"] > pd.Timestamp(today)) | (frame["date"] < pd.Timestamp(old))]
    for row in suspect.itertuples():
        day = pd.Timestamp(str(row.date)).date()
        if day > today:
            found, allowed = f"{in_words(day)} ligt in de toekomst", f"ten hoogste {in_words(today)}"
            yield _finding(matrix, row, "date-in-future", found, allowed, "verbeter de datum")
        elif day < far:
            found, allowed = f"{in_words(day)} is meer dan {IMPLAUSIBLE_YEARS} jaar geleden", f"na {in_words(old)}"
            yield _finding(matrix, row, "implausible-date", found, allowed, "controleer het jaartal")
        else:
            found, allowed = f"{in_words(day)} is meer dan {OLD_YEARS} jaar geleden", f"na {in_words(old)}"
            yield _finding(matrix, row, "old-date", found, allowed, "beoordeel de cel opnieuw en geef de nieuwe datum")


def _finding(matrix: RiskMatrix, row: object, rule: str, found: str, allowed: str, remedy: str) -> Finding:
    park_id, indicator, party = (str(getattr(row, name)) for name in ("park_id", "indicator", "party"))
    place = matrix.remark_place_of(park_id, indicator, party, "date")
    return finding(rule, found=found, allowed=allowed, remedy=remedy, place=place, park_id=park_id, indicator=indicator)
