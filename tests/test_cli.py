"""The command answers at once, in Dutch, and a mistyped word gets the nearest one."""

import errno
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from werkbank.cli import command
from werkbank.errors import WerkbankError
from werkbank.settings.catalogue import load_catalogue


def test_help_is_dutch_and_names_the_commands_whole(run):
    code, out, _ = run("--help")
    assert code == 0
    for word in ("Gebruik:", "Opties:", "Opdrachten:", "analyse", "demo"):
        assert word in out
    for word in ("Usage", "Options", "Commands", "Show"):
        assert word not in out
    listed = out.split("Opdrachten:")[1]
    assert "..." not in listed
    assert "Open het dashboard op deze computer, met alleen wat de doelgroep mag zien." in " ".join(listed.split())


@pytest.mark.parametrize("name", command.commands)
def test_every_command_explains_itself_with_an_example(name, run):
    code, out, _ = run(name, "--help")
    assert code == 0
    # Each on a line of its own, to copy.
    assert f"\n    werkbank {name}" in out
    assert "Voorbeeld" in out
    for word in ("required", "default:", "<=x<=", "Usage", "Options"):
        assert word not in out
    if name in ("analyse", "dashboard"):
        assert all(f" {audience.id} (" in " ".join(out.split()) for audience in load_catalogue().audiences)


def test_every_command_that_has_a_round_takes_another_by_the_same_option():
    """Left are those that begin a workspace, the example with rounds of its own, and what is of all rounds or names one."""
    options = {name: {option for each in one.params for option in each.opts} for name, one in command.commands.items()}
    without = {name for name, own in options.items() if "--round" not in own}
    assert without == {"init", "demo", "catalogue", "guideline", "actions", "share", "purge", "search", "rectify"}


def test_a_dashboard_in_a_file_loads_no_widgets_no_server_and_no_office_libraries(demo_workspace, tmp_path):
    code = (
        f"import sys; sys.argv = ['werkbank', 'dashboard', '-m', 'urk', '--out', {str(tmp_path / 'd.html')!r}]\n"
        "from werkbank.__main__ import main\n"
        "try: main()\nexcept SystemExit: pass\n"
        "print(sorted({'ipywidgets', 'IPython', 'jupyter_server', 'docx', 'openpyxl', 'papermill'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["analise"], "bedoelt u “analyse”?"),
        (["catalogue", "exort"], "Uitleg: werkbank catalogue --help"),
        (["analyse", "--municipalty", "urk"], "bedoelt u “--municipality”?"),
        (["analyse", "--jobs", "nul"], "geef een geheel getal van 1 tot en met 32"),
        (["analyse", "--jobs", "0"], "geef een geheel getal van 1 tot en met 32"),
        (["propose", "--capacity", "nul"], "geef een geheel getal van 1 tot en met 1000"),
        (["analyse", "-m"], "De optie “-m” mist haar waarde."),
        (["analyse", "--strict=ja"], "De optie “--strict” krijgt geen waarde."),
        (["analyse", "urk"], "Er staat een woord te veel: “urk”. Bedoelt u “--municipality urk”?"),
        (["demo", "urk"], "Er staat een woord te veel: “urk”."),
        (
            ["select", "LEL-05", "--reason", "Hoogste", "score", "hier", "--by", "stuurgroep"],
            "te veel: “score hier”. Zet een tekst met spaties tussen aanhalingstekens.",
        ),
        (["analyse", "-m", "noord", "oost"], "Er staat een woord te veel: “oost”."),
        (["select"], "Er ontbreekt iets: “TERREIN”."),
        (["select", "LEL-05"], "Er ontbreekt iets: “--reason”."),
    ],
)
def test_wrong_use_is_exit_code_2_with_what_to_type_instead(arguments, message, run):
    """And with the command whose explanation helps."""
    code, _, err = run(*arguments)
    assert code == 2
    assert message in err
    assert f"Uitleg: werkbank {arguments[0]} --help" in err or arguments == ["analise"]
    assert "--help" in err
    assert "Traceback" not in err


@pytest.mark.parametrize("command", ["analyse", "dashboard", "check"])
def test_a_mistyped_municipality_is_refused_before_anything_starts(command, demo_workspace, run):
    code, _, err = run(command, "--municipality", "lelistad")
    assert code == 2
    assert "Onbekende gemeente: “lelistad”. Bedoelt u “lelystad”? Er zijn: almere" in err


def test_outside_a_workspace_the_command_says_where_to_go(tmp_path, monkeypatch, run):
    monkeypatch.delenv("WERKBANK_WORKSPACE", raising=False)
    monkeypatch.chdir(tmp_path)
    code, _, err = run("analyse")
    assert code == 2
    assert "Dit is niet de map van de werkbank" in err
    assert "werkmap" not in err, "a werkmap is a workbook"


def test_an_error_that_nobody_foresaw_tells_its_kind_and_none_of_its_text(demo_workspace, monkeypatch, run):
    """A traceback and the text of an error may hold a judgement."""
    monkeypatch.setattr("werkbank.assessment.choosing.chosen_audience", lambda _: {}["3 structureel"])
    code, out, err = run("verify")
    assert (code, out) == (1, "")
    assert err.startswith("Onverwachte fout (KeyError, ")
    assert "structureel" not in err
    assert "Traceback" not in err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full, a file that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_what_cannot_be_written_is_said_in_dutch(monkeypatch, unbuffered):
    """Also when the system refuses it only at the end: Python holds back what does not go to a screen."""
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    done = shell("-m werkbank --help >/dev/full")
    assert done.returncode == 1
    assert done.stderr == "De opdracht kon niet verder (de schijf is vol).\n"


@pytest.mark.skipif(os.name != "posix", reason="a pipe as a shell on Linux and macOS makes it")
@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_reader_who_has_seen_enough_is_no_fault(monkeypatch, unbuffered):
    monkeypatch.setenv("PYTHONUNBUFFERED", unbuffered)
    done = subprocess.run(
        ["/bin/sh", "-c", f'"{sys.executable}" -m werkbank --help | true'], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.skipif(os.name != "posix", reason="closes streams as a shell on Linux and macOS does")
def test_a_stream_that_the_caller_closed_leads_nowhere(tmp_path):
    """No file that is opened later gets its number, and with it what was meant for the screen."""
    code = (
        "import os, sys; from werkbank.__main__ import main\n"
        "sys.argv = ['werkbank', 'analise']\n"
        "try: main()\nexcept SystemExit as end: assert end.code == 2\n"
        "assert not sys.stderr.isatty() and sys.stdin.read() == ''\n"
        "assert os.open(os.devnull, os.O_RDONLY) > 2"
    )
    (tmp_path / "probe.py").write_text(code)
    assert shell(f'"{tmp_path}/probe.py" >&- <&- 2>&-').returncode == 0


def shell(line):
    """Python as a shell starts it, with its streams led elsewhere."""
    command = f'exec "{sys.executable}" {line}'
    return subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)


def test_ctrl_c_before_the_command_has_begun_ends_it_without_a_traceback(tmp_path):
    """The first thing that is imported raises what Ctrl-C would raise just then."""
    (tmp_path / "click.py").write_text("import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(9)\n")
    done = subprocess.run(
        [sys.executable, "-m", "werkbank", "--help"], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (-signal.SIGINT, "", "")


def disk(number):
    return OSError(number, os.strerror(number))


@pytest.mark.parametrize(
    ("fault", "code"),
    [(disk(errno.ENOSPC), 1), (disk(errno.EROFS), 1), (sqlite3.OperationalError("SQLITE_FULL"), 1),
     (sqlite3.OperationalError("SQLITE_READONLY_DBMOVED"), 1), (sqlite3.OperationalError("SQLITE_BUSY"), 2),
     (KeyError("x"), 2)],
)  # fmt: skip
def test_a_disk_that_is_full_or_not_to_be_written_is_no_wrong_use(demo_workspace, monkeypatch, run, fault, code):
    """Exit code 1 whichever command met it, for the register as well: that is in SQLite."""
    from sqlalchemy.exc import OperationalError

    if isinstance(fault, sqlite3.Error):
        fault.sqlite_errorname = str(fault)
        fault = OperationalError("", {}, fault)

    def refuse(_):
        try:
            raise fault
        except type(fault):
            raise WerkbankError("Dat gaat niet.") from None

    monkeypatch.setattr("werkbank.assessment.choosing.chosen_audience", refuse)
    assert run("verify") == (code, "", "Dat gaat niet.\n")
