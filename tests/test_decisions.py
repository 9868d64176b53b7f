"""People decide; the werkbank records who did, why, and what the advice said at that moment."""

import datetime as dt
import shutil

import pytest

import werkbank as wb
from werkbank.cli import main
from werkbank.decisions import find_park, project_plan, recorded_selections, select_in_demo, select_park
from werkbank.errors import RegisterError

REASON = "Hier kan het snelst worden begonnen."


@pytest.fixture
def own_workspace(demo_workspace, tmp_path, monkeypatch):
    shutil.copytree(demo_workspace, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    return tmp_path / "w"


def advised(municipality):
    return wb.assess(municipality).advice.park_ids[0]


def test_a_park_is_found_by_its_code_or_its_name(demo_workspace):
    parks = wb.assess("urk").parks
    park_id, name = parks["park_id"].iloc[0], parks["name"].iloc[0]
    assert find_park(park_id.lower()) == ("urk", park_id)
    assert find_park(f" {name.upper()} ") == ("urk", park_id)


def test_an_unknown_park_is_refused_with_the_nearest(demo_workspace):
    with pytest.raises(RegisterError, match="Bedoelt u “URK-0"):
        find_park("URK-9")


def test_the_selection_keeps_the_advice_of_that_moment(own_workspace):
    park = advised("urk")
    assessment = wb.assess("urk")
    now = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    selection = select_park(park, reason=REASON, by="stuurgroep", now=now)
    assert (selection.park_id, selection.by, selection.reason, selection.at) == (park, "stuurgroep", REASON, now)
    assert selection.sentence == assessment.advice.sentence
    assert selection.fingerprint == assessment.fingerprint
    assert selection.standing.rank == 1
    assert not selection.against_advice


def test_against_the_advice_needs_a_reason_of_its_own(own_workspace):
    other = next(park for park in wb.assess("urk").parks["park_id"] if park != advised("urk"))
    with pytest.raises(RegisterError, match="selection-against-advice"):
        select_park(other, reason=REASON, by="stuurgroep")
    selection = select_park(other, reason=REASON, by="stuurgroep", against_reason="Daar loopt al een onderzoek.")
    assert selection.against_advice


def test_nothing_is_recorded_without_a_legal_basis(own_workspace):
    (own_workspace / "data" / "legal_bases.yaml").unlink()
    with pytest.raises(wb.WerkbankError, match="geen geldige grondslag"):
        select_park("URK-01", reason=REASON, by="stuurgroep")
    assert not (own_workspace / "data" / "register.sqlite").exists()


def test_a_plan_without_a_selection_is_refused(own_workspace):
    with pytest.raises(RegisterError, match="werkbank select"):
        project_plan(wb.assess("urk"), advised("urk"))


def test_a_plan_follows_from_the_selection(own_workspace):
    park = advised("urk")
    select_park(park, reason=REASON, by="stuurgroep")
    plan = project_plan(wb.assess("urk"), park)
    assert plan.park_id == park
    assert plan.interventions


def test_a_selection_in_another_round_is_no_selection(own_workspace):
    select_park(advised("urk"), reason=REASON, by="stuurgroep")
    earlier = wb.load_parameters("urk", round="2025-1")
    assert recorded_selections(earlier) == ()
    assert len(recorded_selections(wb.load_parameters("urk"))) == 1


def test_the_demo_holds_one_decision_of_a_fictional_body(own_workspace):
    select_in_demo("urk")
    (selection,) = recorded_selections(wb.load_parameters("urk"))
    assert selection.by == "Fictieve stuurgroep"


def test_the_command_says_what_to_do_next(own_workspace, capsys):
    with pytest.raises(SystemExit) as end:
        main(["select", advised("urk"), "--reason", REASON, "--by", "stuurgroep"])
    assert not end.value.code
    assert "werkbank plan" in capsys.readouterr().out


def test_the_command_refuses_without_who_and_why(own_workspace, capsys):
    with pytest.raises(SystemExit) as end:
        main(["select", "URK-01"])
    assert end.value.code == 2
    assert "--reason" in capsys.readouterr().err
