"""JupyterLab opens on this machine only, with a token of its own, on copies that git does not keep."""

import json
import logging
import os
import re
import signal
import stat
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

from werkbank.dashboard import laboratory
from werkbank.dashboard.laboratory import OWN_FOLDER, ErrorsOnly, lab_environment, lab_options, open_lab, own_notebooks
from werkbank.errors import OutputError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    for name, text in {"parameters/district.yaml": "", "notebooks/verkennen.ipynb": "{}"}.items():
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path))
    return tmp_path


@pytest.fixture
def options(tmp_path):
    return lab_options(Path("/w"), tmp_path, open_browser=False)


def test_it_listens_here_only_keeps_its_token_and_serves_no_picture_without_it(options):
    """As an extension Voila would serve every picture under the workspace without asking for the token."""
    assert {
        "--ip=127.0.0.1", "--no-browser", "--ServerApp.jpserver_extensions={'voila.server_extension': False}",
    } <= set(options)  # fmt: skip
    assert not [word for word in options if "token" in word or "password" in word]


def test_the_user_works_in_copies_that_git_ignores_and_what_was_done_there_stays(workspace, options):
    """A copy is made once; saving it touches no file that comes with the werkbank."""
    own = own_notebooks(workspace)
    assert own == workspace / OWN_FOLDER
    (own / "verkennen.ipynb").write_text("own work", encoding="utf-8")
    assert (own_notebooks(workspace) / "verkennen.ipynb").read_text(encoding="utf-8") == "own work"
    assert (workspace / "notebooks" / "verkennen.ipynb").read_text(encoding="utf-8") == "{}"
    (url,) = [word for word in options if "default_url" in word]
    opened = Path(url.split("/lab/tree/")[1])
    assert opened.parent == OWN_FOLDER
    assert (ROOT / "notebooks" / opened.name).is_file()
    assert f"/{OWN_FOLDER.parts[0]}/" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()


def test_menus_are_in_dutch_nobody_is_asked_for_news_and_nothing_is_opened_again(options, tmp_path):
    """The defaults of Lab ask "official Jupyter news?", and reopen what was open before."""
    from jupyterlab_server.translation_utils import get_language_packs

    settings = json.loads((tmp_path / "settings" / "overrides.json").read_text(encoding="utf-8"))
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    assert settings["@jupyter-widgets/jupyterlab-manager:plugin"] == {"saveState": False}
    assert settings["@jupyterlab/translation-extension:plugin"] == {"locale": "nl_NL"}
    packs, fault = get_language_packs()
    assert "nl_NL" in packs, fault
    (places,) = [Path(word.split("=")[1]) for word in options if "workspaces_dir" in word]
    assert tmp_path in places.parents


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
def test_kernels_talk_over_sockets_of_this_user_unless_the_name_gets_too_long(tmp_path):
    """And the server keeps its sockets and its token in a private folder."""
    assert "--KernelManager.transport=ipc" in lab_options(Path("/w"), Path("/tmp"), open_browser=True)
    far = tmp_path / ("x" * 90)
    far.mkdir()
    assert "--KernelManager.transport=ipc" not in lab_options(Path("/w"), far, open_browser=True)
    found = lab_environment({"PATH": "/bin"}, Path("/w"), Path("/p"))
    assert (found["PATH"], found["WERKBANK_WORKSPACE"], found["JUPYTER_RUNTIME_DIR"]) == ("/bin", "/w", "/p")


def test_an_administrator_is_refused_in_dutch_with_what_to_do(workspace, monkeypatch, run):
    monkeypatch.setattr(laboratory.os, "geteuid", lambda: 0, raising=False)
    with pytest.raises(OutputError, match="werkbank lab --allow-root"):
        open_lab(open_browser=False)
    code, _, told = run("lab")
    assert (code, "beheerder" in told) == (2, True)
    assert "--allow-root" in lab_options(Path("/w"), workspace, open_browser=False, allow_root=True)


@pytest.mark.parametrize(("level", "shown"), [("INFO", False), ("CRITICAL", False), ("ERROR", True)])
def test_of_the_servers_own_words_only_errors_are_shown(level, shown):
    """That it stops, or finds no browser, it calls critical."""
    record = logging.LogRecord("x", getattr(logging, level), "", 0, "received signal 15", (), None)
    assert ErrorsOnly().filter(record) is shown


def lab_of(workspace, temporary, stderr=-1):
    command = [sys.executable, "-m", "werkbank", "lab", "--no-browser", "--allow-root"]
    environment = {**os.environ, "TMPDIR": str(temporary)}
    return subprocess.Popen(command, cwd=workspace, env=environment, stdout=-1, stderr=stderr, text=True)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_says_where_it_is_and_stops_at_ctrl_c_without_a_word_of_english(workspace, tmp_path):
    """With a real server: the link lets in, without its key nobody gets in, and nothing is left."""
    temporary = tmp_path / "t"
    temporary.mkdir()
    lab = lab_of(workspace, temporary)
    try:
        said = "".join(lab.stdout.readline() for _ in range(4))
        link = re.search(r"http://127\.0\.0\.1:\d+/lab/tree/output/verkennen/verkennen\.ipynb\?token=\w+", said)[0]
        assert "Stoppen: Ctrl-C." in said
        with urllib.request.urlopen(link, timeout=20) as answer:
            assert answer.status == 200
        with pytest.raises(urllib.error.HTTPError, match="403"):
            urllib.request.urlopen(link.split("/lab")[0] + "/api/contents", timeout=20)
        (private,) = temporary.glob("wb-*")
        assert stat.S_IMODE(private.stat().st_mode) == 0o700
    finally:
        lab.send_signal(signal.SIGINT)
    rest, errors = lab.communicate(timeout=30)
    assert (lab.returncode, rest.strip(), errors) == (0, "JupyterLab is gestopt.", "")
    assert not list(temporary.glob("wb-*"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_does_not_outlive_who_started_it(workspace):
    """Killed outright, as when a terminal is closed: the server notices and ends."""
    lab = lab_of(workspace, workspace, stderr=None)
    lab.stdout.readline()
    servers = psutil.Process(lab.pid).children()
    lab.kill()
    lab.wait()
    lab.stdout.close()
    _, alive = psutil.wait_procs(servers, timeout=20)
    for server in alive:
        server.kill()
    assert (len(servers), alive) == (1, [])


def test_a_name_is_completed_within_labs_second_and_a_copy_is_as_lab_keeps_it(workspace, tmp_path, monkeypatch):
    """By the kernel that Lab would start: JUPYTER_PATH is all that tells it which."""
    from jupyter_client.manager import start_new_kernel

    lab_options(workspace, tmp_path, open_browser=False)
    monkeypatch.setenv("JUPYTER_PATH", lab_environment({}, workspace, tmp_path)["JUPYTER_PATH"])
    manager, client = start_new_kernel(kernel_name="python3", stderr=subprocess.DEVNULL)
    try:
        client.execute_interactive("import werkbank as wb")
        for text, found in {
            "wb.": ".load_parameters",
            "wb.report.": ".agreement",
            "wb.for_": ".for_audience",
        }.items():
            began = time.monotonic()
            asked = client.complete(text)
            while (answer := client.get_shell_msg(timeout=30))["parent_header"]["msg_id"] != asked:
                pass
            assert found in answer["content"]["matches"]
            assert time.monotonic() - began < 1
        info = client.kernel_info(reply=True, timeout=30)["content"]["language_info"]
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)
        manager.cleanup_resources()
    copy = json.loads((own_notebooks(workspace) / "verkennen.ipynb").read_text(encoding="utf-8"))
    assert copy["metadata"]["language_info"] == info
