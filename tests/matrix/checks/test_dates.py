"""Dates that cannot be, or that are too old for this round."""

from __future__ import annotations

import pytest

from werkbank.matrix.checks import IMPLAUSIBLE_YEARS, OLD_YEARS, date_findings
from werkbank.matrix.rules import RULES

from .conftest import day, matrix_of

CELL = ("URK-01", "V01", "police")


def found(catalogue, date, *, today="2026-03-01", round="2026-1"):
    beside = {CELL: ("", "B", date and day(date))}
    matrix = matrix_of(catalogue, {"police": {"URK-01": "12"}}, beside=beside, round=round)
    return [finding.rule for finding in date_findings(matrix, day(today))]


@pytest.mark.parametrize(
    ("date", "rules"),
    [
        (None, []),
        ("2026-03-01", []),
        ("2026-03-02", ["date-in-future"]),
        ("2062-01-15", ["date-in-future"]),
        ("2024-03-01", []),
        ("2024-02-29", ["old-date"]),
        ("2016-03-01", ["old-date"]),
        ("2016-02-28", ["implausible-date"]),
        ("2002-01-15", ["implausible-date"]),
    ],
)
def test_a_date_is_at_most_today_and_at_most_two_years_old(catalogue, date, rules):
    assert found(catalogue, date) == rules


def test_an_old_round_is_not_judged_by_today(catalogue):
    """In 2030 the dates of 2025 are still good for round 2026-1: two years before the end of 2026."""
    assert found(catalogue, "2025-08-01", today="2030-06-01") == []
    assert found(catalogue, "2024-12-30", today="2030-06-01") == ["old-date"]


@pytest.mark.parametrize("round", ["voorjaar", "20261-a", "ronde 2026"])
def test_a_round_that_names_no_year_is_judged_by_today(catalogue, round):
    assert found(catalogue, "2025-08-01", today="2030-06-01", round=round) == ["old-date"]


def test_a_leap_day_has_a_day_two_years_before(catalogue):
    assert found(catalogue, "2026-02-28", today="2028-02-29", round="x") == []


def test_the_finding_points_at_the_date_and_says_it_in_words(catalogue):
    matrix = matrix_of(catalogue, {"police": {"URK-01": "1"}}, beside={CELL: ("", "", day("2027-03-03"))})
    (finding,) = date_findings(matrix, day("2026-03-01"))
    assert (finding.file, finding.sheet, finding.cell, finding.indicator) == ("police.xlsx", "Toelichting", "D3", "V01")
    assert "3 maart 2027" in finding.found


def test_the_rules_page_names_the_same_terms():
    assert f"meer dan {OLD_YEARS} jaar" in RULES["old-date"].explanation
    assert f"meer dan {IMPLAUSIBLE_YEARS} jaar" in RULES["implausible-date"].explanation
