"""The batch with real kernels: one that fails never stops the others, and nothing half-finished looks finished."""

import datetime as dt
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import jsonschema
import nbformat
import pytest

import werkbank as wb
from werkbank.batch import worker
from werkbank.batch.runner import run_batch

SLUGS = ("almere", "dronten", "lelystad", "noordoostpolder", "urk", "zeewolde")
TABLES = "tabellen"
TEXTS = {"analyse.html", "analyse.ipynb", "assessment.json", "advice.json"}
FILES = {*TEXTS, "scores.xlsx", "analyse.docx", "samenvatting.docx", "analyse.pdf"}
RECORDS = {"manifest.json", "district_context.json"}


@pytest.fixture
def analysed(_analysed):
    """The analyses of the whole demo district, and what the batch returned."""
    workspace, result = _analysed
    return workspace / "output" / "2026-1" / "riec", result


def test_six_folders_with_all_their_files_and_an_index_that_leads_to_them(analysed):
    """Every page is marked as fictional; the advice follows its schema and says the same as the page."""
    folder, result = analysed
    assert result.exit_code == 0
    assert result.notes == ()
    assert result.index == folder / "index.html"
    assert {path.name for path in folder.iterdir()} == {*SLUGS, "district", "index.html", *RECORDS}
    validator, index = jsonschema.Draft202012Validator(wb.report.advice_schema()), result.index.read_text()
    parks = []
    for slug in SLUGS:
        assert {path.name for path in (folder / slug).iterdir()} == {*FILES, TABLES}
        advice = json.loads((folder / slug / "advice.json").read_text())
        page = (folder / slug / "analyse.html").read_text()
        validator.validate(advice)
        parks += [park["park_id"] for park in advice["parks"]]
        assert advice["advice"]["sentence"] in page
        assert all("FICTIEVE GEGEVENS" in text for text in (page, index))
        assert f'href="{slug}/analyse.html"' in index
    assert len(parks) == len(set(parks)) == 77


def test_the_executed_notebook_ran_whole_and_no_place_on_this_machine_is_in_any_file(analysed):
    folder, _ = analysed
    for path in (*(folder / slug / name for slug in SLUGS for name in TEXTS), *folder.glob("*.*")):
        assert not {place for place in (str(folder.parents[2]), "/tmp/") if place in path.read_text()}, path
    for slug in SLUGS:
        nb = nbformat.read(folder / slug / "analyse.ipynb", as_version=4)
        code = [cell for cell in nb.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
        assert not [output for cell in code for output in cell.outputs if output.output_type in {"error", "stream"}]
        assert f'municipality = "{slug}"' in next(cell.source for cell in code if cell.id == "injected-parameters")
    urk = nbformat.read(folder / "urk" / "analyse.ipynb", as_version=4)
    assert sum("werkbank" in one.get("metadata", {}) for cell in urk.cells for one in cell.get("outputs", [])) == 23
    assert (folder / "urk" / "analyse.html").read_text(encoding="utf-8").count('<figure class="chart">') == 7


@pytest.mark.soak
def test_running_the_notebook_again_gives_the_same_outputs(analysed, tmp_path):
    """nbval executes the executed notebook once more and compares every output with the one that is stored."""
    folder, _ = analysed
    shutil.copy(folder / "urk" / "analyse.ipynb", tmp_path / "urk.ipynb")
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "--no-header", "urk.ipynb"]
    environment = {**os.environ, "WERKBANK_CHART_OUTPUT": "spec", "WERKBANK_WORKSPACE": str(folder.parents[2])}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]
    assert "passed" in done.stdout


@pytest.mark.soak
def test_two_runs_on_equal_inputs_give_equal_bytes(analysed, own_workspace, monkeypatch):
    """Also on another day: only the page says when it was made. And also where every process is started instead of
    forked, as on Windows and macOS; there Urk was the fifth to be forked from one process."""
    folder, _ = analysed
    monkeypatch.setattr(worker, "START", "spawn")
    run_batch(own_workspace, ["urk"], today=dt.date(2031, 5, 6))
    again = own_workspace / "output" / "2026-1" / "riec" / "urk"
    names = [{path.relative_to(place) for path in place.rglob("*")} for place in (again, folder / "urk")]
    assert names[0] == names[1]
    for name in names[0] - {Path("analyse.html"), Path(TABLES)}:
        assert (again / name).read_bytes() == (folder / "urk" / name).read_bytes(), name
    pages = [(place / "analyse.html").read_text(encoding="utf-8") for place in (again, folder / "urk")]
    assert "gemaakt op 6 mei 2031" in pages[0]
    without = [re.sub(r'gemaakt op [^<]*|<meta name="werkbank-made"[^>]*>', "", page) for page in pages]
    assert without[0] == without[1]


def test_one_that_fails_never_stops_the_others(own_workspace):
    """Three faults in Dronten's parameters, and no police workbook of Urk: Zeewolde is made as if nothing happened.

    Without a valid legal basis nothing is made at all, and it says whom to ask."""
    (own_workspace / "parameters" / "dronten.yaml").write_text("municipality: drontn\ncode: 303\nnaam: Dronten\n")
    (own_workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    result = run_batch(own_workspace, ["dronten", "urk", "zeewolde"])
    dronten, urk, zeewolde = result.outcomes
    assert result.exit_code == 1
    assert dronten.failed
    assert all(word in dronten.reason for word in ("drontn", "code", "naam"))
    assert [finding.rule for finding in urk.errors] == ["missing-workbook"]
    assert not zeewolde.failed
    folder = own_workspace / "output" / "2026-1" / "riec"
    assert {path.name for path in folder.iterdir()} == {"urk", "zeewolde", "district", "index.html", *RECORDS}
    assert "urk_politie.xlsx" in (folder / "urk" / "analyse.html").read_text()
    index = (folder / "index.html").read_text()
    assert "Van 1 gemeente is de analyse mislukt." in index
    assert "Nu gemaakt: 2 van de 6. Nog niet gemaakt: 3." in index
    assert 'href="urk/analyse.html#bevindingen">1 fout: de werkmap van de politie ontbreekt<' in index
    (own_workspace / "data" / "legal_bases.yaml").unlink()
    (refused,) = run_batch(own_workspace, ["almere"]).outcomes
    assert "geen geldige grondslag" in refused.reason
    assert "Vraag het aan" in refused.reason
    assert not (folder / "almere").exists()


def test_the_stock_papermill_command_analyses_urk(own_workspace, tmp_path):
    command = [sys.executable, "-m", "papermill", "notebooks/analyse.ipynb", str(tmp_path / "out.ipynb")]
    command += ["-f", "parameters/urk.yaml", "--no-progress-bar"]
    done = subprocess.run(command, cwd=own_workspace, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "Urk (fictief)" in (tmp_path / "out.ipynb").read_text()
