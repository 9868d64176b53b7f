"""Finding the matrix on a sheet by what stands there, and naming what should not."""

from __future__ import annotations

import pytest

from werkbank.matrix.locate import locate
from werkbank.matrix.workbook import Table

PARKS = ("P-01", "P-02", "P-03")
CODES = ("V01", "V02", "G01")


def table(*rows, **options):
    width = max(map(len, rows), default=0)
    return Table("Matrix", tuple((*row, *[""] * (width - len(row))) for row in rows), **options)


def find(*rows, **options):
    return locate(table(*rows, **options), "urk_politie.xlsx", PARKS, CODES)


def plain():
    return [
        ["Risicomatrix Urk"],
        ["", "Terreincode", "P-01", "P-02"],
        ["Code", "Indicator", "Zanglijster", "Dodaars"],
        ["", "Verschijningsvormen"],
        ["V01", "Hennep", "2", "0"],
        ["V02", "Drugslab", "", "1"],
    ]


def shown(located):
    return sorted((finding.rule, finding.cell, finding.severity) for finding in located.findings)


def test_codes_are_found_where_they_stand():
    """The header row, the code column, and in them every known code with its place."""
    located = find(*plain())
    assert (located.header, located.code_column) == (1, 0)
    assert located.columns == {"P-01": 2, "P-02": 3}
    assert located.rows == {"V01": 4, "V02": 5}
    assert located.findings == ()


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [[]],
        [["", ""], ["", ""]],
        [["Notities"], ["bellen"]],
        [["", "P-01", "P-02"]],
        [["V01"], ["V02"]],
        [["Terreincode", "Indicator"], ["P-01", "V01"], ["P-01", "V02"]],
        [["V01", "P-01"], ["V02", "2"]],
    ],
    ids=[
        "no rows",
        "one empty row",
        "empty cells",
        "text",
        "only parks",
        "only codes",
        "list of remarks",
        "code in the corner",
    ],
)
def test_a_sheet_without_a_matrix_has_none(rows):
    """Codes along two edges that cross in an empty or a headed corner, or it is no matrix."""
    assert find(*rows) is None


@pytest.mark.parametrize("written", ["p-01", " P-01 ", "P-01\u00a0", "P-0\u200b1", "Ｐ-01"])
def test_a_code_is_known_however_it_is_written(written):
    """Capitals, wide letters, outer and invisible spaces do not make another code."""
    rows = plain()
    rows[1][2] = written
    assert find(*rows).columns == {"P-01": 2, "P-02": 3}


def test_a_code_that_became_a_number_is_known():
    """A register with numbers for codes meets a workbook in which they are numbers."""
    located = locate(table(["", "", 1001.0, 1002.0], ["V01", "", 2.0, 0.0]), "f", ("1001", "1002"), CODES)
    assert located.columns == {"1001": 2, "1002": 3}


def test_an_unknown_park_is_named_with_the_nearest():
    """ "P-04" is not in the register: the cell, and "bedoelt u …?"."""
    rows = plain()
    rows[1][3] = "PP-02"
    (finding,) = find(*rows).findings
    assert (finding.rule, finding.cell, finding.severity) == ("unknown-park", "D2", "error")
    assert "pp-02" in finding.found
    assert finding.remedy == "bedoelt u “P-02”?"


def test_an_unknown_indicator_is_named_with_the_nearest():
    """A mistyped code costs no judgement in silence."""
    rows = plain()
    rows[5][0] = "VO2"
    located = find(*rows)
    assert shown(located) == [("unknown-indicator", "A6", "error")]
    assert located.findings[0].remedy == "bedoelt u “V02”?"
    assert located.rows == {"V01": 4}


@pytest.mark.parametrize("text", ["jansen", "ab-123-c", "06-12345678", "x" * 61, "Jansen zei dat hier wordt gehandeld"])
def test_a_text_that_is_no_code_is_not_quoted(text):
    """In the place of a code may stand a remark, a plate or a name: it is named by its place only."""
    rows = plain()
    rows[1][3] = text
    rows[5][0] = text
    located = find(*rows)
    assert shown(located) == [("unknown-indicator", "A6", "error"), ("unknown-park", "D2", "error")]
    assert not any(text.casefold() in str(finding).casefold() for finding in located.findings)


def test_a_doubled_park_counts_for_nothing():
    """Which of the two columns is meant is not known: both cells are named, neither is read."""
    rows = plain()
    rows[1].append("p-01 ")
    rows[4].append("3")
    located = find(*rows)
    assert located.columns == {"P-02": 3}
    assert located.doubtful == {"P-01"}
    assert shown(located) == [("doubled-park", "C2", "error"), ("doubled-park", "E2", "error")]
    assert "E2" in located.findings[0].found


def test_a_doubled_indicator_counts_for_nothing():
    """The same for rows; three times is three findings."""
    located = find(*plain(), ["V01", "Hennep", "3"], ["v01", "Hennep", "1"])
    assert located.rows == {"V02": 5}
    assert shown(located) == [("doubled-indicator", cell, "error") for cell in ("A5", "A7", "A8")]


def test_a_park_code_merged_over_two_columns_counts_for_nothing():
    """Which of the columns below it holds the judgement is not certain."""
    merged = {(1, 2): (1, 2), (1, 3): (1, 2)}
    rows = plain()
    rows[1][3] = ""
    located = find(*rows, merged=merged)
    assert located.columns == {}
    assert located.doubtful == {"P-01"}
    assert ("merged-code", "C2", "error") in shown(located)
    assert ("values-without-park", "D2", "warning") not in shown(find(*plain()))


def test_two_heads_merged_downwards_are_clear():
    """A park code merged with its own name below still heads one column."""
    merged = {(1, 2): (1, 2), (2, 2): (1, 2), (1, 3): (1, 3), (2, 3): (1, 3)}
    assert find(*plain(), merged=merged).columns == {"P-01": 2, "P-02": 3}


def test_an_indicator_merged_over_two_rows_counts_for_nothing():
    """The same for a code that spans two rows."""
    merged = {(4, 0): (4, 0), (5, 0): (4, 0)}
    rows = plain()
    rows[5][0] = ""
    located = find(*rows, merged=merged)
    assert located.rows == {}
    assert ("merged-code", "A5", "error") in shown(located)


def test_values_below_a_wiped_park_code_are_named():
    """Who wipes out a code leaves judgements that are about nothing: a warning with the cell."""
    rows = plain()
    rows[1][2] = ""
    assert shown(find(*rows)) == [("values-without-park", "C2", "warning")]


def test_values_beside_a_wiped_indicator_code_are_named():
    """The same for a row without its code."""
    rows = plain()
    rows[4][0] = " "
    assert shown(find(*rows)) == [("values-without-indicator", "A5", "warning")]


def test_titles_headings_and_notes_are_no_codes():
    """Texts above the head, headings of families and a lone note below the matrix raise nothing."""
    rows = [["Concept", "", "", "niet verspreiden"], *plain(), [], ["bijgewerkt door de afdeling"]]
    assert find(*rows).findings == ()


def test_a_lone_word_in_the_head_is_no_park():
    """A word above an empty column says nothing about any judgement."""
    rows = plain()
    rows[1].append("einde")
    assert find(*rows).findings == ()


def test_the_edges_may_lie_anywhere():
    """Codes to the right of the parks, the head below the indicators: the same matrix."""
    located = find(["2", "0", "V01"], ["", "1", "V02"], ["P-01", "P-02", ""])
    assert (located.header, located.code_column) == (2, 2)
    assert located.columns == {"P-01": 0, "P-02": 1}
    assert located.rows == {"V01": 0, "V02": 1}
