"""A real browser without a network. Where Chromium is missing the tests say so and skip; in CI they must run."""

import contextlib
import os
import shutil

import pytest

from tests.once import made_once

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
FILES = ("file:", "data:", "blob:")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium, as installed on the machine."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        message = "Chromium is not installed; the pages were not looked at in a browser"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@contextlib.contextmanager
def watched(browser, width, allowed):
    """A page that reaches only what is `allowed`; `requests_made` and `complaints` hold what it tried and what it said."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.requests_made, page.complaints = [], []
    page.on("request", lambda request: page.requests_made.append(request.url))
    page.on("console", lambda message: page.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: page.complaints.append(f"error: {error}"))
    page.route(lambda url: not url.startswith(allowed), lambda route: route.abort())
    yield page
    context.close()


@pytest.fixture
def offline_page(browser):
    """A page that can open files only."""
    with watched(browser, 1200, FILES) as page:
        yield page


def asked_outside(page, allowed=FILES):
    return [url for url in page.requests_made if not url.startswith(allowed)]


def enliven(page):
    """Draw every chart of what is shown."""
    for plot in page.locator(".plot[data-chart]:visible").all():
        alive(page, plot)


def alive(page, plot):
    plot.scroll_into_view_if_needed()
    page.wait_for_function("place => place.classList.contains('alive')", arg=plot.element_handle())
    return plot


@pytest.fixture(scope="session")
def every_page(_district, tmp_path_factory):
    """Every kind of page that the workbench makes, by name, as files."""
    from tests.browser import pages

    def make(folder):
        workspace = shutil.copytree(_district, tmp_path_factory.mktemp("of_every_page") / "workspace")
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("WERKBANK_WORKSPACE", str(workspace))
            patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
            for name, html in pages.made():
                (folder / f"{name}.html").write_text(html, encoding="utf-8")

    return {path.stem: path for path in made_once(tmp_path_factory, "every_page", make).iterdir()}
