"""Faults in the tables handed to scoring: gathered first, then named all at once."""

from __future__ import annotations

import difflib
from collections.abc import Hashable, Iterable

from werkbank.errors import Finding, ScoringError

__all__ = ["fault", "meant", "names", "refuse"]

MOST_NAMES = 20
"""More names than this make a message unreadable; the rest is counted."""


def fault(rule: str, found: str, allowed: str, remedy: str, *, indicator: Hashable = None) -> Finding:
    """One error in a table, with the indicator or group it concerns."""
    code = None if indicator is None else str(indicator)
    return Finding(rule=rule, severity="error", found=found, allowed=allowed, remedy=remedy, indicator=code)


def refuse(message: str, faults: Iterable[Finding]) -> None:
    """Raises one ScoringError with every fault; without faults nothing happens."""
    found = tuple(faults)
    if found:
        raise ScoringError(message, found)


def names(codes: Iterable[Hashable]) -> str:
    """The codes in quotes; after twenty only the number of the others: “a”, “b” en nog 3."""
    quoted = [f"“{code}”" for code in codes]
    rest = len(quoted) - MOST_NAMES
    return ", ".join(quoted[:MOST_NAMES]) + (f" en nog {rest}" if rest > 0 else "")


def meant(code: Hashable, options: Iterable[Hashable], remedy: str) -> str:
    """The question "bedoelt u …?" when an option is near, else the remedy."""
    near = difflib.get_close_matches(str(code), [str(option) for option in options], n=1)
    return f"bedoelt u “{near[0]}”?" if near else remedy
