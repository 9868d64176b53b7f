"""A page that may not be believed says so, and a kernel is its visitor's own and ends with him: served for real."""

import contextlib
import http.client
import re
import signal
import time
from pathlib import Path
from urllib.parse import urlsplit

import psutil
import pytest
from playwright.sync_api import Error

from tests.browser.conftest import watched
from tests.browser.test_accessibility import faults_of
from tests.browser.test_dashboard import until
from tests.dashboard.test_proxy import UPGRADE, with_notebook
from werkbank.dashboard.serve import running
from werkbank.sharing.bundle import read_bundle

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="looks at processes as Linux shows them"),
]

KERNEL = """JSON.parse(document.querySelector("iframe")?.contentDocument
  ?.getElementById("jupyter-config-data")?.textContent ?? "{}").kernelId"""
SAID = "#wbd-state p"
AGAIN = "Opnieuw rekenen"
SOCKETS = """window.sockets = [];
window.WebSocket = class extends WebSocket { constructor(...told) { super(...told); window.sockets.push(this); } };"""
WIDGET = """import ipywidgets as w
told, chosen = w.HTML("niets"), w.Dropdown(options=["een", "twee", "drie", "vier"], description="Keuze")
chosen.observe(lambda change: setattr(told, "value", f"<p class='told'>{change['new']}</p>"), "value")
chosen.value = "twee"
w.VBox([chosen, told], _dom_classes=["wbd"])
"""
"""Whatever a kernel shows: a list, and what follows it."""


@pytest.fixture(scope="module")
def bundle(demo_workspace, riec_folder, tmp_path_factory):
    """The bundle of the RIEC; the kernel shows a widget of ours."""
    folder = tmp_path_factory.mktemp("kernels")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        patch.setenv("WERKBANK_WORKSPACE", with_notebook(demo_workspace, folder, WIDGET))
        yield {"": read_bundle(riec_folder)}


@pytest.fixture(scope="module")
def server(bundle):
    with running(bundle) as server:
        yield server


@contextlib.contextmanager
def visit(browser, server):
    """A visitor with a cookie of its own, whose kernel shows something."""
    with watched(browser, 1280, (server.place, "data:", "blob:")) as page:
        page.add_init_script(SOCKETS)
        page.goto(server.link)
        begin(page)
        lives(page)
        yield page


def begin(page):
    """Ask for a kernel, as a visitor does."""
    page.get_by_role("link", name="Wat als").click()
    page.get_by_role("button", name="Ook een andere rekenwijze proberen").click()


def lives(page):
    page.frame_locator("iframe").locator(".wbd-alive:not(.wbd-frozen) .told").wait_for(timeout=60_000)


def process_of(server, kernel_id):
    """The process of a kernel, or None."""
    for process in psutil.Process(server.process.pid).children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if process.status() != "zombie" and any(kernel_id in word for word in process.cmdline()):
                return process
    return None


def listed(page):
    return page.frame_locator("iframe").locator("select")


def choose(page, index):
    listed(page).select_option(index=index)


def shown(page):
    """What is on the list, and what follows it."""
    chosen = listed(page).evaluate("one => one.selectedOptions[0].innerText")
    return chosen, page.frame_locator("iframe").locator(".told").inner_text()


def followed(page):
    until(lambda: len(set(shown(page))) == 1, 10)


def test_a_kernel_ends_within_ten_seconds_of_its_page(browser, server):
    """Of a browser that is gone without a word: tests/dashboard/test_kernels.py."""
    with visit(browser, server) as page:
        kernel_id = page.evaluate(KERNEL)
        assert process_of(server, kernel_id)
        page.reload()
        until(lambda: not process_of(server, kernel_id), 10)


@pytest.mark.soak
def test_a_fault_of_the_network_loses_nothing(browser, server):
    """The connection is broken; the page finds its own kernel back, with what was chosen."""
    with visit(browser, server) as page:
        choose(page, 2)
        kernel_id = page.evaluate(KERNEL)
        page.frames[1].evaluate("for (const socket of sockets) { socket.close(); }")
        page.wait_for_timeout(8000)
        assert page.evaluate(KERNEL) == kernel_id
        assert process_of(server, kernel_id)
        choose(page, 3)
        followed(page)
        until(lambda: page.locator(SAID).count() == 0, 6)


def kernel_killed(page, server):
    process_of(server, page.evaluate(KERNEL)).kill()


def server_killed(_page, server):
    server.process.kill()


def server_asleep(_page, server):
    server.process.send_signal(signal.SIGSTOP)


def page_asleep(page, server):
    """The laptop is shut; when it opens again, the kernel is gone."""
    session = page.context.new_cdp_session(page)
    session.send("Page.setWebLifecycleState", {"state": "frozen"})
    kernel_killed(page, server)
    time.sleep(6)
    session.send("Page.setWebLifecycleState", {"state": "active"})


def bundle_replaced(_page, server):
    file = server.stage / "bundle" / "urk.json"
    file.write_bytes(file.read_bytes() + b" ")


def dashboard_restarted(page, server):
    """On the same port, as with --port: with another key."""
    page.context.clear_cookies()


# What the page says of each, and whether it has a button to go on; the later ones in `make soak`.
FAULTS = {
    kernel_killed: ("berekening van de andere rekenwijze is gestopt", True),
    server_asleep: ("geen verbinding", False),
    bundle_replaced: ("gegevens achter dit dashboard zijn vervangen", False),
    page_asleep: ("berekening van de andere rekenwijze is gestopt", True),
    dashboard_restarted: ("Is er een nieuwe link, open het daarmee", False),
    server_killed: ("geen verbinding", False),
}


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(one, marks=[pytest.mark.soak] if place > 0 else [], id=one.__name__)
        for place, one in enumerate(FAULTS)
    ],
)
def test_a_page_that_no_longer_follows_says_so_within_five_seconds_and_shows_one_moment(browser, bundle, server, fault):
    """What was chosen after the fault is not shown as if it counted; nothing more can be chosen."""
    words, offers = FAULTS[fault]
    one = contextlib.nullcontext(server) if fault is kernel_killed else running(bundle)
    with one as struck, visit(browser, struck) as page:
        choose(page, 1)
        page.wait_for_timeout(2500)  # until it has been still for a moment, and is kept
        before = shown(page)
        fault(page, struck)
        with contextlib.suppress(Error):  # who wakes up may be too late to choose anything
            listed(page).select_option(index=3, timeout=500)
        page.locator(SAID, has_text=words).wait_for(timeout=5000)
        assert before[0] == before[1]
        assert shown(page) == before
        page.wait_for_timeout(1500)
        assert page.locator("#wbd-state").get_attribute("role") == "status"
        assert page.frame_locator("iframe").locator(":is(select, input, button):enabled").count() == 0
        assert page.get_by_role("button", name=AGAIN).count() == offers
        assert page.locator("iframe").bounding_box()["height"] > 60, "as high as what it shows"
        assert page.get_by_text("FICTIEVE GEGEVENS").first.is_visible()
        assert faults_of(page) == []
        page.get_by_label("Terrein", exact=True).select_option(index=2)
        page.get_by_role("link", name="Terrein", exact=True).first.click()
        page.locator(".view:not([hidden]) .plot.alive svg").first.wait_for()
        page.get_by_role("link", name="Wat als").click()
        goes_on(page, struck, fault, before)


def goes_on(page, server, fault, before):
    """Each as it can."""
    if fault in (kernel_killed, page_asleep):
        page.get_by_role("button", name=AGAIN).click()
        lives(page)
        assert page.get_by_role("button", name=AGAIN).count() == 0
        choose(page, 2)
        followed(page)
    elif fault is server_asleep:
        server.process.send_signal(signal.SIGCONT)
        page.locator(SAID, has_text="werkt weer").wait_for()
        # What was chosen meanwhile had reached nobody; now it has.
        until(lambda: shown(page)[0] == shown(page)[1] != before[0], 10)
    elif fault is bundle_replaced:
        page.reload()
        begin(page)
        words = page.frame_locator("iframe").get_by_role("heading", name="moet opnieuw starten")
        words.wait_for()


def asked(server, method, path, cookies):
    """The answer to who has these cookies, and what it says."""
    connection = http.client.HTTPConnection(urlsplit(server.place).netloc, timeout=60)
    head = {"Cookie": "; ".join(map("=".join, cookies.items())), "X-XSRFToken": cookies.get("_xsrf", "")}
    head |= {**UPGRADE, "Origin": server.place} if "channels" in path else {}
    connection.request(method, path, headers=head)
    answer = connection.getresponse()
    return answer, b"" if answer.status == 101 else answer.read()


def came_in(server):
    """A visitor with a kernel: his cookies, and its name."""
    cookies, told = {}, b""
    for path in (f"/?token={server.key}", "/wat-als"):
        answer, told = asked(server, "GET", path, cookies)
        cookies |= dict(one.partition(";")[0].split("=", 1) for one in answer.headers.get_all("Set-Cookie", []))
    return cookies, re.search(rb'"kernelId": "([0-9a-f-]+)"', told)[1].decode()


def test_a_kernel_answers_its_own_visitor_only(server):
    """Whoever else has the key, and knows its name: nothing is read, said or ended."""
    (own, kernel_id), (others, another) = came_in(server), came_in(server)
    assert kernel_id != another
    doors = {
        ("GET", f"/api/kernels/{kernel_id}"): 200,
        ("GET", f"/werkbank/state/{kernel_id}"): 200,
        ("GET", f"/api/kernels/{kernel_id}/channels?session_id=a"): 101,
        ("DELETE", f"/api/kernels/{kernel_id}"): 204,
        ("POST", f"/voila/api/shutdown/{kernel_id}"): 204,
    }
    assert {door: asked(server, *door, others)[0].status for door in doors} == dict.fromkeys(doors, 403)
    assert asked(server, "GET", f"/api/kernels/{kernel_id}?token={server.key}", {})[0].status == 403
    without = {name: value for name, value in own.items() if name != "_xsrf"}
    assert asked(server, "POST", f"/voila/api/shutdown/{kernel_id}", without)[0].status == 403
    assert process_of(server, kernel_id)
    doors.pop(("DELETE", f"/api/kernels/{kernel_id}"))
    assert {door: asked(server, *door, own)[0].status for door in doors} == doors
    until(lambda: not process_of(server, kernel_id), 5)
    assert process_of(server, another)


@pytest.mark.soak
def test_who_finds_no_room_reads_on_and_comes_in_when_there_is(browser, bundle):
    """The page itself is for everybody; what a kernel shows waits in its place."""
    with running(bundle, visitors=1) as server, watched(browser, 1280, (server.place, "data:", "blob:")) as late:
        with visit(browser, server):
            assert late.goto(server.link).status == 200
            begin(late)
            inside = late.frame_locator("iframe")
            inside.get_by_role("heading", name="Een ogenblik geduld").wait_for()
            assert "plaats voor 1 bezoeker" in inside.get_by_role("status").inner_text()
            assert faults_of(late) == []
            late.wait_for_timeout(3000)
            assert inside.get_by_role("heading", name="Een ogenblik geduld").is_visible()
        inside.locator(".told").wait_for(timeout=30_000)


def test_a_server_that_begins_again_with_other_data_is_told_of(browser, bundle, server):
    """Who is let in at once, as behind a proxy, would else look at what was; and of one that is closed, on its last day."""
    with watched(browser, 1280, (server.place, "data:", "blob:")) as page:
        with page.expect_response("**/werkbank/state/"):
            page.goto(server.link)
        page.locator(".plot.alive").first.wait_for()
        same, told = page.evaluate("fetch('/werkbank/state/').then((answer) => answer.json())"), {}
        page.route("**/werkbank/state/", lambda route: route.fulfill(json=same | told))
        changes = {"outdated": True}, {"state": "closed"}, {"page": "another"}
        for said, other in zip(("besluit vastgelegd", "is gesloten", "andere gegevens"), changes, strict=True):
            told |= other
            page.locator(SAID, has_text=said).wait_for(timeout=5000)
        page.unroute("**/werkbank/state/")
        page.get_by_role("button", name="Opnieuw laden").click()
        page.locator(".plot.alive").first.wait_for()
        assert page.locator(SAID).count() == 0
