"""Finding the matrix on a sheet by what stands there, and naming what should not."""

import time

import pytest

from werkbank.matrix.locating import Words, find_edges, keys_of, locate
from werkbank.matrix.opening import Table

PARKS = Words.of("park", [("P-01", "Zanglijster"), ("P-02", "Dodaars"), ("P-03", "Kuifeend")])
CODES = Words.of("indicator", [("V01", "Hennep"), ("V02", "Drugslab"), ("G01", "Ligging")])
PLAIN = (
    ("Risicomatrix Urk", "", "", ""),
    ("", "Terreincode", "P-01", "P-02"),
    ("Code", "Indicator", "Zanglijster", "Dodaars"),
    ("", "Verschijningsvormen", "", ""),
    ("V01", "Hennep", "2", "0"),
    ("V02", "Drugslab", "", "1"),
)


def table(*rows, **options):
    width = max(map(len, rows), default=0)
    return Table("urk_politie.xlsx", "Matrix", tuple((*row, *[""] * (width - len(row))) for row in rows), **options)


def in_table(found, parks=PARKS, codes=CODES):
    edges = find_edges(found, keys_of(found), parks, codes)
    return None if edges is None else locate(edges, parks, codes)


def find(*rows, **options):
    return in_table(table(*rows, **options))


def plain(*more, **instead):
    """The matrix with other texts at some addresses, and more rows below it."""
    rows = [[*row, ""] for row in PLAIN] + [list(row) for row in more]
    for cell, text in instead.items():
        rows[int(cell[1:]) - 1]["ABCDE".index(cell[0])] = text
    return rows


def shown(located):
    return sorted((finding.rule, finding.cell, finding.severity) for finding in located.findings)


def test_codes_are_found_where_they_stand():
    """The header row, the code column, and in them every known code with its place."""
    located = find(*plain())
    assert (located.edges.header, located.edges.side, located.findings) == (1, 0, ())
    assert (located.columns, located.rows) == ({"P-01": 2, "P-02": 3}, {"V01": 4, "V02": 5})
    # The edges may lie anywhere: codes to the right of the parks, the head below the indicators.
    located = find(["2", "0", "V01"], ["", "1", "V02"], ["P-01", "P-02", ""])
    assert (located.edges.header, located.edges.side) == (2, 2)
    assert (located.columns, located.rows) == ({"P-01": 0, "P-02": 1}, {"V01": 0, "V02": 1})


NO_MATRIX = {
    "none": [],
    "one empty": [[]],
    "empty cells": [["", ""], ["", ""]],
    "text": [["Notities"], ["bellen"]],
    "only parks": [["", "P-01", "P-02"]],
    "only codes": [["V01"], ["V02"]],
    "list of remarks": [["Terreincode", "Indicator"], ["P-01", "V01"], ["P-01", "V02"]],
    "code in the corner": [["V01", "P-01"], ["V02", "2"]],
    "names only": [["", "Zanglijster", "Dodaars"], ["Hennep", "2", "0"], ["Drugslab", "", "1"]],
    # The parks as rows.
    "on its side": [list(column) for column in zip(*PLAIN, strict=True)],
}


@pytest.mark.parametrize("rows", NO_MATRIX.values(), ids=NO_MATRIX.keys())
def test_a_sheet_without_a_matrix_has_none(rows):
    """Codes along two edges that cross in an empty or a headed corner, or it is no matrix."""
    assert find(*rows) is None


FAULTS = {
    # texts at other addresses → the codes that are read all the same, the findings, and what the first of them says
    "an unknown park": ({"D2": "PP-02"}, "P-01 V01 V02", [("unknown-park", "D2", "error")], ["bedoelt u “P-02”?", "pp-02"]),
    "an unknown indicator": ({"A6": "VO2"}, "P-01 P-02 V01", [("unknown-indicator", "A6", "error")], ["bedoelt u “V02”?", "vo2"]),
    "nearly a name": ({"C2": "Zanglister", "C3": "", "D3": ""}, "P-02 V01 V02", [("unknown-park", "C2", "error")], ["bedoelt u “P-01” (Zanglijster)?", "een tekst die geen code is"]),
    "a code of nothing": ({"A6": "X99"}, "P-01 P-02 V01", [("unknown-indicator", "A6", "error")], ["verbeter de code of haal de indicator weg", "“x99”"]),
    "a name for a code": ({"C2": "Zanglijster"}, "P-02 V01 V02", [("unknown-park", "C2", "error")]),
    "a wiped park": ({"C2": ""}, "P-02 V01 V02", [("values-without-park", "C2", "warning")]),
    "a wiped indicator": ({"A5": " "}, "P-01 P-02 V02", [("values-without-indicator", "A5", "warning")]),
    "remarks in a column": ({"E2": "Opmerkingen", "E5": "x"}, "P-01 P-02 V01 V02", [("values-without-park", "E2", "warning")]),
    "a lone word in the head": ({"E2": "einde"}, "P-01 P-02 V01 V02", []),
    "a name that nobody knows": ({"C3": "Nieuwe naam"}, "P-01 P-02 V01 V02", []),
    "a doubled park": (
        {"E2": "p-01 ", "E5": "3"}, "P-02 V01 V02", [("doubled-park", "C2", "error"), ("doubled-park", "E2", "error")],
        ["haal er één weg", "P-01 staat ook in E2"],
    ),
    "the name of another": (
        {"E2": "P-03", "E3": "Kuifeend", "C3": "Kuifeend", "B5": "Drugslab"}, "P-02 P-03 V02",
        [("code-and-name-differ", "A5", "error"), ("code-and-name-differ", "C2", "error")],
        ["controleer welke van de twee bedoeld is", "de naam van P-03"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_what_is_wrong_with_a_head_is_named_with_its_cell_and_what_was_meant(name):
    """What is doubtful is in neither edge: no judgement below it is read under a guess.

    A near miss is asked about as far as it is certain; what only resembles a name is not repeated.
    """
    instead, read, findings, *words = FAULTS[name]
    located = find(*plain(**instead))
    assert shown(located) == findings
    assert sorted((*located.columns, *located.rows)) == read.split()
    for remedy, found in words:
        assert (located.findings[0].remedy, found in located.findings[0].found) == (remedy, True)


@pytest.mark.parametrize("text", ["jansen", "ab-123-c", "06-12345678", "x" * 61, "Jansen zei dat hier wordt gehandeld"])
def test_a_text_that_is_no_code_is_not_quoted(text):
    """In the place of a code may stand a remark, a plate or a name: it is named by its place only."""
    for cell, rule in (("D2", "values-without-park"), ("A5", "values-without-indicator")):
        located = find(*plain(**{cell: text}))
        assert shown(located) == [(rule, cell, "warning")]
        assert text.casefold() not in str(located.findings[0]).casefold()


@pytest.mark.parametrize(
    ("merged", "instead", "finding"),
    [
        ({(1, 2): (1, 2), (1, 3): (1, 2)}, {"D2": ""}, ("merged-code", "C2", "error")),
        ({(4, 0): (4, 0), (5, 0): (4, 0)}, {"A6": ""}, ("merged-code", "A5", "error")),
        ({(1, 2): (1, 2), (2, 2): (1, 2), (1, 3): (1, 3), (2, 3): (1, 3)}, {}, None),
    ],
    ids=["over two columns", "over two rows", "with its own name below"],
)
def test_a_code_merged_along_its_edge_counts_for_nothing(merged, instead, finding):
    """Which of the columns or rows beside it holds the judgement is not certain; merged with its name it is."""
    located = find(*plain(**instead), merged=merged)
    if finding:
        assert finding in shown(located)
        assert {"P-01", "V01"} & located.doubtful
    else:
        assert located.columns == {"P-01": 2, "P-02": 3}


def test_what_stands_beside_or_repeats_the_heads_changes_nothing():
    """Texts above the head, a lone note below the matrix; the same parks once more, as on the second page of a print.

    Two parts side by side with their rows in the same order are one matrix.
    """
    rows = [["Concept", "", "", "niet verspreiden"], *plain([], ["bijgewerkt door de afdeling"])]
    assert find(*rows).findings == ()
    located = find(*plain(["", "Terreincode", "P-01", "Dodaars"], ["G01", "Ligging", "3", "3"]))
    assert (located.rows, located.findings) == ({"V01": 4, "V02": 5, "G01": 7}, ())
    extra = (["", ""], ["", "P-03"], ["", ""], ["", ""], ["V01", "3"], ["V02", "0"])
    located = find(*[[*row, *more] for row, more in zip(PLAIN, extra, strict=True)])
    assert set(located.columns) == {"P-01", "P-02", "P-03"}


def test_a_name_that_is_a_number_or_a_code_is_no_name():
    """A park called "2" would be found among the levels."""
    assert Words.of("park", [("P-01", "2"), ("P-03", "P-01"), ("P-04", "")]).names == {}


SECOND = {
    "other order": [*plain(["", "", "P-02", "P-01"], ["G01", "", "3", "3"])],
    "another and one": [*plain(["", "", "P-03", "P-01"], ["G01", "", "3", "3"])],
    "another": [*plain(["", "", "P-03", ""], ["G01", "", "3", ""])],
    "above": [["", "", "P-03", ""], ["G01", "", "3", ""], [], *plain()],
    "indicators in another order": [
        [*row, *more] for row, more in zip(PLAIN, (["", ""], ["", "P-03"], ["", ""], ["", ""], ["V02", "3"], ["V01", "0"]), strict=True)
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "cell"), list(zip(SECOND.values(), ["C7", "C7", "C7", "C1", "E5"], strict=True)), ids=SECOND.keys()
)
def test_with_a_second_head_nothing_is_read(rows, cell):
    """What stands behind it would be read as judgements about the wrong parks or indicators."""
    located = find(*rows)
    assert (located.columns, located.rows) == ({}, {})
    assert {"P-01", "P-02", "P-03", "V01"} <= located.doubtful
    assert shown(located) == [("second-head", cell, "error")]


def test_a_sheet_full_of_other_texts_costs_little():
    """Thousands of texts where codes should be: each is named, and only some are compared with all that is known."""
    parks = Words.of("park", [(f"ALM-{number:04}", f"Terrein {number}") for number in range(3_800)])
    wide = table(["", "ALM-0001", *[f"XLM{number}" for number in range(3_000)]], ["V01", *["1"] * 3_001])
    began = time.process_time()
    assert len(in_table(wide, parks).findings) == 3_000
    assert time.process_time() - began < 10
