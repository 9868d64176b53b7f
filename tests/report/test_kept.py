"""What takes seconds to make is made once and kept; a damaged or unwritable cache costs time, nothing else."""

import pytest

from werkbank.report.html import cache_folder, kept

TEXT = "const a = 1;\nconst b = 'é';\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A cache of the test's own, and how often the text was made."""
    times = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))

    def make():
        times.append(1)
        return TEXT

    return lambda: kept("a.js", make), times


def test_it_is_made_once_and_again_where_it_is_damaged(made):
    get, times = made
    assert [get(), get()] == [TEXT, TEXT]
    assert len(times) == 1
    file = cache_folder() / "a.js"
    file.write_text(file.read_text(encoding="utf-8") + "alert(1)", encoding="utf-8")
    assert get() == TEXT
    assert len(times) == 2


def test_a_cache_that_cannot_be_written_is_done_without(made, tmp_path):
    get, _ = made
    (tmp_path / "cache").write_text("een bestand, geen map")
    assert get() == TEXT
