"""From a park's total to its cells, and from one analysis to another."""

from __future__ import annotations

import re

import pandas as pd
import pytest

import werkbank as wb
from werkbank.advice.explanation import _said
from werkbank.errors import OutputError


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    return assessed("urk")


def test_the_points_of_the_cells_named_add_up_to_the_total(urk):
    cells = urk.cells
    for park_id in urk.parks["park_id"]:
        told = str(urk.explain(park_id))
        named = [line for line in told.splitlines() if " punten. " in line]
        carrying = cells[(cells["park_id"] == park_id) & (cells["contribution"] > 0)]
        assert len(named) == len(carrying)
        for row in carrying.itertuples():
            assert any(line.split()[0] == row.indicator for line in named)


def test_what_each_party_said_stands_with_the_cell(urk):
    park_id = urk.advice.park_ids[0]
    told = str(urk.explain(park_id))
    judgements = urk.judgements
    reason = next(one for one in urk.reasons if one.park_id == park_id)
    line = next(line for line in told.splitlines() if line.strip().startswith(f"{reason.indicator} "))
    said = judgements[(judgements["park_id"] == park_id) & (judgements["indicator"] == reason.indicator)]
    for row in said[said["state"] == "level"].itertuples():
        name = {"police": "olitie", "municipality": "emeente"}[row.party]
        assert re.search(rf"{name}[^.]*: [^.]*\({row.level}\)\.", line)


def test_parties_that_say_the_same_are_named_together_in_the_words_of_the_scale():
    """A suspicion is called one, every time; what differs is told apart."""
    catalogue = wb.load_catalogue()
    rows = pd.DataFrame(
        [
            ("V01", "police", "level", 3),
            ("V01", "municipality", "level", 3),
            ("V02", "police", "level", 0),
            ("V02", "municipality", "level", 2),
            ("W01", "municipality", "level", 1),
            ("W01", "police", "unknown", None),
        ],
        columns=["indicator", "party", "state", "level"],
    )
    assert _said(rows, catalogue) == {
        "V01": "Politie en gemeente: vermoeden, structureel (3).",
        "V02": "Politie: geen vermoeden (0). Gemeente: vermoeden, meermaals (2).",
        "W01": "Gemeente: zwak (1).",
    }


def test_what_is_just_too_little_is_called_so(demo_workspace):
    """Two thirds known where 0.6667 is needed: as percentages these are equal, so the line says that it is near."""
    told = str(wb.assess("dronten").explain("DRO-08"))
    assert "net te weinig bekend; telt met het gemiddelde" in told
    assert "67% bekend" in told


def test_no_cell_of_a_park_is_passed_over(demo_workspace):
    """Every indicator is named once, with its points or in the line that says why it has none."""
    for name in ("almere", "urk"):
        assessment = wb.assess(name)
        for park_id in assessment.parks["park_id"]:
            told = "\n".join(assessment.explain(park_id).lines)
            assert sorted(re.findall(r"\b[A-Z]\d\d\b", told)) == sorted(wb.load_catalogue().indicator_ids)


def test_the_groups_add_up_to_the_total_also_where_one_stands_in(demo_workspace):
    """Without what a group stands in for, the lines would not be the total they explain."""
    stood_in = 0
    for name in ("almere", "dronten"):
        assessment = wb.assess(name)
        groups = assessment.groups
        for park in assessment.parks.dropna(subset="score").itertuples():
            own = groups[(groups["park_id"] == park.park_id) & (groups["group"] != "total")]
            assert own["contribution"].sum() == pytest.approx(park.score)
            stood_in += int(own["score"].isna().sum())
            if own["score"].isna().any():
                assert "telt met het gemiddelde van de andere groepen" in str(assessment.explain(park.park_id))
    assert stood_in


def test_what_nobody_knows_is_named_and_counts_in_the_bounds(demo_workspace):
    almere = wb.assess("almere")
    cells = almere.cells
    unknown = cells[cells["applicable"] & ~cells["known"]]
    park_id = unknown["park_id"].iloc[0]
    told = str(almere.explain(park_id))
    codes = unknown.loc[unknown["park_id"] == park_id, "indicator"]
    last = next(line for line in told.splitlines() if "Bij geen enkele partij bekend" in line)
    assert set(re.findall(r"[A-Z]\d\d", last)) == set(codes)


def test_a_park_that_is_not_in_it_is_refused_with_the_nearest(urk):
    with pytest.raises(OutputError, match="edoelt u “URK-01”"):
        urk.explain("URK-1")


def test_the_explanation_in_a_notebook_is_escaped(urk):
    explanation = urk.explain(urk.advice.park_ids[0])
    hostile = type(explanation)("<script>x</script>", ("<b>y</b>",))
    assert "<script>" not in hostile._repr_html_()
    assert "&lt;b&gt;y" in hostile._repr_html_()


def test_who_may_not_see_a_party_is_told_its_own_judgements_and_nothing_of_what_others_know(demo_workspace):
    """Not "too little known" and not "known to nobody": the police may well know it."""
    from werkbank.sharing import for_audience

    parameters = wb.load_parameters("urk").model_copy(update={"audience": "municipality"})
    copy = for_audience(wb.assess(parameters))
    told = str(copy.explain("URK-04"))
    assert "Geen enkele" not in told
    assert "geen enkele partij" not in told
    assert "te weinig bekend" not in told
    assert "olitie" not in told
    assert " punten" not in told
    assert "staan niet in dit exemplaar" in told
    assert sorted(re.findall(r"\b[A-Z]\d\d\b", told)) == sorted(wb.load_catalogue().indicator_ids)
