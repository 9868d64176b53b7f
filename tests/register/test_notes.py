"""A finding kept from exploration stands in the register in its author's own words; nothing is changed or removed."""

from __future__ import annotations

import datetime as dt

import pytest

from werkbank.errors import RegisterError
from werkbank.matrix.personal_data import Places
from werkbank.register.notes import LONGEST, Seen, holding, record_note, record_note_withdrawal
from werkbank.register.selections import selections

from .samples import NOW, raw
from .test_selections import select

TEXT = "Op drie terreinen wijzen dezelfde indicatoren op mogelijke opslag.\nDat kan toeval zijn."
PLACES = Places(("Duizendblad", "urk-01", "urk"))


def note(register, **changes):
    given = {"municipality": "urk", "round": "2026-1", "park_id": "urk-01", "text": TEXT, "by": "analist van het RIEC"}
    return record_note(register, **{**given, "seen": Seen("m", "c", "w"), "now": NOW, "places": PLACES, **changes})


def withdraw(register, number, **changes):
    given = {
        "municipality": "urk",
        "round": "2026-1",
        "reason": "Het bleek een typefout.",
        "by": "analist van het RIEC",
    }
    return record_note_withdrawal(register, number=number, **{**given, "now": NOW, "places": PLACES, **changes})


def refused(register, act=note, *arguments, **changes) -> set[str]:
    before = register.events()
    with pytest.raises(RegisterError) as caught:
        act(register, *arguments, **changes)
    assert register.events() == before
    return {finding.rule for finding in caught.value.findings}


def held(register):
    return holding(register.events(None, "urk", "2026-1"))


def test_a_note_is_kept_word_for_word_with_role_and_day(register):
    made = note(register, text=f"  {TEXT} ", by=" analist van het RIEC ")
    assert held(register) == (made,)
    assert (made.text, made.by, made.park_id, made.number) == (TEXT, "analist van het RIEC", "urk-01", 1)
    assert made.author == "analist van het RIEC, 2 maart 2026"
    assert "opslag" not in repr(made)
    assert register.verify() == ()


def test_a_cell_that_is_run_twice_makes_one_note(register):
    assert note(register) == note(register, now=NOW + dt.timedelta(hours=1))
    assert len(register.events()) == 1
    assert note(register, park_id=None).number == 2
    assert note(register, by="informatieregisseur").number == 3
    # The name of a park is no name of a person.
    assert note(register, text="Bij Duizendblad valt op dat de ontsluiting hoog scoort.").number == 4


@pytest.mark.parametrize(
    ("rule", "texts"),
    [
        ("note-length", ["kort", " ", "te lang " * LONGEST]),
        ("note-letters", ["Dit leest u van rechts naar \u202e links, of toch niet."]),
        ("note-personal", ["Volgens dhr. Jansen gebeurt hier van alles.", "Bel 06-12345678 voor meer hierover."]),
        ("note-personal", ["Zie het pand aan de Dorpsstraat 12, daar is het."]),
        ("note-personal", ["Vooral bij Jansen Transport B.V. valt het op."]),
        ("note-by", [""]),
        ("note-by-personal", ["Jan de Vries", "J. Smit", "analist@riec.nl"]),
    ],
)
def test_what_leads_to_a_person_or_says_nothing_is_refused(register, rule, texts):
    for text in texts:
        assert refused(register, **{"by" if rule.startswith("note-by") else "text": text}) == {rule}


def test_all_objections_are_named_at_once_and_no_words_are_repeated(register):
    with pytest.raises(RegisterError) as caught:
        note(register, text="Bel 06-12345678", by="J. Smit")
    assert {one.rule for one in caught.value.findings} == {"note-personal", "note-by-personal"}
    assert "06-1" not in str(caught.value)
    assert "Smit" not in str(caught.value)


def test_a_note_taken_back_stays_in_the_register_and_holds_no_more(register):
    first, second = note(register), note(register, park_id=None)
    withdraw(register, first.number)
    assert held(register) == (second,)
    assert [one.kind for one in register.events()] == ["note", "note", "note_withdrawal"]
    assert register.verify() == ()
    # The same words can be written down anew.
    assert note(register).number == 4


def test_only_a_note_that_holds_can_be_taken_back(register):
    note(register)
    assert refused(register, withdraw, 7) == {"no-such-note"}
    assert refused(register, withdraw, 1, municipality="almere") == {"no-such-note"}
    assert refused(register, withdraw, 1, reason="", by="") == {"note-withdrawal-reason", "note-by"}
    withdraw(register, 1)
    assert refused(register, withdraw, 1) == {"no-such-note"}


def test_notes_and_decisions_do_not_disturb_one_another(register):
    select(register)
    withdraw(register, note(register).number)
    (kept,) = selections(register, "urk", "2026-1")
    assert kept.holds


def test_a_note_whose_contents_were_destroyed_is_no_longer_there(register, path):
    note(register)
    raw(path, "UPDATE events SET payload = NULL")
    assert held(register) == ()
