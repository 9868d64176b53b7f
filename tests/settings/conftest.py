"""Catalogues to break: two indicators, one intervention, and whatever else those need; and one of two versions."""

import shutil
from pathlib import Path

import pytest

from tests.earlier_catalogues import FILES
from werkbank.errors import CatalogueError
from werkbank.settings.catalogue import load_catalogue


class Breakable:
    """A catalogue in a folder, with a way to change its text."""

    def __init__(self, folder, source):
        self.folder = shutil.copytree(source, folder, dirs_exist_ok=True)

    def change(self, name, old, new):
        """Replaces the only occurrence of `old`, and gives the line it was on."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"“{old}” occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def load(self):
        """The catalogue as it stands."""
        return load_catalogue(self.folder)

    def findings(self):
        """The findings of a catalogue that is not valid."""
        with pytest.raises(CatalogueError) as caught:
            self.load()
        return caught.value.findings


@pytest.fixture
def small(tmp_path):
    """A valid small catalogue in a temporary folder."""
    return Breakable(tmp_path, Path(__file__).with_name("small"))


@pytest.fixture
def two_versions(tmp_path):
    """A valid catalogue of version 1.0 that knows what became of 0.9."""
    return Breakable(tmp_path, FILES / "1.0")
