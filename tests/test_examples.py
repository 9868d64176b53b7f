"""Every public name has an example in its help, and every example runs."""

import doctest
import functools
import inspect
import shutil
from pathlib import Path

import pandas as pd
import pytest

import werkbank as wb
from werkbank.assessment.decisions import select_in_demo

MODULES = ("dashboard", "report", "scoring")
METHODS = ("compare", "explain", "note", "withdraw_note")


def public():
    """Every name an analyst can type after `wb.`, and after `wb.report.`, `wb.scoring.` or `wb.dashboard.`."""
    yield from ((f"wb.{name}", getattr(wb, name)) for name in wb.__all__)
    named = {
        "report": wb.report.__all__,
        "scoring": wb.scoring.__all__,
        "dashboard": ("show", "what_if"),
        "Assessment": METHODS,
    }
    for part, names in named.items():
        yield from ((f"wb.{part}.{name}", getattr(getattr(wb, part), name)) for name in names)
    yield "werkbank", wb


NAMED = dict(public())


@pytest.fixture(scope="module")
def workspace(demo_workspace, tmp_path_factory):
    """A district of its own, with the decision of the fictional steering group; examples write notes in it."""
    own = tmp_path_factory.mktemp("examples") / "w"
    shutil.copytree(demo_workspace, own)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(own))
        patch.chdir(own)
        select_in_demo("urk")
        yield own


@pytest.fixture(scope="module")
def made_once(workspace):
    """The functions with which most examples of reports begin, that make nothing twice of the same name."""
    return {name: functools.lru_cache(getattr(wb, name)) for name in ("assess", "compare_rounds", "follow_rounds")}


@pytest.mark.parametrize("name", sorted(NAMED))
def test_its_help_holds_an_example_that_runs(name, workspace, made_once, monkeypatch):
    assert Path.cwd() == workspace
    for function, kept in made_once.items() if name.startswith("wb.report") else ():
        monkeypatch.setitem(vars(wb), function, kept)
    example = doctest.DocTestParser().get_doctest(inspect.getdoc(NAMED[name]), {"wb": wb, "pd": pd}, name, None, 0)
    assert example.examples, f"help({name}) has no example"
    told = []
    result = doctest.DocTestRunner(verbose=False).run(example, out=told.append)
    assert result.failed == 0, "".join(told)


def test_after_a_dot_completion_offers_our_own_names_only(workspace):
    """Not the machinery of the library that reads the files, and in modules exactly what is public."""
    for module in MODULES:
        assert dir(getattr(wb, module)) == getattr(wb, module).__all__
    parameters = wb.load_parameters("urk")
    for value, names in (
        (wb.load_catalogue(), {"indicator", "by_family", "indicators", "phenomena", "fingerprint"}),
        (parameters, {"method", "round", "parties", "portable", "output_folder"}),
        (parameters.method, {"group_weights", "power", "draws", "class_borders"}),
    ):
        offered = set(dir(value))
        assert names <= offered
        assert not [name for name in offered if name.startswith(("_", "model_"))]
        assert not {"copy", "json", "parse_obj", "dict", "schema"} & offered
        # It is offered no more, and still there.
        assert value.model_dump()
