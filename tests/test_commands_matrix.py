"""`werkbank matrix` makes a blank workbook per municipality and party, and says in Dutch what it did not make."""

import shutil

import openpyxl
import pytest

from werkbank.files.whole import hashes_of as hashes


@pytest.fixture
def workspace(own_workspace, monkeypatch):
    """A workspace of its own, with the terminal in it."""
    monkeypatch.chdir(own_workspace)
    return own_workspace


def names(folder):
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("folder", ["data", "data/matrices/2026-1", "output/../data/x"])
def test_no_blank_workbook_ever_lands_among_what_came_in(folder, workspace, run):
    """It would be read as a return, or stand in the way of a new example."""
    before = hashes(workspace / "data")
    code, out, err = run("matrix", "--folder", folder)
    assert (code, out) == (2, "")
    assert "De map data is voor wat ingevuld terugkomt. Kies een andere map, zoals output/verzenden." in err
    assert hashes(workspace / "data") == before


def test_without_options_every_municipality_gets_one_for_every_party(workspace, run):
    """They stand apart from what came in, which is not touched."""
    before = hashes(workspace / "data")
    code, out, err = run("matrix")
    assert (code, err) == (0, "")
    made = names(workspace / "output" / "2026-1" / "matrices")
    assert len(made) == 12
    assert {"almere_gemeente.xlsx", "urk_politie.xlsx"} <= set(made)
    assert "output/2026-1/matrices/almere_politie.xlsx: 31 terreinen, 35 indicatoren" in out
    assert out.endswith("12 lege werkmappen gemaakt voor ronde 2026-1.\n")
    assert hashes(workspace / "data") == before


@pytest.mark.parametrize("word", ["politie", "police", "Politie"])
def test_a_party_is_named_as_in_the_files_or_by_its_code(workspace, run, word):
    code, out, _ = run("matrix", "-m", "urk", "-m", "zeewolde", "--party", word, "--folder", "weg")
    assert code == 0
    assert names(workspace / "weg") == ["urk_politie.xlsx", "zeewolde_politie.xlsx"]
    assert "2 lege werkmappen gemaakt" in out


def test_another_round_has_a_folder_and_a_mark_of_its_own_and_what_it_makes_is_as_fictional_as_the_district(
    workspace, run
):
    assert run("matrix", "-m", "urk", "-p", "gemeente", "--round", "2027-1")[0] == 0
    book = openpyxl.load_workbook(workspace / "output" / "2027-1" / "matrices" / "urk_gemeente.xlsx")
    schema = dict(book["Schema"].iter_rows(max_col=2, values_only=True))
    assert (schema["round"], schema["fictional"]) == ("2027-1", "ja")


def test_one_that_is_filled_in_stays_and_stops_no_other(workspace, run):
    folder = workspace / "retour"
    shutil.copytree(workspace / "data" / "matrices" / "2026-1", folder)
    before = hashes(folder)
    (folder / "urk_gemeente.xlsx").unlink()
    code, out, err = run("matrix", "-m", "urk", "--folder", str(folder))
    assert code == 1
    assert "urk_politie.xlsx blijft zoals hij is: hierin is al gewerkt" in err
    assert "1 lege werkmap gemaakt" in out
    del before["urk_gemeente.xlsx"]
    assert before.items() <= hashes(folder).items()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-m", "urkk"], "Bedoelt u “urk”?"),
        (["-p", "polite"], "Bedoelt u “politie”?"),
        (["-p", "omgevingsdienst"], "Er zijn: politie en gemeente."),
        (["--round", "2027 1"], "2027 1"),
    ],
)
def test_what_is_not_known_is_refused_before_anything_is_made(workspace, run, arguments, message):
    code, _, err = run("matrix", *arguments)
    assert code == 2
    assert message in err
    assert not (workspace / "output").exists()
