"""The notebook of the project plan is thin, says what it does, and shows every chapter."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from werkbank.report.plan import PLAN_CHAPTERS

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "projectplan.ipynb"
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
    names = [cell.id for cell in notebook.cells]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch("[a-z-]+", name) for name in names)


def test_it_keeps_the_metadata_that_papermill_needs_and_its_own_name(notebook):
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.werkbank == {"notebook": "projectplan"}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "werkbank"}


def test_it_holds_no_outputs_and_no_logic_and_imports_only_werkbank(code):
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert [line for cell in code for line in cell.source.splitlines() if "import" in line] == ["import werkbank as wb"]
    for cell in code:
        assert not any(isinstance(node, FORBIDDEN) for node in ast.walk(ast.parse(cell.source))), cell.id


def test_one_cell_holds_the_parameters_as_literals(code):
    tagged = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    assert len(tagged) == 1
    names = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(tagged[0].source).body}
    assert names == {"municipality": "almere", "audience": "riec", "park": "", "output_folder": ""}


def test_a_sentence_of_prose_stands_before_every_code_cell(notebook):
    for before, cell in pairwise(notebook.cells):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.id
            assert before.source.rstrip().endswith("."), before.id


def test_it_shows_the_summary_and_every_chapter_in_order_and_saves_last(code):
    shown = [cell.source for cell in code if cell.source.startswith("wb.report.")]
    assert shown == [
        "wb.report.plan_summary(plan)",
        *(f'wb.report.plan_chapter(plan, "{one}")' for one in PLAN_CHAPTERS),
    ]
    assert code[-1].source == "assessment.save(output_folder)"
