"""A selection is a recorded human act: with a reason, a decider, and the advice of that moment beside it."""

from __future__ import annotations

import datetime as dt
import traceback
from dataclasses import replace

import pytest

from werkbank.errors import RegisterError
from werkbank.register.selections import AdviceThen, Selection, Standing, record_selection, selections

from .samples import NOW, happening, raw

REASON = "De stuurgroep wil hier als eerste aan de slag."
OTHERWISE = "Op dit terrein loopt al een gesprek met ondernemers."
ADVICE = AdviceThen(
    park_ids=("urk-01",),
    sentence="In Urk heeft Terrein 1 de hoogste risicoscore.",
    grade="likely",
    standings=(
        Standing("urk-01", 61.25, 55.0, 70.5, 1),
        Standing("urk-02", 40.0, 30.0, 50.0, 2),
        Standing("urk-03", float("nan"), 0.0, 100.0, None),
    ),
)


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
            fingerprint="f" * 64,
            standing=Standing("urk-01", 61.25, 55.0, 70.5, 1),
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
    assert set(objections(register, by=by)) == {"selection-by"}


def test_a_park_of_another_municipality_is_refused_with_the_nearest(register):
    said = objections(register, park_id="urk-1")
    assert set(said) == {"unknown-park"}
    assert "bedoelt u “urk-01”?" in said["unknown-park"]
    assert "bedoelt u" not in objections(register, park_id="zzzzzzzz")["unknown-park"]


def test_choosing_otherwise_than_advised_needs_a_reason_of_its_own(register):
    """Not advised and no reason for that → refused; with one → recorded, and marked."""
    assert set(objections(register, park_id="urk-02")) == {"selection-against-advice"}
    assert set(objections(register, park_id="urk-02", against_reason="  ")) == {"selection-against-advice"}
    assert set(objections(register, park_id="urk-02", against_reason="daarom")) == {"selection-against-reason"}
    select(register, park_id="urk-02", against_reason=f"{OTHERWISE} ")
    select(register, park_id="urk-01")
    first, second = selections(register, "urk", "2026-1")
    assert (first.against_reason, first.against_advice) == (OTHERWISE, True)
    assert (second.against_reason, second.against_advice) == (None, False)


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
    assert set(objections(register, reason="kort", by="")) == {"selection-reason", "selection-by", "selected-before"}
    assert set(objections(register, park_id="urk-02", reason="kort", by="")) == {
        "selection-reason",
        "selection-by",
        "selection-against-advice",
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
