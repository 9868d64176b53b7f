"""The agenda worked through in the analyst's own dashboard: marked as discussed, by mouse or keyboard, for who comes next."""

import http.client
import shutil
from urllib.parse import urlsplit

import pytest

from tests.browser.test_accessibility import faults_of
from tests.browser.test_dashboard import errors, status, visit
from werkbank.dashboard.processes import AGENDA
from werkbank.dashboard.serve import running
from werkbank.register.store import recorded_events
from werkbank.sharing.bundle import write_bundle

pytestmark = pytest.mark.browser

TOLD = ".discussed p:visible"


@pytest.fixture(scope="module")
def served(_district, assessed, tmp_path_factory):
    """The dashboard of two municipalities with a workspace of its own, as `werkbank dashboard` serves it."""
    folder = tmp_path_factory.mktemp("agenda")
    workspace = shutil.copytree(_district, folder / "workspace", ignore=shutil.ignore_patterns("output"))
    write_bundle([assessed(slug) for slug in ("urk", "zeewolde")], folder / "bundle")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        with running(folder / "bundle", agenda=True) as server:
            yield server, workspace


def agenda_of(page, place="urk"):
    page.get_by_label("Gemeente", exact=True).select_option(place)
    page.get_by_role("link", name="Verschillen", exact=True).first.click()


def test_a_difference_is_marked_by_keyboard_and_stays_so_for_who_comes_next(browser, served):
    """A fault is told and nothing is lost; what was typed is shown as text, whatever it tries."""
    server, workspace = served
    with visit(browser, server) as page:
        agenda_of(page)
        page.locator(".discuss summary:visible").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_function("document.activeElement.matches('.discuss textarea')")
        page.keyboard.type("Zo <img src=x onerror=alert(1)> is besproken.")
        page.keyboard.press("Tab")
        page.keyboard.type("Jan de Vries")
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_text("lijkt op de naam van een persoon").wait_for()
        for width in (1400, 1024, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert faults_of(page) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_label("Door (een overleg").fill("driehoek")
        page.get_by_role("button", name="Leg vast").click()
        page.locator(TOLD).wait_for()
        told = page.locator(TOLD).inner_text()
        assert told.startswith("Besproken op ")
        assert told.endswith(" door driehoek. Zo <img src=x onerror=alert(1)> is besproken.")
        assert page.get_by_role("status").first.inner_text() == "Vastgelegd in het register."
        assert page.evaluate("document.activeElement.textContent") == "Nog eens besproken"
        page.reload()
        page.locator(TOLD).wait_for()
        with visit(browser, server) as other:
            agenda_of(other)
            other.locator(TOLD).wait_for()
            assert other.locator(TOLD).all_inner_texts() == page.locator(TOLD).all_inner_texts() == [told]
            agenda_of(other, "zeewolde")
            assert other.locator(TOLD).count() == 0
        assert errors(page) == ["error: Failed to load resource: the server responded with a status of 409 (Conflict)"]
    assert [(one.kind, one.actor_role) for one in recorded_events(workspace / "data")] == [("note", "driehoek")]


@pytest.mark.parametrize("key", [True, False])
def test_nobody_marks_anything_without_the_key_or_from_another_page(served, key):
    """A page elsewhere has no `_xsrf`; without the key nothing is read either."""
    server, workspace = served
    before = recorded_events(workspace / "data")
    cookie = status(server, f"/?token={server.key}")[2].split(";")[0] if key else ""
    assert status(server, AGENDA, cookie)[0] == (200 if key else 302)
    connection = http.client.HTTPConnection(urlsplit(server.place).netloc, timeout=20)
    connection.request("POST", AGENDA, "gemeente=urk", {"Cookie": cookie} if cookie else {})
    assert connection.getresponse().status == 403
    assert recorded_events(workspace / "data") == before
