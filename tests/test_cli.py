"""The command answers at once, in Dutch, and a mistyped word gets the nearest one."""

import subprocess
import sys

import pytest

from werkbank.cli import main


def run(*arguments, capsys):
    with pytest.raises(SystemExit) as end:
        main(list(arguments))
    captured = capsys.readouterr()
    return end.value.code or 0, captured.out, captured.err


def test_help_is_dutch_and_names_the_commands(capsys):
    code, out, _ = run("--help", capsys=capsys)
    assert code == 0
    for word in ("Gebruik:", "Opties:", "Opdrachten:", "analyse", "demo"):
        assert word in out
    for word in ("Usage", "Options", "Commands", "Show"):
        assert word not in out


@pytest.mark.parametrize("command", ["demo", "analyse", "select", "plan", "monitor", "dashboard", "lab"])
def test_every_command_explains_itself_with_an_example(command, capsys):
    code, out, _ = run(command, "--help", capsys=capsys)
    assert code == 0
    assert f"werkbank {command}" in out
    assert "Voorbeeld" in out
    for word in ("required", "default:", "<=x<=", "Usage", "Options"):
        assert word not in out


def test_help_loads_nothing_heavy():
    code = (
        "import sys; sys.argv = ['werkbank', '--help']\n"
        "from werkbank.cli import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'pandas', 'numpy', 'altair', 'pydantic', 'papermill', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analise"], "bedoelt u “analyse”?"),
        (["analyse", "--municipalty", "urk"], "bedoelt u “--municipality”?"),
        (["analyse", "--jobs", "nul"], "geef een geheel getal van 1 tot en met 32"),
        (["analyse", "--jobs", "0"], "geef een geheel getal van 1 tot en met 32"),
        (["analyse", "--municipality"], "mist haar waarde"),
        (["analyse", "urk"], "een woord te veel"),
    ],
)
def test_wrong_use_is_exit_code_2_with_what_to_type_instead(arguments, message, capsys):
    code, _, err = run(*arguments, capsys=capsys)
    assert code == 2
    assert message in err
    assert "--help" in err
    assert "Traceback" not in err


def test_a_mistyped_municipality_is_refused_before_anything_starts(demo_workspace, capsys):
    code, _, err = run("analyse", "--municipality", "lelistad", capsys=capsys)
    assert code == 2
    assert "bedoelt u “lelystad”?" in err


def test_outside_a_workspace_the_command_says_where_to_go(tmp_path, monkeypatch, capsys):
    monkeypatch.delenv("WERKBANK_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run("analyse", capsys=capsys)
    assert code == 2
    assert "Geen werkmap gevonden" in err


def test_an_audience_that_cannot_be_guarded_yet_is_refused(demo_workspace, capsys):
    """Better no analysis than one that shows what its reader may not see."""
    code, _, err = run("analyse", "--audience", "public", capsys=capsys)
    assert code == 2
    assert "kan nog geen analyse" in err
