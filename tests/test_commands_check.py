"""The command `werkbank check`: a table to read, JSON for machines, exit codes that tell, and nothing it should not say."""

import functools
import json
import re

import openpyxl
import pytest

from tests.dutch import faults
from werkbank.matrix.rules import RULES
from werkbank.settings.parameters import load_parameters
from werkbank.settings.workspace import in_workspace

ROUND = "2026-1"
SECRET = "hier staat vaak een wit busje"


@pytest.fixture
def workspace(own_workspace, monkeypatch):
    """A workspace of the test's own, with the terminal in it."""
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.chdir(own_workspace)
    return own_workspace


@pytest.fixture
def faulty(workspace):
    """Three faults in one return, a warning beside them, one return missing, a remark that nobody may see."""
    folder = workspace / "data" / "matrices" / ROUND
    book = openpyxl.load_workbook(folder / "urk_politie.xlsx")
    matrix, remarks = book["Matrix"], book["Toelichting"]
    matrix["D6"], matrix["E6"], matrix["D8"] = "9", "9", "weet ik niet zeker"
    for column, value in enumerate((matrix["D2"].value, "V01", "Z", None, SECRET), 1):
        remarks.cell(200, column, value)
    book.save(folder / "urk_politie.xlsx")
    (folder / "zeewolde_gemeente.xlsx").unlink()
    return folder


@pytest.fixture
def run(run):
    return functools.partial(run, "check")


def test_a_clean_round_is_exit_code_0_and_says_so(workspace, run):
    code, out, _ = run("--no-files")
    assert code == 0
    assert "Zonder bevindingen: 12 aanleveringen." in out
    assert "12 risicomatrices gelezen" in out
    assert "Geen bevindingen." in out
    assert run("--json", "--no-files") == (0, "[]\n", "")


def test_errors_are_exit_code_1_and_each_is_on_the_screen_before_the_warnings(faulty, run):
    """Piped there are no colours and no control characters."""
    code, out, _ = run("--no-files")
    assert code == 1
    for text in (
        "urk_politie.xlsx (Urk, politie): 3 fouten en 1 keer let op", "Matrix D6, E6", "Matrix D8",
        "level-outside-scale", "not-a-level", "unknown-source-strength", "zeewolde_gemeente.xlsx", "missing-workbook",
    ):  # fmt: skip
        assert text in out
    lines = [line for line in out.partition("Stand van het verzamelen")[0].splitlines() if line[:6].strip()]
    first = [line.split()[0] for line in lines if line.startswith(("Fout ", "Let op ", "De gemeente heeft"))]
    assert first == ["Fout", "Fout", "Let", "De"]
    assert all(char.isprintable() or char == "\n" for char in out)
    # And the state of collection, per municipality, party and family.
    table = out.partition("Stand van het verzamelen")[2]
    row = next(line for line in table.splitlines() if line.startswith("Zeewolde") and "ontbreekt" in line)
    assert row.split() == ["Zeewolde", "gemeente", "ontbreekt", "0", "0", "0", "175", "0%", "0%", "0%", "0%"]
    assert next(line for line in table.splitlines() if line.startswith("Samen")).split()[1] == "11/12"
    assert "V verschijningsvormen, G gelegenheid en W weerbaarheid" in " ".join(table.split())


def test_warnings_alone_are_exit_code_0_but_said(workspace, run):
    folder = workspace / "data" / "matrices" / ROUND
    book = openpyxl.load_workbook(folder / "urk_politie.xlsx")
    book["Matrix"].row_dimensions[6].hidden = True
    book.save(folder / "urk_politie.xlsx")
    code, out, _ = run("--no-files")
    assert code == 0
    assert "hidden-row" in out
    assert "1 keer let op." in out


def test_the_summary_counts_per_severity_and_per_rule_with_its_title(faulty, run):
    _, out, _ = run("--quiet", "--no-files")
    assert "Matrix D6" not in out
    for rule, size in (("level-outside-scale", 2), ("not-a-level", 1), ("missing-workbook", 1)):
        line = next(line for line in out.splitlines() if rule in line)
        assert line.split()[0] == str(size)
        assert RULES[rule].title in line
    assert "4 fouten en 1 keer let op." in out


@pytest.mark.parametrize("width", [80, 120, 200])
def test_every_line_fits_its_terminal_and_has_no_sign_by_which_a_machine_shows(faulty, run, monkeypatch, width):
    """As in every page; columns are kept apart by spaces, and what a supplier wrote is quoted as it is."""
    monkeypatch.setenv("COLUMNS", str(width))
    _, out, _ = run("--no-files")
    assert max(map(len, out.splitlines())) <= width
    assert "Noordoostpolder politie" in " ".join(out.split())
    lines = [re.sub(r"“[^”]*”|\[[a-z-]+\]", "", line) for line in out.splitlines()]
    if width == 200:
        assert [one for one in faults(lines) if one[0] not in ("two spaces", "space before a sign")] == []


def test_json_is_one_array_with_exactly_the_agreed_keys(faulty, run):
    code, out, err = run("--json", "--no-files")
    assert code == 1
    assert err == ""
    findings = json.loads(out)
    assert {" ".join(found) for found in findings} == {
        "rule severity found allowed remedy file sheet cell line park_id indicator"
    }
    first = next(found for found in findings if found["cell"] == "D6")
    assert (first["rule"], first["severity"], first["file"], first["sheet"]) == (
        "level-outside-scale", "error", "urk_politie.xlsx", "Matrix",
    )  # fmt: skip
    assert (first["park_id"], first["indicator"]) == ("URK-02", "V02")
    missing = next(found for found in findings if found["rule"] == "missing-workbook")
    assert [missing[key] for key in ("sheet", "cell", "park_id", "indicator")] == [None] * 4


@pytest.mark.parametrize("options", [[], ["--json"], ["--quiet"]])
def test_the_text_of_a_remark_and_of_a_cell_that_may_be_one_is_never_said(faulty, run, options):
    code, out, err = run(*options)
    assert code == 1
    for secret in (SECRET, "busje", "weet ik niet zeker"):
        assert secret not in out + err


def test_files_are_written_unless_asked_not_to(faulty, run):
    folder = faulty.parents[2] / "output" / ROUND / "check"
    run("--no-files")
    assert not folder.exists()
    _, out, _ = run()
    assert "Om terug te sturen: output" in out
    assert "stand_van_zaken.html" in out
    assert sorted(path.name for path in folder.iterdir()) == [
        "stand_van_zaken.html", "urk_politie_bevindingen.html", "urk_politie_bevindingen.xlsx",
    ]  # fmt: skip


def test_some_municipalities_or_some_files(faulty, run):
    one, other = (faulty / f"{slug}_politie.xlsx" for slug in ("dronten", "urk"))
    for wanted in (["-m", "dronten"], ["--municipality", "dronten", "-m", "urk"], [one], [one, other]):
        assert run(*wanted, "--no-files")[0] == ("urk" in wanted or other in wanted), wanted


def test_another_round_is_meant_for_one_command_only(workspace, run):
    """Its workbooks and its place for what goes back; the round before it is the one that the parameters name before it."""
    assert "Ronde 2025-1: 12 risicomatrices gelezen." in run("--quiet", "--round", " 2025-1")[1]
    assert (workspace / "output" / "2025-1" / "check" / "stand_van_zaken.html").is_file()
    assert "Ronde 2026-1: 12 risicomatrices gelezen." in run("--quiet", "--no-files")[1]
    with in_workspace(workspace, "2025-1"):
        assert (load_parameters("urk").round, load_parameters("urk").earlier_round) == ("2025-1", "2024-1")
    assert (load_parameters("urk").round, load_parameters("urk").earlier_round) == ("2026-1", "2025-1")


@pytest.mark.parametrize("json_too", [False, True])
@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["urk_politie.xlsx"], "bedoelt u “data/matrices/2026-1/urk_politie.xlsx”?"),
        (["urk"], "urk is er niet. Bedoelt u “--municipality urk”?"),
        (["Urk"], "Urk is er niet. Bedoelt u “--municipality urk”?"),
        (["-m", "lelistad"], "Bedoelt u “lelystad”?"),
        (["--round", "2025"], "Ronde “2025” is er niet. Bedoelt u “2025-1”? Er zijn: 2024-1, 2025-1 en 2026-1."),
        (["-m", "urk", "data/matrices/2026-1/urk_politie.xlsx"], "Noem bestanden of gemeenten, niet allebei"),
        (["--jsn"], "bedoelt u “--json”?"),
    ],
)
def test_wrong_use_is_exit_code_2_on_stderr_only(workspace, run, arguments, message, json_too):
    code, out, err = run(*arguments, *(["--json"] if json_too else []))
    assert code == 2
    assert out == ""
    assert message in err
    assert "Traceback" not in err
