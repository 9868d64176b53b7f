"""From an installed wheel, without a checkout: a folder begins, is checked, and holds all that its files refer to.

The dependencies are those of this environment; `make soak` takes them from a house of wheels, and does everything.
"""

import subprocess
import zipfile

import pytest

from tests import outside


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("outside")
    wheel = outside.build(folder)
    return wheel, outside.environment(folder / "empty", wheel)


def test_the_wheel_carries_what_a_folder_begins_with_and_nothing_of_anyone_s_data(installed):
    with zipfile.ZipFile(installed[0]) as wheel:
        names = wheel.namelist()
    held = "notebooks/analyse.ipynb parameters/district.yaml docs/handleiding.md docs/schemas/district.schema.json"
    assert {f"werkbank/collecting/start/{name}" for name in held.split()} <= set(names)
    assert {name.split("/")[0] for name in names} == {"werkbank", names[-1].split("/")[0]}
    assert [name for name in names if "/data/" in name or "/output/" in name] == []


def test_a_folder_begins_and_is_checked_where_there_is_no_checkout(installed, tmp_path):
    """On a path with spaces and accents; what runs is the wheel's own code."""
    workspace = tmp_path / "Mijn wérk" / "Twènte"
    workspace.parent.mkdir()

    def run(*command, folder=workspace):
        return subprocess.run(command, cwd=folder, env=installed[1], capture_output=True, text=True, check=False)

    told = ("--municipalities", "Almelo, Hof van Twente")
    done = run("werkbank", "init", "Twènte", *told, folder=workspace.parent)
    assert (done.returncode, done.stderr) == (0, "")
    assert (workspace / "notebooks" / "analyse.ipynb").is_file()
    done = run("werkbank", "check")
    assert (done.returncode, done.stderr) == (1, "")
    assert "[example-park]" in done.stdout
    assert "[legal-basis]" in done.stdout
    found = run("python", "-c", "import werkbank; print(werkbank.__file__)")
    assert (found.returncode, str(outside.ROOT) in found.stdout) == (0, False)
