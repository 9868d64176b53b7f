"""The set over the district is the best there is, and its regret is what the textbooks call expected opportunity loss."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from werkbank.advice.proposal import best_sets, propose_set
from werkbank.errors import RegisterError


def parks(scores, homes="a"):
    names = [f"P{number}" for number in range(len(scores))]
    return pd.Series(scores, names, dtype="float64"), pd.Series(list(homes * len(scores))[: len(scores)], names)


@st.composite
def districts(draw):
    """Totals of at most eight parks in at most three municipalities, with ties, and a capacity that can be."""
    homes = draw(st.lists(st.sampled_from("abc"), min_size=1, max_size=8))
    capacity = draw(st.integers(len(set(homes)), len(homes)))
    rows = draw(st.lists(st.lists(st.integers(0, 5), min_size=len(homes), max_size=len(homes)), min_size=1, max_size=4))
    return np.array(rows, dtype=float), homes, capacity


def admissible(homes, capacity):
    for chosen in combinations(range(len(homes)), capacity):
        if {homes[at] for at in chosen} == set(homes):
            yield list(chosen)


@given(districts())
def test_it_is_the_best_of_all_sets_that_have_one_of_every_municipality(district):
    totals, homes, capacity = district
    best = best_sets(totals, pd.factorize(np.array(homes))[0], capacity)
    assert (best.sum(axis=1) == capacity).all()
    for row, chosen in zip(totals, best, strict=True):
        assert {homes[at] for at in np.flatnonzero(chosen)} == set(homes)
        assert row[chosen].sum() == max(row[one].sum() for one in admissible(homes, capacity))


@given(districts())
def test_the_regret_is_the_mean_of_what_the_best_set_has_more_and_no_alternative_is_said_to_be_less(district):
    totals, homes, capacity = district
    scores, places = parks(totals.mean(axis=0) + 1, homes)
    scores = scores.iloc[::-1]
    drawn = pd.DataFrame(totals.T, places.index)
    found = propose_set(scores, places, capacity, drawn)
    ceiling = np.mean([max(row[one].sum() for one in admissible(homes, capacity)) for row in totals])
    assert found.regret == pytest.approx(ceiling - drawn.loc[list(found.park_ids)].sum().mean())
    assert found.least is None  # the scores are the means of the draws, so nothing has less
    assert all(one.regret >= found.regret - 1e-9 for one in found.swaps)
    assert sum(found.chance.values()) == pytest.approx(capacity)
    assert found.one_each == pytest.approx(scores.nlargest(capacity).sum() - found.total)


def test_the_regret_of_hillier_and_liebermans_oil_field():
    """Introduction to Operations Research, the Goferbroke Company: oil 1 in 4, drill 700 or -100, sell 90; EVPI 142.5."""
    drawn = pd.DataFrame([[700, -100, -100, -100], [90, 90, 90, 90]], ["P0", "P1"], dtype="float64")
    drill = propose_set(*parks([100, 90]), 1, drawn)
    assert (drill.park_ids, drill.regret, drill.least) == (("P0",), 142.5, None)
    sell = propose_set(*parks([80, 90]), 1, drawn)
    assert (sell.park_ids, sell.regret, sell.least.regret) == (("P1",), 152.5, 142.5)


def test_nothing_drawn_leaves_the_regret_open_and_what_cannot_be_is_refused():
    scores, homes = parks([3.0, 2.0, 2.0, 1.0], "aaab")
    found = propose_set(scores, homes, 3)
    assert (found.park_ids, found.total, found.one_each, found.regret) == (("P0", "P1", "P3"), 6.0, 1.0, None)
    assert propose_set(scores, homes, 9).park_ids == ("P0", "P1", "P2", "P3")
    with pytest.raises(RegisterError, match="2 gemeenten hebben een terrein"):
        propose_set(scores, homes, 1)
    with pytest.raises(RegisterError, match="niets om voor te stellen"):
        propose_set(scores[:0], homes[:0], 1)
