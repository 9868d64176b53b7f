"""What is timed: the whole batch, beside the stock papermill and nbconvert commands one after another; and the country."""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import psutil
import yaml

from tests.benchmarks.measures import ROOT
from tests.benchmarks.national import write_returns
from werkbank.batch.runner import run_batch

ROUND = "2026-1"


def district_of(folder, municipalities):
    """A workspace with so many municipalities of eleven parks, every workbook filled; the names of the municipalities."""
    shutil.copytree(ROOT / "notebooks", folder / "notebooks")
    (folder / "parameters").mkdir()
    shutil.copy(ROOT / "parameters" / "district.yaml", folder / "parameters")
    matrices = folder / "data" / "matrices" / ROUND
    matrices.mkdir(parents=True)
    write_returns(matrices, municipalities)
    (matrices / "parks.csv").rename(folder / "data" / "parks.csv")
    slugs = sorted({re.sub(r"_[a-z]+$", "", path.stem) for path in matrices.glob("*.xlsx")})
    for number, slug in enumerate(slugs):
        own = {"municipality": slug, "code": f"GM{number:04}", "name": slug.title()}
        (folder / "parameters" / f"{slug}.yaml").write_text(yaml.safe_dump(own), encoding="utf-8")
    (folder / "data" / "FICTIEVE_GEGEVENS.json").write_text("{}")
    _allow(folder, slugs)
    return slugs


def _allow(folder, slugs):
    """A made-up decision for all of them, under the name that the parameters ask for."""
    wanted = yaml.safe_load((folder / "parameters" / "district.yaml").read_text(encoding="utf-8"))["legal_basis"]
    basis = {
        "id": wanted, "kind": "enforcement_bottleneck", "body": "Fictieve stuurgroep", "decided": "2025-01-15",
        "valid_until": "2099-12-31", "municipalities": slugs, "rounds": [ROUND],
        "purpose": "Meten hoe lang het duurt.", "retention_until": "2099-12-31",
    }  # fmt: skip
    text = re.sub(r"'(\d{4}-\d\d-\d\d)'", r"\1", yaml.safe_dump({"legal_bases": [basis]}))
    (folder / "data" / "legal_bases.yaml").write_text(text, encoding="utf-8")


@contextmanager
def working_in(folder, municipalities):
    """That workspace made and worked in; the folder and its municipalities."""
    folder.mkdir()
    slugs, before = district_of(folder, municipalities), os.environ["WERKBANK_WORKSPACE"]
    os.environ["WERKBANK_WORKSPACE"] = str(folder)
    try:
        yield folder, slugs
    finally:
        os.environ["WERKBANK_WORKSPACE"] = before


def whole_batch(workspace, municipalities=24, some=3):
    """All files of 24 municipalities, beside `some` of them by `papermill` and `jupyter nbconvert`, scaled to 24."""
    with working_in(workspace / "batch24", municipalities) as (folder, slugs):
        start = time.perf_counter()
        for slug in slugs[:some]:
            stock(folder, slug)
        theirs = (time.perf_counter() - start) * municipalities / some
        start = time.perf_counter()
        result = run_batch(folder, slugs, jobs=2)
        seconds = time.perf_counter() - start
        # Once more for its memory alone: asking a dozen processes for it takes time of its own.
        _, peak, again = measured(folder, slugs, force=True)
    assert result.exit_code == again.exit_code == 0, [one.reason for one in result.outcomes]
    return (
        f"batch of {municipalities}, every file of each: {seconds:.1f} s, peak {peak:.0f} MiB; stock papermill and "
        f"nbconvert (notebook and HTML alone), one after another, as {some} took: {theirs:.1f} s; "
        f"ratio {theirs / seconds:.1f}"
    )


def stock(folder, slug):
    """The commands as they are installed, papermill on its own engine."""
    made = folder / f"{slug}.ipynb"
    command = [sys.executable, "-m", "papermill", "--engine", "nbclient", "--no-progress-bar"]
    environment = {name: value for name, value in os.environ.items() if name != "WERKBANK_CHART_OUTPUT"}
    subprocess.run(
        [*command, str(folder / "notebooks" / "analyse.ipynb"), str(made), "-p", "municipality", slug],
        check=True, capture_output=True, env=environment,
    )  # fmt: skip
    subprocess.run(
        [sys.executable, "-m", "nbconvert", "--to", "html", "--no-input", str(made)], check=True, capture_output=True
    )


def measured(folder, slugs, jobs=2, *, force=False):
    """Seconds of a batch in this process, the most memory that it and all its processes had at once, and its result."""
    done, peak = threading.Event(), [0.0]

    def watch():
        # Asked five times a second, the system spends a tenth of the batch's time on the answers.
        while not done.wait(1.0):
            peak[0] = max(peak[0], memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    start = time.perf_counter()
    try:
        result = run_batch(folder, slugs, jobs=jobs, force=force)
    finally:
        done.set()
        watcher.join()
    return time.perf_counter() - start, peak[0], result


def memory(first=None):
    """MiB of this process, or another, and those it started; what they share counts once (PSS), where that is told."""
    first, total = first or psutil.Process(), 0
    for process in [first, *first.children(recursive=True)]:
        try:
            full = process.memory_full_info()
        except (psutil.Error, OSError):
            continue
        total += getattr(full, "pss", full.rss)
    return total / 2**20


def country(workspace, municipalities=342):
    """All municipalities of the country, every file of each, two at a time."""
    with working_in(workspace / "country", municipalities) as (folder, slugs):
        seconds, peak, result = measured(folder, slugs)
        start = time.perf_counter()
        kept = run_batch(folder, slugs)
        again = time.perf_counter() - start
    assert result.exit_code == 0, [one.reason for one in result.outcomes if one.reason][:3]
    assert {one.state for one in kept.outcomes} == {"kept"}
    files = len(list(Path(folder, "output").rglob("*.*")))
    return (
        f"{municipalities} municipalities, every file of each ({files} files): {seconds:.0f} s, "
        f"{seconds / municipalities:.2f} s each, peak {peak:.0f} MiB; again with nothing changed: {again:.0f} s"
    )
