"""The dashboard's page as a file, with the network off: views, choices, the address, paper, and everyone can use it."""

import contextlib
import csv
import datetime as dt
import random
import re
import struct
from io import BytesIO, StringIO
from urllib.parse import urlencode

import pytest
from lxml import etree
from openpyxl import load_workbook
from pypdf import PdfReader

import werkbank as wb
from tests.browser.conftest import FILES, asked_outside, enliven, watched
from tests.browser.test_accessibility import faults_of
from tests.bundles import write_bundle
from tests.dutch import faults, page_texts
from werkbank.dashboard.views import dashboard_html
from werkbank.plan.progress import actions_of, kept_plans
from werkbank.sharing.bundle import Beside, read_bundle
from werkbank.sharing.versions import actions_for
from werkbank.sharing.what import of_one_park
from werkbank.wording import safe_html

pytestmark = pytest.mark.browser

VIEWS = {"overzicht": "Overzicht", "terrein": "Terrein", "verschillen": "Verschillen", "wat-als": "Wat als",
         "ontwikkeling": "Ontwikkeling", "plannen": "Plannen"}  # fmt: skip
UNDERLINED = """() => [...document.querySelectorAll("tr[data-park] > th")]
  .filter((one) => getComputedStyle(one).textDecorationLine !== "none").length"""
CHOICES, TWO, THREE = ("weergave", "gemeente", "terrein"), ("urk", "zeewolde"), ("almere", "urk", "zeewolde")
SEEN = """() => {
  const one = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.checkVisibility());
  return {
    tab: document.querySelector("nav a[aria-current]").textContent, place: document.querySelector("#gemeente").value,
    park: document.querySelector("#terrein").value, hash: location.hash,
    sections: one("section.view").map((node) => [node.dataset.view, node.dataset.place]),
    heading: one("article.park h3").map((node) => node.textContent),
    marked: [...new Set(one("tr.chosen").map((node) => node.dataset.park))],
  };
}"""


@pytest.fixture(scope="module")
def files(demo_workspace, assessed, tmp_path_factory):
    """The page of three municipalities and that of two of them for the RIEC, and Urk's own, as files.

    Of Almere and Zeewolde there are rounds, and a plan with its actions.
    """
    folder, day = tmp_path_factory.mktemp("pages"), dt.date(2026, 3, 2)
    plans = {one.park_id: one for one in kept_plans(demo_workspace / "data", wb.load_catalogue())}
    beside = {
        slug: Beside(wb.follow_rounds(slug), actions=actions_for(
            actions_of(plans[park], wb.load_catalogue(), day), wb.load_catalogue().audience("riec"), wb.load_catalogue()))
        for slug, park in {"almere": "ALM-13", "zeewolde": "ZEE-01"}.items()
    }  # fmt: skip
    chosen = {"urk": {"URK-04": "door stuurgroep op 2 maart 2026; projectplan: concept"}}
    for name, slugs in {"riec": THREE, "two": TWO, "municipality": ("urk",)}.items():
        made = [assessed(slug, "riec" if name == "two" else name) for slug in slugs]
        write_bundle(made, folder / name, chosen, {slug: own for slug, own in beside.items() if slug in slugs})
        page = dashboard_html(read_bundle(folder / name), day)
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
    made = of_one_park(assessed("zeewolde", "partners"), "ZEE-01")
    write_bundle([made], folder / "partners", {"zeewolde": {"ZEE-01": chosen["urk"]["URK-04"]}})
    page = dashboard_html(read_bundle(folder / "partners"), day)
    (folder / "partners.html").write_text(page, encoding="utf-8")
    return folder


@contextlib.contextmanager
def opened(browser, files, audience="riec", width=1280, address=""):
    with watched(browser, width, FILES) as page:
        page.goto(f"{(files / f'{audience}.html').as_uri()}{address}")
        yield page
        assert asked_outside(page) == page.complaints == []


def go_to(page, view):
    page.get_by_role("link", name=VIEWS[view], exact=True).first.click()


def test_a_choice_is_followed_by_the_sentence_the_charts_and_the_tables(browser, files):
    """By mouse in a chart, on a row and in a list; and a cell that the agenda names is found in its own matrix."""
    with opened(browser, files) as page:
        enliven(page)
        assert "Van 40 terreinen in 3 gemeenten" in page.locator(".view:not([hidden]) .lead").inner_text()
        page.get_by_label("Gemeente", exact=True).select_option("urk")
        enliven(page)
        shown = page.locator(".view:not([hidden])")
        assert shown.locator(".lead").inner_text().startswith("In Urk (fictief) heeft Duizendblad")
        shown.locator(".live svg .mark-symbol path").nth(2).click()
        assert page.evaluate(SEEN)["marked"] == [page.evaluate(SEEN)["park"]] != ["URK-04"]
        shown.locator(".ranking tbody th", has_text="Kuifeend").click()
        go_to(page, "terrein")
        enliven(page)
        assert page.evaluate(SEEN)["heading"] == ["Kuifeend"]
        assert "Kuifeend" in page.locator(".view:not([hidden]) .live svg").first.text_content()
        page.get_by_label("Terrein", exact=True).select_option("URK-02")
        page.wait_for_function(
            "() => document.querySelector('.view:not([hidden]) .live svg').textContent.includes('Dodaars')"
        )
        go_to(page, "verschillen")
        page.get_by_role("link", name="URK-03, V08").first.click()
        cell = page.locator(":target")
        assert cell.is_visible()
        assert cell.evaluate("one => one.closest('section.view').dataset.view") == "overzicht"
        page.go_back()
        assert page.evaluate(SEEN)["tab"] == "Verschillen"


class Model:
    """What a person did, and so what is shown and what the address holds; written apart from the page's own script."""

    def __init__(self, parks):
        self.parks, self.steps, self.at = parks, [{}], 0

    @property
    def state(self):
        return self.steps[self.at]

    def act(self, **given):
        state = {**self.state, **given}
        town = state.get("gemeente", "alle")
        if "terrein" in state and town not in ("alle", self.parks[state["terrein"]][0]):
            del state["terrein"]
        if state.get("weergave", "overzicht") == self.state.get("weergave", "overzicht"):
            self.steps[self.at] = state
        else:
            self.steps[self.at + 1 :] = [state]
            self.at += 1

    @property
    def hash(self):
        named = [(key, self.state[key]) for key in (*CHOICES, "weging", "macht") if key in self.state]
        return f"#{urlencode(named)}" if named else ""

    def shown(self, first):
        view, place = self.state.get("weergave", "overzicht"), self.state.get("gemeente", "alle")
        park = self.state.get("terrein", first[place])
        town = self.parks[park][0]
        where = {"terrein": town, "wat-als": ""}.get(view, place)
        return {
            "tab": VIEWS[view], "place": place, "park": park, "hash": self.hash, "sections": [[view, where]],
            "heading": [self.parks[park][1]] if view == "terrein" else [],
        }  # fmt: skip


@pytest.mark.parametrize("walks", [6, pytest.param(50, marks=pytest.mark.soak)])
def test_random_walks_show_what_a_person_did_and_nothing_else(browser, files, walks):
    """Back, forward, reload and a sent link among views and choices; what is marked is what is chosen."""
    assessments = [read_bundle(files / "two").assessment(slug) for slug in TWO]
    listed = [one.parks.sort_values(["rank", "park_id"]) for one in assessments]
    parks = {row.park_id: (row.municipality, row.name) for one in listed for row in one.itertuples(index=False)}
    first = {slug: one.advice.park_ids[0] for slug, one in zip(TWO, assessments, strict=True)}
    first["alle"], chance = first["urk"], random.Random(2026)
    with opened(browser, files, "two") as page, opened(browser, files, "two") as other:
        for _ in range(walks):
            page.goto("about:blank")
            page.goto((files / "two.html").as_uri())
            model = Model(parks)
            for _ in range(chance.randrange(4, 9)):
                step(page, other, model, chance)
                seen = page.evaluate(SEEN)
                marked = seen.pop("marked")
                assert seen == model.shown(first)
                assert marked in ([], [seen["park"]])


def step(page, other, model, chance):
    """One thing that a person may do, on the page and in the model."""
    town, kind = (
        model.state.get("gemeente", "alle"),
        chance.choice(["back", "forward", "reload", "sent", "what if", *CHOICES, *CHOICES]),
    )
    if kind in CHOICES:
        able = {
            "weergave": [*VIEWS],
            "gemeente": ["alle", *dict.fromkeys(one for one, _ in model.parks.values())],
            "terrein": [code for code, (one, _) in model.parks.items() if town in ("alle", one)],
        }
        chosen = chance.choice(able[kind])
        if kind == "weergave":
            go_to(page, chosen)
        else:
            page.select_option(f"#{kind}", chosen)
        model.act(**{kind: chosen})
    elif kind in ("back", "forward"):
        to = model.at + (1 if kind == "forward" else -1)
        if 0 <= to < len(model.steps):
            page.evaluate(f"new Promise((done) => {{ addEventListener('popstate', done); history.{kind}(); }})")
            model.at = to
    elif kind == "reload":
        page.reload()
    elif kind == "what if":
        weigh(page, model, chance.choice(["5", "33,3", "80.25"]))
    else:
        other.goto("about:blank")
        other.goto(page.url)
        assert other.evaluate(SEEN) == page.evaluate(SEEN)


def weigh(page, model, opportunity):
    """Set a weight, where it can be seen; what is there already is not set."""
    kept = model.state.get("weging", "90_5_5").split("_")
    if model.state.get("weergave") == "wat-als" and kept[1] != (given := opportunity.replace(",", ".")):
        page.get_by_label("Gelegenheid (%)").fill(opportunity)
        page.keyboard.press("Enter")
        model.act(weging="_".join((kept[0], given, kept[2])), macht="2")
        assert page.get_by_label("Gelegenheid (%)").input_value() == given.replace(".", ",")


def test_a_link_to_what_is_not_there_says_so_and_shows_the_rest(browser, files):
    with opened(browser, files, address="#weergave=plannen&gemeente=urk&terrein=ALM-01") as page:
        assert page.get_by_role("status").inner_text().endswith("De link noemt iets dat in dit dashboard niet staat.")
        seen = page.evaluate(SEEN)
        assert (seen["tab"], seen["place"], seen["park"]) == ("Plannen", "urk", "URK-04")
    with opened(
        browser, files, "municipality", address="#weergave=verschillen&terrein=<img src=x onerror=alert(1)>"
    ) as page:
        assert page.locator("nav a[aria-current]").inner_text() == "Overzicht"
        assert page.locator("#gemeente").count() == 0


@pytest.mark.parametrize("audience", ["riec", "two", "municipality"])
def test_everyone_can_use_every_view_at_every_width(browser, files, audience):
    """axe finds nothing, no page scrolls sideways, and nothing is read in bad Dutch."""
    with opened(browser, files, audience) as page:
        page.evaluate("for (const one of document.querySelectorAll('details')) { one.open = true; }")
        tabs = page.locator("nav a").all_inner_texts()
        for view in (view for view, name in VIEWS.items() if name in tabs):
            go_to(page, view)
            enliven(page)
            for width in (1400, 1024, 390):
                page.set_viewport_size({"width": width, "height": 900})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, (view, width)
                # axe takes a minute where there are hundreds of rows; they are all alike.
                assert audience == "riec" or width == 1024 or faults_of(page) == [], (view, width)
        page.set_viewport_size({"width": 1280, "height": 900})
    assert faults(page_texts((files / f"{audience}.html").read_text(encoding="utf-8"))) == []


CROWDED = """() => [...document.querySelectorAll('.view:not([hidden]) .live svg')].flatMap((chart) => {
  const words = [...chart.querySelectorAll('text:not([opacity="0"])')].filter((one) => one.textContent.trim());
  const [edge, ...boxes] = [chart, ...words].map((one) => one.getBoundingClientRect());
  const told = (n) => words[n].textContent, seen = chart.closest('.plot').getBoundingClientRect();
  return boxes.flatMap((one, n) => [
    ...(one.left < edge.left || Math.min(edge.right, seen.right) < one.right
      || one.top < edge.top || edge.bottom < one.bottom ? [[told(n)]] : []),
    ...boxes.slice(n + 1).flatMap((other, m) => one.left < other.right + 3 && other.left < one.right + 3
      && one.top < other.bottom - 2 && other.top < one.bottom - 2 ? [[told(n), told(n + 1 + m)]] : []),
  ]);
})"""
FITTED = """() => [...document.querySelectorAll('.view:not([hidden]) .live')]
  .every((one) => Number(one.querySelector('svg').getAttribute('width')) === one.clientWidth)"""


@pytest.mark.parametrize("place", ["alle", "almere"])
def test_on_a_telephone_every_word_of_a_chart_is_in_sight_and_none_touches_another(browser, files, place):
    """When a wide page is made narrow, and when it is drawn there; a long name is shortened."""
    told = (files / "riec.html").read_text(encoding="utf-8")
    told = told.replace("Tapuit", "Bedrijventerrein Noorderpoort en omgeving")
    (files / "long.html").write_text(told, encoding="utf-8")
    with opened(browser, files, "long", address=f"#gemeente={place}") as page:
        for view in VIEWS:
            page.set_viewport_size({"width": 1400, "height": 900})
            go_to(page, view)
            enliven(page)
            page.set_viewport_size({"width": 390, "height": 900})
            page.wait_for_function(FITTED)
            assert page.evaluate(CROWDED) == [], view
            page.reload()
            enliven(page)
            assert page.evaluate(CROWDED) == [], view


def test_enter_opens_a_view_and_the_arrows_choose_a_park(browser, files):
    """That Tab reaches everything is tested with the other pages."""
    with opened(browser, files) as page:
        page.get_by_role("link", name="Terrein", exact=True).first.focus()
        page.keyboard.press("Enter")
        page.get_by_label("Terrein", exact=True).focus()
        page.keyboard.press("ArrowDown")
        assert len(page.evaluate(SEEN)["heading"]) == 1
        assert page.url.partition("#")[2].startswith("weergave=terrein&terrein=")
        assert page.evaluate("document.activeElement.id") == "terrein"


def test_without_script_everything_can_be_read_and_nothing_pretends_to_live(browser, files):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto((files / "riec.html").as_uri())
    assert page.locator("section.view").count() == page.locator("section.view:visible").count() > 10
    assert page.locator("select, button, iframe").count() == 0
    assert page.get_by_text("Levend:").count() == 0
    assert page.get_by_text("Bevroren: deze figuur").first.is_visible()
    context.close()


def test_a_wide_matrix_is_a_list_of_the_chosen_park_on_a_telephone(browser, files):
    with opened(browser, files, width=390, address="#gemeente=almere&terrein=ALM-05") as page:
        page.evaluate("for (const one of document.querySelectorAll('.heat details')) { one.open = true; }")
        grid = page.locator(".view:not([hidden]) table.grid").first
        assert [one.inner_text() for one in grid.locator("th.turned:visible").all()] == ["Heggenmus"]
        assert re.fullmatch(r"[\d,?–*·]+", grid.locator("tbody tr").first.locator("td:visible").inner_text().split()[0])


def test_within_a_notebook_it_lives_too_and_leads_nowhere_else(offline_page, files):
    """There it is a frame without an origin or an address."""
    html = safe_html(
        '<iframe sandbox="allow-scripts" style="width: 1200px; height: 3000px" srcdoc="{}"></iframe>',
        (files / "riec.html").read_text("utf-8"),
    )
    offline_page.set_content(str(html))
    frame = offline_page.frame_locator("iframe")
    frame.get_by_label("Gemeente", exact=True).select_option("urk")
    frame.get_by_role("link", name="Verschillen", exact=True).click()
    frame.get_by_role("link", name="URK-03, V08").first.click()
    assert frame.locator("nav a[aria-current]").inner_text() == "Overzicht"
    assert frame.locator(".view:not([hidden]) .lead").inner_text().startswith("In Urk (fictief)")
    frame.locator(".view:not([hidden]) .plot.alive svg").first.wait_for()
    assert asked_outside(offline_page, (*FILES, "about:")) == offline_page.complaints == []


def fetched(page, button):
    """What a button of the view brings, with its name."""
    with page.expect_download() as waited:
        button.click()
    return waited.value.suggested_filename, waited.value.path().read_bytes()


SHOWN = """() => [...document.querySelectorAll('.view:not([hidden]) :is(table, .agreement ol)')]
  .filter((one) => !one.closest('[hidden]'))
  .map((one) => one.rows ? [...one.rows].filter((row) => !row.hidden).map((row) => row.cells.length) : [1, ...[...one.children].map(() => 1)])"""
LABELS = ("FICTIEVE GEGEVENS", "CONVENANTINFORMATIE", "2 maart 2026", "Urk (fictief)")


@pytest.mark.parametrize("view", [view for view in VIEWS if view != "ontwikkeling"])  # no rounds were kept of these
def test_a_view_is_fetched_as_it_is_shown_with_its_labels_and_without_formulas(browser, files, view):
    """Every table with all its rows and columns, numbers as numbers; the file's name holds no park."""
    with opened(browser, files, "two", address=f"#weergave={view}&gemeente=urk&terrein=URK-02") as page:
        enliven(page)
        page.evaluate("""() => { const rows = [...document.querySelectorAll('.view:not([hidden]) tbody tr')];
            rows.find((one) => !one.closest('[hidden]')).cells[0].textContent = '=1+1\\u0001<b>'; }""")
        shown = page.evaluate(SHOWN)
        name, content = fetched(page, page.locator(".choose .take button", has_text=".xlsx"))
        assert name == f"werkbank-{view}-2026-03-02.xlsx"
        book = load_workbook(BytesIO(content))
        assert len(book.sheetnames) == len(shown)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        assert "f" not in {cell.data_type for cell in cells}
        assert "=1+1<b>" in {cell.value for cell in cells}
        assert any(isinstance(cell.value, int | float) for cell in cells)
        assert view != "overzicht" or book.worksheets[-1]["A8"].value == "Indicator"
        assert view != "overzicht" or book.worksheets[-1]["B9"].value in (0, 1, 2, 3, "?")
        assert view != "terrein" or any("Dodaars" in str(cell.value) for cell in cells)
        for sheet, rows in zip(book, shown, strict=True):
            values = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
            assert all(any(label in str(row) for row in values[:5]) for label in LABELS)
            assert (sheet.max_row, sheet.max_column) == (7 + len(rows), max(rows))
        name, content = fetched(page, page.locator(".choose .take button", has_text=".csv"))
        assert (name, content[:3]) == (f"werkbank-{view}-2026-03-02.csv", b"\xef\xbb\xbf")
        lines = list(csv.reader(StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))
        assert all(any(label in str(line) for line in lines[:5]) for label in LABELS)
        assert any(line[0].startswith("'=1+1") for line in lines if line)
        assert len(lines) == 5 + sum(2 + len(rows) for rows in shown)


def test_a_chart_is_fetched_as_svg_and_png_with_its_title_and_labels(browser, files):
    with opened(browser, files, "two", address="#gemeente=urk") as page:
        enliven(page)
        figure = page.locator(".view:not([hidden]) figure", has=page.locator(".plot.alive")).first
        name, content = fetched(page, figure.get_by_role("button", name=".svg"))
        assert re.fullmatch(r"werkbank-overzicht-figuur-\d+-2026-03-02\.svg", name)
        drawn = etree.fromstring(content)
        text = " ".join(" ".join(drawn.itertext()).split())
        assert all(label in text for label in (*LABELS, "Rangorde van de terreinen", "Kuifeend"))
        name, content = fetched(page, figure.get_by_role("button", name=".png"))
        assert name.endswith(".png")
        assert content.startswith(b"\x89PNG")
        sizes = struct.unpack(">II", content[16:24])
        assert [
            abs(2 * float(drawn.get(side)) - size) < 3 for side, size in zip(("width", "height"), sizes, strict=True)
        ]


def test_a_park_in_a_table_is_chosen_from_the_keyboard(browser, files):
    """One stop of the Tab key a table; the arrows go along, Enter chooses, and the page tells so."""
    with opened(browser, files, "two", address="#gemeente=urk") as page:
        names = page.locator(".view:not([hidden]) .ranking .pick")
        assert [one.get_attribute("tabindex") for one in names.all()] == ["0", "-1", "-1", "-1"]
        names.first.focus()
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        chosen = names.nth(2)
        assert page.evaluate(SEEN)["marked"] == [page.evaluate(SEEN)["park"]] != ["URK-04"]
        assert [one.get_attribute("aria-pressed") for one in names.all()] == ["false", "false", "true", "false"]
        assert page.get_by_role("status").inner_text().endswith(chosen.inner_text().split("\n")[0])
        assert page.locator(".live [aria-label*=',']").count() == 0, "no mark tells a raw number"


def test_where_there_is_one_park_nothing_is_chosen_and_no_row_stands_out(browser, files):
    with opened(browser, files, "partners", address="#weergave=plannen") as page:
        rows = page.locator("tr[data-park]:visible")
        assert rows.count()
        assert (page.locator(".pick, tr.chosen").count(), page.evaluate(UNDERLINED)) == (0, 0)


WORDS = """() => [...document.querySelectorAll('.view:not([hidden]) table')]
  .filter((one) => !one.closest('[hidden], figure')).flatMap((one) => [...one.rows]).filter((row) => !row.hidden)
  .flatMap((row) => [...row.cells]).map((cell) => [...cell.childNodes].filter((one) => one.className !== "unseen")
    .map((one) => one.textContent).join(""))"""
WIDE = """[...document.querySelectorAll('.view:not([hidden]) :is(section:not(.wide), figure) :is(table, svg)')]
  .filter((one) => one.checkVisibility()).map((one) => one.getBoundingClientRect().right)"""


@pytest.mark.parametrize("place", ["alle", "almere"])
def test_every_view_is_whole_on_paper(browser, files, place):
    """Title, view, what is chosen, label and day; made-up data says so on every sheet.

    Every cell of every table is there, also of those that are folded on the screen, and nothing is wider than its sheet.
    """
    with opened(browser, files, address=f"#gemeente={place}") as page:
        for view, name in VIEWS.items():
            go_to(page, view)
            sheets = [sheet.extract_text() for sheet in PdfReader(BytesIO(page.pdf(prefer_css_page_size=True))).pages]
            words = [" ".join(text.split()) for text in sheets]
            assert [
                text for text in words if "FICTIEVE GEGEVENS" not in text or "CONVENANTINFORMATIE" not in text
            ] == []
            for said in ("Dashboard bedrijventerreinen district Flevoland", name, "gemaakt op 2 maart 2026"):
                assert said in words[0]
            assert view == "wat-als" or place == "alle" or "Almere (fictief)" in words[0]
            assert view != "terrein" or "Tapuit" in words[0]
            told = re.sub(r"[\s\u2010\u2011,-]", "", "".join(sheets))
            # What was not in sight is drawn as well.
            assert page.locator(".view:not([hidden]) .plot:not(.alive)").count() == 0
            drawn = page.locator(".view:not([hidden]) .live svg text").all_text_contents()
            assert [text for text in drawn if re.sub(r"[\s\u2010\u2011,-]", "", text) not in told] == [], view
            # Word by word, without hyphens: paper breaks a heading in two, and has a hyphen of its own.
            cells = {re.sub(r"[\u2010\u2011,-]", "", word) for text in page.evaluate(WORDS) for word in text.split()}
            assert [text for text in cells if text not in told] == [], view
            page.emulate_media(media="print")
            page.set_viewport_size({"width": 687, "height": 1000})
            assert place == "alle" or max(page.evaluate(WIDE), default=0) <= 687, view
            if (view, place) == ("overzicht", "almere"):
                page.set_viewport_size({"width": 1016, "height": 700})
                grids = page.locator(".view:not([hidden]) table.grid")
                assert [grid.locator("thead th").count() for grid in grids.all()] == [32, 32, 32]
                assert all(grid.bounding_box()["width"] <= 1016 for grid in grids.all())
                assert all(f"{code} " in " ".join(words) for code in ("V01", "V16", "G13", "W06"))
            page.emulate_media(media="null")
            page.set_viewport_size({"width": 1280, "height": 900})
