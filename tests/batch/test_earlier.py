"""The fictional district has a record of the rounds before, by which a comparison knows how those were scored."""

import json
import shutil

import pytest

import werkbank as wb
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.decisions import recorded_selections, select_in_demo, select_park
from werkbank.cli.workspace import keep_earlier_rounds
from werkbank.demo.write import BODY, is_untouched


@pytest.fixture(autouse=True)
def _two_municipalities(own_workspace):
    for name in ("almere", "dronten", "lelystad", "noordoostpolder"):
        (own_workspace / "parameters" / f"{name}.yaml").unlink()


def kept(municipality, round="2025-1"):
    return wb.load_parameters(municipality, round=round).output_folder


def test_with_the_record_the_method_is_a_part_of_its_own():
    """Without it nobody can say whether another method makes a difference."""
    assert not wb.compare_rounds("urk").old_method_kept
    assert keep_earlier_rounds() == 4
    assert wb.compare_rounds("urk").old_method_kept
    assert Assessment.load(kept("urk")).parameters.round == "2025-1"
    for name in ("2024-1", "2025-1"):
        assert [path.name for path in kept("urk", name).iterdir()] == ["assessment.json"]


def test_what_stands_there_of_real_data_stays():
    """Only made-up records are replaced; one that cannot be read may be real."""
    for municipality, text in (("urk", json.dumps({"fictional": False})), ("zeewolde", "geen json")):
        kept(municipality).mkdir(parents=True)
        (kept(municipality) / "assessment.json").write_text(text, encoding="utf-8")
    assert keep_earlier_rounds() == 2
    assert (kept("zeewolde") / "assessment.json").read_text(encoding="utf-8") == "geen json"


def test_a_municipality_without_earlier_workbooks_is_left_out(own_workspace):
    for path in (own_workspace / "data" / "matrices" / "2025-1").glob("urk_*.xlsx"):
        path.unlink()
    assert keep_earlier_rounds() == 3
    assert not kept("urk").exists()


def test_what_was_chosen_in_the_first_round_stands_in_the_register_with_the_advice_of_then(own_workspace):
    """The municipalities are other ones than those of this file; a park that was not advised then is not chosen."""
    shutil.copy(own_workspace / "data/plans/ZEE-01.yaml", other := own_workspace / "data/plans/URK-01.yaml")
    other.write_text(other.read_text(encoding="utf-8").replace("ZEE-01", "URK-01"), encoding="utf-8")
    keep_earlier_rounds()
    (chosen,) = recorded_selections(wb.load_parameters("zeewolde", round="2024-1"))
    assert (chosen.park_id, chosen.by, chosen.advised) == ("ZEE-01", BODY, ("ZEE-01",))
    assert recorded_selections(wb.load_parameters("urk", round="2024-1")) == ()
    select_in_demo("urk")
    register = own_workspace / "data" / "register.sqlite"
    assert is_untouched(register, at_least=2)
    select_park("ZEE-01", reason="Een besluit van onszelf.", by=BODY)
    assert not is_untouched(register)
