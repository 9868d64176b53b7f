"""The terminal says what was made and what is wrong with it, each thing once."""

import re
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from werkbank.batch.outcome import BatchResult, Outcome
from werkbank.cli.analyse import SHOWN, _left, progress, summarise
from werkbank.errors import Finding


def finding(number):
    return Finding(rule="x", severity="error", cell=f"C{number}", found="7", allowed="0 tot en met 3", remedy="kies")


def made(name, errors=(), state="made", why=("er was nog geen analyse",), folder=None):
    record = SimpleNamespace(shown={"parks": 4}, errors=[one.to_dict() for one in errors])
    return Outcome(name, state, why=why, folder=folder, record=record)


def run(capsys, *outcomes, index=None, notes=(), quiet=False):
    with progress(len(outcomes), quiet=quiet) as report:
        for outcome in outcomes:
            report(outcome.name, None)
            report(outcome.name, outcome)
    summarise(BatchResult(outcomes, index, notes))
    return capsys.readouterr()


def test_faults_in_the_input_are_said_once_with_what_was_found_and_what_is_allowed(capsys):
    """The line "urk: gemaakt, 6 fouten in de invoer" stood there twice."""
    shown = run(capsys, made("urk", errors=tuple(map(finding, range(6)))))
    assert shown.err.count("6 fouten") == 1
    assert shown.err.count("urk:") == 2
    assert shown.err.splitlines()[0] == "urk: gemaakt, 4 terreinen"
    assert "… en nog 1; alle staan in de analyse" in shown.err
    assert shown.err.count("→") == SHOWN
    assert (
        "cel C0 · gevonden: 7 · toegestaan: 0 tot en met 3 → kies" in run(capsys, made("urk", errors=(finding(0),))).err
    )


def test_a_failure_is_told_with_its_reason_and_what_is_kept_is_counted_apart(capsys):
    shown = run(capsys, Outcome("urk", "failed", "Er ontbreken werkmappen."), made("almere"))
    assert "urk: mislukt\n" in shown.err
    assert "urk is mislukt. Er ontbreken werkmappen." in shown.err
    assert "1 van de 2 analyses gemaakt." in shown.out
    shown = run(capsys, made("urk", state="kept"), made("almere"))
    assert "urk: niets veranderd" in shown.err
    assert "1 analyse gemaakt, 1 bewaard omdat er niets is veranderd." in shown.out


def test_notes_and_the_index_close_the_summary_or_it_says_which_folder_goes_to_whom(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, made("urk"), index=tmp_path / "output" / "index.html", notes=("Niet gelezen: “x”.",))
    assert "Let op: Niet gelezen: “x”." in shown.err
    assert shown.out.splitlines() == [
        "Opnieuw gemaakt (er was nog geen analyse): urk",
        "1 analyse gemaakt.",
        str(Path("output") / "index.html"),
    ]
    monkeypatch.chdir(tmp_path)
    shown = run(capsys, made("urk", folder=tmp_path / "output" / "municipality" / "urk"))
    assert f"alleen haar eigen map, zoals {Path('output') / 'municipality' / 'urk'}" in shown.out


def test_each_reason_is_printed_once_with_whom_it_concerns(capsys):
    many = [made(f"g{n}", why=("de methode is veranderd",)) for n in range(20)]
    shown = run(capsys, made("urk", why=("de catalogus is veranderd", "zo gevraagd")), *many, quiet=True)
    assert "Opnieuw gemaakt (de catalogus is veranderd en zo gevraagd): urk" in shown.out
    assert shown.out.count("de methode is veranderd") == 1
    assert "g7 en nog 12" in shown.out


def test_quiet_shows_no_progress_but_hides_no_fault(capsys):
    shown = run(capsys, made("urk", errors=(finding(0),)), made("almere"), quiet=True)
    assert "almere" not in shown.err
    assert "urk: 1 fout in de invoer" in shown.err


def test_a_terminal_shows_what_runs_and_how_long_is_left(capsys, monkeypatch):
    """What was kept took no time and does not count as work that was quick."""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    for name, value in {"COLUMNS": "120", "TERM": "xterm", "FORCE_COLOR": "1"}.items():
        monkeypatch.setenv(name, value)
    with progress(4, quiet=False) as report:
        report("almere", made("almere", state="kept"))
        report("urk", None)
        report("zeewolde", None)
        time.sleep(0.3)
        report("urk", made("urk"))
        time.sleep(0.3)
        report("dronten", None)
        report("zeewolde", made("zeewolde"))
        time.sleep(0.3)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", capsys.readouterr().err)
    for told in ("bezig: urk en zeewolde", "bezig: zeewolde", "bezig: dronten", "0/3 nog onbekend hoe lang"):
        assert told in shown
    assert re.search(r"[12]/3 nog \d s", shown)
    assert "-:--" not in shown


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(None, "nog onbekend hoe lang"), (0.2, "nog 1 s"), (59, "nog 59 s"), (89, "nog 89 s"), (91, "nog 2 minuten")],
)
def test_how_long_is_left_is_told_in_words(seconds, told):
    assert _left(seconds) == told
