"""Twenty visitors who open the dashboard at the same moment: when each page reads and lives, and what it takes."""

import asyncio
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

import psutil
from playwright.async_api import Error, async_playwright

import werkbank as wb
from tests.browser.conftest import FLAGS, NAMES
from werkbank.dashboard.serve import running
from werkbank.settings.parameters import municipality_slugs
from werkbank.sharing.bundle import write_bundle

VISITORS = 20
PATIENCE = 150
"""Seconds to wait for each of page, text and living part; who sees nothing by then counts as having waited so long."""
READS, LIVES = ".view:not([hidden]) .lead", ".view:not([hidden]) .plot.alive svg"


def visitors(workspace):
    """Stock Voilà with the same notebook and bundle, and ours, one after the other; each visitor has a fresh cache."""
    bundle = workspace / "bench-bundle"
    write_bundle([wb.for_audience(wb.assess(slug)) for slug in municipality_slugs(workspace)], bundle)
    lines = ["| 20 visitors at once | text, median s | text, last s | alive, median s | alive, last s | PSS MiB |"]
    lines.append("|---|---|---|---|---|---|")
    for name, served, frame in (
        ("werkbank dashboard", _ours(bundle), ""),
        ("stock Voilà", _stock(workspace, bundle), "iframe"),
    ):
        with served as (link, server):
            reads, lives, memory = asyncio.run(_all_at_once(link, server, frame))
        figures = (statistics.median(reads), max(reads), statistics.median(lives), max(lives), memory)
        lines.append(f"| {name} | " + " | ".join(f"{one:.1f}" for one in figures) + " |")
    return "\n".join(lines)


@contextmanager
def _stock(workspace, bundle, port=18861):
    notebook = workspace / "notebooks" / "dashboard.ipynb"
    command = [sys.executable, "-m", "voila", str(notebook), "--no-browser", f"--port={port}"]
    environment = {**os.environ, "WERKBANK_BUNDLE": str(bundle)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        time.sleep(8)
        try:
            yield f"http://127.0.0.1:{port}/", process.pid
        finally:
            process.terminate()


@contextmanager
def _ours(bundle):
    with running(bundle, visitors=VISITORS) as server:
        time.sleep(8)
        yield server.link, server.process.pid


async def _all_at_once(link, server, frame):
    """Seconds until the text and until the living part of every page, and the memory of all processes of the server."""
    async with async_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)))
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        contexts = [await browser.new_context(viewport={"width": 1280, "height": 900}) for _ in range(VISITORS)]
        pages = [await context.new_page() for context in contexts]
        seen = await asyncio.gather(*(_seen(page, link, frame) for page in pages))
        memory = _memory(server)
        await browser.close()
    return *zip(*seen, strict=True), memory


async def _seen(page, link, frame):
    page.set_default_timeout(1000 * PATIENCE)
    await page.route(lambda url: not url.startswith(link[:16]), lambda route: route.abort())
    start = time.perf_counter()
    within, moments = page.frame_locator(frame) if frame else page, []
    for act in (
        page.goto(link, wait_until="commit"),
        *(within.locator(part).first.wait_for() for part in (READS, LIVES)),
    ):
        with suppress(Error):
            await act
        moments.append(time.perf_counter() - start)
    return moments[1:]


def _memory(pid):
    """MiB of a process with all that it started; what they share counts once."""
    every = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    return sum(process.memory_full_info().pss for process in every) / 2**20
