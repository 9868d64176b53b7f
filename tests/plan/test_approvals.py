"""An approval is of a state: it lapses when what was adopted changes, and says what did."""

import datetime as dt
import json

import pytest

import werkbank as wb
from tests.plan.test_plan import SELECTED
from tests.register.samples import happening
from werkbank.assessment.decisions import approve_plan, withdraw_park
from werkbank.batch.follow_up import make_plans
from werkbank.errors import OutputError, RegisterError
from werkbank.plan.approvals import approval_told, approvals, record_approval
from werkbank.plan.drafting import make_plan, proposal_of
from werkbank.plan.kept import ProjectState, Who
from werkbank.register.decision import Deciding
from werkbank.register.store import open_register

CATALOGUE = wb.load_catalogue()
NOW, PARK = dt.datetime(2026, 3, 3, 9, tzinfo=dt.UTC), "ALM-17"
LEAD = Who(organisation="gemeente Almere", role="projectleider")


@pytest.fixture(scope="module")
def kept(almere):
    made = proposal_of(make_plan(almere, PARK, SELECTED, CATALOGUE), almere, CATALOGUE, NOW.date())
    return made.model_copy(update={"lead": LEAD})


@pytest.fixture
def register(tmp_path, kept):
    with open_register(tmp_path / "register.sqlite") as opened:
        opened.append(happening(kind="selection", municipality="almere", round=kept.round, park_id=PARK))
        yield opened


def adopt(register, kept, by="driehoek", **changes):
    deciding = Deciding(changes.get("municipality", "almere"), kept.round, by, NOW, kept.park_id)
    return record_approval(register, deciding, kept, kept.high, changes.get("reason", ""))


def told(register, kept, high=None):
    return approval_told(approvals(register.events()), kept, kept.high if high is None else high, CATALOGUE)


@pytest.mark.parametrize(
    ("lead", "by", "more", "rule"),
    [
        (LEAD, "projectleider", {}, "approval-own"),
        (LEAD, "Projectleider van de gemeente Almere", {}, "approval-own"),
        (Who(organisation="gemeente Almere"), "de Gemeente Almere", {}, "approval-own"),
        (None, "driehoek", {}, "approval-no-lead"),
        (LEAD, " ", {}, "decision-by"),
        (LEAD, "Jan de Vries", {}, "decision-by-personal"),
        (LEAD, "driehoek", {"reason": "kort"}, "approval-reason"),
        (LEAD, "driehoek", {"municipality": "urk"}, "not-selected"),
    ],
)
def test_who_proposes_does_not_approve_and_only_the_plan_of_a_choice_is(register, kept, lead, by, more, rule):
    with pytest.raises(RegisterError) as caught:
        adopt(register, kept.model_copy(update={"lead": lead}), by, **more)
    assert [one.rule for one in caught.value.findings] == [rule]
    assert approvals(register.events()) == ()


def test_the_same_state_is_adopted_once_by_each(register, kept):
    adopt(register, kept)
    with pytest.raises(RegisterError, match="al vastgesteld door driehoek op 3 maart 2026"):
        adopt(register, kept, by="De Driehoek")
    adopt(register, kept, by="stuurgroep van het RIEC")
    assert told(register, kept) == (
        "Vastgesteld door driehoek op 3 maart 2026 en stuurgroep van het RIEC op 3 maart 2026."
    )


@pytest.mark.parametrize(
    ("first", "more", "says"),
    [
        ({"state": "running"}, {}, None),
        ({"done": dt.date(2026, 9, 1), "evidence": "verslag", "result": "confirmed"}, {}, None),
        ({}, {"states": (ProjectState(state="adopted", since=NOW.date()),)}, None),
        ({"owner": Who(organisation="politie", role="wijkagent")}, {}, "{code} Eigenaar: nu wijkagent, politie."),
        ({"end": dt.date(2026, 9, 1)}, {}, "{code} Einde: nu 1 september 2026."),
        ({"state": "dropped"}, {}, "{code} {name}: niet meer gekozen."),
        ({}, {"lead": Who(organisation="RIEC")}, "Projectleider: was projectleider, gemeente Almere, nu RIEC."),
        ({}, {"texts": {"scope": "Haven."}}, "Scope: Eigen tekst: nu Haven."),
        ({}, {"agreements": ("Elke maand.",)}, "Afspraken en besluiten: nu Elke maand."),
    ],
)
def test_what_was_adopted_may_go_on_but_not_change(register, kept, first, more, says):
    """How far the work is, is no other plan; an owner, a date, a choice, a text is."""
    adopt(register, kept)
    one, *others = kept.interventions
    after = kept.model_copy(update={"interventions": (one.model_copy(update=first), *others), **more})
    if says is None:
        assert told(register, after) == "Vastgesteld door driehoek op 3 maart 2026."
    else:
        assert told(register, after).startswith("Let op, vaststelling vervallen")
        assert told(register, after).endswith(says.format(code=one.id, name=CATALOGUE.intervention(one.id).name))


def test_another_picture_is_another_state_and_three_changes_are_told(register, kept):
    """An indicator that is no longer high, one that is now, one of another level, and more that is counted."""
    adopt(register, kept)
    first, second, *_ = kept.high
    high = {**kept.high, second: 9.0, "X01": 1.0}
    del high[first]
    after = told(register, kept.model_copy(update={"agreements": ("Elke maand.",)}), high)
    assert after.count(";") == 3
    assert f"{first} {CATALOGUE.indicator(first).name}: niet meer hoog, niveau" in after
    assert "en nog 1 wijziging" in after


def test_a_state_that_says_adopted_needs_an_approval_that_holds(register, kept):
    assert told(register, kept) == ""
    adopted = kept.model_copy(update={"states": (ProjectState(state="adopted", since=NOW.date()),)})
    assert told(register, adopted).startswith("Let op: de stand van dit plan is “vastgesteld”, maar")
    adopt(register, adopted)
    assert told(register, adopted).startswith("Vastgesteld door driehoek")
    register.append(happening(kind="withdrawal", municipality="almere", round=kept.round, park_id=PARK))
    assert told(register, adopted).startswith("Let op: de stand"), "with the choice its approval goes"


def test_the_commands_and_the_plan_say_whether_it_is_adopted(planned, run):
    """From a plan that is not there yet to one whose approval lapsed, and whose choice was taken back."""
    _, path, folder = planned
    park, aside = folder.name, path.rename(path.with_suffix(".aside"))
    code, _, err = run("approve", park, "--by", "driehoek")
    assert (code, f"werkbank plan {park}" in err) == (2, True)
    aside.rename(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("lead: null", "lead: {organisation: gemeente Urk}"), encoding="utf-8")
    code, out, _ = run("approve", park, "--by", "driehoek")
    assert (code, f"het projectplan van {park} is vastgesteld door driehoek" in out) == (0, True)
    assert "Projectplan: Vastgesteld door driehoek op " in run("register")[1]
    said = "Let op, vaststelling vervallen"
    path.write_text(path.read_text(encoding="utf-8").replace("texts: {}", "texts: {scope: Haven.}"), encoding="utf-8")
    (made,) = make_plans(())
    assert made.why[0].startswith(said)
    page = (made.folder / "projectplan.html").read_text(encoding="utf-8")
    assert said in page
    assert "Gemaakt bij besluit 2 van het register" in page
    assert f"Projectplan: {said}" in run("register")[1]
    assert json.loads(run("register", "--json")[1])[0]["approval"].startswith(said)
    withdraw_park(park, reason="Bij vergissing vastgelegd.", by="stuurgroep")
    assert "Projectplan:" not in run("register")[1]
    with pytest.raises(RegisterError, match="not-selected"):
        approve_plan(park, by="driehoek")
    path.write_text("onzin", encoding="utf-8")
    with pytest.raises(OutputError):
        approve_plan(park, by="driehoek")
