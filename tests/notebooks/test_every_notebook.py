"""Every notebook is thin: it imports only werkbank, holds no logic and no outputs, and says in prose what it does."""

import ast
import re
from itertools import pairwise
from pathlib import Path

import nbformat
import pytest

from werkbank.report.plan import PLAN_CHAPTERS

FOLDER = Path(__file__).parents[2] / "notebooks"
NOTHING = {"municipality": "almere", "audience": "riec", "output_folder": ""}
PARAMETERS = {
    "analyse": NOTHING,
    "besluiten": {"municipality": "almere"},
    "dashboard": {"bundle": ""},
    "district": NOTHING,
    "exemplaar": {**NOTHING, "audience": "steering"},
    "monitor": NOTHING,
    "projectplan": {**NOTHING, "park": ""},
    "verkennen": {**NOTHING, "municipality": "urk"},
}
LOGIC = (
    ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda, ast.Try, ast.For, ast.While, ast.With, ast.If,
    ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip


@pytest.fixture(params=PARAMETERS)
def name(request):
    return request.param


@pytest.fixture
def notebook(name):
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def test_git_keeps_these_notebooks_and_no_other():
    """One that was run, anywhere in the checkout, holds judgements."""
    assert {path.stem for path in FOLDER.glob("*.ipynb")} == set(PARAMETERS)
    lines = (FOLDER.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "*.ipynb" in lines
    assert {line for line in lines if line.startswith("!")} >= {f"!/notebooks/{name}.ipynb" for name in PARAMETERS}
    assert not [line for line in lines if line.startswith("!") and "*" in line]


def test_it_is_valid_and_keeps_what_papermill_needs_and_its_own_name(notebook, name):
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    assert notebook.metadata.language_info == {"name": "python"}
    assert notebook.metadata.werkbank == {"notebook": name}
    assert set(notebook.metadata) == {"kernelspec", "language_info", "werkbank"}
    cells = [cell.id for cell in notebook.cells]
    assert len(set(cells)) == len(cells)
    assert all(re.fullmatch("[a-z-]+", one) for one in cells)


def test_it_holds_no_outputs_and_no_logic_and_imports_only_werkbank(notebook, name):
    """A sentence of prose stands before every code cell; one holds the parameters as literals, the last saves or shows."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code)
    assert [line for cell in code for line in cell.source.splitlines() if "import" in line] == ["import werkbank as wb"]
    assert not [cell.id for cell in code for node in ast.walk(ast.parse(cell.source)) if isinstance(node, LOGIC)]
    (cell,) = [cell for cell in code if "parameters" in cell.metadata.get("tags", [])]
    found = {node.targets[0].id: ast.literal_eval(node.value) for node in ast.parse(cell.source).body}
    assert found == PARAMETERS[name]
    for before, cell in pairwise(notebook.cells):
        if cell.cell_type == "code":
            assert before.cell_type == "markdown", cell.id
            assert before.source.rstrip().endswith((".", "?")), before.id
    whose = {"district": "district", "monitor": "rounds"}.get(name, "assessment")
    shown = {"dashboard": "wb.dashboard.show(bundle)", "besluiten": "wb.dashboard.decide(municipality)"}
    assert code[-1].source == shown.get(name, f"{whose}.save(output_folder)")


def test_the_project_plan_shows_the_summary_and_every_chapter_in_order():
    cells = nbformat.read(FOLDER / "projectplan.ipynb", as_version=4).cells
    assert [cell.source for cell in cells if cell.source.startswith("wb.report.")] == [
        "wb.report.plan_summary(plan)",
        *(f'wb.report.plan_chapter(plan, "{one}")' for one in PLAN_CHAPTERS),
    ]
