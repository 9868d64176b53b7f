"""The report takes prose, sections and figures from an executed notebook, and nothing else."""

import copy

import pytest
from nbformat import v4

import werkbank as wb
from werkbank.errors import OutputError


@pytest.fixture
def with_cell(executed):
    def added(assessment, cell):
        notebook = executed(assessment)
        notebook.cells.append(cell)
        return notebook

    return added


def test_the_same_notebook_gives_the_same_bytes_and_is_left_as_it_was(urk, urk_html, executed):
    notebook = executed(urk)
    before = copy.deepcopy(notebook)
    assert wb.report.render_html(notebook, urk) == urk_html
    assert notebook == before


def test_a_report_from_specs_alone_shows_the_same_pictures(urk, urk_html, monkeypatch, executed):
    """Kernels of a batch hand over specs only; one process draws them afterwards."""
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    notebook = executed(urk)
    assert "image/svg+xml" not in str(notebook)
    assert wb.report.render_html(notebook, urk) == urk_html


def test_no_code_no_paths_no_counts_no_streams_no_metadata(urk, urk_html, executed, without_scripts, demo_workspace):
    notebook = executed(urk)
    notebook.metadata["papermill"] = {"output_path": "/geheim/pad", "version": "papermill-versie"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 4711
            cell.outputs.append(v4.new_output("stream", name="stderr", text="/geheim/pad"))
            cell.outputs.append(v4.new_output("error", ename="E", evalue="/geheim/pad", traceback=["/geheim/pad"]))
    html = wb.report.render_html(notebook, urk)
    assert html == urk_html
    for text in ("import werkbank", "assess(", "notebook-only", "4711", "/geheim/pad", "papermill"):
        assert text not in without_scripts(html)
    assert "Kies hieronder de gemeente" not in urk_html
    assert "Kern en advies" in urk_html
    assert str(demo_workspace) not in urk_html
    assert "/work/" not in urk_html
    assert "/tmp/" not in urk_html


def test_an_output_that_werkbank_did_not_make_stays_out_and_active_prose_is_refused(urk, urk_html, with_cell):
    """An output that only says that werkbank made it is still looked through."""
    foreign = v4.new_code_cell(outputs=[v4.new_output("execute_result", data={"text/html": "<p>vreemd</p>"})])
    assert "vreemd" not in wb.report.render_html(with_cell(urk, foreign), urk)
    data = {"text/html": "<script>alert(1)</script>"}
    forged = v4.new_code_cell(outputs=[v4.new_output("display_data", data=data, metadata={"werkbank": "section"})])
    with pytest.raises(OutputError):
        wb.report.render_html(with_cell(urk, forged), urk)
    with pytest.raises(OutputError, match="gebeurtenis"):
        wb.report.render_html(with_cell(urk, v4.new_markdown_cell('<b onclick="x()">a</b>')), urk)
