"""Whose workbook it is: the hidden sheet says so, the name may not contradict it."""

import pytest

from werkbank.matrix.layout import SCHEMA_KEYS, SCHEMA_VERSION, SHEET_SCHEMA
from werkbank.matrix.reading import load_matrix

from .conftest import PARKS, ROUND, by_cell, refused, rules

KEYS = {key: row for row, key in enumerate(SCHEMA_KEYS, 1)}


def with_schema(**values):
    def change(book):
        for key, value in values.items():
            book[SHEET_SCHEMA].cell(KEYS[key], 2).value = value

    return change


def without_schema(book):
    del book[SHEET_SCHEMA]


def test_the_hidden_sheet_counts_and_not_the_name(workbook, load, judged):
    """A file may be renamed as its sender likes, as long as the name says nothing else."""
    for name in ("Retour definitief.xlsx", "urk_politie (2).xlsx", "concept_urk_politie.xlsx", "politie.xlsx",
                 "urk_politie_2026-1.xlsx", "ronde 2.xlsx", "gemeente Urk.xlsx"):  # fmt: skip
        matrix = load(workbook(name=name))
        assert (by_cell(matrix), matrix.findings) == (judged, ())


def titled(words):
    def change(book):
        without_schema(book)
        book["Matrix"]["A1"].value = words

    return change


NAMES = ("almere_politie.xlsx", "urk_gemeente.xlsx", "almere_gemeente (1).xlsx", "URK_Gemeente - kopie.xlsx")
NOBODY = ("Retour.xlsx", "gemeente Urk.xlsx", "urk.xlsx", "politie.xlsx", "Politie, basisteam Urk.xlsx")
REFUSALS = [
    # Contents of one party or municipality under the name of another are not read for either.
    *((["swapped-workbook"], {"name": name}) for name in NAMES),
    (["wrong-round"], {"round": "2025-1"}),
    # Without the hidden sheet the title may say it, as the werkbank prints it or otherwise.
    (["wrong-round"], {"round": "2025-1", "edit": without_schema}),
    *((["wrong-round"], {"edit": titled(title)}) for title in ("Risicomatrix ronde voorjaar-2", "Urk 2025-1")),
    # Without the hidden sheet the name has to say it, as was agreed.
    *((["unknown-municipality", "unknown-party"], {"edit": without_schema, "name": name}) for name in NOBODY),
    # Only a municipality of the register can be read; a path is none.
    *((["unknown-municipality"], {"edit": with_schema(municipality=value), "name": "x.xlsx"})
      for value in ("../../etc", "Almeer", 5, "urk/../almere", "URK")),
    # The sheet holds the catalogue's id of a party, not its name.
    *((["unknown-party"], {"edit": with_schema(party=value), "name": "x.xlsx"}) for value in ("politie", "justitie", 1)),
    # A workbook of a newer werkbank may mean something else by the same cell.
    *((["newer-workbook"], {"edit": with_schema(schema_version=value)})
      for value in (SCHEMA_VERSION + 1, "99", "²", "1.5", "", "x", "9" * 5_000)),
    # Everything wrong with a workbook is named at once.
    (["unknown-party", "wrong-round", "newer-workbook"],
     {"edit": with_schema(round="2024-1", party="x", schema_version=9), "name": "x.xlsx"}),
]  # fmt: skip


@pytest.mark.parametrize(("found", "made"), REFUSALS)
def test_whose_is_not_certain_is_not_read(workbook, load, found, made):
    assert rules(refused(load, workbook(**made)))[: len(found)] == found


def test_a_near_miss_is_answered_with_a_question_and_a_round_is_not_quoted_at_length(workbook, load):
    """What stands where a round should stand may be anything; no more than a line of it is repeated."""
    findings = refused(load, workbook(with_schema(municipality="almeer"), name="x.xlsx"))
    assert findings[0].remedy == "bedoelt u “almere”?"
    assert len(str(refused(load, workbook(with_schema(round="geheim " * 500))))) < 600


@pytest.mark.parametrize(
    ("change", "name"),
    [(without_schema, name) for name in ("urk_politie.xlsx", "urk_politie (1).xlsx", "URK_Politie - kopie.xlsx")]
    + [
        (titled(title), "urk_politie.xlsx")
        for title in ("Na 2025-1: 2026-1", "Op 2025-1-15", "Ronde 2026-1.", "Ronde 2")
    ]
    + [
        (lambda book: book[SHEET_SCHEMA].delete_rows(KEYS["round"]), "x.xlsx"),
        (lambda book: book[SHEET_SCHEMA].delete_cols(2), "urk_politie.xlsx"),
    ],
)
def test_without_the_sheet_the_name_says_whose_it_is_and_nothing_of_which_round(workbook, load, judged, change, name):
    """The workbook is read; that it could be of another round is said."""
    matrix = load(workbook(change, name=name))
    assert by_cell(matrix) == judged
    assert [(finding.rule, finding.severity) for finding in matrix.findings] == [("unknown-round", "warning")]


@pytest.mark.parametrize("value", [SCHEMA_VERSION, float(SCHEMA_VERSION), str(SCHEMA_VERSION)])
def test_a_version_may_be_a_number_or_a_text(workbook, load, value):
    """Some programs turn the text 1 into the number 1."""
    assert load(workbook(with_schema(schema_version=value))).findings == ()


def test_another_catalogue_is_a_warning(workbook, load, judged):
    """The workbook is read, and the analyst hears that its levels may have meant something else."""
    matrix = load(workbook(with_schema(catalogue_fingerprint="0" * 64, catalogue_version="0.0")))
    assert by_cell(matrix) == judged
    assert [(finding.rule, finding.severity) for finding in matrix.findings] == [("other-catalogue", "warning")]
    assert "0.0" in matrix.findings[0].found


@pytest.mark.parametrize(
    ("part", "change", "found"),
    [
        # What is weighed, or made of it, may change after a workbook was sent; what is asked may not.
        ("indicators", {"weight": 3.0}, []),
        ("indicators", {"best_judge": "both", "sources": ("elders",)}, []),
        ("indicators", {"name": "Iets anders"}, ["other-catalogue"]),
        ("indicators", {"description": "Iets anders."}, ["other-catalogue"]),
        ("scales", {"points": (0.0, 10.0, 50.0, 100.0), "description": "Anders gezegd."}, []),
        ("families", {"weight": 0.5, "score_name": "Anders"}, []),
        ("families", {"question": "Hoe vaak is dit gezien?"}, ["other-catalogue"]),
    ],
)
def test_only_other_rows_or_levels_are_another_catalogue(workbook, catalogue, part, change, found):
    """Before, every change of the catalogue was told of every workbook that was under way."""
    first, *others = getattr(catalogue, part)
    changed = catalogue.model_copy(update={part: (first.model_copy(update=change), *others)})
    matrix = load_matrix([workbook()], changed, PARKS, round=ROUND)
    assert [finding.rule for finding in matrix.findings] == found
