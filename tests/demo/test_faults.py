"""Planted faults, one of every kind: each is found in its own cell by its own rule, and nothing else is found."""

import collections
import re
import shutil
from pathlib import Path

import pytest

from tests.planted.faults import IBAN, TABLE, plant_faults
from werkbank.collecting.check import check_round
from werkbank.matrix.personal_data import has_bank_account, has_citizen_number
from werkbank.matrix.rules import RULES
from werkbank.settings.catalogue import load_catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()

ELSEWHERE = {
    "collecting/test_check.py": "legal-basis",
    "collecting/test_catalogue_import.py": "indicator-gone packaged-borders",
    "collecting/test_replies.py": "ask-riec",
    "collecting/test_workspace_files.py": "municipality-without-parks notebook notebook-outputs "
    "house-style house-style-stray reference-case",
    "matrix/test_kinds.py": "unreadable-file empty-file password damaged-workbook not-a-workbook other-format too-large "
    "unsafe-archive",
    "matrix/test_checks.py": "hardly-unknown",
    "matrix/test_earlier_catalogue.py": "earlier-catalogue translated-indicator new-indicator dropped-indicator",
    "matrix/test_lists.py": "unknown-heading uneven-row",
    "matrix/test_messy.py": "cell-note struck-out",
    "matrix/test_reading.py": "indicator-not-asked",
}
"""Rules that nothing planted breaks: the file of tests → what it breaks instead."""


@pytest.fixture(scope="module")
def workspace(_district, tmp_path_factory):
    workspace = shutil.copytree(_district, tmp_path_factory.mktemp("faults") / "w")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        yield workspace


@pytest.fixture(scope="module")
def listed(workspace):
    return plant_faults(workspace / "data" / "matrices")


@pytest.fixture(scope="module")
def check(workspace, listed):
    return check_round()


def counted(faults):
    """Rule and place → how often."""
    return collections.Counter((one.rule, one.file, one.sheet, one.cell, one.line) for one in faults if one.rule)


def test_every_planted_fault_is_found_in_its_own_cell_by_its_own_rule_and_nothing_else_is(listed, check):
    planted, found = counted(listed), counted(check.findings)
    assert (planted - found, found - planted) == (collections.Counter(), collections.Counter())
    assert planted.total() >= 100
    assert len({place[1:] for place in planted}) >= 60


def test_every_rule_is_broken_at_least_once(listed):
    planted = {one.rule for one in listed if one.rule}
    of_parks = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "werkbank" / "parks").glob("*.py"))
    elsewhere = {code for codes in ELSEWHERE.values() for code in codes.split()}
    assert {code for code in set(RULES) - planted if not re.search(rf'"{code}["/]', of_parks)} == elsewhere
    assert planted <= set(RULES)
    for name, codes in ELSEWHERE.items():
        text = (ROOT / "tests" / name).read_text(encoding="utf-8")
        assert [code for code in codes.split() if f'"{code}"' not in text] == []


def test_what_only_looks_like_a_fault_is_read_as_it_was_meant_and_a_faulty_cell_is_open_and_never_a_nought(
    check, listed
):
    """Of what the police of Almere sent; and a return as a CSV counts."""
    rows, place = check.matrix.judgements, check.matrix.place_of
    own = rows[(rows["party"] == "police") & rows["park_id"].str.startswith("ALM")]
    read = {
        place(row.park_id, row.indicator, row.party).cell: row.level if row.state == "level" else row.state
        for row in own.itertuples()
    }
    meant = {one.cell: one.meant for one in listed if one.meant is not None}
    assert len(meant) == len(TABLE["harmless cells"])
    assert {cell: read[cell] for cell in meant} == meant
    matrix = [one for one in listed if one.cell and (one.file, one.sheet) == ("almere_politie.xlsx", "Matrix")]
    faulty = [one.cell for one in matrix if one.rule and RULES[one.rule].severity == "error"]
    assert len(faulty) >= 20
    assert {read[cell] for cell in faulty} == {"open"}
    assert {source.file: source.party for source in check.matrix.sources}["dronten_gemeente.csv"] == "municipality"


def test_findings_are_in_correct_dutch(check):
    """The article that belongs to the noun: de indicator, de partij, het terrein. What is in remarks is not told."""
    wrong = re.compile(r"\b(?:(?:elk|het|dit) (?:indicator|partij)|(?:elke|bekende|de) terrein)\b")
    told = [f"{one.found} · {one.allowed} · {one.remedy}" for one in check.findings]
    assert any("elke indicator" in text for text in told)
    assert any("geen bekend terrein" in text for text in told)
    assert [text for text in told if wrong.search(text)] == []
    for _, text in TABLE["remarks"]:
        for word in re.findall(r"[\w@.-]{8,}", text.format(iban=IBAN)):
            assert word.strip(".") not in "".join(map(str, check.findings)) or word.strip(".").isalpha()


def test_the_personal_data_belong_to_nobody():
    """The BSN passes the eleven-test and is from the series for tests; the IBAN is sound and its bank does not exist."""
    texts = dict(TABLE["remarks"])
    assert has_citizen_number(texts["citizen-number"])
    assert re.search(r"\b9999\d{5}\b", texts["citizen-number"])
    assert has_bank_account(IBAN)
    assert not has_bank_account(texts["bank-account"])
    assert texts["email-address"].rstrip(".").endswith(".invalid")
