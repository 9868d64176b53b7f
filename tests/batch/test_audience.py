"""What goes wrong in the police's workbook is for the analyst, not for the page of the municipality."""

import pytest
from openpyxl import load_workbook

from werkbank.batch.runner import run_batch


@pytest.fixture
def damaged(own_workspace):
    """A level outside the scale in the police's workbook about Urk."""
    path = own_workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx"
    book = load_workbook(path)
    book["Matrix"]["C5"] = "7"
    book.save(path)
    return own_workspace


def test_the_analyst_is_told_whoever_it_is_for_and_the_municipalitys_pages_do_not_repeat_it(damaged):
    result = run_batch(damaged, ["urk"], audience="municipality")
    assert result.exit_code == 1
    assert [finding.cell for finding in result.outcomes[0].errors] == ["C5"]
    folder = damaged / "output" / "2026-1" / "municipality"
    assert "urk_politie" not in (folder / "urk" / "analyse.html").read_text()
    assert [path.name for path in folder.iterdir()] == ["urk"], "no page that names other municipalities"


def test_a_refusal_tells_its_reason_to_the_analyst_only(damaged):
    """And without the police nobody says that their judgements count."""
    result = run_batch(damaged, ["urk"], audience="municipality", strict=True)
    assert "C5" in result.outcomes[0].reason
    assert result.index is None
    assert not (damaged / "output" / "2026-1" / "municipality").exists()
    (damaged / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    run_batch(damaged, ["urk"], audience="municipality")
    page = (damaged / "output" / "2026-1" / "municipality" / "urk" / "analyse.html").read_text()
    assert "De werkmap van de politie ontbreekt" in page
    assert "tellen mee" not in page
