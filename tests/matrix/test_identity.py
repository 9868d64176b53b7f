"""Whose workbook it is: the hidden sheet says so, the name may not contradict it."""

from __future__ import annotations

import pytest

from werkbank.errors import MatrixError
from werkbank.matrix.layout import SCHEMA_VERSION, SHEET_MATRIX, SHEET_SCHEMA

from .conftest import by_cell

KEYS = {
    "schema_version": 1,
    "round": 2,
    "municipality": 3,
    "party": 4,
    "catalogue_version": 5,
    "catalogue_fingerprint": 6,
}


def with_schema(**values):
    def change(book):
        for key, value in values.items():
            book[SHEET_SCHEMA].cell(KEYS[key], 2).value = value

    return change


def without(*keys):
    def change(book):
        for key in keys:
            book[SHEET_SCHEMA].cell(KEYS[key], 1).value = None

    return change


def without_schema(book):
    del book[SHEET_SCHEMA]


def refused(load, path):
    with pytest.raises(MatrixError) as caught:
        load(path)
    return [finding.rule for finding in caught.value.findings]


def test_the_hidden_sheet_counts_and_not_the_name(workbook, load, original):
    """A file may be renamed as its sender likes, as long as the name says nothing else."""
    for name in ("Retour definitief.xlsx", "urk_politie (2).xlsx", "concept_urk_politie.xlsx", "politie.xlsx",
                 "urk_politie_2026-1.xlsx", "ronde 2.xlsx"):  # fmt: skip
        matrix = load(workbook(name=name))
        assert by_cell(matrix) == original
        assert matrix.findings == ()


@pytest.mark.parametrize(
    "name",
    ["almere_politie.xlsx", "urk_gemeente.xlsx", "almere_gemeente.xlsx", "elders_gemeente.xlsx",
     "urk_politie_2025-2.xlsx", "retour 2025-2.xlsx", "politie 2e ronde 2025.xlsx"],
)  # fmt: skip
def test_a_swapped_workbook_is_refused(workbook, load, name):
    """Contents of one party, municipality or round under the name of another are not read for either."""
    assert refused(load, workbook(name=name)) == ["swapped-workbook"]


def test_another_round_is_refused(workbook, load):
    """Last year's workbook does not count for this year."""
    assert refused(load, workbook(round="2025-1")) == ["wrong-round"]


def test_a_round_is_not_quoted_at_length(workbook, load):
    """What stands where a round should stand may be anything; no more than a line of it is repeated."""
    with pytest.raises(MatrixError) as caught:
        load(workbook(with_schema(round="geheim " * 500)))
    assert len(str(caught.value)) < 400


def without_title(book):
    book[SHEET_MATRIX]["A1"] = "Risicomatrix"


def also(*changes):
    def change(book):
        for each in changes:
            each(book)

    return change


@pytest.mark.parametrize("change", [without_schema, without("round")], ids=["no sheet", "no round"])
def test_a_workbook_that_does_not_name_its_round_is_read_with_a_warning(workbook, load, original, change):
    """The file's name is then believed; that it could be of another round is said."""
    matrix = load(workbook(also(change, without_title)))
    assert by_cell(matrix) == original
    assert [(finding.rule, finding.severity) for finding in matrix.findings] == [("unknown-round", "warning")]


@pytest.mark.parametrize("change", [without_schema, without("round")], ids=["no sheet", "no round"])
def test_a_title_tells_the_round_too(workbook, load, original, change):
    """What the title says of the round counts when the hidden sheet is gone, and is held against it as well."""
    matrix = load(workbook(change))
    assert by_cell(matrix) == original
    assert matrix.findings == ()
    assert refused(load, workbook(also(change, with_title("Urk · politie · ronde 2025-2")))) == ["wrong-round"]


def with_title(text):
    return lambda book: book[SHEET_MATRIX].__setitem__("A1", text)


def test_without_sheet_and_name_the_title_and_the_parks_say_whose_it_is(workbook, load, original):
    """Every park is of Urk and the title names the police: it is read, and what was concluded is said."""
    matrix = load(workbook(without_schema, name="Retour.xlsx"))
    assert by_cell(matrix) == original
    assert [(finding.rule, finding.severity) for finding in matrix.findings] == [("concluded-identity", "warning")]
    assert "gemeente urk uit de terreinen" in matrix.findings[0].found
    assert "partij politie uit de titel" in matrix.findings[0].found


def test_the_name_of_the_sheet_may_tell_the_party(workbook, load, original):
    """Who renames the sheet to the party that filled it in, has said so."""

    def rename(book):
        book[SHEET_MATRIX].title = "Politie"

    matrix = load(workbook(also(without_schema, without_title, rename), name="urk.xlsx"))
    assert by_cell(matrix) == original
    assert [finding.rule for finding in matrix.findings] == ["unknown-round", "concluded-identity"]


@pytest.mark.parametrize(
    "title", ["Risicomatrix", "Risicomatrix gemeente Urk", "Politie en gemeente", "Politie of gemeente? ronde 2026-1"]
)
def test_without_anything_that_names_the_party_nothing_is_guessed(workbook, load, title):
    """ "gemeente Urk" names the place and not who filled it in; two parties name none."""
    path = workbook(also(without_schema, with_title(title)), name="Retour.xlsx")
    assert refused(load, path)[0] == "unknown-party"


def test_a_municipality_is_not_guessed_from_some_of_the_parks(workbook, load):
    """Parks of two municipalities and no name: whose it is, is not known."""

    def mix(book):
        without_title(book)
        book[SHEET_MATRIX]["E2"] = "ALM-01"

    path = workbook(also(without_schema, mix), name="Retour.xlsx")
    assert refused(load, path)[:2] == ["unknown-municipality", "unknown-party"]


@pytest.mark.parametrize(
    "title",
    ["Urk · gemeente · ronde 2026-1", "Almere · politie", "Terreinen van Almere", "Urk · politie · ronde 2025-2"],
)
def test_a_title_of_another_is_a_swapped_workbook(workbook, load, title):
    """A sheet of one party, municipality or round, pasted into the workbook of another, is read for neither."""
    assert refused(load, workbook(with_title(title))) == ["swapped-workbook"]


def test_parks_of_another_municipality_only_are_a_swapped_workbook(workbook, load):
    """One finding for the whole, and not one for each park."""

    def paste(book):
        for cell, park in (("C2", "ALM-01"), ("D2", "ALM-02")):
            book[SHEET_MATRIX][cell] = park
        for cell in ("E2", "C3", "D3", "E3"):
            book[SHEET_MATRIX][cell] = None

    assert refused(load, workbook(paste)) == ["swapped-workbook"]
    assert refused(load, workbook(also(paste, without_schema))) == ["swapped-workbook"]


@pytest.mark.parametrize("value", ["../../etc", "Almeer", 5, "urk/../almere", "URK"])
def test_a_municipality_outside_the_register_is_refused(workbook, load, value):
    """Only a municipality of the register can be read; a path is none."""
    assert "unknown-municipality" in refused(load, workbook(with_schema(municipality=value), name="x.xlsx"))


def test_a_near_miss_is_answered_with_a_question(workbook, load):
    """ "almeer": bedoelt u "almere"?"""
    with pytest.raises(MatrixError) as caught:
        load(workbook(with_schema(municipality="almeer"), name="x.xlsx"))
    assert caught.value.findings[0].remedy == "bedoelt u “almere”?"


@pytest.mark.parametrize("value", ["politie", "justitie", 1])
def test_an_unknown_party_is_refused(workbook, load, value):
    """The sheet holds the catalogue's id of a party, not its name."""
    assert "unknown-party" in refused(load, workbook(with_schema(party=value), name="x.xlsx"))


@pytest.mark.parametrize("value", [SCHEMA_VERSION + 1, "99", "²", "1.5", "", "x", "9" * 5_000])
def test_a_version_that_is_not_known_is_refused(workbook, load, value):
    """A workbook of a newer werkbank may mean something else by the same cell."""
    assert refused(load, workbook(with_schema(schema_version=value))) == ["newer-workbook"]


@pytest.mark.parametrize("value", [SCHEMA_VERSION, float(SCHEMA_VERSION), str(SCHEMA_VERSION)])
def test_a_version_may_be_a_number_or_a_text(workbook, load, value):
    """Some programs turn the text 1 into the number 1."""
    assert load(workbook(with_schema(schema_version=value))).findings == ()


def test_another_catalogue_is_a_warning(workbook, load, original):
    """The workbook is read, and the analyst hears that its levels may have meant something else."""
    matrix = load(workbook(with_schema(catalogue_fingerprint="0" * 64, catalogue_version="0.0")))
    assert by_cell(matrix) == original
    assert [(finding.rule, finding.severity) for finding in matrix.findings] == [("other-catalogue", "warning")]
    assert "0.0" in matrix.findings[0].found


def test_everything_wrong_with_a_workbook_is_named_at_once(workbook, load):
    """Round, party and version in one go."""
    path = workbook(with_schema(round="2024-1", party="x", schema_version=9), name="x.xlsx")
    assert refused(load, path) == ["unknown-party", "wrong-round", "newer-workbook"]


def test_an_empty_hidden_sheet_is_as_good_as_none(workbook, load, original):
    """A sheet of one column, or of none, says nothing and breaks nothing."""
    matrix = load(workbook(lambda book: book[SHEET_SCHEMA].delete_cols(2)))
    assert by_cell(matrix) == original
    assert matrix.findings == ()
