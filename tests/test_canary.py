"""Secrets do not leave: unique strings in remarks, and every police cell, are looked for in all that is made.

The whole chain runs with real kernels for both audiences; every file is unpacked and searched.
"""

import json
import re
import shutil
import zipfile
from functools import cache
from pathlib import Path

import pandas as pd
import pytest
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

import werkbank as wb
from werkbank.assessment.decisions import select_in_demo
from werkbank.batch.outcome import make_monitors, make_plans
from werkbank.batch.runner import run_batch


@pytest.fixture(scope="module")
def made(demo_workspace, tmp_path_factory):
    """Urk, with a canary in every remark, analysed for both audiences, planned and compared."""
    workspace = tmp_path_factory.mktemp("canary") / "w"
    shutil.copytree(demo_workspace, workspace)
    for path in (workspace / "data" / "matrices" / "2026-1").glob("urk_*.xlsx"):
        plant_canaries(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_WORKSPACE", str(workspace))
        # One after another in the same processes: what one audience may see is not to reach the files of the other.
        for audience in ("riec", "municipality"):
            assert run_batch(workspace, ["urk"], audience=audience).exit_code == 0
        select_in_demo("urk")
        # Written down after the choice: made again for the RIEC only, and in the plan of nobody.
        wb.assess("urk").note("Een KANARIEVOGEL van een aantekening, over het hele beeld.", by="analist van het RIEC")
        assert all(plan.folder for plan in make_plans(()))
        assert all(one.folder for one in make_monitors(["urk"]))
        police = wb.assess("urk").judgements.query("party == 'police'")
    return workspace / "output" / "2026-1", police


def plant_canaries(path):
    book = load_workbook(path)
    sheet = book["Toelichting"]
    for row in range(3, sheet.max_row + 1):
        if sheet.cell(row, 1).value:
            sheet.cell(row, 5).value = f"KANARIE-{path.stem}-{row}"
    book.save(path)


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


def test_the_canaries_were_planted(made):
    folder, _ = made
    data = folder.parents[1] / "data" / "matrices" / "2026-1"
    with zipfile.ZipFile(data / "urk_politie.xlsx") as archive:
        inside = "".join(archive.read(name).decode(errors="replace") for name in archive.namelist())
    assert "KANARIE-urk_politie" in inside


def test_no_remark_is_in_any_file_of_any_audience(made):
    folder, _ = made
    found = [name for name, text in texts(folder) if "KANARIE-" in text]
    assert found == []


def test_no_note_is_in_the_plan_the_comparison_or_any_file_of_the_municipality(made):
    """The plan goes to a working group; what an analyst wrote stays with the RIEC."""
    folder, _ = made
    places = (folder / "municipality", folder / "riec" / "plans", folder / "riec" / "monitor")
    assert [name for place in places for name, text in texts(place) if "KANARIEVOGEL" in text] == []


def test_no_police_cell_is_in_any_file_of_the_municipality(made):
    """No judgement of the police, in rows, words or numbers; its name only where it is told that they are left out."""
    folder, _ = made
    for name, text in texts(folder / "municipality"):
        assert "urk_politie" not in text, name
        assert '"police"' not in text, name
        # Whom to ask is the catalogue's best judge; a level behind the police's name is a cell.
        assert not re.search(r"politie( en gemeente)?: [0-3]\b", text), name


def test_the_pattern_finds_police_cells_where_they_are(made):
    """The search itself works: in the analysis for the RIEC it does find them."""
    folder, _ = made
    page = (folder / "riec" / "urk" / "analyse.html").read_text()
    assert re.search(r"politie( en gemeente)?: [0-3]\b", page)


def test_the_judgements_in_the_municipalitys_workbook_are_its_own(made):
    folder, _ = made
    sheet = pd.read_excel(
        folder / "municipality" / "urk" / "scores.xlsx", sheet_name="Oordelen", header=None, engine="openpyxl"
    )
    cells = {str(value).strip().lower() for value in sheet.to_numpy().ravel()}
    assert "gemeente" in cells
    assert "politie" not in cells


NEW = ("analyse.docx", "samenvatting.docx", "analyse.pdf", "scores.xlsx", "tabellen/oordelen.csv")


def test_every_kind_of_file_was_looked_into(made):
    folder, _ = made
    for audience in ("riec", "municipality"):
        assert all((folder / audience / "urk" / name).is_file() for name in NEW)


def test_the_pattern_finds_police_cells_in_the_other_files_too(made):
    """Of the RIEC: in Word and PDF as a sentence, in the tables as rows."""
    folder, _ = made
    found = {name.partition("/")[0] for name, text in texts(folder / "riec" / "urk")
             if re.search(r"politie( en gemeente)?: [0-3]\b", text) or ",police,politie,level," in text}  # fmt: skip
    assert {"analyse.docx", "samenvatting.docx", "analyse.pdf", "oordelen.csv"} <= found


def test_in_the_municipalitys_tables_are_its_own_judgements_only(made):
    folder, _ = made
    tables = folder / "municipality" / "urk" / "tabellen"
    assert set(pd.read_csv(tables / "oordelen.csv")["party"]) == {"municipality"}
    assert pd.read_csv(tables / "deelscores.csv")[["score", "low", "high"]].isna().all(axis=None)
    assert pd.read_csv(tables / "cellen.csv")["contribution"].isna().all()
    heads = [
        cell.text for table in Document(str(tables.parent / "analyse.docx")).tables for cell in table.rows[0].cells
    ]
    assert "Gemeente" in heads
    assert "Politie" not in heads


def test_every_file_of_every_audience_carries_its_labels(made):
    """Made up, suspicions, for whom, on which ground: in each file that leaves, whatever its kind."""
    folder, _ = made
    for audience, label in (("riec", "medewerkers van het RIEC"), ("municipality", "de eigen gemeente")):
        for name in (*NEW, "analyse.html"):
            told = " ".join(text for file, text in texts(folder / audience / "urk") if file.startswith(Path(name).name))
            told = re.sub(r"\s+", " ", told)
            for text in (
                "FICTIEVE GEGEVENS",
                "Vermoedens, geen vaststelling",
                label,
                "besluit van Fictieve stuurgroep",
            ):
                assert text in told, (audience, name, text)


def test_the_municipalitys_advice_holds_nothing_per_indicator(made):
    folder, _ = made
    advice = json.loads((folder / "municipality" / "urk" / "advice.json").read_text())
    for park in advice["parks"]:
        assert park["reasons"] == []
        assert all(one["indicators"] == [] and one["parties"] == [] for one in park["phenomena"])
    assert advice["advice"]["flips"] == advice["advice"]["questions"] == []


def test_the_municipality_gets_no_assessment_file(made):
    folder, _ = made
    assert not (folder / "municipality" / "urk" / "assessment.json").exists()
    assert (folder / "riec" / "urk" / "assessment.json").exists()
