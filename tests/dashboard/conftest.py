"""Bundles of the fictional district, as each audience may see it."""

import dataclasses
import datetime as dt

import pytest

from tests.bundles import write_bundle
from werkbank.dashboard import serve
from werkbank.sharing.bundle import read_bundle


@pytest.fixture(scope="session")
def lapsed_folder(assessed, tmp_path_factory):
    """Zeewolde, and Urk on a basis that has ended since, for the RIEC."""
    one, basis = assessed("urk"), {"decided": dt.date(2025, 1, 1), "valid_until": dt.date(2026, 1, 31)}
    folder = tmp_path_factory.mktemp("lapsed") / "lapsed"
    lapsed = dataclasses.replace(one, legal_basis=one.legal_basis.model_copy(update=basis))
    write_bundle([assessed("zeewolde"), lapsed], folder)
    return folder


@pytest.fixture
def quick(assessed, monkeypatch):
    """The dashboard takes assessments that were made before: of the fictional district as it is."""
    monkeypatch.setattr(serve, "assess", lambda own: assessed(own.municipality, own.audience))


@pytest.fixture(scope="session")
def riec(riec_folder):
    return read_bundle(riec_folder)


@pytest.fixture(scope="session")
def own(own_folder):
    return read_bundle(own_folder)
