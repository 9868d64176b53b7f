"""The agenda: a difference that was discussed is a note in the register, and nobody but the analyst can make one."""

import datetime as dt
import gzip
import json
import re
import sqlite3
import threading
import time
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

import werkbank as wb
from werkbank.assessment.decisions import select_park
from werkbank.dashboard import processes, serve
from werkbank.dashboard.agenda import discuss, discussed_here
from werkbank.dashboard.gathered import mark_of_workspace
from werkbank.dashboard.processes import AGENDA, PAGE, WHAT_IF, ends_by_itself, kernel_environment, private_stage
from werkbank.dashboard.views import dashboard_html
from werkbank.errors import WerkbankError
from werkbank.register.store import recorded_events
from werkbank.release.sharing_request import record_showing
from werkbank.sharing.bundle import read_bundle

SAID, WHO = "De gemeente kende het KANARIEpand nog niet.", "driehoek"


@pytest.fixture
def topic(own_workspace, riec):
    """The first difference of Urk, in a workspace of its own."""
    first = riec.assessment("urk").differences[0]
    return "urk", first.park_id, first.indicator


def test_it_is_a_note_that_the_register_and_the_next_analysis_show_and_that_can_be_taken_back(topic, riec_folder, run):
    place, park, indicator = topic
    assert discussed_here() == []
    discuss(riec_folder, *topic, WHO, "")
    discuss(riec_folder, *topic, WHO, SAID)
    today = dt.date.today()
    told = [(one["place"], one["park"], one["indicator"], one["text"]) for one in discussed_here()]
    assert told == [(*topic, ""), (*topic, SAID)]
    assert re.fullmatch(rf"Besproken op \d+ \w+ {today.year} door {WHO}[.]", discussed_here()[0]["told"])
    notes = wb.assess(place).notes
    assert [(one.park_id, one.text) for one in notes] == [
        (park, f"{indicator} besproken."),
        (park, f"{indicator} besproken. {SAID}"),
    ]
    found = run("search", "KANARIEpand", "--by", "privacyfunctionaris", "--reason", "Verzoek om inzage.")
    assert "gebeurtenis 2 (note)" in found[1]
    wb.assess(place).withdraw_note(1, reason="Het was een ander verschil.", by=WHO)
    assert run("rectify", "2", "--by", "privacyfunctionaris", "--reason", "Verzoek om wissen.")[0] == 0
    assert [one["text"] for one in discussed_here()] == ["verwijderd op verzoek"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"indicator": "V99"}, "niet op de agenda"),
        ({"place": "almere"}, "niet op de agenda"),
        ({"by": "Jan de Vries"}, "naam van een persoon"),
        ({"by": ""}, "wie dit schrijft"),
        ({"text": "Bel 06-12345678 daarover."}, "telefoonnummer"),
        ({"text": "x" * 2001}, "tot 2000 tekens"),
    ],
)
def test_what_cannot_be_recorded_is_said_in_dutch_and_leaves_no_trace(
    topic, riec_folder, own_workspace, changed, message
):
    given = {**dict(zip(("place", "park", "indicator"), topic, strict=True)), "by": WHO, "text": SAID, **changed}
    with pytest.raises(WerkbankError) as refused:
        discuss(riec_folder, *given.values())
    assert message in " ".join([refused.value.message, *map(str, refused.value.findings)])
    assert recorded_events(own_workspace / "data") == ()


def test_an_expired_basis_and_a_locked_register_are_faults_too(topic, riec_folder, own_workspace, monkeypatch):
    monkeypatch.setattr("werkbank.register.store.PATIENCE", 0)
    discuss(riec_folder, *topic, WHO, SAID)
    with sqlite3.connect(own_workspace / "data" / "register.sqlite") as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(WerkbankError, match="bezet"):
            discuss(riec_folder, *topic, WHO, "Nog iets dat werd gezegd.")
    other.close()
    bases = own_workspace / "data" / "legal_bases.yaml"
    bases.write_text(bases.read_text("utf-8").replace("valid_until: 2099-12-31", "valid_until: 2026-01-31"), "utf-8")
    with pytest.raises(WerkbankError, match="31 januari 2026"):
        discuss(riec_folder, *topic, WHO, "Nog iets dat werd gezegd.")
    assert len(discussed_here()) == 1


def test_after_the_last_day_of_the_basis_the_dashboard_of_the_analyst_is_closed_too(demo_workspace, lapsed_folder):
    """It runs for weeks; the page, the draws, another method and the agenda are refused."""
    draws = re.compile(rb"/werkbank/draws-[0-9a-f]{32}[.]bin")
    with serve.running({"": read_bundle(lapsed_folder)}, agenda=True) as server:
        page = gzip.decompress((server.stage / "page" / PAGE).read_bytes())
        for path in ("/", draws.search(page)[0].decode(), WHAT_IF, AGENDA):
            asked = Request(f"{server.place}{path}", headers={"Authorization": f"token {server.key}"})
            with pytest.raises(HTTPError) as refused:
                urlopen(asked, timeout=30)
            assert refused.value.code == 403, path


def test_only_the_page_and_the_server_of_the_analyst_know_of_it(demo_workspace, riec, monkeypatch):
    """And a kernel never knows where the register is."""
    monkeypatch.setenv("WERKBANK_DATABASE_URL", "postgresql://geheim")
    for within in ("frame", "file", "notebook"):
        assert AGENDA not in dashboard_html(riec, dt.date(2026, 3, 2), within)
    for agenda in (False, True):
        with private_stage() as stage:
            order = serve._order(stage, {"": riec}, 0, 4, agenda=agenda)
            assert (AGENDA.encode() in gzip.decompress((stage / "page" / PAGE).read_bytes())) is agenda
            assert (order.register.get("WERKBANK_WORKSPACE") == str(demo_workspace)) is agenda
            assert kernel_environment(order.register) == {}


def test_the_dashboard_of_the_analyst_alone_tells_of_another_analysis_or_decision(
    topic, riec, riec_folder, own_workspace, monkeypatch, capsys
):
    """Not of what was discussed, which the page itself shows, nor that another dashboard was shown."""
    urk, heard = wb.load_parameters("urk"), []

    def watched(process, asked, outdated):
        place, key = re.search(r"(http\S+)/[?]token=(\S+)", capsys.readouterr().out).groups()
        discuss(riec_folder, *topic, WHO, SAID)
        record_showing("municipality", ("urk",))
        heard.append(bool(outdated and outdated()))
        wb.assess(urk).save(urk.output_folder)
        threading.Timer(0.8, asked.set).start()
        assert not ends_by_itself(process, asked, outdated)
        time.sleep(0.2)
        state = Request(f"{place}/werkbank/state/", headers={"Authorization": f"token {key}"})
        heard.append(json.load(urlopen(state, timeout=30))["outdated"])

    monkeypatch.setattr(serve, "ends_by_itself", watched)
    monkeypatch.setattr(processes, "LOOK_SECONDS", 0)
    for mark in (mark_of_workspace(), ""):
        serve.serve({"": riec}, open_browser=False, mark=mark)
    assert heard == [False, True, False, False]
    mark = mark_of_workspace()
    select_park("URK-04", reason="Het advies is gevolgd.", by=WHO)
    assert mark_of_workspace() != mark
