"""Setting up: bare `make` is harmless, and whoever waits is told for what."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture
def bootstrap(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT))
    import bootstrap

    return bootstrap


def test_bare_make_says_what_there_is_and_changes_nothing():
    """Someone who types `make` to see what it does must not lose the decisions recorded in the example."""
    lines = (ROOT / "Makefile").read_text(encoding="utf-8").splitlines()
    assert ".DEFAULT_GOAL := help" in lines
    command = [sys.executable, "bootstrap.py"]
    done = subprocess.run([*command, "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    for job in ("demo", "test", "check", "bench", "soak", "lock"):
        assert f"make {job}" in done.stdout
    done = subprocess.run([sys.executable, "bootstrap.py", "demmo"], cwd=ROOT, capture_output=True, check=False)
    assert done.returncode == 2


def test_the_demo_says_what_it_is_doing_and_for_how_long(bootstrap, monkeypatch, capsys):
    """Its own next step is not told to do once more, and a refusal ends it."""
    ran = []
    monkeypatch.setattr(bootstrap, "set_up", lambda _lock: None)
    monkeypatch.setattr(bootstrap, "module", lambda *arguments: ran.append(arguments) or 0)
    assert bootstrap.demo() == 0
    assert ran == [("werkbank", "demo", "--quiet"), ("werkbank", "analyse")]
    assert capsys.readouterr().out.count("…") == 2
    monkeypatch.setattr(bootstrap, "module", lambda *arguments: ran.append(arguments) or 2)
    assert bootstrap.demo() == 2
    assert ran[2:] == [("werkbank", "demo", "--quiet")]


def test_what_python_compiles_is_kept_also_where_the_system_forbids_it(bootstrap, monkeypatch):
    """Otherwise every process of a test run compiles all its libraries anew."""
    ran = []
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, env, **__: ran.append(env) or done)
    done = subprocess.CompletedProcess([], 0)
    for forbidden, place in (("1", str(bootstrap.COMPILED)), ("", None)):
        monkeypatch.delenv("PYTHONPYCACHEPREFIX", raising=False)
        monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", forbidden)
        assert bootstrap.module("pytest") == len(bootstrap.failed_checks()) == 0
        assert {env.get("PYTHONPYCACHEPREFIX") for env in ran} == {place}
        assert not any(env.get("PYTHONDONTWRITEBYTECODE") for env in ran)
        ran.clear()


def test_what_was_compiled_of_other_versions_is_thrown_away(bootstrap, monkeypatch, tmp_path):
    """A file of a new version may have the date and the size of the old one, and would not be compiled again."""
    (tmp_path / "compiled").mkdir()
    monkeypatch.setattr(bootstrap, "COMPILED", tmp_path / "compiled")
    monkeypatch.setattr(bootstrap, "find_uv", lambda: None)
    monkeypatch.setattr(bootstrap.subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0))
    bootstrap.install("requirements.lock")
    assert not (tmp_path / "compiled").exists()
