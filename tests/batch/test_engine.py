"""papermill starts no kernel on wrong parameters, and what was executed keeps nothing of the machine it ran on."""

from pathlib import Path

import nbformat
import papermill
import pytest
import yaml
from click.testing import CliRunner
from papermill.cli import papermill as command
from papermill.engines import papermill_engines

from werkbank.batch import execute
from werkbank.batch.engine import WerkbankEngine, check_notebook, declared_parameters
from werkbank.batch.execute import _as_text, execute_notebook, strip_execution
from werkbank.errors import OutputError, ParametersError

NOTEBOOK = Path(__file__).parents[2] / "notebooks" / "analyse.ipynb"


def notebook(**passed):
    nb = nbformat.read(NOTEBOOK, as_version=4)
    nb.metadata["papermill"] = {"parameters": passed}
    return nb


def test_the_engine_stands_in_for_papermills_own():
    """Nobody has to name it: `papermill a.ipynb b.ipynb` uses it too."""
    assert papermill_engines.get_engine(None) is WerkbankEngine


@pytest.mark.parametrize(
    ("passed", "told"),
    [
        ({"municipalty": "urk"}, "bedoelt u “municipality”"),
        ({"municipality": "urkk"}, "edoelt u “urk”"),
        ({"municipality": "urk", "code": "GM0034"}, "contradicting-parameter"),
    ],
)
def test_a_mistyped_an_unknown_and_a_contradicting_parameter_are_refused(demo_workspace, passed, told):
    """`municipalty=urk` would otherwise silently report on Almere."""
    with pytest.raises(ParametersError, match=told):
        check_notebook(notebook(**passed))


def test_the_keys_of_a_municipalitys_file_may_be_passed_whole(own_workspace):
    """`papermill -f parameters/urk.yaml` passes all that stands there; the cell tagged parameters has other names."""
    assert declared_parameters(notebook()) == {"municipality": "almere", "audience": "riec", "output_folder": ""}
    file = own_workspace / "parameters" / "urk.yaml"
    with file.open("a", encoding="utf-8") as urk:
        urk.write(
            "report: {made_by: Analist}\ndeviations: {reason: Besluit van de stuurgroep, parties: [police], capacity: 2}\n"
        )
    passed = yaml.safe_load(file.read_text(encoding="utf-8"))
    check_notebook(notebook(**passed))
    passed["deviations"]["capacity"] = 3
    with pytest.raises(ParametersError, match="contradicting-parameter"):
        check_notebook(notebook(**passed))


def test_the_stock_command_stops_before_a_kernel_starts(demo_workspace, tmp_path):
    """A fault on its command line: exit code not 0, and nothing written."""
    out = tmp_path / "out.ipynb"
    done = CliRunner().invoke(command, [str(NOTEBOOK), str(out), "-p", "gemeente", "urk"])
    assert done.exit_code != 0
    assert "Het notebook kent deze parameters niet" in str(done.exception)
    assert not out.exists()


@pytest.mark.parametrize(
    "name", ["n=0;__import__('pathlib').Path('PWNED').touch();y", "municipality\nimport os", "a b", "", "__class__"]
)
def test_a_name_that_is_code_is_refused_and_never_run(demo_workspace, tmp_path, monkeypatch, name):
    """papermill writes names into the notebook as they come."""
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ParametersError, match="kent deze parameters niet"):
        papermill.execute_notebook(str(NOTEBOOK), None, {"municipality": "urk", name: 1}, progress_bar=False)
    assert list(tmp_path.iterdir()) == []


def test_another_notebook_is_none_of_our_business(tmp_path):
    """A notebook without our mark runs as papermill runs it, unknown parameters and all."""
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1", metadata={"tags": ["parameters"]})])
    nb.metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    nb.metadata["language_info"] = {"name": "python"}
    nbformat.write(nb, tmp_path / "in.ipynb")
    done = papermill.execute_notebook(str(tmp_path / "in.ipynb"), None, {"b": 2}, progress_bar=False)
    assert done.cells[-1].source.startswith("a = 1") or any("b = 2" in cell.source for cell in done.cells)


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


def test_places_times_and_streams_are_gone_and_what_is_written_is_the_notebook_and_nothing_else():
    """One line of JSON, which whoever opens it indents as they like; papermill's random id would differ each time."""
    nb = strip_execution(executed())
    assert nb.cells[0].id == "injected-parameters"
    text = _as_text(nb)
    assert {word for word in ("/home/anna", "duration", "kept") if word in text} == {"kept"}
    written = nbformat.reads(text, as_version=4)
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
