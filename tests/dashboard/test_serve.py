"""The server of the dashboard: what is refused and staged, set to one page, address and key, and told no secret."""

import asyncio
import dataclasses
import datetime as dt
import json
import logging
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from pathlib import Path
from urllib.request import Request, urlopen

import hypothesis.strategies as st
import psutil
import pytest
from hypothesis import given
from tornado.web import HTTPError

from werkbank import dashboard
from werkbank.assessment.decisions import select_in_demo
from werkbank.dashboard import processes, serve, server
from werkbank.dashboard.processes import (
    Order,
    clean_environment,
    kernel_environment,
    own_places,
    private_stage,
    sockets_fit,
)
from werkbank.dashboard.server import CodesOnly, headers, server_config
from werkbank.dashboard.views import dashboard_html
from werkbank.errors import OutputError, ParametersError, WerkbankError
from werkbank.register.store import recorded_events
from werkbank.sharing.bundle import bundle_of, read_bundle

ORDER = Order(
    stage="/tmp/wb-1", port=0, key="sleutel-die-niemand-raadt", title="t", style="p {}", visitors=4, each=4, words={},
)  # fmt: skip


@pytest.fixture
def staged(demo_workspace, own):
    """What lies ready for the server, and its order."""
    with private_stage() as stage:
        yield stage, serve._order(stage, {"": own}, 0, 4)


@pytest.fixture(scope="session")
def zeewolde(assessed):
    """Zeewolde, for the RIEC."""
    return bundle_of([assessed("zeewolde")])


def test_what_is_staged_is_the_notebook_with_the_whole_bundle_beside_it_for_this_user_alone(staged, own_folder):
    stage, order = staged
    assert {path.name for path in order.folder("page").rglob("*")} == {"dashboard.ipynb", "index.html.gz"}
    assert {path.name: path.read_bytes() for path in (stage / "bundle").iterdir()} == {
        path.name: path.read_bytes() for path in own_folder.iterdir()
    }
    assert read_bundle(stage / "bundle").municipalities == ("urk",)
    if sys.platform != "win32":
        folders = (stage, *(path for path in stage.iterdir() if path.is_dir()))
        assert {stat.S_IMODE(folder.stat().st_mode) for folder in folders} == {0o700}


def test_every_start_has_another_key_of_at_least_128_bits_and_nothing_is_left_of_it(demo_workspace, own):
    """A character of the key carries six bits."""
    keys = set()
    for _ in range(2):
        with private_stage() as stage:
            keys.add(serve._order(stage, {"": own}, 0, 4).key)
            assert any(stage.iterdir())
        assert not stage.exists()
    assert len(keys) == 2
    assert min(len(key) for key in keys) * 6 >= 128


def test_the_door_hands_over_the_key_in_a_private_file(staged):
    stage, order = staged
    door = serve._door(serve.Running(None, "http://127.0.0.1:1", order.key, stage))
    assert order.key in door.read_text(encoding="utf-8")
    assert door.parent == stage != order.folder("page")
    if sys.platform != "win32":
        assert stat.S_IMODE(door.stat().st_mode) == 0o600


@pytest.mark.parametrize(("opens", "open_browser"), [(True, True), (False, True), (True, False)])
def test_one_address_is_told_and_it_is_one_that_lets_in(tmp_path, capsys, monkeypatch, opens, open_browser):
    """Opened: no address at all, and its key in no terminal; not opened: the link with its key, once."""
    monkeypatch.setattr(serve.webbrowser, "open", lambda _address: opens)
    serve._tell(serve.Running(None, "http://127.0.0.1:1", "SLEUTEL", tmp_path), open_browser=open_browser)
    said = capsys.readouterr().out
    shown = not (opens and open_browser)
    assert (said.count("http"), said.count("SLEUTEL")) == (shown, shown)
    assert ("http://127.0.0.1:1/?token=SLEUTEL" in said) is shown
    assert "Stoppen: Ctrl-C." in said


def test_a_port_that_is_taken_is_said(demo_workspace, own):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutputError, match="al in gebruik"):
            serve.serve({"": own}, port=taken.getsockname()[1], open_browser=False)


def test_a_municipality_that_is_not_named_is_asked_for(demo_workspace):
    with pytest.raises(ParametersError, match="Noem de gemeente"):
        serve.run("municipality", None, 0, open_browser=False)


@pytest.mark.parametrize(
    ("audience", "municipality", "held"),
    [("municipality", "urk", {"urk"}), ("riec", "zeewolde", {"zeewolde"}), ("riec", None, 6)],
)
def test_the_command_serves_what_the_audience_may_see(demo_workspace, quick, monkeypatch, audience, municipality, held):
    seen = {}

    def served(bundles, *, port, open_browser, visitors, mark, ahead):
        seen.update(bundle=bundles[""], port=port, browser=open_browser, visitors=visitors, mark=mark)
        return 0

    monkeypatch.setattr(serve, "serve", served)
    assert serve.run(audience, municipality, 8123, open_browser=False) == 0
    names = set(seen["bundle"].municipalities)
    assert held in (names, len(names))
    assert (seen["bundle"].audience, seen["port"], seen["browser"]) == (audience, 8123, False)
    assert (seen["mark"] is not None) is (audience == "riec"), "only the owner of the register writes in it"


def test_it_is_also_one_file_that_counts_as_a_copy_and_replaces_no_other(own_workspace, run, tmp_path):
    """Refused before anything is recorded; an earlier dashboard of that name is replaced."""
    out = tmp_path / "urk.html"
    out.write_text("<title>Analyse</title>", encoding="utf-8")
    command = ("dashboard", "-m", "urk", "--audience", "municipality", "--out", out)
    assert run(*command)[:2] == (2, "")
    assert recorded_events(own_workspace / "data") == ()
    out.unlink()
    for _ in range(2):
        code, said, complaints = run(*command)
        assert (code, complaints) == (0, "")
        assert said.startswith(f"Geschreven: {out}.")
    page = out.read_text(encoding="utf-8")
    for words in ("FICTIEVE GEGEVENS", "alleen voor de eigen gemeente", "<title>Dashboard bedrijventerreinen Urk"):
        assert words in page
    assert [one.data["served"]["audience"] for one in recorded_events(own_workspace / "data")] == ["municipality"] * 2


def test_the_command_tells_what_was_chosen_wherever_it_is_given(own_workspace, monkeypatch, tmp_path):
    """The register is that of the workspace, whatever folder the command was typed in."""
    park, seen = select_in_demo("urk").park_id, {}

    def served(bundles, **_):
        seen.update(bundles[""].chosen)
        return 0

    monkeypatch.setattr(serve, "serve", served)
    monkeypatch.chdir(tmp_path)
    assert serve.run("municipality", "urk", 0, open_browser=False) == 0
    assert set(seen["urk"]) == {park}


def test_a_municipality_that_fails_is_left_out_and_told(demo_workspace, quick, monkeypatch, capsys):
    """The others are shown, and the exit code says that something is missing."""
    real = serve.assess

    def failing(parameters):
        if parameters.municipality == "dronten":
            raise OutputError("Er ontbreekt een werkmap.")
        return real(parameters)

    monkeypatch.setattr(serve, "assess", failing)
    monkeypatch.setattr(serve, "serve", lambda bundles, **_: 0)
    assert serve.run("riec", None, 0, open_browser=False) == 1
    assert "Niet in het dashboard: dronten.\nEr ontbreekt een werkmap." in capsys.readouterr().err


@pytest.mark.parametrize(
    ("reason", "message", "said"),
    [
        (lambda _: "Er is nog geen park.", "nog geen park", []),
        (lambda slug: "Eén." if slug in ("urk", "almere") else "Twee.", "geen enkele gemeente",
         ["Niet in het dashboard: almere en urk.\nEén.", "Twee."]),
    ],
)  # fmt: skip
def test_a_reason_is_said_once_with_whose_it_is(demo_workspace, monkeypatch, capsys, reason, message, said):
    """Without a folder of data all six fail alike."""

    def failing(parameters):
        raise OutputError(reason(parameters.municipality))

    monkeypatch.setattr(serve, "assess", failing)
    with pytest.raises(WerkbankError, match=message) as caught:
        serve.run("riec", None, 0, open_browser=False)
    told = f"{caught.value}{capsys.readouterr().err}"
    assert [told.count(words) for words in (*said, str(caught.value))] == [1] * (len(said) + 1)


def test_a_page_without_a_bundle_says_what_to_do(monkeypatch, tmp_path, riec_folder):
    """In place of a traceback; with one it is made of that."""
    monkeypatch.delenv(dashboard.BUNDLE_VARIABLE, raising=False)
    assert "werkbank dashboard" in dashboard.show("").value
    assert "niet volledig" in dashboard.show(str(tmp_path)).value
    monkeypatch.setenv(dashboard.BUNDLE_VARIABLE, str(riec_folder))
    assert "district Flevoland" in dashboard.show("").children[0].value


# What is made beside the page.


def fetched(server, path):
    asked = Request(f"{server.place}{path}", headers={"Authorization": f"token {server.key}"})
    return urlopen(asked, timeout=30).read()


def draws_of_page(server):
    return re.search(rb"/werkbank/draws-[0-9a-f]{32}[.]bin", fetched(server, "/"))[0].decode()


def test_the_link_is_there_before_the_recalculations_and_who_asks_for_them_waits(demo_workspace, zeewolde, monkeypatch):
    may, real = threading.Event(), serve.draws_of
    monkeypatch.setattr(serve, "draws_of", lambda one: may.wait(30) and real(one))
    with serve.running({"": zeewolde}) as server, ThreadPoolExecutor() as pool:
        asked = pool.submit(fetched, server, draws_of_page(server))
        with pytest.raises(TimeoutError):
            asked.result(0.5)
        assert b"<title>" in fetched(server, "/"), "nobody else waits"
        may.set()
        assert asked.result() == real(*zeewolde.assessments)


def test_recalculations_that_fail_end_the_dashboard_and_are_told(demo_workspace, zeewolde, monkeypatch, capsys):
    def failing(_one):
        raise OutputError("Dit ging mis.")

    monkeypatch.setattr(serve, "draws_of", failing)
    with pytest.raises(OutputError, match="Dit ging mis"):
        serve.serve({"": zeewolde}, open_browser=False)
    assert "onverwacht gestopt" in capsys.readouterr().err


def test_who_waits_too_long_for_them_is_told(monkeypatch):
    monkeypatch.setattr(server, "DRAWS_SECONDS", 0)
    with ThreadPoolExecutor() as pool, pytest.raises(HTTPError, match="503"):  # a loop of its own
        pool.submit(asyncio.run, server._whole(lambda: b"")).result()


@pytest.mark.parametrize("changed", ["analysis", "DRAWS", "source_of_werkbank", "versions"])
def test_the_address_of_recalculations_is_another_when_they_might_be(demo_workspace, zeewolde, monkeypatch, changed):
    """And the same when nothing is."""

    def addresses(bundle):
        with private_stage() as stage:
            order = serve._order(stage, {"": bundle}, 0, 4)
            return [file.name for file, _ in serve._draws(order, "", bundle)]

    before, (one,) = addresses(zeewolde), zeewolde.assessments
    assert (addresses(zeewolde), len(before)) == (before, 1)
    if changed == "analysis":
        method = one.parameters.method.model_copy(update={"seed": one.parameters.method.seed + 1})
        other = dataclasses.replace(one, parameters=one.parameters.model_copy(update={"method": method}))
        zeewolde = bundle_of([other])
    else:
        monkeypatch.setattr(serve, changed, 999 if changed == "DRAWS" else lambda: "anders")
    assert addresses(zeewolde) != before


def test_a_page_is_the_same_wherever_its_charts_are_made_ready(demo_workspace, zeewolde, monkeypatch):
    """By a process beside us, or by ourselves when that has ended."""
    given, ours = [], dashboard_html(zeewolde, dt.date.today())

    def noted(*told, translate):
        def heard(charts):
            given.append(translate(charts)())
            return lambda: given[-1]

        return dashboard_html(*told, translate=heard)

    monkeypatch.setattr(serve, "dashboard_html", noted)
    assert serve._page(zeewolde) == ours
    assert given[0]
    assert all(map(json.loads, given[0]))
    monkeypatch.setattr(serve, "started", lambda *_: nullcontext((None, lambda _: str)))
    assert serve._page(zeewolde) == ours
    assert given[1] == []


def test_wrong_use_is_told_and_leaves_neither_the_server_nor_its_folder(demo_workspace, run, monkeypatch):
    """It loads from the beginning of the command."""
    begun, real = [], processes.subprocess.Popen
    monkeypatch.setattr(
        processes.subprocess,
        "Popen",
        lambda *told, **more: begun.append((real(*told, **more), more["cwd"])) or begun[-1][0],
    )
    assert run("dashboard", "--municipality", "nergens")[0] == 2
    ((process, folder),) = begun
    assert process.poll() is not None
    assert not folder.parent.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signal")
def test_ctrl_c_while_it_starts_leaves_nothing_behind(demo_workspace):
    command = [sys.executable, "-m", "werkbank", "dashboard", "--no-browser"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        while not (found := psutil.Process(process.pid).children()):
            time.sleep(0.01)
        folder = Path(found[0].cwd()).parent
        process.send_signal(signal.SIGINT)
        assert process.communicate(timeout=30) == ("", "\nAfgebroken.\n")
    _, left = psutil.wait_procs(found, timeout=10)
    assert all(one.status() == psutil.STATUS_ZOMBIE for one in left)  # ended, not yet taken away by the system
    assert not folder.exists()


def test_a_server_that_is_told_nothing_ends_without_a_word():
    """Who started it was killed."""
    command = [sys.executable, "-P", "-m", "werkbank.dashboard.server"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=True)
    assert (done.stdout, done.stderr) == (b"", b"")


# How the server is set, and what it gets.


@pytest.mark.parametrize(
    ("part", "settings"),
    [
        ("Voila", {"ip": "127.0.0.1", "token": ORDER.key, "config_file_paths": []}),
        ("VoilaConfiguration", {
            "file_allowlist": [], "allow_template_override": "NO", "allow_theme_override": "NO", "strip_sources": True,
            "show_tracebacks": False,
        }),
        ("KernelManager", {"autorestart": False}),
    ],
)  # fmt: skip
def test_only_this_computer_is_answered_no_file_is_served_and_no_kernel_is_started_anew_behind_its_page(part, settings):
    """And nothing of it can be overridden."""
    found = server_config(ORDER)[part]
    assert {name: found[name] for name in settings} == settings


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
def test_kernels_use_sockets_where_their_names_fit():
    """A longer name than the system takes would stop every kernel."""
    assert server_config(ORDER).KernelManager.transport == "ipc"
    assert not sockets_fit("/tmp/" + "x" * 60)
    assert "transport" not in server_config(dataclasses.replace(ORDER, stage="/" + "x" * 90)).KernelManager


def test_the_browser_is_told_to_fetch_nothing_from_elsewhere():
    policy = headers("ws://127.0.0.1:8")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "ws://127.0.0.1:8;" in policy
    assert "http" not in policy
    assert "frame-src 'self'; frame-ancestors 'none'" in policy


def test_a_secret_is_not_passed_on():
    kept = {"PATH": "/bin", "LANG": "nl_NL.UTF-8", "LC_ALL": "C", "HOME": "/h"}
    names = "RIEC_TOKEN PGPASSWORD db_secret DATABASE_URL WERKBANK_DATABASE_URL AWS_ACCESS_KEY_ID EIGEN_GEHEIM LC_TOKEN"
    told = {**kept, **dict.fromkeys(names.split(), "geheim")}
    assert clean_environment(told) == kernel_environment(told) == kept


@given(st.text(max_size=12))
def test_what_is_not_on_the_list_is_left_out_whatever_it_is_called(name):
    """An unknown name never gets through, known to be secret or not."""
    assert clean_environment({f"X{name}": "x"}) in ({}, {"XDG_CACHE_HOME": "x"})


def test_a_kernel_knows_its_bundle_and_folders_of_its_own(tmp_path):
    own = {**own_places(tmp_path), "WERKBANK_BUNDLE": "/b", "WERKBANK_WITHIN_PAGE": "1"}
    assert kernel_environment(own) == own
    assert all(value.startswith(str(tmp_path)) or value == "1" for value in own_places(tmp_path).values())


def test_a_log_line_keeps_its_place_and_kind_and_loses_its_words():
    """The text of an error may hold a judgement, an address the key."""
    try:
        raise ValueError("V03 op Kuifeend: 3 structureel")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "page.py", 7, "fout in %s", ("?token=abc",), sys.exc_info())
    assert CodesOnly().filter(record)
    assert logging.Formatter().format(record) == "ERROR in page, regel 7 (ValueError)"
