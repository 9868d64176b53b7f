"""Set everything up from a bare checkout and run one job; needs only Python 3.11+ and its standard library.

    make demo     a fictional district and the analysis of every municipality
    make test     all checks and all tests
    make check    formatting, lint, types and the line of folders
    make bench    the benchmarks
    make soak     5,000 advices read, a batch killed fifty times, the wheel elsewhere, visitors (well over an hour)
    make lock     make the lock files anew after a change of dependencies (for developers)
    make help     this text, and nothing else

Without make, as on Windows: `py bootstrap.py demo`, and so on.

Exact versions with hashes come from requirements.lock (what runs) or requirements-dev.lock (everything). uv installs
them where it is there or can be had, else pip.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
COMPILED = VENV / "compiled"
# An organisation's own certificates are in the system's store; uv looks there only when it is told to.
UV = {**os.environ, "UV_SYSTEM_CERTS": "1", "UV_NATIVE_TLS": "1"}
RUN_LOCK, DEV_LOCK = "requirements.lock", "requirements-dev.lock"

CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
    ("lint-imports",),
)


def main(job: str) -> int:
    """Run one job and give back its exit code."""
    jobs = {"demo": demo, "test": test, "check": check, "bench": bench, "soak": soak, "lock": lock, "setup": setup_all}
    if job in jobs:
        return jobs[job]()
    print(__doc__)
    return 0 if job == "help" else 2


def demo() -> int:
    """Make the fictional district and analyse every municipality in it."""
    set_up(RUN_LOCK)
    print("Making the fictional district (about 10 seconds) …", flush=True)
    code = module("werkbank", "demo", "--quiet")
    if code:
        return code
    print("Making the analysis of its six municipalities (under a minute) …", flush=True)
    return module("werkbank", "analyse")


def test() -> int:
    """Run every test, and the checks beside them, which tell at the end what they found."""
    set_up(DEV_LOCK)
    with ThreadPoolExecutor(1) as beside:
        checks = beside.submit(failed_checks)
        code = module("pytest", "-n", "2", *sys.argv[2:])
        failed = told(checks.result())
        return code or failed


def check() -> int:
    """Run the checks alone."""
    set_up(DEV_LOCK)
    return told(failed_checks())


def bench() -> int:
    """Run the benchmarks, which print ratios."""
    set_up(DEV_LOCK)
    return module("tests.benchmarks", *sys.argv[2:])


def soak() -> int:
    """Try what takes too long for every day."""
    set_up(DEV_LOCK)
    return module("pytest", "-n", "2", "-m", "soak") or module("tests.soak", *sys.argv[2:])


def setup_all() -> int:
    """Install everything and run nothing."""
    set_up(DEV_LOCK)
    return 0


def lock() -> int:
    """Resolve the dependencies and export them without any address in them."""
    uv = find_uv()
    if uv is None:
        print("uv is needed to make the lock files.", file=sys.stderr)
        return 1
    subprocess.run([*uv, "lock", "--quiet"], cwd=ROOT, check=True)
    export = [*uv, "export", "--quiet", "--frozen", "--no-header", "--no-annotate", "--no-emit-project", "--all-extras"]
    for name, extra in ((RUN_LOCK, ["--no-group", "dev"]), (DEV_LOCK, [])):
        command = [*export, "--format", "requirements-txt", *extra, "-o", name]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return 0


def failed_checks() -> list[str]:
    """What each check that fails says, after its name; all run, so that all faults are seen at once."""
    said = []
    for name, *options in CHECKS:
        command = [str(BIN / name), *options]
        done = subprocess.run(command, cwd=ROOT, env=within(), check=False, capture_output=True, text=True)
        if done.returncode:
            said.append(f"{name} failed:\n{done.stdout}{done.stderr}")
    return said


def told(failed: list[str]) -> int:
    """Say what failed, and give back the exit code of it."""
    for said in failed:
        print(said, file=sys.stderr, flush=True)
    return min(len(failed), 1)


def module(name: str, *arguments: str) -> int:
    """Run a module of the environment from the checkout's folder."""
    return subprocess.run([str(PYTHON), "-m", name, *arguments], cwd=ROOT, env=within(), check=False).returncode


def within() -> dict[str, str]:
    """The environment of every job, in which what Python compiles is kept.

    Where the system forbids that beside the source, as in many containers, each of the hundreds of processes of the
    tests would compile all its libraries anew, three times the work; then `.venv` holds them.
    """
    variables = dict(os.environ)
    if variables.pop("PYTHONDONTWRITEBYTECODE", ""):
        variables.setdefault("PYTHONPYCACHEPREFIX", str(COMPILED))
    return variables


def set_up(lock_name: str) -> None:
    """Make the environment hold what the lock file says; a second time this takes no time."""
    wanted = hashlib.sha256(
        f"{sys.version}\n{(ROOT / lock_name).read_text()}\n{(ROOT / 'pyproject.toml').read_text()}".encode()
    )
    stamp = VENV / f".{lock_name}.sha256"
    if stamp.is_file() and stamp.read_text() == wanted.hexdigest() and PYTHON.is_file():
        return
    print(f"Setting up the environment from {lock_name} (once; a few minutes on a slow line) …", flush=True)
    if not PYTHON.is_file():
        venv.create(VENV, with_pip=True, clear=True)
    install(lock_name)
    stamp.write_text(wanted.hexdigest())


def install(lock_name: str) -> None:
    """Install the locked packages and the project itself, with uv or else with pip."""
    # Another version of a file may have the date and the size of the one that was compiled.
    shutil.rmtree(COMPILED, ignore_errors=True)
    uv = find_uv()
    pip = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet"]
    packages = ["install", "--require-hashes", "-r", lock_name]
    project = ["install", "--no-deps", "--no-build-isolation", "-e", "."]
    steps = [[*uv, "pip", *step, "--quiet", "--python", str(PYTHON)] for step in (packages, project)] if uv else []
    with_uv = uv and all(subprocess.run(step, cwd=ROOT, env=UV, check=False).returncode == 0 for step in steps)
    if not with_uv:
        for step in (packages, project):
            subprocess.run([*pip, *step], cwd=ROOT, check=True)


def find_uv() -> list[str] | None:
    """The command that runs uv: from the path, or installed into the environment; None where it cannot be had."""
    found = shutil.which("uv")
    if found:
        return [found]
    inside = BIN / ("uv.exe" if os.name == "nt" else "uv")
    if not inside.is_file() and PYTHON.is_file():
        command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", "uv"]
        subprocess.run(command, check=False)
    return [str(inside)] if inside.is_file() else None


if __name__ == "__main__":
    if sys.version_info < (3, 11):
        sys.exit("Python 3.11 or newer is needed.")
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
