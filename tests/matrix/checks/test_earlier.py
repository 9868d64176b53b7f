"""What is hard to believe after the round before."""

from __future__ import annotations

import pytest

from werkbank.matrix.checks import FEWEST_FULL_LEAPS, FEWEST_LEAPS, FEWEST_LOST, UNCHANGED, earlier_findings
from werkbank.matrix.rules import RULES
from werkbank.wording import percent

from .conftest import matrix_of

BEFORE = "0120310021003210?012030-1002103201."
OTHER = BEFORE.translate(str.maketrans("0123", "1212"))
"""The same park a year later: no cell more than one level off."""


def findings(catalogue, before, now, **options):
    earlier = matrix_of(catalogue, {"police": {"URK-01": before, "URK-02": BEFORE}}, round="2025-1")
    matrix = matrix_of(catalogue, {"police": {"URK-01": now, "URK-02": OTHER}}, **options)
    return earlier_findings(matrix, earlier, catalogue)


def with_cells(column, cells):
    """The column with other signs in some cells."""
    return "".join(cells.get(number, sign) for number, sign in enumerate(column))


def test_a_year_in_which_little_changed_is_left_alone(catalogue):
    assert findings(catalogue, BEFORE, OTHER) == ()


def test_one_leap_is_left_alone(catalogue):
    """From the highest level to none, in one cell: it happens in clean data, six times a district."""
    assert findings(catalogue, BEFORE, with_cells(OTHER, {4: "0"})) == ()


def test_two_leaps_over_the_whole_scale_in_one_park_are_named_each_in_its_cell(catalogue):
    found = findings(catalogue, BEFORE, with_cells(OTHER, {0: "3", 4: "0"}))
    assert [(each.rule, each.cell, each.park_id, each.indicator) for each in found] == [
        ("implausible-change", "C4", "URK-01", "V01"),
        ("implausible-change", "C8", "URK-01", "V05"),
    ]
    assert "niveau 0, nu 3" in found[0].found


def test_five_leaps_of_two_levels_in_one_park_are_named(catalogue):
    places = {2: "0", 5: "3", 8: "0", 13: "0", 19: "0"}
    assert len(findings(catalogue, BEFORE, with_cells(OTHER, places))) == 5
    del places[2]
    assert findings(catalogue, BEFORE, with_cells(OTHER, places)) == ()


def test_a_scale_that_was_turned_round_is_named(catalogue):
    turned = BEFORE.translate(str.maketrans("0123", "3210"))
    found = findings(catalogue, BEFORE, turned)
    assert {each.rule for each in found} == {"implausible-change"}
    assert {each.park_id for each in found} == {"URK-01"}


def test_knowledge_that_was_lost_is_named_once_a_park(catalogue):
    lost = "?" * 12 + OTHER[12:]
    (finding,) = findings(catalogue, BEFORE, lost)
    assert (finding.rule, finding.park_id, finding.cell, finding.indicator) == ("knowledge-lost", "URK-01", "C4", None)
    assert "12 van de 32" in finding.found


@pytest.mark.parametrize("sign", [".", "-"])
def test_only_unknown_is_lost(catalogue, sign):
    """A cell left open is not filled in yet, and one that does not apply says something."""
    assert findings(catalogue, BEFORE, sign * 12 + OTHER[12:]) == ()


def test_a_few_cells_lost_are_left_alone(catalogue):
    assert findings(catalogue, BEFORE, "?" * 8 + OTHER[8:]) == ()


def test_a_return_that_was_sent_in_again_is_named(catalogue):
    """Both parks as they were: the file as a whole, not each of its cells."""
    earlier = matrix_of(catalogue, {"police": {"URK-01": BEFORE, "URK-02": OTHER}}, round="2025-1")
    (finding,) = earlier_findings(
        matrix_of(catalogue, {"police": {"URK-01": BEFORE, "URK-02": OTHER}}), earlier, catalogue
    )
    assert (finding.rule, finding.file, finding.sheet, finding.cell) == ("copied-round", "police.xlsx", "Matrix", None)
    assert "2025-1" in finding.found


def test_a_return_with_two_cells_changed_is_a_new_one(catalogue):
    earlier = matrix_of(catalogue, {"police": {"URK-01": BEFORE, "URK-02": OTHER}}, round="2025-1")
    now = matrix_of(catalogue, {"police": {"URK-01": with_cells(BEFORE, {1: "0", 3: "2"}), "URK-02": OTHER}})
    assert earlier_findings(now, earlier, catalogue) == ()


def test_a_blank_return_twice_is_no_copy(catalogue):
    blank = {"police": {"URK-01": "?", "URK-02": "."}}
    assert earlier_findings(matrix_of(catalogue, blank), matrix_of(catalogue, blank, round="2025-1"), catalogue) == ()


def test_parks_and_parties_of_one_round_only_are_left_out(catalogue):
    earlier = matrix_of(catalogue, {"police": {"URK-09": BEFORE}}, round="2025-1")
    now = matrix_of(catalogue, {"municipality": {"URK-09": BEFORE}, "police": {"URK-01": BEFORE}})
    assert earlier_findings(now, earlier, catalogue) == ()


def test_a_matrix_that_came_from_no_file_is_compared_too(catalogue):
    found = findings(catalogue, BEFORE, with_cells(OTHER, {0: "3", 4: "0"}), placed=False)
    assert [(each.rule, each.file) for each in found] == [("implausible-change", None)] * 2


def test_the_rules_page_names_the_same_thresholds():
    change, lost = RULES["implausible-change"].explanation, RULES["knowledge-lost"].explanation
    assert f"ten minste {FEWEST_LEAPS} cellen" in change
    assert f"ten minste {FEWEST_FULL_LEAPS} cellen" in change
    assert f"ten minste {FEWEST_LOST} cellen" in lost
    assert percent(UNCHANGED) in RULES["copied-round"].explanation
