"""Which findings say that a file holds something that could not be read, and so would be lost by writing over it."""

from __future__ import annotations

from typing import Final

from werkbank.errors import Finding
from werkbank.matrix.rules import RULES

__all__ = ["is_lost"]

ABOUT_CONTENT: Final = (
    "Hoe er is ingevuld",
    "Persoonsgegevens in toelichtingen",
    "Vergeleken met de vorige ronde",
    "Peildatums",
)
"""Groups of rules about what was read, not about what could not be."""
READ_ALL_THE_SAME: Final = frozenset((
    "hidden-sheet", "hidden-row", "hidden-column", "missing-park", "missing-indicator", "long-remark", "unknown-round",
    "other-catalogue", "ask-riec", "open-elsewhere",
))  # fmt: skip


def is_lost(finding: Finding) -> bool:
    """Not so for what was read and only looks odd; a rule that is not known here may well be about a loss."""
    group = RULES[finding.rule].group if finding.rule in RULES else ""
    return finding.severity != "remark" and group not in ABOUT_CONTENT and finding.rule not in READ_ALL_THE_SAME
