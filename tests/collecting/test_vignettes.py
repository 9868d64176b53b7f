"""`werkbank vignettes`: the workbook out and back, every fault of it with its place, and what is told to whom."""

import re
import shutil
from pathlib import Path

import numpy as np
import openpyxl
import pytest

import werkbank as wb
from tests.matrix.conftest import put
from tests.matrix.formats import changed
from werkbank.files.canonical import canonical_json
from werkbank.files.yaml import read_yaml

LEVELS = ["0 geen vermoeden", "1 incidenteel", "2 meermaals", "3 structureel"]
PARTY, RATER, FIRST = "D4", "D5", "D8"
"""The cells of who judges, and of the first line."""


@pytest.fixture
def blank(own_workspace, tmp_path, run):
    """The workbook as it goes out."""
    path = tmp_path / "uit.xlsx"
    assert run("vignettes", "--out", path)[0] == 0
    return path


@pytest.fixture
def rated(blank, tmp_path):
    """Makes the workbook of one rater, who judges as described unless told otherwise."""
    parks = read_yaml(Path(wb.__file__).parent / "collecting" / "vignettes.yaml").data["parks"]
    described = {text: level for lines in parks.values() for level, text in lines.values()}

    def make(number, party, judge=lambda level: level, name=None, **instead):
        name = name or f"{number}.xlsx"
        with changed(blank, name) as book:
            sheet = book["Vignetten"]
            sheet[PARTY], sheet[RATER] = party, number
            for row in sheet.iter_rows(min_row=int(FIRST[1:])):
                if row[2].value in described:
                    row[3].value = LEVELS[judge(described[row[2].value])]
            put(**instead)(sheet)
        return tmp_path / name

    return make


def test_only_the_answers_can_be_filled_in_and_it_says_that_it_is_fiction(own_workspace, tmp_path, run):
    path = tmp_path / "politie.xlsx"
    assert run("vignettes", "--out", path, "--party", "politie")[0] == 0
    sheet = openpyxl.load_workbook(path)["Vignetten"]
    assert sheet["A1"].value == "FICTIEF · Vignetten: drie verzonnen bedrijventerreinen · ronde 2026-1"
    assert sheet[PARTY].value == "Politie"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert len(lists) == 27 + 2
    assert lists[FIRST] == f'"{",".join(LEVELS)}"'
    assert sheet.protection.sheet
    assert {cell.coordinate for row in sheet for cell in row if not cell.protection.locked} == set(lists)
    assert run("vignettes", "--out", own_workspace / "data" / "v.xlsx")[0] == 2
    assert run("vignettes", "--out", path, "--read")[0] == 2


@pytest.mark.parametrize(
    ("cell", "value", "rule"),
    [
        *((FIRST, value, "choice") for value in ("9", 2, "onbekend")),
        *((PARTY, value, "choice") for value in ("Douane", None)),
        *((RATER, value, "choice") for value in (0, 1.5, "Jansen")),
        (FIRST, None, "open"),
        *((cell, "Een andere tekst.", "other") for cell in ("A1", "A3", "C8")),
    ],
)
def test_a_wrong_cell_is_a_finding_with_its_place_and_only_an_empty_one_is_kept(
    cell, value, rule, rated, own_workspace, run
):
    path = rated(4, "Politie", **{cell: value})
    others = [rated(number, "Gemeente") for number in (1, 2, 3)]
    code, out, err = run("vignettes", "--read", *others, path)
    assert f"4.xlsx, blad Vignetten, cel {cell} · " in out
    assert f"[vignettes-{rule}]" in out
    assert code == (0 if rule == "open" else 1)
    assert "Jansen" not in out + err
    kept = own_workspace / "data" / "vignettes" / "2026-1"
    assert (kept / "politie_4.xlsx").exists() == (rule == "open")
    assert (kept / "gemeente_1.xlsx").read_bytes() == others[0].read_bytes()


def test_too_few_raters_a_number_that_two_have_and_what_is_no_workbook_are_named(rated, tmp_path, own_workspace, run):
    files = [rated(number, "Gemeente") for number in (1, 2, 3)]
    code, _out, err = run("vignettes", "--read", *files[:2])
    assert code == 2
    assert "2 beoordelaars bij 3 terreinen" in err
    twice = rated(3, "Politie", name="nog_een.xlsx")
    (tmp_path / "brief.xlsx").write_text("geen werkmap")
    code, out, _err = run("vignettes", "--read", *files, twice, tmp_path / "brief.xlsx", tmp_path / "weg.xlsx")
    assert code == 1
    assert re.findall(r"\[([\w-]+)\]", out) == ["vignettes-twice", "not-a-workbook", "unreadable-file"]
    assert len(list((own_workspace / "data" / "vignettes" / "2026-1").iterdir())) == 3


def test_a_party_that_moved_is_told_and_a_rater_only_to_the_coordinator(rated, own_workspace, run):
    """One rater judges the other way round: named with the parks, on the terminal alone."""
    kept = own_workspace / "data" / "vignettes"
    up, same, round_about = (lambda level: min(3, level + 1)), (lambda level: level), (lambda level: 3 - level)
    raters = {1: ("Politie", up), 2: ("Politie", up), 3: ("Politie", up), 4: ("Gemeente", same)}
    raters[5] = "Gemeente", round_about
    assert run("vignettes", "--read", *(rated(number, *one) for number, one in raters.items()))[0] == 0
    earlier = shutil.copytree(kept / "2026-1", kept / "2025-1")
    assert "De vignetten van ronde 2025-1 zijn niet te vergelijken met die van nu." in run("vignettes", "--read")[2]
    title = "FICTIEF · Vignetten: drie verzonnen bedrijventerreinen · ronde 2025-1"
    for number, (party, judge) in raters.items():
        before = rated(number, party, same if judge is up else judge, A1=title)
        before.replace(earlier / f"{party.lower()}_{number}.xlsx")
    code, out, err = run("vignettes", "--read")
    assert (code, err) == (0, "")
    assert re.search(r"Politie sinds 2025-1, 3 beoordelaars beide keren: 0,93 .*; verschoven", out)
    assert re.search(r"Gemeente sinds 2025-1, 2 beoordelaars beide keren: 0,00 .*; geen verschuiving", out)
    assert "Gemeente 5" not in out
    out = run("vignettes", "--read", "--coordinator")[1]
    assert re.search(r"Gemeente 5, 27 regels: .*\n    zet Bedachtoord niet boven Nergenshoek", out)
    assert out.count("niet boven") == 3
    assert not (own_workspace / "output").exists()


def test_random_raters_leave_every_score_as_it_is(rated, own_workspace, run):
    rng, before = np.random.default_rng(1), canonical_json(wb.assess("urk"))
    files = [rated(number, "Politie", lambda _level: int(rng.integers(0, 4))) for number in range(1, 5)]
    assert run("vignettes", "--read", *files)[0] == 0
    assert canonical_json(wb.assess("urk")) == before
