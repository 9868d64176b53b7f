"""The test plays the reader of every file that is handed over: what the gate hides cannot be told from any of them.

Two districts differ in nothing but what the police say: which suspicion they have on a park, and of everything else
how strong its source is, of when it is, and every remark. The municipality is told the same of both (test_reader.py).
Then every file that it is handed must be the same too, but for the mark of the analysis.
"""

import re
import zipfile

import nbformat
from pypdf import PdfReader

import werkbank as wb
from tests.plain_notebooks import filled
from tests.sharing.test_reader import told_of, urk_with  # noqa: F401  the fixture
from werkbank.batch.execute import make_files
from werkbank.sharing import for_audience

KINDS = {"analyse.html", "analyse.ipynb", "analyse.docx", "analyse.pdf", "advice.json", "scores.xlsx"}


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
    """What the batch puts in a folder, without the marks of the analysis and of the reader's own workbook."""
    folder.mkdir()
    assessment.save(folder)
    notebook = filled("analyse", assessment=assessment)
    (folder / "analyse.ipynb").write_text(nbformat.writes(notebook), encoding="utf-8")
    make_files("analyse", wb.load_parameters("urk", audience=assessment.parameters.audience), folder, None)
    marks = [assessment.fingerprint, *(source.sha256 for source in assessment.sources)]
    mark = re.compile("|".join(rf"{one[:12]}[0-9a-f]*" for one in marks))
    return {name: mark.sub("", text) for name, text in inside(folder)}


def test_what_the_police_say_cannot_be_told_from_any_file(urk_with, tmp_path):  # noqa: F811
    one, other = urk_with(V13=3), urk_with(V09=2, remarks="KANARIE")
    assert told_of(one, "URK-01") == told_of(other, "URK-01")
    first, second = handed(one, tmp_path / "one"), handed(other, tmp_path / "other")
    assert len(first) > 40
    assert {name.partition("/")[0] for name in first} >= KINDS
    assert [name for name, text in second.items() if "KANARIE" in text] == []
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
    assert {*KINDS, "tabellen"} <= differs
