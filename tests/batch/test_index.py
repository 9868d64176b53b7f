"""The index of a round says how every analysis stands: made and why, kept, changed since, failed, never made."""

import datetime as dt
import re

import pytest

import werkbank as wb
from werkbank.batch.index import Row, write_index
from werkbank.batch.manifest import Record
from werkbank.batch.outcome import Outcome
from werkbank.batch.shown import figures_of

TODAY = dt.date(2026, 3, 4)


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    return assessed("urk")


def record(assessment, **more):
    fields = {
        "parts": {}, "inputs": {}, "outputs": {"analyse.html": "", "scores.xlsx": ""}, "made": "2026-03-03", "seed": 1,
        "fictional": True, "seconds": 1.0, "why": ("de methode is veranderd",), "differs": ("Geen verschil.",),
        "errors": (), "shown": figures_of(assessment),
    }  # fmt: skip
    return Record(**{**fields, **more})


def row(tmp_path, one, audience="riec"):
    """The text of the only row of the index."""
    parameters = wb.load_parameters("urk", audience=audience, output=tmp_path)
    html = write_index([one], parameters, today=TODAY).read_text(encoding="utf-8")
    (cut,) = [part.split("</tr>")[0] for part in html.split("<tr>")[2:]]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", cut)).strip()


def test_what_was_never_made_stands_in_it(tmp_path, urk):
    assert "Urk nog niet gemaakt" in row(tmp_path, Row("urk", "Urk", None, None))


def test_what_was_made_says_why_and_what_differs(tmp_path, urk):
    told = row(tmp_path, Row("urk", "Urk", Outcome("urk", "made"), record(urk)))
    assert "Urk (fictief) gemaakt Reden: de methode is veranderd. Geen verschil." in told


def test_what_was_not_made_anew_shows_the_day_it_was_made(tmp_path, urk):
    told = row(tmp_path, Row("urk", "Urk", None, record(urk)))
    assert "niet opnieuw gemaakt Er is niets veranderd." in told
    assert "03-03-2026" in told
    assert "Reden" not in told


def test_both_shares_and_the_parks_of_which_enough_is_known(tmp_path, urk):
    told, parks = row(tmp_path, Row("urk", "Urk", None, record(urk))), urk.parks
    enough = (parks[["coverage", "two_sided"]].min(axis=1) >= 0.6666).sum()
    assert f" {len(parks)} {enough} " in told
    assert f"{parks['two_sided'].mean():.0%}" in told


def test_what_changed_since_is_named(tmp_path, urk):
    told = row(tmp_path, Row("urk", "Urk", None, record(urk), ("de werkmap van de politie is veranderd",)))
    assert "Sindsdien: de werkmap van de politie is veranderd." in told


def test_a_failure_leads_to_the_analysis_that_still_stands_there(tmp_path, urk):
    told = row(tmp_path, Row("urk", "Urk", Outcome("urk", "failed", "Er ontbreekt iets."), record(urk)))
    assert "mislukt Er ontbreekt iets. De vorige analyse van 3 maart 2026 staat er nog." in told
    assert "cijfers" in told


def test_a_missing_workbook_is_in_the_row_of_its_municipality(tmp_path, demo_workspace, monkeypatch):
    """Half a picture was a green row like any other."""
    import shutil

    shutil.copytree(demo_workspace, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    (tmp_path / "w" / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    told = row(tmp_path, Row("urk", "Urk", Outcome("urk", "made"), record(wb.assess("urk"))))
    assert "1 fout: de werkmap van de politie ontbreekt" in told


def test_nothing_that_every_municipality_could_read_names_the_others(tmp_path, urk):
    """The highest park of every municipality is for the RIEC: no index for the municipalities, and none left over."""
    parameters = wb.load_parameters("urk", audience="municipality", output=tmp_path)
    folder = parameters.output_folder.parent
    folder.mkdir(parents=True)
    (folder / "index.html").write_text("of an earlier version")
    assert write_index([], parameters, today=TODAY) is None
    assert list(folder.iterdir()) == []
