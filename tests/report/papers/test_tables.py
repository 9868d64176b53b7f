"""The tidy tables: machines and Excel read the same figures, every column is explained, no text becomes a formula."""

import csv
from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb

PAIRS = {
    "parks": "terreinen", "groups": "deelscores", "cells": "cellen", "judgements": "oordelen",
    "phenomena": "fenomenen", "velden": "velden",
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(almere, tmp_path_factory):
    target = tmp_path_factory.mktemp("tables")
    wb.report.write_tables(almere, target)
    return target / "tabellen"


def excel(path):
    """As Excel reads it by a double click in the Netherlands."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.reader(handle, delimiter=";"))


def machine(path):
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.reader(handle))


def test_every_table_is_there_twice(folder):
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}.csv" for name in PAIRS),
        *(f"{name}_excel.csv" for name in PAIRS.values()),
    }


def test_a_row_is_one_thing_and_none_is_there_twice(folder, almere):
    keys = {
        "parks": ["park_id"], "groups": ["park_id", "group"], "cells": ["park_id", "indicator"],
        "judgements": ["park_id", "indicator", "party"], "phenomena": ["park_id", "phenomenon"],
    }  # fmt: skip
    sizes = {}
    for name, key in keys.items():
        table = pd.read_csv(folder / f"{name}.csv")
        assert not table.duplicated(key).any()
        assert table[key].notna().all(axis=None)
        sizes[name] = len(table)
    assert sizes["parks"] == 31
    assert sizes["groups"] == 31 * 3
    assert sizes["cells"] == 31 * 35
    assert sizes["judgements"] == len(almere.judgements)


def test_figures_are_those_of_the_assessment_and_unknown_is_empty(folder, almere):
    table = pd.read_csv(folder / "parks.csv").set_index("park_id")
    parks = almere.parks.set_index("park_id")
    for name in ("score", "low", "high", "coverage", "two_sided", "p_first", "p_selected", "drawn_low", "drawn_high"):
        pd.testing.assert_series_equal(table[name], parks[name], check_dtype=False, check_names=False, rtol=0, atol=0)
    assert table["score"].isna().sum() == 1
    judgements = pd.read_csv(folder / "judgements.csv")
    assert judgements.loc[judgements["state"] != "level", "level"].isna().all()


def test_every_column_is_in_the_dictionary_and_no_other(folder):
    fields = pd.read_csv(folder / "velden.csv")
    for name, dutch in PAIRS.items():
        if name != "velden":
            known = fields[fields["table"] == name]
            assert list(known["column"]) == list(pd.read_csv(folder / f"{name}.csv").columns)
            assert list(known["dutch"]) == excel(folder / f"{dutch}_excel.csv")[0]
    assert fields["meaning"].str.len().min() > 8


def test_every_row_carries_its_labels(folder):
    label = wb.load_catalogue().audience("riec").label
    for path in folder.iterdir():
        rows = excel(path) if path.stem.endswith("_excel") else machine(path)
        for row in rows[1:]:
            for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label, "besluit van"):
                assert text in row[-1]


def test_excel_gets_the_same_figures_with_a_comma(folder):
    machine = pd.read_csv(folder / "parks.csv")
    rows = excel(folder / "terreinen_excel.csv")
    place = rows[0].index("Score")
    shown = [row[place] for row in rows[1:]]
    assert all("." not in value for value in shown)
    assert [float(value.replace(",", ".")) if value else None for value in shown] == [
        None if pd.isna(value) else value for value in machine["score"]
    ]


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        " =1",
        "\u200b=1",
        "＝1",
        '=HYPERLINK("https://example.org")',
        "=cmd|' /C'!A0",
    ],
)
def test_text_is_no_formula_for_excel_and_as_it_was_for_machines(urk, tmp_path, text):
    wb.report.write_tables(replace(urk, _parks=urk.parks.assign(name=text)), tmp_path)
    assert {row[1] for row in excel(tmp_path / "tabellen" / "terreinen_excel.csv")[1:]} == {f"'{text}"}
    with (tmp_path / "tabellen" / "parks.csv").open(encoding="utf-8", newline="") as handle:
        assert {row["park"] for row in csv.DictReader(handle)} == {text}


@pytest.mark.parametrize("text", ['a;b,c"d', "twee\nregels", "É – ok"])
def test_text_with_marks_of_the_format_stays_in_its_field(urk, tmp_path, text):
    wb.report.write_tables(replace(urk, _parks=urk.parks.assign(name=text)), tmp_path)
    assert {row[1] for row in excel(tmp_path / "tabellen" / "terreinen_excel.csv")[1:]} == {text}
    assert set(pd.read_csv(tmp_path / "tabellen" / "parks.csv")["park"]) == {text}


def test_equal_assessments_give_equal_bytes(almere, folder, tmp_path):
    wb.report.write_tables(almere, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / "tabellen" / path.name).read_bytes() == path.read_bytes()
