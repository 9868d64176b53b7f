"""The municipality's copy and the RIEC's: the same prose, and every sentence true of what stands below it."""

import re
from dataclasses import replace

import openpyxl

import werkbank as wb
from tests.plain_notebooks import analysis
from tests.report.reading import seen, sheet
from werkbank.report.terms import NOT_SHOWN

NOT_HERE = "staan niet in dit exemplaar: daaruit zijn oordelen van een andere partij af te leiden"


FALSE_HERE = (
    "Elk oordeel van de partijen samen", "oordeel van de partijen samen", "Een cijfer met een komma",
    "wat politie en gemeente elk vermoeden", "staat ernaast", "bij elke partij ingevuld", "Dezelfde cijfers als tabel",
    "Vraag na bij gemeente", "Vraag na bij de gemeente", "De gemeente kiest zelf", "niet voor deze lezer",
)  # fmt: skip


def test_each_copy_says_whose_its_cells_are_and_nothing_that_holds_for_the_other_only(urk_html, own):
    told = seen(urk_html)
    assert "Elke cel geeft het oordeel van de partijen samen." in told
    assert "Een cijfer met een komma ontstaat als de partijen verschillen" in told
    assert "wat bij elke partij ingevuld, onbekend en leeg is" in told
    told = seen(analysis(own))
    assert "Elke cel geeft alleen het oordeel van de gemeente." in told
    assert "wat in de eigen werkmap ingevuld, onbekend en leeg is" in told
    assert "Hier staan alleen de bevindingen over de eigen werkmap." in told
    assert [text for text in FALSE_HERE if text in told] == []


def test_what_is_withheld_is_said_to_be_with_its_reason(own):
    told = {
        "quadrant": "Wat alle partijen samen weten",
        "certainty": "De doorrekeningen (hoe vaak elk terrein bovenaan",
    }
    for section, what in told.items():
        html = seen(getattr(wb.report, section)(own).html)
        assert (what in html, NOT_HERE in html) == (True, True), section


def test_rounded_figures_are_explained_to_who_gets_them_only(own, urk):
    """What is known is told of the own cells only, and that is not rounded."""
    assert "Scores zijn afgerond op vijf punten." in wb.report.front_page(own).html
    assert "afgerond" not in wb.report.front_page(urk).html


def test_nobody_is_told_to_ask_himself(own, urk):
    asked = re.findall(r"<li>(Vraag[^:]*|Zoek[^:]*):", wb.report.park_pages(own).html)
    assert asked
    assert set(asked) <= {"Vraag na bij de politie", "Zoek zelf uit", "Zoek zelf uit en vraag na bij de politie"}
    assert "Zoek zelf uit" not in wb.report.park_pages(urk).html


def test_the_legend_of_a_group_names_its_score_and_the_strength_of_a_source_is_explained(urk):
    """Verschijningsvormen in the matrix and Dreiging in the scores are one group."""
    assert "Verschijningsvormen</strong> (samen de deelscore dreiging)" in wb.report.heat_map(urk).html
    assert "A meer bronnen of bevestigd, B één bron, C indruk" in wb.report.park_pages(urk).html


def test_no_figure_is_rounded_into_another_class(urk):
    """Just below a border is the class below it: not printed as the border, where the next class begins."""
    park, border = urk.advice.park_ids[0], urk.parameters.method.class_borders[-1]
    near = urk.parks.assign(score=urk.parks["score"].mask(urk.parks["park_id"] == park, border - 0.03))
    html = wb.report.ranking_table(replace(urk, _parks=near)).html
    assert f">{border - 0.03:.2f}<".replace(".", ",") in html
    assert not re.search(rf">{border:g}(,0)?<", html)


def test_in_the_workbook_what_is_withheld_is_not_called_unknown(own, tmp_path):
    book = openpyxl.load_workbook(wb.report.write_scores(own, tmp_path / "s.xlsx"))
    assert "Plaatsen" not in book.sheetnames
    guide = " ".join(str(cell.value) for row in book["Leeswijzer"].iter_rows() for cell in row)
    assert "Niet getoond" in guide
    assert NOT_HERE in guide
    for row in sheet(book, "Scores"):
        assert row["Hoogste vermoeden"] == row["Bovenaan"] == row["Score meestal tot"] == NOT_SHOWN
        assert row["Score"] in ("?", *range(0, 101, 5))
    assert {value for row in sheet(book, "Groepen") for value in list(row.values())[4:]} == {NOT_SHOWN}
    assert {row["Bijdrage aan totaal"] for row in sheet(book, "Cellen")} <= {NOT_SHOWN, None}
