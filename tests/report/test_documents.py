"""Word and PDF print the same chapters: real headings, words for pictures, labels everywhere, safe text, equal bytes."""

import importlib.util
import re
import zipfile
from dataclasses import replace
from pathlib import Path

import docx
import psutil
import pytest
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from pypdf import PdfReader

import werkbank as wb
from tests.dutch import faults
from tests.plan.test_plan import SELECTED
from tests.report.office import convert
from tests.report.reading import said
from werkbank.errors import OutputError
from werkbank.register.notes import Note, Seen
from werkbank.report import outputs, word
from werkbank.report.documents import write_pdf
from werkbank.report.front import summary
from werkbank.report.outputs import analysis
from werkbank.report.plan import PLAN_CHAPTERS
from werkbank.report.word import write_docx

TOOL = Path(__file__).parents[2] / "tools" / "make_reference.py"
HOSTILE = "<w:p>&amp;</w:t> \"'{{ 7*7 }}{% raw %}=1+1 \u202e\x0b</script>#strong[x]"
SEEN = "<w:p>&amp;</w:t> \"'{{ 7*7 }}{% raw %}=1+1"
CHAPTERS = [
    "Kern en advies", "Waarom, en wat eerst", "Wat we weten en wat niet", "Rangorde", "Hoe zeker is het advies?",
    "De terreinen één voor één", "Aanwijzingen per fenomeen", "Waar de partijen verschillen",
    "De matrix in één oogopslag", "Bevindingen bij de gegevens", "Verantwoording",
]  # fmt: skip


@pytest.fixture(scope="module")
def drawn(almere):
    return outputs.figures(almere)


@pytest.fixture(scope="module")
def path(almere, drawn, tmp_path_factory):
    return write_docx(analysis(almere, drawn), tmp_path_factory.mktemp("word") / "analyse.docx")


@pytest.fixture(scope="module")
def plan_path(lelystad, plan, tmp_path_factory):
    return wb.report.write_plan_docx(plan, lelystad, tmp_path_factory.mktemp("plan") / "projectplan.docx")


@pytest.fixture(scope="module", params=["path", "plan_path"])
def made(request):
    """A Word file of an analysis, and one of a plan."""
    return request.getfixturevalue(request.param)


@pytest.fixture(scope="module")
def document(made):
    return docx.Document(str(made))


@pytest.fixture(scope="module")
def pdf(almere, drawn, tmp_path_factory):
    return write_pdf(analysis(almere, drawn), tmp_path_factory.mktemp("pdf") / "analyse.pdf")


def everything(document):
    """All text of the body, tables included, in document order."""
    paragraphs = document.element.body.iter(qn("w:p"))
    return "\n".join("".join(node.text or "" for node in one.iter(qn("w:t"))) for one in paragraphs)


def headings(document, level):
    return [one.text for one in document.paragraphs if one.style.name == f"Heading {level}"]


def test_chapters_and_parks_are_real_headings_in_order(path, almere):
    """Every park begins a page; the first stands below the heading of its chapter, which begins that page."""
    document = docx.Document(str(path))
    assert headings(document, 1) == CHAPTERS
    names = set(almere.parks["name"])
    parks = [one for one in document.paragraphs if one.text in names and one.style.name == "Heading 2"]
    assert sorted(one.text for one in parks) == sorted(names)
    chapter = next(one for one in document.paragraphs if one.text == "De terreinen één voor één")
    assert [one.paragraph_format.page_break_before for one in parks] == [None, *[True] * (len(parks) - 1)]
    assert chapter.paragraph_format.page_break_before


def test_a_plan_has_its_chapters_its_interventions_and_marked_blanks_and_is_for_who_works_on_it(
    plan_path, plan, lelystad, tmp_path
):
    """A plan of real data carries no mark of fiction."""
    document = docx.Document(str(plan_path))
    chapters = [plan.chapters[name] for name in PLAN_CHAPTERS]
    assert headings(document, 1) == ["Kern", *(one.title for one in chapters[:-1]), "Bijlagen", "Nog in te vullen"]
    named = [f"{one.id} {one.name}" for one in (*plan.interventions, *plan.after_confirmation)]
    assert headings(document, 3) == named
    told = everything(document)
    for chapter in chapters:
        filled = (line for field in chapter.fields if not field.blank for line in field.text.splitlines())
        for line in (*chapter.text, *chapter.points, *filled):
            assert line in told
    for line in (plan.answers.holes[0].name, plan.steps[-1].done, plan.risks[0].response, plan.messages[0].message):
        assert line in told
    tags = [one.get(qn("w:val")) for one in document.element.body.iter(qn("w:tag"))]
    assert len(tags) == len(set(tags)) > 100
    assert {"lead", "fields/scope/Startdatum", f"interventions/{plan.interventions[0].id}/owner"} <= set(tags)
    assert {one.get(qn("w:val")) for one in document.element.body.iter(qn("w:lock"))} == {"sdtContentLocked"}
    yellow = [cell.text for table in document.tables for cell in table._cells if "FDF0DC" in cell._tc.xml]
    assert len(yellow) > 20
    assert not any(yellow)
    assert "Partners en rollen" in told.rpartition("Nog in te vullen")[2]
    with zipfile.ZipFile(plan_path) as package:
        assert not [name for name in package.namelist() if "customXml" in name]
    assert document.core_properties.created.date() == SELECTED.day
    head = document.sections[0].header.paragraphs[0].text
    assert "CONVENANTINFORMATIE – werkdocument voor wie aan dit plan werkt." in head
    real = replace(lelystad, fictional=False)
    plan = wb.report.plan_for(real, plan.park_id, SELECTED)
    head = docx.Document(str(wb.report.write_plan_docx(plan, real, tmp_path / "p.docx"))).sections[0].header
    assert "FICTIEVE" not in head.paragraphs[0].text


def test_tables_repeat_their_heads_and_hold_their_first_rows_together(document):
    """As wide as the page and no wider, and no row is split; what names and values are has no heads."""
    assert len(document.tables) > 10
    for table in document.tables:
        rows = table._tbl.findall(qn("w:tr"))
        headed = rows[0].find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert headed or {row.cells[0].paragraphs[0].style.name for row in table.rows} == {"Tabellabel"}
        assert table._tbl.tblPr.find(qn("w:tblLook")).get(qn("w:val")) == ("0420" if headed else "0400")
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val"))
        held = [all(p.pPr.keepNext is not None for p in row.iter(qn("w:p"))) for row in rows[headed:]]
        whole = table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == "Nog in te vullen"
        together = len(held) - 1 if whole else min(2, len(held) - 1)
        assert held == [True] * together + [False] * (len(held) - together)
        columns = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid]
        assert len(columns) == len(rows[0].findall(qn("w:tc")))
        assert sum(columns) <= 17.05 / 2.54 * 1440


def test_pictures_are_sharp_and_have_words_for_who_cannot_see_them(path, drawn):
    document = docx.Document(str(path))
    described = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert described == [one.description for one in drawn]
    assert all(len(one) > 60 for one in described)
    for picture in document.inline_shapes:
        part = document.part.related_parts[picture._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert part.image.px_width / picture.width.inches == pytest.approx(200, abs=1)


def test_the_labels_are_on_every_page_and_in_the_properties(made, document):
    head, foot = document.sections[0].header.paragraphs[0].text, document.sections[0].footer.paragraphs[0]
    assert head.startswith("FICTIEVE GEGEVENS · Vermoedens, geen vaststelling · CONVENANTINFORMATIE")
    assert "Grondslag" in foot.text
    assert [one.get(qn("w:instr")) for one in foot._p.iter(qn("w:fldSimple"))] == ["PAGE", "NUMPAGES"]
    assert document.core_properties.subject.startswith("CONVENANTINFORMATIE")
    assert document.core_properties.language == "nl-NL"
    with zipfile.ZipFile(made) as package:
        styles = package.read("word/styles.xml").decode()
        assert {entry.date_time for entry in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert 'w:lang w:val="nl-NL"' in styles
    assert "en-US" not in styles


def test_equal_input_gives_equal_bytes(almere, lelystad, plan, path, plan_path, pdf, tmp_path):
    """Also with pictures that are drawn anew; nothing half finished stays beside the file."""
    again = write_docx(analysis(almere), tmp_path / "a.docx")
    assert again.read_bytes() == path.read_bytes()
    assert wb.report.write_plan_docx(plan, lelystad, tmp_path / "p.docx").read_bytes() == plan_path.read_bytes()
    assert write_pdf(analysis(almere), tmp_path / "a.pdf").read_bytes() == pdf.read_bytes()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.docx", "a.pdf", "p.docx"]


def test_the_own_copy_has_no_empty_columns_and_says_what_is_left_out(own, tmp_path):
    made = docx.Document(str(write_docx(analysis(own, ()), tmp_path / "a.docx")))
    assert "staan niet in dit exemplaar: daaruit zijn oordelen van een andere partij af te leiden" in everything(made)
    heads = [", ".join(cell.text for cell in table.rows[0].cells) for table in made.tables]
    assert "Rang, Terrein, Dreiging, Gelegenheid, Tekort aan weerbaarheid, Totaal, Klasse, Wat te doen" in heads
    assert not [head for head in heads if "Verschil" in head or "Niveau" in head]


def test_what_an_analyst_wrote_stands_apart_from_what_was_computed(urk, tmp_path):
    text = "Let op =1+1.\n\n{{ 7*7 }} <b>tweede regel</b>"
    note = Note(1, "2026-03-03T12:00:00+00:00", "analist van het RIEC", text, "URK-04", Seen("", "", ""))
    made = docx.Document(str(write_docx(analysis(replace(urk, notes=(note,)), ()), tmp_path / "a.docx")))
    texts = [one.text for one in made.paragraphs]
    place = texts.index("Aantekeningen van de analist")
    opening = "Wat bij het verkennen opviel, in eigen woorden. Een aantekening is niet berekend"
    assert texts[place + 1].startswith(opening)
    author = "Duizendblad (URK-04) · analist van het RIEC, 3 maart 2026 · aantekening 1"
    assert texts[place + 2 : place + 5] == [author, "Let op =1+1.", "{{ 7*7 }} <b>tweede regel</b>"]


def test_hostile_text_stays_text(urk, tmp_path):
    """A name or reason with XML, tags of a template or control characters is printed as it is, without the latter."""
    hostile = replace(urk, _parks=urk.parks.assign(name=HOSTILE))
    decision = replace(SELECTED, reason=HOSTILE, by=HOSTILE, sentence=HOSTILE)
    plan = wb.report.plan_for(hostile, "URK-04", decision)
    for made, least in (
        (write_docx(analysis(hostile, ()), tmp_path / "a.docx"), 12),
        (wb.report.write_summary_docx(hostile, tmp_path / "s.docx"), 4),
        (wb.report.write_plan_docx(plan, hostile, tmp_path / "p.docx"), 5),
    ):
        told = everything(docx.Document(str(made)))
        assert told.count(SEEN) >= least
        assert not {"\u202e", "\x0b"} & set(told)
    page = PdfReader(write_pdf(analysis(hostile, ()), tmp_path / "a.pdf")).pages[0].extract_text()
    assert "#strong[x]" in page


def test_the_pdf_is_tagged_and_carries_its_letters_and_its_labels_on_every_page(pdf, drawn):
    """No letter is looked up on the reader's computer, nor on the maker's."""
    reader = PdfReader(pdf)
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].lower().startswith("nl")
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    kinds = list(tags(root["/StructTreeRoot"]))
    assert {"/Table", "/TH", "/Figure", "/H1", "/H2"} <= {kind for kind, _ in kinds}
    assert [alt for kind, alt in kinds if kind == "/Figure"] == [one.description for one in drawn]
    for page in [*reader.pages[::6], reader.pages[-1]]:
        text = " ".join(page.extract_text().split())
        assert "FICTIEVE GEGEVENS · Vermoedens, geen vaststelling" in text
        assert "Grondslag: Handhavingsknelpunt" in text
    fonts = [font.get_object() for page in reader.pages[:3] for font in page["/Resources"]["/Font"].values()]
    assert fonts
    assert all("Liberation" in font["/BaseFont"] for font in fonts)


def tags(node):
    """The kind and the alternative text of every element of the structure."""
    found = node.get_object()
    if "/S" in found:
        yield found["/S"], str(found.get("/Alt", ""))
    kids = found.get("/K", [])
    for kid in kids if isinstance(kids, list) else [kids]:
        if hasattr(kid.get_object() if hasattr(kid, "get_object") else kid, "keys"):
            yield from tags(kid)


def test_a_batch_does_not_keep_the_layout_of_every_document(urk, tmp_path):
    """Left to itself typst keeps that of ten, 10 MB and more for each of this size."""

    def grown(number):
        other = replace(urk, parameters=urk.parameters.model_copy(update={"name": f"Gemeente {number}"}))
        write_pdf(analysis(other, ()), tmp_path / "analyse.pdf")
        return psutil.Process().memory_info().rss / 2**20

    sizes = [grown(number) for number in range(6)]
    assert sizes[-1] - sizes[1] < 30


def test_the_packaged_reference_is_what_the_tool_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make_reference", TOOL)
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    tool.reference().save(str(tmp_path / "made.docx"))
    with zipfile.ZipFile(tmp_path / "made.docx") as new, zipfile.ZipFile(word.PACKAGED) as packaged:
        for part in ("word/document.xml", "word/styles.xml", "word/numbering.xml"):
            assert new.read(part) == packaged.read(part), part


@pytest.fixture
def house(tmp_path, monkeypatch):
    """The folder of an organisation's house style, in a workspace of its own."""
    folder = tmp_path / "w" / "house_style"
    folder.mkdir(parents=True)
    monkeypatch.setattr(word, "find_workspace", lambda: tmp_path / "w")
    return folder


def test_an_organisations_own_styles_logo_and_header_are_used_and_the_labels_stay(urk, house, drawn, tmp_path):
    """A plain document of theirs, that knows none of our styles; its own first page has the labels too."""
    own = docx.Document()
    own.add_paragraph("Dit sjabloon zegt niets.")
    own.styles["Heading 1"].font.name, own.styles["Heading 1"].font.size = "Georgia", Pt(30)
    section = own.sections[0]
    section.left_margin = Cm(5)
    section.different_first_page_header_footer = True
    (tmp_path / "logo.png").write_bytes(word._pixels(drawn[0].svg))
    section.first_page_header.paragraphs[0].add_run().add_picture(str(tmp_path / "logo.png"), width=Cm(2))
    section.header.paragraphs[0].text = "RIEC Voorbeeld"
    own.save(str(house / "reference.docx"))
    made = docx.Document(str(write_docx(analysis(urk, ()), tmp_path / "a.docx")))
    assert headings(made, 1) == CHAPTERS
    assert made.styles["Heading 1"].font.name == "Georgia"
    assert "Dit sjabloon zegt niets" not in everything(made)
    head = made.sections[0].first_page_header
    assert "graphic" in head.paragraphs[0]._p.xml
    for place in (head, made.sections[0].header):
        assert "CONVENANTINFORMATIE" in place.paragraphs[-1].text
    assert "RIEC Voorbeeld" in made.sections[0].header.paragraphs[0].text
    widths = [sum(int(one.get(qn("w:w"))) for one in table._tbl.tblGrid) for table in made.tables]
    assert max(widths) <= (section.page_width - section.left_margin - section.right_margin) / 635


def test_a_house_style_that_is_no_word_document_is_refused(urk, house, tmp_path):
    for content in (b"geen Word", b"PK\x03\x04half"):
        (house / "reference.docx").write_bytes(content)
        with pytest.raises(OutputError, match=r"house_style/reference\.docx” is geen Word-document"):
            write_docx(analysis(urk, ()), tmp_path / "a.docx")
        assert not (tmp_path / "a.docx").exists()


def test_without_the_extra_or_with_a_plan_of_another_assessment_nothing_is_made(plan, urk, tmp_path, monkeypatch):
    with pytest.raises(OutputError, match="hoort niet bij deze analyse"):
        wb.report.write_plan_docx(plan, urk, tmp_path / "p.docx")
    monkeypatch.setattr("werkbank.report.documents.pdf_is_there", lambda: False)
    with pytest.raises(OutputError, match=r"pip install"):
        write_pdf(analysis(urk, ()), tmp_path / "a.pdf")


def renamed(assessment):
    """The same with long names that only differ at their end, also where the advice says them."""
    parks, advice = assessment.parks, assessment.advice
    names = {name: f"{name} en omgeving, deelgebied Haven-Noord fase {n}" for n, name in enumerate(parks["name"])}
    sentence = re.sub("|".join(names), lambda found: names[found[0]], advice.sentence)
    named = parks.assign(name=list(names.values()))
    return replace(assessment, _parks=named, advice=replace(advice, sentence=sentence))


@pytest.fixture(scope="module")
def three(demo_workspace):
    """Almere with three parks to choose."""
    return wb.assess(wb.load_parameters("almere", capacity=3))


@pytest.mark.parametrize("capacity", [1, 3])
def test_the_page_for_the_steering_group_names_every_advised_park_and_asks_about_all(almere, three, capacity):
    """Whatever is left out to keep it one page: the answer, the table with bounds, what is asked and the ground stay."""
    many = almere if capacity == 1 else three
    for one in (many, renamed(many)):
        made = summary(one)
        lines, (rows,) = said(made), [block.rows for block in made.blocks if hasattr(block, "rows")]
        sentence = lines[0]
        question = next(line for line in lines if line.startswith("Besluit of "))
        assert len(rows) >= min(3, capacity)
        assert "is de hoogste" not in sentence
        assert capacity > 1 or not re.search("samen (hebben|bezetten) zij", sentence)
        assert ("wordt gekozen" if capacity == 1 else "worden gekozen") in question
        names = [row.cells[1].removesuffix(" (advies)") for row in rows[:capacity]]
        assert all(name in question and name in sentence for name in names)
        assert faults(lines) == []


@pytest.fixture(scope="module")
def laid_out(urk, almere, three, own, path, plan_path, tmp_path_factory):
    """The analysis, the plan and five summaries as LibreOffice lays them out, which is started once."""
    folder = tmp_path_factory.mktemp("laid_out")
    shown = (urk, almere, own, three, renamed(three))
    summaries = [wb.report.write_summary_docx(one, folder / f"s{number}.docx") for number, one in enumerate(shown)]
    made = convert([*summaries, path, plan_path], "pdf", folder / "pdf")
    return {one.stem: [page.extract_text() for page in PdfReader(one).pages] for one in made.iterdir()}


def test_laid_out_no_table_breaks_inside_a_word(path, plan_path, laid_out):
    """No word of a cell stands on two lines."""
    for one in (path, plan_path):
        tables = docx.Document(str(one)).tables
        cells = (cell.text for table in tables for row in table.rows for cell in row.cells)
        words = {word for text in cells for word in re.findall(r"[^\W\d_]{4,}", text)}
        broken = re.findall(r"\b([^\W\d_]{2,})\n(?=([^\W\d_]+)\b)", "\n".join(laid_out[one.stem]))
        assert broken
        assert [pair for pair in broken if "".join(pair) in words] == []


def test_laid_out_the_summary_is_one_page_and_the_first_two_of_the_analysis_answer(almere, laid_out):
    """The ranking stands with the advice on the first page, a park takes one page."""
    assert [len(laid_out[f"s{number}"]) for number in range(5)] == [1] * 5
    pages = laid_out["analyse"]
    assert almere.advice.sentence[:40] in " ".join(pages[0].split())
    asked = ("Waarom dit terrein", "Hoe zeker is dit?", "Wat weten we niet?", "Wat eerst doen", "Op welke grondslag?")
    assert [one for one in asked if one not in " ".join(pages[:2])] == []
    assert all("Vermoedens, geen vaststelling" in page and "Grondslag: " in page for page in pages)
    assert sum("Waaruit de score is opgebouwd" in page for page in pages) == almere.parks["score"].notna().sum()
    # What the parties wrote may need a second page.
    assert len(pages) <= 17 + len(almere.parks) + almere.remarks["park_id"].nunique()
