"""scores.xlsx holds values and our own checks, says what is unknown, and is the same for the same input."""

import re
import zipfile
from dataclasses import replace
from itertools import cycle, islice

import openpyxl
import pytest
from xlsxwriter.worksheet import Worksheet

import werkbank as wb
from tests.report.office import convert
from tests.report.reading import sheet as table

SHEETS = ["Leeswijzer", "Scores", "Groepen", "Cellen", "Oordelen", "Plaatsen", "Gewichten", "Methode"]
CHECKS = "Controle"


@pytest.fixture(scope="module")
def written(almere, tmp_path_factory):
    return wb.report.write_scores(almere, tmp_path_factory.mktemp("scores") / "scores.xlsx")


@pytest.fixture(scope="module")
def book(written):
    return openpyxl.load_workbook(written)


def test_the_same_assessment_gives_the_same_bytes_with_every_park_group_cell_and_judgement(
    almere, written, tmp_path, book
):
    assert wb.report.write_scores(almere, tmp_path / "other.xlsx").read_bytes() == written.read_bytes()
    sizes = {"Scores": 31, "Groepen": 31 * 3, "Cellen": 31 * 35, "Oordelen": 31 * 35 * 2}
    assert {name: len(table(book, name)) for name in sizes} == sizes
    assert sum(row["Deel"] for row in table(book, "Gewichten") if row["Soort"] == "groep") == pytest.approx(1)


def test_every_sheet_carries_its_labels_on_screen_and_in_print(book):
    """The name of a group above the checks is longer than its column is wide, and stands there whole."""
    label = wb.load_catalogue().audience("riec").label
    for sheet in book:
        shown = " ".join(str(cell.value) for row in sheet.iter_rows(max_row=8) for cell in row if cell.value)
        for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label):
            assert text in shown
        assert "FICTIEVE GEGEVENS" in sheet.oddHeader.left.text
    above = [cell for cell in book[CHECKS][2] if cell.column > 2 and cell.value]
    assert len(above) == 3
    assert all(cell.alignment.wrap_text for cell in above)
    assert book[CHECKS].row_dimensions[2].height >= 30


def test_the_guide_explains_every_column_and_headings_stay_in_sight_and_can_be_filtered(book):
    assert book.sheetnames == [*SHEETS, CHECKS]
    guide = " ".join(str(cell.value) for row in book["Leeswijzer"].iter_rows() for cell in row)
    assert "besluit van Fictieve stuurgroep" in guide
    for name in SHEETS[1:]:
        assert all(cell.value in guide for cell in book[name][3])
        assert book[name].freeze_panes == "A4"
        assert book[name].auto_filter.ref.startswith("A3:")


def test_a_score_is_not_shown_in_another_class(urk, tmp_path):
    """Excel would show 39.97 with one decimal as 40.0, beside the class below 40."""
    near = replace(urk, _parks=urk.parks.assign(score=urk.parameters.method.class_borders[-1] - 0.03))
    sheet = openpyxl.load_workbook(wb.report.write_scores(near, tmp_path / "s.xlsx"))["Scores"]
    column = [cell.value for cell in sheet[3]].index("Score") + 1
    assert {sheet.cell(row, column).number_format for row in range(4, 8)} == {"0.0#######"}


def test_unknown_is_a_question_mark_and_never_0(book, almere):
    cells, told = almere.cells, table(book, "Cellen")
    unknown = (cells["applicable"] & ~cells["known"]).sum()
    expected = [row["Telt als"] for row in told if row["Niveau"] == "?"]
    assert len(expected) == unknown > 0
    assert sorted(expected) == pytest.approx(sorted(cells["expected"].dropna()))
    assert all(row["Telt als"] == row["Punten"] for row in told if isinstance(row["Niveau"], int | float))
    assert {row["Telt als"] for row in told if row["Niveau"] == "–"} == {"–"}
    assert sum(row["Niveau"] == 0 for row in told) == (cells["level"] == 0).sum()


def test_a_score_that_is_mostly_estimated_says_so_and_looks_otherwise(book, almere):
    """And the strong signals stand beside it, whatever the score is."""
    parks = almere.parks.set_index("park_id")
    rows, looks = table(book, "Scores"), {}
    for row, cells in zip(rows, book["Scores"].iter_rows(min_row=4), strict=True):
        park = parks.loc[row["Terreincode"]]
        assert row["Klasse"].endswith(", grotendeels geschat") == park["mostly_estimated"]
        looks.setdefault(row["Grotendeels geschat"], set()).add(cells[4].fill.fgColor.rgb)
    assert set(looks) == {"ja", "nee"}
    assert not looks["ja"] & looks["nee"]
    signals = {row["Terreincode"] for row in rows if row["Sterke signalen"]}
    assert signals == {one.park_id for one in almere.strong_signals} != set()


def test_text_never_becomes_a_formula_or_a_link(almere, written, tmp_path):
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://example.org")']
    hostile = replace(almere, _parks=almere.parks.assign(name=list(islice(cycle(texts), 31))))
    path = wb.report.write_scores(hostile, tmp_path / "s.xlsx")
    with zipfile.ZipFile(path) as archive:
        inside = {name: archive.read(name).decode() for name in archive.namelist() if name.endswith(".xml")}
    sheets = [content for name, content in inside.items() if "worksheets/" in name]
    assert sum(bool(re.search(r"<f[ >]", content)) for content in sheets) == 1
    assert not any("<hyperlink" in content for content in sheets)
    assert formulas(path) == formulas(written)
    assert {row["Terrein"] for row in table(openpyxl.load_workbook(path), "Scores")} == set(texts)


def formulas(path):
    """Every formula of the workbook, by sheet and cell."""
    found = {}
    for sheet in openpyxl.load_workbook(path):
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"):
            found[sheet.title, cell.coordinate] = getattr(cell.value, "text", cell.value)
    return found


def test_no_formula_uses_a_function_that_is_newer_than_the_file_says(written):
    """Excel wants the newer ones under another name, which is not looked for here. Only the checks are formulas."""
    assert {sheet for sheet, _ in formulas(written)} == {CHECKS}
    page = Worksheet()
    page.use_future_functions = True
    for formula in formulas(written).values():
        assert page._prepare_formula(formula, True) == formula.removeprefix("=")


def test_every_check_is_written_with_its_outcome(written, almere):
    """A viewer that does not calculate shows them too."""
    rows = table(openpyxl.load_workbook(written, data_only=True), CHECKS)
    parks = almere.parks.set_index("park_id")
    for row in rows:
        park = parks.loc[row["Terreincode"]]
        figures = [row[name] for name in ("Score", "Totaal opnieuw", "Som van de bijdragen", "Geschat opnieuw")]
        assert figures == pytest.approx([park["score"]] * 3 + [park["estimated"]])
        assert row["Rang opnieuw"] == park["rank"]
        assert row["Oordeel"] == "klopt"


def test_the_checks_say_it_when_a_score_is_another(urk, tmp_path):
    other = replace(urk, _parks=urk.parks.assign(score=urk.parks["score"] + 1))
    book = openpyxl.load_workbook(wb.report.write_scores(other, tmp_path / "s.xlsx"), data_only=True)
    assert {row["Oordeel"] for row in table(book, CHECKS)} == {"verschil"}
    assert book[CHECKS]["A2"].value == "Er is een verschil"


def with_power(power, folder):
    """Urk by another exponent and other weights."""
    changed = {"power": {"threat": power}, "group_weights": {"threat": 3, "opportunity": 1, "resilience_gap": 0}}
    return wb.report.write_scores(wb.assess(wb.load_parameters("urk", method=changed)), folder / f"power{power}.xlsx")


def without_a_group(urk, folder):
    """Urk with a park to which no resilience applies, and one to which nothing applies at all."""
    parks, cells, groups = urk.parks.set_index("park_id"), urk.cells, urk.groups
    some, none = parks.index[0], parks.index[-1]
    gone = cells["park_id"].eq(none) | (cells["park_id"].eq(some) & cells["indicator"].str.startswith("W"))
    left = groups["park_id"].eq(none) | (groups["park_id"].eq(some) & groups["group"].eq("resilience_gap"))
    blank = ["level", "points", "expected", "contribution"]
    cells.loc[gone, blank], cells.loc[gone, ["applicable", "known"]] = float("nan"), False
    groups.loc[left, ["score", "low", "high"]] = float("nan")
    weights = urk.parameters.method.group_weights.model_dump()
    cells.loc[cells["park_id"].eq(some), "contribution"] /= 1 - weights["resilience_gap"] / sum(weights.values())
    for park, own in cells.groupby("park_id"):
        parks.loc[park, "score"] = own["contribution"].sum(min_count=1)
        parks.loc[park, "estimated"] = own.loc[~own["known"], "contribution"].sum()
    parks["rank"] = parks["score"].rank(ascending=False, method="min").astype("Int64")
    made = replace(urk, _parks=parks.reset_index(), _cells=cells, _groups=groups)
    return wb.report.write_scores(made, folder / "without.xlsx")


def test_an_office_that_recalculates_finds_no_difference(urk, tmp_path):
    """The outcomes are thrown away, LibreOffice computes them anew, and every one is what was written.

    Also by other methods, where a group or all of it does not apply, and for a score that was tampered with.
    """
    written = wb.report.write_scores(urk, tmp_path / "urk.xlsx")
    damaged = replace(urk, _parks=urk.parks.assign(score=urk.parks["score"] + 1))
    wrong = wb.report.write_scores(damaged, tmp_path / "wrong.xlsx")
    others = [with_power(power, tmp_path) for power in (1, 2.5, float("inf"))] + [without_a_group(urk, tmp_path)]
    again = recalculated([written, wrong, *others], tmp_path)
    for path in (written, wrong, *others):
        kept = openpyxl.load_workbook(path, data_only=True)[CHECKS]
        pairs = [(one.value, again[path.name][CHECKS][one.coordinate].value) for row in kept.iter_rows() for one in row]
        assert len(pairs) > 50, path.name
        assert [pair for pair in pairs if not same(*pair)] == []
    assert again[wrong.name][CHECKS]["A2"].value == "Er is een verschil"
    assert {again[path.name][CHECKS]["A2"].value for path in (written, *others)} == {"Alles klopt"}


def same(one, other):
    if isinstance(one, float | int) and isinstance(other, float | int):
        return one == pytest.approx(other, abs=1e-9)
    return (one or "") == (other or "")


def recalculated(paths, folder):
    """The workbooks after LibreOffice computed every formula; openpyxl writes formulas without their outcomes."""
    bare = folder / "bare"
    bare.mkdir()
    for path in paths:
        openpyxl.load_workbook(path).save(bare / path.name)
    convert([bare / path.name for path in paths], "xlsx:Calc MS Excel 2007 XML", folder / "again")
    return {path.name: openpyxl.load_workbook(folder / "again" / path.name, data_only=True) for path in paths}


def test_the_method_is_written_as_in_the_parameters(urk, tmp_path):
    """Who wants to make the analysis again copies it: true and .inf, as YAML has them, not True and inf."""
    weights = {"threat": 0.5, "opportunity": 0.25, "resilience_gap": 0.25}
    changed = {"uncertainty": {"threat_power": (1, 2, float("inf"))}, "group_weights": weights}
    own = replace(urk, parameters=wb.load_parameters("urk", method=changed))
    sheet = openpyxl.load_workbook(wb.report.write_scores(own, tmp_path / "s.xlsx"))["Methode"]
    told = {str(row[0].value): row[1].value for row in sheet.iter_rows() if str(row[0].value).startswith("method.")}
    assert told["method.uncertainty.party_error"] == "true"
    assert told["method.uncertainty.threat_power"] == "1, 2, .inf"
    assert told["method.group_weights.opportunity"] == "0.25"
