"""A workspace with the municipality's copy of Urk, made once, and what a request to share it needs."""

import shutil

import pytest

from tests.once import made_once
from werkbank.release import sharing_request

BASIS = "fictief-handhavingsknelpunt"
FILE = "output/2026-1/municipality/urk/tabellen/fenomenen.csv"
REASON = "Nodig voor het driehoeksoverleg van december."
ASKED = {"to": "gemeente: burgemeester van Urk", "purpose": "1", "basis": BASIS, "by": "analist RIEC", "reason": REASON}


@pytest.fixture(scope="session")
def _copied(_district, tmp_path_factory):
    from werkbank.batch.runner import run_batch

    def make(folder):
        workspace = shutil.copytree(_district, folder / "w")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
            assert run_batch(workspace, ["urk"], audience="municipality").exit_code == 0

    return made_once(tmp_path_factory, "copied", make) / "w"


@pytest.fixture
def computed():
    """What went into a copy is computed as it is; it takes an assessment each time."""


@pytest.fixture(autouse=True)
def _light(request, monkeypatch):
    if "computed" not in request.fixturenames:
        nothing = {"cells": {}, "figures": ""}
        monkeypatch.setattr(sharing_request, "went_in", lambda _: nothing)
        monkeypatch.setattr(sharing_request, "_of_rounds", lambda own, **_: {own.municipality: nothing})


@pytest.fixture
def house(_copied, tmp_path, monkeypatch):
    """A copy of it that a test may change."""
    workspace = shutil.copytree(_copied, tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    return workspace


@pytest.fixture
def asked(house, run):
    """Runs `werkbank share` for a file, with what is told in place of what is usual: its exit code and what it says."""

    def call(file=FILE, **told):
        options = [word for name, text in {**ASKED, **told}.items() for word in (f"--{name}", text)]
        code, out, err = run("share", house / file, *options)
        return code, out + err

    return call


@pytest.fixture
def approved(asked, run):
    """The number of a request that a second role approved."""

    def call(file=FILE, **told):
        code, said = asked(file, **told)
        assert code == 0, said
        number = said.split("Verzoek ")[1].split(",")[0]
        assert run("approve", number, "--by", "teamleider RIEC", "--reason", "Niet meer dan nodig is.")[0] == 0
        return number

    return call
