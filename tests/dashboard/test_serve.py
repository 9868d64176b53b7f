"""Before anything is served: what is refused, what is staged, and what the command hands over."""

import json
import socket
import stat
import sys
from pathlib import Path

import pytest

from werkbank import dashboard
from werkbank.dashboard import serve
from werkbank.errors import OutputError, ParametersError, WerkbankError
from werkbank.sharing.bundle import read_bundle


@pytest.fixture(autouse=True)
def _no_script_is_made(monkeypatch):
    """Making the real one takes seconds and is tested with a browser."""
    monkeypatch.setattr(serve, "kept_script", lambda: "export default {};")
    monkeypatch.setattr(chart_script, "kept_script", lambda: "export default {};")


@pytest.fixture
def staged(demo_workspace, own_folder):
    """What lies ready for the server, and its order."""
    with serve._stage() as stage:
        yield stage, serve._order(stage, own_folder, 0, 1)


def test_the_served_folder_holds_the_notebook_and_nothing_else(staged):
    _, order = staged
    assert [path.name for path in Path(order.folder).rglob("*")] == ["dashboard.ipynb"]


def test_the_bundle_lies_beside_it_whole(staged, own_folder):
    stage, order = staged
    assert stage / "bundle" not in Path(order.folder).parents
    assert {path.name: path.read_bytes() for path in (stage / "bundle").iterdir()} == {
        path.name: path.read_bytes() for path in own_folder.iterdir()
    }
    assert read_bundle(stage / "bundle").municipalities == ("urk",)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights otherwise")
def test_only_this_user_can_read_what_is_staged(staged):
    stage, _ = staged
    for folder in (stage, *(path for path in stage.iterdir() if path.is_dir())):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_nothing_of_it_is_left_afterwards(demo_workspace, own_folder):
    with serve._stage() as stage:
        serve._order(stage, own_folder, 0, 1)
        assert any(stage.iterdir())
    assert not stage.exists()


def test_every_start_has_another_key_of_at_least_128_bits(demo_workspace, own_folder):
    """A character of the key carries six bits."""
    keys = set()
    for _ in range(3):
        with serve._stage() as stage:
            keys.add(serve._order(stage, own_folder, 0, 1).key)
    assert len(keys) == 3
    assert min(len(key) for key in keys) * 6 >= 128


def test_the_door_hands_over_the_key_in_a_private_file(staged):
    stage, order = staged
    door = serve._door(serve.Running(None, "http://127.0.0.1:1", order.key, stage))
    assert order.key in door.read_text(encoding="utf-8")
    assert door.parent == stage != Path(order.folder)
    if sys.platform != "win32":
        assert stat.S_IMODE(door.stat().st_mode) == 0o600


def told(capsys, stage, *, opens, monkeypatch, open_browser=True):
    """What the terminal says of a server that answers, where a browser opens or not."""
    monkeypatch.setattr(serve.webbrowser, "open", lambda _address: opens)
    serve._tell(serve.Running(None, "http://127.0.0.1:1", "SLEUTEL", stage), open_browser=open_browser)
    return capsys.readouterr().out


def test_one_address_is_told_and_it_is_one_that_lets_in(tmp_path, capsys, monkeypatch):
    """Opened: no address at all, and its key in no terminal; not opened: the link with its key, once."""
    opened = told(capsys, tmp_path, opens=True, monkeypatch=monkeypatch)
    assert "http" not in opened
    assert "SLEUTEL" not in opened
    for choice in ({"opens": False}, {"opens": True, "open_browser": False}):
        said = told(capsys, tmp_path, monkeypatch=monkeypatch, **choice)
        assert said.count("http") == 1
        assert "http://127.0.0.1:1/?token=SLEUTEL" in said
    assert "Stoppen: Ctrl-C." in opened
    assert "Stoppen: Ctrl-C." in said


def test_a_folder_that_is_no_bundle_is_refused(demo_workspace, tmp_path):
    with pytest.raises(OutputError, match="niet volledig"):
        serve.serve(tmp_path, open_browser=False)


def test_a_port_that_is_taken_is_said(demo_workspace, own_folder):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OutputError, match="al in gebruik"):
            serve.serve(own_folder, port=taken.getsockname()[1], open_browser=False)


def test_a_municipality_must_be_named_for_its_own_dashboard(demo_workspace):
    with pytest.raises(ParametersError, match="Noem de gemeente"):
        serve.run("municipality", None, 0, open_browser=False)


@pytest.mark.parametrize(
    ("audience", "municipality", "message"),
    [
        ("politie", "urk", "is er nog niets"), ("municipalty", "urk", "Bedoelt u “municipality”"),
        ("riec", "urck", "Bedoelt u “urk”"), ("public", None, "is er nog niets"),
    ],
)  # fmt: skip
def test_an_unknown_audience_or_municipality_is_refused(demo_workspace, audience, municipality, message):
    """With what there is."""
    with pytest.raises(ParametersError, match=message):
        serve.run(audience, municipality, 0, open_browser=False)


@pytest.mark.parametrize(
    ("audience", "municipality", "held"),
    [("municipality", "urk", {"urk"}), ("riec", "zeewolde", {"zeewolde"}), ("riec", None, 6)],
)
def test_the_command_serves_what_the_audience_may_see_and_keeps_no_bundle(
    demo_workspace, monkeypatch, audience, municipality, held
):
    seen = {}

    def served(folder, *, port, open_browser):
        head = json.loads((folder / "bundle.json").read_text(encoding="utf-8"))
        seen.update(folder=folder, head=head, port=port, browser=open_browser)
        return 0

    monkeypatch.setattr(command, "serve", served)
    assert serve.run(audience, municipality, 8123, open_browser=False) == 0
    names = set(seen["head"]["municipalities"])
    assert held in (names, len(names))
    assert (seen["head"]["audience"], seen["port"], seen["browser"]) == (audience, 8123, False)
    assert not seen["folder"].exists()


def test_a_municipality_that_fails_is_left_out_and_told(demo_workspace, monkeypatch, capsys):
    """The others are shown, and the exit code says that something is missing."""
    real = serve.assess

    def failing(parameters):
        if parameters.municipality == "dronten":
            raise OutputError("Er ontbreekt een werkmap.")
        return real(parameters)

    monkeypatch.setattr(command, "assess", failing)
    monkeypatch.setattr(command, "serve", lambda folder, **_: 0)
    assert serve.run("riec", None, 0, open_browser=False) == 1
    assert "Niet in het dashboard: dronten.\nEr ontbreekt een werkmap." in capsys.readouterr().err


def test_one_reason_for_every_municipality_is_said_once(demo_workspace, monkeypatch, capsys):
    """Without a folder of data all six fail alike."""

    def failing(parameters):
        raise OutputError("Er is nog geen terreinenregister.")

    monkeypatch.setattr(command, "assess", failing)
    with pytest.raises(WerkbankError, match="geen terreinenregister") as caught:
        serve.run("riec", None, 0, open_browser=False)
    assert f"{caught.value}{capsys.readouterr().err}".count("terreinenregister") == 1


def test_several_reasons_are_each_said_with_whose_they_are(demo_workspace, monkeypatch, capsys):
    def failing(parameters):
        raise OutputError("Eén." if parameters.municipality in ("urk", "almere") else "Twee.")

    monkeypatch.setattr(command, "assess", failing)
    with pytest.raises(WerkbankError, match="geen enkele gemeente"):
        serve.run("riec", None, 0, open_browser=False)
    said = capsys.readouterr().err
    assert "Niet in het dashboard: almere en urk.\nEén." in said
    assert said.count("Twee.") == 1


def test_a_page_without_a_bundle_says_what_to_do(monkeypatch, tmp_path):
    """In place of a traceback."""
    monkeypatch.delenv(dashboard.BUNDLE_VARIABLE, raising=False)
    assert "werkbank dashboard" in dashboard.show("").value
    assert "niet volledig" in dashboard.show(str(tmp_path)).value


def test_the_page_is_made_of_the_named_bundle(riec_folder, monkeypatch):
    monkeypatch.setenv(dashboard.BUNDLE_VARIABLE, str(riec_folder))
    page = dashboard.show("")
    assert "wbd" in page._dom_classes
    assert "district Flevoland" in page.children[1].value
