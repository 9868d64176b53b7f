"""One set of files for every test of the papers: Urk and Almere, for the RIEC and for the municipality itself."""

import pytest

import werkbank as wb
from werkbank.report.papers.content import analysis_content
from werkbank.report.papers.pictures import pictures
from werkbank.sharing import for_audience


@pytest.fixture(scope="module")
def own(demo_workspace):
    """Urk as the municipality itself may see it."""
    return for_audience(wb.assess(wb.load_parameters("urk", audience="municipality")))


@pytest.fixture(scope="module")
def almere_content(almere):
    return analysis_content(almere)


@pytest.fixture(scope="module")
def almere_drawn(almere):
    return pictures(almere)
