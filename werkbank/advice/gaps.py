"""What is missing of the input of an advice, or is faulty in it: a file a line, and nothing of what is in the file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from werkbank.errors import Finding
from werkbank.wording import count

__all__ = ["gaps"]

MISSING = "missing-workbook"
_SHOWN_ONLY = "context.csv"
"""Figures that stand beside the scores; no score rests on them."""


def gaps(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Which workbooks are missing and which have faults: "urk_politie.xlsx ontbreekt", "…_gemeente.xlsx: 2 fouten"."""
    errors = [one for one in findings if one.severity == "error" and one.file != _SHOWN_ONLY]
    missing = [f"{one.file or 'een werkmap'} ontbreekt" for one in errors if one.rule == MISSING]
    faulty = Counter(one.file or "de invoer" for one in errors if one.rule != MISSING)
    return (*dict.fromkeys(missing), *(f"{file}: {count(n, 'fout', 'fouten')}" for file, n in faulty.items()))
