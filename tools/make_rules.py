# ruff: noqa: INP001 - a script beside the package, not part of it
"""Makes `docs/controleregels.md`, for whoever gets a findings file, of `werkbank/matrix/rules.yaml`.

Run it after a change of a rule: `python tools/make_rules.py`.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import yaml

from werkbank.errors import SEVERITY_DUTCH
from werkbank.matrix.rules import RULES

ROOT = Path(__file__).parents[1]
TEXTS = ROOT / "werkbank" / "matrix" / "rules.yaml"


def page() -> str:
    """The page: a table for each group of rules."""
    lines = [yaml.safe_load(TEXTS.read_text(encoding="utf-8"))["introduction"].strip()]
    for group, rules in groupby(RULES.values(), key=lambda rule: rule.group):
        lines += ["", f"## {group}", "", "| code | ernst | wat het betekent en wat u doet |", "|---|---|---|"]
        for rule in rules:
            severity = " of ".join(SEVERITY_DUTCH[each] for each in rule.severities)
            lines.append(f"| `{rule.code}` | {severity} | **{rule.title}.** {rule.explanation} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    (ROOT / "docs" / "controleregels.md").write_text(page(), encoding="utf-8")
