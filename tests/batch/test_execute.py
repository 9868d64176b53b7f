"""An executed notebook keeps nothing of the machine it ran on, and failures are told without their contents."""

import nbformat
import papermill.engines  # noqa: F401  before what it loads by itself
import pytest

from werkbank.batch import execute
from werkbank.batch.execute import _as_text, execute_notebook, strip_execution
from werkbank.errors import OutputError


def executed():
    injected = nbformat.v4.new_code_cell(
        'municipality = "urk"\noutput_folder = "/home/anna/output/x"', metadata={"tags": ["injected-parameters"]}
    )
    code = nbformat.v4.new_code_cell("x", metadata={"papermill": {"duration": 1}, "execution": {"a": "2026"}})
    code.outputs = [
        nbformat.v4.new_output("stream", name="stderr", text="warning in /home/anna"),
        nbformat.v4.new_output("display_data", {"text/plain": "kept"}),
    ]
    return nbformat.v4.new_notebook(cells=[injected, code], metadata={"papermill": {"input_path": "/home/anna/nb"}})


def test_places_times_and_streams_are_gone():
    text = nbformat.writes(strip_execution(executed()))
    assert "/home/anna" not in text
    assert "duration" not in text
    assert "kept" in text


def test_what_is_written_is_the_notebook_and_nothing_else():
    """One line of JSON, which whoever opens it indents as they like; papermill's random id would differ each time."""
    nb = strip_execution(executed())
    assert nb.cells[0].id == "injected-parameters"
    written = nbformat.reads(_as_text(nb), as_version=4)
    nbformat.validate(written)
    assert written == nb


@pytest.mark.parametrize(("content", "told"), [(None, "ontbreekt"), ("", "is beschadigd"), ('{"half', "is beschadigd"), ("[]", "is beschadigd"), ("{}", "is beschadigd")])  # fmt: skip
def test_a_notebook_that_is_damaged_or_not_there_is_named_before_anything_runs(tmp_path, monkeypatch, content, told):
    """Not as a process that could not start."""
    monkeypatch.setattr(execute, "InProcessEngine", None)
    if content is not None:
        (tmp_path / "analyse.ipynb").write_text(content)
    with pytest.raises(OutputError, match=rf"Het notebook notebooks/analyse\.ipynb {told}. Zet het terug"):
        execute_notebook(tmp_path / "analyse.ipynb", {}, tmp_path)
