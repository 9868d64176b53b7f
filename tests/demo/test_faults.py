"""The faults of `werkbank demo --faults`: each is found in its own cell by its own rule, and nothing else is found."""

from __future__ import annotations

import collections
import datetime as dt
import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from tests.planted.remarks import _PERSONAL
from werkbank.demo.returns import PARTIES
from werkbank.matrix.personal_data import has_bank_account, has_citizen_number

from werkbank.cli import main
from werkbank.collecting.check import check_round
from werkbank.demo import generate, write_demo
from werkbank.demo.fault_maps import CONTEXT_SETS
from werkbank.demo.fault_registers import REGISTER_SETS
from werkbank.errors import OutputError
from werkbank.matrix import load_matrix
from werkbank.matrix.checks import date_findings, earlier_findings
from werkbank.matrix.layout import workbook_name
from werkbank.matrix.rules import RULES
from werkbank.matrix.template import write_workbook
from werkbank.parks.context import read_context
from werkbank.parks.register import load_parks, read_parks
from werkbank.settings.catalogue import load_catalogue

ROOT = Path(__file__).parents[2]
CATALOGUE = load_catalogue()
ROUND = "2026-1"
PLACE = ("file", "sheet", "cell", "line")

ELSEWHERE = {
    "unreadable-file": "a file without the right to read it; not for who runs as root, and not in a copy",
    "ask-riec": "not found in a return: it takes the place, in a reply, of a finding about another's return",
    "park-without-rows": "needs the district's list beside an export and its mapping; tests/matrix/test_parks_mapping.py",
    "earlier-catalogue": "the packaged catalogue has no earlier version; tests/matrix/test_translate.py",
    "translated-indicator": "as earlier-catalogue",
    "new-indicator": "as earlier-catalogue",
    "dropped-indicator": "as earlier-catalogue",
    "not-comparable-indicator": "as earlier-catalogue",
    "untranslatable-level": "as earlier-catalogue",
}
"""Rules that nothing planted can break, and why."""


@pytest.fixture(scope="module")
def workspace(tmp_path_factory):
    workspace = tmp_path_factory.mktemp("faults") / "w"
    shutil.copytree(ROOT / "parameters", workspace / "parameters")
    write_demo(workspace / "data", catalogue=CATALOGUE, faults=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        yield workspace


@pytest.fixture(scope="module")
def listed(workspace):
    return json.loads((workspace / "data" / "FOUTEN.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def planted(listed):
    """Rule and place → how often planted."""
    faults = [fault for fault in listed["faults"] if fault["rule"] and not str(fault["file"]).startswith("fouten/")]
    return collections.Counter((fault["rule"], *(fault[key] for key in PLACE)) for fault in faults)


@pytest.fixture(scope="module")
def check(workspace):
    return check_round()


@pytest.fixture(scope="module")
def found(check):
    return collections.Counter((one.rule, *(getattr(one, key) for key in PLACE)) for one in check.findings)


def test_every_planted_fault_is_found_in_its_own_cell_by_its_own_rule(planted, found):
    assert planted - found == collections.Counter()


def test_nothing_is_found_that_was_not_planted(planted, found):
    assert found - planted == collections.Counter()


def test_at_least_sixty_faults_are_planted(planted):
    assert planted.total() >= 100
    assert len({place[1:] for place in planted}) >= 60


def test_every_rule_is_broken_at_least_once(listed):
    """Or it is named above with the reason why it cannot be."""
    assert set(RULES) - set(listed["rules"]) == set(ELSEWHERE)
    assert set(listed["rules"]) <= set(RULES)


@pytest.mark.parametrize("each", [*REGISTER_SETS, *CONTEXT_SETS], ids=lambda each: each.name)
def test_every_planted_fault_of_a_register_is_found_on_its_own_line_and_nothing_else(workspace, each):
    folder = workspace / "data" / "fouten" / each.name
    if "context.csv" in each.files:
        found = read_context(folder / "context.csv", load_parks(workspace / "data" / "parks.csv")).findings
    else:
        found = read_parks(folder / "parks.csv").findings
    planted = collections.Counter((spot.rule, spot.file, spot.line) for spot in each.spots)
    assert collections.Counter((one.rule, one.file, one.line) for one in found) == planted


def test_what_only_looks_like_a_fault_is_read_as_it_was_meant(check, listed):
    meant = {"omschrijving": 3, "volledige naam": 2, "getal als tekst": 2, "spaties": 1, "vaste spatie": 1,
             "hoofdletters": 0, "punt erachter": 2}  # fmt: skip
    states = {"synoniem van onbekend": "unknown", "synoniem van n.v.t.": "not_applicable"}
    harmless = [one for one in listed["faults"] if not one["rule"] and one["file"] == "almere_politie.xlsx"]
    rows = check.matrix.judgements
    by_cell = {
        check.matrix.place_of(row.park_id, row.indicator, row.party).cell: row
        for row in rows[(rows["party"] == "police") & rows["park_id"].str.startswith("ALM")].itertuples()
    }
    assert {one["kind"] for one in harmless} == set(meant) | set(states)
    for one in harmless:
        row = by_cell[one["cell"]]
        assert row.state == states.get(one["kind"], "level")
        assert one["kind"] not in meant or row.level == meant[one["kind"]]


def test_a_faulty_cell_is_open_and_never_a_nought(check, listed):
    faulty = {one["cell"] for one in listed["faults"]
              if one["file"] == "almere_politie.xlsx" and one["sheet"] == "Matrix" and one["rule"]
              and RULES[one["rule"]].severity == "error"}  # fmt: skip
    rows = check.matrix.judgements
    read = [
        row.state
        for row in rows[(rows["party"] == "police") & rows["park_id"].str.startswith("ALM")].itertuples()
        if check.matrix.place_of(row.park_id, row.indicator, row.party).cell in faulty
    ]
    assert len(read) == len(faulty) >= 20
    assert set(read) == {"open"}


def test_findings_are_in_correct_dutch(check):
    """The article that belongs to the noun: de indicator, de partij, het terrein."""
    wrong = re.compile(r"\b(?:(?:elk|het|dit) (?:indicator|partij)|(?:elke|bekende|de) terrein)\b")
    told = [f"{one.found} · {one.allowed} · {one.remedy}" for one in check.findings]
    assert any("elke indicator" in text for text in told)
    assert any("geen bekend terrein" in text for text in told)
    assert [text for text in told if wrong.search(text)] == []


def test_returns_of_other_kinds_count(check):
    files = {source.file: source.party for source in check.matrix.sources}
    assert files["dronten_gemeente.csv"] == "municipality"
    assert files["zeewolde_politie.ods"] == "police"


def test_the_page_names_every_fault_with_its_place(workspace, listed):
    page = (workspace / "data" / "FOUTEN.md").read_text(encoding="utf-8")
    assert page.startswith("# FICTIEVE GEGEVENS")
    for fault in listed["faults"]:
        cell = f"cel {fault['cell']}" if fault["cell"] else ""
        assert f"| {fault['kind']} | {fault['what']} |" in page
        assert cell in page
    assert page.count("\n| ") - 2 * page.count("\n## ") >= len(listed["faults"]) - page.count("\n## ")


def test_what_is_planted_in_remarks_is_neither_listed_nor_told(workspace, check):
    told = "".join(map(str, check.findings))
    told += (workspace / "data" / "FOUTEN.json").read_text(encoding="utf-8")
    for _, _, text, _ in _PERSONAL:
        for word in re.findall(r"[\w@.-]{8,}", text):
            assert word.strip(".") not in told or word.strip(".").isalpha()


def test_the_personal_data_belong_to_nobody():
    """The BSN passes the eleven-test and is from the series for tests; the IBAN is sound and its bank does not exist."""
    texts = {rule: text for _, rule, text, _ in _PERSONAL}
    assert has_citizen_number(texts["citizen-number"])
    assert re.search(r"\b9999\d{5}\b", texts["citizen-number"])
    assert not has_bank_account(texts["bank-account"])
    assert "FICT" not in texts["bank-account"]
    assert texts["email-address"].rstrip(".").endswith(".invalid")


def hashes(folder):
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_faults_are_only_planted_in_fictional_data(tmp_path):
    """The promise of the clean demo holds: a folder with anything else stays as it was."""
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "parks.csv").write_text("echt", encoding="utf-8")
    with pytest.raises(OutputError, match="niet als fictief"):
        write_demo(tmp_path / "data", catalogue=CATALOGUE, faults=True)
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["parks.csv"]


def test_the_command_plants_them_says_where_they_are_listed_and_gives_the_same_bytes(
    workspace, tmp_path, monkeypatch, capsys
):
    """What comes after the planting, a decision and the earlier round kept, is tested elsewhere and takes its time."""
    shutil.copytree(ROOT / "parameters", tmp_path / "parameters")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("werkbank.assessment.decisions.select_in_demo", lambda municipality: municipality)
    monkeypatch.setattr("werkbank.cli.workspace.keep_earlier_round", lambda: None)
    with pytest.raises(SystemExit) as left:
        main(["demo", "--faults"])
    assert left.value.code == 0
    assert "data/FOUTEN.md" in capsys.readouterr().out.replace("\\", "/")
    assert hashes(tmp_path / "data") == hashes(workspace / "data")


def test_faults_need_the_two_parties_whose_returns_hold_them(tmp_path):
    with pytest.raises(OutputError, match="politie en gemeente"):
        write_demo(tmp_path / "data", catalogue=CATALOGUE, parties=("police",), faults=True)
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("seed", range(1, 21))
def test_in_clean_returns_of_twenty_districts_nothing_is_found(seed, tmp_path):
    """Two municipalities of each, both parties and both rounds: not one finding, whatever the seed."""
    district = generate(seed, catalogue=CATALOGUE)
    places = district.municipalities
    chosen = (places[seed % len(places)], next(place for place in places if place.slug == "urk"))
    matrices = {}
    for name in district.rounds:
        for place in chosen:
            for party in PARTIES:
                write_workbook(
                    tmp_path / name / workbook_name(place.slug, CATALOGUE.party(party).file), CATALOGUE,
                    district.parks, party=party, municipality=place.slug, municipality_name=place.name, round=name,
                    judgements=district.judgements(name), fictional=True,
                )  # fmt: skip
        matrices[name] = load_matrix(tmp_path / name, CATALOGUE, district.parks, round=name, strict=True)
    before, now = (matrices[name] for name in district.rounds)
    assert before.findings == now.findings == ()
    assert earlier_findings(now, before, CATALOGUE) == ()
    assert list(date_findings(now, dt.date(2026, 11, 24))) == []
