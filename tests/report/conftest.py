"""One assessment of the fictional district for all tests of the report."""

import pytest

import werkbank as wb
from tests.plain_notebooks import analysis
from tests.plan.test_plan import SELECTED


@pytest.fixture(scope="module", autouse=True)
def _workspace(demo_workspace):
    """Every test here works in the fictional district."""


@pytest.fixture(scope="module")
def lelystad(demo_workspace, assessed):
    """15 parks."""
    return assessed("lelystad")


@pytest.fixture(scope="module")
def plan(lelystad):
    """A park with a hole in its coverage and a measure that waits for confirmation."""
    made = (wb.report.plan_for(lelystad, park, SELECTED) for park in lelystad.parks["park_id"])
    return next(one for one in made if one.answers.holes and one.after_confirmation)


@pytest.fixture(scope="module")
def own(demo_workspace, assessed):
    """Urk as its municipality gets it."""
    return assessed("urk", "municipality")


@pytest.fixture(scope="module")
def urk_html(urk):
    return analysis(urk)
