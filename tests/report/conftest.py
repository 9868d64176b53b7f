"""One assessment of the fictional district for all tests of the report, and the notebook as if it had been run."""

import re

import pytest

import werkbank as wb
from tests.plain_notebooks import analysis, filled
from tests.plan.test_plan import SELECTED


@pytest.fixture(scope="module", autouse=True)
def _workspace(demo_workspace):
    """Every test here works in the fictional district."""


@pytest.fixture(scope="session")
def executed():
    """Makes the notebook with the outputs its cells give, without starting a kernel."""
    return lambda assessment: filled("analyse", assessment=assessment)


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    """Four parks; both parties delivered."""
    return assessed("urk")


@pytest.fixture(scope="module")
def almere(demo_workspace, assessed):
    """31 parks, one of which has no score."""
    return assessed("almere")


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


SCRIPT = re.compile(r"<script.*?</script>\n?", re.DOTALL)


@pytest.fixture(scope="session")
def without_scripts():
    """A page without the two scripts and the data that make its charts alive."""
    return lambda html: SCRIPT.sub("", html)


@pytest.fixture(scope="module")
def urk_html(urk):
    return analysis(urk)
