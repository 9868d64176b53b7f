"""The one registry of rule codes: what checking a return or park list can find, how grave it is, what is mended first.

A code is in the JSON of `werkbank check` and in people's notes, so it never changes its meaning. `error`: what stands
there does not count or cannot be trusted. `warning`: it counts and must be looked at. `remark`: for information.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Final, cast

from werkbank.errors import SEVERITY_DUTCH, Finding, Severity
from werkbank.files.yaml import packaged
from werkbank.matrix.layout import Place

SEVERITIES: Final[tuple[Severity, ...]] = tuple(SEVERITY_DUTCH)
"""From what has to be mended to what is only said."""
_OF_OWN_FILES: Final = "Fout in een bestand met instellingen"
"""What a rule about YAML is about: there are many, and each finding says what is the matter."""
_ADDRESS: Final = re.compile(r"([A-Z]*)(\d*)")
_TEXTS: Final = packaged(__file__, "rules.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One kind of fault or remark, as `rules.yaml` tells it."""

    code: str
    group: str
    """The heading under which it stands on the page."""
    severities: tuple[Severity, ...]
    """Nearly always one; the gravest first where it depends on what else is known."""
    title: str
    means: str
    do: str
    note: str = ""
    found: str = ""
    allowed: str = ""
    remedy: str = ""
    """What a finding of it says where its place tells no more."""

    @property
    def severity(self) -> Severity:
        """The severity that it has unless told otherwise."""
        return self.severities[0]

    @property
    def meaning(self) -> str:
        """What it means, where what to do is told apart."""
        return " ".join(filter(None, (f"{self.means.removesuffix('.')}.", self.note)))

    @property
    def explanation(self) -> str:
        """What it means and what to do."""
        return " ".join(filter(None, (f"{self.means}; {self.do}.", self.note)))


def _rule(code: str, group: str, severity: str, **texts: str) -> Rule:
    return Rule(code=code, group=group, severities=cast("tuple[Severity, ...]", tuple(severity.split("/"))), **texts)


RULES: Final[Mapping[str, Rule]] = MappingProxyType(
    {code: _rule(code, group, **entry) for group, own in _TEXTS["rules"].items() for code, entry in own.items()}
)
"""Code → rule, in the order of the page."""


def finding(  # noqa: PLR0913 - named arguments: what a finding is made of
    code: str,
    found: str = "",
    *,
    allowed: str = "",
    remedy: str = "",
    place: Place | None = None,
    severity: Severity | None = None,
    park_id: str | None = None,
    indicator: str | None = None,
) -> Finding:
    """A finding of a registered rule; `severity` only where the rule has more than one and it is not the gravest.

    Raises KeyError when the code is not registered, ValueError for a severity that the rule does not have.
    """
    rule = RULES[code]
    if severity and severity not in rule.severities:
        raise ValueError(f"{code} is never a {severity}")
    return Finding(
        rule=code,
        severity=severity or rule.severity,
        found=found or rule.found,
        allowed=allowed or rule.allowed,
        remedy=remedy or rule.remedy,
        park_id=park_id,
        indicator=indicator,
        **(asdict(place) if place else {}),
    )


def place_of(finding: Finding) -> Place:
    """Where it is in the file that came."""
    return Place(finding.file or "", finding.sheet, finding.cell, finding.line)


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
        return RULES[self.rule].explanation if self.rule in RULES else ""

    @property
    def meaning(self) -> str:
        """What it means, where what to do is told apart."""
        return RULES[self.rule].meaning if self.rule in RULES else ""


def title_of(rule: str) -> str:
    """What a rule is about, in a few words of Dutch."""
    return RULES[rule].title if rule in RULES else _OF_OWN_FILES


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Errors first; then what concerns the whole return, then cell by cell as they stand in it."""
    return tuple(sorted(findings, key=_order))


def steps(findings: Iterable[Finding]) -> tuple[Step, ...]:
    """The findings rule by rule, most important first.

    Errors come before warnings and remarks. Within these, what concerns a whole return or sheet comes first, for
    mending that may mend the rest; then the rule that was broken most often.
    """
    groups: dict[tuple[Severity, str], list[Finding]] = {}
    for each in in_order(findings):
        groups.setdefault((each.severity, each.rule), []).append(each)
    return tuple(sorted((Step(*key, tuple(own)) for key, own in groups.items()), key=_weight))


def _order(finding: Finding) -> tuple[object, ...]:
    # Row before column, and C before AA; a range counts by its first cell.
    column, row = cast("re.Match[str]", _ADDRESS.match(finding.cell or "")).groups()
    place = (finding.sheet or "", int(row or -1), len(column), column, finding.line or 0)
    return (SEVERITIES.index(finding.severity), _is_local(finding), *place, finding.rule, finding.found)


def _is_local(finding: Finding) -> bool:
    return finding.cell is not None or finding.line is not None


def _weight(step: Step) -> tuple[object, ...]:
    whole = not any(map(_is_local, step.findings))
    return (SEVERITIES.index(step.severity), not whole, -len(step.findings), step.rule)
