"""How the parties of a municipality work together over the rounds, and whether the matrix was right; counted by hand."""

import datetime as dt
import json
import re
import zipfile
from dataclasses import replace
from itertools import product

import pandas as pd
import pytest

import werkbank as wb
from tests.matrix.drawing import written
from tests.test_assessment import change_basis
from werkbank.advice.questions import Question
from werkbank.assessment import cooperation
from werkbank.assessment.cooperation import Cooperation, jeffreys, kept_quiet, outcomes_of
from werkbank.assessment.rounds import follow_rounds
from werkbank.errors import OutputError, ParametersError
from werkbank.files.canonical import canonical_json, from_plain, to_plain
from werkbank.matrix.risk_matrix import COLUMNS
from werkbank.plan import words
from werkbank.plan.fields import asked_fields
from werkbank.plan.kept import ChosenIntervention, SharingMoment, Who, keep_proposal, proposed_plan
from werkbank.register.events import Event
from werkbank.register.store import open_register
from werkbank.release.sharing_request import Asked

ROUNDS, TODAY = ("2024-1", "2025-1", "2026-1"), dt.date(2026, 5, 1)
FILES = {"police": "politie", "municipality": "gemeente"}
GIVEN = {
    # round, party: the day on which it was saved ("" as made), and per cell its level (None: n.v.t.) and source.
    ("2025-1", "police"): ("2025-03-31", {**{f"URK-01 V0{n}": (1, "") for n in range(1, 8)}, "URK-02 G01": (None, "")}),
    ("2026-1", "police"): (
        "2026-04-01",
        {"URK-01 V01": (2, "B"), "URK-02 V01": (0, ""), "URK-01 V02": (0, "A"), "URK-03 V03": (1, "C")},
    ),
    ("2026-1", "municipality"): (
        "",
        {
            "URK-01 V01": (2, "C"),
            "URK-02 V01": (0, ""),
            "URK-01 V02": (3, "A"),
            **{f"URK-01 W0{n}": (3, "") for n in range(1, 7)},
            **{f"URK-02 W0{n}": (0, "") for n in range(1, 7)},
        },
    ),
}


def deliver(workspace, round_name, party, saved, cells):
    """One party's workbook of Urk with these cells, all others unknown, last saved on a day."""
    catalogue, parks = wb.load_catalogue(), wb.load_parks(workspace / "data" / "parks.csv")
    rows = [
        dict.fromkeys(COLUMNS, "") | {"park_id": park, "indicator": code, "party": party} | said(cells, park, code)
        for park, code in product(parks.loc[parks["municipality"] == "urk", "park_id"], catalogue.indicator_ids)
    ]
    path = workspace / "data" / "matrices" / round_name / f"urk_{FILES[party]}.xlsx"
    said_of = {"party": party, "round": round_name, "judgements": pd.DataFrame(rows)}
    written(path, catalogue, parks, fictional=True, **said_of)
    if saved:
        with zipfile.ZipFile(path) as book:
            parts = {name: book.read(name) for name in book.namelist()}
        then = rb"\g<1>" + f"{saved}T21:59:00Z".encode()
        parts["docProps/core.xml"] = re.sub(rb"(modified[^>]*>)[^<]*", then, parts["docProps/core.xml"])
        with zipfile.ZipFile(path, "w") as book:
            for name, part in parts.items():
                book.writestr(name, part)


def said(cells, park, code):
    level, source = cells.get(f"{park} {code}", ("unknown", ""))
    state = {None: "not_applicable", "unknown": "unknown"}.get(level, "level")
    return {"state": state, "level": level if state == "level" else pd.NA, "source_strength": source}


def plan_of(park, interventions, round_name="2026-1"):
    """A plan with these interventions and their state, end and result."""
    facts = {"done": TODAY, "evidence": {"statement": "gezien"}, "owner": Who(organisation="gemeente")}
    chosen = tuple(
        ChosenIntervention.model_validate({"id": code, "state": state, "end": end, "result": result, **facts})
        for code, (state, end, result) in interventions.items()
    )
    return proposed_plan(park, round_name, TODAY, {}, {}).model_copy(update={"interventions": chosen})


@pytest.fixture
def urk(own_workspace):
    """Three rounds of Urk: none of the first, of the second one party; no plans."""
    for path in (*(own_workspace / "data" / "matrices").glob("*/urk_*"), *(own_workspace / "data" / "plans").iterdir()):
        path.unlink()
    for key, given in GIVEN.items():
        deliver(own_workspace, *key, *given)
    change_basis(own_workspace, rounds=[*ROUNDS])
    return own_workspace


def found():
    return follow_rounds("urk", today=TODAY).cooperation


def test_what_a_party_delivered_when_and_how_much_it_knew(urk):
    """Nothing is no nought: a party that is missing has no figure, and what is n.v.t. is not asked."""
    assert {one.on_time for one in found().parties} == {None}
    asked(urk, "{2025-1: 31 maart 2025, 2026-1: 2026-03-31}")
    told = {(one.party, one.round): (one.delivered, one.saved, one.on_time, one.known) for one in found().parties}
    assert told == {
        ("police", "2025-1"): (True, dt.date(2025, 3, 31), True, pytest.approx(7 / 139)),
        ("municipality", "2025-1"): (False, None, None, None),
        ("police", "2026-1"): (True, dt.date(2026, 4, 1), False, pytest.approx(4 / 140)),
        ("municipality", "2026-1"): (True, None, None, pytest.approx(15 / 140)),
    }
    asked(urk, "{2026 1: eind maart}")
    with pytest.raises(ParametersError) as error:
        found()
    (one,) = error.value.findings
    assert (one.file, "zonder spaties" in one.allowed, "een datum" in one.allowed) == ("district.yaml", True, True)


def asked(workspace, days):
    """When the rounds asked their returns, as a person writes it."""
    path = workspace / "parameters" / "district.yaml"
    written = re.sub(r"(?m)^#?returns_due:.*$", f"returns_due: {days}", path.read_text(encoding="utf-8"))
    path.write_text(written, encoding="utf-8")


def test_what_all_know_together_and_which_questions_were_answered(urk):
    old = wb.load_parameters("urk", round="2025-1")
    assessment = wb.assess(old, today=TODAY)
    put = [Question(park, code, "police", 0.1, 0.01) for park, code in (("URK-01", "W01"), ("URK-04", "V09"))]
    put.append(Question("URK-03", None, "police", 0.1, 0.0))
    kept = replace(assessment, advice=replace(assessment.advice, questions=tuple(put)))
    kept.save(old.output_folder)
    second, third = found().together
    now = wb.assess("urk", today=TODAY).parks
    assert second.coverage == pytest.approx(assessment.parks["coverage"].mean())
    assert (second.two_sided, second.alpha, second.pairs, second.questions, second.answered) == (None, None, 0, 2, 1)
    assert [one.answered for one in found().of_rounds(["2025-1"]).together] == [None], "known of the round after"
    assert [third.coverage, third.two_sided] == pytest.approx([now["coverage"].mean(), now["two_sided"].mean()])
    # Two parks judged alike on V01, one apart on V02, where alone it says nothing of alpha.
    assert (third.alpha, third.within_one, third.pairs) == (1.0, pytest.approx(2 / 3), 3)
    assert (third.questions, third.answered) == (None, None)


def test_actions_meetings_disclosures_and_resilience_are_counted_once_and_for_the_municipality_alone(urk):
    past, soon = TODAY - dt.timedelta(1), TODAY + dt.timedelta(9)
    begun = {"H04": ("done", past, "confirmed"), "H09": ("running", past, None), "D01": ("dropped", past, None)}
    later = {"C01": ("not_started", soon, None), "C03": ("not_started", None, None)}
    plan = plan_of("URK-01", begun | later)
    typed = {"Overlegritme": "elke zes weken", "Volgende meting": "2027-1", "Escalatie": "driehoek"}
    fields = tuple(one.model_copy(update={"value": typed.get(one.name, "")}) for one in plan.fields)
    sharing = (SharingMoment(receiver="gemeente", output="plan", when=past),)
    keep_proposal(urk / "data", plan.model_copy(update={"fields": fields, "sharing": sharing}))
    keep_proposal(urk / "data", plan_of("ALM-01", {"H04": ("running", past, None)}))
    went = [("2025-1", ("urk", "almere")), ("2026-1", ("urk",)), ("2026-1", ("almere",))]
    with open_register(urk / "data" / "register.sqlite") as register:
        for name, slugs in went:
            asked = to_plain(Asked(name, "x", "", "police", "", "", "", slugs[0], slugs))
            for kind, told in (
                ("disclosure", {"step": "ask", "asked": asked}),
                ("disclosure", {"step": "issue", "disclosure": asked, "files": {}}),
                ("event", {"served": asked}),
            ):
                now = dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC)
                register.append(Event.of(kind, slugs[0], name, by="analist", now=now, contents=told))
    told = found()
    assert told.actions == {"overdue": 1, "soon": 1, "later_on": 0, "later": 0, "undated": 1, "finished": 1}
    assert (told.meetings, told.planned, told.counted) == (2, ("2026-1",), TODAY)
    assert told.disclosures == {"2025-1": 2, "2026-1": 2}
    assert told.resilience.values.tolist() == [["URK-01", "2026-1", 0.0], ["URK-02", "2026-1", 100.0]]
    again = from_plain(Cooperation, json.loads(canonical_json(told)))
    assert (again.parties, again.together, again.actions) == (told.parties, told.together, told.actions)
    assert again.resilience.equals(told.resilience)


def test_what_is_counted_as_meeting_stands_in_the_plan():
    named = {(chapter, name) for chapter, names in words()["kept"]["meetings"].items() for name in names}
    assert named <= set(asked_fields())


def test_an_action_is_set_against_the_indication_that_it_answered(urk, monkeypatch):
    done = {
        "H04": ("done", None, "confirmed"),  # V01 clear, V02 strong with source A
        "H12": ("done", None, "something_else"),  # V01 clear: the better of B and C
        "D01": ("done", None, "nothing_found"),  # W03 at its best: no indication
        "H09": ("done", None, "nothing_found"),  # V09, V12, G10: nobody knows
        "H02": ("done", None, "not_carried_out"),
        "H05": ("running", None, None),
    }
    keep_proposal(urk / "data", plan_of("URK-01", done))
    keep_proposal(urk / "data", plan_of("URK-02", {"D01": ("done", None, "confirmed")}))  # W03 lacks: strong
    keep_proposal(urk / "data", plan_of("URK-03", {"H04": ("done", None, "confirmed")}, "2024-1"))  # no such round
    parameters = wb.load_parameters("urk")
    assert {one.of for one in outcomes_of(parameters, TODAY)} == {None}
    monkeypatch.setattr(cooperation, "FEWEST", 0)
    rows = {"strength": {}, "source": {}}
    for one in outcomes_of(parameters, TODAY):
        rows[one.by][one.value] = (one.of, one.confirmed)
    assert rows["strength"] == {"strong": (2, 2), "clear": (1, 0), "weak": (0, 0), "none": (1, 0), "unknown": (1, 0)}
    assert rows["source"] == {"A": (1, 1), "B": (1, 0), "C": (0, 0), "none": (3, 1)}
    with pytest.raises(OutputError, match="alleen voor RIEC"):
        outcomes_of(wb.load_parameters("urk", audience="police"))


@pytest.mark.parametrize(
    ("hits", "of", "share", "between"),
    [
        # Brown, Cai and DasGupta (2001), table 5.
        (2, 7, 0.95, (0.065, 0.648)),
        (3, 7, 0.95, (0.139, 0.766)),
        # binom.confint of R, method bayes: the shortest interval is one-sided here, so 95 % above is ours of 90 %.
        (0, 30, 0.90, (0.0, 0.06151672)),
        (30, 30, 0.90, (0.9384833, 1.0)),
    ],
)
def test_the_interval_of_a_share_is_that_of_jeffreys(hits, of, share, between):
    digits = 3 if share == 0.95 else 6
    assert jeffreys(hits, of, share) == pytest.approx(between, abs=0.6 * 10**-digits)


@pytest.mark.parametrize(
    ("sizes", "sources", "quiet", "quiet_sources"),
    [
        ((9, 8, 7), (12, 12), "", ""),
        ((9, 8, 4), (12, 9), "bc", ""),  # one class and the total would tell it: another is not told either
        ((9, 3, 4), (12, 4), "bc", "b"),  # the total is not certain
        ((9, 4, 4), (9, 8), "abc", ""),  # eight of two below five: each has four
        ((9, 1, 2), (6, 6), "abc", ""),  # two, but three together
        ((10, 7, 0), (12, 5), "bc", ""),  # a nought is told as little
        ((9, 8, 4), (21, 0), "bc", "ab"),  # what is left makes both certain: 4 and 0
    ],
)
def test_nothing_below_five_is_told_nor_what_it_would_follow_from(sizes, sources, quiet, quiet_sources):
    told = kept_quiet({"x": dict(zip("abc", sizes, strict=True)), "y": dict(zip("ab", sources, strict=True))})
    assert told == {"x": set(quiet), "y": set(quiet_sources)}


def test_a_reader_who_knows_the_rule_works_out_no_size_below_five():
    """All tables that look alike: of each class that is not told more than one size is possible."""
    alike = {}
    for total in range(17):
        parts = [(a, b, total - a - b) for a in range(total + 1) for b in range(total + 1 - a)]
        for x, a in product(parts, range(total + 1)):
            sizes = {"x": dict(zip("abc", x, strict=True)), "y": {"a": a, "b": total - a}}
            quiet = kept_quiet(sizes)
            seen = tuple(None if name in quiet[by] else size for by in "xy" for name, size in sizes[by].items())
            alike.setdefault(seen, []).append((total, *x, a, total - a))
    # Where more actions than were tried may look the same too, nothing is known of it.
    whole = {seen: worlds for seen, worlds in alike.items() if worlds[-1][0] < 12}
    assert len(whole) > 100
    for seen, worlds in whole.items():
        hidden = [at for at, told in enumerate(seen, 1) if told is None]
        assert all(len({world[at] for world in worlds}) > 1 for at in hidden), (seen, worlds)
