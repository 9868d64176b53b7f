"""The fictional district has a record of the rounds before, by which a comparison knows how those were scored."""

import shutil
from dataclasses import replace

import werkbank as wb
from werkbank.assessment.assessment import Assessment
from werkbank.assessment.decisions import recorded_selections, select_in_demo, select_park
from werkbank.cli.workspace import keep_earlier_rounds
from werkbank.demo.write import BODY, is_untouched


def kept(municipality, round="2025-1"):
    return wb.load_parameters(municipality, round=round).output_folder


def test_the_record_makes_the_method_a_part_of_its_own_and_never_takes_the_place_of_what_may_be_real(own_workspace):
    """Nor stops at a municipality without workbooks of then. Without it nobody can say what another method makes of it.

    What was chosen in the first round stands in the register with the advice of then; a park that was not advised then
    is not chosen."""
    for name in ("almere", "dronten", "lelystad", "noordoostpolder"):
        (own_workspace / "parameters" / f"{name}.yaml").unlink()
    for path in (own_workspace / "data" / "matrices" / "2024-1").glob("urk_*.xlsx"):
        path.unlink()
    kept("zeewolde").mkdir(parents=True)
    (kept("zeewolde") / "assessment.json").write_text("geen json", encoding="utf-8")
    shutil.copy(own_workspace / "data/plans/ZEE-01.yaml", other := own_workspace / "data/plans/URK-01.yaml")
    other.write_text(other.read_text(encoding="utf-8").replace("ZEE-01", "URK-01"), encoding="utf-8")
    assert not wb.compare_rounds("urk").old_method_kept
    keep_earlier_rounds()
    assert wb.compare_rounds("urk").old_method_kept
    assert Assessment.load(kept("urk")).parameters.round == "2025-1"
    for folder in (kept("urk"), kept("zeewolde", "2024-1")):
        assert [path.name for path in folder.iterdir()] == ["assessment.json"]
    assert (kept("zeewolde") / "assessment.json").read_text(encoding="utf-8") == "geen json"
    assert not kept("urk", "2024-1").exists()
    replace(Assessment.load(kept("urk")), fictional=False).save(kept("urk"))
    keep_earlier_rounds()
    assert not Assessment.load(kept("urk")).fictional, "what is not made up stays"
    (chosen,) = recorded_selections(wb.load_parameters("zeewolde", round="2024-1"))
    assert (chosen.park_id, chosen.by, chosen.advised) == ("ZEE-01", BODY, ("ZEE-01",))
    assert recorded_selections(wb.load_parameters("urk", round="2024-1")) == ()
    select_in_demo("urk")
    register = own_workspace / "data" / "register.sqlite"
    assert is_untouched(register, at_least=2)
    select_park("ZEE-01", reason="Een besluit van onszelf.", by=BODY)
    assert not is_untouched(register)
