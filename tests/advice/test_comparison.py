"""What differs between two analyses."""

from __future__ import annotations

import pytest

import werkbank as wb


@pytest.fixture(scope="module")
def urk(demo_workspace, assessed):
    return assessed("urk")


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
