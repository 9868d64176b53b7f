"""The script that draws living charts is made once and kept; in the server a chart loads the server's own copy."""

import pytest

from werkbank.dashboard import charts

TEXT = "export default {};\nconst a = 1;\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A cache of the test's own, and how often the script was made."""
    times = []
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.setenv(name, str(tmp_path / "cache"))
    monkeypatch.delenv(charts.SCRIPT_VARIABLE, raising=False)
    monkeypatch.setattr(charts, "_made", lambda: times.append(1) or TEXT)
    return times


def test_it_is_made_once_and_in_the_server_a_chart_loads_the_servers_own_copy(made, monkeypatch):
    assert [charts.chart_script(), charts.chart_script()] == [TEXT, TEXT]
    assert len(made) == 1
    monkeypatch.setenv(charts.SCRIPT_VARIABLE, "http://127.0.0.1:1/werkbank/chart.js")
    assert charts.chart_script() == "http://127.0.0.1:1/werkbank/chart.js"
    assert len(made) == 1
