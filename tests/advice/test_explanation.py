"""From a park's total to its cells, and from one analysis to another."""

import dataclasses
import re

import pytest

import werkbank as wb
from werkbank.advice.explanation import judgements_in_words
from werkbank.advice.reasons import CellReading, Judged
from werkbank.errors import OutputError

CODE = r"\b[A-Z]\d\d\b"


def without_remarks(assessment, park_id):
    return [line for line in assessment.explain(park_id).lines if not line.startswith("Toelichting bij ")]


def test_every_cell_that_carries_the_total_is_named_with_its_points_and_who_said_what(urk):
    names, cells, judgements = {"police": "olitie", "municipality": "emeente"}, urk.cells, urk.judgements
    for park_id in urk.parks["park_id"]:
        own = cells[(cells["park_id"] == park_id) & (cells["contribution"] > 0)]
        carrying = set(own.loc[own["known"], "indicator"])
        lines = {line.split()[0]: line for line in without_remarks(urk, park_id) if " punten. " in line}
        assert set(lines) == carrying
        own = judgements[(judgements["park_id"] == park_id) & (judgements["state"] == "level")]
        for row in own[own["indicator"].isin(carrying)].itertuples():
            assert re.search(rf"{names[row.party]}[^.]*: [^.]*\({row.level}\)\.", lines[row.indicator])


@pytest.mark.parametrize(
    ("code", "judged", "words"),
    [
        ("V01", {"police": 3, "municipality": 3}, "Politie en gemeente: vermoeden, structureel (3)."),
        ("V02", {"police": 0, "municipality": 2}, "Politie: geen vermoeden (0). Gemeente: vermoeden, meermaals (2)."),
        ("W01", {"municipality": 1}, "Gemeente: zwak (1)."),
    ],
)
def test_parties_that_say_the_same_are_named_together_in_the_words_of_the_scale(code, judged, words):
    """A suspicion is called one, every time; what differs is told apart."""
    cell = CellReading(code, 1.0, applicable=True, judged=tuple(Judged(*one, "") for one in judged.items()))
    assert judgements_in_words(cell, wb.load_catalogue()) == words


def test_no_cell_of_a_park_is_passed_over(urk):
    """Every indicator is named, with its points or in the line that says why it has none; what is known once."""
    unknown = urk.cells[urk.cells["applicable"] & ~urk.cells["known"]]
    for park_id in urk.parks["park_id"]:
        told = without_remarks(urk, park_id)
        expected = [line for line in told if line.startswith("Nog onbekend")]
        named = re.findall(CODE, "\n".join(line for line in told if line not in expected))
        assert sorted(named) == sorted(wb.load_catalogue().indicator_ids)
        nobody = " ".join(line for line in told if "Bij geen enkele partij bekend" in line)
        assert set(re.findall(CODE, nobody)) == set(unknown.loc[unknown["park_id"] == park_id, "indicator"])


def test_the_points_of_the_lines_add_up_to_the_total_with_what_is_expected_of_the_unknown(urk):
    for park in urk.parks.itertuples():
        told = re.findall(r": (\d+,\d) punten", "\n".join(without_remarks(urk, park.park_id)[1:]))
        points = sum(float(one.replace(",", ".")) for one in told)
        assert points == pytest.approx(park.score, abs=0.05 * (len(told) + 1))


def test_what_the_parties_wrote_is_told_after_the_cells_with_whose_it_is_and_at_which_level(urk):
    """All of a park, those first that carry its score; in an analysis for another audience none of them is."""
    lines = [line for line in urk.explain("URK-04").lines if line.startswith("Toelichting bij ")]
    assert len(lines) == len(urk.remarks.query("park_id == 'URK-04'")) > 2
    assert lines[0].startswith("Toelichting bij V03 Opslag, handel of doorvoer van drugs, politie (2 meermaals): “")
    place = "urk_politie.xlsx, cel E4"
    hidden = urk.remarks.assign(remark="", place=place)
    told = str(dataclasses.replace(urk, _remarks=hidden).explain("URK-04"))
    assert f"er staat een toelichting die persoonsgegevens kan bevatten; zie de werkmap ({place})" in told


def test_a_park_that_is_not_in_it_is_refused_with_the_nearest(urk):
    with pytest.raises(OutputError, match="edoelt u “URK-01”"):
        urk.explain("URK-1")


def test_the_explanation_in_a_notebook_is_escaped(urk):
    explanation = urk.explain(urk.advice.park_ids[0])
    hostile = type(explanation)("<script>x</script>", ("<b>y</b>",))
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;b&gt;y" in hostile._repr_html_()


def test_who_may_not_see_a_party_is_told_its_own_judgements_and_nothing_of_what_others_know(assessed):
    """Not "too little known" and not "known to nobody": the police may well know it."""
    told = str(assessed("urk", "municipality").explain("URK-04"))
    for words in ("een enkele partij", "te weinig bekend", "olitie", " punten"):
        assert words not in told
    assert "staan niet in dit exemplaar" in told
    assert sorted(re.findall(CODE, told)) == sorted(wb.load_catalogue().indicator_ids)


def test_an_analysis_differs_in_nothing_from_itself(urk):
    comparison = urk.compare(wb.assess("urk"))
    assert comparison.same_inputs
    assert comparison.lines == ()
    assert str(comparison) == "Geen verschil."


def test_another_weighing_is_named_with_every_score_it_moved(urk):
    other = wb.assess(wb.load_parameters("urk", method={"group_weights": {"threat": 0.05}}))
    comparison = other.compare(urk)
    assert not comparison.same_inputs
    assert comparison.lines[0] == "Dit is anders: de methode."
    moved = comparison.parks
    assert len(moved) == len(urk.parks)
    changed = (moved["score_before"] - moved["score_after"]).abs() > 1e-9
    for row in moved[changed].itertuples():
        assert any(f"({row.park_id})" in line for line in comparison.lines)
