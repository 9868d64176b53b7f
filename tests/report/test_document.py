"""The plan as a Word document: real headings and table headers, labels on each page, every value safe, equal bytes."""

import datetime as dt
import importlib.util
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from werkbank.report.documents import template_environment

import werkbank as wb
from werkbank.errors import OutputError
from werkbank.plan.plan import Selected
from werkbank.report.plan import PLAN_CHAPTERS, PLAN_TEMPLATE, plan_context
from werkbank.report.view import view_of

TOOL = Path(__file__).parents[2] / "tools" / "make_templates.py"
SELECTED = Selected(dt.date(2026, 3, 2), "fictieve stuurgroep", "Meerdere signalen van beide partijen.", "Het advies.")
HOSTILE = "<w:p>&amp; </w:t> \"'{{ 7*7 }}{% raw %}\x0b\x00"


@pytest.fixture(scope="module")
def plan(almere):
    made = (wb.report.plan_for(almere, park, SELECTED) for park in almere.parks["park_id"])
    return next(one for one in made if one.holes and one.after_confirmation)


@pytest.fixture(scope="module")
def path(almere, plan, tmp_path_factory):
    return wb.report.write_plan_docx(plan, almere, tmp_path_factory.mktemp("docx") / "projectplan.docx")


@pytest.fixture(scope="module")
def document(path):
    return docx.Document(str(path))


def everything(document):
    """All text of the body, tables included, in document order."""
    return "\n".join(
        "".join(node.text or "" for node in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))
    )


def headings(document, level):
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def template_without(tmp_path, **changes):
    """The packaged template with other text in one place."""
    document = docx.Document(str(PLAN_TEMPLATE))
    document.paragraphs[1].runs[0].text = changes["title"]
    document.save(str(tmp_path / "eigen.docx"))
    return tmp_path / "eigen.docx"


def test_chapters_are_real_headings_in_order(document, plan):
    assert headings(document, 1) == [getattr(plan, name).title for name in PLAN_CHAPTERS[:-1]]


def test_every_intervention_is_a_heading_of_its_own(document, plan):
    named = [f"{one.id} {one.name}" for one in (*plan.interventions, *plan.after_confirmation)]
    assert headings(document, 3) == named


def test_the_text_of_every_chapter_is_there(document, plan):
    told = everything(document)
    for name in PLAN_CHAPTERS:
        chapter = getattr(plan, name)
        for line in (*chapter.text, *chapter.points, *(field.entry.text for field in chapter.fields)):
            assert line in told


def test_holes_steps_and_risks_are_there(document, plan):
    told = everything(document)
    for line in (plan.holes[0].name, plan.steps[-1].done, plan.risks[0].response, plan.messages[0].message):
        assert line in told


def test_no_tag_is_left(document):
    told = everything(document)
    assert "{" not in told
    assert "}" not in told


def test_heading_rows_are_repeated_and_rows_are_not_split(document):
    headed = [
        table for table in document.tables if table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    ]
    assert len(headed) >= 10
    assert all(cell.paragraphs[0].style.name == "Tabelkop" for table in headed for cell in table.rows[0].cells)
    assert all(table._tbl.tblPr.find(qn("w:tblCaption")) is not None for table in document.tables)


def test_blanks_have_their_own_style(document):
    runs = document.element.body.iter(qn("w:r"))
    marked = [run.text for run in runs if run.style == "Invulveld" and run.getparent().getparent().tag == qn("w:tc")]
    assert "in te vullen: projectleider" in marked
    assert all(text.startswith("in te vullen: ") for text in marked)


def test_the_labels_are_on_every_page(document, almere):
    head = document.sections[0].header.paragraphs[0].text
    foot = document.sections[0].footer.paragraphs[0]
    begin = "FICTIEVE GEGEVENS · Vermoedens, geen vaststelling · CONVENANTINFORMATIE"
    assert head.startswith(f"{begin} – werkdocument voor wie aan dit plan werkt.")
    assert "Grondslag: Handhavingsknelpunt, besluit van" in foot.text
    assert [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]


def test_real_data_carries_no_mark_of_made_up_data(almere, tmp_path):
    real = replace(almere, fictional=False)
    plan = wb.report.plan_for(real, "ALM-01", SELECTED)
    head = docx.Document(str(wb.report.write_plan_docx(plan, real, tmp_path / "p.docx"))).sections[0].header
    assert "FICTIEVE" not in head.paragraphs[0].text


def test_its_language_is_dutch_everywhere(path):
    with zipfile.ZipFile(path) as package:
        styles = package.read("word/styles.xml").decode()
    assert 'w:lang w:val="nl-NL"' in styles
    assert "en-US" not in styles


def test_equal_plans_give_equal_bytes(almere, plan, path, tmp_path):
    again = wb.report.write_plan_docx(plan, almere, tmp_path / "again.docx")
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert [one.name for one in tmp_path.iterdir()] == ["again.docx"]


def test_it_is_dated_by_the_decision(document):
    """A fixed day in the past would be wrong, the day of making would differ from file to file."""
    assert document.core_properties.created.date() == SELECTED.decided_on
    assert document.core_properties.modified.date() == SELECTED.decided_on


def test_hostile_text_stays_text(almere, tmp_path):
    """A name or reason with XML, tags of the template or control characters is printed as it is, without the latter."""
    named = replace(almere, _parks=almere.parks.assign(name=HOSTILE))
    selected = replace(SELECTED, reason=HOSTILE, body=HOSTILE, advice_then=HOSTILE)
    plan = wb.report.plan_for(named, "ALM-01", selected)
    made = docx.Document(str(wb.report.write_plan_docx(plan, named, tmp_path / "p.docx")))
    printable = "<w:p>&amp; </w:t> \"'{{ 7*7 }}{% raw %}"
    assert made.paragraphs[1].text.strip() == printable
    assert everything(made).count(printable) >= 5
    assert headings(made, 1) == [getattr(plan, name).title for name in PLAN_CHAPTERS[:-1]]


def test_the_template_asks_for_exactly_what_the_code_fills(almere, plan):
    """Body, header and footer together: no tag stays empty, and nothing that is filled goes unused."""
    asked = DocxTemplate(str(PLAN_TEMPLATE)).get_undeclared_template_variables(template_environment())
    assert asked == set(plan_context(plan, view_of(almere)))


def test_the_packaged_template_is_what_the_tool_makes(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(TOOL.parent))
    spec = importlib.util.spec_from_file_location("make_templates", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    packaged_folder = PLAN_TEMPLATE.parent
    made = tool.main(tmp_path)
    assert {path.name for path in made} == {path.name for path in packaged_folder.glob("*.docx")}
    for path in made:
        same_parts(path, packaged_folder / path.name)


def same_parts(made, kept):
    with zipfile.ZipFile(made) as new, zipfile.ZipFile(kept) as packaged:
        for part in (
            "word/document.xml",
            "word/styles.xml",
            "word/numbering.xml",
            "word/header1.xml",
            "word/footer1.xml",
        ):
            assert new.read(part) == packaged.read(part), part


def test_an_organisations_own_template_is_used(almere, plan, tmp_path):
    own = template_without(tmp_path, title="Eigen huisstijl: {{ park }}")
    made = wb.report.write_plan_docx(plan, almere, tmp_path / "p.docx", own)
    assert docx.Document(str(made)).paragraphs[1].text == f"Eigen huisstijl: {plan.park}"


def test_a_template_that_asks_for_something_else_is_named(almere, plan, tmp_path):
    own = template_without(tmp_path, title="{{ parkje }}")
    with pytest.raises(OutputError, match=r"eigen\.docx.*parkje"):
        wb.report.write_plan_docx(plan, almere, tmp_path / "p.docx", own)
    assert not (tmp_path / "p.docx").exists()


def test_a_template_cannot_reach_beyond_the_values(almere, plan, tmp_path):
    own = template_without(tmp_path, title="{{ park.__class__.__mro__ }}")
    with pytest.raises(OutputError, match=r"eigen\.docx"):
        wb.report.write_plan_docx(plan, almere, tmp_path / "p.docx", own)


@pytest.mark.parametrize("content", [None, b"geen Word"])
def test_a_template_that_is_no_word_document_is_refused(almere, plan, tmp_path, content):
    own = tmp_path / "eigen.docx"
    if content is not None:
        own.write_bytes(content)
    with pytest.raises(OutputError, match="geen Word-document"):
        wb.report.write_plan_docx(plan, almere, tmp_path / "p.docx", own)


def test_a_plan_of_another_assessment_is_refused(plan, urk, tmp_path):
    with pytest.raises(OutputError, match="hoort niet bij deze analyse"):
        wb.report.write_plan_docx(plan, urk, tmp_path / "p.docx")
