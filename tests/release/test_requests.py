"""A data subject's request: every place is named and the text is nowhere kept."""

import pytest

from tests.batch.conftest import _two, two  # noqa: F401
from tests.release.test_purge import canary, plant
from werkbank.register.store import FILE_NAME, examined

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
    ],
)
def test_what_is_no_request_is_refused_and_leaves_nothing(said, run, arguments, told):
    before = examined(said / "data" / FILE_NAME)
    code, out, err = run(*arguments)
    assert (code, told in err, out) == (2, True, "")
    assert examined(said / "data" / FILE_NAME) == before
