"""The dashboard, served for real: alive without a network or a kernel, its doors shut, one audience's own.

And the agenda worked through in the analyst's own, by mouse or keyboard, for who comes next. What only a file can tell
of the page is in test_dashboard_page.py.
"""

import contextlib
import http.client
import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import urlsplit

import psutil
import pytest

import werkbank as wb
from tests.browser.conftest import asked_outside, watched
from tests.browser.test_accessibility import faults_of
from werkbank.dashboard.processes import AGENDA
from werkbank.dashboard.serve import running
from werkbank.register.store import recorded_events
from werkbank.sharing.bundle import read_bundle

pytestmark = pytest.mark.browser

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
DISCUSSED = ".discussed p:visible"
ALIVE = ".view:not([hidden]) .plot.alive svg"
CELLS = "rows => rows.map((row) => [...row.cells].map((one) => one.textContent))"
SECRETS = ("RIEC_TOKEN", "PGPASSWORD", "MIJN_GEHEIM")


@pytest.fixture(scope="module")
def cache(demo_workspace, tmp_path_factory):
    """A cache, a register and secrets of the tests' own."""
    folder = tmp_path_factory.mktemp("cache")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(folder))
        for name in SECRETS:
            patch.setenv(name, "canary-1")
        patch.setenv("WERKBANK_DATABASE_URL", f"sqlite:///{folder / 'canary-1.sqlite'}")
        yield


@pytest.fixture(scope="module")
def own(own_folder, cache):
    """The server of Urk's own bundle."""
    with running({"": read_bundle(own_folder)}) as server:
        yield server


@pytest.fixture(scope="module")
def district(riec_folder, cache):
    """The server of the analyst's bundle, as `werkbank dashboard` serves it."""
    with running({"": read_bundle(riec_folder)}, agenda=True) as server:
        yield server


@contextlib.contextmanager
def visit(browser, server):
    """A visitor with the key, whose network ends at the server; `told` is what came over its socket."""
    with watched(browser, 1280, reached(server)) as page:
        page.told = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.told.append(frame)))  # noqa: PLW0108  playwright asks for a function
        page.goto(server.link)
        page.locator(ALIVE).first.wait_for()
        yield page


def weighing(page):
    """What the kernel shows in the page's frame, once it is there; it was started by the button in Wat als."""
    page.get_by_role("link", name="Wat als").click()
    if page.locator("iframe").count() == 0:
        page.get_by_role("button", name="Ook een andere rekenwijze proberen").click()
    page.locator(".frame.alive").wait_for(timeout=60_000)
    frame = page.frame_locator("iframe")
    frame.locator("table").wait_for()
    return frame


def follows(page, before):
    """What the kernel shows becomes something else than it was."""
    page.frames[1].wait_for_function(
        f"before => JSON.stringify(({CELLS})([...document.querySelectorAll('tbody tr')])) !== before",
        arg=json.dumps(before, ensure_ascii=False, separators=(",", ":")),
    )


def reached(server):
    return server.place, "data:", "blob:"


def errors(page):
    return [said for said in page.complaints if said.startswith("error")]


def status(server, path, cookie=""):
    """The answer's status, body and cookie, without following anything."""
    connection = http.client.HTTPConnection(urlsplit(server.place).netloc, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.getheader("Set-Cookie") or ""


def let_in(server):
    """The cookie of who has the key."""
    return status(server, f"/?token={server.key}")[2].split(";")[0]


@pytest.fixture(scope="module")
def urk(browser, own):
    """One visit to Urk's own page, for tests that only look or choose a park."""
    with visit(browser, own) as page:
        yield page


@pytest.fixture(scope="module")
def all_parks(browser, district):
    """One visit to the district's page, for tests that choose for themselves what to look at."""
    with visit(browser, district) as page:
        yield page


def choose(page, label, text):
    page.get_by_label(label, exact=True).select_option(label=text)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/?token=",
        "/?token=verkeerd",
        "/?gemeente=urk",
        "/api/kernels/00000000-0000-0000-0000-000000000000",
        "/wat-als",
    ],
)
def test_without_the_key_nothing_is_shown(own, path):
    """No key or a wrong one: not a word of the bundle."""
    code, body, _ = status(own, path)
    assert code in (302, 403)
    assert b"Duizendblad" not in body
    assert b"Urk" not in body


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/dashboard.ipynb", "/voila/files/kaart.png", "/voila/files/../bundle/urk.json", "/voila/tree",
        "/voila/api/contents", "/api/contents", "/api/kernels", "/api/sessions", "/voila/render/dashboard.ipynb",
        "/bundle/urk.json", "/dashboard.ipynb", "/werkbank/besproken", "/index.html", "/page/index.html", "/voila/query/00000000-0000-0000-0000-000000000000",
        "/werkbank/../bundle/urk.json", "/voila/static/../../../bundle/urk.json",
    ],
)  # fmt: skip
def test_nothing_but_the_page_is_served(own, path):
    """Not even to who has the key: no files, no pictures, no listing, no list of kernels."""
    assert status(own, path, let_in(own))[0] in (403, 404)


def test_the_key_becomes_a_cookie_for_no_script_that_ends_with_the_browser_and_opens_this_computer_only(urk, own):
    """Neither the address bar nor the page holds it; another name for this computer, as a site could use, is refused."""
    assert urk.url == f"{own.place}/"
    assert own.key not in urk.content()
    code, _, cookie = status(own, f"/?token={own.key}")
    assert code == 302
    assert {"HttpOnly", "SameSite=Lax"} <= {part.strip() for part in cookie.split(";")}
    assert "expires" not in cookie.lower()
    connection = http.client.HTTPConnection(urlsplit(own.place).netloc, timeout=20)
    connection.request("GET", f"/?token={own.key}", headers={"Host": "elders.example"})
    assert connection.getresponse().status == 403
    assert own.place.startswith("http://127.0.0.1:")


def test_the_page_lives_without_a_network_and_complains_of_nothing(urk, own):
    """It is one answer of the server; nothing is complained of. No kernel was started for it."""
    asked = [url for url in urk.requests_made if not url.startswith(("data:", f"{own.place}/werkbank/state/"))]
    assert asked == [own.link, f"{own.place}/"]
    assert asked_outside(urk, reached(own)) == urk.complaints == []
    assert urk.evaluate("document.documentElement.lang") == "nl"
    assert urk.locator("h1:visible").count() == 1
    assert not list(own.stage.glob("k/voila_*/*.json"))


def test_the_kernel_starts_with_its_button_and_tries_another_method_where_the_page_is(all_parks, district):
    """Wat als itself starts none; its part follows the municipality of the page, and what it began with is the analysis."""
    page = all_parks
    before = len(list(district.stage.glob("k/voila_*/*.json")))
    choose(page, "Gemeente", "Urk (fictief)")
    page.get_by_role("link", name="Wat als").click()
    page.get_by_text("Levend: rekent in deze pagina").wait_for()
    assert len(list(district.stage.glob("k/voila_*/*.json"))) == before
    frame = weighing(page)
    assert len(list(district.stage.glob("k/voila_*/*.json"))) == before + 1
    frame.locator("p.box", has_text="Zo komt in Urk (fictief) in het advies: Duizendblad").wait_for()
    rows = frame.locator("tbody tr").evaluate_all(CELLS)
    assert [(row[1], row[3]) for row in rows] == [(row[2], row[4]) for row in rows]
    frame.get_by_label("Verschijningsvormen").select_option("Het gemiddelde")
    follows(page, rows)
    choose(page, "Gemeente", "Zeewolde (fictief)")
    frame.locator("p.box", has_text="Zo komt in Zeewolde (fictief)").wait_for()
    page.get_by_role("link", name="Overzicht").click()
    assert "Zonnedauw" in page.locator(".view:not([hidden]) .lead").inner_text()
    assert page.locator("iframe").count() == 1
    assert errors(page) == []
    assert asked_outside(page, reached(district)) == []


def test_the_draws_need_the_key_and_another_audience_has_none(own, district, own_folder):
    """They are named by their content, one file for each municipality."""
    files = [file.name for file in district.stage.glob("page/draws-*.bin")]
    assert len(files) == 2
    assert status(district, f"/werkbank/{files[0]}")[0] in (302, 403)
    assert status(district, f"/werkbank/{files[0]}", let_in(district))[0] == 200
    assert not list(own.stage.rglob("draws-*"))
    assert json.loads((own_folder / "urk.json").read_text("utf-8"))["figures"] is None


def test_what_a_person_sets_is_followed_at_once_kept_by_the_address_and_taken_back(browser, district):
    """By keyboard; with a comma or a point; by a sent link, reload and back; what cannot be is told, and changes nothing."""
    with visit(browser, district) as page:
        choose(page, "Gemeente", "Urk (fictief)")
        page.get_by_role("link", name="Wat als").click()
        page.get_by_text("Levend: rekent in deze pagina").wait_for()
        opportunity, box = page.get_by_label("Gelegenheid (%)"), page.locator(".what-if .box")
        assert box.get_attribute("role") == "status"
        page.get_by_label("Dreiging (%)").focus()
        page.keyboard.press("Control+A")
        page.keyboard.type("0")
        page.keyboard.press("Tab")
        page.keyboard.type("33,3")
        page.keyboard.press("Enter")
        assert opportunity.input_value() == "33,3"
        assert page.url.endswith("#weergave=wat-als&gemeente=urk&weging=0_33.3_5&macht=2")
        assert "hetzelfde advies (duidelijk). 2 terreinen wisselen van plaats." in box.inner_text()
        assert page.locator(".what-if tbody td.moved").count() > 1
        seen = page.locator(".what-if table").inner_text()
        page.reload()
        page.get_by_text("Levend: rekent in deze pagina").wait_for()
        assert page.locator(".what-if table").inner_text() == seen
        page.get_by_role("link", name="Overzicht").click()
        page.go_back()
        assert (opportunity.input_value(), page.locator(".what-if table").inner_text()) == ("33,3", seen)
        for label, text, told in (
            ("Gelegenheid (%)", "-1", "een getal van 0 of hoger"),
            ("Gelegenheid (%)", "0x10", "een getal van 0 of hoger"),
            ("Gelegenheid (%)", "2000000000", "een getal van 0 of hoger"),
            ("Macht van hoge vermoedens (1 tot 3)", "3,1", "een getal van 1 tot 3"),
        ):
            page.get_by_label(label).fill(text)
            page.keyboard.press("Enter")
            assert told in box.inner_text()
            assert page.get_by_label(label).get_attribute("aria-invalid") == "true"
            page.get_by_role("button", name="Terug naar de analyse").click()
        assert page.url.endswith("#weergave=wat-als&gemeente=urk")
        assert "Geen enkel terrein wisselt van plaats" in box.inner_text()
        assert faults_of(page) == errors(page) == []


def test_who_opens_the_frame_alone_gets_the_page_with_its_labels(browser, own):
    with visit(browser, own) as page:
        page.goto(f"{own.place}/wat-als")
        assert page.url == f"{own.place}/#weergave=wat-als"
        assert page.get_by_text("FICTIEVE GEGEVENS").first.is_visible()


def test_the_municipality_gets_its_own_cells_and_nobody_elses(urk, own_folder, assessed):
    """Every cell printed is the municipality's own; no police row is in the bundle, the page or its messages."""
    assessment = assessed("urk")
    names = assessment.parks.set_index("name")["park_id"]
    own = assessment.judgements[assessment.judgements["party"] == "municipality"].set_index(["indicator", "park_id"])
    listed = urk.locator("#terrein option").all_inner_texts()
    order = [names[name.replace("\xa0", " ").split(". ")[1]] for name in listed]
    table = urk.locator("section.heat tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.firstElementChild.textContent))"
    )
    assert len(table) == assessment.judgements["indicator"].nunique()
    for code, *texts in table:
        for park, text in zip(order, texts, strict=True):
            said = own.loc[(code, park)]
            expected = {"level": str(said["level"]), "not_applicable": "–"}.get(said["state"], "?")
            assert text == expected, (code, park)
    assert urk.told == []
    assert "police" not in urk.content()
    text = (own_folder / "urk.json").read_text(encoding="utf-8")
    assert len(re.findall('"police"', text)) == len(re.findall(r'"withheld":\s*\[\s*"police"', text)) == 1


def test_axe_finds_nothing_in_what_a_kernel_shows_and_every_choice_has_a_label(all_parks):
    frame = weighing(all_parks)
    assert faults_of(all_parks) == []
    fields = frame.locator("input:visible, button:visible, select:visible")
    labels = "fields => fields.map(one => one.labels?.[0]?.innerText || one.innerText)"
    assert fields.evaluate_all(labels)[-4:] == ["Verschijningsvormen", "Gelegenheid", "Weerbaarheid", "Ernst"]
    all_parks.set_viewport_size({"width": 600, "height": 900})
    inside = all_parks.frames[1]
    assert inside.evaluate("document.documentElement.scrollWidth <= innerWidth")
    all_parks.set_viewport_size({"width": 1280, "height": 900})


@ON_LINUX
def test_no_secret_reaches_a_kernel_and_the_key_no_command_line(all_parks, district):
    """The environment holds what Python needs; the key went through standard input."""
    weighing(all_parks)
    own = district
    found = [Path(f"/proc/{pid}") for pid in processes(own.stage)]
    assert len(found) >= 2
    for process in found:
        seen = (process / "environ").read_bytes()
        assert b"canary-" not in seen
        assert b"PATH=" in seen
        assert own.key.encode() not in seen + (process / "cmdline").read_bytes()


@ON_LINUX
def test_kernels_talk_over_sockets_of_their_own_and_open_no_port(all_parks, district):
    """Every kernel has its own connection file, and the names are short enough for any system."""
    weighing(all_parks)
    assert list(district.stage.glob("k/voila_*/*.json"))
    for file in district.stage.glob("k/voila_*/*.json"):
        sockets = list(file.parent.glob(f"{file.stem}-ipc-*"))
        assert '"transport": "ipc"' in file.read_text(encoding="utf-8")
        assert len(sockets) <= 5
        assert len(f"{file.with_suffix('')}-ipc-5") <= 100


@ON_LINUX
@pytest.mark.parametrize(
    "ending",
    [*(pytest.param(one, marks=pytest.mark.soak) for one in (signal.SIGINT, signal.SIGTERM)), signal.SIGKILL],
    ids=lambda one: one.name,
)
def test_nothing_is_left_behind_however_it_ends(riec_folder, cache, ending):
    """No kernel, no server, no folder, no word of what went wrong; Ctrl-C and SIGTERM are a good ending."""
    script = "import sys; from pathlib import Path; from werkbank.dashboard import serve\n"
    script += "from werkbank.sharing.bundle import read_bundle\n"
    script += "sys.exit(serve.serve({'': read_bundle(Path(sys.argv[1]))}, open_browser=False))"
    command = [sys.executable, "-c", script, str(riec_folder)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    link = next(line for line in process.stdout if "token=" in line)
    stage = next(Path(server.cwd()).parent for server in psutil.Process(process.pid).children())
    place, _, key = link.strip().partition("/?token=")
    assert place.startswith("http://127.0.0.1:")
    server = SimpleNamespace(place=place, key=key)
    assert status(server, "/wat-als", let_in(server))[0] == 200
    until(lambda: len(processes(stage)) >= 2)
    process.send_signal(ending)
    _, complaints = process.communicate(timeout=30)
    until(lambda: not processes(stage) and not stage.exists())
    assert process.returncode == (-9 if ending == signal.SIGKILL else 0)
    assert complaints == ""


def agenda_of(page, place="urk"):
    page.get_by_label("Gemeente", exact=True).select_option(place)
    page.get_by_role("link", name="Verschillen", exact=True).first.click()


def test_a_difference_is_marked_by_keyboard_and_stays_so_for_who_comes_next(browser, district, demo_workspace):
    """A fault is told and nothing is lost; what was typed is shown as text, whatever it tries."""
    with visit(browser, district) as page:
        agenda_of(page)
        page.locator(".discuss summary:visible").first.focus()
        page.keyboard.press("Enter")
        page.locator(".discuss textarea:focus").wait_for()
        page.keyboard.type("Zo <img src=x onerror=alert(1)> is besproken.")
        page.keyboard.press("Tab")
        page.keyboard.type("Jan de Vries")
        page.keyboard.press("Enter")
        page.get_by_role("alert").get_by_text("lijkt op de naam van een persoon").wait_for()
        for width in (1400, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert faults_of(page) == [], width
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.get_by_label("Door (een overleg").fill("driehoek")
        page.get_by_role("button", name="Leg vast").click()
        page.locator(DISCUSSED).wait_for()
        told = page.locator(DISCUSSED).inner_text()
        assert told.startswith("Besproken op ")
        assert told.endswith(" door driehoek. Zo <img src=x onerror=alert(1)> is besproken.")
        assert page.get_by_role("status").first.inner_text() == "Vastgelegd in het register."
        assert page.evaluate("document.activeElement.textContent") == "Nog eens besproken"
        page.reload()
        page.locator(DISCUSSED).wait_for()
        with visit(browser, district) as other:
            agenda_of(other)
            other.locator(DISCUSSED).wait_for()
            assert other.locator(DISCUSSED).all_inner_texts() == page.locator(DISCUSSED).all_inner_texts() == [told]
            agenda_of(other, "zeewolde")
            assert other.locator(DISCUSSED).count() == 0
        assert errors(page) == ["error: Failed to load resource: the server responded with a status of 409 (Conflict)"]
    assert [(one.kind, one.actor_role) for one in recorded_events(demo_workspace / "data")] == [("note", "driehoek")]


@pytest.mark.parametrize("key", [True, False])
def test_nobody_marks_anything_without_the_key_or_from_another_page(district, demo_workspace, key):
    """A page elsewhere has no `_xsrf`; without the key nothing is read either."""
    before = recorded_events(demo_workspace / "data")
    cookie = let_in(district) if key else ""
    assert status(district, AGENDA, cookie)[0] == (200 if key else 302)
    connection = http.client.HTTPConnection(urlsplit(district.place).netloc, timeout=20)
    connection.request("POST", AGENDA, "gemeente=urk", {"Cookie": cookie} if cookie else {})
    assert connection.getresponse().status == 403
    assert recorded_events(demo_workspace / "data") == before


def processes(stage):
    """The server and the kernels that work in this folder."""
    return [one.pid for one in psutil.process_iter(["environ"]) if str(stage) in str(one.info["environ"])]


def until(condition, seconds=20):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.1)


def test_no_english_word_is_seen_while_a_widget_is_on_its_way(offline_page):
    """Its own library writes "Loading widget..." in the bare place; the page says in Dutch that it is being made."""
    sheet = (Path(wb.__file__).parent / "dashboard" / "dashboard.css").read_text(encoding="utf-8")
    place = '<div class="lm-Panel jp-OutputArea-output">Loading widget...</div>'
    offline_page.set_content(f"<style>{sheet}</style><body data-voila='voila'>{place}</body>")
    panel = offline_page.locator(".lm-Panel")
    assert not panel.is_visible()
    panel.evaluate("place => { place.innerHTML = '<p>De terreinen</p>'; }")
    assert panel.is_visible()
