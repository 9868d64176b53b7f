"""A workbook of catalogue 0.9 under catalogue 1.0: renamed indicators are read, what was dropped or is new is named."""

import pandas as pd
import pytest

from tests import earlier_catalogues as two
from werkbank.matrix import load_matrix

from .conftest import by_cell, put
from .drawing import frame_of, written
from .formats import changed

PARKS = pd.DataFrame(
    {"park_id": ["URK-01", "URK-02"], "name": ["Dodaars", "Kluut"], "municipality": "urk", "net_ha": [1.0, 2.0]}
)
SECRET = "Getuige Jansen zag een wit busje"


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("old"), "0.9")


@pytest.fixture(scope="module")
def new(tmp_path_factory):
    return two.load(tmp_path_factory.mktemp("new"), "1.0")


@pytest.fixture
def read(tmp_path, old, new):
    """Write a workbook of 0.9 with these cells on URK-01 and 0 elsewhere, a remark at V02 and V07; read it under 1.0."""

    def make(spoilt=None, **cells):
        remarks = {"V02": SECRET, "V07": SECRET}
        rows = [("URK-01", code, *judged(cells.get(code, 0), remarks.get(code, ""))) for code in old.indicator_ids]
        rows += [("URK-02", code, *judged(0)) for code in old.indicator_ids]
        path = written(tmp_path / "urk_politie.xlsx", old, PARKS, round="2025-1", judgements=frame_of(rows))
        if spoilt:
            with changed(path) as book:
                put(**spoilt)(book["Matrix"])
        return load_matrix(path, new, PARKS, round="2025-1")

    return make


def judged(value, remark=""):
    return "police", *(("level", value) if isinstance(value, int) else (value, None)), remark, "A", pd.NaT


def cell(matrix, code, park="URK-01"):
    return by_cell(matrix)[park, code]


@pytest.mark.parametrize("value", [0, 1, 2, "unknown", "not_applicable", "open"])
def test_what_was_renamed_is_read_under_its_new_code_and_the_rest_as_it_stands(read, value):
    matrix = read(V01=value, V02=value)
    assert (cell(matrix, "V01"), cell(matrix, "V12")) == (value, value)


def test_what_was_dropped_or_is_new_is_told_and_nothing_else_is_found(read, new):
    matrix = read(V01=1, V07=2)
    assert cell(matrix, "V10") == "open"
    assert tuple(matrix.judgements["indicator"].unique()) == tuple(new.indicator_ids)
    remarks = [one for one in matrix.findings if one.severity == "remark"]
    assert {one.rule for one in matrix.findings if one not in remarks} == {"one-value-everywhere", "person-name"}
    assert {(one.rule, one.indicator): one.found for one in remarks} == {
        ("earlier-catalogue", None): "gemaakt met catalogus 0.9; gelezen zoals mapping.yaml zegt",
        ("dropped-indicator", None): "V07 (Gokken) is vervallen; wat daar is ingevuld telt nu niet mee",
        ("translated-indicator", "V12"): "V02: heet nu V12",
        ("translated-indicator", "W12"): "W02: heet nu W12",
        ("new-indicator", "V10"): "indicator V10 bestond nog niet in catalogus 0.9",
    }
    assert matrix.catalogue_versions == ("0.9",)


def test_a_remark_goes_along_and_that_of_what_was_dropped_does_not(read):
    matrix = read(V01=1)
    rows = matrix.judgements.set_index(["park_id", "indicator"]).loc["URK-01"]
    assert tuple(rows.loc["V12", ["remark", "source_strength"]]) == (SECRET, "A")
    assert list(matrix.judgements["remark"]).count(SECRET) == 1
    assert SECRET not in "".join(map(str, matrix.findings))


def test_a_judgement_still_knows_where_it_stood_and_so_does_a_fault(read):
    matrix = read({"C6": 7})
    assert matrix.place_of("URK-02", "V12", "police").cell == "D6"
    assert matrix.place_of("URK-01", "V10", "police") is None
    assert matrix.place_of("URK-01", "V12", "police", "remark").sheet == "Toelichting"
    (fault,) = [one for one in matrix.findings if one.rule == "level-outside-scale"]
    assert (fault.cell, fault.indicator, cell(matrix, "V12")) == ("C6", "V12", "open")
