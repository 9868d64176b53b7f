"""What goes wrong in the police's workbook is for the analyst, not for the page of the municipality."""

import shutil

import pytest
from openpyxl import load_workbook

from werkbank.batch.runner import run_batch


@pytest.fixture
def damaged(demo_workspace, tmp_path, monkeypatch):
    """A level outside the scale in the police's workbook about Urk."""
    shutil.copytree(demo_workspace, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    path = tmp_path / "w" / "data" / "matrices" / "2026-1" / "urk_politie.xlsx"
    book = load_workbook(path)
    book["Matrix"]["C5"] = "7"
    book.save(path)
    return tmp_path / "w"


def test_the_analyst_is_told_whoever_it_is_for_and_the_municipalitys_pages_do_not_repeat_it(damaged):
    result = run_batch(damaged, ["urk"], audience="municipality")
    assert result.exit_code == 1
    assert [finding.cell for finding in result.outcomes[0].errors] == ["C5"]
    folder = damaged / "output" / "2026-1" / "municipality"
    assert "urk_politie" not in (folder / "urk" / "analyse.html").read_text()
    assert [path.name for path in folder.iterdir()] == ["urk"], "no page that names other municipalities"


def test_a_refusal_tells_its_reason_to_the_analyst_only(damaged):
    result = run_batch(damaged, ["urk"], audience="municipality", strict=True)
    assert "C5" in result.outcomes[0].reason
    assert result.index is None
    assert not (damaged / "output" / "2026-1" / "municipality").exists()


def test_without_the_police_nobody_says_that_their_judgements_count(damaged):
    (damaged / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    run_batch(damaged, ["urk"], audience="municipality")
    page = (damaged / "output" / "2026-1" / "municipality" / "urk" / "analyse.html").read_text()
    assert "De werkmap van de politie ontbreekt" in page
    assert "tellen mee" not in page
