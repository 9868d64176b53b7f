"""The notebook for exploring runs in a kernel from top to bottom, and shows each reader its own."""

from pathlib import Path

import nbclient
import nbformat

ROOT = Path(__file__).parents[2]


def outputs_for(audience, name="verkennen"):
    """Per code cell what it shows this audience."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    (cell,) = [one for one in notebook.cells if "parameters" in one.metadata.get("tags", [])]
    cell.source += f"\naudience = {audience!r}"
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(ROOT)}}).execute()
    return {one.id: one.outputs for one in notebook.cells if one.cell_type == "code"}


def test_every_cell_runs_and_shows_something_in_html_or_as_a_picture_with_words_beside_it(demo_workspace):
    """It writes nothing by itself: the note is behind a comment sign, and without a folder nothing is saved."""
    riec = outputs_for("riec")
    silent = {"import", "parameters", "save", "note"}
    assert {name for name, outputs in riec.items() if not outputs} == silent
    assert not [one for outputs in riec.values() for one in outputs if one.output_type in {"error", "stream"}]
    for name in ("load", "assess", "known", "heat", "certainty", "explain", "agreement", "compare", "own"):
        data = riec[name][-1].data
        assert "text/html" in data, name
        assert data["text/plain"].strip(), name
    assert "image/svg+xml" in riec["ranking"][0].data
    assert "application/vnd.jupyter.widget-view+json" in riec["what-if"][0].data
    assert "Hier staat er geen." in str(riec["notes"])
    assert not (demo_workspace / "output").exists()


def test_the_municipality_sees_no_police_cell(demo_workspace):
    municipality = outputs_for("municipality")
    assert not [one for outputs in municipality.values() for one in outputs if one.output_type == "error"]
    judgements, what_if = str(municipality["judgements"]), str(municipality["what-if"])
    assert not {word for word in ("politie", "police") if word in judgements}
    assert "urk_politie" not in str(list(municipality.values()))
    assert "deelscores staan hier niet in" in what_if or "widget-view" in what_if


def test_the_notebook_for_decisions_shows_its_forms_and_keeps_nothing_of_them(demo_workspace):
    (shown,) = outputs_for("riec", "besluiten")["show"]
    assert shown.data.keys() == {"text/plain", "application/vnd.jupyter.widget-view+json"}
    assert shown.data["text/plain"] == "Besluiten vastleggen"
