"""The tidy tables: what is so, codes beside Dutch words, every column explained, no text that becomes a formula."""

import csv
from dataclasses import replace

import pandas as pd
import pytest

import werkbank as wb

KEYS = {
    "terreinen": ["park_id"], "deelscores": ["park_id", "group"], "cellen": ["park_id", "indicator"],
    "oordelen": ["park_id", "indicator", "party"], "fenomenen": ["park_id", "phenomenon"],
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(almere, tmp_path_factory):
    target = tmp_path_factory.mktemp("tables")
    wb.report.write_tables(almere, target)
    return target / "tabellen"


def names_in(folder):
    """The parks' names as the table has them."""
    with (folder / "tabellen" / "terreinen.csv").open(encoding="utf-8", newline="") as handle:
        return {row["park"] for row in csv.DictReader(handle)}


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


@pytest.mark.parametrize(
    "text",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\u200b=1", "＝1", '=HYPERLINK("https://example.org")',
     "=cmd|' /C'!A0"],
)  # fmt: skip
def test_no_text_is_a_formula(urk, tmp_path, text):
    wb.report.write_tables(replace(urk, _parks=urk.parks.assign(name=text)), tmp_path)
    assert names_in(tmp_path) == {f"'{text}"}


def test_text_with_marks_of_the_format_stays_in_its_field(urk, tmp_path):
    texts = ['a;b,c"d', "twee\nregels", "twee\r=1+1", "É – ok"]
    wb.report.write_tables(replace(urk, _parks=urk.parks.assign(name=texts)), tmp_path)
    assert names_in(tmp_path) == set(texts)


def test_equal_assessments_give_equal_bytes(almere, folder, tmp_path):
    wb.report.write_tables(almere, tmp_path)
    for path in folder.iterdir():
        assert (tmp_path / "tabellen" / path.name).read_bytes() == path.read_bytes()
