"""One assessment of the fictional district for all tests of the report, and the notebook as if it had been run."""

import re
from pathlib import Path

import nbformat
import pytest
from nbformat import v4

import werkbank as wb

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "analyse.ipynb"
CALL = re.compile(r"wb\.report\.(\w+)\(assessment\)")


@pytest.fixture(scope="module", autouse=True)
def _workspace(demo_workspace):
    """Every test here works in the fictional district."""


@pytest.fixture(scope="session")
def executed():
    """Makes the notebook with the outputs its cells give, without starting a kernel."""
    return _executed


def _executed(assessment):
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    for cell in notebook.cells:
        call = CALL.fullmatch(cell.source) if cell.cell_type == "code" else None
        if call:
            data, metadata = getattr(wb.report, call[1])(assessment)._repr_mimebundle_()
            cell.outputs = [v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)]
    return notebook


@pytest.fixture(scope="module")
def urk(demo_workspace):
    """Four parks; both parties delivered."""
    return wb.assess("urk")


@pytest.fixture(scope="module")
def almere(demo_workspace):
    """31 parks, one of which has no score."""
    return wb.assess("almere")


SCRIPT = re.compile(r"<script.*?</script>\n?", re.DOTALL)


@pytest.fixture(scope="session")
def without_scripts():
    """A page without the two scripts and the data that make its charts alive."""
    return lambda html: SCRIPT.sub("", html)


@pytest.fixture(scope="module")
def urk_html(urk):
    return wb.report.render_html(_executed(urk), urk)
