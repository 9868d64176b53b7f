"""A forked kernel is a fresh one: nothing of one notebook reaches the next, and none outlives who asked for it."""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from papermill.exceptions import PapermillExecutionError

import werkbank as wb
from tests.batch.kernels import alive, run, shown_by, zygote
from werkbank.batch.ahead import Start
from werkbank.batch.press import Job, Press
from werkbank.batch.provisioner import WarmKernels
from werkbank.batch.warm import KERNELS, same_start, threads
from werkbank.errors import OutputError

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="kernels are forked on Linux only")


@pytest.fixture(scope="module")
def kernels():
    with zygote() as warm:
        yield warm


def test_a_process_that_makes_files_gets_ready_before_kernels_can(monkeypatch):
    monkeypatch.setenv("WERKBANK_WORKSPACE", "/nowhere")
    with WarmKernels() as warm:
        line, jobs = warm.start_printer(cwd=str(Path.cwd()), env=dict(warm.env))
        with line, jobs:
            jobs.settimeout(60)
            early = not warm._said[KERNELS].is_set()
            jobs.send(b'{"work": "?"}\n')
            answer = jobs.recv(4096)
        assert warm.can(KERNELS), warm.note

    assert early, "it waited for the imports of kernels"
    assert b"Onverwachte fout (KeyError" in answer


def gone(pid, within=10.0):
    ends = time.monotonic() + within
    while alive(pid) and time.monotonic() < ends:
        time.sleep(0.02)
    return not alive(pid)


SPOIL = """
import builtins, json, os, random, signal, sys, warnings, locale, threading, decimal, tempfile, textwrap
import numpy as np, pandas as pd, altair as alt, werkbank, werkbank.report.html, werkbank.wording
left_behind = builtins.left_behind = 1
textwrap.dedent = werkbank.wording.count = lambda *a, **k: "patched"
pd.DataFrame.sum = None
werkbank.load_catalogue().__dict__["left_behind"] = 1
werkbank.report.html._environment().globals["left_behind"] = 1
pd.set_option("display.max_rows", 3)
alt.renderers.enable("json")
random.seed(1); np.random.seed(1)
os.environ["LEFT_BEHIND"] = "1"; os.environ.pop("HOME", None)
sys.path.insert(0, "/left/behind"); sys.modules["left_behind"] = json
os.chdir("/"); os.umask(0o777)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGUSR1})
warnings.simplefilter("error"); decimal.getcontext().prec = 3; np.seterr(all="raise")
sys.setrecursionlimit(555); threading.excepthook = None
kept_open = [open(os.devnull) for _ in range(20)]
"""

STATE = """
import builtins, decimal, os, signal, sys, textwrap, threading, warnings
import numpy as np, pandas as pd, altair as alt, werkbank, werkbank.report.html, werkbank.wording
{
    "names": [hasattr(builtins, "left_behind"), "left_behind" in globals(), "left_behind" in sys.modules],
    "modules": [textwrap.dedent(" a"), werkbank.wording.count(1, "a", "b"), int(pd.DataFrame({"a": [1]}).sum()["a"])],
    "package": ["left_behind" in werkbank.load_catalogue().__dict__,
                "left_behind" in werkbank.report.html._environment().globals],
    "options": [pd.get_option("display.max_rows"), alt.renderers.active, decimal.getcontext().prec, str(np.geterr())],
    "environment": sorted(name for name in os.environ if name != "JPY_PARENT_PID"),
    "home": os.environ.get("HOME"),
    "cwd": os.getcwd(), "path": sys.path, "umask": os.umask(0o022), "argv": [sys.argv[0], sys.argv[1], sys.argv[3:]],
    "signals": {int(s): str(signal.getsignal(s)).split(" at ")[0] for s in signal.valid_signals()},
    "blocked": sorted(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, []))),
    "threads": sorted({thread.name.split("-")[0] for thread in threading.enumerate()}),
    "recursion": sys.getrecursionlimit(), "filters": len(warnings.filters),
    "leader": [os.getsid(0) == os.getpid(), os.getpgid(0) == os.getpid()],
    "stdin": os.readlink("/proc/self/fd/0").split(":")[0].replace("pipe", "/dev/null"),
    "main": sys.modules["__main__"].__name__, "counts": len(In),
    "history": get_ipython().history_manager.enabled,
}
"""


def test_a_notebook_leaves_nothing_to_the_next_and_finds_what_a_fresh_process_has(kernels):
    """Names, patched modules, options, environment, folder, path, umask, signals, threads: equal to a kernel started
    as ever, after another notebook spoiled each of them."""
    fresh, before = run(None, STATE), run(kernels, STATE)
    run(kernels, SPOIL)
    after = run(kernels, STATE)
    assert after == before
    different = {key: (fresh[key], after[key]) for key in fresh if fresh[key] != after[key]}
    # Not what a notebook did: modules add their filters when they are imported, and the forked kernel is without the
    # debugger, which sets a variable, and without the thread that polls for the parent's death: the system tells it.
    assert set(different) <= {"filters", "environment", "threads"}, different
    assert set(fresh["environment"]) - set(after["environment"]) <= {"PYDEVD_USE_FRAME_EVAL"}
    assert set(after["environment"]) <= set(fresh["environment"])
    assert set(fresh["threads"]) - {"Thread"} == set(after["threads"])


FILES = """
import os
sorted(os.readlink(f"/proc/self/fd/{fd}").split(":")[0] for fd in os.listdir("/proc/self/fd")
       if os.path.exists(f"/proc/self/fd/{fd}") or os.path.islink(f"/proc/self/fd/{fd}"))
"""


def test_a_forked_kernel_has_no_file_open_that_an_ordinary_one_has_not(kernels):
    """Neither the other kernels' lines nor the channel of the warm process; only sockets and the poll of its own."""
    run(kernels, SPOIL)
    ours, ordinary = run(kernels, FILES), run(None, FILES)
    assert len(ours) <= len(ordinary), (ours, ordinary)
    assert set(ours) <= {*ordinary, "/dev/null"}


RANDOM = """
import os, random, secrets, tempfile, uuid
import numpy as np, scipy.stats
[random.random(), float(np.random.random()), float(np.random.default_rng().random()), os.urandom(8), uuid.uuid4().hex,
 uuid.uuid1().hex, secrets.token_hex(8), float(scipy.stats.norm.rvs()), next(tempfile._get_candidate_names())]
"""


def test_no_two_kernels_draw_the_same_numbers(kernels):
    draws = [run(kernels, RANDOM) for _ in range(3)]
    for values in zip(*draws, strict=True):
        assert len(set(values)) == 3, values


def test_a_seed_gives_what_it_gives_in_any_process(kernels):
    source = (
        "import random, numpy as np\nrandom.seed(7); np.random.seed(7)\n[random.random(), float(np.random.random())]"
    )
    assert run(kernels, source) == run(None, source)


def test_each_batch_has_a_hash_secret_of_its_own(kernels):
    """Within one batch the kernels share it, as forked processes do; it is never the same in the next batch."""
    source = "[hash('werkbank'), __import__('sys').flags.hash_randomization]"
    secret, randomised = run(kernels, source)
    assert randomised == 1
    assert run(kernels, source) == [secret, 1]
    with zygote() as another:
        assert run(another, source)[0] != secret


def test_the_warm_process_has_one_thread_and_no_data(kernels):
    """A fork is safe with one thread only; no drawing engine and no reader of a municipality has run."""
    tasks = [task.name for task in Path(f"/proc/{kernels._process.pid}/task").iterdir()]
    assert tasks == [str(kernels._process.pid)]
    assert run(kernels, "import sys\n'vl_convert' in sys.modules") is False
    source = "import gc\nfrom werkbank.matrix import RiskMatrix\nlen([o for o in gc.get_objects() if isinstance(o, RiskMatrix)])"
    assert run(kernels, source) == 0


def test_a_process_that_makes_files_is_forked_too_and_lives_until_it_is_let_go(
    kernels, demo_workspace, monkeypatch, tmp_path
):
    """The drawing engine, with its threads, is in it alone; a job that fails is told, and the next one is for the same."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(demo_workspace))
    monkeypatch.setattr("werkbank.batch.execute._warm", [kernels])
    warm = psutil.Process(kernels._process.pid)
    there = set(warm.children())
    job = Job("analysis", wb.load_parameters("urk"), tmp_path, None)
    with Press() as press, press.turn() as make:
        for _ in range(2):
            with pytest.raises(OutputError, match="niet worden weggeschreven"):
                make(job)
        (printer,) = set(warm.children()) - there
        assert printer.num_threads() > 1
        assert warm.num_threads() == 1
    assert gone(printer.pid)


def test_our_own_threads_are_counted_as_the_system_does():
    assert threads() >= 1


def test_a_killed_kernel_ends_its_own_notebook_only(kernels):
    with pytest.raises(DeadKernelError):
        run(kernels, "import os, signal; os.kill(os.getpid(), signal.SIGKILL)")
    assert run(kernels, "6 * 7") == 42
    assert kernels.note == ""


def test_a_notebook_that_takes_too_long_is_stopped_and_its_kernel_with_it(kernels, tmp_path):
    """The limit is on all cells together: each of these stays well within it."""
    file = tmp_path / "pid"
    first = f"import os, time; open({str(file)!r}, 'w').write(str(os.getpid())); time.sleep(1)"
    start = time.monotonic()
    with pytest.raises(CellTimeoutError):
        run(kernels, first, *["time.sleep(1)"] * 20, notebook_timeout=2)
    assert time.monotonic() - start < 10
    assert gone(int(file.read_text()))


def test_what_a_notebook_started_ends_with_it(kernels):
    source = "import subprocess\nchild = subprocess.Popen(['sleep', '600'])\n[child.pid]"
    (pid,) = run(kernels, source)
    assert gone(pid)


def test_when_the_warm_process_is_gone_kernels_start_as_ever():
    with zygote() as kernels:
        os.kill(kernels._process.pid, signal.SIGKILL)
        kernels._process.wait()
        assert run(kernels, "6 * 7") == 42
        assert "één voor één" in kernels.note


def test_a_kernel_that_fails_to_start_is_started_once_more(kernels, monkeypatch):
    """The fork is asked for with nonsense, its kernel dies at once, and the notebook is executed all the same."""
    start = kernels.start
    kernels.take(Start(("-f", ""), "", {}))  # none that waits is like this one, so none is left
    monkeypatch.setattr(kernels, "start", lambda how: start(replace(how, cwd="/nonexistent")))
    assert run(kernels, "6 * 7") == 42


def test_without_a_fork_it_is_correct_and_says_so(monkeypatch):
    monkeypatch.setenv("WERKBANK_NO_FORK", "1")
    from werkbank.batch.provisioner import WarmKernels

    with WarmKernels() as kernels:
        assert run(kernels, "6 * 7") == 42
    assert "zo gevraagd" in kernels.note


def test_a_kernel_whose_process_must_start_differently_is_not_forked(kernels, monkeypatch):
    """PYTHONPATH and the time zone act at the start of a process; a fork would come too late."""
    source = "__import__('os').environ.get('TZ'), __import__('time').strftime('%Z')"
    monkeypatch.setenv("TZ", "UTC-11")
    assert run(kernels, source) == ("UTC-11", "UTC")
    assert not same_start({"PYTHONPATH": "a"}, {})
    assert same_start({"HOME": "a"}, {"HOME": "b"})


OWNER = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background without it
from tests.batch.kernels import run, zygote
with zygote() as kernels:
    print(kernels._process.pid, flush=True)
    run(kernels, "import os, time; open(sys.argv[1], 'w').write(str(os.getpid())); time.sleep(600)".replace(
        "sys.argv[1]", repr(sys.argv[1])))
"""


BORN = "import os, psutil, time; (os.getpid(), psutil.Process().create_time())"


def test_a_kernel_is_there_before_it_is_asked_for_and_serves_one_notebook(kernels):
    """It began while the notebook before it ran; every isolation test here runs in such kernels."""
    (first, _), asked = run(kernels, BORN), time.time()
    time.sleep(0.1)
    second, born = run(kernels, BORN)
    assert born < asked + 0.05
    assert len({first, second, run(kernels, BORN)[0]}) == 3
    assert len(kernels._waiting) == 1


def test_kernels_that_waited_at_the_same_time_hear_only_their_own(kernels):
    """Each has sockets in a folder of its own: with a name in common one would answer for another."""
    with ThreadPoolExecutor(max_workers=3) as pool:
        assert list(pool.map(lambda n: run(kernels, "1", str(n)), range(9))) == list(range(9))
    assert all(waiting.connection["ip"].startswith(waiting.folder.name) for waiting in kernels._waiting)
    assert len({waiting.folder.name for waiting in kernels._waiting}) == len(kernels._waiting)
    kernels.take(Start(("-f", ""), "", {}))  # none that waits is like this one, so none is left


def test_a_kernel_that_waits_is_for_an_equal_start_only(kernels):
    """Another environment is another kernel, and the one that waited ends."""
    run(kernels, "1")
    (waiting,) = kernels._waiting
    place = Path(waiting.folder.name)
    assert run(kernels, "import os; os.environ['ONLY_NOW']", env={**os.environ, "ONLY_NOW": "1"}) == "1"
    assert not place.exists()
    assert run(kernels, "import os; 'ONLY_NOW' in os.environ") is False


def test_a_kernel_that_waited_and_ended_is_replaced_by_an_ordinary_one(kernels):
    run(kernels, "1")
    (waiting,) = kernels._waiting
    pid = int(waiting.line.recv(100).split(b":")[1].strip(b" }\n"))
    os.kill(pid, signal.SIGKILL)
    assert gone(pid)
    assert run(kernels, "1 + 1") == 2


def test_nothing_is_left_of_a_kernel_that_waited_in_vain():
    with zygote() as warm:
        run(warm, "1")
        (waiting,) = warm._waiting
        place = Path(waiting.folder.name)
        pid = int(waiting.line.recv(100).split(b":")[1].strip(b" }\n"))
        assert alive(pid)
    assert gone(pid)
    assert not place.exists()


def test_every_output_stands_by_its_own_cell(kernels):
    """The kernel has the next cells before what came of one is read."""
    assert shown_by(kernels, *(f"print({n}); {n}" for n in range(40))) == list(range(40))


def test_what_lies_ready_is_not_executed_after_a_cell_that_fails(kernels, tmp_path):
    """The kernel had those cells already; it must not save anything any more."""
    later = [f"open({str(tmp_path / str(n))!r}, 'w').close()" for n in range(5)]
    with pytest.raises(PapermillExecutionError, match="ZeroDivisionError"):
        run(kernels, "1", "import time; time.sleep(0.2); 1 / 0", *later)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
def test_no_kernel_outlives_its_owner(tmp_path, how):
    """Neither after kill -9 nor after Ctrl-C, while a cell runs."""
    file = tmp_path / "pid"
    owner = subprocess.Popen(
        [sys.executable, "-c", OWNER, str(file)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    try:
        warm = int(owner.stdout.readline())
        while not (file.exists() and file.read_text()):
            time.sleep(0.05)
        owner.send_signal(how)
        # It is the kernel that may not outlive it; how long it takes itself is not told on a busy machine.
        owner.wait(60)
    finally:
        owner.kill()
        owner.stdout.close()
    assert gone(int(file.read_text()))
    assert gone(warm)


def test_no_kernel_outlives_the_warm_process(tmp_path):
    """Nor does a process that makes files."""
    with zygote() as kernels:
        line = kernels.start(Start(("-f", str(tmp_path / "k.json")), str(tmp_path), dict(kernels.env)))
        line.settimeout(30)
        pid = int(line.recv(100).split(b":")[1].strip(b" }\n"))
        lines = kernels.start_printer(cwd=str(tmp_path), env=dict(kernels.env))
        warm = psutil.Process(kernels._process.pid)
        while len(family := [one.pid for one in warm.children()]) < 2:
            time.sleep(0.02)
        assert pid in family
        assert all(map(alive, family))
        os.kill(warm.pid, signal.SIGKILL)
        assert all(map(gone, family))
        for one in (line, *lines):
            one.close()
