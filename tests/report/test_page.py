"""A page is one file that cannot act or call out, of an executed notebook only what is ours, and everyone can read it."""

import base64
import copy
import datetime as dt
import hashlib
import json
import re
from itertools import pairwise

import pytest
from lxml.html import document_fromstring
from markupsafe import Markup
from nbformat import v4

import werkbank as wb
from tests.plain_notebooks import filled
from werkbank.errors import OutputError
from werkbank.report.figure import chart_blocks
from werkbank.report.html import Living, Page, cache_folder, kept, refuse_active, render_page
from werkbank.report.terms import legal_basis_line


def page(**changes):
    words = {"title": "T", "subtitle": "S", "label": "L", "legal_basis": "B"}
    return Page(**{**words, "fictional": True, "body": Markup("<p>x</p>"), **changes})


@pytest.mark.parametrize(
    "body",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '<img src="https://example.org/a.png">',
        '<a href="javascript:alert(1)">a</a>',
        '<a href="//example.org">a</a>',
        '<a href="../../geheim.html">a</a>',
        '<p style="background: url(https://example.org)">a</p>',
        "<style>@import 'https://example.org/a.css';</style>",
        '<iframe srcdoc="x"></iframe>',
        '<svg onload="alert(1)"></svg>',
        '<form action="https://example.org"></form>',
        '<p onclick="alert(1)">a</p>',
        '<meta http-equiv="refresh" content="0"><base href="https://example.org">',
        """<p title='<td class="' onclick="alert(1)">a</p>""",
        """<p title='>' onclick="alert(1)">a</p>""",
        '<title><td></title><p title="a" onclick></p>',
        "<style>p { color: red }<b>p { background: url(https://example.org) }",
        "<style></stylex>p { background: url(https://example.org) }</style>",
    ],
)
@pytest.mark.parametrize("beside", ["", "<!-- of which the tags are not all as our templates write them -->"])
def test_a_page_with_anything_active_or_outside_is_not_made(body, beside):
    with pytest.raises(OutputError, match="er is niets gemaakt"):
        render_page(page(body=Markup(f"{body}<style></style>{beside}")))


def test_plain_text_pictures_and_inner_links_are_fine():
    """Also a link into a page that lies beside it."""
    refuse_active(
        '<h2 id="a">A</h2><a href="#a">x</a><a href="urk/analyse.html">y</a><img src="data:image/svg+xml;base64,AA==">'
    )
    refuse_active('<a href="urk/analyse.html#bevindingen">x</a>')
    for outside in ("urk/analyse.html#<b>", "urk/analyse.html#a:b", "urk/scores.xlsx#a"):
        with pytest.raises(OutputError):
            refuse_active(f'<a href="{outside}">x</a>')


def test_the_only_scripts_are_the_two_of_which_the_policy_has_the_hash(urk_html):
    """A hash is of the text between the tags, and nothing in that text can end its element early."""
    scripts = re.findall(r"<script>(.*?)</script>", urk_html, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts]
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', urk_html)[1]
    assert len(scripts) == 2
    assert policy.startswith("default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src ")
    assert policy.partition("script-src ")[2].split() == [f"'sha256-{digest}'" for digest in digests]
    data = urk_html.count('<script type="application/json"')
    assert urk_html.count("<script") == urk_html.count("</script>") == len(scripts) + data > 3
    assert "unsafe-eval" not in policy


def test_a_page_without_living_charts_has_no_script_and_real_data_no_mark_of_fiction():
    html = render_page(page())
    assert "<script" not in html
    assert "script-src" not in html
    assert "content=\"default-src 'none'; img-src data:; style-src 'unsafe-inline'\">" in html
    assert "FICTIEVE" not in render_page(page(fictional=False))


def test_nothing_in_the_data_of_a_chart_can_end_its_element():
    """The name of a park is text, whatever it looks like; options for the drawing, words and tables are not in the data."""
    name = "</script><script>alert(1)</script><!--&\u2028]]>"
    living = Living(({"mark": "bar", "data": {"values": [{"park": name}]}},), (("A", name),), "A")
    (block,) = chart_blocks(living.charts)
    assert not set("<>&\u2028") & set(block)
    assert json.loads(block)["data"][0]["values"][0]["park"] == name
    html = render_page(page(living=living))
    assert html.count("<script") == html.count("</script>") == 4
    assert name not in html
    living = Living(({"usermeta": {"embedOptions": {"loader": {}}}, "mark": "bar", "data": {"values": []}},), (), "")
    assert "usermeta" not in json.loads(*chart_blocks(living.charts))


def test_every_page_carries_its_labels_on_screen_and_in_print(urk, urk_html):
    label = wb.load_catalogue().audience("riec").label
    for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label, legal_basis_line(urk.legal_basis)):
        assert text in urk_html
    assert re.search(r"[^.]\. Vermoedens, geen vaststelling\.</p></footer>", urk_html)
    style = urk_html.split("<style>")[1].split("</style>")[0]
    for word in ("FICTIEVE", "Vermoedens", "medewerkers", "Handhavingsknelpunt"):
        assert word in style, "the head or foot of a printed page"


def test_a_label_cannot_break_out_of_the_style():
    hostile = '"; } </style><script>x</script> url(https://example.org) \\'
    html = render_page(page(label=hostile, legal_basis=hostile, title=hostile, subtitle=hostile))
    assert html.count("</style>") == 1
    assert "<script" not in html


def test_everyone_can_read_a_page(urk_html):
    """Its language, headings of which no level is skipped, captions and scopes of tables, and words for pictures."""
    tree = document_fromstring(urk_html)
    assert dict(tree.attrib) == {"lang": "nl"}
    levels = [int(one.tag[1]) for one in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
    assert levels.count(1) == 1
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))
    assert len(list(tree.iter("caption"))) == len(list(tree.iter("table"))) > 10
    assert {one.get("scope") for one in tree.iter("th")} <= {"col", "row", "colgroup"}
    words = [one.get("alt") for one in tree.iter("img")]
    assert len(words) == 7
    assert min(map(len, words)) > 40


def test_every_link_leads_to_a_place_in_the_page_and_every_place_is_there_once(urk_html):
    """From the contents to the chapters, and from a sentence to the cell it rests on."""
    tree = document_fromstring(urk_html)
    places, targets = tree.xpath("//@id"), [address[1:] for address in tree.xpath("//a/@href")]
    assert len(set(places)) == len(places)
    assert set(targets) <= set(places)
    assert any(target.startswith("cel-") for target in targets)
    chapters = tree.xpath("//h2/@id")
    assert [target for target in targets if target.startswith("deel-")] == chapters
    assert len(chapters) == 14


def test_a_page_says_when_it_was_made_in_words_and_for_machines():
    html = render_page(page(made=dt.date(2026, 3, 3)))
    assert "gemaakt op 3 maart 2026" in html
    assert '<meta name="werkbank-made" content="2026-03-03">' in html
    assert "werkbank-made" not in render_page(page())


def with_cell(assessment, cell):
    """The page of an analysis with one cell more in its notebook."""
    notebook = filled("analyse", assessment=assessment)
    notebook.cells.append(cell)
    return wb.report.render_html(notebook, assessment)


def test_the_same_notebook_gives_the_same_bytes_and_is_left_as_it_was(urk, urk_html):
    notebook = filled("analyse", assessment=urk)
    before = copy.deepcopy(notebook)
    assert wb.report.render_html(notebook, urk) == urk_html
    assert notebook == before


def test_a_report_from_specs_alone_shows_the_same_pictures(urk, urk_html, monkeypatch):
    """Kernels of a batch hand over specs only; one process draws them afterwards."""
    monkeypatch.setenv("WERKBANK_CHART_OUTPUT", "spec")
    notebook = filled("analyse", assessment=urk)
    assert "image/svg+xml" not in str(notebook)
    assert wb.report.render_html(notebook, urk) == urk_html


def test_no_code_no_paths_no_counts_no_streams_no_metadata(urk, urk_html, demo_workspace):
    notebook = filled("analyse", assessment=urk)
    notebook.metadata["papermill"] = {"output_path": "/geheim/pad", "version": "papermill-versie"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.execution_count = 4711
            cell.outputs.append(v4.new_output("stream", name="stderr", text="/geheim/pad"))
            cell.outputs.append(v4.new_output("error", ename="E", evalue="/geheim/pad", traceback=["/geheim/pad"]))
    assert wb.report.render_html(notebook, urk) == urk_html
    without_scripts = re.sub(r"<script.*?</script>\n?", "", urk_html, flags=re.DOTALL)
    for text in ("import werkbank", "assess(", "notebook-only", "4711", "/geheim/pad", "papermill"):
        assert text not in without_scripts
    assert "Kies hieronder de gemeente" not in urk_html
    assert "Kern en advies" in urk_html
    assert [place for place in (str(demo_workspace), "/work/", "/tmp/") if place in urk_html] == []


def test_an_output_that_werkbank_did_not_make_stays_out_and_active_prose_is_refused(urk):
    """An output that only says that werkbank made it is still looked through."""
    foreign = v4.new_code_cell(outputs=[v4.new_output("execute_result", data={"text/html": "<p>vreemd</p>"})])
    assert "vreemd" not in with_cell(urk, foreign)
    data = {"text/html": "<script>alert(1)</script>"}
    forged = v4.new_code_cell(outputs=[v4.new_output("display_data", data=data, metadata={"werkbank": "section"})])
    with pytest.raises(OutputError):
        with_cell(urk, forged)
    with pytest.raises(OutputError, match="gebeurtenis"):
        with_cell(urk, v4.new_markdown_cell('<b onclick="x()">a</b>'))


TEXT = "const a = 1;\nconst b = 'é';\n"


@pytest.fixture
def made(tmp_path, monkeypatch):
    """A cache of the test's own, and how often the text was made."""
    times = []
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "cache"))

    def make():
        times.append(1)
        return TEXT

    return lambda: kept("a.js", make), times


def test_it_is_made_once_and_again_where_it_is_damaged(made):
    get, times = made
    assert [get(), get()] == [TEXT, TEXT]
    assert len(times) == 1
    file = cache_folder() / "a.js"
    file.write_text(file.read_text(encoding="utf-8") + "alert(1)", encoding="utf-8")
    assert get() == TEXT
    assert len(times) == 2


def test_a_cache_that_cannot_be_written_is_done_without(made, tmp_path):
    get, _ = made
    (tmp_path / "cache").write_text("een bestand, geen map")
    assert get() == TEXT
