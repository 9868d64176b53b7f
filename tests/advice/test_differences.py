"""Where the parties differ, sorted by what settling it would do to the advice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from werkbank.advice.agreement import differences
from werkbank.advice.flips import Cell, GroupCells, ParkCells

POINTS = (0.0, 100 / 3, 200 / 3, 100.0)


def park(name, first, second):
    """One group of two equally heavy cells, the parties' highest counting; the total is their mean."""
    cells = (Cell("t1", first, 1.0, POINTS), Cell("t2", second, 1.0, POINTS))
    score = (cells[0].worth(first) + cells[1].worth(second)) / 2
    return ParkCells(name, (GroupCells("threat", 1.0, 1.0, score, cells),), exact=True)


def levels(**rows):
    return pd.DataFrame.from_dict(rows, orient="index", columns=["t1", "t2"], dtype=float)


PARKS = [park("A", 3.0, 1.0), park("B", 2.0, 1.0)]
TOTALS = pd.Series({"A": 200 / 3, "B": 50.0})


def test_what_turns_the_advice_comes_first_whatever_its_size():
    """A's t1 at the municipality's 0 puts A at 16.7, below B; B's t2 at 0 changes B by less and turns nothing."""
    police = levels(A=[3, 1], B=[2, 1])
    municipality = levels(A=[0, 1], B=[2, 0])
    first, second = differences({"police": police, "municipality": municipality}, PARKS, TOTALS, ["A"])
    assert (first.park_id, first.indicator, first.turns) == ("A", "t1", True)
    assert round(first.low, 4) == round(100 / 6, 4)
    assert round(first.high, 4) == round(200 / 3, 4)
    assert (second.park_id, second.turns) == ("B", False)
    assert [(voice.party, voice.level) for voice in first.voices] == [("police", 3), ("municipality", 0)]


def test_equal_levels_and_one_sided_knowledge_are_no_difference():
    police = levels(A=[3, np.nan], B=[2, 1])
    municipality = levels(A=[3, 1], B=[np.nan, 1])
    assert differences({"police": police, "municipality": municipality}, PARKS, TOTALS, ["A"]) == ()


def test_a_difference_that_counts_in_no_score_comes_last_without_an_effect():
    police, municipality = levels(A=[3, 1], C=[3, 0]), levels(A=[3, 0], C=[0, 0])
    totals = pd.concat([TOTALS, pd.Series({"C": np.nan})])
    found = differences({"police": police, "municipality": municipality}, PARKS, totals, ["A"])
    assert [one.park_id for one in found] == ["A", "C"]
    assert np.isnan(found[1].effect)
