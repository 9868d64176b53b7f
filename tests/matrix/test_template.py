"""The workbook that is sent out: choices instead of typing, nothing executable, the same bytes every time."""

import re
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from werkbank.errors import OutputError
from werkbank.matrix import layout
from werkbank.settings.catalogue import load_catalogue

from .drawing import frame_of, written

CATALOGUE = load_catalogue()
PARKS = pd.DataFrame(
    {
        "park_id": ["AAA-01", "AAA-02", "BBB-01"],
        "name": ["Terrein Een", "=1+1", "Elders"],
        "municipality": ["urk", "urk", "almere"],
        "net_ha": [1.0, 2.0, 3.0],
    }
)
NASTY = '=HYPERLINK("http://example.org","klik")'

JUDGEMENTS = [
    ("AAA-01", "V01", "police", "level", 2, "Signaal besproken.", "B", pd.Timestamp("2026-01-15")),
    ("AAA-01", "V02", "police", "unknown", None, "", "", pd.NaT),
    ("AAA-02", "V01", "police", "not_applicable", None, "", "", pd.NaT),
    ("AAA-02", "V02", "police", "open", None, NASTY, "", pd.NaT),
    ("AAA-01", "W01", "police", "level", 0, "", "", pd.NaT),
    ("AAA-01", "V01", "municipality", "level", 3, "Van de gemeente.", "A", pd.NaT),
    ("BBB-01", "V01", "police", "level", 1, "Van elders.", "C", pd.NaT),
]


def write(path, **changes):
    wanted = {"municipality_name": "Urk (fictief)", "judgements": frame_of(JUDGEMENTS), "fictional": True}
    return written(path, CATALOGUE, PARKS, **(wanted | changes))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    return openpyxl.load_workbook(write(tmp_path_factory.mktemp("filled") / "urk_politie.xlsx"))


@pytest.fixture(scope="module")
def blank(tmp_path_factory):
    path = write(tmp_path_factory.mktemp("blank") / "urk_politie.xlsx", judgements=None, fictional=False)
    return openpyxl.load_workbook(path)


def entries(book):
    """The filled rows of the sheet beside the matrix."""
    rows = book[layout.SHEET_REMARKS].iter_rows(
        min_row=layout.FIRST_REMARK_ROW + 1, max_col=len(layout.REMARK_HEADINGS), values_only=True
    )
    return [row for row in rows if any(row)]


def rows_by_code(sheet):
    column = layout.CODE_COLUMN + 1
    first = layout.FIRST_INDICATOR_ROW + 1
    return {
        sheet.cell(row, column).value: row for row in range(first, sheet.max_row + 1) if sheet.cell(row, column).value
    }


def test_the_sheets_rows_and_columns_are_those_of_the_municipality_and_the_catalogue(filled):
    assert filled.sheetnames == ["Uitleg", "Matrix", "Toelichting", "Lijsten", "Schema"]
    assert [filled[name].sheet_state for name in filled.sheetnames] == ["visible"] * 3 + ["hidden"] * 2
    sheet = filled[layout.SHEET_MATRIX]
    assert list(rows_by_code(sheet)) == list(CATALOGUE.indicator_ids)
    heads = [cell.value for cell in sheet[layout.PARK_ID_ROW + 1]][layout.FIRST_PARK_COLUMN :]
    assert heads == ["AAA-01", "AAA-02"]


def test_a_cell_shows_its_state_and_only_that_of_its_own_party(filled, blank):
    shown = {"V01": ["2 meermaals", "n.v.t."], "V02": ["onbekend", None], "W01": ["0 afwezig", None]}
    for book, wanted in ((filled, shown), (blank, {})):
        sheet, first = book[layout.SHEET_MATRIX], layout.FIRST_PARK_COLUMN + 1
        for code, row in rows_by_code(sheet).items():
            assert [sheet.cell(row, first + park).value for park in (0, 1)] == wanted.get(code, [None, None])
    assert entries(blank) == []


def test_the_input_message_explains_the_indicator_within_what_excel_can_hold(blank):
    sheet = blank[layout.SHEET_MATRIX]
    by_row = {next(iter(rule.sqref.ranges)).min_row: rule for rule in sheet.data_validations.dataValidation}
    for code, row in rows_by_code(sheet).items():
        title, message = by_row[row].promptTitle, by_row[row].prompt
        assert title.startswith(code)
        assert len(title) <= 32
        assert 20 < len(message) <= 255
        assert CATALOGUE.indicator(code).description.startswith(message.rstrip("…"))


def test_the_explanations_are_those_of_the_party_with_strength_date_and_text(filled):
    sheet = filled[layout.SHEET_REMARKS]
    heads = [cell.value for cell in sheet[layout.REMARK_HEADER_ROW + 1]]
    assert heads[: len(layout.REMARK_HEADINGS)] == list(layout.REMARK_HEADINGS.values())
    assert entries(filled) == [
        ("AAA-01", "V01", "B", pd.Timestamp("2026-01-15").to_pydatetime(), "Signaal besproken."),
        ("AAA-02", "V02", None, None, NASTY),
    ]


def test_text_that_looks_like_a_formula_or_a_link_stays_text(tmp_path):
    """The only formulas are the counts, and nothing that somebody wrote is in them."""
    path = write(tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<hyperlink" in sheet for sheet in sheets)
    found = [
        each for sheet in sheets for each in re.findall(rb"<f[^>]*>(.*?)</f>", sheet.partition(b"</sheetData>")[0])
    ]
    # Two parks, their total above the names, and their total on the guide.
    assert len(found) == 4
    assert all(b"COUNTA(" in formula for formula in found)
    assert not any(word in formula for formula in found for word in (b"HYPERLINK", b"1+1", b"Terrein", b"Urk"))
    assert openpyxl.load_workbook(path)[layout.SHEET_MATRIX].cell(layout.PARK_NAME_ROW + 1, 4).data_type == "s"


def test_fictional_data_are_marked_on_guide_matrix_and_every_page_and_real_data_are_not(filled, blank):
    assert filled["Uitleg"]["A1"].value == layout.FICTIONAL_LABEL
    assert filled["Matrix"]["A1"].value.startswith(layout.FICTIONAL_LABEL)
    for name in ("Uitleg", "Matrix", "Toelichting"):
        assert layout.FICTIONAL_LABEL in filled[name].oddHeader.left.text
    assert not any(layout.FICTIONAL_LABEL in str(row) for sheet in blank for row in sheet.iter_rows(values_only=True))
    assert layout.FICTIONAL_LABEL not in (blank["Matrix"].oddHeader.left.text or "")


def test_a_page_repeats_title_codes_and_parks_and_the_head_stays_in_sight(blank):
    sheet = blank[layout.SHEET_MATRIX]
    assert sheet.freeze_panes == "C4"
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$3", "$A:$B")
    assert sheet.page_setup.orientation == "landscape"


def test_a_municipality_without_parks_gets_no_workbook(tmp_path):
    with pytest.raises(OutputError, match="geen bedrijventerreinen"):
        write(tmp_path / "a.xlsx", municipality="zeewolde", municipality_name="Zeewolde")
    assert list(tmp_path.iterdir()) == []


def test_a_failing_write_leaves_the_earlier_workbook_whole_and_nothing_beside_it(tmp_path, monkeypatch):
    """The same input gives the same bytes before."""
    path = write(tmp_path / "a.xlsx")
    before = path.read_bytes()
    assert write(path).read_bytes() == before

    def full_disk(self, target):
        raise OSError(28, "geen ruimte")

    monkeypatch.setattr(Path, "replace", full_disk)
    with pytest.raises(OutputError, match="kon niet worden weggeschreven"):
        write(path, round="2027-1")
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
