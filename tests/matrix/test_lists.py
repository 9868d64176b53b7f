"""Lists of judgements, one on a line: of one party or of many, complete or not, and never read into."""

import datetime as dt
import re

import pandas as pd
import pytest

from werkbank.matrix import load_matrix
from werkbank.matrix.layout import FICTIONAL_LABEL, LIST_HEADINGS

from .conftest import PARKS, ROUND, SECRET, by_cell, cells_of, judgements, refused, rules, said
from .formats import delimited

HEAD = ["park_id", "indicator", "party", "state", "level", "remark", "source_strength", "date"]


@pytest.fixture
def read(tmp_path, catalogue):
    """Write these lines as a CSV and read it."""

    def make(*lines, head=HEAD, name="oordelen.csv", **options):
        path = tmp_path / name
        path.write_bytes(delimited([head, *lines] if head else lines))
        return load_matrix(path, catalogue, PARKS, **({"round": ROUND} | options))

    return make


def line(park="URK-01", code="V01", party="police", state="level", level="2", remark="", strength="", date=""):  # noqa: PLR0913
    return [park, code, party, state, level, remark, strength, date]


def faults(matrix):
    """Rule and line of what was found about lines."""
    return [(each.rule, each.line) for each in matrix.findings if each.line]


def cell(matrix, park="URK-01", code="V01", party="police"):
    frame = matrix.judgements
    return cells_of(frame[frame["party"] == party])[park, code]


def test_the_judgements_of_a_whole_round_come_back_as_they_went(tmp_path, catalogue):
    """What `RiskMatrix.judgements` writes with pandas is read back: two municipalities, two parties, remarks, dates."""
    frames = [judgements(catalogue, slug, party) for slug in ("urk", "almere") for party in ("police", "municipality")]
    whole = pd.concat(frames, ignore_index=True)
    path = tmp_path / "ronde.csv"
    whole.to_csv(path, index=False)
    matrix = load_matrix(path, catalogue, PARKS, round=ROUND)
    key = ["park_id", "indicator", "party"]
    went, came = (frame.sort_values(key).reset_index(drop=True) for frame in (whole, matrix.judgements))
    pd.testing.assert_frame_equal(came, went)
    assert [(source.municipality, source.party) for source in matrix.sources] == [
        ("urk", "police"), ("urk", "municipality"), ("almere", "police"), ("almere", "municipality"),
    ]  # fmt: skip
    assert len({source.sha256 for source in matrix.sources}) == 1
    assert rules(matrix.findings) == ["unknown-round"]


def test_a_remark_a_strength_and_a_date_stay_beside_their_judgement(read):
    """As on the sheet Toelichting; and their place is the line."""
    text = "regel een\nregel twee"
    matrix = read(line(), line(code="V02", remark=text, strength="b", date="15-1-2026"), line(code="V03"))
    row = matrix.judgements.set_index(["park_id", "indicator"]).loc[("URK-01", "V02")]
    beside = row[["remark", "source_strength", "date"]].tolist()
    assert beside == [text, "B", pd.Timestamp(dt.date(2026, 1, 15))]
    assert matrix.place_of("URK-01", "V02", "police", "remark").line == 3
    assert matrix.place_of("URK-01", "V03", "police").line == 5
    assert matrix.place_of("URK-01", "V01", "police", "remark") is None


@pytest.mark.parametrize(
    ("state", "level", "outcome"),
    [
        ("level", "0", 0), ("Level", "2 meermaals", 2), ("", "1", 1), ("", "onbekend", "unknown"),
        ("", "", "open"), ("unknown", "", "unknown"), ("onbekend", "<NA>", "unknown"), ("?", "nan", "unknown"),
        ("not_applicable", "", "not_applicable"), ("n.v.t.", "", "not_applicable"), ("open", "", "open"),
    ],
)  # fmt: skip
def test_state_and_level_together_make_the_judgement(read, state, level, outcome):
    """The four states stay four, in English and in Dutch."""
    matrix = read(line(state=state, level=level), line(code="V02"))
    assert cell(matrix) == outcome
    assert faults(matrix) == []


@pytest.mark.parametrize(
    ("state", "level", "rule"),
    [
        *((state, level, "contradicting-state") for state, level in (("level", ""), ("level", "onbekend"),
          ("unknown", "0"), ("n.v.t.", "3"), ("open", "0"), ("structureel", "3"), ("structureel", ""))),
        ("gereed", "2", "not-a-level"), ("level", "9", "level-outside-scale"),
        ("level", "1-2", "level-outside-scale"), ("", "ja", "not-a-level"),
    ],
)  # fmt: skip
def test_what_does_not_agree_is_open_and_named(read, state, level, rule):
    """A level beside "unknown", or a state that is none, decides nothing."""
    matrix = read(line(code="V02"), line(state=state, level=level))
    assert cell(matrix) == "open"
    assert faults(matrix) == [(rule, 3)]


def test_without_a_column_of_states_the_level_says_all(read):
    """A level, onbekend or n.v.t. in one column, as in the matrix."""
    head = ["Terreincode", "Indicator", "party", "level"]
    matrix = read(["URK-01", "V01", "politie", "onbekend"], ["URK-01", "V02", "politie", "2,0"], head=head)
    assert (cell(matrix), cell(matrix, code="V02")) == ("unknown", 2)
    matrix = read(["URK-01", "V01", "politie", "structureel"], head=["park_id", "indicator", "party", "state"])
    assert cell(matrix) == 3


def test_every_column_has_a_heading_in_dutch(read):
    """In any order; what a list says under it counts, its round and that it is made up included."""
    head = ["Terreincode", "Indicator", "Partij", "Toestand", "Niveau", "Toelichting", "Bronsterkte", "Peildatum"]
    head += ["Ronde", "Fictief"]
    same = line(party="gemeente", remark="gezien", strength="b", date="15-1-2026")
    matrix = read(["ja", ROUND, *same[::-1]], head=head[::-1], name="urk_gemeente.csv")
    assert (cell(matrix, party="municipality"), matrix.fictional, faults(matrix)) == (2, True, [])
    assert matrix.judgements["source_strength"].max() == "B"
    assert "wrong-round" in rules(refused(read, [*same, "2025-1", "ja"], head=head))


@pytest.mark.parametrize("heading", ["Aantal", "Ingevuld door", "n" * 300])
def test_a_heading_that_is_not_known_refuses_the_list(read, heading):
    """What stands under it may be what counts: whose judgements these are, or of which round."""
    head = ["Terreincode", "Indicator", heading, "Niveau", heading]
    found = refused(read, ["URK-01", "V01", "gemeente", "2", ""], head=head, name="urk_politie.csv")
    assert [(each.rule, each.severity, each.cell) for each in found] == [
        ("unknown-heading", "error", "C1"), ("unknown-heading", "error", "E1"),
    ]  # fmt: skip
    assert set(re.split(", | en ", found[0].allowed)) == set(LIST_HEADINGS.values())
    assert heading not in said(found)


def test_two_lines_about_the_same_count_for_nothing(read):
    """Which of them is meant is not known, not even when they say the same."""
    matrix = read(line(level="0"), line(code="V02"), line(level="0"), line(level="1"))
    assert cell(matrix) == "open"
    assert faults(matrix) == [("doubled-judgement", 2), ("doubled-judgement", 4), ("doubled-judgement", 5)]


def test_a_line_with_more_fields_than_the_head_is_named_and_not_read(read):
    """As of a remark with the character that divides: which field is which, is not known."""
    matrix = read(line(code="V02", level="0"), [*line(remark="gezien"), " en gehoord"])
    assert (cell(matrix), cell(matrix, code="V02"), faults(matrix)) == ("open", 0, [("uneven-row", 3)])


def test_what_nobody_can_place_is_named_once_for_all_lines(read):
    """An unknown park on thirty lines is one finding, with the first line and the number of lines."""
    lines = [line(park="URK-011", code=f"V{number:02}") for number in range(1, 6)]
    matrix = read(line(), *lines, line(code="V9O"), line(party="justitie"))
    assert faults(matrix) == [("unknown-park", 3), ("unknown-indicator", 8), ("unknown-party", 9)]
    park, code, party = (each for each in matrix.findings if each.line)
    assert "“urk-011” (op 5 regels)" in park.found
    assert park.remedy == "bedoelt u “URK-01”?"
    assert "bedoelt u" in code.remedy
    assert "justitie" not in party.found
    assert "politie" in party.allowed


def test_parks_and_indicators_without_a_line_are_missing(read, catalogue):
    """As in a matrix: what a list leaves out is open, and named for each park and indicator."""
    matrix = read(line(), line(park="URK-02"))
    missing = [each.park_id or each.indicator for each in matrix.findings if each.rule.startswith("missing")]
    assert missing == ["URK-03", *catalogue.indicator_ids[1:]]
    assert by_cell(matrix)["URK-03", "V01"] == "open"


def test_a_name_in_the_place_of_a_code_is_answered_with_the_code(read):
    """Also of two parks of one name: which one is meant is for the sender to say."""
    matrix = read(line(), line(park="Dodaars", level="3"))
    assert cell(matrix, "URK-02") == "open"
    (found,) = [each for each in matrix.findings if each.line]
    assert (found.rule, found.line, found.remedy) == ("unknown-park", 3, "bedoelt u “URK-02” (Dodaars)?")
    assert "dodaars" not in found.found


def test_the_party_may_come_from_the_name_of_the_file_and_may_not_be_another_than_that(read):
    """Without a column for it."""
    head, lines = ["park_id", "indicator", "level"], [["URK-01", "V01", "2"]]
    matrix = read(*lines, head=head, name="urk_politie.csv")
    assert cell(matrix) == 2
    assert {rule for rule in rules(matrix.findings) if "missing" not in rule} == {"unknown-round"}
    assert "unknown-party" in rules(refused(read, *lines, head=head))
    # The name says the municipality filled it in, the lines say the police: neither is believed.
    assert rules(refused(read, line(), name="urk_gemeente.csv")) == ["unknown-round", "swapped-workbook"]


def test_a_list_may_say_its_round_and_that_it_is_made_up(read):
    """In columns of its own, and that it is made up in the title too; another round is refused."""
    head = [*HEAD, "round", "fictional"]
    matrix = read([*line(), ROUND, "ja"], head=head)
    assert matrix.fictional
    assert "unknown-round" not in rules(matrix.findings)
    assert read([FICTIONAL_LABEL, *[""] * 7], HEAD, line(), head=None).fictional
    assert not read(line()).fictional
    lines = [*line(), "2024-1", "nee"], [*line(code="V02"), ROUND, "nee"]
    assert "wrong-round" in rules(refused(read, *lines, head=head))


def test_a_heading_that_stands_there_twice_refuses_the_list(read):
    """Which of two columns with levels counts is not known."""
    found = refused(read, [*line(), "3"], head=[*HEAD, "level"])
    assert [(each.rule, each.line) for each in found] == [("doubled-column", 1)]


def test_a_party_that_takes_no_part_is_left_out_of_a_list(read):
    """The lines of the others are read."""
    matrix = read(line(), line(party="gemeente"), parties=["police"])
    assert [source.party for source in matrix.sources] == ["police"]
    assert "party-not-asked" in rules(matrix.findings)


def test_what_is_wrong_beside_a_judgement_is_named_and_the_judgement_stays(read):
    """An unknown strength, a date that is none, an endless remark: the level counts."""
    matrix = read(line(strength="D", date="ooit", remark="x" * 33_000))
    assert cell(matrix) == 2
    assert [rule for rule, _ in faults(matrix)] == ["unknown-source-strength", "unreadable-date", "long-remark"]
    assert SECRET not in said(matrix.findings)
