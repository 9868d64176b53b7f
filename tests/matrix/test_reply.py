"""The order in which a supplier is told what to mend."""

from __future__ import annotations

import itertools

from werkbank.matrix.returns import in_order, steps, title_of

from werkbank.errors import Finding
from werkbank.matrix.rules import RULES
from werkbank.wording import plain


def finding(rule="not-a-level", severity="error", cell=None, **places):
    return Finding(rule=rule, severity=severity, found="f", allowed="a", remedy="r", cell=cell, **places)


WHOLE = finding("unknown-round")
SHEET = finding("missing-park", sheet="Matrix")
EARLY = finding(cell="C5", sheet="Matrix")
LATE = finding(cell="C14", sheet="Matrix")
FAR = finding(cell="AA5", sheet="Matrix")
WARNING = finding("hidden-row", "warning", cell="A2", sheet="Matrix")
REMARK = finding("company-name", "remark", cell="A1", sheet="Matrix")


def test_errors_come_first_then_what_concerns_the_whole_then_cell_by_cell():
    """C5 stands before AA5 and before C14, whatever order the findings came in."""
    findings = (WHOLE, SHEET, EARLY, FAR, LATE, WARNING, REMARK)
    assert {in_order(shuffled) for shuffled in itertools.permutations(findings)} == {findings}


def test_steps_group_by_rule_most_important_first():
    """First what concerns everything, then the rule that was broken most often; warnings and remarks after errors."""
    once = finding("merged-cell", cell="B2", sheet="Matrix")
    made = steps([REMARK, WARNING, once, LATE, EARLY, SHEET])
    assert [(step.severity, step.rule) for step in made] == [
        ("error", "missing-park"),
        ("error", "not-a-level"),
        ("error", "merged-cell"),
        ("warning", "hidden-row"),
        ("remark", "company-name"),
    ]
    assert made[1].findings == (EARLY, LATE)


def test_every_finding_is_in_exactly_one_step():
    findings = [WHOLE, SHEET, EARLY, LATE, WARNING, REMARK, EARLY]
    assert sorted(map(str, (each for step in steps(findings) for each in step.findings))) == sorted(map(str, findings))


def test_one_rule_in_two_severities_is_two_steps():
    made = steps([finding("other-catalogue"), finding("other-catalogue", "warning")])
    assert [step.severity for step in made] == ["error", "warning"]


def test_titles_are_those_of_the_register_of_rules():
    (step,) = steps([EARLY])
    assert (step.title, step.explanation) == (RULES["not-a-level"].title, RULES["not-a-level"].explanation)
    assert title_of("a-rule-of-tomorrow") == "a rule of tomorrow"


def test_what_could_command_a_terminal_becomes_a_space():
    assert plain("a\x1b[31mb\nc\u202ed") == "a [31mb c d"
