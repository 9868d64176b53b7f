"""A batch without kernels, for tests of what is made when; with kernels is tested in test_runner.py and test_faults.py."""

import datetime as dt
import shutil

import pytest

import werkbank as wb
from tests.once import made_once
from werkbank.batch import runner
from werkbank.batch.outcome import facts_of

DAY = dt.date(2026, 3, 3)


def without_kernel(parameters, notebooks, folder, made, **_):
    """What a notebook leaves, made by the function it calls; the page is but a line."""
    assessment = wb.for_audience(wb.assess(parameters))
    assessment.save(folder)
    (folder / "analyse.html").write_text(f"made {made}")
    return facts_of(assessment, parameters)


def no_district(*_):
    """The district's own folder takes a kernel too; it is tested elsewhere."""
    return {}, ""


@pytest.fixture
def quick(monkeypatch):
    """Notebooks are filled without a kernel; the list of municipalities that were."""
    filled = []

    def fill(parameters, *more, **named):
        filled.append(parameters.municipality)
        return without_kernel(parameters, *more, **named)

    monkeypatch.setattr(runner, "fill_folder", fill)
    monkeypatch.setattr(runner, "make_district", no_district)
    monkeypatch.setenv("WERKBANK_NO_FORK", "1")
    return filled


@pytest.fixture(scope="session")
def _two(_district, tmp_path_factory):
    """A district of two municipalities, Urk and Zeewolde, analysed once without kernels."""

    def make(folder):
        workspace = shutil.copytree(_district, folder / "w")
        for slug in ("almere", "dronten", "lelystad", "noordoostpolder"):
            (workspace / "parameters" / f"{slug}.yaml").unlink()
        path = workspace / "parameters" / "district.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("draws: 500", "draws: 20"), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
            patch.setenv("WERKBANK_NO_FORK", "1")
            patch.setattr(runner, "fill_folder", without_kernel)
            patch.setattr(runner, "make_district", no_district)
            assert runner.run_batch(workspace, ["urk", "zeewolde"], today=DAY).exit_code == 0

    return made_once(tmp_path_factory, "two", make) / "w"


@pytest.fixture
def two(_two, tmp_path, monkeypatch):
    """A copy of the two to change; its analyses stand in their folders."""
    shutil.copytree(_two, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")  # as a batch sets it, and taken away afterwards
    return tmp_path / "w"
