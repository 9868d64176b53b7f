"""A workbook of catalogue 0.9 under catalogue 1.0: what has a counterpart is carried over, the rest is open and named."""

from __future__ import annotations

import openpyxl
import pandas as pd
import pytest

from tests import earlier_catalogues as two
from werkbank.matrix import load_matrix
from werkbank.matrix.risk_matrix import judgement_frame
from werkbank.matrix.template import write_workbook

PARKS = pd.DataFrame(
    {"park_id": ["URK-01", "URK-02"], "name": ["Dodaars", "Kluut"], "municipality": "urk", "net_ha": [1.0, 2.0]}
)
N, U, O = "not_applicable", "unknown", "open"  # noqa: E741
SECRET = "Getuige Jansen zag een wit busje"


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("old"), "0.9")


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("new"), "1.0")


@pytest.fixture
def read(tmp_path, old, new):
    """Write a workbook of 0.9 with these cells on URK-01 and 0 elsewhere, and read it under 1.0."""

    def make(edit=None, catalogue=new, said=None, party="police", **cells):
        rows = [
            {"park_id": park, "indicator": code, "party": party, **judged(cells.get(code, 0), park), **beside(code, park, said)}
            for park in PARKS["park_id"]
            for code in old.indicator_ids
        ]  # fmt: skip
        frame = judgement_frame({name: [row[name] for row in rows] for name in rows[0]})
        path = tmp_path / "urk_politie.xlsx"
        write_workbook(path, old, PARKS, party=party, municipality="urk", municipality_name="Urk", round="2025-1",
                       judgements=frame)  # fmt: skip
        if edit:
            book = openpyxl.load_workbook(path)
            edit(book)
            book.save(path)
        return load_matrix(path, catalogue, PARKS, round="2025-1")

    return make


def judged(cell, park):
    value = cell if park == "URK-01" else 0
    return {"state": "level", "level": value} if isinstance(value, int) else {"state": value, "level": None}


def beside(code, park, said):
    remark, strength = (said or {}).get(code, ("", "")) if park == "URK-01" else ("", "")
    return {"remark": remark, "source_strength": strength, "date": pd.NaT}


def cell(matrix, code, park="URK-01"):
    row = matrix.judgements.set_index(["park_id", "indicator"]).loc[(park, code)]
    return row["state"] if row["state"] != "level" else int(row["level"])


def rules(matrix):
    return sorted({one.rule for one in matrix.findings})


def of(matrix, rule):
    return [one for one in matrix.findings if one.rule == rule]


def test_an_unchanged_indicator_is_read_as_it_stands(read):
    for value in (0, 1, 2, U, N, O):
        assert cell(read(V01=value), "V01") == value


def test_a_renamed_indicator_is_read_under_its_new_code(read):
    for value in (0, 1, 2, U, N, O):
        assert cell(read(V02=value), "V12") == value


def test_other_levels_are_read_as_the_mapping_says(read):
    """0, 1, 2, 3, 4 of then are 0, 1, 1, 2, 2 now; the words of then are understood as well."""
    assert [cell(read(V03=value), "V03") for value in range(5)] == [0, 1, 1, 2, 2]
    assert cell(read(lambda book: write_in(book, "V03", "Overal"), V03=0), "V03") == 2


def write_in(book, code, value):
    sheet = book["Matrix"]
    (row,) = [cell.row for cell in sheet["A"] if cell.value == code]
    sheet.cell(row, 3).value = value


@pytest.mark.parametrize(
    ("one", "other", "merged"),
    [
        (2, 0, 2), (1, 2, 2), (0, 0, 0),
        (2, U, 2), (U, 1, 1),  # a suspicion stands, whatever the other part is
        (0, U, U), (0, O, O), (U, O, U),  # half a "no suspicion" is none
        (0, N, 0), (N, 2, 2), (N, N, N), (U, N, U), (O, O, O),
    ],
)  # fmt: skip
def test_merged_indicators_take_the_gravest_level(read, one, other, merged):
    assert cell(read(V04=one, V05=other), "V45") == merged


@pytest.mark.parametrize(("one", "other", "merged"), [(2, 0, 0), (2, 1, 1), (2, 2, 2), (2, U, U), (0, U, 0)])
def test_of_resilience_the_weakest_is_the_gravest(read, one, other, merged):
    assert cell(read(W01=one, W02=other), "W12") == merged


def test_a_split_indicator_keeps_only_the_levels_that_hold_for_each_part(read):
    """No suspicion of the whole is no suspicion of a part; a suspicion of the whole is not one of each part."""
    assert [cell(read(V06=value), "V61") for value in (0, 1, 2, U, N)] == [0, O, O, U, N]
    matrix = read(V06=2)
    (lost,) = of(matrix, "untranslatable-level")
    assert (lost.severity, lost.sheet, lost.cell, lost.park_id) == ("warning", "Matrix", "C10", "URK-01")
    assert "niveau 2 van V06 heeft geen niveau bij V61 en V62" in lost.found


def test_what_is_not_comparable_is_open_whatever_it_was(read):
    for value in (0, 2, U, N):
        assert cell(read(V09=value), "V09") == O
    (told,) = of(read(V09=2), "not-comparable-indicator")
    assert (told.severity, told.indicator) == ("warning", "V09")
    assert "2 oordelen tellen als leeg" in told.found


def test_what_is_new_is_open_and_what_was_dropped_is_told(read):
    matrix = read(V07=2)
    assert cell(matrix, "V10") == O
    assert "V07" not in set(matrix.judgements["indicator"])
    (new,), (dropped,) = of(matrix, "new-indicator"), of(matrix, "dropped-indicator")
    assert new.indicator == "V10"
    assert "V07 (Gokken) is vervallen; 2 oordelen tellen nu niet mee" in dropped.found


def test_every_translation_is_a_remark_and_nothing_else_is_found(read):
    matrix = read(V06=0)
    assert rules(matrix) == [
        "dropped-indicator",
        "earlier-catalogue",
        "new-indicator",
        "not-comparable-indicator",
        "translated-indicator",
    ]
    assert {one.severity for one in matrix.findings if one.rule != "not-comparable-indicator"} == {"remark"}
    told = [one.found.partition(";")[0] for one in of(matrix, "translated-indicator")]
    assert told == [
        "V02: heet nu V12",
        "V03: niveaus 0→0, 1→1, 2→1, 3→2, 4→2",
        "V04: heet nu V45, samengevoegd met V05 tot V45",
        "V05: heet nu V45, samengevoegd met V04 tot V45",
        "V06: heet nu V61, gesplitst in V61 en V62, niveaus 0→0, 1→–, 2→–",
        "V06: heet nu V62, gesplitst in V61 en V62, niveaus 0→0, 1→–, 2→–",
        "W01: heet nu W12, samengevoegd met W02 tot W12",
        "W02: heet nu W12, samengevoegd met W01 tot W12",
    ]
    assert matrix.catalogue_versions == ("0.9",)


def test_half_a_merger_that_does_not_count_is_told(read):
    (told,) = [one.found for one in of(read(V04=0, V05=U), "translated-indicator") if one.found.startswith("V04")]
    assert "bij 1 terrein telt niveau 0 niet: een ander deel is daar niet beoordeeld" in told


def test_remarks_and_sources_go_along(read):
    """With the level that counts its source; with a merger both remarks; with a level that is lost neither."""
    said = {"V02": (SECRET, "A"), "V04": ("een", "A"), "V05": ("twee", "B"), "V06": (SECRET, "A")}
    matrix = read(V02=1, V04=1, V05=2, V06=2, said=said)
    rows = matrix.judgements.set_index(["park_id", "indicator"]).loc["URK-01"]
    assert tuple(rows.loc["V12", ["remark", "source_strength"]]) == (SECRET, "A")
    assert tuple(rows.loc["V45", ["remark", "source_strength"]]) == ("een\ntwee", "B")
    assert tuple(rows.loc["V61", ["remark", "source_strength"]]) == ("", "")
    assert SECRET not in "".join(map(str, matrix.findings))


def test_a_judgement_still_knows_where_it_stood(read):
    matrix = read(said={"V02": ("uitleg", "A")})
    assert matrix.place_of("URK-02", "V12", "police").cell == "D6"
    assert matrix.place_of("URK-01", "V45", "police").cell == "C8"
    assert matrix.place_of("URK-01", "V10", "police") is None
    assert matrix.remark_place_of("URK-01", "V12", "police").sheet == "Toelichting"


def test_a_fault_in_an_old_workbook_is_found_in_its_own_cell(read):
    matrix = read(lambda book: write_in(book, "V02", 7))
    (fault,) = of(matrix, "level-outside-scale")
    assert (fault.cell, fault.indicator) == ("C6", "V02")
    assert cell(matrix, "V12") == O


def test_a_version_that_the_catalogue_does_not_know_is_a_warning_as_before(read):
    def edit(book):
        book["Schema"]["B5"] = "0.5"

    found = read(edit).findings
    assert "other-catalogue" in {one.rule for one in found}
    assert "earlier-catalogue" not in {one.rule for one in found}


def test_a_workbook_of_now_is_not_translated(tmp_path, new):
    path = tmp_path / "urk_politie.xlsx"
    write_workbook(path, new, PARKS, party="police", municipality="urk", municipality_name="Urk", round="2025-1")
    matrix = load_matrix(path, new, PARKS, round="2025-1")
    assert [finding.rule for finding in matrix.findings] == ["nothing-filled-in"]
    assert matrix.catalogue_versions == ("1.0",)
