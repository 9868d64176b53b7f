"""What goes wrong in the police's workbook is for the analyst, not for the page of the municipality."""

from openpyxl import load_workbook

from werkbank.batch.runner import run_batch


def test_the_analyst_is_told_whoever_it_is_for_and_the_municipalitys_pages_do_not_repeat_it(own_workspace):
    """A level outside the scale; then no workbook at all, and without the police nobody says that they count."""
    path, folder = own_workspace / "data/matrices/2026-1/urk_politie.xlsx", own_workspace / "output/2026-1/municipality"
    book = load_workbook(path)
    book["Matrix"]["C5"] = "7"
    book.save(path)
    refused = run_batch(own_workspace, ["urk"], audience="municipality", strict=True)
    assert "C5" in refused.outcomes[0].reason
    assert refused.index is None
    assert not folder.exists()
    result = run_batch(own_workspace, ["urk"], audience="municipality")
    assert result.exit_code == 1
    assert [finding.cell for finding in result.outcomes[0].errors] == ["C5"]
    assert "urk_politie" not in (folder / "urk" / "analyse.html").read_text()
    assert [path.name for path in folder.iterdir()] == ["urk"], "no page that names other municipalities"
    path.unlink()
    run_batch(own_workspace, ["urk"], audience="municipality")
    page = (folder / "urk" / "analyse.html").read_text()
    assert "De werkmap van de politie ontbreekt" in page
    assert "tellen mee" not in page
