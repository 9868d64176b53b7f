"""A selection is a recorded human act: with a reason, a decider, and the advice of that moment beside it."""

from __future__ import annotations

import datetime as dt
import traceback
from dataclasses import replace

import pytest
from werkbank.matrix.personal_data import Places

from werkbank.errors import RegisterError
from werkbank.register.events import Event, canonical, utc
from werkbank.register.selections import AdviceThen, Selection, Standing, record_selection, selections

from .samples import NOW, happening, raw

REASON = "De stuurgroep wil hier als eerste aan de slag."
OTHERWISE = "Op dit terrein loopt al een gesprek met ondernemers."
ADVICE = AdviceThen(
    park_ids=("urk-01",),
    sentence="In Urk heeft Terrein 1 de hoogste risicoscore.",
    grade="likely",
    standings=(
        Standing("urk-01", 61.25, 55.0, 70.5, 1, "Terrein 1"),
        Standing("urk-02", 40.0, 30.0, 50.0, 2, "Terrein 2"),
        Standing("urk-03", float("nan"), 0.0, 100.0, None),
    ),
    share=0.83,
    draws=10_000,
)
GAPS = ("urk_politie.xlsx ontbreekt", "urk_gemeente.xlsx: 2 fouten")


def select(register, **changes):
    given = {
        "municipality": "urk",
        "round": "2026-1",
        "park_id": "urk-01",
        "reason": REASON,
        "by": "stuurgroep",
        "advice": ADVICE,
        "fingerprint": "f" * 64,
        "now": NOW,
    }
    return record_selection(register, **{**given, **changes})


def objections(register, **changes) -> dict[str, str]:
    """What is refused, by rule; nothing was recorded, and no free text repeated."""
    before = register.events()
    with pytest.raises(RegisterError) as caught:
        select(register, **changes)
    assert register.events() == before
    said = "".join(traceback.format_exception(caught.value))
    for text in (changes.get("reason"), changes.get("against_reason"), REASON):
        assert not (text or "").strip() or text not in said
    return {finding.rule: f"{finding}" for finding in caught.value.findings}


def test_a_selection_comes_back_with_the_advice_of_its_moment(register):
    """What was advised, how sure, from which assessment, and where the park stood."""
    event = select(register, reason=f"  {REASON}\n", by=" stuurgroep ")
    assert selections(register, "urk", "2026-1") == (
        Selection(
            event_id=event.id,
            municipality="urk",
            round="2026-1",
            park_id="urk-01",
            by="stuurgroep",
            at=NOW,
            reason=REASON,
            advised=("urk-01",),
            sentence=ADVICE.sentence,
            grade="likely",
            share=0.83,
            draws=10_000,
            gaps=(),
            analysis="same",
            fingerprint="f" * 64,
            standing=Standing("urk-01", 61.25, 55.0, 70.5, 1, "Terrein 1"),
        ),
    )
    assert (event.kind, event.actor_role, event.park_id) == ("selection", "stuurgroep", "urk-01")
    assert register.verify() == ()


def test_selections_are_those_of_one_municipality_and_round(register):
    select(register)
    select(register, round="2026-2")
    register.append(happening())
    assert [chosen.round for chosen in selections(register, "urk", "2026-2")] == ["2026-2"]
    assert selections(register, "almere", "2026-1") == ()


def test_a_park_without_a_score_can_be_selected(register):
    """NaN is no number in JSON: it comes back as None, not as 0."""
    select(register, park_id="urk-03", against_reason=OTHERWISE)
    assert selections(register, "urk", "2026-1")[0].standing == Standing("urk-03", None, 0.0, 100.0, None)


@pytest.mark.parametrize("reason", ["", "         ", "te kort", "  negen tk  ", "lang " * 1_001])
def test_a_reason_is_neither_missing_nor_endless(register, reason):
    assert set(objections(register, reason=reason)) == {"selection-reason"}


def test_ten_characters_are_a_reason(register):
    assert select(register, reason="tien lette").id == 1


@pytest.mark.parametrize("by", ["", " \t "])
def test_nobody_cannot_decide(register, by):
    assert set(objections(register, by=by)) == {"decision-by"}


@pytest.mark.parametrize("by", ["J. de Vries", "Jan", "de heer Jansen", "wethouder De Boer", "a.smit@voorbeeld.nl"])
def test_a_person_by_name_cannot_decide(register, by):
    """A role stays in the register for good, so a name would too; it is not repeated in the refusal."""
    said = objections(register, by=by)
    assert set(said) == {"decision-by-personal"}
    assert by not in said["decision-by-personal"]


@pytest.mark.parametrize(
    "by",
    [
        "stuurgroep", "Driehoek Urk", "burgemeester", "College van B en W", "officier van justitie",
        "Stuurgroep Ondermijning Noordoostpolder", "burgemeester van Lelystad", "RIEC Midden-Nederland",
    ],
)  # fmt: skip
def test_a_body_or_a_role_can_decide(register, by):
    assert select(register, by=by, places=Places(("urk", "lelystad"))).actor_role == by


def test_a_reason_leads_to_nobody(register):
    """It is printed in the plan, which goes to partners."""
    said = objections(register, reason="Bel eerst met J. de Vries op 06-12345678.")
    assert set(said) == {"selection-reason-personal"}
    other = {"park_id": "urk-02", "against_reason": "Jan Jansen wil daar niet beginnen."}
    assert set(objections(register, **other)) == {"selection-against-reason-personal"}


def test_the_name_of_a_park_is_no_name_of_a_person(register):
    reason = "De ontwikkeling van Jansen is al begonnen."
    assert objections(register, reason=reason)
    assert select(register, reason=reason, places=Places(("Jansen",))).id == 1


def test_a_park_of_another_municipality_is_refused_with_the_nearest(register):
    said = objections(register, park_id="urk-1")
    assert set(said) == {"unknown-park"}
    assert "bedoelt u “urk-01”?" in said["unknown-park"]
    assert "bedoelt u" not in objections(register, park_id="zzzzzzzz")["unknown-park"]


def test_choosing_otherwise_than_advised_needs_a_reason_of_its_own(register):
    """Not advised and no reason for that → refused; with one → recorded, and marked."""
    said = objections(register, park_id="urk-02")
    assert set(said) == {"selection-against-advice"}
    for words in ("Terrein 1 (urk-01)", "--against-reason", "minstens 10 tekens"):
        assert words in said["selection-against-advice"]
    assert set(objections(register, park_id="urk-02", against_reason="  ")) == {"selection-against-advice"}
    assert set(objections(register, park_id="urk-02", against_reason="daarom")) == {"selection-against-reason"}
    select(register, park_id="urk-02", against_reason=f"{OTHERWISE} ")
    select(register, park_id="urk-01")
    first, second = selections(register, "urk", "2026-1")
    assert (first.against_reason, first.against_advice) == (OTHERWISE, True)
    assert (second.against_reason, second.against_advice) == (None, False)


def test_a_reason_against_the_advice_without_need_is_refused(register):
    """Following the advice, or without any advice, there is nothing to depart from."""
    assert set(objections(register, against_reason=OTHERWISE)) == {"selection-needless-reason"}
    nothing = replace(ADVICE, park_ids=(), grade="no_comparison")
    assert set(objections(register, advice=nothing, against_reason=OTHERWISE)) == {"selection-needless-reason"}


def test_choosing_on_incomplete_input_needs_a_reason_of_its_own(register):
    """A workbook missing or faulty → refused, naming which; with a reason → recorded, with both."""
    half = replace(ADVICE, gaps=GAPS)
    said = objections(register, advice=half)
    assert set(said) == {"selection-incomplete"}
    for words in (*GAPS, "--incomplete-reason"):
        assert words in said["selection-incomplete"]
    assert set(objections(register, advice=half, incomplete_reason="daarom")) == {"selection-incomplete-reason"}
    select(register, advice=half, incomplete_reason=f" {OTHERWISE}")
    (kept,) = selections(register, "urk", "2026-1")
    assert (kept.gaps, kept.incomplete_reason) == (GAPS, OTHERWISE)


def test_a_reason_not_to_wait_without_need_is_refused(register):
    assert set(objections(register, incomplete_reason=OTHERWISE)) == {"selection-needless-reason"}


def test_people_choose_on_the_analysis_that_they_read(register):
    """Made of other data or by another method → refused; never made → recorded, and marked."""
    said = objections(register, advice=replace(ADVICE, analysis="changed"))
    assert set(said) == {"selection-other-analysis"}
    assert "werkbank analyse --municipality urk" in said["selection-other-analysis"]
    select(register, advice=replace(ADVICE, analysis="none"))
    assert selections(register, "urk", "2026-1")[0].analysis == "none"


def test_a_record_of_an_earlier_version_is_read(register):
    """Without how sure it was, what was missing and what the park is called: None, not empty."""
    old = {
        "reason": REASON,
        "against_reason": None,
        "fingerprint": "f" * 64,
        "advised": ["urk-01"],
        "sentence": ADVICE.sentence,
        "grade": None,
        "standing": {"park_id": "urk-01", "score": 61.25, "low": 55.0, "high": 70.5, "rank": 1},
    }
    event = Event(
        kind="selection",
        municipality="urk",
        round="2026-1",
        park_id="urk-01",
        actor_role="stuurgroep",
        at=utc(NOW),
        payload=canonical(old),
    )
    register.append(event)
    (kept,) = selections(register, "urk", "2026-1")
    assert (kept.reason, kept.standing.rank, kept.standing.name) == (REASON, 1, "")
    assert (kept.share, kept.draws, kept.gaps, kept.analysis, kept.incomplete_reason) == (None,) * 5
    assert kept.holds


def test_where_nothing_was_advised_no_choice_is_against_it(register):
    select(register, park_id="urk-02", advice=replace(ADVICE, park_ids=(), grade="no_comparison"))
    assert not selections(register, "urk", "2026-1")[0].against_advice


def test_a_park_is_selected_once_a_round_and_the_refusal_says_when(register):
    """Again in the same round → refused with the day; in the next round → recorded."""
    select(register, now=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    said = objections(register, reason="Een heel andere reden dan eerst.", now=NOW + dt.timedelta(days=9))
    assert set(said) == {"selected-before"}
    assert "2 maart 2026" in said["selected-before"]
    assert select(register, round="2026-2").id == 2


def test_all_objections_come_at_once(register):
    select(register)
    assert set(objections(register, reason="kort", by="")) == {"selection-reason", "decision-by", "selected-before"}
    wrong = replace(ADVICE, gaps=GAPS, analysis="changed")
    assert set(objections(register, park_id="urk-02", reason="kort", by="", advice=wrong)) == {
        "selection-reason",
        "decision-by",
        "selection-against-advice",
        "selection-incomplete",
        "selection-other-analysis",
    }


def test_a_selection_whose_contents_were_destroyed_is_still_listed(register, path):
    """Which park, when and by which role stay; the reason and the advice are gone, not empty."""
    select(register)
    raw(path, "UPDATE events SET payload = NULL")
    (left,) = selections(register, "urk", "2026-1")
    assert (left.park_id, left.by, left.at) == ("urk-01", "stuurgroep", NOW)
    assert (left.reason, left.advised, left.standing, left.against_advice) == (None, None, None, False)
    assert set(objections(register)) == {"selected-before"}


def test_free_text_is_not_in_the_repr(register):
    select(register, park_id="urk-02", against_reason=OTHERWISE)
    shown = repr(selections(register, "urk", "2026-1"))
    assert REASON not in shown
    assert OTHERWISE not in shown
