"""People decide; the werkbank records who did, why, and what the advice said at that moment."""

import dataclasses
import datetime as dt
import json
import re
import shutil

import pandas as pd
import pytest

import werkbank as wb
from tests.register.samples import unguarded
from werkbank.assessment.choosing import find_park
from werkbank.assessment.decisions import (
    clock_remarks,
    head_of_register,
    read_register,
    recorded_selections,
    select_in_demo,
    select_park,
    withdraw_park,
)
from werkbank.demo.write import MOMENT, is_untouched
from werkbank.errors import RegisterError
from werkbank.report.plan import project_plan

REASON = "Hier kan het snelst worden begonnen."


@pytest.fixture
def park(urk):
    """The advised park."""
    return urk.advice.park_ids[0]


@pytest.fixture
def other(urk):
    """A park that the advice does not name."""
    return next(park for park in urk.parks["park_id"] if park not in urk.advice.park_ids)


def test_a_park_is_found_by_its_code_or_its_name(own_workspace, urk):
    """What is nearly a code is asked back, for a decision follows; a faulty file of another municipality is no hindrance."""
    (own_workspace / "parameters" / "almere.yaml").write_text("onzin: [", encoding="utf-8")
    park_id, name = urk.parks["park_id"].iloc[0], urk.parks["name"].iloc[0]
    for word in (park_id.lower(), f" {name.upper()} "):
        assert find_park(word) == ("urk", park_id)
    for word, near in (("LEL-5", "LEL-05"), (" lel-005 ", "LEL-05"), ("LEL-1", "LEL-01"), ("URK-9", "URK-0")):
        with pytest.raises(RegisterError, match=f"Bedoelt u “{near}"):
            find_park(word)
    # With which several begin: not the nearest, which would be any of them.
    with pytest.raises(RegisterError, match="Noem er één: URK-01, URK-02, URK-03 of URK-04"):
        find_park("urk")


def test_the_selection_keeps_the_advice_of_that_moment(own_workspace, urk, park):
    now = dt.datetime(2026, 5, 1, 12, tzinfo=dt.UTC)
    selection = select_park(park, reason=REASON, by="stuurgroep", now=now)
    assert (selection.park_id, selection.by, selection.reason, selection.at) == (park, "stuurgroep", REASON, now)
    assert selection.sentence == urk.advice.sentence
    assert selection.fingerprint == urk.fingerprint
    assert (selection.standing.rank, selection.standing.name) == (1, urk.parks.set_index("park_id")["name"][park])
    assert selection.grade == urk.advice.grade
    assert (selection.share, selection.draws) == (urk.advice.sureness.share, urk.advice.sureness.draws)
    assert selection.gaps == ()
    assert not selection.against_advice
    assert recorded_selections(wb.load_parameters("urk", round="2025-1")) == ()
    assert len(recorded_selections(wb.load_parameters("urk"))) == 1


def test_nothing_is_recorded_without_a_legal_basis(own_workspace):
    (own_workspace / "data" / "legal_bases.yaml").unlink()
    with pytest.raises(wb.WerkbankError, match="geen geldige grondslag"):
        select_park("URK-01", reason=REASON, by="stuurgroep")
    assert not (own_workspace / "data" / "register.sqlite").exists()


def test_half_a_picture_is_no_ground_for_a_choice(own_workspace):
    """A workbook that is missing → refused, naming it; with a reason not to wait → recorded, and the plan says so."""
    (own_workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    half = wb.assess("urk")
    park = half.advice.park_ids[0]
    with pytest.raises(RegisterError, match=r"urk_politie\.xlsx ontbreekt.*--incomplete-reason"):
        select_park(park, reason=REASON, by="stuurgroep")
    assert recorded_selections(wb.load_parameters("urk")) == ()
    selection = select_park(park, reason=REASON, by="stuurgroep", incomplete_reason="De politie levert later.")
    assert selection.gaps == ("urk_politie.xlsx ontbreekt",)
    told = {field.name: field.text for field in project_plan(half, park).chapters["occasion"].fields}
    assert told["Invoer bij het besluit"] == told["Invoer van dit plan"] == "niet volledig: urk_politie.xlsx ontbreekt"


def test_people_choose_on_the_analysis_that_they_could_read(own_workspace, urk, park):
    """None made → recorded as such; made of other data or another version → refused; of these data → recorded."""
    folder = wb.load_parameters("urk").output_folder
    assert select_park(park, reason=REASON, by="stuurgroep").analysis == "none"
    withdraw_park(park, reason=REASON, by="stuurgroep")
    urk.save(folder)
    assert select_park(park, reason=REASON, by="stuurgroep").analysis == "same"
    withdraw_park(park, reason=REASON, by="stuurgroep")
    dataclasses.replace(urk, fingerprint="f" * 64).save(folder)
    with pytest.raises(RegisterError, match="selection-other-analysis"):
        select_park(park, reason=REASON, by="stuurgroep")
    (folder / "assessment.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RegisterError, match="selection-other-analysis"):
        select_park(park, reason=REASON, by="stuurgroep")


def test_only_a_choice_that_holds_makes_a_plan(own_workspace, urk, park):
    with pytest.raises(RegisterError, match="werkbank select"):
        project_plan(urk, park)
    select_park(park, reason=REASON, by="stuurgroep")
    withdrawn = withdraw_park(park, reason="Bij vergissing vastgelegd.", by="stuurgroep")
    assert not withdrawn.holds
    assert recorded_selections(wb.load_parameters("urk")) == ()
    assert [one.holds for one in read_register().selections] == [False]
    with pytest.raises(RegisterError, match="is ingetrokken op"):
        project_plan(urk, park)
    select_park(park, reason=REASON, by="stuurgroep")
    plan = project_plan(urk, park)
    assert (plan.park_id, bool(plan.interventions)) == (park, True)


def test_the_demo_holds_one_decision_and_decides_nothing_without_an_advice_or_in_a_database_that_may_be_real(
    own_workspace, urk, monkeypatch
):
    """The body that decides is fictional too."""
    select_in_demo("urk")
    (selection,) = recorded_selections(wb.load_parameters("urk"))
    assert selection.by == "Fictieve stuurgroep"
    assert is_untouched(own_workspace / "data" / "register.sqlite")
    nobody = dataclasses.replace(urk, advice=dataclasses.replace(urk.advice, park_ids=()))
    with monkeypatch.context() as patch:
        patch.setattr("werkbank.assessment.decisions.assess", lambda _: nobody)
        assert select_in_demo("urk") is None
    monkeypatch.setenv("WERKBANK_DATABASE_URL", f"sqlite:///{own_workspace / 'elders.sqlite'}")
    assert select_in_demo("urk") is None
    assert not (own_workspace / "elders.sqlite").exists()


def test_the_command_says_what_it_recorded_and_what_to_do_next(own_workspace, urk, park, run, monkeypatch):
    """Code, name, whether it follows the advice, where it is kept, and that there was nothing to read."""
    monkeypatch.chdir(own_workspace)
    name = urk.parks.set_index("park_id")["name"][park]
    code, out, _ = run("select", park, "--reason", REASON, "--by", "stuurgroep")
    assert code == 0
    for words in (f"{name} ({park}) in Urk", "Dit volgt het advies.", "data/register.sqlite", f"werkbank plan {park}"):
        assert words in out
    assert "nog geen analyse om te lezen" in out


def test_a_choice_beyond_the_capacity_has_a_reason_of_its_own(own_workspace, park, other, run):
    """One park may be chosen, a second one is: refused without that reason, and with it where there is still room."""
    needless = ["--capacity-reason", "Er is een tweede team beschikbaar."]
    code, _, err = run("select", park, "--reason", REASON, "--by", "stuurgroep", *needless)
    assert (code, "er is nog ruimte" in err) == (2, True)
    select_in_demo("urk")
    arguments = ["--reason", REASON, "--by", "stuurgroep", "--against-reason", "Daar loopt al een aanpak."]
    code, _, err = run("select", other, *arguments)
    assert (code, f"al gekozen voor {park}, en er is ruimte voor 1" in err) == (2, True)
    code, out, _ = run("select", other, *arguments, *needless)
    assert (code, "Dit wijkt af van het advies" in out) == (0, True)
    assert "Reden om boven de capaciteit te gaan: Er is een tweede team" in run("register")[1]


def test_a_proposal_over_the_district_is_a_page_and_a_table_and_may_be_taken_over(own_workspace, run):
    """Every municipality with a candidate has one; a capacity that cannot be and half a decision are refused."""
    assert run("propose", "--capacity", "9", "--by", "stuurgroep")[0] == 2
    assert "Geef" in run("propose", "--by", "stuurgroep")[2]
    code, out, _ = run("propose", "--by", "stuurgroep", "--reason", "Past bij de capaciteit.")
    assert (code, "verwachte spijt" in out) == (0, True)
    folder = own_workspace / "output/2026-1/riec/voorstel"
    found = pd.read_csv(folder / "voorstel.csv")
    assert found.loc[found["proposed"] == 1, "municipality"].nunique() == found["municipality"].nunique()
    assert found["chance"].sum() == pytest.approx(found["proposed"].sum())
    assert found["notice"].str.contains("FICTIEVE GEGEVENS").all()
    assert "Mensen kiezen" in (folder / "voorstel.html").read_text(encoding="utf-8")
    assert "Overgenomen door stuurgroep. Reden: Past bij de capaciteit." in run("register")[1]
    (kept,) = json.loads(run("register", "--json")[1])
    assert (kept["kind"], kept["by"]) == ("proposal", "stuurgroep")
    assert run("verify")[0] == 0


def test_the_register_is_read_in_words_and_as_json(chosen, park, run):
    """Every choice with who, why and on which advice; a withdrawal stands below the choice it took back."""
    run("withdraw", park, "--reason", "Bij vergissing vastgelegd.", "--by", "driehoek")
    code, out, _ = run("register")
    assert code == 0
    for words in ("Besluit 1, 2 maart 2026", "Gekozen door Fictieve stuurgroep", "Dit volgt het advies", "Reden: Voorbeeld",
                  "Ingetrokken op", "door driehoek (besluit 2). Reden: Bij vergissing", "1 keuze, waarvan 1 ingetrokken"):  # fmt: skip
        assert words in out
    code, out, _ = run("register", "--json", "--municipality", "urk")
    (kept,) = json.loads(out)
    assert (kept["park_id"], kept["follows_advice"]) == (park, True)
    assert kept["withdrawal"]["by"] == "driehoek"
    assert json.loads(run("register", "--json", "--round", "2025-1")[1]) == []
    code, _, err = run("register", "--round", "2025-2")
    assert (code, "Ronde “2025-2” is er niet. Bedoelt u “2025-1”?" in err) == (2, True)


def test_an_empty_register_is_no_error_and_a_choice_needs_who_and_why(own_workspace, run):
    code, _, err = run("select", "URK-01")
    assert (code, "--reason" in err) == (2, True)
    code, out, _ = run("register")
    assert (code, "Geen keuzes." in out) == (0, True)
    assert not (own_workspace / "data" / "register.sqlite").exists()
    assert "Bedoelt u “urk”" in run("register", "-m", "urkk")[2]
    shutil.rmtree(own_workspace / "data")  # before there is any data folder there is no register either
    code, out, err = run("register")
    assert (code, "Geen keuzes." in out, err) == (0, True, "")


def test_a_choice_that_was_changed_into_what_cannot_be_read_is_told(chosen, run):
    unguarded(chosen / "data" / "register.sqlite", """UPDATE events SET at = 'x', payload = '{"standing": {"x": 1}}'""")
    code, _, err = run("register")
    assert (code, "gebeurtenis 1 is anders dan is vastgelegd" in err) == (1, True)


def test_equal_demos_have_an_equal_register_and_a_clock_that_ran_back_is_said(own_workspace, park, run):
    """The salt of the fictional decision is fixed; a decision of before it is recorded all the same."""
    heads = set()
    for _ in range(2):
        (own_workspace / "data" / "register.sqlite").unlink(missing_ok=True)
        select_in_demo("urk")
        heads.add(head_of_register())
    assert len(heads) == 1
    assert run("register")[0] == 0
    withdraw_park(park, reason="Bij vergissing vastgelegd.", by="stuurgroep", now=MOMENT - dt.timedelta(days=1))
    (remark,) = clock_remarks()
    assert remark.found.startswith("gebeurtenis 2 is vastgelegd op een eerder tijdstip")
    code, _, err = run("register")
    assert (code, "event-clock" in err) == (0, True)


def test_what_a_municipality_answers_before_a_round_is_kept_and_a_later_answer_takes_its_place(
    request, own_workspace, run
):
    """Shown by the command, the register and the index; what is still open is said of every municipality."""
    shutil.copytree(request.getfixturevalue("_analysed")[0] / "output", own_workspace / "output")
    need = "ja: politie en gemeente willen weten waar te beginnen"
    for asked, told in (
        (["--need", need], "Noem bij een antwoord ook de gemeente"),
        (["urk", "--need", need, "--willing", "misschien", "--by", "driehoek"], "intake-answer"),
        (["urk", "--need", "nee: kort", "--by", "Jan de Vries"], "(?s)intake-reason.*decision-by-personal"),
        (["urk", "--need", "ja: bel 06-12345678 voor de rest", "--by", "driehoek"], "intake-reason-personal"),
    ):
        code, _, err = run("intake", *asked)
        assert (code, bool(re.search(told, err))) == (2, True)
    assert "Geen keuzes" in run("register")[1]
    assert run("intake", "Urk", "--need", need, "--capacity", "nee, pas in het najaar", "--by", "driehoek")[0] == 0
    assert run("intake", "urk", "--capacity", "Ja. er is een projectleider", "--by", "stuurgroep")[0] == 0
    out = run("intake")[1]
    for words in ("Almere, ronde 2026-1: nog niets beantwoord", "Informatiebehoefte: ja, politie en gemeente",
                  "Capaciteit: ja, er is een projectleider", "Juridische basis: nog open"):  # fmt: skip
        assert words in out
    assert "nog open" not in run("intake", "almere")[1]
    index = (own_workspace / "output/2026-1/riec/index.html").read_text(encoding="utf-8")
    assert "Urk (informatiebehoefte ja, capaciteit ja; nog 2 open)" in index
    assert "door driehoek: informatiebehoefte ja, capaciteit nee" in run("register")[1]
    kept = json.loads(run("register", "--json", "-m", "urk")[1])
    found = [(one["kind"], one["by"], sorted(one["answers"])) for one in kept]
    assert found == [("intake", "driehoek", ["capacity", "need"]), ("intake", "stuurgroep", ["capacity"])]
