"""A data subject's request: every place is named and the text is nowhere kept; rectified, the decision stays without it."""

import pytest

from tests.batch.conftest import _two, two  # noqa: F401
from tests.register.samples import NOW
from tests.release.test_purge import canary, plant, where
from werkbank.assessment.decisions import read_register
from werkbank.plan.approvals import approvals
from werkbank.register.agreements import agreements
from werkbank.register.decision import intakes
from werkbank.register.events import Event
from werkbank.register.notes import kept_notes
from werkbank.register.selections import paired
from werkbank.register.store import FILE_NAME, examined, open_register

WHO = ("--by", "privacyfunctionaris", "--reason", "Verzoek om inzage van een betrokkene.")
WORD = canary("urk", "2026-1", "")


@pytest.fixture
def said(two):  # noqa: F811
    """Somebody is named in everything that people write in."""
    plant(two, "urk", "2026-1")
    (two / "data" / "plans" / "evidence" / "foto.jpg").write_bytes(b"\xff\xd8")
    return two


def test_every_place_is_named_and_the_text_only_when_asked(said, run, monkeypatch):
    code, out, err = run("search", WORD.lower(), *WHO)
    assert code == 0, err
    for place in (
        "gebeurtenis 1 (selection)",
        "gebeurtenis 2 (note)",
        "data/matrices/2026-1/urk_politie.xlsx, blad Toelichting, cel E3",
        "data/plans/URK-01.yaml, regel 3",
        "data/plans/.issued/urk2026-1.json, regel 1",
        "data/plans/evidence/urk-2026-1.docx, alinea 1",
        "output/2026-1/riec/plans/URK-01/projectplan.docx, alinea 1",
    ):
        assert f"{place}\n" in out
    assert "data/plans/evidence/foto.jpg" in err
    assert WORD not in out + err
    monkeypatch.setattr("click.prompt", lambda _: f"  {WORD} reden".replace("- ", "-"))
    code, out, _ = run("search", "--show", *WHO)
    assert (code, out.splitlines()[0]) == (0, f"gebeurtenis 1 (selection): {WORD}reden")
    assert run("search", "bestaat niet", *WHO)[:2] == (0, run("search", "ook niet", *WHO)[1])
    events, faults = examined(said / "data" / FILE_NAME)
    assert not faults
    searches = [event for event in events if event.kind == "event"]
    assert [(one.actor_role, one.data["hits"] > 0, one.data["shown"]) for one in searches] == [
        ("privacyfunctionaris", True, False), ("privacyfunctionaris", True, True),
        ("privacyfunctionaris", False, False), ("privacyfunctionaris", False, False),
    ]  # fmt: skip
    assert not any(WORD.casefold() in (one.payload or "").casefold() for one in searches)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("search", "ab", *WHO), "minstens 3 tekens"),
        (("search", "betrokkene", *WHO), "niet in de reden staan"),
        (("search", "iets", "--by", "Jan Jansen", "--reason", "Verzoek om inzage."), "lijkt op"),
        (("rectify", "99", *WHO), "In gebeurtenis 99 staat geen tekst van mensen"),
        (("rectify", "1", "--by", "rol", "--reason", "kort"), "Er is niets veranderd:"),
    ],
)
def test_what_is_no_request_is_refused_and_leaves_nothing(said, run, arguments, told):
    before = examined(said / "data" / FILE_NAME)
    code, out, err = run(*arguments)
    assert (code, told in err, out) == (2, True, "")
    assert examined(said / "data" / FILE_NAME) == before


TEXT = "Piet van de garage"
KINDS = [
    ("selection", {"reason": TEXT, "grade": "clear", "advised": ["URK-01"]}, paired, ("grade", "advised", "by", "at")),
    ("note", {"text": TEXT, "method": "0", "catalogue": "1", "workbooks": "2"}, kept_notes, ("municipality", "round")),
    (
        "consensus",
        {"indicator": "V01", "level": 2, "said": {}, "catalogue": "1", "reason": TEXT, "outside_reason": None},
        agreements,
        ("indicator", "level", "by", "at"),
    ),
    ("intake", {"answers": {"need": {"yes": True, "why": TEXT}}}, intakes, ("by", "at")),
    ("approval", {"state": "0" * 64, "plan": {"lead": TEXT}, "reason": TEXT}, approvals, ("state", "by", "at")),
]


@pytest.mark.parametrize(("kind", "contents", "read", "kept"), KINDS)
def test_rectified_the_decision_stands_without_the_text(own_workspace, run, kind, contents, read, kept):
    path = own_workspace / "data" / FILE_NAME
    path.unlink(missing_ok=True)
    with open_register(path) as register:
        made = register.append(Event.of(kind, "urk", "2026-1", by="rol", now=NOW, contents=contents, park_id="URK-01"))
        (before,) = read(register.events())
    code, out, err = run("rectify", made.id, *WHO)
    assert (code, "staat nu in gebeurtenis 2" in out) == (0, True), err
    assert where(own_workspace, TEXT) == []
    events, faults = examined(path)
    assert [(event.kind, bool(faults)) for event in events] == [(kind, False), ("event", False), ("purge", False)]
    (after,) = read(events)
    assert [getattr(after, name) for name in kept] == [getattr(before, name) for name in kept]
    assert read_register().faults == ()
    assert run("register")[0] == 0
    assert run("rectify", 2, *WHO)[0] == 2, "there is no text of people in it"
