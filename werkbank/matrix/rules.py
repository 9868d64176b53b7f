"""The one registry of rule codes: what reading and checking a matrix or park register can find, and how grave it is.

A code is in the JSON of `werkbank check` and in people's notes, so it never changes its meaning. `error`: what stands
there does not count or cannot be trusted. `warning`: it counts and must be looked at. `remark`: for information.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import groupby
from pathlib import Path
from types import MappingProxyType
from typing import Final, cast

from werkbank.errors import SEVERITY_DUTCH, CatalogueError, Finding, Severity
from werkbank.files.yaml import read_yaml
from werkbank.matrix.layout import Place

SEVERITIES: Final[tuple[Severity, ...]] = tuple(SEVERITY_DUTCH)
"""From what has to be mended to what is only said."""
_TEXTS: Final = read_yaml(Path(__file__).with_name("rules.yaml"), error=CatalogueError).data


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


def rules_page() -> str:
    """The page `docs/controleregels.md`: for whoever gets a findings file."""
    lines = [_TEXTS["introduction"].strip()]
    for group, rules in groupby(RULES.values(), key=lambda rule: rule.group):
        lines += ["", f"## {group}", "", "| code | ernst | wat het betekent en wat u doet |", "|---|---|---|"]
        for rule in rules:
            severity = " of ".join(SEVERITY_DUTCH[each] for each in rule.severities)
            lines.append(f"| `{rule.code}` | {severity} | **{rule.title}.** {rule.explanation} |")
    return "\n".join(lines) + "\n"
