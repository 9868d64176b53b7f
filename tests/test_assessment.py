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


@pytest.fixture
def own_workspace(demo_workspace, tmp_path, monkeypatch):
    """A copy of the demo that a test may damage."""
    shutil.copytree(demo_workspace, tmp_path / "w", ignore=shutil.ignore_patterns("output"))
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    return tmp_path / "w"


def matrices(workspace):
    return workspace / "data" / "matrices" / "2026-1"


def test_every_municipality_of_the_demo_is_assessed_77_parks_together(demo_workspace):
    slugs = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
    sizes = {slug: len(wb.assess(slug).parks) for slug in slugs}
    assert sizes == {"almere": 31, "dronten": 9, "lelystad": 15, "noordoostpolder": 13, "urk": 4, "zeewolde": 5}


def test_every_score_lies_within_its_bounds(urk):
    parks = urk.parks.dropna(subset="score")
    assert len(parks)
    assert (parks["low"] <= parks["score"] + 1e-9).all()
    assert (parks["score"] <= parks["high"] + 1e-9).all()


def test_contributions_add_up_to_the_score(demo_workspace):
    """Cells, and what a group without a score of its own stands in for, are the whole score."""
    for slug in ("almere", "urk"):
        assessment = wb.assess(slug)
        cells = assessment.cells.groupby("park_id")["contribution"].sum()
        for park in assessment.parks.dropna(subset="score").itertuples():
            groups = assessment.groups[assessment.groups["park_id"] == park.park_id]
            scored = set(groups.dropna(subset="score")["group"])
            if {"threat", "opportunity", "resilience_gap"} <= scored:
                assert cells[park.park_id] == pytest.approx(park.score)


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


def test_equal_inputs_give_equal_bytes(urk):
    assert wb.assess("urk").to_json() == urk.to_json()


def test_what_is_saved_is_what_is_loaded(urk, tmp_path):
    urk.save(tmp_path)
    assert wb.Assessment.load(tmp_path).to_json() == urk.to_json()


def test_an_empty_folder_name_writes_nothing(urk, demo_workspace):
    before = set(demo_workspace.rglob("assessment.json"))
    urk.save("")
    assert set(demo_workspace.rglob("assessment.json")) == before


def test_no_place_on_this_machine_is_kept(urk, demo_workspace):
    assert str(demo_workspace) not in urk.to_json()


def test_no_remark_is_kept(urk, demo_workspace):
    """Free text stays in the workbook it came in."""
    catalogue = wb.load_catalogue()
    parks = wb.load_parks(demo_workspace / "data" / "parks.csv")
    matrix = wb.load_matrix(matrices(demo_workspace), catalogue, parks, round="2026-1")
    remarks = {text for text in matrix.judgements["remark"] if text}
    assert remarks
    assert not [text for text in remarks if text in urk.to_json()]


def test_frames_are_handed_out_as_copies(urk):
    own = urk.parks
    own["score"] = 0.0
    assert urk.parks["score"].max() > 0


def test_made_up_data_says_so_in_the_municipalitys_name(urk):
    assert urk.fictional
    assert urk.municipality_name == "Urk (fictief)"
    assert "Urk (fictief)" in urk.advice.sentence


def test_a_missing_workbook_is_named_and_the_rest_is_assessed(own_workspace):
    """The police did not deliver: the municipality is assessed with what there is, and says so."""
    (matrices(own_workspace) / "urk_politie.xlsx").unlink()
    assessment = wb.assess("urk")
    (finding,) = [one for one in assessment.findings if one.rule == "missing-workbook"]
    assert finding.file == "urk_politie.xlsx"
    assert assessment.delivered == ("municipality",)
    assert (assessment.parks["two_sided"] == 0).all()


def test_a_missing_workbook_only_widens_the_bounds(urk, own_workspace):
    """What a party did not say can be anything: bounds without the police hold the bounds with them."""
    (matrices(own_workspace) / "urk_politie.xlsx").unlink()
    alone = wb.assess("urk").parks.set_index("park_id")
    both = urk.parks.set_index("park_id")
    assert (alone["low"] <= both["low"] + 1e-9).all()
    assert (alone["high"] >= both["high"] - 1e-9).all()


def test_no_workbook_at_all_is_refused_with_what_to_do(own_workspace):
    for file in matrices(own_workspace).glob("urk_*.xlsx"):
        file.unlink()
    with pytest.raises(MatrixError, match="werkbank demo"):
        wb.assess("urk")


def test_no_data_yet_says_which_command_makes_it(own_workspace):
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


def test_each_partys_own_view_needs_no_legal_basis(own_workspace):
    change_basis(own_workspace, municipalities=["almere"])
    assessment = wb.assess(wb.load_parameters("urk", parties=("municipality",)))
    assert assessment.legal_basis is None
    assert set(assessment.judgements["party"]) == {"municipality"}


def test_another_municipality_changes_no_score(urk, own_workspace):
    """Adding or losing parks elsewhere moves the place in the district, never a score."""
    for file in matrices(own_workspace).glob("almere_*.xlsx"):
        file.unlink()
    without = wb.assess("urk")
    assert without.parks["score"].tolist() == urk.parks["score"].tolist()
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


def test_the_assessment_shows_itself_in_dutch_and_escaped(urk):
    assert str(urk).startswith("Analyse Urk (fictief), ronde 2026-1: 4 terreinen.")
    assert "<strong>" in urk._repr_html_()


def test_consensus_without_a_recorded_outcome_is_the_default_rule(urk):
    """Until a meeting's outcome is recorded, choosing consensus changes nothing."""
    rules = {"threat": "consensus", "opportunity": "consensus", "resilience": "consensus"}
    consensus = wb.assess(wb.load_parameters("urk", method={"combination": rules}))
    assert consensus.parks["score"].tolist() == urk.parks["score"].tolist()
