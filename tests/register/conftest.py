"""A small register, and a copy of one to tamper with."""

import shutil

import pytest

from werkbank.register.store import open_register

from .samples import happening


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.sqlite"


@pytest.fixture
def register(path):
    with open_register(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def five(tmp_path_factory):
    """The path of a register with five events; to be copied, never changed."""
    path = tmp_path_factory.mktemp("five") / "register.sqlite"
    with open_register(path) as opened:
        for number in range(5):
            opened.append(happening(number, park_id=None if number == 2 else f"urk-0{number}"))
    return path


@pytest.fixture
def copy(five, path):
    return shutil.copy(five, path)
