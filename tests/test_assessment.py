"""The flow from files to advice: what it needs, what it refuses, what it keeps."""

import datetime as dt
import json
import shutil

import pytest
import yaml

import werkbank as wb
from werkbank.errors import LegalBasisError, MatrixError, OutputError, RegisterError


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    return assessed("urk")


def matrices(workspace):
    return workspace / "data" / "matrices" / "2026-1"


def test_a_round_is_read_by_name_for_who_may_see_every_partys_cells(demo_workspace):
    matrix = wb.load_round("urk")
    assert (matrix.round, len(matrix.park_ids), matrix.parties) == ("2026-1", 4, ("police", "municipality"))
    with pytest.raises(OutputError, match="niet voor de doelgroep “Gemeente”"):
        wb.load_round(wb.load_parameters("urk", audience="municipality"))


def test_a_meeting_without_a_recorded_outcome_is_never_counted_in_silence(urk, demo_workspace):
    """Under consensus what was the rule before the meeting counts until there is an outcome, and the analysis says so."""
    method = {"combination": {"threat": "consensus", "resilience": "consensus"}}
    found = wb.assess(wb.load_parameters("urk", method=method))
    told = [one for one in found.findings if one.rule == "no-consensus-recorded"]
    assert ["verschijningsvormen" in told[0].found, "weerbaarheid" in told[1].found] == [True, True]
    assert "het hoogste oordeel" in told[0].found
    assert "het gemiddelde" in told[1].found
    assert found.parks["score"].equals(urk.parks["score"])
    assert not [one for one in urk.findings if one.rule == "no-consensus-recorded"]


def test_with_every_uncertainty_off_nothing_is_said_to_be_sure(demo_workspace):
    """The same outcome every time is no sureness when nothing was chosen anew: the bounds speak, as without draws."""
    off = {"group_weights": None, "indicator_weights": None, "combination": None, "threat_power": None}
    off |= {"scale_points": False, "missing": None, "party_error": False}
    advice = wb.assess(wb.load_parameters("urk", method={"uncertainty": off})).advice
    assert (advice.grade, advice.sureness, advice.drivers) == (None, None, ())
    assert "doorrekening" not in advice.sentence
    assert advice.flips
    assert advice.left_out


def test_equal_inputs_give_equal_bytes_and_what_is_saved_is_what_is_loaded(urk, tmp_path, demo_workspace):
    """No place on this machine is in it, and without a folder nothing is written."""
    assert wb.assess("urk").to_json() == urk.to_json()
    urk.save(tmp_path)
    assert wb.Assessment.load(tmp_path).to_json() == urk.to_json()
    assert str(demo_workspace) not in urk.to_json()
    before = set(demo_workspace.rglob("assessment.json"))
    urk.save("")
    assert set(demo_workspace.rglob("assessment.json")) == before


def test_made_up_data_says_so_and_the_assessment_shows_itself_in_dutch(urk):
    """Its frames are handed out as copies."""
    assert urk.fictional
    assert urk.municipality_name == "Urk (fictief)"
    assert "Urk (fictief)" in urk.advice.sentence
    assert str(urk).startswith("Analyse Urk (fictief), ronde 2026-1: 4 terreinen.")
    assert "<strong>" in urk._repr_html_()
    own = urk.parks
    own["score"] = 0.0
    assert urk.parks["score"].max() > 0


def test_a_missing_workbook_is_named_and_only_widens_the_bounds(urk, own_workspace):
    """What the police did not say can be anything: bounds without them hold the bounds with them."""
    (matrices(own_workspace) / "urk_politie.xlsx").unlink()
    assessment = wb.assess("urk")
    (finding,) = [one for one in assessment.findings if one.rule == "missing-workbook"]
    assert finding.file == "urk_politie.xlsx"
    assert assessment.delivered == ("municipality",)
    assert (assessment.parks["two_sided"] == 0).all()
    alone, both = (one.parks.set_index("park_id") for one in (assessment, urk))
    assert (alone["low"] <= both["low"] + 1e-9).all()
    assert (alone["high"] >= both["high"] - 1e-9).all()


def test_without_any_workbook_or_any_data_it_is_said_which_command_makes_it(own_workspace):
    for file in matrices(own_workspace).glob("urk_*.xlsx"):
        file.unlink()
    with pytest.raises(MatrixError, match="werkbank demo"):
        wb.assess("urk")
    shutil.rmtree(own_workspace / "data")
    with pytest.raises(RegisterError, match="werkbank demo"):
        wb.assess("urk")


def change_basis(workspace, **changes):
    path = workspace / "data" / "legal_bases.yaml"
    data = yaml.safe_load(path.read_text())
    data["legal_bases"][0].update(changes)
    path.write_text(yaml.safe_dump(data))


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"valid_until": dt.date(2026, 1, 1)}, "verliep op 1 januari 2026"),
        ({"municipalities": ["almere"]}, "geldt niet voor urk"),
        ({"rounds": ["2025-1"]}, "geldt niet voor ronde 2026-1"),
        ({"id": "ander-besluit"}, "niet vastgelegd"),
    ],
)
def test_without_a_valid_legal_basis_the_parties_are_not_combined(own_workspace, changes, why):
    change_basis(own_workspace, **changes)
    with pytest.raises(LegalBasisError, match=why) as error:
        wb.assess("urk", today=dt.date(2026, 11, 23))
    assert "Vraag het aan" in str(error.value)


def test_another_municipality_moves_what_is_estimated_and_nothing_else(urk, own_workspace):
    """What an unknown cell is worth depends on the district (method.md 3); with nothing unknown no score moves."""
    for file in matrices(own_workspace).glob("almere_*.xlsx"):
        file.unlink()
    without = wb.assess("urk")
    before, after = (one.parks.set_index("park_id") for one in (urk, without))
    moved = before["score"] != after["score"]
    assert moved.any()
    assert (before.loc[moved, "unknown"] > 0).all()
    for name in ("low", "high", "coverage", "two_sided", "unknown"):
        assert before[name].equals(after[name])
    assert without.cells["points"].equals(urk.cells["points"])
    assert without.district_size == urk.district_size - 31


def test_one_changed_judgement_changes_the_fingerprint(urk, own_workspace):
    from openpyxl import load_workbook

    path = matrices(own_workspace) / "urk_politie.xlsx"
    book = load_workbook(path)
    sheet = book["Matrix"]
    cell = next(cell for row in sheet.iter_rows(min_row=4) for cell in row if str(cell.value).startswith("0 geen"))
    cell.value = "3 structureel"
    book.save(path)
    assert wb.assess("urk").fingerprint != urk.fingerprint


def test_another_file_is_refused_as_an_assessment():
    with pytest.raises(OutputError, match="geen assessment"):
        wb.Assessment.from_json("{}")
    with pytest.raises(OutputError, match="andere versie"):
        wb.Assessment.from_json(json.dumps({"schema_version": 99}))
