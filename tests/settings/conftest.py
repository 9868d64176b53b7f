"""A small catalogue to break: two indicators, one intervention, and whatever else those need."""

import shutil
from pathlib import Path

import pytest

from werkbank.errors import CatalogueError, Finding
from werkbank.settings.catalogue import Catalogue, load_catalogue


class SmallCatalogue:
    """The small catalogue in a folder, with a way to change its text."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        shutil.copytree(Path(__file__).with_name("small"), folder, dirs_exist_ok=True)

    def change(self, name: str, old: str, new: str) -> int:
        """Replaces the only occurrence of `old`, and gives the line it was on."""
        path = self.folder / name
        text = path.read_text(encoding="utf-8")
        assert text.count(old) == 1, f"“{old}” occurs {text.count(old)} times in {name}"
        path.write_text(text.replace(old, new), encoding="utf-8")
        return text[: text.index(old)].count("\n") + 1

    def load(self) -> Catalogue:
        """The catalogue as it stands."""
        return load_catalogue(self.folder)

    def findings(self) -> tuple[Finding, ...]:
        """The findings of a catalogue that is not valid."""
        with pytest.raises(CatalogueError) as caught:
            self.load()
        return caught.value.findings


@pytest.fixture
def small(tmp_path: Path) -> SmallCatalogue:
    """A valid small catalogue in a temporary folder."""
    return SmallCatalogue(tmp_path)
