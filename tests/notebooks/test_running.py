"""Notebooks run in a kernel from top to bottom: the analysis becomes a report, exploring shows each reader its own."""

import shutil
from pathlib import Path

import nbclient
import nbformat
import pytest

import werkbank as wb

ROOT = Path(__file__).parents[2]


def executed(name, folder=None, **values):
    """The notebook as it is after running with these parameters."""
    notebook = nbformat.read(ROOT / "notebooks" / f"{name}.ipynb", as_version=4)
    (cell,) = [one for one in notebook.cells if "parameters" in one.metadata.get("tags", [])]
    cell.source = "\n".join([cell.source, *(f"{key} = {value!r}" for key, value in values.items())])
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(folder or ROOT)}}).execute()
    return notebook


def test_an_analysis_becomes_a_report(demo_workspace, tmp_path, monkeypatch):
    """Every section and figure comes out, the assessment is saved, and the page holds what the kernel made."""
    workspace = tmp_path / "w"
    shutil.copytree(demo_workspace, workspace)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    notebook = executed("analyse", tmp_path, municipality="urk", output_folder="uit")
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert sum("werkbank" in output.get("metadata", {}) for output in outputs) == 22
    assessment = wb.assess("urk")
    assert (workspace / "uit" / "assessment.json").read_text(encoding="utf-8") == assessment.to_json()
    html = wb.report.render_html(notebook, assessment)
    assert assessment.advice.sentence in html
    assert html.count('<figure class="chart">') == 7


def outputs_for(audience):
    return {one.id: one.outputs for one in executed("verkennen", audience=audience).cells if one.cell_type == "code"}


@pytest.fixture(scope="module")
def riec(demo_workspace):
    return outputs_for("riec")


@pytest.fixture(scope="module")
def municipality(demo_workspace):
    return outputs_for("municipality")


def test_every_cell_runs_and_shows_something_in_html_or_as_a_picture_with_words_beside_it(riec):
    silent = {"import", "parameters", "save", "note"}
    assert {name for name, outputs in riec.items() if not outputs} == silent
    assert not [one for outputs in riec.values() for one in outputs if one.output_type in {"error", "stream"}]
    for name in ("load", "assess", "known", "heat", "certainty", "explain", "agreement", "compare", "own"):
        data = riec[name][-1].data
        assert "text/html" in data, name
        assert data["text/plain"].strip(), name
    assert "image/svg+xml" in riec["ranking"][0].data
    assert "application/vnd.jupyter.widget-view+json" in riec["what-if"][0].data


def test_it_writes_nothing_by_itself(riec, demo_workspace):
    """The note is behind a comment sign, and without a folder nothing is saved."""
    assert "Hier staat er geen." in str(riec["notes"])
    assert not (demo_workspace / "output").exists()


def test_the_municipality_sees_no_police_cell(municipality):
    assert not [one for outputs in municipality.values() for one in outputs if one.output_type == "error"]
    judgements, what_if = str(municipality["judgements"]), str(municipality["what-if"])
    assert not {word for word in ("politie", "police") if word in judgements}
    assert "urk_politie" not in str(list(municipality.values()))
    assert "deelscores staan hier niet in" in what_if or "widget-view" in what_if
