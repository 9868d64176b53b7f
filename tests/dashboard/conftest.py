"""Bundles of the fictional district, as each audience may see it."""

import dataclasses
import datetime as dt

import pytest

from werkbank.report.view import view_of
from werkbank.sharing.bundle import read_bundle, write_bundle

HOSTILE = "<img src=x onerror=alert(1)></script><b>\"'&"
CHOSEN = "door stuurgroep op 2 maart 2026; projectplan: concept"


@pytest.fixture(scope="session")
def folders(assessed, tmp_path_factory):
    """Urk's own bundle, and Urk and Zeewolde for the RIEC."""
    folder = tmp_path_factory.mktemp("bundles")
    for audience, slugs in {"municipality": ["urk"], "riec": ["urk", "zeewolde"]}.items():
        write_bundle([assessed(one, audience) for one in slugs], folder / audience, {"urk": {"URK-04": CHOSEN}})
    return folder


@pytest.fixture(scope="session")
def own_folder(folders):
    return folders / "municipality"


@pytest.fixture(scope="session")
def riec_folder(folders):
    return folders / "riec"


@pytest.fixture(scope="session")
def lapsed_folder(assessed, tmp_path_factory):
    """Zeewolde, and Urk on a basis that has ended since, for the RIEC."""
    one, basis = assessed("urk"), {"decided": dt.date(2025, 1, 1), "valid_until": dt.date(2026, 1, 31)}
    folder = tmp_path_factory.mktemp("lapsed") / "lapsed"
    lapsed = dataclasses.replace(one, legal_basis=one.legal_basis.model_copy(update=basis))
    write_bundle([assessed("zeewolde"), lapsed], folder)
    return folder


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
