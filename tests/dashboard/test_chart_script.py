"""The script that draws charts is made once and kept; a damaged or unwritable cache costs time, nothing else."""

import pytest
from werkbank.dashboard.charts import SCRIPT_VARIABLE, cache_folder, kept_script

from werkbank.dashboard import charts

TEXT = "export default {};\nconst a = 1;\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A cache of the test's own, and how often the script was made."""
    times = []

    def make():
        times.append(1)
        return TEXT

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))
    monkeypatch.delenv(SCRIPT_VARIABLE, raising=False)
    monkeypatch.setattr(chart_script, "_made", make)
    return times


def test_it_is_made_once(made):
    assert [kept_script(), kept_script()] == [TEXT, TEXT]
    assert len(made) == 1
    assert len(list(cache_folder().iterdir())) == 1


def test_a_damaged_file_is_made_again(made):
    kept_script()
    file = next(cache_folder().iterdir())
    file.write_text(file.read_text(encoding="utf-8") + "alert(1)", encoding="utf-8")
    assert kept_script() == TEXT
    assert len(made) == 2


def test_a_cache_that_cannot_be_written_is_done_without(made, tmp_path):
    (tmp_path / "cache").write_text("een bestand, geen map")
    assert kept_script() == TEXT


def test_in_the_server_a_chart_loads_the_servers_own_copy(made, monkeypatch):
    monkeypatch.setenv(SCRIPT_VARIABLE, "http://127.0.0.1:1/werkbank/chart.js")
    assert charts.chart_script() == "http://127.0.0.1:1/werkbank/chart.js"
    assert made == []
