"""The test plays the reader of Word, PDF, workbook and tables: what the gate hides cannot be told from any of them.

Two districts differ in nothing but which suspicion the police have on a park; the municipality is told the same of
both (test_reader.py). Then every file that it is handed must be the same too, but for the mark of the analysis.
"""

import re
import zipfile

import pytest
from pypdf import PdfReader

import werkbank as wb
from tests.sharing.test_reader import told_of, urk_with  # noqa: F401  the fixture
from werkbank.sharing import for_audience


def inside(folder):
    """Every part of every file as text; a PDF as it is read."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in {".docx", ".xlsx"}:
            with zipfile.ZipFile(path) as package:
                for part in package.namelist():
                    yield f"{name}/{part}", package.read(part).decode("latin-1")
        elif path.suffix == ".pdf":
            yield name, "\n".join(page.extract_text() for page in PdfReader(path).pages)
        elif path.is_file():
            yield name, path.read_text(encoding="utf-8")


def handed(assessment, folder):
    """What a municipality is handed beside the page, without the marks of the analysis and of its own workbook."""
    folder.mkdir()
    wb.report.write_papers(assessment, folder)
    wb.report.write_scores(assessment, folder / "scores.xlsx")
    marks = [assessment.fingerprint, *(source.sha256 for source in assessment.sources)]
    mark = re.compile("|".join(rf"{one[:12]}[0-9a-f]*" for one in marks))
    return {name: mark.sub("", text) for name, text in inside(folder)}


def test_one_suspicion_of_the_police_cannot_be_told_from_another_in_any_file(urk_with, tmp_path):  # noqa: F811
    one, other = urk_with(V13=3), urk_with(V09=2)
    assert told_of(one, "URK-01") == told_of(other, "URK-01")
    first, second = handed(one, tmp_path / "one"), handed(other, tmp_path / "other")
    assert len(first) > 40
    assert {name for name in first if first[name] != second.get(name)} == set()
    assert set(first) == set(second)


def test_the_only_marks_of_workbooks_are_those_of_its_own(urk_with):  # noqa: F811
    """The hash of the police's workbook would let who has a guess of it check that guess."""
    assert {source.party for source in urk_with(V13=3).sources} == {"municipality"}


def test_without_the_gate_the_files_do_tell_them_apart(urk_with, tmp_path, monkeypatch):  # noqa: F811
    """The comparison sees a difference where there is one: in what the RIEC is handed."""
    made = []
    for name, police in (("one", {"V13": 3}), ("other", {"V09": 2})):
        urk_with(**police)
        made.append(handed(for_audience(wb.assess(wb.load_parameters("urk", audience="riec"))), tmp_path / name))
    differs = {name.partition("/")[0] for name in made[0] if made[0][name] != made[1].get(name)}
    assert {"analyse.docx", "analyse.pdf", "scores.xlsx", "tabellen"} <= differs


@pytest.mark.parametrize("audience", ["police", "steering", "partners", "entrepreneurs", "public"])
def test_an_audience_without_a_filter_gets_no_file_at_all(demo_workspace, tmp_path, audience):
    with pytest.raises(wb.errors.WerkbankError):
        wb.report.write_papers(wb.assess(wb.load_parameters("urk", audience=audience)), tmp_path)
    assert list(tmp_path.iterdir()) == []
