"""What tests of several folders share: a workspace with the fictional district."""

import os
import shutil
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def _district(tmp_path_factory):
    """A workspace with parameters, notebooks and the fictional district, made once."""
    from werkbank.catalogue import load_catalogue
    from werkbank.demo import write_demo

    workspace = tmp_path_factory.mktemp("district") / "workspace"
    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    write_demo(workspace / "data", catalogue=load_catalogue())
    return workspace


@pytest.fixture(scope="module")
def demo_workspace(_district):
    """The fictional district as the workspace; tests that change anything make a copy of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(_district))
        patch.delenv("WERKBANK_CHART_OUTPUT", raising=False)
        yield _district


@pytest.fixture(autouse=True)
def _no_workspace_of_the_checkout(monkeypatch):
    """No test ever reads or writes the checkout's own data: without a workspace of its own it finds none."""
    if "WERKBANK_WORKSPACE" not in os.environ:
        monkeypatch.setenv("WERKBANK_WORKSPACE", "/nonexistent")
