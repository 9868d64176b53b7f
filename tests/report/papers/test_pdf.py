"""The PDF is tagged for who cannot see it, carries its labels on every page, and is the same for the same input."""

from dataclasses import replace
from functools import partial

import psutil
import pytest
from pypdf import PdfReader

import werkbank as wb
from werkbank.errors import OutputError
from werkbank.report.papers.content import analysis_content

HOSTILE = "#panic() *x* $y$ `z` \\ <w> & [link](https://x) = 1"


@pytest.fixture(scope="module")
def path(almere, almere_content, almere_drawn, tmp_path_factory):
    target = tmp_path_factory.mktemp("pdf") / "analyse.pdf"
    return wb.report.write_analysis_pdf(almere, target, content=almere_content, drawn=almere_drawn)


@pytest.fixture(scope="module")
def reader(path):
    return PdfReader(path)


def tags(node, found):
    """Every tag of the structure, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for one in node:
            tags(one, found)
    elif isinstance(node, dict):
        if "/S" in node:
            found.append((node["/S"], node.get("/Alt")))
        if "/K" in node:
            tags(node["/K"], found)
    return found


def test_a_batch_does_not_keep_the_layout_of_every_document(urk, tmp_path):
    """Left to itself typst keeps that of ten, 10 MB and more for each of this size."""
    content = analysis_content(urk)

    def grown(number):
        write = partial(wb.report.write_analysis_pdf, urk, tmp_path / "analyse.pdf", drawn=())
        write(content={**content, "municipality": f"Gemeente {number}"})
        return psutil.Process().memory_info().rss / 2**20

    sizes = [grown(number) for number in range(8)]
    assert sizes[-1] - sizes[1] < 30


def test_it_says_that_it_keeps_the_standard(path, reader):
    """typst refuses to write the mark when the document does not keep PDF/UA-1, such as a picture without words."""
    assert b"pdfuaid" in path.read_bytes()
    assert reader.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert reader.trailer["/Root"]["/Lang"] == "nl-NL"
    assert reader.trailer["/Root"]["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == "Analyse bedrijventerreinen Almere (fictief)"


def test_headings_table_headers_and_pictures_are_tagged(reader, almere_drawn):
    found = tags(reader.trailer["/Root"]["/StructTreeRoot"], [])
    kinds = [kind for kind, _ in found]
    assert kinds.count("/H1") >= 10
    assert kinds.count("/H2") >= 31
    assert kinds.count("/TH") > 100
    assert [alt for kind, alt in found if kind == "/Figure"] == [one.description for one in almere_drawn]


def test_its_letters_come_along(reader):
    """No letter is looked up on the reader's computer, nor on the maker's."""
    fonts = {str(font) for page in reader.pages[:3] for font in names(page)}
    assert fonts
    assert all("Liberation" in font for font in fonts)


def names(page):
    for font in page["/Resources"]["/Font"].values():
        yield font.get_object()["/BaseFont"]


def test_every_page_carries_its_labels(reader):
    label = wb.load_catalogue().audience("riec").label
    for page in reader.pages:
        told = " ".join(page.extract_text().split())
        for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label, "besluit van Fictieve stuurgroep"):
            assert text in told


def test_page_one_answers(reader):
    told = reader.pages[0].extract_text()
    for text in ("Waarom Tapuit", "Hoe zeker is dit?", "Wat weten we niet?", "Wat eerst doen", "Op welke grondslag?"):
        assert text in told


def test_equal_assessments_give_equal_bytes(almere, path, tmp_path):
    assert wb.report.write_analysis_pdf(almere, tmp_path / "again.pdf").read_bytes() == path.read_bytes()


def test_nothing_in_a_name_is_read_as_markup(urk, tmp_path):
    hostile = replace(urk, _parks=urk.parks.assign(name=HOSTILE))
    made = PdfReader(wb.report.write_analysis_pdf(hostile, tmp_path / "h.pdf"))
    told = " ".join(" ".join(page.extract_text().split()) for page in made.pages)
    assert told.count("#panic() *x* $y$ `z`") >= 4
    assert not any("/Annots" in page for page in made.pages)


def test_without_the_extra_it_is_said_what_to_install(urk, tmp_path, monkeypatch):
    monkeypatch.setattr(pdf, "pdf_is_there", lambda: False)
    with pytest.raises(OutputError, match=r"pip install"):
        wb.report.write_analysis_pdf(urk, tmp_path / "a.pdf")
