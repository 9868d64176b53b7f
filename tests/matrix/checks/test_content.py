"""Clean districts give no finding at all; a fault planted in a workbook is found when it is read."""

from __future__ import annotations

import datetime as dt

import pytest

from werkbank.demo import generate
from werkbank.matrix.checks import (
    FEWEST_CELLS,
    ONE_VALUE,
    PARKS_ALIKE,
    PARTIES_ALIKE,
    content_findings,
    date_findings,
    earlier_findings,
)
from werkbank.matrix.risk_matrix import RiskMatrix
from werkbank.matrix.rules import RULES
from werkbank.wording import percent

TODAY = dt.date(2026, 2, 1)


@pytest.mark.parametrize("seed", range(20))
def test_a_clean_district_has_no_finding(catalogue, seed):
    """Both rounds, 12 returns each, looked at in every way."""
    district = generate(seed, catalogue=catalogue)
    parks, rounds = district.parks, []
    for name in district.rounds:
        judgements = district.judgements(name)
        parties = tuple(judgements["party"].unique())
        rounds.append(RiskMatrix(name, tuple(parks["park_id"]), catalogue.indicator_ids, parties, (), (), judgements))
    earlier, now = rounds
    assert content_findings(earlier, catalogue, parks) == ()
    assert content_findings(now, catalogue, parks) == ()
    assert earlier_findings(now, earlier, catalogue) == ()
    assert date_findings(now, TODAY) == ()


def test_reading_a_workbook_finds_what_its_contents_say(workbook, load):
    """One of each in one workbook, each in its own cell."""

    def plant(book):
        matrix, remarks = book["Matrix"], book["Toelichting"]
        for row in range(4, matrix.max_row + 1):
            matrix.cell(row, 4).value = matrix.cell(row, 3).value
        matrix["C6"] = "onbekend"
        matrix["C7"] = None
        code = matrix["C2"].value
        for row, values in {20: ("A6", "B", None), 21: ("A7", None, "Bel 06-12345678.")}.items():
            indicator, strength, remark = values
            for column, value in enumerate((code, matrix[indicator].value, strength, None, remark), 1):
                remarks.cell(row, column).value = value

    found = load(workbook(plant)).findings
    assert sorted((each.rule, each.sheet, each.cell) for each in found) == [
        ("copied-park", "Matrix", "D5"),
        ("explained-but-open", "Matrix", "C7"),
        ("phone-number", "Toelichting", "E21"),
        ("source-beside-unknown", "Toelichting", "C20"),
    ]


def test_no_finding_of_the_contents_is_an_error():
    """All of it counts; somebody has to look at it."""
    groups = ("Hoe er is ingevuld", "Persoonsgegevens in toelichtingen", "Vergeleken met de vorige ronde", "Peildatums")
    own = [rule for rule in RULES.values() if rule.group in groups]
    assert len(own) == 23
    assert not [rule.code for rule in own if rule.severity == "error"]


def test_the_rules_page_names_the_same_thresholds():
    assert percent(ONE_VALUE) in RULES["one-value-everywhere"].explanation
    assert f"vanaf {FEWEST_CELLS} cellen" in RULES["one-value-everywhere"].explanation
    assert percent(PARTIES_ALIKE) in RULES["copied-return"].explanation
    assert percent(PARKS_ALIKE) in RULES["copied-park"].explanation
