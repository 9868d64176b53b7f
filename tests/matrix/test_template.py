"""The workbook that is sent out: read and used by anyone, choices instead of typing, nothing executable."""

import re
import zipfile

import openpyxl
import pandas as pd
import pytest

from werkbank.errors import OutputError
from werkbank.matrix import layout
from werkbank.matrix.template import examples
from werkbank.settings.theme import contrast

from .conftest import PARKS
from .drawing import frame_of, register, written

VISIBLE = (layout.SHEET_GUIDE, layout.SHEET_MATRIX, layout.SHEET_REMARKS)
COUNTS = ("C1", "D1", "E1", "B3")
LONG = "Bedrijventerrein Noordersluis en omgeving, tweede fase"
OWN = PARKS.assign(name=["Zanglijster", "=1+1", LONG, "Pestvogel", "Kleefkruid"])
NASTY = '=HYPERLINK("http://example.org","klik")'
JUDGEMENTS = [
    ("URK-01", "V01", "police", "level", 2, "Signaal besproken.", "B", pd.Timestamp("2026-01-15")),
    ("URK-01", "V02", "police", "unknown", None, "", "", pd.NaT),
    ("URK-02", "V01", "police", "not_applicable", None, "", "", pd.NaT),
    ("URK-02", "V02", "police", "open", None, NASTY, "", pd.NaT),
    ("URK-01", "W01", "police", "level", 0, "", "", pd.NaT),
    ("URK-01", "V01", "municipality", "level", 3, "Van de gemeente.", "A", pd.NaT),
    ("ALM-01", "V01", "police", "level", 1, "Van elders.", "C", pd.NaT),
]


@pytest.fixture(scope="module")
def path(tmp_path_factory, catalogue):
    """A blank workbook of three parks, one with a long name."""
    return written(tmp_path_factory.mktemp("blank") / "urk_politie.xlsx", catalogue, OWN)


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def filled_path(tmp_path_factory, catalogue):
    path = tmp_path_factory.mktemp("filled") / "urk_politie.xlsx"
    return written(path, catalogue, OWN, judgements=frame_of(JUDGEMENTS), fictional=True)


@pytest.fixture(scope="module")
def filled(filled_path):
    return openpyxl.load_workbook(filled_path)


def member(path, name):
    with zipfile.ZipFile(path) as archive:
        return archive.read(name).decode()


def rules(sheet):
    """The rules of conditional formatting."""
    return [rule for area in sheet.conditional_formatting for rule in area.rules]


def rgb(colour, otherwise="FFFFFF"):
    return f"#{colour.rgb[-6:] if colour is not None and isinstance(colour.rgb, str) else otherwise.lstrip('#')}"


def test_no_letter_is_smaller_than_ten_points(path, book):
    sizes = {float(size) for size in re.findall(r'<sz val="([\d.]+)"', member(path, "xl/styles.xml"))}
    edges = [edge for name in VISIBLE for edge in (book[name].oddHeader, book[name].oddFooter)]
    on_paper = {int(place.size) for edge in edges for place in (edge.left, edge.right)}
    assert min(sizes | on_paper) >= 10


def test_every_text_stands_out_from_its_cell(book):
    """At least 4.5 : 1, whatever colour a choice gives the cell."""
    looks = {
        (rgb(cell.font.color, "000000"), rgb(cell.fill.fgColor if cell.fill.fill_type else None))
        for name in VISIBLE
        for row in book[name].iter_rows()
        for cell in row
    }
    ink = rgb(book[layout.SHEET_MATRIX]["C5"].font.color, "000000")
    for sheet in (book[name] for name in VISIBLE):
        for rule in rules(sheet):
            font, fill = rule.dxf.font, rule.dxf.fill
            looks.add((rgb(font and font.color, ink), rgb(fill and fill.bgColor)))
    assert len(looks) > 8
    assert {look: round(contrast(*look), 2) for look in looks if contrast(*look) < 4.5} == {}


def test_no_cells_are_merged_nothing_is_a_picture_and_the_language_is_dutch(path, book):
    assert all(not sheet.merged_cells.ranges for sheet in book)
    with zipfile.ZipFile(path) as archive:
        assert not [name for name in archive.namelist() if "media" in name or "drawing" in name]
    assert "<dc:language>nl-NL</dc:language>" in member(path, "docProps/core.xml")


def test_whoever_opens_a_sheet_stands_where_the_filling_in_begins_and_can_reach_all(book):
    """A screen reader has to get at the codes and names too; Tab goes from one open cell to the next."""
    where = {name: book[name].sheet_view.selection[-1].activeCell for name in VISIBLE[1:]}
    assert where == {layout.SHEET_MATRIX: "C5", layout.SHEET_REMARKS: "A3"}
    assert book.active.title == layout.SHEET_GUIDE
    for name in VISIBLE[1:]:
        own = book[name].protection
        assert (own.sheet, own.password, own.selectLockedCells, own.selectUnlockedCells) == (True, None, False, False)


def test_names_of_parks_are_shown_whole(book):
    """The longest word fits in the column, and the row has a line for every part of the longest name."""
    sheet = book[layout.SHEET_MATRIX]
    width = sheet.column_dimensions["C"].width
    assert max(map(len, LONG.split())) < width
    assert len(LONG) / width * 15 <= sheet.row_dimensions[layout.PARK_NAME_ROW + 1].height
    assert sheet["E3"].alignment.wrap_text


def test_every_printed_page_says_whose_it_is_and_how_confidential_and_repeats_its_heads(book):
    for name in VISIBLE:
        assert "Urk · politie · ronde 2026-1" in book[name].oddHeader.left.text
        assert "VERTROUWELIJK" in book[name].oddFooter.left.text
        assert "bladzijde" in book[name].oddFooter.right.text
        assert book[name].page_setup.paperSize == 9
    sheet = book[layout.SHEET_MATRIX]
    assert (sheet.freeze_panes, sheet.page_setup.orientation) == ("C4", "landscape")
    assert (sheet.print_title_rows, sheet.print_title_cols) == ("$1:$3", "$A:$B")


def test_what_is_open_is_marked_and_the_mark_is_not_what_says_so(book):
    """An open cell is empty; the colour comes on top. A row that comes twice says it in words."""
    assert [rule.type for rule in rules(book[layout.SHEET_MATRIX])].count("containsBlanks") == 3
    formats = [rule.dxf.numFmt.formatCode for rule in rules(book[layout.SHEET_REMARKS]) if rule.dxf.numFmt]
    assert formats == ['@" (dubbel)"']


# Counting what is filled in.


def test_the_counts_have_their_values_before_anything_calculates_them(path):
    book = openpyxl.load_workbook(path, data_only=True)
    assert [book[layout.SHEET_MATRIX][cell].value for cell in COUNTS] == [
        "0 van 35", "0 van 35", "0 van 35", "Indicator (0 van 105 ingevuld)",
    ]  # fmt: skip
    guide = dict(book[layout.SHEET_GUIDE].iter_rows(max_col=2, values_only=True))
    assert guide["Ingevuld"] == "0 van 105 cellen"


def test_a_filled_workbook_counts_levels_and_states_but_nothing_open(tmp_path, catalogue):
    codes = catalogue.indicator_ids
    rows = [("URK-01", code, "police", "unknown", None, "", "", None) for code in codes]
    rows += [("URK-02", codes[0], "police", "level", 0, "", "", None)]
    rows += [("URK-02", codes[1], "police", "not_applicable", None, "", "", None)]
    rows += [("URK-02", codes[2], "police", "open", None, "let op", "", None)]
    path = written(tmp_path / "urk_politie.xlsx", catalogue, PARKS, judgements=frame_of(rows))
    sheet = openpyxl.load_workbook(path, data_only=True)[layout.SHEET_MATRIX]
    assert [sheet[cell].value for cell in COUNTS] == [
        "klaar: 35 van 35", "2 van 35", "0 van 35", "Indicator (37 van 105 ingevuld)",
    ]  # fmt: skip


def test_the_counted_area_is_exactly_what_can_be_filled_in(book):
    sheet = book[layout.SHEET_MATRIX]
    areas = [
        re.findall(r"COUNTA\(\$?([A-Z]+)\$?(\d+):\$?([A-Z]+)\$?(\d+)\)", sheet[cell].value)[0]
        for cell in ("C1", "E1", "B3")
    ]
    assert areas == [("C", "4", "C", "41"), ("E", "4", "E", "41"), ("C", "4", "E", "41")]
    open_cells = {cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked}
    assert open_cells == {f"{column}{row}" for column in "CDE" for row in range(4, 42) if sheet[f"A{row}"].value}


# What explains itself.


def test_the_guide_has_worked_examples_the_keyboard_every_indicator_level_and_state(book, catalogue):
    text = "\n".join(str(cell.value) for row in book[layout.SHEET_GUIDE].iter_rows() for cell in row if cell.value)
    assert "Voorbeelden: wat u kiest bij wat u weet" in text
    assert "Alt + pijl omlaag" in text
    levels = [level for scale in catalogue.scales for level in scale.levels]
    explained = [f"{each.name}. {each.description}" for each in catalogue.indicators]
    explained += [text for level in levels for text in (layout.level_text(level), level.anchor)]
    explained += [state.description for state in catalogue.states]
    assert [each for each in explained if each not in text] == []


def test_the_examples_cover_a_level_unknown_not_applicable_and_a_source(catalogue):
    """Who has scales of his own is not told to choose what is not in the list."""
    shown = examples(catalogue)
    assert {"0 geen vermoeden", "1 incidenteel", "2 meermaals", "onbekend", "n.v.t."} <= set(shown)
    assert "bronsterkte A" in shown["1 incidenteel"]
    assert "nooit 0" in shown["onbekend"]
    scales = []
    for scale in catalogue.scales:
        levels = tuple(level.model_copy(update={"code": f"own_{level.code}"}) for level in scale.levels)
        scales.append(scale.model_copy(update={"levels": levels}))
    assert list(examples(catalogue.model_copy(update={"scales": tuple(scales)}))) == ["onbekend", "n.v.t."]


def test_codes_stand_beside_their_names_where_one_has_to_be_chosen(book, catalogue):
    sheet = book[layout.SHEET_REMARKS]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, min_col=7, max_col=10)]
    assert [row[:2] for row in rows[:3]] == [["URK-01", "Zanglijster"], ["URK-02", "=1+1"], ["URK-03", LONG]]
    assert [row[2:] for row in rows[:35]] == [[each.id, each.name] for each in catalogue.indicators]
    headings = [cell.value for cell in sheet[layout.REMARK_HEADER_ROW + 1]]
    assert headings.count("Indicator") == headings.count("Terreincode") == 1


# What somebody wrote in it.


def entries(book):
    """The filled rows of the sheet beside the matrix."""
    rows = book[layout.SHEET_REMARKS].iter_rows(
        min_row=layout.FIRST_REMARK_ROW + 1, max_col=len(layout.REMARK_HEADINGS), values_only=True
    )
    return [row for row in rows if any(row)]


def rows_by_code(sheet):
    column, first = layout.CODE_COLUMN + 1, layout.FIRST_INDICATOR_ROW + 1
    codes = sheet.iter_rows(min_row=first, min_col=column, max_col=column)
    return {cell.value: cell.row for (cell,) in codes if cell.value}


def test_a_cell_shows_its_state_and_only_that_of_its_own_party(filled, book):
    shown = {"V01": ["2 meermaals", "n.v.t."], "V02": ["onbekend", None], "W01": ["0 afwezig", None]}
    for each, wanted in ((filled, shown), (book, {})):
        sheet, first = each[layout.SHEET_MATRIX], layout.FIRST_PARK_COLUMN + 1
        for code, row in rows_by_code(sheet).items():
            assert [sheet.cell(row, first + park).value for park in (0, 1)] == wanted.get(code, [None, None])
    assert entries(book) == []


def test_the_input_message_explains_the_indicator_within_what_excel_can_hold(book, catalogue):
    sheet = book[layout.SHEET_MATRIX]
    by_row = {next(iter(rule.sqref.ranges)).min_row: rule for rule in sheet.data_validations.dataValidation}
    for code, row in rows_by_code(sheet).items():
        title, message = by_row[row].promptTitle, by_row[row].prompt
        assert title.startswith(code)
        assert len(title) <= 32
        assert 20 < len(message) <= 255
        assert catalogue.indicator(code).description.startswith(message.rstrip("…"))


def test_the_explanations_are_those_of_the_party_with_strength_date_and_text(filled):
    sheet = filled[layout.SHEET_REMARKS]
    heads = [cell.value for cell in sheet[layout.REMARK_HEADER_ROW + 1]]
    assert heads[: len(layout.REMARK_HEADINGS)] == list(layout.REMARK_HEADINGS.values())
    assert entries(filled) == [
        ("URK-01", "V01", "B", pd.Timestamp("2026-01-15").to_pydatetime(), "Signaal besproken."),
        ("URK-02", "V02", None, None, NASTY),
    ]


def test_text_that_looks_like_a_formula_or_a_link_stays_text(filled_path, filled):
    """The only formulas are the counts, and nothing that somebody wrote is in them."""
    with zipfile.ZipFile(filled_path) as archive:
        sheets = [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/sheet")]
    assert not any(b"<hyperlink" in sheet for sheet in sheets)
    found = [
        each for sheet in sheets for each in re.findall(rb"<f[^>]*>(.*?)</f>", sheet.partition(b"</sheetData>")[0])
    ]
    # Three parks, their total above the names, and their total on the guide.
    assert len(found) == 5
    assert all(b"COUNTA(" in formula for formula in found)
    assert not any(word in formula for formula in found for word in (b"HYPERLINK", b"1+1", b"Terrein", b"Urk"))
    assert filled[layout.SHEET_MATRIX].cell(layout.PARK_NAME_ROW + 1, 4).data_type == "s"


def test_fictional_data_are_marked_on_guide_matrix_and_every_page_and_real_data_are_not(filled, book):
    assert filled["Uitleg"]["A1"].value == layout.FICTIONAL_LABEL
    assert filled["Matrix"]["A1"].value.startswith(layout.FICTIONAL_LABEL)
    for name in ("Uitleg", "Matrix", "Toelichting"):
        assert layout.FICTIONAL_LABEL in filled[name].oddHeader.left.text
    assert not any(layout.FICTIONAL_LABEL in str(row) for sheet in book for row in sheet.iter_rows(values_only=True))
    assert layout.FICTIONAL_LABEL not in (book["Matrix"].oddHeader.left.text or "")


# Sizes and odd contents.


def matrix_sheet(path, catalogue, parks=PARKS):
    return openpyxl.load_workbook(written(path, catalogue, parks))[layout.SHEET_MATRIX]


def test_the_largest_matrix_is_printed_at_a_readable_size_with_all_indicators_on_a_page(tmp_path, catalogue):
    """31 parks × 35 indicators: all rows fit on a lying A4 at 68 %, which is letters of 7.5 points."""
    parks = register(*(f"URK-{number:02d}" for number in range(1, 32)))
    sheet = matrix_sheet(tmp_path / "a.xlsx", catalogue, parks)
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight or 1) == (7, 1)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    heads = sum(sheet.row_dimensions[row].height or 15 for row in (1, 2, 3))
    # 595 points high, less the margins of 1.3 inch.
    assert (heads + 38 * 15) * 0.68 <= 595 - 1.3 * 72


def test_a_quotation_mark_in_a_level_does_not_break_the_workbook(tmp_path, catalogue):
    """A user's own catalogue may call a level anything."""
    scale = catalogue.scales[0]
    top = scale.levels[-1].model_copy(update={"name": 'Het "ergste"'})
    own = scale.model_copy(update={"levels": (*scale.levels[:-1], top)})
    changed = catalogue.model_copy(update={"scales": (own, *catalogue.scales[1:])})
    sheet = matrix_sheet(tmp_path / "a.xlsx", changed)
    asked = [rule.formula for rule in rules(sheet) if rule.operator == "equal"]
    assert ['"3 het ""ergste"""'] in asked


def test_a_remark_longer_than_a_cell_is_refused_and_not_cut(tmp_path, catalogue):
    frame = frame_of([("URK-01", catalogue.indicator_ids[0], "police", "open", None, "geheim" * 6_000, "", None)])
    with pytest.raises(OutputError, match="langer dan een cel") as refusal:
        written(tmp_path / "a.xlsx", catalogue, PARKS, judgements=frame)
    assert "geheim" not in str(refusal.value)


def test_a_municipality_without_parks_gets_no_workbook(tmp_path, catalogue):
    with pytest.raises(OutputError, match="geen bedrijventerreinen"):
        written(tmp_path / "a.xlsx", catalogue, PARKS, municipality="zeewolde", municipality_name="Zeewolde")
    assert list(tmp_path.iterdir()) == []
