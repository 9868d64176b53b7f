"""A selection is a recorded human act, with a reason, a decider and the advice of that moment; it is withdrawn by another."""

import datetime as dt
import traceback
from dataclasses import fields, replace

import pytest

from werkbank.errors import RegisterError
from werkbank.matrix.personal_data import Places
from werkbank.register.decision import Deciding
from werkbank.register.events import canonical
from werkbank.register.selections import AdviceThen, Selection, Standing, paired, record_selection, record_withdrawal

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
    deciding, changes = deciding_of(changes)
    given = {"reason": REASON, "advice": ADVICE, "fingerprint": "f" * 64}
    return record_selection(register, deciding, **{**given, **changes})


def deciding_of(changes):
    """Who decides about what, changed as asked; and the changes that are left."""
    given = {"municipality": "urk", "round": "2026-1", "by": "stuurgroep", "now": NOW, "park_id": "urk-01"}
    names = [each.name for each in fields(Deciding)]
    whose = {name: value for name, value in changes.items() if name in names}
    return Deciding(**{**given, **whose}), {name: value for name, value in changes.items() if name not in names}


def objections(register, act=select, **changes):
    """What is refused, by rule; nothing was recorded, and no free text repeated."""
    before = register.events()
    with pytest.raises(RegisterError) as caught:
        act(register, **changes)
    assert register.events() == before
    said = "".join(traceback.format_exception(caught.value))
    for text in (changes.get("reason"), changes.get("against_reason"), REASON):
        assert not (text or "").strip() or text not in said
    return {finding.rule: f"{finding}" for finding in caught.value.findings}


def test_a_selection_comes_back_with_the_advice_of_its_moment(register):
    """What was advised, how sure, from which assessment, and where the park stood."""
    event = select(register, reason=f"  {REASON}\n", by=" stuurgroep ")
    whose = {"municipality": "urk", "round": "2026-1", "park_id": "urk-01", "by": "stuurgroep", "at": NOW}
    sure = {"advised": ("urk-01",), "sentence": ADVICE.sentence, "grade": "likely", "share": 0.83, "draws": 10_000}
    rests_on = {"gaps": (), "analysis": "same", "fingerprint": "f" * 64, "standing": ADVICE.standings[0]}
    kept = Selection(event_id=event.id, reason=REASON, **whose, **sure, **rests_on)
    assert paired(register.events("urk", "2026-1")) == (kept,)
    assert (event.kind, event.actor_role, event.park_id) == ("selection", "stuurgroep", "urk-01")
    assert register.verify() == ()


def test_selections_are_those_of_one_municipality_and_round(register):
    """Any park of it can be selected: where there is no score, NaN, which is no number in JSON, comes back as None."""
    select(register)
    select(register, round="2026-2", park_id="urk-03", against_reason=OTHERWISE)
    register.append(happening())
    (chosen,) = paired(register.events("urk", "2026-2"))
    assert (chosen.round, chosen.standing) == ("2026-2", Standing("urk-03", None, 0.0, 100.0, None))
    assert paired(register.events("almere", "2026-1")) == ()


HALF = replace(ADVICE, gaps=GAPS)
NOTHING = replace(ADVICE, park_ids=(), grade="no_comparison")


@pytest.mark.parametrize(
    ("changes", "rules"),
    [
        # A reason is neither missing nor endless, and leads to nobody: it is printed in the plan, which goes to partners.
        *(({"reason": text}, {"selection-reason"}) for text in ("", " " * 9, "te kort", "  negen tk  ", "lang " * 1_001)),
        ({"reason": "Bel eerst met J. de Vries op 06-12345678."}, {"selection-reason-personal"}),
        ({"reason": "De ontwikkeling van Jansen is al begonnen."}, {"selection-reason-personal"}),
        ({"park_id": "urk-02", "against_reason": "Jan Jansen wil daar niet beginnen."},
         {"selection-against-reason-personal"}),
        # Somebody decided, as a body or a role: a name would stay in the register for good.
        *(({"by": by}, {"decision-by"}) for by in ("", " \t ")),
        *(({"by": by}, {"decision-by-personal"})
          for by in ("J. de Vries", "Jan", "de heer Jansen", "wethouder De Boer", "a.smit@voorbeeld.nl",
                     "vera", "Vera", "jansen", "burgemeester jansen", "jan en piet")),
        ({"park_id": "urk-1"}, {"unknown-park"}),
        # Otherwise than advised, or on incomplete input: with a reason of its own, and never such a reason without need.
        ({"park_id": "urk-02"}, {"selection-against-advice"}),
        ({"park_id": "urk-02", "against_reason": "  "}, {"selection-against-advice"}),
        ({"park_id": "urk-02", "against_reason": "daarom"}, {"selection-against-reason"}),
        ({"against_reason": OTHERWISE}, {"selection-needless-reason"}),
        ({"advice": NOTHING, "against_reason": OTHERWISE}, {"selection-needless-reason"}),
        ({"advice": HALF}, {"selection-incomplete"}),
        ({"advice": HALF, "incomplete_reason": "daarom"}, {"selection-incomplete-reason"}),
        ({"incomplete_reason": OTHERWISE}, {"selection-needless-reason"}),
        # People choose on the analysis that they read.
        ({"advice": replace(ADVICE, analysis="changed")}, {"selection-other-analysis"}),
        # All at once.
        ({"park_id": "urk-02", "reason": "kort", "by": "", "advice": replace(HALF, analysis="changed")},
         {"selection-reason", "decision-by", "selection-against-advice", "selection-incomplete",
          "selection-other-analysis"}),
    ],
)  # fmt: skip
def test_a_selection_that_does_not_hold_is_refused(register, changes, rules):
    """With every objection, nothing recorded, and no free text or name repeated."""
    said = objections(register, **changes)
    assert set(said) == rules
    assert not changes.get("by", "").strip() or changes["by"] not in said["decision-by-personal"]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"park_id": "urk-1"}, ["bedoelt u “urk-01”?"]),
        ({"park_id": "urk-02"}, ["Terrein 1 (urk-01)", "--against-reason", "minstens 10 tekens"]),
        ({"advice": HALF}, [*GAPS, "--incomplete-reason"]),
        ({"advice": replace(ADVICE, analysis="changed")}, ["werkbank analyse --municipality urk"]),
    ],
)
def test_a_refusal_says_what_to_do(register, changes, words):
    (said,) = objections(register, **changes).values()
    assert all(word in said for word in words)


@pytest.mark.parametrize(
    "by",
    [
        "stuurgroep", "Driehoek Urk", "burgemeester", "College van B en W", "officier van justitie",
        "Stuurgroep Ondermijning Noordoostpolder", "burgemeester van Lelystad", "RIEC Midden-Nederland",
    ],
)  # fmt: skip
def test_a_body_or_a_role_can_decide(register, by):
    """The name of a park is no name of a person either; ten characters are a reason."""
    assert select(register, by=by, places=Places(("urk", "lelystad"))).actor_role == by
    assert select(register, round="2", reason="Bij Jansen.", places=Places(("Jansen",))).id == 2
    assert select(register, round="3", reason="tien lette").id == 3


def test_what_was_chosen_with_a_reason_of_its_own_is_marked(register):
    """Against the advice, on incomplete input, or without an analysis; without any advice nothing is against it."""
    select(register, park_id="urk-02", against_reason=f"{OTHERWISE} ", advice=replace(HALF, analysis="none"),
           incomplete_reason=f" {OTHERWISE}")  # fmt: skip
    select(register, park_id="urk-01")
    select(register, park_id="urk-02", round="2026-2", advice=NOTHING)
    first, second, third = paired(register.events())
    assert (first.against_reason, first.against_advice) == (OTHERWISE, True)
    assert (first.gaps, first.incomplete_reason, first.analysis) == (GAPS, OTHERWISE, "none")
    assert (second.against_reason, second.against_advice) == (None, False)
    assert not third.against_advice


def test_a_record_of_an_earlier_version_is_read(register):
    """Without how sure it was, what was missing and what the park is called: None, not empty."""
    standing = {"park_id": "urk-01", "score": 61.25, "low": 55.0, "high": 70.5, "rank": 1}
    old = {"reason": REASON, "against_reason": None, "fingerprint": "f" * 64, "advised": ["urk-01"], "grade": None}
    payload = canonical({**old, "sentence": ADVICE.sentence, "standing": standing})
    register.append(happening(kind="selection", payload=payload))
    (kept,) = paired(register.events("urk", "2026-1"))
    assert (kept.reason, kept.standing.rank, kept.standing.name) == (REASON, 1, "")
    assert (kept.share, kept.draws, kept.gaps, kept.analysis, kept.incomplete_reason) == (None,) * 5
    assert kept.holds


def test_a_park_is_selected_once_a_round_and_the_refusal_says_when(register):
    select(register, now=dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC))
    said = objections(register, reason="Een heel andere reden dan eerst.", now=NOW + dt.timedelta(days=9))
    assert set(said) == {"selected-before"}
    assert "2 maart 2026" in said["selected-before"]
    assert select(register, round="2026-2").id == 2


def test_a_selection_whose_contents_were_destroyed_is_still_listed(register, address):
    """Which park, when and by which role stay; the reason and the advice are gone, not empty."""
    select(register)
    raw(address, "UPDATE events SET payload = NULL")
    (left,) = paired(register.events("urk", "2026-1"))
    assert (left.park_id, left.by, left.at) == ("urk-01", "stuurgroep", NOW)
    assert (left.reason, left.advised, left.standing, left.against_advice) == (None, None, None, False)
    assert set(objections(register)) == {"selected-before"}


WHY = "Bij vergissing vastgelegd: het besluit ging over een ander terrein."
LATER = NOW + dt.timedelta(days=2)


def withdraw(register, **changes):
    deciding, changes = deciding_of({"now": LATER, **changes})
    return record_withdrawal(register, deciding, changes.get("reason", WHY))


def test_a_withdrawn_selection_stays_with_its_withdrawal_beside_it(register):
    select(register)
    event = withdraw(register, reason=f" {WHY} ", by=" driehoek ")
    (kept,) = paired(register.events("urk", "2026-1"))
    assert kept.reason == REASON
    assert not kept.holds
    assert (kept.withdrawal.event_id, kept.withdrawal.by) == (event.id, "driehoek")
    assert (kept.withdrawal.at, kept.withdrawal.reason) == (LATER, WHY)
    assert [one.kind for one in register.events()] == ["selection", "withdrawal"]
    assert register.verify() == ()


def test_after_a_withdrawal_the_same_park_can_be_selected_again(register):
    """Once withdrawn, once holding: each withdrawal belongs to the selection before it; another park keeps its own."""
    select(register)
    withdraw(register)
    select(register, now=LATER + dt.timedelta(days=1))
    first, second = paired(register.events("urk", "2026-1"))
    assert (first.holds, second.holds) == (False, True)
    assert set(objections(register, reason="Nog een keer kiezen kan niet.")) == {"selected-before"}
    select(register, park_id="urk-02", against_reason="Daar is al een overleg met de ondernemers.")
    withdraw(register)
    first, second, other = paired(register.events())
    assert (first.withdrawal.event_id, second.withdrawal.event_id, other.holds) == (2, 5, True)


def test_only_a_selection_that_holds_can_be_withdrawn_and_all_objections_come_at_once(register):
    """Not selected, selected in another round, or withdrawn already → refused; and with a reason that names nobody."""
    rules = {"withdrawal-reason", "decision-by-personal", "not-selected"}
    assert set(objections(register, withdraw, reason="kort", by="Jan Jansen")) == rules
    select(register, round="2026-2")
    assert set(objections(register, withdraw)) == {"not-selected"}
    select(register)
    assert set(objections(register, withdraw, reason="Jan Jansen wilde niet meer.")) == {"withdrawal-reason-personal"}
    withdraw(register)
    assert set(objections(register, withdraw)) == {"not-selected"}


def test_a_withdrawal_holds_after_its_contents_were_destroyed_and_no_repr_holds_free_text(register, address):
    select(register, park_id="urk-02", against_reason=OTHERWISE)
    withdraw(register, park_id="urk-02")
    shown = repr(paired(register.events()))
    assert not any(text in shown for text in (REASON, OTHERWISE, WHY))
    raw(address, "UPDATE events SET payload = NULL")
    (left,) = paired(register.events())
    assert not left.holds
    assert left.withdrawal.reason is None
