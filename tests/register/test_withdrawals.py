"""A decision is never removed: it is withdrawn, with a reason, by an event of its own."""

from __future__ import annotations

import datetime as dt

import pytest

from werkbank.errors import RegisterError
from werkbank.register.selections import record_withdrawal, selections

from .samples import NOW, raw
from .test_selections import REASON, objections, select

WHY = "Bij vergissing vastgelegd: het besluit ging over een ander terrein."
LATER = NOW + dt.timedelta(days=2)


def withdraw(register, **changes):
    given = {"municipality": "urk", "round": "2026-1", "park_id": "urk-01", "reason": WHY, "by": "stuurgroep"}
    return record_withdrawal(register, **{**given, "now": LATER, **changes})


def refused(register, **changes) -> set[str]:
    before = register.events()
    with pytest.raises(RegisterError) as caught:
        withdraw(register, **changes)
    assert register.events() == before
    return {finding.rule for finding in caught.value.findings}


def test_a_withdrawn_selection_stays_with_its_withdrawal_beside_it(register):
    select(register)
    event = withdraw(register, reason=f" {WHY} ", by=" driehoek ")
    (kept,) = selections(register, "urk", "2026-1")
    assert kept.reason == REASON
    assert not kept.holds
    assert (kept.withdrawal.event_id, kept.withdrawal.by) == (event.id, "driehoek")
    assert (kept.withdrawal.at, kept.withdrawal.reason) == (LATER, WHY)
    assert [one.kind for one in register.events()] == ["selection", "withdrawal"]
    assert register.verify() == ()


def test_after_a_withdrawal_the_same_park_can_be_selected_again(register):
    """Once withdrawn, once holding: each withdrawal belongs to the selection before it."""
    select(register)
    withdraw(register)
    select(register, now=LATER + dt.timedelta(days=1))
    first, second = selections(register, "urk", "2026-1")
    assert (first.holds, second.holds) == (False, True)
    assert set(objections(register, reason="Nog een keer kiezen kan niet.")) == {"selected-before"}
    withdraw(register)
    assert [one.withdrawal.event_id for one in selections(register)] == [2, 4]


def test_only_a_selection_that_holds_can_be_withdrawn(register):
    """Not selected, selected in another round, or withdrawn already → refused."""
    assert refused(register) == {"not-selected"}
    select(register, round="2026-2")
    assert refused(register) == {"not-selected"}
    select(register)
    withdraw(register)
    assert refused(register) == {"not-selected"}


def test_another_park_keeps_its_selection(register):
    select(register)
    select(register, park_id="urk-02", against_reason="Daar is al een overleg met de ondernemers.")
    withdraw(register)
    assert [(one.park_id, one.holds) for one in selections(register)] == [("urk-01", False), ("urk-02", True)]


def test_all_objections_come_at_once(register):
    assert refused(register, reason="kort", by="Jan Jansen") == {
        "withdrawal-reason",
        "decision-by-personal",
        "not-selected",
    }
    select(register)
    assert refused(register, reason="Jan Jansen wilde het niet meer.") == {"withdrawal-reason-personal"}


def test_a_withdrawal_holds_after_its_contents_were_destroyed(register, path):
    select(register)
    withdraw(register)
    raw(path, "UPDATE events SET payload = NULL")
    (left,) = selections(register, "urk", "2026-1")
    assert not left.holds
    assert left.withdrawal.reason is None


def test_free_text_is_not_in_the_repr(register):
    select(register)
    withdraw(register)
    assert WHY not in repr(selections(register))
