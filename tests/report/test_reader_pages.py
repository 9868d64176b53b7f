"""Who gets no whole analysis gets pages of which every word is for this reader, and that say what is not in them."""

import re
from dataclasses import replace

import pytest

import werkbank as wb
from tests.report.reading import seen
from werkbank.batch.stamp import unit_notebook
from werkbank.register import LegalBasis
from werkbank.report.copies import counted, pages_of
from werkbank.report.outputs import write_copies, write_district_copy
from werkbank.report.parks import park_pages
from werkbank.settings.catalogue import load_catalogue
from werkbank.sharing import for_audience

CELL = re.compile(r"\b[VGW]\d\d\b")
THREAT = re.compile(r"\bV\d\d\b")


def page(assessment, name):
    """What a reader sees of one page."""
    return seen("".join(one.html for one in pages_of(assessment)[name][1]))


def gated(assessment, audience, releases=None):
    """The assessment as an audience gets it on a legal basis that releases this; as it is without."""
    basis = assessment.legal_basis
    if releases is not None:
        basis = LegalBasis.model_validate({**basis.model_dump(), "releases": {audience: releases}})
    own = assessment.parameters.model_copy(update={"audience": audience})
    return for_audience(replace(assessment, parameters=own, legal_basis=basis))


def test_what_is_made_for_whom_is_data(demo_workspace):
    made = {one.id: unit_notebook(wb.load_parameters("urk", audience=one.id)) for one in load_catalogue().audiences}
    whole, pages = ("riec", "police", "municipality"), ("steering", "partners", "entrepreneurs")
    assert made == {**dict.fromkeys(whole, "analyse"), **dict.fromkeys(pages, "exemplaar"), "public": ""}


@pytest.mark.parametrize("municipality", ["urk", "almere"])
def test_the_steering_group_reads_one_page_without_a_cell(municipality, assessed):
    """Ranking, grade, indications and what was chosen; no cell, no bound, and nothing of what nobody knows."""
    own = gated(assessed(municipality), "steering")
    told = page(own, "samenvatting")
    assert own.advice.sentence in told
    for words in ("Waar wijzen de oordelen op?", "Wat is gekozen?", "Er is in deze ronde nog geen terrein gekozen."):
        assert words in told
    for words in ("Wat weten we niet?", "Nog mogelijk", "Sterke signalen", "–––", "cellen", "in de analyse"):
        assert words not in told
    assert not CELL.search(told)
    assert len(pages_of(own)) == 1


@pytest.mark.parametrize(
    ("audience", "releases", "told", "not_told"),
    [
        ("steering", [], "Niet vrijgegeven: klassen, deelscores, aanwijzingen per fenomeen en het hele projectplan", "punten (zeer"),
        ("steering", ["totals", "group_scores", "phenomena", "plan"], "gelegenheid", "Niet vrijgegeven"),
        ("partners", [], "Niet vrijgegeven: deelscores, aanwijzingen per fenomeen en het hele projectplan", "mogelijke activiteit"),
        ("partners", ["phenomena"], "Niet vrijgegeven: deelscores en het hele projectplan", "hennepteelt"),
    ],
)  # fmt: skip
def test_a_page_says_what_is_not_in_it_and_on_whose_decision(urk, audience, releases, told, not_told):
    own = gated(urk, audience, releases)
    text = page(own, next(iter(pages_of(own))))
    assert told in text
    assert not_told not in text
    assert ("Dat is het besluit van Fictieve stuurgroep van 10 januari 2024." in text) == ("Niet vrijgegeven" in text)


def test_partners_read_of_their_task_only(urk):
    """A released phenomenon that is of nobody's task here is not on the page."""
    text = page(gated(urk, "partners", ["phenomena", "plan"]), "URK-04")
    catalogue = load_catalogue()
    others = {one.name.lower() for one in catalogue.phenomena if one.id not in catalogue.audience("partners").tasks}
    assert "drugsafval" in text
    assert not [name for name in others if f"“{name}”" in text]
    assert not THREAT.search(text)


def test_entrepreneurs_read_of_their_park_alone_and_of_no_suspicion(urk):
    """No threat, no score, no place, nothing that travels no further than partners; and no other park."""
    own = gated(urk, "entrepreneurs")
    names = urk.parks.set_index("park_id")["name"]
    closed = [one.id for one in load_catalogue().indicators if one.sensitivity not in ("public", "public_private")]
    for park in pages_of(own):
        text = page(own, park)
        body, _, withheld = text.partition("Wat hier niet in staat")
        assert withheld
        assert "Parkmanagement of bedrijveninvesteringszone" in body
        for words in ("vermoed", "Dreiging", "score", "rangorde", "advies", "Gekozen", "meldingen", *closed):
            assert words not in body, words
        assert not [name for code, name in names.items() if code != park and name in text]


@pytest.mark.parametrize(
    ("firms", "why"), [(1, "hooguit één bedrijf"), (0, "hooguit één bedrijf"), (None, "niet bekend"), (2, "")]
)
def test_a_park_with_one_firm_has_no_page_and_the_analyst_reads_why(urk, firms, why):
    """Partners, who are public, get theirs."""
    context = urk.context
    context["establishments"] = context["establishments"].where(context["park_id"] != "URK-04", firms)
    changed = replace(urk, _context=context)
    assert ("URK-04" in pages_of(gated(changed, "entrepreneurs"))) == (not why)
    assert "URK-04" in pages_of(gated(changed, "partners"))
    told = [line for line in re.findall(r"Voor Ondernemers[^<]*", park_pages(changed).html) if why in line]
    assert bool(told) == bool(why)
    assert "Voor Ondernemers" not in park_pages(gated(changed, "municipality")).html


@pytest.mark.parametrize(
    ("part", "whole", "told"),
    [
        (0, None, "minder dan 5"), (4, None, "minder dan 5"), (5, None, "5"), (77, None, "77"),
        (3, 77, "minder dan 5"), (5, 77, "5"), (72, 77, "72"), (73, 77, "minstens 73"), (77, 77, "minstens 73"),
        (6, 6, "minstens 5"), (5, 10, "5"), (6, 10, "minstens 6"), (4, 4, "minder dan 5"),
    ],
)  # fmt: skip
def test_no_count_below_five_is_told_nor_follows_from_two_totals(part, whole, told):
    """With the whole beside it, what is told of a part leaves five or more, or not how many."""
    assert counted(part, whole) == told
    if whole and told.isdigit():
        assert min(part, whole - part) >= 5


def test_the_public_reads_numbers_and_no_name(demo_workspace, urk, tmp_path):
    parameters = wb.load_parameters("urk", audience="public")
    write_district_copy(parameters, tmp_path, urk.legal_basis.decided)
    text = seen((tmp_path / "district.html").read_text(encoding="utf-8"))
    assert "77" in text
    assert "minder dan 5" in text
    names = wb.load_parks(parameters.data / "parks.csv")["name"]
    assert not [name for name in names if name in text]
    assert "geen vaststelling" in text
    assert (tmp_path / "district.docx").is_file()


def test_equal_assessments_give_equal_files_each_as_a_page_and_for_word(urk, tmp_path):
    own, day = gated(urk, "entrepreneurs"), urk.legal_basis.decided
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_copies(own, tmp_path / name, day)
        made.append({file.name: file.read_bytes() for file in (tmp_path / name).iterdir()})
    assert made[0] == made[1]
    assert {name.rpartition(".")[2] for name in made[0]} == {"html", "docx"}
