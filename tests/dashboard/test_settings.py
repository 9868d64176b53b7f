"""The server is set to one page, one address and one key; what it inherits holds no secret."""

import dataclasses
import logging
import sys

import hypothesis.strategies as st
import pytest
from hypothesis import given

from werkbank.dashboard.processes import Order, clean_environment, kernel_environment, own_places
from werkbank.dashboard.server import CodesOnly, headers, server_config, sockets_fit

ORDER = Order(
    stage="/tmp/wb-1", folder="/tmp/wb-1/page", sockets="/tmp/wb-1/k", script="/tmp/wb-1/script", port=0,
    key="sleutel-die-niemand-raadt", title="t", head="<p>h</p>", style="p {}", pool=1,
)  # fmt: skip


@pytest.fixture(scope="module")
def config():
    return server_config(ORDER)


def test_an_order_survives_its_one_line():
    line = ORDER.to_json()
    assert "\n" not in line
    assert Order.from_json(line) == ORDER


def test_only_this_computer_is_answered(config):
    assert config.Voila.ip == "127.0.0.1"
    assert config.Voila.token == ORDER.key


def test_no_file_is_served_and_nothing_can_be_overridden(config):
    settings = config.VoilaConfiguration
    assert settings.file_allowlist == []
    assert (settings.allow_template_override, settings.allow_theme_override) == ("NO", "NO")
    assert (settings.strip_sources, settings.show_tracebacks) == (True, False)
    assert config.Voila.config_file_paths == []


def test_kernels_of_closed_pages_are_culled_and_those_of_open_pages_are_not(config):
    culling = config.MappingKernelManager
    assert (culling.cull_idle_timeout, culling.cull_interval, culling.cull_connected) == (900, 60, False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such sockets")
def test_kernels_use_sockets_where_their_names_fit(config):
    """A longer name than the system takes would stop every kernel."""
    assert config.KernelManager.transport == "ipc"
    assert not sockets_fit("/tmp/" + "x" * 60)
    assert "KernelManager" not in server_config(dataclasses.replace(ORDER, sockets="/" + "x" * 90))


def test_the_browser_is_told_to_fetch_nothing_from_elsewhere():
    policy = headers("127.0.0.1:8")["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "ws://127.0.0.1:8;" in policy
    assert "http" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "name",
    ["RIEC_TOKEN", "PGPASSWORD", "db_secret", "DATABASE_URL", "WERKBANK_DATABASE_URL", "AWS_ACCESS_KEY_ID", "EIGEN_GEHEIM"],
)  # fmt: skip
def test_a_secret_is_not_passed_on(name):
    kept = {"PATH": "/bin", "LANG": "nl_NL.UTF-8", "LC_ALL": "C", "HOME": "/h"}
    assert clean_environment({**kept, name: "geheim"}) == kept
    assert kernel_environment({**kept, name: "geheim"}) == kept


@given(st.text(max_size=12))
def test_what_is_not_on_the_list_is_left_out_whatever_it_is_called(name):
    """An unknown name never gets through, known to be secret or not."""
    assert clean_environment({f"X{name}": "x"}) in ({}, {"XDG_CACHE_HOME": "x"})


def test_a_kernel_knows_its_bundle_and_folders_of_its_own(tmp_path):
    own = {**own_places(tmp_path), "WERKBANK_BUNDLE": "/b", "WERKBANK_CHART_SCRIPT": "http://h/s"}
    assert kernel_environment(own) == own
    assert all(value.startswith(str(tmp_path)) or value == "1" for value in own_places(tmp_path).values())


def test_a_log_line_keeps_its_place_and_kind_and_loses_its_words():
    """The text of an error may hold a judgement, an address the key."""
    try:
        raise ValueError("V03 op Kuifeend: 3 structureel")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "page.py", 7, "fout in %s", ("?token=abc",), sys.exc_info())
    assert CodesOnly().filter(record)
    assert logging.Formatter().format(record) == "ERROR in page, regel 7 (ValueError)"
