"""The terminal says what was made and what is wrong with it, each thing once."""

import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from werkbank.batch.manifest import Outcome
from werkbank.batch.runner import BatchResult
from werkbank.cli.analyse import SHOWN, progress, summarise
from werkbank.errors import Finding
from werkbank.settings.catalogue import load_catalogue


def finding(number):
    return Finding(rule="x", severity="error", cell=f"C{number}", found="7", allowed="0 tot en met 3", remedy="kies")


def made(name, errors=(), state="made", why=("er was nog geen analyse",), folder=None):
    record = SimpleNamespace(shown={"parks": 4}, errors=[one.to_dict() for one in errors])
    return Outcome(name, state, why=why, folder=folder, record=record)


def run(capsys, *outcomes, index=None, notes=(), quiet=False, audience="riec"):
    with progress(len(outcomes), quiet=quiet) as report:
        for outcome in outcomes:
            report(outcome.name, None)
            report(outcome.name, outcome)
    summarise(BatchResult(outcomes, index, notes), load_catalogue().audience(audience))
    return capsys.readouterr()


def test_faults_in_the_input_are_said_once(capsys):
    """The line "urk: gemaakt, 6 fouten in de invoer" stood there twice."""
    shown = run(capsys, made("urk", errors=tuple(map(finding, range(6)))))
    assert shown.err.count("6 fouten") == 1
    assert shown.err.count("urk:") == 2
    assert shown.err.splitlines()[0] == "urk: gemaakt, 4 terreinen"
    assert "… en nog 1; alle staan in de analyse" in shown.err
    assert shown.err.count("→") == SHOWN
    assert "cel C0 · gevonden: 7 · toegestaan: 0 tot en met 3 → kies" in shown.err


def test_a_failure_is_told_with_its_reason(capsys):
    shown = run(capsys, Outcome("urk", "failed", "Er ontbreken werkmappen."), made("almere"))
    assert "urk: mislukt\n" in shown.err
    assert "urk is mislukt. Er ontbreken werkmappen." in shown.err
    assert "1 van de 2 analyses gemaakt." in shown.out


def test_notes_and_the_index_close_the_summary(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, made("urk"), index=tmp_path / "output" / "index.html", notes=("Niet gelezen: “x”.",))
    assert "Let op: Niet gelezen: “x”." in shown.err
    *told, last = shown.out.splitlines()
    assert told == ["Opnieuw gemaakt (er was nog geen analyse): urk", "1 analyse gemaakt."]
    assert last == str(Path("output") / "index.html")


def test_what_is_kept_is_told_and_counted_apart(capsys):
    shown = run(capsys, made("urk", state="kept"), made("almere"))
    assert "urk: niets veranderd" in shown.err
    assert "1 analyse gemaakt, 1 bewaard omdat er niets is veranderd." in shown.out


def test_each_reason_is_printed_once_with_whom_it_concerns(capsys):
    many = [made(f"g{n}", why=("de methode is veranderd",)) for n in range(20)]
    shown = run(capsys, made("urk", why=("de catalogus is veranderd", "zo gevraagd")), *many, quiet=True)
    assert "Opnieuw gemaakt (de catalogus is veranderd en zo gevraagd): urk" in shown.out
    assert shown.out.count("de methode is veranderd") == 1
    assert "g7 en nog 12" in shown.out


@pytest.mark.parametrize(
    ("audience", "told"),
    [
        ("municipality", "Voor: Gemeente. Ieder krijgt alleen de eigen map, zoals uit/urk"),
        ("police", "Voor: Politie. uit"),
    ],
)
def test_without_an_index_it_says_what_goes_to_whom(capsys, tmp_path, monkeypatch, audience, told):
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, made("urk", folder=tmp_path / "uit" / "urk"), audience=audience)
    assert shown.out.splitlines()[-1] == told


def test_quiet_shows_no_progress_but_hides_no_fault(capsys):
    shown = run(capsys, made("urk", errors=(finding(0),)), made("almere"), quiet=True)
    assert "almere" not in shown.err
    assert "urk: 1 fout in de invoer" in shown.err


def test_a_terminal_shows_what_runs_and_how_many_are_done(capsys, monkeypatch):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for name, value in {"COLUMNS": "120", "TERM": "xterm", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    with progress(4, quiet=False) as report:
        kept = {"almere": made("almere", state="kept"), "urk": None, "zeewolde": None}
        for step in (kept, {"urk": made("urk")}, {"dronten": None, "zeewolde": made("zeewolde")}):
            for name, outcome in step.items():
                report(name, outcome)
            time.sleep(0.3)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    for told in ("1/4 bezig: urk en zeewolde", "2/4 bezig: zeewolde", "3/4 bezig: dronten"):
        assert told in shown
