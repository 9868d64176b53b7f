"""What tests of several folders share: a workspace with the fictional district."""

import gc
import os
import pickle
import re
import shutil
from functools import lru_cache
from pathlib import Path

import hypothesis
import pytest

from tests.once import made_once

# Processes share the cores: threads that wait for one another in numpy took a quarter of the time. It reads this
# when it is first imported, also in every process that a test starts.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# A machine that is busy with something else makes no property untrue; who finds faults in rare cases asks for more.
hypothesis.settings.register_profile("untimed", deadline=None, max_examples=25)
hypothesis.settings.load_profile("untimed")

ROOT = Path(__file__).parents[1]
LONGEST = (
    "batch/test_faults.py",
    "test_who_is_asked.py",
    "test_same_number.py",
    "sharing/test_reader.py",
    "report/test_district.py",
    "batch/test_cluster.py",
    "report/test_documents.py",
    "batch/test_runner.py",
    "browser/test_hostile_text.py",
    "browser/test_dashboard.py",
    "dashboard/test_audiences.py",
    "browser/test_dashboard_page.py",
    "browser/test_kernels.py",
    "report/test_scores_workbook.py",
    "batch/test_only_what_changed.py",
    "test_canary.py",
    "dashboard/test_proxy.py",
    "test_rounds.py",
    "browser/test_accessibility.py",
    "browser/test_report_page.py",
    "batch/test_plans.py",
    "release/test_share.py",
    "test_examples.py",
    "test_scales.py",
    "test_three_parties.py",
)
"""The files that take longest, begun first: else one process is busy with the last of them while the other waits.

Those that wait for other processes stand between those that compute.
"""


def pytest_collection_modifyitems(items):
    """The longest files first, the others as they were collected. A name that is gone is an error."""
    turns = {ROOT / "tests" / name: turn for turn, name in enumerate(LONGEST)}
    gone = [path.name for path in turns if not path.is_file()]
    if gone:
        raise pytest.UsageError(f"LONGEST in tests/conftest.py names what is not there: {gone}")
    items.sort(key=lambda item: turns.get(item.path, len(turns)))


def pytest_collection_finish(session):
    """What there is by now stays to the end: to look through it for garbage again and again took a fifth of the time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def _fill(workspace, line, changed):
    """Parameters with one line changed, notebooks, and the fictional district that goes with them."""
    from werkbank.demo.write import write_demo
    from werkbank.settings.catalogue import load_catalogue
    from werkbank.settings.parameters import load_parameters

    for name in ("parameters", "notebooks"):
        shutil.copytree(ROOT / name, workspace / name)
    path = workspace / "parameters" / "district.yaml"
    path.write_text(re.sub(line, changed, path.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        write_demo(workspace / "data", catalogue=load_catalogue(), parties=load_parameters("urk").parties)


@pytest.fixture(scope="session")
def _district(tmp_path_factory):
    """A workspace with the fictional district, made once.

    What the draws say is tested where they are made; elsewhere a few tell as much and take less time.
    """
    return made_once(tmp_path_factory, "district", lambda workspace: _fill(workspace, r"draws: \d+", "draws: 500"))


@pytest.fixture(scope="module")
def demo_workspace(_district):
    """The fictional district as the workspace; tests that change anything make a copy of their own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(_district))
        patch.delenv("WERKBANK_CHART_OUTPUT", raising=False)
        yield _district
    assert not (_district / "output").exists(), "a test wrote into the district that all share"


@pytest.fixture
def own_workspace(demo_workspace, tmp_path, monkeypatch):
    """A copy of the fictional district that a test may change."""
    workspace = shutil.copytree(demo_workspace, tmp_path / "w", ignore=shutil.ignore_patterns("output"))
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    return workspace


@pytest.fixture(scope="session")
def _planned(_district, tmp_path_factory):
    """The fictional district with the choice of its fictional steering group and the plan of that park, made once."""
    from werkbank.assessment.decisions import select_in_demo
    from werkbank.batch.follow_up import make_plans

    def make(folder):
        workspace = shutil.copytree(_district, folder / "w")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            select_in_demo("urk")
            shutil.copy(workspace / "data" / "register.sqlite", folder)
            assert [one.state for one in make_plans(())] == ["made"]

    return made_once(tmp_path_factory, "planned", make)


@pytest.fixture
def chosen(own_workspace, _planned):
    """A copy of the district in which the fictional steering group has chosen, and nothing followed yet."""
    shutil.copy(_planned / "register.sqlite", own_workspace / "data")
    return own_workspace


@pytest.fixture
def planned(_planned, tmp_path, monkeypatch):
    """A copy of the district with the plan of the chosen park: the workspace, the kept answers, the plan's folder."""
    workspace = shutil.copytree(_planned / "w", tmp_path / "w")
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    (page,) = (workspace / "output" / "2026-1" / "riec").rglob("projectplan.html")
    return workspace, workspace / "data" / "plans" / f"{page.parent.name}.yaml", page.parent


@pytest.fixture
def run(capsys):
    """Runs a command of the werkbank: its exit code, and what it wrote to both streams."""
    from werkbank.cli import main

    def call(*arguments):
        with pytest.raises(SystemExit) as end:
            main([str(one) for one in arguments])
        return end.value.code or 0, *capsys.readouterr()

    return call


@pytest.fixture(scope="session")
def _analysed(_district, tmp_path_factory):
    """The fictional district as a workspace with the analyses of all its municipalities, made by a batch, once.

    Its folder, and what the batch returned. Tests that change anything make a copy of their own.
    """
    from werkbank.batch.runner import run_batch
    from werkbank.settings.workspace import municipality_slugs

    def make(folder):
        workspace = shutil.copytree(_district, folder / "w")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
            result = run_batch(workspace, municipality_slugs(workspace))
        (folder / "result").write_bytes(pickle.dumps(result))

    folder = made_once(tmp_path_factory, "analysed", make)
    return folder / "w", pickle.loads((folder / "result").read_bytes())


@pytest.fixture(scope="session")
def assessed(_district):
    """The assessment of a municipality of the fictional district for an audience, made once: it never changes."""
    import werkbank as wb

    made = {}

    def one(slug, audience="riec"):
        if (slug, audience) not in made:
            with pytest.MonkeyPatch.context() as patch:
                patch.setenv("WERKBANK_WORKSPACE", str(_district))
                made[slug, audience] = wb.for_audience(wb.assess(wb.load_parameters(slug, audience=audience)))
        return made[slug, audience]

    return one


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    """Four parks; both parties delivered."""
    return assessed("urk")


@pytest.fixture(scope="module")
def almere(demo_workspace, assessed):
    """31 parks, one of which has no score."""
    return assessed("almere")


CHOSEN = "door stuurgroep op 2 maart 2026; projectplan: concept"
"""What the bundles tell of URK-04."""


@pytest.fixture(scope="session")
def own_folder(assessed, tmp_path_factory):
    """Urk's own bundle."""
    return bundle_of([assessed("urk", "municipality")], tmp_path_factory)


@pytest.fixture(scope="session")
def riec_folder(assessed, tmp_path_factory):
    """The bundle of Urk and Zeewolde for the RIEC."""
    return bundle_of([assessed("urk"), assessed("zeewolde")], tmp_path_factory)


def bundle_of(assessments, tmp_path_factory):
    from tests.bundles import write_bundle

    folder = tmp_path_factory.mktemp("bundles") / assessments[0].parameters.audience
    write_bundle(assessments, folder, {"urk": {"URK-04": CHOSEN}})
    return folder


@pytest.fixture(scope="session")
def coast(tmp_path_factory):
    """A district with a catalogue of its own, of other codes and fewer families; made once."""
    from tests import own_district

    return own_district.make(tmp_path_factory.mktemp("own") / "kust", "threat", "opportunity")


@pytest.fixture(scope="session")
def _district_of_three(tmp_path_factory):
    """A workspace whose parameters name a third party, with the district that goes with it; made once."""
    parties = "parties: [police, municipality, environment_agency]"
    return made_once(tmp_path_factory, "three", lambda workspace: _fill(workspace, r"(?m)^parties:.*$", parties))


@pytest.fixture(scope="module")
def workspace_of_three(_district_of_three):
    """The fictional district with three parties as the workspace."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(_district_of_three))
        yield _district_of_three


@pytest.fixture(scope="session", autouse=True)
def _opened_once():
    """The same bytes are the same workbook, and no test reads those of the fictional district for the first time."""
    from werkbank.matrix import opening

    opened = opening._from_archive

    @lru_cache(maxsize=128)
    def kept(name, content, without):
        return opened(Path(name), content, without)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opening, "_from_archive", lambda path, *content: kept(path.name, *content))
        yield


@pytest.fixture(autouse=True)
def _no_workspace_of_the_checkout(monkeypatch):
    """No test ever reads or writes the checkout's own data: without a workspace of its own it finds none."""
    if "WERKBANK_WORKSPACE" not in os.environ:
        monkeypatch.setenv("WERKBANK_WORKSPACE", "/nonexistent")
