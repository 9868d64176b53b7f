"""What was read and only looks odd is not lost when a workbook is written again; everything else may be."""

from __future__ import annotations

import pytest

from werkbank.errors import Finding
from werkbank.matrix.rules import RULES
from werkbank.matrix.template_losses import ABOUT_CONTENT, READ_ALL_THE_SAME, is_lost


def test_the_rules_that_are_told_apart_exist():
    """A rule or group that gets another name is noticed here."""
    assert set(ABOUT_CONTENT) <= {rule.group for rule in RULES.values()}
    assert set(RULES) >= READ_ALL_THE_SAME


@pytest.mark.parametrize(
    ("rule", "severity", "lost"),
    [
        ("not-a-level", "error", True),
        ("unknown-park", "error", True),
        ("values-without-park", "warning", True),
        ("remark-without-cell", "warning", True),
        ("unreadable-date", "warning", True),
        ("a-rule-of-tomorrow", "warning", True),
        ("phone-number", "warning", False),
        ("nothing-filled-in", "warning", False),
        ("hidden-row", "warning", False),
        ("translated-indicator", "remark", False),
    ],
)
def test_only_what_could_not_be_read_is_lost(rule, severity, lost):
    assert is_lost(Finding(rule=rule, severity=severity, found="", allowed="", remedy="")) is lost
