"""The dashboard, served for real: it lives without a network, keeps its doors shut and shows one audience's own."""

import contextlib
import http.client
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import werkbank as wb
from tests.browser.conftest import asked_outside, watched
from tests.browser.test_accessibility import faults_of
from werkbank.dashboard.charts import kept_script
from werkbank.dashboard.serve import running
from werkbank.settings.workspace import municipality_slugs
from werkbank.sharing.bundle import write_bundle

pytestmark = pytest.mark.browser

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
POINTS = ".wbd-ranking svg .mark-symbol path"
SET_BACK = """async (script) => {
  const { default: chart } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const spec = { params: [{ name: "chosen", value: 1 }], data: { values: [{ a: 1 }] }, mark: "point",
                 encoding: { x: { field: "a" }, tooltip: { value: { expr: "chosen" } } } };
  const held = { spec, _vl_selections: {}, _params: { chosen: 1 } }, told = {};
  const model = { get: (name) => held[name], set: (name, value) => { if (name === "_params") { told.last = value; } }, save_changes() {},
                  on: (name, act) => { told[name] = act; } };
  const el = document.body.appendChild(document.createElement("div"));
  await chart.render({ model, el });
  held._params = { chosen: 7 };
  await told["change:_params"]({ changed: {} });
  await new Promise((done) => setTimeout(done, 50));
  return told.last.chosen;
}"""
SECRETS = ("RIEC_TOKEN", "PGPASSWORD", "WERKBANK_DATABASE_URL", "MIJN_GEHEIM")


@pytest.fixture(scope="module")
def bundles(demo_workspace, assessed, tmp_path_factory):
    """A bundle of Urk for the municipality, and one of the whole district for the RIEC."""
    folder = tmp_path_factory.mktemp("bundles")
    for audience, slugs in {"municipality": ("urk",), "riec": municipality_slugs(demo_workspace)}.items():
        write_bundle([assessed(slug, audience) for slug in slugs], folder / audience)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache and secrets of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name in SECRETS:
            patch.setenv(name, "canary-1")
        yield


@pytest.fixture(scope="module")
def own(bundles, cache):
    """The server of Urk's own bundle."""
    with running(bundles / "municipality") as server:
        yield server


@pytest.fixture(scope="module")
def district(bundles, cache):
    """The server of the district's bundle."""
    with running(bundles / "riec", pool=2) as server:
        yield server


@contextlib.contextmanager
def visit(browser, server):
    """A visitor with the key, whose network ends at the server; `told` is what came over its socket."""
    with watched(browser, 1280, reached(server)) as page:
        page.told = []
        page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.told.append(frame)))  # noqa: PLW0108  playwright asks for a function
        page.goto(server.link)
        page.locator(POINTS).first.wait_for()
        yield page


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


def listed(page, label):
    return page.get_by_label(label, exact=True)


def choose(page, label, text):
    listed(page, label).select_option(label=text)


def weigh(page, **weights):
    for label, value in weights.items():
        field = listed(page, label.replace("_", " "))
        field.fill(str(value))
        field.press("Enter")


def parks_of(page):
    """The names on the list of parks; a list has hard spaces."""
    return [name.replace("\xa0", " ") for name in listed(page, "Terrein").locator("option").all_inner_texts()]


def visit_urk(page):
    """The district's page at Urk, with the weights of the analysis."""
    choose(page, "Gemeente", "Urk (fictief)")
    page.wait_for_function(f"document.querySelectorAll('{POINTS}').length === 4")
    choose(page, "Terrein", "1. Duizendblad")
    page.locator(".wbd-profile h3", has_text="Duizendblad").wait_for()
    page.get_by_role("button", name="Terug naar de analyse").click()
    page.locator(".wbd-said", has_text="Geen enkel terrein wisselt van plaats").wait_for()


@pytest.mark.parametrize(
    "path", ["/", "/?token=", "/?token=verkeerd", "/?gemeente=urk", "/api/kernels/00000000-0000-0000-0000-000000000000"]
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
        "/bundle/urk.json", "/dashboard.ipynb", "/voila/query/00000000-0000-0000-0000-000000000000",
        "/werkbank/../bundle/urk.json", "/voila/static/../../../bundle/urk.json",
    ],
)  # fmt: skip
def test_nothing_but_the_page_is_served(own, path):
    """Not even to who has the key: no files, no pictures, no listing, no list of kernels."""
    cookie = status(own, f"/?token={own.key}")[2].split(";")[0]
    assert status(own, path, cookie)[0] in (403, 404)


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
    """Every request goes to the server; no console error, ours or another's. Who gets no group scores gets no what if."""
    assert len(urk.requests_made) > 50
    assert asked_outside(urk, reached(own)) == errors(urk) == []
    assert urk.evaluate("document.documentElement.lang") == "nl"
    assert urk.locator("h1:visible").count() == 1
    assert urk.get_by_text("Dat kan deze doelgroep niet proberen").count() == 1
    assert urk.locator("input[type=number]").count() == 0


def test_labels_legal_basis_and_advice_are_there_before_any_kernel_answers(own, assessed):
    """They are in the first bytes, with no script needed."""
    cookie = status(own, f"/?token={own.key}")[2].split(";")[0]
    _, body, _ = status(own, "/", cookie)
    text = body.decode()
    sentence = assessed("urk", "municipality").advice.sentence
    for words in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", "Grondslag:", "alleen voor de eigen gemeente"):
        assert words in text
    assert text.index(sentence) < text.index("jupyter-config-data")


def test_the_ranking_shows_every_park_in_its_order(urk):
    """As wide as its place: a chart drawn before the page was laid out would be empty."""
    expected = wb.assess("urk").parks.sort_values("rank")["name"].tolist()
    axis = urk.locator(".wbd-ranking svg .role-axis-label text").all_text_contents()
    assert [name for name in axis if not name.isdigit()] == expected
    assert urk.locator(POINTS).count() == len(expected)
    assert urk.locator(".wbd-ranking svg.marks").bounding_box()["width"] > 400


def test_another_park_changes_the_profile_and_the_marks(urk):
    """Chosen from the list, or by a click in the chart."""
    second, third = (name.split(". ")[1] for name in parks_of(urk)[1:3])
    choose(urk, "Terrein", f"2. {second}")
    urk.locator(".wbd-profile h3", has_text=second).wait_for()
    head = ".wbd-heat-map thead th:nth-child(3) span"
    urk.wait_for_function(f"getComputedStyle(document.querySelector('{head}')).fontWeight === '700'")
    assert set(urk.locator(head).all_inner_texts()) == {second}
    urk.locator(".wbd-ranking svg .mark-rect path").nth(2).click()
    urk.locator(".wbd-profile h3", has_text=third).wait_for()
    assert listed(urk, "Terrein").evaluate("e => e.selectedIndex") == 2


def test_other_weights_change_the_what_if_rank_and_nothing_else(all_parks):
    page = all_parks
    visit_urk(page)
    advice = page.locator(".wbd-static .wb.short").inner_text()
    ranking = page.locator(".wbd-ranking svg").inner_html()
    weigh(page, Dreiging=0, Gelegenheid=100, Tekort_aan_weerbaarheid=0)
    page.locator(".wbd-said", has_text="Zanglijster op plaats 1").wait_for()
    page.locator(".wbd-what-if svg", has_text="3 → 1").wait_for()
    assert "Wat als, geen advies" in page.locator(".wbd-said").inner_text()
    assert page.locator(".wbd-static .wb.short").inner_text() == advice
    assert page.locator(".wbd-ranking svg").inner_html() == ranking
    weigh(page, Gelegenheid=0)
    page.locator(".wbd-said", has_text="Geef minstens één groep een gewicht boven 0").wait_for()
    page.get_by_role("button", name="Terug naar de analyse").click()
    page.locator(".wbd-said", has_text="Geen enkel terrein wisselt van plaats").wait_for()


def test_another_municipality_changes_everything_and_stays_linked(all_parks):
    """The parts follow the new municipality, and still follow the park and the weights after it."""
    page = all_parks
    choose(page, "Gemeente", "Zeewolde (fictief)")
    page.locator(".wbd-profile .quiet", has_text="ZEE-").first.wait_for()
    visit_urk(page)
    assert [name.split(". ")[1] for name in parks_of(page)] == ["Duizendblad", "Kuifeend", "Zanglijster", "Dodaars"]
    choose(page, "Terrein", "4. Dodaars")
    page.locator(".wbd-profile h3", has_text="Dodaars").wait_for()
    weigh(page, Dreiging=0)
    page.locator(".wbd-said", has_text="dreiging 0").wait_for()
    page.locator(".wbd-ranking svg .mark-rect path").nth(1).click()
    page.locator(".wbd-profile h3", has_text="Kuifeend").wait_for()
    assert errors(page) == []


def test_a_parameter_set_back_while_it_changes_is_no_error(offline_page):
    """What Backbone hands over then holds no change at all; the chart takes the value that the model has."""
    offline_page.goto("about:blank")
    shown = offline_page.evaluate(SET_BACK, kept_script())
    assert shown == 7
    assert errors(offline_page) == []


def test_two_visitors_at_once_each_have_their_own_page(browser, district, all_parks):
    """Kernels share no sockets: what one chooses, the other does not see."""
    with visit(browser, district) as other:
        choose(all_parks, "Gemeente", "Urk (fictief)")
        choose(other, "Gemeente", "Zeewolde (fictief)")
        all_parks.locator(".wbd-profile .quiet", has_text="URK-").first.wait_for()
        other.locator(".wbd-profile .quiet", has_text="ZEE-").first.wait_for()
        choose(all_parks, "Terrein", parks_of(all_parks)[1])
        all_parks.locator(".wbd-profile h3", has_text="Kuifeend").wait_for()
        assert other.locator(".wbd-profile .quiet").first.inner_text().startswith("ZEE-")


def test_the_municipality_gets_its_own_cells_and_nobody_elses(urk, bundles):
    """Every cell printed is the municipality's own; no police row is in the bundle, the page or its messages."""
    assessment = wb.assess("urk")
    names = assessment.parks.set_index("name")["park_id"]
    own = assessment.judgements[assessment.judgements["party"] == "municipality"].set_index(["indicator", "park_id"])
    order = [names[name.split(". ")[1]] for name in parks_of(urk)]
    table = urk.locator(".wbd-heat-map tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.firstElementChild.innerText))"
    )
    assert len(table) == assessment.judgements["indicator"].nunique()
    for code, *texts in table:
        for park, text in zip(order, texts, strict=True):
            said = own.loc[(code, park)]
            expected = {"level": str(said["level"]), "not_applicable": "–"}.get(said["state"], "?")
            assert text == expected, (code, park)
    assert urk.locator(".wbd-profile thead th").all_inner_texts() == ["Indicator", "Gemeente"]
    sent = b"".join(frame if isinstance(frame, bytes) else frame.encode() for frame in urk.told)
    assert len(sent) > 10_000
    assert b"police" not in sent + urk.content().encode()
    text = (bundles / "municipality" / "urk.json").read_text(encoding="utf-8")
    assert len(re.findall('"police"', text)) == len(re.findall(r'"withheld":\s*\[\s*"police"', text)) == 1


@pytest.mark.parametrize("width", [1280, 600])
def test_the_page_never_scrolls_sideways(all_parks, width):
    """Wide tables scroll within themselves."""
    choose(all_parks, "Gemeente", "Almere (fictief)")
    all_parks.locator(".wbd-profile .quiet", has_text="ALM-").first.wait_for()
    all_parks.set_viewport_size({"width": width, "height": 900})
    assert all_parks.evaluate("document.documentElement.scrollWidth") <= width
    # A chart follows a narrower window only a moment later; the page may not wait for it.
    late = "for (const svg of document.querySelectorAll('.vega-embed svg')) svg.setAttribute('width', innerWidth + 50)"
    all_parks.evaluate(late)
    assert all_parks.evaluate("document.documentElement.scrollWidth") <= width
    if width >= 1280:
        profile = all_parks.locator(".wbd-profile .scroll").first
        assert profile.evaluate("one => one.scrollWidth <= one.clientWidth"), "no column is cut off where there is room"
    all_parks.set_viewport_size({"width": 1280, "height": 900})


def test_every_choice_has_a_label_and_can_be_reached_by_keyboard(all_parks):
    """Tab goes through both lists, the three weights and the way back, in that order."""
    listed(all_parks, "Gemeente").focus()
    wanted = ["Gemeente", "Terrein", "Dreiging", "Gelegenheid", "Tekort aan weerbaarheid", "Terug naar de analyse"]
    seen = []
    for _ in range(15):
        name = "document.activeElement.labels?.[0]?.innerText || document.activeElement.innerText"
        seen.append(all_parks.evaluate(name).strip())
        if seen[-1] == wanted[-1]:
            break
        all_parks.keyboard.press("Tab")
    assert [name for name in seen if name in wanted] == wanted


def test_axe_finds_nothing_on_the_dashboard(urk, all_parks):
    """WCAG 2.1 A and AA, for the audience that sees least and the one that sees most."""
    for page in (urk, all_parks):
        assert faults_of(page) == []


@ON_LINUX
def test_no_secret_reaches_a_kernel_and_the_key_no_command_line(own):
    """The environment holds what Python needs; the key went through standard input."""
    found = [Path(f"/proc/{pid}") for pid in processes(own.stage)]
    assert len(found) >= 2
    for process in found:
        seen = (process / "environ").read_bytes()
        assert b"canary-" not in seen
        assert b"PATH=" in seen
        assert own.key.encode() not in seen + (process / "cmdline").read_bytes()


@ON_LINUX
def test_kernels_talk_over_sockets_of_their_own_and_open_no_port(district):
    """Every kernel has its own connection file, and the names are short enough for any system."""
    # The first kernel is started ahead of any visitor, which takes a while on a busy machine.
    until(lambda: list(district.stage.glob("k/voila_*/*.json")))
    for file in district.stage.glob("k/voila_*/*.json"):
        sockets = list(file.parent.glob(f"{file.stem}-ipc-*"))
        assert '"transport": "ipc"' in file.read_text(encoding="utf-8")
        assert len(sockets) <= 5
        assert len(f"{file.with_suffix('')}-ipc-5") <= 100


@ON_LINUX
@pytest.mark.parametrize(
    "ending",
    [signal.SIGINT, pytest.param(signal.SIGTERM, marks=pytest.mark.soak), signal.SIGKILL],
    ids=lambda one: one.name,
)
def test_nothing_is_left_behind_however_it_ends(bundles, cache, ending):
    """No kernel, no server, no folder, no word of what went wrong; Ctrl-C and SIGTERM are a good ending."""
    script = "import sys; from pathlib import Path; from werkbank.dashboard.serve import serve\n"
    script += "sys.exit(serve(Path(sys.argv[1]), open_browser=False))"
    command = [sys.executable, "-c", script, str(bundles / "municipality")]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    link = next(line for line in process.stdout if "token=" in line)
    stage = next(Path(f"/proc/{pid}/cwd").resolve().parent for pid in children(process.pid))
    assert link.startswith("http://127.0.0.1:")
    until(lambda: len(processes(stage)) >= 2)
    process.send_signal(ending)
    _, complaints = process.communicate(timeout=30)
    until(lambda: not processes(stage) and not stage.exists())
    assert process.returncode == (-9 if ending == signal.SIGKILL else 0)
    assert complaints == ""


@pytest.mark.soak
def test_a_district_with_its_own_catalogue_has_a_dashboard_too(browser, cache, coast, tmp_path, monkeypatch):
    """With its own rows and as many weights as it has groups; the kernel has no workspace to look in."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(coast))
    write_bundle([wb.assess("veere"), wb.assess("borsele")], tmp_path / "b")
    with running(tmp_path / "b") as server, visit(browser, server) as page:
        assert page.locator("h1:visible").inner_text() == "Dashboard bedrijventerreinen district Kust"
        rows = page.locator(".wbd-heat-map tbody tr").evaluate_all("rows => rows.map(r => r.cells[0].innerText)")
        assert [row.split()[0] for row in rows] == ["K01", "K02", "K03", "K04", "K05"]
        assert page.locator("input[type=number]").count() == 2
        weigh(page, Dreiging=0, Gelegenheid=100)
        page.locator(".wbd-said", has_text="Bij dreiging 0 en gelegenheid 100").wait_for()
        choose(page, "Gemeente", "Veere")
        page.locator(".wbd-profile .quiet", has_text="VEE-").first.wait_for()
        assert errors(page) == []


def of_processes(file):
    """What this file of every process holds, by the process's number."""
    for place in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            yield int(place.name), (place / file).read_bytes()


def processes(stage):
    """The server and the kernels that work in this folder."""
    return [pid for pid, text in of_processes("environ") if str(stage).encode() in text]


def children(parent):
    return [pid for pid, text in of_processes("stat") if int(text.rsplit(b")", 1)[1].split()[1]) == parent]


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
