"""One set of files for every test of the papers: Urk and Almere, for the RIEC and for the municipality itself."""

import pytest
from werkbank.report.documents import pictures

from werkbank.report.papers.content import analysis_content


@pytest.fixture(scope="module")
def own(demo_workspace, assessed):
    """Urk as the municipality itself may see it."""
    return assessed("urk", "municipality")


@pytest.fixture(scope="module")
def almere_content(almere):
    return analysis_content(almere)


@pytest.fixture(scope="module")
def almere_drawn(almere):
    return pictures(almere)
