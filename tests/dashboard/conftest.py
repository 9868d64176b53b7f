"""Bundles of the fictional district, as each audience may see it."""

import dataclasses

import pytest

import werkbank as wb
from tests.dashboard.plain import HOSTILE
from werkbank.report.view import view_of
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import read_bundle, write_bundle


def bundle_of(folder, audience, *municipalities):
    assessments = [for_audience(wb.assess(wb.load_parameters(one, audience=audience))) for one in municipalities]
    write_bundle(assessments, folder)
    return folder


@pytest.fixture(scope="session")
def own_folder(_district, tmp_path_factory):
    """Urk's own bundle."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(_district))
        return bundle_of(tmp_path_factory.mktemp("own") / "b", "municipality", "urk")


@pytest.fixture(scope="session")
def riec_folder(_district, tmp_path_factory):
    """Urk and Zeewolde for the RIEC."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(_district))
        return bundle_of(tmp_path_factory.mktemp("riec") / "b", "riec", "urk", "zeewolde")


@pytest.fixture(scope="session")
def riec(riec_folder):
    return read_bundle(riec_folder)


@pytest.fixture(scope="session")
def own(own_folder):
    return read_bundle(own_folder)


@pytest.fixture(scope="session")
def hostile(riec):
    """Urk with a first park whose name tries to run."""
    assessment = riec.assessment("urk")
    parks = assessment.parks
    parks.loc[parks["rank"] == 1, "name"] = HOSTILE
    return view_of(dataclasses.replace(assessment, _parks=parks))
