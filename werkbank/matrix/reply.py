"""What one supplier gets back about one return: its own findings, in the order in which to mend them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from werkbank.errors import Finding, Severity
from werkbank.matrix.rules import RULES

__all__ = ["SEVERITIES", "Reply", "Step", "explanation_of", "in_order", "plain", "steps", "title_of"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "remark")
"""From what has to be mended to what is only said."""
_ADDRESS: Final = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_NOWHERE: Final = (0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """One return and what its supplier may know about it; names are shown as they stand here.

    `file` is the name of the return, `municipality` and `party` are names (empty when they could not be told).
    `parks` and `indicators` give a name to each code that belongs in this return.
    """

    file: str
    municipality: str
    party: str
    round: str
    label: str
    fictional: bool
    findings: tuple[Finding, ...]
    return_as: str = ""
    """The name under which the mended return is expected; empty when that could not be told."""
    rebuilt: bool = False
    """The return itself cannot be marked; what was read of it goes back in a new workbook."""
    parks: Mapping[str, str] = field(default_factory=dict)
    indicators: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """Whose return it is, in words: "Urk, gemeente, ronde 2026-1"."""
        return ", ".join(filter(None, (self.municipality, self.party, f"ronde {self.round}")))


@dataclass(frozen=True, slots=True)
class Step:
    """All findings of one rule and one severity: one thing to do."""

    severity: Severity
    rule: str
    findings: tuple[Finding, ...]

    @property
    def title(self) -> str:
        """What is the matter, in a few words."""
        return title_of(self.rule)

    @property
    def explanation(self) -> str:
        """What it means and what to do; empty for a rule that is in no register."""
        return explanation_of(self.rule)

    @property
    def meaning(self) -> str:
        """What it means, where what to do is told apart."""
        return RULES[self.rule].meaning if self.rule in RULES else ""


def title_of(rule: str) -> str:
    """What a rule is about, in a few words of Dutch."""
    return RULES[rule].title if rule in RULES else rule.replace("-", " ")


def explanation_of(rule: str) -> str:
    """What a rule means, in Dutch; empty for a rule that is in no register."""
    return RULES[rule].explanation if rule in RULES else ""


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; then what concerns the whole return, then cell by cell as they stand in it."""
    return tuple(sorted(findings, key=_key))


def steps(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """The findings rule by rule, most important first.

    Errors come before warnings and remarks. Within these, what concerns a whole return or sheet comes first, for
    mending that may mend the rest; then the rule that was broken most often.
    """
    ordered = sorted(in_order(findings), key=lambda each: (SEVERITIES.index(each.severity), each.rule))
    groups = [
        Step(severity, rule, tuple(own))
        for (severity, rule), own in groupby(ordered, key=lambda each: (each.severity, each.rule))
    ]
    return tuple(sorted(groups, key=_weight))


def plain(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a program could take for a command."""
    return "".join(ch if ch.isprintable() else " " for ch in text)


def _key(finding: Finding) -> tuple[object, ...]:
    place = (finding.sheet or "", *_place(finding), finding.line or 0)
    return (SEVERITIES.index(finding.severity), _is_local(finding), *place, finding.rule, finding.found)


def _is_local(finding: Finding) -> bool:
    return finding.cell is not None or finding.line is not None


def _place(finding: Finding) -> tuple[int, int]:
    """Row and column, so that C5 stands before C14; a range counts by its first cell."""
    match = _ADDRESS.match(finding.cell or "")
    if match is None:
        return _NOWHERE
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _weight(step: Step) -> tuple[object, ...]:
    whole = not any(map(_is_local, step.findings))
    return (SEVERITIES.index(step.severity), not whole, -len(step.findings), step.rule)
