"""Filling in on a page: what is chosen is what is saved, what others wrote stays, and nothing is lost unsaid."""

from __future__ import annotations

import datetime as dt
import re
import shutil

import ipywidgets as widgets
import openpyxl
import pytest
from werkbank.matrix.template_filling import EARLIER, Entry

import werkbank as wb
from werkbank.dashboard.filling import FillInPage, open_workbook_of
from werkbank.dashboard.filling_keys import KeepKeys
from werkbank.dashboard.filling_row import notes
from werkbank.errors import Finding
from werkbank.matrix import layout

SECRET = "Getuige Jansen zag een wit busje"


@pytest.fixture
def folder(_district, tmp_path, monkeypatch):
    """The returns of a workspace of its own, with Urk's two."""
    own = tmp_path / "workspace"
    shutil.copytree(_district / "parameters", own / "parameters")
    (own / "data" / "matrices" / "2026-1").mkdir(parents=True)
    for name in ("parks.csv", "FICTIEVE_GEGEVENS.json", "matrices/2026-1/urk_gemeente.xlsx"):
        shutil.copy2(_district / "data" / name, own / "data" / name)
    monkeypatch.setenv("WERKBANK_WORKSPACE", str(own))
    return own / "data" / "matrices" / "2026-1"


def edit(path, sheet, **cells):
    book = openpyxl.load_workbook(path)
    for cell, value in cells.items():
        book[sheet][cell] = value
    book.save(path)


@pytest.fixture
def page(folder):
    """The existing workbook of the municipality of Urk."""
    return FillInPage(open_workbook_of("urk", "gemeente"))


@pytest.fixture
def blank_page(folder):
    """The workbook of the police of Urk, which is not there yet."""
    return FillInPage(open_workbook_of("urk", "politie"))


def walk(widget):
    yield widget
    for child in getattr(widget, "children", ()):
        yield from walk(child)


def control(page, label):
    (one,) = {each for each in walk(page.widget) if getattr(each, "description", "") == label}
    return one


def choose(page, label, text):
    """Choose the option with this text, as a person does."""
    one = control(page, label)
    one.value = dict(one.options)[text]


def press(page, label):
    next(each for each in walk(page.widget) if getattr(each, "description", "") == label).click()


def text(page):
    """All that the page says, without its marking up."""
    html = " ".join(each.value for each in walk(page.widget) if isinstance(each, widgets.HTML))
    return re.sub(r"<style>.*?</style>|<[^>]+>", "", html, flags=re.DOTALL)


def judgements(folder):
    parks = wb.load_parks(folder.parents[1] / "parks.csv")
    matrix = wb.load_matrix(folder, wb.load_catalogue(), parks, round="2026-1")
    return matrix, matrix.judgements.set_index(["park_id", "indicator", "party"])


# What is on the page.


def test_every_indicator_has_its_four_controls_each_with_a_label_of_its_own(page):
    catalogue = wb.load_catalogue()
    labels = [each.description for each in walk(page.widget) if getattr(each, "description", "")]
    for word in ("Oordeel", "Bron", "Peildatum", "Toelichting"):
        assert [label for label in labels if label.startswith(f"{word} ")] == [
            f"{word} {code}" for code in catalogue.indicator_ids
        ]
    # No control goes without: a placeholder or a colour is no label.
    controls = (widgets.Dropdown, widgets.DatePicker, widgets.Textarea, widgets.Button)
    assert all(each.description for each in walk(page.widget) if isinstance(each, controls))


def test_the_choices_are_those_of_the_workbook_and_leeg(page):
    catalogue = wb.load_catalogue()
    for code in catalogue.indicator_ids:
        offered = [words for words, _ in control(page, f"Oordeel {code}").options]
        assert offered == ["(leeg)", *layout.list_texts(catalogue.scale_of(code))]


def test_the_page_says_whose_it_is_and_that_it_is_made_up(page):
    said = text(page)
    for words in (
        layout.FICTIONAL_LABEL,
        "VERTROUWELIJK",
        "Urk (fictief), gemeente, ronde 2026-1",
        "urk_gemeente.xlsx",
    ):
        assert words in said


def test_the_page_keeps_its_keyboard_to_itself(page):
    """Otherwise a 2 on a list makes a heading of the notebook's cell."""
    assert sum(isinstance(each, KeepKeys) for each in walk(page.widget)) == 1


def test_what_is_in_the_file_is_on_the_page_park_by_park(page, folder):
    _, frame = judgements(folder)
    park = control(page, "Terrein")
    for park_id in ("URK-01", "URK-04"):
        park.value = park_id
        for code in ("V01", "G05", "W06"):
            row = frame.loc[(park_id, code, "municipality")]
            shown = control(page, f"Oordeel {code}").value
            assert shown.state == row["state"]
            assert control(page, f"Bron {code}").value == row["source_strength"]
            assert control(page, f"Toelichting {code}").value == row["remark"]


# Filling in and saving.


def test_a_new_workbook_is_filled_in_and_saved_where_returns_belong(blank_page, folder):
    assert "0 van 35" in text(blank_page)
    choose(blank_page, "Oordeel V01", "2 meermaals")
    choose(blank_page, "Bron V01", "B één bron")
    control(blank_page, "Peildatum V01").value = dt.date(2026, 3, 15)
    control(blank_page, "Toelichting V01").value = "Besproken in het overleg."
    assert "1 van 35" in text(blank_page)
    assert "1 cel gewijzigd, nog niet opgeslagen" in text(blank_page)
    press(blank_page, "Opslaan")
    assert "Opgeslagen in urk_politie.xlsx" in text(blank_page)
    assert "nog niet opgeslagen" not in text(blank_page)
    matrix, frame = judgements(folder)
    assert matrix.findings == ()
    row = frame.loc[("URK-01", "V01", "police")]
    assert (row["level"], row["source_strength"], row["date"].date()) == (2, "B", dt.date(2026, 3, 15))
    assert row["remark"] == "Besproken in het overleg."


def test_going_to_another_park_changes_nothing_and_keeps_what_was_chosen(blank_page):
    choose(blank_page, "Oordeel V01", "onbekend")
    press(blank_page, "Volgend terrein")
    assert control(blank_page, "Terrein").value == "URK-02"
    assert control(blank_page, "Oordeel V01").value == Entry()
    press(blank_page, "Vorig terrein")
    assert control(blank_page, "Oordeel V01").value == Entry("unknown")
    assert blank_page.filling.filled() == (1, 140)


def test_from_the_last_park_one_goes_on_to_the_first(blank_page):
    press(blank_page, "Vorig terrein")
    assert control(blank_page, "Terrein").value == "URK-04"
    press(blank_page, "Volgend terrein")
    assert control(blank_page, "Terrein").value == "URK-01"


def test_leeg_makes_a_cell_open_again(page, folder):
    choose(page, "Oordeel V01", "(leeg)")
    press(page, "Opslaan")
    _, frame = judgements(folder)
    assert frame.loc[("URK-01", "V01", "municipality")]["state"] == "open"


def test_saving_keeps_what_others_wrote_and_the_file_as_it_was(folder):
    path = folder / "urk_gemeente.xlsx"
    edit(path, layout.SHEET_REMARKS, E3=SECRET)
    before = path.read_bytes()
    page = FillInPage(open_workbook_of("urk", "gemeente"))
    control(page, "Terrein").value = "URK-03"
    choose(page, "Oordeel G01", "3 overheersend")
    press(page, "Opslaan")
    _, frame = judgements(folder)
    assert SECRET in set(frame["remark"])
    assert [kept.read_bytes() for kept in (folder / EARLIER).iterdir()] == [before]
    assert f"De vorige versie staat in de map {EARLIER}" in text(page)


def test_the_park_list_says_how_far_each_park_is(blank_page):
    choose(blank_page, "Oordeel V01", "0 geen vermoeden")
    press(blank_page, "Opslaan")
    assert control(blank_page, "Terrein").options[0][0].endswith("(1 van 35)")
    assert control(blank_page, "Terrein").value == "URK-01"


# What goes wrong.


def test_findings_stand_beside_their_cell_and_go_when_it_is_mended(folder):
    edit(folder / "urk_gemeente.xlsx", layout.SHEET_MATRIX, C6="7")
    page = FillInPage(open_workbook_of("urk", "gemeente"))
    row = next(each for each in page._rows.values() if each._code == "V02")
    assert "cel C6" in row._notes.value
    assert "Fout" in row._notes.value
    assert "1 bevinding" in control(page, "Terrein").options[0][0]
    assert "komt bij opslaan niet mee" in text(page)
    choose(page, "Oordeel V02", "1 incidenteel")
    press(page, "Opslaan")
    assert row._notes.value == ""
    assert "bevinding" not in control(page, "Terrein").options[0][0]


def test_personal_data_in_a_remark_are_named_beside_it_without_the_remark(folder):
    edit(folder / "urk_gemeente.xlsx", layout.SHEET_REMARKS, E3="Bel 06-12345678 over AB-123-C")
    page = FillInPage(open_workbook_of("urk", "gemeente"))
    (said,) = [row._notes.value for row in page._rows.values() if row._notes.value]
    assert "telefoonnummer" in said
    assert "kenteken" in said
    assert "12345678" not in said
    assert "komt bij opslaan niet mee" not in text(page)


def test_what_could_not_be_read_and_was_not_mended_is_named_when_it_is_lost(folder):
    edit(folder / "urk_gemeente.xlsx", layout.SHEET_MATRIX, C6="7", D7="misschien")
    page = FillInPage(open_workbook_of("urk", "gemeente"))
    choose(page, "Oordeel V02", "1 incidenteel")
    press(page, "Opslaan")
    assert "Was niet te lezen en staat nu leeg: URK-02 V03." in text(page)


def test_a_date_half_typed_is_refused_until_it_is_a_date(blank_page, folder):
    """The browser sends the year 202 while somebody types 2026."""
    choose(blank_page, "Oordeel V01", "1 incidenteel")
    control(blank_page, "Peildatum V01").value = dt.date(202, 3, 15)
    press(blank_page, "Opslaan")
    assert "Er is niets opgeslagen. Verbeter eerst: V01: Een peildatum ligt in deze eeuw" in text(blank_page)
    assert not (folder / "urk_politie.xlsx").exists()
    control(blank_page, "Peildatum V01").value = dt.date(2026, 3, 15)
    assert "deze eeuw" not in text(blank_page)
    press(blank_page, "Opslaan")
    _, frame = judgements(folder)
    assert frame.loc[("URK-01", "V01", "police")]["date"].date() == dt.date(2026, 3, 15)


def test_what_was_refused_is_not_left_behind_unsaid(blank_page):
    control(blank_page, "Peildatum V03").value = dt.date(202, 3, 15)
    press(blank_page, "Volgend terrein")
    assert "Niet overgenomen: wat u bij V03 het laatst veranderde." in text(blank_page)


def test_a_file_that_somebody_else_saved_is_not_written_over(page, folder):
    path = folder / "urk_gemeente.xlsx"
    edit(path, layout.SHEET_MATRIX, D5="3 structureel")
    theirs = path.read_bytes()
    choose(page, "Oordeel V01", "onbekend")
    press(page, "Opslaan")
    assert "is veranderd sinds u hem hier opende" in text(page)
    assert "1 cel gewijzigd, nog niet opgeslagen" in text(page)
    assert path.read_bytes() == theirs


def test_a_file_that_cannot_be_read_is_explained_and_left_alone(folder):
    path = folder / "urk_gemeente.xlsx"
    path.write_bytes(b"geen werkmap")
    shown = wb.dashboard.fill_in("urk", "gemeente")
    assert 'role="alert"' in shown.value
    assert "geen Excel-werkmap" in shown.value
    assert path.read_bytes() == b"geen werkmap"


@pytest.mark.parametrize(("municipality", "party", "near"), [("urkk", "gemeente", "urk"), ("urk", "polite", "politie")])
def test_an_unknown_name_is_answered_with_the_nearest(folder, municipality, party, near):
    assert f"edoelt u “{near}”?" in wb.dashboard.fill_in(municipality, party).value


def test_what_a_finding_quotes_is_text_on_the_page():
    finding = Finding(rule="x", severity="error", found="<img src=x onerror=alert(1)>", allowed="", remedy="<b>weg</b>")
    assert "<img" not in notes([finding])
    assert "<b>" not in notes([finding])
    assert notes([]) == ""
