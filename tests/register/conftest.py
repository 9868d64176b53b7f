"""A small register in a file and in PostgreSQL, and a copy of one to tamper with."""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

from werkbank.register.store import open_register

from .samples import fill, raw

NOBODY = 65534
"""As whom the database runs where the tests run as an administrator, as whom it refuses to."""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "register.sqlite"


@pytest.fixture(scope="session")
def database():
    """Empties a database of PostgreSQL, started for it and ended with the tests; its address."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda place: float(place.parent.name))
    if not places and os.environ.get("CI"):
        pytest.fail("In CI must the tests on PostgreSQL run: .ci/run installs it.")
    if not places:
        pytest.skip("there is no PostgreSQL here: apt-get install postgresql")
    who = {"user": NOBODY} if os.geteuid() == 0 else {}
    with tempfile.TemporaryDirectory() as folder:
        os.chown(folder, who.get("user", -1), -1)

        def run(program, *arguments):
            command = [places[-1] / program, "-D", f"{folder}/data", *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **who)

        run("initdb", "--no-sync", "--auth=trust", "--username=werkbank", "--encoding=UTF8", "--locale=C.UTF-8")
        run(
            "pg_ctl", "--wait", "start", "-o", f"-k {folder} -c listen_addresses='' -c fsync=off", "-l", f"{folder}/log"
        )
        address = f"postgresql://werkbank@/postgres?host={folder}"

        def empty():
            raw(address, "DROP SCHEMA public CASCADE", "CREATE SCHEMA public")
            return address

        yield empty
        run("pg_ctl", "--mode=immediate", "stop")


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, path):
    """Where there is no register yet: a file, and an address of PostgreSQL."""
    return path if request.param == "sqlite" else request.getfixturevalue("database")()


@pytest.fixture
def register(address):
    with open_register(address) as opened:
        yield opened


@pytest.fixture(scope="session")
def five(tmp_path_factory):
    """The path of a register with five events; to be copied, never changed."""
    return fill(tmp_path_factory.mktemp("five") / "register.sqlite")


@pytest.fixture(params=["sqlite", "postgresql"])
def copy(request, five, path):
    """A register with five events to tamper with, where it is."""
    if request.param == "sqlite":
        return shutil.copy(five, path)
    return fill(request.getfixturevalue("database")())
