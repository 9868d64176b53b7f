"""Reasons are the judgements that carry the score, and add up to no more than it."""

import pandas as pd
import pytest

from werkbank.advice.reasons import reasons


def frame(**values):
    return pd.DataFrame({code: [value] for code, value in values.items()}, index=["P1"], dtype="float64")


POLICE = frame(V01=100, V02=0, G01=100)
MUNICIPALITY = frame(V01=33.3, V02=66.7, G01=50)
LEVELS = {"police": frame(V01=3, V02=0, G01=3), "municipality": frame(V01=1, V02=2, G01=1)}
RULES = {"V01": "maximum", "V02": "maximum", "G01": "mean"}


def of(contributions, **kwargs):
    points = {"police": POLICE, "municipality": MUNICIPALITY}
    return reasons(contributions, points, LEVELS, RULES, **kwargs)


def test_under_maximum_only_the_highest_party_carries_the_cell():
    """Police 3, municipality 1 → the police's judgement is the reason, with the whole contribution."""
    (reason,) = of(frame(V01=20, V02=0, G01=0))
    assert (reason.party, reason.level, reason.contribution) == ("police", 3, 20)


def test_under_mean_both_parties_carry_it_in_proportion():
    """100 and 50 points → two thirds and one third of the contribution."""
    found = {reason.party: reason.contribution for reason in of(frame(V01=0, V02=0, G01=30))}
    assert found == pytest.approx({"police": 20, "municipality": 10})


def test_the_largest_come_first_and_no_more_than_asked():
    found = of(frame(V01=5, V02=20, G01=1), cells=2)
    assert [reason.indicator for reason in found] == ["V02", "V01"]


def test_unknown_cells_and_cells_without_weight_are_no_reason():
    assert of(frame(V01=float("nan"), V02=0, G01=0)) == ()


def test_reasons_add_up_to_the_contributions_they_explain():
    total = sum(reason.contribution for reason in of(frame(V01=5, V02=20, G01=1)))
    assert total == pytest.approx(26)
