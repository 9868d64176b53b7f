"""How soon the dashboard tells the truth and lives, beside stock Voilà with the same notebook and bundle, in turns."""

import contextlib
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request

import werkbank as wb
from werkbank.dashboard.serve import running
from werkbank.settings.parameters import municipality_slugs
from werkbank.sharing.bundle import write_bundle

VISITS, CHOICES = 5, 40
FLAGS = ["--no-sandbox", "--disable-gpu"]
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


def dashboard(workspace):
    """Medians of first visits, each with an empty profile; and what a choice takes, in 95 of 100 cases at most."""
    from playwright.sync_api import sync_playwright

    folder = workspace / "bench-dashboard"
    slugs = municipality_slugs(workspace)
    write_bundle([wb.for_audience(wb.assess(wb.load_parameters(slug))) for slug in slugs], folder / "bundle")
    path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
    began = time.perf_counter()
    with running(folder / "bundle") as server, stock(workspace, folder) as theirs, sync_playwright() as playwright:
        ready = time.perf_counter() - began
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        visits = [(visited(browser, server.link), visited(browser, theirs, "iframe")) for _ in range(VISITS)]
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        size = len(page.goto(server.link).body()) / 1e6
        page.get_by_role("link", name="Terrein", exact=True).first.click()
        page.locator(".view:not([hidden]) .plot.alive svg").first.wait_for()
        taken = sorted(page.evaluate(CHOOSE, at % 31) for at in range(1, CHOICES + 1))
        browser.close()
    text, alive = ([statistics.median(one[who][part] for one in visits) for who in (0, 1)] for part in (0, 1))
    return "\n".join((
        "| dashboard of the demo's district | ours | stock Voilà | ratio |", "|---|---|---|---|",
        f"| first visit, text that is true (median of {VISITS}) | {text[0]:.2f} s | {text[1]:.2f} s | {text[1] / text[0]:.1f} |",
        f"| first visit, first chart that lives | {alive[0]:.2f} s | {alive[1]:.2f} s | {alive[1] / alive[0]:.1f} |",
        f"| another park, all parts of its view (p95 of {CHOICES}) | {taken[int(0.95 * CHOICES) - 1]:.0f} ms | | |",
        f"| the page; both servers ready after {ready:.1f} s | {size:.2f} MB | | |",
    ))  # fmt: skip


def visited(browser, address, frame=""):
    """Seconds until the first sentence of the advice is seen, and until a chart lives; in a frame or in the page."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page, began = context.new_page(), time.perf_counter()
    page.goto(address, wait_until="commit")
    within, taken = page.frame_locator(frame) if frame else page, []
    for part in (".view:not([hidden]) .lead", ".view:not([hidden]) .plot.alive svg"):
        within.locator(part).first.wait_for(timeout=120_000)
        taken.append(time.perf_counter() - began)
    context.close()
    return taken


@contextlib.contextmanager
def stock(workspace, folder):
    """Voilà's own command with the same notebook, as it comes; the address of its page."""
    shutil.copyfile(workspace / "notebooks" / "dashboard.ipynb", folder / "dashboard.ipynb")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**os.environ, "WERKBANK_BUNDLE": str(folder / "bundle")}
    command = [
        sys.executable,
        "-m",
        "voila",
        "dashboard.ipynb",
        "--no-browser",
        f"--port={port}",
        "--Voila.ip=127.0.0.1",
    ]
    process = subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/voila/static/favicon.ico", timeout=2).close()
                break
            time.sleep(0.2)
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()
