"""The plan that people keep: written once, read strictly, and followed by everything that is made of it."""

import datetime as dt
import json
import shutil

import openpyxl
import pytest

import werkbank as wb
from tests.plan.test_plan import SELECTED
from werkbank.errors import OutputError
from werkbank.files.canonical import canonical_json
from werkbank.plan import words
from werkbank.plan.approvals import mark_of
from werkbank.plan.drafting import make_plan, proposal_of
from werkbank.plan.fields import UnreadableError, plan_fields, read_value
from werkbank.plan.kept import keep_proposal, kept_plan, plan_file
from werkbank.plan.progress import actions_of

CATALOGUE = wb.load_catalogue()
DAY, PARK = dt.date(2026, 3, 3), "ALM-17"


@pytest.fixture(scope="module")
def proposal(almere):
    return proposal_of(make_plan(almere, PARK, SELECTED, CATALOGUE), almere, CATALOGUE, DAY)


@pytest.fixture
def kept(tmp_path, proposal):
    """The plan as kept after these changes to its text."""
    keep_proposal(tmp_path, proposal)
    path = plan_file(tmp_path, PARK)

    def changed(*pairs):
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        path.write_text(text, encoding="utf-8")
        return kept_plan(tmp_path, PARK, CATALOGUE)

    return changed


def test_a_proposal_is_written_once_and_never_touched_again(tmp_path, proposal):
    assert kept_plan(tmp_path, PARK, CATALOGUE) is None
    assert keep_proposal(tmp_path, proposal)
    written = plan_file(tmp_path, PARK).read_bytes()
    assert kept_plan(tmp_path, PARK, CATALOGUE) == proposal
    assert not keep_proposal(tmp_path, proposal.model_copy(update={"round": "2027-1"}))
    assert plan_file(tmp_path, PARK).read_bytes() == written
    assert written.startswith(b"# Dit plan is van u.")
    assert b"&id" not in written


def test_as_proposed_it_gives_the_plan_that_was_proposed(almere, proposal):
    anew, first = (make_plan(almere, PARK, SELECTED, CATALOGUE, one) for one in (proposal, None))
    assert [one.id for one in anew.interventions] == [one.id for one in first.interventions]
    assert (anew.answers, anew.beside, anew.steps) == (first.answers, first.beside, first.steps)
    assert anew.changes == ()


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("park_id: ALM-17", "park_id: ALM-18", "noem het bestand ALM-18.yaml"),
        ("park_id: ALM-17", "park: ALM-17", "bedoelt u “park_id”"),
        ("id: C03", "id: C99", "kent geen interventie “C99”"),
        ("id: C03", "id: H02", "interventie H02 staat er twee keer"),
        ("owner: null", "owner: gemeente", "owner"),
        ("owner: null", "eigenaar: null", "eigenaar"),
        ("\n  state: not_started", "\n  state: bezig", "bezig"),
        ("\n  state: not_started", "\n  state: running", "een eigenaar (owner) zodra zij loopt"),
        ("\n  state: not_started", "\n  state: done", "een datum (done), bewijs (evidence) en uitkomst (result)"),
        ("start: null\n  end: null", "start: 2026-05-01\n  end: 2026-04-01", "een einde (end) op of na het begin"),
        ("start: null", "start: morgen", "datum"),
        ("evidence: ''", "evidence: {file: a.pdf}", "één van statement, link en file, en bij file ook sha256"),
        ("evidence: ''", "evidence: {statement: ja, link: 'https://a.nl'}", "één van statement, link en file"),
        ("evidence: ''", "evidence: {link: 'javascript:x'}", "“link” is de tekst"),
        ("evidence: ''", "evidence: {file: ../a.pdf, sha256: 0}", "“file” is de tekst"),
        ("name: Startdatum", "name: Begin", "hoofdstuk “scope” heeft dit veld niet"),
        ("- state:", "- {state: adopted, since: 2026-03-01}\n- state:", "een reden (reason) bij een stap terug"),
        ("- state:", "- {state: adopted, since: 2026-05-01, reason: x}\n- state:", "volgorde van hun"),
    ],
)
def test_a_fault_in_it_is_named_and_nothing_is_made(kept, old, new, told):
    with pytest.raises(OutputError) as error:
        kept((old, new))
    assert told in str(error.value)
    assert "er is niets gemaakt en niets veranderd" in str(error.value)


def test_two_plans_of_one_park_are_refused(tmp_path, kept):
    plan_file(tmp_path, PARK).with_suffix(".yml").write_text("park_id: ALM-17\n")
    with pytest.raises(OutputError, match="van dit terrein zijn er twee"):
        kept()


def test_what_people_chose_and_wrote_is_in_the_plan_and_everything_follows(almere, kept, proposal):
    """One dropped, one added that no threshold asked for, an owner with a term, a field, a text of their own."""
    first, *rest = [one.id for one in proposal.interventions]
    fired = {one.id for one in make_plan(almere, PARK, SELECTED, CATALOGUE).beside}
    added = next(one.id for one in CATALOGUE.interventions if one.id not in {first, *rest, *fired} and one.weight < 4)
    ours = (
        "why: De partners willen dit., owner: {organisation: gemeente Almere, role: projectleider}, "
        "start: 1 april 2026, end: 1-6-2026"
    )
    own = kept(
        ("state: not_started\n  conditions", "state: dropped\n  conditions"),
        (f"- id: {rest[0]}", f"- {{id: {added}, {ours}}}\n- id: {rest[0]}"),
        ("name: Startdatum\n  value: ''", "name: Startdatum\n  value: 1 april 2026"),
        ("texts: {}", "texts: {scope: Wij beginnen bij de haven.}"),
        ("- state: concept\n  since: 2026-03-03\n  reason: ''", "- state: concept\n  since: 2026-03-03\n- {state: adopted, since: 2026-04-01}"),
    )  # fmt: skip
    plan = make_plan(almere, PARK, SELECTED, CATALOGUE, own)
    assert {one.id for one in plan.interventions} == {added, *rest}
    assert first in {one.id for one in plan.beside}
    assert set(plan.answers.interventions) == {added, *rest}
    assert plan.status == "vastgesteld"
    scope = {field.name: field.text for field in plan.chapters["scope"].fields}
    assert (scope["Startdatum"], scope["Eigen tekst"]) == ("1 april 2026", "Wij beginnen bij de haven.")
    (chosen,) = [one for one in plan.interventions if one.id == added]
    agreed = {field.name: field.text for field in chosen.agreed}
    ours = {"Waarom gekozen": "De partners willen dit.", "Begin": "1 april 2026", "Einde": "1 juni 2026"}
    assert agreed.items() >= ours.items()
    assert [one.owner for one in plan.steps if one.owner] == ["projectleider, gemeente Almere"]
    assert chosen.reasons == ()


def test_nothing_that_can_be_filled_in_stays_unseen(almere, kept, proposal):
    """Whatever is typed in any key that people may fill in stands in the plan that is made of it."""
    typed = {
        "lead": "{organisation: RIEC, role: projectleider van het plan}",
        "members": "[{organisation: brandweer, role: adviseur}]",
        "agreements": "[Elke zes weken overleg]",
        "baseline": "drie bij het begin",
        "target": "nul aan het eind",
        "why": "hier begon het",
        "hours": "veertig uur",
        "cost": "vijf euro",
        "conditions": "alleen samen",
        "evidence": "verslag 12",
        "notes": "[{field: lead, text: wie wordt dit}]",
        "partners": "[Waterschap]",
    }
    old = {"lead": "null", "members": "[]", "agreements": "[]", "partners": "[]", "notes": "[]"}
    own = kept(*((f"{key}: {old.get(key, chr(39) * 2)}\n", f"{key}: {value}\n") for key, value in typed.items()))
    filled = tuple(one.model_copy(update={"value": f"veld {number}"}) for number, one in enumerate(own.fields))
    texts = {chapter: f"tekst bij {chapter}" for chapter in words()["chapters"]}
    plan = make_plan(almere, PARK, SELECTED, CATALOGUE, own.model_copy(update={"fields": filled, "texts": texts}))
    told = canonical_json(plan)
    for words_ in (*(f'"veld {number}"' for number in range(len(filled))), *texts.values(), "projectleider van het plan, RIEC",
                   "adviseur, brandweer", "Elke zes weken overleg", "drie bij het begin", "nul aan het eind", "hier begon",
                   "veertig uur", "vijf euro", "alleen samen", "verslag 12", "Waterschap", "wie wordt dit"):  # fmt: skip
        assert words_ in told, words_


def test_what_changed_since_is_told_first_what_nothing_answers(almere, kept, proposal):
    """An indicator that was not high, one that was, and one at another level."""
    codes = list(proposal.high)
    known = proposal.high[codes[0]]
    own = kept((f"  {codes[0]}: {known}\n", ""), (f"  {codes[1]}: {proposal.high[codes[1]]}\n", f"  {codes[1]}: 9.0\n"))
    low = next(one.id for one in CATALOGUE.indicators if one.id not in codes)
    own = own.model_copy(update={"high": {**own.high, low: 3.0}, "interventions": ()})
    changes = make_plan(almere, PARK, SELECTED, CATALOGUE, own).changes
    assert [line.split()[0] for line in changes] == [codes[0], codes[1], low]
    assert "geen gekozen interventie geeft het antwoord" in changes[0]
    assert "niet hoog meer" in changes[2] or "bij niemand meer bekend" in changes[2]


@pytest.mark.parametrize(
    ("state", "result", "told"),
    [("running", None, True), ("done", "confirmed", False), ("done", "not_carried_out", True)],
)
def test_less_risk_without_a_finished_action_is_only_another_judgement(almere, proposal, state, result, told):
    """Also where a low level is the risk."""
    (risk, *_), (lacking, *_) = ([code for code in proposal.high if code[0] == family] for family in "VW")
    one = next(one for one in CATALOGUE.interventions if risk in one.direct)
    owner = {"organisation": "gemeente Almere"}
    ended = {"done": DAY, "evidence": "verslag", "result": result} if result else {}
    plan = proposal.model_dump() | {"high": {risk: 9.0, lacking: -9.0}}
    plan["interventions"] = ({"id": one.id, "state": state, "owner": owner, **ended},)
    changes = make_plan(almere, PARK, SELECTED, CATALOGUE, type(proposal).model_validate(plan)).changes
    (line,) = [line for line in changes if line.startswith(risk)]
    assert ("anders beoordeeld, niet verminderd" in line) is told
    assert "niet verminderd" in next(line for line in changes if line.startswith(lacking))
    assert sum("niet verminderd" in line for line in changes) == 1 + told


@pytest.mark.parametrize(
    ("change", "bucket"),
    [
        ("", "undated"),
        ("end: 2026-03-02", "overdue"),
        ("end: 2026-03-03", "soon"),
        ("end: 2026-04-02", "soon"),
        ("end: 2026-04-03", "later_on"),
        ("end: 2026-06-01", "later_on"),
        ("end: 2026-06-02", "later"),
    ],
)
def test_too_late_is_computed_from_the_day_it_should_be_done(kept, change, bucket):
    own = kept(("end: null", change or "end: null"))
    assert {one.bucket for one in actions_of(own, CATALOGUE, DAY)} == {bucket, "undated"}


def test_the_command_names_what_is_too_late_by_owner_and_by_park(own_workspace, kept, proposal, run):
    shutil.rmtree(own_workspace / "data" / "plans")  # those of the first round
    code, out, _ = run("actions")
    assert (code, out) == (0, "Er is nog geen plan. Maak het met: werkbank plan\n")
    keep_proposal(own_workspace / "data", proposal)
    path = plan_file(own_workspace / "data", PARK)
    text = path.read_text(encoding="utf-8").replace("end: null", "end: 1 maart 2026", 1)
    path.write_text(text.replace("owner: null", "owner: {organisation: gemeente Almere}", 1), encoding="utf-8")
    code, out, _ = run("actions")
    assert code == 1
    assert "Te laat (1)" in out
    assert "gemeente Almere; uiterlijk 1 maart 2026; nog niet begonnen" in out
    assert f"{len(proposal.interventions)} acties in 1 plan." in out
    code, out, _ = run("actions", "--owner", "almere", "--json")
    assert [one["bucket"] for one in json.loads(out)] == ["overdue"]
    assert "Bedoelt u “ALM-07”" in run("actions", "--park", "ALM-7")[2]
    for word in ("done", "Afgerond"):
        assert run("actions", "--state", word)[:2] == (0, "Geen acties in 1 plan.\n")
    assert "bedoelt u “afgerond”?" in run("actions", "--state", "afgeront")[2]
    path.write_text(text.replace("made:", "gemaakt:"), encoding="utf-8")
    code, _, told = run("actions")
    assert code == 2
    assert "ALM-17.yaml, regel" in told


def test_a_list_goes_out_comes_back_and_is_kept_only_when_that_is_asked(own_workspace, kept, proposal, run, tmp_path):
    shutil.rmtree(own_workspace / "data" / "plans")  # those of the first round
    keep_proposal(own_workspace / "data", proposal)
    path, listed = plan_file(own_workspace / "data", PARK), tmp_path / "acties.xlsx"
    before = path.read_bytes()
    assert "eindigt op .xlsx, .csv, .ics of .docx" in run("actions", "--out", "acties.pdf")[2]
    assert "er is niets om te bewaren" in run("actions", "--keep")[2]
    assert run("actions", "--out", listed)[0] == 0
    assert "wordt niet overschreven" in run("actions", "--out", listed)[2]
    book = openpyxl.load_workbook(listed)
    page = book["Acties"]
    page["F4"], page["F5"] = "gemeente almere, projectleider", "gemeente Almeere"
    book.save(listed)
    code, out, _ = run("actions", "--read", listed)
    assert (code, path.read_bytes()) == (1, before)
    assert "Eigenaar: (leeg) → projectleider, gemeente Almere" in out
    assert "Er is nog niets bewaard. Klopt dit, bewaar het dan met: werkbank actions --read" in out
    code, out, _ = run("actions", "--read", listed, "--keep")
    assert code == 1
    assert "bedoelt u" in out
    (owned,) = [one for one in kept_plan(own_workspace / "data", PARK, CATALOGUE).interventions if one.owner]
    assert str(owned.owner) == "projectleider, gemeente Almere"
    assert [one.read_bytes() for one in (own_workspace / "data/plans/earlier").iterdir()] == [before]


SHARED = (
    ("receiver: stuurgroep, output: de samenvatting, when: 2026-03-01, basis: besluit 7",
     "stuurgroep: de samenvatting; 1 maart 2026; besluit 7", "overdue"),
    ("receiver: brandweer, output: het plan, when: 2026-03-20", "brandweer: het plan; 20 maart 2026; …", "soon"),
    ("receiver: brandweer, output: het plan", "brandweer: het plan; …; …", "undated"),
    ("receiver: raad, output: de aantallen, when: 2026-03-01, basis: besluit 7, done: 2026-03-02",
     "raad: de aantallen; 1 maart 2026; besluit 7; gedaan op 2 maart 2026", "finished"),
)  # fmt: skip


@pytest.mark.parametrize(("row", "told", "bucket"), SHARED)
def test_the_sharing_calendar_goes_to_word_and_back_and_is_reminded_of(kept, row, told, bucket):
    """As an action of the RIEC that is due on its day; it needs no other approval of the plan, and no list to return."""
    own = kept(("sharing: []", f"sharing: [{{{row}}}]"))
    assert plan_fields(own)["sharing"].text == told
    assert tuple(read_value("shares", told, CATALOGUE, ())) == own.sharing
    reminder, *actions = sorted(actions_of(own, CATALOGUE, DAY), key=lambda one: not one.is_reminder)
    assert (reminder.intervention, reminder.bucket, reminder.organisation) == ("deling-1", bucket, "RIEC")
    assert not any(one.is_reminder for one in actions)
    assert mark_of(own, {}) == mark_of(own.model_copy(update={"sharing": ()}), {})


@pytest.mark.parametrize("line", ["stuurgroep", "raad: iets", "raad: iets; morgen; besluit 7", "raad: iets; …"])
def test_a_line_of_the_calendar_that_cannot_be_read_asks_and_empties_nothing(line):
    with pytest.raises(UnreadableError) as refusal:
        read_value("shares", line, CATALOGUE, ())
    assert "wie: wat; 1 april 2026; grondslag" in str(refusal.value.allowed)
