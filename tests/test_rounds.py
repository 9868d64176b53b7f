"""Earlier rounds beside the present one: read as they came, parks followed, and what came of those that were chosen.

Two are compared on a legal basis for both, by the method of each, or not at all.
"""

import datetime as dt
import re
import shutil

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.matrix.drawing import written
from tests.test_assessment import change_basis
from werkbank.assessment import rounds
from werkbank.assessment.cooperation import Cooperation
from werkbank.assessment.earlier import read_round
from werkbank.assessment.inputs import legal_basis_of
from werkbank.assessment.rounds import Rounds, compare_rounds, follow_rounds
from werkbank.errors import LegalBasisError, MatrixError, OutputError, ParametersError, RegisterError
from werkbank.files.canonical import canonical_json
from werkbank.plan.kept import KeptPlan
from werkbank.register.decision import Deciding
from werkbank.register.store import open_register, register_address
from werkbank.settings.workspace import raw_file

FILES = {"police": "politie", "municipality": "gemeente"}
DAY, ROUNDS = dt.date(2026, 11, 23), ("2025-1", "2026-1")


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """Without the cooperation, which has tests of its own."""
    monkeypatch.setattr(rounds, "cooperation_of", lambda *_: Cooperation((), (), (), {}, {}, 0, pd.DataFrame()))


@pytest.fixture
def workspace(own_workspace):
    """The demo with a round before its first, in which Urk alone delivered, and said what it said a year later."""
    give(own_workspace, "2024-1", own_workspace / "data" / "matrices" / "2025-1", "2025-1")
    named(own_workspace, "[2024-1, 2025-1]")
    change_basis(own_workspace, rounds=["2024-1", "2025-1", "2026-1"])
    return own_workspace


def named(workspace, earlier):
    path = workspace / "parameters" / "district.yaml"
    text = re.sub(r"(?m)^earlier_round.*\n", "", path.read_text(encoding="utf-8"))
    path.write_text(f"{text}\nearlier_round: {earlier}\n", encoding="utf-8")


def give(workspace, of, source, source_round, codes=None, parks=None, then=None, **states):
    """The workbooks of Urk of a round, with what is said in those of `source`, other codes of parks and some cells."""
    catalogue, register = wb.load_catalogue(), wb.load_parks(workspace / "data" / "parks.csv")
    for party, file in FILES.items():
        said = wb.load_matrix(
            source / f"urk_{file}.xlsx", catalogue, register if then is None else then, round=source_round
        ).judgements
        said["park_id"] = said["park_id"].replace(codes or {})
        there = register if parks is None else parks
        own = set(there.loc[there["municipality"] == "urk", "park_id"])
        for (park, code), level in states.get(party, {}).items():
            cell = (said["park_id"] == park) & (said["indicator"] == code)
            said.loc[cell, ["state", "level"]] = ("unknown", pd.NA) if level is None else ("level", level)
        path = workspace / "data" / "matrices" / of / f"urk_{file}.xlsx"
        said = said[said["park_id"].isin(own)]
        written(path, catalogue, there, party=party, round=of, judgements=said, fictional=True)


def kept(workspace, of, slug="urk", **method):
    """The analysis of a round and its returns, as a batch keeps them."""
    parameters = wb.load_parameters(slug, round=of, method=method)
    assessment = wb.assess(parameters)
    assessment.save(parameters.output_folder)
    for source in assessment.sources:
        raw = raw_file(source.file, source.sha256, parameters.data)
        raw.parent.mkdir(exist_ok=True)
        shutil.copy(workspace / "data" / "matrices" / of / source.file, raw)


def parts(development):
    return development.frame.set_index(["park_id", "group"]).drop(columns="p_up")


# Two rounds.


@pytest.fixture(scope="module")
def urk(demo_workspace):
    return compare_rounds("urk")


def test_the_demo_has_two_rounds_to_compare(urk):
    """A method that was not kept is said, not guessed. The new scores are those of the analysis: test_same_number_after."""
    assert (urk.old_round, urk.new_round) == ("2025-1", "2026-1")
    assert len(urk.changes()) == len(urk.parks) == 4
    assert urk.equally_delivered
    assert str(urk) == "Vergelijking Urk (fictief), ronde 2025-1 met 2026-1: 4 terreinen."
    assert urk.name(urk.changes()[0].park_id) != urk.changes()[0].park_id
    assert not urk.old_method_kept
    assert all(change.method in (0, None) for change in urk.changes())


def test_the_method_of_the_kept_assessment_is_that_of_the_earlier_round(own_workspace):
    """The earlier round was assessed with another weighing: that part of the change is the method's."""
    earlier = wb.load_parameters("urk", round="2025-1", method={"power": {"threat": 1}})
    wb.assess(earlier).save(earlier.output_folder)
    found = compare_rounds("urk")
    assert found.old_method_kept
    assert any(abs(change.method) > 0.5 for change in found.changes() if change.splittable)
    assert not [finding for finding in found.findings if finding.rule == "other-catalogue"]
    assert compare_rounds("urk", earlier_method=earlier.method).frame.equals(found.frame)
    # Made with another catalogue, it is a finding.
    path = earlier.output_folder / "assessment.json"
    catalogue = wb.load_catalogue().fingerprint
    path.write_text(path.read_text(encoding="utf-8").replace(catalogue, "0" * 64), encoding="utf-8")
    (finding,) = [one for one in compare_rounds("urk").findings if one.rule == "other-catalogue"]
    assert finding.severity == "warning"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"rounds": ["2026-1"]}, ["geldt niet voor ronde 2025-1"]),
        ({"rounds": ["2025-1"]}, ["geldt niet voor ronde 2026-1"]),
        ({"rounds": ["2024-1"]}, ["ronde 2025-1", "ronde 2026-1"]),
    ],
)
def test_without_a_basis_for_both_rounds_nothing_is_brought_together(own_workspace, changes, why):
    """What is wrong for both rounds is said at once; one party's own view needs no basis."""
    change_basis(own_workspace, **changes)
    with pytest.raises(LegalBasisError) as error:
        compare_rounds("urk", today=DAY)
    assert len(error.value.findings) == len(why)
    assert all(one in str(error.value) for one in why)
    found = compare_rounds(wb.load_parameters("urk", parties=("municipality",)))
    assert found.legal_basis is None
    assert set(found.moved["party"]) <= {"municipality"}


def test_a_party_that_delivered_in_one_round_only_marks_the_comparison(own_workspace):
    (own_workspace / "data" / "matrices" / "2025-1" / "urk_politie.xlsx").unlink()
    found = compare_rounds("urk")
    assert not found.equally_delivered
    assert (found.old_delivered, found.new_delivered) == (("municipality",), ("police", "municipality"))
    assert [finding.file for finding in found.findings if finding.rule == "missing-workbook"] == ["urk_politie.xlsx"]


def test_what_is_kept_is_the_same_and_names_no_place_on_this_machine_and_no_remark(urk, demo_workspace):
    text = canonical_json(urk)
    parks = wb.load_parks(demo_workspace / "data" / "parks.csv")
    folder = demo_workspace / "data" / "matrices" / "2025-1"
    matrix = wb.load_matrix(folder, wb.load_catalogue(), parks, round="2025-1")
    remarks = {remark for remark in matrix.judgements["remark"] if remark}
    assert remarks
    assert str(demo_workspace) not in text
    assert not [remark for remark in remarks if remark in text]
    assert canonical_json(compare_rounds("urk")) == text


# Returns of then.


def test_an_old_round_is_read_as_it_was_analysed_whatever_became_of_its_folder(urk, own_workspace):
    """Changed since: a finding, and what was read then counts; gone: the same; nothing kept: the folder."""
    folder = own_workspace / "data" / "matrices" / "2025-1"
    kept(own_workspace, "2025-1")
    kept(own_workspace, "2025-1", "almere")
    same = compare_rounds("urk")
    assert same.old_method_kept
    assert parts(same).equals(parts(urk))
    assert "changed-return" not in {one.rule for one in same.findings}
    for name in ("urk_politie.xlsx", "almere_politie.xlsx"):
        shutil.copy(own_workspace / "data" / "matrices" / "2026-1" / name, folder / name)
    changed = compare_rounds("urk")
    assert parts(changed).equals(parts(urk))
    told = [(one.severity, one.file) for one in changed.findings if one.rule == "changed-return"]
    assert told == [("warning", "almere_politie.xlsx"), ("warning", "urk_politie.xlsx")]
    for name in ("urk_politie.xlsx", "urk_gemeente.xlsx", "almere_politie.xlsx"):
        (folder / name).unlink()
    assert parts(compare_rounds("urk")).equals(parts(urk))
    shutil.rmtree(own_workspace / "data" / "returns")
    with pytest.raises(MatrixError, match="geen risicomatrices van ronde 2025-1") as error:
        compare_rounds("urk")
    assert [one.rule for one in error.value.findings] == ["missing-workbook"] * 2


def test_a_return_that_came_under_another_name_is_read_once(own_workspace):
    """Of who is kept the folder counts no more, and a kept file that is not what it was is none."""
    kept(own_workspace, "2025-1")
    folder = own_workspace / "data" / "matrices" / "2025-1"
    (folder / "urk_politie.xlsx").rename(folder / "Politie Urk definitief.xlsx")
    assert compare_rounds("urk").old_delivered == ("police", "municipality")
    for path in (own_workspace / "data" / "returns").iterdir():
        path.write_bytes(b"x")
    found = compare_rounds("urk")
    assert (found.old_delivered, found.old_method_kept) == (("police", "municipality"), True)


# Parks.

RENAMED = "round,before,before_name,after\n2026-1,URK-01,Oude Zanglijster,URK-11\n"


def listed(workspace, codes, changes):
    """The list of parks by other codes, and what became of parks."""
    path = workspace / "data" / "parks.csv"
    text = path.read_text(encoding="utf-8")
    for code, now in codes.items():
        rows = text.splitlines(keepends=True)
        text = "".join(row.replace(f"{code},", f"{now},") for row in rows if now or code not in row)
    path.write_text(text, encoding="utf-8")
    (workspace / "data" / "parks.geojson").unlink()
    (workspace / "data" / "park_changes.csv").write_text(changes, encoding="utf-8")


def test_a_renamed_park_is_compared_as_if_nothing_happened(urk, own_workspace):
    """Its analysis of then can be made as well, under the code of then."""
    then = wb.load_parks(own_workspace / "data" / "parks.csv")
    listed(own_workspace, {"URK-01": "URK-11"}, RENAMED)
    matrices = own_workspace / "data" / "matrices" / "2026-1"
    shutil.copytree(matrices, own_workspace / "was")
    give(own_workspace, "2026-1", own_workspace / "was", "2026-1", codes={"URK-01": "URK-11"}, then=then)
    after = compare_rounds("urk")
    assert after.name("URK-11") == urk.name("URK-01")
    assert (after.only_old, after.only_new) == ((), ())
    expected = parts(urk).rename(index={"URK-01": "URK-11"}).sort_index()
    pd.testing.assert_frame_equal(parts(after).sort_index(), expected)
    then = wb.assess(wb.load_parameters("urk", round="2025-1")).parks["park_id"]
    assert sorted(then) == [f"URK-0{n}" for n in range(1, 5)]
    found = follow_rounds("urk")
    (change,) = found.changed_parks
    assert (change.kind, change.names["URK-01"]) == ("renamed", "Oude Zanglijster")
    (own_workspace / "data" / "park_changes.csv").write_text(RENAMED.replace("URK-01", "URK-77"), encoding="utf-8")
    assert [one.kind for one in follow_rounds("urk").changed_parks] == ["renamed"], "explained, though no return has it"
    (own_workspace / "data" / "park_changes.csv").write_text(RENAMED.replace("URK-01", "URK-02"), encoding="utf-8")
    with pytest.raises(RegisterError, match="park-still-there"):
        follow_rounds("urk")


def test_what_merged_split_came_or_went_is_told_and_not_compared(workspace):
    """Also where a code stays: URK-04 with a part of URK-03 is another park than URK-04 was."""
    changes = (
        "round,before,before_name,after,municipality\n"
        "2025-1,URK-90,Weg,,urk\n"
        "2026-1,URK-03,Kuifeend,URK-04,\n2026-1,URK-04,Duizendblad,URK-04,\n"
    )
    register = wb.load_parks(workspace / "data" / "parks.csv")
    lists = {
        "2024-1": register.replace({"park_id": {"URK-01": "URK-90"}}),
        "2025-1": register[register["park_id"] != "URK-01"],
        "2026-1": register[register["park_id"] != "URK-03"],
    }
    was = shutil.copytree(workspace / "data" / "matrices", workspace / "was")
    for of, parks in lists.items():
        codes = {"URK-01": "URK-90"} if of == "2024-1" else {}
        give(workspace, of, was / of, of, codes=codes, parks=parks)
    listed(workspace, {"URK-03": ""}, changes)
    found = follow_rounds("urk")
    told = [(one.kind, one.round, one.before, one.after) for one in found.changed_parks]
    assert told == [
        ("gone", "2025-1", ("URK-90",), ()),
        ("merged", "2026-1", ("URK-03", "URK-04"), ("URK-04",)),
        ("came", "2026-1", (), ("URK-01",)),
    ]
    first, second = found.developments
    assert {one.park_id for one in first.changes()} == {one.park_id for one in second.changes()} == {"URK-02"}
    assert set(first.only_old) == {"URK-90", "URK-03", "URK-04 (2024-1)"}
    assert set(second.only_new) == {"URK-01", "URK-04"}
    assert [first.name(code) for code in ("URK-90", "URK-04 (2024-1)")] == ["Weg", "Duizendblad"]
    assert "missing-park" not in {one.rule for one in second.findings}


# What came of the chosen parks.


def test_what_came_of_a_chosen_park_is_told_with_its_plan_and_the_cells_that_it_answers(workspace, monkeypatch):
    """A choice that was withdrawn is none; what is expected follows from the whole district without who was chosen."""
    catalogue = wb.load_catalogue()
    direct = {one.id: one.direct for one in catalogue.interventions}
    first, other = [code for code, own in direct.items() if own][:2]
    answered, beside = direct[first][0], direct[other][0]
    cells = {("URK-01", answered): 3}
    data = workspace / "data" / "matrices"
    was = shutil.copytree(data, workspace / "was")
    give(workspace, "2025-1", was / "2025-1", "2025-1", police=cells, municipality={("URK-01", answered): None})
    give(workspace, "2026-1", was / "2026-1", "2026-1", police=cells, municipality={("URK-01", answered): 1})
    chosen(workspace, "URK-01", "URK-02", withdrawn=["URK-02"])
    evidence = {"evidence": {"statement": "gezien"}, "done": dt.date(2025, 6, 1), "state": "done"}
    actions = (
        {"id": first, "result": "confirmed", **evidence},
        {"id": other, "state": "dropped", "end": dt.date(2025, 7, 1)},
    )
    march, april = dt.date(2025, 3, 1), dt.date(2025, 4, 1)
    states = ({"state": "concept", "since": march}, {"state": "running", "since": april})
    facts = {"park_id": "URK-01", "round": "2025-1", "made": march, "high": {answered: 3, beside: 3}, "states": states}
    plan = KeptPlan(interventions=actions, sharing=({"receiver": "politie", "output": "plan"},), **facts)
    monkeypatch.setattr(rounds, "kept_plan", lambda _, park, __: plan if park == "URK-01" else None)
    found = follow_rounds("urk", today=DAY)
    (one,) = found.chosen
    change = found.latest.change("URK-01")
    assert (one.park_id, one.round, one.event_id) == ("URK-01", "2025-1", 1)
    assert (one.then, one.now) == (change.alike_old, change.alike_new)
    place = found.latest.places().set_index("park_id").loc["URK-01"]
    assert (one.place_then, one.place_now, one.places) == (place["old"], place["new"], 4)
    assert (one.plan, one.actions, one.results) == ("running", {"finished": 1}, {"confirmed": 1})
    assert [(each.indicator, each.party, each.old_level, each.new_level, each.kind) for each in one.answered] == [
        (answered, "police", 3, 3, "same"),
        (answered, "municipality", None, 1, "learned"),
    ]
    assert (one.answered[1].old_state, one.answered[1].new_state) == ("unknown", "level")
    assert one.low < one.expected < one.high
    assert one.better == (one.now < one.expected)
    assert str(found) == "Rondes 2024-1, 2025-1 en 2026-1 van Urk (fictief): 1 gekozen terrein."
    found.save(workspace / "uit")
    again = Rounds.load(workspace / "uit")
    assert (again.to_json(), again.chosen, str(again)) == (found.to_json(), found.chosen, str(found))
    (workspace / "uit" / "rounds.json").write_text("{}", encoding="utf-8")
    with pytest.raises(OutputError, match=r"geen rounds\.json"):
        Rounds.load(workspace / "uit")


def chosen(workspace, *parks, withdrawn=()):
    """Decisions of the round before; only who decided and when is looked at here."""
    with open_register(register_address(workspace / "data")) as register:
        for kind, park in [*(("selection", park) for park in parks), *(("withdrawal", park) for park in withdrawn)]:
            moment = dt.datetime(2025, 2, 3, tzinfo=dt.UTC)
            Deciding("urk", "2025-1", "stuurgroep", moment, park).record(
                register, kind, {"reason": "Hier kan het snelst worden begonnen."}, "Nee:", (), lambda _: ()
            )


def test_a_municipality_scores_alike_by_itself_and_as_part_of_the_district(urk, demo_workspace):
    """So what is expected of a park and what it became are on one ruler."""
    parameters, catalogue, seen = wb.load_parameters("urk"), wb.load_catalogue(), []
    basis = legal_basis_of(parameters, DAY)
    old, new = (read_round(wb.load_parameters("urk", round=name), parameters, catalogue, basis) for name in ROUNDS)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rounds, "expected_scores", lambda old, new, homes, chosen: seen.append((old, new, homes)))
        rounds._expected(old, new, catalogue, ())
    ((then, now, homes),) = seen
    own = {one.park_id: (one.alike_old, one.alike_new) for one in urk.changes()}
    assert len(then) == 77
    assert set(homes) == {"almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde"}
    for park, alike in own.items():
        assert (then[park], now[park]) == pytest.approx(alike, abs=1e-9)


# Bad input.


def removed(workspace, *names):
    for name in names:
        (workspace / "data" / "matrices" / "2024-1" / name).unlink()


ALL = ("urk_politie.xlsx", "urk_gemeente.xlsx")
BAD = {
    "nothing wrong": (lambda w: None, ("2024-1", "2025-1"), None),
    "one party missing": (lambda w: removed(w, ALL[0]), ("2024-1", "2025-1"), ("missing-workbook", "urk_politie.xlsx")),
    "a round missing": (lambda w: removed(w, *ALL), ("2025-1",), ("round-left-out", "werkmap van ronde 2024-1")),
    "no legal basis": (
        lambda w: change_basis(w, rounds=["2025-1", "2026-1"]),
        ("2025-1",),
        ("round-left-out", "geldt niet voor ronde 2024-1"),
    ),
    "no legal basis at all": (lambda w: change_basis(w, rounds=["2026-1"]), LegalBasisError, "ronde 2025-1"),
    "out of order": (lambda w: named(w, "[2025-1, 2024-1]"), ParametersError, "staat voor ronde 2024-1"),
    "twice": (lambda w: named(w, "[2024-1, 2024-1]"), ParametersError, "twee keer"),
    "none": (lambda w: named(w, "[]"), ParametersError, "earlier_round ontbreekt"),
    "unreadable": (
        lambda w: (w / "data" / "matrices" / "2024-1" / ALL[0]).write_bytes(b"x"),
        ("2024-1", "2025-1"),
        ("not-a-workbook", "urk_politie.xlsx"),
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_with_a_round_is_a_finding_or_a_named_error(workspace, name):
    """No method of a round was kept here: each is scored by that of now, and says so."""
    spoil, outcome, told = BAD[name]
    spoil(workspace)
    if not isinstance(outcome, tuple):
        with pytest.raises(outcome, match=told):
            follow_rounds("urk", today=DAY)
        return
    found = follow_rounds("urk", today=DAY)
    assert found.rounds == (*outcome, "2026-1")
    assert not any(one.old_method_kept for one in found.developments)
    findings = [*found.findings, *(each for one in found.developments for each in one.findings)]
    assert told is None or [one for one in findings if one.rule == told[0] and told[1] in f"{one.file} {one.found}"]
    assert bool(found.findings) == (len(outcome) < 2)


def test_which_earlier_round_is_compared_with_can_be_said(workspace):
    """In the round before the last nothing else was said than in the last."""
    older, last = compare_rounds(wb.load_parameters("urk", earlier_round="2024-1")), compare_rounds("urk")
    assert (older.old_round, last.old_round) == ("2024-1", "2025-1")
    assert np.allclose(parts(older)["judgement"].fillna(0), parts(last)["judgement"].fillna(0))
    with pytest.raises(ParametersError, match="is ronde 2026-1 zelf"):
        compare_rounds(wb.load_parameters("urk", earlier_round="2026-1"))
