"""The one registry of rule codes: what reading and checking a matrix or park register can find, and how grave it is.

A code is in the JSON of `werkbank check` and in people's notes, so it never changes its meaning. `error`: what stands
there does not count or cannot be trusted. `warning`: it counts and must be looked at. `remark`: for information.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, cast

from werkbank.errors import SEVERITY_DUTCH, Finding, Severity
from werkbank.matrix.layout import Place
from werkbank.matrix.rule_texts import INTRODUCTION, READING
from werkbank.matrix.rule_texts_checks import CHECKS
from werkbank.matrix.rule_texts_earlier import EARLIER
from werkbank.matrix.rule_texts_parks import PARKS

__all__ = ["RULES", "Rule", "finding", "rules_page"]

_TEXTS: Final = READING | EARLIER | CHECKS | PARKS
_HEAD = re.compile(
    r"(?P<code>[a-z-]+) · (?P<severities>(?:error|warning|remark)(?:/(?:warning|remark))?) · (?P<title>.+)"
)

_TO_DO = re.compile(r"\.?; .*?\.(?= |$)")


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of fault or remark: code, severities, Dutch title, and in Dutch what it means and what to do."""

    code: str
    severities: tuple[Severity, ...]
    """Nearly always one; the gravest first where it depends on what else is known."""
    title: str
    explanation: str
    group: str
    """The heading under which it stands on the page."""

    @property
    def meaning(self) -> str:
        """The explanation without what to do, which stands behind its semicolon; for where that is told apart."""
        return _TO_DO.sub(".", self.explanation, count=1)

    @property
    def severity(self) -> Severity:
        """The severity that it has unless told otherwise."""
        return self.severities[0]


def _rules() -> Iterator[Rule]:
    """The rules in the order of the page: each a line of code, severity and title, and its explanation below it."""
    for group, text in _TEXTS.items():
        for entry in text.strip().split("\n\n"):
            head, _, explanation = entry.partition("\n")
            match = cast("re.Match[str]", _HEAD.fullmatch(head.strip()))
            severities = tuple(cast("Severity", each) for each in match["severities"].split("/"))
            yield Rule(match["code"], severities, match["title"], " ".join(explanation.split()), group)


RULES: Final[Mapping[str, Rule]] = MappingProxyType({rule.code: rule for rule in _rules()})
"""Code → rule, in the order of the page."""


def finding(
    code: str,
    *,
    found: str,
    allowed: str,
    remedy: str,
    place: Place | None = None,
    park_id: str | None = None,
    indicator: str | None = None,
) -> Finding:
    """A finding of a registered rule, with its severity; KeyError when the code is not registered."""
    return Finding(
        rule=code,
        severity=RULES[code].severity,
        found=found,
        allowed=allowed,
        remedy=remedy,
        file=place.file if place else None,
        sheet=place.sheet if place else None,
        cell=place.cell if place else None,
        line=place.line if place else None,
        park_id=park_id,
        indicator=indicator,
    )


def rules_page() -> str:
    """The page `docs/controleregels.md`: for whoever gets a findings file."""
    return "\n".join([INTRODUCTION.strip(), *(_table(group) for group in _TEXTS)]) + "\n"


def _table(group: str) -> str:
    head = "| code | ernst | wat het betekent en wat u doet |"
    return "\n".join(["", f"## {group}", "", head, "|---|---|---|", *map(_row, _of(group))])


def _of(group: str) -> Iterator[Rule]:
    return (rule for rule in RULES.values() if rule.group == group)


def _row(rule: Rule) -> str:
    severity = " of ".join(SEVERITY_DUTCH[each] for each in rule.severities)
    return f"| `{rule.code}` | {severity} | **{rule.title}.** {rule.explanation} |"
