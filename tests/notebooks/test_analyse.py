"""The notebook of the analysis is thin, says what it does, and runs."""

import ast
import re
import shutil
from itertools import pairwise
from pathlib import Path

import nbclient
import nbformat
import pytest

import werkbank as wb

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "analyse.ipynb"
FORBIDDEN = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Try, ast.For, ast.While, ast.With, ast.If,
    ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


@pytest.fixture(scope="module")
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_it_is_a_valid_notebook_with_stable_cell_names(notebook):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    names = [cell.id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z-]+", name) for name in names)


def test_it_keeps_the_metadata_that_papermill_needs_and_its_own_name(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.werkbank == {"notebook": "analyse"}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "werkbank"}


def test_it_holds_no_outputs(code):
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)


def test_it_imports_only_werkbank(code):
    imports = [line for cell in code for line in cell.source.splitlines() if "import" in line]
    assert imports == ["import werkbank as wb"]


def test_it_has_no_logic_of_its_own(code):
    for cell in code:
        assert not any(isinstance(node, FORBIDDEN) for node in ast.walk(ast.parse(cell.source))), cell.id


def test_one_cell_holds_the_parameters_as_literals(code):
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(tagged[0].source).body}
    assert names == {"municipality": "almere", "audience": "riec", "output_folder": ""}


def test_a_sentence_of_prose_stands_before_every_code_cell(notebook):
    cells = notebook.cells
    for before, cell in pairwise(cells):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.id
            assert before.source.rstrip().endswith("."), before.id


def test_the_last_cell_saves(code):
    assert code[-1].source == "assessment.save(output_folder)"


def test_it_runs_in_a_kernel_and_becomes_a_report(demo_workspace, tmp_path, monkeypatch):
    """Every section and figure comes out, the assessment is saved, and the page holds what the kernel made."""
    workspace = tmp_path / "w"
    shutil.copytree(demo_workspace, workspace)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    monkeypatch.setenv("PYTHONPATH", str(NOTEBOOK.parents[1]))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    cell = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    cell.source = 'municipality = "urk"\naudience = "riec"\noutput_folder = "uit"'
    nbclient.NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()

    marked = [
        output
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if "werkbank" in output.get("metadata", {})
    ]
    assert len(marked) == 23
    assessment = wb.assess("urk")
    assert (workspace / "uit" / "assessment.json").read_text(encoding="utf-8") == assessment.to_json()
    html = wb.report.render_html(notebook, assessment)
    assert assessment.advice.sentence in html
    assert html.count('<figure class="chart">') == 8
