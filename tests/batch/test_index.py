"""The index of a round says how every analysis stands by now: made, not made anew, changed since, failed, never made."""

import datetime as dt
import re
import shutil
from pathlib import Path

import pytest

import werkbank as wb
from werkbank.batch.freshness import changed_since, day_made
from werkbank.batch.index import write_index
from werkbank.batch.outcome import Outcome

TODAY = dt.date(2026, 3, 4)
EARLIER = dt.date(2026, 3, 3)


@pytest.fixture(scope="module")
def _made(demo_workspace, tmp_path_factory):
    """A workspace in which Urk and Zeewolde were analysed the day before; made once."""
    workspace = tmp_path_factory.mktemp("index") / "w"
    shutil.copytree(demo_workspace, workspace)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        for slug in ("urk", "zeewolde"):
            put(wb.assess(slug), workspace)
    return workspace


def put(assessment, workspace):
    folder = workspace / "output" / "2026-1" / "riec" / assessment.parameters.municipality
    folder.mkdir(parents=True, exist_ok=True)
    assessment.save(folder)
    (folder / "analyse.html").write_text(f'<meta name="werkbank-made" content="{EARLIER}">')
    (folder / "scores.xlsx").touch()


@pytest.fixture
def workspace(_made, tmp_path, monkeypatch):
    shutil.copytree(_made, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    return tmp_path / "w"


def rows(workspace, *outcomes, audience="riec"):
    """The text of every row of the index, by the name it begins with."""
    written = write_index(workspace, {one.municipality: one for one in outcomes}, audience, today=TODAY)
    html = written.read_text(encoding="utf-8")
    cut = [row.split("</tr>")[0] for row in html.split("<tr>")[2:]]
    told = [re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", row)).strip() for row in cut]
    return {row.split()[0]: row for row in told}


def test_every_municipality_stands_in_it_also_those_never_analysed(workspace):
    found = rows(workspace)
    assert len(found) == 6
    assert "nog niet gemaakt" in found["Almere"]
    assert "niet opnieuw gemaakt" in found["Urk"]


def test_what_was_not_made_anew_shows_the_day_it_was_made(workspace):
    assert "03-03-2026" in rows(workspace)["Urk"]


def test_both_shares_and_the_parks_of_which_enough_is_known(workspace):
    parks = wb.assess("urk").parks
    enough = (parks[["coverage", "two_sided"]].min(axis=1) >= 0.6666).sum()
    assert f" {len(parks)} {enough} " in rows(workspace)["Urk"]
    assert f"{parks['two_sided'].mean():.0%}" in rows(workspace)["Urk"]


def test_an_edited_workbook_is_noticed_without_analysing_anew(workspace):
    path = workspace / "data" / "matrices" / "2026-1" / "urk_gemeente.xlsx"
    path.write_bytes(path.read_bytes() + b" ")
    found = rows(workspace)
    assert "Sindsdien veranderd: de werkmappen." in found["Urk"]
    assert "veranderd" not in found["Zeewolde"]


def test_another_method_is_noticed_in_every_row(workspace):
    path = workspace / "parameters" / "district.yaml"
    path.write_text(path.read_text().replace("seed: 2018", "seed: 1"))
    found = rows(workspace)
    assert "Sindsdien veranderd: de methode." in found["Urk"]
    assert "Sindsdien veranderd: de methode." in found["Zeewolde"]


def test_other_parameters_and_another_catalogue_are_noticed(workspace):
    kept = wb.Assessment.load(workspace / "output" / "2026-1" / "riec" / "urk")
    assert changed_since(kept, wb.load_parameters("urk")) == ""
    assert changed_since(kept, wb.load_parameters("urk", capacity=2)) == "de parameters"
    shutil.copytree(Path(wb.__file__).parent / "catalogue", workspace / "own")
    path = workspace / "own" / "indicators.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Hennepkwekerij", "Hennep"), encoding="utf-8")
    told = changed_since(kept, wb.load_parameters("urk", catalogue="own"))
    assert told == "de parameters en de catalogus"


def test_a_failure_leads_to_the_analysis_that_still_stands_there(workspace):
    html = write_index(
        workspace, {"urk": Outcome("urk", None, "Er ontbreken werkmappen: urk_politie.xlsx.")}, "riec", today=TODAY
    ).read_text(encoding="utf-8")
    row = next(part for part in html.split("<tr") if "Urk" in part)
    assert "De vorige analyse van 3 maart 2026 staat er nog." in row
    assert "Er ontbreken werkmappen" in row
    assert 'href="urk/analyse.html"' in row


def test_a_municipality_whose_parameters_cannot_be_read_keeps_its_row(workspace):
    (workspace / "parameters" / "urk.yaml").write_text("municipality: urk\nkode: x\n")
    assert "De vorige analyse" in rows(workspace, Outcome("urk", None, "De parameters kloppen niet:"))["Urk"]
    assert "Sindsdien veranderd: de parameters." in rows(workspace)["Urk"]


def test_a_missing_workbook_is_in_the_row_of_its_municipality(workspace):
    """Half a picture was a green row like any other."""
    (workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    assessment = wb.assess("urk")
    assert "1 fout: de werkmap van de politie ontbreekt" in rows(workspace, Outcome("urk", assessment))["Urk"]


def test_nothing_that_every_municipality_could_read_names_the_others(workspace):
    """The highest park of every municipality is for the RIEC: no index for the municipalities, and none left over."""
    folder = workspace / "output" / "2026-1" / "municipality"
    folder.mkdir()
    (folder / "index.html").write_text("of an earlier version")
    assert write_index(workspace, {}, "municipality", today=TODAY) is None
    assert list(folder.iterdir()) == []


def test_a_page_that_does_not_say_when_it_was_made_has_no_day(tmp_path):
    assert day_made(tmp_path) is None
    (tmp_path / "analyse.html").write_text("<html>")
    assert day_made(tmp_path) is None
    (tmp_path / "analyse.html").write_bytes(b"\xff\xfe")
    assert day_made(tmp_path) is None
