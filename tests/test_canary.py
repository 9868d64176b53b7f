"""Secrets do not leave: unique strings in remarks, and every police cell, are looked for in all that is made.

The whole chain runs with real kernels for both audiences; every file is unpacked and searched.
"""

import datetime as dt
import json
import logging
import re
import shutil
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from functools import cache

import pytest
from lxml import html
from openpyxl import load_workbook
from pypdf import PdfReader

import werkbank as wb
from tests.dashboard.profile import profile_html
from werkbank.assessment.decisions import agree_on_cell, select_in_demo
from werkbank.batch.follow_up import make_monitors, make_plans
from werkbank.batch.runner import run_batch
from werkbank.collecting.check import check_round
from werkbank.dashboard.serve import run as run_dashboard
from werkbank.dashboard.views import sees_one_park
from werkbank.files.canonical import to_plain
from werkbank.files.whole import hashes_of
from werkbank.report.outputs import figures
from werkbank.report.view import view_of

CATALOGUE = wb.load_catalogue()
PARTY_OF = {"politie": "police", "gemeente": "municipality"}
KINDS = sorted({(one.family, one.sensitivity) for one in CATALOGUE.indicators})
DAYS = {
    (party, *kind): dt.date(2023 + place, 3, 7 + number)
    for place, party in enumerate(PARTY_OF.values())
    for number, kind in enumerate(KINDS)
}
"""A day that nothing else has, for each party, family and sensitivity."""
WORDS = ("KANARIE-urk_politie", "KANARIE-urk_gemeente", "KANARIEVOGEL", "KANARIEAFSPRAAK", "KANARIEPLAN")
WORDS_FOR = {"riec": {*WORDS} - {"KANARIEAFSPRAAK", "KANARIEVOGEL"}}
"""What people wrote is read by who makes the analyses; the reason of an agreement stays in the register.

So does a note, until the next analysis.
"""


def kind_of(indicator):
    found = CATALOGUE.indicator(str(indicator))
    return found.family, found.sensitivity


def spellings(day):
    """A day as files write it: in numbers, in words, and as Excel counts."""
    return day.isoformat(), f"{day.day} maart {day.year}", f"{day:%d-%m-%Y}", f">{(day - dt.date(1899, 12, 30)).days}<"


@pytest.fixture(scope="module")
def made(demo_workspace, tmp_path_factory):
    """Urk, with canaries wherever people write and in every cell's date, analysed for every audience, planned, compared."""
    workspace = tmp_path_factory.mktemp("canary") / "w"
    shutil.copytree(demo_workspace, workspace)
    for path in (workspace / "data" / "matrices").glob("*/urk_*.xlsx"):
        book = load_workbook(path)
        rows = book["Toelichting"].iter_rows(min_row=3)
        for said in (row for row in rows if row[0].value):
            said[4].value = f"KANARIE-{path.stem}-{said[0].row}"
            said[3].value = DAYS[PARTY_OF[path.stem.rpartition("_")[2]], *kind_of(said[1].value)]
        book.save(path)
    said = logging.FileHandler(workspace / "said.txt", encoding="utf-8")
    logging.getLogger().addHandler(said)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(said.stream), redirect_stderr(said.stream):
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        # One after another in the same processes: what one audience may see is not to reach the files of the other.
        before = wb.load_parameters("urk", round="2025-1")
        wb.assess(before).save(before.output_folder)
        for audience in CATALOGUE.audiences:
            assert run_batch(workspace, ["urk"], audience=audience.id).exit_code == 0
        chosen = select_in_demo("urk")
        assert all(plan.folder for plan in make_plans(()))
        kept = workspace / "data" / "plans" / f"{chosen.park_id}.yaml"
        own = kept.read_text(encoding="utf-8").replace("texts: {}", "texts: {scope: Een KANARIEPLAN van het kernteam.}")
        kept.write_text(own, encoding="utf-8")
        agree_on_cell("URK-01", "V01", level="1", reason="Een KANARIEAFSPRAAK van beide partijen.", by="overleg RIEC")
        # Written down after the choice: made again for the RIEC only, and in the plan of nobody.
        wb.assess("urk").note("Een KANARIEVOGEL van een aantekening, over het hele beeld.", by="analist van het RIEC")
        assert all(plan.folder for plan in make_plans(()))
        assert [one.reason for one in make_monitors(["urk"])] == ["", ""]
        police = wb.assess("urk").judgements.query("party == 'police'")
        said.stream.write(f"checked {check_round(['urk']).findings}")
    logging.getLogger().removeHandler(said)
    said.close()
    return workspace / "output" / "2026-1", police


def texts(folder):
    """Every file as text, with what is inside Word, Excel and PDF files unpacked, and as it is read."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield from texts_of(path)


@cache
def texts_of(path):
    if path.suffix in {".xlsx", ".docx"}:
        return [*unpacked(path)]
    if path.suffix == ".pdf":
        read = " ".join(page.extract_text() for page in PdfReader(path).pages)
        return [(path.name, read), (f"{path.name} as stored", path.read_bytes().decode("latin-1"))]
    return [(path.name, path.read_text(errors="replace"))]


def unpacked(path):
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            inside = archive.read(name).decode(errors="replace")
            yield f"{path.name}/{name}", inside
            yield f"{path.name}/{name} as read", re.sub(r"<[^>]*>", "", inside)


@pytest.mark.parametrize("audience", CATALOGUE.audiences, ids=lambda one: one.id)
def test_every_canary_is_found_only_where_the_audience_may_see_it(made, audience):
    """A day for each party × family × sensitivity, and a word for each kind of free text, in everything unpacked."""
    folder, _ = made
    told = [*texts(folder / audience.id)]
    order = [one.id for one in CATALOGUE.sensitivities]
    everywhere = audience.areas != "none" and "cells" in audience.fields
    allowed = {
        (party, family, sensitivity)
        for party, family, sensitivity in DAYS
        if everywhere and party in audience.parties and family in audience.families
        if order.index(sensitivity) <= order.index(audience.sensitivity)
    }
    read = "\n".join(text for _, text in told)
    found = {kind for kind, day in DAYS.items() if any(spelled in read for spelled in spellings(day))}
    assert found <= allowed
    assert told
    words = {word for word in WORDS if word in read}
    assert words <= WORDS_FOR.get(audience.id, set())
    if audience.owner:
        kept = (folder / audience.id / "urk" / "assessment.json").read_text(encoding="utf-8")
        there = {kind for kind, day in DAYS.items() if day.isoformat() in kept}
        assert found == there, "the search finds what is there"
        assert {(party, family) for party, family, _ in found} >= {(party, "threat") for party in PARTY_OF.values()}
        assert words == WORDS_FOR[audience.id]


@pytest.mark.parametrize("audience", CATALOGUE.audiences, ids=lambda one: one.id)
def test_in_no_dashboard_is_a_canary_that_its_audience_may_not_see(made, audience, tmp_path, monkeypatch):
    """No day of another party's cell, no free text but what the RIEC reads; rounds of an older analysis are left out."""
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(made[0].parents[1]))
    park = "URK-04" if sees_one_park(audience) else ""
    municipality = None if audience.areas == "none" else "urk"
    assert run_dashboard(audience.id, municipality, out=tmp_path / "d.html", park=park) == 0
    told = (tmp_path / "d.html").read_text(encoding="utf-8")
    others = [day for (party, *_), day in DAYS.items() if party not in audience.parties]
    assert [day for day in others if any(spelled in told for spelled in spellings(day))] == []
    words = WORDS_FOR["riec"] | {"KANARIEVOGEL"} if audience.owner else set()
    assert {word for word in WORDS if word in told} <= words
    assert ("analyse is veranderd" in told) is audience.owner


_BOTH, _PARKS = ("html", "docx"), tuple(f"urk/URK-0{park}" for park in range(1, 5))
OF_ROUNDS = {
    "riec": {*(f"{place}/monitor.{kind}" for place in ("urk", "district") for kind in (*_BOTH, "xlsx")),
             *(f"{place}/tabellen/{name}.csv" for place in ("urk", "district")
               for name in ("verandering", "verschillen", "gekozen", "velden")),
             "urk/monitor.ipynb", "urk/rounds.json"},
    **{one: {f"urk/monitor.{kind}" for kind in _BOTH} for one in ("police", "municipality")},
    "steering": {f"{place}/monitor.{kind}" for place in ("urk", "district") for kind in _BOTH},
    **{one: {f"{park}.{kind}" for park in _PARKS for kind in _BOTH} for one in ("partners", "entrepreneurs")},
    "public": {f"district/monitor.{kind}" for kind in _BOTH},
}  # fmt: skip


@pytest.mark.parametrize("audience", CATALOGUE.audiences, ids=lambda one: one.id)
def test_of_rounds_every_audience_gets_its_files_and_nothing_that_was_computed_for_the_riec(made, audience):
    """Each file carries its label; a split, a share of recalculations and an expected value stay with the RIEC."""
    folder = made[0] / audience.id / "monitor"
    assert set(hashes_of(folder)) == OF_ROUNDS[audience.id]
    whole = " ".join(text for _, text in texts(folder))
    found = {word for word in ("Hoger beoordeeld", "Te verwachten", "Anders beoordeeld") if word in whole}
    assert found == ({"Hoger beoordeeld", "Te verwachten", "Anders beoordeeld"} if audience.owner else set())
    for path in folder.rglob("monitor.docx"):
        assert audience.label.partition(" – ")[0] in " ".join(text for _, text in texts_of(path))
    if audience.id == "public":
        assert not re.search(r"URK-0|Duizendblad|Urk", whole)


REMARK = "KANARIE-"
SHOWN = {"analyse.html", "analyse.ipynb", "analyse.docx", "analyse.pdf", "assessment.json"}
"""The files in which the RIEC reads what the parties wrote beside their cells."""
PLACES = {"Waar de partijen verschillen", "De terreinen één voor één"}
"""The chapters that tell it."""


def test_remarks_are_read_by_the_riec_alone_in_the_places_that_are_named(made):
    folder, _ = made
    data = folder.parents[1] / "data"
    paths = [*(data / "matrices" / "2026-1").glob("urk_*.xlsx")]
    read = wb.load_matrix(paths, wb.load_catalogue(), wb.load_parks(data / "parks.csv"), round="2026-1").judgements
    assert {path.stem for path in paths} == set(read["remark"].str.extract(r"KANARIE-(.*)-\d+$")[0].dropna())
    found = {name for name, text in texts(folder) if REMARK in text}
    assert {name.partition("/")[0].removesuffix(" as stored") for name in found} == SHOWN
    assert not [path for path in folder.rglob("*") if REMARK in str(path)]
    said = (folder.parents[1] / "said.txt").read_text(encoding="utf-8")
    assert "checked" in said
    assert REMARK not in said
    others = [path for path in folder.rglob("*") if path.is_file() and path.parent != folder / "riec" / "urk"]
    assert [name for path in others for name, text in texts_of(path) if REMARK in text] == []


def test_on_the_page_a_remark_is_text_in_two_chapters_and_never_in_a_chart(made):
    page = html.fromstring((made[0] / "riec" / "urk" / "analyse.html").read_text(encoding="utf-8"))
    holding = [one for one in page.iter() if REMARK in "\n".join((one.text or "", one.tail or "", *one.values()))]
    assert {one.tag for one in holding} == {"p", "span"}
    assert not [one for one in holding if any(REMARK in value for value in one.values())]
    assert {one.xpath("ancestor::section[1]/@aria-label")[0] for one in holding} == PLACES


def test_an_assessment_keeps_remarks_in_one_frame_and_tells_them_in_explain_only(made, monkeypatch):
    folder, _ = made
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(folder.parents[1]))
    kept = json.loads((folder / "riec" / "urk" / "assessment.json").read_text(encoding="utf-8"))
    assert {key for key, value in kept.items() if REMARK in json.dumps(value)} == {"remarks"}
    assessment = wb.assess("urk")
    park = assessment.remarks["park_id"].iloc[0]
    assert REMARK in str(assessment.explain(park))
    shown = (assessment, assessment.parks, assessment.judgements, assessment.advice, assessment.findings)
    assert REMARK not in " ".join(map(repr, shown)) + str(assessment) + assessment._repr_html_()
    for figure in figures(assessment):
        assert REMARK not in repr(to_plain(figure))
    own = wb.assess(wb.load_parameters("urk", audience="municipality"))
    assert REMARK not in own.to_json() + str(wb.for_audience(own).explain(park))
    for one in (assessment, wb.for_audience(own)):
        assert REMARK not in profile_html(view_of(one), park)


def test_no_police_cell_is_in_any_file_of_the_municipality_and_the_search_finds_those_of_the_riec(made):
    """No judgement of the police, in rows, words or numbers; its name only where it is told that they are left out."""
    # Whom to ask is the catalogue's best judge; a level behind the police's name is a cell.
    cell = re.compile(r"politie( en gemeente)?: [0-3]\b|,police,politie,level,")
    for name, text in texts(made[0] / "municipality"):
        assert not any(found in text for found in ("urk_politie", '"police"')), name
        assert not cell.search(text), name
    assert not (made[0] / "municipality" / "urk" / "assessment.json").exists()
    found = {name.partition("/")[0] for name, text in texts(made[0] / "riec" / "urk") if cell.search(text)}
    assert {"analyse.html", "analyse.docx", "samenvatting.docx", "analyse.pdf", "oordelen.csv"} <= found


def test_every_file_of_every_audience_carries_its_labels(made):
    """Made up, suspicions, for whom, on which ground: in each file that leaves, whatever its kind."""
    folder, _ = made
    for audience, label in (("riec", "medewerkers van het RIEC"), ("municipality", "de eigen gemeente")):
        for name in ("analyse.html", "analyse.docx", "samenvatting.docx", "analyse.pdf", "scores.xlsx", "oordelen.csv"):
            told = " ".join(text for file, text in texts(folder / audience / "urk") if file.startswith(name))
            told = re.sub(r"\s+", " ", told)
            fixed = ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", "besluit van Fictieve stuurgroep")
            assert [text for text in (label, *fixed) if text not in told] == [], (audience, name)
