"""What the sections say: unknown is never 0, what is missing is loud, and no text becomes markup."""

import re
import shutil
from dataclasses import replace

import openpyxl
import pytest

import werkbank as wb
from tests.report.reading import facts, said
from werkbank.errors import Finding, OutputError
from werkbank.matrix.layout import REMARK_HEADINGS, SHEET_REMARKS
from werkbank.report.parks import score_lines
from werkbank.report.view import view_of
from werkbank.settings.parameters import Imprint

HOSTILE = "</script><img src=x onerror=alert(1)><b>&amp;\"'"
SECTIONS = (
    "front_page", "information_position", "heat_map", "phenomena", "ranking_table", "park_pages", "findings",
    "accountability",
)  # fmt: skip


def section(name, assessment):
    return getattr(wb.report, name)(assessment)


def squares(html):
    return re.findall(
        r'<td class="(\w+)(?: one)?"(?: id="[^"]*")?><span aria-hidden="true">([^<]*)</span><span class="unseen">([^<]*)',
        html,
    )


@pytest.fixture(scope="module")
def hostile(urk):
    """An assessment in which every text that came from outside tries to become markup."""
    finding = Finding(rule="x", severity="error", found=HOSTILE, allowed=HOSTILE, remedy=HOSTILE, file=HOSTILE)
    return replace(
        urk,
        findings=(finding,),
        advice=replace(urk.advice, sentence=HOSTILE),
        legal_basis=urk.legal_basis.model_copy(update={"body": HOSTILE, "purpose": HOSTILE}),
        sources=tuple(replace(source, file=HOSTILE) for source in urk.sources),
        parameters=urk.parameters.model_copy(
            update={
                "name": HOSTILE,
                "district": HOSTILE,
                "deviation_reason": HOSTILE,
                "report": Imprint(made_by=HOSTILE, readers=[HOSTILE]),
            }
        ),
        _parks=urk.parks.assign(name=[f"{HOSTILE} {number}" for number in range(len(urk.parks))]),
    )


@pytest.mark.parametrize("name", SECTIONS)
def test_no_text_from_outside_becomes_markup(hostile, name):
    html = section(name, hostile).html
    assert "<img" not in html
    assert "</script" not in html
    assert "<b>" not in html


def test_a_hostile_name_is_still_readable_in_a_report_that_is_made(hostile, executed):
    html = wb.report.render_html(executed(hostile), hostile)
    assert "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;" in html


@pytest.mark.parametrize("name", SECTIONS)
def test_a_section_shows_in_a_notebook_and_as_text(urk, name):
    data, metadata = section(name, urk)._repr_mimebundle_()
    assert metadata == {"werkbank": "section"}
    assert data["text/html"].startswith("<style")
    assert data["text/plain"].count("\n") == 1


@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_the_heat_map_prints_every_cell_and_unknown_never_as_0(slug, request):
    assessment = request.getfixturevalue(slug)
    cells = assessment.cells
    shown = squares(section("heat_map", assessment).html)
    unknown = cells["applicable"] & ~cells["known"]
    assert len(shown) == len(cells)
    assert sum(text == "?" and words == "onbekend" for _, text, words in shown) == unknown.sum() > 0
    assert sum(text == "–" for _, text, _ in shown) == (~cells["applicable"]).sum() > 0
    assert sum(text == "0" for _, text, _ in shown) == (cells["level"] == 0).sum()


def test_a_weak_protection_is_as_dark_as_a_strong_suspicion(urk):
    """Colour follows risk: level 0 of resilience is a full gap."""
    shown = {(words, shade) for shade, _, words in squares(section("heat_map", urk).html)}
    assert ("0 afwezig", "h6") in shown
    assert ("3 structureel", "h6") in shown
    assert ("0 geen vermoeden", "h0") in shown


def test_a_wide_district_is_cut_in_tables_that_fit_a_page(almere):
    """No table has more columns than a landscape page holds."""
    html = section("heat_map", almere).html
    assert all(table.count("turned") <= 31 for table in html.split("<table")[1:])


def test_a_park_without_a_score_gets_a_question_mark_and_no_place(almere):
    parks = almere.parks
    name = parks.loc[parks["score"].isna(), "name"].iloc[0]
    row = next(line for line in section("ranking_table", almere).html.split("<tr") if f">{name}<" in line)
    assert '<td class="n">–</td>' in row
    assert ">?</span>" in row
    assert "geen klasse" in row


def test_the_front_page_names_reasons_with_their_cells(urk):
    first = urk.advice.park_ids[0]
    reason = next(reason for reason in urk.reasons if reason.park_id == first)
    html = section("front_page", urk).html
    assert re.search(rf"{reason.indicator}, [a-z ]+: {reason.level} \w+", html)
    assert urk.advice.sentence in html


def test_the_front_page_names_the_blind_spots(almere):
    blind = almere.parks[almere.parks["quadrant"] == "find_out"].sort_values("high", ascending=False)
    assert blind["name"].iloc[0] in section("front_page", almere).html.split("Informatie halen")[1]


def test_a_missing_workbook_cannot_be_overlooked(demo_workspace, tmp_path, monkeypatch):
    workspace = tmp_path / "w"
    shutil.copytree(demo_workspace, workspace)
    (workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx").unlink()
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    assessment = wb.assess("urk")
    for name in ("front_page", "information_position"):
        assert "De werkmap van de politie ontbreekt" in section(name, assessment).html
    assert section("information_position", assessment).html.count("niet aangeleverd") == 5
    assert "rusten op één partij" in section("ranking_table", assessment).html


@pytest.mark.parametrize("slug", ["urk", "almere"])
def test_what_a_park_page_lists_adds_up_to_its_score(slug, request):
    """Also where a group without a score of its own stands in."""
    view = view_of(request.getfixturevalue(slug))
    for park in view.parks:
        if park.score is not None:
            assert sum(part.points for part in score_lines(view, park)) == pytest.approx(park.score)


def test_a_park_page_never_states_a_fact(almere):
    html = section("park_pages", almere).html
    assert "aanwijzing voor mogelijk" in html
    assert not re.search(r"\bEr is (hennep|drugs|witwassen)", html)


def test_no_remark_reaches_any_output(demo_workspace, tmp_path, monkeypatch, executed):
    """A unique word in a remark is read, and is in no report, workbook or document."""
    canary = "kanariewoord"
    workspace = tmp_path / "w"
    shutil.copytree(demo_workspace, workspace)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(workspace))
    path = workspace / "data" / "matrices" / "2026-1" / "urk_politie.xlsx"
    book = openpyxl.load_workbook(path)
    column = list(REMARK_HEADINGS).index("remark") + 1
    book[SHEET_REMARKS].cell(row=3, column=column).value = f"Wij zagen {canary} bij de loods."
    book.save(path)
    catalogue = wb.load_catalogue()
    matrix = wb.load_matrix([path], catalogue, wb.load_parks(workspace / "data" / "parks.csv"), round="2026-1")
    assert matrix.judgements["remark"].str.contains(canary).any()

    assessment = wb.assess("urk")
    notebook = executed(assessment)
    written = wb.report.write_scores(assessment, tmp_path / "scores.xlsx")
    cells = [str(cell.value) for sheet in openpyxl.load_workbook(written) for row in sheet.iter_rows() for cell in row]
    for text in (
        wb.report.render_html(notebook, assessment),
        str(notebook),
        str(cells),
        str(wb.report.advice_document(assessment)),
    ):
        assert canary not in text


@pytest.mark.parametrize("audience", ["police", "municipality", "steering", "partners", "entrepreneurs", "public"])
def test_an_audience_that_may_not_see_both_parties_gets_nothing(urk, audience):
    other = replace(urk, parameters=urk.parameters.model_copy(update={"audience": audience}))
    for make in (wb.report.front_page, wb.report.ranking, wb.report.advice_document):
        with pytest.raises(OutputError, match="er is niets gemaakt"):
            make(other)


def test_the_police_see_their_own_judgements_and_groups_of_phenomena_only(demo_workspace):
    own = wb.assess(wb.load_parameters("urk", audience="police", parties=("police",)))
    assert {party for *_, party in view_of(own).judgements} == {"police"}
    assert "gemeente:" not in wb.report.front_page(own).html
    assert "Hennepteelt" not in wb.report.phenomena(own).html
    assert "Drugs" in wb.report.phenomena(own).html
    assert all(park["reasons"] == [] for park in wb.report.advice_document(own)["parks"])


def test_a_municipality_does_not_see_its_place_in_the_district(demo_workspace):
    """Its area is its own: a place among others' parks says something of them."""
    own = wb.assess(wb.load_parameters("urk", audience="municipality", parties=("municipality",)))
    assert "Plaats in district" not in wb.report.ranking_table(own).html
    assert all(park["district_rank"] is None for park in wb.report.advice_document(own)["parks"])


def test_another_catalogue_than_the_assessment_was_made_with_is_refused(urk):
    with pytest.raises(OutputError, match="catalogus is veranderd"):
        wb.report.front_page(replace(urk, catalogue_fingerprint="0" * 64))


def test_one_and_many_are_worded_rightly(urk):
    html = section("information_position", urk).html
    assert "4 terreinen" in html
    assert not re.search(
        r"\b1 (terreinen|indicatoren|partijen|cellen)\b", "".join(section(name, urk).html for name in SECTIONS)
    )


def test_the_colophon_says_who_made_it_and_who_gets_it_or_that_nobody_said_so(urk):
    """As roles, of this reader's copy only; the words of other copies' lists are not in it."""
    told = facts(section("accountability", urk))
    assert (told["Opsteller"], told["Verspreiding"]) == ("Analist van het RIEC", "Analisten van het RIEC")
    assert told["Rubricering"] == "CONVENANTINFORMATIE"
    assert told["Peildatum"].startswith(("Op ", "Tussen "))
    assert told["Bewaren"].startswith("tot en met ")
    line = "Opgesteld door: analist van het RIEC. Verspreiding: analisten van het RIEC."
    assert line in " ".join(said(section("front_page", urk)))
    assert "leden van de stuurgroep" not in section("accountability", urk).html
    silent = replace(urk, parameters=urk.parameters.model_copy(update={"report": Imprint()}))
    told = facts(section("accountability", silent))
    assert (told["Opsteller"], told["Verspreiding"]) == ("Niet opgegeven", "Niet opgegeven")
    assert "Opgesteld" not in section("front_page", silent).html
