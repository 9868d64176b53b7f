"""A real browser without a network. Where Chromium is missing the tests say so and skip; in CI they must run."""

import os
import shutil

import pytest

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
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


@pytest.fixture
def offline_page(browser):
    """A page that can open files only; `requests` and `complaints` hold what it tried and what it said."""
    context = browser.new_context(viewport={"width": 1200, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.requests_made, page.complaints = [], []
    page.on("request", lambda request: page.requests_made.append(request.url))
    page.on("console", lambda message: page.complaints.append(message.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.route("http*://**/*", lambda route: route.abort())
    yield page
    context.close()


@pytest.fixture(scope="session")
def every_page(_district, tmp_path_factory):
    """Every kind of page that the workbench makes, by name, as files."""
    from tests.browser import pages

    folder = tmp_path_factory.mktemp("every_page")
    workspace = shutil.copytree(_district, tmp_path_factory.mktemp("of_every_page") / "workspace")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        for name, html in pages.made():
            (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return {path.stem: path for path in folder.iterdir()}
