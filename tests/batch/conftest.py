"""A batch without processes, for tests of what is made when; real ones are in test_runner.py, test_worker.py, test_faults.py."""

import datetime as dt
import shutil
from pathlib import Path
from typing import ClassVar

import pytest

import werkbank as wb
from tests.once import made_once
from werkbank.batch import follow_up, runner
from werkbank.batch.manifest import facts_of
from werkbank.report import outputs
from werkbank.report.blocks import Chapter
from werkbank.report.decided import place

DAY = dt.date(2026, 3, 3)


def _places(*parks):
    return Chapter("", "", (place(), *map(place, parks))).html


class Quick:
    """What a notebook leaves, made by the function it calls; the pages are but a line and their places."""

    filled: ClassVar = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    stop = __exit__

    def fill(self, name, parameters, folder, made=None, **_):
        if name == "analyse":
            self.filled.append(parameters.municipality)
            assessment = wb.for_audience(wb.assess(parameters))
            assessment.save(folder)
            (folder / "analyse.html").write_text(f"made {made}{_places(*assessment.parks['park_id'])}")
            return facts_of(assessment, parameters)
        if name in ("monitor", "district"):
            (folder / f"{name}.html").write_text(f"{name}{_places()}")
        return None


def unreadable(monkeypatch, path, how="open"):
    """Whoever opens the file is refused, as by rights or by a program that holds it."""
    read = getattr(Path, how)

    def refused(self, *more, **named):
        if self == path:
            raise PermissionError(13, "Permission denied")
        return read(self, *more, **named)

    monkeypatch.setattr(Path, how, refused)


@pytest.fixture
def quick(monkeypatch):
    """Folders are filled without a process; the list of municipalities that were."""
    for module in (runner, follow_up):
        monkeypatch.setattr(module, "Workers", Quick)
    page = f"district{_places()}"
    monkeypatch.setattr(outputs, "write_district_monitor", lambda _, to, __: (to / "monitor.html").write_text(page))
    monkeypatch.setattr(Quick, "filled", [])
    return Quick.filled


@pytest.fixture
def filling(monkeypatch, quick):
    """Lets something happen at the moment a folder is filled; for one municipality."""

    fill = Quick.fill

    def put(happen):
        def filled(*how, **named):
            return (how[1] == "analyse" and happen(how[2])) or fill(*how, **named)

        monkeypatch.setattr(Quick, "fill", filled)

    return put


@pytest.fixture(scope="session")
def _two(_district, tmp_path_factory):
    """A district of two municipalities, Urk and Zeewolde, analysed once without processes."""

    def make(folder):
        workspace = shutil.copytree(_district, folder / "w")
        for slug in ("almere", "dronten", "lelystad", "noordoostpolder"):
            (workspace / "parameters" / f"{slug}.yaml").unlink()
        path = workspace / "parameters" / "district.yaml"
        path.write_text(path.read_text(encoding="utf-8").replace("draws: 500", "draws: 20"), encoding="utf-8")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
            patch.setattr(runner, "Workers", Quick)
            assert runner.run_batch(workspace, ["urk", "zeewolde"], today=DAY).exit_code == 0

    return made_once(tmp_path_factory, "two", make) / "w"


@pytest.fixture
def two(_two, tmp_path, monkeypatch):
    """A copy of the two to change; its analyses stand in their folders."""
    shutil.copytree(_two, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(tmp_path / "w"))
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")  # as a batch sets it, and taken away afterwards
    return tmp_path / "w"
