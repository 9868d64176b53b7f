"""Two parties or two parks that are filled in alike are named; two quiet ones are not."""

from __future__ import annotations

from werkbank.matrix.checks import content_findings

from .conftest import matrix_of, register

A = "0120310021003210?012030-1002103201.0"
B = "2103001203011002310?0210032-012301120"
C = "10032?0120-3310021200310012302101.300"
QUIET = "0" * 35


def findings(catalogue, **columns):
    """What is found in a matrix of party → columns, URK-01 and on."""
    parks = [f"URK-{number:02d}" for number in range(1, 1 + max(map(len, columns.values())))]
    drawn = {party: dict(zip(parks, own, strict=False)) for party, own in columns.items()}
    return content_findings(matrix_of(catalogue, drawn), catalogue, register(*parks))


def changed(column, count, sign="3"):
    """The column with other values in its first cells."""
    other = {"3": "0"}
    return "".join(other.get(each, sign) for each in column[:count]) + column[count:]


def test_two_different_returns_are_left_alone(catalogue):
    assert findings(catalogue, police=(A, B), municipality=(C, A[7:] + A[:7])) == ()


def test_two_equal_returns_are_named_once_without_a_file(catalogue):
    """What goes back to one party must not tell it what the other filled in."""
    (finding,) = findings(catalogue, police=(A, B), municipality=(A, B))
    assert (finding.rule, finding.severity) == ("copied-return", "warning")
    assert (finding.file, finding.sheet, finding.cell, finding.park_id) == (None, None, None, None)
    assert "politie en gemeente van urk" in finding.found


def test_nearly_equal_returns_are_named_too(catalogue):
    """Three of the cells differ."""
    assert [each.rule for each in findings(catalogue, police=(A, B), municipality=(changed(A, 3), B))] == [
        "copied-return"
    ]


def test_returns_that_differ_in_a_tenth_are_left_alone(catalogue):
    assert findings(catalogue, police=(A, B), municipality=(changed(A, 8), B)) == ()


def test_two_parties_that_know_nothing_or_see_nothing_have_not_copied(catalogue):
    assert {each.rule for each in findings(catalogue, police=("?", "?"), municipality=("?", "?"))} == {"only-unknown"}
    assert {each.rule for each in findings(catalogue, police=("0", "0"), municipality=("0", "0"))} == {"one-value-everywhere"}  # fmt: skip
    seen = (QUIET[:-2] + "12", QUIET[:-2] + "?1")
    assert "copied-return" not in {each.rule for each in findings(catalogue, police=seen, municipality=seen)}


def test_parties_of_different_municipalities_are_not_compared(catalogue):
    parks = register("URK-01", "ALM-01")
    parks.loc[1, "municipality"] = "almere"
    matrix = matrix_of(catalogue, {"police": {"URK-01": A}, "municipality": {"ALM-01": A}})
    assert content_findings(matrix, catalogue, parks) == ()


def test_a_copied_column_is_named_in_the_later_park(catalogue):
    (finding,) = findings(catalogue, police=(A, B, A))
    assert (finding.rule, finding.park_id, finding.cell) == ("copied-park", "URK-03", "E4")
    assert "URK-01" in finding.found


def test_a_copied_column_with_three_cells_changed_is_still_found(catalogue):
    assert [each.rule for each in findings(catalogue, police=(A, changed(A, 3)))] == ["copied-park"]


def test_a_column_that_differs_in_a_fifth_is_left_alone(catalogue):
    assert findings(catalogue, police=(A, changed(A, 8))) == ()


def test_two_quiet_or_unknown_parks_have_not_copied(catalogue):
    """All 0 but for one cell, and all unknown: alike, and no copy."""
    for same in (QUIET[:-1] + "2", "?" * 30 + "00100"):
        assert findings(catalogue, police=(same, same, A, B)) == ()


def test_one_column_everywhere_names_every_later_park(catalogue):
    found = findings(catalogue, police=(A, A, A, A))
    assert [each.park_id for each in found] == ["URK-02", "URK-03", "URK-04"]
