"""How soon the dashboard tells the truth and lives, beside stock Voilà with the same notebook and bundle, in turns.

And for twenty visitors who open it at the same moment: when each page reads and lives, and what it takes.
"""

import asyncio
import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor

import psutil
from playwright.async_api import Error, async_playwright
from playwright.sync_api import sync_playwright

import werkbank as wb
from tests.benchmarks.batches import memory
from tests.browser.conftest import FLAGS, NAMES
from tests.bundles import write_bundle
from werkbank.dashboard.serve import running
from werkbank.settings.parameters import municipality_slugs
from werkbank.sharing.bundle import read_bundle

VISITS, CHOICES, VISITORS = 5, 40, 20
PATIENCE, REST = 150, 10
"""Seconds to wait for each of page, text and living part, who sees nothing by then counts as having waited so long; and
until the windows of all visitors have come to rest."""
READS, LIVES = ".view:not([hidden]) .lead", ".view:not([hidden]) .plot.alive svg"
CHOOSE = """async (at) => {
  const list = document.querySelector("#terrein"), began = performance.now();
  list.selectedIndex = at;
  list.dispatchEvent(new Event("change"));
  const name = list.options[at].textContent.split(". ")[1];
  const follows = () => document.querySelector("article.park:not([hidden]) h3").textContent === name
    && document.querySelector(".view:not([hidden]) .plot.alive svg").textContent.includes(name);
  while (!follows()) { await new Promise(requestAnimationFrame); }
  return performance.now() - began;
}"""

TELLS = """{
  const parts = new Map([["reads", READS], ["lives", LIVES]]);
  const watch = setInterval(() => {
    for (const [name, part] of parts) {
      if (!document.querySelector(part)) { continue; }
      console.log(`${name}=${performance.timeOrigin + performance.now()}`);
      parts.delete(name);
    }
    if (!parts.size) { clearInterval(watch); }
  }, 100);
}""".replace("READS", f'"{READS}"').replace("LIVES", f'"{LIVES}"')
"""Lets a page tell itself when it reads and lives: Playwright's own look takes a fifth of the CPU of twenty visitors."""
NO_NETWORK = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
WEIGH = """async (weight) => {
  const input = document.querySelector(".what-if input"), began = performance.now();
  input.value = String(weight);
  input.dispatchEvent(new Event("change"));
  await new Promise(requestAnimationFrame);
  return performance.now() - began;
}"""


def dashboard(workspace):
    """Medians of first visits, each with an empty profile; and what a choice takes, in 95 of 100 cases at most."""
    bundle, began = bundle_of(workspace), time.perf_counter()
    with (
        running({"": read_bundle(bundle)}) as server,
        stock(workspace, bundle) as (theirs, _),
        sync_playwright() as playwright,
    ):
        ready = time.perf_counter() - began
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        visits = [(visited(browser, server.link), visited(browser, theirs, "iframe")) for _ in range(VISITS)]
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        size = len(page.goto(server.link).body()) / 1e6
        page.get_by_role("link", name="Terrein", exact=True).first.click()
        page.locator(LIVES).first.wait_for()
        taken = sorted(page.evaluate(CHOOSE, at % 31) for at in range(1, CHOICES + 1))
        opened = time.perf_counter()
        page.get_by_role("link", name="Wat als", exact=True).first.click()
        page.locator(".what-if > p.quiet:not([hidden])").wait_for()
        opened = time.perf_counter() - opened
        weighed = sorted(page.evaluate(WEIGH, weight) for weight in range(1, CHOICES + 1))
        browser.close()
    text, alive = ([statistics.median(one[who][part] for one in visits) for who in (0, 1)] for part in (0, 1))
    return "\n".join((
        "| dashboard of the demo's district | ours | stock Voilà | ratio |", "|---|---|---|---|",
        f"| first visit, text that is true (median of {VISITS}) | {text[0]:.2f} s | {text[1]:.2f} s | {text[1] / text[0]:.1f} |",
        f"| first visit, first chart that lives | {alive[0]:.2f} s | {alive[1]:.2f} s | {alive[1] / alive[0]:.1f} |",
        f"| another park, all parts of its view (p95 of {CHOICES}) | {taken[int(0.95 * CHOICES) - 1]:.0f} ms | | |",
        f"| Wat als of 31 parks, with the draws | {opened:.2f} s | | |",
        f"| another weight, ranking and shares (p95 of {CHOICES}) | {weighed[int(0.95 * CHOICES) - 1]:.0f} ms | | |",
        f"| the page; both servers ready after {ready:.1f} s | {size:.2f} MB | | |",
    ))  # fmt: skip


def visited(browser, address, frame=""):
    """Seconds until the first sentence of the advice is seen, and until a chart lives; in a frame or in the page."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, began = context.new_page(), time.perf_counter()
    page.goto(address, wait_until="commit")
    within, taken = page.frame_locator(frame) if frame else page, []
    for part in (READS, LIVES):
        within.locator(part).first.wait_for(timeout=120_000)
        taken.append(time.perf_counter() - began)
    context.close()
    return taken


def bundle_of(workspace):
    """What the dashboard of the whole district shows."""
    bundle = workspace / "bench-bundle"
    if not bundle.exists():
        write_bundle([wb.for_audience(wb.assess(slug)) for slug in municipality_slugs(workspace)], bundle)
    return bundle


def chromium():
    return next(filter(None, map(shutil.which, NAMES)))


@contextlib.contextmanager
def stock(workspace, bundle):
    """Voilà's own command with the same notebook, as it comes, once it answers; the address of its page, its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "voila", str(workspace / "notebooks" / "dashboard.ipynb"), "--no-browser"]
    command += [f"--port={port}", "--Voila.ip=127.0.0.1"]
    environment = {**os.environ, "WERKBANK_BUNDLE": str(bundle)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/voila/static/favicon.ico", timeout=2).close()
                break
            time.sleep(0.2)
        try:
            yield f"http://127.0.0.1:{port}/", process.pid
        finally:
            process.terminate()


def visitors(workspace):
    """Stock Voilà with the same notebook and bundle, and ours, one after the other; each visitor has a fresh cache.

    Their browsers work on this machine too; what is the server's own of it is told by who asks for the page alone.
    """
    bundle = bundle_of(workspace)
    lines = ["| 20 visitors at once | text, median s | text, last s | alive, median s | alive, last s | PSS MiB |"]
    lines.append("|---|---|---|---|---|---|")
    for name, served in (("werkbank dashboard", ours(bundle)), ("stock Voilà", stock(workspace, bundle))):
        with served as (link, server):
            time.sleep(8)
            reads, lives, taken = asyncio.run(_all_at_once(link, server))
            if not lines[2:]:
                with ThreadPoolExecutor(VISITORS) as pool:
                    asked = max(pool.map(_asked, [link] * VISITORS))
        figures = (statistics.median(reads), max(reads), statistics.median(lives), max(lives), taken)
        lines.append(f"| {name} | " + " | ".join(f"{one:.1f}" for one in figures) + " |")
    return "\n".join((*lines, f"20 who ask for the page alone at once have it whole within {asked:.2f} s."))


@contextlib.contextmanager
def ours(bundle):
    with running({"": read_bundle(bundle)}, visitors=VISITORS) as server:
        yield server.link, server.process.pid


def _asked(link):
    """Seconds until who asks as a browser does has the whole page."""
    began = time.perf_counter()
    asks = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    asks.addheaders = [("Accept-Encoding", "gzip")]
    with contextlib.closing(asks.open(link, timeout=PATIENCE)) as answer:
        answer.read()
    return time.perf_counter() - began


async def _all_at_once(link, server):
    """Seconds until the text and until the living part of every page, and the memory of all processes of the server."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=[*FLAGS, NO_NETWORK])
        contexts = [await browser.new_context(viewport={"width": 1280, "height": 900}) for _ in range(VISITORS)]
        pages = [await context.new_page() for context in contexts]
        # A window that opens loads pages of Chromium's own, a third of a second of CPU each: visitors have theirs open.
        await asyncio.sleep(REST)
        seen = await asyncio.gather(*(_seen(page, link) for page in pages))
        taken = memory(psutil.Process(server))
        await browser.close()
    return *zip(*seen, strict=True), taken


async def _seen(page, link):
    """Seconds until a page reads and until it lives, as it tells itself; also of a page within the page."""
    await page.add_init_script(TELLS)
    start = time.time()
    seen = dict.fromkeys(("reads", "lives"), start + PATIENCE)

    def lives(message):
        name, _, moment = message.text.partition("=")
        seen.update({name: float(moment) / 1000} if name in seen else {})
        return name == "lives"

    with contextlib.suppress(Error):
        async with page.expect_console_message(lives, timeout=1000 * PATIENCE):
            await page.goto(link, wait_until="commit", timeout=1000 * PATIENCE)
    return [moment - start for moment in seen.values()]
