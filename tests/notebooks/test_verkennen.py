"""The notebook to explore with runs from top to bottom for every audience, and shows each only what it may see."""

from pathlib import Path

import nbclient
import nbformat
import pytest

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "verkennen.ipynb"


def executed(audience):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    (cell,) = [one for one in notebook.cells if "parameters" in one.metadata.get("tags", [])]
    cell.source = cell.source.replace('"riec"', f'"{audience}"')
    nbclient.NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return {one.id: one.outputs for one in notebook.cells if one.cell_type == "code"}


@pytest.fixture(scope="module")
def riec(demo_workspace):
    return executed("riec")


@pytest.fixture(scope="module")
def municipality(demo_workspace):
    return executed("municipality")


def shown(outputs):
    return str(outputs)


def test_every_cell_runs_and_shows_something(riec):
    silent = {"import", "parameters", "save", "note"}
    assert {name for name, outputs in riec.items() if not outputs} == silent
    assert not [one for outputs in riec.values() for one in outputs if one.output_type in {"error", "stream"}]


def test_what_is_shown_is_html_or_a_picture_with_words_beside_it(riec):
    for name in ("load", "assess", "known", "heat", "certainty", "explain", "agreement", "compare", "own"):
        data = riec[name][-1].data
        assert "text/html" in data, name
        assert data["text/plain"].strip(), name
    assert "image/svg+xml" in riec["ranking"][0].data


def test_what_if_is_a_widget(riec):
    assert "application/vnd.jupyter.widget-view+json" in riec["what-if"][0].data


def test_it_writes_nothing_by_itself(riec, demo_workspace):
    """The note is behind a comment sign, and without a folder nothing is saved."""
    assert "Hier staat er geen." in shown(riec["notes"])
    assert not (demo_workspace / "output").exists()


def test_the_municipality_sees_no_police_cell(municipality):
    assert not [one for outputs in municipality.values() for one in outputs if one.output_type == "error"]
    assert "politie" not in shown(municipality["judgements"])
    assert "police" not in shown(municipality["judgements"])
    assert "urk_politie" not in shown(list(municipality.values()))
    assert "deelscores staan hier niet in" in shown(municipality["what-if"]) or "widget-view" in shown(
        municipality["what-if"]
    )
