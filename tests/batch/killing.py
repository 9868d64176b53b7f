"""A batch in a process of its own, killed at a random moment; what may then be seen, and what must be gone."""

import contextlib
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil

ROUND = Path("output") / "2026-1" / "riec"


def temporary(workspace):
    """A folder of its own for temporary files, with the short name that a socket needs."""
    folder = Path(tempfile.gettempdir()) / hashlib.sha256(str(workspace).encode()).hexdigest()[:8]
    folder.mkdir(exist_ok=True)
    return folder


def start(workspace, *more, **environment):
    """`werkbank analyse` on the workspace, as an analyst starts it."""
    command = [sys.executable, "-m", "werkbank", "analyse", "--quiet", *more]
    variables = {**os.environ, "WERKBANK_WORKSPACE": str(workspace), **environment}
    variables["TMPDIR"] = str(temporary(workspace))
    piped = dict.fromkeys(("stdout", "stderr"), subprocess.PIPE)
    return subprocess.Popen(command, cwd=workspace, env=variables, text=True, **piped)


def end(process, how, within=10.0):
    """Signal the batch; what it wrote, its exit code, the seconds it took, and who of its processes still lives."""
    family = {}
    with contextlib.suppress(psutil.NoSuchProcess):
        for one in psutil.Process(process.pid).children(recursive=True):
            # One that ends by itself just now is no sign that the batch did.
            with contextlib.suppress(psutil.NoSuchProcess):
                family[one] = one.cmdline()
        process.send_signal(how)
        begin = time.monotonic()
        out, err = process.communicate(timeout=60)
        took = time.monotonic() - begin
        _, alive = psutil.wait_procs(family, timeout=within)
        return out, err, process.returncode, took, [family[one] for one in alive]
    raise AssertionError("the batch was done before it was killed")


def folders(workspace):
    """Per municipality the hash of all that lies in its folder, names and bytes."""
    found = {}
    for folder in sorted(path for path in (workspace / ROUND).iterdir() if (path / "analyse.html").is_file()):
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        named = ((file.relative_to(folder).as_posix().encode(), file.read_bytes()) for file in files)
        content = b"".join(name + b"\0" + inside for name, inside in named)
        found[folder.name] = hashlib.sha256(content).hexdigest()
    return found


def set_seed(workspace, seed):
    path = workspace / "parameters" / "district.yaml"
    path.write_text(re.sub(r"seed: \d+", f"seed: {seed}", path.read_text(encoding="utf-8")), encoding="utf-8")


def analyse(workspace, *more):
    process = start(workspace, *more)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


def two_outcomes(workspace):
    """The folders as each of two seeds makes them, and the seconds that took."""
    whole, begin = {}, time.monotonic()
    for seed in (1, 2):
        set_seed(workspace, seed)
        code, _, err = analyse(workspace)
        assert code == 0, err
        whole[seed] = folders(workspace)
    return whole, (time.monotonic() - begin) / 2


def killed(workspace, seed, seconds, chance):
    """Kill the batch that makes everything anew with this seed, at a moment within so many seconds; the folders then."""
    set_seed(workspace, seed)
    for sooner in (1, 2, 4, 8):
        process = start(workspace, "--force")
        time.sleep(chance.uniform(0, seconds / sooner))
        if process.poll() is None:
            break
        # Done before it was killed, on a machine that had less to do than when it was timed.
        process.communicate()
    _, _, _, _, alive = end(process, signal.SIGKILL)
    assert alive == [], "processes outlived their batch"
    return folders(workspace)


def none_is_half(seen, before, after):
    """Every folder is as it was before or as it is made after, whole."""
    assert set(seen) == set(before) == set(after)
    assert [slug for slug, found in seen.items() if found not in (before[slug], after[slug])] == []


def finished(workspace, seed):
    """Running again makes the rest, and nothing of the kill is left; the folders then."""
    set_seed(workspace, seed)
    code, _, err = analyse(workspace)
    assert code == 0, err
    left = [path.name for path in workspace.rglob("*") if path.name in {".unfinished", ".batch.txt"}]
    assert left == []
    assert [path for path in temporary(workspace).rglob("*") if path.is_file()] == []
    done = subprocess.run(
        [sys.executable, "-m", "werkbank", "verify"], cwd=workspace, capture_output=True, text=True, check=False,
        env={**os.environ, "WERKBANK_WORKSPACE": str(workspace)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return folders(workspace)
