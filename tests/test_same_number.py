"""A number is the same everywhere: page, Word, PDF, workbook, tables and advice.json all say what the Assessment says.

Every file is made for the largest municipality and the smallest, one for either audience, read back as its reader
would, and every figure in it is compared. Expected texts are made here from the Assessment's own frames, with none of the report's
code but the way a number is written.
"""

import json
import math
import re
from collections import Counter

import docx
import lxml.html
import openpyxl
import pandas as pd
import pytest
from docx.oxml.ns import qn
from lxml import etree
from pypdf import PdfReader

import werkbank as wb
from tests.dutch import faults, page_texts
from tests.figures import (
    Known,
    figures,
    numbers_of,
    page_blocks,
    planted,
    rows_of,
    texts_of,
    unknown,
    word_blocks,
    wrong_in_charts,
)
from tests.plain_notebooks import filled
from tests.report.reading import sheet
from werkbank.files.canonical import canonical_json
from werkbank.report.documents import write_pdf
from werkbank.report.outputs import analysis
from werkbank.report.tables import write_views
from werkbank.report.terms import NOT_SHOWN
from werkbank.report.view import view_of
from werkbank.report.word import write_docx
from werkbank.wording import number, percent, points

CASES = (("almere", "riec"), ("urk", "municipality"))
TEXT = {"park_id", "group", "indicator", "action", "name", "municipality"}
CHART = re.compile(r'<script[^>]*class="figuur"[^>]*>(.*?)</script>', re.DOTALL)
GROUPS = ("threat", "opportunity", "resilience_gap")
GROUP_NAMES = dict(zip(("Dreiging", "Gelegenheid", "Tekort aan weerbaarheid"), GROUPS, strict=True))


class Made:
    """One municipality's files for one audience, each read back once."""

    def __init__(self, assessment, folder):
        self.assessment = a = assessment
        self.audience = a.parameters.audience
        self.parks = {row["park_id"]: row for row in records(a.parks)}
        self.groups = {(row["park_id"], row["group"]): row for row in records(a.groups)}
        self.cells = {(row["park_id"], row["indicator"]): row for row in records(a.cells)}
        self.names = Counter(row["name"] for row in self.parks.values())
        html = wb.report.render_html(filled("analyse", assessment=a), a)
        self.html, self.read = Page(html), page_texts(html)
        self.known = Known(a, wb.load_catalogue())
        self.page = list(page_blocks(html, self.known.names))
        self.charts = [json.loads(chart) for chart in CHART.findall(html)]
        self.word = docx.Document(str(write_docx(analysis(a, ()), folder / "a.docx")))
        self.word_tables = list(word_tables(self.word))
        self.word_read = list(word_blocks(self.word, self.known.names))
        self.summary = docx.Document(str(wb.report.write_summary_docx(a, folder / "s.docx")))
        pdf = PdfReader(write_pdf(analysis(a, ()), folder / "a.pdf"))
        self.pages = [page.extract_text() for page in pdf.pages]
        # A paragraph may go on on the next page: what stands at the head and foot of each is left out.
        head, foot = (getattr(self.word.sections[0], place).paragraphs[0].text for place in ("header", "footer"))
        around = f"{re.escape(squeezed(head))}|Pagina\\d+van\\d+·Grondslag:{re.escape(squeezed(foot.partition('Grondslag:')[2]))}"
        self.pdf = "".join(re.sub(around, "", squeezed(page)) for page in self.pages)
        self.book = openpyxl.load_workbook(wb.report.write_scores(a, folder / "s.xlsx"), data_only=True)
        write_views([view_of(a)], folder)
        self.tables = {path.stem: path for path in (folder / "tabellen").glob("*.csv")}
        self.advice = json.loads(canonical_json(wb.report.advice_document(a)))

    def points(self, value):
        return "?" if value is None else points(value, self.assessment.parameters.method.class_borders)

    def code(self, name):
        """The park of this name; the fictional district has no two of one name in a municipality."""
        (code,) = [code for code, row in self.parks.items() if row["name"] == name]
        return code


class Page:
    """The tables of a page as lists of rows of texts; and all that is read."""

    def __init__(self, html):
        tree = lxml.html.document_fromstring(html)
        etree.strip_elements(tree, "style", "script", with_tail=False)
        self.text = " ".join(" ".join(tree.itertext()).split())
        self.found = [list(map(texts_of, table.iter("tr"))) for table in tree.iter("table")]


def records(frame):
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def squeezed(text):
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def in_charts():
    """The charts of a page as their data only; the still pictures are drawn of the same data."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WERKBANK_CHART_OUTPUT", "spec")
        yield


@pytest.fixture(scope="module", params=CASES, ids="-".join)
def made(request, demo_workspace, assessed, tmp_path_factory, in_charts):
    return Made(assessed(*request.param), tmp_path_factory.mktemp("-".join(request.param)))


def word_tables(document):
    """The tables of a Word file as rows of texts, each row with its heading row."""
    for table in document.tables:
        rows = [[cell.text for cell in row.cells] for row in table.rows]
        yield rows[0], rows[1:]


def the_table(tables, *headings):
    """The one table that has all of these headings, as dicts."""
    ((head, rows),) = [(head, rows) for head, rows in tables if set(headings) <= set(head)]
    return [dict(zip(head, row, strict=True)) for row in rows]


def test_word_says_scores_bounds_places_and_how_much_is_known_of_every_park(made):
    rows = the_table(made.word_tables, "Rang", "Terrein", "Totaal", "Klasse")
    assert len(rows) == len(made.parks)
    for row in rows:
        name, *marks = re.split(r" (?=\()", row["Terrein"])
        park = made.parks[made.code(name)]
        told = {"Totaal": made.points(park["score"]), "Rang": place(park["rank"])}
        if made.audience == "riec":
            told["Grenzen"] = f"{made.points(park['low'])}–{made.points(park['high'])}"
            told["Geschat"] = number(park["estimated"], 1) if park["unknown"] else row["Geschat"]
            told["Plaats in district"] = place(park["district_rank"])
        own = {name: made.groups[park["park_id"], group] for name, group in GROUP_NAMES.items()}
        told |= {name: made.points(group["score"]) for name, group in own.items()}
        assert row.items() >= told.items()
        assert ("(advies)" in marks) == (park["park_id"] in made.assessment.advice.park_ids)
        signalled = {one.park_id for one in made.assessment.strong_signals}
        assert ("(sterk signaal)" in marks) == (park["park_id"] in signalled)
    judged = Counter(made.assessment.judgements[["park_id", "party", "state"]].itertuples(index=False, name=None))
    shares = {"Bekend": "coverage"}
    if made.audience == "riec":
        shares = {"Alles bekend bij een partij": "coverage", "Alles bekend bij alle partijen": "two_sided"}
    for row in the_table(made.word_tables, *shares):
        park = made.parks[made.code(row["Terrein"])]
        assert row.items() >= {name: percent(park[share]) for name, share in shares.items()}.items()
        for party in made.assessment.parameters.parties:
            counts = (judged[park["park_id"], party, state] for state in ("level", "unknown", "open"))
            assert " / ".join(map(str, counts)) in row.values()


def test_word_prints_every_cell_of_the_matrix_and_of_each_party(made):
    """Of the parties the level that each gave, in the table of each park."""
    first, told = next(iter(made.parks)), {}
    for head, rows in made.word_tables:
        if all((first, code) in made.cells for code in head[1:]):
            for name, *row in rows:
                told |= {(made.code(name), code): text for code, text in zip(head[1:], row, strict=True)}
    assert told == {place: level_text(cell) for place, cell in made.cells.items()}
    judged = {(row["park_id"], row["indicator"], row["party"]): row for row in records(made.assessment.judgements)}
    words = {"police": "Politie", "municipality": "Gemeente"}
    tables = [(head, rows) for head, rows in made.word_tables if {"Verschijningsvorm", "Verschil"} <= set(head)]
    parks = [one.text for one in made.word.paragraphs
             if one.style.name == "Heading 2" and one.text in made.names]  # fmt: skip
    assert bool(tables) == (made.audience == "riec")
    for (head, rows), name in zip(tables, parks if tables else (), strict=True):
        for values in rows:
            row = dict(zip(head, values, strict=True))
            code = row["Verschijningsvorm"].partition(" ")[0]
            for party, word in words.items():
                own = judged[made.code(name), code, party]
                told = row[word][0]
                state = {"not_applicable": "–"}.get(own["state"], "?")
                assert told == (state if own["level"] is None else str(int(own["level"])))


def place(rank):
    return "–" if rank is None else str(int(rank))


def level_text(cell):
    if not cell["applicable"]:
        return "–"
    if cell["level"] is None:
        return "?"
    return number(cell["level"], 0 if float(cell["level"]).is_integer() else 1)


def test_word_builds_every_score_up_from_the_contributions(made):
    """The parts add up to the total that is printed below them; reasons and agreement are the Assessment's too."""
    tables = [rows for head, rows in made.word_tables if head == ["Indicator", "Niveau", "Punten"]]
    with_score = [row for row in made.parks.values() if row["score"] is not None] if made.audience == "riec" else []
    assert len(tables) == len(with_score)
    in_order = sorted(with_score, key=lambda row: (row["rank"], row["park_id"]))
    for rows, park in zip(tables, in_order, strict=True):
        *parts, total = rows
        assert total[2] == made.points(park["score"])
        for name, _, told in parts:
            code = name.partition(" ")[0]
            if (park["park_id"], code) in made.cells:
                assert told == number(made.cells[park["park_id"], code]["contribution"], 1)
        told = math.fsum(float(one.replace(",", ".")) for _, _, one in parts)
        assert told == pytest.approx(park["score"], abs=0.05 * (len(parts) + 1))
    a = made.assessment
    reasons = [one.text for one in made.word.paragraphs if re.search(r"\) [\d,]+ punten$", one.text)]
    if made.audience != "riec":
        assert reasons == []
        return
    own = Counter()
    for one in (one for one in a.reasons if one.park_id in a.advice.park_ids):
        own[one.park_id, one.indicator] += one.contribution
    assert [re.search(r"\((\w+), .*\) ([\d,]+) punten$", text).groups() for text in reasons] == [
        (code, number(one, 1)) for (_, code), one in own.items()
    ]
    for row, one in zip(the_table(made.word_tables, "Groep", "Cellen", "Gelijk"), a.agreement, strict=True):
        assert (row["Cellen"], row["Gelijk"]) == (number(one.n), percent(one.identical))
        assert (row["Hooguit één stap"], row["AC2 (Gwet)"]) == (percent(one.within_one), number(one.gwet_ac2, 2))


def test_every_file_tells_the_advice_and_the_summary_and_the_pdf_say_what_word_says(made):
    """Spaces and line ends aside, every row and sentence with a figure in Word stands in the PDF."""
    sentence = made.assessment.advice.sentence
    for document in (made.word, made.summary):
        assert sentence in [one.text for one in document.paragraphs]
    assert sentence in made.html.text
    assert squeezed(sentence) in made.pdf
    for row in made.parks.values():
        if row["park_id"] in made.assessment.advice.park_ids:
            told = f"Totaal {made.points(row['score'])}"
            assert any(told in one.text for one in made.word.paragraphs)
    ranking = the_table(made.word_tables, "Rang", "Totaal", "Klasse")
    whole = {row["Terrein"].removesuffix(" (sterk signaal)"): row for row in ranking}
    for row in the_table(word_tables(made.summary), "Rang", "Score", "Klasse"):
        same = whole[row["Terrein"]]
        told = (same["Rang"], same["Totaal"], same.get("Grenzen"))
        assert (row["Rang"], row["Score"], row.get("Nog mogelijk")) == told
    paragraphs = [one.text for one in made.word.paragraphs if re.search(r"\d", one.text)]
    rows = ["".join(row) for _, rows in made.word_tables for row in rows if any(re.search(r"\d", one) for one in row)]
    assert len(paragraphs) > 20
    gone = [text for text in (*paragraphs, *rows) if squeezed(text) not in made.pdf]
    assert gone == []


def same(told, figure):
    """A figure in a file for machines is the same to the last bit that 15 digits show."""
    if figure is None:
        return told in (None, "", "?", "–", NOT_SHOWN)
    return float(told) == pytest.approx(float(figure), rel=1e-14, abs=1e-14)


def test_the_workbook_holds_every_figure_of_the_assessment(made):
    """With the weights of the catalogue and the method, and checks that agree."""
    columns = {
        "Score": "score", "Laagst mogelijk": "low", "Hoogst mogelijk": "high", "Rang": "rank", "Bovenaan": "p_first",
        "Rang in district": "district_rank", "Bij de hoogste": "p_selected", "Rang meestal vanaf": "rank_low",
        "Rang meestal tot": "rank_high", "Score meestal vanaf": "drawn_low", "Score meestal tot": "drawn_high",
        "Bekend bij één partij of meer": "coverage", "Bekend bij alle partijen": "two_sided",
        "Hoogste vermoeden": "highest", "Deel hoog": "share_high", "Netto hectare": "net_ha",
    }  # fmt: skip
    rows = sheet(made.book, "Scores")
    assert len(rows) == len(made.parks)
    for row in rows:
        park = made.parks[row["Terreincode"]]
        assert [heading for heading, name in columns.items() if not same(row[heading], park[name])] == []
    for row in sheet(made.book, "Cellen"):
        cell = made.cells[row["Terreincode"], row["Indicator"]]
        for heading, name in {"Niveau": "level", "Punten": "points", "Bijdrage aan totaal": "contribution"}.items():
            assert same(row[heading], cell[name] if cell["applicable"] else None)
    for row in sheet(made.book, "Groepen"):
        group = made.groups[row["Terreincode"], GROUP_NAMES[row["Groep"]]]
        assert same(row["Score"], group["score"])
        assert same(row["Laagst mogelijk"], group["low"])
    checks = [one["A2"].value for one in made.book if one.title == "Controle"]
    assert checks == ([] if made.assessment.coarse else ["Alles klopt"])
    catalogue, method = wb.load_catalogue(), made.assessment.parameters.method
    told = {row["Code"]: row for row in sheet(made.book, "Gewichten")}
    for one in catalogue.indicators:
        assert told[one.id]["Gewicht"] == one.weight * (one.severity or 1)
    for group in GROUPS:
        assert told[group]["Gewicht"] == getattr(method.group_weights, group)


def test_the_tables_hold_every_figure_of_the_assessment(made):
    frames = {"terreinen": (made.parks, ["park_id"]), "deelscores": (made.groups, ["park_id", "group"]),
              "cellen": (made.cells, ["park_id", "indicator"])}  # fmt: skip
    for name, (known, key) in frames.items():
        rows = records(pd.read_csv(made.tables[name], dtype=str, keep_default_na=False))
        assert rows
        for row in rows:
            place = tuple(row[one] for one in key)
            own = known[place[0] if len(place) == 1 else place]
            hidden = name == "cellen" and not own["applicable"]
            for column in set(row) & set(own) - TEXT:
                figure = None if hidden and column in ("level", "points") else own[column]
                assert same(row[column], figure), (place, column)
    judged = pd.read_csv(made.tables["oordelen"])
    assert len(judged) == len(made.assessment.judgements)
    assert judged["level"].sum() == made.assessment.judgements["level"].sum()


def test_advice_json_holds_the_same_figures_and_no_other(made):
    for one in made.advice["parks"]:
        park = made.parks[one["park_id"]]
        for told in one.keys() & (park.keys() | {"score_low", "score_high"}) - TEXT:
            assert same(one[told], park[told.removeprefix("score_")]), (one["park_id"], told)
        for group in GROUPS:
            assert same(one["themes"][group]["score"], made.groups[one["park_id"], group]["score"])
    assert made.advice["advice"]["sentence"] == made.assessment.advice.sentence
    assert made.advice["advice"]["park_ids"] == list(made.assessment.advice.park_ids)
    found = [(park, one) for park, one in numbers_of(made.advice) if park]
    assert len(found) >= 4 * len(made.parks)
    assert [(park, one) for park, one in found if not made.known.exactly(park, one)] == []
    data = made.known.data
    answers = [data["parameters"]["method"], data["agreement"], data["advice"], data["schema_version"]]
    known = {one for _, one in numbers_of(answers)}
    assert {one for park, one in numbers_of(made.advice) if not park} - known <= {1, 2, 3}


def test_no_box_note_or_comment_of_the_word_file_escapes_these_tests(made):
    body = made.word.element.body
    assert {child.tag for child in body} == {qn("w:p"), qn("w:tbl"), qn("w:sectPr")}
    assert not list(body.iter(qn("w:txbxContent")))


def test_no_file_has_a_word_or_a_sign_by_which_a_machine_shows(made):
    """Page, Word files and workbook of every municipality: real minus signs, right plurals, no English, no None."""
    keys = re.compile(r"method\.|[a-z_]+$")
    rows = [row for sheet in made.book for row in sheet.iter_rows(values_only=True) if not keys.match(str(row[0]))]
    cells = [one for row in rows for one in row if isinstance(one, str) and not one.startswith("=")]
    bodies = (document.element.body for document in (made.word, made.summary))
    words = [node.text or "" for body in bodies for node in body.iter(qn("w:t"))]
    assert min(map(len, (made.read, cells, words))) > 100
    assert faults([*made.read, *cells, *words]) == []


def test_every_figure_on_the_page_in_its_charts_in_word_and_in_the_summary_is_the_assessments(made):
    """Whatever the chapter: a figure that no number of its park, its cell or the whole can answer for is reported."""
    least = 100 if made.audience == "riec" else 80
    assert len([one for _, _, text in made.page for one in figures(text)]) > least * len(made.parks)
    assert unknown(made.page, made.known) == []
    summary = list(word_blocks(made.summary, made.known.names))
    for blocks, least in ((made.word_read, 50 * len(made.parks)), (summary, 30 if made.audience == "riec" else 15)):
        assert len([one for _, _, text in blocks for one in figures(text)]) > least
        assert unknown(blocks, made.known) == []
    assert len([row for row in rows_of(made.charts) if row.get("code") in made.parks]) >= 2 * len(made.parks)
    assert list(wrong_in_charts(made.charts, made.known)) == []


def test_a_wrong_figure_anywhere_on_the_page_in_its_charts_or_in_word_would_be_seen(made):
    """Every figure in turn is made wrong by one in its last digit.

    What is missed is wrong by so little that it is another figure of the same park; the tests of the columns above
    look at those one by one.
    """
    for blocks in (made.page, made.word_read):
        for digits, share in ((1, 0.6), (3, 0.85)):
            wrong, seen = planted(blocks, made.known, digits)
            assert wrong > 20
            assert seen >= share * wrong, (digits, wrong, seen)
    changed = json.loads(json.dumps(made.charts))
    bounds = [row for row in rows_of(changed) if row.get("code") in made.parks and row.get("low") is not None]
    for row in bounds:
        row["low"] += 0.37
    seen = [one for one in wrong_in_charts(changed, made.known) if one[1] == "low"]
    # Who may not see every cell gets no bounds.
    assert len(seen) >= 0.9 * len(bounds)
    assert (len(bounds) > 0) == (made.audience == "riec")


def wrong_in_rows(rows, known):
    """The numbers in rows of cells that are not of the park whose code stands in the row."""
    for row in rows:
        park = next((one for one in row if one in known.names), None)
        for value in row if park else ():
            if isinstance(value, int | float) and not isinstance(value, bool) and not known.exactly(park, value):
                yield park, value


def test_every_number_in_every_sheet_and_every_table_is_the_assessments(made):
    """Exactly, not rounded; sheets and columns are not named here, so that a new one is looked at too."""
    sheets = [row for one in made.book for row in one.iter_rows(values_only=True)]
    tables = [list(row.values()) for path in made.tables.values() for row in records(pd.read_csv(path))]
    for rows in (sheets, tables):
        assert sum(one in made.parks for row in rows for one in row) > 35 * len(made.parks)
        assert list(wrong_in_rows(rows, made.known)) == []
    assert list(wrong_in_rows([(next(iter(made.parks)), 12.34567)], made.known)) != []


def test_the_summary_names_or_counts_every_park_that_asks_for_work(made):
    """The parks named with a kind of work, and the number of the others, are all that the Assessment has."""
    blind = sum(row["action"] == "blind_spot" for row in made.parks.values())
    told = [one.text for one in made.summary.paragraphs if one.text.startswith("Blinde vlekken: ")]
    lines = [line for line in told if not line.endswith(": geen terreinen.")]
    assert len(lines) == (blind > 0)
    for line in lines:
        rest = re.search(r"en (\d+) ander", line)
        named = sum(f"{name}:" in line for name in made.names)
        assert named + (int(rest[1]) if rest else 0) == blind, line
