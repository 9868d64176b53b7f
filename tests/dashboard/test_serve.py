"""The server of the dashboard: what is refused and staged, set to one page, address and key, and told no secret."""

import dataclasses
import json
import logging
import socket
import stat
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import given

from werkbank import dashboard
from werkbank.assessment.decisions import select_in_demo
from werkbank.dashboard import serve
from werkbank.dashboard.processes import Order, clean_environment, kernel_environment, own_places, sockets_fit
from werkbank.dashboard.server import CodesOnly, headers, server_config
from werkbank.errors import OutputError, ParametersError, WerkbankError
from werkbank.register.store import recorded_events
from werkbank.sharing.bundle import read_bundle

ORDER = Order(
    stage="/tmp/wb-1", port=0, key="sleutel-die-niemand-raadt", title="t", style="p {}", visitors=4, each=4, words={},
)  # fmt: skip


@pytest.fixture
def staged(demo_workspace, own_folder):
    """What lies ready for the server, and its order."""
    with serve._stage() as stage:
        yield stage, serve._order(stage, own_folder, 0, 4)


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


def test_every_start_has_another_key_of_at_least_128_bits_and_nothing_is_left_of_it(demo_workspace, own_folder):
    """A character of the key carries six bits."""
    keys = set()
    for _ in range(2):
        with serve._stage() as stage:
            keys.add(serve._order(stage, own_folder, 0, 4).key)
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


def test_a_folder_that_is_no_bundle_and_a_port_that_is_taken_are_said(demo_workspace, own_folder, tmp_path):
    with pytest.raises(OutputError, match="niet volledig"):
        serve.serve(tmp_path, open_browser=False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutputError, match="al in gebruik"):
            serve.serve(own_folder, port=taken.getsockname()[1], open_browser=False)


def test_a_municipality_that_is_not_named_is_asked_for(demo_workspace):
    with pytest.raises(ParametersError, match="Noem de gemeente"):
        serve.run("municipality", None, 0, open_browser=False)


@pytest.mark.parametrize(
    ("audience", "municipality", "held"),
    [("municipality", "urk", {"urk"}), ("riec", "zeewolde", {"zeewolde"}), ("riec", None, 6)],
)
def test_the_command_serves_what_the_audience_may_see_and_keeps_no_bundle(
    demo_workspace, quick, monkeypatch, audience, municipality, held
):
    seen = {}

    def served(folder, *, port, open_browser, visitors, mark):
        head = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        seen.update(folder=folder, head=head, port=port, browser=open_browser, visitors=visitors, mark=mark)
        return 0

    monkeypatch.setattr(serve, "serve", served)
    assert serve.run(audience, municipality, 8123, open_browser=False) == 0
    names = set(seen["head"]["municipalities"])
    assert held in (names, len(names))
    assert (seen["head"]["audience"], seen["port"], seen["browser"]) == (audience, 8123, False)
    assert (seen["mark"] is not None) is (audience == "riec"), "only the owner of the register writes in it"
    assert not seen["folder"].exists()


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

    def served(folder, **_):
        seen.update(json.loads((folder / "bundle.json").read_text(encoding="utf-8"))["chosen"])
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
    monkeypatch.setattr(serve, "serve", lambda folder, **_: 0)
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
