"""The Word files of an analysis: real headings, words for pictures, labels everywhere, safe text, equal bytes."""

import re
import zipfile
from dataclasses import replace

import docx
import pytest
from docx.oxml.ns import qn
from docxtpl import DocxTemplate
from pypdf import PdfReader
from werkbank.report.documents import ANALYSIS_TEMPLATE, SUMMARY_TEMPLATE, own_template, template_environment

import werkbank as wb
from tests.dutch import faults
from tests.report.office import convert
from werkbank.errors import OutputError
from werkbank.register.notes import Note, Seen
from werkbank.report.front import summary_content
from werkbank.report.papers.content import analysis_content, only_text

HOSTILE = "<w:p>&amp;</w:t> \"'{{ 7*7 }}{% raw %}=1+1 \u202e\x0b</script>"
CHAPTERS = [
    "Kern en advies", "Wat we weten en wat niet", "De matrix in één oogopslag", "Aanwijzingen per fenomeen", "Rangorde",
    "Hoe zeker is het advies?", "Waar de partijen verschillen", "De terreinen één voor één",
    "Bevindingen bij de gegevens", "Verantwoording",
]  # fmt: skip


@pytest.fixture(scope="module")
def path(almere, almere_content, almere_drawn, tmp_path_factory):
    target = tmp_path_factory.mktemp("word") / "analyse.docx"
    return wb.report.write_analysis_docx(almere, target, content=almere_content, drawn=almere_drawn)


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


def test_every_value_is_text(almere_content, own):
    """What a template or the PDF gets cannot be anything that is computed or formatted there."""
    assert only_text(almere_content)
    assert only_text(summary_content(analysis_content(own)))


def test_chapters_are_real_headings_in_order(document):
    assert headings(document, 1) == CHAPTERS


def test_every_park_is_a_heading_on_a_page_of_its_own(document, almere):
    """The first stands below the heading of its chapter, which begins that page."""
    names = [park for park in headings(document, 2) if park in set(almere.parks["name"])]
    assert sorted(names) == sorted(almere.parks["name"])
    breaks = [one for one in document.paragraphs if one.text in names and one.style.name == "Heading 2"]
    chapter = next(one for one in document.paragraphs if one.text == "De terreinen één voor één")
    assert [one.paragraph_format.page_break_before for one in breaks] == [None, *[True] * (len(breaks) - 1)]
    assert chapter.paragraph_format.page_break_before


def test_every_picture_has_words_for_who_cannot_see_it(document, almere_drawn):
    described = [node.get("descr") for node in document.element.body.iter(qn("wp:docPr"))]
    assert described == [one.description for one in almere_drawn]
    assert all(len(one) > 60 for one in described)


def test_heading_rows_are_repeated_and_rows_are_not_split(document):
    tables = document.tables
    assert len(tables) > 60
    for table in tables:
        head, *rows = table._tbl.findall(qn("w:tr"))
        assert head.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
        assert table._tbl.tblPr.find(qn("w:tblCaption")) is not None
        split = [row for row in rows if row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is None]
        assert len(split) <= 1, "only the row with the total may be without"


def test_no_table_begins_with_a_single_row_at_the_foot_of_a_page(document):
    """Heads and the first three rows stay together; the last of them leaves room for a page to end."""
    for table in document.tables:
        rows = table._tbl.findall(qn("w:tr"))[1:]
        held = [all(p.pPr.keepNext is not None for p in row.iter(qn("w:p"))) for row in rows]
        together = min(2, len(rows) - 1)
        assert held == [True] * together + [False] * (len(rows) - together)


def test_a_picture_has_200_pixels_to_an_inch_of_paper(document):
    for picture in document.inline_shapes:
        part = document.part.related_parts[picture._inline.graphic.graphicData.pic.blipFill.blip.embed]
        assert part.image.px_width / picture.width.inches == pytest.approx(200, abs=1)


def test_every_table_is_as_wide_as_its_cells_and_no_wider_than_the_page(document):
    """Columns that are repeated for each indicator or party are in the grid, else a reader sees one of them."""
    for table in document.tables:
        columns = [int(one.get(qn("w:w"))) for one in table._tbl.tblGrid]
        assert len(columns) == len(table._tbl.findall(qn("w:tr"))[0].findall(qn("w:tc")))
        assert sum(columns) <= 17.05 / 2.54 * 1440


def test_the_labels_are_on_every_page_and_in_the_properties(path, document):
    head = document.sections[0].header.paragraphs[0].text
    assert head.startswith("FICTIEVE GEGEVENS · Vermoedens, geen vaststelling · CONVENANTINFORMATIE")
    assert "Grondslag: Handhavingsknelpunt, besluit van" in document.sections[0].footer.paragraphs[0].text
    core = document.core_properties
    assert core.title == "Analyse bedrijventerreinen Almere (fictief)"
    assert core.subject.startswith("CONVENANTINFORMATIE")
    assert core.language == "nl-NL"
    with zipfile.ZipFile(path) as package:
        assert 'w:lang w:val="nl-NL"' in package.read("word/styles.xml").decode()


def test_no_tag_is_left(document):
    assert not {"{", "}"} & set(everything(document))


def test_equal_assessments_give_equal_bytes(almere, almere_content, path, tmp_path):
    """Also with pictures that are drawn anew."""
    again = wb.report.write_analysis_docx(almere, tmp_path / "again.docx", content=almere_content)
    assert again.read_bytes() == path.read_bytes()
    with zipfile.ZipFile(path) as package:
        assert {entry.date_time for entry in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}


def test_the_own_copy_has_no_empty_columns_and_says_what_is_left_out(own, tmp_path):
    made = docx.Document(str(wb.report.write_analysis_docx(own, tmp_path / "a.docx", drawn=())))
    told = everything(made)
    assert "staan niet in dit exemplaar: daaruit zijn oordelen van een andere partij af te leiden" in told
    heads = [[cell.text for cell in table.rows[0].cells] for table in made.tables]
    assert ["Rang", "Terrein", "Totaal", "Grenzen", "Klasse", "Wat te doen"] in heads
    assert not [head for head in heads if "Verschil" in head or "Niveau" in head]


def test_what_an_analyst_wrote_stands_apart_from_what_was_computed(urk, tmp_path):
    said = "Let op =1+1.\n\n{{ 7*7 }} <b>tweede regel</b>"
    at = "2026-03-03T12:00:00+00:00"
    note = Note(1, at, "analist van het RIEC", said, "URK-04", Seen("", "", ""))
    made = docx.Document(str(wb.report.write_analysis_docx(replace(urk, notes=(note,)), tmp_path / "a.docx", drawn=())))
    texts = [one.text for one in made.paragraphs]
    place = texts.index("Aantekeningen van de analist")
    assert texts[place + 1].startswith(
        "Wat bij het verkennen opviel, in eigen woorden. Een aantekening is niet berekend"
    )
    assert texts[place + 2] == "Duizendblad (URK-04) · analist van het RIEC, 3 maart 2026 · aantekening 1"
    assert texts[place + 3 : place + 5] == ["Let op =1+1.", "{{ 7*7 }} <b>tweede regel</b>"]


def test_hostile_text_stays_text(urk, tmp_path):
    hostile = replace(urk, _parks=urk.parks.assign(name=HOSTILE))
    seen = "<w:p>&amp;</w:t> \"'{{ 7*7 }}{% raw %}=1+1"
    for write in (wb.report.write_analysis_docx, wb.report.write_summary_docx):
        made = docx.Document(str(write(hostile, tmp_path / "a.docx")))
        assert everything(made).count(seen) >= 4
        assert "49" not in headings(made, 2)
        assert "\u202e" not in everything(made)
    names = [text for text in headings(docx.Document(str(wb.report.write_analysis_docx(hostile, tmp_path / "b.docx"))), 2)
             if text.startswith(seen)]  # fmt: skip
    assert len(names) == len(urk.parks)


@pytest.mark.parametrize("template", [ANALYSIS_TEMPLATE, SUMMARY_TEMPLATE], ids=lambda path: path.stem)
def test_the_templates_ask_only_for_what_the_code_fills(urk, template):
    content = analysis_content(urk)
    filled = {*content, "pictures"} if template == ANALYSIS_TEMPLATE else set(summary_content(content))
    assert DocxTemplate(str(template)).get_undeclared_template_variables(template_environment()) <= filled


def test_the_analysis_uses_all_of_its_values(urk):
    asked = DocxTemplate(str(ANALYSIS_TEMPLATE)).get_undeclared_template_variables(template_environment())
    assert {*analysis_content(urk), "pictures"} - asked == {"fingerprint"}


def changed(tmp_path, old, new, template=ANALYSIS_TEMPLATE):
    """The packaged template with other text in one paragraph, as an organisation would make it."""
    document = docx.Document(str(template))
    places = [*document.paragraphs, *document.sections[0].header.paragraphs, *document.sections[0].footer.paragraphs]
    (place,) = [one for one in places if one.text == old][:1]
    for run in place.runs[1:]:
        run.text = ""
    place.runs[0].text = new
    document.save(str(tmp_path / "analyse.docx"))
    return tmp_path / "analyse.docx"


def test_an_organisations_own_template_is_used(urk, tmp_path):
    template = changed(tmp_path, "Analyse bedrijventerreinen", "RIEC Voorbeeld over {{ municipality }}")
    made = wb.report.write_analysis_docx(urk, tmp_path / "a.docx", template, drawn=())
    assert docx.Document(str(made)).paragraphs[0].text == "RIEC Voorbeeld over Urk (fictief)"


def test_an_own_template_is_found_in_the_house_style(urk, tmp_path):
    assert own_template(tmp_path, "analyse") is None
    template = changed(tmp_path, "Analyse bedrijventerreinen", "Van RIEC Voorbeeld")
    assert own_template(tmp_path, "analyse") == template
    (tmp_path / "made").mkdir()
    wb.report.write_papers(urk, tmp_path / "made", tmp_path)
    assert docx.Document(str(tmp_path / "made" / "analyse.docx")).paragraphs[0].text == "Van RIEC Voorbeeld"


@pytest.mark.parametrize(
    ("new", "message"),
    [
        ("{{ municipalty }}", r"analyse\.docx” vraagt iets wat de analyse niet heeft: municipalty.*municipality"),
        ("{{ front.sentense }}", r"niet heeft: sentense.*Bedoelt u “sentence”"),
        ("{{ municipality", r"analyse\.docx” klopt een veld niet.*tussen \{\{ en \}\} staat"),
        ("{% if municipality %}x", r"klopt een veld niet.*\{% endif %\}"),
        ("{{ municipality.__class__.__mro__ }}", r"klopt een veld niet|niet heeft"),
    ],
)
def test_a_broken_template_is_answered_with_what_to_mend(urk, tmp_path, new, message):
    template = changed(tmp_path, "Analyse bedrijventerreinen", new)
    with pytest.raises(OutputError, match=message):
        wb.report.write_analysis_docx(urk, tmp_path / "a.docx", template, drawn=())
    assert not (tmp_path / "a.docx").exists()


def test_a_template_cannot_leave_out_the_labels(urk, tmp_path):
    """House style may look as it likes; who may read it, and that nothing is established, stays on it."""
    document = docx.Document(str(ANALYSIS_TEMPLATE))
    document.sections[0].header.paragraphs[0].clear()
    document.sections[0].footer.paragraphs[0].clear()
    document.save(str(tmp_path / "kaal.docx"))
    with pytest.raises(OutputError, match=r"laat weg: de rubricering, .*Zet \{\{ label \}\}, .*\{\{ fictional \}\}"):
        wb.report.write_analysis_docx(urk, tmp_path / "a.docx", tmp_path / "kaal.docx", drawn=())


@pytest.mark.parametrize("content", [None, b"geen Word"])
def test_a_template_that_is_no_word_document_is_refused(urk, tmp_path, content):
    template = tmp_path / "eigen.docx"
    if content is not None:
        template.write_bytes(content)
    with pytest.raises(OutputError, match="geen Word-document"):
        wb.report.write_analysis_docx(urk, tmp_path / "a.docx", template, drawn=())


def renamed(assessment):
    """The same with long names that only differ at their end, also where the advice says them."""
    names = {
        name: f"{name} en omgeving, deelgebied Haven-Noord fase {n}" for n, name in enumerate(assessment.parks["name"])
    }
    sentence = re.sub("|".join(names), lambda found: names[found[0]], assessment.advice.sentence)
    return replace(
        assessment,
        _parks=assessment.parks.assign(name=list(names.values())),
        advice=replace(assessment.advice, sentence=sentence),
    )


@pytest.mark.parametrize("capacity", [1, 2, 3, 5])
def test_the_page_for_the_steering_group_names_every_advised_park_and_asks_about_all(almere, capacity):
    """Whatever is left out to keep it one page: the answer, the table with bounds, what is asked and the ground stay."""
    many = almere if capacity == 1 else wb.assess(wb.load_parameters("almere", capacity=capacity))
    for one in (many, renamed(many)):
        made = summary_content(analysis_content(one))
        assert made["sentence"]
        assert made["basis"]
        assert len(made["highest"]) >= min(3, capacity)
        question = made["asked"][0]
        assert "is de hoogste" not in made["sentence"]
        assert ("samen hebben zij" in made["sentence"]) == (capacity > 1)
        assert ("wordt gekozen" if capacity == 1 else "worden gekozen") in question
        for row in made["highest"][:capacity]:
            assert row["name"] in question
            assert row["name"] in made["sentence"]
        assert (
            faults(filter(None, [*made["why"], *made["asked"], *made["to_do"], made["sentence"], made["sure"]])) == []
        )


def test_laid_out_the_summary_is_one_page_and_page_one_of_the_analysis_answers(urk, almere, own, path, tmp_path):
    """LibreOffice lays them out; the legal basis is the last answer of the first page, a park takes one page."""
    many = wb.assess(wb.load_parameters("almere", capacity=3))
    shown = (urk, almere, own, many, renamed(many))
    summaries = [wb.report.write_summary_docx(one, tmp_path / f"s{number}.docx") for number, one in enumerate(shown)]
    convert([*summaries, path], "pdf", tmp_path / "pdf")
    for summary in summaries:
        assert len(PdfReader(tmp_path / "pdf" / f"{summary.stem}.pdf").pages) == 1
    pages = [page.extract_text() for page in PdfReader(tmp_path / "pdf" / "analyse.pdf").pages]
    for question in (
        "Waarom Tapuit",
        "Hoe zeker is dit?",
        "Wat weten we niet?",
        "Wat eerst doen",
        "Op welke grondslag?",
    ):
        assert question in pages[0]
    assert all("Vermoedens, geen vaststelling" in page and "Grondslag: " in page for page in pages)
    assert sum("Waaruit de score is opgebouwd" in page for page in pages) == almere.parks["score"].notna().sum()
    assert len(pages) <= 17 + len(almere.parks)
