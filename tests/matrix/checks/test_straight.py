"""A return in which nobody judged is named; a quiet one is not."""

from __future__ import annotations

import pytest

from werkbank.matrix.checks import content_findings

from .conftest import matrix_of, register

VARIED = "0120310021003210?012030-1002103201.0"


def found(catalogue, *columns):
    """Rule → what was found, for one return with these columns."""
    parks = [f"URK-{number:02d}" for number in range(1, len(columns) + 1)]
    matrix = matrix_of(catalogue, {"police": dict(zip(parks, columns, strict=True))})
    return {finding.rule: finding for finding in content_findings(matrix, catalogue, register(*parks))}


def by_family(catalogue, **signs):
    """One column, with the signs of each family in turn."""
    return "".join(
        signs[each.family][number % len(signs[each.family])] for number, each in enumerate(catalogue.indicators)
    )


def test_a_blank_return_is_named_at_its_sheet(catalogue):
    findings = found(catalogue, ".", ".")
    assert list(findings) == ["nothing-filled-in"]
    assert (findings["nothing-filled-in"].file, findings["nothing-filled-in"].sheet) == ("police.xlsx", "Matrix")


@pytest.mark.parametrize("columns", [("?", "?"), ("?.", "?"), ("?", ".")])
def test_a_return_without_any_level_is_named_as_unknown(catalogue, columns):
    assert list(found(catalogue, *columns)) == ["only-unknown"]


@pytest.mark.parametrize("sign", ["0", "1", "2", "3", "-"])
def test_one_value_everywhere_is_named_whichever_it_is(catalogue, sign):
    assert list(found(catalogue, sign, sign, sign)) == ["one-value-everywhere"]


def test_a_few_other_values_do_not_hide_it(catalogue):
    """The share counts: 99 of 105 cells."""
    findings = found(catalogue, "1" * 33 + "23", "1" * 33 + "03", "1" * 33 + "?2")
    assert list(findings) == ["one-value-everywhere"]
    assert "99 van de 104" in findings["one-value-everywhere"].found


def test_unknown_beside_one_value_is_no_answer_and_hides_nothing(catalogue):
    assert list(found(catalogue, "1?1", "11?")) == ["one-value-everywhere"]


def test_no_suspicion_anywhere_is_an_honest_answer(catalogue):
    """All threats 0, the rest varied: a quiet municipality."""
    quiet = [by_family(catalogue, threat="0", opportunity=one, resilience=two) for one, two in (("0123", "321"), ("3021", "0213"))]  # fmt: skip
    assert found(catalogue, *quiet) == {}


@pytest.mark.parametrize(("family", "sign"), [("threat", "2"), ("opportunity", "0"), ("resilience", "3")])
def test_one_value_in_a_whole_family_is_named(catalogue, family, sign):
    varied = {
        "threat": ("0102", "1003", "0310", "2001"),
        "opportunity": ("0123", "3021", "1302", "2210"),
        "resilience": ("321", "0213", "130", "2031"),
    }
    columns = [
        by_family(catalogue, **{name: each[turn] for name, each in varied.items()} | {family: sign})
        for turn in range(4)
    ]
    findings = found(catalogue, *columns)
    assert list(findings) == ["one-value-everywhere"]
    assert catalogue.family(family).name.lower() in findings["one-value-everywhere"].found


def test_one_park_is_too_little_to_tell_for_a_family(catalogue):
    """A single park has at most 16 cells of one family; below 20 nothing is said."""
    assert found(catalogue, by_family(catalogue, threat="0102", opportunity="1", resilience="2")) == {}


def test_a_varied_return_is_left_alone(catalogue):
    assert found(catalogue, VARIED, VARIED[5:] + VARIED[:5], VARIED[11:] + VARIED[:11]) == {}
