"""Finding the matrix on a sheet by what stands there, and naming what should not."""

from __future__ import annotations

import time

import pytest
from werkbank.matrix.locating import Words, locate
from werkbank.matrix.opening import Table

PARKS = Words.of("park", [("P-01", "Zanglijster"), ("P-02", "Dodaars"), ("P-03", "Kuifeend")])
CODES = Words.of("indicator", [("V01", "Hennep"), ("V02", "Drugslab"), ("G01", "Ligging")])


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
    located = locate(
        table(["", "", 1001.0, 1002.0], ["V01", "", 2.0, 0.0]),
        "f",
        Words.of("park", [("1001", "a"), ("1002", "b")]),
        CODES,
    )
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


def turned(rows):
    width = max(map(len, rows))
    return [list(column) for column in zip(*([*row, *[""] * (width - len(row))] for row in rows), strict=True)]


def test_parks_may_be_rows():
    """The same matrix on its side: found, and every place told as it is in the file."""
    rows = turned(plain())
    located = find(*rows)
    assert (located.columns, located.rows) == ({"P-01": 2, "P-02": 3}, {"V01": 4, "V02": 5})
    assert located.table.turned
    assert located.table.where(4, 2) == {"sheet": "Matrix", "cell": "E3"}
    assert located.findings == ()
    rows[3][1] = "P-1"
    assert shown(find(*rows)) == [("unknown-park", "B4", "error")]


@pytest.mark.parametrize("side", [plain(), turned(plain())], ids=["upright", "turned"])
def test_names_alone_are_enough(side):
    """Without codes the names are taken, and that is said once for each edge."""
    rows = [["" if cell in {"P-01", "P-02", "V01", "V02", "Terreincode"} else cell for cell in row] for row in side]
    located = find(*rows)
    assert set(located.columns) == {"P-01", "P-02"}
    assert set(located.rows) == {"V01", "V02"}
    assert [(finding.rule, finding.severity) for finding in located.findings] == [("name-for-code", "remark")] * 2


@pytest.mark.parametrize("written", ["zanglijster ", "ZANGLIJSTER", "Zang\u200blijster", "Zanglijster\u00a0"])
def test_one_name_among_codes_is_taken(written):
    """Capitals and spaces do not matter; the remark names the code it was taken for."""
    rows = plain()
    rows[1][2], rows[2] = written, ["Code", "Indicator"]
    located = find(*rows)
    assert located.columns == {"P-01": 2, "P-02": 3}
    assert shown(located) == [("name-for-code", "C2", "remark")]
    assert "P-01" in located.findings[0].found


def test_nearly_a_name_is_a_question():
    """Nothing is taken for what it only resembles, and what was written is not repeated."""
    rows = plain()
    rows[1][2], rows[2] = "Zanglister", ["Code", "Indicator"]
    located = find(*rows)
    assert located.columns == {"P-02": 3}
    assert shown(located) == [("unknown-park", "C2", "error")]
    assert located.findings[0].remedy == "bedoelt u “Zanglijster” (P-01)?"
    assert "zanglister" not in str(located.findings[0]).casefold()


def test_a_name_of_two_parks_is_never_a_guess():
    """Only within the municipality at hand a name may mean one park."""
    parks = Words.of("park", [("P-01", "Oost"), ("P-02", "West"), ("Q-01", "Oost"), ("P-03", "West")])
    rows = table(["", "Oost", "West"], ["V01", "1", "2"], ["V02", "", ""])
    located = locate(rows, "f", parks, CODES)
    assert located.columns == {}
    assert shown(located) == [("ambiguous-name", "B1", "error"), ("ambiguous-name", "C1", "error")]
    located = locate(rows, "f", parks.limited({"P-01", "P-02", "P-03"}), CODES)
    assert located.columns == {"P-01": 1}
    assert shown(located) == [("ambiguous-name", "C1", "error"), ("name-for-code", "B1", "remark")]


def test_a_name_that_is_a_number_or_a_heading_is_no_name():
    """A park called "2" would be found among the levels."""
    words = Words.of("park", [("P-01", "2"), ("P-02", "Terrein"), ("P-03", "P-01"), ("P-04", "")])
    assert words.names == {}
    assert words.meanings("p-01") == ("P-01",)


def test_a_code_with_the_name_of_another_counts_for_nothing():
    """Somebody moved the codes and not the names, or the other way round: which is right is not known."""
    rows = plain()
    rows[1].append("P-03")
    rows[2] += ["Kuifeend"]
    rows[2][2] = "Kuifeend"
    rows[4][1] = "Drugslab"
    located = find(*rows)
    assert (located.columns, located.rows) == ({"P-02": 3, "P-03": 4}, {"V02": 5})
    assert located.doubtful == {"P-01", "V01"}
    assert shown(located) == [("code-and-name-differ", "A5", "error"), ("code-and-name-differ", "C2", "error")]
    assert "P-03" in located.findings[0].found


def test_a_name_that_nobody_knows_contradicts_no_code():
    """A park that was renamed since the workbook was made is still its code."""
    rows = plain()
    rows[2][2] = "Nieuwe naam"
    assert find(*rows).findings == ()


def second_block(*heads):
    return [*plain(), ["", "Terreincode", *heads], ["G01", "Ligging", "3", "3"]]


def test_a_head_that_is_repeated_changes_nothing():
    """The same parks in the same columns once more, as on the second page of a print."""
    located = find(*second_block("P-01", "Dodaars"))
    assert located.rows == {"V01": 4, "V02": 5, "G01": 7}
    assert located.findings == ()


@pytest.mark.parametrize("heads", [("P-02", "P-01"), ("P-03", "P-01"), ("P-03", "")])
def test_a_second_head_with_other_parks_ends_the_matrix(heads):
    """What stands below it would be read as judgements about the wrong parks."""
    located = find(*second_block(*heads))
    assert located.columns == {"P-01": 2, "P-02": 3}
    assert located.rows == {"V01": 4, "V02": 5}
    assert shown(located) == [("second-head", "C7", "error")]


def test_what_stands_above_the_head_of_another_block_is_not_read_either():
    """The larger matrix stands below: the smaller one above it is named, not read under its heads."""
    above = [["", "", "P-03", ""], ["G01", "Ligging", "3", ""], []]
    located = find(*above, *plain())
    assert located.rows == {"V01": 7, "V02": 8}
    assert ("second-head", "C1", "error") in shown(located)


def test_a_second_column_of_indicators_ends_the_matrix_as_well():
    """Two matrices side by side, with their rows in another order."""
    rows = [[*row, *[""] * (4 - len(row))] for row in plain()]
    extra = [[], ["", "P-03"], ["", "Kuifeend"], [], ["V02", "3"], ["V01", "0"]]
    located = find(*[[*row, *more] for row, more in zip(rows, extra, strict=True)])
    assert located.columns == {"P-01": 2, "P-02": 3}
    assert located.rows == {"V01": 4, "V02": 5}
    assert shown(located) == [("second-head", "E5", "error")]
    extra[4][0], extra[5][0] = "V01", "V02"
    located = find(*[[*row, *more] for row, more in zip(rows, extra, strict=True)])
    assert set(located.columns) == {"P-01", "P-02", "P-03"}


def test_a_sheet_full_of_other_texts_costs_little():
    """Thousands of texts where codes should be: each is named, and only some are compared with all that is known."""
    parks = Words.of("park", [(f"ALM-{number:04}", f"Terrein {number}") for number in range(3_800)])
    wide = table(["", "ALM-0001", *[f"XLM{number}" for number in range(3_000)]], ["V01", *["1"] * 3_001])
    began = time.process_time()
    located = locate(wide, "f", parks, CODES)
    assert len(located.findings) == 3_000
    assert time.process_time() - began < 10
