"""Every notebook is thin: it imports only werkbank, holds no logic and no outputs, and says in prose what it does."""

import ast
from pathlib import Path

import nbformat
import pytest

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))
LOGIC = (
    ast.FunctionDef,
    ast.ClassDef,
    ast.Lambda,
    ast.Try,
    ast.For,
    ast.While,
    ast.With,
    ast.If,
    ast.ListComp,
    ast.DictComp,
)


@pytest.fixture(params=NAMES)
def notebook(request):
    return nbformat.read(FOLDER / f"{request.param}.ipynb", as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebooks_of_the_design_are_there():
    assert {"analyse", "monitor", "projectplan", "verkennen"} <= set(NAMES)


def test_git_keeps_these_notebooks_and_no_other():
    """One that was run, anywhere in the checkout, holds judgements."""
    lines = (FOLDER.parent / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "*.ipynb" in lines
    assert {f"!/notebooks/{name}.ipynb" for name in NAMES} <= set(lines)
    assert not [line for line in lines if line.startswith("!") and "*" in line]


def test_no_outputs_are_stored(notebook):
    assert all(cell.outputs == [] and cell.execution_count is None for cell in code(notebook))


def test_metadata_are_what_papermill_needs_and_our_own_mark(notebook):
    assert set(notebook.metadata) == {"kernelspec", "language_info", "werkbank"}


def test_only_werkbank_is_imported(notebook):
    imports = [
        line for cell in code(notebook) for line in cell.source.splitlines() if line.startswith(("import", "from"))
    ]
    assert imports == ["import werkbank as wb"]


def test_there_is_no_logic(notebook):
    for cell in code(notebook):
        assert not [node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, LOGIC)], cell.id


def test_one_cell_holds_the_parameters_as_literals(notebook):
    (cell,) = [cell for cell in code(notebook) if "parameters" in cell.metadata.get("tags", [])]
    for statement in ast.parse(cell.source).body:
        assert isinstance(statement, ast.Assign)
        ast.literal_eval(statement.value)


def test_a_sentence_of_prose_stands_before_every_cell(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    assert kinds[0] == "markdown"
    assert all(before == "markdown" for before, kind in zip(kinds, kinds[1:], strict=False) if kind == "code")
