"""What is told about returns: every finding in its own cell and in words; every cell counted once, in its state."""

import io
import itertools
import zipfile

import openpyxl
import pytest

from werkbank.errors import SEVERITY_DUTCH, Finding
from werkbank.matrix import layout
from werkbank.matrix.layout import Place
from werkbank.matrix.risk_matrix import COUNTS, collection_state, filled_text
from werkbank.matrix.rules import RULES, in_order, steps, title_of
from werkbank.matrix.template import Reply, marked_workbook

from .conftest import PARKS, ROUND, SECRET, places


def finding(rule="not-a-level", severity="error", cell=None, sheet="Matrix", **more):
    words = {"found": "f", "allowed": "a", "remedy": "r", "file": "urk_politie.xlsx"} | more
    return Finding(rule=rule, severity=severity, cell=cell, sheet=sheet if cell else None, **words)


# The order.

WHOLE = finding("unknown-round")
SHEET = finding("missing-park")
EARLY, LATE, FAR = finding(cell="C5"), finding(cell="C14"), finding(cell="AA5:AB6")
WARNING = finding("hidden-row", "warning", cell="A2")
REMARK = finding("company-name", "remark", cell="A1")


def test_errors_come_first_then_what_concerns_the_whole_then_cell_by_cell():
    """C5 stands before AA5 and before C14, whatever order the findings came in."""
    findings = (SHEET, WHOLE, EARLY, FAR, LATE, WARNING, REMARK)
    assert {in_order(shuffled) for shuffled in itertools.permutations(findings)} == {findings}


def test_steps_group_by_rule_and_severity_most_important_first():
    """First what concerns everything, then the rule that was broken most often; warnings and remarks after errors."""
    once, milder = finding("merged-cell", cell="B2"), finding("merged-cell", "warning", cell="B3")
    made = steps([REMARK, WARNING, milder, once, LATE, EARLY, SHEET])
    assert [(step.severity, step.rule, step.findings) for step in made] == [
        ("error", "missing-park", (SHEET,)),
        ("error", "not-a-level", (EARLY, LATE)),
        ("error", "merged-cell", (once,)),
        ("warning", "hidden-row", (WARNING,)),
        ("warning", "merged-cell", (milder,)),
        ("remark", "company-name", (REMARK,)),
    ]
    assert (made[1].title, made[1].explanation) == (RULES["not-a-level"].title, RULES["not-a-level"].explanation)
    assert title_of("a-rule-of-tomorrow") == "Fout in een bestand met instellingen"


# The workbook.


@pytest.fixture
def moved(workbook, load):
    """A return in which somebody put two rows above the matrix and a column before it, with one faulty level."""

    def edit(book):
        sheet = book["Matrix"]
        sheet["D6"] = 9
        sheet.insert_rows(1, 2)
        sheet.insert_cols(1)

    return load(workbook(edit))


@pytest.fixture
def back(catalogue):
    """The bytes of the workbook that goes back."""

    def make(matrix, *findings, **changes):
        words = {"file": "urk_politie.xlsx", "municipality": "Urk", "party": "politie", "round": "2026-1", "label": "GEHEIM & zo", "fictional": True}  # fmt: skip
        reply = Reply(findings=findings, **(words | changes))
        return marked_workbook(reply, matrix, catalogue, PARKS, municipality="urk", party="police")

    return make


def opened(content):
    return openpyxl.load_workbook(io.BytesIO(content))


def notes(book):
    """Sheet and cell → the words of its note."""
    cells = (cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment)
    return {(cell.parent.title, cell.coordinate): cell.comment.text for cell in cells}


def lines(book):
    """The rows of the list of findings."""
    return [row for row in book[layout.SHEET_FINDINGS].iter_rows(min_row=6) if row[0].value]


def test_what_was_read_comes_back_cell_by_cell_in_the_same_bytes(moved, back, load, tmp_path, monkeypatch):
    """The list and the marks are not read: the same judgements, and nothing new that is wrong."""
    path = tmp_path / "urk_politie.xlsx"
    path.write_bytes(back(moved, *moved.findings))
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert back(moved, *moved.findings) == path.read_bytes()
    again = load(path)
    assert again.equals(moved)
    assert again.fictional
    assert places(again.findings) == []


def test_a_finding_moves_to_where_its_cell_is_now(moved, back):
    """Never by colour alone: the note says what was found, what is allowed, what to do, and the rule."""
    (found,) = [one for one in moved.findings if one.rule == "level-outside-scale"]
    assert found.cell == "E8"
    book = opened(back(moved, found))
    cell = book["Matrix"]["D6"]
    assert (cell.value, cell.protection.locked, cell.border.left.style) == (None, False, "thick")
    assert list(notes(book)) == [("Matrix", "D6")]
    for text in (layout.MARK_NOTE, found.found, found.allowed, found.remedy, found.rule, SEVERITY_DUTCH["error"]):
        assert text.casefold() in cell.comment.text.casefold()
    (line,) = lines(book)
    assert (line[2].value, line[3].value, line[3].hyperlink.location) == ("Matrix", "D6", "'Matrix'!D6")


@pytest.mark.parametrize(("column", "cell"), [("remark", "E4"), ("source_strength", "C4"), ("date", "D4")])
def test_a_finding_about_what_stands_beside_a_level_is_marked_there(moved, back, catalogue, column, cell):
    """Not at the level: there is nothing to mend there."""
    key = ("URK-02", catalogue.indicator_ids[0])
    place = moved.place_of(*key, "police", column)
    book = opened(back(moved, finding("person-name", "warning", place.cell, place.sheet)))
    assert list(notes(book)) == [("Toelichting", cell)]
    assert (SECRET in str(book["Toelichting"][cell].value)) == (column == "remark")


@pytest.mark.parametrize(
    ("about", "cell"),
    [({"park_id": "URK-02"}, "D2"), ({"indicator": "V02"}, "A6"), ({"park_id": "URK-03", "indicator": "V02"}, "E6")],
)
def test_what_is_about_a_whole_park_or_indicator_is_marked_at_its_head(moved, back, about, cell):
    assert list(notes(opened(back(moved, finding("missing-park", **about))))) == [("Matrix", cell)]


@pytest.mark.parametrize("about", [{}, {"park_id": "ALM-01"}, {"park_id": "ALM-01", "indicator": "V02"}])
def test_what_belongs_to_no_cell_there_says_where_it_was(moved, back, about):
    book = opened(back(moved, finding("unknown-park", cell="F4", found="onbekend: “urk-99”", **about)))
    (line,) = lines(book)
    assert [line[2].value, line[3].value] == [None, None]
    assert line[6].value == "in uw bestand, blad Matrix, cel F4: onbekend: “urk-99”"
    assert notes(book) == {}


def test_each_severity_has_its_own_edge_and_its_ground_goes_before_all_others(moved, back):
    """A warning on a cell with the highest level must be seen, though the sheet colours that cell itself."""
    found = [
        finding(severity=severity, cell="A1", park_id="URK-01", indicator=code)
        for severity, code in zip(SEVERITY_DUTCH, ("V01", "V02", "V03"), strict=True)
    ]
    sheet = opened(back(moved, *found))["Matrix"]
    assert len({sheet[cell].border.left.style for cell in ("C5", "C6", "C7")}) == 3
    rules = [(area, rule) for area in sheet.conditional_formatting for rule in area.rules]
    first = sorted(rules, key=lambda each: each[1].priority)[:3]
    assert [str(area.sqref) for area, _ in first] == ["C5", "C6", "C7"]
    assert all(rule.stopIfTrue for _, rule in first)
    assert len({rule.dxf.fill.bgColor.rgb for _, rule in first}) == 3


def test_several_findings_of_one_cell_stand_in_one_note_and_the_gravest_gives_the_look(moved, back):
    at = {"cell": "E8", "park_id": "URK-02", "indicator": "V02"}
    many = [finding("hidden-row", "warning", found=f"nummer {number}", **at) for number in range(7)]
    sheet = opened(back(moved, *many, finding(**at)))["Matrix"]
    assert sheet["D6"].border.left.style == "thick"
    assert "nummer 3" in sheet["D6"].comment.text
    assert "nummer 4" not in sheet["D6"].comment.text
    assert "En nog 3 bevindingen" in sheet["D6"].comment.text


def test_the_first_sheet_lists_every_finding_in_the_order_of_mending(moved, back):
    found = finding(cell="E8", park_id="URK-02", indicator="V02", found="“9”")
    book = opened(back(moved, REMARK, WARNING, found, SHEET))
    assert book.sheetnames[0] == book.active.title == layout.SHEET_FINDINGS
    assert [[cell.value for cell in row[:2]] for row in lines(book)] == [
        ["1", "Fout"], ["2", "Fout"], ["3", "Let op"], ["4", "Opmerking"],
    ]  # fmt: skip
    texts = [cell.value for cell in lines(book)[1][4:]]
    title = RULES["not-a-level"].title
    assert texts[0].startswith("URK-02 Dodaars")
    assert texts[2:] == ["“9”", "a", "r", f"{title} [not-a-level]"]


def test_the_list_carries_the_label_and_says_when_data_are_fictional(moved, back):
    real, made_up = (opened(back(moved, EARLY, fictional=flag)).worksheets[0] for flag in (False, True))
    for sheet, marked in ((real, False), (made_up, True)):
        assert [layout.FICTIONAL_LABEL in text for text in (sheet["A1"].value, sheet.oddHeader.left.text)] == [
            marked
        ] * 2
    assert "GEHEIM & zo" in real["A2"].value
    assert "nieuwe werkmap" in real["A3"].value
    assert real.oddFooter.left.text == "GEHEIM && zo"


def test_words_that_begin_as_a_formula_stay_words_and_a_remark_stays_in_its_own_cell(moved, back):
    """The supplier's own remark comes back to the supplier, and is repeated nowhere."""
    content = back(moved, *moved.findings, finding(found="=1+1", allowed="+a", remedy="@b"), file="=cmd.xlsx")
    book = opened(content)
    assert "f" not in {cell.data_type for row in book.worksheets[0].iter_rows() for cell in row}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row]
    assert sum(SECRET in text for text in texts) == 3
    assert not any(SECRET in text for text in notes(book).values())


def test_a_remark_that_no_cell_can_hold_is_cut_and_its_finding_marked(workbook, load, back, tmp_path, catalogue):
    """Only a text file can bring one."""
    code = catalogue.indicator_ids[0]
    path = tmp_path / "urk_politie.csv"
    path.write_text(f"park_id;indicator;level;remark\nURK-01;{code};2;{'lang ' * 7_000}\n", encoding="utf-8")
    matrix = load(path)
    (found,) = [one for one in matrix.findings if one.rule == "long-remark"]
    assert Place(found.file, found.sheet, found.cell, found.line) == matrix.place_of("URK-01", code, "police", "remark")
    book = opened(back(matrix, found))
    assert list(notes(book)) == [("Toelichting", "E3")]
    assert len(book["Toelichting"]["E3"].value) == 32_767


# The state of collection.

EXPECTED = [("urk", "police"), ("urk", "municipality"), ("almere", "police")]


@pytest.fixture
def state(workbook, load, catalogue):
    matrix = load(workbook(name="urk_politie.xlsx"))
    return collection_state(matrix, catalogue, PARKS, round=ROUND, expected=EXPECTED)


def test_each_municipality_party_and_family_has_its_row_counted_as_it_was_filled_in(state, workbook, load, catalogue):
    """A hand count of the judgements, family by family: known is a level, and the four add up to all cells."""
    families = [family.id for family in catalogue.families]
    table = state.table.set_index(["municipality", "party", "family"])
    assert table.index.tolist() == [(*supplier, family) for supplier in EXPECTED for family in families]
    frame = load(workbook(name="urk_politie.xlsx")).judgements
    for family in families:
        own = frame[frame["indicator"].isin([one.id for one in catalogue.by_family(family)])]
        found = table.loc["urk", "police", family]
        assert [found[name] for name in COUNTS] == [
            (own["state"] == name).sum() for name in ("level", "unknown", "not_applicable", "open")
        ]
        assert found["known"] > 0
        assert sum(found[name] for name in COUNTS) == found["cells"] == len(own)
        assert found["share_filled"] == pytest.approx(1 - (own["state"] == "open").sum() / len(own))
        assert (found["file"], found["delivered"]) == ("urk_politie.xlsx", True)


def test_what_did_not_come_is_wholly_open(state):
    """Two parks in Almere, three in Urk: every cell of theirs is open, and none is known."""
    for municipality, party, parks in (("urk", "municipality", 3), ("almere", "police", 2)):
        own = state.table[(state.table["municipality"] == municipality) & (state.table["party"] == party)]
        assert own["open"].sum() == own["cells"].sum() == parks * 35
        assert not own[["known", "unknown", "not_applicable"]].to_numpy().any()
        assert set(own["share_filled"]) == {0.0}
        assert not own["delivered"].any()
    assert state.missing == (("urk", "municipality"), ("almere", "police"))
    assert state.delivered == (("urk", "police"),)
    assert str(state) == f"Ronde {ROUND}: 1 risicomatrix gelezen en 2 nog niet aangeleverd"


def test_a_return_that_could_not_be_read_is_neither_delivered_nor_missing(catalogue):
    state = collection_state(
        None, catalogue, PARKS, round=ROUND, expected=EXPECTED, received={("urk", "police"): "urk_politie.xls"}
    )
    assert state.refused == (("urk", "police"),)
    assert state.missing == (("urk", "municipality"), ("almere", "police"))
    assert state.delivered == ()
    assert set(state.table["open"] - state.table["cells"]) == {0}
    without_parks = collection_state(None, catalogue, PARKS, round=ROUND, expected=[("dronten", "police")]).table
    assert without_parks["share_filled"].isna().all()
    assert without_parks["cells"].sum() == 0
    assert str(state) == f"Ronde {ROUND}: geen risicomatrices gelezen, 1 geweigerd en 2 nog niet aangeleverd"


def test_sums_over_parties_and_families_are_those_of_the_rows(state):
    for keys in (["party"], ["family"], ["municipality", "party"]):
        sums = state.by(*keys)
        for name in ("cells", *COUNTS):
            assert sums[name].sum() == state.table[name].sum()
        assert (sums["share_filled"] == 1 - sums["open"] / sums["cells"]).all()


@pytest.mark.parametrize(
    ("share", "text"),
    [(1.0, "100%"), (0.9999, "99%"), (0.5, "50%"), (0.0001, "1%"), (0.0, "0%"), (None, "–"), (float("nan"), "–")],
)
def test_only_what_is_complete_is_called_complete(share, text):
    """Five open cells of 1,085 are 99.5 %; rounded that would be a lie."""
    assert filled_text(share) == text
