"""A plan has a version for each reader: planted texts and cells are in none, and private parties read what was agreed."""

import re
from dataclasses import replace

import pytest

import werkbank as wb
from tests.plan.test_plan import SELECTED, texts
from werkbank.assessment.decisions import withdraw_park
from werkbank.batch.follow_up import make_plans, show_decisions
from werkbank.batch.verify import verify
from werkbank.plan.kept import ChosenIntervention, KeptPlan, ProjectState, Who
from werkbank.report.outputs import write_plan_version
from werkbank.report.plan import plan_for, plan_versions
from werkbank.settings.catalogue import load_catalogue

CANARY = "kanariepiet"
OTHERS = ("police", "municipality", "steering", "partners", "entrepreneurs")
CODE = re.compile(r"\b[VGW]\d\d\b")


@pytest.fixture(scope="module")
def planted(demo_workspace, assessed):
    """The plan of a park in which everything that people may write holds the canary; two interventions are agreed on."""
    assessment = assessed("lelystad")
    day, owner = SELECTED.day, Who(organisation="gemeente Lelystad", role="toezicht")
    codes = [one.id for one in plan_for(assessment, "LEL-05", SELECTED).interventions]
    kept = KeptPlan(
        park_id="LEL-05",
        round="2026-1",
        made=day,
        high={},
        states=(ProjectState(state="concept", since=day, reason=CANARY),),
        lead=owner,
        interventions=tuple(
            ChosenIntervention(
                id=code, why=CANARY, hours=CANARY, cost=CANARY, conditions=CANARY,
                measures=({"text": CANARY},), owner=owner if code[0] in "CH" else None, end=day,
            )
            for code in codes
        ),
        fields=({"chapter": "scope", "name": "Startdatum", "value": CANARY},),
        texts=dict.fromkeys(("occasion", "scope", "organisation", "monitoring", "securing"), CANARY),
        agreements=(CANARY,),
        notes=({"field": "lead", "text": CANARY},),
    )  # fmt: skip
    decided = replace(SELECTED, reason=CANARY, against_reason=CANARY, sentence=CANARY)
    return assessment, plan_for(assessment, "LEL-05", decided, kept)


def test_the_canary_sits_in_the_whole_plan(planted):
    _, plan = planted
    assert sum(CANARY in text for text in texts(plan)) > 20


@pytest.mark.parametrize("audience", OTHERS)
def test_no_version_holds_what_people_wrote_or_what_follows_from_a_cell(planted, audience, tmp_path):
    """Neither the value from which pages are made, nor the page."""
    assessment, plan = planted
    version, seen = plan_versions(assessment, plan)[audience]
    assert not [text for text in texts(version) if CANARY in text]
    write_plan_version(version, seen, tmp_path)
    page = re.sub(
        r"<style.*?</style>", "", (tmp_path / "projectplan.html").read_text(encoding="utf-8"), flags=re.DOTALL
    )
    assert CANARY not in page
    assert not CODE.search(page), "no indicator is named"
    assert "toezicht, gemeente Lelystad" in page
    assert "Wat hier niet in staat" in page


def test_private_parties_read_only_what_may_be_shared_and_was_agreed(planted):
    """An intervention that is merely proposed would tell which suspicion called for it."""
    assessment, plan = planted
    catalogue = load_catalogue()
    versions = plan_versions(assessment, plan)
    told = {one.id for one in versions["entrepreneurs"][0].interventions}
    assert told == {
        one.id for one in plan.interventions if one.id[0] in "CH" and catalogue.intervention(one.id).shareable
    }
    assert told < {one.id for one in versions["steering"][0].interventions} == {one.id for one in plan.interventions}
    words = " ".join(texts(versions["entrepreneurs"][0])).lower()
    assert not [one for one in ("vermoed", "politie worden", "score", "aanwijzing", "opsporing") if one in words]


@pytest.mark.parametrize(
    ("releases", "readers"),
    [
        ({}, {"entrepreneurs"}),
        ({"steering": ["plan"]}, {"entrepreneurs", "steering"}),
        ({"municipality": ["totals"]}, {"entrepreneurs"}),
        ({"municipality": ["plan"], "partners": ["plan"]}, {"entrepreneurs", "municipality", "partners"}),
    ],
)
def test_who_gets_a_version_follows_from_the_legal_basis(planted, releases, readers):
    assessment, plan = planted
    basis = assessment.legal_basis.model_copy(update={"releases": releases})
    assert plan_versions(replace(assessment, legal_basis=basis), plan).keys() == readers


def test_who_sees_every_cell_gets_the_plan_as_it_is(planted):
    assessment, plan = planted
    basis = assessment.legal_basis.model_copy(update={"releases": {"police": ("municipality_cells", "plan")}})
    assert plan_versions(replace(assessment, legal_basis=basis), plan)["police"][0] is plan


def test_a_plan_on_a_park_with_one_firm_is_not_for_private_parties(planted):
    assessment, plan = planted
    context = assessment.context
    context["establishments"] = context["establishments"].where(context["park_id"] != "LEL-05", 1)
    assert "entrepreneurs" not in plan_versions(replace(assessment, _context=context), plan)


def test_a_version_goes_to_its_own_folder_and_goes_away_with_the_choice(planned):
    """Every manifest knows its own; a release that is taken back takes the version away."""
    own_workspace = planned[0]
    output = own_workspace / "output" / "2026-1"
    made = {path.parts[-4]: path.parent for path in output.glob("*/plans/URK-04/projectplan.html")}
    assert made.keys() == {"riec", *OTHERS}
    assert not [path for path in made["riec"].iterdir() if path.is_dir()]
    assert verify(wb.load_parameters("urk", audience="steering")).findings == ()
    bases = own_workspace / "data" / "legal_bases.yaml"
    text = bases.read_text(encoding="utf-8")
    bases.write_text(re.sub(r"(?m)^    steering:\n(    - .*\n)*", "", text), encoding="utf-8")
    list(make_plans(()))
    assert not (output / "steering" / "plans" / "URK-04").exists()
    assert (output / "police" / "plans" / "URK-04").exists()
    back = withdraw_park("URK-04", reason="De gegevens bleken niet te kloppen.", by="stuurgroep")
    show_decisions(wb.load_parameters("urk"), back)
    assert not [path for path in output.glob("*/plans/URK-04") if path.is_dir()]
