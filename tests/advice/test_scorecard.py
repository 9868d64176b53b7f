"""From levels to points: what the catalogue says a level is worth, and nothing for what is no level."""

import math

import numpy as np
import pandas as pd
import pytest

from tests.advice.small import drawn, method, scored
from werkbank.advice.scorecard import judgement_rows, missing_alone, places, points
from werkbank.matrix.risk_matrix import COLUMNS, RiskMatrix, judgement_frame
from werkbank.settings.catalogue import load_catalogue

CATALOGUE = load_catalogue()


@pytest.mark.parametrize(
    ("level", "threat", "resilience"),
    [(0, 0.0, 100.0), (3, 100.0, 0.0), (None, None, None), (4, None, None), (-1, None, None), (1.5, None, None)],
)
def test_a_level_is_worth_what_the_scale_says_and_anything_else_is_missing(level, threat, resilience):
    """Higher is worse, also for resilience; a level that the scale does not have is never read as another."""
    codes = {family: CATALOGUE.by_family(family)[0].id for family in ("threat", "resilience")}
    table = points(pd.DataFrame({code: [level] for code in codes.values()}, dtype="float64"), CATALOGUE)
    found = [None if math.isnan(table[code][0]) else table[code][0] for code in codes.values()]
    assert found == [threat, resilience]


def test_scores_that_differ_only_in_the_last_bits_tie():
    """The order of a sum leaves noise in the last bits; two parks with the same score share a place."""
    assert places(pd.Series([60.41666666666667, 60.416666666666664, 10.0])).tolist() == [1, 1, 3]


def test_a_new_column_of_a_judgement_does_not_travel_by_itself():
    """What is kept of a judgement is named: a column that somebody adds stays in the matrix."""
    columns = {name: ["A-1"] for name in COLUMNS} | {"level": [2], "date": [None], "party": ["police"]}
    added = judgement_frame(columns).assign(explanation="vrije tekst")
    rows = judgement_rows(RiskMatrix("2026-1", ("A-1",), ("V01",), ("police",), (), (), added), ("police",))
    assert set(rows) == {"park_id", "indicator", "party", "state", "level", "source_strength", "date"}


def test_the_printed_interval_lies_within_the_bounds_and_holds_the_score_or_is_not_printed():
    """Of what is missing alone, however much else is drawn; a wholly unknown park has a wide one.

    Over 300 parks the score of at most one in fifty lies outside it, and then the bounds stand alone.
    """
    parks, outside, wide = 0, 0, []
    for seed in range(80):
        card = scored(drawn(np.random.default_rng(seed)))
        found, table = missing_alone(card, 400), card.table
        told = found.dropna()
        assert (told["score_low"] >= table["low"][told.index] - 1e-9).all()
        assert (told["score_high"] <= table["high"][told.index] + 1e-9).all()
        assert (told["score_low"] <= table["score"][told.index] + 1e-9).all()
        assert (told["score_high"] >= table["score"][told.index] - 1e-9).all()
        parks, outside = parks + len(found), outside + len(found) - len(told)
        wide += (told["score_high"] - told["score_low"])[table["coverage"][told.index] == 0].tolist()
    assert parks > 250
    assert outside <= parks / 50
    assert np.median(wide) > 25
    assert missing_alone(scored(drawn(np.random.default_rng(1)), method(uncertainty={"party_error": True}))) is None
