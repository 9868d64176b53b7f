"""On a cluster of separate processes the same folders come out, also when a worker is killed under way."""

import json
import os
import subprocess
import sys

import pytest

from tests.batch import killing
from tests.batch.conftest import DAY
from tests.batch.test_faults import spoil, until
from werkbank.batch.cluster import Cluster, _put, _refuse_in_the_clear
from werkbank.batch.runner import run_batch
from werkbank.errors import OutputError

distributed = pytest.importorskip("distributed", reason="the extra [dask] is not installed")
QUIET = {"DASK_DISTRIBUTED__ADMIN__LOG_FORMAT": "%(message)s", "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "5"}


@pytest.fixture
def cluster(tmp_path):
    """A scheduler and two workers, each a process of its own, as on three machines; their address and the workers."""
    environment = {name: value for name, value in {**os.environ, **QUIET}.items() if name != "WERKBANK_WORKSPACE"}
    file, quiet = tmp_path / "scheduler.json", dict.fromkeys(("stdout", "stderr"), subprocess.DEVNULL)

    def start(program, *options):
        command = [sys.executable, "-m", f"distributed.cli.{program}", *options, "--scheduler-file", str(file)]
        return subprocess.Popen(command, cwd=tmp_path, env=environment, **quiet)

    scheduler = start("dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    workers = [start("dask_worker", "--nthreads", "1", "--no-nanny", "--no-dashboard") for _ in range(2)]
    until(lambda: file.exists() and file.read_text(), 60)
    address = json.loads(file.read_text())["address"]
    with distributed.Client(address, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.mark.soak
def test_a_worker_killed_under_way_loses_nothing_and_every_byte_is_the_same(two, cluster, monkeypatch):
    """The units of the lost worker run again on the other; nothing of a workspace is on a worker before or after.

    A failure on the worker that is left comes back with its reason, and with how far it came.
    """
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(two))
    address, workers = cluster
    begun = two / "begun"
    notebook = two / "notebooks" / "analyse.ipynb"
    # The first time a notebook comes by, on whichever worker, that worker is killed: the owner of its process.
    fatal = (
        f"import os, psutil, signal\\n"
        f"try:\\n    open({str(begun)!r}, 'x').close()\\nexcept FileExistsError:\\n    pass\\n"
        f"else:\\n    [os.kill(p.pid, 9) for p in psutil.Process().parents() if 'dask_worker' in ' '.join(p.cmdline())]\\n"
        f"import werkbank as wb"
    )
    notebook.write_bytes(notebook.read_bytes().replace(b'"import werkbank as wb"', f'"{fatal}"'.encode()))
    result = run_batch(two, ["urk", "zeewolde"], dask=address, today=DAY)
    assert begun.exists()
    assert [one.reason for one in result.outcomes] == ["", ""]
    assert sorted(worker.poll() is None for worker in workers) == [False, True]
    assert {one.why for one in result.outcomes} == {("het notebook is veranderd",)}
    elsewhere = killing.folders(two)
    assert set(elsewhere) == {"urk", "zeewolde"}
    run_batch(two, ["urk", "zeewolde"], force=True, today=DAY)
    assert killing.folders(two) == elsewhere
    spoil(two, 'raise KeyError("SECRET")', 4)
    urk, zeewolde = run_batch(two, ["urk", "zeewolde"], dask=address).outcomes
    assert ("KeyError" in urk.reason, zeewolde.state) == (True, "made")
    assert (two / "output" / "2026-1" / "riec" / "failed" / "urk" / "analyse.ipynb").is_file()


@pytest.mark.parametrize(("scheme", "told"), [("tcp", "niet te bereiken"), ("tls", "certificaten nodig")])
def test_a_cluster_that_is_not_there_or_has_no_certificates_is_told(monkeypatch, scheme, told):
    monkeypatch.setattr("werkbank.batch.cluster._WAIT", 1.0)
    with pytest.raises(OutputError, match=told):
        Cluster(f"{scheme}://127.0.0.1:1")


@pytest.mark.parametrize(
    "address",
    ["", "bla", "10.0.0.5:8786", "ws://10.0.0.5:1", "tcp://127.0.0.1", "tcp://127.0.0.1:poort", "inproc://x", "tls://:1",
     "tls://anna:geheim@10.0.0.5:8786"],
)  # fmt: skip
def test_what_is_no_address_of_a_scheduler_is_refused_at_once_and_not_repeated(address, tmp_path):
    """Dask itself waits for it, and ends with a traceback."""
    with pytest.raises(OutputError, match="hoort het adres van de scheduler") as refused:
        run_batch(tmp_path, ["urk"], dask=address)
    assert "geheim" not in str(refused.value)


def test_judgements_do_not_cross_a_network_in_the_clear_but_this_machine_and_an_encrypted_line_are_fine():
    for fine in ("tls://10.0.0.5:8786", "tcp://127.0.0.1:8786", "tcp://localhost:8786", "tcp://[::1]:8786"):
        _refuse_in_the_clear(fine)
    for address in ("tcp://10.0.0.5:8786", "tcp://werk.example:8786"):
        with pytest.raises(OutputError, match="onversleuteld"):
            _refuse_in_the_clear(address)


@pytest.mark.parametrize("name", ["../x", "/etc/x", "a/../../x"])
def test_no_name_leads_out_of_its_folder(tmp_path, name):
    (tmp_path / "in").mkdir()
    with pytest.raises(OutputError):
        _put((tmp_path / "in").resolve(), name, b"")
