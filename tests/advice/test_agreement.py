"""How far the parties agree, per family with an interval; where they differ, by what settling it would do."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest

import werkbank as wb
from tests.scoring.drawn import bootstrap
from werkbank.advice.agreement import agreement_of, differences
from werkbank.advice.flips import Cell, GroupCells, ParkCells
from werkbank.assessment.inputs import read_inputs
from werkbank.scoring import pooled_alpha


def test_the_interval_is_that_of_drawing_parks_again(demo_workspace):
    """By the general bootstrap, with the seed of the method; and it holds the figure."""
    parameters = wb.load_parameters("lelystad")
    inputs = read_inputs(parameters, dt.date(2026, 6, 1))
    codes = [one.id for one in inputs.catalogue.by_family("opportunity")]
    levels = np.stack([inputs.matrix.levels(party)[codes].to_numpy().T for party in parameters.parties])
    low, high, _ = bootstrap(pooled_alpha, levels.transpose(1, 0, 2), seed=7)
    found = agreement_of(inputs.matrix, inputs.catalogue, parameters.parties, seed=7)[1]
    assert found.family == "opportunity"
    assert (found.alpha_low, found.alpha_high) == pytest.approx((low, high))
    assert found.alpha_low < found.alpha < found.alpha_high
    assert agreement_of(inputs.matrix, inputs.catalogue, ("police",), seed=1) == ()


def test_with_fewer_than_ten_parks_there_is_a_figure_and_no_interval(assessed):
    """Urk has four: the resamples would say more about themselves."""
    one = assessed("urk").agreement[0]
    assert one.alpha is not None
    assert (one.alpha_low, one.alpha_high) == (None, None)


def park(name, *levels):
    """One group of two equally heavy cells, the parties' highest counting; the total is their mean."""
    cells = tuple(
        Cell(code, level, 1.0, (0.0, 100 / 3, 200 / 3, 100.0)) for code, level in zip(("t1", "t2"), levels, strict=True)
    )
    return ParkCells(name, (GroupCells("threat", 1.0, 1.0, sum(cell.worth for cell in cells) / 2, cells),), exact=True)


PARKS = [park("A", 3.0, 1.0), park("B", 2.0, 1.0)]
TOTALS = pd.Series({"A": 200 / 3, "B": 50.0})


def differing(totals=TOTALS, **parties):
    tables = {
        party: pd.DataFrame.from_dict(rows, orient="index", columns=["t1", "t2"], dtype=float)
        for party, rows in parties.items()
    }
    return differences(tables, PARKS, totals, ["A"])


def test_what_turns_the_advice_comes_first_whatever_its_size():
    """A's t1 at the municipality's 0 puts A at 16.7, below B; B's t2 at 0 changes B by less and turns nothing."""
    first, second = differing(police={"A": [3, 1], "B": [2, 1]}, municipality={"A": [0, 1], "B": [2, 0]})
    assert (first.park_id, first.indicator, first.turns) == ("A", "t1", True)
    assert (first.low, first.high) == pytest.approx((100 / 6, 200 / 3))
    assert (second.park_id, second.turns) == ("B", False)
    assert [(voice.party, voice.level) for voice in first.voices] == [("police", 3), ("municipality", 0)]


def test_equal_effects_stand_in_the_order_of_their_codes():
    """Whatever the last bits of the sums say."""
    found = differing(police={"A": [3, 1], "B": [2, 1]}, municipality={"A": [3, 2], "B": [3, 2]})
    assert [(one.park_id, one.indicator) for one in found if not one.turns] == [("A", "t2"), ("B", "t1"), ("B", "t2")]


def test_equal_levels_and_one_sided_knowledge_are_no_difference():
    assert differing(police={"A": [3, np.nan], "B": [2, 1]}, municipality={"A": [3, 1], "B": [np.nan, 1]}) == ()


def test_a_difference_that_counts_in_no_score_comes_last_without_an_effect():
    totals = pd.concat([TOTALS, pd.Series({"C": np.nan})])
    found = differing(totals, police={"A": [3, 1], "C": [3, 0]}, municipality={"A": [3, 0], "C": [0, 0]})
    assert [one.park_id for one in found] == ["A", "C"]
    assert np.isnan(found[1].effect)
