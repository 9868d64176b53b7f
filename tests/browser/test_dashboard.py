"""The dashboard, served for real: it lives without a network, keeps its doors shut and shows one audience's own."""

import contextlib
import http.client
from pathlib import Path
from urllib.parse import urlsplit

import pytest

import werkbank as wb
from werkbank.dashboard.serve import running
from werkbank.parameters import municipality_slugs
from werkbank.sharing import for_audience
from werkbank.sharing.bundle import write_bundle

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

ON_LINUX = pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="reads /proc")
POINTS = ".wbd-ranking svg .mark-symbol path"
SECRETS = {
    "RIEC_TOKEN": "canary-1",
    "PGPASSWORD": "canary-2",
    "WERKBANK_DATABASE_URL": "canary-3",
    "MIJN_GEHEIM": "canary-4",
}


@pytest.fixture(scope="module")
def bundles(demo_workspace, tmp_path_factory):
    """A bundle of Urk for the municipality, and one of the whole district for the RIEC."""
    folder = tmp_path_factory.mktemp("bundles")
    wanted = {"municipality": ("urk",), "riec": municipality_slugs(demo_workspace)}
    for audience, slugs in wanted.items():
        assessments = [for_audience(wb.assess(wb.load_parameters(slug, audience=audience))) for slug in slugs]
        write_bundle(assessments, folder / audience)
    return folder


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """A cache and secrets of the tests' own."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        for name, value in SECRETS.items():
            patch.setenv(name, value)
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
def visit(browser, server, width=1280):
    """A visitor with the key, whose network ends at the server; `tried`, `said` and `told` are what was seen."""
    context = browser.new_context(viewport={"width": width, "height": 900}, locale="nl-NL")
    page = context.new_page()
    page.tried, page.said, page.told = [], [], []
    page.on("request", lambda request: page.tried.append(request.url))
    page.on("console", lambda message: page.said.append((message.type, message.text)))
    page.on("pageerror", lambda error: page.said.append(("error", str(error))))
    page.on("websocket", lambda socket: socket.on("framereceived", lambda frame: page.told.append(frame)))  # noqa: PLW0108  playwright asks for a function
    page.route(lambda url: not url.startswith((server.place, "data:", "blob:")), lambda route: route.abort())
    try:
        page.goto(server.link)
        page.locator(POINTS).first.wait_for()
        yield page
    finally:
        context.close()


def status(server, path, cookie=""):
    """The answer's status, body and cookie, without following anything."""
    connection = http.client.HTTPConnection(urlsplit(server.place).netloc, timeout=20)
    connection.request("GET", path, headers={"Cookie": cookie} if cookie else {})
    answer = connection.getresponse()
    return answer.status, answer.read(), answer.getheader("Set-Cookie") or ""


def choose(page, label, text):
    page.get_by_label(label).select_option(label=text)


def weigh(page, **weights):
    for label, value in weights.items():
        field = page.get_by_label(label.replace("_", " "))
        field.fill(str(value))
        field.press("Enter")


def parks_of(page):
    return page.get_by_label("Terrein").locator("option").all_inner_texts()


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


def test_the_key_leaves_the_address(browser, own):
    """After entering, neither the address bar nor the page holds the key."""
    with visit(browser, own) as page:
        assert page.url == f"{own.place}/"
        assert own.key not in page.content()


def test_the_cookie_is_not_for_scripts_and_ends_with_the_browser(own):
    code, _, cookie = status(own, f"/?token={own.key}")
    assert code == 302
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "expires" not in cookie.lower()


def test_the_server_answers_on_this_computer_only(own):
    """Another name for this computer, as a site elsewhere could use, is refused; so is any other address."""
    connection = http.client.HTTPConnection(urlsplit(own.place).netloc, timeout=20)
    connection.request("GET", f"/?token={own.key}", headers={"Host": "elders.example"})
    assert connection.getresponse().status == 403
    assert own.place.startswith("http://127.0.0.1:")


def test_the_page_lives_without_a_network_and_complains_of_nothing(browser, own):
    """Every request goes to the server; no console error, ours or another's."""
    with visit(browser, own) as page:
        assert [url for url in page.tried if not url.startswith((own.place, "data:", "blob:"))] == []
        assert [said for said in page.said if said[0] == "error"] == []
        assert page.evaluate("document.documentElement.lang") == "nl"
        assert page.locator("h1").count() == 2  # one of them for the notebook, not shown here
        assert page.locator("h1:visible").count() == 1


def test_labels_legal_basis_and_advice_are_there_before_any_kernel_answers(own):
    """They are in the first bytes, with no script needed."""
    cookie = status(own, f"/?token={own.key}")[2].split(";")[0]
    _, body, _ = status(own, "/", cookie)
    text = body.decode()
    sentence = for_audience(wb.assess(wb.load_parameters("urk", audience="municipality"))).advice.sentence
    for words in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", "Grondslag:", "alleen voor de eigen gemeente"):
        assert words in text
    assert text.index(sentence) < text.index("jupyter-config-data")


def test_the_ranking_shows_every_park_in_its_order(browser, own):
    expected = wb.assess("urk").parks.sort_values("rank")["name"].tolist()
    with visit(browser, own) as page:
        axis = page.locator(".wbd-ranking svg .role-axis-label text").all_text_contents()
        assert [name for name in axis if not name.isdigit()] == expected
        assert page.locator(POINTS).count() == len(expected)
        # As wide as its place: a chart drawn before the page was laid out would be empty.
        assert page.locator(".wbd-ranking svg.marks").bounding_box()["width"] > 400


def test_another_park_changes_the_profile(browser, own):
    with visit(browser, own) as page:
        before = page.locator(".wbd-profile h3").first.text_content()
        page.locator("select").nth(1).select_option(index=1)
        page.wait_for_function(f"document.querySelector('.wbd-profile h3').textContent !== {before!r}", timeout=20_000)


def test_where_group_scores_are_withheld_there_is_nothing_to_weigh(browser, own):
    with visit(browser, own) as page:
        text = page.locator("body").inner_text()
        assert "Dat kan deze doelgroep niet proberen" in text
        assert page.locator("input[type=number]").count() == 0


def test_no_police_judgement_is_in_the_bundle_the_page_or_its_messages(browser, own, bundles):
    with visit(browser, own) as page:
        page.locator(".wbd-profile h3").first.wait_for(timeout=20_000)
        seen = page.content() + "".join(map(str, page.told))
    assert "urk_politie" not in seen
    assert '"police"' not in seen.replace('"withheld"', "")
