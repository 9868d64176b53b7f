"""The tidy tables: what is so, codes beside Dutch words, every column explained, no text that becomes a formula."""

import csv
from dataclasses import replace
from itertools import cycle, islice

import pandas as pd
import pytest

import werkbank as wb
from werkbank.report.tables import write_views
from werkbank.report.view import view_of

KEYS = {
    "terreinen": ["park_id"], "deelscores": ["park_id", "group"], "cellen": ["park_id", "indicator"],
    "oordelen": ["park_id", "indicator", "party"], "fenomenen": ["park_id", "phenomenon"],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(almere, tmp_path_factory):
    target = tmp_path_factory.mktemp("tables")
    write_views([view_of(almere)], target)
    return target / "tabellen"


def test_a_row_is_one_thing_and_none_is_there_twice(folder, almere):
    assert {path.stem for path in folder.iterdir()} == {*KEYS, "velden"}
    sizes = {}
    for name, key in KEYS.items():
        table = pd.read_csv(folder / f"{name}.csv")
        assert not table.duplicated(key).any()
        assert table[key].notna().all(axis=None)
        assert list(table["park_id"]) == sorted(table["park_id"])
        sizes[name] = len(table)
    assert (sizes["terreinen"], sizes["deelscores"], sizes["cellen"]) == (31, 31 * 3, 31 * 35)
    judgements = pd.read_csv(folder / "oordelen.csv")
    assert len(judgements) == len(almere.judgements)
    assert judgements.loc[judgements["state"] != "level", "level"].isna().all(), "unknown is empty"


@pytest.mark.parametrize(
    ("name", "column", "pair"),
    [
        ("terreinen", "action", ("blind_spot", "informatie halen")),
        ("terreinen", "class", (2, "matig")),
        ("fenomenen", "strength", ("weak", "zwakke aanwijzing")),
        ("fenomenen", "phenomenon", ("cannabis_cultivation", "Hennepteelt")),
        ("deelscores", "group", ("resilience_gap", "Tekort aan weerbaarheid")),
        ("oordelen", "party", ("police", "politie")),
        ("oordelen", "state", ("open", "leeg")),
        ("cellen", "indicator", ("V01", "Hennepkwekerij")),
    ],
)
def test_beside_every_code_stand_its_dutch_words(folder, name, column, pair):
    """Who opens it by a double click reads no English, and who programs reads no Dutch."""
    table = pd.read_csv(folder / f"{name}.csv")
    pairs = set(table[[column, f"{column}_name"]].itertuples(index=False, name=None))
    assert pair in pairs
    assert len(pairs) == table[column].nunique(dropna=False)


def test_every_column_is_in_the_dictionary_and_every_row_carries_its_labels(folder):
    fields = pd.read_csv(folder / "velden.csv")
    assert set(fields["table"]) == set(KEYS)
    for name, known in fields.groupby("table"):
        assert list(known["column"]) == list(pd.read_csv(folder / f"{name}.csv").columns)
        assert not known["dutch"].duplicated().any()
    assert fields["meaning"].str.len().min() > 8
    assert not fields["meaning"].str.contains(r"[?{}]").any(), "a CSV has no sign where there is no figure"
    label = wb.load_catalogue().audience("riec").label
    for path in folder.iterdir():
        for notice in pd.read_csv(path)["notice"]:
            for text in ("FICTIEVE GEGEVENS", "Vermoedens, geen vaststelling", label, "besluit van"):
                assert text in notice


def test_no_text_is_a_formula_and_marks_of_the_format_stay_in_their_field(almere, tmp_path):
    formulas = [
        "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u200b=1", "＝1", '=HYPERLINK("https://example.org")',
        "=cmd|' /C'!A0",
    ]  # fmt: skip
    texts = ['a;b,c"d', "twee\nregels", "twee\r=1+1", "É – ok"]
    named = almere.parks.assign(name=list(islice(cycle([*formulas, *texts]), 31)))
    write_views([view_of(replace(almere, _parks=named))], tmp_path)
    with (tmp_path / "tabellen" / "terreinen.csv").open(encoding="utf-8", newline="") as handle:
        names = {row["park"] for row in csv.DictReader(handle)}
    assert names == {*(f"'{text}" for text in formulas), *texts}
