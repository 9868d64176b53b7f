"""Hostile text fires nowhere and stays readable: in names of parks, indicators and phenomena, in files and in sheets."""

import datetime as dt
import re
import shutil
import zipfile
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlencode

import docx
import pytest
import yaml
from docx.oxml.ns import qn
from pypdf import PdfReader

import werkbank as wb
from tests.batch.test_index import URK, index_page
from tests.browser.conftest import asked_outside, enliven
from tests.plain_notebooks import analysis, filled
from tests.plan.test_plan import SELECTED
from tests.report.test_findings_page import page as findings_page
from werkbank.dashboard.views import dashboard_html
from werkbank.errors import Finding
from werkbank.matrix.checks import TOLD
from werkbank.register.notes import Note, Seen
from werkbank.settings.parameters import Imprint
from werkbank.sharing.bundle import Bundle

pytestmark = pytest.mark.browser

PAYLOADS = Path(__file__).with_name("payloads.txt").read_text(encoding="utf-8").strip("\n").split("\n")
"""Texts that would run if any part of a page took them for markup, script, style or an expression.

Each sets `window.fired`, or asks for a file that cannot be there; the kinds are those of the OWASP cheat sheet on
evading filters, and of template and Vega expressions.
"""
MOMENT = "2026-03-03T12:00:00+00:00"


def hostile_catalogue(folder):
    """The packaged catalogue, of which every name of an indicator and of a phenomenon is a payload."""
    folder.mkdir()
    for source in files("werkbank.settings").joinpath("packaged").iterdir():
        if source.name.endswith(".yaml"):
            (folder / source.name).write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    for name, key in (("indicators.yaml", "indicators"), ("phenomena.yaml", "phenomena")):
        data = yaml.safe_load((folder / name).read_text(encoding="utf-8"))
        for place, one in enumerate(data[key]):
            one["name"] = PAYLOADS[(place + (35 if key == "phenomena" else 0)) % len(PAYLOADS)]
        (folder / name).write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), encoding="utf-8")


@pytest.fixture(scope="module")
def hostile(_district, tmp_path_factory):
    """An analysis of 31 parks in which every text from outside is a payload, twice: with either half as names."""
    workspace = tmp_path_factory.mktemp("hostile") / "w"
    for name in ("parameters", "data"):
        shutil.copytree(_district / name, workspace / name)
    hostile_catalogue(workspace / "catalogue")
    path = workspace / "parameters" / "district.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "catalogue: catalogue\n", encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        yield wb.assess("almere")


def complaints_of(rule):
    """A finding per payload, which stands in its words and in the names of its file and sheet."""
    return tuple(
        Finding(rule=rule, severity="warning", found=text, allowed=text, remedy=text, file=text, sheet=text, cell="A1")
        for text in PAYLOADS
    )


def with_payloads(assessment, names):
    """Names of parks, of the municipality and of files, the words of findings, notes, remarks and legal basis."""
    parks = assessment.parks
    remarks = assessment.judgements.query("party == 'police'").groupby("park_id").head(3)
    texts = {"remark": [PAYLOADS[place % len(PAYLOADS)] for place in range(len(remarks))], "place": ""}
    basis = {name: PAYLOADS[place] for place, name in enumerate(("id", "body", "purpose"))}
    words = dict(zip(("name", "district", "deviation_reason"), PAYLOADS[19:22], strict=True))
    words["report"] = Imprint(made_by=PAYLOADS[22], readers=[PAYLOADS[16]])
    seen = Seen("", "", "")
    return replace(
        assessment,
        parameters=assessment.parameters.model_copy(update=words),
        advice=replace(assessment.advice, sentence=PAYLOADS[0]),
        legal_basis=assessment.legal_basis.model_copy(update=basis),
        notes=tuple(Note(place, MOMENT, text, text, None, seen) for place, text in enumerate(PAYLOADS, start=1)),
        findings=complaints_of("x"),
        sources=tuple(replace(one, file=text) for one, text in zip(assessment.sources, PAYLOADS, strict=False)),
        _remarks=remarks.assign(**texts)[[*TOLD]],
        _parks=parks.assign(name=[names[place % len(names)] for place in range(len(parks))]),
    )


def survives(page, file):
    """Opens the page, draws every chart, chooses every third park, moves over what shows a tip; nothing may fire."""
    page.goto(file.as_uri())
    enliven(page)
    select = page.locator("#terrein")
    if select.count():
        for value in page.evaluate("[...document.querySelectorAll('#terrein option')].map(one => one.value)")[::3]:
            select.select_option(value)
        for mark in page.locator(".live svg .mark-symbol path").all()[:12]:
            mark.dispatch_event("mousemove")
    page.wait_for_timeout(100)
    assert page.evaluate("window.fired") is None
    assert asked_outside(page) == page.complaints == []
    return bare(page.evaluate("document.querySelector('main').textContent"))


def bare(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_fires_in_an_analysis_and_every_text_can_be_read(hostile, offline_page, tmp_path, half):
    names = PAYLOADS[:31] if half == 0 else PAYLOADS[31:]
    file = tmp_path / "analyse.html"
    file.write_text(analysis(with_payloads(hostile, names)), encoding="utf-8")
    shown = survives(offline_page, file)
    assert [text for text in PAYLOADS if bare(text) not in shown] == []
    assert offline_page.locator("#terrein option").count() == 31


def test_word_and_pdf_show_every_text_as_it_is_and_lead_nowhere(hostile, tmp_path):
    """In workbook and tables too: tests/report/test_scores_workbook.py and test_tables.py."""
    made = with_payloads(hostile, PAYLOADS[31:])
    wb.report.write_papers(made, tmp_path)
    pdf = bare("".join(page.extract_text() for page in PdfReader(tmp_path / "analyse.pdf").pages))
    with zipfile.ZipFile(tmp_path / "analyse.docx") as package:
        inside = {name: package.read(name) for name in package.namelist()}
    document = docx.Document(str(tmp_path / "analyse.docx")).element.body
    word = bare("".join(node.text or "" for node in document.iter(qn("w:t"))))
    assert [text for text in PAYLOADS if bare(text) not in word] == []
    assert [text for text in PAYLOADS if bare(text) not in pdf] == []
    assert [name for name, part in inside.items() if b'TargetMode="External"' in part] == []
    assert not list(document.iter(qn("w:fldSimple"), qn("w:instrText"), qn("w:hyperlink")))
    # What is compressed may hold any three bytes.
    stored = re.sub(rb"stream\r?\n.*?endstream", b"", (tmp_path / "analyse.pdf").read_bytes(), flags=re.DOTALL)
    assert [kind for kind in (b"/JavaScript", b"/JS", b"/URI", b"/Launch", b"/OpenAction") if kind in stored] == []


def test_nothing_fires_in_the_other_pages(hostile, offline_page, tmp_path):
    assessment = with_payloads(hostile, PAYLOADS[:31])
    decision = replace(SELECTED, reason=PAYLOADS[1], by=PAYLOADS[17], sentence=PAYLOADS[28])
    plan = wb.report.plan_for(assessment, assessment.advice.park_ids[0], decision)
    entries = [replace(URK, municipality=f"m{place}", name=text) for place, text in enumerate(PAYLOADS)]
    made = {
        "plan": wb.report.render_plan_html(filled("projectplan", plan=plan), assessment, plan),
        "findings": findings_page(*complaints_of("hidden-row"), file=PAYLOADS[1], municipality=PAYLOADS[16]),
        "index": index_page(entries, district=PAYLOADS[21]),
    }
    for name, html in made.items():
        file = tmp_path / f"{name}.html"
        file.write_text(html, encoding="utf-8")
        survives(offline_page, file)


@pytest.mark.parametrize("half", [0, 1])
def test_nothing_fires_in_any_view_of_the_dashboard_and_every_text_can_be_read(hostile, offline_page, tmp_path, half):
    """Also in its lists, its titles, what was chosen, and an address that someone sent."""
    assessment, page = with_payloads(hostile, PAYLOADS[:31] if half == 0 else PAYLOADS[31:]), offline_page
    told = dict(zip(assessment.parks["park_id"], PAYLOADS[half * 31 :], strict=False))
    named = dict(zip(("label", "round", "district"), PAYLOADS[10:13], strict=True))
    bundle = Bundle("riec", **named, fictional=True, legal_bases=(), assessments=(assessment,), chosen={"almere": told})
    file = tmp_path / "dashboard.html"
    file.write_text(dashboard_html(bundle, dt.date(2026, 3, 2)), encoding="utf-8")
    page.goto(f"{file.as_uri()}#{urlencode({'weergave': PAYLOADS[half], 'terrein': PAYLOADS[3]})}")
    for tab in page.locator("nav a").all():
        tab.click()
        for place in range(0, 31, 6):
            page.locator("#terrein").select_option(index=place)
        page.wait_for_timeout(100)
        for mark in page.locator(".view:not([hidden]) .live svg .mark-symbol path").all()[:8]:
            mark.dispatch_event("mousemove")
    assert page.locator("#terrein option").count() == 31
    assert page.evaluate("window.fired") is None
    assert asked_outside(page) == page.complaints == []
    shown = bare(page.evaluate("document.body.textContent"))
    assert [text for text in PAYLOADS[half * 31 : half * 31 + 31] if bare(text) not in shown] == []


def test_the_payloads_do_fire_where_nothing_stops_them(offline_page, tmp_path):
    """Else a page on which nothing fires would tell nothing."""
    fired = 0
    for text in PAYLOADS:
        file = tmp_path / "open.html"
        file.write_text(f'<!DOCTYPE html><html><body><p title="{text}">{text}</p></body></html>', encoding="utf-8")
        offline_page.goto(file.as_uri())
        fired += offline_page.evaluate("window.fired") == 1
    assert fired >= 20
