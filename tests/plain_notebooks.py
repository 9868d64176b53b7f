"""A notebook with the outputs its cells give, without starting a kernel."""

import re
from operator import attrgetter
from pathlib import Path
from types import SimpleNamespace

import nbformat
from nbformat import v4

import werkbank as wb

FOLDER = Path(__file__).parents[1] / "notebooks"
CALL = re.compile(r'wb\.report\.(\w+)\(([\w.]+)(?:, "(\w+)")?\)')


def filled(name, **values):
    """`values` are what the variables of the notebook hold."""
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    for cell in notebook.cells:
        call = CALL.fullmatch(cell.source) if cell.cell_type == "code" else None
        if call:
            words = [call[3]] if call[3] else []
            data, metadata = getattr(wb.report, call[1])(
                attrgetter(call[2])(SimpleNamespace(**values)), *words
            )._repr_mimebundle_()
            cell.outputs = [v4.new_output("execute_result", data=data, metadata=metadata, execution_count=1)]
    return notebook


def analysis(assessment):
    """The page of an analysis as the batch makes it."""
    return wb.report.render_html(filled("analyse", assessment=assessment), assessment)
