"""A finding kept from exploration stands in the register in its author's own words; nothing is changed or removed."""

import datetime as dt
from types import SimpleNamespace

import pytest

from werkbank.errors import RegisterError
from werkbank.register.notes import LONGEST, Seen, holding, keep_note, kept_notes, take_back_note
from werkbank.register.selections import paired

from .samples import NOW, raw
from .test_selections import select

TEXT = "Op drie terreinen wijzen dezelfde indicatoren op mogelijke opslag.\nDat kan toeval zijn."

WHERE = {"municipality": "urk", "round": "2026-1", "audience": "riec", "catalogue_path": None}
BY = "analist van het RIEC"


@pytest.fixture
def address(path):
    """What a note is kept in is found beside the parks."""
    return path


@pytest.fixture(autouse=True)
def parks(path):
    (path.parent / "parks.csv").write_text("park_id,name,municipality,net_ha\nurk-01,Duizendblad,urk,5\n")


def note(path, text=TEXT, **changes):
    given = {"park_id": "urk-01", "by": BY, "seen": Seen("m", "c", "w"), "now": NOW}
    return keep_note(SimpleNamespace(**WHERE, data=path.parent), text, **{**given, **changes})


def withdraw(path, number, municipality="urk", **changes):
    where = SimpleNamespace(**{**WHERE, "municipality": municipality}, data=path.parent)
    return take_back_note(where, number, **{"reason": "Het bleek een typefout.", "by": BY, "now": NOW, **changes})


def refused(register, path, act=note, *arguments, **changes):
    before = register.events()
    with pytest.raises(RegisterError) as caught:
        act(path, *arguments, **changes)
    assert register.events() == before
    return {finding.rule for finding in caught.value.findings}


def held(register):
    return holding(register.events("urk", "2026-1"))


def test_a_note_is_kept_word_for_word_with_role_and_day(register, path):
    made = note(path, text=f"  {TEXT} ", by=" analist van het RIEC ")
    assert held(register) == (made,)
    assert (made.text, made.by, made.park_id, made.number) == (TEXT, "analist van het RIEC", "urk-01", 1)
    assert made.author == "analist van het RIEC, 2 maart 2026"
    assert "opslag" not in repr(made)
    assert register.verify() == ()


def test_a_cell_that_is_run_twice_makes_one_note(register, path):
    assert note(path) == note(path, now=NOW + dt.timedelta(hours=1))
    assert len(register.events()) == 1
    assert note(path, park_id=None).number == 2
    assert note(path, by="informatieregisseur").number == 3
    # The name of a park is no name of a person.
    assert note(path, text="Bij Duizendblad valt op dat de ontsluiting hoog scoort.").number == 4


@pytest.mark.parametrize(
    ("before", "later", "numbers"),
    [
        ({"indicator": "V01"}, {"indicator": "V01", "now": NOW + dt.timedelta(hours=1)}, (1, 1)),
        ({"indicator": "V01"}, {"indicator": "V01", "now": NOW + dt.timedelta(days=7)}, (1, 2)),
        ({"text": "V01 besproken."}, {"indicator": "V01"}, (1, 2)),
        ({"indicator": "V01"}, {"indicator": "V02"}, (1, 2)),
    ],
)
def test_a_difference_that_is_discussed_again_is_a_note_of_its_own(register, path, before, later, numbers):
    """On another day, or after a plain note of the same words; on the same day it is the same."""
    assert tuple(note(path, **{"text": "", **one}).number for one in (before, later)) == numbers


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
def test_what_leads_to_a_person_or_says_nothing_is_refused(register, path, rule, texts):
    for text in texts:
        assert refused(register, path, **{"by" if rule.startswith("note-by") else "text": text}) == {rule}


def test_all_objections_are_named_at_once_and_no_words_are_repeated(register, path):
    with pytest.raises(RegisterError) as caught:
        note(path, text="Bel 06-12345678", by="J. Smit")
    assert {one.rule for one in caught.value.findings} == {"note-personal", "note-by-personal"}
    assert "06-1" not in str(caught.value)
    assert "Smit" not in str(caught.value)


def test_a_note_taken_back_stays_in_the_register_and_holds_no_more(register, path):
    first, second = note(path), note(path, park_id=None)
    withdraw(path, first.number)
    assert held(register) == (second,)
    assert [one.kind for one in register.events()] == ["note", "note", "note_withdrawal"]
    assert register.verify() == ()
    # The same words can be written down anew.
    assert note(path).number == 4


def test_only_a_note_that_holds_can_be_taken_back(register, path):
    note(path)
    assert refused(register, path, withdraw, 7) == {"no-such-note"}
    assert refused(register, path, withdraw, 1, municipality="almere") == {"no-such-note"}
    assert refused(register, path, withdraw, 1, reason="", by="") == {"note-withdrawal-reason", "note-by"}
    withdraw(path, 1)
    assert refused(register, path, withdraw, 1) == {"no-such-note"}


def test_notes_and_decisions_do_not_disturb_one_another(register, path):
    select(register)
    withdraw(path, note(path).number)
    (kept,) = paired(register.events("urk", "2026-1"))
    assert kept.holds


def test_a_note_whose_contents_were_destroyed_is_no_longer_there(register, path):
    """Whether or not what took it back is still there."""
    withdraw(path, note(path).number)
    for number in (1, 2):
        raw(path, f"UPDATE events SET payload = NULL WHERE id = {number}")
        assert kept_notes(register.events()) == ()
