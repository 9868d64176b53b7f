"""Contradictions within a catalogue: one rule per test, each fault on its own line."""

from __future__ import annotations

import pytest

INDICATORS, SCALES, INTERVENTIONS = "indicators.yaml", "scales.yaml", "interventions.yaml"


def test_the_small_catalogue_is_valid(small) -> None:
    """What these tests break is whole to begin with."""
    assert small.load().indicator_ids == ("V01", "G01")


@pytest.mark.parametrize(
    ("name", "old", "new", "rule"),
    [
        (INDICATORS, "score_name: Dreiging, scale: steps", "score_name: Dreiging, scale: step", "unknown-reference"),
        (INDICATORS, "name: Drugs, family: threat", "name: Drugs, family: resilience", "unknown-reference"),
        (INDICATORS, "phenomena: [cannabis]", "phenomena: [canabis]", "unknown-reference"),
        (INDICATORS, "best_judge: police", "best_judge: polis", "unknown-reference"),
        ("phenomena.yaml", "group: drugs", "group: drug", "unknown-reference"),
        (INTERVENTIONS, "lead: municipality", "lead: mayor", "unknown-reference"),
        (INTERVENTIONS, "partners: [municipality]", "partners: [municipality, mayor]", "unknown-reference"),
        (INTERVENTIONS, "supporting: [G01]", "supporting: [G02]", "unknown-reference"),
        (INTERVENTIONS, "source: V01", "source: V09", "unknown-reference"),
        (INTERVENTIONS, "weight: 2", "weight: 3", "unknown-reference"),
        (INTERVENTIONS, "framework: scope_for_action", "framework: lasting_cooperation", "unknown-reference"),
        ("audiences.yaml", "parties: [police, municipality]", "parties: [polise]", "unknown-reference"),
        ("audiences.yaml", "sensitivity: public", "sensitivity: secret", "unknown-reference"),
        (INDICATORS, "id: G01", "id: V01", "duplicate-code"),
        (INDICATORS, "subcategory: site", "subcategory: drugs", "wrong-family"),
        (SCALES, "value: 2, code: much", "value: 3, code: much", "levels-not-consecutive"),
        (SCALES, "value: 0, code: none", "value: 1, code: none", "levels-not-consecutive"),
        (SCALES, "code: some", "code: none", "duplicate-code"),
        (SCALES, "points: [0, 30, 100]", "points: [0, 100]", "points-count"),
        (SCALES, "points: [0, 30, 100]", "points: [0, 60, 50]", "points-not-monotone"),
        (SCALES, "synonyms: [nvt]", 'synonyms: [nvt, "Onbekend "]', "synonym-taken"),
        (SCALES, '"onbekend", "?"', '"onbekend", "geen"', "synonym-taken"),
        (SCALES, "name: Enig, anchor: a", 'name: Enig, anchor: a, synonyms: ["Veel "]', "synonym-taken"),
        (SCALES, "name: Enig, anchor: a", 'name: Enig, anchor: a, synonyms: ["2"]', "synonym-taken"),
        (INTERVENTIONS, "supporting: [G01]", "supporting: [G01, V01]", "answered-twice"),
        (INTERVENTIONS, "direct: [V01]", "direct: [V01, V01]", "answered-twice"),
        (INTERVENTIONS, "min_weeks: 1", "min_weeks: 3", "weeks-reversed"),
        (INTERVENTIONS, 'operator: ">=", value: 1', "operator: is, value: 1", "trigger-operator"),
        (INTERVENTIONS, 'operator: ">=", value: 1', 'operator: ">=", value: unknown', "trigger-operator"),
        (INTERVENTIONS, 'source: V01, operator: ">=", value: 1', "source: coverage, operator: is, value: unknown",
         "trigger-operator"),
        (INTERVENTIONS, 'operator: ">=", value: 1', 'operator: ">=", value: 3', "trigger-value"),
        (INTERVENTIONS, 'source: V01, operator: ">=", value: 1', 'source: coverage, operator: "<", value: 101',
         "trigger-value"),
        (INTERVENTIONS, 'source: V01, operator: ">=", value: 1', 'source: severe_threat, operator: ">=", value: 3',
         "trigger-value"),
    ],
)  # fmt: skip
def test_a_contradiction_is_found_on_its_line(small, name: str, old: str, new: str, rule: str) -> None:
    """The fault is named with its rule, its file and the line that was changed."""
    line = small.change(name, old, new)
    assert (rule, name, line) in {(finding.rule, finding.file, finding.line) for finding in small.findings()}


def test_exactly_one_wrong_code_is_found(small) -> None:
    """One wrong code is one finding."""
    small.change(INTERVENTIONS, "supporting: [G01]", "supporting: [X01]")
    assert [finding.rule for finding in small.findings()] == ["unknown-reference"]


def test_two_wrong_codes_are_two_findings(small) -> None:
    """Two wrong codes in one list are named one by one."""
    small.change(INTERVENTIONS, "supporting: [G01]", "supporting: [X01, X02]")
    found = [finding.found for finding in small.findings()]
    assert found == ["indicator “X01” bestaat niet", "indicator “X02” bestaat niet"]


def test_a_near_miss_is_asked_back(small) -> None:
    """A wrong code close to a right one gets “bedoelt u …?”."""
    small.change(INDICATORS, "phenomena: [cannabis]", "phenomena: [canabis]")
    assert small.findings()[0].remedy == "bedoelt u “cannabis”?"


def test_a_threat_without_severity_is_a_fault(small) -> None:
    """The severity multiplies a threat's weight, so it can't be left out."""
    small.change(INDICATORS, "    severity: 2\n", "")
    assert [(finding.rule, finding.line) for finding in small.findings()] == [("severity-missing", 12)]


def test_a_severity_on_anything_but_a_threat_is_a_fault(small) -> None:
    """A feature of the place is never severe."""
    line = small.change(INDICATORS, "best_judge: both", "severity: 1\n    best_judge: both")
    assert [(finding.rule, finding.line) for finding in small.findings()] == [("severity-not-allowed", line)]


def test_a_missing_state_is_a_fault(small) -> None:
    """Without a word for unknown, unknown would become nothing or nought."""
    small.change(SCALES, '  - {code: unknown, name: Onbekend, description: d, synonyms: ["onbekend", "?"]}\n', "")
    assert [(finding.rule, finding.file) for finding in small.findings()] == [("state-missing", SCALES)]


def test_equal_points_are_allowed(small) -> None:
    """Two levels may be worth the same; only falling points are a fault."""
    small.change(SCALES, "points: [0, 30, 100]", "points: [0, 100, 100]")
    assert small.load().scale_of("V01").points == (0, 100, 100)


def test_a_trigger_on_unknown_is_allowed(small) -> None:
    """Not knowing can be the very reason for an intervention."""
    small.change(INTERVENTIONS, 'operator: ">=", value: 1', "operator: is, value: unknown")
    assert small.load().interventions[0].triggers[0].value == "unknown"
