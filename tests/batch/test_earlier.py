"""The fictional district has a record of the round before, by which a comparison knows how that round was scored."""

import json

import pytest

import werkbank as wb
from werkbank.assessment.assessment import Assessment
from werkbank.cli.workspace import keep_earlier_round


@pytest.fixture(autouse=True)
def _two_municipalities(own_workspace):
    for name in ("almere", "dronten", "lelystad", "noordoostpolder"):
        (own_workspace / "parameters" / f"{name}.yaml").unlink()


def kept(municipality):
    return wb.load_parameters(municipality, round="2025-1").output_folder


def test_with_the_record_the_method_is_a_part_of_its_own():
    """Without it nobody can say whether another method makes a difference."""
    assert not wb.compare_rounds("urk").old_method_kept
    assert keep_earlier_round() == 2
    assert wb.compare_rounds("urk").old_method_kept
    assert Assessment.load(kept("urk")).parameters.round == "2025-1"
    assert [path.name for path in kept("urk").iterdir()] == ["assessment.json"]


def test_what_stands_there_of_real_data_stays():
    """Only made-up records are replaced; one that cannot be read may be real."""
    for municipality, text in (("urk", json.dumps({"fictional": False})), ("zeewolde", "geen json")):
        kept(municipality).mkdir(parents=True)
        (kept(municipality) / "assessment.json").write_text(text, encoding="utf-8")
    assert keep_earlier_round() == 0
    assert (kept("zeewolde") / "assessment.json").read_text(encoding="utf-8") == "geen json"


def test_a_municipality_without_earlier_workbooks_is_left_out(own_workspace):
    for path in (own_workspace / "data" / "matrices" / "2025-1").glob("urk_*.xlsx"):
        path.unlink()
    assert keep_earlier_round() == 1
    assert not kept("urk").exists()
